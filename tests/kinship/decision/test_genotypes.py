"""The laws of a family's child are those that the search's tables and the likelihoods of single pedigrees give."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from tests.kinship.decision.builders import CHINA, KIT23, PROPORTIONAL, STEPWISE, TOWN, one_family
from tests.strategies import Case, cases

from wayhome import kinship
from wayhome.kinship import Family, PopulationModel, Profile
from wayhome.kinship.decision.genotypes import encoded, family_laws, locus_law, mismatches, typed_at, unordered
from wayhome.kinship.search.compiled import compile_families

LOCI = ("TH01", "D3S1358", "FGA")


@pytest.mark.parametrize("shape", kinship.FAMILY_SHAPES)
@pytest.mark.parametrize(
    "model", [PopulationModel(TOWN, STEPWISE), PopulationModel(TOWN, PROPORTIONAL, theta=0.03)], ids=["stepwise", "theta"]
)
def test_the_lr_of_each_outcome_is_that_of_the_search(shape: str, model: PopulationModel) -> None:
    family = one_family(shape, model, LOCI)
    compiled = compile_families([family], model)
    for law in family_laws(family, model).laws:
        ladder = model.locus(law.locus).alleles
        for a, b, x in zip(*unordered(model.locus(law.locus)), law.log10_lr, strict=True):
            labels = tuple(dict.fromkeys((ladder[a], ladder[b])))
            table, _ = compiled.log10_lr(Profile("C", {law.locus: labels}))
            assert x == pytest.approx(table[0, 0], rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("shape", ["couple", "mother", "two grandparents and aunt", "two siblings"])
@pytest.mark.parametrize("theta", [0.0, 0.02])
def test_loci_worked_out_together_are_those_worked_out_alone(shape: str, theta: float) -> None:
    """Ladders of different lengths, a locus at which fewer were typed, one with an allele outside the table, one impossible."""
    model = PopulationModel(TOWN, kinship.NO_MUTATION, theta)
    family = one_family(shape, model, LOCI)
    first, *others = family.profiles
    profiles = {**family.profiles, first: Profile("A", {**family.profiles[first].genotypes, "FGA": ("20", "30.2")})}
    for member in others:
        profiles[member] = Profile(member, {name: ("15",) for name in LOCI if name == "D3S1358"} | {"FGA": ("20", "21")})
    if "grandfather" in profiles:  # an aunt whose alleles no parent has
        profiles["grandfather"] = Profile("G", {**profiles["grandfather"].genotypes, "D3S1358": ("14",)})
        profiles["grandmother"] = Profile("H", {**profiles["grandmother"].genotypes, "D3S1358": ("14",)})
    changed = Family(family.pedigree, profiles)
    together = family_laws(changed, model)
    alone = {}
    for name in LOCI:
        seen = typed_at(changed, name)
        locus = model.locus(name, (label for labels in seen.values() for label in labels))
        alone[name] = locus_law(changed.pedigree, changed.missing, seen, locus, theta)
    assert together.impossible == tuple(name for name, law in alone.items() if law is None)
    assert ("D3S1358" in together.impossible) == ("grandfather" in profiles)
    for law in together.laws:
        other = alone[law.locus]
        assert other is not None
        assert law.true == pytest.approx(other.true, abs=1e-14)
        assert law.stranger == pytest.approx(other.stranger, abs=1e-14)
        assert (law.mismatch == other.mismatch).all()


@pytest.mark.parametrize("theta", [0.0, 0.02])
def test_laws_sum_to_one_and_a_strangers_mean_lr_is_one(theta: float) -> None:
    model = PopulationModel(kinship.population("china"), theta=theta)
    for law in family_laws(one_family("couple", model, KIT23), model).laws:
        assert law.true.sum() == pytest.approx(1, abs=1e-12)
        assert law.stranger.sum() == pytest.approx(1, abs=1e-12)
        assert (law.stranger * 10**law.log10_lr).sum() == pytest.approx(1, abs=1e-12)


@settings(max_examples=40)
@given(cases(structured=False, silent=True, x_linked=False, least=1))
def test_with_silent_alleles_an_outcome_is_what_a_kit_shows(case: Case) -> None:
    """Against the sum over all pairs of alleles that the child may have, each a pedigree likelihood of its own."""
    pedigree, locus = case.pedigree, case.locus
    child = pedigree.from_the_oldest[-1]
    seen = {member: labels for member, labels in case.genotypes.items() if member != child}
    law = locus_law(pedigree, child, seen, locus)
    whole = kinship.log_likelihood(pedigree, seen, locus, convention="pruned")
    if law is None:
        assert whole == -math.inf
        return
    assume(len(locus) > 1)
    for k, (a, b) in enumerate(zip(*unordered(locus), strict=True)):
        labels = tuple(dict.fromkeys((locus.alleles[a], locus.alleles[b])))
        joint = kinship.log_likelihood(pedigree, {**seen, child: labels}, locus, convention="as_written")
        alone = kinship.log_likelihood(pedigree.with_unrelated(child), {child: labels}, locus)
        assert law.stranger[k] == pytest.approx(math.exp(alone), abs=1e-12)
        if locus.female is None and locus.male is None:
            assert law.true[k] == pytest.approx(math.exp(joint - whole), abs=1e-9)
    assert len(law.true) == len(unordered(locus)[0]) + 1  # and nothing at all
    assert law.true.sum() == pytest.approx(1, abs=1e-9)


@settings(max_examples=40)
@given(cases(structured=False, silent=False, x_linked=False, least=1))
def test_a_mismatch_is_what_no_pedigree_without_mutation_explains(case: Case) -> None:
    pedigree = case.pedigree
    child = pedigree.from_the_oldest[-1]
    seen = {member: labels for member, labels in case.genotypes.items() if member != child}
    exact = kinship.LocusModel("locus", case.locus.alleles, case.locus.frequencies)
    found = mismatches(pedigree, child, encoded(pedigree, seen, exact), case.locus)[0]
    if kinship.log_likelihood(pedigree, seen, exact) == -math.inf:
        assert not found.any()
        return
    for wrong, a, b in zip(found, *unordered(exact), strict=True):
        labels = tuple(dict.fromkeys((exact.alleles[a], exact.alleles[b])))
        assert wrong == (kinship.log_likelihood(pedigree, {**seen, child: labels}, exact) == -math.inf)


def test_a_boy_has_one_allele_of_the_x() -> None:
    model = PopulationModel(TOWN, kinship.NO_MUTATION, minimum_count=0)
    pedigree = kinship.duo("mother", sex="M")
    family = Family(pedigree, {"mother": Profile("M", {"DXS10074": ("16", "18")})})
    (law,) = family_laws(family, model, ["DXS10074"]).laws
    assert law.true == pytest.approx([0.5, 0, 0.5])
    assert law.stranger == pytest.approx([0.3, 0.5, 0.2])
    assert law.mismatch.tolist() == [False, True, False]


def test_an_allele_outside_the_table_widens_the_ladder() -> None:
    model = PopulationModel(TOWN, STEPWISE)
    family = Family(kinship.duo("mother"), {"mother": Profile("M", {"TH01": ("6", "8")})})
    (law,) = family_laws(family, model).laws
    assert len(law.true) == 15
    assert law.true.sum() == pytest.approx(1, abs=1e-12)


def test_relatives_who_cannot_be_related_tell_nothing() -> None:
    model = PopulationModel(TOWN, kinship.NO_MUTATION)
    father = Profile("F", {"TH01": ("6",), "FGA": ("20",)})
    brother = Profile("B", {"TH01": ("7",), "FGA": ("20", "21")})
    found = family_laws(Family(kinship.full_siblings(), {"father": father, "sibling 1": brother}), model)
    assert found.impossible == ("TH01",)
    assert found.loci == ("FGA",)


def test_a_family_of_whom_nobody_was_typed_has_no_power() -> None:
    with pytest.raises(kinship.InputError, match="no relative"):
        family_laws(Family(kinship.duo("mother"), {"mother": Profile("M")}), CHINA)


def test_theta_makes_a_stranger_likelier_to_share() -> None:
    seen = {"mother": ("9",)}
    locus = PopulationModel(TOWN, kinship.NO_MUTATION, minimum_count=0).locus("TH01")
    apart, alike = (locus_law(kinship.duo("mother"), "child", seen, locus, theta) for theta in (0.0, 0.05))
    assert apart is not None
    assert alike is not None
    with_nine = np.array([2, 5, 7, 8])  # 6/9, 7/9, 9/9, 9/9.3
    assert alike.stranger[with_nine].sum() > apart.stranger[with_nine].sum()
    # The next two alleles after 9, 9 from Balding and Nichols' urn.
    share = (2 * 0.05 + 0.95 * 0.1) / 1.05 * (3 * 0.05 + 0.95 * 0.1) / 1.10
    assert alike.stranger[7] == pytest.approx(share)
