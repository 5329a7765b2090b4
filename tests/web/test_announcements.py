"""Announcements on pages: counted and approved by two, and read by everybody without a login."""

from __future__ import annotations

import json
import re
from typing import Any

from django.test import Client
from django.urls import reverse

from factories.announcements import NUMBER, approve, propose
from factories.world import World
from wayhome.casework.overview.models import Announcement
from wayhome.casework.overview.queries.announced import released


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_two_supervisors_and_then_everybody(world: World, client_of: Any) -> None:
    for _ in range(3):
        world.child()
    assert world.operation is not None
    pk = world.operation.pk
    first, second = client_of("supervisor"), client_of("supervisor2")
    assert "Nothing was announced yet" in text(first.get(reverse("announcements")))
    address = reverse("propose_announcement")
    form = {
        "number": NUMBER,
        "operations": [pk],
        "cutoff": "2011-07-15T18:00",
        f"officers_{pk}": "300",
        f"source_{pk}": "报告 7/16",
    }
    wrong = first.post(address, form | {"cutoff": "2031-07-15T18:00", f"source_{pk}": ""})
    assert wrong.status_code == 422
    answer = first.post(address, form | {"cutoff": world.clock.astimezone().strftime("%Y-%m-%dT%H:%M")})
    one = Announcement.objects.get()
    version = reverse("announcement", args=[NUMBER, 1])
    assert answer.headers["Location"] == version
    page = text(first.get(version))
    assert "another supervisor approves it" in page
    assert "报告 7/16" in page
    assert reverse("approve_announcement", args=[NUMBER, 1]) not in page
    assert text(Client().get(reverse("public_announcements"))).count("<h2>") == 0
    approval = reverse("approve_announcement", args=[NUMBER, 1])
    assert first.post(approval, {"digest": one.digest}).status_code == 409
    assert second.post(approval, {"digest": "0" * 64}).status_code == 409
    assert not list(released())
    assert approval in text(second.get(version))
    assert second.post(approval, {"digest": one.digest}).status_code == 302
    assert list(released()) == [one]
    assert "public since" in text(first.get(reverse("announcements")))


def published(world: World, children: int = 8) -> Announcement:
    for _ in range(children):
        world.child()
    one = propose(world)
    approve(world, one)
    return one


def test_everybody_reads_it_in_three_languages_without_login_script_or_cookie(world: World) -> None:
    one = published(world)
    propose(world)
    client = Client()
    for name, arguments in (("public_announcements", []), ("public_announcement", [NUMBER])):
        for language, said in (("en", "Children rescued"), ("zh-hans", "解救儿童"), ("vi", "trẻ em")):
            answer = client.get(reverse(name, args=arguments), {"language": language})
            page = text(answer)
            assert answer.status_code == 200
            assert f'<html lang="{language}">' in page
            assert said in page
            assert "<script" not in page
            assert not answer.cookies
    page = text(client.get(reverse("public_announcement", args=[NUMBER]), {"language": "en"}))
    assert one.digest in page
    assert "8 children" in page
    for absent in ("version=2", *(child.call_name for child in world_children()), world.facilities["home"].name):
        assert absent not in page, absent


def world_children() -> list[Any]:
    from wayhome.casework.children.models import Child

    return list(Child.objects.all())


def test_versions_stay_to_be_read(world: World) -> None:
    published(world)
    world.child()
    second = propose(world)
    client = Client()
    address = reverse("public_announcement", args=[NUMBER])
    for asked in ("2", "9", "x", "-1", "99999"):
        assert client.get(address, {"version": asked}).status_code == 404, asked
    approve(world, second)
    latest = text(client.get(address, {"language": "en"}))
    assert "9 children" in latest
    assert "+1 children recorded later" in latest
    earlier = text(client.get(address, {"version": "1", "language": "en"}))
    assert "A later one follows it" in earlier
    assert client.get(reverse("public_announcement", args=["other"])).status_code == 404
    assert client.get(reverse("public_announcement", args=["a b"])).status_code == 404


def test_the_feed_tells_what_the_pages_tell_and_no_more(world: World) -> None:
    one = published(world)
    propose(world, stated={})
    answer = Client().get(reverse("public_feed"))
    assert answer.headers["Content-Type"] == "application/json"
    (told,) = json.loads(answer.content)["announcements"]
    assert (told["number"], told["version"], told["rescued"], told["sha256"]) == (NUMBER, 1, 8, one.digest)
    assert set(told["texts"]) == {"en", "zh-hans", "vi"}
    assert told["provinces"] == told["provinces_arrested"] == {"version": 1, "shown": {}, "together": [], "rest": 0}
    assert not re.search(r"by_province|source|elsewhere|staff|agency", answer.content.decode())


def test_a_supervisor_of_another_country_sees_none_of_it(world: World, client_of: Any) -> None:
    published(world)
    officer = client_of("officer")
    for name, arguments in (("announcements", []), ("propose_announcement", []), ("announcement", [NUMBER, 1])):
        assert officer.get(reverse(name, args=arguments)).status_code == 403
