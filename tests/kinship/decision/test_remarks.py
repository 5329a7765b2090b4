"""Remarks have stable codes, plain data and a sentence."""

from __future__ import annotations

import json
import pickle

import pytest

from wayhome import kinship
from wayhome.kinship.decision.remarks import Remark


def test_a_remark_goes_to_json_and_back() -> None:
    remark = Remark("below_lead", {"log10_lr": float("-inf"), "threshold": 8.0, "pairs": 1_000_000})
    told = json.loads(json.dumps(remark.to_json(), allow_nan=False))
    assert told["data"]["log10_lr"] == "-inf"
    assert Remark.from_json(told) == remark
    assert pickle.loads(pickle.dumps(remark)) == remark
    assert len({remark, Remark.from_json(told)}) == 1
    assert remark.text == "log10 LR -inf is below 8.00, which 1,000,000 comparisons ask of a lead"


def test_an_unknown_code_is_refused() -> None:
    with pytest.raises(kinship.UnknownName, match="no_such"):
        Remark("no_such_code")


def test_data_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        Remark("no_twins", {"a": 1}).data["a"] = 2  # type: ignore[index]
