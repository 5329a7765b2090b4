"""The plan of a joint operation, as far as a test wants it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from factories.world import World
from wayhome.casework.operations import actions
from wayhome.casework.operations.models import Investigation, JointPlan, PlanSite
from wayhome.casework.operations.queries.joint import planned

READY = {"kit": True, "medic": True, "female_officer": True}
STEPS = ("approved", "sealed", "launched", "stood_down", "reviewed")


def draft(world: World, opened: Investigation, *, by: str = "officer", at: datetime | None = None, **told: Any) -> JointPlan:
    """Planned for two days later."""
    moment = at or world.now()
    asked = {
        "code": "2011.7.17",
        "title": "the night boats",
        "zero_hour": moment + timedelta(days=2),
        "jurisdiction": world.jurisdictions["GX"],
    }
    return actions.draft_plan(investigation=opened, **asked | told, by=world.actor(by), at=moment)


def site(world: World, plan: JointPlan, *, leader: str = "officer2", by: str = "officer", **told: Any) -> PlanSite:
    """A place in it, led by somebody of the task force."""
    asked = {"jurisdiction": world.jurisdictions["GX"], "place": "河堤路3号仓库", "officers": 40}
    return actions.add_site(plan=plan, leader=world.staff[leader], **asked | told, by=world.actor(by), at=world.now())


def says(world: World, one: PlanSite, word: str = "go", *, by: str = "officer2", **told: Any) -> Any:
    """What its leader says of it."""
    reason = "" if word == "go" else "no nurse yet"
    return actions.report_readiness(site=one, word=word, **READY | {"reason": reason} | told, by=world.actor(by), at=world.now())


def step(world: World, plan: JointPlan, name: str, *, by: str = "", **told: Any) -> Any:
    """One step on."""
    who = {"by": world.actor(by or ("supervisor" if name == "approved" else "officer")), "at": world.now()}
    match name:
        case "approved":
            return actions.approve_plan(plan=plan, **{"digest": planned(plan).digest} | told, **who)
        case "sealed":
            return actions.seal_plan(plan=plan, **who)
        case "launched":
            return actions.launch_plan(plan=plan, **who)
        case "stood_down":
            return actions.stand_down_plan(plan=plan, **told, **who)
        case _:
            return actions.review_plan(plan=plan, **{"note": "the boats came late"} | told, **who)


def joint_plan(world: World, opened: Investigation, upto: str = "drafted", **told: Any) -> JointPlan:
    """A plan with one site, as far as asked for; the site goes once it is sealed."""
    plan = draft(world, opened, **told)
    one = site(world, plan)
    for name in STEPS[: (*("drafted",), *STEPS).index(upto)]:
        if name == "launched":
            says(world, one)
        step(world, plan, name)
    return plan


def fill_joint(world: Any) -> None:
    """A plan in every state, the sealed one with a site that goes, one that does not, and one that told nothing; a campaign."""
    opened = world.investigation
    who = {"leader": "officer", "by": "officer"}
    world.joint = {}
    for name in ("drafted", "approved", "sealed", "launched", "stood_down", "reviewed"):
        plan = draft(world, opened, code=f"2011.7.20-{name[:3]}", title="Sails down: from Dongxing to Zhanjiang")
        first = site(world, plan, **who)
        guangdong = {"jurisdiction": world.jurisdictions["GD"], "place": "广东湛江市人民大道中218号3单元12楼"}
        second = site(world, plan, leader="officer_gd", officers=12, **guangdong)
        third = site(world, plan, leader="officer_nanning", place="广西南宁市新建路66号棋牌室后院", officers=8)
        for one in STEPS[: (*("drafted",), *STEPS).index(name)]:
            if one == "launched":
                for each in (first, second, third):
                    says(world, each, by="officer")
            step(world, plan, one)
        if name == "sealed":
            says(world, first, by="officer")
            says(world, second, "no_go", by="officer_gd", medic=False, reason="the medic is on the road, twenty minutes")
        world.joint[name] = plan
    actions.record_campaign(
        name="2011 joint campaign against trafficking across the border",
        partner=world.jurisdictions["VN"],
        starts=date(2011, 7, 1),
        ends=date(2011, 9, 15),
        by=world.actor("supervisor"),
        at=world.now(),
    )
