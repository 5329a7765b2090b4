"""A DNA profile: what one sample showed at each locus, and what must be known about how it was read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Literal

from wayhome.kinship.errors import ProfileError
from wayhome.kinship.genetics.loci import Inheritance, allele_label, allele_order, locus, reported_locus
from wayhome.kinship.provenance import digest

Genotype = tuple[str, ...]
"""One or two allele labels in ladder order: ("9.3",) for a homozygote or a hemizygote, ("6", "9.3") for a heterozygote."""

_NOT_ALLELES = {
    "OL": "off_ladder",
    "OMR": "outside_marker_range",
    "OS": "off_scale",
}
_EMPTY = frozenset({"", "0", "-", "NA", "N/A", "NAN", "?"})


@dataclass(frozen=True, slots=True)
class Profile:
    """What one sample showed.

    Parameters
    ----------
    sample : the sample's id.
    genotypes : locus -> genotype, canonical names and labels; a locus that gave no result is absent.
    kit : the kit's name, where known.
    flags : locus -> quality flags: "off_ladder", "outside_marker_range", "off_scale", "more_than_two_alleles", "allele_range",
        "needs_kit"... A flagged locus stands in `genotypes` only if its alleles are certain all the same.

    A homozygote is kept as one label; whether that is one copy or two (X, male) is for the pedigree to say.
    """

    sample: str
    genotypes: Mapping[str, Genotype] = field(default_factory=dict)
    kit: str | None = None
    flags: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    _digest: list[str] = field(default_factory=list, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "genotypes", MappingProxyType(dict(self.genotypes)))
        object.__setattr__(self, "flags", MappingProxyType(dict(self.flags)))

    def __hash__(self) -> int:
        return hash((self.sample, self.kit, frozenset(self.genotypes.items()), frozenset(self.flags.items())))

    def __reduce__(self) -> tuple[object, ...]:
        return Profile, (self.sample, dict(self.genotypes), self.kit, dict(self.flags))

    @classmethod
    def from_calls(
        cls,
        sample: str,
        calls: Mapping[str, Iterable[str]] | Iterable[tuple[str, Iterable[str]]],
        *,
        kit: str | None = None,
    ) -> Profile:
        """A profile from a laboratory's calls.

        Names are understood given the kit, alleles brought to canonical labels, equal alleles told once. Empty cells ("", "0",
        "-", "NA") are no call. "OL", "OMR", "OS", ranges such as ">10" and a third allele set the locus aside with a flag.

        Parameters
        ----------
        sample : the sample's id.
        calls : locus as reported -> alleles as reported.
        kit : the kit's name, any spelling.

        Raises
        ------
        ProfileError
            for a text that is no allele, a locus told twice with different alleles, or an empty sample id; `field` is the locus.
        """
        sample = sample.strip()
        if not sample:
            raise ProfileError("a profile without a sample id", "Give every sample an id")
        genotypes: dict[str, Genotype] = {}
        flags: dict[str, tuple[str, ...]] = {}
        for reported, texts in calls.items() if isinstance(calls, Mapping) else calls:
            what = reported_locus(reported, kit)
            labels, found = _read_call(what.name, texts, what.allele_shift)
            if what.needs_kit and labels:
                found.append("needs_kit")
            if len(labels) > _most_alleles(what.name):
                found.append("more_than_two_alleles")
            if found:
                flags[what.name] = tuple(dict.fromkeys((*flags.get(what.name, ()), *found)))
                continue
            if not labels:
                continue
            if genotypes.setdefault(what.name, labels) != labels:
                raise ProfileError(
                    f"sample {sample} has {what.name} twice, as {'/'.join(genotypes[what.name])} and {'/'.join(labels)}",
                    "Keep the reading that is right, or give the second sample an id of its own",
                    field=what.name,
                )
        return cls(sample, genotypes, kit, flags)

    @property
    def digest(self) -> str:
        """SHA-256 of the sample's id and its genotypes, kept once asked for: a child meets many families."""
        if not self._digest:
            self._digest.append(digest([self.sample, dict(self.genotypes)]))
        return self._digest[0]

    def pair(self, name: str) -> tuple[str, str]:
        """Both alleles of a diploid locus; KeyError where it gave no result."""
        alleles = self.genotypes[name]
        return alleles[0], alleles[-1]

    def only(self, names: Iterable[str]) -> Profile:
        """The same profile at these loci alone."""
        keep = set(names)
        return replace(
            self,
            genotypes={k: v for k, v in self.genotypes.items() if k in keep},
            flags={k: v for k, v in self.flags.items() if k in keep},
        )

    @property
    def genetic_sex(self) -> Literal["M", "F"] | None:
        """Sex by amelogenin and Y-InDel; None where neither was read, or where they disagree."""
        amel = self.genotypes.get("AMEL")
        indel = self.genotypes.get("Y-InDel")
        if amel is None:
            return "M" if indel else None
        if "Y" in amel:
            return "M"
        return None if indel else "F"


def _most_alleles(name: str) -> int:
    return 2 if locus(name).inheritance is not Inheritance.Y or name in {"DYS385", "DYF387S1"} else 1


def _label(name: str, text: str, shift: int) -> str:
    """The allele's label; X and Y belong to amelogenin, repeats to all other loci, and the Y-InDel is told either way."""
    label = allele_label(text, shift)
    letter = label in {"X", "Y"}
    if letter != (name == "AMEL") and name != "Y-InDel":
        raise ProfileError(f'"{text}" is not an allele of {name}', "AMEL has X and Y, other loci have repeats; check the columns")
    return label


def _read_call(name: str, texts: Iterable[str], shift: int) -> tuple[Genotype, list[str]]:
    labels: set[str] = set()
    flags: list[str] = []
    for text in texts:
        bare = text.strip().upper()
        if bare in _EMPTY or not bare.strip("0."):
            continue
        if bare in _NOT_ALLELES:
            flags.append(_NOT_ALLELES[bare])
        elif bare[0] in "<>":
            flags.append("allele_range")
        else:
            try:
                labels.add(_label(name, bare, shift))
            except ProfileError as error:
                raise error.at(field=name) from None
    return tuple(sorted(labels, key=allele_order)), flags
