"""Sex, and what was found with the child."""

from __future__ import annotations

import itertools
import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wayhome.kinship.errors import InputError
from wayhome.kinship.evidence.grades import Grade, Grades, best_grades, log10_lr
from wayhome.kinship.evidence.traits import BELONGINGS_RELATED, SEX_ERROR, RecordedSex, belongings, sex

PROBABILITIES = st.floats(1e-6, 1 - 1e-6)


def test_sex() -> None:
    assert 10 ** sex("F", "F").log10_lr == pytest.approx((1 - SEX_ERROR) / 0.5)
    assert 10 ** sex("F", "M").log10_lr == pytest.approx(SEX_ERROR / 0.5)
    # Among mostly girls a girl says little, a boy much.
    assert 10 ** sex("F", "F", share_male=0.1).log10_lr == pytest.approx(0.99 / 0.9)
    assert 10 ** sex("M", "M", share_male=0.1).log10_lr == pytest.approx(9.9)
    assert sex("F", "F").text == "The child is female, the family looks for a female child"
    assert (sex("M", "F").code, sex("M", "M").code) == ("sex_differs", "sex_agrees")


@given(PROBABILITIES, PROBABILITIES, st.sampled_from(["M", "F"]))
def test_sex_tells_a_stranger_nothing_on_average(share_male: float, error: float, reported: RecordedSex) -> None:
    boy, girl = (10 ** sex(child, reported, share_male=share_male, error=error).log10_lr for child in ("M", "F"))  # type: ignore[arg-type]
    assert share_male * boy + (1 - share_male) * girl == pytest.approx(1)


@pytest.mark.parametrize(("child", "reported"), [(None, "F"), ("U", "F"), ("F", None), ("F", "U"), (None, None)])
def test_unknown_sex_is_neutral(child: RecordedSex | None, reported: RecordedSex | None) -> None:
    finding = sex(child, reported)
    assert finding.missing
    assert finding.log10_lr == 0


def test_sex_that_cannot_be() -> None:
    with pytest.raises(InputError, match="girl"):
        sex("girl", "F")  # type: ignore[arg-type]
    for value in (0.0, 1.0, math.nan):
        with pytest.raises(InputError):
            sex("F", "F", error=value)
        with pytest.raises(InputError):
            sex(None, None, share_male=value)


# Grades


@given(st.floats(1e-9, 1), st.floats(1e-9, 1), st.floats(1e-9, 1), st.floats(1e-9, 1))
def test_grades_tell_a_stranger_nothing_on_average(a: float, b: float, c: float, d: float) -> None:
    related, chance = Grades(a / (a + b + 1), b / (a + b + 1)), Grades(c / (c + d + 1), d / (c + d + 1))
    grades: tuple[Grade, ...] = ("same", "near", "different")
    assert math.fsum(chance.of(g) * 10 ** log10_lr(g, related, chance) for g in grades) == pytest.approx(1)


@pytest.mark.parametrize("grades", [(0.0, 0.1), (0.1, 0.0), (0.6, 0.4), (math.nan, 0.1), (-0.1, 0.5), (2.0, 0.1)])
def test_grades_that_cannot_be(grades: tuple[float, float]) -> None:
    with pytest.raises(InputError):
        Grades(*grades)


@given(st.lists(st.integers(0, 12), max_size=5), st.lists(st.integers(0, 12), max_size=5))
def test_a_found_item_serves_once(reported: list[int], found: list[int]) -> None:
    def compare(one: int, other: int) -> Grade:
        return "same" if one == other else "near" if abs(one - other) == 1 else "different"

    answers = best_grades(reported, found, compare)
    used = [match for _, match in answers if match is not None]
    assert all(used.count(match) <= found.count(match) for match in used)
    for item, (grade, match) in zip(reported, answers, strict=True):
        assert grade == ("different" if match is None else compare(item, match))
    # As many are the same as can be, and nothing fitting is left over.
    assert sum(grade == "same" for grade, _ in answers) == sum(min(reported.count(x), found.count(x)) for x in set(reported))
    rest = list(found)
    for match in used:
        rest.remove(match)
    for item, (grade, _) in zip(reported, answers, strict=True):
        assert grade != "different" or all(compare(item, other) == "different" for other in rest)


# Belongings


def test_belongings() -> None:
    finding = belongings(["blanket/red", "Bottle", "hat/blue"], ["Blanket / Red", "hat/green", "ring"])
    assert [item["grade"] for item in finding.inputs["items"]] == ["same", "near", "different"]
    assert finding.data == {"reported": 3, "same": 1, "near": 1}
    expected = BELONGINGS_RELATED.same / 0.03 * BELONGINGS_RELATED.near / 0.27 * BELONGINGS_RELATED.different / 0.7
    assert 10**finding.log10_lr == pytest.approx(expected)


def test_rare_things_weigh_more() -> None:
    frequencies = {"bracelet/silver/name": 0.001, "blanket/red": 0.1, "bracelet": 0.02, "blanket": 0.5}
    rare = belongings(["bracelet/silver/name"], ["bracelet/silver/name"], frequencies=frequencies)
    common = belongings(["blanket/red"], ["blanket/red"], frequencies=frequencies)
    assert 10**rare.log10_lr == pytest.approx(250)
    assert rare.log10_lr_capped == 2
    assert 10**common.log10_lr == pytest.approx(2.5)


@given(
    st.lists(st.sampled_from(["hat", "hat/blue", "hat/red", "ring/gold", "ring", "shoe/left/white"]), min_size=1, max_size=1),
    st.dictionaries(st.sampled_from(["hat", "hat/blue", "ring", "ring/gold", "shoe", "shoe/left/white"]), PROBABILITIES),
)
def test_a_thing_tells_a_stranger_nothing_on_average(reported: list[str], frequencies: dict[str, float]) -> None:
    kind = reported[0].partition("/")[0]
    other = kind + "/of another sort"
    outcomes = [belongings(found, reported, frequencies=frequencies) for found in (reported, [other], [])]
    same, near = outcomes[0].inputs["items"][0]["by_chance"]
    weights = (same, near, 1 - same - near)
    assert all(0 < w < 1 for w in weights)
    assert math.fsum(w * 10**f.log10_lr for w, f in zip(weights, outcomes, strict=True)) == pytest.approx(1)


@pytest.mark.parametrize(("found", "reported"), [(None, ["hat"]), (["hat"], None), (["hat"], []), ([], [" / "]), (None, None)])
def test_unknown_belongings_are_neutral(found: list[str] | None, reported: list[str] | None) -> None:
    finding = belongings(found, reported)
    assert finding.missing
    assert finding.log10_lr == 0


def test_nothing_found_is_no_exclusion() -> None:
    finding = belongings([], [f"thing {i}" for i in range(100)])
    assert not finding.missing
    assert finding.log10_lr < -2
    assert finding.log10_lr_capped == -2


@given(st.lists(st.text(max_size=8), max_size=4), st.lists(st.text(max_size=8), max_size=4))
def test_any_text(found: list[str], reported: list[str]) -> None:
    finding = belongings(found, reported)
    assert math.isfinite(finding.log10_lr)
    json.dumps(finding.to_json(), allow_nan=False)


def test_frequencies_that_cannot_be() -> None:
    for value in (0.0, 1.0, math.nan):
        with pytest.raises(InputError):
            belongings(["hat"], ["hat"], frequencies={"hat": value})
    assert list(itertools.chain(belongings(["hat"], ["hat", " HAT"]).inputs["found"])) == ["hat"]
