"""Words of the operations, and who is counted as a suspect. Pure."""

from __future__ import annotations

FACTS = frozenset({"name", "alias", "id", "phone", "address", "vehicle"})
TIES = frozenset({"spouse", "parent", "sibling", "household", "other_kin"})
ROLES_IN_OPERATION = frozenset({"suspect", "organiser", "transporter", "intermediary", "buyer", "seller", "medical", "witness"})
SUSPECTS = ROLES_IN_OPERATION - {"buyer", "witness"}
"""Who belongs to the ring: whoever has one of these roles is counted, once however many they have."""

FUNCTIONS = ("lead", "member", "supervisor")
"""What somebody is in a task force; the supervisor is the ministry's."""


def key_kind(fact: str) -> str:
    """How a fact is recognised: an alias is a name."""
    return "name" if fact == "alias" else fact
