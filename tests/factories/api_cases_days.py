"""The part of `factories.api_cases` that is about the day of an operation. All people are made up."""

from __future__ import annotations

from django.utils import timezone

from factories.api_case import Case, Things, sends, soon, where
from wayhome.casework.operations import actions


def a_day(things: Things) -> None:
    """Somebody was detained, and Guangxi has reported."""
    world, at = things.world, timezone.now()
    assert world.operation
    officer = world.actor("officer")
    held = world.person("the driver of the van", ("phone", "13977005678"))
    actions.record_role(person=held, operation=world.operation, kind="transporter", detained_at=at, by=officer, at=at)
    actions.report_officers(operation=world.operation, officers=30, counted_at=at, by=officer, at=at)
    things.ids["driver"] = held.pk


DAYS: dict[str, Case] = {
    "POST /operations/{id}/officers": Case(
        "officer",
        where("/operations/{operation}/officers"),
        sends(officers=42, counted_at=lambda _: soon()),
        foreign="officer_gd",
    ),
    "POST /operations/{id}/seizures": Case(
        "officer",
        where("/operations/{operation}/seizures"),
        sends(reference="GX-1", kind="money", amount="1200.50", unit="CNY", counted_at=lambda _: soon()),
        foreign="officer_gd",
    ),
    "POST /operations/{id}/detentions": Case(
        "officer",
        where("/operations/{operation}/detentions"),
        sends(person=lambda t: t.driver, jurisdiction="GX"),
        foreign="officer_gd",
    ),
    "GET /operations/{id}/board": Case("officer", where("/operations/{operation}/board"), foreign="officer_gd"),
}
