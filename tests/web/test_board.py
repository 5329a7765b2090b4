"""The board on a page, and what a province reports by form."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from factories.world import World
from wayhome.casework.children import actions as children
from wayhome.casework.operations import actions, queries
from wayhome.casework.operations.models import Deployment, Operation, PersonRole, Seizure
from wayhome.casework.operations.rules import SEIZED, UNITS

ClientOf = Callable[[str], Client]
LINE = {"reference": "1", "kind": "money", "amount": "1200.50", "unit": "CNY", "counted_at": "2011-07-15T14:00"}


def sent(client: Client, address: str, told: dict[str, str]) -> int:
    """The form of a page, filled in and sent; the status of the answer."""
    page = client.get(address).content.decode()
    once = page.split('name="once" value="')[1].split('"')[0]
    return client.post(address, told | {"once": once}).status_code


def test_what_is_reported_by_form_is_on_the_board(world: World, client_of: ClientOf) -> None:
    assert world.operation
    args = [world.operation.pk]
    board, desk = reverse("board", args=args), client_of("officer")
    page = desk.get(board).content.decode()
    assert "Nothing has come in yet." in page
    before = desk.get(f"{board}?state").content.decode()
    assert f'data-look="{before}"' in page

    assert sent(desk, reverse("report_officers", args=args), {"officers": "300", "counted_at": "2011-07-15T14:00"}) == 302
    assert queries.officers(world.operation) == 300
    assert sent(desk, reverse("report_seizure", args=args), LINE) == 302
    assert sent(desk, reverse("report_seizure", args=args), LINE | {"amount": "-1"}) == 422
    page = client_of("supervisor").get(board).content.decode()
    assert "300" in page
    assert "1\u202f200.50" in page
    assert reverse("report_officers", args=args) not in page, "a supervisor reports nothing"
    assert desk.get(f"{board}?state").content.decode() != before


def crowd(operation: Operation, world: World, lines: int) -> None:
    """So many reports of each kind, from as many provinces as there are, written at once."""
    by, at = world.staff["officer"], world.now()
    own = [
        {"jurisdiction": world.jurisdictions[code], "by": world.staff[who]}
        for code, who in (("GX", "officer"), ("GD", "officer_gd"))
    ]
    told: dict[str, Any] = {"operation": operation, "at": at, "counted_at": at}
    Deployment.objects.bulk_create(Deployment(**told, **own[n % 2], officers=n + 1) for n in range(lines))
    kinds = [(kind, unit) for kind in SEIZED for unit in UNITS]
    Seizure.objects.bulk_create(
        Seizure(
            **told,
            **own[n % 2],
            reference=f"{n:04d}",
            amount=n + 1,
            kind=kinds[n % 36][0],
            unit=kinds[n % 36][1],
        )
        for n in range(lines)
    )
    for n in range(lines // 25):
        person = world.person(f"ring {n}", ("phone", f"1390000{n:04d}"))
        PersonRole.objects.create(operation=operation, person=person, kind="seller", detained_at=at, by=by, at=at)


def test_a_board_with_hundreds_of_reports_is_as_quick_and_short_and_folded(world: World, client_of: ClientOf) -> None:
    assert world.operation
    operation, desk, board = world.operation, client_of("officer"), reverse("board", args=[world.operation.pk])
    asked, states, sizes = [], [], []
    assert desk.get(board).status_code == desk.get(f"{board}?state").status_code == 200, "once, so that all is there"
    for lines in (4, 500):
        crowd(operation, world, lines)
        with CaptureQueriesContext(connection) as page_asks:
            page = desk.get(board).content.decode()
        with CaptureQueriesContext(connection) as state_asks:
            states.append(desk.get(f"{board}?state").content.decode())
        assert f'data-look="{states[-1]}"' in page
        asked.append((len(page_asks), len(state_asks)))
        sizes.append(len(page.encode()))
    assert asked[0] == asked[1]
    assert asked[1][1] < asked[1][0]
    assert states[0] != states[1]
    assert max(sizes) < 400_000
    assert sizes[1] < 40_000, "one row for a province, however much it reports"
    assert page.count("<details data-stays=") == 2, "what a province seized is folded where it is long"
    assert "18 kinds of things" in page


@pytest.mark.parametrize("what", ["officers", "seizure", "detention", "child", "merge"])
def test_whatever_comes_in_is_another_state(world: World, what: str) -> None:
    operation, by, at = world.operation, world.actor("officer"), world.now()
    assert operation is not None
    first, second = world.in_home(), world.in_home()
    person = world.person("ring", ("phone", "13900001234"))
    PersonRole.objects.create(operation=operation, person=person, kind="seller", detained_at=at, by=world.staff["officer"], at=at)
    before = queries.board_state(by, operation.pk)
    told: dict[str, Any] = {"operation": operation, "by": by, "at": world.now()}
    match what:
        case "officers":
            actions.report_officers(officers=7, counted_at=at, **told)
        case "seizure":
            actions.report_seizure(reference="1", kind="money", amount=Decimal(5), unit="CNY", counted_at=at, **told)
        case "detention":
            actions.place_detention(person=person, jurisdiction=world.jurisdictions["GD"], **told)
        case "child":
            world.in_home()
        case _:
            step = children.propose_merge(kept=first, absorbed=second, reason="same", by=by, at=world.now())
            children.confirm_merge(step=step, by=world.actor("officer2"), at=world.now())
    assert queries.board_state(by, operation.pk) != before


def test_a_board_of_an_old_operation_looks_for_no_news(world: World, client_of: ClientOf) -> None:
    assert world.operation
    at = world.now()
    actions.report_officers(operation=world.operation, officers=7, counted_at=at, by=world.actor("officer"), at=at)
    board = reverse("board", args=[world.operation.pk])
    for hours, looks in ((11, True), (2, False)):
        world.clock += timedelta(hours=hours)
        page = client_of("officer").get(board).content.decode()
        assert ("data-look" in page, "http-equiv" in page) == (looks, looks)
