"""The board on a page, and what a province reports by form."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.test import Client
from django.urls import reverse

from factories.world import World
from wayhome.casework.operations import actions, queries

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


def test_a_board_of_an_old_operation_looks_for_no_news(world: World, client_of: ClientOf) -> None:
    assert world.operation
    at = world.now()
    actions.report_officers(operation=world.operation, officers=7, counted_at=at, by=world.actor("officer"), at=at)
    board = reverse("board", args=[world.operation.pk])
    for hours, looks in ((11, True), (2, False)):
        world.clock += timedelta(hours=hours)
        page = client_of("officer").get(board).content.decode()
        assert ("data-look" in page, "http-equiv" in page) == (looks, looks)
