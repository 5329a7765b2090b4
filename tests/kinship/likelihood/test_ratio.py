"""The ratio of two hypotheses, locus by locus, with what excludes and what it was made of."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wayhome import kinship
from wayhome.kinship import NO_MUTATION, AlleleFrequencies, LikelihoodRatio, PopulationModel, Profile

TABLE = AlleleFrequencies(
    "town",
    {
        "TH01": {"6": 0.2, "7": 0.3, "9.3": 0.5},
        "D3S1358": {"15": 0.4, "16": 0.6},
        "vWA": {"16": 0.5, "17": 0.5},
        "DYS391": {"10": 0.4, "11": 0.6},
        "DXS10074": {"16": 0.1, "17": 0.9},
    },
    people_where_not_stated=100,
    source="made up",
    doubtful_loci=frozenset({"vWA"}),
)
MODEL = PopulationModel(TABLE, NO_MUTATION)
DUO = kinship.duo("father", sex="M")
APART = DUO.with_unrelated("child")


def profiles(child: dict[str, tuple[str, ...]], father: dict[str, tuple[str, ...]]) -> dict[str, Profile]:
    return {"child": Profile("C1", child), "father": Profile("P1", father)}


def test_locus_by_locus() -> None:
    people = profiles({"TH01": ("6", "7"), "D3S1358": ("15",)}, {"TH01": ("6",), "D3S1358": ("15", "16")})
    result = kinship.likelihood_ratio(DUO, APART, people, MODEL)
    assert result.loci == pytest.approx({"TH01": math.log10(1 / 0.4), "D3S1358": math.log10(1 / 0.8)})
    assert result.log10_lr == pytest.approx(math.log10(1 / 0.4) + math.log10(1 / 0.8))
    assert result.excluding == ()
    h1, h2 = result.log_likelihoods
    assert h1["TH01"] == pytest.approx(math.log(0.04 * 0.3))
    assert h2["D3S1358"] == pytest.approx(math.log(0.16 * 0.48))


def test_an_exclusion_is_a_result() -> None:
    people = profiles({"TH01": ("6",), "D3S1358": ("15",)}, {"TH01": ("7",), "D3S1358": ("15",)})
    result = kinship.likelihood_ratio(DUO, APART, people, MODEL)
    assert result.excluding == ("TH01",)
    assert result.loci["TH01"] == -math.inf
    assert result.loci["D3S1358"] == pytest.approx(math.log10(1 / 0.4))
    assert result.log10_lr == -math.inf


def test_what_neither_hypothesis_allows_is_no_number() -> None:
    h1 = kinship.trio()
    h2 = h1.with_unrelated("child").replacing(kinship.Member("sibling", "father", "mother"))
    h1 = h1.replacing(kinship.Member("sibling", "father", "mother"))
    people = {name: Profile(name, {"TH01": (allele,)}) for name, allele in (("father", "6"), ("mother", "6"), ("sibling", "7"))}
    result = kinship.likelihood_ratio(h1, h2, people, MODEL)
    assert math.isnan(result.loci["TH01"])
    assert math.isnan(result.log10_lr)
    assert result.excluding == ("TH01",)


def test_loci_that_are_compared() -> None:
    """Those of the table that somebody was typed at, in its order; not a doubtful one, nor the Y, which has laws of its own."""
    typed = {name: (next(iter(TABLE.loci[name])),) for name in reversed(list(TABLE.loci))} | {
        "AMEL": ("X", "Y"),
        "D8S1179": ("13",),
    }
    result = kinship.likelihood_ratio(DUO, APART, profiles(typed, {}), MODEL)
    assert list(result.loci) == ["TH01", "D3S1358", "DXS10074"]
    named = kinship.likelihood_ratio(DUO, APART, profiles(typed, typed), MODEL, loci=["vWA", "TH01"])
    assert list(named.loci) == ["vWA", "TH01"]
    with pytest.raises(kinship.UnknownName, match="D8S1179"):
        kinship.likelihood_ratio(DUO, APART, profiles(typed, typed), MODEL, loci=["D8S1179"])


def test_alleles_outside_the_table_get_the_minimum_frequency() -> None:
    people = profiles({"TH01": ("8", "9.3")}, {"TH01": ("8",)})
    result = kinship.likelihood_ratio(DUO, APART, people, MODEL)
    # 5 / 200 for the new allele; whoever wrote the father down, the other allele cancels.
    assert result.log10_lr == pytest.approx(math.log10(1 / (2 * 0.025)))


def test_the_x_follows_the_sexes() -> None:
    people = profiles({"DXS10074": ("16",)}, {"DXS10074": ("17",)})
    assert kinship.likelihood_ratio(DUO, APART, people, MODEL).log10_lr == pytest.approx(0, abs=1e-12)
    girl = kinship.duo("father", sex="F")
    people = profiles({"DXS10074": ("16",)}, {"DXS10074": ("17",)})
    assert kinship.likelihood_ratio(girl, girl.with_unrelated("child"), people, MODEL).log10_lr == -math.inf


def test_who_is_in_no_hypothesis_is_refused() -> None:
    people = profiles({"TH01": ("6",)}, {"TH01": ("6",)}) | {"uncle": Profile("U1", {"TH01": ("6",)})}
    with pytest.raises(kinship.UnknownName, match="uncle"):
        kinship.likelihood_ratio(DUO, APART, people, MODEL)


def test_provenance_tells_what_it_was_made_of() -> None:
    people = profiles({"TH01": ("6",)}, {"TH01": ("6",)})
    made = kinship.likelihood_ratio(DUO, APART, people, PopulationModel(TABLE, theta=0.02), convention="pruned").provenance
    text = str(dict(made))
    for told in ("town", TABLE.digest, "0.02", "pruned", "stepwise", "5/2N"):
        assert told in text
    other = profiles({"TH01": ("6",)}, {"TH01": ("7",)})
    again = kinship.likelihood_ratio(DUO, APART, other, PopulationModel(TABLE, theta=0.02), convention="pruned").provenance
    assert made["inputs"]["child"] == again["inputs"]["child"]
    assert made["inputs"]["father"] != again["inputs"]["father"]


def test_other_hypotheses_have_another_digest() -> None:
    """Equal digests mean equal results, so the families and the loci are part of them."""
    people = profiles({"TH01": ("6",), "D3S1358": ("15",)}, {"TH01": ("6",), "D3S1358": ("15",)})
    usual = kinship.likelihood_ratio(DUO, APART, people, MODEL).provenance["digest"]
    assert kinship.likelihood_ratio(DUO, APART, people, MODEL).provenance["digest"] == usual
    assert kinship.likelihood_ratio(APART, DUO, people, MODEL).provenance["digest"] != usual
    assert kinship.likelihood_ratio(DUO, APART, people, MODEL, loci=["TH01"]).provenance["digest"] != usual


LOGS = st.one_of(st.just(-math.inf), st.floats(-1e4, 0))


@given(h1=LOGS, h2=LOGS)
def test_log10_ratio(h1: float, h2: float) -> None:
    value = kinship.log10_ratio(h1, h2)
    if h1 == h2 == -math.inf:
        assert math.isnan(value)
    elif math.isinf(h1) or math.isinf(h2):
        assert value == (math.inf if math.isinf(h2) else -math.inf)
    else:
        assert value == pytest.approx((h1 - h2) / math.log(10))


@given(st.lists(st.tuples(LOGS, LOGS), max_size=6))
def test_the_total_is_the_sum(logs: list[tuple[float, float]]) -> None:
    names = [f"L{i}" for i in range(len(logs))]
    result = LikelihoodRatio((dict(zip(names, (a for a, _ in logs))), dict(zip(names, (b for _, b in logs)))))  # noqa: B905
    assert set(result.excluding) == {name for name, (h1, _) in zip(names, logs, strict=True) if h1 == -math.inf}
    impossible = [any(math.isinf(pair[side]) for pair in logs) for side in (0, 1)]
    if all(impossible):
        assert math.isnan(result.log10_lr)
    elif any(impossible):
        assert result.log10_lr == (-math.inf if impossible[0] else math.inf)
    else:
        assert result.log10_lr == pytest.approx(sum(result.loci.values()), rel=1e-9, abs=1e-9)
