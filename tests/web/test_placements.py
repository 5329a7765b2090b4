"""Room told in seconds, homes asked and answering, siblings tied, and a plan that people turn into questions."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from factories.plans import a_plan
from factories.world import World
from wayhome.casework.children import actions as children
from wayhome.casework.children.models import Child
from wayhome.casework.custody import actions as custody_actions
from wayhome.casework.custody import queries as custody
from wayhome.casework.placements import actions, queries
from wayhome.casework.placements.models import (
    CapacitySnapshot,
    Placement,
    PlacementAnswer,
    RiskArea,
    SeparationVote,
    SurgeApproval,
)

TOLD = {
    "beds": "12",
    "other_children": "",
    "carers_day": "2",
    "carers_night": "1",
    "children_per_carer": "5",
    "level": "1",
    "daily_cost": "110",
    "funds": "50000",
    "surge_carers": "",
    "surge_cost": "",
    "once": "capacity-1",
}


def text(answer: Any) -> str:
    """The page."""
    return str(answer.content.decode())


def twins(world: World) -> list[Child]:
    """Two in hospital, fit to move."""
    pair = [world.in_hospital(cleared=True) for _ in range(2)]
    children.group_siblings(children=pair, ground="alleged", by=world.actor("caseworker"), at=world.now())
    for child in pair:
        child.refresh_from_db()
    return pair


def ask(world: World, child: Child, home: str = "home") -> Placement:
    """By the placement officer."""
    return actions.propose_placement(child=child, facility=world.facilities[home], by=world.actor("placement"), at=world.now())


def test_a_caseworker_tells_what_there_is_room_for(world: World, client_of) -> None:
    client, home = client_of("caseworker"), world.facilities["home"]
    address = reverse("home_capacity", args=[home.pk])
    assert home.name in text(client.get(reverse("capacity")))
    assert client.post(address, TOLD).status_code == 302
    told = CapacitySnapshot.objects.order_by("-pk").first()
    assert told is not None
    assert (told.facility, told.beds, told.carers_night, told.other_children, told.level) == (home, 12, 1, 0, 1)
    page = text(client.get(address))
    assert 'name="beds" value="12"' in page, "filled in as it was told last"
    assert "5 more can come" in text(client.get(reverse("placements")))


@pytest.mark.parametrize("wrong", [{"beds": "-1"}, {"children_per_carer": "0"}, {"carers_day": "many"}, {"level": "7"}])
def test_a_report_that_cannot_be(world: World, client_of, wrong: dict[str, str]) -> None:
    before = CapacitySnapshot.objects.count()
    answer = client_of("caseworker").post(reverse("home_capacity", args=[world.facilities["home"].pk]), TOLD | wrong)
    assert answer.status_code == 422
    assert next(iter(wrong.values())) in text(answer) or "level" in wrong, "what was typed is kept"
    assert CapacitySnapshot.objects.count() == before


def test_a_report_grows_old_in_a_day(world: World, client_of) -> None:
    client, address = client_of("caseworker"), reverse("home_capacity", args=[world.facilities["home"].pk])
    assert address not in text(client.get(reverse("today")))
    world.clock += timedelta(hours=25)
    assert address in text(client.get(reverse("today")))
    assert "more than a day ago" in text(client.get(address))


def test_those_above_read_the_figures_and_others_do_not(world: World, client_of) -> None:
    address = reverse("home_capacity", args=[world.facilities["home"].pk])
    page = text(client_of("placement").get(address))
    assert "As it was told" in page
    assert 'name="beds"' not in page
    assert client_of("supervisor").post(address, TOLD).status_code == 200, "no form, nothing is reported"
    assert client_of("caseworker_gd").get(address).status_code == 404


def test_two_others_approve_a_surge(world: World, client_of) -> None:
    home = world.facilities["home"]
    world.has_room("home", beds=0)
    given = {"beds": "3", "carers": "1", "until": "2011-07-17T12:00", "reason": "the raid", "once": "s"}
    assert client_of("caseworker").post(reverse("ask_surge", args=[home.pk]), given).status_code == 302
    address = reverse("approve_surge", args=[queries.Surge.objects.get().pk])
    assert "Other organisations approve it" in text(client_of("placement").get(address))
    own = client_of("placement").post(address, {"once": "s-1"})
    assert own.status_code == 409
    assert 'data-code="self_approval"' in text(own)
    again = client_of("supervisor", stepped_up=False).get(address)
    assert again.headers["Location"].startswith(reverse("mfa_reauthenticate"))
    for who in ("supervisor", "supervisor2"):
        client = client_of(who)
        assert address in text(client.get(reverse("today")))
        assert client.post(address, {"once": f"s-{who}"}).status_code == 302
        assert address not in text(client.get(reverse("today")))
    assert SurgeApproval.objects.count() == 2
    assert "approved" in text(client_of("caseworker").get(reverse("home_capacity", args=[home.pk])))
    assert queries.room(home, at=world.now()).free == 3


def test_a_surge_is_for_three_days(world: World, client_of) -> None:
    given = {"beds": "3", "carers": "1", "until": "2011-08-17T12:00", "reason": "for ever", "once": "s"}
    answer = client_of("caseworker").post(reverse("ask_surge", args=[world.facilities["home"].pk]), given)
    assert answer.status_code == 422
    assert "This number cannot be." in text(answer)


def test_from_the_question_to_the_kept_place(world: World, client_of) -> None:
    child = world.in_hospital(cleared=True)
    placement, caseworker = client_of("placement"), client_of("caseworker")
    page = text(placement.get(reverse("ask_home", args=[child.number])))
    home, far = world.facilities["home"], world.facilities["home_gd"]
    assert page.index(home.name) < page.index(far.name), "the nearest first"
    asked = placement.post(
        reverse("ask_home", args=[child.number]), {"facility": str(home.pk), "reason": "a nurse at night", "once": "a"}
    )
    assert asked.status_code == 302
    address = reverse("answer_placement", args=[Placement.objects.get().pk])
    assert address in text(caseworker.get(reverse("today")))
    page = text(caseworker.get(address))
    assert "a nurse at night" in page
    assert child.call_name in page
    assert caseworker.get(reverse("child", args=[child.number])).status_code == 404, "the file is not its yet"
    assert caseworker.post(address, {"once": "b"}).status_code == 302
    assert PlacementAnswer.objects.get().accepted
    assert "Places that you keep" in text(caseworker.get(reverse("placements")))
    assert "accepted: keeps a place" in text(placement.get(reverse("child", args=[child.number])))
    handing = text(client_of("nurse").get(reverse("hand_over", args=[child.number])))
    assert f"{home.name} keeps a place for it" in handing
    assert f'value="{home.pk}" selected' in handing
    assert caseworker.get(address).status_code == 404, "it is answered"


def test_a_refusal_has_a_reason(world: World, client_of) -> None:
    placement, client = ask(world, world.in_hospital(cleared=True)), client_of("caseworker")
    address = reverse("refuse_placement", args=[placement.pk])
    assert client.post(address, {"code": "", "note": "", "once": "r"}).status_code == 422
    other = client.post(address, {"code": "other", "note": "", "once": "r2"})
    assert other.status_code == 422
    assert client.post(address, {"code": "too_small", "note": "no night nurse", "once": "r3"}).status_code == 302
    page = text(client_of("placement").get(reverse("child", args=[placement.child.number])))
    assert "too small for us: no night nurse" in page
    again = text(client_of("placement").get(reverse("ask_home", args=[placement.child.number])))
    assert "refused this child" in again


def test_a_full_home_cannot_accept_and_is_told_how(world: World, client_of) -> None:
    world.has_room("home", beds=0)
    placement = ask(world, world.in_hospital(cleared=True))
    answer = client_of("caseworker").post(reverse("answer_placement", args=[placement.pk]), {"once": "x"})
    assert answer.status_code == 409
    assert 'data-code="no_bed"' in text(answer)
    assert not PlacementAnswer.objects.exists()


def test_siblings_are_one_row_and_one_answer(world: World, client_of) -> None:
    pair = twins(world)
    for child in pair:
        ask(world, child)
    ask(world, world.in_hospital(cleared=True))
    client = client_of("caseworker")
    page = text(client.get(reverse("placements")))
    assert page.count("We take it: keep a place") == 2, "one button for the two, one for the other"
    first = Placement.objects.get(child=pair[0])
    assert "Can you take these 2 children?" in text(client.get(reverse("answer_placement", args=[first.pk])))
    assert client.post(reverse("answer_placement", args=[first.pk]), {"once": "t"}).status_code == 302
    assert {one.placement.child_id for one in PlacementAnswer.objects.all()} == {child.pk for child in pair}


def test_who_gives_a_child_is_told_beforehand_why_a_home_cannot_take_it(world: World, client_of) -> None:
    one, other = twins(world)
    world.has_room("relief", beds=0)
    world.hand_over(one, "home", custody.Kind.WELFARE_INSTITUTION, giver="nurse", receiver="caseworker")
    page = text(client_of("nurse").get(reverse("hand_over", args=[other.number])))
    far, relief = world.facilities["home_gd"], world.facilities["relief"]
    assert f"{far.name} · welfare institution · siblings are elsewhere" in page
    assert f"{relief.name} · relief station · siblings are elsewhere" in page
    third = world.in_hospital(cleared=True)
    page = text(client_of("nurse").get(reverse("hand_over", args=[third.number])))
    assert f"{far.name} · welfare institution<" in page
    assert f"{relief.name} · relief station · no free cot" in page


def test_a_place_is_called_off(world: World, client_of) -> None:
    placement = ask(world, world.in_hospital(cleared=True))
    address = reverse("end_placement", args=[placement.pk])
    assert client_of("placement").post(address, {"reason": "", "once": "e"}).status_code == 422
    assert client_of("placement").post(address, {"reason": "another is nearer", "once": "e2"}).status_code == 302
    assert "called off" in text(client_of("placement").get(reverse("child", args=[placement.child.number])))
    assert "No child waits for your answer." in text(client_of("caseworker").get(reverse("placements")))


def test_where_a_buyer_lives_no_home_is_asked(world: World, client_of) -> None:
    child, client = world.in_hospital(cleared=True), client_of("officer")
    address = reverse("mark_risk", args=[child.number])
    whole = client.post(address, {"jurisdiction": str(world.jurisdictions["CN"].pk), "reason": "the buyer", "once": "k0"})
    assert whole.status_code == 422
    given = {"jurisdiction": str(world.jurisdictions["GX"].pk), "reason": "the buyer's brother", "once": "k"}
    assert client.post(address, given).status_code == 302
    assert RiskArea.objects.get().child == child
    assert "No home in Guangxi" in text(client.get(reverse("child", args=[child.number])))
    placement = client_of("placement")
    page = text(placement.get(reverse("ask_home", args=[child.number])))
    assert (
        page.index(world.facilities["home_gd"].name) < page.index("These cannot take it now") < page.index("a buyer lives near")
    )
    home = str(world.facilities["home"].pk)
    refused = placement.post(reverse("ask_home", args=[child.number]), {"facility": home, "reason": "", "once": "p"})
    assert refused.status_code == 409
    assert 'data-code="risk_area"' in text(refused)


def test_a_home_that_gives_less_care_is_no_choice(world: World, client_of) -> None:
    child = world.in_hospital()
    custody_actions.clear(child=child, fit=True, level="medical", by=world.actor("doctor"), at=world.now())
    world.has_room("relief", level=2)
    can, cannot = text(client_of("placement").get(reverse("ask_home", args=[child.number]))).split("These cannot take it now")
    assert world.facilities["relief"].name in can
    assert world.facilities["home"].name in cannot
    assert "less care than it needs" in cannot


def test_welfare_health_and_law_vote(world: World, client_of) -> None:
    one, other = twins(world)
    world.hand_over(one, "home", custody.Kind.WELFARE_INSTITUTION, giver="nurse", receiver="caseworker")
    doctor = client_of("doctor")
    proposed = doctor.post(reverse("separate", args=[other.number]), {"reason": "its brother hurts it", "once": "s"})
    address = proposed.headers["Location"]
    supervisor = client_of("supervisor")
    assert address in text(supervisor.get(reverse("today")))
    assert supervisor.post(address, {"agrees": "no", "note": "", "once": "v0"}).status_code == 422
    assert supervisor.post(address, {"agrees": "yes", "note": "", "once": "v1"}).status_code == 302
    assert address not in text(supervisor.get(reverse("today")))
    assert doctor.post(address, {"agrees": "no", "note": "not proven", "once": "v2"}).status_code == 302
    assert SeparationVote.objects.count() == 2
    page = text(doctor.get(address))
    assert "not proven" in page
    assert 'name="agrees"' not in page, "each votes once"
    assert "siblings are elsewhere" in text(client_of("placement").get(reverse("ask_home", args=[other.number])))
    without = client_of("doctor", stepped_up=False).get(address)
    assert without.headers["Location"].startswith(reverse("mfa_reauthenticate"))


def test_the_desk(world: World, client_of) -> None:
    one, other = twins(world)
    world.has_room("relief", beds=0)
    asked = ask(world, world.in_hospital(cleared=True))
    world.child("小竹")
    page = text(client_of("placement").get(reverse("placements")))
    for child in (one, other, asked.child):
        assert child.number in page.replace(" ", "").replace("\n", "") or reverse("child", args=[child.number]) in page
    assert page.count("siblings 1") == 2
    assert "asked, not answered yet" in page
    assert "no free cot" in page
    assert world.facilities["home_gd"].name not in page, "not in this jurisdiction"
    world.clock += timedelta(hours=30)
    late = text(client_of("placement").get(reverse("placements")))
    assert 'class="late"' in late
    assert "room not told today" in late


def test_a_plan_is_read_and_asked_for(world: World, client_of) -> None:
    one, other = twins(world)
    third, fourth = (world.in_hospital(cleared=True) for _ in range(2))
    home = world.facilities["home"]
    bill = {
        "provinces": {"GX": {"beds": 2, "carers": 1, "yuan": 1400}},
        "homes": {str(home.pk): {"beds": 2, "carers": 1, "yuan": 1400}},
        "impossible": {},
        "proven": True,
    }
    assigned = {one: "home", other: "home", third: "home", fourth: ""}
    plan = a_plan(world, assigned, at=world.now(), passed_over={"no_bed": 3, "buyers_county": 1}, bill=bill)
    client, address = client_of("placement"), reverse("night_plan", args=[plan.pk])
    assert address in text(client.get(reverse("placements")))
    page = text(client.get(address))
    for told in ("3 homes: no free cot", "1 home: a buyer lives near", "王秀英 answers for it", "Guangxi", "1\u202f400"):
        assert told in page
    assert client.post(address, {"hold": [str(one.pk)], "once": "p"}).status_code == 302
    assert [placement.child for placement in Placement.objects.all()] == [third], "siblings are held together"
    page = text(client.get(address))
    assert "asked, not answered yet" in page
    printed = text(client.get(reverse("bill", args=[plan.pk])))
    assert home.name in printed
    assert "every child of this plan has a place." in printed
    assert client_of("supervisor2").get(address).status_code == 200
    assert client_of("caseworker").get(address).status_code == 403


def test_queries_do_not_grow_with_children_or_homes(world: World, client_of) -> None:
    placement, caseworker = client_of("placement"), client_of("caseworker")

    def counts() -> list[int]:
        plan = a_plan(world, dict.fromkeys(Child.objects.all(), "home"), at=world.now())
        child = Placement.objects.select_related("child").earliest("pk").child
        pages = [
            (placement, reverse("placements")),
            (placement, reverse("ask_home", args=[child.number])),
            (placement, reverse("night_plan", args=[plan.pk])),
            (placement, reverse("bill", args=[plan.pk])),
            (caseworker, reverse("placements")),
            (caseworker, reverse("capacity")),
        ]
        found = []
        for client, address in pages:
            client.get(address)
            with CaptureQueriesContext(connection) as told:
                assert client.get(address).status_code == 200
            found.append(len(told))
        return found

    world.in_hospital(cleared=True)
    ask(world, world.in_hospital(cleared=True))
    before = counts()
    for _ in range(4):
        ask(world, world.in_hospital(cleared=True))
        world.in_hospital(cleared=True)
    assert counts() == before


def test_a_plan_is_made_and_opened(world: World, client_of) -> None:
    one, other = twins(world)
    client = client_of("placement")
    assert client.post(reverse("make_plan"), {"nights": "0", "once": "m0"}).status_code == 422
    made = client.post(reverse("make_plan"), {"nights": "3", "once": "m"})
    plan = queries.NightPlan.objects.get()
    assert made.headers["Location"] == reverse("night_plan", args=[plan.pk])
    assert {line.child for line in plan.lines.filter(facility__isnull=False)} == {one, other}
    page = text(client.get(made.headers["Location"]))
    assert "Ask these homes" in page
    assert "Who stays for now" not in page
