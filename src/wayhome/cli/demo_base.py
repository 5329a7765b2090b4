"""The families of the demonstration: twelve that lost one of the 89 children, and a base of many that did not. Nobody is real.

Alleles are drawn from the Chinese national table and dropped through pedigrees; one child has a mutation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from typing import Any

import numpy as np

from wayhome import kinship

KIT = "Huaxia Platinum"
POPULATION = "china"


@dataclass(frozen=True)
class Lost:
    """A family of the story.

    Parameters
    ----------
    kind : what remains of it: "couple", "mother", "father", "grandparents", "sibling".
    genotypes : member -> locus -> alleles, of all members, the child among them.
    """

    kind: str
    pedigree: kinship.Pedigree
    genotypes: Mapping[str, Mapping[str, tuple[str, ...]]]
    typed: tuple[str, ...]
    mutated: str = ""


KINDS = ("couple",) * 6 + ("mother", "father", "mother") + ("grandparents",) * 2 + ("sibling",)
"""Six couples, three single parents, two pairs of grandparents, one sibling."""
_TYPED = {
    "couple": ("father", "mother"),
    "mother": ("mother",),
    "father": ("father",),
    "grandparents": ("grandfather", "grandmother"),
    "sibling": ("sibling 1",),
}


@cache
def model() -> kinship.PopulationModel:
    """The population."""
    return kinship.PopulationModel(kinship.population(POPULATION))


@cache
def loci() -> tuple[str, ...]:
    """What the kit types of it."""
    return tuple(name for name in kinship.panel(KIT).autosomal if name in model().frequencies.loci)


def _pedigree(kind: str, sex: Any) -> kinship.Pedigree:
    if kind == "grandparents":
        return kinship.grandparents("father", sex=sex)
    if kind == "sibling":
        return kinship.full_siblings()
    return kinship.trio(sex=sex)


def dropped(pedigree: kinship.Pedigree, chance: np.random.Generator) -> dict[str, dict[str, tuple[str, ...]]]:
    """Alleles of everybody in a pedigree, without mutation: where there is one, it is put in by hand."""
    plain = kinship.PopulationModel(kinship.population(POPULATION), mutation=kinship.NO_MUTATION)
    found: dict[str, dict[str, tuple[str, ...]]] = {member: {} for member in pedigree.ids}
    for name in loci():
        locus = plain.locus(name)
        drawn = kinship.gene_drop(pedigree, locus, 1, chance)[0]
        for member, pair in zip(pedigree.ids, drawn.tolist(), strict=True):
            found[member][name] = tuple(locus.alleles[one] for one in pair)
    return found


def lost(kind: str, sex: str, chance: np.random.Generator, *, mutation: bool = False) -> Lost:
    """A family of a kind whose child is of a sex."""
    pedigree = _pedigree(kind, sex)
    made = Lost(kind, pedigree, dropped(pedigree, chance), _TYPED[kind])
    return _mutated(made) if mutation else made


def _mutated(family: Lost) -> Lost:
    """The child's allele from its father is a repeat longer at one locus, and fits neither parent."""
    child, father, mother = (family.genotypes[who] for who in ("child", "father", "mother"))
    for name in loci():
        table = model().frequencies.loci[name]
        known = {*father[name], *mother[name]}
        for allele in child[name]:
            longer = str(int(allele) + 1) if allele.isdigit() else ""
            other = child[name][1 - child[name].index(allele)]
            if longer in table and longer not in known and allele in father[name] and other in mother[name]:
                changed = {**child, name: (longer, other)}
                return replace(family, genotypes={**family.genotypes, "child": changed}, mutated=name)
    raise RuntimeError("no locus of this family takes a mutation")


def sibling_pair(chance: np.random.Generator, *, identical: bool) -> list[dict[str, tuple[str, ...]]]:
    """Two children whose kinship nobody reported."""
    drawn = dropped(kinship.full_siblings(), chance)
    return [drawn["child"], drawn["child"] if identical else drawn["sibling 1"]]


def stranger(chance: np.random.Generator) -> dict[str, tuple[str, ...]]:
    """A child of none of these families."""
    return dropped(kinship.duo("mother"), chance)["mother"]


def profile(sample: str, alleles: Mapping[str, tuple[str, ...]], sex: str) -> kinship.Profile:
    """As a laboratory reads it."""
    amelogenin = {"F": ("X", "X"), "M": ("X", "Y")}.get(sex)
    told = {**alleles} if amelogenin is None else {**alleles, "AMEL": amelogenin}
    return kinship.Profile(sample, told, KIT)


@dataclass
class OldBase:
    """Couples who lost a child that is none of the 89, as a base of years ago holds them."""

    families: int
    seed: int = 2009
    day: date = date(2011, 7, 22)

    def households(self) -> list[Any]:
        """In the form in which the house takes them over."""
        from wayhome.casework.laboratory.actions.takeover import Household, Member, Paper

        made = kinship.simulate_base(self.families, model(), loci=loci(), seed=self.seed, shapes={"couple": 1.0}, found=0.0)
        paper = Paper("signed on paper", self.day - timedelta(days=500), self.day + timedelta(days=15 * 365), "base of 2009")
        born = self.day - timedelta(days=900)
        told = {
            "sex": "U",
            "born_from": born,
            "born_to": born + timedelta(days=400),
            "lost_from": born + timedelta(days=400),
            "lost_to": self.day - timedelta(days=60),
            "place": "-",
            "where": None,
            "cause": "unknown",
            "circumstances": "",
            "looks": "",
            "blood_group": "",
        }
        households = []
        for n, family in enumerate(made.families, 1):
            members = []
            for one in family.pedigree:
                read = family.profiles.get(one.id)
                paper_of = None if read is None else paper
                members.append(Member(one.id, one.sex, "", one.mother, one.father, paper_of, read))
            households.append(Household({**told, "child_name": f"DNA 2009 {n:06d}"}, members, family.missing))
        return households
