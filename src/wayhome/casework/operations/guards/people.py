"""What is known of adults and of the places of rescue is added to and never taken away."""

from __future__ import annotations

from wayhome.casework.core.guards import AppendOnly, Registry

TABLES = ("rescueevent", "rescueeventkey", "person", "personfact", "personkey", "foundwith")


def declare(registry: Registry) -> None:
    """The guards of this app."""
    registry.add(AppendOnly("operations_operation", keys=(("code",),)))
    registry.add(*(AppendOnly(f"operations_{table}") for table in TABLES))
    registry.add(AppendOnly("operations_tie", keys=(("person_id", "other_id", "kind"),)))
    registry.add(AppendOnly("operations_personrole", keys=(("person_id", "operation_id", "kind"),)))
