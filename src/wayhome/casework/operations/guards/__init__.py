"""What the database keeps of operations, whoever writes."""

from __future__ import annotations

from wayhome.casework.core.guards import Registry
from wayhome.casework.operations.guards import days, investigations, joint, people, victims


def declare(registry: Registry) -> None:
    """The guards of this app."""
    people.declare(registry)
    investigations.declare(registry)
    days.declare(registry)
    victims.declare(registry)
    joint.declare(registry)
