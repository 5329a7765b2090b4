"""An investigation is there for its task force alone, which its leads put together."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from factories.operations import add, end, investigation
from factories.world import World
from wayhome.casework.accounts import actions as accounts
from wayhome.casework.audit.models import Alarm, AuditEvent
from wayhome.casework.core.backends.watch import expected_refusal
from wayhome.casework.core.errors import Invalid, NotAllowed, NotFound, Refused
from wayhome.casework.core.numbers import is_number
from wayhome.casework.operations import actions
from wayhome.casework.operations.models import Investigation, Member, MemberEnd, Supervision
from wayhome.casework.operations.queries.investigations import (
    investigation_of,
    investigations_of,
    is_member,
    task_force,
)


def leaves_service(world: World, name: str) -> None:
    assert world.registrars
    accounts.end_staff(by=world.registrars, at=world.now(), staff=world.staff[name], reason="retired")


def test_whoever_opens_it_leads_it(world: World) -> None:
    opened = investigation(world)
    lead = world.actor("officer")
    assert is_number(opened.number)
    assert opened.agency == world.agencies["police"]
    assert list(investigations_of(lead)) == [opened]
    assert investigation_of(lead, opened.pk) == opened
    assert is_member(lead, opened.pk, "lead")
    assert not is_member(lead, opened.pk, "member", "supervisor")


@pytest.mark.parametrize("who", ["nurse", "supervisor", "administrator", "auditor", "analyst"])
def test_others_open_none(world: World, who: str) -> None:
    with pytest.raises(NotAllowed):
        investigation(world, lead=who)


def test_what_cannot_be_typed(world: World) -> None:
    with pytest.raises(Invalid) as wrong:
        investigation(world, code=" ", title="t" * 121)
    assert wrong.value.fields == {"code": "required", "title": "too_long"}
    opened = investigation(world)
    with pytest.raises(Invalid) as wrong:
        add(world, opened, "officer2", "friend")
    assert wrong.value.fields == {"function": "unknown_choice"}
    with pytest.raises(Invalid) as wrong:
        actions.supervise(
            investigation=opened, since=(world.clock + timedelta(days=2)).date(), by=world.actor("officer"), at=world.now()
        )
    assert wrong.value.fields == {"since": "in_future"}


def test_nobody_else_learns_that_it_is_there(world: World) -> None:
    opened = investigation(world, "officer_gd")
    for name in set(world.staff) - {"officer", "officer_gd"}:
        other = world.actor(name)
        assert not investigations_of(other).exists(), name
        assert not is_member(other, opened.pk), name
        with pytest.raises(NotFound):
            investigation_of(other, opened.pk)
        with pytest.raises(NotFound):
            task_force(other, opened.pk)
        for act in (
            lambda name=name: add(world, opened, name, by=name),
            lambda name=name: end(world, opened, "officer", by=name),
            lambda other=other: actions.supervise(investigation=opened, since=world.clock.date(), by=other, at=world.now()),
        ):
            with pytest.raises(NotFound):
                act()
    assert not Alarm.objects.exists(), "an alarm would tell"


def test_a_code_that_somebody_else_uses_is_not_told_of(world: World) -> None:
    one, other = investigation(world), investigation(world, lead="officer_gd")
    assert one.code == other.code
    assert one.pk != other.pk
    assert list(investigations_of(world.actor("officer_gd"))) == [other]


def test_events_name_the_number_alone(world: World) -> None:
    opened = investigation(world, "officer_gd", supervised=True)
    end(world, opened, "officer_gd")
    events = list(AuditEvent.objects.filter(action__startswith="operations.").order_by("pk"))
    assert {(event.subject, event.data) for event in events} == {(f"investigation:{opened.pk}", "{}")}
    assert {event.action for event in events} == {
        f"operations.{verb}" for verb in ("open_investigation", "add_member", "supervise", "end_member")
    }


def test_a_lead_takes_police_of_any_province_in(world: World) -> None:
    opened = investigation(world, "officer_gd")
    member = world.actor("officer_gd")
    assert list(investigations_of(member)) == [opened]
    assert [(row.staff.number, row.function, row.now) for row in task_force(member, opened.pk)] == [
        ("officer", "lead", True),
        ("officer_gd", "member", True),
    ]


def test_a_member_who_does_not_lead_changes_nothing(world: World) -> None:
    opened = investigation(world, "officer_gd")
    with pytest.raises(NotAllowed, match="not_lead"):
        add(world, opened, "officer2", by="officer_gd")
    with pytest.raises(NotAllowed, match="not_lead"):
        end(world, opened, "officer", by="officer_gd")
    with pytest.raises(NotAllowed, match="not_lead"):
        actions.supervise(investigation=opened, since=world.clock.date(), by=world.actor("officer_gd"), at=world.now())
    assert not Alarm.objects.exists()


def test_nobody_is_in_it_twice_and_so_nobody_adds_themselves(world: World) -> None:
    opened = investigation(world, "officer_gd")
    for name in ("officer", "officer_gd"):
        with pytest.raises(Refused, match="member_already"):
            add(world, opened, name)
    assert not Alarm.objects.exists()


def test_only_police_and_where_the_ministry_supervises_its_supervisors(world: World) -> None:
    opened = investigation(world)
    for name, function in (
        ("nurse", "member"),
        ("caseworker", "lead"),
        ("administrator", "supervisor"),
        ("officer_gd", "supervisor"),
        ("supervisor", "member"),
        ("supervisor", "supervisor"),
    ):
        with pytest.raises(Refused, match="not_for_task_force"):
            add(world, opened, name, function)
    assert not Alarm.objects.exists()
    actions.supervise(investigation=opened, since=world.clock.date(), by=world.actor("officer"), at=world.now())
    add(world, opened, "supervisor", "supervisor")
    assert is_member(world.actor("supervisor"), opened.pk, "supervisor")
    assert investigations_of(world.actor("supervisor")).get().supervision.since == world.clock.date()
    with pytest.raises(Refused, match="already_there"):
        actions.supervise(investigation=opened, since=world.clock.date(), by=world.actor("officer"), at=world.now())


def test_whoever_leaves_it_knows_nothing_any_more_and_may_come_back(world: World) -> None:
    opened = investigation(world, "officer_gd")
    end(world, opened, "officer_gd")
    assert not investigations_of(world.actor("officer_gd")).exists()
    with pytest.raises(NotFound):
        end(world, opened, "officer_gd")
    add(world, opened, "officer_gd", "lead")
    assert is_member(world.actor("officer_gd"), opened.pk, "lead")


def test_the_last_lead_stays(world: World) -> None:
    opened = investigation(world, "officer_gd")
    with pytest.raises(Refused, match="last_lead"):
        end(world, opened, "officer")
    assert not Alarm.objects.exists()
    add(world, opened, "officer2", "lead")
    end(world, opened, "officer", by="officer2")
    assert not is_member(world.actor("officer"), opened.pk)
    with pytest.raises(Refused, match="last_lead"):
        end(world, opened, "officer2", by="officer2")


def test_who_left_the_service_leads_and_knows_nothing(world: World) -> None:
    opened = investigation(world)
    add(world, opened, "officer2", "lead")
    leaves_service(world, "officer2")
    assert not is_member(world.actor("officer2"), opened.pk)
    assert [(row.staff.number, row.now) for row in task_force(world.actor("officer"), opened.pk)] == [
        ("officer", True),
        ("officer2", False),
    ]
    with pytest.raises(Refused, match="last_lead"):
        end(world, opened, "officer")


def row(world: World, opened: Investigation, **told: Any) -> Any:
    columns = {"investigation": opened, "staff": world.staff["officer2"], "function": "member", "at": world.now()}
    return Member(**columns | {"by": world.staff["officer"]} | told)


def test_the_database_says_so_too(world: World) -> None:
    opened = investigation(world, "officer_gd")
    staff = world.staff
    ends = MemberEnd(member=Member.objects.get(staff=staff["officer"]), by=staff["officer"], at=world.now())
    attempts = {
        "not_own_agency": Investigation(
            pk=1,
            code="x",
            title="x",
            agency=world.agencies["police_gd"],
            jurisdiction=opened.jurisdiction,
            by=staff["officer"],
            at=world.now(),
        ),
        "last_lead": ends,
        "not_lead": row(world, opened, by=staff["officer_gd"]),
        "member_already": row(world, opened, staff=staff["officer_gd"]),
        "not_for_task_force": row(world, opened, staff=staff["administrator"]),
    }
    others = [
        ("not_lead", row(world, opened, staff=staff["administrator"], by=staff["administrator"])),
        ("not_lead", Supervision(investigation=opened, since="2011-07-15", by=staff["officer_gd"], at=world.now())),
        ("not_lead", MemberEnd(member=ends.member, by=staff["officer_gd"], at=world.now())),
        ("not_for_task_force", row(world, opened, staff=staff["supervisor"], function="supervisor")),
    ]
    for code, one in [*attempts.items(), *others]:
        with expected_refusal(connection), pytest.raises(DatabaseError, match=code), transaction.atomic():
            one.save(force_insert=True)
    row(world, opened).save(force_insert=True)
