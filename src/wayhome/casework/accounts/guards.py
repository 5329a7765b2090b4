"""Registers: append-only, two registrars, the right kind of place and role for the agency."""

from __future__ import annotations

from wayhome.casework.accounts.rules import FACILITIES_OF, ROLES_OF
from wayhome.casework.core.guards import AppendOnly, Guard, Registry, Require


def active_staff(column: str, *more: str) -> str:
    """SQL: `column` names a member of staff, s, who still signs and about whom `more` holds."""
    conditions = "".join(f" AND {condition}" for condition in more)
    return (
        f"EXISTS (SELECT 1 FROM accounts_staff s WHERE s.id = {column}"
        f" AND NOT EXISTS (SELECT 1 FROM accounts_staffend x WHERE x.staff_id = s.id){conditions})"
    )


def same_person(one: str, other: str) -> str:
    """SQL: two members of staff have one number of papers: whoever left may have come back under another number."""
    return (
        "EXISTS (SELECT 1 FROM accounts_staff p JOIN accounts_staff q ON q.id_number = p.id_number"
        f" WHERE p.id = {one} AND q.id = {other})"
    )


TWO_REGISTRARS = Require(
    "two_registrars",
    "NEW.registered_by_id <> NEW.countersigned_by_id AND "
    + active_staff("NEW.registered_by_id", "s.role = 'registrar'")
    + " AND "
    + active_staff("NEW.countersigned_by_id", "s.role = 'registrar'"),
)
_FIRST_REGISTRARS = (
    "NEW.role = 'registrar' AND NEW.registered_by_id IS NULL AND NEW.countersigned_by_id IS NULL"
    " AND (SELECT COUNT(*) FROM accounts_staff f) < 2"
)
_FIRST_AGENCY = (
    "NEW.kind = 'ministry' AND NEW.registered_by_id IS NULL AND NEW.countersigned_by_id IS NULL"
    " AND NOT EXISTS (SELECT 1 FROM accounts_agency f)"
)


def _of_agency(column: str, table: dict[str, frozenset[str]]) -> str:
    """SQL: NEW.column is one of those that the kind of its agency may have."""
    each = " OR ".join(
        f"(a.kind = '{kind}' AND NEW.{column} IN ({', '.join(repr(str(value)) for value in sorted(values))}))"
        for kind, values in table.items()
    )
    return f"EXISTS (SELECT 1 FROM accounts_agency a WHERE a.id = NEW.agency_id AND ({each}))"


def _owner_is_new(owner: str, keys: str) -> Require:
    """Keys come with their owner; nobody adds or takes a key later: an id above every id that has keys."""
    return Require("keys_closed", f"NEW.{owner} >= (SELECT COALESCE(MAX(k.{owner}), 0) FROM {keys} k)")


def declare(registry: Registry) -> None:
    """The guards of this app."""
    registry.add(
        AppendOnly("accounts_jurisdiction", keys=(("code",), ("path",))),
        AppendOnly("accounts_agency", keys=(("code",),)),
        AppendOnly("accounts_facility", keys=(("code",),)),
        AppendOnly("accounts_facilityend", keys=(("facility_id",),)),
        AppendOnly("accounts_staff", keys=(("number",),)),
        AppendOnly("accounts_staffend", keys=(("staff_id",),)),
        AppendOnly("accounts_facilitykey"),
        AppendOnly("accounts_staffkey"),
        closed=("INSERT", "UPDATE", "DELETE"),
    )
    # A login is given by the registrars' side; the web process changes its password, and never whose it is.
    registry.add(
        Guard("accounts_user", "UPDATE", (Require("account_frozen", "NEW.staff_id = OLD.staff_id"),), columns=("staff_id",)),
        # A password that somebody else chose stays marked until it is another.
        Guard(
            "accounts_user",
            "UPDATE",
            (Require("same_password", "NOT OLD.first_password OR NEW.first_password OR NEW.password <> OLD.password"),),
            columns=("first_password",),
            purpose="first_password",
        ),
        Guard("accounts_user", "DELETE", (Require("append_only", "1 = 0"),)),
        closed=("INSERT", "DELETE"),
    )
    # A token never comes to say more than it did, and never comes back.
    same = " AND ".join(
        f"NEW.{column} = OLD.{column}" for column in ("id", "staff_id", "digest", "label", "created_at", "expires_at")
    )
    registry.add(
        Guard(
            "accounts_apitoken",
            "UPDATE",
            (
                Require("account_frozen", f"{same} AND CAST(NEW.scopes AS TEXT) = CAST(OLD.scopes AS TEXT)"),
                Require("account_frozen", "OLD.revoked_at IS NULL AND NEW.revoked_at IS NOT NULL"),
            ),
        ),
        Guard("accounts_apitoken", "DELETE", (Require("append_only", "1 = 0"),)),
    )
    signed = TWO_REGISTRARS.legal
    registry.add(
        Guard("accounts_agency", "INSERT", (Require("two_registrars", f"({_FIRST_AGENCY}) OR ({signed})"),)),
        Guard(
            "accounts_facility",
            "INSERT",
            (TWO_REGISTRARS, Require("not_this_agency", _of_agency("kind", {str(k): v for k, v in FACILITIES_OF.items()}))),
        ),
        Guard("accounts_facilityend", "INSERT", (TWO_REGISTRARS,)),
        Guard(
            "accounts_staff",
            "INSERT",
            (
                Require("two_registrars", f"({_FIRST_REGISTRARS}) OR ({signed})"),
                Require("not_this_agency", _of_agency("role", {str(k): v for k, v in ROLES_OF.items()})),
                Require("id_number_missing", "LENGTH(NEW.id_number) >= 6"),
                # One person signs as one: two records at a time would be two signatures.
                Require(
                    "registered_already",
                    "NOT EXISTS (SELECT 1 FROM accounts_staff o WHERE o.id_number = NEW.id_number"
                    " AND NOT EXISTS (SELECT 1 FROM accounts_staffend x WHERE x.staff_id = o.id))",
                ),
            ),
        ),
        Guard("accounts_staffend", "INSERT", (TWO_REGISTRARS,)),
        Guard("accounts_facilitykey", "INSERT", (_owner_is_new("facility_id", "accounts_facilitykey"),)),
        Guard("accounts_staffkey", "INSERT", (_owner_is_new("staff_id", "accounts_staffkey"),)),
    )
