"""What a member's genotype can be, given the relatives: sums to one and is what enumeration gives."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.kinship.likelihood import oracle
from tests.strategies import Case, cases

from wayhome import kinship
from wayhome.kinship import Convention, LocusModel, Pedigree

LOCUS = LocusModel("locus", ("A", "B", "C"), np.array([0.2, 0.3, 0.5]))


@pytest.mark.parametrize("structured", [False, True], ids=["theta 0", "theta"])
@pytest.mark.parametrize("x_linked", [False, True], ids=["autosomal", "X"])
@given(data=st.data(), convention=st.sampled_from(["as_written", "pruned"]))
def test_it_is_what_enumeration_gives(data: st.DataObject, convention: Convention, x_linked: bool, structured: bool) -> None:
    case: Case = data.draw(cases(x_linked=x_linked, structured=structured))
    member = data.draw(st.sampled_from(case.pedigree.ids))
    relatives = {m: labels for m, labels in case.genotypes.items() if m != member}
    settings = {"theta": case.theta, "convention": convention}
    table = kinship.conditional_genotypes(case.pedigree, member, relatives, case.locus, **settings)
    joint = oracle.joint(case.pedigree, member, relatives, case.locus, **settings)
    assert table.shape == joint.shape
    if not joint.any():
        assert np.isnan(table).all()
        return
    assert table.sum() == pytest.approx(1, rel=1e-12)
    np.testing.assert_allclose(table, joint / joint.sum(), rtol=1e-10, atol=1e-14)


@given(data=st.data(), case=cases(silent=False))
def test_it_is_the_ratio_of_two_likelihoods(data: st.DataObject, case: Case) -> None:
    """As written, P(g | relatives) is P(g, relatives) / P(relatives); leaving the member untyped gives the second."""
    member = case.pedigree[data.draw(st.sampled_from(case.pedigree.ids))]
    relatives = {m: labels for m, labels in case.genotypes.items() if m != member.id}
    table = kinship.conditional_genotypes(case.pedigree, member.id, relatives, case.locus, theta=case.theta)
    assume(not np.isnan(table).any())
    a, b = (data.draw(st.integers(0, len(case.locus) - 1)) for _ in range(2))
    hemizygous = case.locus.x_linked and member.sex == "M"
    expected = table[a] if hemizygous else table[a, b] + (table[b, a] if a != b else 0)
    labels = (case.locus.alleles[a],) if hemizygous else (case.locus.alleles[a], case.locus.alleles[b])
    together, apart = (
        kinship.log_likelihood(case.pedigree, genotypes, case.locus, theta=case.theta)
        for genotypes in (relatives | {member.id: labels}, relatives)
    )
    assert np.exp(together - apart) == pytest.approx(expected, rel=1e-9, abs=1e-14)


def test_paternal_comes_first() -> None:
    table = kinship.conditional_genotypes(kinship.duo("father"), "child", {"father": ("A",)}, LOCUS)
    np.testing.assert_allclose(table, [[0.2, 0.3, 0.5], [0, 0, 0], [0, 0, 0]], atol=1e-15)
    table = kinship.conditional_genotypes(kinship.duo("mother"), "child", {"mother": ("A", "B")}, LOCUS)
    np.testing.assert_allclose(table, [[0.1, 0.1, 0], [0.15, 0.15, 0], [0.25, 0.25, 0]], atol=1e-15)


def test_a_son_has_one_allele_of_the_x() -> None:
    locus = LocusModel("locus", LOCUS.alleles, LOCUS.frequencies, x_linked=True)
    table = kinship.conditional_genotypes(kinship.duo("mother", sex="M"), "child", {"mother": ("A", "B")}, locus)
    np.testing.assert_allclose(table, [0.5, 0.5, 0])


def test_impossible_relatives_give_nan() -> None:
    pedigree = kinship.full_siblings(1)
    table = kinship.conditional_genotypes(pedigree, "child", {"father": ("A",), "mother": ("A",), "sibling 1": ("B",)}, LOCUS)
    assert table.shape == (3, 3)
    assert np.isnan(table).all()


def test_bad_questions_are_refused() -> None:
    with pytest.raises(kinship.ProfileError, match="child is typed at locus"):
        kinship.conditional_genotypes(kinship.duo(), "child", {"child": ("A",)}, LOCUS)
    with pytest.raises(kinship.UnknownName, match="uncle"):
        kinship.conditional_genotypes(kinship.duo(), "uncle", {"mother": ("A",)}, LOCUS)
    with pytest.raises(kinship.UnknownName, match="uncle"):
        kinship.conditional_genotypes(kinship.duo(), "child", {"uncle": ("A",)}, LOCUS)


def test_nobody_typed_gives_the_population() -> None:
    table = kinship.conditional_genotypes(Pedigree.of([("child", None, None, "F")]), "child", {}, LOCUS)
    np.testing.assert_allclose(table, np.multiply.outer(LOCUS.frequencies, LOCUS.frequencies))
