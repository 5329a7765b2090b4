"""Population models from what was typed: a table by name or file, with everything assumed beside it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from wayhome import kinship
from wayhome.cli.options import MutationKind


@dataclass(frozen=True, slots=True)
class Assumptions:
    """Everything that a population model holds beside its table. Rates left out are those of the default mutation model."""

    theta: float = 0.0
    mutation: MutationKind = "stepwise"
    rate_female: float | None = None
    rate_male: float | None = None
    range: float | None = None
    rate2: float | None = None
    silent: float = 0.0
    minimum_count: float = 5.0

    def model(self, frequencies: kinship.AlleleFrequencies) -> kinship.PopulationModel:
        """The model of one table; InputError for a number that cannot be."""
        for option, number, most in (("--silent", self.silent, 1), ("--minimum-count", self.minimum_count, 100)):
            if not 0 <= number <= most:
                raise kinship.InputError(f"{number:g} is outside 0..{most}", "Give another number", field=option)
        return kinship.PopulationModel(frequencies, self._mutation(), self.theta, self.minimum_count, self.silent)

    def _mutation(self) -> kinship.MutationModel:
        female, male = (
            kinship.MutationRates(
                default.rate if rate is None else rate,
                default.range if self.range is None else self.range,
                default.rate2 if self.rate2 is None else self.rate2,
            )
            for default, rate in (
                (kinship.DEFAULT_MUTATION.female, self.rate_female),
                (kinship.DEFAULT_MUTATION.male, self.rate_male),
            )
        )
        return kinship.MutationModel(self.mutation, female, male)


def read_models(
    populations: Sequence[str], assumptions: Assumptions, encoding: str | None = None
) -> tuple[list[kinship.PopulationModel], dict[str, str]]:
    """The models of several tables, and the SHA-256 of those that are files."""
    models, digests = [], {}
    for name in populations:
        models.append(assumptions.model(kinship.read_frequencies(name, encoding=encoding)))
        if name not in kinship.population_names():
            digests[name] = hashlib.sha256(Path(name).read_bytes()).hexdigest()
    return models, digests


def chosen_loci(text: str | None, models: Sequence[kinship.PopulationModel]) -> tuple[str, ...] | None:
    """The loci of a list parted by commas, None where there is none.

    Raises
    ------
    InputError
        for an empty list or a locus told twice.
    UnknownName
        for a locus that some table does not hold.
    """
    if text is None:
        return None
    names = [kinship.locus_name(part) for part in text.split(",") if part.strip()]
    for name in names:
        if names.count(name) > 1:
            raise kinship.InputError(f"{name} is named twice", "Name it once", field="--loci")
        for model in models:
            if name not in model.frequencies.loci:
                raise kinship.UnknownName(
                    f"the population {model.frequencies.name} has no frequencies for {name}",
                    "Choose another table or leave it out",
                    field="--loci",
                )
    if not names:
        raise kinship.InputError("no locus is named", "Name loci such as D3S1358,vWA", field="--loci")
    return tuple(names)


def told_mutation(mutation: kinship.MutationModel) -> str:
    """The mutation model in a few words."""
    if mutation.kind in ("none", "custom"):
        return "no mutation" if mutation.kind == "none" else "custom mutation matrices"
    return f"{mutation.kind} mutation, {mutation.female.rate:g} maternal and {mutation.male.rate:g} paternal"
