"""Reference cases as the library reads them: markers, hypotheses and genotypes of one case of a golden file."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from wayhome import kinship
from wayhome.kinship import Convention, LocusModel, Pedigree

GoldenCase = Mapping[str, Any]
LogLikelihoods = dict[tuple[str, str], float]
"""(hypothesis, marker) -> natural log"""


def read_cases(path: Path) -> list[GoldenCase]:
    """The cases of a file."""
    cases: list[GoldenCase] = json.loads(path.read_text("utf-8"))["cases"]
    return cases


def locus_of(marker: Mapping[str, Any]) -> LocusModel:
    """The numbers of a marker, its matrices as they are given."""
    mutation, silent = marker["mutation"], marker.get("silent_allele")
    female, male = (np.array(mutation[f"matrix_{sex}"]) if mutation else None for sex in ("female", "male"))
    alleles = tuple(marker["alleles"])
    frequencies = np.array(marker["frequencies"])
    where = alleles.index(silent) if silent else None
    return LocusModel(marker["name"], alleles, frequencies, female, male, where, marker["chromosome"] == "X")


def questions(case: GoldenCase) -> Iterator[tuple[str, str, Pedigree, dict[str, tuple[str, ...]], LocusModel]]:
    """(hypothesis, marker, pedigree, genotypes, locus) of everything a case asks."""
    loci = {marker["name"]: locus_of(marker) for marker in case["markers"]}
    for hypothesis, rows in case["hypotheses"].items():
        pedigree = _pedigree(rows)
        for name, locus in loci.items():
            genotypes = {person: tuple(calls[name]) for person, calls in case["genotypes"].items() if calls.get(name)}
            yield hypothesis, name, pedigree, genotypes, locus


def computed(case: GoldenCase, convention: Convention = "as_written") -> LogLikelihoods:
    """What the library answers."""
    return {
        (hypothesis, name): kinship.log_likelihood(pedigree, genotypes, locus, theta=case["theta"], convention=convention)
        for hypothesis, name, pedigree, genotypes, locus in questions(case)
    }


def computed_together(case: GoldenCase) -> LogLikelihoods:
    """The same, all loci of a hypothesis in one call."""
    loci = [locus_of(marker) for marker in case["markers"]]
    return {
        (hypothesis, name): value
        for hypothesis, rows in case["hypotheses"].items()
        for name, value in kinship.log_likelihoods(_pedigree(rows), case["genotypes"], loci, theta=case["theta"]).items()
    }


def _pedigree(rows: Iterable[Mapping[str, Any]]) -> Pedigree:
    return Pedigree.of((row["id"], row["father"], row["mother"], row["sex"]) for row in rows)


def expected(table: Mapping[str, Mapping[str, float | str]]) -> LogLikelihoods:
    """What a case says is right; "-inf" is a string there."""
    return {(hypothesis, name): float(value) for hypothesis, values in table.items() for name, value in values.items()}


def wrong(got: LogLikelihoods, right: LogLikelihoods, tolerance: float) -> dict[tuple[str, str], tuple[float, float]]:
    """Values further from what is right than the tolerance, absolute or relative where |ln| > 1; -inf must be -inf."""
    assert got.keys() == right.keys()
    return {
        key: (got[key], value)
        for key, value in right.items()
        if not (got[key] == value if math.isinf(value) else abs(got[key] - value) <= tolerance * max(1.0, abs(value)))
    }


def log10_lr(values: LogLikelihoods) -> float:
    """H1 over H2, all markers."""
    h1, h2 = (math.fsum(value for (hypothesis, _), value in values.items() if hypothesis == h) for h in ("H1", "H2"))
    return kinship.log10_ratio(h1, h2)
