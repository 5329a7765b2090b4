"""A joint operation on pages: planned, approved, told ready from a phone, launched, over, reviewed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

from django.test import Client
from django.urls import reverse

from factories.joint import READY, draft, joint_plan, step
from factories.operations import add, investigation
from factories.world import World
from wayhome.casework.audit.models import AuditEvent
from wayhome.casework.operations import actions
from wayhome.casework.operations.models import Campaign, JointPlan, Operation, PlanSite
from wayhome.casework.operations.queries.joint import planned

ClientOf = Callable[..., Client]


def sent(client: Client, address: str, told: dict[str, object]) -> int:
    """The form of a page, filled in and sent; the status of the answer."""
    page = client.get(address).content.decode()
    hidden = page.split('name="digest" value="')[1].split('"')[0] if 'name="digest"' in page else ""
    once = page.split('name="once" value="')[1].split('"')[0]
    return client.post(address, told | {"once": once} | ({"digest": hidden} if hidden else {})).status_code


def on(**switches: bool) -> dict[str, object]:
    """A form leaves out a switch that is off."""
    return {name: "on" for name, there in (READY | switches).items() if there}


def test_from_the_draft_to_the_report_by_form(world: World, client_of: ClientOf) -> None:
    opened = investigation(world, "officer2", supervised=True)
    lead, leader, ministry = client_of("officer"), client_of("officer2"), client_of("supervisor")
    given = {
        "code": "2011.7.20",
        "title": "sails down",
        "zero_hour": "2011-07-20T00:00",
        "jurisdiction": world.jurisdictions["GX"].pk,
    }
    draft = reverse("draft_plan", args=[opened.number])
    assert sent(lead, draft, given | {"time_zone": "Mars"}) == 422
    assert sent(lead, draft, given | {"time_zone": "Asia/Ho_Chi_Minh"}) == 302
    plan = JointPlan.objects.get()
    assert plan.zero_hour == datetime(2011, 7, 19, 17, tzinfo=UTC), "midnight in Hanoi"
    at = [plan.number]
    address = reverse("joint_plan", args=at)
    page = lead.get(address).content.decode()
    assert "2011-07-20 00:00" in page
    assert "2011-07-20 01:00" in page, "and one in Beijing"

    place = {"jurisdiction": world.jurisdictions["GX"].pk, "place": "河堤路3号", "leader": "officer2", "officers": "40"}
    assert sent(lead, reverse("add_site", args=at), place | {"leader": "officer_gd"}) == 422
    assert sent(lead, reverse("add_site", args=at), place | {"officers": "4"}) == 302
    site = PlanSite.objects.get()
    assert sent(lead, reverse("add_site", args=at) + f"?replaces={site.pk}", place) == 302
    site = PlanSite.objects.get(replaces=site)
    assert planned(plan).officers == 40
    assert leader.get(reverse("report_readiness", args=[site.replaces_id])).status_code == 404

    assert reverse("approve_plan", args=at) in ministry.get(address).content.decode()
    assert reverse("approve_plan", args=at) not in lead.get(address).content.decode()
    assert sent(lead, reverse("seal_plan", args=at), {}) == 409
    assert sent(ministry, reverse("approve_plan", args=at), {}) == 302
    assert sent(lead, reverse("seal_plan", args=at), {}) == 302

    ready = reverse("report_readiness", args=[site.pk])
    assert ready in leader.get(address).content.decode()
    assert 'value="off"' not in leader.get(ready).content.decode(), "a lead calls off"
    assert sent(leader, ready, on(medic=False) | {"word": "go"}) == 409
    assert sent(leader, ready, on(medic=False) | {"word": "no_go"}) == 422
    assert sent(leader, ready, on(medic=False) | {"word": "no_go", "reason": "on the road"}) == 302
    page = lead.get(address).content.decode()
    assert "1 site does not go yet." in page
    assert "on the road" in page
    assert reverse("launch_plan", args=at) not in page
    assert sent(lead, reverse("launch_plan", args=at), {}) == 409
    assert not Operation.objects.filter(code="2011.7.20").exists()
    assert sent(leader, ready, on() | {"word": "go"}) == 302
    assert sent(lead, reverse("launch_plan", args=at), {}) == 302
    operation = Operation.objects.get(code="2011.7.20")
    assert client_of("supervisor").get(reverse("board", args=[operation.pk])).status_code == 200

    assert sent(lead, reverse("stand_down_plan", args=at), {"note": "all quiet"}) == 302
    moment = world.now()
    actions.report_officers(operation=operation, officers=38, counted_at=moment, by=world.actor("officer"), at=moment)
    assert sent(lead, reverse("review_plan", args=at), {"note": "the boats came late"}) == 302
    page = ministry.get(address).content.decode()
    for told in ("the boats came late", "all quiet", "38", "Counted from the records"):
        assert told in page
    assert "The records tell otherwise now" not in page
    moment = world.now()
    actions.report_officers(operation=operation, officers=41, counted_at=moment, by=world.actor("officer"), at=moment)
    assert "The records tell otherwise now" in ministry.get(address).content.decode()


def test_for_everybody_else_it_is_not_there(world: World, client_of: ClientOf) -> None:
    opened = investigation(world, "officer2", supervised=True)
    plan = joint_plan(world, opened, "sealed", title="sails down")
    site = planned(plan).sites[0][0]
    pages = [reverse(name, args=[plan.number]) for name in ("joint_plan", "add_site", "seal_plan", "launch_plan", "review_plan")]
    pages += [reverse("approve_plan", args=[plan.number]), reverse("report_readiness", args=[site.pk])]
    for who, codes in (("officer_gd", {404, 403}), ("supervisor2", {404, 403}), ("administrator", {403}), ("nurse", {403})):
        other = client_of(who)
        answers = [other.get(page) for page in pages]
        assert {answer.status_code for answer in answers} == codes, who
        assert not [answer for answer in answers if "sails down" in answer.content.decode()]
        assert "sails down" not in other.get(reverse("today")).content.decode()
    assert "sails down" not in client_of("officer_gd").get(reverse("operations")).content.decode()
    assert not AuditEvent.objects.filter(action="operations.read_investigation").exists()
    add(world, opened, "officer_gd")
    assert client_of("officer_gd").get(pages[0]).status_code == 200
    assert AuditEvent.objects.filter(action="operations.read_investigation").count() == 1


def test_what_was_changed_since_is_not_approved(world: World, client_of: ClientOf) -> None:
    opened = investigation(world, "officer2", supervised=True)
    plan = joint_plan(world, opened)
    ministry, address = client_of("supervisor"), reverse("approve_plan", args=[plan.number])
    page = ministry.get(address).content.decode()
    told = {name: page.split(f'name="{name}" value="')[1].split('"')[0] for name in ("digest", "once")}
    joint = planned(plan).sites[0][0]
    actions.add_site(
        plan=plan,
        jurisdiction=joint.jurisdiction,
        place="elsewhere",
        leader=joint.leader,
        officers=4,
        by=world.actor("officer"),
        at=world.now(),
    )
    answer = ministry.post(address, told)
    assert answer.status_code == 409
    assert 'data-code="plan_changed"' in answer.content.decode()
    assert client_of("supervisor", stepped_up=False).get(address).status_code == 302, "who are you?"


def test_the_board_tells_when_a_campaign_ends(world: World, client_of: ClientOf) -> None:
    assert world.operation
    desk = client_of("supervisor")
    given = {"name": "joint campaign", "partner": world.jurisdictions["VN"].pk, "starts": "2011-07-01", "ends": "2011-07-16"}
    assert sent(desk, reverse("record_campaign"), given | {"ends": "2011-06-30"}) == 422
    assert sent(desk, reverse("record_campaign"), given) == 302
    board = reverse("board", args=[world.operation.pk])
    assert "It ends in 1 day." in client_of("officer").get(board).content.decode()
    first = Campaign.objects.get()
    assert sent(desk, reverse("record_campaign") + f"?replaces={first.pk}", given | {"ends": "2011-07-15"}) == 302
    page = desk.get(board).content.decode()
    assert "It ends today." in page
    assert page.count("joint campaign") == 1
    assert Campaign.objects.get(replaces=first).ends == date(2011, 7, 15)
    assert reverse("record_campaign") not in client_of("officer").get(reverse("campaigns")).content.decode()


def test_a_leader_from_outside_has_the_own_site_and_no_other_page(world: World, client_of: ClientOf) -> None:
    opened = investigation(world, "officer2", supervised=True, title="Sails down")
    plan = draft(world, opened, title="the night boats")
    lead, outside = client_of("officer"), client_of("officer_gd")
    place = {"jurisdiction": world.jurisdictions["GX"].pk, "place": "河堤路3号", "officers": "40"}
    address = reverse("add_site", args=[plan.number])
    for wrong in ({}, {"leader": "officer2", "outside": "officer_gd"}, {"outside": "nobody"}):
        assert sent(lead, address, place | wrong) == 422, wrong
    assert sent(lead, address, place | {"outside": "officer2"}) == 409, "a member is told of all"
    assert sent(lead, address, place | {"outside": "officer_gd"}) == 302
    one = planned(plan).sites[0][0]
    mine, ready = reverse("led_site", args=[one.pk]), reverse("report_readiness", args=[one.pk])
    assert outside.get(mine).status_code == 404, "not before it is approved"
    step(world, plan, "approved")
    assert mine in outside.get("/").content.decode()
    step(world, plan, "sealed")
    told = outside.get(mine).content.decode()
    assert ready in told
    form = outside.get(ready).content.decode()
    for said in (told, form, outside.get("/").content.decode()):
        for absent in (plan.number, plan.code, plan.title, opened.number, opened.title, "Sails down"):
            assert absent not in said, absent
    assert 'value="off"' not in form
    assert sent(outside, ready, on() | {"word": "go"}) == 302
    assert "told of this site alone" in lead.get(reverse("joint_plan", args=[plan.number])).content.decode()
    for name, arguments in (("joint_plan", [plan.number]), ("investigation", [opened.number]), ("ledger", [opened.number])):
        assert outside.get(reverse(name, args=arguments)).status_code == 404, name
