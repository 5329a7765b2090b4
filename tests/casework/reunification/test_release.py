"""A release is asked for by one organisation and approved by two others, who sign what they saw."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest

from factories.matching import stranger
from factories.reunification import ADDRESS, Return
from wayhome.casework.accounts import actions as accounts
from wayhome.casework.audit.models import Alarm
from wayhome.casework.core import numbers
from wayhome.casework.core.errors import Invalid, NotAllowed, NotFound, Refused
from wayhome.casework.custody import actions as custody
from wayhome.casework.custody.continuity import continuity
from wayhome.casework.custody.rules import Kind
from wayhome.casework.reunification import tasks
from wayhome.casework.reunification.actions import afterwards, files, releasing
from wayhome.casework.reunification.models import Approval, Certificate, FreshCheck, Release, Revocation
from wayhome.casework.reunification.queries.cases import adoption_gate
from wayhome.casework.reunification.queries.releases import against, digest_of


def test_a_release_is_asked_for_and_approved(ready: Return) -> None:
    release = ready.requested()
    assert digest_of(release) == release.digest
    assert against(release, at=ready.world.now()) == ["release_not_approved"]
    ready.approve("supervisor")
    assert against(release, at=ready.world.now()) == ["release_not_approved"]
    ready.approve("supervisor2")
    assert against(release, at=ready.world.now()) == []
    with pytest.raises(Refused, match="already_asked"):
        ready.requested()


def test_who_may_ask(ready: Return) -> None:
    asked: dict[str, Any] = {"case": ready.case, "recipients": [(ready.kin["mother"], ready.mother)], "address": ADDRESS}
    for who, error in (("officer", NotAllowed), ("supervisor", NotAllowed), ("caseworker_gd", NotFound)):
        with pytest.raises(error):
            releasing.request_release(**asked, **ready.who(who))
    custody.assign(child=ready.child, staff=ready.world.staff["caseworker_gd"], **ready.who("supervisor"))
    with pytest.raises(Refused, match="not_allowed"):
        releasing.request_release(**asked, **ready.who("caseworker_gd"))
    for wrong in ({"recipients": []}, {"address": ""}, {"address": "?"}, {"household": [ready.mother]}):
        with pytest.raises(Invalid):
            releasing.request_release(**asked | wrong, **ready.who("caseworker"))
    releasing.request_release(**asked, **ready.who("caseworker2"))


def test_the_child_is_asked_for_by_whoever_was_matched(ready: Return) -> None:
    for recipients in ([(ready.kin["father"], ready.father)], [(ready.kin["mother"], ready.father)]):
        with pytest.raises(Refused, match="not_the_family"):
            ready.requested(recipients=recipients, household=[])


def test_nothing_is_asked_for_before_it_is_ripe(ready: Return) -> None:
    ready.enquired("unknown")
    with pytest.raises(Refused, match="parents_not_cleared"):
        ready.requested()
    ready.enquired()
    ready.determined("stay")
    with pytest.raises(Refused, match="not_determined"):
        ready.requested()
    ready.determined(dissent=("doctor", "supervisor"))
    with pytest.raises(Refused, match="not_determined"):
        ready.requested()
    ready.determined(panel=("caseworker", "doctor", "officer"))
    with pytest.raises(Refused, match="not_determined"):
        ready.requested()
    ready.determined()
    custody.exclude(person=ready.father, ground="suspect", **ready.who("officer"))
    with pytest.raises(Refused, match="excluded"):
        ready.requested()
    assert not Release.objects.exists()


def test_the_place_of_the_rescue_is_nobodys_home(ready: Return) -> None:
    with pytest.raises(Refused, match="place_of_rescue"):
        ready.requested(address="广西东兴市北仑大道12号")


def colleague(house: Return, name: str, like: str, agency: str, **more: str) -> None:
    """Somebody more on the register."""
    assert house.world.registrars is not None
    pattern = house.world.staff[like]
    house.world.staff[name] = accounts.register_staff(
        by=house.world.registrars,
        at=house.world.now(),
        number=name,
        name=name,
        agency=house.world.agencies[agency],
        role=pattern.role,
        **{"id_number": f"45000019800101{len(house.world.staff):04}"} | more,
    )


def test_who_may_approve(ready: Return) -> None:
    release = ready.requested()
    signed: dict[str, Any] = {"release": release, "digest": release.digest}
    for who in ("caseworker2", "officer", "doctor", "administrator", "placement", "lab_supervisor"):
        with pytest.raises(NotAllowed, match="not_allowed"):
            releasing.approve_release(**signed, **ready.who(who))
    with pytest.raises(NotAllowed, match="step_up"):
        releasing.approve_release(**signed, by=ready.world.actor("supervisor", stepped_up=False), at=ready.world.now())
    ready.approve("supervisor")
    colleague(ready, "colleague", "supervisor", "ministry")
    with pytest.raises(Refused, match="same_agency"):
        ready.approve("colleague")
    for twice in ("supervisor", "lab_supervisor", "analyst", "caseworker"):
        papers = ready.world.staff[twice].id_number
        accounts.end_staff(staff=ready.world.staff[twice], reason="moved", by=ready.world.registrars, at=ready.world.now())
        colleague(ready, f"{twice} again", "supervisor2", "civil", id_number=papers)
        with pytest.raises(Refused, match="self_approval"):
            ready.approve(f"{twice} again")
    assert Approval.objects.count() == 1
    assert Alarm.objects.filter(code="self_approval", level=3).count() == 4
    ready.approve("supervisor2")


def test_an_approval_is_of_what_was_shown(ready: Return) -> None:
    ready.requested()
    with pytest.raises(Refused, match="changed_request"):
        releasing.approve_release(release=ready.release, digest="0" * 64, **ready.who("supervisor"))
    Release.objects.get().people.create(person=ready.world.person("aunt", ("name", "李大花")), receives=False)
    with pytest.raises(Refused, match="changed_request"):
        ready.approve("supervisor")
    assert not Approval.objects.exists()


def test_a_supervisor_who_left_approved_nothing(ready: Return) -> None:
    ready.requested()
    ready.approve()
    assert ready.world.registrars is not None
    accounts.end_staff(staff=ready.world.staff["supervisor2"], reason="left", by=ready.world.registrars, at=ready.world.now())
    assert against(ready.release, at=ready.world.now()) == ["release_not_approved"]


def test_it_is_taken_back_once(ready: Return) -> None:
    ready.requested()
    for who in ("officer", "doctor"):
        with pytest.raises(NotAllowed):
            releasing.revoke_release(release=ready.release, note="x", **ready.who(who))
    releasing.revoke_release(release=ready.release, note="she moved", **ready.who("supervisor"))
    with pytest.raises(Refused, match="already_ended"):
        releasing.revoke_release(release=ready.release, note="x", **ready.who("caseworker"))
    with pytest.raises(Refused, match="release_revoked"):
        ready.approve("supervisor")
    ready.requested()
    ready.approve()


# The samples of the handover. -------------------------------------------------------------------------------------------------


def test_samples_of_the_handover_are_new_ones(ready: Return) -> None:
    ready.requested()
    ready.approve()
    assert tasks.check_samples(at=ready.world.now()) == 0, "those of the match were taken before"
    with pytest.raises(Refused, match="samples_not_fresh"):
        ready.offer()
    ready.fresh("child")
    assert tasks.check_samples(at=ready.world.now()) == 0
    ready.fresh("mother")
    assert tasks.check_samples(at=ready.world.now()) == 1
    assert tasks.check_samples(at=ready.world.now()) == 0
    assert FreshCheck.objects.get().agrees
    ready.offer()
    ready.complete()


@pytest.mark.parametrize("who", ["child", "mother"])
def test_somebody_else_at_the_door_is_found_out(ready: Return, who: str) -> None:
    ready.requested()
    ready.approve()
    for one in ("child", "mother"):
        ready.fresh(one, calls=stranger(ready.chance, "F") if one == who else None)
    assert tasks.check_samples(at=ready.world.now()) == 1
    assert not FreshCheck.objects.get().agrees
    assert Revocation.objects.get().reason == "match_over"
    with pytest.raises(Refused, match="release_revoked"):
        ready.offer()


def numbered(given: Iterable[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The next kits have these numbers, which are drawn else."""
    digits = iter(given)

    def drawn() -> str:
        eight = next(digits)
        return eight + numbers.check_digit(eight)

    monkeypatch.setattr(numbers, "new_number", drawn)


@pytest.mark.parametrize("at_once", [False, True])
@pytest.mark.parametrize("who", ["child", "mother"])
def test_a_sample_that_agrees_does_not_outvote_one_that_does_not(
    ready: Return, who: str, at_once: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready.requested()
    ready.approve()
    ready.fresh("mother" if who == "child" else "child")
    numbered(["10000000", "99999999"] if at_once else ["99999999", "10000000"], monkeypatch)
    somebody = stranger(ready.chance, "F")
    for calls in (somebody, ready.calls[who]) if at_once else (ready.calls[who], somebody):
        ready.fresh(who, calls=calls)
        if not at_once:
            assert tasks.check_samples(at=ready.world.now()) == 1
    assert tasks.check_samples(at=ready.world.now()) == (1 if at_once else 0)
    assert not FreshCheck.objects.latest("pk").agrees
    assert Revocation.objects.get().reason == "match_over"


@pytest.mark.parametrize("given", [["10000000", "99999999"], ["99999999", "10000000"]])
def test_a_sample_taken_again_is_compared_whatever_its_number(
    ready: Return, given: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ready.requested()
    ready.approve()
    ready.fresh("mother")
    numbered(given, monkeypatch)
    for _ in given:
        kit = ready.fresh("child")
        assert tasks.check_samples(at=ready.world.now()) == 1
        assert FreshCheck.objects.latest("pk").child_kit_id == kit.pk
    monkeypatch.undo()
    ready.offer()
    ready.complete()


# Where nobody is found. -------------------------------------------------------------------------------------------------------


def test_certificates_and_their_days(ready: Return) -> None:
    world, child = ready.world, ready.world.in_home()
    intake = child.first_episode.started_at
    said = {"child": child, "document": "桂公2011-5"}

    def at(days: int, hours: int = 1) -> dict[str, Any]:
        world.clock = intake + timedelta(days=days, hours=hours)
        return ready.who("officer")

    with pytest.raises(Refused, match="too_early"):
        afterwards.certify(kind="one_month", **said, **at(29))
    assert not [one for one in tasks.raise_certificates(at=world.clock) if one.child_id == child.pk]
    at(30)
    assert [one.code for one in tasks.raise_certificates(at=world.clock) if one.child_id == child.pk] == ["one_month"]
    assert tasks.raise_certificates(at=world.clock) == []
    afterwards.certify(kind="one_month", **said, **at(30))
    with pytest.raises(Refused, match="notice_missing"):
        afterwards.certify(kind="twelve_months", **said, **at(366))
    at(366)
    notice = {"child": child, "published_on": world.clock.date(), "published_in": "广西日报"}
    afterwards.publish_notice(**notice, **ready.who("caseworker"))
    with pytest.raises(Refused, match="notice_missing"):
        afterwards.certify(kind="twelve_months", **said, **at(395))
    assert set(adoption_gate(child.pk, at=world.clock).missing) == {"certificate_missing", "notice_missing"}
    assert [one.code for one in tasks.raise_certificates(at=world.clock) if one.child_id == child.pk] == ["twelve_months"]
    afterwards.certify(kind="twelve_months", **said, **at(397))
    assert adoption_gate(child.pk, at=world.clock).open
    assert not adoption_gate(child.pk, at=intake + timedelta(days=364)).open
    assert Certificate.objects.count() == 2


def test_no_certificate_while_a_family_is_in_question(ready: Return) -> None:
    ready.pass_days(31)
    with pytest.raises(Refused, match="candidate_open"):
        afterwards.certify(child=ready.child, kind="one_month", document="x", **ready.who("officer"))
    assert "candidate_open" in adoption_gate(ready.child.pk, at=ready.world.now()).missing


# To another country's authority. ----------------------------------------------------------------------------------------------


def test_a_child_goes_to_its_own_countrys_authority(ready: Return) -> None:
    """Without a family: determined, approved and signed on both sides, and it is the last that the chain says."""
    world = ready.world
    ready.child = world.in_home()
    custody.assign(child=ready.child, staff=world.staff["doctor"], **ready.who("supervisor"))
    ready.case = files.open_case(child_id=ready.child.pk, authority=True, **ready.who("caseworker"))
    abroad: dict[str, Any] = {"recipients": [], "household": [], "address": "", "to": world.facilities["abroad"]}
    ready.determined()
    with pytest.raises(Refused, match="not_determined"):
        ready.requested(**abroad)
    ready.determined("repatriate")
    ready.requested(**abroad)
    with pytest.raises(Refused, match="release_not_approved"):
        ready.offer(recipient=None)
    ready.approve()
    ready.offer(recipient=None)
    with pytest.raises(NotFound):
        ready.complete()
    episode = ready.complete(by="partner_liaison")
    assert (episode.kind, episode.facility) == (Kind.REPATRIATED, world.facilities["abroad"])
    assert continuity().gaps == 0
    with pytest.raises(NotAllowed):
        world.offer(ready.child, "home", Kind.WELFARE_INSTITUTION, giver="partner_liaison")
