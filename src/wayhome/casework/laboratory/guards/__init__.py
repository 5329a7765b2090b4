"""A kit goes from hand to hand; what a sample showed is written once; a relative's profile goes when, and only when, it must."""

from __future__ import annotations

from wayhome.casework.core.guards import Registry
from wayhome.casework.laboratory.guards import kits, results


def declare(registry: Registry) -> None:
    """The guards of this app."""
    kits.declare(registry)
    results.declare(registry)
