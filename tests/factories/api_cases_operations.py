"""The part of `factories.api_cases` that is about investigations and joint operations. All people are made up."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from factories.api_case import Case, Things, sends, where
from factories.joint import READY, draft, joint_plan, says, step
from factories.joint import site as add_site
from factories.operations import investigation, without_lead
from wayhome.casework.custody import actions as custody
from wayhome.casework.operations import actions
from wayhome.casework.operations.queries.investigations import task_force
from wayhome.casework.operations.queries.joint import plan_of, planned
from wayhome.casework.operations.queries.victims import victim_of


def some_operations(things: Things) -> None:
    """An investigation of Guangxi's police, with the ministry; of its number nobody else knows."""
    world = things.world
    kept, world.clock = world.clock, timezone.now()
    try:
        opened = investigation(world, "officer2", code="GX-0611", title="the night boats", supervised=True)
        closed = investigation(world, code="GX-0612", title="the day boats")
        orphaned = without_lead(world)
    finally:
        world.clock = kept
    things.ids |= {"investigation": opened.number, "unsupervised": closed.number, "orphaned": orphaned.number}
    who = {"by": world.actor("officer"), "at": timezone.now()}
    for name in ("victim", "rescued"):
        told = {
            "evidence": "a call about a girl for the mill",
            "sex": "F",
            "seen_from": date(2011, 6, 2),
            "seen_to": date(2011, 6, 3),
        }
        things.ids[name] = actions.tell_victim(investigation=opened, **told, **who).pk
    things.ids["member"] = task_force(who["by"], opened.pk).get(staff=world.staff["officer2"]).pk
    kept, world.clock = world.clock, timezone.now()
    try:
        for name in ("drafted", "approved", "sealed", "goes", "launched", "stood_down"):
            plan = joint_plan(world, opened, "sealed" if name == "goes" else name, code=f"GX-{name}", title=f"night: {name}")
            site = planned(plan).sites[0][0]
            if name == "goes":
                says(world, site)
            things.ids |= {f"plan_{name}": plan.number, f"site_{name}": site.pk}
        led = draft(world, opened, code="GX-led", title="night: led")
        things.ids["site_led"] = add_site(world, led, leader="officer").pk
        step(world, led, "approved")
        things.ids["digest"] = planned(plan_of(who["by"], int(things.plan_drafted))).digest
    finally:
        world.clock = kept
    wrong = actions.record_operation(
        code="GX-wrong", title="x", zero_hour=timezone.now(), jurisdiction=world.jurisdictions["GX"], **who
    )
    actions.tie_operation(investigation=opened, operation=wrong, **who)
    things.ids["tied_operation"] = wrong.pk
    custody.tie_victim(victim=victim_of(who["by"], things.rescued), child_id=int(things.ward), **who)


OPERATIONS: dict[str, Case] = {
    "POST /investigations": Case("officer", where("/investigations"), sends(code="2011.2.21", title="Case 2", jurisdiction="GX")),
    "GET /investigations": Case("officer", where("/investigations")),
    "GET /investigations/{number}": Case("officer", where("/investigations/{investigation}"), foreign="officer_gd"),
    "POST /investigations/{number}/supervision": Case(
        "officer", where("/investigations/{unsupervised}/supervision"), sends(since="2011-07-01"), foreign="officer_gd"
    ),
    "GET /investigations/{number}/members": Case(
        "officer", where("/investigations/{investigation}/members"), foreign="officer_gd"
    ),
    "POST /investigations/{number}/members": Case(
        "officer",
        where("/investigations/{investigation}/members"),
        sends(staff="officer_gd", function="member"),
        foreign="officer_gd",
    ),
    "POST /investigations/{number}/lead": Case(
        "officer",
        where("/investigations/{investigation}/lead"),
        sends(staff="officer2", leave=False),
        foreign="officer_gd",
    ),
    "POST /investigations/{number}/named-lead": Case(
        "supervisor",
        where("/investigations/{orphaned}/named-lead"),
        sends(staff="officer2", reason="their only lead retired"),
        foreign="supervisor_vn",
        approves=True,
    ),
    "POST /investigations/{number}/operations": Case(
        "officer",
        where("/investigations/{investigation}/operations"),
        sends(operation=lambda t: t.operation),
        foreign="officer_gd",
    ),
    "GET /investigations/{number}/operations": Case(
        "officer", where("/investigations/{investigation}/operations"), foreign="officer_gd"
    ),
    "POST /investigations/{number}/operations/{id}/end": Case(
        "officer",
        where("/investigations/{investigation}/operations/{tied_operation}/end"),
        sends(reason="another ring's"),
        foreign="officer_gd",
    ),
    "GET /investigations/{number}/victims": Case(
        "officer", where("/investigations/{investigation}/victims"), foreign="officer_gd"
    ),
    "POST /investigations/{number}/victims": Case(
        "officer",
        where("/investigations/{investigation}/victims"),
        sends(evidence="two tickets to Shanxi", sex="M", seen_from="2011-06-02", seen_to="2011-06-09"),
        foreign="officer_gd",
    ),
    "POST /victims/{id}/states": Case(
        "officer", where("/victims/{victim}/states"), sends(state="located", note="seen at a clinic"), foreign="officer_gd"
    ),
    "POST /victims/{id}/child": Case(
        "officer", where("/victims/{victim}/child"), sends(child=lambda t: t.child), foreign="officer_gd"
    ),
    "POST /victims/{id}/child/end": Case(
        "officer", where("/victims/{rescued}/child/end"), sends(reason="another blanket"), foreign="officer_gd"
    ),
    "POST /investigations/{number}/members/{code}/end": Case(
        "officer", where("/investigations/{investigation}/members/officer2/end"), foreign="officer_gd"
    ),
    "POST /investigations/{number}/joint-plans": Case(
        "officer",
        where("/investigations/{investigation}/joint-plans"),
        sends(code="GX-1", title="night", zero_hour="2011-07-20T00:00:00+08:00", jurisdiction="GX"),
        foreign="officer_gd",
    ),
    "GET /investigations/{number}/joint-plans": Case(
        "officer", where("/investigations/{investigation}/joint-plans"), foreign="officer_gd"
    ),
    "GET /joint-plans/{number}": Case("officer", where("/joint-plans/{plan_sealed}"), foreign="officer_gd"),
    "POST /joint-plans/{number}/sites": Case(
        "officer",
        where("/joint-plans/{plan_drafted}/sites"),
        sends(jurisdiction="GX", place="a yard", leader="officer2", officers=6),
        foreign="officer_gd",
    ),
    "GET /joint-sites/{id}": Case("officer", where("/joint-sites/{site_led}"), foreign="officer_gd"),
    "POST /joint-sites/{id}/readiness": Case(
        "officer", where("/joint-sites/{site_sealed}/readiness"), sends(word="go", **READY), foreign="officer_gd"
    ),
    "POST /joint-plans/{number}/approval": Case(
        "supervisor",
        where("/joint-plans/{plan_drafted}/approval"),
        sends(digest=lambda t: t.digest),
        foreign="supervisor_vn",
        approves=True,
    ),
    "POST /joint-plans/{number}/seal": Case("officer", where("/joint-plans/{plan_approved}/seal"), foreign="officer_gd"),
    "POST /joint-plans/{number}/launch": Case("officer", where("/joint-plans/{plan_goes}/launch"), foreign="officer_gd"),
    "POST /joint-plans/{number}/stand-down": Case(
        "officer", where("/joint-plans/{plan_launched}/stand-down"), sends(note="all quiet"), foreign="officer_gd"
    ),
    "POST /joint-plans/{number}/review": Case(
        "officer", where("/joint-plans/{plan_stood_down}/review"), sends(note="the boats came late"), foreign="officer_gd"
    ),
    "POST /campaigns": Case(
        "supervisor",
        where("/campaigns"),
        sends(name="joint campaign", partner="VN", starts="2011-07-01", ends="2011-09-15"),
        approves=True,
    ),
    "GET /campaigns": Case("officer", where("/campaigns")),
}
