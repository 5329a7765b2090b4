"""What may be told abroad of a child: a fixed table of fields, each with what lets it be told. Pure.

What is not in the table cannot be chosen: no name of a family, no address, no picture, no sample, nothing of the adults around.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from wayhome.casework.exchange.rules.asking import BASES

_ANY = frozenset(BASES)
_ABOUT_THE_BODY = frozenset({"treaty", "guardian", "court"})
FIELDS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "reference": _ANY,
        "sex": _ANY,
        "age": _ANY,
        "rescued_on": _ANY,
        "rescued_in": _ANY,
        "call_name": frozenset({"treaty", "guardian", "court"}),
        "marks": _ABOUT_THE_BODY,
        "found_with": _ANY,
    }
)
"""Field -> what lets it be told. The convention against trafficking obliges to help identify a victim, and does not by itself
open what is said of its body or how it is called in care; those want a treaty, the guardian or a court."""
MOST, LONGEST = 50, 200
"""Of what a partner tells: so many marks, things and letters are shown."""
PAIRS = tuple(f"{name}:{basis}" for name, bases in FIELDS.items() for basis in BASES if basis in bases)


def fault(chosen: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with a choice of fields, each with its basis."""
    if not chosen:
        return {"fields": "nothing_chosen"}
    return {name: "no_basis" for name, basis in chosen.items() if f"{name}:{basis}" not in PAIRS}


def digest(values: Mapping[str, Any]) -> str:
    """Of what would be told: whoever approves approves these very values."""
    return hashlib.sha256(json.dumps(values, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def known(told: Any) -> dict[str, dict[str, Any]]:
    """The fields of a package that came, those of the table alone, in its order; what is not of its form is left out, since a
    partner may write anything."""
    fields = told if isinstance(told, dict) else {}
    found = {name: _plain(fields[name]) for name in FIELDS if isinstance(fields.get(name), dict)}
    return {name: value for name, value in found.items() if value}


def _plain(value: Mapping[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for key, one in list(value.items())[:MOST]:
        if key == "marks" and isinstance(one, list):
            kept[key] = [_scalars(mark) for mark in one[:MOST] if isinstance(mark, dict)]
        elif key == "items" and isinstance(one, list):
            kept[key] = [item[:LONGEST] for item in one[:MOST] if isinstance(item, str)]
        elif key not in ("marks", "items"):
            kept |= _scalars({key: one})
    return kept


def _scalars(value: Mapping[str, Any]) -> dict[str, Any]:
    """Texts and whole numbers."""
    short = {key: one[:LONGEST] if isinstance(one, str) else one for key, one in list(value.items())[:MOST]}
    return {key: one for key, one in short.items() if isinstance(one, str) or (isinstance(one, int) and abs(one) < 10**6)}
