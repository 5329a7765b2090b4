"""Operations, rescues, persons and totals; who knows of an investigation."""

from __future__ import annotations

from wayhome.casework.operations.queries.board import (
    Board,
    Figures,
    Seized,
    board,
    board_state,
    officers,
    officers_by_province,
    officers_reported,
)
from wayhome.casework.operations.queries.joint import campaigns, campaigns_of
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
from wayhome.casework.operations.queries.rescued import Detained, Rescued, detained, rescued

__all__ = [
    "Board",
    "Detained",
    "Figures",
    "Rescued",
    "Seized",
    "Totals",
    "board",
    "board_state",
    "campaigns",
    "campaigns_of",
    "detained",
    "officers",
    "officers_by_province",
    "officers_reported",
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
    "rescued",
    "totals",
]
