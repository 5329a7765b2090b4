"""Acts are found, weighed by what they bring, and ranked; where nothing can be computed the reason is told."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from tests.kinship.decision.builders import CHINA, KIT23, NARROW, TOWN, one_family, with_child

from wayhome import kinship
from wayhome.kinship import Family, PopulationModel, Profile
from wayhome.kinship.decision.distribution import LrDistribution
from wayhome.kinship.decision.genotypes import family_laws
from wayhome.kinship.decision.lineages import MTDNA, Y_CHROMOSOME, Lineage, nearest
from wayhome.kinship.decision.next_steps import NextStep, NextSteps, next_steps
from wayhome.kinship.decision.thresholds import Gates

FEW = KIT23[:8]


def acts(steps: NextSteps) -> dict[str, NextStep]:
    return {step.act.text: step for step in steps.steps}


def test_a_mother_alone_is_told_to_bring_the_father() -> None:
    family = one_family("mother", CHINA, KIT23, seed=3)
    found = next_steps(family, CHINA, Gates(1_000_000))
    # One side, one kit: no LR is enough, so nothing is decisive yet.
    assert found.now == 0
    assert found.steps[0].act.code == "type_member"
    assert found.steps[0].act.data["member"] == "father"
    assert found.steps[0].gain is not None
    assert found.steps[0].gain > 0.99
    gains = [step.gain for step in found.steps if step.gain is not None]
    assert gains == sorted(gains, reverse=True)
    told = acts(found)
    assert any("father's mother" in text for text in told)
    assert any("brother or sister" in text for text in told)
    assert any(step.act.code == "second_kit" for step in found.steps)
    assert found.steps[-1].act.code == "no_x_frequencies"
    assert found.steps[-1].gain is None
    assert not any("mother's" in text for text in told), "behind a typed mother nobody tells more"
    assert not any(step.act.data.get("system") == "Y" for step in found.steps), "nobody typed is of the father's line"


def test_what_is_foretold_of_a_father_is_what_fathers_bring() -> None:
    """P(report) after typing the father, against families in which he was typed, each with its exact law."""
    gates = Gates(100)
    shape = kinship.FAMILY_SHAPES["couple"]
    family = one_family("mother", NARROW, FEW, seed=5)
    rng = np.random.default_rng(11)
    report = next(step for step in next_steps(family, NARROW, gates).steps if step.act.data.get("member") == "father")
    assert report.median_log10_lr is not None
    # 8 loci bar a report whatever the LR: compare the distributions instead.
    assert report.decisive == 0
    pedigree = kinship.Pedigree.of(shape.members, "child")
    medians = []
    for _ in range(40):
        father = {}
        for name in FEW:
            locus = NARROW.locus(name)
            pair = sorted(rng.choice(len(locus), size=2, p=locus.frequencies))
            father[name] = tuple(dict.fromkeys(locus.alleles[i] for i in pair))
        both = Family(pedigree, {**family.profiles, "father": Profile("F", father)})
        medians.append(LrDistribution(family_laws(both, NARROW).laws, points=2048).median)
    assert abs(np.median(medians) - report.median_log10_lr) < 4 * np.std(medians) / math.sqrt(40)


def test_a_candidate_is_weighed_by_its_own_genotypes() -> None:
    gates = Gates(10_000)
    family, child = with_child("two grandparents and aunt", NARROW, KIT23[:20], seed=3)
    found = next_steps(family, NARROW, gates, child=child)
    assert 0 <= found.now < 0.5
    best = found.steps[0]
    assert best.act.data["member"] == "mother"
    assert best.decisive is not None
    assert best.decisive > 0.99
    for step in found.steps:
        if step.decisive is not None:
            assert 0 <= step.decisive <= 1
            assert step.gain == pytest.approx(step.decisive - found.now)


def test_who_passed_or_is_impossible_needs_no_advice() -> None:
    family, child = with_child("couple", CHINA, KIT23)
    assert next_steps(family, CHINA, Gates(1000), child=child).steps == ()
    exact = PopulationModel(kinship.population("china"), kinship.NO_MUTATION)
    _, other = with_child("couple", exact, KIT23, seed=9)
    found = next_steps(family, exact, Gates(1000), child=other)
    assert found.steps == ()
    assert found.now == 1


def test_simulated_acts_tell_their_error() -> None:
    family = one_family("couple", NARROW, KIT23[:18], seed=3)
    found = next_steps(family, NARROW, Gates(10**6), draws=32)
    kits = [step for step in found.steps if step.act.code == "second_kit"]
    assert len(kits) == 3
    assert all(step.standard_error > 0 for step in kits)
    assert next_steps(family, NARROW, Gates(10**6), draws=32) == found, "equal seeds, equal numbers"


def test_progress_is_told_act_by_act() -> None:
    told: list[tuple[int, int]] = []
    found = next_steps(
        one_family("mother", NARROW, FEW[:4]), NARROW, Gates(10), progress=lambda done, of: told.append((done, of))
    )
    assert told == [(done, len(found.steps)) for done in range(1, len(found.steps) + 1)]


def test_a_relative_nobody_wrote_down_is_proposed_where_a_parent_is_absent() -> None:
    loci = ("TH01", "D3S1358", "FGA")
    model = PopulationModel(TOWN)
    family = Family(kinship.duo("mother"), {"mother": one_family("couple", model, loci).profiles["mother"]})
    found = next_steps(family, model, Gates(5))
    assert {"the father", "the father's father", "the father's mother", "a brother or sister"} <= {
        str(step.act.data.get("relation")) for step in found.steps
    }


def test_x_chromosomal_loci_where_there_is_a_table() -> None:
    model = PopulationModel(TOWN)
    members = kinship.trio(sex="F").members
    family = Family(kinship.Pedigree(members, "child", "F1"), one_family("couple", model, ("TH01", "FGA")).profiles)
    found = next_steps(family, model, Gates(5))
    (step,) = [step for step in found.steps if step.act.code == "x_loci"]
    assert step.median_log10_lr is not None
    assert "linked" in step.note
    # A child of unknown sex has an unknown number of X chromosomes.
    unknown = Family(kinship.Pedigree(kinship.trio().members, "child", "F2"), family.profiles)
    (step,) = [step for step in next_steps(unknown, model, Gates(5)).steps if step.act.code == "x_loci"]
    assert step.gain is None
    assert "sex" in step.note


def test_steps_go_to_json_and_back() -> None:
    found = next_steps(one_family("mother", NARROW, FEW[:4]), NARROW, Gates(10))
    assert NextSteps.from_json(json.loads(json.dumps(found.to_json(), allow_nan=False))) == found


# Haplotypes


def test_who_shares_a_line() -> None:
    three = kinship.three_generations(sex="M")
    assert nearest(three, "child", ["father's father", "mother's father"], "Y") == ("father's father", 2)
    assert nearest(three, "child", ["father", "father's father"], "Y") == ("father", 1)
    assert nearest(three, "child", ["mother", "father's mother"], "Y") is None
    assert nearest(three, "child", ["mother's mother", "father"], "mtDNA") == ("mother's mother", 2)
    uncle = kinship.avuncular(sex="M")
    assert nearest(uncle, "child", ["uncle"], "Y") == ("uncle", 3)
    assert nearest(kinship.full_siblings(), "child", ["sibling 1"], "Y") is None, "of unknown sex"
    assert nearest(kinship.full_siblings(), "child", ["sibling 1"], "mtDNA") == ("sibling 1", 2)


def test_a_haplotypes_law() -> None:
    law = Lineage("Y", 0.001, 0.1, "made up").law(2)
    assert law.true == pytest.approx([0.81, 0.19])
    assert law.stranger == pytest.approx([0.001, 0.999])
    assert law.log10_lr[0] == pytest.approx(math.log10(810))


def test_a_girl_has_no_y_and_an_unknown_child_half_a_chance() -> None:
    model = PopulationModel(TOWN)
    profiles = one_family("couple", model, ("TH01", "FGA")).profiles

    def of(sex: kinship.Sex) -> list[NextStep]:
        family = Family(kinship.Pedigree(kinship.trio(sex=sex).members, "child", sex), {"father": profiles["father"]})
        found = next_steps(family, model, Gates(1, lead_expected=10, report_expected=10, report_posterior=0.5))
        return [step for step in found.steps if step.act.data.get("system") == "Y"]

    assert of("F") == []
    (boy,), (unknown,) = of("M"), of("U")
    assert boy.decisive is not None
    assert unknown.decisive == pytest.approx(boy.decisive / 2, abs=1e-9)  # a girl is as before, when nothing sufficed
    assert "0.001" in boy.note


@pytest.mark.parametrize("wrong", [("X", 0.1, 0.1), ("Y", 0.0, 0.1), ("mtDNA", 0.1, 1.0)])
def test_lineages_that_cannot_be(wrong: tuple[str, float, float]) -> None:
    with pytest.raises(kinship.InputError):
        Lineage(*wrong, "made up")


def test_the_assumed_haplotypes_say_what_they_are() -> None:
    assert "assumed" in Y_CHROMOSOME.source
    assert "assumed" in MTDNA.source
    # 17 loci of 84 mutations in 29,792 meioses.
    assert pytest.approx(1 - (1 - 84 / 29_792) ** 17, abs=0.005) == Y_CHROMOSOME.mutation
