"""What is averaged over is what may come: totals, conditionals and the LR after the act."""

from __future__ import annotations

import math

import numpy as np
import pytest
from tests.kinship.decision.builders import CHINA, PROPORTIONAL, STEPWISE, TOWN, with_child

from wayhome import kinship
from wayhome.kinship import Family, PopulationModel, Profile
from wayhome.kinship.decision import prospective
from wayhome.kinship.decision.genotypes import GenotypeLaw, locus_law, typed_at
from wayhome.kinship.decision.prospective import BATCHES, given_child, merged, of_new_locus, with_relative
from wayhome.kinship.search.compiled import compile_families

STATIONARY = PopulationModel(TOWN, PROPORTIONAL, minimum_count=0)
STRUCTURED = PopulationModel(TOWN, kinship.NO_MUTATION, theta=0.03, minimum_count=0)
MOTHER = {"mother": ("6", "9")}


@pytest.mark.parametrize("model", [STATIONARY, STRUCTURED], ids=["alone", "theta"])
@pytest.mark.parametrize("relative", ["father", "sibling 1"])
def test_over_all_genotypes_of_a_relative_the_child_is_as_before(model: PopulationModel, relative: str) -> None:
    """The law of total probability: summed over the relative's genotype, the child's law is the one given the others alone."""
    locus = model.locus("TH01")
    pedigree = kinship.mother_and_siblings()
    before = locus_law(pedigree, "child", MOTHER, locus, model.theta)
    assert before is not None
    (after,) = with_relative(pedigree, "child", relative, MOTHER, locus, model.theta)
    k = len(before.true)
    assert after.true.reshape(-1, k).sum(axis=0) == pytest.approx(before.true, abs=1e-6)
    assert after.stranger.reshape(-1, k).sum(axis=0) == pytest.approx(before.stranger, abs=1e-6)
    assert after.true.sum() == pytest.approx(1, abs=1e-12)
    assert (after.stranger[after.stranger > 0] * 10 ** after.log10_lr[after.stranger > 0]).sum() == pytest.approx(1)


def test_an_outcome_has_the_lr_of_a_family_so_typed() -> None:
    model = PopulationModel(TOWN, STEPWISE)
    locus = model.locus("TH01")
    pedigree = kinship.trio()
    (law,) = with_relative(pedigree, "child", "father", MOTHER, locus)
    expected = []
    for father in [(a, b) for i, a in enumerate(locus.alleles) for b in locus.alleles[i:]]:
        one = locus_law(pedigree, "child", {**MOTHER, "father": tuple(dict.fromkeys(father))}, locus)
        assert one is not None
        expected += list(one.log10_lr)
    assert np.sort(law.log10_lr) == pytest.approx(np.sort(expected), abs=1e-9)


@pytest.mark.parametrize("theta", [0.0, 0.02])
@pytest.mark.parametrize("relative", ["father", "sibling 1"])
def test_a_candidates_lr_after_typing_is_the_one_foretold(relative: str, theta: float) -> None:
    """The LR with the relative typed is the LR before times the outcome's factor, whatever the relative shows."""
    model = PopulationModel(TOWN, kinship.NO_MUTATION if theta else PROPORTIONAL, theta=theta, minimum_count=0)
    locus = model.locus("TH01")
    pedigree = kinship.mother_and_siblings()
    child = Profile("C", {"TH01": ("6", "7")})

    def log10_lr(seen: dict[str, tuple[str, ...]]) -> float:
        family = Family(pedigree, {member: Profile(member, {"TH01": labels}) for member, labels in seen.items()})
        return float(compile_families([family], model).log10_lr(child)[0][0, 0])

    law = given_child(pedigree, "child", relative, MOTHER, child.genotypes["TH01"], locus, theta)
    assert law is not None
    assert law.true.sum() == pytest.approx(1)
    assert law.stranger.sum() == pytest.approx(1)
    before = log10_lr(MOTHER)
    pairs = [(a, b) for i, a in enumerate(locus.alleles) for b in locus.alleles[i:]]
    for pair, factor in zip(pairs, law.log10_lr, strict=True):
        after = log10_lr({**MOTHER, relative: tuple(dict.fromkeys(pair))})
        if math.isnan(after):
            assert math.isnan(factor), "impossible together, whoever the child is"
            continue
        assert before + factor == pytest.approx(after, abs=1e-9)


def test_under_a_stepwise_model_it_is_foretold_within_hundredths() -> None:
    """The difference between a founder in the pedigree and one who is not, locus by locus with real frequencies."""
    loci = ("D3S1358", "FGA", "TH01", "D18S51")
    base = kinship.simulate_base(1, CHINA, loci=loci, seed=4, shapes={"couple": 1})
    (family,), (child,) = base.families, base.children
    mother_only = Family(family.pedigree, {"mother": family.profiles["mother"]})
    father = family.profiles["father"]
    for name in loci:
        seen = typed_at(mother_only, name)
        law = given_child(family.pedigree, "child", "father", seen, child.genotypes[name], CHINA.locus(name))
        assert law is not None
        table, names = compile_families([mother_only, family], CHINA, loci=loci).log10_lr(child)
        before, after = table[names.index(name)]
        n = CHINA.locus(name).alleles
        a, b = (n.index(label) for label in father.pair(name))
        place = a * len(n) - a * (a - 1) // 2 + b - a
        assert before + law.log10_lr[place] == pytest.approx(after, abs=0.05)


def test_who_is_impossible_has_no_law() -> None:
    locus = PopulationModel(TOWN, kinship.NO_MUTATION).locus("TH01")
    pedigree = kinship.mother_and_siblings()
    assert given_child(pedigree, "child", "father", {"mother": ("6",)}, ("7",), locus) is None
    assert with_relative(pedigree, "child", "father", {"mother": ("6",), "sibling 1": ("7",)}, locus) == []


def test_new_loci_of_one_relative_are_exact_and_of_several_drawn() -> None:
    model = PopulationModel(TOWN, STEPWISE)
    locus = model.locus("FGA")
    rng = np.random.default_rng(1)
    (exact,) = of_new_locus(kinship.trio(), "child", ["mother"], locus, draws=64, rng=rng)
    (again,) = with_relative(kinship.trio(), "child", "mother", {}, locus)
    assert exact.true == pytest.approx(again.true)
    drawn = of_new_locus(kinship.trio(), "child", ["mother", "father"], locus, draws=4000, rng=rng)
    assert len(drawn) == BATCHES
    # Against every pair of genotypes of the parents.
    pairs = [(a, b) for i, a in enumerate(locus.alleles) for b in locus.alleles[i:]]
    p = dict(zip(locus.alleles, locus.frequencies, strict=True))
    mean = 0.0
    for mother in pairs:
        for father in pairs:
            weight = math.prod(p[a] * p[b] * (1 if a == b else 2) for a, b in (mother, father))
            law = locus_law(kinship.trio(), "child", {"mother": mother, "father": father}, locus)
            assert law is not None
            mean += weight * float(law.true @ law.log10_lr)
    means = [float(law.true[law.true > 0] @ law.log10_lr[law.true > 0]) for law in drawn]
    assert abs(np.mean(means) - mean) < 4 * np.std(means, ddof=1) / math.sqrt(BATCHES)


def test_silent_alleles_and_the_x_can_be_foretold() -> None:
    rng = np.random.default_rng(2)
    silent = PopulationModel(TOWN, kinship.NO_MUTATION, silent=0.2).locus("TH01")
    for law in of_new_locus(kinship.trio(), "child", ["mother", "father"], silent, draws=64, rng=rng):
        assert law.true.sum() == pytest.approx(1)
    locus = PopulationModel(TOWN, kinship.NO_MUTATION).locus("DXS10074")
    boy, girl = kinship.trio(sex="M"), kinship.trio(sex="F")
    (of_boy,) = with_relative(boy, "child", "father", {"mother": ("16", "17")}, locus)
    # A father tells nothing about his son's X.
    told = locus_law(boy, "child", {"mother": ("16", "17")}, locus)
    assert told is not None
    assert set(np.round(of_boy.log10_lr[of_boy.true > 0], 9)) == set(np.round(told.log10_lr[told.true > 0], 9))
    (of_girl,) = with_relative(girl, "child", "father", {"mother": ("16", "17")}, locus)
    assert len(of_girl.true) == 3 * 6
    with pytest.raises(kinship.PedigreeError, match="sex"):
        of_new_locus(kinship.trio(), "child", ["mother", "father"], locus, draws=16, rng=rng)


def test_where_theta_is_dear_genotypes_are_drawn_without_bias(monkeypatch: pytest.MonkeyPatch) -> None:
    model = PopulationModel(kinship.population("china"), theta=0.01)
    family, _ = with_child("two siblings", model, ["D16S539"], seed=7)
    locus = model.locus("D16S539")
    seen = typed_at(family, "D16S539")

    def laws(seed: int) -> list[GenotypeLaw]:
        rng = np.random.default_rng(seed)
        return with_relative(family.pedigree, "child", "mother", seen, locus, model.theta, rng=rng)

    (exact,) = laws(1)
    monkeypatch.setattr(prospective, "_MOST_CONTRACTIONS", 10)
    drawn = [law for seed in range(12) for law in laws(seed)]
    assert len(drawn) == 12 * BATCHES
    assert len(drawn[0].true) < len(exact.true)
    means = [float(law.true[law.true > 0] @ law.log10_lr[law.true > 0]) for law in drawn]
    mean = float(exact.true[exact.true > 0] @ exact.log10_lr[exact.true > 0])
    assert abs(np.mean(means) - mean) < 4 * np.std(means, ddof=1) / math.sqrt(len(means))


def test_merged_outcomes_keep_both_sums_and_nearly_every_lr() -> None:
    locus = CHINA.locus("D18S51")
    (law,) = with_relative(kinship.trio(), "child", "father", {"mother": ("13", "15")}, locus)
    small = merged(law)
    assert len(small.true) < len(law.true) / 5
    for part in ("true", "stranger"):
        assert getattr(small, part).sum() == pytest.approx(getattr(law, part).sum())
        for t in np.linspace(-6, 4, 41):
            below = getattr(law, part)[law.log10_lr <= t].sum()
            assert getattr(small, part)[small.log10_lr <= t - 1e-3].sum() <= below + 1e-12
            assert getattr(small, part)[small.log10_lr <= t + 1e-3].sum() >= below - 1e-12
    assert small.exclusion == pytest.approx(law.exclusion)
    assert small.mutation == pytest.approx(law.mutation)
