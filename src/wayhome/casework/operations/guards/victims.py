"""What is told of a child that nobody has found yet comes from the task force, and stays."""

from __future__ import annotations

from wayhome.casework.core.guards import AppendOnly, Guard, Registry, Require
from wayhome.casework.operations.guards.investigations import member_now


def investigation_of(victim: str) -> str:
    """SQL: the investigation of an alleged victim."""
    return f"(SELECT av.investigation_id FROM operations_allegedvictim av WHERE av.id = {victim})"


def state_of(victim: str) -> str:
    """SQL: what was last said of an alleged victim."""
    return (
        "COALESCE((SELECT st.state FROM operations_allegedstate st WHERE st.id ="
        f" (SELECT MAX(ls.id) FROM operations_allegedstate ls WHERE ls.victim_id = {victim})), 'unseen')"
    )


def lock(victim: str) -> str:
    """What PostgreSQL does first: what is said of an alleged victim waits for its tie to a child, and the other way round."""
    return f"PERFORM 1 FROM operations_allegedvictim av WHERE av.id = {victim} FOR UPDATE"


def declare(registry: Registry) -> None:
    """The guards of alleged victims."""
    registry.add(AppendOnly("operations_allegedvictim"), AppendOnly("operations_allegedstate"))
    registry.add(
        Guard("operations_allegedvictim", "INSERT", (Require("not_member", member_now("NEW.investigation_id", "NEW.by_id")),)),
        Guard(
            "operations_allegedstate",
            "INSERT",
            (Require("not_member", member_now(investigation_of("NEW.victim_id"), "NEW.by_id")),),
            locks=(lock("NEW.victim_id"),),
        ),
    )
