"""The part of `factories.api_cases` that is about investigations and joint operations. All people are made up."""

from __future__ import annotations

from django.utils import timezone

from factories.api_case import Case, Things, sends, where
from factories.operations import investigation


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
    "POST /investigations/{number}/members/{code}/end": Case(
        "officer", where("/investigations/{investigation}/members/officer2/end"), foreign="officer_gd"
    ),
}
