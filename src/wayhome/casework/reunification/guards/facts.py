"""What must be true for a release to be carried out, as SQL: read from the facts themselves, at the moment it happens.

Revocations are written when something changes; were one forgotten, or kept from being written, the fact itself still refuses.
"""

from __future__ import annotations

from wayhome.casework.core.guards import Require, within
from wayhome.casework.custody.guards import excluded, head
from wayhome.casework.laboratory.guards.results import consent_on
from wayhome.casework.matching.guards import stands
from wayhome.casework.reunification.rules import DECIDING, EVIDENCE, FRESH_HOURS, LEAST_HELD_BACK, SUSPECTS

STAYS = "NOT EXISTS (SELECT 1 FROM accounts_staffend x WHERE x.staff_id = {})"


def quoted(values: object) -> str:
    """A list in SQL."""
    return ", ".join(f"'{value}'" for value in sorted(map(str, values)))  # type: ignore[call-overload]


def of_release(release: str, condition: str) -> str:
    """SQL: there is this release, r, and it holds."""
    return f"EXISTS (SELECT 1 FROM reunification_release r WHERE r.id = {release} AND ({condition}))"


def of_file(release: str, condition: str) -> str:
    """SQL: the same, with its file."""
    return (
        "EXISTS (SELECT 1 FROM reunification_release r JOIN reunification_case file ON file.id = r.case_id"
        f" WHERE r.id = {release} AND ({condition}))"
    )


def _family(release: str, condition: str) -> str:
    """SQL: the release is to an authority, or the condition holds."""
    return of_file(release, f"r.kind = 'authority' OR ({condition})")


def candidate(condition: str) -> str:
    """SQL: the candidate, a, of the file's confirmation, m, about which it holds."""
    return (
        "EXISTS (SELECT 1 FROM matching_confirmation m JOIN matching_candidate a ON a.id = m.candidate_id"
        f" WHERE m.id = file.confirmation_id AND {condition})"
    )


def last(table: str) -> str:
    """SQL: the last enquiry or determination of the file."""
    return f"(SELECT l.id FROM reunification_{table} l WHERE l.case_id = file.id ORDER BY l.n DESC LIMIT 1)"


def _complete() -> str:
    rows = "EXISTS (SELECT 1 FROM reunification_evidence e WHERE e.case_id = file.id AND {} AND NOT EXISTS"
    rows += " (SELECT 1 FROM reunification_evidence w WHERE w.corrects_id = e.id))"
    there = " AND ".join(rows.format(f"e.kind = '{kind}' AND e.outcome = 'supports'") for kind in EVIDENCE)
    against = rows.format("e.outcome = 'contradicts'")
    told = (
        "(SELECT COUNT(*) FROM reunification_heldbackreply y JOIN reunification_heldback q ON q.id = y.question_id"
        " WHERE q.case_id = file.id{})"
    )
    asked, wrong = told.format(""), told.format(" AND NOT y.matches")
    return f"{there} AND NOT {against} AND {asked} >= {LEAST_HELD_BACK} AND {wrong} = 0"


def _cleared() -> str:
    return (
        f"r.enquiry_id = {last('enquiry')} AND EXISTS"
        " (SELECT 1 FROM reunification_enquiry o WHERE o.id = r.enquiry_id AND o.result = 'cleared')"
        " AND EXISTS (SELECT 1 FROM reunification_countersignature u WHERE u.enquiry_id = r.enquiry_id)"
        " AND NOT EXISTS (SELECT 1 FROM reunification_guardianship g JOIN reunification_enquiry i ON i.id = g.enquiry_id"
        " WHERE i.case_id = file.id AND NOT EXISTS (SELECT 1 FROM reunification_guardianshipend t"
        " WHERE t.guardianship_id = g.id AND t.outcome = 'kept'))"
    )


def _determined(moment: str) -> str:
    votes = f"FROM reunification_vote v WHERE v.determination_id = r.determination_id AND v.discipline IN ({quoted(DECIDING)})"
    return (
        f"r.determination_id = {last('determination')} AND EXISTS (SELECT 1 FROM reunification_determination d"
        f" WHERE d.id = r.determination_id AND d.valid_until >= {moment}"
        " AND d.decision = CASE WHEN r.kind = 'family' THEN 'reunify' ELSE 'repatriate' END)"
        f" AND (SELECT COUNT(DISTINCT v.discipline) {votes}) = {len(DECIDING)}"
        f" AND (SELECT SUM(CASE WHEN v.agrees THEN 1 ELSE -1 END) {votes}) > 0"
    )


def approved() -> str:
    """SQL: supervisors of two organisations, neither of them the institution's, signed what was asked."""
    return (
        "(SELECT COUNT(DISTINCT s.agency_id) FROM reunification_approval p JOIN accounts_staff s ON s.id = p.by_id"
        " WHERE p.release_id = r.id AND p.digest = r.digest AND s.role = 'supervisor'"
        " AND s.agency_id <> (SELECT b.agency_id FROM accounts_staff b WHERE b.id = r.by_id)"
        f" AND {STAYS.format('s.id')}) >= 2"
    )


def nobody_met(release: str) -> tuple[Require, ...]:
    """Conditions: nobody of the household, nor its address, is excluded, was detained, or is where the child was found."""
    child = f"(SELECT q.child_id FROM reunification_release q WHERE q.id = {release})"

    def met(kin: bool) -> str:
        people = excluded("operations_personkey", "person_id", "p.person_id", child, kin=kin)
        return (
            f"NOT EXISTS (SELECT 1 FROM reunification_releaseperson p WHERE p.release_id = {release} AND {people})"
            f" AND NOT {excluded('reunification_releasekey', 'release_id', release, child, kin=kin)}"
        )

    return (
        Require("excluded", met(False)),
        Require("kin_of_excluded", met(True)),
        Require(
            "detained",
            "NOT EXISTS (SELECT 1 FROM reunification_releaseperson p JOIN operations_personkey o ON o.person_id = p.person_id"
            " JOIN operations_personkey k ON k.kind = o.kind AND k.key = o.key"
            f" JOIN operations_personrole y ON y.person_id = k.person_id WHERE p.release_id = {release}"
            f" AND (o.kind IN ('id', 'phone') OR k.person_id = p.person_id)"
            f" AND (y.kind IN ({quoted(SUSPECTS)}) OR y.detained_at IS NOT NULL))",
        ),
        Require(
            "place_of_rescue",
            "NOT EXISTS (SELECT 1 FROM reunification_release q JOIN children_child d ON d.id = q.child_id"
            " JOIN operations_rescueeventkey w ON w.event_id = d.event_id"
            " JOIN reunification_releasekey h ON h.kind = w.kind AND h.key = w.key AND h.release_id = q.id"
            f" WHERE q.id = {release})",
        ),
    )


def grounds(release: str, moment: str) -> tuple[Require, ...]:
    """Conditions of a release, but for its approvals and the samples of the handover."""
    frozen = (
        f"EXISTS (SELECT 1 FROM matching_freeze f WHERE (f.one_id = file.confirmation_id AND {stands('f.other_id')})"
        f" OR (f.other_id = file.confirmation_id AND {stands('f.one_id')}))"
    )
    disagree = f"matching_dossiersample d WHERE d.dossier_id = a.dossier_id AND NOT {consent_on('d.relative_id', moment)}"
    ended = "NOT EXISTS (SELECT 1 FROM families_requestend z WHERE z.request_id = a.request_id)"
    return (
        Require("release_over", of_release(release, f"r.valid_until >= {moment}")),
        Require("release_revoked", f"NOT EXISTS (SELECT 1 FROM reunification_revocation v WHERE v.release_id = {release})"),
        *nobody_met(release),
        Require("match_over", _family(release, f"{stands('file.confirmation_id')} AND NOT {frozen}")),
        Require("no_consent", _family(release, candidate(f"NOT EXISTS (SELECT 1 FROM {disagree})"))),
        Require("request_over", _family(release, candidate(ended))),
        Require("not_verified", _family(release, _complete())),
        Require("parents_not_cleared", _family(release, _cleared())),
        Require("not_determined", of_file(release, _determined(moment))),
        Require("not_here", of_release(release, f"r.institution_id = {head('r.child_id', 'facility_id')}")),
    )


def signed(release: str) -> Require:
    """Condition: two organisations approved it."""
    return Require("release_not_approved", of_release(release, approved()))


def fresh(release: str, check: str, recipient: str, moment: str) -> Require:
    """Condition: whoever receives the child is who was matched, and so is the child, by samples taken for this."""

    def taken(kit: str) -> str:
        return (
            f"EXISTS (SELECT 1 FROM laboratory_kithop h WHERE h.kit_id = {kit} AND h.kind = 'taken' AND h.at >= r.at"
            f" AND {within('h.at', moment, FRESH_HOURS)})"
        )

    found = (
        "EXISTS (SELECT 1 FROM reunification_freshcheck k JOIN reunification_releaseperson p ON p.id = k.person_id"
        f" WHERE k.id = {check} AND k.release_id = r.id AND p.release_id = r.id AND p.receives"
        f" AND p.person_id = {recipient} AND {taken('k.child_kit_id')} AND {taken('k.relative_kit_id')})"
        " AND NOT EXISTS (SELECT 1 FROM reunification_freshcheck k WHERE k.release_id = r.id AND NOT k.agrees)"
    )
    return Require("samples_not_fresh", of_release(release, f"r.kind = 'authority' OR ({found})"))
