"""What is told of a child abroad, and whom its return waits for until it is handed over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from factories.exchange import Two, two_houses
from factories.release_pages import abroad, asks, offers
from factories.world import World
from wayhome import kinship
from wayhome.casework.audit.models import Alarm, AuditEvent
from wayhome.casework.children import actions as children
from wayhome.casework.core.errors import Invalid, NotAllowed, Refused
from wayhome.casework.custody import actions as custody
from wayhome.casework.exchange.actions import dna_asking, files
from wayhome.casework.exchange.models import CaseChild, Outgoing, Package, WaitingStep
from wayhome.casework.exchange.queries import files as queries
from wayhome.casework.exchange.queries.messages import said
from wayhome.casework.exchange.rules import packages, waiting
from wayhome.casework.reunification.actions import releasing

FIELDS = {"reference": "convention", "sex": "convention", "marks": "guardian", "rescued_in": "treaty"}


@pytest.fixture
def two(world: World) -> Two:
    return two_houses(world)


@pytest.fixture
def of(two: Two) -> CaseChild:
    child = two.world.in_home()
    return dna_asking.tie_child(case=two.to_vn, child=child, by=two.world.actor("supervisor"), at=two.world.now())


def refused(write: Callable[[], object]) -> str:
    with pytest.raises(Refused) as told:
        write()
    return told.value.code


def proposed(two: Two, of: CaseChild, **fields: str) -> Package:
    return files.propose(of=of, fields=fields or FIELDS, by=two.world.actor("supervisor"), at=two.world.now())


def test_the_chosen_fields_go_out_and_no_other(two: Two, of: CaseChild) -> None:
    world = two.world
    approval = files.approve(package=proposed(two, of), by=world.actor("supervisor2"), at=world.now())
    row = two.arrives(approval.sent.message)
    told = said(row)
    assert told["bases"] == FIELDS
    assert list(packages.known(told["fields"])) == ["reference", "sex", "rescued_in", "marks"]
    assert told["fields"]["rescued_in"] == {"place": "CN/GX"}
    assert told["fields"]["reference"] == {"number": of.child.number}
    assert of.child.call_name not in str(told)
    events = AuditEvent.objects.filter(action="exchange.disclose", child_id=of.child_id)
    assert {event.action for event in events} == {"exchange.disclose"}
    assert len(events) == len(FIELDS)
    assert all(f'"field":"{name}"' in "".join(str(event.data) for event in events).replace(" ", "") for name in FIELDS)
    assert not Alarm.objects.filter(kind=Alarm.Kind.REFUSED).exists()


@pytest.mark.parametrize(
    "fields",
    [{}, {"address": "treaty"}, {"sex": "because"}, {"marks": "convention"}, {"sex": "treaty", "call_name": "convention"}],
)
def test_what_is_not_in_the_table_cannot_be_chosen(two: Two, of: CaseChild, fields: dict[str, str]) -> None:
    with pytest.raises(Invalid):
        files.propose(of=of, fields=fields, by=two.world.actor("supervisor"), at=two.world.now())
    assert not Package.objects.exists()


def test_a_second_person_approves_what_was_proposed(two: Two, of: CaseChild) -> None:
    world, package = two.world, proposed(two, of)
    assert refused(lambda: files.approve(package=package, by=world.actor("supervisor"), at=world.now())) == "self_approval"
    unsure = world.actor("supervisor2", stepped_up=False)
    assert refused(lambda: files.approve(package=package, by=unsure, at=world.now())) == "step_up"
    for who in ("officer", "caseworker", "analyst", "auditor"):
        with pytest.raises(NotAllowed):
            files.approve(package=package, by=world.actor(who), at=world.now())
        with pytest.raises(NotAllowed):
            files.propose(of=of, fields=FIELDS, by=world.actor(who), at=world.now())
    place, kind = sorted(kinship.body_places())[0], sorted(kinship.mark_kinds())[0]
    children.add_mark(child=of.child, place=place, kind=kind, by=world.actor("caseworker"), at=world.now())
    assert refused(lambda: files.approve(package=package, by=world.actor("supervisor2"), at=world.now())) == "package_changed"
    assert not Outgoing.objects.exists()
    again = proposed(two, of)
    files.approve(package=again, by=world.actor("supervisor2"), at=world.now())
    with pytest.raises(Refused):
        files.approve(package=again, by=world.actor("supervisor2"), at=world.now())
    assert Outgoing.objects.count() == 1


def test_what_a_partner_tells_is_kept_in_its_form() -> None:
    told = packages.known(
        {
            "address": {"street": "x"},
            "sex": "F",
            "age": {"least": 3, "most": [], "on": "x" * 300, "far": 10**9, "marks": 7},
            "marks": {"marks": [{"place": "scalp", "mm": 3, "deep": {}}, "x"] * 60},
            "found_with": {"items": [1, "a blanket"]},
        }
    )
    assert list(told) == ["age", "marks", "found_with"]
    assert told["age"] == {"least": 3, "on": "x" * 200}
    assert told["marks"]["marks"][0] == {"place": "scalp", "mm": 3}
    assert len(told["marks"]["marks"]) <= 50
    assert told["found_with"] == {"items": ["a blanket"]}
    assert packages.known([]) == {}


def test_every_field_says_something_plain(two: Two, of: CaseChild) -> None:
    told = queries.values(of.child, packages.FIELDS, at=two.world.now())
    assert list(told) == list(packages.FIELDS)
    assert told["rescued_on"] == {"on": "2011-07-15"}
    assert told["sex"] == {"sex": "F"}
    assert told["call_name"] == {"name": of.child.call_name}


# Waiting. ---------------------------------------------------------------------------------------------------------------------


def at_noon(*day: int) -> datetime:
    return datetime(*day, 4, tzinfo=UTC)  # type: ignore[misc,arg-type]


STEPS = (
    ("ours", "identify the ring and the children", at_noon(2011, 7, 15) + timedelta(hours=3)),
    ("theirs", "look for the parents", at_noon(2011, 9, 20)),
    ("documents", "travel papers", at_noon(2012, 8, 1)),
    ("court", "judgement on custody", at_noon(2012, 10, 15)),
    ("theirs", "say who receives them", at_noon(2013, 3, 1)),
)


def test_the_replayed_case_took_658_days_each_of_somebody(two: Two, of: CaseChild) -> None:
    world = two.world
    for who, what, since in STEPS:
        world.clock = since
        files.wait_for(of=of, who=who, what=what, since=since, by=world.actor("supervisor"), at=world.now())
    world.clock = at_noon(2013, 5, 2)
    (before,) = queries.files(at=world.now(), of=[of.pk])
    assert (before.elapsed.days, before.elapsed.done) == (657, False)
    world.clock = at_noon(2013, 5, 3)
    custody.assign(child=of.child, staff=world.staff["doctor"], by=world.actor("supervisor"), at=world.now())
    release = asks(world, abroad(world, of.child, at=world.now()), at=world.now(), approved=True)
    offers(world, release, at=world.now())
    by = world.actor("partner_liaison")
    releasing.complete_return(release=release, wristband=of.child.number, by=by, at=world.now())
    (file,) = queries.files(at=at_noon(2020, 1, 1))
    told = file.elapsed
    assert (told.days, told.done, told.untold) == (658, True, 0)
    assert told.by_who == {"ours": 67, "theirs": 316 + 63, "court": 137, "documents": 75}
    assert sum(told.by_who.values()) == 658
    assert [one.days for one in told.steps] == [67, 316, 75, 137, 63]
    late = {"of": of, "who": "ours", "what": "x", "since": world.clock, "by": world.actor("supervisor"), "at": world.now()}
    assert refused(lambda: files.wait_for(**late)) == "handed_over_already"  # type: ignore[arg-type]


def test_days_before_the_first_step_are_told_as_such(two: Two, of: CaseChild) -> None:
    world = two.world
    since = of.child.event.found_at + timedelta(days=10)
    told = {"of": of, "who": "ours", "what": "x", "by": world.actor("supervisor"), "at": since}
    files.wait_for(**told, since=since)  # type: ignore[arg-type]
    (file,) = queries.files(at=since + timedelta(days=5))
    assert (file.elapsed.days, file.elapsed.untold, file.elapsed.by_who["ours"]) == (15, 10, 5)


def test_a_step_has_its_place(two: Two, of: CaseChild) -> None:
    world = two.world
    rescued, now = of.child.event.found_at, two.world.now() + timedelta(days=20)
    told: dict[str, Any] = {"of": of, "who": "ours", "what": "x", "by": world.actor("supervisor"), "at": now}
    for code, since in (("before_rescue", rescued - timedelta(seconds=1)), ("in_the_future", now + timedelta(seconds=1))):
        assert refused(lambda since=since: files.wait_for(**told, since=since)) == code  # type: ignore[misc]
    files.wait_for(**told, since=rescued + timedelta(days=2))
    assert refused(lambda: files.wait_for(**told, since=rescued + timedelta(days=1))) == "step_before_last"
    files.wait_for(**told, since=rescued + timedelta(days=2))
    for bad in ({"who": "nobody"}, {"what": " "}, {"what": "x" * 201}):
        with pytest.raises(Invalid):
            files.wait_for(**told | bad, since=now)
    for who in ("officer", "caseworker", "auditor"):
        with pytest.raises(NotAllowed):
            files.wait_for(**told | {"by": world.actor(who)}, since=now)
    assert WaitingStep.objects.count() == 2
    assert not Alarm.objects.filter(kind=Alarm.Kind.REFUSED, subject="wait_for", code__in=["before_rescue"]).exists()


def test_a_return_that_nobody_has_spoken_of_yet_has_its_days_all_the_same(two: Two, of: CaseChild) -> None:
    (file,) = queries.files(at=of.child.event.found_at + timedelta(days=3))
    assert (file.elapsed.days, file.elapsed.untold, list(file.elapsed.steps), file.now) == (3, 3, [], None)


def test_clocks_of_both_sides() -> None:
    moment = datetime(2013, 5, 2, 16, 30, tzinfo=UTC)
    assert moment.astimezone(waiting.zone_of("CN")).isoformat() == "2013-05-03T00:30:00+08:00"
    assert moment.astimezone(waiting.zone_of("VN")).isoformat() == "2013-05-02T23:30:00+07:00"
    assert waiting.zone_of("LA") == waiting.HOME
