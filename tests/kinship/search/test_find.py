"""A search ranks families by the numbers that pairs give, and says what an analyst must know."""

from __future__ import annotations

import math

import pytest
from tests.kinship.search.pairwise import by_ratio

from wayhome import kinship
from wayhome.kinship import (
    NO_MUTATION,
    AlleleFrequencies,
    Family,
    InputError,
    MutationModel,
    MutationRates,
    Pedigree,
    PopulationModel,
    Profile,
)
from wayhome.kinship.search import find as find_module

LOCI = ("TH01", "D3S1358", "CSF1PO")
TABLE = AlleleFrequencies(
    "town",
    {
        "TH01": {"6": 0.2, "7": 0.3, "9": 0.1, "9.3": 0.4},
        "D3S1358": {"15": 0.4, "16": 0.6},
        "CSF1PO": {"10": 0.3, "11": 0.3, "12": 0.4},
    },
    people_where_not_stated=100,
)
OTHER = AlleleFrequencies(
    "village",
    {
        "TH01": {"6": 0.5, "7": 0.3, "9.3": 0.2},
        "D3S1358": {"14": 0.1, "15": 0.1, "16": 0.8},
        "CSF1PO": {"10": 0.1, "11": 0.8, "12": 0.1},
    },
    people_where_not_stated=50,
)
PROPORTIONAL = MutationModel("proportional", MutationRates(0.01), MutationRates(0.03))
MODEL = PopulationModel(TABLE, PROPORTIONAL)


def family(name: str, pedigree: Pedigree | None = None, **typed: dict[str, tuple[str, ...]]) -> Family:
    pedigree = pedigree or kinship.trio()
    profiles = {member: Profile(f"{name}/{member}", calls) for member, calls in typed.items()}
    return Family(Pedigree(pedigree.members, pedigree.missing, name), profiles)


def total(child: Profile, one: Family, model: PopulationModel) -> float:
    """Sum over the loci that a family tells about, pair by pair."""
    names = {name for profile in one.profiles.values() for name in profile.genotypes}.intersection(child.genotypes, LOCI)
    return math.fsum(by_ratio(child, one, model, name) for name in names)


def rank(result: kinship.Found, child: int = 0) -> list[str]:
    return [candidate.family for candidate in result.children[child].candidates]


BASE = kinship.simulate_base(40, MODEL, loci=LOCI, seed=3, typed=0.9, unrelated=5)


# The numbers


@pytest.mark.parametrize("theta", [0.0, 0.02])
def test_all_pairs_have_the_number_of_the_pair(theta: float) -> None:
    model = PopulationModel(TABLE, PROPORTIONAL if theta == 0 else NO_MUTATION, theta)
    kids = BASE.children[:3]
    families = BASE.families[:20]
    found = kinship.find(kids, families, [model], top=None, min_lr=0)
    by_id = {one.id: one for one in families}
    assert found.families == len(families)
    for child, result in zip(kids, found.children, strict=True):
        assert result.child == child.sample
        assert result.loci == tuple(name for name in LOCI if name in child.genotypes)
        assert {candidate.family for candidate in result.candidates} == by_id.keys()
        values = [candidate.log10_lr for candidate in result.candidates]
        assert values == sorted(values, reverse=True)
        for candidate in result.candidates:
            one = by_id[candidate.family]
            assert candidate.log10_lr == pytest.approx(total(child, one, model), rel=1e-9, abs=1e-9)
            assert math.fsum(candidate.loci.values()) == pytest.approx(candidate.log10_lr, rel=1e-9, abs=1e-9)
            for name, value in candidate.loci.items():
                assert value == pytest.approx(by_ratio(child, one, model, name), rel=1e-9, abs=1e-9)


def test_children_of_the_base_find_their_families() -> None:
    model = PopulationModel(kinship.population("china"))
    loci = kinship.panel("Identifiler").autosomal
    base = kinship.simulate_base(30, model, loci=loci, seed=8, shapes={"couple": 1}, unrelated=3, found=0.5)
    found = kinship.find(base.children, base.families, [model], top=1, min_lr=1e4)
    assert 5 < len(base.truth) < 25
    for result in found.children:
        if result.child in base.truth:
            assert [candidate.family for candidate in result.candidates] == [base.truth[result.child]]


def test_the_smallest_of_several_populations_counts() -> None:
    models = [MODEL, PopulationModel(OTHER, PROPORTIONAL)]
    child = Profile("C", {"TH01": ("6", "7"), "D3S1358": ("15", "16")})
    families = [
        family("F1", mother={"TH01": ("6",), "D3S1358": ("15",)}),
        family("F2", mother={"TH01": ("7", "9.3"), "D3S1358": ("14", "16")}),
    ]
    found = kinship.find([child], families, models, min_lr=0)
    smaller = set()
    for candidate in found.children[0].candidates:
        one = next(f for f in families if f.id == candidate.family)
        both = {model.frequencies.name: total(child, one, model) for model in models}
        assert candidate.by_population == pytest.approx(both, rel=1e-9)
        assert candidate.log10_lr == pytest.approx(min(both.values()), rel=1e-9)
        which = min(both, key=lambda name: both[name])
        smaller.add(which)
        model = next(m for m in models if m.frequencies.name == which)
        assert candidate.loci == pytest.approx({name: by_ratio(child, one, model, name) for name in child.genotypes}, rel=1e-9)
    values = [candidate.log10_lr for candidate in found.children[0].candidates]
    assert values == sorted(values, reverse=True)
    assert smaller == {"town", "village"}


# What is kept


def test_top_and_least_lr() -> None:
    child = BASE.children[0]
    everything = kinship.find([child], BASE.families, [MODEL], top=None, min_lr=0)
    assert rank(kinship.find([child], BASE.families, [MODEL], top=4, min_lr=0)) == rank(everything)[:4]
    candidates = everything.children[0].candidates
    least = 10 ** candidates[6].log10_lr * (1 - 1e-12)
    kept = kinship.find([child], BASE.families, [MODEL], top=None, min_lr=least)
    assert rank(kept) == [c.family for c in candidates if c.log10_lr >= math.log10(least)]
    assert 7 <= len(rank(kept)) < 40
    assert rank(kinship.find([child], BASE.families, [MODEL], top=0)) == []
    assert rank(kinship.find([child], BASE.families, [MODEL], min_lr=1e30)) == []


def test_impossible_families_come_last_or_not_at_all() -> None:
    model = PopulationModel(TABLE, NO_MUTATION)
    child = Profile("C", {"TH01": ("6",)})
    families = [family("no", mother={"TH01": ("7",)}), family("yes", mother={"TH01": ("6", "7")})]
    all_of_them = kinship.find([child], families, [model], min_lr=0)
    assert rank(all_of_them) == ["yes", "no"]
    assert all_of_them.children[0].candidates[1].log10_lr == -math.inf
    assert rank(kinship.find([child], families, [model], min_lr=1e-9)) == ["yes"]


def test_ties_stay_in_file_order(monkeypatch: pytest.MonkeyPatch) -> None:
    names = ["e", "b", "d", "a", "c"]
    families = [family(name, mother={"TH01": ("6",)}) for name in names]
    child = Profile("C", {"TH01": ("6",)})
    for size in (2, 4096):
        monkeypatch.setattr(find_module, "SLICE", size)
        assert rank(kinship.find([child], families, [MODEL], min_lr=0)) == names
        assert rank(kinship.find([child], families, [MODEL], min_lr=0, top=3)) == names[:3]


@pytest.mark.parametrize("size", [1, 7, 39])
def test_slices_change_nothing(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    kids = BASE.children[:4]
    whole = kinship.find(kids, BASE.families, [MODEL], top=5, min_lr=0.01)
    monkeypatch.setattr(find_module, "SLICE", size)
    told: list[tuple[int, int]] = []
    sliced = kinship.find(kids, BASE.families, [MODEL], top=5, min_lr=0.01, progress=lambda *done: told.append(done))
    for one, other in zip(whole.children, sliced.children, strict=True):
        assert [c.family for c in one.candidates] == [c.family for c in other.candidates]
        assert [c.log10_lr for c in one.candidates] == pytest.approx([c.log10_lr for c in other.candidates], rel=1e-12)
        assert [c.mismatch_loci for c in one.candidates] == [c.mismatch_loci for c in other.candidates]
    assert told == [(min(at + size, 40), 40) for at in range(0, 40, size)]


# What is said beside the number


def test_mismatches_are_the_loci_that_need_a_mutation() -> None:
    child = Profile("C", {"TH01": ("6",), "D3S1358": ("15",), "CSF1PO": ("12",)})
    one = family("F", mother={"TH01": ("7", "9"), "D3S1358": ("15", "16"), "CSF1PO": ("10",)}, father={"TH01": ("6",)})
    (candidate,) = kinship.find([child], [one], [MODEL], min_lr=0).children[0].candidates
    assert candidate.mismatch_loci == ("TH01", "CSF1PO")
    assert candidate.mismatches == 2
    assert candidate.notes == ()


def test_alleles_outside_the_table_are_mismatches_like_others() -> None:
    child = Profile("C", {"TH01": ("8",), "D3S1358": ("19",)})
    one = family("F", mother={"TH01": ("8", "11"), "D3S1358": ("15",)})
    (candidate,) = kinship.find([child], [one], [MODEL], min_lr=0).children[0].candidates
    assert candidate.mismatch_loci == ("D3S1358",)


def test_relatives_who_need_a_mutation_of_their_own_are_told_apart() -> None:
    child = Profile("C", {"TH01": ("6",), "D3S1358": ("15",)})
    typed = {"mother": {"TH01": ("6",), "D3S1358": ("15",)}, "sibling 1": {"TH01": ("7",), "D3S1358": ("15",)}}
    one = family("F", kinship.full_siblings(), **typed)
    (candidate,) = kinship.find([child], [one], [MODEL], min_lr=0).children[0].candidates
    assert candidate.mismatch_loci == ()
    assert candidate.notes == ("the relatives do not fit one another at TH01 without a mutation",)


def test_impossible_relatives_are_noted_and_tell_nothing() -> None:
    model = PopulationModel(TABLE, NO_MUTATION)
    typed = {"mother": {"TH01": ("6",), "D3S1358": ("15",)}, "sibling 1": {"TH01": ("7",), "D3S1358": ("15",)}}
    families = [family("odd", kinship.full_siblings(), **typed), family("even", mother={"TH01": ("6",), "D3S1358": ("15",)})]
    child = Profile("C", {"TH01": ("6",), "D3S1358": ("15",)})
    found = kinship.find([child], families, [model], min_lr=0)
    assert found.notes == ("the relatives of odd cannot be related as recorded at TH01; check samples and pedigree",)
    odd = next(c for c in found.children[0].candidates if c.family == "odd")
    assert odd.log10_lr == pytest.approx(by_ratio(child, families[0], model, "D3S1358"), rel=1e-9)
    assert odd.mismatch_loci == ()


def test_a_girl_is_no_missing_boy() -> None:
    one = family("F", kinship.duo("mother", sex="M"), mother={"TH01": ("6",)})
    girl, boy = (Profile(sex, {"TH01": ("6",), "AMEL": amel}) for sex, amel in (("girl", ("X",)), ("boy", ("X", "Y"))))
    found = kinship.find([girl, boy, Profile("unknown", {"TH01": ("6",)})], [one], [MODEL], min_lr=0)
    notes = [result.candidates[0].notes for result in found.children]
    assert notes == [("the missing child is recorded as male, the rescued child's profile is female",), (), ()]


def test_a_family_that_tells_nothing_has_no_locus() -> None:
    families = [family("told", mother={"TH01": ("6",)}), family("untold", mother={"D3S1358": ("15",)}), family("nobody typed")]
    found = kinship.find([Profile("C", {"TH01": ("6",)})], families, [MODEL], min_lr=0)
    assert rank(found) == ["told", "untold", "nobody typed"]
    assert [dict(c.loci) for c in found.children[0].candidates][1:] == [{}, {}]
    assert [c.log10_lr for c in found.children[0].candidates][1:] == [0, 0]


# What is refused


def test_ids_told_twice_are_refused() -> None:
    child, one = Profile("C", {"TH01": ("6",)}), family("F", mother={"TH01": ("6",)})
    with pytest.raises(InputError, match="child C is told twice"):
        kinship.find([child, child], [one], [MODEL])
    with pytest.raises(InputError, match="family F is told twice"):
        kinship.find([child], [one, one], [MODEL])
    with pytest.raises(InputError, match="population town is told twice"):
        kinship.find([child], [one], [MODEL, MODEL])


def test_nothing_in_common_is_refused() -> None:
    one = family("F", mother={"TH01": ("6",)})
    with pytest.raises(InputError, match="no population"):
        kinship.find([Profile("C", {"TH01": ("6",)})], [one], [])
    with pytest.raises(InputError, match="share no locus"):
        kinship.find([Profile("C", {"D3S1358": ("15",)})], [one], [MODEL])
    with pytest.raises(InputError, match="share no locus"):
        kinship.find([Profile("C", {"FGA": ("22",)})], [family("G", mother={"FGA": ("22",)})], [MODEL])


def test_loci_that_cannot_be_are_refused() -> None:
    child, one = Profile("C", {"TH01": ("6",), "FGA": ("22",)}), family("F", mother={"TH01": ("6",)})
    with pytest.raises(kinship.UnknownName, match="FGA"):
        kinship.find([child], [one], [MODEL], loci=["FGA"])
    with pytest.raises(InputError, match="TH01"):
        kinship.find([child], [one], [MODEL], loci=["TH01", "TH01"])


def test_nobody_to_search() -> None:
    child, one = Profile("C", {"TH01": ("6",)}), family("F", mother={"TH01": ("6",)})
    assert kinship.find([], [one], [MODEL]).children == ()
    assert kinship.find([child], [], [MODEL]).children[0].candidates == ()
