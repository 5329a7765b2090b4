"""The part of `factories.api_cases` that is about investigations and joint operations. All people are made up."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from factories.api_case import Case, Things, sends, where
from factories.operations import investigation
from wayhome.casework.custody import actions as custody
from wayhome.casework.operations import actions
from wayhome.casework.operations.queries.victims import victim_of


def some_operations(things: Things) -> None:
    """An investigation of Guangxi's police, with the ministry; of its number nobody else knows."""
    world = things.world
    kept, world.clock = world.clock, timezone.now()
    try:
        opened = investigation(world, "officer2", code="GX-0611", title="the night boats", supervised=True)
        closed = investigation(world, code="GX-0612", title="the day boats")
    finally:
        world.clock = kept
    things.ids |= {"investigation": opened.number, "unsupervised": closed.number}
    who = {"by": world.actor("officer"), "at": timezone.now()}
    for name in ("victim", "rescued"):
        told = {
            "evidence": "a call about a girl for the mill",
            "sex": "F",
            "seen_from": date(2011, 6, 2),
            "seen_to": date(2011, 6, 3),
        }
        things.ids[name] = actions.tell_victim(investigation=opened, **told, **who).pk
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
}
