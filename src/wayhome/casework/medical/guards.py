"""What was seen stays; observations belong to the hospital that has the child."""

from __future__ import annotations

from wayhome.casework.accounts.guards import active_staff
from wayhome.casework.core.guards import AppendOnly, Guard, Registry, Require
from wayhome.casework.custody.guards import head

TABLES = ("observationplan", "observation", "measure", "toxsample", "toxresult")


def declare(registry: Registry) -> None:
    """The guards of this app."""
    registry.add(*(AppendOnly(f"medical_{table}") for table in TABLES))
    place = f"(SELECT f.agency_id FROM accounts_facility f WHERE f.id = {head('NEW.child_id', 'facility_id')})"
    registry.add(
        *(
            Guard(
                f"medical_{table}",
                "INSERT",
                (
                    Require("not_current", f"NEW.episode_id = {head('NEW.child_id')}"),
                    Require("not_of_place", active_staff("NEW.by_id", f"s.agency_id = {place}", "s.role IN ('nurse', 'doctor')")),
                ),
            )
            for table in ("observationplan", "observation")
        )
    )
