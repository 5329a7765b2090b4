"""Made-up couples in the questions by DNA: who makes up children is told to the supervisors, and hears nothing of it."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from casework.exchange.test_dna import Asking, by_hand, calls_of
from factories.exchange import Two, two_houses
from factories.matching import stranger
from factories.world import World
from wayhome.casework.audit.models import Alarm, AuditEvent
from wayhome.casework.exchange.actions import canaries, dna_asked, dna_asking
from wayhome.casework.exchange.models import Canary, DnaAnswer, DnaFound, Outgoing
from wayhome.casework.exchange.rules import asking
from wayhome.casework.exchange.rules import canaries as rules
from wayhome.casework.families.models import TracingRequest
from wayhome.casework.matching.queries.base import alleles_compared, fits_partners_child, indexed_loci
from wayhome.casework.vault.models import DataKey
from wayhome.casework.vault.rules import Locked

Calls = dict[str, list[str]]


@pytest.fixture(autouse=True)
def index(settings: Any, tmp_path: Path) -> None:
    settings.WAYHOME_INDEX = tmp_path / "index"


@pytest.fixture
def two(world: World) -> Two:
    return two_houses(world)


def commonest(chance: Random) -> Calls:
    """What somebody asks by who wants to fit as many families as can be."""
    table = alleles_compared()
    two_of = {name: sorted(alleles, key=lambda one, of=alleles: (-of[one], one))[:2] for name, alleles in table.items()}  # type: ignore[misc]
    return {name: sorted(set(chance.choices(alleles, k=2))) for name, alleles in two_of.items()}


def codes() -> list[str]:
    return [alarm.code for alarm in Alarm.objects.filter(kind=Alarm.Kind.REFUSED).order_by("pk")]


def test_who_makes_up_common_children_is_told_of_and_hears_a_miss(two: Two) -> None:
    one, chance = Asking(two), Random(5)
    for n in range(1, 6):
        two.take(by_hand(two, commonest(chance), n=n, at=one.at), at=one.at)
    honest = {name: sorted(set(alleles)) for name, alleles in stranger(one.house.chance).items() if name != "AMEL"}
    two.take(by_hand(two, honest, n=6, at=one.at), at=one.at)
    assert dna_asked.search_asked(at=one.night()) == 6
    found = DnaFound.objects.order_by("pk")
    # A hit of a canary is a miss like the honest one's, in every column.
    hits = Alarm.objects.filter(code="asked_canary")
    assert len(hits) >= 3
    assert {alarm.level for alarm in hits} == {3}
    assert f"dna_asked:{found.last().asked_id}" not in {alarm.subject for alarm in hits}  # type: ignore[union-attr]
    none = {(row.outcome, row.why, row.request_id) for row in found if row.why != "near_copy"}
    assert none == {("none", "", None)}
    for row in found:
        dna_asked.look(found=row, answered=True, by=one.by(), at=one.night())
    goes = asking.answered_from(found[0].at)
    assert dna_asked.answer_looked(at=goes) == 6
    told = Outgoing.objects.filter(pk__in=DnaAnswer.objects.values("message"))
    assert len({len(row.body) for row in told}) == 1
    assert not AuditEvent.objects.filter(action="exchange.search_asked", data__contains="canary").exists()


def test_a_hit_stops_nothing_else(two: Two) -> None:
    one = Asking(two)
    own = calls_of(one)
    two.take(by_hand(two, commonest(Random(1)), n=1, at=one.at), at=one.at)
    two.take(by_hand(two, own, n=2, at=one.at), at=one.at)
    dna_asked.search_asked(at=one.night())
    assert [row.outcome for row in DnaFound.objects.order_by("pk")] == ["none", "hit"]
    assert codes() in (["asked_canary"], [])


def test_canaries_are_planted_once_and_no_family(two: Two, settings: Any) -> None:
    one = Asking(two)
    families = TracingRequest.objects.count()
    manifest = (Path(settings.WAYHOME_INDEX) / "manifest.json").read_text()
    assert canaries.plant(at=one.at) == 2 * rules.HANDFUL
    assert canaries.plant(at=one.at) == 0
    assert AuditEvent.objects.filter(action="exchange.plant_canaries").count() == 2
    assert sorted(Canary.objects.values_list("n", flat=True)) == sorted(2 * list(range(1, rules.HANDFUL + 1)))
    assert DataKey.objects.filter(of__startswith="canary:").count() == 2 * rules.HANDFUL
    # No family, no row of the index; a child of theirs is no family's.
    assert TracingRequest.objects.count() == families
    one.house.search()
    assert (Path(settings.WAYHOME_INDEX) / "manifest.json").read_text() == manifest
    node = two.of_cn.node_id
    parents = canaries.couples_of(node)[0]
    profile = dna_asked.partners_child({name: (a[0], b[0]) for name, (a, b) in parents.items()})
    assert profile is not None
    assert fits_partners_child(profile, at=one.at) is None
    # Each partner has its own, and nobody reads them in the database, or with the keys of pages and door.
    assert canaries.couples_of(two.to_vn.node_id) != canaries.couples_of(node)
    for row in Canary.objects.all():
        assert b"D3S1358" not in bytes(row.sealed)
        assert "D3S1358" not in repr(row)
    settings.WAYHOME_OPENS = frozenset({"partners", "children"})
    with pytest.raises(Locked):
        canaries.couples_of(node)


def test_who_kept_what_it_was_asked_by_is_told_of(two: Two) -> None:
    one = Asking(two, family=False)
    of = one.tied()
    # The same house stands for both: it asks the partner whose question comes back.
    case = two.of_cn
    tie = dna_asking.tie_child(case=case, child=one.house.child, by=one.by(), at=one.at)
    question = dna_asking.ask(of=tie, basis="treaty", by=one.by(), at=one.at)
    own = calls_of(one)
    near = own | {name: ["5"] for name in sorted(own)[:3]}
    two.take(by_hand(two, near, n=1, at=one.at), at=one.at)
    dna_asked.search_asked(at=one.night())
    # Asked, and not gone out: nobody there can have it.
    assert codes() == []
    dna_asking.approve(question=question, by=one.by("supervisor2"), at=one.at)
    far = own | {name: ["5"] for name in sorted(own)[:12]}
    two.take(by_hand(two, far, n=2, at=one.at), at=one.at)
    other = own | {name: ["6"] for name in sorted(own)[3:6]}
    two.take(by_hand(two, other, n=3, at=one.at), at=one.at)
    dna_asked.search_asked(at=one.night())
    assert codes() == ["asked_by_ours"]
    assert of.child_id == tie.child_id
    assert [row.outcome for row in DnaFound.objects.order_by("pk")] == ["none", "none", "none"]


def test_a_sample_that_went_out_is_known_again_when_others_outvoted_it(two: Two) -> None:
    one = Asking(two, family=False)
    tie = dna_asking.tie_child(case=two.of_cn, child=one.house.child, by=one.by(), at=one.at)
    question = dna_asking.ask(of=tie, basis="treaty", by=one.by(), at=one.at)
    dna_asking.approve(question=question, by=one.by("supervisor2"), at=one.at)
    somebody = stranger(one.house.chance, one.house.child.sex)
    for _ in range(2):
        one.house.sampled("child", second=True, calls=somebody)
    near = calls_of(one) | {name: ["5"] for name in sorted(calls_of(one))[:3]}
    at = two.world.now()
    two.take(by_hand(two, near, n=1, at=at), at=at)
    dna_asked.search_asked(at=at + timedelta(days=2))
    assert codes() == ["asked_by_ours"]


def test_hardly_any_child_that_is_looked_for_fits_a_canary() -> None:
    table = alleles_compared()
    chance = Random(3)
    odds = []
    for _ in range(20):
        parents, chances = rules.couple(table, chance=chance), 1.0
        assert len(parents) >= 15
        assert set(parents) <= set(indexed_loci())
        for name, both in parents.items():
            chances *= rules.share(both, table[name])
        odds.append(chances)
    assert max(odds) < rules.RARE / 10
    parents = rules.couple(table, chance=chance)
    child = {name: (a[0], b[1]) for name, (a, b) in parents.items()}
    assert rules.is_hit(child, parents, table)
    some = dict(sorted(child.items())[:5])
    # At few loci many a child fits: nothing is said.
    assert not rules.is_hit(some, parents, table)
    name = sorted(child)[0]
    assert not rules.is_hit(child | {name: ("5", "6")}, parents, table)
    assert rules.read(json.loads(json.dumps(parents))) == parents


@pytest.mark.parametrize(
    ("genotype", "fits"),
    [
        (("a", "c"), True),
        (("c", "a"), True),
        (("b", "d"), True),
        (("a", "b"), False),
        (("a", "a"), False),
        (("c", "d"), False),
        (("a", "e"), False),
        (("a", "b", "c"), False),
    ],
)
def test_who_is_a_couples_child(genotype: tuple[str, ...], fits: bool) -> None:
    table = {"L": {"a": 1e-4, "b": 1e-4, "c": 1e-4, "d": 1e-4}}
    assert rules.is_hit({"L": genotype}, {"L": (("a", "b"), ("c", "d"))}, table) is fits
    assert rules.share((("a", "b"), ("a", "c")), {"a": 0.5, "b": 0.2, "c": 0.1}) == pytest.approx(0.25 + 0.2 + 0.1 + 0.04)
