"""The ministry's desk, whose numbers lead to their lists; all clocks; and limits that two make shorter."""

from __future__ import annotations

import re
from datetime import date, timedelta
from html import unescape
from typing import Any

from django.urls import reverse
from django.utils import timezone

from factories.calendars import agreed_year
from factories.world import World
from wayhome.casework.overview.models import CalendarYear, Limit
from wayhome.casework.overview.queries.calendar import years_of
from wayhome.casework.overview.queries.limits import runs
from wayhome.casework.overview.rules.calendar import Year


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


def test_a_calendar_is_entered_by_one_and_read_by_another(world: World, client_of: Any) -> None:
    first, second = client_of("supervisor"), client_of("supervisor2")
    this = timezone.localtime(world.clock).year
    page = text(first.get(reverse("calendars")))
    assert f"The calendar of {this} is missing" in page
    assert f"The calendar of {this + 1} is missing" in page
    form = {
        "year": "2011",
        "source": "国办发明电 7号",
        "closed": "2011-01-01 元旦\n\n 2011-10-01..2011-10-07  国庆节 ",
        "opened": "2011-10-08",
        "weekend": ["6", "7"],
    }
    address = reverse("enter_calendar")
    for wrong, said in (
        ({"closed": "1 October"}, "This line is not understood"),
        ({"closed": "2011-10-07..2011-10-01"}, "This line is not understood"),
        ({"closed": "2011-01-01..2011-12-31"}, "This line is not understood"),
        ({"closed": "2011-02-30"}, "This line is not understood"),
        ({"closed": "2010-10-01"}, "A day of another year"),
        ({"opened": "2011-10-10"}, "is of no weekend"),
        ({"opened": "2011-10-02"}, "both as a holiday and as worked"),
        ({"closed": ""}, "This is needed"),
    ):
        answer = first.post(address, form | wrong)
        assert (answer.status_code, said in text(answer)) == (422, True), wrong
    assert first.post(address, form).status_code == 302
    one = CalendarYear.objects.get()
    year = Year.from_json(one.year, one.days)
    assert len(year.closed) == 8
    assert year.closed[date(2011, 10, 7)] == "国庆节"
    assert year.opened == {date(2011, 10, 8): ""}
    approval = reverse("approve_calendar", args=[one.pk])
    read = text(second.get(approval))
    assert "国庆节" in read
    assert "Saturday" in read
    assert first.post(approval, {"agree": "1"}).status_code == 409
    assert years_of(world.actor("officer")) == {}
    assert second.post(approval, {"agree": "1"}).status_code == 302
    assert years_of(world.actor("officer")) == {2011: year}


def test_the_page_of_clocks_says_which_calendar_is_missing(world: World, client_of: Any) -> None:
    child = world.in_hospital(cleared=True)
    world.clock = child.event.found_at + timedelta(days=15)
    missing = "The calendar of 2011 is missing"
    assert missing in text(client_of("supervisor").get(reverse("clocks"), {"kind": "one_month"}))
    assert missing not in text(client_of("supervisor").get(reverse("clocks"), {"kind": "placement"}))
    agreed_year(2011, world.actor("supervisor"), world.actor("supervisor2"), world.now())
    assert missing not in text(client_of("supervisor").get(reverse("clocks"), {"kind": "one_month"}))
