"""Which sample stands, what readings make, and whether one woman can have borne two."""

from __future__ import annotations

import itertools
import random
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories.laboratory import LOCI
from factories.matching import stranger
from wayhome import kinship
from wayhome.casework.matching.rules.ages import can_be_siblings
from wayhome.casework.matching.rules.readings import CONCLUSIONS, another_wanted, outcome
from wayhome.casework.matching.rules.samples import enough, near_copy, standing

ONE, OTHER = (stranger(random.Random(seed)) for seed in (1, 2))


def profile(calls: dict[str, tuple[str, str]], loci: int = 99) -> kinship.Profile:
    kept = [name for name in LOCI if name in calls][:loci]
    return kinship.Profile("x", {name: kinship.Profile("y", {name: calls[name]}).genotypes[name] for name in kept})


def test_one_sample_stands_by_itself() -> None:
    told = standing({(7, 1): profile(ONE)})
    assert told is not None
    assert (told.use, told.kits, told.second, told.differ, told.settled) == ((7, 1), (7,), None, (), True)
    assert standing({}) is None


def test_the_first_of_equals_is_used_and_a_fuller_one_instead() -> None:
    same = standing({(9, 1): profile(ONE), (2, 1): profile(ONE)})
    assert same is not None
    assert (same.use, same.second, same.kits) == ((9, 1), (2, 1), (2, 9))
    fuller = standing({(9, 1): profile(ONE, 12), (2, 1): profile(ONE)})
    assert fuller is not None
    assert (fuller.use, fuller.second) == ((2, 1), (9, 1))


def test_two_outvote_one() -> None:
    unclear = standing({(1, 1): profile(ONE), (2, 1): profile(OTHER)})
    assert unclear is not None
    assert (unclear.use, unclear.differ, unclear.settled) == ((1, 1), ((2, 1),), False)
    clear = standing({(1, 1): profile(ONE), (2, 1): profile(OTHER), (3, 1): profile(OTHER)})
    assert clear is not None
    assert (clear.use, clear.differ, clear.settled, clear.second) == ((2, 1), ((1, 1),), True, (3, 1))
    # Typed twice, one sample is still one.
    again = standing({(1, 1): profile(ONE), (2, 1): profile(OTHER), (2, 2): profile(OTHER)})
    assert again is not None
    assert not again.settled


def test_an_altered_copy_is_neither_the_same_nor_a_sibling() -> None:
    chance = random.Random(3)
    altered = dict(ONE)
    for locus in chance.sample(LOCI, 4):
        altered[locus] = ("7", "30")
    assert near_copy(profile(ONE), profile(altered))
    assert not near_copy(profile(ONE), profile(ONE))
    assert not near_copy(profile(ONE), profile(ONE | {LOCI[0]: ("7", "30")}))
    assert not near_copy(profile(ONE), profile(OTHER))
    siblings = 0
    for seed in range(200):
        draws = random.Random(seed)
        parents = [stranger(draws), stranger(draws)]
        brood = [{locus: (draws.choice(parents[0][locus]), draws.choice(parents[1][locus])) for locus in LOCI} for _ in "12"]
        siblings += near_copy(profile(brood[0]), profile(brood[1]))
    assert siblings == 0


def test_a_few_loci_are_not_enough() -> None:
    assert enough(profile(ONE, 15))
    assert not enough(profile(ONE, 14))


@pytest.mark.parametrize("told", [c for n in range(4) for c in itertools.product(CONCLUSIONS, repeat=n)])
def test_two_alike_decide(told: tuple[str, ...]) -> None:
    most = max(CONCLUSIONS, key=told.count)
    expected = {"supports": "supported", "excludes": "excluded", "insufficient": "insufficient"}[most]
    if not told:
        assert outcome(told) == "proposed"
    elif told.count(most) >= 2:
        assert outcome(told) == expected
    else:
        assert outcome(told) == ("insufficient" if len(told) == 3 else "in_review")
    assert another_wanted(told) == (outcome(told) in ("proposed", "in_review"))


DAYS = st.integers(0, 2000).map(lambda n: date(2009, 1, 1) + timedelta(n))
BORN = st.tuples(DAYS, st.integers(0, 60)).map(lambda t: (t[0], t[0] + timedelta(t[1])))


@given(BORN, BORN)
def test_births_of_one_woman(one: tuple[date, date], other: tuple[date, date]) -> None:
    """Held to every pair of days in the two intervals."""
    apart = {(b - a).days for a in days(one) for b in days(other)}
    assert can_be_siblings(one, other) == any(abs(n) <= 3 or abs(n) >= 168 for n in apart)
    assert can_be_siblings(one, other) == can_be_siblings(other, one)


def days(born: tuple[date, date]) -> list[date]:
    return [born[0] + timedelta(n) for n in range((born[1] - born[0]).days + 1)]
