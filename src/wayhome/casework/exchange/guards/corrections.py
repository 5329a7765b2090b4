"""What was said wrongly stays, and a further row says how it is: of a step, of a tie, of a look whose looker has left."""

from __future__ import annotations

from wayhome.casework.accounts.guards import active_staff, same_person
from wayhome.casework.core.guards import AppendOnly, Guard, Registry, Require
from wayhome.casework.exchange.rules.waiting import WHO

SUPERVISOR = Require("not_allowed", active_staff("NEW.by_id", "s.role = 'supervisor'"))
_REASON = Require("why_missing", "NEW.reason <> ''")


def another(wanted_by: str) -> Require:
    """A second person, and not the first under another number."""
    return Require("self_approval", f"NEW.by_id <> {wanted_by} AND NOT {same_person(wanted_by, 'NEW.by_id')}")


def tie_stands(tie: str) -> str:
    """SQL: a child is still, or again, tied to its case."""
    return (
        f"NOT EXISTS (SELECT 1 FROM exchange_tiechange v WHERE v.tie_id = {tie} AND NOT v.stands"
        " AND v.n = (SELECT MAX(u.n) FROM exchange_tiechange u WHERE u.tie_id = v.tie_id))"
    )


def step_stands(step: str) -> str:
    """SQL: a step was not taken back."""
    return (
        f"NOT EXISTS (SELECT 1 FROM exchange_stepcorrection v WHERE v.step_id = {step} AND NOT v.stands"
        " AND v.n = (SELECT MAX(u.n) FROM exchange_stepcorrection u WHERE u.step_id = v.step_id))"
    )


def since(step: str) -> str:
    """SQL: from when a step, an alias of its table, is as it stands now."""
    last = f"SELECT v.since FROM exchange_stepcorrection v WHERE v.step_id = {step}.id ORDER BY v.n DESC LIMIT 1"
    return f"COALESCE(({last}), {step}.since)"


def none_later(than: str, of: str) -> str:
    """SQL: no step of a tie that stands begins later."""
    standing = f"w.of_id = {of} AND {step_stands('w.id')}"
    return f"NOT EXISTS (SELECT 1 FROM exchange_waitingstep w WHERE {standing} AND {since('w')} > {than})"


def rescued(tie: str) -> str:
    """SQL: when the child of a tie was rescued."""
    return (
        "(SELECT e.found_at FROM exchange_casechild t JOIN children_child k ON k.id = t.child_id"
        f" JOIN operations_rescueevent e ON e.id = k.event_id WHERE t.id = {tie})"
    )


def declare(registry: Registry) -> None:
    """The guards of these tables."""
    _steps(registry)
    _ties(registry)
    _looks(registry)


def _next(table: str, column: str) -> Require:
    last = f"(SELECT COALESCE(MAX(u.n), 0) FROM exchange_{table} u WHERE u.{column} = NEW.{column})"
    return Require("not_next", f"NEW.n = {last} + 1")


def _steps(registry: Registry) -> None:
    who = ", ".join(f"'{one}'" for one in WHO)
    tie = "(SELECT m.of_id FROM exchange_waitingstep m WHERE m.id = NEW.step_id)"
    told_by = "(SELECT z.agency_id FROM exchange_waitingstep m JOIN accounts_staff z ON z.id = m.by_id WHERE m.id = NEW.step_id)"
    own = active_staff("NEW.by_id", f"(s.role = 'supervisor' OR (s.role = 'liaison' AND s.agency_id = {told_by}))")
    place = "(SELECT m.n FROM exchange_waitingstep m WHERE m.id = NEW.step_id)"
    ordered = (
        f"NOT NEW.stands OR NOT EXISTS (SELECT 1 FROM exchange_waitingstep w WHERE w.of_id = {tie} AND {step_stands('w.id')}"
        f" AND ((w.n < {place} AND {since('w')} > NEW.since) OR (w.n > {place} AND {since('w')} < NEW.since)))"
    )
    registry.add(
        AppendOnly("exchange_stepcorrection", keys=(("step_id", "n"),)),
        Guard(
            "exchange_stepcorrection",
            "INSERT",
            (
                Require("not_allowed", own),
                _REASON,
                Require("unknown_choice", f"NEW.who IN ({who})"),
                _next("stepcorrection", "step_id"),
                Require("in_the_future", "NEW.since <= NEW.at"),
                Require("before_rescue", f"NEW.since >= {rescued(tie)}"),
                Require("step_out_of_order", ordered),
            ),
            locks=(f"PERFORM pg_advisory_xact_lock(hashtext('wayhome.exchange.steps'), {tie}::int)",),
        ),
    )


def _ties(registry: Registry) -> None:
    turned = f"(NEW.stands AND NOT ({tie_stands('NEW.tie_id')})) OR (NOT NEW.stands AND {tie_stands('NEW.tie_id')})"
    registry.add(
        AppendOnly("exchange_tiechange", keys=(("tie_id", "n"),)),
        Guard(
            "exchange_tiechange",
            "INSERT",
            (SUPERVISOR, _REASON, _next("tiechange", "tie_id"), Require("stands_so_already", turned)),
            locks=("PERFORM 1 FROM exchange_casechild t WHERE t.id = NEW.tie_id FOR UPDATE",),
        ),
    )


def _looks(registry: Registry) -> None:
    looker = (
        "COALESCE((SELECT v.by_id FROM exchange_dnalookagain v WHERE v.look_id = NEW.look_id ORDER BY v.n DESC LIMIT 1),"
        " (SELECT l.by_id FROM exchange_dnalook l WHERE l.id = NEW.look_id))"
    )
    registry.add(
        AppendOnly("exchange_dnalookagain", keys=(("look_id", "n"),)),
        Guard(
            "exchange_dnalookagain",
            "INSERT",
            (
                SUPERVISOR,
                Require("note_missing", "NEW.answered OR NEW.note <> ''"),
                _next("dnalookagain", "look_id"),
                Require("looker_at_work", "NOT " + active_staff(looker, "s.role = 'supervisor'")),
                Require("answered_already", "NOT EXISTS (SELECT 1 FROM exchange_dnaanswer d WHERE d.look_id = NEW.look_id)"),
            ),
            locks=("PERFORM 1 FROM exchange_dnalook l WHERE l.id = NEW.look_id FOR UPDATE",),
        ),
    )
