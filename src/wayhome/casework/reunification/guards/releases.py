"""Releases: asked for by one organisation, signed by two others, carried out once, on facts that stand at that moment."""

from __future__ import annotations

from wayhome.casework.accounts.guards import active_staff, same_person
from wayhome.casework.core.guards import AppendOnly, Event, Guard, Registry, Require, within
from wayhome.casework.custody.guards import READ_LOCK, WRITE_LOCK, child_lock, head
from wayhome.casework.reunification.guards.facts import candidate, fresh, grounds, of_file, of_release, signed
from wayhome.casework.reunification.guards.file import child_of_case
from wayhome.casework.reunification.rules import RELEASE_HOLDS

TABLES = (
    ("release", ()),
    ("releaseperson", (("release_id", "person_id"),)),
    ("releasekey", ()),
    ("approval", (("release_id", "by_id"),)),
    ("revocation", (("release_id",),)),
    ("execution", (("release_id",), ("offer_id",))),
)
_EVERY: tuple[Event, ...] = ("INSERT", "UPDATE", "DELETE")
R = "NEW.release_id"
_FROZEN = Require("release_frozen", f"NOT EXISTS (SELECT 1 FROM reunification_approval p WHERE p.release_id = {R})")


def child_of(release: str) -> str:
    """PostgreSQL: one at a time for the child of a release."""
    return child_lock(f"SELECT r.child_id FROM reunification_release r WHERE r.id = {release}")


def request_of(release: str) -> str:
    """PostgreSQL: withdrawals and ends of the family's request wait."""
    return (
        "PERFORM 1 FROM families_tracingrequest q WHERE q.id = (SELECT a.request_id FROM reunification_release r"
        " JOIN reunification_case f ON f.id = r.case_id JOIN matching_confirmation m ON m.id = f.confirmation_id"
        f" JOIN matching_candidate a ON a.id = m.candidate_id WHERE r.id = {release}) FOR UPDATE"
    )


def row_of(release: str) -> str:
    """PostgreSQL: revocations wait. The last lock of all, so that nobody waits in a circle."""
    return f"PERFORM 1 FROM reunification_release r WHERE r.id = {release} FOR UPDATE"


def declare(registry: Registry) -> None:
    """The guards of releases."""
    registry.add(*(AppendOnly(f"reunification_{table}", keys=keys) for table, keys in TABLES))
    # Samples are compared by the worker, which alone can open them.
    registry.add(AppendOnly("reunification_freshcheck"), closed=_EVERY)
    registry.add(*_asked(), *_decided(), *_carried_out(), *_locks())


def _asked() -> tuple[Guard, ...]:
    of_case = "EXISTS (SELECT 1 FROM reunification_{} b WHERE b.id = NEW.{} AND b.case_id = NEW.case_id)"
    member = (
        "EXISTS (SELECT 1 FROM families_relative w JOIN families_relativestate t ON t.relative_id = w.id"
        " WHERE w.id = NEW.relative_id AND w.request_id = a.request_id AND t.person_id = NEW.person_id"
        " AND NOT EXISTS (SELECT 1 FROM families_relativestate l WHERE l.relative_id = w.id AND l.n > t.n)"
        " AND NOT EXISTS (SELECT 1 FROM families_relativeend d WHERE d.relative_id = w.id))"
    )
    return (
        Guard(
            "reunification_release",
            "INSERT",
            (
                Require(
                    "not_allowed",
                    active_staff(
                        "NEW.by_id",
                        "s.role = 'caseworker'",
                        "s.agency_id = (SELECT f.agency_id FROM accounts_facility f WHERE f.id = NEW.institution_id)",
                    ),
                ),
                Require("not_here", f"NEW.institution_id = {head('NEW.child_id', 'facility_id')}"),
                Require(
                    "other_case",
                    "EXISTS (SELECT 1 FROM reunification_case b WHERE b.id = NEW.case_id AND b.child_id = NEW.child_id"
                    " AND (NEW.kind = 'authority' OR b.confirmation_id IS NOT NULL))",
                ),
                Require("other_case", of_case.format("determination", "determination_id")),
                Require("other_case", f"NEW.enquiry_id IS NULL OR {of_case.format('enquiry', 'enquiry_id')}"),
                Require("too_long", within("NEW.at", "NEW.valid_until", RELEASE_HOLDS.days * 24)),
                Require(
                    "already_asked",
                    "NOT EXISTS (SELECT 1 FROM reunification_release b WHERE b.child_id = NEW.child_id AND NOT EXISTS"
                    " (SELECT 1 FROM reunification_revocation v WHERE v.release_id = b.id) AND NOT EXISTS"
                    " (SELECT 1 FROM reunification_execution x WHERE x.release_id = b.id))",
                ),
            ),
            locks=(READ_LOCK, child_lock("NEW.child_id")),
        ),
        Guard(
            "reunification_releaseperson",
            "INSERT",
            (_FROZEN, Require("not_the_family", f"NOT NEW.receives OR {of_file(R, candidate(member))}")),
            locks=(READ_LOCK, row_of(R)),
        ),
        Guard("reunification_releasekey", "INSERT", (_FROZEN,), locks=(READ_LOCK, row_of(R))),
    )


def _decided() -> tuple[Guard, ...]:
    signs = (
        "SELECT r.by_id FROM reunification_release r WHERE r.id = NEW.release_id"
        " UNION SELECT p.by_id FROM reunification_approval p WHERE p.release_id = NEW.release_id"
    )
    decided = (
        f"{signs} UNION SELECT m.by_id FROM matching_confirmation m JOIN reunification_case f ON f.confirmation_id = m.id"
        " JOIN reunification_release r ON r.case_id = f.id WHERE r.id = NEW.release_id"
        " UNION SELECT g.by_id FROM matching_reading g JOIN matching_confirmation m ON m.candidate_id = g.candidate_id"
        " JOIN reunification_case f ON f.confirmation_id = m.id JOIN reunification_release r ON r.case_id = f.id"
        " WHERE r.id = NEW.release_id"
    )
    return (
        Guard(
            "reunification_approval",
            "INSERT",
            (
                Require(
                    "changed_request",
                    "EXISTS (SELECT 1 FROM reunification_release r WHERE r.id = NEW.release_id AND r.digest = NEW.digest)",
                ),
                Require("not_an_approver", active_staff("NEW.by_id", "s.role = 'supervisor'")),
                Require(
                    "self_approval",
                    f"NOT EXISTS (SELECT 1 FROM accounts_staff o WHERE o.id IN ({decided})"
                    f" AND {same_person('o.id', 'NEW.by_id')})",
                ),
                Require(
                    "same_agency",
                    "NOT EXISTS (SELECT 1 FROM accounts_staff s JOIN accounts_staff o ON o.agency_id = s.agency_id"
                    f" WHERE s.id = NEW.by_id AND o.id IN ({signs}))",
                ),
                Require("release_over", of_release(R, "r.valid_until >= NEW.at")),
                Require("release_revoked", f"NOT EXISTS (SELECT 1 FROM reunification_revocation v WHERE v.release_id = {R})"),
                Require(
                    "nobody_receives",
                    of_release(
                        R,
                        "r.kind = 'authority' OR EXISTS"
                        " (SELECT 1 FROM reunification_releaseperson p WHERE p.release_id = r.id AND p.receives)",
                    ),
                ),
            ),
            locks=(READ_LOCK, child_of(R), row_of(R)),
        ),
        Guard(
            "reunification_revocation",
            "INSERT",
            (Require("already_executed", f"NOT EXISTS (SELECT 1 FROM reunification_execution x WHERE x.release_id = {R})"),),
            locks=(row_of(R),),
        ),
    )


def _carried_out() -> tuple[Guard, ...]:
    typed = "EXISTS (SELECT 1 FROM laboratory_kit k JOIN laboratory_{}profile t ON t.kit_id = k.id WHERE k.id = {} AND {})"
    of_relative = typed.format("relative", "NEW.relative_kit_id", "k.relative_id = p.relative_id")
    offered = (
        "EXISTS (SELECT 1 FROM custody_handoveroffer o WHERE o.id = NEW.offer_id AND o.child_id = r.child_id"
        " AND o.giver_id <> NEW.by_id AND NOT EXISTS (SELECT 1 FROM custody_custodyepisode e WHERE e.offer_id = o.id)"
        " AND ((r.kind = 'family' AND o.kind = 'reunified' AND o.to_facility_id = r.institution_id)"
        " OR (o.kind = 'repatriated' AND o.to_facility_id = r.to_id)))"
    )
    recipient = "(SELECT o.recipient_id FROM custody_handoveroffer o WHERE o.id = NEW.offer_id)"
    return (
        Guard(
            "reunification_freshcheck",
            "INSERT",
            (
                Require(
                    "other_person",
                    of_release(R, typed.format("child", "NEW.child_kit_id", "k.child_id = r.child_id")),
                ),
                Require(
                    "other_person",
                    "EXISTS (SELECT 1 FROM reunification_releaseperson p WHERE p.id = NEW.person_id"
                    f" AND p.release_id = {R} AND {of_relative})",
                ),
            ),
            locks=(row_of(R),),
        ),
        Guard(
            "reunification_execution",
            "INSERT",
            (
                Require("no_offer", of_release(R, offered)),
                signed(R),
                *grounds(R, "NEW.at"),
                fresh(R, "NEW.check_of_id", recipient, "NEW.at"),
            ),
            locks=(READ_LOCK, child_of(R), request_of(R), row_of(R)),
        ),
    )


def _locks() -> tuple[Guard, ...]:
    """What a release is judged by and others write: they wait for it, or it sees them."""

    def locked(table: str, *locks: str) -> Guard:
        return Guard(table, "INSERT", (), locks=locks, purpose="release")

    of_confirmation = (
        "SELECT a.child_id FROM matching_confirmation m JOIN matching_candidate a ON a.id = m.candidate_id WHERE m.id = {}"
    )
    return (
        locked("matching_confirmationend", child_lock(of_confirmation.format("NEW.confirmation_id"))),
        locked(
            "matching_freeze",
            *(
                child_lock(
                    f"SELECT {which}(({of_confirmation.format('NEW.one_id')}), ({of_confirmation.format('NEW.other_id')}))"
                )
                for which in ("LEAST", "GREATEST")
            ),
        ),
        locked("operations_personrole", WRITE_LOCK),
        locked(
            "reunification_guardianship",
            child_of_case("(SELECT i.case_id FROM reunification_enquiry i WHERE i.id = NEW.enquiry_id)"),
        ),
    )
