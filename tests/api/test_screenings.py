"""A question whether somebody is excluded is an event, and says nothing of what was asked."""

from __future__ import annotations

import json

from django.test import Client
from django.urls import reverse

from factories.api import Program
from factories.world import World
from wayhome.casework.accounts import actions as accounts
from wayhome.casework.audit.models import AuditEvent
from wayhome.casework.custody import actions as custody

NAME = "陈桂花"


def told() -> list[tuple[int, str, dict[str, object]]]:
    """The events: who, about what, with what."""
    events = AuditEvent.objects.filter(action="custody.screen").order_by("n")
    return [(event.staff_id, event.subject, json.loads(event.data)) for event in events]


def test_each_question_is_an_event_with_what_it_met(world: World, api: Program) -> None:
    buyer = world.person("the buyer", ("name", NAME))
    exclusion = custody.exclude(person=buyer, ground="buyer", by=world.actor("officer"), at=world.now())
    for value, match in ((NAME, "same"), ("孙志愿", "none")):
        answer = api.post("nurse", "/screenings", {"kind": "name", "value": value}, key=match)
        assert (answer.status_code, answer.json()) == (201, {"match": match})
    assert api.post("nurse", "/screenings", {"kind": "name", "value": NAME}, key="same").status_code == 201
    nurse = world.staff["nurse"].pk
    assert told() == [
        (nurse, "screening", {"kind": "name", "match": "same", "met": [exclusion.pk]}),
        (nurse, "screening", {"kind": "name", "match": "none", "met": []}),
    ], "an answer that is repeated is no other question"
    assert not any(NAME in event.data for event in AuditEvent.objects.all())


def test_who_may_not_ask_is_refused_and_leaves_no_screening(world: World, api: Program) -> None:
    answer = api.post("analyst", "/screenings", {"kind": "name", "value": NAME})
    assert answer.status_code == 403
    assert not told()


def test_the_pages_that_tell_of_exclusions_leave_events_too(world: World, client: Client) -> None:
    buyer = world.person("the buyer", ("name", NAME))
    custody.exclude(person=buyer, ground="buyer", by=world.actor("officer"), at=world.now())
    user = accounts.open_account(staff=world.staff["officer"], username="officer", password=None)
    user.authenticator_set.create(type="totp", data={"secret": "none"})
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get(reverse("exclusions")).status_code == 200
    assert not told(), "the list is one's own agency's"
    assert client.post(reverse("exclusions"), {"kind": "name", "value": NAME}).status_code == 200
    assert client.get(reverse("person", args=[buyer.pk])).status_code == 200
    assert [(subject, data["match"]) for _, subject, data in told()] == [
        ("screening", "same"),
        (f"person:{buyer.pk}", "same"),
    ]
