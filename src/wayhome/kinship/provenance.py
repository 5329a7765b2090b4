"""What made a number: software, tables, parameters, inputs, each with its digest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from wayhome import __version__

_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), allow_nan=False)


def digest(value: object) -> str:
    """SHA-256 of a value that JSON can hold, independent of the order of keys."""
    return hashlib.sha256(_CANONICAL.encode(value).encode()).hexdigest()


def provenance(parameters: Mapping[str, Any], inputs: Mapping[str, str]) -> dict[str, Any]:
    """The record that goes with a result.

    Parameters
    ----------
    parameters : everything chosen, as JSON values; tables by name and digest.
    inputs : what was read -> SHA-256 of it.

    Returns
    -------
    dict
        software, version, parameters, inputs, and `digest` over all of these: equal digests, equal results.
    """
    record: dict[str, Any] = {
        "software": "wayhome",
        "version": __version__,
        "parameters": dict(parameters),
        "inputs": dict(inputs),
    }
    return record | {"digest": digest(record)}
