"""Of a case that is over nothing is told, asked or taken, until two open it again; what it told goes after its term."""

from __future__ import annotations

from wayhome.casework.core.guards import AppendOnly, Guard, Registry, Require, within
from wayhome.casework.exchange.guards.corrections import SUPERVISOR, another
from wayhome.casework.exchange.rules.ending import LEAST_DAYS, MOST_DAYS

_REASON = Require("why_missing", "NEW.reason <> ''")
ALONE = "PERFORM 1 FROM exchange_sharedcase s WHERE s.id = {} FOR UPDATE"


def ended(case: str) -> str:
    """SQL: this side has ended a case, and not opened it again."""
    return (
        f"EXISTS (SELECT 1 FROM exchange_caseend v WHERE v.case_id = {case} AND NOT EXISTS"
        " (SELECT 1 FROM exchange_casereopening r JOIN exchange_casereopened a ON a.reopening_id = r.id WHERE r.end_id = v.id))"
    )


def ended_there(case: str) -> str:
    """SQL: and the partner has."""
    return (
        f"EXISTS (SELECT 1 FROM exchange_incoming v WHERE v.case_id = {case} AND v.kind = 'ended' AND NOT EXISTS"
        " (SELECT 1 FROM exchange_incoming u WHERE u.case_id = v.case_id AND u.kind = 'opened' AND u.sequence > v.sequence))"
    )


OUT = (
    Require("case_ended", f"NEW.kind IN ('ended', 'opened') OR NOT {ended('NEW.case_id')}"),
    Require("case_ended", f"NEW.kind IN ('ended', 'opened') OR NOT {ended_there('NEW.case_id')}"),
    Require("not_ended", f"NEW.kind <> 'ended' OR {ended('NEW.case_id')}"),
    Require("case_ended", f"NEW.kind <> 'opened' OR NOT {ended('NEW.case_id')}"),
)
"""What goes out of a case."""
IN = Require("case_ended", f"NEW.kind IN ('ended', 'opened') OR NOT {ended('NEW.case_id')}")
"""And what is taken."""


def declare(registry: Registry) -> None:
    """The guards of these tables."""
    registry.add(
        AppendOnly("exchange_caseend"),
        AppendOnly("exchange_casereopening", keys=(("end_id",),)),
        AppendOnly("exchange_casereopened", keys=(("reopening_id",),)),
        AppendOnly("exchange_contentserased", keys=(("end_id",),)),
        Guard(
            "exchange_caseend",
            "INSERT",
            (
                SUPERVISOR,
                _REASON,
                Require("unknown_choice", "NEW.how IN ('closed', 'withdrawn')"),
                Require("term_not_allowed", f"NEW.keep_days >= {LEAST_DAYS} AND NEW.keep_days <= {MOST_DAYS}"),
                Require("term_not_allowed", f"NEW.how <> 'withdrawn' OR NEW.keep_days = {LEAST_DAYS}"),
                Require("ended_already", f"NOT {ended('NEW.case_id')}"),
            ),
            locks=(ALONE.format("NEW.case_id"),),
        ),
        Guard("exchange_casereopening", "INSERT", (SUPERVISOR, _REASON)),
        Guard(
            "exchange_casereopened",
            "INSERT",
            (
                SUPERVISOR,
                another("(SELECT w.by_id FROM exchange_casereopening w WHERE w.id = NEW.reopening_id)"),
            ),
        ),
        Guard(
            "exchange_contentserased",
            "INSERT",
            (
                Require(
                    "term_not_over",
                    "EXISTS (SELECT 1 FROM exchange_caseend v WHERE v.id = NEW.end_id AND NOT "
                    + within("v.at", "NEW.at", 24 * LEAST_DAYS - 1)
                    + ")",
                ),
                Require(
                    "not_ended",
                    "NOT EXISTS (SELECT 1 FROM exchange_casereopening r JOIN exchange_casereopened a ON a.reopening_id = r.id"
                    " WHERE r.end_id = NEW.end_id)",
                ),
            ),
        ),
    )
