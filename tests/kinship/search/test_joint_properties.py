"""Joint answers as a whole against every assignment computed by itself with the engine of single likelihoods."""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import assume, given, reject, settings
from hypothesis import strategies as st
from tests.strategies import families_of_any_shape, loci_of_any_kind

from wayhome import kinship
from wayhome.kinship.search.joint import JointResult, joint_assignments
from wayhome.kinship.search.places import Place, ReferenceFamily

Pairs = frozenset[tuple[str, Place]]


@dataclass(frozen=True)
class Asked:
    """A small joint question."""

    children: Mapping[str, kinship.Profile]
    families: tuple[ReferenceFamily, ...]
    model: Mapping[str, kinship.LocusModel]
    odds: Mapping[tuple[str, Place], float]

    def answer(self, *, theta: float = 0.0) -> JointResult:
        return joint_assignments(
            self.children,
            self.families,
            self.model,
            prior_odds=self.odds,
            merge_identical=False,
            convention="as_written",
            theta=theta,
            keep=10_000,
        )


@st.composite
def questions(draw: st.DrawFn) -> Asked:
    """Up to three children and two families of any shape, each with one or two missing, at one or two loci with any mutation."""
    loci = [draw(loci_of_any_kind(draw(st.integers(2, 4)), silent=draw(st.booleans()), least=1)) for _ in range(2)]
    model = {name: replace(locus, name=name) for name, locus in zip("AB", loci, strict=True)}

    def profile(sample: str) -> kinship.Profile:
        shown = {}
        for name, locus in model.items():
            alleles = [a for k, a in enumerate(locus.alleles) if k != locus.silent]
            labels = draw(st.lists(st.sampled_from(alleles), max_size=2))
            if labels:
                shown[name] = tuple(labels)
        return kinship.Profile(sample, shown)

    families = []
    for name in ("F", "G")[: draw(st.integers(1, 2))]:
        pedigree = draw(families_of_any_shape(most=5, sexes_known=False))
        missing = draw(st.lists(st.sampled_from(pedigree.ids), min_size=1, max_size=2, unique=True))
        typed = {m: profile(m) for m in pedigree.ids if m not in missing and draw(st.booleans())}
        families.append(ReferenceFamily(kinship.Pedigree(pedigree.members, name=name), tuple(missing), typed))
    children = {child: profile(child) for child in "xyz"[: draw(st.integers(1, 3))]}
    pairs = [(child, Place(f.id, m)) for child in children for f in families for m in f.missing]
    odds = {pair: draw(st.sampled_from([0.0, 1e-3, 0.5, 1.0, 20.0])) for pair in pairs if draw(st.booleans())}
    if not any(p.genotypes for p in children.values()):
        children["x"] = kinship.Profile(
            "x", {"A": (next(a for k, a in enumerate(model["A"].alleles) if k != model["A"].silent),)}
        )
    return Asked(children, tuple(families), model, odds)


def _assignments(asked: Asked) -> Iterator[Pairs]:
    """All of them, by trying every child in every place or none."""
    places = [Place(f.id, m) for f in asked.families for m in f.missing]
    for chosen in itertools.product([None, *places], repeat=len(asked.children)):
        taken = [place for place in chosen if place is not None]
        if len(taken) == len(set(taken)):
            yield frozenset((c, p) for c, p in zip(asked.children, chosen, strict=True) if p is not None)


def _log_weight(asked: Asked, pairs: Pairs) -> float:
    """ln of likelihood times prior odds; a locus at which a family's own relatives do not fit is left out for the family."""
    total = 0.0
    for pair in pairs:
        odds = asked.odds.get(pair, 1.0)
        total += math.log(odds) if odds else -math.inf
    placed = dict(pairs)
    for name, locus in asked.model.items():
        for family in asked.families:
            relatives = {m: p.genotypes[name] for m, p in family.profiles.items() if p.genotypes.get(name)}
            own = {p.member: asked.children[c].genotypes.get(name, ()) for c, p in placed.items() if p.family == family.id}
            own = {member: labels for member, labels in own.items() if labels}
            if kinship.log_likelihood(family.pedigree, relatives, locus) > -math.inf:
                total += kinship.log_likelihood(family.pedigree, {**relatives, **own}, locus)
            else:
                total += sum(_stranger(labels, locus) for labels in own.values())
        for child, profile in asked.children.items():
            if child not in placed and profile.genotypes.get(name):
                total += _stranger(profile.genotypes[name], locus)
    return total


def _stranger(labels: kinship.Genotype, locus: kinship.LocusModel) -> float:
    return kinship.log_likelihood(kinship.Pedigree.of([("x", None, None, "U")]), {"x": labels}, locus)


@given(questions())
def test_posteriors_are_those_of_every_assignment_computed_by_itself(asked: Asked) -> None:
    result = asked.answer()
    weights = {pairs: _log_weight(asked, pairs) for pairs in _assignments(asked)}
    top = float(np.logaddexp.reduce(list(weights.values())))
    shares = {pairs: math.exp(w - top) for pairs, w in weights.items() if w > -math.inf}
    got = {frozenset(a.pairs.items()): a.posterior for a in result.assignments}
    assert got == pytest.approx(shares, rel=1e-8, abs=1e-300)
    assert result.possible == len(shares)
    assert math.fsum(got.values()) == pytest.approx(1, abs=1e-12)
    assert result.pairing.sum(axis=1) == pytest.approx(np.ones(len(result.children)), abs=1e-12)
    for c, child in enumerate(result.children):
        for p, place in enumerate(result.places):
            expected = math.fsum(share for pairs, share in shares.items() if (child, place) in pairs)
            assert result.pairing[c, p] == pytest.approx(expected, rel=1e-8, abs=1e-300)
    for p, place in enumerate(result.places):
        expected = math.fsum(share for pairs, share in shares.items() if place not in dict(pairs).values())
        assert result.unfilled[p] == pytest.approx(expected, rel=1e-8, abs=1e-300)
    for assignment in result.assignments:
        assert len(set(assignment.pairs.values())) == len(assignment.pairs), "two children in one place"


@given(questions(), st.randoms(use_true_random=False))
def test_names_and_order_change_nothing(asked: Asked, chance: random.Random) -> None:
    names = {child: f"child {k}" for k, child in enumerate(asked.children)}
    others = {f.id: f"family {k}" for k, f in enumerate(asked.families)}

    def there(place: Place) -> Place:
        return Place(others[place.family], f"new {place.member}")

    families = []
    for family in asked.families:
        pedigree = family.pedigree.relabelled({m: f"new {m}" for m in family.pedigree.ids})
        members = list(pedigree.members)
        chance.shuffle(members)
        families.append(
            ReferenceFamily(
                kinship.Pedigree(tuple(members), name=others[family.id]),
                tuple(f"new {m}" for m in reversed(family.missing)),
                {f"new {m}": p for m, p in family.profiles.items()},
            )
        )
    children = [(names[c], p) for c, p in asked.children.items()]
    chance.shuffle(children)
    chance.shuffle(families)
    other = Asked(dict(children), tuple(families), asked.model, {(names[c], there(p)): o for (c, p), o in asked.odds.items()})
    one, two = asked.answer(), other.answer()
    told = {frozenset((names[c], there(p)) for c, p in a.pairs.items()): a.posterior for a in one.assignments}
    again = {frozenset(a.pairs.items()): a.posterior for a in two.assignments}
    assert again == pytest.approx(told, rel=1e-8, abs=1e-300)
    for child in asked.children:
        assert two.posterior(names[child], None) == pytest.approx(one.posterior(child, None), rel=1e-8, abs=1e-300)
        for place in one.places:
            expected = one.posterior(child, place)
            assert two.posterior(names[child], there(place)) == pytest.approx(expected, rel=1e-8, abs=1e-300)


@settings(max_examples=20)
@given(questions(), st.sampled_from([0.01, 0.3]))
def test_with_theta_every_assignment_is_one_likelihood_of_everybody(asked: Asked, theta: float) -> None:
    asked = replace(asked, odds={})
    everybody = [
        kinship.Member(f"{f.id}{m.id}", m.father and f"{f.id}{m.father}", m.mother and f"{f.id}{m.mother}", m.sex)
        for f in asked.families
        for m in f.pedigree
    ]
    # What nobody sees multiplies the partitions of the urn.
    assume(len(everybody) <= 4)
    relatives = {f"{f.id}{m}": p for f in asked.families for m, p in f.profiles.items()}
    try:
        result = asked.answer(theta=theta)
    except kinship.TooComplex:
        # Silent alleles can leave more founder alleles unseen than are summed over with theta: refused, and not answered wrongly.
        reject()
    weights = {}
    for pairs in _assignments(asked):
        placed = {child: f"{place.family}{place.member}" for child, place in pairs}
        strangers = [kinship.Member(f"stranger {child}") for child in asked.children if child not in placed]
        people = {**relatives, **{placed.get(child, f"stranger {child}"): p for child, p in asked.children.items()}}
        total = 0.0
        for name, locus in asked.model.items():
            pedigree = kinship.Pedigree((*everybody, *strangers))
            shown = {who: p.genotypes[name] for who, p in people.items() if name in p.genotypes}
            try:
                value = kinship.log_likelihood(pedigree, shown, locus, theta=theta)
            except kinship.TooComplex:
                reject()
            nobody = {who: shown[who] for who in shown if who in relatives}
            if kinship.log_likelihood(pedigree, nobody, locus, theta=theta) > -math.inf:
                total += value
        weights[pairs] = total
    top = float(np.logaddexp.reduce(list(weights.values())))
    shares = {pairs: math.exp(w - top) for pairs, w in weights.items() if w > -math.inf}
    got = {frozenset(a.pairs.items()): a.posterior for a in result.assignments}
    assert got == pytest.approx(shares, rel=1e-8, abs=1e-300)
