"""The engine gives what enumeration gives, and does not care how a family is told."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.kinship.likelihood import oracle
from tests.strategies import Case, cases

from wayhome import kinship
from wayhome.kinship import Convention, LocusModel, Member, Pedigree
from wayhome.kinship.genetics.mutation import Kind

CONVENTIONS = st.sampled_from(["as_written", "pruned"])


def log_likelihood(case: Case, convention: Convention = "as_written") -> float:
    return kinship.log_likelihood(case.pedigree, case.genotypes, case.locus, theta=case.theta, convention=convention)


def same(value: float, tolerance: float = 1e-10) -> object:
    """Equal within a relative tolerance of the likelihood itself; -inf is -inf."""
    return pytest.approx(value, rel=tolerance, abs=tolerance)


# Against enumeration


@pytest.mark.parametrize("structured", [False, True], ids=["theta 0", "theta"])
@pytest.mark.parametrize("silent", [False, True], ids=["all shown", "silent"])
@pytest.mark.parametrize("x_linked", [False, True], ids=["autosomal", "X"])
@given(data=st.data(), convention=CONVENTIONS)
def test_engine_equals_enumeration(
    data: st.DataObject, convention: Convention, x_linked: bool, silent: bool, structured: bool
) -> None:
    case = data.draw(cases(x_linked=x_linked, silent=silent, structured=structured))
    expected = oracle.log_likelihood(case.pedigree, case.genotypes, case.locus, theta=case.theta, convention=convention)
    assert log_likelihood(case, convention) == same(expected)


def test_a_father_on_the_x_with_a_typed_son_and_an_untyped_daughter() -> None:
    pedigree = Pedigree.of(
        [("father", None, None, "M"), ("son", "father", None, "M"), ("girl", "father", None, "F"), ("x", None, "girl", "M")]
    )
    locus = LocusModel("locus", ("A", "B", "C"), np.array([0.2, 0.3, 0.5]), x_linked=True)
    for theta in (0.0, 0.02):
        genotypes = {"son": ("A",), "x": ("B",)}
        expected = oracle.log_likelihood(pedigree, genotypes, locus, theta=theta)
        assert kinship.log_likelihood(pedigree, genotypes, locus, theta=theta) == same(expected)


def test_both_tellings_of_nothing() -> None:
    locus = LocusModel("locus", ("A", "B"), np.array([0.2, 0.8]), silent=1)
    for pedigree in (Pedigree(()), kinship.trio()):
        assert kinship.log_likelihood(pedigree, {}, locus) == 0
        assert kinship.log_likelihood(pedigree, {}, locus, theta=0.1) == pytest.approx(0, abs=1e-12)


# How it is told


@given(data=st.data(), case=cases(), convention=CONVENTIONS)
def test_names_and_order_of_members_change_nothing(data: st.DataObject, case: Case, convention: Convention) -> None:
    names = dict(zip(case.pedigree.ids, data.draw(st.permutations([f"n{i}" for i in range(len(case.pedigree))])), strict=True))
    renamed = case.pedigree.relabelled(names)
    shuffled = Pedigree(tuple(data.draw(st.permutations(renamed.members))))
    genotypes = {names[member]: labels for member, labels in data.draw(st.permutations(list(case.genotypes.items())))}
    other = Case(shuffled, case.locus, genotypes, case.theta)
    assert log_likelihood(other, convention) == same(log_likelihood(case, convention))


@given(data=st.data(), case=cases(deep=True), convention=CONVENTIONS)
def test_names_and_order_of_alleles_change_nothing(data: st.DataObject, case: Case, convention: Convention) -> None:
    locus = case.locus
    n = len(locus)
    order = data.draw(st.permutations(range(n)))
    names = dict(zip(locus.alleles, data.draw(st.permutations(["rest", "silent", *"ABCDEFGHIJ"]))[:n], strict=True))
    pick = np.ix_(order, order)
    turned = LocusModel(
        locus.name,
        tuple(names[locus.alleles[i]] for i in order),
        locus.frequencies[order],
        None if locus.female is None else locus.female[pick],
        None if locus.male is None else locus.male[pick],
        None if locus.silent is None else order.index(locus.silent),
        locus.x_linked,
    )
    genotypes = {member: tuple(names[label] for label in labels) for member, labels in case.genotypes.items()}
    other = Case(case.pedigree, turned, genotypes, case.theta)
    assert log_likelihood(other, convention) == same(log_likelihood(case, convention))


def test_an_allele_may_be_called_rest() -> None:
    n = 40
    locus = LocusModel("locus", ("rest", *(str(i) for i in range(1, n))), np.full(n, 1 / n))
    genotypes = {"sibling 1": ("rest",), "sibling 2": ("rest", "1"), "child": ("1",)}
    # Four founder alleles, so at least 1/n^3 of every genotype set that fits a couple.
    assert kinship.log_likelihood(kinship.full_siblings(2), genotypes, locus) > -math.inf


@given(data=st.data(), case=cases(deep=True), convention=CONVENTIONS)
def test_an_untyped_leaf_changes_nothing(data: st.DataObject, case: Case, convention: Convention) -> None:
    father, mother = (data.draw(st.sampled_from([None, *(m.id for m in case.pedigree if m.sex == sex)])) for sex in "MF")
    leaf = Member("leaf", father, mother, data.draw(st.sampled_from(["M", "F"])))
    other = Case(case.pedigree.replacing(leaf, Member("stranger", sex="F")), case.locus, case.genotypes, case.theta)
    assert log_likelihood(other, convention) == same(log_likelihood(case, convention))


@given(data=st.data(), case=cases(deep=True))
def test_unknown_parents_change_nothing_when_pruned(data: st.DataObject, case: Case) -> None:
    lacking = [m for m in case.pedigree if m.father is None or m.mother is None]
    child = data.draw(st.sampled_from(lacking))
    side = data.draw(st.sampled_from([s for s in ("father", "mother") if getattr(child, s) is None]))
    sex = "M" if side == "father" else "F"
    parents = {"father": child.father, "mother": child.mother} | {side: "unknown"}
    # The unknown parent, and the unknown parent's own.
    added = [
        Member(child.id, parents["father"], parents["mother"], child.sex),
        Member("unknown", None, data.draw(st.sampled_from([None, "unknown's mother"])), sex),
        Member("unknown's mother", sex="F"),
    ]
    other = Case(case.pedigree.replacing(*added), case.locus, case.genotypes, case.theta)
    assert log_likelihood(other, "pruned") == same(log_likelihood(case, "pruned"))


# Limits


@given(case=cases(structured=False, silent=False), theta=st.sampled_from([1e-9, 1e-12, 1e-100]), convention=CONVENTIONS)
def test_theta_goes_to_zero_without_a_jump(case: Case, theta: float, convention: Convention) -> None:
    typed = {member: case.genotypes.get(member, (case.locus.alleles[0],)) for member in case.pedigree.ids}
    without = Case(case.pedigree, case.locus, typed, 0.0)
    with_theta = Case(case.pedigree, case.locus, typed, theta)
    assert log_likelihood(with_theta, convention) == same(log_likelihood(without, convention), 1e4 * theta + 1e-10)


def test_theta_goes_to_zero_with_founders_nobody_saw() -> None:
    locus = LocusModel("locus", ("A", "B", "C"), np.array([0.2, 0.3, 0.5]))
    genotypes = {"sibling 1": ("A",), "child": ("A", "B")}
    without = kinship.log_likelihood(kinship.full_siblings(), genotypes, locus)
    for theta in (1e-6, 1e-20, 1e-100, 1e-300):
        value = kinship.log_likelihood(kinship.full_siblings(), genotypes, locus, theta=theta)
        assert value == pytest.approx(without, abs=100 * theta + 1e-10), theta


@given(case=cases(matrices=("none",), deep=True), kind=st.sampled_from(["equal", "proportional", "onestep", "stepwise"]))
def test_a_mutation_rate_of_zero_is_no_mutation(case: Case, kind: Kind) -> None:
    locus = case.locus
    rates = kinship.MutationRates(0.0, 0.1, 0.0)
    female, male = kinship.MutationModel(kind, rates, rates).matrices("locus", locus.alleles, locus.frequencies, locus.silent)
    still = LocusModel(locus.name, locus.alleles, locus.frequencies, female, male, locus.silent, locus.x_linked)
    assert log_likelihood(Case(case.pedigree, still, case.genotypes, case.theta)) == same(log_likelihood(case))


@given(case=cases(matrices=("none",)), kind=st.sampled_from(["equal", "onestep"]))
def test_a_tiny_mutation_rate_is_next_to_none(case: Case, kind: Kind) -> None:
    locus = case.locus
    without = log_likelihood(case)
    assume(without > -math.inf)
    rates = kinship.MutationRates(1e-13)
    female, male = kinship.MutationModel(kind, rates, rates).matrices("locus", locus.alleles, locus.frequencies, locus.silent)
    moving = LocusModel(locus.name, locus.alleles, locus.frequencies, female, male, locus.silent, locus.x_linked)
    # Frequencies differ by a factor of 81 at the most, so a mutated way there gains no more than that on each of 12 alleles.
    assert log_likelihood(Case(case.pedigree, moving, case.genotypes, case.theta)) == same(without, 1e-9)


# What is refused


def test_bad_input_is_refused() -> None:
    locus = LocusModel("locus", ("A", "B", "C"), np.array([0.2, 0.3, 0.5]))
    x = LocusModel("locus", ("A", "B", "C"), np.array([0.2, 0.3, 0.5]), x_linked=True)
    with pytest.raises(kinship.UnknownName, match="uncle"):
        kinship.log_likelihood(kinship.duo(), {"uncle": ("A",)}, locus)
    with pytest.raises(kinship.ProfileError, match="allele D is not on the ladder of locus"):
        kinship.log_likelihood(kinship.duo(), {"child": ("D",)}, locus)
    with pytest.raises(kinship.ProfileError, match="child has 3 alleles"):
        kinship.log_likelihood(kinship.duo(), {"child": ("A", "B", "C")}, locus)
    with pytest.raises(kinship.PedigreeError, match="sex of child must be known"):
        kinship.log_likelihood(kinship.duo(), {"child": ("A",)}, x)
    with pytest.raises(kinship.ProfileError, match="child is male and has two alleles"):
        kinship.log_likelihood(kinship.duo(sex="M"), {"child": ("A", "B")}, x)


@pytest.mark.parametrize("theta", [-0.1, 1.0, 1.5, math.nan])
def test_theta_outside_its_domain_is_refused(theta: float) -> None:
    locus = LocusModel("locus", ("A", "B"), np.array([0.2, 0.8]))
    with pytest.raises(kinship.InputError, match="theta"):
        kinship.log_likelihood(kinship.duo(), {"child": ("A",)}, locus, theta=theta)
    with pytest.raises(kinship.InputError, match="theta"):
        kinship.conditional_genotypes(kinship.duo(), "child", {"mother": ("A",)}, locus, theta=theta)


def test_a_misspelt_convention_is_refused() -> None:
    locus = LocusModel("locus", ("A", "B"), np.array([0.2, 0.8]))
    with pytest.raises(kinship.InputError, match="prunned"):
        kinship.log_likelihood(kinship.duo(), {"child": ("A",)}, locus, convention="prunned")  # type: ignore[arg-type]
