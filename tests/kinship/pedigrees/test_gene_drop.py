"""Made-up families follow the laws they are made by.

Counts are compared with their expectation by Pearson's chi-squared test at fixed seeds; a test fails where p < 1e-6, which a
right program meets with one seed in a million, and a wrong one, at these sizes, with nearly every one.
"""

from __future__ import annotations

import itertools
from collections import Counter

import numpy as np
import pytest
from scipy import stats

from wayhome import kinship
from wayhome.kinship import (
    FAMILY_SHAPES,
    AlleleFrequencies,
    Family,
    IntArray,
    LocusModel,
    MutationRates,
    Pedigree,
    PopulationModel,
    gene_drop,
)
from wayhome.kinship.pedigrees.gene_drop import DEFAULT_MIX, observed

P = np.array([0.1, 0.2, 0.3, 0.4])
LABELS = ("9", "9.3", "10", "11")
LOCUS = LocusModel("locus", LABELS, P)
X = LocusModel("locus", LABELS, P, x_linked=True)
FEMALE = np.array([[0.7, 0.3, 0, 0], [0, 0.8, 0.2, 0], [0, 0, 1, 0], [0.1, 0.1, 0.1, 0.7]])
MALE = np.array([[0.5, 0, 0, 0.5], [0.2, 0.8, 0, 0], [0, 0.4, 0.6, 0], [0, 0, 0, 1]])
MANY = 20_000
TRIO = kinship.trio(sex="F")
FATHER, MOTHER, CHILD = range(3)


def rng(seed: int) -> np.random.Generator:
    return np.random.default_rng(seed)


def fits(alleles: IntArray, expected: np.ndarray) -> bool:
    """Whether counts of 0, 1, ... agree with their expected shares; what has none must not occur."""
    counts = np.bincount(alleles.ravel(), minlength=len(expected))
    possible = expected > 0
    if counts[~possible].any() or possible.sum() == 1:
        return not counts[~possible].any()
    return bool(stats.chisquare(counts[possible], expected[possible] / expected.sum() * counts.sum()).pvalue >= 1e-6)


def test_the_test_itself_can_fail() -> None:
    alleles = gene_drop(TRIO, LOCUS, MANY, rng(0))
    assert fits(alleles[:, FATHER], P)
    assert not fits(alleles[:, FATHER], np.array([0.12, 0.18, 0.3, 0.4]))
    assert not fits(alleles[:, FATHER], np.array([0, 0.3, 0.3, 0.4]))


# Inheritance


def test_equal_seeds_make_equal_families() -> None:
    locus = LocusModel("locus", LABELS, P, FEMALE, MALE)
    one, same, other = (gene_drop(TRIO, locus, 50, rng(seed), theta=0.1) for seed in (1, 1, 2))
    assert one.shape == (50, 3, 2)
    np.testing.assert_array_equal(one, same)
    assert (one != other).any()


def test_without_mutation_a_child_has_one_allele_of_each_parent() -> None:
    alleles = gene_drop(kinship.first_cousin_marriage(), LOCUS, 500, rng(2))
    pedigree = kinship.first_cousin_marriage()
    at = {member: i for i, member in enumerate(pedigree.ids)}
    for member in pedigree:
        for slot, parent in enumerate((member.father, member.mother)):
            if parent is not None:
                assert (alleles[:, at[member.id], slot, None] == alleles[:, at[parent]]).any(axis=1).all()


def test_either_allele_is_passed_on_as_often() -> None:
    alleles = gene_drop(TRIO, LOCUS, MANY, rng(3))
    for slot, parent in enumerate((FATHER, MOTHER)):
        own = alleles[:, parent]
        apart = own[:, 0] != own[:, 1]
        first = (alleles[apart, CHILD, slot] == own[apart, 0]).astype(np.int64)
        assert fits(first, np.array([0.5, 0.5]))
    # From father and from mother independently: four combinations, a quarter each.
    both = (alleles[:, (FATHER, MOTHER), 0] != alleles[:, (FATHER, MOTHER), 1]).all(axis=1)
    which = (alleles[both, CHILD] == alleles[both][:, (FATHER, MOTHER), 1]) @ np.array([1, 2])
    assert fits(which, np.full(4, 0.25))


def test_founders_have_the_frequencies_of_the_population() -> None:
    pedigree = Pedigree.of([("mother", None, None, "F"), ("child", None, "mother", "U")])
    alleles = gene_drop(pedigree, LOCUS, MANY, rng(4))
    genotypes = alleles[:, 0] @ np.array([4, 1])
    assert fits(genotypes, np.multiply.outer(P, P).ravel())
    # The father was not named: his allele is anybody's, and no copy of the mother's.
    assert fits(alleles[:, 1, 0] * 4 + alleles[:, 1, 1], np.multiply.outer(P, P).ravel())


def test_mutation_follows_the_matrix_of_the_parents_sex() -> None:
    locus = LocusModel("locus", LABELS, P, FEMALE, MALE)
    alleles = gene_drop(TRIO, locus, 4 * MANY, rng(5))
    for slot, (parent, matrix) in enumerate(((FATHER, MALE), (MOTHER, FEMALE))):
        for a in range(4):
            rows = (alleles[:, parent] == a).all(axis=1)
            assert rows.sum() > 500
            assert fits(alleles[rows, CHILD, slot], matrix[a])


def test_members_come_in_the_pedigrees_order() -> None:
    """The child is told first here, and has each parent's allele all the same."""
    pedigree = Pedigree.of([("child", "father", None, "M"), ("father", None, None, "M")])
    alleles = gene_drop(pedigree, LOCUS, 200, rng(6))
    assert (alleles[:, 0, 0, None] == alleles[:, 1]).any(axis=1).all()


# The X, silent alleles, theta


def test_the_x() -> None:
    parents = [kinship.Member("father", sex="M"), kinship.Member("mother", sex="F")]
    children = [kinship.Member("son", "father", "mother", "M"), kinship.Member("girl", "father", "mother", "F")]
    pedigree = Pedigree((*parents, *children))
    alleles = gene_drop(pedigree, X, MANY, rng(7))
    father, mother, son, girl = (alleles[:, i] for i in range(4))
    for male in (father, son):
        np.testing.assert_array_equal(male[:, 0], male[:, 1])
    np.testing.assert_array_equal(girl[:, 0], father[:, 0])
    assert (son[:, 1, None] == mother).any(axis=1).all()
    assert (girl[:, 1, None] == mother).any(axis=1).all()
    assert fits(father[:, 0], P)
    # A son has nothing of his father's: the pair of alleles is as of two strangers.
    assert fits(father[:, 0] * 4 + son[:, 0], np.multiply.outer(P, P).ravel())


def test_mutation_on_the_x() -> None:
    locus = LocusModel("locus", LABELS, P, FEMALE, MALE, x_linked=True)
    pedigree = kinship.duo("father", sex="F")
    alleles = gene_drop(pedigree, locus, MANY, rng(8))
    for a in range(4):
        assert fits(alleles[alleles[:, 0, 0] == a, 1, 0], MALE[a])


@pytest.mark.parametrize("theta", [0.05, 0.1, 0.4])
def test_theta_is_the_chance_that_two_alleles_are_one_by_descent(theta: float) -> None:
    """Homozygotes a/a are p^2 + theta p (1 - p), within a founder and between two."""
    alleles = gene_drop(TRIO, LOCUS, MANY, rng(9), theta=theta)
    expected = np.multiply.outer(P, P) * (1 - theta) + np.diag(theta * P)
    assert fits(alleles[:, FATHER] @ np.array([4, 1]), expected.ravel())
    assert fits(alleles[:, FATHER, 0] * 4 + alleles[:, MOTHER, 1], expected.ravel())
    assert not fits(alleles[:, FATHER] @ np.array([4, 1]), np.multiply.outer(P, P).ravel())


def test_theta_makes_four_alleles_as_the_sampling_formula_says() -> None:
    theta = 0.2
    locus = LocusModel("locus", ("1", "2"), np.array([0.3, 0.7]))
    alleles = gene_drop(TRIO, locus, MANY, rng(10), theta=theta)
    expected = np.ones((2, 2, 2, 2))
    for four in np.ndindex(expected.shape):
        for m, a in enumerate(four):
            expected[four] *= (four[:m].count(a) * theta + (1 - theta) * locus.frequencies[a]) / (1 + (m - 1) * theta)
    drawn = alleles[:, (FATHER, MOTHER)].reshape(-1, 4) @ np.array([8, 4, 2, 1])
    assert fits(drawn, expected.ravel())


def test_families_share_no_urn() -> None:
    """Under theta each replicate is a family of its own: alleles of two of them are independent."""
    alleles = gene_drop(TRIO, LOCUS, MANY, rng(11), theta=0.4)[:, FATHER, 0]
    assert fits(alleles[::2] * 4 + alleles[1::2], np.multiply.outer(P, P).ravel())


def test_genotypes_agree_with_their_likelihoods() -> None:
    """What is dropped and what the engine computes are one law: cousins, mutation, theta and a silent allele together."""
    matrix = np.array([[0.9, 0.1, 0], [0.3, 0.7, 0], [0, 0, 1]])
    locus = LocusModel("locus", ("1", "2", "silent"), np.array([0.5, 0.4, 0.1]), matrix, None, 2)
    pedigree = kinship.full_siblings()
    at = [pedigree.ids.index(member) for member in ("sibling 1", "child")]
    alleles = gene_drop(pedigree, locus, MANY, rng(12), theta=0.1)
    seen = Counter(tuple(observed(pair, locus) for pair in family[at]) for family in alleles)
    shown = [("1",), ("1", "2"), ("2",)]
    counts, expected = [], []
    for one, other in itertools.product(shown, repeat=2):
        counts.append(seen[one, other])
        expected.append(MANY * np.exp(kinship.log_likelihood(pedigree, {"sibling 1": one, "child": other}, locus, theta=0.1)))
    counts.append(MANY - sum(counts))
    expected.append(MANY - sum(expected))
    assert min(expected) > 20
    assert stats.chisquare(counts, expected).pvalue >= 1e-6


def test_what_a_kit_shows() -> None:
    locus = LocusModel("locus", ("10", "9.3", "9", "silent"), P, silent=3)
    cases = {(0, 1): ("9.3", "10"), (1, 0): ("9.3", "10"), (2, 2): ("9",), (2, 3): ("9",), (3, 3): ()}
    for pair, labels in cases.items():
        assert observed(np.array(pair), locus) == labels
    assert observed(np.array([0, 3]), LOCUS) == ("9", "11")


# Whole bases

TABLE = AlleleFrequencies(
    "town",
    {"TH01": {"6": 0.2, "7": 0.3, "9.3": 0.5}, "D3S1358": {"15": 0.4, "16": 0.6}, "CSF1PO": {"10": 0.5, "11": 0.5}},
    people_where_not_stated=500,
)
MODEL = PopulationModel(TABLE, kinship.NO_MUTATION)
LOCI = ("TH01", "D3S1358", "CSF1PO")


def kind_of(family: Family) -> str:
    """The one shape that a family has."""
    rows = tuple((m.id, m.father, m.mother, "U" if m.id == "child" else m.sex) for m in family.pedigree)
    typed = set(family.profiles)
    (kind,) = (name for name, shape in FAMILY_SHAPES.items() if shape.members == rows and set(shape.typed) == typed)
    return kind


def test_a_base_has_what_was_asked_for() -> None:
    base = kinship.simulate_base(60, MODEL, loci=LOCI, seed=1, unrelated=7, found=0.5)
    assert len(base.families) == 60
    assert len({family.id for family in base.families}) == 60
    assert 15 < len(base.truth) < 45
    assert len(base.children) == len(base.truth) + 7
    samples = [child.sample for child in base.children]
    assert len(set(samples)) == len(samples)
    assert base.truth.keys() <= set(samples)
    assert set(base.truth.values()) <= {family.id for family in base.families}
    assert len(set(base.truth.values())) == len(base.truth)
    # Strangers stand among the others, not at the end.
    assert {sample in base.truth for sample in samples[:-7]} == {True, False}
    for family in base.families:
        assert kind_of(family) in FAMILY_SHAPES
        assert family.missing == "child"
        for member, profile in family.profiles.items():
            assert set(profile.genotypes) == {*LOCI, "AMEL"}
            assert profile.genetic_sex == family.pedigree[member].sex


def test_found_children_belong_to_their_families() -> None:
    """Without mutation no true child is excluded, and its sex is the recorded one; strangers are excluded somewhere."""
    base = kinship.simulate_base(40, MODEL, loci=LOCI, seed=2, unrelated=40, shapes={"couple": 1})
    families = {family.id: family for family in base.families}
    compiled = kinship.compile_families(base.families, MODEL)
    excluded = 0
    for child in base.children:
        table, _ = compiled.log10_lr(child)
        total = table.sum(axis=0)
        family = base.truth.get(child.sample)
        if family is None:
            excluded += int((total == -np.inf).sum())
        else:
            assert total[list(families).index(family)] > -np.inf
            assert families[family].pedigree["child"].sex == child.genetic_sex
    assert excluded > 40 * 40 / 2


def test_equal_seeds_make_equal_bases() -> None:
    one, same, other = (kinship.simulate_base(20, MODEL, loci=LOCI, seed=s, typed=0.8, unrelated=3) for s in (4, 4, 5))
    assert one == same
    assert one != other


def test_shapes_are_mixed_as_asked() -> None:
    base = kinship.simulate_base(3000, MODEL, loci=["CSF1PO"], seed=6)
    drawn = [list(FAMILY_SHAPES).index(kind_of(family)) for family in base.families]
    assert fits(np.array(drawn), np.array([DEFAULT_MIX[name] for name in FAMILY_SHAPES]))
    weighted = kinship.simulate_base(400, MODEL, loci=["CSF1PO"], seed=7, shapes={"couple": 3, "mother": 1, "father": 0})
    assert fits(np.array([len(f.profiles) - 1 for f in weighted.families]), np.array([1, 3]))


def test_the_share_of_loci_that_was_read() -> None:
    base = kinship.simulate_base(1000, MODEL, loci=LOCI, seed=8, typed=0.7, shapes={"couple": 1}, unrelated=500)
    profiles = [*base.children, *(p for family in base.families for p in family.profiles.values())]
    read = np.array([name in profile.genotypes for profile in profiles for name in LOCI]).astype(np.int64)
    assert fits(read, np.array([0.3, 0.7]))
    assert all("AMEL" in profile.genotypes for profile in profiles)


@pytest.mark.parametrize("theta", [0.0, 0.2])
def test_theta_shows_in_parents_and_in_strangers(theta: float) -> None:
    """Homozygotes 1 - (1 - theta) (1 - sum of squares), whoever it is: a stranger's two alleles are as related as anybody's."""
    model = PopulationModel(TABLE, kinship.NO_MUTATION, theta)
    base = kinship.simulate_base(4000, model, loci=["TH01"], seed=9, shapes={"mother": 1}, unrelated=4000, found=0)
    assert not base.truth
    expected = 1 - (1 - theta) * (1 - 0.04 - 0.09 - 0.25)
    for people in (base.children, [family.profiles["mother"] for family in base.families]):
        homozygous = np.array([len(profile.genotypes["TH01"]) == 1 for profile in people]).astype(np.int64)
        assert fits(homozygous, np.array([1 - expected, expected]))


def test_mutation_and_silent_alleles_reach_the_base() -> None:
    always = kinship.MutationModel("equal", MutationRates(1.0), MutationRates(1.0))
    model = PopulationModel(TABLE, always)
    base = kinship.simulate_base(30, model, loci=["CSF1PO"], seed=10, shapes={"couple": 1})
    families = {family.id: family for family in base.families}
    # Of two alleles each always becomes the other: parents 10/10 have a child 11/11.
    turned = 0
    for child in base.children:
        parents = families[base.truth[child.sample]].profiles
        if all(parents[p].genotypes["CSF1PO"] == ("10",) for p in ("father", "mother")):
            turned += 1
            assert child.genotypes["CSF1PO"] == ("11",)
    assert turned
    silent = kinship.simulate_base(300, PopulationModel(TABLE, silent=0.5), loci=["TH01"], seed=11, shapes={"mother": 1})
    shown = np.array(["TH01" in family.profiles["mother"].genotypes for family in silent.families]).astype(np.int64)
    assert fits(shown, np.array([0.25, 0.75]))
    assert not any("silent" in profile.genotypes.get("TH01", ()) for profile in silent.children)


def test_an_empty_base() -> None:
    base = kinship.simulate_base(0, MODEL, loci=LOCI, seed=1)
    assert (base.families, base.children, dict(base.truth)) == ((), (), {})
    assert len(kinship.simulate_base(0, MODEL, loci=LOCI, seed=1, unrelated=2).children) == 2


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"shapes": {"harem": 1}}, kinship.UnknownName, 'no kind of family is called "harem"'),
        ({"shapes": {"couple": -1}}, kinship.InputError, "negative"),
        ({"shapes": {"couple": 0}}, kinship.InputError, "all weights are zero"),
        ({"typed": 1.5}, kinship.InputError, "typed is 1.5"),
        ({"typed": float("nan")}, kinship.InputError, "typed is nan"),
        ({"found": -0.1}, kinship.InputError, "found is -0.1"),
        ({"unrelated": -1}, kinship.InputError, "negative"),
        ({"families": -1}, kinship.InputError, "negative"),
        ({"loci": ["FGA"]}, kinship.UnknownName, "FGA"),
        ({"shapes": {"couple": float("nan")}}, kinship.InputError, "couple"),
        ({"shapes": {"couple": float("inf")}}, kinship.InputError, "couple"),
    ],
)
def test_what_cannot_be_made_is_refused(change: dict[str, object], error: type[Exception], message: str) -> None:
    asked = {"families": 3, "model": MODEL, "loci": LOCI, "seed": 1} | change
    with pytest.raises(error, match=message):
        kinship.simulate_base(**asked)  # type: ignore[arg-type]
