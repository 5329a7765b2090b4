"""A reported date of birth against the age that was seen."""

from __future__ import annotations

import json
import math
from datetime import date, timedelta
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wayhome.kinship.errors import InputError
from wayhome.kinship.evidence.age import AgeModel, Examination, age_posterior, flat_prior
from wayhome.kinship.evidence.birth_date import REPORT_ERROR, ReportedBirth, birth_date

RAID = date(2011, 7, 15)
GIRL = age_posterior(Examination(57.0, 5.1, 38.2, "F"))


def days_before(days: int) -> date:
    return RAID - timedelta(days)


def lr(reported: ReportedBirth, age: object = GIRL) -> float:
    return float(10 ** birth_date(age, RAID, reported).log10_lr)  # type: ignore[arg-type]


def test_against_the_posterior() -> None:
    # With a flat prior the LR of an exact date is posterior over prior.
    expected = (1 - REPORT_ERROR) * GIRL.probability[60] * 366 + REPORT_ERROR
    assert lr(ReportedBirth.on(days_before(60))) == pytest.approx(expected)
    several = (1 - REPORT_ERROR) * GIRL.probability[50:71].mean() * 366 + REPORT_ERROR
    assert lr(ReportedBirth(days_before(70), days_before(50))) == pytest.approx(several)
    assert lr(ReportedBirth.aged(50, 70, RAID)) == pytest.approx(several)


def test_the_right_date_supports_and_the_wrong_one_speaks_against() -> None:
    assert lr(ReportedBirth.on(days_before(60))) > 5
    assert lr(ReportedBirth.on(days_before(240))) < 0.05
    assert lr(ReportedBirth.on(days_before(60), sd_days=20)) < lr(ReportedBirth.on(days_before(60)))
    assert lr(ReportedBirth.on(days_before(130), sd_days=30)) > lr(ReportedBirth.on(days_before(130)))


def test_what_cannot_be_is_no_exclusion() -> None:
    for reported in (
        ReportedBirth.on(RAID + timedelta(200)),
        ReportedBirth.on(date(1950, 1, 1)),
        ReportedBirth.on(date(1, 1, 1)),
    ):
        finding = birth_date(GIRL, RAID, reported)
        assert 10**finding.log10_lr == pytest.approx(REPORT_ERROR, rel=1e-3)
        assert finding.log10_lr_capped >= -2


def test_a_report_that_says_nothing() -> None:
    # Any day of the prior alike: no news.
    assert lr(ReportedBirth.aged(0, 365, RAID)) == pytest.approx(1)


def test_missing_is_neutral() -> None:
    reported = ReportedBirth.on(days_before(60))
    for arguments in (
        (None, RAID, reported),
        (age_posterior(Examination(sex="F")), RAID, reported),
        (GIRL, None, reported),
        (GIRL, RAID, None),
    ):
        finding = birth_date(*arguments)
        assert finding.missing
        assert finding.log10_lr_capped == 0
        assert finding.name == "age"


@given(st.integers(-40, 800), st.integers(0, 500), st.sampled_from([0.0, 0.4, 3.0, 25.0]))
def test_reported_ages_are_a_distribution(youngest: int, span: int, sd: float) -> None:
    reported = ReportedBirth(days_before(youngest + span), days_before(youngest), sd)
    ages, older = reported.ages(RAID)
    assert ages.shape == (731,)
    assert (ages >= 0).all()
    # By brute force: every day of birth, and every blur of it.
    reach = 6 * math.ceil(sd)
    normal = NormalDist(0, sd or 1e-9)
    exact, exact_older = np.zeros(731), 0.0
    for offset in range(-reach, reach + 1):
        weight = (normal.cdf(offset + 0.5) - normal.cdf(offset - 0.5)) / (span + 1)
        first, last = youngest + offset, youngest + span + offset
        exact[max(0, first) : max(0, last + 1)] += weight
        exact_older += weight * max(0, last - max(first - 1, 730))
    np.testing.assert_allclose(ages, exact, atol=1e-8)
    assert older == pytest.approx(exact_older, abs=1e-7)
    if youngest >= reach:
        assert ages.sum() + older == pytest.approx(1)


@pytest.mark.parametrize(
    "reported",
    [
        ReportedBirth.on(days_before(40)),
        ReportedBirth.aged(100, 160, RAID),
        ReportedBirth.on(days_before(300), 15),
        ReportedBirth.on(days_before(900), 5),
    ],
)
def test_the_mean_over_strangers_is_one(reported: ReportedBirth) -> None:
    # Quadrature over lengths, and the sum over a stump, of a child drawn from the prior.
    model = AgeModel()
    step, total, mean = 0.4, 0.0, 0.0
    for length in np.arange(35, 110, step):
        for stump in (True, False):
            age = age_posterior(Examination(length, sex="M", stump=stump), model)
            density = float(np.exp(age.log_likelihood) @ model.prior_probability) * step
            total += density
            mean += density * lr(reported, age)
    assert total == pytest.approx(1, abs=1e-4)
    assert mean == pytest.approx(1, abs=1e-3)


def test_the_prior_is_the_population() -> None:
    # Where all rescued children are newborns, being a newborn is no news.
    newborn = Examination(50.0, 3.4, 34.5, "M")
    reported = ReportedBirth.on(days_before(5))
    wide, narrow = (age_posterior(newborn, AgeModel(prior=flat_prior(0, last))) for last in (365, 10))
    assert lr(reported, wide) > 10
    assert lr(reported, narrow) < 1.5


def test_it_explains_itself() -> None:
    finding = birth_date(GIRL, RAID, ReportedBirth.on(days_before(60)))
    assert "31 to 111 days" in finding.text
    assert finding.text.endswith("it was 60")
    assert finding.data["earliest_days"] == 31
    told = json.loads(json.dumps(finding.to_json(), allow_nan=False))
    assert told["inputs"]["reported"]["earliest"] == "2011-05-16"
    assert told["inputs"]["age"]["examination"]["length_cm"] == 57.0


def test_reports_that_cannot_be() -> None:
    with pytest.raises(InputError):
        ReportedBirth(RAID, days_before(1))
    for sd in (-1.0, 400.0, float("nan")):
        with pytest.raises(InputError):
            ReportedBirth.on(RAID, sd)
    with pytest.raises(InputError):
        ReportedBirth.aged(0, 10**9, RAID)
    for error in (0.0, 1.0, float("nan")):
        with pytest.raises(InputError):
            birth_date(GIRL, RAID, ReportedBirth.on(RAID), error=error)
