"""The ministry's desk, whose numbers lead to their lists; all clocks; and limits that two make shorter."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any

from django.urls import reverse
from django.utils import timezone

from factories.world import World
from wayhome.casework.overview.models import Limit
from wayhome.casework.overview.queries.limits import runs


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_every_number_leads_to_the_list_of_whom_it_counts(world: World, client_of: Any) -> None:
    client = client_of("supervisor")
    assert "No child was rescued here yet" in text(client.get(reverse("ministry")))
    world.child()
    world.in_hospital(cleared=True)
    for _ in range(2):
        world.in_home()
    page = text(client.get(reverse("ministry")))
    links = re.findall(r'href="(/ministry/children/[^"]*)"[^>]*>(?:[^<]*<strong>|<strong>)?(\d+)<', page)
    assert len(links) >= 9, "all, a kind, a province, a kind in a province, a step"
    for address, n in links:
        assert f'<span class="count">{n}</span>' in text(client.get(unescape(address))), address
    assert client.get(reverse("ministry_children"), {"kind": "nowhere"}).status_code == 404
    assert client.get(reverse("ministry_children"), {"step": "rescued"}).status_code == 404
    assert "Nobody is behind this number" in text(client.get(reverse("ministry_children"), {"province": "GD"}))


def test_clocks_tell_what_is_due_and_where_it_is_done(world: World, client_of: Any) -> None:
    child = world.child()
    offer = world.offer(child, "hospital", "hospital", giver="officer")  # type: ignore[arg-type]
    nurse, ministry = (text(client_of(who).get(reverse("clocks"))) for who in ("nurse", "supervisor"))
    assert reverse("accept", args=[offer.pk]) in nurse
    assert reverse("accept", args=[offer.pk]) not in ministry, "whoever only looks is not led to what they may not do"
    assert reverse("child", args=[child.number]) in ministry
    only = text(client_of("supervisor").get(reverse("clocks"), {"kind": "visit"}))
    assert "Nothing is due within thirty days" in only
    assert client_of("supervisor").get(reverse("clocks"), {"kind": "nothing"}).status_code == 404


def test_a_limit_is_made_shorter_by_two(world: World, client_of: Any) -> None:
    first, second = client_of("supervisor"), client_of("supervisor2")
    form = {
        "kind": "placement",
        "hours": "12",
        "since": timezone.localtime(world.clock).date().isoformat(),
        "reason": "many are infants",
    }
    longer = first.post(reverse("set_limit"), form | {"hours": "25"})
    assert longer.status_code == 422
    assert first.post(reverse("set_limit"), form).status_code == 302
    one = Limit.objects.get()
    address = reverse("approve_limit", args=[one.pk])
    assert address not in text(first.get(reverse("limits")))
    assert address in text(second.get(reverse("limits")))
    assert first.post(address, {"agree": "1"}).status_code == 409
    law = runs(world.actor("supervisor"), at=world.now())["placement"]
    assert second.post(address, {"agree": "1"}).status_code == 302
    assert (law, runs(world.actor("supervisor"), at=world.now())["placement"]) == (timedelta(hours=24), timedelta(hours=12))
    assert "<strong>12 hours</strong>" in text(first.get(reverse("limits")))
