"""A log tells which page it was, and never of which child."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client

from factories.world import World
from wayhome.config.logs import Formatter, Routes
from wayhome.web.views import children

CANARY = "736 418 205"
BARE = CANARY.replace(" ", "")


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the house's one handler writes, through what the settings put on it."""
    (name,) = settings.LOGGING["root"]["handlers"]
    handler_settings = settings.LOGGING["handlers"][name]
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    for one in handler_settings["filters"]:
        handler.addFilter(settings.LOGGING["filters"][one]["()"]())
    formatter = settings.LOGGING["formatters"][handler_settings["formatter"]]
    handler.setFormatter(formatter["()"](formatter["fmt"]))
    logging.getLogger().addHandler(handler)
    yield written
    logging.getLogger().removeHandler(handler)


def test_a_page_that_is_not_there_is_told_by_its_pattern(world: World, client_of, log: io.StringIO) -> None:
    client = client_of("nurse")
    assert client.get(f"/children/{BARE}/").status_code == 404
    assert client.get("/children/小荷的名字/").status_code == 404
    assert client.get(f"/nowhere/{BARE}/小荷的名字").status_code == 404
    assert Client().get(f"/api/v1/children/{BARE}").status_code == 401
    told = log.getvalue()
    assert "Not Found: /children/<str:number>/" in told
    assert "(no such page)" in told
    assert BARE not in told
    assert "小荷的名字" not in told
    assert "%E5" not in told


def test_a_form_from_elsewhere_is_told_by_its_pattern(world: World, log: io.StringIO) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(f"/children/{BARE}/hand-over/", {}).status_code in (302, 403)
    assert strict.post("/account/login/", {}).status_code == 403
    assert "Forbidden" in log.getvalue()
    assert BARE not in log.getvalue()


def test_a_mistake_of_the_house_is_told_without_the_child(world: World, client_of, log: io.StringIO, monkeypatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError(f"row {BARE} of {CANARY} is broken")

    monkeypatch.setattr(children.custody_actions, "read_file", broken)
    client = client_of("nurse")
    client.raise_request_exception = False
    assert client.get(f"/children/{world.in_hospital().number}/").status_code == 500
    told = log.getvalue()
    assert "RuntimeError: row ######### of ######### is broken" in told
    assert "Internal Server Error: /children/<str:number>/" in told
    assert BARE not in told
    assert CANARY not in told


def test_no_other_handler_writes_past_it() -> None:
    assert settings.LOGGING["loggers"]["django"]["handlers"] == []
    assert settings.LOGGING["root"]["handlers"] == ["console"]
    assert settings.LOGGING["filters"]["routes"]["()"] is Routes
    assert settings.LOGGING["formatters"]["hiding"]["()"] is Formatter


@pytest.mark.parametrize("text", [BARE, CANARY, "736%20418%20205", "736-418-205", "/x/736418205/"])
def test_a_number_is_hidden_however_it_is_written(text: str) -> None:
    record = logging.LogRecord("x", logging.WARNING, "", 1, "seen %s", (text,), None)
    assert "418" not in Formatter("%(message)s").format(record)


@pytest.mark.parametrize("text", ["12345678", "1234567890", "2011-07-15 14:00:12", "took 12 345 ms"])
def test_what_is_no_number_of_a_child_is_told(text: str) -> None:
    record = logging.LogRecord("x", logging.WARNING, "", 1, "seen %s", (text,), None)
    assert Formatter("%(message)s").format(record) == f"seen {text}"
