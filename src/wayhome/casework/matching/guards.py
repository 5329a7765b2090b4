"""Candidates: of samples whose people agree, read by two apart from each other, confirmed by a third on second samples.

What is searched and found is written by the search alone; the web process reads it. Whoever withdraws takes the detail with
them, and a candidate never opens again once it has ended.
"""

from __future__ import annotations

from wayhome.casework.accounts.guards import active_staff, same_person
from wayhome.casework.children.guards import is_absorbed, records_of
from wayhome.casework.core.guards import AppendOnly, Event, Guard, Registry, Require
from wayhome.casework.custody.guards import child_lock
from wayhome.casework.laboratory.guards.results import consent_on, standing_consent
from wayhome.casework.matching.rules.readings import MOST_READINGS

_NEVER = "1 = 0"
_EVERY: tuple[Event, ...] = ("INSERT", "UPDATE", "DELETE")


def _candidate(condition: str, candidate: str = "NEW.candidate_id") -> str:
    return f"EXISTS (SELECT 1 FROM matching_candidate ca WHERE ca.id = {candidate} AND {condition})"


def _samples(condition: str, dossier: str = "ca.dossier_id") -> str:
    """SQL: there is a relative's sample, d, of a candidate, c, about whom it holds."""
    return f"EXISTS (SELECT 1 FROM matching_dossiersample d WHERE d.dossier_id = {dossier} AND {condition})"


def concerned(candidate: str) -> str:
    """SQL: the laboratory of staff s has one of the samples of a candidate."""
    return (
        "EXISTS (SELECT 1 FROM matching_candidate ca JOIN matching_search h ON h.id = ca.search_id"
        f" JOIN laboratory_kit k ON k.laboratory_id = s.agency_id WHERE ca.id = {candidate} AND (k.id = h.kit_id OR k.id IN"
        " (SELECT d.kit_id FROM matching_dossiersample d WHERE d.dossier_id = ca.dossier_id)))"
    )


def _count(conclusion: str) -> str:
    return "(SELECT COUNT(*) FROM matching_reading r WHERE r.candidate_id = NEW.candidate_id" + (
        f" AND r.conclusion = '{conclusion}')" if conclusion else ")"
    )


def open_candidate(candidate: str) -> str:
    """SQL: it has not ended."""
    return f"NOT EXISTS (SELECT 1 FROM matching_candidateend e WHERE e.candidate_id = {candidate})"


def stands(confirmation: str) -> str:
    """SQL: a confirmation was not taken back, and its candidate has not ended."""
    return (
        f"EXISTS (SELECT 1 FROM matching_confirmation m WHERE m.id = {confirmation}"
        " AND NOT EXISTS (SELECT 1 FROM matching_confirmationend x WHERE x.confirmation_id = m.id)"
        f" AND {open_candidate('m.candidate_id')})"
    )


_READ_BY_SAME = (
    f"EXISTS (SELECT 1 FROM matching_reading r WHERE r.candidate_id = NEW.candidate_id AND {same_person('r.by_id', 'NEW.by_id')})"
)
"""SQL: whoever writes this has read the candidate, under whichever number."""
_OPEN = Require("candidate_over", open_candidate("NEW.candidate_id"))
_LOCK_CANDIDATE = "PERFORM 1 FROM matching_candidate ca WHERE ca.id = NEW.candidate_id FOR UPDATE"
_LOCK_OF_CANDIDATE = (
    "PERFORM 1 FROM families_tracingrequest q WHERE q.id ="
    " (SELECT ca.request_id FROM matching_candidate ca WHERE ca.id = NEW.candidate_id) FOR UPDATE"
)
_DISAGREES = "NOT " + consent_on("d.relative_id", "NEW.at")
_NO_CONSENT_STANDS = _candidate(_samples(f"NOT {standing_consent('d.relative_id')}"))


def declare(registry: Registry) -> None:
    """The guards of searches and candidates."""
    registry.add(
        AppendOnly("matching_dossier", keys=(("request_id", "n"),)),
        AppendOnly("matching_dossiersample", keys=(("dossier_id", "relative_id"),)),
        AppendOnly("matching_search"),
        AppendOnly("matching_candidate", keys=(("child_id", "request_id", "data"),)),
        AppendOnly("matching_secondcheck"),
        AppendOnly("matching_kinship", keys=(("one_id", "other_id"),)),
        closed=_EVERY,
    )
    registry.add(
        AppendOnly("matching_detailerasure", keys=(("candidate_id",),)),
        AppendOnly("matching_candidateend", keys=(("candidate_id",),)),
        AppendOnly("matching_reading", keys=(("candidate_id", "n"), ("candidate_id", "by_id"))),
        AppendOnly("matching_confirmation", keys=(("candidate_id",),)),
        AppendOnly("matching_confirmationend", keys=(("confirmation_id",),)),
        AppendOnly("matching_freeze", keys=(("one_id", "other_id"),)),
    )
    registry.add(Guard("matching_due", "UPDATE", (Require("append_only", _NEVER),)), closed=("UPDATE", "DELETE"))
    registry.add(*_searched(), *_detail(), *_decided())


def _searched() -> tuple[Guard, ...]:
    """What the search itself writes."""
    second_of_relative = _candidate(
        _samples(
            "d.kit_id <> NEW.relative_kit_id AND EXISTS (SELECT 1 FROM laboratory_kit k JOIN laboratory_relativeprofile p"
            " ON p.kit_id = k.id WHERE k.id = NEW.relative_kit_id AND k.relative_id = d.relative_id)"
        )
    )
    return (
        Guard(
            "matching_dossiersample",
            "INSERT",
            (
                Require(
                    "other_person",
                    "EXISTS (SELECT 1 FROM laboratory_kit k JOIN families_relative r ON r.id = k.relative_id"
                    " JOIN matching_dossier f ON f.request_id = r.request_id"
                    " WHERE k.id = NEW.kit_id AND k.relative_id = NEW.relative_id AND f.id = NEW.dossier_id)",
                ),
                Require(
                    "nothing_there",
                    "EXISTS (SELECT 1 FROM laboratory_relativeprofile p WHERE p.kit_id = NEW.kit_id AND p.n = NEW.n)",
                ),
                Require(
                    "no_consent",
                    "EXISTS (SELECT 1 FROM matching_dossier f WHERE f.id = NEW.dossier_id"
                    f" AND {consent_on('NEW.relative_id', 'f.at')})",
                ),
            ),
            locks=(
                "PERFORM 1 FROM families_tracingrequest q WHERE q.id ="
                " (SELECT f.request_id FROM matching_dossier f WHERE f.id = NEW.dossier_id) FOR UPDATE",
            ),
        ),
        Guard(
            "matching_search",
            "INSERT",
            (
                Require(
                    "other_person",
                    "EXISTS (SELECT 1 FROM laboratory_childprofile p JOIN laboratory_kit k ON k.id = p.kit_id"
                    f" WHERE p.kit_id = NEW.kit_id AND p.n = NEW.n AND k.child_id IN ({records_of('NEW.child_id')}))",
                ),
            ),
        ),
        Guard(
            "matching_candidate",
            "INSERT",
            (
                Require(
                    "other_search",
                    "EXISTS (SELECT 1 FROM matching_search h WHERE h.id = NEW.search_id AND h.child_id = NEW.child_id)",
                ),
                Require(
                    "dossier_old",
                    "NEW.dossier_id = (SELECT f.id FROM matching_dossier f WHERE f.request_id = NEW.request_id"
                    " ORDER BY f.n DESC LIMIT 1)",
                ),
                Require("nobody_typed", _samples("1 = 1", "NEW.dossier_id")),
                Require("no_consent", "NOT " + _samples(_DISAGREES, "NEW.dossier_id")),
                Require("request_over", "NOT EXISTS (SELECT 1 FROM families_requestend z WHERE z.request_id = NEW.request_id)"),
                Require("merged_away", f"NOT {is_absorbed('NEW.child_id')}"),
            ),
            locks=("PERFORM 1 FROM families_tracingrequest q WHERE q.id = NEW.request_id FOR UPDATE",),
        ),
        Guard(
            "matching_secondcheck",
            "INSERT",
            (
                _OPEN,
                Require(
                    "not_a_second",
                    "NEW.child_kit_id IS NULL OR EXISTS (SELECT 1 FROM matching_candidate ca JOIN matching_search h"
                    " ON h.id = ca.search_id JOIN laboratory_kit k ON k.id = NEW.child_kit_id"
                    " JOIN laboratory_childprofile p ON p.kit_id = k.id WHERE ca.id = NEW.candidate_id AND h.kit_id <> k.id"
                    f" AND k.child_id IN ({records_of('ca.child_id')}))",
                ),
                Require("not_a_second", f"NEW.relative_kit_id IS NULL OR {second_of_relative}"),
                Require("not_a_second", "NEW.agrees = (NEW.child_kit_id IS NOT NULL AND NEW.relative_kit_id IS NOT NULL)"),
            ),
            locks=(_LOCK_CANDIDATE,),
        ),
    )


def _detail() -> tuple[Guard, ...]:
    """What shows alleles goes when, and only when, somebody in it wants it no more."""
    gone = "EXISTS (SELECT 1 FROM matching_detailerasure e WHERE e.candidate_id = {}.candidate_id)"
    reports = "SELECT COUNT(*) FROM matching_kinshipreport b WHERE b.candidate_id = NEW.candidate_id"
    return (
        Guard("matching_kinshipreport", "UPDATE", (Require("append_only", _NEVER),)),
        Guard("matching_kinshipreport", "DELETE", (Require("consent_stands", gone.format("OLD")),)),
        Guard(
            "matching_kinshipreport",
            "INSERT",
            (
                Require("already_there", "NOT EXISTS (SELECT 1 FROM matching_kinshipreport b WHERE b.id = NEW.id)"),
                Require("not_last", f"NEW.n = ({reports}) + 1"),
                Require("candidate_over", f"NOT {gone.format('NEW')}"),
                Require("not_allowed", active_staff("NEW.by_id", "s.role = 'lab_supervisor'", concerned("NEW.candidate_id"))),
                Require("not_read", f"{_count('')} >= 2"),
                Require("key_unknown", "EXISTS (SELECT 1 FROM vault_datakey d WHERE d.of = 'candidate:' || NEW.candidate_id)"),
            ),
            locks=(_LOCK_CANDIDATE,),
        ),
        Guard("matching_candidatedetail", "UPDATE", (Require("append_only", _NEVER),)),
        Guard("matching_candidatedetail", "DELETE", (Require("consent_stands", gone.format("OLD")),)),
        Guard(
            "matching_candidatedetail",
            "INSERT",
            (
                Require(
                    "already_there",
                    "NOT EXISTS (SELECT 1 FROM matching_candidatedetail b"
                    " WHERE b.id = NEW.id OR b.candidate_id = NEW.candidate_id)",
                ),
                Require("candidate_over", f"NOT {gone.format('NEW')}"),
                Require("key_unknown", "EXISTS (SELECT 1 FROM vault_datakey d WHERE d.of = 'candidate:' || NEW.candidate_id)"),
            ),
        ),
        Guard("matching_detailerasure", "INSERT", (Require("consent_stands", _NO_CONSENT_STANDS),), locks=(_LOCK_OF_CANDIDATE,)),
        Guard(
            "vault_datakeyend",
            "INSERT",
            (
                Require(
                    "key_in_use",
                    "NEW.of NOT LIKE 'candidate:%' OR EXISTS (SELECT 1 FROM matching_detailerasure e"
                    " WHERE NEW.of = 'candidate:' || e.candidate_id)",
                ),
            ),
            purpose="matching",
        ),
    )


def _decided() -> tuple[Guard, ...]:
    """What people say, and how a candidate ends."""
    other = (
        f"{is_absorbed('ca.child_id')}"
        " OR EXISTS (SELECT 1 FROM matching_dossier f WHERE f.request_id = ca.request_id AND f.id > ca.dossier_id)"
        " OR EXISTS (SELECT 1 FROM matching_search h JOIN matching_search o ON o.id = ca.search_id"
        " WHERE h.child_id = ca.child_id AND h.id > o.id AND (h.kit_id <> o.kit_id OR h.n <> o.n))"
        " OR EXISTS (SELECT 1 FROM matching_confirmation m JOIN matching_confirmationend x ON x.confirmation_id = m.id"
        " WHERE m.candidate_id = ca.id)"
    )
    return (
        Guard(
            "matching_candidateend",
            "INSERT",
            (
                Require("consent_stands", f"NEW.reason <> 'withdrawn' OR {_NO_CONSENT_STANDS}"),
                Require(
                    "not_refuted",
                    "NEW.reason <> 'refuted' OR EXISTS (SELECT 1 FROM matching_secondcheck k"
                    " WHERE k.candidate_id = NEW.candidate_id AND NOT k.agrees)",
                ),
                Require("nothing_changed", f"NEW.reason <> 'superseded' OR {_candidate(f'({other})')}"),
            ),
            locks=(_LOCK_OF_CANDIDATE,),
        ),
        Guard(
            "matching_reading",
            "INSERT",
            (
                _OPEN,
                Require("not_allowed", active_staff("NEW.by_id", "s.role = 'analyst'", concerned("NEW.candidate_id"))),
                Require("not_last", f"NEW.n = {_count('')} + 1"),
                Require("self_approval", f"NOT {_READ_BY_SAME}"),
                Require(
                    "read_already",
                    f"NEW.n < {MOST_READINGS} OR (NEW.n = {MOST_READINGS} AND (SELECT COUNT(DISTINCT r.conclusion)"
                    " FROM matching_reading r WHERE r.candidate_id = NEW.candidate_id) = 2)",
                ),
            ),
            locks=(_LOCK_CANDIDATE,),
        ),
        Guard(
            "matching_confirmation",
            "INSERT",
            (
                _OPEN,
                Require("not_allowed", active_staff("NEW.by_id", "s.role = 'lab_supervisor'", concerned("NEW.candidate_id"))),
                Require("self_approval", f"NOT {_READ_BY_SAME}"),
                Require("not_supported", f"{_count('supports')} >= 2"),
                Require(
                    "second_missing",
                    "EXISTS (SELECT 1 FROM matching_secondcheck k WHERE k.candidate_id = NEW.candidate_id AND k.agrees)",
                ),
                Require(
                    "second_differs",
                    "NOT EXISTS (SELECT 1 FROM matching_secondcheck k WHERE k.candidate_id = NEW.candidate_id AND NOT k.agrees)",
                ),
                Require("no_consent", _candidate("NOT " + _samples(_DISAGREES))),
                Require(
                    "request_over",
                    _candidate("NOT EXISTS (SELECT 1 FROM families_requestend z WHERE z.request_id = ca.request_id)"),
                ),
                Require("merged_away", _candidate(f"NOT {is_absorbed('ca.child_id')}")),
            ),
            locks=(
                child_lock("(SELECT ca.child_id FROM matching_candidate ca WHERE ca.id = NEW.candidate_id)"),
                _LOCK_OF_CANDIDATE,
                _LOCK_CANDIDATE,
            ),
        ),
        Guard(
            "matching_confirmationend",
            "INSERT",
            (
                Require(
                    "not_allowed",
                    active_staff(
                        "NEW.by_id",
                        "s.role = 'lab_supervisor'",
                        concerned("(SELECT m.candidate_id FROM matching_confirmation m WHERE m.id = NEW.confirmation_id)"),
                    ),
                ),
            ),
        ),
        Guard("matching_freeze", "INSERT", (Require("same_person", "NEW.one_id < NEW.other_id"),)),
    )
