"""What was seen stays; observations belong to the hospital that has the child."""

from __future__ import annotations

from wayhome.casework.accounts.guards import active_staff
from wayhome.casework.core.guards import AppendOnly, Guard, Registry, Require
from wayhome.casework.custody.guards import head

TABLES = (
    ("observationplan", ()),
    ("observation", (("supersedes_id",),)),
    ("measure", ()),
    ("toxsample", (("barcode",),)),
    ("toxresult", ()),
)


def declare(registry: Registry) -> None:
    """The guards of this app."""
    registry.add(*(AppendOnly(f"medical_{table}", keys=keys) for table, keys in TABLES))
    place = f"(SELECT f.agency_id FROM accounts_facility f WHERE f.id = {head('NEW.child_id', 'facility_id')})"
    of_place = Require("not_of_place", active_staff("NEW.by_id", f"s.agency_id = {place}", "s.role IN ('nurse', 'doctor')"))
    current = Require("not_current", f"NEW.episode_id = {head('NEW.child_id')}")
    same_stay = Require(
        "something_else",
        "NEW.supersedes_id IS NULL OR EXISTS (SELECT 1 FROM medical_observation o WHERE o.id = NEW.supersedes_id"
        " AND o.episode_id = NEW.episode_id)",
    )
    of_taker = "s.agency_id = (SELECT t.agency_id FROM medical_toxsample x JOIN accounts_staff t ON t.id = x.by_id"
    registry.add(
        Guard("medical_observationplan", "INSERT", (current, of_place)),
        Guard("medical_observation", "INSERT", (current, of_place, same_stay)),
        Guard("medical_measure", "INSERT", (of_place,)),
        Guard("medical_toxsample", "INSERT", (of_place,)),
        Guard(
            "medical_toxresult",
            "INSERT",
            (
                Require(
                    "not_of_place",
                    active_staff("NEW.by_id", f"{of_taker} WHERE x.id = NEW.sample_id)", "s.role IN ('nurse', 'doctor')"),
                ),
            ),
        ),
    )
