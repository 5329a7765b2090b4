"""A joint operation is planned within a task force, approved by another, and launched when every site goes."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from factories.joint import READY, STEPS, draft, joint_plan, says, site, step
from factories.operations import add, end, investigation
from factories.world import World
from wayhome.casework.audit.models import Alarm, AuditEvent
from wayhome.casework.core.backends.watch import expected_refusal
from wayhome.casework.core.errors import Invalid, NotAllowed, NotFound, Refused
from wayhome.casework.core.numbers import is_number
from wayhome.casework.operations import actions, queries
from wayhome.casework.operations.models import Investigation, Operation, OperationTie, PlanSite, PlanStep, Readiness
from wayhome.casework.operations.queries.investigations import investigation_of
from wayhome.casework.operations.queries.joint import counted, led_site_of, plan_of, planned, plans_of, site_of, sites_led
from wayhome.casework.operations.queries.victims import victims_of


@pytest.fixture
def opened(world: World) -> Investigation:
    """Led by the officer, with a colleague and the ministry's supervisor."""
    return investigation(world, "officer2", supervised=True)


def test_from_the_draft_to_the_report(world: World, opened: Investigation) -> None:
    plan = draft(world, opened)
    assert is_number(plan.number)
    one = site(world, plan)
    operations = Operation.objects.count()
    for i, name in enumerate(STEPS):
        assert planned(plan).state == (*("drafted",), *STEPS)[i]
        if name == "launched":
            assert Operation.objects.count() == operations, "until here there is no operation"
            says(world, one)
        step(world, plan, name)
    told = planned(plan)
    assert told.state == "reviewed"
    assert list(told.steps) == list(STEPS)
    launched = told.steps["launched"].operation
    assert launched is not None
    assert (launched.code, launched.title, launched.zero_hour, launched.time_zone) == (
        plan.code,
        plan.title,
        plan.zero_hour,
        plan.time_zone,
    )
    assert OperationTie.objects.get(operation=launched).investigation == opened
    assert queries.operation_of(world.actor("officer"), launched.pk) == launched
    assert [row.state for row in plans_of(world.actor("supervisor"), opened.pk)] == ["reviewed"]


def test_before_the_launch_nobody_else_learns_of_it(world: World, opened: Investigation) -> None:
    plan = joint_plan(world, opened, "sealed")
    one = planned(plan).sites[0][0]
    for name in set(world.staff) - {"officer", "officer2", "supervisor"}:
        other = world.actor(name)
        assert plan.code not in {row.code for row in queries.operations_of(other)}
        for ask in (
            lambda o=other: plan_of(o, plan.pk),
            lambda o=other: site_of(o, one.pk),
            lambda o=other: plans_of(o, opened.pk),
        ):
            with pytest.raises(NotFound):
                ask()
        with pytest.raises((NotFound, NotAllowed)):
            says(world, one, by=name)
        with pytest.raises((NotFound, NotAllowed)):
            step(world, plan, "launched", by=name)
    events = AuditEvent.objects.filter(action__startswith="operations.plan_")
    assert {(event.subject, event.data) for event in events} == {(f"investigation:{opened.pk}", "{}")}
    assert not Alarm.objects.exists(), "an alarm would tell"
    end(world, opened, "officer2")
    with pytest.raises(NotFound):
        says(world, one, by="officer2")


def test_the_steps_have_one_order(world: World, opened: Investigation) -> None:
    plan = joint_plan(world, opened)
    for name in ("sealed", "stood_down", "reviewed"):
        with pytest.raises(Refused, match="wrong_step"):
            step(world, plan, name)
    with pytest.raises(Refused, match="wrong_step"):
        step(world, plan, "launched")
    assert Operation.objects.filter(code=plan.code).count() == 0, "what was refused left no operation"
    step(world, plan, "approved")
    for name, code in (("approved", "already_there"), ("launched", "wrong_step"), ("stood_down", "wrong_step")):
        with pytest.raises(Refused, match=code):
            step(world, plan, name)
    assert PlanStep.objects.count() == 1


def test_a_supervisor_of_the_task_force_approves_what_they_read(world: World, opened: Investigation) -> None:
    plan = joint_plan(world, opened)
    for who in ("officer", "officer2"):
        with pytest.raises(NotAllowed):
            step(world, plan, "approved", by=who)
    with pytest.raises(NotFound):
        step(world, plan, "approved", by="supervisor2")
    digest = planned(plan).digest
    with pytest.raises(NotAllowed, match="step_up"):
        actions.approve_plan(plan=plan, digest=digest, by=world.actor("supervisor", stepped_up=False), at=world.now())
    one = site(world, plan, officers=20)
    with pytest.raises(Refused, match="plan_changed"):
        step(world, plan, "approved", digest=digest)
    assert not PlanStep.objects.exists()
    step(world, plan, "approved")
    with pytest.raises(Refused, match="plan_fixed"):
        site(world, plan)
    with pytest.raises(Refused, match="plan_fixed"):
        site(world, plan, replaces=one)


def test_an_empty_plan_is_not_approved(world: World, opened: Investigation) -> None:
    with pytest.raises(Refused, match="no_site"):
        step(world, draft(world, opened), "approved")


def test_a_site_takes_the_place_of_another_until_then(world: World, opened: Investigation) -> None:
    plan = draft(world, opened)
    wrong = site(world, plan, officers=4)
    right = site(world, plan, officers=40, replaces=wrong)
    assert [(one, last) for one, last in planned(plan).sites] == [(right, None)]
    with pytest.raises(Refused, match="already_there"):
        site(world, plan, replaces=wrong)
    with pytest.raises(Refused, match="other_plan"):
        site(world, draft(world, opened, code="other"), replaces=right)
    with pytest.raises(Refused, match="leader_outside"):
        site(world, plan, leader="officer_gd")
    with pytest.raises(NotAllowed, match="not_lead"):
        site(world, plan, by="officer2")
    for told, wrong_fields in (
        ({"place": " "}, {"place": "required"}),
        ({"officers": 0}, {"officers": "implausible"}),
        ({"place": "x" * 201, "officers": 10_001}, {"place": "too_long", "officers": "implausible"}),
    ):
        with pytest.raises(Invalid) as refused:
            site(world, plan, **told)
        assert refused.value.fields == wrong_fields
    assert PlanSite.objects.count() == 2


def test_a_site_goes_with_all_three_or_not_at_all(world: World, opened: Investigation) -> None:
    plan = joint_plan(world, opened, "approved")
    one = planned(plan).sites[0][0]
    with pytest.raises(Refused, match="not_sealed"):
        says(world, one)
    step(world, plan, "sealed")
    for what in READY:
        with pytest.raises(Refused, match="site_not_ready"):
            says(world, one, **{what: False})
    with pytest.raises(Invalid) as wrong:
        says(world, one, "no_go", reason=" ")
    assert wrong.value.fields == {"reason": "required"}
    with pytest.raises(Invalid) as wrong:
        says(world, one, "perhaps")
    assert wrong.value.fields == {"word": "unknown_choice"}
    says(world, one, "no_go", medic=False)
    assert [row.word for _one, row in planned(plan).sites if row] == ["no_go"]
    assert planned(plan).waiting == [one]
    says(world, one)
    assert (planned(plan).waiting, planned(plan).going) == ([], 1)
    assert Readiness.objects.count() == 2


def test_a_leader_from_outside_reads_the_own_site_alone(world: World, opened: Investigation) -> None:
    plan = draft(world, opened)
    one, other = site(world, plan, leader="officer_gd", alone=True), site(world, plan, place="老街9号")
    outside = world.actor("officer_gd")
    assert list(sites_led(outside)) == [], "not before it is approved"
    with pytest.raises(NotFound):
        says(world, one, by="officer_gd")
    step(world, plan, "approved")
    told = actions.read_site(site_id=one.pk, by=outside, at=world.now())
    assert (told.site, told.last, told.state, told.zero_hour) == (one, None, "approved", plan.zero_hour)
    event = AuditEvent.objects.get(action="operations.read_site")
    assert (event.subject, event.data) == (f"investigation:{opened.pk}", "{}")
    with pytest.raises(Refused, match="not_sealed"):
        says(world, one, by="officer_gd")
    step(world, plan, "sealed")
    says(world, one, by="officer_gd")
    says(world, other)
    last = led_site_of(outside, one.pk).last
    assert last is not None
    assert last.word == "go"
    with pytest.raises(Refused, match="not_lead"):
        says(world, one, "off", by="officer_gd")
    for ask in (
        lambda: says(world, other, by="officer_gd"),
        lambda: led_site_of(outside, other.pk),
        lambda: site_of(outside, one.pk),
        lambda: plan_of(outside, plan.pk),
        lambda: plans_of(outside, opened.pk),
        lambda: investigation_of(outside, opened.pk),
        lambda: victims_of(outside, opened.pk),
        lambda: led_site_of(world.actor("officer2"), one.pk),
        lambda: actions.read_site(site_id=one.pk, by=world.actor("officer2"), at=world.now()),
        lambda: step(world, plan, "launched", by="officer_gd"),
    ):
        with pytest.raises((NotFound, NotAllowed)):
            ask()
    assert plan.code not in {row.code for row in queries.operations_of(outside)}
    step(world, plan, "launched")
    assert led_site_of(outside, one.pk).state == "launched"
    with pytest.raises(Refused, match="plan_launched"):
        says(world, one, "no_go", by="officer_gd")
    step(world, plan, "stood_down")
    with pytest.raises(NotFound):
        led_site_of(outside, one.pk)


def test_told_of_a_site_alone_is_an_officer_from_outside(world: World, opened: Investigation) -> None:
    plan = draft(world, opened)
    for who in ("officer2", "nurse", "supervisor"):
        with pytest.raises(Refused, match="leader_not_alone"):
            site(world, plan, leader=who, alone=True)
    before = planned(plan).digest
    one = site(world, plan, leader="officer_gd", alone=True)
    site(world, plan, leader="officer_gd", alone=True, replaces=one, place="老街9号")
    assert planned(plan).digest != before
    step(world, plan, "approved")
    assert [row.place for row in sites_led(world.actor("officer_gd"))] == ["老街9号"], "not the one that was replaced"
    assert not Alarm.objects.exists()


def test_a_member_who_leads_a_site_reads_it_while_they_belong_to_it(world: World, opened: Investigation) -> None:
    plan = joint_plan(world, opened, "sealed")
    (one,) = sites_led(world.actor("officer2"))
    assert led_site_of(world.actor("officer2"), one.pk).state == "sealed"
    assert plan.pk == one.plan_id
    end(world, opened, "officer2")
    assert list(sites_led(world.actor("officer2"))) == []


def test_the_leader_speaks_for_the_own_site_and_a_lead_for_each(world: World, opened: Investigation) -> None:
    add(world, opened, "officer_gd")
    plan = joint_plan(world, opened, "sealed")
    one = planned(plan).sites[0][0]
    with pytest.raises(Refused, match="not_site_leader"):
        says(world, one, by="officer_gd")
    with pytest.raises(Refused, match="not_lead"):
        says(world, one, "off")
    says(world, one, by="officer")
    says(world, one, "off", by="officer", reason="the house is empty")
    with pytest.raises(Refused, match="not_lead"):
        says(world, one)
    says(world, one, by="officer")
    says(world, one, "no_go")
    assert not Alarm.objects.exists()


def test_no_launch_while_one_site_does_not_go(world: World, opened: Investigation) -> None:
    plan = draft(world, opened)
    one, other = site(world, plan), site(world, plan, place="中山路8号", officers=12)
    step(world, plan, "approved")
    step(world, plan, "sealed")
    assert planned(plan).officers == 52
    says(world, one)
    with pytest.raises(Refused, match="site_not_ready"):
        step(world, plan, "launched")
    says(world, other, "no_go")
    with pytest.raises(Refused, match="site_not_ready"):
        step(world, plan, "launched")
    says(world, other, "off", by="officer")
    assert planned(plan).officers == 40
    step(world, plan, "launched")
    with pytest.raises(Refused, match="plan_launched"):
        says(world, one, "no_go")


def test_an_operation_without_a_site_is_none(world: World, opened: Investigation) -> None:
    plan = joint_plan(world, opened, "sealed")
    says(world, planned(plan).sites[0][0], "off", by="officer", reason="the house is empty")
    with pytest.raises(Refused, match="every_site_off"):
        step(world, plan, "launched")
    assert not Operation.objects.filter(code=plan.code).exists()


def test_a_code_that_an_operation_has_is_refused_at_the_launch(world: World, opened: Investigation) -> None:
    assert world.operation
    plan = joint_plan(world, opened, "sealed", code=world.operation.code)
    says(world, planned(plan).sites[0][0])
    with pytest.raises(Refused, match="already_there"):
        step(world, plan, "launched")
    assert planned(plan).state == "sealed"


def test_the_report_has_the_figures_of_the_board(world: World, opened: Investigation) -> None:
    plan = joint_plan(world, opened, "launched")
    operation = planned(plan).steps["launched"].operation
    assert operation is not None
    at = world.now()
    who = {"by": world.actor("officer"), "at": at}
    actions.report_officers(operation=operation, officers=38, counted_at=at, **who)
    held = world.person("the driver", ("phone", "13977005678"))
    actions.record_role(person=held, operation=operation, kind="transporter", detained_at=at, **who)
    with pytest.raises(Refused, match="wrong_step"):
        step(world, plan, "reviewed")
    step(world, plan, "stood_down", note="all quiet")
    with pytest.raises(Invalid) as wrong:
        step(world, plan, "reviewed", note=" ")
    assert wrong.value.fields == {"note": "required"}
    row = step(world, plan, "reviewed")
    figures = json.loads(row.figures)
    assert figures == counted(planned(plan), operation)
    assert (figures["officers"], figures["planned"], figures["arrests"], figures["rescues"]) == (38, 40, 1, 0)
    assert (figures["sites"], figures["called_off"]) == (1, 0)
    assert [(one["code"], one["arrests"]) for one in figures["provinces"]] == [("GX", 1)]


def test_what_cannot_be_planned(world: World, opened: Investigation) -> None:
    for told, fields in (
        ({"code": " "}, {"code": "required"}),
        ({"title": "t" * 121}, {"title": "too_long"}),
        ({"zero_hour": datetime(2011, 7, 20)}, {"zero_hour": "no_time_zone"}),
        ({"time_zone": "Mars/Base"}, {"time_zone": "unknown_choice"}),
    ):
        with pytest.raises(Invalid) as wrong:
            draft(world, opened, **told)
        assert wrong.value.fields == fields
    with pytest.raises(NotAllowed, match="not_lead"):
        draft(world, opened, by="officer2")
    with pytest.raises(NotFound):
        draft(world, opened, by="officer_gd")
    with pytest.raises(NotAllowed):
        draft(world, opened, by="supervisor")


def test_the_database_launches_nothing_as_another_operation(world: World, opened: Investigation) -> None:
    plan = joint_plan(world, opened, "sealed")
    says(world, planned(plan).sites[0][0])
    who = {"plan": plan, "step": "launched", "by": world.staff["officer"], "at": world.now()}
    for operation in (None, world.operation):
        with expected_refusal(connection), transaction.atomic(), pytest.raises(DatabaseError, match="not_its_operation"):
            PlanStep.objects.create(**who, operation=operation)


def test_a_campaign_ends_on_a_day(world: World) -> None:
    assert world.operation
    told = {"name": "joint campaign of 2011", "partner": world.jurisdictions["VN"]}
    days = {"starts": date(2011, 7, 1), "ends": date(2011, 9, 15)}
    who = {"by": world.actor("supervisor"), "at": world.now()}
    first = actions.record_campaign(**told, **days, **who)
    assert world.operation.zero_hour == datetime(2011, 7, 15, 6, tzinfo=UTC)
    # In Shanghai it is the 15th for seven hours of the 14th.
    for at, left in ((datetime(2011, 9, 14, 15, tzinfo=UTC), 1), (datetime(2011, 9, 14, 16, tzinfo=UTC), 0)):
        assert queries.campaigns_of(world.operation, at=at) == [(first, left)]
    later = actions.record_campaign(**told, **days | {"ends": date(2011, 9, 30)}, replaces=first, **who)
    assert [(one.pk, left) for one, left in queries.campaigns_of(world.operation, at=datetime(2011, 10, 2, tzinfo=UTC))] == [
        (later.pk, -2)
    ]
    assert list(queries.campaigns()) == [later]
    with pytest.raises(Refused, match="already_there"):
        actions.record_campaign(**told, **days, replaces=first, **who)
    for given, fields in (
        ({"name": " "}, {"name": "required"}),
        ({"partner": world.jurisdictions["CN"]}, {"partner": "unknown_choice"}),
        ({"partner": world.jurisdictions["GX"]}, {"partner": "unknown_choice"}),
        ({"ends": date(2011, 6, 30)}, {"ends": "wrong_order"}),
    ):
        with pytest.raises(Invalid) as wrong:
            actions.record_campaign(**told | days | given, **who)
        assert wrong.value.fields == fields
    with pytest.raises(NotAllowed):
        actions.record_campaign(**told, **days, by=world.actor("officer"), at=world.now())
    with pytest.raises(NotAllowed, match="step_up"):
        actions.record_campaign(**told, **days, by=world.actor("supervisor", stepped_up=False), at=world.now())
    world.operation.zero_hour -= timedelta(days=30)
    assert queries.campaigns_of(world.operation, at=world.now()) == [], "it began before the campaign"
