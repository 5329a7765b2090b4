"""What joint answers are made of: all ways to fill a family's places, and sums over all assignments."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.strategies import Case, cases

from wayhome import kinship
from wayhome.kinship.errors import TooComplex
from wayhome.kinship.search import joint_likelihood
from wayhome.kinship.search.joint_likelihood import log_likelihoods
from wayhome.kinship.search.joint_posterior import Shares
from wayhome.kinship.search.joint_scores import all_ways
from wayhome.kinship.search.places import NOBODY, structured_log_likelihoods

# -- the likelihood of ways to fill places -----------------------------------------------------------------------------------


@st.composite
def filled_places(draw: st.DrawFn, *, structured: bool = False) -> tuple[Case, list[str], list[tuple[str, ...]], np.ndarray]:
    case = draw(cases(structured=structured, least=1, deep=not structured and draw(st.booleans())))
    places = draw(st.lists(st.sampled_from(case.pedigree.ids), min_size=1, max_size=3, unique=True))
    children = [case.genotypes.get(place, ()) for place in places]
    children += draw(st.lists(st.sampled_from([(), *case.genotypes.values()]), max_size=1))
    ways = all_ways(np.ones((len(children), len(places)), dtype=bool), 1000)
    relatives = {member: labels for member, labels in case.genotypes.items() if member not in places}
    return Case(case.pedigree, case.locus, relatives, case.theta), places, children, ways


def _one_by_one(case: Case, places: Sequence[str], children: Sequence[tuple[str, ...]], way: Sequence[int]) -> float:
    placed = {place: children[c] for place, c in zip(places, way, strict=True) if c != NOBODY and children[c]}
    for place, labels in placed.items():
        if case.locus.x_linked and case.pedigree[place].sex == "M" and len(set(labels)) > 1:
            return -math.inf
    return kinship.log_likelihood(case.pedigree, {**case.genotypes, **placed}, case.locus)


def _close(got: float, expected: float) -> bool:
    return got == expected or math.isclose(got, expected, rel_tol=1e-9, abs_tol=1e-9)


@given(filled_places())
def test_all_ways_at_once_are_what_each_is_alone(question: tuple[Case, list[str], list[tuple[str, ...]], np.ndarray]) -> None:
    case, places, children, ways = question
    got = log_likelihoods(case.pedigree, case.genotypes, places, children, ways, case.locus, convention="as_written")
    for way, value in zip(ways.tolist(), got.tolist(), strict=True):
        assert _close(value, _one_by_one(case, places, children, way)), way


@given(filled_places())
def test_however_the_network_is_written_and_contracted(
    question: tuple[Case, list[str], list[tuple[str, ...]], np.ndarray],
) -> None:
    """What only dear networks need: transmissions factored, an order for each set of filled places, ways in parts."""
    case, places, children, ways = question
    arguments = (case.pedigree, case.genotypes, places, children, ways, case.locus)
    plain = log_likelihoods(*arguments, convention="as_written")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(joint_likelihood, "_CHEAP", -1.0)
        patch.setattr(joint_likelihood, "_WORTH_A_PLAN", -1.0)
        patch.setattr(joint_likelihood, "MOST_ELEMENTS", 16)
        patch.setattr(joint_likelihood, "_cheapest", lambda networks, filled: (networks[-1], networks[-1].plan(filled.tolist())))
        dear = log_likelihoods(*arguments, convention="as_written")
    assert all(map(_close, dear.tolist(), plain.tolist()))


@given(filled_places(), st.sampled_from(["as_written", "pruned"]))
def test_without_theta_both_routes_agree(
    question: tuple[Case, list[str], list[tuple[str, ...]], np.ndarray], convention: kinship.Convention
) -> None:
    """Strangers are in the structured likelihood, and multiply it where theta is 0."""
    case, places, children, ways = question
    if case.locus.x_linked:
        return
    arguments = (case.pedigree, case.genotypes, places, children, ways, case.locus)
    alone = log_likelihoods(*arguments, convention=convention)
    together = structured_log_likelihoods(*arguments, theta=0.0, convention=convention)
    stranger = [
        kinship.log_likelihood(kinship.Pedigree.of([("x", None, None, "U")]), {"x": c}, case.locus) if c else 0.0
        for c in children
    ]
    for way, one, other in zip(ways.tolist(), alone.tolist(), together.tolist(), strict=True):
        assert _close(other, one + sum(s for c, s in enumerate(stranger) if c not in way)), way


def test_parts_when_there_is_too_much_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    model = kinship.PopulationModel(kinship.population("china"))
    locus = model.locus("FGA")
    pedigree = kinship.full_siblings(3, missing=None)
    places = pedigree.ids[2:]
    children = [(locus.alleles[i], locus.alleles[i + 2]) for i in range(4)]
    ways = all_ways(np.ones((4, len(places)), dtype=bool), 10_000)
    arguments = (pedigree, {}, places, children, ways, locus)
    whole = log_likelihoods(*arguments)
    monkeypatch.setattr("wayhome.kinship.search.joint_likelihood.MOST_ELEMENTS", 50_000)
    assert log_likelihoods(*arguments) == pytest.approx(whole, abs=1e-12)


# -- sums over assignments ---------------------------------------------------------------------------------------------------


@st.composite
def offers(draw: st.DrawFn) -> tuple[list[np.ndarray], list[np.ndarray], int]:
    children = draw(st.integers(0, 4))
    ways, weights = [], []
    for _ in range(draw(st.integers(0, 4))):
        places = draw(st.integers(1, 2))
        cells = draw(st.lists(st.booleans(), min_size=children * places, max_size=children * places))
        ways.append(all_ways(np.array(cells, dtype=bool).reshape(children, places), 1000))
        values = st.floats(-300, 300)
        weights.append(np.array(draw(st.lists(values, min_size=len(ways[-1]), max_size=len(ways[-1])))))
    return ways, weights, children


@given(offers())
def test_shares_are_those_of_the_list_of_all(offer: tuple[list[np.ndarray], list[np.ndarray], int]) -> None:
    ways, weights, children = offer
    shares = Shares(ways, weights, children)
    listed = []
    for chosen in itertools.product(*(range(len(w)) for w in ways)):
        taken = [c for w, i in zip(ways, chosen, strict=True) for c in w[i].tolist() if c != NOBODY]
        if len(taken) == len(set(taken)):
            listed.append((math.fsum(float(w[i]) for w, i in zip(weights, chosen, strict=True)), chosen, frozenset(taken)))
    total = float(np.logaddexp.reduce([weight for weight, _, _ in listed]))
    assert shares.log_total == pytest.approx(total, abs=1e-9)
    assert shares.count() == len(listed)
    best = list(shares.best())
    assert [weight for weight, _ in best] == pytest.approx(sorted((w for w, _, _ in listed), reverse=True), abs=1e-9)
    assert {chosen for _, chosen in best} == {chosen for _, chosen, _ in listed}
    for f, got in enumerate(shares.way_shares()):
        for i, share in enumerate(got.tolist()):
            expected = math.fsum(math.exp(w - total) for w, chosen, _ in listed if chosen[f] == i)
            assert share == pytest.approx(expected, rel=1e-9, abs=1e-300)
    for c, share in enumerate(shares.nobody_shares().tolist()):
        # Small shares are sums as well, not what is left of one.
        expected = math.fsum(math.exp(w - total) for w, _, taken in listed if c not in taken)
        assert share == pytest.approx(expected, rel=1e-9, abs=1e-300)


def test_ways_are_listed_or_refused() -> None:
    possible = np.ones((3, 2), dtype=bool)
    ways = all_ways(possible, 13)
    assert ways[0].tolist() == [NOBODY, NOBODY]
    assert len({tuple(w) for w in ways.tolist()}) == len(ways) == 13
    with pytest.raises(TooComplex) as refused:
        all_ways(possible, 12)
    assert refused.value.operations == 16


def test_too_many_children_for_too_many_families(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wayhome.kinship.search.joint_posterior.MOST_TRANSITIONS", 200_000)
    ways = [np.arange(-1, 25)[:, None] for _ in range(25)]
    with pytest.raises(TooComplex) as refused:
        Shares(ways, [np.zeros(26) for _ in ways], 25)
    assert refused.value.operations > 1e9
    many = [np.array([[NOBODY], [c]]) for c in range(80)] + [np.arange(-1, 80)[:, None]] * 2
    with pytest.raises(TooComplex):
        Shares(many, [np.zeros(len(w)) for w in many], 80)


def test_families_apart_cost_nothing() -> None:
    ways = [np.array([[NOBODY], [c]]) for c in range(200)]
    shares = Shares(ways, [np.array([0.0, math.log(3)]) for _ in ways], 200)
    assert shares.nobody_shares() == pytest.approx(np.full(200, 0.25))
    assert shares.log_total == pytest.approx(200 * math.log(4))
    assert len(next(shares.best())[1]) == 200
