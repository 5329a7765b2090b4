"""The age of infants, in days: worked cases, signs, and what is assumed."""

from __future__ import annotations

import json
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wayhome.kinship.errors import InputError
from wayhome.kinship.evidence.age import (
    DRY_CARE,
    NEGLECTED,
    RANGES,
    AgeModel,
    Examination,
    StumpRegime,
    Widening,
    age_posterior,
    flat_prior,
    fontanelle_closed,
    normal_cdf,
    stump_present,
)
from wayhome.kinship.evidence.growth import LAST_DAY, MEASURES, growth_table

INDEPENDENT = AgeModel(length_weight=0, weight_head=0, length_head=0)
DAYS = np.arange(LAST_DAY + 1, dtype=float)

# Worked apart from this code, with WHO tables, a flat prior of 0..365 days and correlations .72, .62, .5.
WORKED = [
    (Examination(51.0, 3.60, 35.3, "M"), 12, 0, 32),
    (Examination(57.0, 5.1, 38.2, "F"), 65, 31, 111),
    (Examination(67.6, 7.9, 43.3, "M"), 191, 126, 272),
]


@pytest.mark.parametrize(("examination", "mean", "earliest", "latest"), WORKED)
def test_worked_infants(examination: Examination, mean: int, earliest: int, latest: int) -> None:
    posterior = age_posterior(examination)
    interval = posterior.interval()
    assert round(posterior.mean_days) == mean
    assert (interval.earliest_days, interval.latest_days) == (earliest, latest)
    assert interval.method == "who-2006 length weight head_circumference"
    assert posterior.cautions == ()


def test_ignoring_correlation_is_too_sure() -> None:
    interval = age_posterior(WORKED[1][0], INDEPENDENT).interval()
    assert (interval.earliest_days, interval.latest_days) == (38, 92)


def median_infant(sex: str, day: int, **signs: bool) -> Examination:
    """Measurements of the median child of an age."""
    length, weight, head = (float(growth_table(m, "M" if sex == "M" else "F").M[day]) for m in MEASURES)
    return Examination(length, weight, head, "M" if sex == "M" else "F", **signs)


@pytest.mark.parametrize("sex", ["M", "F"])
@pytest.mark.parametrize("day", [10, 30, 60, 120, 213])
def test_infants_of_ten_days_to_seven_months(sex: str, day: int) -> None:
    posterior = age_posterior(median_infant(sex, day, stump=day < 12, fontanelle_open=True))
    interval = posterior.interval()
    assert interval.earliest_days <= day <= interval.latest_days
    assert abs(posterior.mean_days - day) < 0.35 * day + 5
    assert interval.latest_days - interval.earliest_days < 0.8 * day + 35
    born = interval.born(date(2011, 7, 15))
    assert (date(2011, 7, 15) - born[0]).days == interval.latest_days
    assert (date(2011, 7, 15) - born[1]).days == interval.earliest_days


@given(
    st.sampled_from("MF"),
    st.integers(0, 365),
    st.tuples(*(st.none() | st.floats(-2, 2) for _ in MEASURES)),
    st.sampled_from([Widening(), NEGLECTED]),
    st.floats(0.5, 0.99),
)
def test_a_posterior_is_a_distribution(
    sex: str, day: int, scores: tuple[float | None, ...], widening: Widening, level: float
) -> None:
    values = [
        None if z is None else growth_table(m, "M" if sex == "M" else "F").value(z, day)
        for m, z in zip(MEASURES, scores, strict=True)
    ]
    posterior = age_posterior(Examination(*values, sex="M" if sex == "M" else "F"), AgeModel(widening=widening))
    p = posterior.probability
    assert p.sum() == pytest.approx(1)
    assert (p >= 0).all()
    assert p[366:].sum() == 0
    interval = posterior.interval(level)
    inside = p[interval.earliest_days : interval.latest_days + 1].sum()
    assert inside >= level - 1e-9
    # Without either end it would hold less: the tails are no larger than they may be.
    assert p[: interval.earliest_days].sum() <= (1 - level) / 2 + 1e-9
    assert p[interval.latest_days + 1 :].sum() <= (1 - level) / 2 + 1e-9


def test_the_density_is_one_of_measurements() -> None:
    # Over a grid of lengths and weights it integrates to one at every age: the Jacobian is there.
    lengths, weights = np.arange(30, 90, 1.2), np.arange(0.5, 16, 0.25)
    total = np.zeros(LAST_DAY + 1)
    for length in lengths:
        for weight in weights:
            total += np.exp(age_posterior(Examination(length, weight, sex="F"), AgeModel(widening=NEGLECTED)).log_likelihood)
    total *= 1.2 * 0.25
    np.testing.assert_allclose(total[:300], 1, atol=2e-3)


def test_simulated_children_lie_in_their_intervals_as_often_as_stated() -> None:
    rng = np.random.default_rng(5)
    model = AgeModel()
    inside = 0
    for _ in range(300):
        day = int(rng.integers(0, 366))
        z = rng.multivariate_normal(np.zeros(3), model.correlation)
        values = [growth_table(m, "F").value(float(score), day) for m, score in zip(MEASURES, z, strict=True)]
        interval = age_posterior(Examination(*values, sex="F"), model).interval(0.9)
        inside += interval.earliest_days <= day <= interval.latest_days
    # 270 expected, sd 5.2 if exact; discrete days cover a little more.
    assert 254 <= inside <= 292


def test_unknown_sex_is_half_of_each() -> None:
    boy, girl, either = (age_posterior(Examination(57.0, 5.1, 38.2, sex)) for sex in ("M", "F", "U"))
    np.testing.assert_allclose(np.exp(either.log_likelihood), (np.exp(boy.log_likelihood) + np.exp(girl.log_likelihood)) / 2)
    assert boy.mean_days < either.mean_days < girl.mean_days


def test_widening_makes_less_sure() -> None:
    for examination, *_ in WORKED:
        assert age_posterior(examination, AgeModel(widening=NEGLECTED)).sd_days > 1.2 * age_posterior(examination).sd_days


def test_the_stump_in_the_dry_regime() -> None:
    # Lopez-Medina 2020: 6.61 +- 2.33 days.
    present = stump_present(np.array([5.0, 7.0, 10.0, 12.0]), [DRY_CARE])
    assert [round(100 * p) for p in present] == [76, 43, 7, 1]


def test_the_stump_in_a_mixture() -> None:
    slow = StumpRegime(3.0, 12.0, 4.0)
    both = stump_present(DAYS, [DRY_CARE, slow])
    share = DRY_CARE.share / (DRY_CARE.share + 3.0)
    np.testing.assert_allclose(both, share * DRY_CARE.present(DAYS) + (1 - share) * slow.present(DAYS))
    default = stump_present(DAYS, AgeModel().stump)
    assert (np.diff(default) <= 0).all()
    # Slow regimes keep an old stump from excluding: 15 days after birth it is still there now and then.
    assert stump_present(np.array([15.0]), [DRY_CARE])[0] < 0.001 < 0.05 < default[15]


def test_a_stump_tells_young_from_old() -> None:
    alone = age_posterior(Examination(stump=True))
    assert alone.interval().latest_days < 25
    assert alone.method == "stump"
    gone = age_posterior(Examination(stump=False))
    assert gone.probability[0] < 0.01 * gone.probability[100]
    # Never an exclusion: the record may be wrong.
    assert alone.probability[300] > 0


def test_the_fontanelle() -> None:
    month = 365.25 / 12
    closed = fontanelle_closed(np.array([6, 12, 24]) * month)
    assert closed == pytest.approx([0.03, 0.265, 0.93])
    curve = fontanelle_closed(DAYS)
    assert (np.diff(curve) > 0).all()
    assert curve[0] < 0.01
    examination = WORKED[2][0]
    kept = {"length_cm": examination.length_cm, "weight_kg": examination.weight_kg, "sex": examination.sex}
    is_open, is_closed = (age_posterior(Examination(**kept, fontanelle_open=seen)) for seen in (True, False))  # type: ignore[arg-type]
    assert is_open.mean_days < age_posterior(Examination(**kept)).mean_days < is_closed.mean_days  # type: ignore[arg-type]


def test_nothing_seen_is_the_prior() -> None:
    posterior = age_posterior(Examination())
    np.testing.assert_allclose(posterior.probability[:366], 1 / 366)
    assert posterior.method == "prior alone"
    assert posterior.cautions == ()


def test_priors() -> None:
    ends = age_posterior(WORKED[1][0], AgeModel(prior=flat_prior(10, 60))).interval(0.999999)
    assert (ends.earliest_days, ends.latest_days) == (10, 60)
    weighted = AgeModel(prior=(0, 1, 3))
    assert weighted.prior_probability[:4].tolist() == [0, 0.25, 0.75, 0]
    assert weighted.parameters()["prior"] == [[1, 1, 0.25], [2, 2, 0.75]]
    assert AgeModel().parameters()["prior"] == [[0, 365, pytest.approx(1 / 366)]]
    assert AgeModel(prior=flat_prior(0, 730)).parameters()["prior"] == [[0, 730, pytest.approx(1 / 731)]]


def test_cautions() -> None:
    # A premature child of 38 cm and 1.2 kg is no child of the standard.
    assert "unusual_size" in age_posterior(Examination(38.0, 1.2, 27.0, "M")).cautions
    assert "prior_ends" in age_posterior(Examination(85.0, 12.0, 48.0, "M")).cautions
    assert age_posterior(Examination(85.0, 12.0, 48.0, "M"), AgeModel(prior=flat_prior(0, 730))).interval().earliest_days > 400


@given(st.tuples(*(st.floats(*RANGES[m]) for m in MEASURES)), st.sampled_from("MFU"), st.booleans(), st.booleans())
def test_any_size_that_may_be_entered(values: tuple[float, float, float], sex: str, stump: bool, fontanelle: bool) -> None:
    posterior = age_posterior(Examination(*values, sex, stump, fontanelle))  # type: ignore[arg-type]
    assert posterior.probability.sum() == pytest.approx(1)
    assert np.isfinite(posterior.log_likelihood).all()
    json.dumps(posterior.to_json(), allow_nan=False)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("length_cm", 0.57),
        ("length_cm", 570.0),
        ("weight_kg", 5100.0),
        ("weight_kg", 0.0),
        ("weight_kg", -3.0),
        ("weight_kg", float("nan")),
        ("head_circumference_cm", float("inf")),
        ("sex", "boy"),
    ],
)
def test_what_cannot_be_an_infant(field: str, value: object) -> None:
    with pytest.raises(InputError) as caught:
        Examination(**{field: value})  # type: ignore[arg-type]
    assert caught.value.field == field
    assert caught.value.remedy


@pytest.mark.parametrize(
    "arguments",
    [
        {"prior": ()},
        {"prior": (0.0, 0.0)},
        {"prior": (1.0, -1.0)},
        {"prior": (float("inf"),)},
        {"prior": (1.0,) * 800},
        {"length_weight": 1.0},
        {"length_weight": 0.9, "weight_head": 0.9, "length_head": -0.9},
        {"length_head": float("nan")},
        {"stump": ()},
        {"stump": (StumpRegime(1.0, 7.0, 0.0),)},
        {"stump": (StumpRegime(-1.0, 7.0, 1.0),)},
        {"stump_error": 0.0},
        {"fontanelle_error": 0.5},
    ],
)
def test_models_that_cannot_be(arguments: dict[str, object]) -> None:
    with pytest.raises(InputError) as caught:
        AgeModel(**arguments)  # type: ignore[arg-type]
    assert caught.value.field


def test_other_limits() -> None:
    for bounds in ((-1, 5), (6, 5), (0, 731)):
        with pytest.raises(InputError):
            flat_prior(*bounds)
    for widening in (0.9, 6.0, float("nan")):
        with pytest.raises(InputError):
            Widening(weight=widening)
    for level in (0.0, 1.0, float("nan")):
        with pytest.raises(InputError):
            age_posterior(Examination()).interval(level)


def test_the_normal_distribution() -> None:
    assert normal_cdf(np.array([0.0, 1.959964, -40.0, 40.0])) == pytest.approx([0.5, 0.975, 0, 1], abs=1e-7)
