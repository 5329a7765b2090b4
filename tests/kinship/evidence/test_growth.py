"""The growth tables, and the transform between measurements and z-scores."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wayhome.kinship.evidence.growth import LAST_DAY, MEASURES, GrowthTable, Measure, growth_table

SEXES = ("M", "F")
TABLES = st.builds(growth_table, st.sampled_from(MEASURES), st.sampled_from(SEXES))


@pytest.mark.parametrize("sex", SEXES)
@pytest.mark.parametrize("measure", MEASURES)
def test_a_shipped_table(measure: Measure, sex: str) -> None:
    table = growth_table(measure, "M" if sex == "M" else "F")
    assert table is growth_table(measure, "M" if sex == "M" else "F")
    for column in (table.L, table.M, table.S):
        assert column.shape == (LAST_DAY + 1,)
        assert np.isfinite(column).all()
    # Newborns lose weight for some days; all else only grows.
    assert (np.diff(table.M)[10:] > 0).all()
    assert ((table.S > 0.02) & (table.S < 0.16)).all()


def test_published_medians() -> None:
    # WHO 2006, simplified field tables: boys and girls at birth and at 730 days.
    for measure, sex, day, median in [
        ("length_cm", "M", 0, 49.8842),
        ("length_cm", "F", 0, 49.1477),
        ("weight_kg", "M", 0, 3.3464),
        ("weight_kg", "F", 0, 3.2322),
        ("head_circumference_cm", "M", 0, 34.4618),
        ("head_circumference_cm", "F", 0, 33.8787),
    ]:
        assert growth_table(measure, sex).M[day] == median  # type: ignore[arg-type]


@given(TABLES, st.floats(-5, 5), st.integers(0, LAST_DAY), st.floats(1, 2))
def test_there_and_back(table: GrowthTable, z: float, day: int, widening: float) -> None:
    value = table.value(z, day, widening)
    assert table.z(value, widening)[day] == pytest.approx(z, abs=1e-9)
    assert table.value(0, day, widening) == table.M[day]


@given(TABLES, st.floats(-3, 3), st.integers(0, LAST_DAY), st.floats(1, 2))
def test_the_slope_is_the_derivative(table: GrowthTable, z: float, day: int, widening: float) -> None:
    value = table.value(z, day, widening)
    step = 1e-5 * value
    slope = (table.z(value + step, widening)[day] - table.z(value - step, widening)[day]) / (2 * step)
    assert math.exp(table.log_slope(value, widening)[day]) == pytest.approx(slope, rel=1e-6)


def test_where_the_power_is_zero() -> None:
    table = GrowthTable(np.zeros(2), np.array([2.0, 3.0]), np.array([0.1, 0.2]))
    assert table.z(4.0) == pytest.approx([math.log(2) / 0.1, math.log(4 / 3) / 0.2])
    assert table.value(table.z(4.0)[1], 1) == pytest.approx(4)
    # Nearly zero gives nearly the same.
    close = GrowthTable(np.full(2, 1e-9), table.M, table.S)
    np.testing.assert_allclose(close.z(4.0), table.z(4.0), rtol=1e-7)


def test_what_has_no_measurement() -> None:
    table = GrowthTable(np.array([2.0]), np.array([3.0]), np.array([0.2]))
    assert math.isnan(table.value(-3, 0))
    assert table.value(-2, 0) > 0
