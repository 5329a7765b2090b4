"""One person twice, and relatives among many: against every pair compared by hand and computed by the engine."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wayhome import kinship
from wayhome.kinship.errors import InputError, TooComplex
from wayhome.kinship.search import crowd as crowd_module
from wayhome.kinship.search.crowd import Crowd
from wayhome.kinship.search.duplicates import DirectMatch, compared, direct_matches, repeated_relatives
from wayhome.kinship.search.places import ReferenceFamily
from wayhome.kinship.search.relatedness import (
    FULL_SIBLINGS,
    HALF_SIBLINGS,
    PARENT_AND_CHILD,
    RELATIONSHIPS,
    Relationship,
    quantised,
    related_pairs,
)

LOCI = ("D3S1358", "vWA", "D16S539", "CSF1PO", "TPOX", "D8S1179", "D21S11", "D18S51", "D2S441", "D19S433", "TH01", "FGA")


@pytest.fixture(scope="module")
def model() -> kinship.PopulationModel:
    return kinship.PopulationModel(kinship.population("china"))


def _people(model: kinship.PopulationModel, seed: int, strangers: int, *, kit: str = "") -> dict[str, kinship.Profile]:
    """Strangers, and three families of two siblings, a half sibling and their parents; gaps and odd alleles without a kit."""
    rng = np.random.default_rng(seed)
    family = kinship.Pedigree.of(
        [
            ("mother", None, None, "F"),
            ("father", None, None, "M"),
            ("sister", "father", "mother", "F"),
            ("brother", "father", "mother", "M"),
            ("half", None, "mother", "F"),
            *((f"stranger {i}", None, None, "U") for i in range(strangers)),
        ]
    )
    shown: dict[str, dict[str, tuple[str, ...]]] = {}
    for name in kinship.panel(kit).autosomal if kit else LOCI:
        locus = model.locus(name)
        alleles = np.sort(kinship.gene_drop(family, locus, 3, rng), axis=2)
        for f, member in itertools.product(range(3), range(len(family))):
            labels = tuple(dict.fromkeys(locus.alleles[a] for a in alleles[f, member].tolist()))
            kind = 0.5 if kit else rng.random()
            if kind < 0.02:
                labels = ("99",) if kind < 0.01 else (labels[0], "98")
            if kind < 0.85:
                shown.setdefault(f"{family.ids[member]} {f}", {})[name] = labels
    return {who: kinship.Profile(who, genotypes) for who, genotypes in shown.items()}


# -- one person twice --------------------------------------------------------------------------------------------------------


def test_what_differs_is_told() -> None:
    one = kinship.Profile("1", {"FGA": ("20", "21"), "TH01": ("9",), "TPOX": ("8", "11"), "vWA": ("14",), "AMEL": ("X",)})
    other = kinship.Profile("2", {"FGA": ("21",), "TH01": ("9", "9"), "TPOX": ("8", "9"), "vWA": ("15",), "CSF1PO": ("10",)})
    match = compared("a", one, "b", other)
    assert match == DirectMatch("a", "b", 4, ("TPOX", "vWA"), ("FGA",))
    assert not match.identical
    assert compared("a", one, "a", one).identical


def test_tolerance_is_as_told(model: kinship.PopulationModel) -> None:
    person = _people(model, 1, 1)["mother 0"]
    person = replace(person, genotypes={name: person.genotypes.get(name, ("7", "99")) for name in LOCI})
    genotypes = dict(person.genotypes)
    heterozygous = [name for name in LOCI if len(genotypes[name]) == 2]
    lost = {**genotypes, heterozygous[0]: genotypes[heterozygous[0]][:1], heterozygous[1]: genotypes[heterozygous[1]][1:]}
    wrong = {**lost, heterozygous[2]: ("5", "6")}
    samples = {"first": person, "again": kinship.Profile("again", wrong), "few": person.only(LOCI[:5])}
    (match,) = direct_matches(samples)
    assert (match.first, match.second, match.loci) == ("first", "again", 12)
    assert match.dropped == tuple(name for name in genotypes if name in heterozygous[:2])
    assert match.differing == (heterozygous[2],)
    assert direct_matches(samples, most_differing=0) == ()
    assert direct_matches(samples, most_dropped=1) == ()
    assert [m.second for m in direct_matches(samples, least_loci=5)][:2] == ["few", "again"]
    for wrong_value in ({"most_differing": -1}, {"most_dropped": -1}, {"least_loci": 0}):
        with pytest.raises(InputError, match=next(iter(wrong_value))):
            direct_matches(samples, **wrong_value)


ALLELES = st.sampled_from([(), ("1",), ("2",), ("3",), ("1", "2"), ("2", "3"), ("1", "3"), ("1", "1")])


@given(
    st.lists(st.lists(ALLELES, min_size=6, max_size=6), max_size=12),
    st.integers(0, 3),
    st.integers(0, 3),
    st.integers(1, 7),
)
def test_every_pair_is_found(rows: list[list[tuple[str, ...]]], most_differing: int, most_dropped: int, least_loci: int) -> None:
    profiles = {
        i: kinship.Profile(str(i), {f"L{k}": labels for k, labels in enumerate(row) if labels}) for i, row in enumerate(rows)
    }
    found = direct_matches(profiles, most_differing=most_differing, most_dropped=most_dropped, least_loci=least_loci)
    expected = []
    for i, j in itertools.combinations(profiles, 2):
        match = compared(i, profiles[i], j, profiles[j])
        if match.loci >= least_loci and len(match.differing) <= most_differing and len(match.dropped) <= most_dropped:
            expected.append(match)
    expected.sort(key=lambda m: (len(m.differing), len(m.dropped), -m.loci, m.first, m.second))
    assert list(found) == expected


def test_more_loci_than_a_byte_counts() -> None:
    shown = {f"L{k}": ("1",) for k in range(1200)}
    other = shown | {f"L{k}": ("2",) for k in range(400)}
    twins = {"a": kinship.Profile("a", shown), "b": kinship.Profile("b", dict(shown)), "c": kinship.Profile("c", other)}
    (match,) = direct_matches(twins)
    assert (match.first, match.second, match.loci) == ("a", "b", 1200)
    assert len(direct_matches(twins, most_differing=400)) == 3
    with pytest.raises(TooComplex):
        Crowd.of([kinship.Profile("a", {})], (f"L{k}" for k in range(40_000))).most  # noqa: B018


def test_families_with_the_same_relatives(model: kinship.PopulationModel) -> None:
    people = _people(model, 2, 0)
    pedigree = kinship.Pedigree.of([("father", None, None, "M"), ("mother", None, None, "F"), ("lost", "father", "mother", "U")])

    def family(name: str, **profiles: kinship.Profile) -> ReferenceFamily:
        return ReferenceFamily(replace(pedigree, name=name), ("lost",), profiles)

    families = [
        family("A", father=people["father 0"], mother=people["mother 0"]),
        family("B", father=people["father 1"], mother=people["mother 0"]),
        family("C", father=people["father 0"], mother=people["mother 0"]),
        family("D", father=people["father 2"], mother=people["father 2"]),
    ]
    found = repeated_relatives(families, least_loci=6)
    assert (found[0].first, found[0].second, len(found[0].matches)) == ("A", "C", 2)
    assert {(row.first, row.second): len(row.matches) for row in found[1:]} == {("A", "B"): 1, ("B", "C"): 1, ("D", "D"): 1}
    assert {(m.first, m.second) for m in found[0].matches} == {
        (("A", "father"), ("C", "father")),
        (("A", "mother"), ("C", "mother")),
    }
    with pytest.raises(InputError, match="A is told twice"):
        repeated_relatives([families[0], families[0]])


# -- relatives ---------------------------------------------------------------------------------------------------------------


def _by_engine(
    one: kinship.Profile,
    other: kinship.Profile,
    relationship: Relationship,
    model: kinship.PopulationModel,
    loci: tuple[str, ...] = LOCI,
) -> float:
    h1 = relationship.pedigree
    profiles = {relationship.first: one.only(loci), relationship.second: other.only(loci)}
    both = [name for name in loci if name in one.genotypes and name in other.genotypes]
    h2 = h1.with_unrelated(relationship.second)
    return kinship.likelihood_ratio(h1, h2, profiles, model, loci=both, convention="pruned").log10_lr


@pytest.mark.parametrize(("theta", "least"), [(0.0, -1.0), (0.0, 1.0), (0.0, 3.0), (0.02, 0.0)])
def test_no_pair_is_lost_and_every_lr_is_the_engines(theta: float, least: float) -> None:
    model = kinship.PopulationModel(kinship.population("china"), theta=theta)
    people = dict(itertools.islice(_people(model, 3, 1).items(), 9 if theta else 18))
    loci = LOCI[:8] if theta else LOCI
    found = {(p.first, p.second): p for p in related_pairs(people, model, least_log10_lr=least, loci=loci)}
    expected: dict[tuple[str, str], Mapping[str, float]] = {}
    for one, other in itertools.combinations(people, 2):
        lrs = {r.name: _by_engine(people[one], people[other], r, model, loci) for r in RELATIONSHIPS}
        turned = _by_engine(people[other], people[one], PARENT_AND_CHILD, model, loci)
        lrs[PARENT_AND_CHILD.name] = max(lrs[PARENT_AND_CHILD.name], turned)
        if max(lrs.values()) >= least:
            expected[one, other] = lrs
    assert set(found) == set(expected)
    assert expected
    for pair, lrs in expected.items():
        assert found[pair].log10_lr == pytest.approx(lrs, abs=1e-9)
        assert found[pair].loci == sum(n in people[pair[0]].genotypes and n in people[pair[1]].genotypes for n in loci)
    best = [p.log10_lr[p.best] for p in found.values()]
    assert best == sorted(best, reverse=True)


@given(st.lists(st.one_of(st.floats(-40, 8), st.just(-math.inf)), min_size=1, max_size=40), st.integers(1, 63))
def test_bytes_only_overstate(values: list[float], limit: int) -> None:
    table = np.array(values)
    scale = max(float(table.max()), 1e-3) / limit
    entries = quantised(table, scale, limit)
    assert (entries * scale >= np.where(np.isfinite(table), table, -1e9) - 1e-12).all()
    assert (np.abs(entries) <= limit).all()
    # Whatever the threshold, a sum of entries falls short of it only if the exact sum does.
    total = float(table.sum())
    assert total == -math.inf or entries.sum(dtype=int) >= math.ceil(total / scale - 1e-6)


def test_siblings_sold_apart_are_found_among_many(model: kinship.PopulationModel) -> None:
    people = _people(model, 5, 60, kit="Huaxia Platinum")
    children = {who: p for who, p in people.items() if not who.startswith(("mother", "father"))}
    found = related_pairs(children, model, least_log10_lr=2.5, relationships=[FULL_SIBLINGS, HALF_SIBLINGS])
    assert {(f"sister {f}", f"brother {f}") for f in range(3)} <= {(p.first, p.second) for p in found}
    assert (found[0].first, found[0].best) == ("sister 0", "full siblings")
    assert all(p.first.split()[1] == p.second.split()[1] and "stranger" not in p.first for p in found[:3])
    parents = related_pairs(people, model, least_log10_lr=2.5, relationships=[PARENT_AND_CHILD])
    ends = {frozenset((p.first, p.second)) for p in parents}
    true = itertools.product(("mother", "father"), ("sister", "brother"), range(3))
    assert {frozenset((f"{parent} {f}", f"{child} {f}")) for parent, child, f in true} <= ends


def test_people_of_one_group_are_left_out(model: kinship.PopulationModel) -> None:
    people = _people(model, 6, 0)
    everybody = related_pairs(people, model, least_log10_lr=1.0)
    assert any(p.first.split()[1] == p.second.split()[1] for p in everybody)
    apart = related_pairs(people, model, least_log10_lr=1.0, together={who: who.split()[1] for who in people})
    assert [p for p in everybody if p.first.split()[1] != p.second.split()[1]] == list(apart)


def test_who_is_the_parent() -> None:
    """The direction tells only where an allele mutated: 7, at the end of a short ladder, comes and goes at different rates."""
    mutation = kinship.MutationModel("stepwise", kinship.MutationRates(0.01), kinship.MutationRates(0.01))
    table = kinship.AlleleFrequencies("T", {"TPOX": {"7": 0.2, "8": 0.5, "9": 0.3}})
    own = kinship.PopulationModel(table, mutation)
    people = {"a": kinship.Profile("a", {"TPOX": ("8",)}), "b": kinship.Profile("b", {"TPOX": ("7",)})}
    (pair,) = related_pairs(people, own, least_log10_lr=-9, relationships=[PARENT_AND_CHILD])
    locus = own.locus("TPOX")
    assert locus.male is not None
    forth = math.log10(locus.male[1, 0] / locus.frequencies[0])
    back = math.log10(locus.male[0, 1] / locus.frequencies[1])
    assert pair.log10_lr["parent and child"] == pytest.approx(max(forth, back), abs=1e-9)
    assert (pair.reversed == {"parent and child"}) == (back > forth)
    assert pair.loci == 1


def test_blocks_of_people_change_nothing(model: kinship.PopulationModel, monkeypatch: pytest.MonkeyPatch) -> None:
    people = _people(model, 8, 20)
    whole = related_pairs(people, model, least_log10_lr=1.0), direct_matches(people, least_loci=4, most_differing=4)
    monkeypatch.setattr(crowd_module, "_TILE", 7)
    monkeypatch.setattr(crowd_module, "_ROWS", 5)
    assert (related_pairs(people, model, least_log10_lr=1.0), direct_matches(people, least_loci=4, most_differing=4)) == whole
    monkeypatch.setattr("wayhome.kinship.search.scan._WORTH_COMPILING", 0)
    assert (related_pairs(people, model, least_log10_lr=1.0), direct_matches(people, least_loci=4, most_differing=4)) == whole


def test_nobody_and_nothing(model: kinship.PopulationModel) -> None:
    assert direct_matches({}) == ()
    assert related_pairs({}, model, least_log10_lr=0) == ()
    untyped = {"a": kinship.Profile("a"), "b": kinship.Profile("b")}
    assert direct_matches(untyped) == ()
    assert related_pairs(untyped, model, least_log10_lr=1) == ()
    (pair,) = related_pairs(untyped, model, least_log10_lr=-math.inf)
    assert set(pair.log10_lr.values()) == {0}
    assert related_pairs(_people(model, 1, 0), model, least_log10_lr=math.inf) == ()
    for relationships in ([], [FULL_SIBLINGS, FULL_SIBLINGS]):
        with pytest.raises(InputError, match="relationships"):
            related_pairs(untyped, model, least_log10_lr=0, relationships=relationships)
    with pytest.raises(InputError, match="not a number"):
        related_pairs(untyped, model, least_log10_lr=math.nan)
