"""A clue belongs to an agency and a jurisdiction: its own officers alone write into it, and speak for its side of a pair."""

from __future__ import annotations

from wayhome.casework.accounts.guards import active_staff, same_person
from wayhome.casework.clues.rules import NEXT
from wayhome.casework.core.guards import AppendOnly, Guard, Registry, Require

TABLES = (
    ("clue", ()),
    ("source", (("clue_id",),)),
    ("mention", ()),
    ("fact", ()),
    ("mentionkey", ()),
    ("edge", ()),
    ("step", (("clue_id", "n"),)),
    ("verdict", (("one_id", "other_id", "n"),)),
    ("compartment", (("clue_id",),)),
    ("opening", (("clue_id", "other_id"),)),
)


def writes(clue: str) -> str:
    """SQL: NEW.by_id is an officer at work of the agency that holds a clue, and of the task force if it is one's."""
    return f"{_officer(clue)} AND {_inside(clue, 'NEW.by_id')}"


def lock(clue: str) -> str:
    """What PostgreSQL does first: steps and pairs of a clue wait for each other."""
    return f"PERFORM 1 FROM clues_clue q WHERE q.id = {clue} FOR UPDATE"


def declare(registry: Registry) -> None:
    """The guards of this app."""
    registry.add(*(AppendOnly(f"clues_{table}", keys=keys) for table, keys in TABLES))
    of_mention = "(SELECT m.clue_id FROM clues_mention m WHERE m.id = NEW.mention_id)"
    registry.add(
        Guard(
            "clues_clue",
            "INSERT",
            (
                Require("clue_not_own", active_staff("NEW.by_id", "s.role = 'officer'", "s.agency_id = NEW.agency_id")),
                Require(
                    "clue_elsewhere",
                    "EXISTS (SELECT 1 FROM accounts_agency a JOIN accounts_jurisdiction j ON j.id = a.jurisdiction_id"
                    " JOIN accounts_jurisdiction k ON k.id = NEW.jurisdiction_id"
                    " WHERE a.id = NEW.agency_id AND SUBSTR(k.path, 1, LENGTH(j.path)) = j.path)",
                ),
            ),
        ),
        *(
            Guard(f"clues_{table}", "INSERT", (Require("not_your_clue", writes(clue)),))
            for table, clue in (("source", "NEW.clue_id"), ("mention", "NEW.clue_id"), ("fact", of_mention))
        ),
        Guard("clues_mentionkey", "INSERT", (Require("other_clue", f"{of_mention} = NEW.clue_id"),)),
        Guard(
            "clues_edge",
            "INSERT",
            (
                Require("not_your_clue", writes("NEW.clue_id")),
                Require(
                    "other_clue",
                    " AND ".join(
                        (
                            _same("NEW.one_id"),
                            _same("NEW.other_id"),
                            f"(NEW.origin_id IS NULL OR {_same('NEW.origin_id')})",
                            f"(NEW.destination_id IS NULL OR {_same('NEW.destination_id')})",
                        )
                    ),
                ),
            ),
        ),
        Guard(
            "clues_step",
            "INSERT",
            (
                Require("not_your_clue", writes("NEW.clue_id")),
                Require("not_last", "NEW.n = (SELECT COALESCE(MAX(p.n), 0) + 1 FROM clues_step p WHERE p.clue_id = NEW.clue_id)"),
                Require("no_such_clue_step", _steps()),
                Require(
                    "assigned_to_nobody",
                    "(NEW.state = 'assigned') = (NEW.assigned_to_id IS NOT NULL) AND (NEW.assigned_to_id IS NULL OR "
                    + active_staff("NEW.assigned_to_id", "s.role = 'officer'", f"s.agency_id = {_of('NEW.clue_id', 'agency_id')}")
                    + ")",
                ),
                Require("assigned_outside", f"NEW.assigned_to_id IS NULL OR {_inside('NEW.clue_id', 'NEW.assigned_to_id')}"),
            ),
            locks=(lock("NEW.clue_id"),),
        ),
        Guard(
            "clues_verdict",
            "INSERT",
            (
                Require("no_pair", "NEW.one_id < NEW.other_id AND NEW.side_id IN (NEW.one_id, NEW.other_id)"),
                Require("not_your_side", writes("NEW.side_id")),
                Require(
                    "not_last",
                    "NEW.n = (SELECT COALESCE(MAX(v.n), 0) + 1 FROM clues_verdict v"
                    " WHERE v.one_id = NEW.one_id AND v.other_id = NEW.other_id)",
                ),
                # One person never speaks for both sides, under whatever number they came back.
                Require(
                    "one_for_both",
                    "NOT EXISTS (SELECT 1 FROM clues_verdict v WHERE v.one_id = NEW.one_id AND v.other_id = NEW.other_id"
                    f" AND v.side_id <> NEW.side_id AND {same_person('v.by_id', 'NEW.by_id')})",
                ),
            ),
            locks=(lock("NEW.one_id"), lock("NEW.other_id")),
        ),
        Guard(
            "clues_compartment",
            "INSERT",
            (
                Require("not_your_clue", _officer("NEW.clue_id")),
                Require("not_in_task_force", _belongs("NEW.investigation_id")),
            ),
            locks=(lock("NEW.clue_id"),),
        ),
        Guard(
            "clues_opening",
            "INSERT",
            (
                Require("not_your_clue", writes("NEW.clue_id")),
                Require("same_agency_opens", f"{_of('NEW.clue_id', 'agency_id')} <> {_of('NEW.other_id', 'agency_id')}"),
                # One person never agrees for both, under whatever number they came back.
                Require(
                    "one_for_both",
                    "NOT EXISTS (SELECT 1 FROM clues_opening v WHERE v.clue_id = NEW.other_id AND v.other_id = NEW.clue_id"
                    f" AND {same_person('v.by_id', 'NEW.by_id')})",
                ),
            ),
        ),
    )


def _officer(clue: str) -> str:
    return active_staff("NEW.by_id", "s.role = 'officer'", f"s.agency_id = {_of(clue, 'agency_id')}")


def _inside(clue: str, staff: str) -> str:
    """SQL: a clue is in no compartment, or somebody is of its task force."""
    shut = f"NOT EXISTS (SELECT 1 FROM clues_compartment w WHERE w.clue_id = {clue})"
    return f"({shut} OR {_belongs(f'(SELECT w.investigation_id FROM clues_compartment w WHERE w.clue_id = {clue})', staff)})"


def _belongs(investigation: str, staff: str = "NEW.by_id") -> str:
    # That they are at work is asked beside this.
    return (
        f"EXISTS (SELECT 1 FROM operations_member m WHERE m.investigation_id = {investigation} AND m.staff_id = {staff}"
        " AND NOT EXISTS (SELECT 1 FROM operations_memberend me WHERE me.member_id = m.id))"
    )


def _of(clue: str, column: str) -> str:
    return f"(SELECT q.{column} FROM clues_clue q WHERE q.id = {clue})"


def _same(mention: str) -> str:
    return f"EXISTS (SELECT 1 FROM clues_mention m WHERE m.id = {mention} AND m.clue_id = NEW.clue_id)"


def _steps() -> str:
    """SQL: the step may follow the one before."""
    before = "(SELECT p.state FROM clues_step p WHERE p.clue_id = NEW.clue_id AND p.n = NEW.n - 1)"
    first = "(NEW.n = 1 AND NEW.state = 'received')"
    others = (
        f"({before} = '{state}' AND NEW.state IN ({', '.join(repr(one) for one in sorted(after))}))"
        for state, after in NEXT.items()
        if state and after
    )
    return " OR ".join((first, *others))
