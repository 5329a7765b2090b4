"""Everything a likelihood needs to know about a population: frequencies, mutation, theta, silent alleles."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from wayhome.kinship.arrays import FloatArray
from wayhome.kinship.errors import FrequencyError, ProfileError
from wayhome.kinship.genetics.frequencies import AlleleFrequencies
from wayhome.kinship.genetics.loci import Inheritance, locus
from wayhome.kinship.genetics.mutation import DEFAULT_MUTATION, MutationModel, check_matrix

SILENT = "silent"


@dataclass(frozen=True, eq=False, slots=True)
class LocusModel:
    """The numbers of one locus.

    Parameters
    ----------
    name : the locus.
    alleles : n labels in ladder order.
    frequencies : [n], sum to one.
    female, male : [n, n] mutation matrices of maternal and paternal meioses, row = parent's allele; None without mutation.
    silent : index of the silent allele, which no kit shows; a typed a/a may then be a/silent.
    x_linked : True for a locus of the X chromosome.
    """

    name: str
    alleles: tuple[str, ...]
    frequencies: FloatArray
    female: FloatArray | None = None
    male: FloatArray | None = None
    silent: int | None = None
    x_linked: bool = False
    index: Mapping[str, int] = field(init=False, repr=False)
    known_pairs: dict[tuple[str, ...], tuple[int, int]] = field(default_factory=dict, init=False, repr=False)
    """What `pair` has found so far."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "index", {label: i for i, label in enumerate(self.alleles)})
        n = len(self.alleles)
        if len(self.index) != n:
            raise FrequencyError(f"{self.name} lists an allele twice", "Keep one", field=self.name)
        p = np.asarray(self.frequencies, dtype=float)
        object.__setattr__(self, "frequencies", p)
        if p.shape != (n,) or not np.isfinite(p).all() or (p < 0).any() or abs(p.sum() - 1) > 1e-6:
            raise FrequencyError(
                f"the frequencies of {self.name} are not {n} shares that sum to one", "Correct them", field=self.name
            )
        for sex in ("female", "male"):
            matrix = getattr(self, sex)
            if matrix is not None:
                matrix = check_matrix(matrix, n, f"{sex} mutation matrix of {self.name}")
                object.__setattr__(self, sex, None if np.array_equal(matrix, np.eye(n)) else matrix)

    def __len__(self) -> int:
        return len(self.alleles)

    def passed_on(self, paternal: bool) -> FloatArray:
        """[n] what an unknown father (or mother) passes on: frequencies times the mutation matrix."""
        matrix = self.male if paternal else self.female
        return self.frequencies if matrix is None else np.asarray(self.frequencies @ matrix)

    def codes(self, labels: Iterable[str]) -> tuple[int, ...]:
        """Indices of labels on the ladder; ProfileError for one that is not on it."""
        try:
            return tuple(self.index[label] for label in labels)
        except KeyError as missing:
            raise ProfileError(
                f"allele {missing.args[0]} is not on the ladder of {self.name}", "Add it to the table", field=self.name
            ) from None

    def pair(self, labels: Sequence[str]) -> tuple[int, int]:
        """Indices of a genotype of one or two labels, smaller first, a homozygote's allele twice; errors as `codes`."""
        key = tuple(labels)
        found = self.known_pairs.get(key)
        if found is None:
            codes = self.codes(key)
            found = self.known_pairs[key] = (min(codes), max(codes))
        return found


@dataclass(frozen=True, eq=False, slots=True)
class PopulationModel:
    """Frequencies with everything assumed beside them.

    Parameters
    ----------
    frequencies : the table.
    mutation : the mutation model.
    theta : coancestry of the population, 0 <= theta < 1 (Balding & Nichols 1994).
    minimum_count : c of the least frequency c / 2N.
    silent : frequency of a silent allele, for all loci or per locus.
    """

    frequencies: AlleleFrequencies
    mutation: MutationModel = DEFAULT_MUTATION
    theta: float = 0.0
    minimum_count: float = 5.0
    silent: float | Mapping[str, float] = 0.0
    _made: dict[tuple[str, tuple[str, ...]], LocusModel] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        if not 0 <= self.theta < 1:
            raise FrequencyError(f"theta {self.theta} is outside 0..1", "Usual values are 0 to 0.03", field="theta")

    @property
    def loci(self) -> tuple[str, ...]:
        """Loci with frequencies, in the table's order."""
        return tuple(self.frequencies.loci)

    def locus(self, name: str, extra: Iterable[str] = ()) -> LocusModel:
        """The numbers of a locus; `extra` are alleles outside the table, which get the minimum frequency."""
        outside = set(extra).difference(self.frequencies.loci.get(name, ())) if extra else set()
        key = (name, tuple(sorted(outside)))
        made = self._made.get(key)
        if made is None:
            made = self._made[key] = self._make(*key)
        return made

    def _make(self, name: str, extra: tuple[str, ...]) -> LocusModel:
        alleles, p = self.frequencies.ladder(name, minimum_count=self.minimum_count, extra=extra)
        share = self.silent.get(name, 0.0) if isinstance(self.silent, Mapping) else self.silent
        silent = None
        if share:
            if not 0 < share < 1:
                raise FrequencyError(
                    f"the silent allele of {name} has the frequency {share}", "Give a share from 0 to 1", field=name
                )
            silent = len(alleles)
            alleles, p = (*alleles, SILENT), np.append(p * (1 - share), share)
        female, male = self.mutation.matrices(name, alleles, p, silent)
        return LocusModel(name, alleles, p, female, male, silent, locus(name).inheritance is Inheritance.X)

    def parameters(self) -> dict[str, object]:
        """For provenance."""
        return {
            "population": self.frequencies.name,
            "population_source": self.frequencies.source,
            "frequency_digest": self.frequencies.digest,
            "minimum_frequency": f"{self.minimum_count:g}/2N",
            "theta": self.theta,
            "silent": dict(self.silent) if isinstance(self.silent, Mapping) else self.silent,
            "mutation": self.mutation.parameters(),
        }

    def to_json(self) -> dict[str, Any]:
        """Everything the model is made of, as JSON values."""
        table = self.frequencies
        return {
            "name": table.name,
            "loci": {name: dict(alleles) for name, alleles in table.loci.items()},
            "people": dict(table.people),
            "people_where_not_stated": table.people_where_not_stated,
            "source": table.source,
            "cautions": list(table.cautions),
            "doubtful_loci": sorted(table.doubtful_loci),
            "mutation": self.mutation.parameters(),
            "theta": self.theta,
            "minimum_count": self.minimum_count,
            "silent": dict(self.silent) if isinstance(self.silent, Mapping) else self.silent,
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> PopulationModel:
        """The model that `to_json` told."""
        table = AlleleFrequencies(
            value["name"],
            value["loci"],
            value["people"],
            value["people_where_not_stated"],
            value["source"],
            tuple(value["cautions"]),
            frozenset(value["doubtful_loci"]),
        )
        mutation = MutationModel.from_parameters(value["mutation"])
        return cls(table, mutation, value["theta"], value["minimum_count"], value["silent"])

    @property
    def digest(self) -> str:
        """SHA-256 over the parameters."""
        return hashlib.sha256(json.dumps(self.parameters(), sort_keys=True).encode()).hexdigest()
