"""Every way the engine may take through one network leads to the same number.

Lumping alleles or not, transmissions factored or whole, one family or locus at a time or a batch of them, in one pass or many.
Pedigrees and ladders here are larger than enumeration could follow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.strategies import Case, cases, loci_of_any_kind
from tests.strategies.cases import LUMPABLE

from wayhome import kinship
from wayhome.kinship import Convention, FloatArray, IntArray, LocusModel
from wayhome.kinship.genetics.mutation import Kind
from wayhome.kinship.likelihood import contraction, evaluation
from wayhome.kinship.likelihood.encoding import encode, wiring
from wayhome.kinship.likelihood.evaluation import evaluate
from wayhome.kinship.likelihood.lumping import lumped
from wayhome.kinship.likelihood.network import Shape


def never(locus: LocusModel, codes: IntArray) -> tuple[LocusModel, IntArray]:
    """Lumping that does nothing."""
    del codes
    return locus, np.arange(len(locus))


def _transmissions(patch: pytest.MonkeyPatch, factored: bool) -> None:
    def form(shape: Shape, n: int, structured: bool, stacked: bool = False) -> object:
        return evaluation._plan_form(shape, n, structured, factored, stacked)

    patch.setattr(evaluation, "_form", form)


def _always_lump(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(evaluation, "_CHEAP", -1.0)
    patch.setattr(evaluation, "_WORTH_LUMPING", -1.0)


WAYS: dict[str, Callable[[pytest.MonkeyPatch], None]] = {
    "lumped": _always_lump,
    "not lumped": lambda patch: patch.setattr(evaluation, "lumped", never),
    "transmissions whole": lambda patch: _transmissions(patch, False),
    "transmissions factored": lambda patch: _transmissions(patch, True),
    "family by family": lambda patch: patch.setattr(contraction, "CHUNK_ELEMENTS", 1),
    "every intermediate near one": lambda patch: patch.setattr(evaluation, "_SAFE", np.inf),
}


@contextmanager
def going(way: str) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        WAYS[way](patch)
        yield


@st.composite
def batches(draw: st.DrawFn, case: Case) -> tuple[Shape, IntArray]:
    """Families with the members of a case typed, the case among them, each with genotypes of its own."""
    shape, own = encode(case.pedigree, case.genotypes, case.locus)
    typed = [case.pedigree[i] for i in wiring(case.pedigree).ids if i in case.genotypes]
    codes = [a for a in range(len(case.locus)) if a != case.locus.silent]
    families = [own[0]]
    for _ in range(draw(st.integers(1, 5))):
        pairs = [sorted(draw(st.tuples(st.sampled_from(codes), st.sampled_from(codes)))) for _ in typed]
        hemizygous = [case.locus.x_linked and member.sex == "M" for member in typed]
        pairs = [pair[:1] * 2 if single else pair for pair, single in zip(pairs, hemizygous, strict=True)]
        families.append(np.array(pairs, dtype=np.int64).reshape(len(typed), 2))
    return shape, np.array(draw(st.permutations(families)), dtype=np.int64)


def values(shape: Shape, case: Case, codes: IntArray) -> FloatArray:
    return evaluate(shape, case.locus, codes, theta=case.theta).log_likelihood


def assert_same(one: FloatArray, other: FloatArray) -> None:
    np.testing.assert_allclose(one, other, rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("way", WAYS)
@given(data=st.data(), case=cases(deep=True))
@settings(max_examples=settings().max_examples // 2)
def test_all_ways_lead_to_the_same_number(data: st.DataObject, case: Case, way: str) -> None:
    shape, codes = data.draw(batches(case))
    usual = values(shape, case, codes)
    with going(way):
        assert_same(values(shape, case, codes), usual)


@given(data=st.data(), case=cases(deep=True))
def test_a_batch_is_its_families(data: st.DataObject, case: Case) -> None:
    shape, codes = data.draw(batches(case))
    together = values(shape, case, codes)
    assert together.shape == (len(codes),)
    assert_same(together, np.array([values(shape, case, codes[i : i + 1])[0] for i in range(len(codes))]))


@pytest.mark.parametrize("way", WAYS)
@given(data=st.data(), case=cases(deep=True, least=1))
@settings(max_examples=settings().max_examples // 2)
def test_a_batch_with_an_open_member(data: st.DataObject, case: Case, way: str) -> None:
    member = data.draw(st.sampled_from(case.pedigree.ids))
    relatives = {m: labels for m, labels in case.genotypes.items() if m != member}
    shape, codes = data.draw(batches(Case(case.pedigree, case.locus, relatives, case.theta)))
    shape = Shape(shape.father, shape.mother, shape.male, shape.states, wiring(case.pedigree).ids.index(member), shape.x_linked)
    with going(way):
        together = values(shape, case, codes)
    hemizygous = case.locus.x_linked and case.pedigree[member].sex == "M"
    assert together.shape == (len(codes), *[len(case.locus)] * (1 if hemizygous else 2))
    for i in range(len(codes)):
        assert_same(together[i], values(shape, case, codes[i : i + 1])[0])


@given(data=st.data(), theta=st.sampled_from([0.0, 0.02]), convention=st.sampled_from(["as_written", "pruned"]))
def test_loci_walked_together_are_the_loci(data: st.DataObject, theta: float, convention: Convention) -> None:
    """Ladders of different lengths, some without mutation, some with members untyped, autosomal and X-chromosomal."""
    # The X asks for known sexes; with theta all are typed alike, so that few founder alleles stay unseen.
    first = data.draw(cases(x_linked=True, structured=theta > 0, silent=False, deep=theta == 0))
    pedigree = first.pedigree
    loci: list[LocusModel] = []
    genotypes: dict[str, dict[str, tuple[str, ...]]] = {member: {} for member in pedigree.ids}
    for k in range(data.draw(st.integers(1, 4))):
        n = data.draw(st.integers(1, 9))
        drawn = data.draw(loci_of_any_kind(n, x_linked=data.draw(st.booleans())))
        loci.append(replace(drawn, name=f"L{k}"))
        for member in first.genotypes:
            pair = sorted(data.draw(st.tuples(*[st.integers(0, n - 1)] * 2)))
            hemizygous = drawn.x_linked and pedigree[member].sex == "M"
            if theta or data.draw(st.integers(0, 3)):
                genotypes[member][f"L{k}"] = tuple(drawn.alleles[a] for a in (pair[:1] if hemizygous else pair))
    together = kinship.log_likelihoods(pedigree, genotypes, loci, theta=theta, convention=convention)
    assert list(together) == [locus.name for locus in loci]
    for locus in loci:
        own = {member: told[locus.name] for member, told in genotypes.items() if locus.name in told}
        alone = kinship.log_likelihood(pedigree, own, locus, theta=theta, convention=convention)
        assert together[locus.name] == pytest.approx(alone, rel=1e-10, abs=1e-10)


def test_a_batch_of_none() -> None:
    locus = LocusModel("locus", ("A", "B"), np.array([0.2, 0.8]))
    shape, codes = encode(kinship.trio(), {"child": ("A",)}, locus)
    assert evaluate(shape, locus, codes[:0]).log_likelihood.shape == (0,)


# Lumping


@given(data=st.data(), case=cases(deep=True, matrices=LUMPABLE))
def test_alleles_nobody_carries_are_lumped_where_that_is_exact(data: st.DataObject, case: Case) -> None:
    _, codes = data.draw(batches(case))
    small, index = lumped(case.locus, codes)
    carried = {int(a) for a in codes.flat} | ({case.locus.silent} if case.locus.silent is not None else set())
    rest = set(range(len(case.locus))) - carried
    if len(rest) < 2:
        assert small is case.locus
        return
    assert len(small) == len(carried) + 1
    assert sorted({int(index[a]) for a in carried}) == list(range(len(carried)))
    assert {int(index[a]) for a in rest} == {len(carried)}
    np.testing.assert_allclose(small.frequencies[index[sorted(carried)]], case.locus.frequencies[sorted(carried)])
    assert small.silent == (None if case.locus.silent is None else index[case.locus.silent])


def test_stepwise_alleles_are_kept() -> None:
    labels = tuple(str(i) for i in range(8, 20))
    p = np.full(12, 1 / 12)
    for kind in ("onestep", "stepwise"):
        model = kinship.MutationModel(kind, kinship.MutationRates(0.01), kinship.MutationRates(0.02))
        locus = LocusModel("locus", labels, p, *model.matrices("locus", labels, p))
        assert lumped(locus, np.array([3, 7]))[0] is locus


def test_one_sex_that_may_not_be_lumped_keeps_all_alleles() -> None:
    labels = tuple(str(i) for i in range(8, 20))
    p = np.full(12, 1 / 12)
    stepwise, _ = kinship.DEFAULT_MUTATION.matrices("locus", labels, p)
    for female, male in ((stepwise, None), (None, stepwise)):
        locus = LocusModel("locus", labels, p, female, male)
        assert lumped(locus, np.array([3, 7]))[0] is locus


@pytest.mark.parametrize("kind", ["none", "equal", "proportional"])
def test_long_ladders_are_lumped_and_nothing_changes(kind: Kind) -> None:
    n = 40
    labels = tuple(str(i) for i in range(n))
    p = np.random.default_rng(4).dirichlet(np.ones(n))
    model = kinship.MutationModel(kind, kinship.MutationRates(0.01), kinship.MutationRates(0.03))
    locus = LocusModel("locus", labels, p, *model.matrices("locus", labels, p))
    pedigree = kinship.first_cousin_marriage()
    genotypes = {"child": ("3", "17"), "sibling 1": ("3", "21"), "mother": ("3", "21"), "great-grandmother": ("5", "21")}
    seen: list[int] = []

    def spied(locus: LocusModel, codes: IntArray) -> tuple[LocusModel, IntArray]:
        result = lumped(locus, codes)
        seen.append(len(result[0]))
        return result

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(evaluation, "lumped", spied)
        value = kinship.log_likelihood(pedigree, genotypes, locus)
        assert seen == [5]
        patch.setattr(evaluation, "lumped", never)
        assert kinship.log_likelihood(pedigree, genotypes, locus) == pytest.approx(value, rel=1e-12)
