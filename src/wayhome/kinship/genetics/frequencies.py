"""Allele frequencies of a population, as published and as used.

As used: every frequency is lifted to at least 5/2N (National Research Council 1996, "The Evaluation of Forensic DNA Evidence",
recommendation 4.1-4.2; N people typed), then the ladder is scaled to sum to one. An allele outside the table gets the minimum.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib import resources
from types import MappingProxyType
from typing import Any

import numpy as np

from wayhome.kinship.arrays import FloatArray
from wayhome.kinship.errors import FrequencyError, UnknownName
from wayhome.kinship.genetics.loci import allele_label, allele_order, locus_name

PEOPLE_WHERE_NOT_STATED = 1000
SUM_TOLERANCE = 0.02
"""Published tables are rounded; the shipped ones sum to 0.998..1.004."""


@dataclass(frozen=True, eq=False)
class AlleleFrequencies:
    """A population's allele frequencies as published.

    Parameters
    ----------
    name : how results call the population.
    loci : locus -> allele label -> frequency in 0..1.
    people : locus -> number of people typed; None where the source does not say.
    people_where_not_stated : number taken for those.
    source, cautions : where the figures come from, and how far to trust them.
    doubtful_loci : loci that a search leaves out unless they are asked for by name.

    Raises
    ------
    FrequencyError
        for a frequency outside 0..1 or not finite, an empty locus, or a sum further than `SUM_TOLERANCE` from one.
    """

    name: str
    loci: Mapping[str, Mapping[str, float]]
    people: Mapping[str, int | None] = field(default_factory=dict)
    people_where_not_stated: int = PEOPLE_WHERE_NOT_STATED
    source: str = ""
    cautions: tuple[str, ...] = ()
    doubtful_loci: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        for locus, table in self.loci.items():
            _check(locus, table)
        frozen = {locus: MappingProxyType(dict(table)) for locus, table in self.loci.items()}
        object.__setattr__(self, "loci", MappingProxyType(frozen))

    def __reduce__(self) -> tuple[object, ...]:
        loci = {locus: dict(table) for locus, table in self.loci.items()}
        about = (self.people_where_not_stated, self.source, self.cautions, self.doubtful_loci)
        return AlleleFrequencies, (self.name, loci, dict(self.people), *about)

    @classmethod
    def from_rows(cls, name: str, rows: Iterable[tuple[str, str, float, int | None]], **about: Any) -> AlleleFrequencies:
        """From (locus, allele, frequency, people or None) rows in any order; a row told twice is an error."""
        loci: dict[str, dict[str, float]] = {}
        people: dict[str, int | None] = {}
        for reported, allele, frequency, n in rows:
            locus = locus_name(reported)
            label = allele_label(allele)
            table = loci.setdefault(locus, {})
            if label in table:
                raise FrequencyError(f"allele {label} of {locus} is told twice", "Keep one row", field=locus)
            table[label] = frequency
            people[locus] = n if n is not None else people.get(locus)
        return cls(name, loci, people, **about)

    def minimum(self, locus: str, count: float = 5.0) -> float:
        """The smallest frequency used at a locus: count / 2N."""
        n = self.people.get(locus) or self.people_where_not_stated
        return count / (2 * n)

    def ladder(self, locus: str, *, minimum_count: float = 5.0, extra: Iterable[str] = ()) -> tuple[tuple[str, ...], FloatArray]:
        """Alleles of a locus in ladder order and their frequencies as used, [n], sum one.

        Parameters
        ----------
        minimum_count : c of the minimum c / 2N; 0 uses the published figures.
        extra : labels outside the table, each given the minimum (at least 1 / 2N); the rest shrinks to make room.

        Raises
        ------
        UnknownName
            for a locus the table does not hold.
        """
        if locus not in self.loci:
            raise UnknownName(
                f"the population {self.name} has no frequencies for {locus}",
                "Choose another table or leave it out",
                field=locus,
            )
        table = self.loci[locus]
        labels = tuple(sorted(table, key=allele_order))
        least = self.minimum(locus, minimum_count)
        values = np.maximum([table[label] for label in labels], least)
        kept = values > 0
        if not kept.all():
            labels = tuple(label for label, keep in zip(labels, kept, strict=True) if keep)
            values = values[kept]
        values = values / values.sum()
        added = sorted(set(extra) - set(labels), key=allele_order)
        if added:
            share = max(least, self.minimum(locus, 1.0))
            if share * len(added) >= 1:
                raise FrequencyError(
                    f"{locus} was typed in too few people to give {', '.join(added)} a frequency",
                    "Use a larger table",
                    field=locus,
                )
            values = np.concatenate([values * (1 - share * len(added)), np.full(len(added), share)])
            order = sorted(range(len(values)), key=lambda i: allele_order((*labels, *added)[i]))
            labels = tuple((*labels, *added)[i] for i in order)
            values = values[order]
        return labels, values

    @cached_property
    def digest(self) -> str:
        """SHA-256 over name, figures and sample sizes."""
        told = [[locus, self.people.get(locus), sorted(table.items())] for locus, table in sorted(self.loci.items())]
        text = json.dumps([self.name, self.people_where_not_stated, told], separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def _check(locus: str, table: Mapping[str, float]) -> None:
    if not table:
        raise FrequencyError(f"{locus} has no alleles", "Give at least one", field=locus)
    for allele, frequency in table.items():
        if not (np.isfinite(frequency) and 0 <= frequency <= 1):
            raise FrequencyError(
                f"allele {allele} of {locus} has the frequency {frequency}", "Give a share from 0 to 1", field=locus
            )
    total = sum(table.values())
    if abs(total - 1) > SUM_TOLERANCE:
        raise FrequencyError(
            f"the frequencies of {locus} sum to {total:.4f}",
            "A line may be missing or told twice; counts must be turned into shares",
            field=locus,
        )


@cache
def _sources() -> dict[str, dict[str, Any]]:
    text = resources.files("wayhome.kinship").joinpath("data", "frequencies", "sources.json").read_text("utf-8")
    sources: dict[str, dict[str, Any]] = json.loads(text)
    return sources


def population_names() -> tuple[str, ...]:
    """Names of the shipped tables."""
    return tuple(_sources())


def population_title(name: str) -> str:
    """One line that says what a shipped table is."""
    return str(_sources()[name]["title"])


@cache
def population(name: str) -> AlleleFrequencies:
    """A shipped table.

    Raises
    ------
    UnknownName
        with the names there are.
    """
    about = _sources().get(name)
    if about is None:
        raise UnknownName(
            f'no population is called "{name}"',
            f"Shipped are: {', '.join(_sources())}; or give a file",
            field="population",
        )
    text = resources.files("wayhome.kinship").joinpath("data", "frequencies", str(about["file"])).read_text("utf-8")
    return AlleleFrequencies.from_rows(
        name,
        (
            (row["marker"], row["allele"], float(row["frequency"]), int(row["n"]) if row["n"] else None)
            for row in csv.DictReader(text.splitlines())
        ),
        people_where_not_stated=about.get("n", PEOPLE_WHERE_NOT_STATED),
        source=about["source"],
        cautions=tuple(about["cautions"]),
        doubtful_loci=frozenset(about.get("doubtful_loci", ())),
    )
