"""Kits on the pages: ordered from a file, told hop by hop, scanned by the dozen, and printed without a name."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from factories.kits import ADDRESS, agrees, gone, mother_of, ordered
from factories.world import World
from wayhome.casework.core import numbers
from wayhome.casework.families import actions as families
from wayhome.casework.families.models import Relative
from wayhome.casework.laboratory.models import Kit, KitHop
from wayhome.casework.laboratory.rules.kits import OVERDUE
from wayhome.casework.laboratory.tasks import raise_overdue_kits


@pytest.fixture
def mother(world: World) -> Relative:
    """A relative who agreed."""
    relative = mother_of(world)
    agrees(world, relative, days=10_000)
    return relative


def read(client: Any, name: str, *args: Any) -> str:
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == 200, (name, answer.status_code)
    return str(answer.content.decode())


def tell(client: Any, number: str, kind: str, **fields: str) -> Any:
    sent = {"happened_at": "", "note": "", "once": f"{number}{kind}"} | fields
    return client.post(reverse("tell_hop", args=[number, kind]), sent)


def test_a_kit_from_the_relatives_page_to_the_laboratory(world: World, client_of: Any, mother: Relative) -> None:
    officer, analyst = client_of("officer"), client_of("analyst")
    url = reverse("order_relative_kit", args=[mother.pk])
    assert url in read(officer, "relative", mother.pk)
    asked = {"laboratory": world.agencies["laboratory"].pk, "replaces": "", "once": "a"}
    for _ in range(2):
        assert officer.post(url, asked).status_code == 302
    kit = Kit.objects.get()
    assert url not in read(officer, "relative", mother.pk)
    assert numbers.grouped(kit.number) in read(officer, "family", mother.request.number)
    tell(officer, kit.number, "posted", place=ADDRESS)
    tell(officer, kit.number, "delivered")
    page = read(officer, "kit", kit.number)
    assert ADDRESS in page
    assert f"{reverse('tell_hop', args=[kit.number, 'taken'])}" in page
    refused = tell(officer, kit.number, "taken", place="x", once="t1")
    assert (refused.status_code, KitHop.objects.count()) == (422, 2)
    unknown = tell(officer, kit.number, "taken", place="x", witness="elsewhere", other="nobody", once="t2")
    assert "Nobody at work has this number." in unknown.content.decode()
    assert (
        tell(officer, kit.number, "taken", place="右江区派出所", witness="elsewhere", other="nurse", once="t3").status_code == 302
    )
    tell(officer, kit.number, "sent")
    assert tell(analyst, kit.number, "received").status_code == 302
    assert [hop.kind for hop in kit.hops.order_by("n")] == ["posted", "delivered", "taken", "sent", "received"]
    assert "Order a second" in read(officer, "relative", mother.pk)


def test_a_hop_that_cannot_be_leads_back_to_the_kit(world: World, client_of: Any, mother: Relative) -> None:
    kit = ordered(world, mother)
    officer = client_of("officer")
    assert officer.get(reverse("tell_hop", args=[kit.number, "sent"])).url == reverse("kit", args=[kit.number])
    assert officer.get(reverse("tell_hop", args=[kit.number, "eaten"])).status_code == 404
    answer = tell(officer, kit.number, "sent")
    assert answer.status_code == 409
    assert 'data-code="no_such_hop"' in answer.content.decode()


def test_when_it_happened_is_told_to_the_minute(world: World, client_of: Any, mother: Relative) -> None:
    kit = ordered(world, mother)
    officer = client_of("officer")
    kit_at = timezone.localtime(kit.at, timezone.get_fixed_timezone(480))
    for earlier, status in ((1, 409), (0, 302)):
        minute = (kit_at - timedelta(minutes=earlier)).strftime("%Y-%m-%dT%H:%M")
        answer = tell(officer, kit.number, "posted", place=ADDRESS, happened_at=minute, once=f"m{earlier}")
        assert answer.status_code == status
    assert KitHop.objects.get().at == kit.at


def test_a_kit_that_came_back_is_ordered_anew_from_its_page(world: World, client_of: Any) -> None:
    child = world.in_hospital()
    kit = gone(world, ordered(world, child, by="nurse"), "posted", "returned")
    nurse = client_of("nurse")
    url = f"{reverse('order_child_kit', args=[child.number])}?replaces={kit.number}"
    assert url in read(nurse, "kit", kit.number)
    assert "Kit: came back" in read(nurse, "today")
    form = nurse.get(url).content.decode()
    assert numbers.grouped(kit.number) in form
    sent = {"laboratory": world.agencies["laboratory"].pk, "replaces": kit.number, "once": "b"}
    assert nurse.post(url, sent).status_code == 302
    other = Kit.objects.get(replaces=kit)
    assert numbers.grouped(other.number) in read(nurse, "kit", kit.number)
    assert numbers.grouped(kit.number) in read(nurse, "kit", other.number)
    assert numbers.grouped(other.number) in read(nurse, "child", child.number)
    assert "Kit: came back" not in read(nurse, "today")


@pytest.mark.parametrize("name", ["kit", "kit_label", "kit_paper"])
def test_a_laboratory_and_paper_name_nobody(world: World, client_of: Any, mother: Relative, name: str) -> None:
    kit = gone(world, ordered(world, mother), "posted", "delivered", "taken", "sent")
    for who in ("analyst",) if name == "kit" else ("analyst", "officer"):
        page = read(client_of(who), name, kit.number)
        assert numbers.grouped(kit.number) in page
        for secret in (
            "韦小兰",
            "李小妹",
            mother.request.number,
            numbers.grouped(mother.request.number),
            ADDRESS,
            "右江区派出所",
        ):
            assert secret not in page, (who, secret)


def test_kits_are_found_by_number_and_by_where_they_are(world: World, client_of: Any, mother: Relative) -> None:
    kit = gone(world, ordered(world, mother), "posted")
    officer = client_of("officer")
    for typed in (kit.number, numbers.grouped(kit.number)):
        assert officer.get(reverse("kits"), {"q": typed}).url == reverse("kit", args=[kit.number])
    missing = officer.get(reverse("kits"), {"q": "123456789"})
    assert (missing.status_code, 'data-code="not_found"' in missing.content.decode()) == (404, True)
    assert client_of("nurse").get(reverse("kits"), {"q": kit.number}).status_code == 404
    for state, there in (("posted", True), ("lost", False), ("", True), ("nonsense", True)):
        page = officer.get(reverse("kits"), {"state": state}).content.decode()
        assert (reverse("kit", args=[kit.number]) in page) == there, state


def test_many_are_scanned_and_what_was_refused_stays_in_the_form(world: World, client_of: Any) -> None:
    kits = []
    for name in "ab":
        relative = mother_of(world, child_name=name)
        agrees(world, relative, days=10_000)
        kits.append(gone(world, ordered(world, relative), "taken", "sent"))
    gone(world, kits[1], "lost")
    analyst = client_of("analyst")
    sent = {"kind": "received", "numbers": "\n".join(kit.number for kit in kits), "once": "s"}
    for _ in range(2):
        page = analyst.post(reverse("scan_kits"), sent).content.decode()
        assert "1 of 2 recorded" in page
        assert "This cannot happen to the kit now." in page
        assert f">{kits[1].number}</textarea>" in page.replace("\n", "").replace("\r", "")
    assert KitHop.objects.filter(kind="received").count() == 1
    assert analyst.post(reverse("scan_kits"), sent | {"kind": "sent", "once": "t"}).status_code == 422
    officer = client_of("officer")
    answer = officer.post(reverse("scan_kits"), {"kind": "posted", "numbers": kits[0].number, "place": "", "once": "u"})
    assert answer.status_code == 422


def test_today_and_the_alarm_tell_of_what_is_late(world: World, client_of: Any, mother: Relative) -> None:
    kit = gone(world, ordered(world, mother), "posted")
    world.clock += OVERDUE["posted"]
    (alarm,) = raise_overdue_kits(at=world.now())
    officer = client_of("officer")
    page = read(officer, "today")
    assert "Kit overdue: posted" in page
    assert "A kit has stayed where it is for too long" in page
    assert reverse("kit", args=[kit.number]) in read(officer, "alarm", alarm.pk)
    assert "Kit overdue" not in read(client_of("nurse"), "today")


def test_a_consent_that_is_withdrawn_stops_the_sample(world: World, client_of: Any) -> None:
    relative = mother_of(world)
    consent = agrees(world, relative, days=10_000)
    kit = gone(world, ordered(world, relative), "posted", "delivered")
    families.withdraw_consent(consent=consent, by=world.actor("officer"), at=world.now())
    officer = client_of("officer")
    assert "Consent was withdrawn: take no sample" in read(officer, "today")
    page = read(officer, "kit", kit.number)
    assert "take no sample" in page
    assert reverse("tell_hop", args=[kit.number, "taken"]) not in page
    answer = tell(officer, kit.number, "taken", place="x", witness="officer2")
    assert 'data-code="no_consent"' in answer.content.decode()


@pytest.mark.parametrize(("who", "shown"), [("analyst", True), ("officer", True), ("supervisor", True), ("auditor", False)])
def test_the_rail_leads_there(world: World, client_of: Any, who: str, shown: bool) -> None:
    assert (f'href="{reverse("kits")}"' in read(client_of(who), "today")) == shown
