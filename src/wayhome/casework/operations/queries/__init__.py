"""Operations, rescues, persons and totals; who knows of an investigation."""

from __future__ import annotations

from wayhome.casework.operations.queries.operations import (
    Totals,
    operation,
    operation_of,
    operations_of,
    person,
    person_of,
    persons_found,
    persons_like,
    persons_of,
    persons_with,
    rescue_event_of,
    rescue_events_of,
    totals,
)

__all__ = [
    "Totals",
    "operation",
    "operation_of",
    "operations_of",
    "person",
    "person_of",
    "persons_found",
    "persons_like",
    "persons_of",
    "persons_with",
    "rescue_event_of",
    "rescue_events_of",
    "totals",
]
