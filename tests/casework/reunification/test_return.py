"""A child goes home when, and only when, everything that it rests on stands at that moment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from factories.reunification import ADDRESS, Return
from trust.raw_sql import in_vain
from wayhome.casework.audit.models import Alarm
from wayhome.casework.core import guards
from wayhome.casework.core.errors import NotFound, Refused
from wayhome.casework.custody import actions as custody
from wayhome.casework.custody import queries
from wayhome.casework.custody.continuity import continuity
from wayhome.casework.custody.models import CustodyEpisode
from wayhome.casework.custody.rules import Kind
from wayhome.casework.families import actions as families
from wayhome.casework.families.models import Consent, ConsentWithdrawal, RequestEnd
from wayhome.casework.matching.actions import reading
from wayhome.casework.matching.models import CandidateEnd, Confirmation, ConfirmationEnd, Dossier
from wayhome.casework.operations import actions as operations
from wayhome.casework.reunification import tasks
from wayhome.casework.reunification.actions import afterwards, deciding, files, releasing
from wayhome.casework.reunification.models import Execution, FileFreeze, FreshCheck, Revocation
from wayhome.casework.reunification.queries.cases import what_family_may_know
from wayhome.casework.reunification.queries.releases import against
from wayhome.casework.reunification.rules import VISITS


def test_a_child_goes_home(door: Return) -> None:
    house = door
    assert house.offer().recipient == house.mother
    episode = house.complete()
    assert episode.kind == Kind.REUNIFIED
    assert queries.head(house.child.pk) == episode
    assert Execution.objects.get().release == house.release
    assert continuity().gaps == 0
    assert not Alarm.objects.exists()
    assert not queries.children_at(house.world.facilities["home"].pk).filter(child=house.child).exists()
    assert not guards.differences(connection)


def test_it_is_carried_out_once(door: Return) -> None:
    door.offer()
    door.complete()
    with pytest.raises(NotFound):
        door.complete()
    door.world.has_room("home")
    back = door.world.offer(door.child, "home", Kind.WELFARE_INSTITUTION, giver="caseworker2")
    custody.accept_handover(offer_id=back.pk, wristband=door.child.number, **door.who("caseworker"))
    with pytest.raises(Refused):
        door.offer()
    assert Execution.objects.count() == 1


def test_one_signs_and_another(door: Return) -> None:
    door.offer()
    with pytest.raises(Refused) as refused:
        door.complete(by="caseworker2")
    assert refused.value.codes == ("no_offer",)
    with pytest.raises(NotFound):
        door.complete(by="caseworker_gd")
    door.complete()


# What changes after the approvals: written at once, and were it not, refused by the fact itself. ------------------------------

Change = Callable[[Return], object]


def excludes(house: Return, person: Any, ground: str = "seller") -> object:
    return custody.exclude(person=person, ground=ground, **house.who("officer"))


def knows_of_a_buyer(house: Return) -> object:
    """The mother's husband is found to be kin of somebody excluded long ago."""
    buyer = house.world.person("农晓红", ("name", "农晓红"), ("id", "452801197503120021"))
    excludes(house, buyer, "buyer")
    assert not Revocation.objects.exists()
    return operations.tie(person=house.father, other=buyer, kind="sibling", **house.who("officer"))


def detains(house: Return, person: Any) -> object:
    return operations.record_role(
        person=person, operation=house.world.operation, kind="witness", detained_at=house.world.clock, **house.who("officer")
    )


def withdraws(house: Return) -> object:
    consent = Consent.objects.get(relative=house.kin["father"])
    return families.withdraw_consent(consent=consent, **house.who("officer"))


def takes_match_back(house: Return) -> object:
    return reading.take_back(confirmation=Confirmation.objects.get(), reason="the tubes", **house.who("lab_supervisor"))


def ends_candidate(house: Return) -> object:
    """As the search ends it when what was compared is not what is there any more: another tree is compared now."""
    last = Dossier.objects.filter(request=house.request).order_by("-n")[0]
    Dossier.objects.create(request=house.request, n=last.n + 1, digest="x", at=house.world.now())
    return CandidateEnd.objects.create(candidate=Confirmation.objects.get().candidate, reason="superseded", at=house.world.now())


CHANGES: dict[str, tuple[Change, str, str]] = {
    "the mother is excluded": (lambda h: excludes(h, h.mother), "excluded", "excluded"),
    "the mother's home is excluded": (
        lambda h: custody.exclude(subject="address", value=ADDRESS, ground="threat", **h.who("officer")),
        "excluded",
        "excluded",
    ),
    "the father is excluded": (lambda h: excludes(h, h.father), "excluded", "excluded"),
    "the father's brother bought children": (knows_of_a_buyer, "excluded", "kin_of_excluded"),
    "the mother is detained": (lambda h: detains(h, h.mother), "detained", "detained"),
    "the father is detained": (lambda h: detains(h, h.father), "detained", "detained"),
    "the father sold children": (
        lambda h: operations.record_role(person=h.father, operation=h.world.operation, kind="seller", **h.who("officer")),
        "detained",
        "detained",
    ),
    "the father's consent is withdrawn": (withdraws, "consent_withdrawn", "match_over"),
    "the match is taken back": (takes_match_back, "match_over", "match_over"),
    "the candidate is superseded": (
        ends_candidate,
        "match_over",
        "match_over",
    ),
    "the request is taken back": (
        lambda h: families.withdraw(request=h.request, note="x", **h.who("officer")),
        "consent_withdrawn",
        "request_over",
    ),
    "a parent is involved": (lambda h: h.enquired("involved", signed=False), "enquiry", "parents_not_cleared"),
    "another enquiry": (lambda h: h.enquired("unknown", signed=False), "enquiry", "parents_not_cleared"),
    "another determination": (lambda h: h.determined("stay"), "determination", "not_determined"),
    "a document that contradicts": (lambda h: h.evidence("document", "contradicts"), "evidence", "not_verified"),
    "a wrong answer": (lambda h: h.asked("which hand is scarred", matches=False), "evidence", "not_verified"),
    "the institution thinks again": (
        lambda h: releasing.revoke_release(release=h.release, note="the mother is ill", **h.who("caseworker")),
        "taken_back",
        "release_revoked",
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_whatever_changes_revokes_it(door: Return, name: str) -> None:
    change, reason, code = CHANGES[name]
    door.offer()
    change(door)
    assert Revocation.objects.get().reason == reason
    assert Alarm.objects.filter(kind=Alarm.Kind.RELEASE_REVOKED, code=reason).count() == 1
    with pytest.raises(Refused) as refused:
        door.complete()
    assert code in refused.value.codes
    assert "release_revoked" in refused.value.codes
    assert not Execution.objects.exists()


@pytest.mark.parametrize("name", [name for name in CHANGES if name != "the institution thinks again"])
def test_the_fact_itself_refuses(door: Return, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if nobody had listened: no revocation is there, and the database looks at what changed."""
    change, _, code = CHANGES[name]
    offer = door.offer()
    check = FreshCheck.objects.get()
    for module in (deciding, files):
        monkeypatch.setattr(module, "stop", lambda *_, **__: [])
    monkeypatch.setattr("wayhome.casework.reunification.actions.stopping.stop", lambda *_, **__: [])
    change(door)
    assert not Revocation.objects.exists()
    wrong = against(door.release, at=door.world.now())
    assert code in wrong
    at, by = door.world.now(), door.world.actor("caseworker")
    row = {"release": door.release, "offer": offer, "check_of": check, "by_id": by.staff_id, "at": at}
    with in_vain(wrong[0]):
        Execution.objects.create(**row)
    assert not CustodyEpisode.objects.filter(kind=Kind.REUNIFIED).exists()


def test_a_change_between_the_two_writes_is_seen(door: Return) -> None:
    """The release was executed by a row, and the custody that belongs to it comes a moment too late."""
    offer, check = door.offer(), FreshCheck.objects.get()
    by, at = door.world.actor("caseworker"), door.world.now()
    Execution.objects.create(release=door.release, offer=offer, check_of=check, by_id=by.staff_id, at=at)
    excludes(door, door.mother)
    last = queries.head(door.child.pk)
    row = {"child": door.child, "n": last.n + 1, "kind": "reunified", "facility_id": last.facility_id, "offer": offer}
    with in_vain("excluded"):
        CustodyEpisode.objects.create(**row, responsible_id=by.staff_id, wristband=door.child.number, started_at=at, at=at)


def test_a_day_that_comes_ends_it(door: Return) -> None:
    door.pass_days(14)
    with pytest.raises(Refused, match="samples_not_fresh"):
        door.offer()
    assert not tasks.look_at_releases(at=door.world.now())
    door.pass_days(60)
    tasks.look_at_releases(at=door.world.now())
    assert Revocation.objects.get().reason == "expired"


# Whoever takes the child. -----------------------------------------------------------------------------------------------------


def test_the_child_goes_to_nobody_else(door: Return) -> None:
    for other in (door.father, door.world.person("somebody", ("name", "闭玉莲"), ("id", "450601198001010063")), None):
        with pytest.raises(Refused, match="samples_not_fresh"):
            door.offer(recipient=other)
    door.offer()
    door.complete()


def test_custody_alone_brings_no_child_home(door: Return) -> None:
    for kind in (Kind.REUNIFIED, Kind.REPATRIATED):
        with pytest.raises(Refused) as refused:
            door.world.offer(door.child, "home", kind, giver="caseworker")
        assert "not_released" in refused.value.codes
    offer = door.offer()
    with pytest.raises(Refused, match="not_released"):
        custody.accept_handover(offer_id=offer.pk, wristband=door.child.number, **door.who("caseworker"))
    with pytest.raises(Refused, match="not_released"):
        custody.accept_handover(offer_id=offer.pk, wristband=door.child.number, released=True, **door.who("caseworker"))
    assert queries.head(door.child.pk).kind == Kind.WELFARE_INSTITUTION


# After the return. ------------------------------------------------------------------------------------------------------------


def home(house: Return) -> Execution:
    house.offer()
    house.complete()
    return Execution.objects.get()


def test_visits_are_due_and_told_of_once(door: Return) -> None:
    execution = home(door)
    told = []
    for day in range(1, 380):
        door.world.clock = execution.at + timedelta(days=day)
        told += [day for _ in tasks.raise_visits(at=door.world.clock)]
    assert told == list(VISITS)
    assert set(Alarm.objects.values_list("kind", "code", "agency_id")) == {
        ("visit_due", "overdue", door.world.agencies["welfare"].pk)
    }


def test_a_visit_that_was_made_is_not_due(door: Return) -> None:
    execution = home(door)
    door.pass_days(6)
    said = {"execution": execution, "day": 7, "visited_on": door.world.clock.date(), "found": "well"}
    afterwards.visit(**said, **door.who("caseworker"))
    with pytest.raises(Refused, match="already_there"):
        afterwards.visit(**said, **door.who("caseworker"))
    with pytest.raises(NotFound):
        afterwards.visit(**said | {"day": 30}, **door.who("caseworker_gd"))
    door.pass_days(10)
    assert tasks.raise_visits(at=door.world.now()) == []
    worried = said | {"day": 30, "found": "worried", "note": "a stranger opened the door"}
    afterwards.visit(**worried, **door.who("caseworker2"))
    assert Alarm.objects.get().level == 3


@pytest.mark.parametrize("name", ["the mother is detained", "the father is excluded", "a parent is involved"])
def test_an_arrest_on_day_twenty_freezes_the_file(door: Return, name: str) -> None:
    home(door)
    assert what_family_may_know(door.request.pk, by=door.world.actor("officer")).stage == "home"
    door.pass_days(20)
    change, reason, _ = CHANGES[name]
    change(door)
    assert FileFreeze.objects.get().reason == reason
    assert not Revocation.objects.exists()
    assert Alarm.objects.filter(kind=Alarm.Kind.RETURN_FROZEN, level=3, child_id=door.child.pk).count() == 1
    assert what_family_may_know(door.request.pk, by=door.world.actor("officer")).stage == "checking"
    door.world.has_room("home")
    back = door.world.offer(door.child, "home", Kind.WELFARE_INSTITUTION, giver="caseworker2")
    custody.accept_handover(offer_id=back.pk, wristband=door.child.number, **door.who("caseworker"))
    assert queries.head(door.child.pk).kind == Kind.WELFARE_INSTITUTION


def test_a_consent_withdrawn_after_the_return_freezes_nothing(door: Return) -> None:
    home(door)
    withdraws(door)
    assert not FileFreeze.objects.exists()
    assert (ConsentWithdrawal.objects.count(), RequestEnd.objects.count(), ConfirmationEnd.objects.count()) == (1, 0, 0)
