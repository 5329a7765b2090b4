"""What the database itself keeps of what two houses tell each other."""

from __future__ import annotations

from wayhome.casework.core.guards import Registry
from wayhome.casework.exchange.guards import corrections, dna, ending, files, messages


def declare(registry: Registry) -> None:
    """The guards of this app."""
    messages.declare(registry)
    dna.declare(registry)
    files.declare(registry)
    corrections.declare(registry)
    ending.declare(registry)
