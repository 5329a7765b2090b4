"""What programs read: one JSON object, with the numbers that JSON does not have as strings."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Mapping
from typing import Any


def number(value: float) -> float | str:
    """A number in full precision; "-inf", "inf" and "nan" as strings."""
    return float(value) if math.isfinite(value) else str(float(value))


def numbers(values: Mapping[str, float]) -> dict[str, float | str]:
    """Numbers by name, see `number`."""
    return {name: number(value) for name, value in values.items()}


def print_json(answer: Mapping[str, Any]) -> None:
    """Print one object, and nothing else, to standard output."""
    sys.stdout.write(json.dumps(answer, allow_nan=False) + "\n")
