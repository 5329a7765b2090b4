"""What is too much is refused before anything is computed, with its cost; what is just allowed is computed."""

from __future__ import annotations

import math
import time
import tracemalloc

import numpy as np
import pytest

from wayhome import kinship
from wayhome.kinship import LocusModel, Pedigree, Sex
from wayhome.kinship.genetics.mutation import Kind
from wayhome.kinship.likelihood import contraction
from wayhome.kinship.likelihood.contraction import MOST_BYTES, MOST_OPERATIONS
from wayhome.kinship.likelihood.urn import MOST_UNSEEN_ALLELES

Rows = list[tuple[str, str | None, str | None, Sex]]


def inbred(generations: int) -> Pedigree:
    """Brother and sister marry in each generation, and the last pair has two children."""
    rows: Rows = [("m0", None, None, "M"), ("f0", None, None, "F")]
    for g in range(1, generations):
        rows += [(f"m{g}", f"m{g - 1}", f"f{g - 1}", "M"), (f"f{g}", f"m{g - 1}", f"f{g - 1}", "F")]
    last = generations - 1
    return Pedigree.of([*rows, ("child", f"m{last}", f"f{last}", "F"), ("sibling", f"m{last}", f"f{last}", "F")])


def ladder(n: int, kind: Kind = "stepwise") -> LocusModel:
    labels = tuple(str(i) for i in range(1, n + 1))
    p = np.full(n, 1 / n)
    return LocusModel("locus", labels, p, *kinship.MutationModel(kind).matrices("locus", labels, p))


GENOTYPES = {"child": ("1", "2"), "sibling": ("3", "4")}


@pytest.mark.parametrize(("generations", "n"), [(4, 60), (3, 400)])
def test_deep_loops_are_refused_before_they_cost_anything(generations: int, n: int) -> None:
    pedigree, locus = inbred(generations), ladder(n)
    started = time.process_time()
    tracemalloc.start()
    try:
        with pytest.raises(kinship.TooComplex) as caught:
            kinship.log_likelihood(pedigree, GENOTYPES, locus)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    error = caught.value
    assert error.operations > MOST_OPERATIONS or error.bytes_needed > MOST_BYTES
    assert error.operations == error.data["operations"]
    assert error.bytes_needed >= 8 * n**3
    assert f"{error.operations:.1e} multiplications" in error.problem
    assert f"{error.bytes_needed / 1e9:.1f} GB" in error.problem
    assert "lumped" in error.remedy
    assert peak < 100e6
    # The search for an order is the whole cost, a minute below the twenty seconds that an answer may take.
    assert time.process_time() - started < 60


def test_the_same_loops_with_few_alleles_or_a_lumpable_model_are_computed() -> None:
    assert kinship.log_likelihood(inbred(8), GENOTYPES, ladder(6)) > -math.inf
    assert kinship.log_likelihood(inbred(8), GENOTYPES, ladder(60, "equal")) > -math.inf
    # Nobody carries 56 of the alleles, so one more or less cannot matter beyond their frequencies.
    assert kinship.log_likelihood(inbred(3), GENOTYPES, ladder(60)) > -math.inf


def test_the_limits_are_where_they_are_said_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    pedigree, locus = inbred(3), ladder(7)
    value = kinship.log_likelihood(pedigree, GENOTYPES, locus)
    with monkeypatch.context() as patch:
        patch.setattr(contraction, "MOST_OPERATIONS", 1.0)
        with pytest.raises(kinship.TooComplex) as caught:
            kinship.log_likelihood(pedigree, GENOTYPES, locus)
    operations, needed = caught.value.operations, caught.value.bytes_needed
    for limit, cost in (("MOST_OPERATIONS", operations), ("MOST_BYTES", needed)):
        with monkeypatch.context() as patch:
            patch.setattr(contraction, limit, cost)
            assert kinship.log_likelihood(pedigree, GENOTYPES, locus) == value
            patch.setattr(contraction, limit, cost * 0.999)
            with pytest.raises(kinship.TooComplex):
                kinship.log_likelihood(pedigree, GENOTYPES, locus)


def test_an_open_member_counts_the_answer_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contraction, "MOST_BYTES", 8.0 * 20**2 - 1)
    with pytest.raises(kinship.TooComplex):
        kinship.conditional_genotypes(kinship.duo(), "child", {"mother": ("1", "2")}, ladder(20))
    monkeypatch.setattr(contraction, "MOST_BYTES", 8.0 * 20**2)
    assert kinship.conditional_genotypes(kinship.duo(), "child", {"mother": ("1", "2")}, ladder(20)).shape == (20, 20)


def half_siblings_by_untyped_mothers(mothers: int) -> tuple[Pedigree, dict[str, tuple[str, ...]]]:
    """Each untyped mother has two typed children by a typed father: two unseen founder alleles each."""
    rows: Rows = [("father", None, None, "M")]
    genotypes: dict[str, tuple[str, ...]] = {"father": ("1", "2")}
    for i in range(mothers):
        rows += [(f"mother{i}", None, None, "F"), (f"a{i}", "father", f"mother{i}", "F"), (f"b{i}", "father", f"mother{i}", "F")]
        genotypes |= {f"a{i}": ("1", "3"), f"b{i}": ("2", "3")}
    return Pedigree.of(rows), genotypes


def test_theta_with_too_many_unseen_founders_is_refused() -> None:
    pedigree, genotypes = half_siblings_by_untyped_mothers(MOST_UNSEEN_ALLELES // 2)
    pedigree = pedigree.replacing(kinship.Member("c", "father", None, "F"))
    genotypes["c"] = ("1", "3")
    locus = ladder(5)
    with pytest.raises(kinship.TooComplex, match="9 unseen founder alleles") as caught:
        kinship.log_likelihood(pedigree, genotypes, locus, theta=0.01)
    assert caught.value.operations == 21147  # the ninth Bell number
    assert str(MOST_UNSEEN_ALLELES) in caught.value.problem
    assert "theta 0" in caught.value.remedy
    assert kinship.log_likelihood(pedigree, genotypes, locus) > -math.inf


def test_theta_with_just_as_many_is_computed() -> None:
    pedigree, genotypes = half_siblings_by_untyped_mothers(MOST_UNSEEN_ALLELES // 2)
    locus = LocusModel("locus", ("1", "2", "3"), np.array([0.3, 0.3, 0.4]))
    value = kinship.log_likelihood(pedigree, genotypes, locus, theta=0.05)
    # Without mutation mothers must have a 3: one by one they carry 3/3, or 3 and another and sent the 3 twice.
    seen, expected = 0, 2 * 0.3 * (0.95 * 0.3)
    total = 0.0
    share = [(2, 1.0), (1, 0.5)]
    for chosen in np.ndindex(2, 2, 2, 2):
        term, threes, drawn = expected, seen, 2
        for k in chosen:
            copies, sends = share[k]
            for is_three in (True, copies == 2):
                three = (threes * 0.05 + 0.95 * 0.4) / (1 + (drawn - 1) * 0.05)
                term *= three if is_three else 1 - three
                threes += is_three
                drawn += 1
            # Two orders of a heterozygote; children 1/3 and 2/3 have the father's half each.
            term *= (1 if copies == 2 else 2) * (sends / 2) ** 2
        total += term
    assert value == pytest.approx(math.log(total), rel=1e-10)


def test_founders_who_reach_nobody_do_not_count() -> None:
    """A father passes nothing of his X to his sons, so his alleles are no unseen ones; nor are those of a childless in-law."""
    locus = LocusModel("locus", ("1", "2"), np.array([0.3, 0.7]), x_linked=True)
    rows: Rows = [("mother", None, None, "F")]
    rows += [(f"father{i}", None, None, "M") for i in range(9)]
    rows += [(f"son{i}", f"father{i}", "mother", "M") for i in range(9)]
    rows += [(f"stranger{i}", None, None, "F") for i in range(9)]
    genotypes = {"mother": ("1", "2")} | {f"son{i}": ("1",) for i in range(9)}
    expected = math.log(2 * 0.3 * 0.98 * 0.7 / 2**9)
    assert kinship.log_likelihood(Pedigree.of(rows), genotypes, locus, theta=0.02) == pytest.approx(expected, rel=1e-12)
