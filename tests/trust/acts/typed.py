"""Inputs, each wrong in one way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from trust.acts.bench import Case


def typed(name: str, act: Any, **wrong: tuple[dict[str, Any], str]) -> Iterator[Case]:
    """Inputs that are wrong in one way each."""
    for what, (given, says) in wrong.items():
        yield Case(f"{name}: {what}", f"invalid: {says}" if says else "done", lambda s, given=given: act(s, **given))
