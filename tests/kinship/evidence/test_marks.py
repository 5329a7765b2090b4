"""Body marks by kind and place."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wayhome.kinship.errors import InputError, UnknownName
from wayhome.kinship.evidence.marks import (
    MARKS_RELATED,
    Mark,
    body_places,
    chance,
    compare_marks,
    mark_kinds,
    marks,
)

MARKS = st.builds(Mark, st.sampled_from(sorted(mark_kinds())), st.sampled_from(sorted(body_places())))


def test_the_places_of_the_body() -> None:
    places = body_places()
    for place, neighbours in places.items():
        assert place not in neighbours
        for other in neighbours:
            assert place in places[other]
        if place.endswith("_left"):
            assert place.replace("_left", "_right") in places
    # Everything hangs together.
    seen, todo = {"nose"}, ["nose"]
    while todo:
        for other in places[todo.pop()] - seen:
            seen.add(other)
            todo.append(other)
    assert seen == set(places)


def test_the_kinds() -> None:
    for name, kind in mark_kinds().items():
        assert kind.name == name
        assert 0 < kind.prevalence < 1
        assert set(kind.places) <= set(body_places())
        assert kind.source
        # Marks of a kind are somewhere on the body.
        total = math.fsum(Mark(name, place).frequency for place in body_places())
        assert total == pytest.approx(kind.prevalence, rel=0.05)
    assert mark_kinds()["mongolian_spot"].no_weight


@pytest.mark.parametrize(
    ("one", "other", "grade"),
    [
        (("melanocytic_nevus", "chest"), ("melanocytic_nevus", "chest"), "same"),
        (("melanocytic_nevus", "chest"), ("melanocytic_nevus", "abdomen"), "near"),
        (("melanocytic_nevus", "thigh_left"), ("melanocytic_nevus", "thigh_right"), "near"),
        (("melanocytic_nevus", "chest"), ("cafe_au_lait_spot", "chest"), "near"),
        (("melanocytic_nevus", "chest"), ("melanocytic_nevus", "foot_left"), "different"),
        (("melanocytic_nevus", "chest"), ("cafe_au_lait_spot", "abdomen"), "different"),
        (("melanocytic_nevus", "chest"), ("port_wine_stain", "chest"), "different"),
        (("port_wine_stain", "neck_front"), ("port_wine_stain", "neck_back"), "near"),
    ],
)
def test_comparing(one: tuple[str, str], other: tuple[str, str], grade: str) -> None:
    assert compare_marks(Mark(*one), Mark(*other)) == grade
    assert compare_marks(Mark(*other), Mark(*one)) == grade


@given(MARKS)
def test_a_mark_tells_a_stranger_nothing_on_average(reported: Mark) -> None:
    """Strangers have at most one mark each: the sum over every mark there is, and over having none."""
    mean, any_mark = 0.0, 0.0
    for kind in mark_kinds():
        for place in body_places():
            mark = Mark(kind, place)
            grade = compare_marks(reported, mark)
            if grade != "different":
                mean += mark.frequency * 10 ** marks([mark], [reported]).log10_lr
                any_mark += mark.frequency
    mean += (1 - any_mark) * 10 ** marks([], [reported]).log10_lr
    assert mean == pytest.approx(1)


def test_a_rare_mark_weighs_more() -> None:
    rare, common = Mark("joined_digits", "hand_left"), Mark("salmon_patch", "neck_back")
    assert marks([rare], [rare]).log10_lr > 2 > marks([common], [common]).log10_lr > 0
    assert marks([rare], [rare]).log10_lr_capped == 2
    assert 10 ** marks([rare], [rare]).log10_lr == pytest.approx(MARKS_RELATED.same / chance(rare).same)


def test_mongolian_spots_have_no_weight() -> None:
    spot = Mark("mongolian_spot", "lower_back")
    for child in ([], [spot]):
        finding = marks(child, [spot])
        assert finding.log10_lr == 0
        assert finding.data["no_weight"] == 1
        assert "too common" in finding.text


def test_a_mark_nobody_reported_has_no_weight() -> None:
    reported = [Mark("scar", "chin")]
    assert marks([Mark("port_wine_stain", "chest")], reported).log10_lr == marks([], reported).log10_lr


def test_one_mark_answers_one_report() -> None:
    here, there = Mark("melanocytic_nevus", "chest"), Mark("melanocytic_nevus", "abdomen")
    finding = marks([here], [here, there])
    assert finding.data["same"] == 1
    assert finding.data["near"] == 0
    # The mark that is the same is not spent on one that is only near.
    assert marks([here], [there, here]).log10_lr == pytest.approx(finding.log10_lr)
    assert marks([here], [here, here]).log10_lr == marks([here], [here]).log10_lr


def test_missing_is_neutral() -> None:
    mark = Mark("scar", "chin")
    for finding in (marks(None, [mark]), marks([mark], None), marks([mark], []), marks(None, None)):
        assert finding.missing
        assert finding.log10_lr == 0


@given(st.lists(MARKS, max_size=6), st.lists(MARKS, max_size=6))
def test_any_marks(child: list[Mark], reported: list[Mark]) -> None:
    finding = marks(child, reported)
    assert -2 <= finding.log10_lr_capped <= 2
    json.dumps(finding.to_json(), allow_nan=False)
    weighed = {mark for mark in reported if not mark_kinds()[mark.kind].no_weight}
    if weighed and not child:
        assert finding.log10_lr < 0


def test_unknown_kinds_and_places() -> None:
    for kind, place, field in [("dragon", "chest", "kind"), ("scar", "tail", "place")]:
        with pytest.raises(UnknownName) as caught:
            Mark(kind, place)
        assert caught.value.field == field
        assert isinstance(caught.value, InputError)
