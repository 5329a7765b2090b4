"""Kits: for a relative who agrees, or a child in care; each hop after one that it can follow, told by whom it concerns.

Orders and hops of one person wait for each other, and for what they read of the person: they take the lock of the child, or of
the family's request, before they look.
"""

from __future__ import annotations

from wayhome.casework.accounts.guards import active_staff, same_person
from wayhome.casework.accounts.rules import Permission, Role, may
from wayhome.casework.children.guards import is_absorbed, records_of
from wayhome.casework.core.guards import AppendOnly, Guard, Registry, Require, within
from wayhome.casework.custody.guards import child_lock, head
from wayhome.casework.laboratory.rules.kits import CONSENTED, ENDS, LABORATORYS, NEXT, ORDERED, PLACED, REPLACEABLE

DAY_BEGINS_BEFORE = 14
"""Hours: a paper has the day of where it is signed, which somewhere begins that long before it does in UTC."""


def _quoted(values: object) -> str:
    return ", ".join(f"'{value}'" for value in sorted(map(str, values)))  # type: ignore[call-overload]


def _roles(*permissions: Permission) -> str:
    """SQL: s has a role with all of these permissions."""
    return f"s.role IN ({_quoted(role for role in Role if all(may(role, one) for one in permissions))})"


def last(kit: str, column: str = "kind") -> str:
    """SQL: the last that happened to a kit; NULL where nothing did yet."""
    return f"(SELECT h.{column} FROM laboratory_kithop h WHERE h.kit_id = {kit} ORDER BY h.n DESC LIMIT 1)"


def consented(relative: str, moment: str) -> str:
    """SQL: a relative agreed to be compared, for that day, and has not taken it back since."""
    return (
        f"EXISTS (SELECT 1 FROM families_consent c WHERE c.relative_id = {relative}"
        f" AND {within(moment, 'c.signed_on', DAY_BEGINS_BEFORE)} AND c.until >= DATE({moment})"
        " AND NOT EXISTS (SELECT 1 FROM families_consentwithdrawal w WHERE w.consent_id = c.id))"
    )


def _of_kit(column: str) -> str:
    return f"(SELECT o.{column} FROM laboratory_kit o WHERE o.id = NEW.kit_id)"


def _same_person(relative: str, child: str) -> str:
    """SQL: kit k is for this relative, or for this child under whatever record."""
    return f"(k.relative_id = {relative} OR k.child_id IN ({records_of(child)}))"


def _request_lock(relatives: str) -> str:
    return (
        "PERFORM 1 FROM families_tracingrequest q WHERE q.id IN"
        f" (SELECT r.request_id FROM families_relative r WHERE r.id = {relatives}) FOR UPDATE"
    )


def _of_file() -> Require:
    """Condition: ordered by staff of the agency that has the family's request, or whom the child concerns."""
    request = (
        "(SELECT t.agency_id FROM families_relative r JOIN families_tracingrequest q ON q.id = r.request_id"
        " JOIN accounts_staff t ON t.id = q.by_id WHERE r.id = NEW.relative_id)"
    )
    first = (
        "(SELECT f.agency_id FROM custody_custodyepisode e JOIN accounts_facility f ON f.id = e.facility_id"
        " WHERE e.child_id = NEW.child_id AND e.n = 1)"
    )
    present = f"(SELECT f.agency_id FROM accounts_facility f WHERE f.id = {head('NEW.child_id', 'facility_id')})"
    assigned = (
        "EXISTS (SELECT 1 FROM custody_assignment a WHERE a.child_id = NEW.child_id AND a.staff_id = s.id"
        " AND NOT EXISTS (SELECT 1 FROM custody_assignmentend x WHERE x.assignment_id = a.id))"
    )
    by_family = active_staff("NEW.by_id", _roles(Permission.TAKE_SAMPLE, Permission.READ_REQUEST), f"s.agency_id = {request}")
    by_child = active_staff(
        "NEW.by_id",
        _roles(Permission.TAKE_SAMPLE, Permission.READ_CHILD),
        f"(s.agency_id = {present} OR s.agency_id = {first} OR {assigned})",
    )
    return Require("not_of_file", f"{by_family} OR {by_child}")


def _kit_gate() -> Guard:
    same = _same_person("NEW.relative_id", "NEW.child_id")
    return Guard(
        "laboratory_kit",
        "INSERT",
        (
            Require(
                "not_a_laboratory",
                "EXISTS (SELECT 1 FROM accounts_agency a WHERE a.id = NEW.laboratory_id AND a.kind = 'laboratory')",
            ),
            Require(
                "sample_of_missing",
                "NEW.relative_id IS NULL OR EXISTS"
                " (SELECT 1 FROM families_relative r WHERE r.id = NEW.relative_id AND NOT r.missing)",
            ),
            Require("relative_struck", "NOT EXISTS (SELECT 1 FROM families_relativeend d WHERE d.relative_id = NEW.relative_id)"),
            Require(
                "request_over",
                "NOT EXISTS (SELECT 1 FROM families_requestend z JOIN families_relative r ON r.request_id = z.request_id"
                " WHERE r.id = NEW.relative_id)",
            ),
            Require("no_consent", f"NEW.relative_id IS NULL OR {consented('NEW.relative_id', 'NEW.at')}"),
            Require("not_in_care", f"NEW.child_id IS NULL OR {head('NEW.child_id', 'kind')} <> 'deceased'"),
            Require("merged_away", f"NOT {is_absorbed('NEW.child_id')}"),
            _of_file(),
            Require(
                "not_replaceable",
                f"NEW.replaces_id IS NULL OR EXISTS (SELECT 1 FROM laboratory_kit k WHERE k.id = NEW.replaces_id AND {same}"
                f" AND k.second = NEW.second AND {last('k.id')} IN ({_quoted(REPLACEABLE)}))",
            ),
            Require(
                "kit_under_way",
                f"NOT EXISTS (SELECT 1 FROM laboratory_kit k WHERE {same} AND k.id <> COALESCE(NEW.replaces_id, 0)"
                f" AND NOT COALESCE({last('k.id')}, '{ORDERED}') IN ({_quoted(ENDS)})"
                " AND NOT EXISTS (SELECT 1 FROM laboratory_kit p WHERE p.replaces_id = k.id))",
            ),
            Require(
                "no_first_sample",
                f"NOT NEW.second OR EXISTS (SELECT 1 FROM laboratory_kit k WHERE {same} AND NOT k.second"
                f" AND {last('k.id')} = 'received')",
            ),
        ),
        locks=(child_lock("NEW.child_id"), _request_lock("NEW.relative_id")),
    )


def _told_by() -> Require:
    """Condition: what the laboratory tells is told by its analysts, the rest by the agency that ordered the kit."""
    agency = "(SELECT t.agency_id FROM laboratory_kit o JOIN accounts_staff t ON t.id = o.by_id WHERE o.id = NEW.kit_id)"
    laboratorys = f"NEW.kind IN ({_quoted(LABORATORYS)})"
    analyst = active_staff("NEW.by_id", _roles(Permission.WORK_SAMPLE), f"s.agency_id = {_of_kit('laboratory_id')}")
    taker = active_staff("NEW.by_id", _roles(Permission.TAKE_SAMPLE), f"s.agency_id = {agency}")
    return Require("not_of_kit", f"({laboratorys} AND {analyst}) OR (NOT {laboratorys} AND {taker})")


def _other_hands() -> Require:
    """Condition: the first and the second sample of somebody are not taken by the same person."""
    same = _same_person("o.relative_id", "o.child_id")
    return Require(
        "same_hands",
        "NEW.kind <> 'taken' OR NOT EXISTS (SELECT 1 FROM laboratory_kit o JOIN laboratory_kit k ON k.second <> o.second"
        f" JOIN laboratory_kithop t ON t.kit_id = k.id WHERE o.id = NEW.kit_id AND {same}"
        f" AND t.kind = 'taken' AND {same_person('t.by_id', 'NEW.by_id')} AND {last('k.id')} = 'received')",
    )


def _hop_gate() -> Guard:
    there = last("NEW.kit_id")
    ways = " OR ".join(
        f"({'NEW.n = 1' if kind == ORDERED else f'{there} = {kind!r}'} AND NEW.kind IN ({_quoted(after)}))"
        for kind, after in NEXT.items()
        if after
    )
    witness = active_staff("NEW.witness_id")
    return Guard(
        "laboratory_kithop",
        "INSERT",
        (
            Require(
                "not_last", "NEW.n = (SELECT COALESCE(MAX(h.n), 0) + 1 FROM laboratory_kithop h WHERE h.kit_id = NEW.kit_id)"
            ),
            Require("no_such_hop", ways),
            Require("kit_replaced", "NOT EXISTS (SELECT 1 FROM laboratory_kit p WHERE p.replaces_id = NEW.kit_id)"),
            Require(
                "before_last",
                f"NEW.at >= COALESCE({last('NEW.kit_id', 'at')}, {_of_kit('at')})",
            ),
            _told_by(),
            Require("no_place", f"NOT NEW.kind IN ({_quoted(PLACED)}) OR NEW.place <> ''"),
            Require("no_reason", "NEW.kind <> 'refused' OR NEW.note <> ''"),
            Require(
                "no_witness",
                "(NEW.kind <> 'taken' AND NEW.witness_id IS NULL)"
                f" OR (NEW.kind = 'taken' AND NOT {same_person('NEW.witness_id', 'NEW.by_id')} AND {witness})",
            ),
            Require(
                "no_consent",
                f"NOT NEW.kind IN ({_quoted(CONSENTED)}) OR {_of_kit('relative_id')} IS NULL"
                f" OR {consented(_of_kit('relative_id'), 'NEW.at')}",
            ),
            _other_hands(),
        ),
        locks=(child_lock(_of_kit("child_id")), _request_lock(_of_kit("relative_id"))),
    )


def declare(registry: Registry) -> None:
    """The guards of kits and hops."""
    registry.add(
        AppendOnly("laboratory_kit", keys=(("replaces_id",),)),
        AppendOnly("laboratory_kithop", keys=(("kit_id", "n"),)),
        _kit_gate(),
        _hop_gate(),
        Guard(
            "families_consentwithdrawal",
            "INSERT",
            (),
            locks=(_request_lock("(SELECT c.relative_id FROM families_consent c WHERE c.id = NEW.consent_id)"),),
        ),
    )
