"""Whom to sample before anybody was: held against what is known of couples and of one more relative."""

from __future__ import annotations

import pytest

from wayhome import kinship

MODEL = kinship.PopulationModel(kinship.population("china"))
LOCI = tuple(name for name in kinship.panel("Goldeneye 20A").autosomal if name in MODEL.frequencies.loci)
GATES = kinship.Gates(20_000)


def plans(
    pedigree: kinship.Pedigree, typable: list[str] | None = None, **more: int
) -> dict[tuple[str, ...], kinship.SamplingPlan]:
    chosen = [one for one in pedigree.ids if one != pedigree.missing] if typable is None else typable
    found = kinship.sampling_plans(pedigree, chosen, MODEL, GATES, loci=LOCI, **more)
    return {plan.members: plan for plan in found}


def test_a_couple_comes_first_and_decides() -> None:
    found = plans(kinship.three_generations())
    (first, couple), *_ = found.items()
    assert first == ("father", "mother")
    assert couple.decisive > 0.99
    assert couple.barred == ()
    assert found["father's father", "mother"].decisive > found["mother",].decisive


def test_one_parent_is_a_lead_and_no_report() -> None:
    mother = plans(kinship.duo())["mother",]
    assert {remark.code for remark in mother.barred} == {"one_side", "one_side_few_loci"}
    assert (mother.decisive, mother.lead > 0.5) == (0.0, True)


def test_one_relative_is_weighed_as_the_next_step_is() -> None:
    pedigree = kinship.full_siblings(1)
    sibling = plans(pedigree, draws=64)["sibling 1",]
    steps = kinship.next_steps(kinship.Family(pedigree), MODEL, GATES, loci=LOCI).steps
    (step,) = [one for one in steps if one.act.code == "type_member" and one.act.data["member"] == "sibling 1"]
    assert step.decisive is not None
    assert sibling.report == pytest.approx(step.decisive, abs=4 * sibling.standard_error)


def test_a_relative_who_adds_nothing_is_in_no_group() -> None:
    found = plans(kinship.half_siblings(2))
    assert ("mother",) in found
    assert not any("mother" in members and len(members) > 1 for members in found)


def test_who_is_no_blood_relative_is_passed_over() -> None:
    pedigree = kinship.Pedigree(
        (*kinship.half_siblings(1).members, kinship.Member("step-father", sex="M")), missing=kinship.half_siblings(1).missing
    )
    assert plans(pedigree, ["step-father"]) == {}


def test_equal_seeds_give_equal_answers() -> None:
    assert plans(kinship.trio(), seed=3) == plans(kinship.trio(), seed=3)


@pytest.mark.parametrize("wrong", [{"most": 0}, {"draws": 0}])
def test_nobody_and_nothing_cannot_be_planned(wrong: dict[str, int]) -> None:
    with pytest.raises(kinship.InputError, match="Give 1 or more"):
        plans(kinship.trio(), **wrong)


def test_a_family_of_whom_nobody_is_typed_is_offered_no_second_kit() -> None:
    steps = kinship.next_steps(kinship.Family(kinship.trio()), MODEL, GATES, loci=LOCI).steps
    assert {step.act.code for step in steps} == {"type_member", "type_new_relative"}
