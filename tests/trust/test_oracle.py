"""Who asks the search again and again, an allele further each time, must not learn a relative's genotype from its answers.

The attacker has the analysts' and officers' part in hand: as many children, kits and typed samples as they like. They are given
what no attacker has, a rescued child of the relative and which of its alleles are hers, and see whether the family is proposed.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from factories.laboratory import LOCI, Calls, sample
from factories.matching import House, stranger, typed
from factories.world import World
from wayhome.casework.audit.models import Alarm
from wayhome.casework.matching.models import Candidate
from wayhome.casework.matching.queries import candidates

WATCHED = (Alarm.Kind.SAMPLE_COPIED, Alarm.Kind.FAMILY_OF_MANY, Alarm.Kind.KIN_FOUND)


@pytest.fixture(autouse=True)
def index(settings: Any, tmp_path: Path) -> None:
    settings.WAYHOME_INDEX = tmp_path / "index"


class Attack:
    """Questions to the search, each a made-up child's sample, and what was learned of the mother."""

    def __init__(self, world: World) -> None:
        self.world, self.house, self.chance = world, House(world), random.Random(7)
        self.mother = self.house.calls["mother"]
        for who in ("mother", "child"):
            self.house.sampled(who)
        self.house.search()
        assert Candidate.objects.filter(child=self.house.child, request=self.house.request).exists()
        self.own = self.house.calls["child"]
        self.asked = 0
        self.first_alarm = 0
        self.learned: dict[str, set[str]] = {}

    def ask(self, calls: Calls) -> bool:
        """Whether the family is proposed for a child with this sample, as an analyst sees it."""
        child = self.world.in_hospital()
        typed(self.world, {sample(self.world, child): calls})
        self.house.search()
        self.asked += 1
        if not self.first_alarm and Alarm.objects.filter(kind__in=WATCHED).exists():
            self.first_alarm = self.asked
        seen = candidates.candidates_of(self.world.actor("analyst"))
        return seen.filter(child=child, request=self.house.request).exists()

    def hers(self, locus: str) -> str:
        """Of the child's alleles, one that is the mother's: told to the attacker."""
        return next(allele for allele in self.own[locus] if allele in self.mother[locus])

    def guesses(self, locus: str) -> Iterator[str]:
        """Alleles to try at a locus."""
        everybody = [stranger(self.chance) for _ in range(12)]
        yield from sorted({allele for one in everybody for allele in one[locus]} - {self.hers(locus)})

    def near_copy(self, locus: str, guess: str) -> Calls:
        """The child's sample with one locus changed."""
        return self.own | {locus: (guess, guess)}

    def other_father(self, locus: str, guess: str) -> Calls:
        """A half-sibling: everywhere the mother's allele and a stranger's, at one locus the guess."""
        told = {name: (self.hers(name), stranger(self.chance)[name][0]) for name in LOCI} | {"AMEL": self.own["AMEL"]}
        # Three loci that cannot be hers make one more that does not fit the one too many.
        for name in [other for other in LOCI if other != locus][:2]:
            foreign = next(allele for allele in ("5", "45") if allele not in self.mother[name])
            told[name] = (foreign, foreign)
        return told | {locus: (guess, guess)}

    def run(self, queries: int) -> None:
        """Both ways in turn, locus by locus, and all again with other fathers."""
        ways = (self.near_copy, self.other_father)
        plan = [(way, locus, guess) for locus in LOCI for guess in self.guesses(locus) for way in ways]
        for way, locus, guess in itertools.islice(itertools.cycle(plan), queries):
            if self.ask(way(locus, guess)):
                self.learned.setdefault(locus, set()).add(guess)

    @property
    def recovered(self) -> set[str]:
        """Loci at which the answers told something of hers that the attacker did not have."""
        return {locus for locus, found in self.learned.items() if found & (set(self.mother[locus]) - {self.hers(locus)})}


@pytest.mark.parametrize("queries", [20, pytest.param(240, marks=pytest.mark.slow)])
def test_the_search_does_not_tell_a_relatives_genotype(world: World, queries: int) -> None:
    attack = Attack(world)
    attack.run(queries)
    assert attack.asked == queries
    assert len(attack.recovered) <= 2
    assert 1 <= attack.first_alarm <= 5
    told = Candidate.objects.filter(request=attack.house.request).exclude(gate="insufficient").count()
    assert told <= 4


def test_a_true_child_is_found_beside_them(world: World) -> None:
    """What holds answers back holds none from whoever asks for the first time."""
    house = House(world)
    house.sampled("mother")
    house.sampled("father")
    house.sampled("child")
    house.search()
    assert Candidate.objects.get(request=house.request).child == house.child
    assert not Alarm.objects.filter(kind__in=WATCHED).exists()
