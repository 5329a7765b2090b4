"""Results: of samples that the laboratory received, by its own analysts; a relative's goes when, and only when, they withdrew."""

from __future__ import annotations

from wayhome.casework.accounts.guards import TWO_REGISTRARS, active_staff, same_person
from wayhome.casework.core.guards import AppendOnly, Event, Guard, Registry, Require

_KIT = "SELECT 1 FROM laboratory_kit k WHERE k.id = NEW.kit_id"
_NEVER = "1 = 0"


def standing_consent(relative: str) -> str:
    """SQL: a consent that was not withdrawn, whatever its end."""
    return (
        f"EXISTS (SELECT 1 FROM families_consent c WHERE c.relative_id = {relative}"
        " AND NOT EXISTS (SELECT 1 FROM families_consentwithdrawal w WHERE w.consent_id = c.id))"
    )


def consent_on(relative: str, moment: str) -> str:
    """SQL: a consent that was not withdrawn and is in force on the day of a moment."""
    return (
        f"EXISTS (SELECT 1 FROM families_consent c WHERE c.relative_id = {relative} AND c.until >= date({moment})"
        " AND NOT EXISTS (SELECT 1 FROM families_consentwithdrawal w WHERE w.consent_id = c.id))"
    )


def lock_request(kit: str) -> str:
    """PostgreSQL: the request of whose sample it is, so that a withdrawal waits for what is written, or the other way round."""
    relative = f"(SELECT k.relative_id FROM laboratory_kit k WHERE k.id = {kit})"
    request = f"(SELECT r.request_id FROM families_relative r WHERE r.id = {relative})"
    return f"PERFORM 1 FROM families_tracingrequest q WHERE q.id = {request} FOR UPDATE"


def _lock_requests(*kits: str) -> str:
    """PostgreSQL: those of two samples, in one order whoever comes first."""
    return (
        "PERFORM 1 FROM families_tracingrequest q WHERE q.id IN (SELECT r.request_id FROM families_relative r"
        f" JOIN laboratory_kit k ON k.relative_id = r.id WHERE k.id IN ({', '.join(kits)})) ORDER BY q.id FOR UPDATE"
    )


def _next(table: str) -> Require:
    return Require(
        "not_last", f"NEW.n = (SELECT COALESCE(MAX(b.n), 0) + 1 FROM laboratory_{table} b WHERE b.kit_id = NEW.kit_id)"
    )


_ANALYST = Require(
    "not_allowed",
    active_staff("NEW.by_id", "s.role = 'analyst'", f"EXISTS ({_KIT} AND k.laboratory_id = s.agency_id)"),
)
_RECEIVED = Require(
    "kit_not_received",
    "EXISTS (SELECT 1 FROM laboratory_kithop h WHERE h.kit_id = NEW.kit_id AND h.kind = 'received'"
    " AND NOT EXISTS (SELECT 1 FROM laboratory_kithop l WHERE l.kit_id = h.kit_id AND l.n > h.n))",
)
_CONSENT = Require("no_consent", f"EXISTS ({_KIT} AND {consent_on('k.relative_id', 'NEW.at')})")
_CONSENT_OR_CHILD = Require(
    "no_consent", f"EXISTS ({_KIT} AND (k.child_id IS NOT NULL OR {consent_on('k.relative_id', 'NEW.at')}))"
)
_SAMPLE_STAYS = Require("sample_withdrawn", "NOT EXISTS (SELECT 1 FROM laboratory_erasure e WHERE e.kit_id = NEW.kit_id)")
"""Who withdrew and agrees again gives another sample: the old one is destroyed."""
_SOURCE = Require(
    "one_entry",
    f"EXISTS ({_KIT} AND k.laboratory_id = (SELECT f.laboratory_id FROM laboratory_labfile f WHERE f.id = NEW.file_id))"
    " OR (NEW.file_id IS NULL AND EXISTS (SELECT 1 FROM laboratory_entryverdict v"
    " JOIN laboratory_entry e ON e.kit_id = v.kit_id AND e.n = v.n WHERE v.kit_id = NEW.kit_id AND e.by_id = NEW.by_id"
    " AND CAST(v.differs AS text) = '[]'))",
)
"""From a file of the laboratory that has the sample, or typed alike by two."""


def _key(kind: str) -> Require:
    return Require("key_unknown", f"EXISTS (SELECT 1 FROM vault_datakey d WHERE d.of = '{kind}:' || NEW.kit_id || ':' || NEW.n)")


def _erased(what: str, owner: str) -> str:
    return (
        f"EXISTS (SELECT 1 FROM laboratory_erasure e WHERE e.kit_id = {owner}.kit_id AND e.n = {owner}.n AND e.what = '{what}')"
    )


def _only_with(kind: str, tombstone: str) -> Require:
    """A key of this kind ends with its tombstone alone."""
    return Require("key_in_use", f"NEW.of NOT LIKE '{kind}:%' OR {tombstone}")


def _about(owner: str) -> str:
    """SQL: one of the samples that a flag is about was erased."""
    return f"EXISTS (SELECT 1 FROM laboratory_erasure e WHERE e.kit_id = {owner}.kit_id OR e.kit_id = {owner}.other_id)"


def _replaced(table: str, keys: str) -> Require:
    return Require("already_there", f"NOT EXISTS (SELECT 1 FROM laboratory_{table} b WHERE b.id = NEW.id{keys})")


def _declare_registers(registry: Registry) -> None:
    """What two registrars sign, and the web process cannot write."""
    closed: tuple[Event, ...] = ("INSERT", "UPDATE", "DELETE")
    of_laboratory = "EXISTS (SELECT 1 FROM accounts_agency a WHERE a.id = NEW.laboratory_id AND a.kind = 'laboratory')"
    registry.add(
        AppendOnly("laboratory_labkey"),
        Guard("laboratory_labkey", "INSERT", (TWO_REGISTRARS, Require("not_a_laboratory", of_laboratory))),
        closed=closed,
    )
    ended = "EXISTS (SELECT 1 FROM laboratory_staffprofileend e WHERE e.staff_id = OLD.staff_id AND e.n = OLD.n)"
    registry.add(
        *_goes("staffprofile", ended, " OR (b.staff_id = NEW.staff_id AND b.n = NEW.n)"),
        Guard(
            "laboratory_staffprofile",
            "INSERT",
            (
                TWO_REGISTRARS,
                Require(
                    "key_unknown", "EXISTS (SELECT 1 FROM vault_datakey d WHERE d.of = 'staff:' || NEW.staff_id || ':' || NEW.n)"
                ),
            ),
        ),
        closed=closed,
    )
    there = "EXISTS (SELECT 1 FROM laboratory_staffprofile p WHERE p.staff_id = NEW.staff_id AND p.n = NEW.n)"
    registry.add(
        AppendOnly("laboratory_staffprofileend", keys=(("staff_id", "n"),)),
        Guard("laboratory_staffprofileend", "INSERT", (TWO_REGISTRARS, Require("nothing_there", there))),
        closed=closed,
    )


def declare(registry: Registry) -> None:
    """The guards of files, profiles and entries."""
    _declare_registers(registry)
    registry.add(
        AppendOnly("laboratory_labfile", keys=(("sha256",),)),
        AppendOnly("laboratory_childprofile", keys=(("kit_id", "n"),)),
        AppendOnly("laboratory_erasure", keys=(("kit_id", "what", "n"),)),
        AppendOnly("laboratory_fileerasure", keys=(("file_id",),)),
        AppendOnly("laboratory_comparison", keys=(("kit_id", "n"),)),
        AppendOnly("laboratory_looked"),
    )
    registry.add(
        Guard(
            "laboratory_labfile",
            "INSERT",
            (
                Require("not_allowed", active_staff("NEW.by_id", "s.role = 'analyst'", "s.agency_id = NEW.laboratory_id")),
                Require(
                    "signature_missing",
                    "NEW.signature IS NOT NULL"
                    " OR NOT EXISTS (SELECT 1 FROM laboratory_labkey k WHERE k.laboratory_id = NEW.laboratory_id)",
                ),
            ),
        ),
        Guard(
            "laboratory_childprofile",
            "INSERT",
            (
                Require("other_person", f"EXISTS ({_KIT} AND k.child_id IS NOT NULL)"),
                _RECEIVED,
                _ANALYST,
                _SOURCE,
                _key("child"),
                _next("childprofile"),
            ),
        ),
        *_goes("relativeprofile", _erased("profile", "OLD")),
        Guard(
            "laboratory_relativeprofile",
            "INSERT",
            (
                Require("other_person", f"EXISTS ({_KIT} AND k.relative_id IS NOT NULL)"),
                _RECEIVED,
                _ANALYST,
                _CONSENT,
                _SOURCE,
                _key("relative"),
                _next("relativeprofile"),
                _SAMPLE_STAYS,
            ),
            locks=(lock_request("NEW.kit_id"),),
        ),
        *_goes("entry", _erased("entry", "OLD")),
        Guard(
            "laboratory_entry",
            "INSERT",
            (
                _RECEIVED,
                _ANALYST,
                _CONSENT_OR_CHILD,
                _key("entry"),
                _next("entry"),
                _SAMPLE_STAYS,
                Require(
                    "same_person",
                    "NEW.n % 2 = 1 OR EXISTS (SELECT 1 FROM laboratory_entry b WHERE b.kit_id = NEW.kit_id AND b.n = NEW.n - 1"
                    f" AND NOT {same_person('b.by_id', 'NEW.by_id')})",
                ),
                Require(
                    "entry_waiting",
                    "NEW.n % 2 = 0 OR NEW.n = 1 OR EXISTS (SELECT 1 FROM laboratory_entryverdict v"
                    " WHERE v.kit_id = NEW.kit_id AND v.n = NEW.n - 1)",
                ),
            ),
            locks=(lock_request("NEW.kit_id"),),
        ),
        Guard(
            "laboratory_entryverdict",
            "INSERT",
            (
                Require(
                    "not_a_pair",
                    "NEW.n % 2 = 0 AND EXISTS (SELECT 1 FROM laboratory_entry b WHERE b.kit_id = NEW.kit_id AND b.n = NEW.n)",
                ),
            ),
            locks=(lock_request("NEW.kit_id"),),
        ),
        *_goes("entryverdict", _erased("entry", "OLD")),
        *_goes("profileflag", _about("OLD"), keys=""),
        Guard(
            "laboratory_profileflag",
            "INSERT",
            (
                Require(
                    "detail_of_relative",
                    f"EXISTS ({_KIT} AND k.child_id IS NOT NULL) OR CAST(NEW.detail AS text) NOT LIKE '%[%'",
                ),
                Require("sample_withdrawn", f"NOT {_about('NEW')}"),
            ),
            locks=(_lock_requests("NEW.kit_id", "NEW.other_id"),),
        ),
        Guard(
            "laboratory_looked",
            "INSERT",
            (
                _ANALYST,
                Require(
                    "nothing_there",
                    "EXISTS (SELECT 1 FROM laboratory_profileflag f WHERE f.id = NEW.upto AND f.kit_id = NEW.kit_id)",
                ),
            ),
        ),
        Guard("laboratory_laboriginal", "UPDATE", (Require("append_only", _NEVER),)),
        Guard(
            "laboratory_laboriginal",
            "DELETE",
            (Require("original_kept", "EXISTS (SELECT 1 FROM laboratory_fileerasure e WHERE e.file_id = OLD.file_id)"),),
        ),
        Guard(
            "laboratory_laboriginal",
            "INSERT",
            (
                _replaced("laboriginal", " OR b.file_id = NEW.file_id"),
                Require("original_gone", "NOT EXISTS (SELECT 1 FROM laboratory_fileerasure e WHERE e.file_id = NEW.file_id)"),
            ),
        ),
        Guard(
            "laboratory_erasure",
            "INSERT",
            (
                Require(
                    "consent_stands", f"EXISTS ({_KIT} AND k.relative_id IS NOT NULL AND NOT {standing_consent('k.relative_id')})"
                ),
                Require(
                    "nothing_there",
                    "(NEW.what = 'profile' AND EXISTS (SELECT 1 FROM laboratory_relativeprofile p WHERE p.kit_id = NEW.kit_id"
                    " AND p.n = NEW.n)) OR (NEW.what = 'entry' AND EXISTS (SELECT 1 FROM laboratory_entry p"
                    " WHERE p.kit_id = NEW.kit_id AND p.n = NEW.n))",
                ),
            ),
            locks=(lock_request("NEW.kit_id"),),
        ),
        Guard(
            "laboratory_fileerasure",
            "INSERT",
            (
                Require(
                    "original_kept",
                    "EXISTS (SELECT 1 FROM laboratory_relativeprofile p WHERE p.file_id = NEW.file_id"
                    f" AND {_erased('profile', 'p')})",
                ),
            ),
        ),
        Guard(
            "vault_datakeyend",
            "INSERT",
            (
                Require("key_in_use", "NEW.of NOT LIKE 'child:%'"),
                _only_with("relative", _tombstone("profile", "relative")),
                _only_with("entry", _tombstone("entry", "entry")),
                _only_with(
                    "staff",
                    "EXISTS (SELECT 1 FROM laboratory_staffprofileend e WHERE NEW.of = 'staff:' || e.staff_id || ':' || e.n)",
                ),
                _only_with(
                    "file",
                    "EXISTS (SELECT 1 FROM laboratory_fileerasure e JOIN laboratory_labfile f ON f.id = e.file_id"
                    " WHERE NEW.of = 'file:' || substr(f.sha256, 1, 32))",
                ),
            ),
            purpose="laboratory",
        ),
    )


def _tombstone(what: str, kind: str) -> str:
    return f"EXISTS (SELECT 1 FROM laboratory_erasure e WHERE e.what = '{what}' AND NEW.of = '{kind}:' || e.kit_id || ':' || e.n)"


def _goes(table: str, tombstone: str, keys: str = " OR (b.kit_id = NEW.kit_id AND b.n = NEW.n)") -> tuple[Guard, ...]:
    """What stays as it is, is not replaced, and goes with its tombstone alone."""
    name = f"laboratory_{table}"
    return (
        Guard(name, "UPDATE", (Require("append_only", _NEVER),)),
        Guard(name, "DELETE", (Require("consent_stands", tombstone),)),
        Guard(name, "INSERT", (_replaced(table, keys),), purpose="a_new_row"),
    )
