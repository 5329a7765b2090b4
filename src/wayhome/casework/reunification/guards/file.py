"""The file: who writes which row, each next after the last, and nobody signs for themselves."""

from __future__ import annotations

from wayhome.casework.accounts.guards import active_staff, same_person
from wayhome.casework.children.guards import is_absorbed
from wayhome.casework.core.guards import AppendOnly, Guard, Registry, Require, within
from wayhome.casework.custody.guards import child_lock, head
from wayhome.casework.matching.guards import open_candidate, stands
from wayhome.casework.reunification.guards.facts import quoted
from wayhome.casework.reunification.rules import CERTIFICATES, DETERMINED_FOR, DISCIPLINES, NOTICE_DAYS, VISITS

TABLES = (
    ("case", (("confirmation_id",),)),
    ("evidence", (("corrects_id",),)),
    ("heldback", ()),
    ("heldbackreply", (("question_id",),)),
    ("enquiry", (("case_id", "n"),)),
    ("countersignature", (("enquiry_id",),)),
    ("guardianship", (("enquiry_id",),)),
    ("guardianshipend", (("guardianship_id",),)),
    ("determination", (("case_id", "n"),)),
    ("vote", (("determination_id", "by_id"),)),
    ("visit", (("execution_id", "day"),)),
    ("filefreeze", (("execution_id",),)),
    ("notice", ()),
    ("certificate", (("child_id", "kind"),)),
)


def child_of_case(case: str) -> str:
    """PostgreSQL: whatever is written in a file waits for a handover of its child, or the other way round."""
    return child_lock(f"SELECT f.child_id FROM reunification_case f WHERE f.id = {case}")


def _by(*roles: str, more: tuple[str, ...] = ()) -> Require:
    return Require("not_allowed", active_staff("NEW.by_id", f"s.role IN ({quoted(roles)})", *more))


def _next(table: str) -> Require:
    return Require(
        "not_last", f"NEW.n = (SELECT COALESCE(MAX(b.n), 0) + 1 FROM reunification_{table} b WHERE b.case_id = NEW.case_id)"
    )


def _agency(facility: str) -> str:
    return f"(SELECT f.agency_id FROM accounts_facility f WHERE f.id = {facility})"


def declare(registry: Registry) -> None:
    """The guards of files."""
    registry.add(*(AppendOnly(f"reunification_{table}", keys=keys) for table, keys in TABLES))
    registry.add(*_verification(), *_enquiry(), *_determination(), *_afterwards())


def _verification() -> tuple[Guard, ...]:
    of_child = (
        "EXISTS (SELECT 1 FROM matching_confirmation m JOIN matching_candidate a ON a.id = m.candidate_id"
        f" WHERE m.id = NEW.confirmation_id AND a.child_id = NEW.child_id AND {stands('NEW.confirmation_id')})"
    )
    here = f"s.agency_id = {_agency(head('NEW.child_id', 'facility_id'))}"
    same_row = (
        "EXISTS (SELECT 1 FROM reunification_evidence b WHERE b.id = NEW.corrects_id AND b.case_id = NEW.case_id"
        " AND b.kind = NEW.kind)"
    )
    return (
        Guard(
            "reunification_case",
            "INSERT",
            (
                _by("caseworker", more=(here,)),
                Require("match_over", f"NEW.confirmation_id IS NULL OR {of_child}"),
                Require("merged_away", f"NOT {is_absorbed('NEW.child_id')}"),
            ),
            locks=(child_lock("NEW.child_id"),),
        ),
        Guard(
            "reunification_evidence",
            "INSERT",
            (
                _by("caseworker", "officer"),
                Require("other_row", f"NEW.corrects_id IS NULL OR {same_row}"),
                Require(
                    "self_approval",
                    "NEW.corrects_id IS NULL OR EXISTS (SELECT 1 FROM reunification_evidence b WHERE b.id = NEW.corrects_id"
                    f" AND NOT {same_person('b.by_id', 'NEW.by_id')})",
                ),
            ),
            locks=(child_of_case("NEW.case_id"),),
        ),
        Guard("reunification_heldback", "INSERT", (_by("officer"),)),
        Guard(
            "reunification_heldbackreply",
            "INSERT",
            (
                _by("caseworker", "officer"),
                Require(
                    "self_approval",
                    "EXISTS (SELECT 1 FROM reunification_heldback b WHERE b.id = NEW.question_id"
                    f" AND NOT {same_person('b.by_id', 'NEW.by_id')})",
                ),
            ),
            locks=(child_of_case("(SELECT q.case_id FROM reunification_heldback q WHERE q.id = NEW.question_id)"),),
        ),
    )


def _enquiry() -> tuple[Guard, ...]:
    local = (
        "EXISTS (SELECT 1 FROM reunification_case file JOIN matching_confirmation m ON m.id = file.confirmation_id"
        " JOIN matching_candidate a ON a.id = m.candidate_id JOIN families_tracingrequest q ON q.id = a.request_id"
        " JOIN accounts_staff b ON b.id = q.by_id JOIN accounts_staff s ON s.agency_id = b.agency_id"
        " WHERE file.id = NEW.case_id AND s.id = NEW.by_id)"
    )
    of_case = "(SELECT i.case_id FROM reunification_enquiry i WHERE i.id = {})"
    guardianship = "(SELECT g.enquiry_id FROM reunification_guardianship g WHERE g.id = NEW.guardianship_id)"
    return (
        Guard(
            "reunification_enquiry",
            "INSERT",
            (
                _by("officer"),
                _next("enquiry"),
                # Whoever says that a parent sold the child is heard, whoever they are; nobody is cleared by their own station.
                Require("local_police", f"NEW.result = 'involved' OR NOT {local}"),
                Require("document_missing", "NEW.result <> 'cleared' OR LENGTH(NEW.document) > 0"),
            ),
            locks=(child_of_case("NEW.case_id"),),
        ),
        Guard(
            "reunification_countersignature",
            "INSERT",
            (
                _by("supervisor"),
                Require(
                    "self_approval",
                    "EXISTS (SELECT 1 FROM reunification_enquiry i WHERE i.id = NEW.enquiry_id"
                    f" AND NOT {same_person('i.by_id', 'NEW.by_id')})",
                ),
            ),
            locks=(child_of_case(of_case.format("NEW.enquiry_id")),),
        ),
        Guard(
            "reunification_guardianship",
            "INSERT",
            (
                Require(
                    "not_involved",
                    "EXISTS (SELECT 1 FROM reunification_enquiry i WHERE i.id = NEW.enquiry_id AND i.result = 'involved')",
                ),
            ),
        ),
        Guard(
            "reunification_guardianshipend",
            "INSERT",
            (_by("supervisor"), Require("document_missing", "LENGTH(NEW.document) > 0")),
            locks=(child_of_case(of_case.format(guardianship)),),
        ),
    )


def _determination() -> tuple[Guard, ...]:
    speaks = " OR ".join(f"(s.role = '{role}' AND NEW.discipline = '{of}')" for role, of in DISCIPLINES.items())
    hours = DETERMINED_FOR.days * 24
    return (
        Guard(
            "reunification_determination",
            "INSERT",
            (
                _by("caseworker"),
                _next("determination"),
                Require("too_long", within("NEW.at", "NEW.valid_until", hours)),
            ),
            locks=(child_of_case("NEW.case_id"),),
        ),
        Guard(
            "reunification_vote",
            "INSERT",
            (
                Require("not_allowed", active_staff("NEW.by_id", f"({speaks})")),
                Require(
                    "panel_closed",
                    "NOT EXISTS (SELECT 1 FROM reunification_release r WHERE r.determination_id = NEW.determination_id)",
                ),
                Require("dissent_missing", "NEW.agrees OR LENGTH(NEW.dissent) > 0"),
                # Three disciplines are three people.
                Require(
                    "spoke_already",
                    "NOT EXISTS (SELECT 1 FROM reunification_vote v WHERE v.determination_id = NEW.determination_id"
                    f" AND {same_person('v.by_id', 'NEW.by_id')})",
                ),
            ),
            locks=(child_of_case("(SELECT d.case_id FROM reunification_determination d WHERE d.id = NEW.determination_id)"),),
        ),
    )


def _afterwards() -> tuple[Guard, ...]:
    first = "(SELECT MIN(h.started_at) FROM custody_custodyepisode h WHERE h.child_id = NEW.child_id)"
    by_kind = " OR ".join(
        f"(NEW.kind = '{kind}' AND NOT {within(first, 'NEW.at', 24 * days)})" for kind, days in CERTIFICATES.items()
    )
    later = "NEW.kind <> 'twelve_months' OR "
    excluded = "(SELECT COUNT(*) FROM matching_reading g WHERE g.candidate_id = a.id AND g.conclusion = 'excludes')"
    return (
        Guard(
            "reunification_visit",
            "INSERT",
            (
                _by(
                    "caseworker",
                    more=(
                        "s.agency_id = (SELECT f.agency_id FROM reunification_execution x JOIN reunification_release r"
                        " ON r.id = x.release_id JOIN accounts_facility f ON f.id = r.institution_id"
                        " WHERE x.id = NEW.execution_id)",
                    ),
                ),
                Require("no_such_visit", f"NEW.day IN ({', '.join(map(str, VISITS))})"),
            ),
        ),
        Guard("reunification_notice", "INSERT", (_by("caseworker", "officer"),)),
        Guard(
            "reunification_certificate",
            "INSERT",
            (
                _by("officer"),
                Require("too_early", by_kind),
                Require(
                    "first_certificate",
                    later + "EXISTS (SELECT 1 FROM reunification_certificate b WHERE b.child_id = NEW.child_id"
                    " AND b.kind = 'one_month')",
                ),
                Require(
                    "notice_missing",
                    later + "EXISTS (SELECT 1 FROM reunification_notice b WHERE b.child_id = NEW.child_id"
                    f" AND NOT {within('b.at', 'NEW.at', 24 * NOTICE_DAYS)})",
                ),
                Require(
                    "candidate_open",
                    "NOT EXISTS (SELECT 1 FROM matching_candidate a WHERE a.child_id = NEW.child_id"
                    f" AND {open_candidate('a.id')} AND {excluded} < 2)",
                ),
                Require("document_missing", "LENGTH(NEW.document) > 0"),
            ),
            locks=(child_lock("NEW.child_id"),),
        ),
    )
