"""A finding is capped, explained and serialised; findings multiply."""

from __future__ import annotations

import json
import math
import pickle
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wayhome.kinship.errors import InputError
from wayhome.kinship.evidence.base import DEFAULT_CAP, MOST_LOG10, Cap, Evidence, Finding, combine, missing

LOG10 = st.floats(allow_nan=False)
CAPS = st.builds(Cap, st.floats(1e-6, 1.0), st.floats(1.0, 1e6))
JSON = st.dictionaries(st.text(max_size=5), st.none() | st.booleans() | st.integers() | st.text(max_size=5), max_size=3)


def finding(name: str, log10_lr: float, cap: Cap = DEFAULT_CAP) -> Finding:
    return Finding(name, log10_lr, "some_code", "Some sentence", {"a": 1}, {"b": [2]}, cap)


@given(LOG10, CAPS)
def test_never_beyond_the_cap(log10_lr: float, cap: Cap) -> None:
    one = finding("age", log10_lr, cap)
    assert math.log10(cap.lowest) <= one.log10_lr_capped <= math.log10(cap.highest)
    assert math.isfinite(one.log10_lr)
    if math.log10(cap.lowest) <= log10_lr <= math.log10(cap.highest):
        assert one.log10_lr_capped == log10_lr


@given(st.lists(LOG10, min_size=2, max_size=2).map(sorted), CAPS)
def test_the_cap_keeps_the_order(log10_lrs: list[float], cap: Cap) -> None:
    low, high = (finding("age", value, cap).log10_lr_capped for value in log10_lrs)
    assert low <= high


def test_the_default_cap() -> None:
    assert finding("age", 9).log10_lr_capped == 2
    assert finding("age", -9).log10_lr_capped == -2
    assert finding("age", -math.inf).log10_lr == -MOST_LOG10
    assert finding("age", math.inf).log10_lr == MOST_LOG10


@given(st.lists(LOG10, max_size=8))
def test_capped_factors_multiply(log10_lrs: list[float]) -> None:
    findings = [finding(f"f{i}", value) for i, value in enumerate(log10_lrs)]
    evidence = combine(findings)
    product = math.prod(10**one.log10_lr_capped for one in findings)
    assert 10**evidence.log10_lr == pytest.approx(product)
    assert evidence.log10_lr_uncapped == pytest.approx(sum(one.log10_lr for one in findings))
    assert math.isfinite(evidence.log10_lr)
    assert combine(findings, total_cap=DEFAULT_CAP).log10_lr == DEFAULT_CAP.log10(evidence.log10_lr)


@given(st.lists(LOG10, max_size=5), st.integers(0, 5))
def test_a_missing_value_is_neutral(log10_lrs: list[float], where: int) -> None:
    findings = [finding(f"f{i}", value) for i, value in enumerate(log10_lrs)]
    with_missing = [*findings[:where], missing("belongings", "what was found"), *findings[where:]]
    assert combine(with_missing).log10_lr == combine(findings).log10_lr
    assert combine(with_missing).log10_lr_uncapped == combine(findings).log10_lr_uncapped


def test_nothing_known_is_neutral() -> None:
    assert combine([]).log10_lr == 0
    nothing = missing("age", "the date of birth")
    assert nothing.missing
    assert (nothing.log10_lr, nothing.log10_lr_capped, nothing.code) == (0, 0, "missing")
    assert "the date of birth" in nothing.text


@given(st.lists(st.tuples(LOG10, st.text(), JSON, JSON, CAPS), max_size=3), st.none() | CAPS, st.booleans())
def test_json_there_and_back(
    parts: list[tuple[float, str, dict[str, object], dict[str, object], Cap]], total: Cap | None, one_missing: bool
) -> None:
    findings = [
        Finding(f"f{i}", value, "code", text, data, inputs, cap) for i, (value, text, data, inputs, cap) in enumerate(parts)
    ]
    if one_missing:
        findings.append(missing("sex", "the sex"))
    evidence = combine(findings, total_cap=total)
    told = json.loads(json.dumps(evidence.to_json(), allow_nan=False))
    assert Evidence.from_json(told) == evidence
    assert told["log10_lr"] == evidence.log10_lr
    assert [f["log10_lr_capped"] for f in told["findings"]] == [f.log10_lr_capped for f in findings]
    assert pickle.loads(pickle.dumps(evidence)) == evidence
    assert hash(pickle.loads(pickle.dumps(evidence))) == hash(evidence)


JUNK = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
KEYS = ("name", "log10_lr", "cap", "missing", "code", "data", "text", "inputs")


@given(st.dictionaries(st.sampled_from(KEYS), JUNK), st.sampled_from(KEYS), JUNK)
def test_broken_json_is_refused(told: dict[str, object], key: str, value: object) -> None:
    whole = finding("age", 1).to_json() | {key: value}
    for broken in (told, whole):
        with suppress(InputError):
            assert len(Evidence.from_json({"findings": [broken], "total_cap": None}).findings) == 1
    for junk in ({}, {"findings": 3, "total_cap": None}, {"findings": [], "total_cap": value}):
        with suppress(InputError):
            assert Evidence.from_json(junk).findings == ()


def test_a_lacking_field_is_named() -> None:
    told = finding("age", 1).to_json()
    del told["code"]
    with pytest.raises(InputError, match="code"):
        Finding.from_json(told)


@pytest.mark.parametrize(
    "bounds", [(0, 100), (-1, 100), (2, 100), (0.01, 0.5), (0.01, math.inf), (math.nan, 100), (0.01, math.nan)]
)
def test_caps_that_cannot_be(bounds: tuple[float, float]) -> None:
    with pytest.raises(InputError) as caught:
        Cap(*bounds)
    assert caught.value.field == "cap"


def test_findings_that_cannot_be() -> None:
    with pytest.raises(InputError):
        finding("age", math.nan)
    with pytest.raises(InputError):
        Finding("age", 1.0, "missing", "", missing=True)
    with pytest.raises(InputError, match="age is told twice"):
        combine([finding("age", 1), finding("sex", 1), missing("age", "x")])


def test_findings_do_not_change() -> None:
    data = {"a": 1}
    one = Finding("age", 1.0, "code", "text", data)
    data["a"] = 2
    assert one.data["a"] == 1
    with pytest.raises(TypeError):
        one.data["a"] = 3  # type: ignore[index]
