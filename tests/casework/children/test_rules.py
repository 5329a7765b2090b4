"""Ages move with the days; two records are proposed as one child for reasons, and for no reason missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wayhome import kinship
from wayhome.casework.children.rules import AgeInterval, Sighting, agreeing_marks, duplicate_reasons, weighable

DAY = date(2011, 7, 15)
FOUND = datetime(2011, 7, 15, 6, tzinfo=UTC)
SPOT = kinship.Mark("cafe_au_lait_spot", "thigh_left")

intervals = st.tuples(st.integers(0, 6600), st.integers(0, 6600)).map(
    lambda pair: AgeInterval(min(pair), max(pair), "sight", 1, "a", DAY)
)


@given(intervals, st.integers(0, 10_000))
def test_an_interval_moved_on_keeps_its_width(age: AgeInterval, days: int) -> None:
    later = age.on(DAY + timedelta(days=days))
    assert later is not None
    assert later.least_days == age.least_days + days
    assert later.most_days - later.least_days == age.most_days - age.least_days


@given(intervals, st.integers(-7000, 7000), st.integers(-7000, 7000))
def test_what_an_interval_says_of_the_day_of_birth_is_the_same_on_every_day(age: AgeInterval, one: int, other: int) -> None:
    for days in (one, other):
        day = DAY + timedelta(days=days)
        moved = age.on(day)
        if moved is None:
            assert day < DAY - timedelta(days=age.most_days)
        else:
            assert 0 <= moved.least_days <= moved.most_days
            assert day - timedelta(days=moved.most_days) == DAY - timedelta(days=age.most_days)


@given(intervals)
def test_no_age_before_the_earliest_day_of_birth(age: AgeInterval) -> None:
    earliest = DAY - timedelta(days=age.most_days)
    born = age.on(earliest)
    assert born is not None
    assert (born.least_days, born.most_days) == (0, 0)
    assert age.on(earliest - timedelta(days=1)) is None


@given(intervals, intervals)
def test_overlap_has_no_direction(one: AgeInterval, other: AgeInterval) -> None:
    assert one.overlaps(other) == other.overlaps(one)
    assert one.overlaps(one)
    apart = replace(one, least_days=one.most_days + 1, most_days=one.most_days + 1)
    assert not one.overlaps(apart)


def sighting(**changes: object) -> Sighting:
    told = Sighting(
        sex="F",
        event=1,
        found_at=FOUND,
        places=frozenset({"a"}),
        jurisdiction="/CN/GX/",
        age=AgeInterval(10, 20, "sight", 1, "a", DAY),
        marks=(),
        by=1,
        siblings=0,
    )
    return replace(told, **changes)  # type: ignore[arg-type]


ELSEWHERE: dict[str, object] = {"event": 2, "places": frozenset({"b"})}


@pytest.mark.parametrize(
    ("one", "other", "met"),
    [
        ({"marks": (SPOT,)}, {"marks": (SPOT,)}, "same_event"),
        ({}, {"by": 2}, "same_event"),
        ({}, {"by": 2, "event": 2, "found_at": FOUND + timedelta(days=7)}, "same_place"),
        ({"marks": (SPOT,)}, {"marks": (SPOT,), **ELSEWHERE}, "near_in_time"),
        ({"marks": (SPOT,)}, {"marks": (SPOT,), **ELSEWHERE, "jurisdiction": "/CN/GX/1/"}, "near_in_time"),
        ({"marks": (SPOT,), "age": None}, {"marks": (SPOT,), "sex": "U"}, "same_event"),
        ({"marks": (SPOT,)}, {"by": 2}, "same_event"),
    ],
)
def test_proposed(one: dict[str, object], other: dict[str, object], met: str) -> None:
    reasons = duplicate_reasons(sighting(**one), sighting(**other))
    assert reasons[0] == {"code": met}
    assert duplicate_reasons(sighting(**other), sighting(**one))[0] == {"code": met}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({}, {}),
        ({}, {"by": 2, **ELSEWHERE}),
        ({}, {"by": 2, "age": None}),
        ({"marks": (SPOT,)}, {"marks": (SPOT,), "sex": "M"}),
        ({"marks": (SPOT,)}, {"marks": (SPOT,), "age": AgeInterval(21, 30, "sight", 1, "a", DAY)}),
        ({"marks": (SPOT,), "siblings": 3}, {"marks": (SPOT,), "siblings": 3}),
        ({"marks": (SPOT,)}, {"marks": (kinship.Mark("scar", "chin"),), "by": 2}),
        ({"marks": (SPOT,)}, {"marks": (SPOT,), **ELSEWHERE, "jurisdiction": "/CN/GD/"}),
        ({"marks": (SPOT,)}, {"marks": (SPOT,), **ELSEWHERE, "found_at": FOUND + timedelta(hours=49)}),
        ({"marks": (SPOT,)}, {"marks": (SPOT,), "event": 2, "jurisdiction": "/", "found_at": FOUND + timedelta(days=8)}),
    ],
)
def test_not_proposed(one: dict[str, object], other: dict[str, object]) -> None:
    assert duplicate_reasons(sighting(**one), sighting(**other)) == []
    assert duplicate_reasons(sighting(**other), sighting(**one)) == []


def test_what_is_not_known_is_told() -> None:
    codes = [r["code"] for r in duplicate_reasons(sighting(marks=(SPOT,), sex="U"), sighting(marks=(SPOT,), age=None))]
    assert codes == ["same_event", "sex_unknown", "age_unknown", "mark_same"]


def test_marks_that_most_infants_have_tell_nothing() -> None:
    common = kinship.Mark("mongolian_spot", "lower_back")
    assert weighable([common, SPOT]) == (SPOT,)
    assert agreeing_marks([common], [common]) == []
    near = kinship.Mark("cafe_au_lait_spot", "thigh_right")
    assert agreeing_marks([SPOT], [near]) == [{"code": "mark_near", "kind": "cafe_au_lait_spot", "place": "thigh_right"}]
