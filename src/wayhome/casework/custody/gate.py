"""The way through the gate; records below custody go the same way, so it lives with the audit."""

from __future__ import annotations

from wayhome.casework.audit.attempts import GRAVE, SLIPS, gate

__all__ = ["GRAVE", "SLIPS", "gate"]
