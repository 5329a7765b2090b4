"""A number that something has already is not given again."""

from __future__ import annotations

import pytest

from wayhome.casework.core import numbers


def test_a_number_that_is_taken_is_not_given(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter(["000000000", "123456782", "111111118"])
    monkeypatch.setattr(numbers, "new_number", lambda: next(drawn))
    assert numbers.free_number({123456782}.__contains__) == 111111118
