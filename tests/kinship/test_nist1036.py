"""Real people: the 1,036 public genotypes of NIST (Hill 2013, Steffen 2017), with children simulated from pairs of them.

The numbers of strangers who look like a parent are compared with figures computed from the Chinese table for unrelated people
(exact_adventitious.csv, simulated_lr_fpr_fnr.csv). The test: for each of five events, the rate seen among the Asian people lies
within four standard errors of the rate computed, standard errors by the jackknife over people (each takes part in many pairs).
"""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest

from wayhome import kinship
from wayhome.kinship.arrays import BoolArray, FloatArray, IntArray
from wayhome.kinship.likelihood.network import Shape
from wayhome.kinship.search.tables import genotype_index, lr_table

Genotypes = dict[str, dict[str, tuple[str, str]]]
MOTHER_AND_CHILD = Shape((-1, 0), (-1, -1), (False, False), (1, 0), 1)


@pytest.fixture(scope="module")
def people(golden: Path) -> tuple[Genotypes, dict[str, str]]:
    """Genotypes and groups by sample."""
    genotypes: Genotypes = defaultdict(dict)
    group = {}
    with (golden.parent / "data" / "nist1036_genotypes.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            genotypes[row["sample"]][row["marker"]] = (row["allele1"], row["allele2"])
            group[row["sample"]] = row["population"]
    assert len(genotypes) == 1036
    return dict(genotypes), group


def _child(
    rng: np.random.Generator, name: str, one: dict[str, tuple[str, str]], two: dict[str, tuple[str, str]]
) -> kinship.Profile:
    calls = {marker: (one[marker][rng.integers(2)], two[marker][rng.integers(2)]) for marker in one if marker in two}
    return kinship.Profile.from_calls(name, calls)


def test_children_find_their_parents_first(people: tuple[Genotypes, dict[str, str]]) -> None:
    genotypes, group = people
    families = []
    for sample, calls in genotypes.items():
        pedigree = kinship.Pedigree.of([("parent", None, None, "U"), ("child", "parent", None, "U")], "child", sample)
        families.append(kinship.Family(pedigree, {"parent": kinship.Profile.from_calls(sample, calls)}))
    rng = np.random.default_rng(11)
    children, parents = [], {}
    for i in range(60):
        one = rng.choice(list(genotypes))
        two = rng.choice([s for s in genotypes if group[s] == group[one] and s != one])
        children.append(_child(rng, f"C{i}", genotypes[one], genotypes[two]))
        parents[f"C{i}"] = {one, two}
    found = kinship.find(children, families, [kinship.PopulationModel(kinship.population("nist-all"))], top=2)
    assert len(found.loci) == 29
    for result in found.children:
        assert {candidate.family for candidate in result.candidates} == parents[result.child]
        assert all(candidate.mismatches == 0 for candidate in result.candidates)


def _compare(
    genotypes: Genotypes, names: list[str], loci: tuple[str, ...], pairs: IntArray, rng: np.random.Generator
) -> tuple[FloatArray, IntArray]:
    """log10 LR and mismatches [children, people] of every person as a parent of every child."""
    model = kinship.PopulationModel(kinship.population("china"))
    log10_lr = np.zeros((len(pairs), len(names)))
    mismatches = np.zeros((len(pairs), len(names)), dtype=np.int64)
    for marker in loci:
        locus = model.locus(marker, (a for name in names for a in genotypes[name][marker]))
        codes = np.array([sorted(locus.codes(genotypes[name][marker])) for name in names])
        table = lr_table(MOTHER_AND_CHILD, locus, codes[:, None, :])
        children = np.sort(np.stack([codes[pairs[:, side], rng.integers(0, 2, len(pairs))] for side in (0, 1)], axis=1), axis=1)
        log10_lr += table[:, [genotype_index(a, b, len(locus)) for a, b in children]].T
        mismatches += ~(children[:, None, :, None] == codes[None, :, None, :]).any(axis=(2, 3))
    return log10_lr, mismatches


def _rate_and_error(event: BoolArray, stranger: BoolArray, pairs: IntArray) -> tuple[float, float]:
    """Rate of an event among strangers, and its jackknife standard error over people."""
    hits, trials = event & stranger, stranger
    n = event.shape[1]
    left = []
    for person in range(n):
        rows = (pairs != person).all(axis=1)
        keep = np.arange(n) != person
        left.append(hits[rows][:, keep].sum() / trials[rows][:, keep].sum())
    return float(hits.sum() / trials.sum()), float(np.sqrt((n - 1) * np.var(left)))


def test_strangers_look_like_parents_as_often_as_computed(people: tuple[Genotypes, dict[str, str]], golden: Path) -> None:
    genotypes, group = people
    loci = kinship.panel("Identifiler").autosomal
    names = [s for s in genotypes if group[s] == "Asian" and all(marker in genotypes[s] for marker in loci)]
    rng = np.random.default_rng(5)
    pairs = np.array([rng.choice(len(names), 2, replace=False) for _ in range(4000)])
    log10_lr, mismatches = _compare(genotypes, names, loci, pairs, rng)
    stranger = np.ones_like(mismatches, dtype=bool)
    for side in (0, 1):
        stranger[np.arange(len(pairs)), pairs[:, side]] = False
    for name, event, computed in (
        *((f"<= {m} mismatches", mismatches <= m, rate) for m, rate in enumerate(_computed_mismatches(golden))),
        *((f"LR >= {lr}", log10_lr >= np.log10(float(lr)), rate) for lr, rate in _computed_lr(golden).items()),
    ):
        seen, error = _rate_and_error(event, stranger, pairs)
        # 97 people can tell a rate of 2e-4 to a third of itself, one of 1e-5 (LR 1e4) to about itself: no more is claimed.
        assert error < (1.5 if name == "LR >= 1e4" else 0.5) * computed, f"{name}: the sample is too small to tell"
        assert abs(seen - computed) <= 4 * error, f"{name}: {seen:.3g} seen, {computed:.3g} computed, standard error {error:.2g}"


def _computed_mismatches(golden: Path) -> list[float]:
    with (golden.parent / "data" / "exact_adventitious.csv").open(encoding="utf-8") as file:
        row = next(r for r in csv.DictReader(file) if r["kit"] == "Identifiler 15" and r["relation"] == "duo")
    return [float(row[f"prob_{column}"]) for column in ("unrelated_0_mismatch", "<=1_mismatch", "<=2_mismatch")]


def _computed_lr(golden: Path) -> dict[str, float]:
    with (golden.parent / "data" / "simulated_lr_fpr_fnr.csv").open(encoding="utf-8") as file:
        rows = [r for r in csv.DictReader(file) if r["kit"] == "Identifiler 15" and r["relation"] == "parent-child duo"]
    return {r["LR_threshold"]: float(r["false_positive_rate_unrelated"]) for r in rows if r["LR_threshold"] in ("1e2", "1e4")}
