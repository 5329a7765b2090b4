"""Joint answers: several children and several families at once."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from wayhome import kinship
from wayhome.kinship.errors import FrequencyError, InputError, PedigreeError, ProfileError, TooComplex, UnknownName
from wayhome.kinship.search.find import find
from wayhome.kinship.search.joint import joint_assignments
from wayhome.kinship.search.places import Place, ReferenceFamily, reference_families

LOCI = ("D3S1358", "vWA", "D16S539", "CSF1PO", "TPOX", "D8S1179", "D21S11", "D18S51", "D2S441", "D19S433", "TH01", "FGA")


@pytest.fixture(scope="module")
def model() -> kinship.PopulationModel:
    return kinship.PopulationModel(kinship.population("china"))


def _family(name: str, model: kinship.PopulationModel, seed: int, missing: int = 2, **options: Any) -> tuple[Any, dict[str, Any]]:
    """A couple who miss some children, and the children's own profiles, by gene dropping."""
    siblings = [(f"child {i}", "father", "mother", "U") for i in range(1, missing + 1)]
    pedigree = kinship.Pedigree.of([("father", None, None, "M"), ("mother", None, None, "F"), *siblings], name=name)
    rng = np.random.default_rng(seed)
    genotypes: dict[str, dict[str, tuple[str, ...]]] = {member: {} for member in pedigree.ids}
    for locus in LOCI:
        one = model.locus(locus)
        (alleles,) = np.sort(kinship.gene_drop(pedigree, one, 1, rng), axis=2)
        for member, codes in zip(pedigree.ids, alleles.tolist(), strict=True):
            genotypes[member][locus] = tuple(dict.fromkeys(one.alleles[c] for c in codes))
    profiles = {member: kinship.Profile(f"{name} {member}", g) for member, g in genotypes.items()}
    typed = options.get("typed", ("mother",))
    family = ReferenceFamily(pedigree, [row[0] for row in siblings], {m: profiles[m] for m in typed})
    return family, {row[0]: profiles[row[0]] for row in siblings}


def test_two_children_of_one_family_are_scored_together(model: kinship.PopulationModel) -> None:
    family, own = _family("A", model, 7, typed=("mother",))
    result = joint_assignments({"x": own["child 1"], "y": own["child 2"]}, [family], model)
    best = result.assignments[0]
    assert set(best.pairs) == {"x", "y"}
    first, second = best.pairs["x"].member, best.pairs["y"].member
    h1 = family.pedigree
    strangers = h1.with_unrelated("child 1").with_unrelated("child 2")
    profiles = {**family.profiles, first: own["child 1"], second: own["child 2"]}
    expected = kinship.likelihood_ratio(h1, strangers, profiles, model, convention="pruned")
    assert best.log10_lr == pytest.approx(expected.log10_lr, abs=1e-9)
    assert best.loci == pytest.approx(expected.loci, abs=1e-9)
    alone = sum(float(result.pairwise_log10_lr[i].max()) for i in range(2))
    assert best.log10_lr > alone + 1, "siblings who share a father's alleles tell more than two duos"
    # Nothing tells the two places apart.
    assert result.interchangeable == ((Place("A", "child 1"), Place("A", "child 2")),)
    assert result.posterior("x", Place("A", "child 1")) == pytest.approx(result.posterior("x", Place("A", "child 2")))
    assert result.family_posterior("x", "A") == pytest.approx(1, abs=1e-6)
    assert best.posterior == pytest.approx(0.5, abs=1e-6)


def test_a_single_pair_is_what_the_search_finds(model: kinship.PopulationModel) -> None:
    families = [_family(name, model, seed, 1) for name, seed in (("A", 1), ("B", 2))]
    children = {name: own["child 1"] for (_, own), name in zip(families, "xy", strict=True)}
    plain = [kinship.Family(kinship.Pedigree(f.pedigree.members, "child 1", f.id), f.profiles) for f, _ in families]
    found = find([replace(p, sample=c) for c, p in children.items()], plain, [model], min_lr=0)
    for asked in (plain, [f for f, _ in families]):
        result = joint_assignments(children, asked, model)
        for i, child in enumerate(found.children):
            scores = {candidate.family: candidate.log10_lr for candidate in child.candidates}
            assert result.pairwise_log10_lr[i] == pytest.approx([scores["A"], scores["B"]], abs=1e-9)
            misfits = {candidate.family: candidate.mismatches for candidate in child.candidates}
            assert result.mismatches[i].tolist() == [misfits["A"], misfits["B"]]


def test_posteriors_are_of_the_prior_given(model: kinship.PopulationModel) -> None:
    family, own = _family("A", model, 3, 1, typed=("father", "mother"))
    place = Place("A", "child 1")
    children = {"x": own["child 1"].only(LOCI[:3])}
    (lr,) = 10 ** joint_assignments(children, [family], model).pairwise_log10_lr[0]
    for odds in (1.0, 1e-3, {("x", place): 1e-6}, {}):
        ratio = odds if isinstance(odds, float) else odds.get(("x", place), 1.0)
        result = joint_assignments(children, [family], model, prior_odds=odds)
        assert result.posterior("x", place) == pytest.approx(lr * ratio / (lr * ratio + 1), rel=1e-9)
        assert result.posterior("x", None) == pytest.approx(1 / (lr * ratio + 1), rel=1e-9)
        assert result.unfilled[0] == pytest.approx(1 / (lr * ratio + 1), rel=1e-9)
        assert result.assignments[0].log10_lr == pytest.approx(math.log10(lr) if lr * ratio > 1 else 0, abs=1e-9)
    excluded = joint_assignments(children, [family], model, prior_odds={("x", place): 0.0})
    assert excluded.posterior("x", None) == 1
    assert np.isnan(excluded.pairwise_log10_lr).all()


def test_identical_profiles_are_one_child(model: kinship.PopulationModel) -> None:
    family, own = _family("A", model, 11, 2, typed=("father", "mother"))
    twice = {"x": own["child 1"].only(LOCI[:11]), "y": replace(own["child 1"], sample="again"), "z": own["child 2"]}
    result = joint_assignments(twice, [family], model)
    assert result.identical == (("x", "y"),)
    assert result.children == ("x", "z")
    assert "x, y have one profile" in result.notes[0]
    assert all(len(set(a.pairs.values())) == len(a.pairs) for a in result.assignments)
    assert result.posterior("y", Place("A", "child 1")) == result.posterior("x", Place("A", "child 1"))
    # The one child shows what either sample shows.
    alone = joint_assignments({"y": twice["y"], "z": twice["z"]}, [family], model)
    assert result.pairwise_log10_lr == pytest.approx(alone.pairwise_log10_lr, abs=1e-12)
    # Told apart, one child would be counted for both of those missed.
    del twice["z"]
    apart = joint_assignments(twice, [family], model, merge_identical=False)
    assert apart.identical == ()
    assert set(apart.assignments[0].pairs) == {"x", "y"}
    assert len(joint_assignments(twice, [family], model).assignments[0].pairs) == 1


def test_samples_that_are_nearly_one_are_remarked(model: kinship.PopulationModel) -> None:
    family, own = _family("A", model, 11, 2, typed=("father", "mother"))
    whole = own["child 1"]
    name = next(name for name, labels in whole.genotypes.items() if len(labels) == 2)
    lost = replace(whole, genotypes={**whole.genotypes, name: whole.genotypes[name][:1]})
    result = joint_assignments({"x": whole, "y": lost, "z": own["child 2"]}, [family], model)
    assert result.identical == ()
    (note,) = result.notes
    assert note.startswith(f"x and y differ at {name} only, of 12 loci: perhaps one child sampled twice")
    (note,) = joint_assignments({"x": whole, "y": whole}, [family], model, merge_identical=False).notes
    assert note.startswith("x and y agree at all of 12 loci")


def test_a_sample_that_bridges_two_others_joins_only_one(model: kinship.PopulationModel) -> None:
    _, own = _family("A", model, 5, 2)
    whole = own["child 1"]
    other = replace(whole, genotypes={**whole.genotypes, LOCI[0]: ("7", "8")})
    children = {"a": whole, "b": other, "c": whole.only(LOCI[1:])}
    family, _ = _family("B", model, 6, 1)
    result = joint_assignments(children, [family], model)
    assert result.identical == (("a", "c"),)
    assert result.children == ("a", "b")


def test_one_family_reported_twice(model: kinship.PopulationModel) -> None:
    family, own = _family("A", model, 4, 1, typed=("father", "mother"))
    again = ReferenceFamily(replace(family.pedigree, name="A again"), family.missing, family.profiles)
    result = joint_assignments({"x": own["child 1"]}, [family, again], model)
    assert any(note.startswith("A and A again may be one family reported twice") for note in result.notes)
    assert result.family_posterior("x", "A") == pytest.approx(0.5, abs=1e-6)
    assert result.family_posterior("x", "A again") == pytest.approx(0.5, abs=1e-6)


def test_relatives_who_cannot_be_related_are_told() -> None:
    unmutated = kinship.PopulationModel(kinship.population("china"), kinship.NO_MUTATION)
    pedigree = kinship.Pedigree.of(
        [("father", None, None, "M"), ("son", "father", None, "M"), ("lost", "father", None, "U")], name="A"
    )
    profiles = {
        "father": kinship.Profile("1", {"TPOX": ("8",), "TH01": ("6", "9")}),
        "son": kinship.Profile("2", {"TPOX": ("11",), "TH01": ("9",)}),
    }
    child = kinship.Profile("3", {"TPOX": ("8",), "TH01": ("9",)})
    result = joint_assignments({"x": child}, [ReferenceFamily(pedigree, ("lost",), profiles)], unmutated)
    assert result.notes == ("the relatives of A cannot be related as recorded at TPOX, which is left out for them",)
    assert result.assignments[0].loci["TPOX"] == 0
    assert result.assignments[0].loci["TH01"] > 0
    assert math.isfinite(result.log_likelihood_nobody)
    assert result.mismatches.tolist() == [[0]]


@pytest.mark.parametrize("theta", [1e-9, 0.02])
def test_with_theta_everybody_is_of_one_population(theta: float, model: kinship.PopulationModel) -> None:
    families = [_family("A", model, 21, 1), _family("B", model, 22, 1)]
    children = {"x": families[0][1]["child 1"], "y": families[1][1]["child 1"]}
    loci = LOCI[:4]
    asked = [family for family, _ in families]
    structured = kinship.PopulationModel(kinship.population("china"), theta=theta)
    result = joint_assignments(children, asked, structured, loci=loci)
    best = result.assignments[0]
    assert best.pairs == {"x": Place("A", "child 1"), "y": Place("B", "child 1")}
    # One pedigree that holds them all, by the engine.
    members = [
        kinship.Member(f"{f.id} {m.id}", m.father and f"{f.id} {m.father}", m.mother and f"{f.id} {m.mother}", m.sex)
        for f in asked
        for m in f.pedigree
    ]
    h1 = kinship.Pedigree(tuple(members))
    profiles = {f"{f.id} {m}": p for f in asked for m, p in f.profiles.items()}
    profiles |= {"A child 1": children["x"], "B child 1": children["y"]}
    h2 = h1.with_unrelated("A child 1").with_unrelated("B child 1")
    expected = kinship.likelihood_ratio(h1, h2, profiles, structured, loci=loci, convention="pruned")
    assert best.log10_lr == pytest.approx(expected.log10_lr, abs=1e-9)
    assert best.log_likelihood == pytest.approx(math.fsum(expected.log_likelihoods[0].values()), abs=1e-9)
    plain = joint_assignments(children, asked, structured, loci=loci, theta=0.0)
    difference = best.log10_lr - plain.assignments[0].log10_lr
    assert abs(difference) < 1e-6 if theta < 1e-6 else abs(difference) > 0.01


def test_x_chromosomal_loci_need_the_sexes_and_obey_them() -> None:
    locus = kinship.LocusModel("DXS7132", ("12", "13", "14"), np.array([0.2, 0.3, 0.5]), x_linked=True)
    pedigree = kinship.Pedigree.of(
        [("mother", None, None, "F"), ("son", None, "mother", "M"), ("daughter", None, "mother", "F")], name="A"
    )
    family = ReferenceFamily(pedigree, ("son", "daughter"), {"mother": kinship.Profile("m", {"DXS7132": ("12", "13")})})
    child = kinship.Profile("c", {"DXS7132": ("12",)})
    with pytest.raises(ProfileError, match="sex of x must be known"):
        joint_assignments({"x": child}, [family], {"DXS7132": locus})
    boy = joint_assignments({"x": child}, [family], {"DXS7132": locus}, sexes={"x": "M"})
    assert 10 ** boy.pairwise_log10_lr[0, 0] == pytest.approx(0.5 / 0.2)
    assert np.isnan(boy.pairwise_log10_lr[0, 1])
    girl = joint_assignments({"x": child}, [family], {"DXS7132": locus}, sexes={"x": "F"})
    assert np.isnan(girl.pairwise_log10_lr[0, 0])
    assert 10 ** girl.pairwise_log10_lr[0, 1] == pytest.approx(0.5 / 0.2)
    with pytest.raises(InputError, match="theta is not offered"):
        joint_assignments({"x": child}, [family], {"DXS7132": locus}, sexes={"x": "F"}, theta=0.01)


def test_pairs_that_are_considered(model: kinship.PopulationModel) -> None:
    family, own = _family("A", model, 8, 2)
    boys = ReferenceFamily(
        family.pedigree.replacing(kinship.Member("child 1", "father", "mother", "M")), family.missing, family.profiles
    )
    girl = replace(own["child 2"], genotypes={**own["child 2"].genotypes, "AMEL": ("X",)})
    places = [Place("A", "child 1"), Place("A", "child 2")]
    anybody = joint_assignments({"x": girl}, [boys], model)
    assert anybody.considered == 3
    told = joint_assignments({"x": girl}, [boys], model, pairs={"x": places[:1]}).notes
    assert told == ("x is female, the missing child 1 of A is recorded as the other sex",)
    by_sex = joint_assignments({"x": girl}, [boys], model, match_sex=True)
    assert by_sex.considered == 2
    assert np.isnan(by_sex.pairwise_log10_lr[0, 0])
    named = joint_assignments({"x": girl, "y": own["child 1"]}, [boys], model, pairs={"x": [places[1]]})
    assert named.considered == 2
    assert named.posterior("y", None) == 1
    strict = joint_assignments({"x": girl}, [boys], model, least_log10_lr=99)
    assert strict.considered == 3
    assert strict.possible == 1
    assert strict.pairwise_log10_lr == pytest.approx(anybody.pairwise_log10_lr)


def test_a_family_that_stands_in_a_file_twice_for_two_children_is_one(model: kinship.PopulationModel) -> None:
    two, own = _family("A", model, 12, 2, typed=("father", "mother"))
    again = {m: replace(p, sample=f"again {m}") for m, p in two.profiles.items()}

    def missing(child: str, name: str, **changes: Any) -> kinship.Family:
        members = changes.get("members", two.pedigree.members)
        return kinship.Family(kinship.Pedigree(members, child, name), changes.get("profiles", again))

    first, second = missing("child 1", "F1"), missing("child 2", "F2", profiles=two.profiles)
    other = missing("child 2", "F3", profiles={"father": again["father"]})
    untyped = [missing(child, f"U {child}", profiles={}) for child in ("child 1", "child 2")]
    repeated = missing("child 1", "F4")
    shuffled = missing("child 2", "F5", members=two.pedigree.members[::-1])
    found = reference_families([first, other, second, repeated, *untyped, shuffled])
    assert [family.id for family in found] == ["F1+F2", "F3", "F4+F5", "U child 1", "U child 2"]
    assert [family.missing for family in found[:3]] == [("child 1", "child 2"), ("child 2",), ("child 1", "child 2")]
    result = joint_assignments({"x": own["child 1"], "y": own["child 2"]}, found[:1], model)
    whole = joint_assignments({"x": own["child 1"], "y": own["child 2"]}, [two], model)
    assert result.assignments[0].log10_lr == pytest.approx(whole.assignments[0].log10_lr, abs=1e-12)


def test_progress_is_told(model: kinship.PopulationModel) -> None:
    families = [_family(name, model, 13, 1)[0] for name in "ABC"]
    told: list[tuple[int, int]] = []
    joint_assignments({}, families, model, progress=lambda done, of: told.append((done, of)))
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_nothing_to_match(model: kinship.PopulationModel) -> None:
    family, own = _family("A", model, 9, 1)
    empty = joint_assignments({}, [family], model)
    assert (empty.possible, empty.considered) == (1, 1)
    assert empty.unfilled.tolist() == [1]
    assert empty.assignments[0].posterior == 1
    alone = joint_assignments({"x": own["child 1"]}, [], model)
    assert alone.pairing.tolist() == [[1]]
    with pytest.raises(InputError, match="typed at no locus"):
        joint_assignments({"x": kinship.Profile("x")}, [family], model)


def test_what_made_the_numbers_is_told(model: kinship.PopulationModel) -> None:
    family, own = _family("A", model, 9, 1)
    children = {"x": own["child 1"]}
    first, again = (joint_assignments(children, [family], model).provenance for _ in range(2))
    assert first == again
    assert json.loads(json.dumps(first)) == first
    assert set(first["inputs"]) == {"child x", "family A"}
    for change in ({"prior_odds": 0.5}, {"loci": LOCI[:5]}, {"convention": "as_written"}, {"least_log10_lr": -3.0}):
        assert joint_assignments(children, [family], model, **change).provenance["digest"] != first["digest"]
    loci = {name: model.locus(name) for name in LOCI}
    by_locus = joint_assignments(children, [family], loci)
    assert by_locus.assignments[0].log10_lr == pytest.approx(joint_assignments(children, [family], model).assignments[0].log10_lr)
    loci["FGA"] = replace(loci["FGA"], female=None)
    assert joint_assignments(children, [family], loci).provenance["digest"] != by_locus.provenance["digest"]


def test_errors_name_what_is_wrong(model: kinship.PopulationModel) -> None:
    family, own = _family("A", model, 9, 1)
    children = {"x": own["child 1"]}
    place = Place("A", "child 1")
    with pytest.raises(InputError, match="A is told twice"):
        joint_assignments(children, [family, family], model)
    for arguments in (
        {"pairs": {"y": [place]}},
        {"pairs": {"x": [Place("A", "mother")]}},
        {"pairs": {"x": [("A",)]}},
        {"sexes": {"y": "M"}},
        {"prior_odds": {("y", place): 1.0}},
        {"prior_odds": {("x", Place("B", "child 1")): 1.0}},
    ):
        with pytest.raises(UnknownName):
            joint_assignments(children, [family], model, **arguments)  # type: ignore[arg-type]
    for odds in (-1.0, math.inf, math.nan):
        with pytest.raises(InputError, match="prior odds"):
            joint_assignments(children, [family], model, prior_odds=odds)
    with pytest.raises(InputError, match="theta 1"):
        joint_assignments(children, [family], model, theta=1.0)
    two, both = _family("B", model, 9, 2)
    with pytest.raises(TooComplex, match="ways to put the children"):
        joint_assignments(both, [two], model, most_ways=5)
    impossible = kinship.LocusModel("TPOX", ("8", "9"), np.array([1.0, 0.0]))
    with pytest.raises(FrequencyError, match="frequency 0"):
        joint_assignments({"x": kinship.Profile("x", {"TPOX": ("9",)})}, [family], {"TPOX": impossible})
    with pytest.raises(InputError, match="no numbers for TPOX"):
        joint_assignments(children, [family], {"FGA": model.locus("FGA")}, loci=["TPOX"])
    result = joint_assignments(children, [family], model)
    for ask in (
        lambda: result.posterior("y", None),
        lambda: result.posterior("x", Place("A", "mother")),
        lambda: result.family_posterior("x", "B"),
    ):
        with pytest.raises(UnknownName):
            ask()


def test_a_reference_family_is_checked() -> None:
    pedigree = kinship.trio(missing=None)
    profile = kinship.Profile("s", {"FGA": ("20",)})
    for missing, profiles, problem in (
        ((), {}, "nobody is missing"),
        (("uncle",), {}, "not in the pedigree"),
        (("child", "child"), {}, "missing twice"),
        (("child",), {"child": profile}, "has a profile"),
        (("child",), {"uncle": profile}, "not in the pedigree"),
    ):
        with pytest.raises(PedigreeError, match=problem):
            ReferenceFamily(pedigree, missing, profiles)
