"""Plans that are made in the background: asked for, worked on, ended."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from trust.gate.case import Case, judged, leaves
from trust.gate.stage import AFTER, AT, Stage, insert
from wayhome.casework.accounts.rules import Role

PLANNERS = ("placement_officer", "supervisor")
HERE, ELSEWHERE = 760_002, 760_001
PLAN, PLAN_ELSEWHERE = 770_001, 770_002


def jobs(stage: Stage) -> Iterator[Case]:
    """One plan at a time for a jurisdiction, and none for what was called off."""
    planner = stage.staff("supervisor")
    sizes = {"nights": 1, "children": 1, "homes": 1}

    def job(where: str = "GX", *, by: int = planner, **more: Any) -> str:
        columns = {"jurisdiction_id": stage.world.jurisdictions[where].pk, **sizes, "at_once": True, "by_id": by, "at": AT}
        return insert("placements_planjob", **columns | more)

    def plan(where: str, pk: int) -> str:
        columns = {"jurisdiction_id": stage.world.jurisdictions[where].pk, **sizes, "by_id": planner, "at": AT}
        return insert("placements_nightplan", id=pk, **columns)

    def end(job_id: int, outcome: str = "failed", plan_id: int | None = None, by: int | None = None) -> str:
        columns = {"job_id": job_id, "outcome": outcome, "code": "", "plan_id": plan_id, "by_id": by, "at": AFTER}
        return insert("placements_planjobend", **columns)

    # The job elsewhere is the first of the table.
    both = (job("GD", id=ELSEWHERE), job(id=HERE))
    asked = "placements_planjob_insert_gate"
    yield judged(asked, "legal", "", job())
    for role in Role:
        code = "" if role in PLANNERS else "not_allowed"
        yield judged(asked, f"by a {role}", code, job(by=stage.member["welfare", role]))
    yield judged(asked, "by nobody", "not_allowed", job(by=999_999))
    yield judged(asked, "by somebody who left", "not_allowed", leaves(stage, "supervisor"), job())
    yield judged(asked, "somebody else left", "", leaves(stage, "supervisor2"), job())
    yield judged(asked, "while one is made", "already_planning", job(id=HERE), job())
    yield judged(asked, "while one is made elsewhere", "", job("GD", id=ELSEWHERE), job())
    yield judged(asked, "after one was ended", "", job(id=HERE), end(HERE), job())
    yield judged(asked, "after one was ended elsewhere", "already_planning", *both, end(ELSEWHERE), job())

    def step(name: str, code: str, *before: str) -> Case:
        write = insert("placements_planjobstep", job_id=HERE, doing="begun", at=AFTER)
        return judged("placements_planjobstep_insert_gate", name, code, *both, *before, write)

    yield step("legal", "")
    yield step("after its end", "plan_over", end(HERE))
    yield step("after the end of another", "", end(ELSEWHERE))

    ends, plans = "placements_planjobend_insert_gate", (plan("GX", PLAN), plan("GD", PLAN_ELSEWHERE))

    def ended(name: str, code: str, outcome: str, plan_id: int | None = None, by: int | None = None, *before: str) -> Case:
        return judged(ends, name, code, *both, *plans, *before, end(HERE, outcome, plan_id, by))

    missing = "plan_missing"
    yield judged(ends, "done elsewhere", "", *both, *plans, end(ELSEWHERE, "done", PLAN_ELSEWHERE))
    yield judged(ends, "done elsewhere with a plan for here", missing, *both, *plans, end(ELSEWHERE, "done", PLAN))
    yield ended("done", "", "done", PLAN)
    yield ended("done by somebody", "", "done", PLAN, stage.staff("nurse"))
    yield ended("done without a plan", missing, "done")
    yield ended("done with a plan for elsewhere", missing, "done", PLAN_ELSEWHERE)
    yield ended("done with a plan that is not there", missing, "done", 999_999)
    yield ended("failed", "", "failed")
    yield ended("failed with a plan", missing, "failed", PLAN)
    yield ended("called off", "", "cancelled", None, planner)
    yield ended("called off with a plan", missing, "cancelled", PLAN, planner)
    for outcome in ("", "waiting"):
        yield ended(f"ended as {outcome!r}", missing, outcome, None, planner)
        yield ended(f"ended as {outcome!r} with a plan", missing, outcome, PLAN, planner)
    for role in Role:
        code = "" if role in PLANNERS else "not_allowed"
        yield ended(f"called off by a {role}", code, "cancelled", None, stage.member["welfare", role])
    for name, by in (("nobody", None), ("somebody unknown", 999_999)):
        yield ended(f"called off by {name}", "not_allowed", "cancelled", None, by)
    yield ended("called off by somebody who left", "not_allowed", "cancelled", None, planner, leaves(stage, "supervisor"))
    yield ended("called off, somebody else left", "", "cancelled", None, planner, leaves(stage, "supervisor2"))
