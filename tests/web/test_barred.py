"""A home that can no longer have the child: a line on the desk and in Today says what, why and what to do, until it is done."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from factories.world import World
from wayhome.casework.audit.models import Alarm
from wayhome.casework.placements import actions, queries
from wayhome.casework.placements.models import Placement, PlacementEnd


def text(answer: Any) -> str:
    """The page."""
    return str(answer.content.decode())


def kept(world: World) -> Placement:
    """A home asked and accepting."""
    child, home = world.in_hospital(cleared=True), world.facilities["home"]
    asked = actions.propose_placement(child=child, facility=home, by=world.actor("placement"), at=world.now())
    actions.accept_placement(placement=asked, by=world.actor("caseworker"), at=world.now())
    return asked


def a_buyer_nearby(world: World, placement: Placement) -> None:
    actions.mark_risk_area(
        child=placement.child, jurisdiction=world.jurisdictions["GX"], reason="buyer", by=world.actor("officer"), at=world.now()
    )


def test_the_desk_and_today_say_what_and_why_and_what_to_do(world: World, client_of) -> None:
    good, bad = kept(world), kept(world)
    client = client_of("placement")
    off, well = reverse("end_placement", args=[bad.pk]), reverse("end_placement", args=[good.pk])
    assert off not in text(client.get(reverse("today")))
    assert "cannot go" not in text(client.get(reverse("placements")))
    a_buyer_nearby(world, bad)
    today, desk = (text(client.get(reverse(name))) for name in ("today", "placements"))
    why = "a buyer of this child lives near, or has kin there"
    for page in (today, desk):
        assert why in page
        assert world.facilities["home"].name in page
        assert off in page
    assert well not in today
    assert "1 child cannot go where it was to go" in desk
    assert today.count(bad.child.call_name + " · ") == 1, "the alarm is that line, not another"
    alarm = Alarm.objects.get(kind=Alarm.Kind.PLACEMENT_BARRED)
    told = text(client.get(reverse("alarm", args=[alarm.pk])))
    assert why in told
    assert "call this placement off and make a plan" in told
    form = text(client.get(off))
    assert why in form, "the reason is filled in"
    assert client.post(off, {"reason": why, "once": "o"}).status_code == 302
    assert PlacementEnd.objects.get().placement == bad
    assert off not in text(client.get(reverse("today")))
    assert "cannot go" not in text(client.get(reverse("placements")))


def test_the_child_and_the_hand_over_do_not_send_it_there(world: World, client_of) -> None:
    good, bad = kept(world), kept(world)
    a_buyer_nearby(world, bad)
    home, client = world.facilities["home"], client_of("nurse")
    for placement, says in (
        (good, f"{home.name} keeps a place for it: it can be handed over."),
        (bad, f"{home.name} cannot have it: "),
    ):
        page = text(client.get(reverse("child", args=[placement.child.number])))
        assert says in page
        assert ("it can be handed over" in page) is (placement == good)
        handing = text(client.get(reverse("hand_over", args=[placement.child.number])))
        assert (f'value="{home.pk}" selected' in handing) is (placement == good)
        assert (f"{home.name} keeps a place for it since" in handing) is (placement == good)


def test_a_plan_is_made_for_all_and_says_what_is_called_off(world: World, client_of) -> None:
    good, bad = kept(world), kept(world)
    a_buyer_nearby(world, bad)
    client = client_of("supervisor")
    made = client.post(reverse("make_plan"), {"nights": "3", "once": "m"})
    plan = queries.NightPlan.objects.get()
    assert made.headers["Location"] == reverse("night_plan", args=[plan.pk])
    lines = {line.child_id: line.facility.code if line.facility else "" for line in plan.lines.select_related("facility")}
    assert lines == {good.child_id: "home", bad.child_id: "home_gd"}
    page = text(client.get(made.headers["Location"]))
    assert f"Not to {world.facilities['home'].name} any more: a buyer of this child lives near" in page
    assert client.post(made.headers["Location"], {"once": "p"}).status_code == 302
    assert PlacementEnd.objects.get().placement == bad
    assert Placement.objects.get(child=bad.child, end__isnull=True).facility == world.facilities["home_gd"]
    child = text(client.get(reverse("child", args=[bad.child.number])))
    assert "a buyer of this child lives near, or has kin there" in child
