"""ABO groups against enumeration by hand."""

from __future__ import annotations

import itertools
import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wayhome.kinship.errors import InputError, UnknownName
from wayhome.kinship.evidence.blood_group import (
    GROUP_ERROR,
    GROUPS,
    BloodGroupFrequencies,
    Group,
    RelativesGroups,
    blood_group,
    blood_group_frequencies,
    child_groups,
)

CHINA = blood_group_frequencies()["china"]
GROUP = st.sampled_from(GROUPS)
MAYBE = st.none() | GROUP
ERRORS = st.floats(1e-4, 0.5)
FREQUENCIES = st.tuples(*(st.floats(0.05, 1),) * 3).map(lambda w: BloodGroupFrequencies(*(x / sum(w) for x in w)))


def group_of(one: str, other: str) -> str:
    shown = {one, other} - {"O"}
    return "".join(sorted(shown)) or "O"


def brute_force(relatives: RelativesGroups, frequencies: BloodGroupFrequencies, error: float) -> dict[str, float]:
    """Every ordered genotype of both parents, or of all grandparents and what they pass on; siblings and child by Mendel."""
    p = dict(zip("ABO", (float(x) for x in frequencies.alleles), strict=True))
    genotypes = list(itertools.product("ABO", repeat=2))

    def record(group: str | None, genotype: tuple[str, str]) -> float:
        return 1.0 if group is None else 1 - error if group_of(*genotype) == group else error / 3

    def parent(own: Group | None, first: Group | None, second: Group | None) -> dict[tuple[str, str], float]:
        weights = dict.fromkeys(genotypes, 0.0)
        for one, other in itertools.product(genotypes, repeat=2):
            both = p[one[0]] * p[one[1]] * p[other[0]] * p[other[1]] * record(first, one) * record(second, other)
            for passed in itertools.product(one, other):
                weights[passed] += both / 4 * record(own, passed)
        return weights

    fathers = parent(relatives.father, relatives.fathers_father, relatives.fathers_mother)
    mothers = parent(relatives.mother, relatives.mothers_father, relatives.mothers_mother)
    total = dict.fromkeys(GROUPS, 0.0)
    for father, mother in itertools.product(genotypes, repeat=2):
        children = list(itertools.product(father, mother))
        weight = fathers[father] * mothers[mother]
        for sibling in relatives.siblings:
            weight *= sum(record(sibling, child) for child in children) / 4
        for group in GROUPS:
            total[group] += weight * sum(record(group, child) for child in children) / 4
    whole = sum(total.values())
    return {group: value / whole for group, value in total.items()}


RELATIVES = st.builds(
    RelativesGroups,
    father=MAYBE,
    mother=MAYBE,
    siblings=st.lists(GROUP, max_size=2),
    fathers_father=MAYBE,
    fathers_mother=MAYBE,
    mothers_father=MAYBE,
    mothers_mother=MAYBE,
)


@given(RELATIVES, FREQUENCIES, ERRORS)
def test_against_enumeration(relatives: RelativesGroups, frequencies: BloodGroupFrequencies, error: float) -> None:
    expected = brute_force(relatives, frequencies, error)
    assert child_groups(relatives, frequencies, error) == pytest.approx([expected[group] for group in GROUPS])


@given(RELATIVES.filter(lambda r: bool(r.to_json())), FREQUENCIES, ERRORS)
def test_a_group_tells_a_stranger_nothing_on_average(
    relatives: RelativesGroups, frequencies: BloodGroupFrequencies, error: float
) -> None:
    by_chance = child_groups(RelativesGroups(), frequencies, error)
    lrs = [10 ** blood_group(group, relatives, population=frequencies, error=error).log10_lr for group in GROUPS]
    assert math.fsum(p * lr for p, lr in zip(by_chance, lrs, strict=True)) == pytest.approx(1)


def lrs(relatives: RelativesGroups) -> dict[str, float]:
    return {group: 10 ** blood_group(group, relatives).log10_lr for group in GROUPS}


def test_ab_and_o() -> None:
    found = lrs(RelativesGroups(father="AB", mother="O"))
    assert found["A"] > 1
    assert found["B"] > 1
    assert found["O"] < 0.1
    assert found["AB"] < 0.1
    for group, code in zip(GROUPS, ("fits", "fits", "needs_error", "needs_error"), strict=True):
        assert blood_group(group, RelativesGroups(father="AB", mother="O")).code == f"blood_group_{code}"


def test_an_ab_parent_alone() -> None:
    found = lrs(RelativesGroups(mother="AB"))
    assert found["O"] < 0.1
    assert min(found["A"], found["B"], found["AB"]) > 1


def test_o_and_o() -> None:
    found = lrs(RelativesGroups(father="O", mother="O"))
    assert found["O"] > 2.5
    assert max(found["A"], found["B"], found["AB"]) < 0.1


def test_grandparents_stand_in_for_a_parent() -> None:
    through = lrs(RelativesGroups(fathers_father="O", fathers_mother="O", mother="O"))
    assert through["O"] > 2.5
    # A sibling AB shows that an O record of the father is an error.
    assert (
        blood_group("O", RelativesGroups(father="O", siblings=["AB"])).log10_lr
        < blood_group("O", RelativesGroups(father="O")).log10_lr
    )


@given(GROUP, RELATIVES)
def test_nothing_is_excluded(child: Group, relatives: RelativesGroups) -> None:
    finding = blood_group(child, relatives)
    assert -2 <= finding.log10_lr_capped <= 2
    assert finding.log10_lr > math.log10(GROUP_ERROR) - 3
    json.dumps(finding.to_json(), allow_nan=False)
    if finding.missing:
        assert finding.log10_lr == 0
        assert not relatives.to_json()


def test_missing_is_neutral() -> None:
    for finding in (blood_group(None, RelativesGroups("A")), blood_group("A", None), blood_group("A", RelativesGroups())):
        assert finding.missing
        assert finding.log10_lr == 0


def test_frequencies() -> None:
    assert CHINA.alleles == pytest.approx([0.2104, 0.2074, 0.5823], abs=1e-4)
    # Bernstein's estimate from the published shares of groups comes close to the published frequencies.
    shares: dict[Group, float] = {"A": 0.2872, "B": 0.2817, "O": 0.342, "AB": 0.0891}
    assert BloodGroupFrequencies.from_groups(shares).alleles == pytest.approx(CHINA.alleles, abs=2e-3)
    # And exactly, where groups are in Hardy-Weinberg proportions.
    a, b, o = 0.2, 0.3, 0.5
    exact: dict[Group, float] = {"A": a * a + 2 * a * o, "B": b * b + 2 * b * o, "O": o * o, "AB": 2 * a * b}
    assert BloodGroupFrequencies.from_groups(exact).alleles == pytest.approx([a, b, o])
    # Recorded groups of strangers are the published shares, but for errors.
    recorded = child_groups(RelativesGroups(), CHINA, 1e-9)
    assert recorded == pytest.approx([shares[group] for group in GROUPS], abs=5e-3)
    for table in blood_group_frequencies().values():
        assert table.source
        assert table.alleles.sum() == pytest.approx(1)


def test_the_explanation() -> None:
    finding = blood_group("O", RelativesGroups("AB", "O", siblings=["A", "B"], fathers_father="A"))
    relatives = "father AB, mother O, father's father A, siblings A B"
    assert finding.text == f"The child's blood group is O; relatives: {relatives}; explained only by an error"
    assert finding.data == {
        "child": "O",
        "relatives": {"father": "AB", "mother": "O", "fathers_father": "A", "siblings": ["A", "B"]},
    }


def test_what_cannot_be() -> None:
    with pytest.raises(InputError, match='"C" is no blood group'):
        RelativesGroups(father="C")  # type: ignore[arg-type]
    with pytest.raises(InputError):
        RelativesGroups(siblings=["A", "a"])  # type: ignore[list-item]
    with pytest.raises(InputError):
        blood_group("0", RelativesGroups("A"))  # type: ignore[arg-type]
    for error in (0.0, 1.0, math.nan):
        with pytest.raises(InputError):
            blood_group("A", RelativesGroups("A"), error=error)
    with pytest.raises(UnknownName, match="china"):
        blood_group("A", RelativesGroups("A"), population="atlantis")
    for frequencies in ((0.5, 0.5, 0.5), (0.0, 0.5, 0.5), (math.nan, 0.5, 0.5)):
        with pytest.raises(InputError):
            BloodGroupFrequencies(*frequencies)
    with pytest.raises(InputError):
        BloodGroupFrequencies.from_groups({"A": 0.5})
