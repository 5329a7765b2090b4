"""Power against the field's programs, a table of simulations, and enumeration."""

from __future__ import annotations

import csv
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.kinship.decision.builders import CHINA, KIT23, STEPWISE, TOWN, listed, one_family
from tests.kinship.decision.test_mismatches import KITS, loci_of

from wayhome import kinship
from wayhome.kinship import Family, Pedigree, PopulationModel, Profile
from wayhome.kinship.decision.distribution import LrDistribution
from wayhome.kinship.decision.genotypes import family_laws
from wayhome.kinship.decision.mismatches import Relation, exclusion_probability, kit_mismatches
from wayhome.kinship.decision.power import family_power
from wayhome.kinship.decision.prospective import of_new_locus, with_relative

# The field's programs. What they computed exactly (exclusion power, mismatch counts) agrees to 1e-12. What they simulated agrees
# within four standard errors: the one they give for a mean, and for a share of n simulations, told to 1 / n, the binomial one.


@pytest.fixture(scope="module")
def cases(golden: Path) -> dict[str, dict[str, Any]]:
    found = json.loads((golden / "power.json").read_text("utf-8"))["cases"]
    return {case["id"]: case for case in found}


def model_of(case: dict[str, Any]) -> PopulationModel:
    loci = {
        kinship.locus_name(one["name"]): dict(zip(one["alleles"], one["frequencies"], strict=True)) for one in case["markers"]
    }
    return PopulationModel(kinship.AlleleFrequencies("reference", loci), kinship.NO_MUTATION, minimum_count=0)


def family_of(rows: list[dict[str, Any]], missing: str, genotypes: dict[str, dict[str, list[str]]]) -> Family:
    pedigree = Pedigree.of([(m["id"], m["father"], m["mother"], m["sex"]) for m in rows], missing)
    return Family(pedigree, {member: Profile.from_calls(member, calls) for member, calls in genotypes.items()})


CONDITIONAL = (
    *("ep-duo-childtyped", "ep-2gp-ref", "ep-1gp-ref"),
    *("mpep-parents", "mpep-mother", "mpep-twosibs", "mpep-gp2", "mpep-gp4", "mpep-motheraunt"),
)

UNTYPED: dict[str, Relation] = {"ep-duo-5": "duo", "ep-duo-23": "duo", "ep-trio-5": "trio"}
INCLUSION = ("mpip-parents", "mpip-gp2")
LR_POWER = ("lrpower-duo", "lrpower-gp1")


@pytest.mark.parametrize("name", CONDITIONAL)
def test_exclusion_power_of_typed_relatives(name: str, cases: dict[str, dict[str, Any]]) -> None:
    case = cases[name]
    model = model_of(case)
    if case["kind"] == "missingPersonEP":
        family = family_of(case["reference"], case["missing"], case["genotypes"])
    else:
        family = family_of(case["claim"], case["ids"][0], case["known_genotypes"])
    power, expected = family_power(family, model), case["expected"]
    assert [power.exclusion_by_locus[name] for name in model.loci] == pytest.approx(expected["EPperMarker"], abs=1e-12)
    assert power.exclusion == pytest.approx(expected["EPtotal"], abs=1e-12)
    assert power.stranger_mismatches.mean == pytest.approx(expected["expectedMismatch"], abs=1e-9)
    for count, probability in expected["distribMismatch"].items():
        assert power.stranger_mismatches.probabilities[int(count)] == pytest.approx(probability, abs=1e-12)


@pytest.mark.parametrize("name", UNTYPED)
def test_exclusion_power_before_anybody_is_typed(name: str, cases: dict[str, dict[str, Any]]) -> None:
    model, expected = model_of(cases[name]), cases[name]["expected"]
    relation = UNTYPED[name]
    by_locus = [exclusion_probability(relation, model.locus(locus).frequencies) for locus in model.loci]
    assert by_locus == pytest.approx(expected["EPperMarker"], abs=1e-12)
    law = kit_mismatches(relation, model.loci, model)
    assert law.mean == pytest.approx(expected["expectedMismatch"], abs=1e-9)
    assert law.more_than(0) == pytest.approx(expected["EPtotal"], abs=1e-12)
    for count, probability in expected["distribMismatch"].items():
        assert law.probabilities[int(count)] == pytest.approx(probability, abs=1e-12)


@pytest.mark.parametrize("name", INCLUSION)
def test_inclusion_power_of_typed_relatives(name: str, cases: dict[str, dict[str, Any]]) -> None:
    case = cases[name]
    reference = cases[case["reference_case"]]
    family = family_of(reference["reference"], reference["missing"], reference["genotypes"])
    lr, expected, n = family_power(family, model_of(reference)).lr, case["expected"], case["nsim"]
    assert abs(lr.mean - expected["mean_log10_lr"]) < 4 * expected["se_mean_log10_lr"]
    assert abs(lr.sd - expected["sd_log10_lr"]) < 4 * lr.sd / math.sqrt(2 * n)
    for label, quantile in expected["quantiles"].items():
        # A quantile of n simulations is that of a share which is itself off by a binomial error.
        share = float(label.rstrip("%")) / 100
        error = 4 * math.sqrt(share * (1 - share) / n)
        assert lr.true_below(quantile).most > share - error
        assert lr.true_below(quantile).least < share + error
    for threshold, share in expected["IP"].items():
        reached = lr.true_above(math.log10(float(threshold)))
        assert abs(reached.value - share) < 4 * math.sqrt(reached.value * (1 - reached.value) / n) + 1e-3


@pytest.mark.parametrize("name", LR_POWER)
def test_lr_before_anybody_is_typed(name: str, cases: dict[str, dict[str, Any]]) -> None:
    case, model = cases[name], model_of(cases["mpep-parents"])
    pedigree = family_of(case["numerator"], case["ids"][1], {}).pedigree
    laws = [
        law for locus in model.loci for law in with_relative(pedigree, case["ids"][1], case["ids"][0], {}, model.locus(locus))
    ]
    lr, expected, n = LrDistribution(laws), case["expected"], case["nsim"]
    assert abs(lr.mean - expected["H1_true"]["mean_log10_lr"]) < 4 * expected["H1_true"]["se"]
    assert abs(lr.sd - expected["H1_true"]["sd"]) < 4 * lr.sd / math.sqrt(n)
    for threshold, share in expected["H1_true"]["IP"].items():
        reached = lr.true_above(math.log10(float(threshold))).value
        assert abs(reached - share) < 4 * math.sqrt(reached * (1 - reached) / n) + 1e-3
    for threshold, share in expected["H2_true"]["IP"].items():
        reached = lr.stranger_above(math.log10(float(threshold))).value
        assert abs(reached - share) < 4 * math.sqrt(max(reached * (1 - reached), 1e-3 / n) / n) + 1 / n
    assert lr.stranger_zero == pytest.approx(expected["H2_true"]["frac_lr_zero"], abs=1 / n)
    if expected["H2_true"]["mean_log10_lr_finite"] is not None:
        assert lr.stranger_zero == 0
        mean = sum(float(law.stranger[law.stranger > 0] @ law.log10_lr[law.stranger > 0]) for law in laws)
        assert abs(mean - expected["H2_true"]["mean_log10_lr_finite"]) < 4 * expected["H2_true"]["se"]


def test_every_case_is_one_of_these(cases: dict[str, dict[str, Any]]) -> None:
    assert set(cases) == {*CONDITIONAL, *UNTYPED, *INCLUSION, *LR_POWER}


# 120,000 simulated pairs of each relation, stepwise mutation of 0.002 in both sexes; siblings without mutation.

BOTH = kinship.MutationRates(0.002)
MUTATING = PopulationModel(kinship.population("china"), kinship.MutationModel("stepwise", BOTH, BOTH), minimum_count=0)
NOT_MUTATING = PopulationModel(kinship.population("china"), kinship.NO_MUTATION, minimum_count=0)
PAIRS = 120_000


@pytest.fixture(scope="module")
def simulated(golden: Path) -> list[dict[str, str]]:
    with (golden.parent / "data" / "simulated_lr_fpr_fnr.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("relation", "pedigree", "relative", "model"),
    [
        ("parent-child duo", kinship.duo("father"), "father", MUTATING),
        ("full siblings", kinship.full_siblings(), "sibling 1", NOT_MUTATING),
        ("half siblings / one grandparent / avuncular", kinship.half_siblings(), "sibling 1", NOT_MUTATING),
    ],
    ids=["duo", "full siblings", "half siblings"],
)
@pytest.mark.parametrize("kit", ["Identifiler 15", "SiFaSTR 21"])
def test_error_rates_of_a_kit(
    relation: str, pedigree: Pedigree, relative: str, model: PopulationModel, kit: str, simulated: list[dict[str, str]]
) -> None:
    laws = [law for name in loci_of(kit) for law in with_relative(pedigree, "child", relative, {}, model.locus(name))]
    lr = LrDistribution(laws)
    rows = [row for row in simulated if row["relation"] == relation and row["kit"] == kit]
    assert len(rows) == 8
    for row in rows:
        t = math.log10(float(row["LR_threshold"]))
        lost = lr.true_below(t).value
        assert abs(lost - float(row["false_negative_rate"])) < 4 * math.sqrt(lost * (1 - lost) / PAIRS) + 1e-4
        found, told = lr.stranger_above(t).value, float(row["false_positive_rate_unrelated"])
        # By importance weighting: trustworthy from 100 on, as far as enough simulated pairs lie above.
        if t >= 2 and (1 - lost) * PAIRS > 1000:
            assert found == pytest.approx(told, rel=0.1)


def test_error_rates_of_two_grandparents(simulated: list[dict[str, str]]) -> None:
    """Their genotypes are drawn; the spread over parts of the simulation is the error."""
    rng = np.random.default_rng(5)
    pedigree = kinship.grandparents()
    loci = kinship.panel(KITS["Identifiler 15"]).autosomal
    typed = ("grandfather", "grandmother")
    drawn = [of_new_locus(pedigree, "child", typed, MUTATING.locus(n), draws=64, rng=rng) for n in loci]
    parts = [LrDistribution(part, points=4096) for part in zip(*drawn, strict=True)]
    rows = [row for row in simulated if row["relation"] == "both grandparents of one side" and row["kit"] == "Identifiler 15"]
    assert len(rows) == 8
    for row in rows:
        t = math.log10(float(row["LR_threshold"]))
        lost = [part.true_below(t).value for part in parts]
        error = np.std(lost, ddof=1) / math.sqrt(len(lost))
        assert abs(np.mean(lost) - float(row["false_negative_rate"])) < 4 * error + 2e-3


# By hand


def test_a_small_family_against_enumeration() -> None:
    model = PopulationModel(TOWN, STEPWISE, theta=0.01)
    family = one_family("mother and half-brother", model, ("TH01", "D3S1358", "FGA"))
    power = family_power(family, model)
    x, p0, p1 = listed(family_laws(family, model).laws)
    for t in (-3.0, -1.0, 0.0, 0.5, 1.0, 2.0):
        found = power.lr.stranger_above(t)
        assert found.least <= p0[x > t].sum() <= found.most
        found = power.lr.true_above(t)
        assert found.least <= p1[x > t].sum() <= found.most
        assert power.adventitious(t, 1000, 20).value == pytest.approx(20_000 * power.lr.stranger_above(t).value)
    assert power.loci == ("TH01", "D3S1358", "FGA")


def test_chance_matches_of_the_case_that_was_seen() -> None:
    """15 loci, mother and child known, more than 30 million searched: seven men with an LR above a million were found."""
    rng = np.random.default_rng(1)
    loci = kinship.panel("Identifiler").autosomal
    laws = [of_new_locus(kinship.trio(), "father", ("mother", "child"), CHINA.locus(n), draws=96, rng=rng) for n in loci]
    expected = [3e7 * LrDistribution(part).stranger_above(6.0).value for part in zip(*laws, strict=True)]
    assert 1 < np.mean(expected) < 40


def test_a_mutation_is_no_surprise_in_23_loci() -> None:
    """At 1.2e-3 a meiosis 2.7 % of true parents mismatch at one locus or more, 0.04 % at two or more."""
    rate = kinship.MutationRates(1.2e-3)
    model = PopulationModel(kinship.population("china"), kinship.MutationModel("stepwise", rate, rate))
    power = family_power(one_family("mother", model, KIT23), model)
    # A step to an allele that the mother has as well is no mismatch.
    assert 0.01 < power.true_mismatches.more_than(0) < 0.028
    assert 0 < power.true_mismatches.more_than(1) < 5e-4


def test_json_is_plain_and_complete() -> None:
    power = family_power(one_family("couple", CHINA, KIT23), CHINA)
    told = json.loads(json.dumps(power.to_json(1_000_000, 3, [4.0]), allow_nan=False))
    (row,) = told["thresholds"]
    assert row["adventitious"][0] == pytest.approx(3e6 * row["stranger_above"][0])
    assert told["loci"] == list(power.loci)
    assert told["quantiles"]["0.5"][0] == power.lr.median
    assert told["mismatches"]["2"]["stranger"] == power.stranger_mismatches.at_most(2)


def test_the_familys_own_threshold_keeps_the_expected_number() -> None:
    power = family_power(one_family("mother", CHINA, KIT23), CHINA)
    t = power.threshold(0.01, 1_000_000, 5)
    assert power.adventitious(t, 1_000_000, 5).most <= 0.01
    assert power.adventitious(t - 0.1, 1_000_000, 5).value > 0.01
    assert t < math.log10(5e6 / 0.01)


@pytest.mark.parametrize(("families", "children"), [(0, 1), (1, 0), (-5, 1)])
def test_a_search_of_nothing_is_refused(families: int, children: int) -> None:
    power = family_power(one_family("mother", CHINA, KIT23[:3]), CHINA)
    with pytest.raises(kinship.InputError):
        power.adventitious(4.0, families, children)
