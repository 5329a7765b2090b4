"""What was counted and announced stays; what is announced is what was counted; nobody approves what they counted or wrote."""

from __future__ import annotations

from wayhome.casework.accounts.guards import active_staff, same_person
from wayhome.casework.core.guards import AppendOnly, Guard, Registry, Require
from wayhome.casework.overview.rules.clocks import LIMITED, most_hours

_SUPERVISOR = active_staff(
    "NEW.by_id",
    "s.role = 'supervisor'",
    "EXISTS (SELECT 1 FROM accounts_agency g WHERE g.id = s.agency_id AND g.kind = 'ministry')",
)
_OF_NEW = "FROM overview_announcement a WHERE a.id = NEW.announcement_id"


def _same_country(other: str) -> Require:
    """Both are of ministries of one jurisdiction."""
    return Require(
        "other_jurisdiction",
        "EXISTS (SELECT 1 FROM accounts_staff s JOIN accounts_agency g ON g.id = s.agency_id"
        " JOIN accounts_agency h ON h.jurisdiction_id = g.jurisdiction_id JOIN accounts_staff o ON o.agency_id = h.id"
        f" WHERE s.id = NEW.by_id AND o.id = {other})",
    )


def _by_two(registry: Registry, table: str, approval: str, column: str, *more: Require) -> None:
    """One supervisor says something, another of the same country agrees."""
    whose = f"(SELECT a.by_id FROM {table} a WHERE a.id = NEW.{column})"
    registry.add(
        AppendOnly(table),
        AppendOnly(approval, keys=((column,),)),
        Guard(table, "INSERT", (Require("not_allowed", _SUPERVISOR), *more)),
        Guard(
            approval,
            "INSERT",
            (
                Require("not_allowed", _SUPERVISOR),
                _same_country(whose),
                Require("self_approval", f"NOT {same_person(whose, 'NEW.by_id')}"),
            ),
        ),
    )


def _clocks(registry: Registry) -> None:
    lawful = " OR ".join(f"(NEW.kind = '{kind}' AND NEW.hours BETWEEN 1 AND {most_hours(kind)})" for kind in LIMITED)
    too_long = Require("limit_too_long", lawful)
    _by_two(registry, "overview_limit", "overview_limitapproval", "limit_id", too_long)
    _by_two(registry, "overview_calendaryear", "overview_calendarapproval", "calendar_id")


def declare(registry: Registry) -> None:
    """The guards of this app."""
    _clocks(registry)
    registry.add(
        AppendOnly("overview_snapshot"),
        AppendOnly("overview_snapshotoperation", keys=(("snapshot_id", "operation_id"),)),
        AppendOnly("overview_announcement", keys=(("number", "n"), ("snapshot_id",))),
        AppendOnly("overview_announcementapproval", keys=(("announcement_id",),)),
    )
    registry.add(
        Guard(
            "overview_snapshot",
            "INSERT",
            (Require("not_an_announcer", _SUPERVISOR), Require("cutoff_ahead", "NEW.cutoff <= NEW.at")),
        ),
        Guard(
            "overview_snapshotoperation",
            "INSERT",
            (
                Require(
                    "announced_already",
                    "NOT EXISTS (SELECT 1 FROM overview_announcement a WHERE a.snapshot_id = NEW.snapshot_id)",
                ),
            ),
        ),
        Guard(
            "overview_announcement",
            "INSERT",
            (
                Require("not_an_announcer", _SUPERVISOR),
                Require(
                    "not_as_counted",
                    "EXISTS (SELECT 1 FROM overview_snapshot q WHERE q.id = NEW.snapshot_id AND q.rescued = NEW.rescued"
                    " AND q.arrested = NEW.arrested AND q.by_id = NEW.by_id)",
                ),
                Require(
                    "not_last",
                    "NEW.n = (SELECT COALESCE(MAX(b.n), 0) + 1 FROM overview_announcement b WHERE b.number = NEW.number)",
                ),
            ),
            locks=("PERFORM pg_advisory_xact_lock(hashtext('wayhome.announcements'))",),
        ),
        Guard(
            "overview_announcementapproval",
            "INSERT",
            (
                Require("not_an_announcer", _SUPERVISOR),
                Require("changed_request", f"EXISTS (SELECT 1 {_OF_NEW} AND a.digest = NEW.digest)"),
                _same_country(f"(SELECT a.by_id {_OF_NEW})"),
                Require("self_approval", f"NOT {same_person(f'(SELECT a.by_id {_OF_NEW})', 'NEW.by_id')}"),
                Require(
                    "later_version",
                    "NOT EXISTS (SELECT 1 FROM overview_announcement a JOIN overview_announcement b ON b.number = a.number"
                    " AND b.n > a.n WHERE a.id = NEW.announcement_id)",
                ),
                # The difference of two announcements would tell of what is in one of them.
                Require(
                    "announced_elsewhere",
                    f"NOT EXISTS (SELECT 1 {_OF_NEW} AND EXISTS (SELECT 1 FROM overview_snapshotoperation o"
                    " JOIN overview_snapshotoperation d ON d.operation_id = o.operation_id"
                    " JOIN overview_announcement b ON b.snapshot_id = d.snapshot_id AND b.number <> a.number"
                    " JOIN overview_announcementapproval p ON p.announcement_id = b.id WHERE o.snapshot_id = a.snapshot_id))",
                ),
            ),
            locks=("PERFORM pg_advisory_xact_lock(hashtext('wayhome.announcements'))",),
        ),
    )
