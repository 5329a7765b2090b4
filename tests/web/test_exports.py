"""A list is taken away from its page, which says what is in it and what not, and shows once what opens the file."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.core import signing
from django.urls import reverse

from factories.exports import table
from factories.families import asks
from factories.world import World
from wayhome.casework.audit.models import AuditEvent
from wayhome.casework.core.numbers import grouped
from wayhome.casework.overview.rules.lists import LISTS
from wayhome.web.forms import exports as forms
from wayhome.web.messages import sentence


def text(answer: Any) -> str:
    return str(answer.content.decode())


def shown(page: str) -> tuple[str, str]:
    """The passphrase on a page, and what its form brings back."""
    passphrase = re.search(r'class="passphrase number"[^>]*>([^<]+)<', page)
    sealed = re.search(r'name="sealed" value="([^"]+)"', page)
    assert passphrase is not None
    assert sealed is not None
    return passphrase[1], sealed[1]


def bytes_of(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def test_the_file_opens_with_what_the_page_showed(world: World, client_of: Any) -> None:
    child = world.in_hospital()
    client, address = client_of("supervisor"), reverse("export_list", args=["children"])
    page = text(client.get(address))
    for said in ("Born from", "Never in it", "Names of children, relatives and staff", "Where a child is now", "shown once"):
        assert said in page
    passphrase, sealed = shown(page)
    answer = client.post(address, {"form": "csv", "sealed": sealed})
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == 'attachment; filename="children-2011-07-15.zip"'
    assert answer.headers["Content-Type"] == "application/zip"
    assert answer.headers["Cache-Control"] == "no-store"
    data = bytes_of(answer)
    assert int(answer.headers["Content-Length"]) == len(data)
    head, row = table(data, passphrase)
    assert head[:4] == ["Child", "Sex", "Born from", "Born to"]
    assert row[:2] == [grouped(child.number), "girl"]
    again, _ = shown(text(client.get(address)))
    assert again != passphrase
    events = AuditEvent.objects.filter(action="overview.export_list")
    assert events.count() == 1
    assert not [event for event in AuditEvent.objects.all() if passphrase in event.data]


def test_headings_and_words_are_the_readers(world: World, client_of: Any) -> None:
    world.in_hospital()
    client = client_of("supervisor")
    client.post(reverse("set_language"), {"language": "zh-hans", "next": "/"})
    address = reverse("export_list", args=["children"])
    passphrase, sealed = shown(text(client.get(address)))
    head, row = table(bytes_of(client.post(address, {"form": "xlsx", "sealed": sealed})), passphrase)
    assert row[1] == "女孩"
    assert "born_from" not in head
    assert not re.search("[A-Za-z]", "".join(head))


def test_a_passphrase_is_the_houses_own_and_for_whom_it_was_shown(
    world: World, client_of: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.in_hospital()
    client, address = client_of("supervisor"), reverse("export_list", args=["children"])
    _, others = shown(text(client_of("placement").get(address)))
    _, mine = shown(text(client.get(address)))
    chosen = signing.dumps([world.staff["supervisor"].pk, "1234"], salt="wayhome.export")
    other_salt = signing.dumps([world.staff["supervisor"].pk, "aaaa-aaaa-aaaa-aaaa-aaaa-aaaa"], salt="other")
    for sealed in ("", "x", others, mine[:-2], chosen, other_salt):
        answer = client.post(address, {"form": "csv", "sealed": sealed})
        assert answer.status_code == 422
        assert 'data-code="not_made_here"' in text(answer)
    monkeypatch.setattr(forms, "SHOWN_FOR", -1)
    assert client.post(address, {"form": "csv", "sealed": mine}).status_code == 422
    monkeypatch.undo()
    assert not AuditEvent.objects.filter(action="overview.export_list").exists()


def test_it_asks_who_one_is_once_more(world: World, client_of: Any) -> None:
    address = reverse("export_list", args=["children"])
    client = client_of("supervisor", stepped_up=False)
    for answer in (client.get(address), client.post(address, {"form": "csv"})):
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/account/")
    del world


def test_whose_it_is_and_whose_not(world: World, client_of: Any) -> None:
    asks(world)
    open_to = {
        "supervisor": {"children", "requests", "kits", "returns", "child_days", "states", "steps", "clocks", "htcds"},
        "placement": {"children", "child_days", "clocks"},
        "lab_supervisor": {"kits", "candidates"},
        "officer": set(),
        "caseworker": set(),
        "analyst": set(),
        "auditor": set(),
    }
    buttons = {"children": "children", "requests": "families", "kits": "kits", "candidates": "candidates"}
    for who, may in open_to.items():
        client = client_of(who)
        told = {name for name in LISTS if client.get(reverse("export_list", args=[name])).status_code == 200}
        assert told == may, who
        for name, at in buttons.items():
            page = client.get(reverse(at))
            if page.status_code == 200:
                assert (f'href="{reverse("export_list", args=[name])}' in text(page)) is (name in may), (who, name)
    assert client_of("supervisor").get(reverse("export_list", args=["exclusions"])).status_code == 404


def test_a_list_is_narrowed_as_its_page_was(world: World, client_of: Any) -> None:
    world.in_home()
    client = client_of("supervisor")
    page = text(client.get(reverse("export_list", args=["kits"]), {"state": "sent"}))
    assert '<option value="sent" selected>' in page
    address = reverse("export_list", args=["child_days"])
    passphrase, sealed = shown(text(client.get(address, {"month": "2011-07"})))
    answer = client.post(address, {"form": "csv", "sealed": sealed, "month": "2011-07"})
    assert 'filename="child-days-2011-07-' in answer.headers["Content-Disposition"]
    table(bytes_of(answer), passphrase)
    assert json.loads(AuditEvent.objects.get(action="overview.export_list").data)["narrowed"] == {"month": "2011-07"}
    _, sealed = shown(text(client.get(address)))
    wrong = client.post(address, {"form": "csv", "sealed": sealed, "month": "2031-01"})
    assert wrong.status_code == 422
    assert str(sentence("in_the_future").what) in text(wrong)
