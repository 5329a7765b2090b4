"""A province reports for itself, and nothing that it reported is taken away."""

from __future__ import annotations

from wayhome.casework.accounts.guards import active_staff
from wayhome.casework.core.guards import AppendOnly, Guard, Registry, Require

_OFFICER = "s.role = 'officer'"
_OWN = Require(
    "not_own_province",
    active_staff(
        "NEW.by_id",
        _OFFICER,
        "EXISTS (SELECT 1 FROM accounts_agency a JOIN accounts_jurisdiction h ON h.id = a.jurisdiction_id"
        " JOIN accounts_jurisdiction p ON p.id = NEW.jurisdiction_id WHERE a.id = s.agency_id"
        " AND SUBSTR(h.path, 1, LENGTH(p.path)) = p.path AND (p.kind = 'province' OR h.kind = 'country'))",
    ),
)


def declare(registry: Registry) -> None:
    """The guards of what is reported on the day."""
    registry.add(*(AppendOnly(f"operations_{table}") for table in ("deployment", "seizure", "detention")))
    registry.add(
        Guard("operations_deployment", "INSERT", (_OWN,)),
        Guard("operations_seizure", "INSERT", (_OWN, Require("amount_below_nothing", "NEW.amount >= 0"))),
        Guard(
            "operations_detention",
            "INSERT",
            (
                Require("not_own_province", active_staff("NEW.by_id", _OFFICER)),
                Require(
                    "not_detained",
                    "EXISTS (SELECT 1 FROM operations_personrole r WHERE r.person_id = NEW.person_id"
                    " AND r.operation_id = NEW.operation_id AND r.detained_at IS NOT NULL)",
                ),
            ),
        ),
    )
