"""What the database keeps of a return, whoever writes."""

from __future__ import annotations

from wayhome.casework.core.guards import Registry
from wayhome.casework.reunification.guards import custody, file, releases


def declare(registry: Registry) -> None:
    """The guards of this app."""
    file.declare(registry)
    releases.declare(registry)
    custody.declare(registry)
