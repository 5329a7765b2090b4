"""A child stays, and what was said of it stays."""

from __future__ import annotations

from wayhome.casework.core.guards import AppendOnly, Guard, Registry, Require

TABLES = (
    "siblinggroup",
    "ageestimate",
    "assertion",
    "mark",
    "founditem",
    "photo",
    "wristband",
    "correction",
    "duplicateproposal",
    "mergestep",
    "mergeconfirmation",
)

LATEST_STEP = (
    "SELECT MAX(m.id) FROM children_mergestep m JOIN children_mergeconfirmation c ON c.step_id = m.id"
    " WHERE m.absorbed_id = {child}"
)


def is_absorbed(child: str) -> str:
    """SQL: two people said that this record is another child's."""
    return f"EXISTS (SELECT 1 FROM children_mergestep l WHERE l.id = ({LATEST_STEP.format(child=child)}) AND l.kind = 'merge')"


def declare(registry: Registry) -> None:
    """The guards of this app."""
    registry.add(*(AppendOnly(f"children_{table}") for table in TABLES))
    fixed = ("event_id", "first_episode_id", "by_id", "at")
    registry.add(
        Guard("children_child", "DELETE", (Require("append_only", "1 = 0"),)),
        Guard(
            "children_child",
            "UPDATE",
            (
                Require("child_frozen", " AND ".join(f"NEW.{c} = OLD.{c}" for c in ("id", *fixed))),
                Require("child_version", "NEW.version = OLD.version + 1"),
            ),
        ),
        Guard(
            "children_child",
            "INSERT",
            (
                Require(
                    "already_there",
                    "NOT EXISTS (SELECT 1 FROM children_child there WHERE there.id = NEW.id"
                    " OR there.first_episode_id = NEW.first_episode_id)",
                ),
                Require("child_version", "NEW.version = 1"),
                Require(
                    "no_custodian",
                    "EXISTS (SELECT 1 FROM custody_custodyepisode e WHERE e.id = NEW.first_episode_id AND e.child_id = NEW.id"
                    " AND e.n = 1)",
                ),
            ),
        ),
        Guard(
            "children_mergestep",
            "INSERT",
            (
                Require("merge_with_itself", "NEW.kept_id <> NEW.absorbed_id"),
                Require("merge_of_merged", f"NEW.kind = 'split' OR NOT {is_absorbed('NEW.absorbed_id')}"),
                Require("merge_into_merged", f"NEW.kind = 'split' OR NOT {is_absorbed('NEW.kept_id')}"),
                Require("split_of_whole", f"NEW.kind = 'merge' OR {is_absorbed('NEW.absorbed_id')}"),
            ),
        ),
        Guard(
            "children_mergeconfirmation",
            "INSERT",
            (
                Require(
                    "self_approval",
                    "EXISTS (SELECT 1 FROM children_mergestep m WHERE m.id = NEW.step_id AND m.proposed_by_id <> NEW.by_id)",
                ),
            ),
        ),
        Guard(
            "children_wristband",
            "INSERT",
            (
                Require(
                    "wristband_follows",
                    "(NEW.replaces_id IS NULL AND NOT EXISTS (SELECT 1 FROM children_wristband w WHERE"
                    " w.child_id = NEW.child_id))"
                    " OR EXISTS (SELECT 1 FROM children_wristband w WHERE w.id = NEW.replaces_id AND w.child_id = NEW.child_id)",
                ),
            ),
        ),
    )
