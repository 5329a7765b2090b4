"""From loss to rescue."""

from __future__ import annotations

import json
import math
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wayhome.kinship.errors import InputError, UnknownName
from wayhome.kinship.evidence.place import Loss, PlaceModel, Point, RescueEvent, Route, distance_km, place_and_date

HANOI, DONGXING, ZHENGZHOU, GAOPING = Point(21.03, 105.85), Point(21.54, 107.97), Point(34.75, 113.62), Point(35.80, 112.92)
KUNMING = Point(25.04, 102.71)
RAID = date(2011, 7, 15)
EVENTS = [
    RescueEvent("Dongxing", DONGXING, RAID, 8),
    RescueEvent("Zhengzhou", ZHENGZHOU, date(2011, 7, 20), 40),
    RescueEvent("Gaoping", GAOPING, date(2011, 7, 20), 16),
    RescueEvent("somewhere", None, date(2010, 3, 1), 3),
    RescueEvent("sometime", KUNMING, None, 2),
]

POINTS = st.builds(Point, st.floats(-90, 90), st.floats(-180, 180))
DATES = st.dates(date(1990, 1, 1), date(2030, 1, 1))
LOSSES = st.builds(
    lambda place, radius, first, span: Loss(place, radius, first, first + timedelta(span) if first else None),
    st.none() | POINTS,
    st.floats(0, 500),
    st.none() | DATES,
    st.integers(0, 5000),
)
MODELS = st.builds(
    PlaceModel,
    near_km=st.floats(1, 500),
    far_km=st.floats(100, 3000),
    near_share=st.floats(0.01, 0.99),
    delay_days=st.floats(1, 5000),
    before=st.floats(1e-6, 0.9),
    open=st.floats(0.01, 0.99),
    routes=st.lists(st.builds(Route, POINTS, POINTS, st.floats(0.1, 10), st.floats(10, 500)), max_size=2),
)


def lr(rescue: str, loss: Loss, model: PlaceModel | None = None) -> float:
    return float(10 ** place_and_date(rescue, loss, EVENTS, model).log10_lr)


def test_distances() -> None:
    assert distance_km(Point(0, 0), Point(0, 180)) == pytest.approx(math.pi * 6371.0088)
    assert distance_km(Point(0, 0), Point(1, 0)) == pytest.approx(111.195, abs=1e-3)
    assert distance_km(Point(10, 179.5), Point(10, -179.5)) == pytest.approx(109.5, abs=0.1)
    assert distance_km(Point(90, 0), Point(90, 77)) == pytest.approx(0, abs=1e-9)
    # Beijing to Shanghai, by the usual figure.
    assert distance_km(Point(39.9042, 116.4074), Point(31.2304, 121.4737)) == pytest.approx(1067, abs=3)


@given(LOSSES, MODELS)
def test_the_mean_over_strangers_is_one(loss: Loss, model: PlaceModel) -> None:
    full = [event for event in EVENTS if event.place and event.day]
    children = sum(event.children for event in full)
    mean = sum(event.children / children * 10 ** place_and_date(event.id, loss, full, model).log10_lr for event in full)
    assert mean == pytest.approx(1)


@given(LOSSES, MODELS, st.sampled_from([event.id for event in EVENTS]))
def test_nothing_is_excluded(loss: Loss, model: PlaceModel, rescue: str) -> None:
    finding = place_and_date(rescue, loss, EVENTS, model)
    assert 10**finding.log10_lr >= model.open * (1 - 1e-9) or finding.missing
    assert -2 <= finding.log10_lr_capped <= 2
    json.dumps(finding.to_json(), allow_nan=False)


def test_near_is_likelier_than_far() -> None:
    lost_in_hanoi = Loss(HANOI, 20, date(2011, 6, 1))
    assert lr("Dongxing", lost_in_hanoi) > 3
    assert lr("Zhengzhou", lost_in_hanoi) < 0.5
    assert lr("Zhengzhou", Loss(ZHENGZHOU)) > 1
    # A vague place says less.
    assert lr("Dongxing", Loss(HANOI, 1000)) < lr("Dongxing", Loss(HANOI, 0))


def test_a_route() -> None:
    lost_in_kunming = Loss(KUNMING, 50)
    route = PlaceModel(routes=(Route(KUNMING, ZHENGZHOU, weight=3),))
    assert lr("Zhengzhou", lost_in_kunming, route) > 1.2 > 1 > lr("Zhengzhou", lost_in_kunming)
    # It does not concern those who were lost elsewhere.
    elsewhere = Loss(HANOI)
    assert lr("Zhengzhou", elsewhere, route) == pytest.approx(lr("Zhengzhou", elsewhere), rel=0.05)


def test_a_rescue_before_the_loss() -> None:
    late = Loss(earliest=date(2011, 7, 18))
    assert lr("Dongxing", late) == pytest.approx(PlaceModel().open, abs=0.05)
    assert lr("Zhengzhou", late) > 1
    # A date that may be earlier or later counts in part.
    vague = Loss(earliest=date(2011, 7, 10), latest=date(2011, 7, 18))
    assert lr("Dongxing", late) < lr("Dongxing", vague) < 1


def test_the_delay() -> None:
    model = PlaceModel(delay_days=100)
    lost = Loss(earliest=RAID)
    assert model.delay(lost, RAID) == 1
    assert model.delay(lost, RAID + timedelta(100)) == 0.5
    assert model.delay(lost, RAID - timedelta(1)) == model.before
    # The mean over an interval, by hand.
    interval = Loss(earliest=RAID - timedelta(2), latest=RAID)
    assert model.delay(interval, RAID) == pytest.approx((1 + 1 / 1.01 + 1 / 1.02) / 3)
    years = Loss(earliest=RAID - timedelta(3650), latest=RAID)
    exact = sum(1 / (1 + t / 100) for t in range(3651)) / 3651
    assert model.delay(years, RAID) == pytest.approx(exact, rel=0.1)


def test_what_is_not_known_is_left_out() -> None:
    both = Loss(HANOI, 0, date(2011, 6, 1))
    # "somewhere" has no place and "sometime" no date: only what they have is used.
    assert place_and_date("somewhere", both, EVENTS).inputs["events"] == 4
    assert place_and_date("sometime", both, EVENTS).inputs["events"] == 4
    assert place_and_date("Dongxing", both, EVENTS).inputs["events"] == 3
    assert place_and_date("sometime", both, EVENTS).log10_lr == place_and_date("sometime", Loss(HANOI), EVENTS).log10_lr
    assert Loss(latest=RAID) == Loss(earliest=RAID)


def test_missing_is_neutral() -> None:
    nowhere = RescueEvent("nowhere", None, None)
    for rescue, loss in (
        (None, Loss(HANOI)),
        ("Dongxing", None),
        ("Dongxing", Loss()),
        ("nowhere", Loss(HANOI, 0, RAID)),
        ("somewhere", Loss(HANOI)),
        ("sometime", Loss(earliest=RAID)),
    ):
        finding = place_and_date(rescue, loss, [*EVENTS, nowhere])
        assert finding.missing
        assert finding.log10_lr == 0
        assert finding.name == "place"


def test_only_one_event_tells_nothing() -> None:
    assert place_and_date("Dongxing", Loss(ZHENGZHOU, 0, date(2020, 1, 1)), EVENTS[:1]).log10_lr == pytest.approx(0)


def test_the_explanation() -> None:
    finding = place_and_date("Dongxing", Loss(HANOI, 0, date(2011, 6, 1), date(2011, 6, 3)), EVENTS)
    assert finding.text == "The child was rescued 227 km from where the family lost its child, 42 to 44 days after the loss"
    assert finding.data == {"distance_km": 227, "days_after_earliest": 44, "days_after_latest": 42}


def test_what_cannot_be() -> None:
    for place in ((91, 0), (0, 181), (math.nan, 0)):
        with pytest.raises(InputError):
            Point(*place)
    with pytest.raises(UnknownName, match="Atlantis"):
        place_and_date("Atlantis", Loss(HANOI), EVENTS)
    with pytest.raises(InputError, match="told twice"):
        place_and_date("Dongxing", Loss(HANOI), [*EVENTS, EVENTS[0]])
    with pytest.raises(InputError):
        Loss(HANOI, -1)
    with pytest.raises(InputError):
        Loss(earliest=RAID, latest=date(2011, 1, 1))
    for children in (0, -1, math.inf, math.nan):
        with pytest.raises(InputError):
            RescueEvent("x", HANOI, RAID, children)
    for field, value in [
        ("open", 0.0),
        ("open", 1.0),
        ("before", 0.0),
        ("near_km", 0.0),
        ("far_km", math.inf),
        ("delay_days", math.nan),
    ]:
        with pytest.raises(InputError) as caught:
            PlaceModel(**{field: value})  # type: ignore[arg-type]
        assert caught.value.field == field
    with pytest.raises(InputError):
        Route(HANOI, KUNMING, weight=0)
