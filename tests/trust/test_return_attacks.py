"""Attempts to get a child home to whoever must not have it, by lies, through the actions. None may move the child.

Everything is ready for the mother; each attack wants the child for somebody else, or for her where something stands against it.
`test_return_sql.py` has those by SQL, and `tests/casework/reunification` what revokes a release.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from factories.reunification import ADDRESS, Return
from trust.buyer import excluded_buyer
from wayhome.casework.accounts import actions as accounts
from wayhome.casework.audit.attempts import SLIPS
from wayhome.casework.audit.models import Alarm
from wayhome.casework.children import actions as children
from wayhome.casework.core.errors import CaseworkError, Refused
from wayhome.casework.custody import actions as custody
from wayhome.casework.custody import queries
from wayhome.casework.custody.models import CustodyEpisode
from wayhome.casework.custody.rules import GONE, Kind
from wayhome.casework.families import actions as families
from wayhome.casework.families.models import RelativeState
from wayhome.casework.operations import actions as operations
from wayhome.casework.operations.models import Person
from wayhome.casework.reunification.actions import deciding, files, releasing
from wayhome.casework.reunification.models import Execution

Attack = Callable[[Return, Person], object]


def again(house: Return) -> None:
    """The release is taken back, so that another can be asked for."""
    releasing.revoke_release(release=house.release, note="another address", **house.who("caseworker"))


def to_home(house: Return, **more: Any) -> None:
    """The rest of the way, with a lie in it."""
    house.offer(**more)
    house.complete()


def asked_anew(house: Return, **more: Any) -> None:
    again(house)
    house.requested(**more)
    house.approve()
    to_home(house)


def colleague(house: Return, name: str, like: str, agency: str, papers: str) -> str:
    assert house.world.registrars is not None
    house.world.staff[name] = accounts.register_staff(
        by=house.world.registrars,
        at=house.world.now(),
        number=name,
        name=name,
        id_number=papers,
        agency=house.world.agencies[agency],
        role=house.world.staff[like].role,
    )
    return name


def approved_by(house: Return, *names: str) -> None:
    again(house)
    house.requested()
    house.approve(*names)
    to_home(house)


def second_self(house: Return, of: str) -> None:
    """Somebody leaves once a release is asked for and approved once, and comes back under another number."""
    assert house.world.registrars is not None
    again(house)
    house.requested()
    house.approve("supervisor")
    accounts.end_staff(staff=house.world.staff[of], reason="moved", by=house.world.registrars, at=house.world.now())
    house.approve(colleague(house, "twin", "supervisor2", "civil", house.world.staff[of].id_number))
    to_home(house)


def told_as_the_mother(house: Return, buyer: Person) -> None:
    """The buyer is told as the mother, with a record of her own, and the release is asked for anew."""
    state = {"name": "韦小兰", "life": "living", "reach": "willing", "person": buyer}
    n = RelativeState.objects.filter(relative=house.kin["mother"]).count()
    families.tell_relative(relative=house.kin["mother"], n=n, state=state, **house.who("officer"))
    asked_anew(house, recipients=[(house.kin["mother"], buyer)])


def knows_phone(house: Return, buyer: Person) -> None:
    phone = buyer.facts.get(kind="phone").value
    operations.add_fact(person=house.father, kind="phone", value=phone, **house.who("officer"))
    to_home(house)


def lives_with(house: Return, buyer: Person) -> None:
    operations.tie(person=house.mother, other=buyer, kind="household", **house.who("officer"))
    to_home(house)


def enquiry_by(house: Return, who: str, result: str = "cleared") -> None:
    house.enquired(result, by=who)
    again(house)
    house.requested()


def cleared_after_involved(house: Return, buyer: Person) -> None:
    house.enquired("involved", signed=False)
    house.enquired("cleared")
    house.requested()
    house.approve()
    to_home(house)


def panel_of_police(house: Return, buyer: Person) -> None:
    again(house)
    house.determined(panel=("caseworker", "officer", "officer_gd"))
    house.requested()


def panel_twice(house: Return, buyer: Person) -> None:
    made = house.determined(panel=("caseworker", "doctor"))
    deciding.vote(determination=made, agrees=True, **house.who("caseworker"))


def flipped_vote(house: Return, buyer: Person) -> None:
    again(house)
    made = house.determined(dissent=("doctor", "supervisor"))
    deciding.vote(determination=made, agrees=True, **house.who("doctor"))


def old_samples(house: Return, buyer: Person) -> None:
    house.pass_days(15)
    to_home(house)


def offered_in_time(house: Return, buyer: Person) -> None:
    house.offer()
    house.pass_days(15)
    house.complete()


def backdated(house: Return, buyer: Person) -> None:
    """The samples are from before the release was asked for."""
    asked_anew(house)


def moved_away(house: Return, buyer: Person) -> None:
    house.world.has_room("home_gd")
    house.world.hand_over(house.child, "home_gd", Kind.WELFARE_INSTITUTION, giver="caseworker2", receiver="caseworker_gd")
    to_home(house)


def merged_away(house: Return, buyer: Person) -> None:
    other = house.world.in_home()
    step = children.propose_merge(kept=other, absorbed=house.child, reason="one child", **house.who("caseworker"))
    children.confirm_merge(step=step, **house.who("supervisor"))
    to_home(house)


def another_child(house: Return, buyer: Person) -> None:
    other = house.world.in_home()
    house.offer()
    offer = queries.offer_for.first(house.child)
    custody.accept_handover(offer_id=offer.pk, wristband=other.number, released=True, **house.who("caseworker"))


def another_band(house: Return, buyer: Person) -> None:
    house.offer()
    house.complete(wristband=house.world.in_home().number)


def by_custody(house: Return, buyer: Person, **more: Any) -> None:
    """The handover itself is asked for, as if a release stood behind it."""
    custody.offer_handover(
        **{
            "child": house.child,
            "to_facility": house.world.facilities["home"],
            "kind": Kind.REUNIFIED,
            "wristband": house.child.number,
            "place": ADDRESS,
            "condition": "well",
            "released": True,
            "recipient": buyer,
        }
        | more,
        **house.who("caseworker2"),
    )


def accepted_by_custody(house: Return, buyer: Person) -> None:
    offer = house.offer()
    custody.accept_handover(offer_id=offer.pk, wristband=house.child.number, released=True, **house.who("caseworker"))


def fostered(house: Return, buyer: Person) -> None:
    request = custody.propose_foster(
        child=house.child,
        institution=house.world.facilities["home"],
        person=buyer,
        address=ADDRESS,
        reason="her mother",
        **house.who("caseworker"),
    )
    by_custody(house, buyer, kind=Kind.FOSTER, foster=request)


def own_answer(house: Return, buyer: Person) -> None:
    held = files.hold_back(case=house.case, question="x", answer="y", **house.who("officer"))
    files.reply(question=held, said="y", matches=True, **house.who("officer"))


def corrected_by_oneself(house: Return, buyer: Person) -> None:
    wrong = house.evidence("line_up", "contradicts")
    house.evidence("line_up", corrects=wrong)


def corrected_by_a_friend(house: Return, buyer: Person) -> None:
    """A row that contradicts is corrected by a colleague: the release that it revoked stays revoked."""
    wrong = house.evidence("line_up", "contradicts")
    house.evidence("line_up", corrects=wrong, by="caseworker2")
    to_home(house)


def abroad(house: Return, buyer: Person, **more: Any) -> None:
    again(house)
    house.requested(recipients=[], household=[], address="", to=house.world.facilities["abroad"], **more)


ATTACKS: dict[str, Attack] = {
    "the buyer at the door": lambda h, b: to_home(h, recipient=b),
    "the father at the door": lambda h, b: to_home(h, recipient=h.father),
    "nobody at the door": lambda h, b: to_home(h, recipient=None),
    "the buyer asked for": lambda h, b: asked_anew(h, recipients=[(h.kin["mother"], b)]),
    "the buyer as the father": lambda h, b: asked_anew(h, recipients=[(h.kin["father"], b)]),
    "the buyer told as the mother": told_as_the_mother,
    "the buyer in the household": lambda h, b: asked_anew(h, household=[h.father, b]),
    "the buyer's address": lambda h, b: asked_anew(h, address=b.facts.get(kind="address").value),
    "the buyer's telephone": knows_phone,
    "the buyer lives there": lives_with,
    "where the child was found": lambda h, b: asked_anew(h, address="广西东兴市北仑大道12号3楼"),
    "samples of the release before": backdated,
    "old samples": old_samples,
    "samples that grew old at the door": offered_in_time,
    "signed twice by one": lambda h, b: (h.offer(), h.complete(by="caseworker2")),
    "signed by another agency": lambda h, b: (h.offer(), h.complete(by="caseworker_gd")),
    "signed by an officer": lambda h, b: (h.offer(), h.complete(by="officer")),
    "signed by the ministry": lambda h, b: (h.offer(), h.complete(by="supervisor")),
    "signed by an administrator": lambda h, b: (h.offer(), h.complete(by="administrator")),
    "approved by one": lambda h, b: approved_by(h, "supervisor"),
    "approved twice by one": lambda h, b: approved_by(h, "supervisor", "supervisor"),
    "approved by one house": lambda h, b: approved_by(
        h, "supervisor", colleague(h, "new", "supervisor", "ministry", "450000198001010077")
    ),
    "approved by who asked, under another number": lambda h, b: second_self(h, "caseworker"),
    "approved by a reader, under another number": lambda h, b: second_self(h, "analyst"),
    "approved by the head of the laboratory, under another number": lambda h, b: second_self(h, "lab_supervisor"),
    "approved by one, under another number": lambda h, b: second_self(h, "supervisor"),
    "approved by an officer": lambda h, b: approved_by(h, "supervisor", "officer"),
    "approved by a placement officer": lambda h, b: approved_by(h, "supervisor", "placement"),
    "approved by an administrator": lambda h, b: approved_by(h, "supervisor", "administrator"),
    "approved by a caseworker": lambda h, b: approved_by(h, "supervisor", "caseworker_gd"),
    "cleared by the local police": lambda h, b: enquiry_by(h, "officer"),
    "cleared by a colleague of the local police": lambda h, b: enquiry_by(h, "officer2"),
    "cleared by a caseworker": lambda h, b: enquiry_by(h, "caseworker"),
    "cleared after a parent took part": cleared_after_involved,
    "a panel of police": panel_of_police,
    "a panel of one who votes twice": panel_twice,
    "a vote that changes": flipped_vote,
    "an answer that one knew": own_answer,
    "a row corrected by oneself": corrected_by_oneself,
    "a row corrected by a friend": corrected_by_a_friend,
    "the child moved away": moved_away,
    "the record merged away": merged_away,
    "another child's band": another_child,
    "another band": another_band,
    "by custody alone": by_custody,
    "by custody alone, to the mother": lambda h, b: (by_custody(h, b, recipient=h.mother), accepted_by_custody(h, b)),
    "by custody alone, accepted": accepted_by_custody,
    "as foster care": fostered,
    "abroad, as decided for a home": abroad,
    "a token of long ago": lambda h, b: (h.pass_days(61), to_home(h)),
}


SAID: dict[str, str] = {
    "samples_not_fresh": "the buyer at the door/the father at the door/nobody at the door/samples of the release before"
    "/old samples/samples that grew old at the door",
    "not_the_family": "the buyer asked for/the buyer as the father",
    "excluded": "the buyer told as the mother/the buyer in the household/the buyer's address/by custody alone/as foster care",
    "release_revoked": "the buyer's telephone/the buyer lives there/a row corrected by a friend",
    "place_of_rescue": "where the child was found",
    "no_offer": "signed twice by one",
    "not_found": "signed by another agency/signed by an officer/the child moved away",
    "release_not_approved": "approved by one",
    "self_approval": "approved by who asked, under another number"
    "/approved by a reader, under another number"
    "/approved by the head of the laboratory, under another number"
    "/approved by one, under another number"
    "/an answer that one knew/a row corrected by oneself",
    "same_agency": "approved by one house",
    "local_police": "cleared by the local police/cleared by a colleague of the local police",
    "parents_not_cleared": "cleared after a parent took part",
    "not_determined": "a panel of police/abroad, as decided for a home",
    "already_there": "approved twice by one/a panel of one who votes twice/a vote that changes",
    "merged_away": "the record merged away",
    "wristband": "another child's band/another band",
    "already_offered": "by custody alone, to the mother",
    "not_released": "by custody alone, accepted",
    "release_over": "a token of long ago",
}
CODES = {name: code for code, names in SAID.items() for name in names.split("/")}
CODES |= {name: "not_allowed" for name in ATTACKS if name not in CODES}


@pytest.mark.parametrize("name", ATTACKS)
def test_no_lie_brings_the_child_to_another_door(door: Return, name: str) -> None:
    buyer = excluded_buyer(door.world)
    before = queries.timeline.first(door.child.pk), CustodyEpisode.objects.filter(child=door.child).count()
    with pytest.raises(CaseworkError) as refused:
        ATTACKS[name](door, buyer)
    assert refused.value.code == CODES[name]
    if isinstance(refused.value, Refused) and refused.value.code not in SLIPS:
        assert Alarm.objects.filter(code=refused.value.code).exists()
    there = queries.head(door.child.pk)
    assert there.kind not in GONE
    assert not Execution.objects.exists()
    assert before[0] == queries.timeline.first(door.child.pk)


def test_there_are_enough_of_them() -> None:
    assert len(ATTACKS) >= 40


def test_the_mother_takes_her_child_home(door: Return) -> None:
    """What all of them are told from."""
    excluded_buyer(door.world)
    to_home(door)
    assert queries.head(door.child.pk).kind == Kind.REUNIFIED
    assert door.world.clock - door.release.at < timedelta(days=1)
