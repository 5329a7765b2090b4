"""An assessment holds every number, agrees with the search, and survives storage."""

from __future__ import annotations

import json
import math
from dataclasses import FrozenInstanceError

import pytest
from tests.kinship.decision.builders import CHINA, KIT23, with_child

from wayhome import kinship
from wayhome.kinship import Family, PopulationModel, Profile
from wayhome.kinship.decision.assessment import Assessment, assess
from wayhome.kinship.decision.posterior import Prior, posterior
from wayhome.kinship.decision.thresholds import Gates

ASIAN = PopulationModel(kinship.population("nist-asian"), theta=0.01)
GATES = Gates(1_000_000, 3)


@pytest.fixture(scope="module")
def couple() -> tuple[Family, Profile]:
    return with_child("couple", CHINA, KIT23)


def stored(assessment: Assessment) -> Assessment:
    return Assessment.from_json(json.loads(json.dumps(assessment.to_json(), allow_nan=False)))


def test_it_agrees_with_the_search_and_takes_the_least(couple: tuple[Family, Profile]) -> None:
    family, child = couple
    made = assess(child, family, [CHINA, ASIAN], GATES, steps=False)
    (candidate,) = kinship.find([child], [family], [CHINA, ASIAN]).children[0].candidates
    assert made.log10_lr == candidate.log10_lr == min(made.by_population.values())
    assert made.by_population == candidate.by_population
    assert made.log10_lr_range == (min(made.by_population.values()), max(made.by_population.values()))
    assert made.population == min(made.by_population, key=lambda name: made.by_population[name])
    assert sum(made.loci.values()) == pytest.approx(made.log10_lr)
    assert made.mismatch_loci == candidate.mismatch_loci
    assert set(made.genotypes["FGA"]) == {"father", "mother", "child"}
    assert made.samples["child"] == (child.sample, child.kit)
    assert made.verdict.gate == "report"
    assert made.case_work.code == "case_work_supports"
    assert made.prior == pytest.approx(5e-7)
    assert made.posterior > 0.9999
    assert 0 < made.true_below.value < 1
    assert made.adventitious.value == pytest.approx(3e6 * made.stranger_above.value)
    assert made.stranger_above.most <= 10**-made.log10_lr
    assert made.next_steps is None


def test_it_goes_to_json_and_back(couple: tuple[Family, Profile]) -> None:
    family, child = couple
    made = assess(
        child, family, [CHINA, ASIAN], GATES, evidence={"age": 0.5, "place": -0.25}, inputs={"a.csv": "00"}, steps=False
    )
    assert stored(made) == made
    assert json.dumps(stored(made).to_json()) == json.dumps(made.to_json())
    assert [stage.name for stage in made.stages] == ["prior", "DNA", "age", "place"]
    assert made.provenance["inputs"]["a.csv"] == "00"
    assert made.provenance["parameters"]["gates"]["families"] == 1_000_000
    with pytest.raises(FrozenInstanceError):
        made.log10_lr = 3.0  # type: ignore[misc]
    with pytest.raises(TypeError):
        made.loci["FGA"] = 9.0  # type: ignore[index]


def test_a_mother_alone_is_told_what_is_missing() -> None:
    family, child = with_child("mother", CHINA, KIT23, seed=3)
    made = assess(child, family, [CHINA], Gates(100_000_000))
    assert made.verdict.gate == "insufficient"
    assert made.next_steps is not None
    assert made.next_steps.steps[0].act.data["member"] == "father"
    assert {"untested_parent", "untested_system"} <= {remark.code for remark in made.not_tested}
    assert stored(made) == made
    assert all(remark.text for remark in (*made.assumptions, *made.not_tested, *made.verdict.remarks))


def test_a_report_can_be_written_from_it(couple: tuple[Family, Profile]) -> None:
    """What a kinship report must hold, but for what casework knows: custody, consent, laboratories, reviewers."""
    family, child = couple
    told = assess(child, family, [CHINA, ASIAN], GATES, evidence={"age": 0.5}, steps=False).to_json()
    h1, h2 = (one["text"] for one in told["hypotheses"])
    assert h1 == f"H1: {child.sample} is child of {family.id}, related to father, mother as the pedigree says"
    assert h2 == f"H2: {child.sample} is of the same population and unrelated to {family.id}"
    rebuilt = kinship.Pedigree.of([tuple(row) for row in told["pedigree"]], told["missing"])
    assert rebuilt.members == family.pedigree.members
    assert told["comparisons"] == 3_000_000
    assert told["exclusion"] == pytest.approx(kinship.family_power(family, CHINA).exclusion, abs=1e-12)
    assert 0.9999 < told["exclusion"] <= 1
    texts = [one["text"] for one in told["assumptions"]]
    assert any("nist-asian: counted in" in text for text in texts)
    assert any(text.startswith(f"{CHINA.frequencies.name}: ") and "people" in text for text in texts)
    assert {"version", "parameters", "inputs"} <= set(told["provenance"])
    assert {one["population"] for one in told["provenance"]["parameters"]["populations"]} == set(told["by_population"])
    assert told["mismatches"] == []


def test_every_mismatch_is_explained(couple: tuple[Family, Profile]) -> None:
    family, child = couple
    father, mother = (set(family.profiles[who].genotypes["FGA"]) for who in ("father", "mother"))
    shared = next(iter(mother))
    other = next(str(k) for k in range(18, 28) if str(k) not in father | mother)
    changed = Profile("C", {**child.genotypes, "FGA": (shared, other), "TH01": ("9.3",)})
    parents = {who: Profile(who, {**one.genotypes, "TH01": ("7", "9")}) for who, one in family.profiles.items()}
    made = assess(changed, Family(family.pedigree, parents), [CHINA], GATES, steps=False)
    told = {(one.data["locus"], one.data.get("parent")): one for one in made.mismatches}
    assert {locus for locus, _ in told} == set(made.mismatch_loci)
    both = (told["TH01", "father"], told["TH01", "mother"])
    assert all(one.code == "mismatch_microvariant" and one.data["child"] == "9.3/9.3" for one in both)
    assert "7/9; no whole number of repeats apart" in both[0].text
    assert any(locus == "FGA" for locus, _ in told)
    mothers = {"mother": Profile("M", {**family.profiles["mother"].genotypes, "FGA": ("20", "24")})}
    alone = assess(
        Profile("C", {**child.genotypes, "FGA": ("22", "23.2")}), Family(kinship.duo(), mothers), [CHINA], GATES, steps=False
    )
    (one,) = [one for one in alone.mismatches if one.data["locus"] == "FGA"]
    assert one.data["repeats"] == 2
    assert stored(made) == made


def test_impossible_is_a_result(couple: tuple[Family, Profile]) -> None:
    family, _ = couple
    exact = PopulationModel(kinship.population("china"), kinship.NO_MUTATION)
    _, stranger = with_child("mother", exact, KIT23, seed=8)
    made = assess(stranger, family, [exact], GATES)
    assert made.log10_lr == -math.inf
    assert made.posterior == 0
    assert made.verdict.gate == "insufficient"
    assert len(made.mismatch_loci) > 2
    assert made.case_work.code == "case_work_excludes"
    assert made.to_json()["log10_lr"] == "-inf"
    assert stored(made) == made


def test_rivals_of_the_base_share_the_posterior(couple: tuple[Family, Profile]) -> None:
    family, child = couple
    alone = assess(child, family, [CHINA], GATES, steps=False)
    rivals = posterior({family.id: alone.log10_lr, "twin's family": alone.log10_lr}, Prior(0.5, 1_000_000))
    shared = assess(child, family, [CHINA], GATES, whole_base=rivals, steps=False)
    assert shared.posterior == pytest.approx(0.5)
    assert shared.verdict.gate == "lead"
    with pytest.raises(kinship.InputError, match="beside"):
        assess(child, family, [CHINA], GATES, whole_base=rivals, evidence={"age": 1.0})


def test_linkage_is_told_where_it_matters(couple: tuple[Family, Profile]) -> None:
    family, child = couple
    of_parents = {remark.code for remark in assess(child, family, [CHINA], GATES, steps=False).assumptions}
    family, child = with_child("two siblings", CHINA, KIT23)
    of_siblings = {remark.code for remark in assess(child, family, [CHINA], GATES, steps=False).assumptions}
    assert "linked_loci" not in of_parents
    assert "linked_loci" in of_siblings
    assert {"mutation_model", "theta", "minimum_frequency", "caution", "no_twins"} <= of_parents


def test_loci_of_the_relatives_that_the_child_lacks_are_named(couple: tuple[Family, Profile]) -> None:
    family, child = couple
    made = assess(child.only(KIT23[:20]), family, [CHINA], GATES, steps=False)
    lacking = {remark.data["locus"] for remark in made.not_tested if remark.code == "untested_locus"}
    assert lacking == set(KIT23[20:])
    assert made.support.loci == 20


@pytest.mark.parametrize("broken", [{}, {"child": "C"}, {"loci": 3}])
def test_what_is_no_assessment_is_refused(broken: dict[str, object], couple: tuple[Family, Profile]) -> None:
    family, child = couple
    whole = assess(child, family, [CHINA], GATES, steps=False).to_json()
    with pytest.raises(kinship.InputError, match="no assessment"):
        Assessment.from_json(broken if "loci" not in broken else whole | broken)


def test_no_locus_in_common_is_refused(couple: tuple[Family, Profile]) -> None:
    family, _ = couple
    with pytest.raises(kinship.InputError):
        assess(Profile("C", {"SE33": ("20",)}), family, [CHINA], GATES)
