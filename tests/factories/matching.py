"""Families and children whose alleles are drawn as often as people have them. All people are made up."""

from __future__ import annotations

import random
from collections.abc import Mapping
from functools import cache
from typing import Any

from factories.kits import gone, ordered, told
from factories.laboratory import LOCI, Calls, child_of, family, sample, second_analyst, table
from factories.world import World
from wayhome import kinship
from wayhome.casework.children.models import Child
from wayhome.casework.families.models import Relative, TracingRequest
from wayhome.casework.laboratory.actions.files import import_file
from wayhome.casework.laboratory.models import Kit
from wayhome.casework.matching import tasks
from wayhome.casework.matching.actions import reading
from wayhome.casework.matching.models import Candidate


@cache
def _alleles(locus: str) -> tuple[tuple[str, ...], tuple[float, ...]]:
    known = kinship.population("china").loci[locus]
    common = {allele: share for allele, share in known.items() if share >= 0.01}
    return tuple(common), tuple(common.values())


def stranger(chance: random.Random, sex: str = "F") -> Calls:
    """Somebody of the population: two alleles a locus, each as often as the table says."""

    def drawn(locus: str) -> tuple[str, str]:
        alleles, shares = _alleles(locus)
        one, other = chance.choices(alleles, shares, k=2)
        return one, other

    return {locus: drawn(locus) for locus in LOCI} | {"AMEL": ("X", "Y" if sex == "M" else "X")}


def typed(world: World, calls: Mapping[Kit, Mapping[str, tuple[str, ...]]], *, by: str = "analyst") -> None:
    """A laboratory's file with these samples."""
    samples = {kit.number: one for kit, one in calls.items()}
    import_file(name="run.csv", data=table(samples), signature=None, by=world.actor(by), at=world.now())


def second_sample(world: World, of: Relative | Child) -> Kit:
    """Taken again, by other hands."""
    kit = ordered(world, of, second=True)
    told(world, kit, "taken", by="officer2", witness=world.staff["doctor"])
    return gone(world, kit, "sent", "received")


class House:
    """A family that looks for a child, and the child, both typed; a step at a time, to the confirmation."""

    def __init__(self, world: World, seed: int = 1, *, child: Child | None = None, **more: Any) -> None:
        self.world, self.chance = world, random.Random(seed)
        self.request: TracingRequest
        self.kin: dict[str, Relative]
        self.request, self.kin = family(world, **more)
        self.child: Child = child or world.in_hospital()
        self.calls: dict[str, Calls] = {"mother": stranger(self.chance, "F"), "father": stranger(self.chance, "M")}
        self.calls["child"] = child_of(self.calls["mother"], self.calls["father"], self.chance, self.child.sex)

    def of(self, who: str) -> Relative | Child:
        """One of them."""
        return self.child if who == "child" else self.kin[who]

    def sampled(self, who: str, *, second: bool = False, calls: Calls | None = None) -> Kit:
        """A sample of one of them, typed."""
        of = self.of(who)
        kit = second_sample(self.world, of) if second else sample(self.world, of)
        typed(self.world, {kit: calls or self.calls[who]})
        return kit

    def search(self) -> int:
        """What the worker does."""
        return tasks.search(at=self.world.now())

    def everybody_sampled(self, *, second: bool = False) -> None:
        """Mother, father and child."""
        for who in ("mother", "father", "child"):
            self.sampled(who, second=second)

    def candidate(self) -> Candidate:
        """What a search proposed."""
        return Candidate.objects.get(child=self.child, request=self.request, end__isnull=True)

    def read_by_two(self) -> None:
        """Two analysts say so."""
        if "analyst2" not in self.world.staff:
            second_analyst(self.world)
        for who in ("analyst", "analyst2"):
            reading.read(candidate=self.candidate(), conclusion="supports", by=self.world.actor(who), at=self.world.now())

    def confirm(self) -> Any:
        """The head of the laboratory does."""
        return reading.confirm(candidate=self.candidate(), by=self.world.actor("lab_supervisor"), at=self.world.now())

    def proposed(self) -> Candidate:
        """Everybody was typed and searched; the candidate."""
        self.everybody_sampled()
        self.search()
        return self.candidate()

    def supported(self) -> Candidate:
        """And two analysts said so."""
        candidate = self.proposed()
        self.read_by_two()
        return candidate

    def second(self) -> Candidate:
        """And second samples say the same."""
        candidate = self.supported()
        self.everybody_sampled(second=True)
        self.search()
        return candidate

    def confirmed(self) -> Any:
        """And it was confirmed."""
        self.second()
        return self.confirm()
