"""The lead of a task force is handed over; an operation is tied to an investigation; each look into one is an event."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from factories.api_cases import everybody
from factories.joint import joint_plan
from factories.operations import add, end, investigation, without_lead
from factories.world import World
from wayhome.casework.accounts import actions as accounts
from wayhome.casework.audit.models import Alarm, AuditEvent
from wayhome.casework.core.backends.watch import expected_refusal
from wayhome.casework.core.errors import Invalid, NotAllowed, NotFound, Refused
from wayhome.casework.operations import actions
from wayhome.casework.operations.actions import investigations as module
from wayhome.casework.operations.models import Investigation, Member, OperationTie, WayIn
from wayhome.casework.operations.queries.investigations import (
    has_lead,
    investigation_of,
    is_member,
    operations_tied,
    task_force,
    tie_of,
    ways_in,
    ways_in_lately,
)
from wayhome.casework.operations.queries.joint import planned


def leaves_service(world: World, name: str) -> None:
    assert world.registrars
    accounts.end_staff(by=world.registrars, at=world.now(), staff=world.staff[name], reason="retired")


def hands_over(world: World, opened: Investigation, to: str, *, leave: bool = False, by: str = "officer") -> None:
    actions.hand_over_lead(investigation=opened, staff=world.staff[to], leave=leave, by=world.actor(by), at=world.now())


def functions(world: World, opened: Investigation, of: str = "officer") -> dict[str, str]:
    return {row.staff.number: row.function for row in task_force(world.actor(of), opened.pk) if row.now}


def test_a_member_or_somebody_from_outside_leads_beside_the_lead(world: World) -> None:
    opened = investigation(world, "officer_gd")
    hands_over(world, opened, "officer_gd")
    assert functions(world, opened) == {"officer": "lead", "officer_gd": "lead"}
    hands_over(world, opened, "officer2")
    assert functions(world, opened)["officer2"] == "lead"
    assert [row.function for row in task_force(world.actor("officer"), opened.pk).filter(staff__number="officer_gd")] == [
        "lead",
        "member",
    ], "it stays on record that they were a member"


def test_whoever_hands_over_may_leave(world: World) -> None:
    opened = investigation(world, "officer_gd")
    hands_over(world, opened, "officer_gd", leave=True)
    assert functions(world, opened, "officer_gd") == {"officer_gd": "lead"}
    assert not is_member(world.actor("officer"), opened.pk)
    add(world, opened, "officer", "lead", by="officer_gd")
    hands_over(world, opened, "officer_gd", leave=True)
    assert functions(world, opened, "officer_gd") == {"officer_gd": "lead"}, "who leads already takes over as well"


def test_what_is_no_handing_over(world: World) -> None:
    opened = investigation(world, "officer_gd", supervised=True)
    for to, by, code in (
        ("officer", "officer", "member_already"),
        ("nurse", "officer", "not_for_task_force"),
        ("supervisor", "officer", "not_for_task_force"),
        ("officer_gd", "officer_gd", "not_lead"),
    ):
        with pytest.raises((Refused, NotAllowed), match=code):
            hands_over(world, opened, to, by=by)
    with pytest.raises(Refused, match="last_lead"):
        hands_over(world, opened, "officer", leave=True)
    with pytest.raises(NotFound):
        hands_over(world, opened, "officer2", by="officer2")
    assert functions(world, opened) == {"officer": "lead", "officer_gd": "member", "supervisor": "supervisor"}, "nothing is left"
    assert not Alarm.objects.exists()


def test_an_operation_is_tied_once_by_a_lead_whom_it_concerns(world: World) -> None:
    assert world.operation
    opened = investigation(world, "officer2")
    who = {"operation": world.operation, "at": world.now()}
    with pytest.raises(NotAllowed, match="not_lead"):
        actions.tie_operation(investigation=opened, by=world.actor("officer2"), **who)
    foreign = investigation(world, lead="officer_gd")
    with pytest.raises(NotFound):
        actions.tie_operation(investigation=foreign, by=world.actor("officer_gd"), **who)
    actions.tie_operation(investigation=opened, by=world.actor("officer"), **who)
    with pytest.raises(Refused, match="already_there"):
        actions.tie_operation(investigation=opened, by=world.actor("officer"), **who)
    assert OperationTie.objects.count() == 1
    assert [(row.operation, row.open) for row in operations_tied(world.actor("officer2"), opened.pk)] == [(world.operation, True)]
    add(world, opened, "officer_gd")
    assert [row.open for row in operations_tied(world.actor("officer_gd"), opened.pk)] == [False]
    with pytest.raises(NotFound):
        operations_tied(world.actor("nurse"), opened.pk)
    assert not Alarm.objects.exists()


def test_a_wrong_tie_is_taken_back_with_a_reason_and_stays_to_be_read(world: World) -> None:
    assert world.operation
    opened = investigation(world, "officer2")
    actions.tie_operation(investigation=opened, operation=world.operation, by=world.actor("officer"), at=world.now())
    tie = tie_of(world.actor("officer2"), opened.pk, world.operation.pk)

    def back(who: str = "officer", reason: str = "another ring's") -> None:
        actions.untie_operation(tie=tie, reason=reason, by=world.actor(who), at=world.now())

    with pytest.raises(NotAllowed, match="not_lead"):
        back("officer2")
    with pytest.raises(NotFound):
        back("officer_gd")
    with pytest.raises(Invalid):
        back(reason=" ")
    back()
    with pytest.raises(Refused, match="already_there"):
        back()
    (row,) = operations_tied(world.actor("officer2"), opened.pk)
    assert (row.end.reason, row.end.by.number) == ("another ring's", "officer")
    with pytest.raises(NotFound):
        tie_of(world.actor("officer2"), opened.pk, world.operation.pk)
    actions.tie_operation(investigation=opened, operation=world.operation, by=world.actor("officer"), at=world.now())
    assert tie_of(world.actor("officer2"), opened.pk, world.operation.pk) != tie
    assert not Alarm.objects.exists()


def test_what_a_plan_was_launched_as_came_of_it(world: World) -> None:
    opened = investigation(world, "officer2", supervised=True)
    launched = joint_plan(world, opened, "launched")
    operation = planned(launched).steps["launched"].operation
    assert operation
    tie = tie_of(world.actor("officer"), opened.pk, operation.pk)
    with pytest.raises(Refused, match="tie_of_launch"):
        actions.untie_operation(tie=tie, reason="x", by=world.actor("officer"), at=world.now())
    assert [row.launched for row in operations_tied(world.actor("officer"), opened.pk)] == [True]
    assert not Alarm.objects.exists()


def test_a_look_is_an_event_and_without_one_there_is_no_look(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = investigation(world, "officer_gd")

    def look(name: str) -> Investigation:
        return actions.read_investigation(investigation_id=opened.pk, by=world.actor(name), at=world.now())

    assert look("officer_gd") == opened
    told = AuditEvent.objects.filter(action="operations.read_investigation")
    assert [(event.subject, event.data) for event in told] == [(f"investigation:{opened.pk}", "{}")]
    end(world, opened, "officer_gd")
    for name in ("officer_gd", "administrator", "supervisor"):
        with pytest.raises(NotFound):
            look(name)
    assert told.count() == 1, "who looks for what is not there leaves no number behind"

    def full(**_: object) -> None:
        raise DatabaseError("disk full")

    monkeypatch.setattr(module, "record", full)
    with pytest.raises(DatabaseError):
        look("officer")


def names(world: World, opened: Investigation, lead: str = "officer_gd", *, by: str = "supervisor2", **given: str) -> WayIn:
    asked = {"staff": world.staff[lead], "reason": "their only lead retired"} | given
    return actions.name_lead(investigation_id=opened.pk, by=world.actor(by), at=world.now(), **asked)


def test_where_no_lead_is_left_the_ministry_names_one_and_all_are_told(world: World) -> None:
    opened = without_lead(world, "officer_gd", "officer2")
    member, other = world.actor("officer_gd"), world.actor("officer2")
    assert not has_lead(member, opened.pk)
    row = names(world, opened)
    assert functions(world, opened, "officer_gd") == {"officer_gd": "lead", "officer2": "member", "supervisor": "supervisor"}
    assert has_lead(member, opened.pk)
    assert [(one.by.number, one.lead.number, one.reason) for one in ways_in(other, opened.pk)] == [
        ("supervisor2", "officer_gd", "their only lead retired")
    ]
    for name in ("officer_gd", "officer2", "supervisor"):
        assert list(ways_in_lately(world.actor(name), at=world.now())) == [row], name
    assert not ways_in_lately(world.actor("officer"), at=world.now()).exists()
    assert not ways_in_lately(other, at=row.at + timedelta(days=14)).exists()
    with pytest.raises(NotFound):
        investigation_of(world.actor("supervisor2"), opened.pk)
    told = AuditEvent.objects.filter(action="operations.name_lead").get()
    assert (told.subject, told.data) == (f"investigation:{opened.pk}", "{}")
    with pytest.raises(NotFound):
        names(world, opened, "officer2")


def test_somebody_from_outside_may_be_named(world: World) -> None:
    opened = without_lead(world)
    names(world, opened, "officer")
    assert functions(world, opened) == {"officer": "lead", "supervisor": "supervisor"}


def test_for_every_other_investigation_there_is_no_way_in(world: World) -> None:
    orphan = without_lead(world, "officer2")
    led, unsupervised = investigation(world, supervised=True), investigation(world)
    for opened in (led, unsupervised):
        with pytest.raises(NotFound):
            names(world, opened)
    for who in ("officer", "officer2", "placement", "administrator", "auditor"):
        with pytest.raises(NotAllowed):
            names(world, orphan, by=who)
    abroad = world.staff["supervisor2"].agency.jurisdiction
    assert abroad.path == "/CN/"
    everybody(world)
    with pytest.raises(NotFound):
        names(world, orphan, by="supervisor_vn")
    for lead in ("nurse", "supervisor"):
        with pytest.raises(Refused, match="not_for_task_force"):
            names(world, orphan, lead)
    with pytest.raises(Invalid):
        names(world, orphan, reason=" ")
    assert not WayIn.objects.exists()
    assert not Alarm.objects.exists(), "an alarm would tell others"


def test_nobody_leads_without_having_been_named_at_that_moment(world: World) -> None:
    opened = without_lead(world, "officer_gd")
    row = names(world, opened)
    leaves_service(world, "officer_gd")
    again = {"investigation": opened, "staff": world.staff["officer2"], "function": "lead", "by": row.by}
    with expected_refusal(connection), transaction.atomic(), pytest.raises(DatabaseError, match="not_lead"):
        Member.objects.create(**again, at=world.now())
