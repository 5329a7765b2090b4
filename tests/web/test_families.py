"""Families on pages: a request is recorded, its tree grows, consents come and go, two requests for one child become one."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from PIL import Image

from factories.families import asks, fill_families
from factories.world import World
from wayhome.casework.audit.models import AuditEvent
from wayhome.casework.families import queries
from wayhome.casework.families.models import TracingRequest

GIVEN = {
    "once": "r1",
    "relation": "mother",
    "name": "韦小兰",
    "phone": "13877001199",
    "child_name": "李小妹 / Xiaoyue",
    "sex": "F",
    "born_from": "2011-01-03",
    "born_to": "2011-01-05",
    "lost_from": "2011-05-01",
    "lost_to": "2011-05-02",
    "place": "百色市右江区集市",
    "cause": "abducted",
}


def text(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.fixture
def family(world: World) -> dict[str, Any]:
    fill_families(world, b"\xff\xd8")
    return world.family


def test_a_family_is_heard(world: World, client_of: Any) -> None:
    client = client_of("officer")
    assert "No family here looks for a child yet" in text(client.get(reverse("families")))
    answer = client.post(reverse("record_request"), GIVEN, follow=True)
    assert "Enter the relatives now" in text(answer)
    request = TracingRequest.objects.get()
    assert client.post(reverse("record_request"), GIVEN).status_code == 302
    assert TracingRequest.objects.count() == 1
    page = text(client.get(reverse("families")))
    assert "李小妹" in page
    assert "0 of 2 relatives agreed" in page
    again = client.post(reverse("record_request"), GIVEN | {"once": "r2"}, follow=True)
    assert "Another request may be for the same child" in text(again)
    assert request.number in re.sub(r"\s", "", text(again))


def test_what_cannot_be_is_told_at_its_field(world: World, client_of: Any) -> None:
    answer = client_of("officer").post(reverse("record_request"), GIVEN | {"born_to": "2010-01-01", "name": ""})
    assert answer.status_code == 422
    assert "This is needed" in text(answer)
    answer = client_of("officer").post(reverse("record_request"), GIVEN | {"born_to": "2010-01-01"})
    assert (answer.status_code, "This day lies before the first." in text(answer)) == (422, True)
    assert not TracingRequest.objects.exists()


def test_a_childs_name_is_looked_for_and_stands_in_no_address(world: World, client_of: Any, family: dict[str, Any]) -> None:
    client = client_of("officer")
    for name, found in (("李小妹", 2), ("li xiaomei", 2), (family["request"], 1), ("莫小宝", 0)):
        answer = client.post(reverse("families"), {"name": name})
        assert text(answer).count('class="card"') == found, name
    assert "No request here is for a child of this name" in text(answer)
    in_the_address = client.get(reverse("families"), {"name": "莫小宝"})
    assert text(in_the_address).count('class="card"') == 2, "a name in an address is not looked for"


def test_the_file_shows_the_tree_and_looking_is_an_event(world: World, client_of: Any, family: dict[str, Any]) -> None:
    page = text(client_of("supervisor").get(reverse("family", args=[family["request"]])))
    assert AuditEvent.objects.filter(action="families.read_request", staff_id=world.staff["supervisor"].pk).count() == 1
    assert "<svg" in page
    assert reverse("relative", args=[family["relative"]]) in page
    for word in ("莫秀珍", "father&#x27;s mother", "1 time before", "ear", "the child at three months"):
        assert word in page, word
    assert "Add a relative" not in page
    assert "Add a relative" in text(client_of("officer").get(reverse("family", args=[family["request"]])))
    photo = client_of("officer").get(reverse("family_photo", args=[family["request"], family["photo"]]))
    assert (photo.headers["Content-Type"], photo.content) == ("image/jpeg", b"\xff\xd8")
    assert client_of("officer").get(reverse("family_photo", args=[family["other"], family["photo"]])).status_code == 404


def test_the_tree_grows_and_says_why_it_cannot(world: World, client_of: Any, family: dict[str, Any]) -> None:
    client = client_of("officer")
    address = reverse("add_relative", args=[family["request"]])
    assert f'value="{family["relative"]}" selected' in text(client.get(address, {"to": family["relative"]}))
    given = {"to": family["relative"], "name": "李大江", "life": "living", "reach": "to_ask"}
    answer = client.post(address, given | {"once": "a", "relation": "brother"}, follow=True)
    assert "李大江" in text(answer)
    refused = client.post(address, given | {"once": "b", "relation": "mother"})
    assert (refused.status_code, "There is a mother or a father of this person already" in text(refused)) == (409, True)
    strike = client.post(reverse("strike_relative", args=[family["relative"]]), {"once": "c", "reason": "x"}, follow=True)
    assert "The relative is struck out" in text(strike)
    assert client.get(reverse("relative", args=[family["relative"]])).status_code == 404


def test_somebody_elses_words_are_never_overwritten(world: World, client_of: Any, family: dict[str, Any]) -> None:
    address = reverse("describe_request", args=[family["request"]])
    mine = {key: value for key, value in GIVEN.items() if key not in ("relation", "name", "phone")} | {"n": "1"}
    answer = client_of("officer2").post(address, mine)
    assert answer.status_code == 409
    assert "Blood group" in text(answer)
    saved = client_of("officer2").post(address, mine | {"n": "2", "once": "d"}, follow=True)
    assert "What was told before stays on record" in text(saved)
    relative = reverse("relative", args=[family["relative"]])
    state = {"n": "1", "name": "李二", "life": "living", "reach": "willing", "once": "e"}
    assert client_of("officer2").post(relative, state).status_code == 409
    assert "What is known is saved" in text(client_of("officer2").post(relative, state | {"n": "2", "once": "f"}, follow=True))


def test_consents_are_recorded_and_taken_back(world: World, client_of: Any, family: dict[str, Any]) -> None:
    client = client_of("officer")
    address = reverse("consent", args=[family["relative"]])
    day = world.clock.date()
    given = {"scope": "any_child", "given_by": "李大山", "signed_on": day, "until": day + timedelta(days=90), "form": "GX 2"}
    answer = client.post(address, given | {"once": "g"}, follow=True)
    assert "The consent is recorded" in text(answer)
    assert "any child of this family" in text(answer)
    over = client.post(address, given | {"once": "h", "until": day})
    assert (over.status_code, "This day has passed" in text(over)) == (422, True)
    back = client.post(reverse("withdraw_consent", args=[family["consent"]]), {"once": "i"}, follow=True)
    assert "The withdrawal is recorded" in text(back)
    assert queries.progress([int(family["request"])], at=world.now())[int(family["request"])][1] == 1


def test_marks_things_and_pictures_are_added(world: World, client_of: Any, family: dict[str, Any]) -> None:
    client = client_of("officer")
    data = io.BytesIO()
    Image.new("RGB", (20, 20), "red").save(data, "PNG")
    data.seek(0)
    data.name = "p.png"
    for name, given in (
        ("missing_mark", {"place": "upper_back", "kind": "melanocytic_nevus"}),
        ("missing_item", {"what": "red shoes"}),
        ("family_picture", {"photo": data, "shows": "the mother"}),
    ):
        answer = client.post(reverse(name, args=[family["request"]]), given | {"once": name}, follow=True)
        assert "saved" in text(answer), name
    page = text(client.get(reverse("family", args=[family["request"]])))
    assert "red shoes" in page
    assert "the mother" in page
    assert client.post(reverse("family_picture", args=[family["request"]]), {"shows": "x", "once": "j"}).status_code == 422


def test_the_best_samples_are_worked_out(world: World, client_of: Any, family: dict[str, Any]) -> None:
    page = text(client_of("officer").get(reverse("samples", args=[family["request"]])))
    assert page.index("韦小兰</a>") < page.index("莫秀珍</a>")
    assert "no: a lead only" in page
    assert "Reckoned with 20000 families" in page.replace(",", "").replace("\xa0", "")


def test_two_requests_become_one(world: World, client_of: Any, family: dict[str, Any]) -> None:
    own = client_of("officer")
    client = client_of("officer2")
    address = reverse("settle_duplicate", args=[family["proposal"]])
    assert "for somebody else to say" in text(own.get(address))
    given = {"kept": family["request"], "note": "the parents live apart"}
    assert own.post(address, given | {"once": "o"}).status_code == 422
    page = text(client.get(address))
    assert "for somebody else to say" not in page
    assert "the same telephone in the family" in page
    answer = client.post(address, given | {"once": "k"}, follow=True)
    assert "The decision is recorded" in text(answer)
    ended = text(client.get(reverse("family", args=[family["other"]])))
    assert "ended: goes on as" in ended
    assert "Add a relative" not in ended
    closed = client.post(reverse("missing_item", args=[family["other"]]), {"what": "x", "once": "l"})
    assert (closed.status_code, "This request has ended" in text(closed)) == (409, True)


def test_two_requests_may_be_for_two_children(world: World, client_of: Any, family: dict[str, Any]) -> None:
    address = reverse("settle_duplicate", args=[family["proposal"]])
    answer = client_of("officer").post(address, {"kept": "two", "note": "twins", "once": "m"}, follow=True)
    assert "May be for the same child" not in text(answer)


def test_a_family_takes_home_how_it_stands_and_not_where_a_child_is(world: World, client_of: Any, family: dict[str, Any]) -> None:
    child = world.in_home()
    page = text(client_of("officer").get(reverse("request_slip", args=[family["request"]])))
    assert "Relatives agreed to a sample" in page
    assert child.number not in page.replace(" ", "")
    assert world.facilities["home"].name not in page
    other = asks(world, inquirer=[("name", "莫秀珍"), ("phone", "13977110000")], relation="guardian", child_name="莫小宝")
    assert "Waits for a relative" in text(client_of("officer").get(reverse("request_slip", args=[other.number])))


def test_a_family_takes_its_request_back(world: World, client_of: Any, family: dict[str, Any]) -> None:
    address = reverse("withdraw_request", args=[family["request"]])
    answer = client_of("officer").post(address, {"note": "the child came home", "once": "n"}, follow=True)
    assert "ended: taken back" in text(answer)
    assert not queries.in_force(world.now()).exists()
    page = text(client_of("officer").get(reverse("request_slip", args=[family["request"]])))
    assert "ended: taken back" in page


def test_a_link_is_struck_out(world: World, client_of: Any, family: dict[str, Any]) -> None:
    answer = client_of("officer").post(reverse("unlink", args=[family["parentage"]]), {"reason": "x", "once": "o"}, follow=True)
    assert "The link is struck out" in text(answer)
    assert "李大山" in text(answer)


def test_today_tells_of_two_requests_for_one_child_and_of_consents_that_run_out(
    world: World, client_of: Any, family: dict[str, Any]
) -> None:
    page = text(client_of("officer2").get(reverse("today")))
    assert reverse("settle_duplicate", args=[family["proposal"]]) in page
    assert page.count("A consent runs out") == 1
    for other in ("officer_gd", "supervisor", "nurse"):
        elsewhere = text(client_of(other).get(reverse("today")))
        assert "A consent runs out" not in elsewhere
        assert "Two requests may be" not in elsewhere
