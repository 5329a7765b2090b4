"""Two read apart, a third where they differ; the head of a laboratory confirms; what contradicts it freezes both."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from factories.laboratory import child_of, colleague, second_analyst
from factories.matching import House, stranger
from factories.world import World
from wayhome.casework.audit.models import Alarm, AuditEvent
from wayhome.casework.children import actions as children
from wayhome.casework.core.errors import Invalid, NotAllowed, NotFound, Refused
from wayhome.casework.families import actions as families
from wayhome.casework.families.models import Consent
from wayhome.casework.matching import tasks
from wayhome.casework.matching.actions import reading
from wayhome.casework.matching.models import Candidate, Confirmation, Freeze, Reading, SecondCheck
from wayhome.casework.matching.queries import candidates

OTHERS: dict[str, Any] = {"inquirer": [("name", "覃桂花"), ("phone", "13877005511")], "child_name": "覃小雨"}


def reads(world: World, who: str, candidate: Candidate, conclusion: str = "supports", note: str = "why") -> Reading:
    return reading.read(candidate=candidate, conclusion=conclusion, note=note, by=world.actor(who), at=world.now())


def sees(world: World, who: str, candidate: Candidate) -> candidates.Seen:
    row = candidates.candidate_of(world.actor(who), candidate.pk)
    (seen,) = candidates.seen([row], by=world.actor(who))
    return seen


def confirms(world: World, candidate: Candidate) -> Confirmation:
    return reading.confirm(candidate=candidate, by=world.actor("lab_supervisor"), at=world.now())


def test_nobody_sees_anothers_reading_before_their_own(world: World) -> None:
    candidate = House(world).proposed()
    second_analyst(world)
    colleague(world, "analyst3")
    reads(world, "analyst", candidate, "excludes")
    for who in ("analyst2", "analyst3"):
        seen = sees(world, who, candidate)
        assert (seen.state, seen.readings, seen.mine, seen.wanted) == ("proposed", (), None, True)
    mine = sees(world, "analyst", candidate)
    assert (mine.state, len(mine.readings), mine.wanted) == ("in_review", 1, False)
    reads(world, "analyst2", candidate)
    third = sees(world, "analyst3", candidate)
    assert (third.state, third.readings, third.wanted) == ("proposed", (), True)
    reads(world, "analyst3", candidate)
    for who in ("analyst", "analyst2", "analyst3", "lab_supervisor"):
        assert sees(world, who, candidate).state == "supported"
        assert len(sees(world, who, candidate).readings) == 3


def test_who_is_waited_for(world: World) -> None:
    candidate = House(world).proposed()
    second_analyst(world)
    colleague(world, "analyst3")
    waits = {"analyst": [candidate], "analyst2": [candidate], "analyst3": [candidate]}
    assert {who: list(candidates.to_read(world.actor(who))) for who in waits} == waits
    reads(world, "analyst", candidate)
    assert not candidates.to_read(world.actor("analyst"))
    reads(world, "analyst2", candidate, "insufficient")
    assert list(candidates.to_read(world.actor("analyst3"))) == [candidate]
    reads(world, "analyst3", candidate)
    colleague(world, "analyst4")
    assert not candidates.to_read(world.actor("analyst4"))
    assert not sees(world, "analyst4", candidate).wanted
    with pytest.raises(Refused, match="read_already"):
        reads(world, "analyst4", candidate)


def test_two_alike_need_no_third(world: World) -> None:
    candidate = House(world).supported()
    colleague(world, "analyst3")
    assert not candidates.to_read(world.actor("analyst3"))
    with pytest.raises(Refused, match="read_already"):
        reads(world, "analyst3", candidate)
    with pytest.raises(Refused, match="already_there"):
        reads(world, "analyst", candidate)
    assert Reading.objects.count() == 2


def test_who_may_read_and_what_it_wants(world: World) -> None:
    candidate = House(world).proposed()
    for who in ("officer", "supervisor", "lab_supervisor", "nurse"):
        with pytest.raises(NotAllowed):
            reads(world, who, candidate)
    with pytest.raises(Invalid):
        reads(world, "analyst", candidate, "excludes", note=" ")
    with pytest.raises(Invalid):
        reads(world, "analyst", candidate, "certainly")
    for who in ("officer", "supervisor", "nurse", "auditor"):
        with pytest.raises(NotAllowed):
            candidates.candidate_of(world.actor(who), candidate.pk)


def test_the_look_at_genotypes_is_an_event(world: World) -> None:
    candidate = House(world).proposed()
    told = reading.open_detail(candidate=candidate, by=world.actor("analyst"), at=world.now())
    assert told.assessment.genotypes
    event = AuditEvent.objects.get(action="matching.read_candidate")
    assert (event.child_id, event.subject) == (candidate.child_id, f"candidate:{candidate.pk}")
    with pytest.raises(NotAllowed):
        reading.open_detail(candidate=candidate, by=world.actor("officer"), at=world.now())
    consent = Consent.objects.filter(relative__request=candidate.request).first()
    assert consent is not None
    families.withdraw_consent(consent=consent, by=world.actor("officer"), at=world.now())
    with pytest.raises(NotFound):
        reading.open_detail(candidate=candidate, by=world.actor("analyst"), at=world.now())
    with pytest.raises(Refused, match="candidate_over"):
        reads(world, "analyst", candidate)


def test_what_a_confirmation_wants(world: World) -> None:
    house = House(world)
    candidate = house.proposed()
    second_analyst(world)
    for refused in ("not_supported", "not_supported", "second_missing"):
        with pytest.raises(Refused, match=refused):
            confirms(world, candidate)
        if not candidate.readings.filter(by=world.staff["analyst"]).exists():
            reads(world, "analyst", candidate)
        elif candidate.readings.count() == 1:
            reads(world, "analyst2", candidate)
    assert candidates.to_confirm(world.actor("lab_supervisor")) == []
    house.sampled("child", second=True)
    house.sampled("mother", second=True)
    house.search()
    with pytest.raises(Refused, match="second_missing"):
        confirms(world, candidate)
    house.sampled("father", second=True)
    house.search()
    check = SecondCheck.objects.get()
    assert (check.candidate, check.agrees) == (candidate, True)
    assert [one.candidate for one in candidates.to_confirm(world.actor("lab_supervisor"))] == [candidate]
    for who in ("analyst", "supervisor", "officer"):
        with pytest.raises(NotAllowed):
            reading.confirm(candidate=candidate, by=world.actor(who), at=world.now())
    made = confirms(world, candidate)
    assert candidates.to_confirm(world.actor("lab_supervisor")) == []
    assert sees(world, "analyst", candidate).state == "confirmed"
    with pytest.raises(Refused, match="already_there"):
        confirms(world, candidate)
    reading.take_back(confirmation=made, reason="tube", by=world.actor("lab_supervisor"), at=world.now())
    assert sees(world, "analyst", candidate).state == "supported"
    with pytest.raises(Refused, match="already_ended"):
        reading.take_back(confirmation=made, reason="tube", by=world.actor("lab_supervisor"), at=world.now())


def test_one_child_for_two_families_freezes_both(world: World) -> None:
    one = House(world)
    first = one.confirmed()
    assert not Freeze.objects.exists()
    # The same couple asks a second time, and both requests find the child.
    other = House.__new__(House)
    other.world, other.chance, other.child, other.calls = world, one.chance, one.child, one.calls
    fresh = House(world, 3, **OTHERS)
    other.request, other.kin = fresh.request, fresh.kin
    for who in ("mother", "father"):
        other.sampled(who)
    other.search()
    candidate = Candidate.objects.get(request=other.request, end__isnull=True)
    for who in ("analyst", "analyst2"):
        reads(world, who, candidate)
    for who in ("mother", "father"):
        other.sampled(who, second=True)
    other.search()
    second = confirms(world, candidate)
    freeze = Freeze.objects.get()
    assert (freeze.one, freeze.other, freeze.reason) == (first, second, "two_families")
    assert candidates.frozen_confirmations() == {first.pk, second.pk}
    assert sees(world, "analyst", candidate).frozen
    assert Alarm.objects.filter(kind=Alarm.Kind.MATCH_FROZEN, level=3).count() == 2
    reading.take_back(confirmation=second, reason="x", by=world.actor("lab_supervisor"), at=world.now())
    assert candidates.frozen_confirmations() == set()


@pytest.mark.parametrize(("days", "frozen"), [(0, False), (60, True), (400, False)])
def test_one_mother_and_two_children(world: World, days: int, frozen: bool) -> None:
    one = House(world)
    other = House(world, 2, inquirer=[("name", "韦小兰"), ("phone", "13877001199"), ("id", "452601198203040028")])
    for house in (one, other):
        known = {"name": "韦小兰", "life": "living", "reach": "willing"}
        families.tell_relative(
            relative=house.kin["mother"], n=1, state=known | {"person": one.request.inquirer}, by=world.actor("officer"),
            at=world.now(),
        )  # fmt: skip
    born = world.clock.date() - timedelta(days=30)
    for house, day in ((one, born), (other, born - timedelta(days=days))):
        old = (world.clock.date() - day).days
        children.estimate_age(
            child=house.child, on=world.clock.date(), least_days=old, most_days=old + 1, method="document",
            by=world.actor("nurse"), at=world.now(),
        )  # fmt: skip
    other.calls["mother"] = one.calls["mother"]
    other.calls["child"] = _child(other)
    one.confirmed()
    second = other.confirmed()
    assert [freeze.reason for freeze in Freeze.objects.all()] == (["ages"] if frozen else [])
    assert (second.pk in candidates.frozen_confirmations()) is frozen


def _child(house: House) -> Any:
    return child_of(house.calls["mother"], house.calls["father"], house.chance, house.child.sex)


def reads_twice(world: World, candidate: Candidate) -> None:
    for who in ("analyst", "analyst2"):
        reads(world, who, candidate)


@pytest.mark.parametrize("who", ["child", "mother"])
def test_what_was_taken_back_is_proposed_anew_with_the_next_sample(world: World, who: str) -> None:
    house = House(world)
    first = house.confirmed()
    boss = world.actor("lab_supervisor")
    reading.take_back(confirmation=first, reason="the tubes", by=boss, at=world.now())
    tasks.search(at=world.now())
    with pytest.raises(Refused, match="already_there"):
        confirms(world, first.candidate)
    assert Candidate.objects.count() == 1, "the same samples say the same"
    house.sampled(who, second=True)
    house.search()
    anew = Candidate.objects.get(end__isnull=True)
    assert (anew.child, anew.request) == (house.child, house.request)
    assert first.candidate.end.reason == "superseded"
    assert sees(world, "analyst", anew).state == "proposed", "what was read of the one before says nothing of this"
    with pytest.raises(Refused, match="not_supported"):
        confirms(world, anew)
    reads_twice(world, anew)
    made = confirms(world, anew)
    assert made in candidates.standing_confirmations()
    for again in ("child", "mother", "father"):
        house.sampled(again, second=True)
    house.search()
    assert made in candidates.standing_confirmations(), "what came in later changes nothing"
    assert Candidate.objects.filter(end__isnull=True).get() == anew


def test_what_stands_is_not_proposed_anew_with_the_next_sample(world: World) -> None:
    house = House(world)
    made = house.confirmed()
    for calls in (None, stranger(house.chance, house.child.sex)):
        house.sampled("child", second=True, calls=calls)
        house.search()
        assert made in candidates.standing_confirmations()
        assert Candidate.objects.count() == 1


def test_a_sample_of_somebody_else_does_not_bring_it_back(world: World) -> None:
    house = House(world)
    first = house.confirmed()
    reading.take_back(confirmation=first, reason="the tubes", by=world.actor("lab_supervisor"), at=world.now())
    house.sampled("child", second=True, calls=stranger(house.chance, house.child.sex))
    house.search()
    assert not Candidate.objects.filter(end__isnull=True).exclude(pk=first.candidate_id).exists()
