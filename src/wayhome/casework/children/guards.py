"""A child stays, and what was said of it stays."""

from __future__ import annotations

from wayhome.casework.core.guards import AppendOnly, Guard, Registry, Require
from wayhome.casework.operations.guards.investigations import lock as lock_investigation
from wayhome.casework.operations.guards.investigations import member_now
from wayhome.casework.operations.guards.victims import investigation_of, state_of
from wayhome.casework.operations.guards.victims import lock as lock_victim

TABLES = (
    ("siblinggroup", ()),
    ("ageestimate", ()),
    ("assertion", (("supersedes_id",),)),
    ("mark", ()),
    ("founditem", ()),
    ("photo", ()),
    ("wristband", (("code",), ("replaces_id",))),
    ("correction", ()),
    ("duplicateproposal", (("one_id", "other_id"),)),
    ("mergestep", ()),
    ("mergeconfirmation", (("step_id",),)),
    ("victimtie", ()),
    ("victimtieend", (("tie_id",),)),
)

LATEST_STEP = (
    "SELECT MAX(m.id) FROM children_mergestep m JOIN children_mergeconfirmation c ON c.step_id = m.id"
    " WHERE m.absorbed_id = {child}"
)


_STEP_KIND, _STEP_KEPT, _STEP_ABSORBED = (
    f"(SELECT p.{column} FROM children_mergestep p WHERE p.id = NEW.step_id)" for column in ("kind", "kept_id", "absorbed_id")
)


def is_absorbed(child: str) -> str:
    """SQL: two people said that this record is another child's."""
    return f"EXISTS (SELECT 1 FROM children_mergestep l WHERE l.id = ({LATEST_STEP.format(child=child)}) AND l.kind = 'merge')"


def records_of(child: str) -> str:
    """SQL: a child's own record and each that was merged into it, also by way of a record between them."""
    return (
        f"WITH RECURSIVE same (id) AS (SELECT c.id FROM children_child c WHERE c.id = {child} UNION SELECT w.absorbed_id"
        " FROM children_mergestep w JOIN same ON same.id = w.kept_id"
        f" WHERE w.kind = 'merge' AND w.id = ({LATEST_STEP.format(child='w.absorbed_id')})) SELECT same.id FROM same"
    )


def _corrected(column: str, old: str, new: str) -> str:
    """SQL: a column of a child stays, or what it was and becomes is on record for the new version."""
    return (
        f"{old} = {new} OR EXISTS (SELECT 1 FROM children_correction c WHERE c.child_id = OLD.id AND c.version = NEW.version"
        f" AND c.field = '{column}' AND c.old = {old} AND c.new = {new})"
    )


def _as_text(column: str) -> str:
    return f"COALESCE(CAST({column} AS TEXT), '')"


_STANDS = "NOT EXISTS (SELECT 1 FROM children_victimtieend te WHERE te.tie_id = t.id)"
_OF_TIE = "(SELECT t.victim_id FROM children_victimtie t WHERE t.id = NEW.tie_id)"


def _victims(registry: Registry) -> None:
    """Who says that a child is the one that evidence told of: the task force, and of one child and one alleged victim once."""
    mine = investigation_of("NEW.victim_id")
    tied = f"EXISTS (SELECT 1 FROM children_victimtie t WHERE t.victim_id = NEW.victim_id AND {_STANDS})"
    registry.add(
        Guard(
            "children_victimtie",
            "INSERT",
            (
                Require("not_member", member_now(mine, "NEW.by_id")),
                Require("victim_disproved", f"{state_of('NEW.victim_id')} <> 'disproved'"),
                Require("victim_rescued", f"NOT {tied}"),
                # In another compartment the same child may stand too: this one learns nothing of it.
                Require(
                    "child_tied",
                    "NOT EXISTS (SELECT 1 FROM children_victimtie t JOIN operations_allegedvictim o ON o.id = t.victim_id"
                    f" WHERE t.child_id = NEW.child_id AND o.investigation_id = {mine} AND {_STANDS})",
                ),
            ),
            locks=(lock_investigation(mine), lock_victim("NEW.victim_id")),
        ),
        Guard(
            "children_victimtieend",
            "INSERT",
            (Require("not_member", member_now(investigation_of(_OF_TIE), "NEW.by_id")),),
        ),
        Guard(
            "operations_allegedstate",
            "INSERT",
            (Require("victim_rescued", f"NEW.state <> 'disproved' OR NOT {tied}"),),
            locks=(lock_victim("NEW.victim_id"),),
            purpose="rescued",
        ),
    )


def declare(registry: Registry) -> None:
    """The guards of this app."""
    registry.add(*(AppendOnly(f"children_{table}", keys=keys) for table, keys in TABLES))
    _victims(registry)
    fixed = ("event_id", "first_episode_id", "by_id", "at")
    registry.add(
        Guard("children_child", "DELETE", (Require("append_only", "1 = 0"),)),
        Guard(
            "children_child",
            "UPDATE",
            (
                Require("child_frozen", " AND ".join(f"NEW.{c} = OLD.{c}" for c in ("id", *fixed))),
                Require("child_version", "NEW.version = OLD.version + 1"),
                Require("correction_missing", _corrected("call_name", "OLD.call_name", "NEW.call_name")),
                Require("correction_missing", _corrected("sex", "OLD.sex", "NEW.sex")),
                Require("correction_missing", _corrected("siblings", _as_text("OLD.siblings_id"), _as_text("NEW.siblings_id"))),
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
                # Once more: between a proposal and its confirmation another merge may have come, even the other way round.
                Require("merge_of_merged", f"{_STEP_KIND} = 'split' OR NOT {is_absorbed(_STEP_ABSORBED)}"),
                Require("merge_into_merged", f"{_STEP_KIND} = 'split' OR NOT {is_absorbed(_STEP_KEPT)}"),
                Require("split_of_whole", f"{_STEP_KIND} = 'merge' OR {is_absorbed(_STEP_ABSORBED)}"),
                # A twin whose record goes on under another number is a twin still.
                Require(
                    "siblings_lost",
                    f"{_STEP_KIND} = 'split' OR NOT EXISTS (SELECT 1 FROM children_child a JOIN children_child k"
                    f" ON k.id = {_STEP_KEPT} AND a.siblings_id <> COALESCE(k.siblings_id, 0) WHERE a.id = {_STEP_ABSORBED})",
                ),
            ),
            locks=("PERFORM pg_advisory_xact_lock(hashtext('wayhome.merge'))",),
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
