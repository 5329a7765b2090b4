"""Investigations and their ledger on pages: written by form, and not there for anybody else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from itertools import pairwise

import pytest
from django.test import Client
from django.urls import reverse

from factories.operations import add, end, investigation, without_lead
from factories.world import World
from wayhome.casework.audit.models import AuditEvent
from wayhome.casework.core.errors import NotFound
from wayhome.casework.custody import actions as custody
from wayhome.casework.operations import actions
from wayhome.casework.operations.models import AllegedVictim, Investigation
from wayhome.casework.operations.queries.investigations import investigations_of, is_member, task_force
from wayhome.casework.operations.queries.victims import victim_of
from wayhome.web.flow import flow

ClientOf = Callable[..., Client]


def sent(client: Client, address: str, told: dict[str, object]) -> int:
    """The form of a page, filled in and sent; the status of the answer."""
    page = client.get(address).content.decode()
    once = page.split('name="once" value="')[1].split('"')[0]
    return client.post(address, told | {"once": once}).status_code


def victim(world: World, opened: Investigation, evidence: str = "two tickets to Shanxi") -> AllegedVictim:
    day = date(2011, 6, 2)
    return actions.tell_victim(
        investigation=opened, evidence=evidence, sex="F", seen_from=day, seen_to=day, by=world.actor("officer"), at=world.now()
    )


def test_a_task_force_is_put_together_by_form(world: World, client_of: ClientOf) -> None:
    desk = client_of("officer")
    given = {"code": "8.6.2011", "title": "the night boats", "jurisdiction": world.jurisdictions["GX"].pk}
    assert sent(desk, reverse("open_investigation"), given) == 302
    opened = investigations_of(world.actor("officer")).get()
    at = [opened.number]
    assert sent(desk, reverse("add_member", args=at), {"staff": "officer_gd", "function": "member"}) == 302
    assert sent(desk, reverse("add_member", args=at), {"staff": "nobody", "function": "member"}) == 422
    assert sent(desk, reverse("add_member", args=at), {"staff": "supervisor", "function": "supervisor"}) == 409
    assert sent(desk, reverse("supervise", args=at), {"since": "2011-07-01"}) == 302
    assert sent(desk, reverse("add_member", args=at), {"staff": "supervisor", "function": "supervisor"}) == 302
    assert world.operation
    assert sent(desk, reverse("tie_operation", args=at), {"operation": world.operation.pk}) == 302
    page = desk.get(reverse("investigation", args=at)).content.decode()
    for told in ("8.6.2011", "the night boats", "supervises it since", world.operation.title, world.staff["officer_gd"].name):
        assert told in page
    member = task_force(world.actor("officer"), opened.pk).get(staff=world.staff["officer_gd"])
    leave = reverse("end_member", args=[opened.number, member.pk])
    assert leave in page
    assert leave not in client_of("officer_gd").get(reverse("investigation", args=at)).content.decode(), "who does not lead"
    assert sent(desk, leave, {}) == 302
    assert client_of("officer_gd").get(reverse("investigation", args=at)).status_code == 404
    assert desk.get(leave).status_code == 404, "they have left"
    assert sent(desk, reverse("hand_over_lead", args=at), {"staff": "officer2", "leave": "on"}) == 302
    assert is_member(world.actor("officer2"), opened.pk, "lead")
    assert desk.get(reverse("investigation", args=at)).status_code == 404


def addresses(world: World, opened: Investigation) -> Iterator[str]:
    told = victim(world, opened)
    child = world.in_hospital()
    tied = victim(world, opened)
    at = {"by": world.actor("officer"), "at": world.now()}
    custody.tie_victim(victim=victim_of(at["by"], tied.pk), child_id=child.pk, **at)
    member = task_force(world.actor("officer"), opened.pk).get(staff=world.staff["officer2"])
    for name in ("investigation", "ledger", "supervise", "add_member", "hand_over_lead", "tie_operation", "tell_victim"):
        yield reverse(name, args=[opened.number])
    yield reverse("end_member", args=[opened.number, member.pk])
    for name in ("tell_victim_state", "tie_victim"):
        yield reverse(name, args=[told.pk])
    yield reverse("untie_victim", args=[tied.pk])


def test_for_everybody_else_it_is_not_there(world: World, client_of: ClientOf) -> None:
    opened = investigation(world, "officer2", title="the night boats")
    pages = list(addresses(world, opened))
    mine = client_of("officer")
    assert {mine.get(page).status_code for page in pages} == {200}
    for who in ("officer_gd", "supervisor", "administrator", "auditor", "nurse"):
        other = client_of(who)
        for page in pages:
            answer = other.get(page)
            assert answer.status_code == (404 if who == "officer_gd" else answer.status_code) in (403, 404), (who, page)
            assert "night boats" not in answer.content.decode()
    for who in ("officer_gd", "supervisor"):
        other = client_of(who)
        assert "You belong to no task force" in other.get(reverse("investigations")).content.decode()
        assert other.get(reverse("find"), {"q": opened.number}).status_code == 404
        assert opened.number not in other.get(reverse("today")).content.decode().replace(" ", "")
    missing = client_of("officer_gd").get(reverse("investigation", args=["123456786"]))
    foreign = client_of("officer_gd").get(reverse("investigation", args=[opened.number]))
    assert [answer.status_code for answer in (missing, foreign)] == [404, 404]
    before = AuditEvent.objects.filter(action="operations.read_investigation").count()
    assert before == 2, "the officer looked at the investigation and at its ledger, and nobody else"


def test_the_ledger_tells_what_became_of_each(world: World, client_of: ClientOf) -> None:
    opened = investigation(world, supervised=True)
    desk, at = client_of("officer"), [opened.number]
    ledger = reverse("ledger", args=at)
    assert "No child is on it yet." in desk.get(ledger).content.decode()
    given = {"evidence": "a call about a girl", "sex": "F", "seen_from": "2011-06-02", "seen_to": "2011-06-09"}
    for _ in range(3):
        assert sent(desk, reverse("tell_victim", args=at), given) == 302
    assert sent(desk, reverse("tell_victim", args=at), given | {"seen_to": "2011-06-01"}) == 422
    one, two, three = AllegedVictim.objects.order_by("pk")
    child = world.in_hospital()
    tie = reverse("tie_victim", args=[one.pk])
    assert sent(desk, tie, {"child": child.number[:-1] + str((int(child.number[-1]) + 1) % 10)}) == 422
    assert sent(desk, tie, {"child": "123456786"}) == 422, "a child that is not there, or not for this reader"
    assert sent(desk, tie, {"child": child.number}) == 302
    assert sent(desk, reverse("tie_victim", args=[two.pk]), {"child": child.number}) == 409
    assert sent(desk, reverse("tell_victim_state", args=[two.pk]), {"state": "located", "note": "seen at a clinic"}) == 302
    assert sent(desk, reverse("tell_victim_state", args=[three.pk]), {"state": "disproved", "note": "a doll"}) == 302
    page = desk.get(ledger).content.decode()
    assert "2 moved, 1 rescued, 1 still looked for" in page
    assert reverse("child", args=[child.number]) in page
    assert reverse("tie_victim", args=[three.pk]) not in page, "what never was is no child"
    located = desk.get(ledger, {"state": "located"}).content.decode()
    assert reverse("tie_victim", args=[two.pk]) in located
    assert reverse("untie_victim", args=[one.pk]) not in located
    read = client_of("supervisor").get(ledger).content.decode()
    assert "a call about a girl" in read
    assert reverse("tie_victim", args=[two.pk]) not in read, "the ministry's supervisor reads"
    assert sent(desk, reverse("untie_victim", args=[one.pk]), {"reason": "another blanket"}) == 302
    assert "2 moved, 0 rescued, 2 still looked for" in desk.get(ledger).content.decode()


def test_a_member_who_may_not_read_the_child_is_told_its_number_alone(world: World, client_of: ClientOf) -> None:
    opened = investigation(world, "officer_gd")
    child = world.in_hospital()
    at = {"by": world.actor("officer"), "at": world.now()}
    custody.tie_victim(victim=victim_of(at["by"], victim(world, opened).pk), child_id=child.pk, **at)
    page = client_of("officer_gd").get(reverse("ledger", args=[opened.number])).content.decode()
    assert child.number in page.replace(" ", "")
    assert reverse("child", args=[child.number]) not in page


def test_a_lead_who_leaves_goes_to_the_list(world: World, client_of: ClientOf) -> None:
    opened = investigation(world)
    add(world, opened, "officer2", "lead")
    mine = task_force(world.actor("officer"), opened.pk).get(staff=world.staff["officer"])
    desk = client_of("officer")
    address = reverse("end_member", args=[opened.number, mine.pk])
    once = desk.get(address).content.decode().split('name="once" value="')[1].split('"')[0]
    assert desk.post(address, {"once": once}, follow=True).status_code == 200
    with pytest.raises(NotFound):
        end(world, opened, "officer2")


@pytest.mark.parametrize(
    ("parts", "names"),
    [
        ([("rescued", 8), ("located", 3), ("unseen", 10)], ["rescued", "located", "unseen"]),
        ([("rescued", 0), ("located", 0), ("unseen", 5)], ["unseen"]),
        ([("rescued", 1), ("located", 1), ("unseen", 998)], ["rescued", "located", "unseen"]),
    ],
)
def test_streams_fill_the_bar_and_leave_room_for_their_words(parts: list[tuple[str, int]], names: list[str]) -> None:
    told = flow(parts)
    assert told
    assert told.total == sum(n for _name, n in parts)
    assert [one.name for one in told.streams] == names
    assert sum(float(one.height) for one in told.streams) == pytest.approx(float(told.height), abs=0.2)
    lines = [float(one.words_y) for one in told.streams]
    assert all(other - one >= 22 for one, other in pairwise(lines))
    assert max(lines) <= float(told.box.split()[3])
    assert flow([("rescued", 0)]) is None


def test_the_ministry_names_a_lead_by_form_and_today_tells_all(world: World, client_of: ClientOf) -> None:
    opened = without_lead(world, "officer2", "officer_gd")
    member, other = client_of("officer2"), client_of("officer_gd")
    at = [opened.number]
    assert "No lead is at work any more." in member.get(reverse("investigation", args=at)).content.decode()
    ministry, form = client_of("supervisor2"), reverse("name_lead")
    given = {"number": opened.number, "staff": "officer2", "reason": "their only lead retired"}
    led = investigation(world, supervised=True)
    for wrong in ({"number": "123456786"}, {"number": led.number}, {"staff": "nobody"}, {"reason": " "}):
        assert sent(ministry, form, given | wrong) == 422, wrong
    assert sent(ministry, form, given) == 302
    assert sent(ministry, form, given) == 422, "there is one now"
    for client in (member, other):
        assert "The ministry named a lead of your task force" in client.get(reverse("today")).content.decode()
        assert "their only lead retired" in client.get(reverse("investigation", args=at)).content.decode()
    for who in ("supervisor2", "officer"):
        assert "named a lead" not in client_of(who).get(reverse("today")).content.decode()
    assert ministry.get(reverse("investigation", args=at)).status_code == 404
    assert client_of("supervisor2", stepped_up=False).get(form).status_code == 302, "who are you?"
