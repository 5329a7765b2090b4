"""A family's table holds, for every genotype of a child, the LR that two pedigrees compared one by one give."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.kinship.likelihood import oracle
from tests.kinship.search.pairwise import by_ratio, given_relatives
from tests.strategies import Case, cases

from wayhome import kinship
from wayhome.kinship import (
    NO_MUTATION,
    AlleleFrequencies,
    Family,
    FloatArray,
    Genotype,
    MutationModel,
    MutationRates,
    Pedigree,
    PopulationModel,
    Profile,
)
from wayhome.kinship.likelihood.encoding import encode
from wayhome.kinship.search import tables
from wayhome.kinship.search.compiled import compile_families
from wayhome.kinship.search.tables import distinct_rows, genotype_index, lr_ratios, lr_table

TABLE = AlleleFrequencies(
    "town",
    {
        "TH01": {"6": 0.2, "7": 0.3, "9": 0.1, "9.3": 0.4},
        "D3S1358": {"15": 0.4, "16": 0.6},
        "DXS10074": {"16": 0.3, "17": 0.7},
        "DXS10079": {"18": 0.2, "19": 0.8},
    },
    people_where_not_stated=100,
)
STEPWISE = MutationModel("stepwise", MutationRates(0.01, 0.1, 1e-3), MutationRates(0.03, 0.1, 1e-3))
PROPORTIONAL = MutationModel("proportional", MutationRates(0.01), MutationRates(0.03))
Pairwise = Callable[[Profile, Family, PopulationModel, str], float]


def children(name: str, labels: tuple[str, ...]) -> list[Profile]:
    """One child for every genotype."""
    every = itertools.combinations_with_replacement(labels, 2)
    return [Profile("/".join(pair), {name: tuple(dict.fromkeys(pair))}) for pair in every]


def base(model: PopulationModel, per_shape: int = 2, typed: float = 1.0) -> tuple[Family, ...]:
    """Families of every shape."""
    families: list[Family] = []
    for seed, shape in enumerate(kinship.FAMILY_SHAPES):
        made = kinship.simulate_base(per_shape, model, loci=["TH01", "D3S1358"], seed=seed, shapes={shape: 1}, typed=typed)
        for family in made.families:
            pedigree = family.pedigree
            named = Pedigree(pedigree.members, pedigree.missing, f"{shape} {family.id}")
            families.append(Family(named, family.profiles))
    return tuple(families)


def assert_same_numbers(families: tuple[Family, ...], model: PopulationModel, kids: list[Profile], pairwise: Pairwise) -> None:
    compiled = compile_families(families, model)
    for child in kids:
        table, names = compiled.log10_lr(child)
        assert names == [name for name in compiled.loci if name in child.genotypes]
        for (k, name), (f, family) in itertools.product(enumerate(names), enumerate(families)):
            told = any(name in profile.genotypes for profile in family.profiles.values())
            expected = pairwise(child, family, model, name) if told else 0.0
            assert table[k, f] == pytest.approx(expected, rel=1e-9, abs=1e-9, nan_ok=True), (child.sample, family.id, name)


# Against pairs


@pytest.mark.parametrize(("mutation", "theta"), [(PROPORTIONAL, 0.0), (NO_MUTATION, 0.0), (NO_MUTATION, 0.03)])
def test_every_shape_against_likelihood_ratio(mutation: MutationModel, theta: float) -> None:
    model = PopulationModel(TABLE, mutation, theta)
    assert_same_numbers(base(model, 1), model, children("TH01", tuple(TABLE.loci["TH01"])), by_ratio)


@pytest.mark.parametrize("theta", [0.0, 0.03])
def test_every_shape_under_the_stepwise_model(theta: float) -> None:
    model = PopulationModel(TABLE, STEPWISE, theta)
    assert_same_numbers(base(model, 1), model, children("D3S1358", ("15", "16")), given_relatives)


def test_likelihood_ratio_agrees_under_the_stepwise_model_where_nobody_is_pruned_with_the_child() -> None:
    model = PopulationModel(TABLE, STEPWISE)
    shapes = ("couple", "mother", "father", "mother and half-brother", "two grandparents and aunt")
    families = tuple(family for family in base(model) if family.id.startswith(shapes))
    assert len(families) >= 10
    assert_same_numbers(families, model, children("TH01", ("6", "9", "9.3")), by_ratio)


def test_partial_profiles() -> None:
    model = PopulationModel(TABLE, PROPORTIONAL)
    families = base(model, 3, typed=0.6)
    silent = sum(not any("TH01" in p.genotypes for p in family.profiles.values()) for family in families)
    assert 0 < silent < len(families)
    kids = [Profile("C1", {"TH01": ("6", "9"), "D3S1358": ("15",)}), Profile("C2", {"D3S1358": ("16",)}), Profile("C3", {})]
    assert_same_numbers(families, model, kids, by_ratio)


@pytest.mark.parametrize("mutation", [PROPORTIONAL, STEPWISE], ids=lambda m: m.kind)
def test_alleles_outside_the_table(mutation: MutationModel) -> None:
    """In the child alone, in relatives alone, the same in both, different ones in both; families on the ladder among them."""
    model = PopulationModel(TABLE, mutation)
    shapes: dict[str, dict[str, tuple[str, ...]]] = {
        "inside": {"mother": ("6", "7"), "father": ("9",)},
        "outside": {"mother": ("6", "8"), "father": ("9.3",)},
        "also outside": {"mother": ("6", "8"), "father": ("10", "12")},
        "mother alone": {"mother": ("8",)},
        "nobody": {},
    }
    families = tuple(
        Family(Pedigree(kinship.trio().members, "child", name), {m: Profile(m, {"TH01": labels}) for m, labels in typed.items()})
        for name, typed in shapes.items()
    )
    seen = [("6", "9"), ("8",), ("8", "9"), ("11",), ("8", "13.3")]
    kids = [Profile(f"C{i}", {"TH01": labels}) for i, labels in enumerate(seen)]
    assert_same_numbers(families, model, kids, by_ratio)


def test_a_silent_allele_may_hide_in_a_homozygous_child() -> None:
    model = PopulationModel(TABLE, NO_MUTATION, silent=0.02)
    kids = children("TH01", ("6", "7", "9.3"))
    assert_same_numbers(base(model, 1), model, kids, by_ratio)
    pedigree = kinship.duo("mother")
    family = Family(pedigree, {"mother": Profile("M", {"TH01": ("6",)})})
    compiled = compile_families([family], model)
    # Mother 6/silent, child 7/silent: rare, and no exclusion.
    assert compiled.log10_lr(Profile("C", {"TH01": ("7",)}))[0][0, 0] > -2


def test_a_silent_allele_with_theta() -> None:
    model = PopulationModel(TABLE, NO_MUTATION, 0.02, silent=0.02)
    families = tuple(family for family in base(model, 3) if family.id.startswith(("couple", "mother F", "father F")))
    assert len(families) == 9
    assert_same_numbers(families, model, children("TH01", ("6", "7", "9.3")), by_ratio)


@pytest.mark.parametrize("sex", ["M", "F"])
@pytest.mark.parametrize("theta", [0.0, 0.02])
def test_x_chromosomal_loci_when_asked_for(sex: kinship.Sex, theta: float) -> None:
    model = PopulationModel(TABLE, PROPORTIONAL, theta)
    pedigree = kinship.full_siblings(sex=sex).replacing(kinship.Member("sibling 1", "father", "mother", "F"))
    families = tuple(
        Family(Pedigree(pedigree.members, "child", name), {m: Profile(m, {"DXS10074": labels}) for m, labels in typed.items()})
        for name, typed in {
            "one": {"father": ("16",), "mother": ("16", "17")},
            "two": {"mother": ("17",), "sibling 1": ("16", "17")},
            "three": {"father": ("17",), "sibling 1": ("17",)},
        }.items()
    )
    compiled = compile_families(families, model, loci=["DXS10074"])
    assert compile_families(families, model).loci == ()
    for labels in (("16",), ("17",), *([("16", "17")] if sex == "F" else [])):
        child = Profile("C", {"DXS10074": labels})
        table, _ = compiled.log10_lr(child)
        for f, family in enumerate(families):
            assert table[0, f] == pytest.approx(given_relatives(child, family, model, "DXS10074"), rel=1e-9, abs=1e-9)
    if sex == "M":
        assert (compiled.log10_lr(Profile("C", {"DXS10074": ("16", "17")}))[0] == -np.inf).all()


@pytest.mark.parametrize("labels", [("16", "17"), ("16", "21"), ("20", "21")], ids=["inside", "one outside", "outside"])
def test_a_man_with_two_alleles_of_the_x_is_refused(labels: Genotype) -> None:
    """Wherever the alleles stand, in the population's table or outside."""
    family = Family(kinship.duo("father", sex="F"), {"father": Profile("F", {"DXS10074": labels})})
    with pytest.raises(kinship.ProfileError, match="father"):
        compile_families([family], PopulationModel(TABLE), loci=["DXS10074"])


# Against enumeration, for any pedigree


def unordered(table: FloatArray) -> FloatArray:
    """[n, n] by paternal and maternal allele -> by genotype, a <= b."""
    return np.array([table[a, b] + (table[b, a] if a != b else 0) for a, b in zip(*np.triu_indices(len(table)), strict=True)])


def enumerated(case: Case, child: str, relatives: Mapping[str, Genotype]) -> FloatArray | None:
    """log10 LR of every genotype of the child, None where the relatives are impossible."""
    h1 = case.pedigree
    settings = {"theta": case.theta, "convention": "pruned"}
    one, two = (oracle.joint(h, child, relatives, case.locus, **settings) for h in (h1, h1.with_unrelated(child)))
    if not one.any():
        return None
    if one.ndim == 2:
        one, two = unordered(one), unordered(two)
    with np.errstate(divide="ignore"):
        return np.asarray(np.log10(one / one.sum()) - np.log10(two / two.sum()))


@pytest.mark.parametrize("structured", [False, True], ids=["theta 0", "theta"])
@given(data=st.data())
def test_tables_are_what_enumeration_gives(data: st.DataObject, structured: bool) -> None:
    case = data.draw(cases(silent=False, structured=structured, least=1))
    child = data.draw(st.sampled_from(case.pedigree.ids))
    relatives = {m: labels for m, labels in case.genotypes.items() if m != child}
    shape, codes = encode(case.pedigree, relatives, case.locus, child)
    table = lr_table(shape, case.locus, np.repeat(codes, 2, axis=0), case.theta)
    assert table.shape[0] == 2
    expected = enumerated(case, child, relatives)
    for row in table:
        if expected is None:
            assert np.isnan(row).all()
        else:
            np.testing.assert_allclose(row, expected, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("structured", [False, True], ids=["theta 0", "theta"])
@given(data=st.data())
def test_a_strangers_expected_lr_is_one(data: st.DataObject, structured: bool) -> None:
    """The sum of P(g | relatives, unrelated) LR(g) over the child's genotypes, for every family, whatever was typed."""
    case = data.draw(cases(silent=False, structured=structured, least=1, deep=not structured))
    child = data.draw(st.sampled_from(case.pedigree.ids))
    relatives = {m: labels for m, labels in case.genotypes.items() if m != child}
    shape, codes = encode(case.pedigree, relatives, case.locus, child)
    (row,) = 10 ** lr_table(shape, case.locus, codes, case.theta)
    assume(not np.isnan(row).any())
    apart = case.pedigree.with_unrelated(child)
    p = kinship.conditional_genotypes(apart, child, relatives, case.locus, theta=case.theta, convention="pruned")
    if p.ndim == 2:
        p = unordered(p)
    assert p.sum() == pytest.approx(1, rel=1e-12)
    assert float(p @ row) == pytest.approx(1, rel=1e-10)


# The machinery


def test_many_families_at_once_are_the_families_one_by_one() -> None:
    model = PopulationModel(TABLE)
    families = base(model, 6, typed=0.8)
    child = Profile("C", {"TH01": ("7", "9.3"), "D3S1358": ("16",)})
    table, names = compile_families(families, model).log10_lr(child)
    assert names == ["TH01", "D3S1358"]
    for f, family in enumerate(families):
        alone, told = compile_families([family], model, loci=names).log10_lr(child)
        assert told == names
        np.testing.assert_allclose(table[:, f], alone[:, 0], rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("families", [1, 3, 4, 11])
def test_tables_worked_out_in_blocks_are_the_tables(families: int, monkeypatch: pytest.MonkeyPatch) -> None:
    locus = PopulationModel(TABLE, STEPWISE).locus("TH01")
    shape, _ = encode(kinship.trio(), {"mother": ("6",)}, locus, "child")
    codes = np.sort(np.random.default_rng(families).integers(0, len(locus), (families, 1, 2)))
    whole = lr_table(shape, locus, codes), lr_ratios(shape, locus, codes)
    monkeypatch.setattr(tables, "_PIECE", 3 * len(locus) ** 2 + 1)
    np.testing.assert_array_equal(lr_table(shape, locus, codes), whole[0])
    np.testing.assert_array_equal(lr_ratios(shape, locus, codes), whole[1])
    assert whole[0].shape == (families, 10)


def test_it_does_not_matter_whether_the_unknown_father_was_written_down() -> None:
    model = PopulationModel(TABLE, STEPWISE)
    mother = {"mother": Profile("M", {"TH01": ("6", "7")})}
    families = [Family(kinship.trio(), mother), Family(kinship.duo("mother"), mother)]
    for child in children("TH01", tuple(TABLE.loci["TH01"])):
        table, _ = compile_families(families, model).log10_lr(child)
        assert table[0, 0] == pytest.approx(table[0, 1], rel=1e-12)


def test_loci_by_default() -> None:
    """Autosomal, in the table, typed in a relative, not doubtful."""
    table = AlleleFrequencies("town", {**TABLE.loci, "vWA": {"16": 1.0}, "CSF1PO": {"10": 1.0}}, doubtful_loci=frozenset({"vWA"}))
    typed = {"TH01": ("6",), "vWA": ("16",), "DXS10074": ("16",), "AMEL": ("X",), "FGA": ("22",)}
    family = Family(kinship.duo("mother"), {"mother": Profile("M", typed)})
    assert compile_families([family], PopulationModel(table)).loci == ("TH01",)
    assert compile_families([family], PopulationModel(table), loci=["vWA"]).loci == ("vWA",)


def test_loci_that_cannot_be_are_refused() -> None:
    family = Family(kinship.duo("mother"), {"mother": Profile("M", {"TH01": ("6",)})})
    with pytest.raises(kinship.UnknownName, match="FGA"):
        compile_families([family], PopulationModel(TABLE), loci=["FGA"])
    with pytest.raises(kinship.InputError, match="TH01"):
        compile_families([family], PopulationModel(TABLE), loci=["TH01", "TH01"])


def test_a_relative_with_three_alleles_is_named() -> None:
    family = Family(kinship.duo("mother"), {"mother": Profile("M", {"TH01": ("6", "7", "9")})})
    with pytest.raises(kinship.ProfileError, match="family mother and child, mother"):
        compile_families([family], PopulationModel(TABLE))


def test_impossible_relatives_are_no_number() -> None:
    typed = {"mother": ("6",), "father": ("6",), "sibling 1": ("7",)}
    family = Family(kinship.full_siblings(), {m: Profile(m, {"TH01": labels}) for m, labels in typed.items()})
    table, _ = compile_families([family], PopulationModel(TABLE, NO_MUTATION)).log10_lr(Profile("C", {"TH01": ("6",)}))
    assert math.isnan(table[0, 0])


def test_progress() -> None:
    told: list[tuple[int, int]] = []
    compile_families(base(PopulationModel(TABLE), 1), PopulationModel(TABLE), progress=lambda *done: told.append(done))
    assert told == [(1, 2), (2, 2)]


def test_no_families() -> None:
    table, names = compile_families([], PopulationModel(TABLE), loci=["TH01"]).log10_lr(Profile("C", {"TH01": ("6",)}))
    assert table.shape == (1, 0)
    assert names == ["TH01"]


@pytest.mark.parametrize("n", [1, 2, 5, 30])
def test_genotypes_are_counted_through(n: int) -> None:
    places = [genotype_index(a, b, n) for a in range(n) for b in range(a, n)]
    assert places == list(range(n * (n + 1) // 2))


@given(data=st.data(), base=st.sampled_from([2, 9, 400, 3000]), typed=st.integers(0, 8), families=st.integers(1, 40))
def test_distinct_rows(data: st.DataObject, base: int, typed: int, families: int) -> None:
    few = data.draw(st.lists(st.lists(st.integers(0, base - 1), min_size=typed, max_size=typed), min_size=1, max_size=4))
    packed = np.array([data.draw(st.sampled_from(few)) for _ in range(families)], dtype=np.int64).reshape(families, typed)
    distinct, row = distinct_rows(packed, base)
    assert row.shape == (families,)
    np.testing.assert_array_equal(distinct[row], packed)
    assert len({tuple(one) for one in distinct.tolist()}) == len(distinct)
