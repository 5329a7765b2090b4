"""Whatever changes is searched, in both directions, once; and what was found is kept."""

from __future__ import annotations

import random
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from factories.kits import agrees
from factories.laboratory import LOCI, child_of, sample, second_analyst
from factories.matching import House, stranger, typed
from factories.world import World
from wayhome import kinship
from wayhome.casework.audit.models import Alarm
from wayhome.casework.children import actions as children
from wayhome.casework.core.errors import Refused
from wayhome.casework.families import actions as families
from wayhome.casework.families.models import Consent
from wayhome.casework.laboratory.models import Kit
from wayhome.casework.matching import tasks
from wayhome.casework.matching.actions import reading, searching
from wayhome.casework.matching.models import Candidate, Dossier, Due, Kinship, Search, SecondCheck
from wayhome.casework.matching.queries import candidates
from wayhome.casework.vault.models import DataKey


def test_a_child_finds_its_family(world: World) -> None:
    house = House(world)
    for who in ("mother", "father"):
        house.sampled(who)
    assert Due.objects.filter(request=house.request).count() == 2
    assert house.search() == 0
    assert Dossier.objects.get().samples.count() == 2
    house.sampled("child")
    assert house.search() == 1
    found = Candidate.objects.get()
    assert (found.child, found.request, found.rank, found.gate) == (house.child, house.request, 1, "report")
    assert Search.objects.get().families == 1
    assert not Due.objects.exists()
    detail = candidates.details([found.pk])[found.pk]
    assert detail.assessment.posterior > 0.9999
    assert {one.name for one in detail.evidence.findings} == {"sex", "age", "marks", "belongings", "names", "place"}


def test_a_family_finds_its_child(world: World) -> None:
    house = House(world)
    house.sampled("child")
    assert house.search() == 1
    assert not Candidate.objects.exists()
    typed(world, {sample(world, world.in_hospital()): stranger(house.chance)})
    house.sampled("mother")
    house.sampled("father")
    assert house.search() >= 1
    assert Candidate.objects.get(gate="report").child == house.child


def test_all_the_way(world: World) -> None:
    house = House(world)
    made = house.confirmed()
    assert made.candidate.request == house.request


def test_whoever_is_stopped_in_between_leaves_all_of_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    house = House(world)
    for who in ("mother", "father", "child"):
        house.sampled(who)

    def stopped(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(searching, "seal", stopped)
        with pytest.raises(KeyboardInterrupt):
            house.search()
    assert not Candidate.objects.exists()
    assert not Search.objects.exists()
    assert Due.objects.filter(child=house.child).exists()
    assert house.search() == 1
    assert Candidate.objects.count() == 1
    assert house.search() == 0


def test_two_workers_leave_one_result(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    house = House(world)
    for who in ("mother", "father", "child"):
        house.sampled(who)
    found = searching._candidates

    def overtaken(*told: Any, **named: Any) -> Any:
        answer = found(*told, **named)
        with monkeypatch.context() as patch:
            patch.setattr(searching, "_candidates", found)
            assert house.search() == 1
        return answer

    with monkeypatch.context() as patch:
        patch.setattr(searching, "_candidates", overtaken)
        with pytest.raises(Refused, match="already"):
            house.search()
    assert Candidate.objects.count() == Search.objects.count() == 1
    assert not Due.objects.exists()


def test_an_excluded_pair_comes_back_with_other_data_only(world: World) -> None:
    house = House(world)
    candidate = house.proposed()
    second_analyst(world)
    for who in ("analyst", "analyst2"):
        reading.read(candidate=candidate, conclusion="excludes", note="no", by=world.actor(who), at=world.now())
    Due.objects.create(child=house.child, at=world.now())
    Due.objects.create(request=house.request, at=world.now())
    assert house.search() == 1
    assert Candidate.objects.get() == candidate
    grandmother = families.add_relative(
        to=house.kin["mother"],
        relation="mother",
        state={"name": "莫秀珍", "life": "living", "reach": "willing"},
        by=world.actor("officer"),
        at=world.now(),
    )
    agrees(world, grandmother)
    typed(world, {sample(world, grandmother): stranger(house.chance)})
    house.search()
    old, new = Candidate.objects.order_by("pk")
    assert (old, old.end.reason) == (candidate, "superseded")
    assert (new.request, hasattr(new, "end")) == (house.request, False)


def test_whoever_withdraws_takes_the_detail_along(world: World, index: Path) -> None:
    house = House(world)
    candidate = house.proposed()
    assert [family.id for family in kinship.Index.open(index).families()] == [house.request.number]
    consent = Consent.objects.get(relative=house.kin["mother"])
    families.withdraw_consent(consent=consent, by=world.actor("officer"), at=world.now())
    candidate.refresh_from_db()
    assert candidate.end.reason == "withdrawn"
    assert candidates.details([candidate.pk]) == {}
    assert candidate.erasure.by_id == world.staff["officer"].pk
    assert not DataKey.objects.filter(of=candidates.key_of(candidate.pk)).exists()
    house.search()
    (left,) = kinship.Index.open(index).families()
    assert set(left.profiles) == {str(house.kin["father"].pk)}
    consent = Consent.objects.get(relative=house.kin["father"])
    families.withdraw_consent(consent=consent, by=world.actor("officer"), at=world.now())
    house.search()
    assert not list(kinship.Index.open(index).families())
    assert not list(index.glob("shard-*"))
    assert Dossier.objects.filter(request=house.request).order_by("-n")[0].samples.count() == 0


def test_a_consent_that_runs_out_takes_the_family_out(world: World) -> None:
    house = House(world)
    house.proposed()
    later = world.now() + timedelta(days=400)
    assert tasks.notice_expired(at=world.now()) == 0
    assert tasks.notice_expired(at=later) == 1
    assert tasks.notice_expired(at=later) == 0
    tasks.search(at=later)
    assert tasks.notice_expired(at=later) == 0
    assert not list(kinship.Index.open(searching.base.folder()).families())
    assert Candidate.objects.get().end.reason == "superseded"


def test_a_request_that_is_taken_back_is_searched_no_more(world: World) -> None:
    house = House(world)
    house.proposed()
    families.withdraw(request=house.request, note="found", by=world.actor("officer"), at=world.now())
    house.search()
    assert not list(kinship.Index.open(searching.base.folder()).families())
    assert not Candidate.objects.filter(end__isnull=True).exists()


def test_a_sample_with_few_loci_or_two_answers_is_not_searched(world: World) -> None:
    house = House(world)
    for who in ("mother", "father"):
        house.sampled(who)
    few = {locus: house.calls["child"][locus] for locus in (*LOCI[:9], "AMEL")}
    house.sampled("child", calls=few)
    house.search()
    assert not Search.objects.exists()
    house.sampled("child")
    house.search()
    assert Candidate.objects.get().gate == "report"


def test_an_altered_copy_of_a_child_is_told_and_not_searched(world: World) -> None:
    house = House(world)
    house.proposed()
    other = world.in_hospital()
    altered = house.calls["child"] | {locus: house.calls["mother"][locus] for locus in LOCI[:4]}
    typed(world, {sample(world, other): altered})
    house.search()
    assert not Search.objects.filter(child=other).exists()
    alarm = Alarm.objects.get(kind=Alarm.Kind.SAMPLE_COPIED)
    assert (alarm.child_id, alarm.level) == (other.pk, 3)
    Due.objects.create(child=other, at=world.now())
    house.search()
    assert Alarm.objects.filter(kind=Alarm.Kind.SAMPLE_COPIED).count() == 1


def test_brothers_and_sisters_sold_apart(world: World) -> None:
    house = House(world)
    house.sampled("child")
    sister, stranger_child = world.in_hospital(), world.in_hospital()
    typed(
        world,
        {
            sample(world, sister): child_of(house.calls["mother"], house.calls["father"], random.Random(5)),
            sample(world, stranger_child): stranger(random.Random(6)),
        },
    )
    house.search()
    told = Kinship.objects.get()
    assert {told.one, told.other} == {house.child, sister}
    assert told.relationship == "full_siblings"
    assert Alarm.objects.get(kind=Alarm.Kind.KIN_FOUND).code == "full_siblings"
    twin = world.in_hospital()
    typed(world, {sample(world, twin): house.calls["child"]})
    house.search()
    assert Kinship.objects.get(relationship="same", other__in=(house.child, twin), one__in=(house.child, twin))
    assert Kinship.objects.count() == 3


def test_two_records_of_one_child_are_searched_as_one(world: World) -> None:
    house = House(world)
    for who in ("mother", "father", "child"):
        house.sampled(who)
    other = world.in_hospital()
    typed(world, {sample(world, other): house.calls["child"]})
    house.search()
    step = children.propose_merge(kept=other, absorbed=house.child, reason="twice", by=world.actor("officer"), at=world.now())
    children.confirm_merge(step=step, by=world.actor("caseworker"), at=world.now())
    house.search()
    (left,) = Candidate.objects.filter(end__isnull=True)
    assert left.child == other
    assert Candidate.objects.get(child=house.child).end.reason == "superseded"


def test_second_samples_wait_for_a_family_that_changed(world: World) -> None:
    house = House(world)
    house.supported()
    for who in ("child", "father"):
        house.sampled(who, second=True)
    house.sampled("mother", second=True, calls=stranger(house.chance, "F"))
    # Hers are of two people: what the father's alone say is no word on what was proposed with hers.
    assert tasks.check_seconds(at=world.now()) == 0
    assert not SecondCheck.objects.exists()
    typed(world, {Kit.objects.filter(relative=house.kin["mother"], second=True).get(): house.calls["mother"]})
    house.search()
    assert [(one.agrees, one.candidate) for one in SecondCheck.objects.all()] == [(True, house.candidate())]


def test_exchanged_tubes_are_found_by_the_second_samples(world: World) -> None:
    one, other = House(world, 1), House(world, 2, inquirer=[("name", "覃桂花"), ("phone", "13877005511")], child_name="覃小雨")
    for house in (one, other):
        for who in ("mother", "father"):
            house.sampled(who)
    one.sampled("child", calls=other.calls["child"])
    other.sampled("child", calls=one.calls["child"])
    one.search()
    wrong = Candidate.objects.get(child=one.child, request=other.request)
    second_analyst(world)
    for who in ("analyst", "analyst2"):
        reading.read(candidate=wrong, conclusion="supports", by=world.actor(who), at=world.now())
    one.sampled("child", second=True)
    one.search()
    assert Candidate.objects.get(pk=wrong.pk).end.reason == "refuted"
    assert Alarm.objects.filter(kind=Alarm.Kind.MATCH_REFUTED, child_id=one.child.pk).exists()
    with pytest.raises(Refused, match="candidate_over"):
        reading.confirm(candidate=wrong, by=world.actor("lab_supervisor"), at=world.now())
    assert not Candidate.objects.filter(child=one.child, end__isnull=True).exists()
    one.sampled("child", second=True)
    one.search()
    right = Candidate.objects.get(child=one.child, end__isnull=True)
    assert (right.request, right.gate) == (one.request, "report")
    for who in ("mother", "father"):
        one.sampled(who, second=True)
    one.search()
    for who in ("analyst", "analyst2"):
        reading.read(candidate=right, conclusion="supports", by=world.actor(who), at=world.now())
    assert reading.confirm(candidate=right, by=world.actor("lab_supervisor"), at=world.now()).candidate == right
