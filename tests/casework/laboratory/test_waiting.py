"""What waits for an analyst, and that it waits no more when somebody saw to it."""

from __future__ import annotations

import random
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from factories.kits import gone, ordered
from factories.laboratory import family, sample, second_analyst, somebody, table
from factories.world import World
from wayhome.casework.audit.models import AuditEvent
from wayhome.casework.core.errors import NotAllowed, NotFound
from wayhome.casework.families import actions as families
from wayhome.casework.laboratory.actions.entries import enter
from wayhome.casework.laboratory.actions.files import import_file
from wayhome.casework.laboratory.actions.reading import read_kit, read_results
from wayhome.casework.laboratory.models import Kit, Looked
from wayhome.casework.laboratory.queries.waiting import waiting

HERS = somebody(random.Random(5))


@pytest.fixture
def house(world: World) -> World:
    second_analyst(world)
    return world


def told(world: World, who: str = "analyst") -> list[tuple[Kit, str]]:
    return [(one.kit, one.what) for one in waiting(world.actor(who), at=world.now())]


def typed(world: World, kit: Kit, who: str, calls: Any = None) -> None:
    enter(kit=kit, panel="", calls=calls or HERS, by=world.actor(who), at=world.now())


def test_from_received_to_typed(house: World) -> None:
    child = house.in_hospital()
    kit = gone(house, ordered(house, child), "taken", "sent")
    assert told(house) == []
    gone(house, kit, "received")
    assert told(house) == told(house, "analyst2") == [(kit, "type")]
    typed(house, kit, "analyst")
    assert (told(house), told(house, "analyst2")) == ([], [(kit, "second")])
    typed(house, kit, "analyst2", HERS | {"FGA": ("9", "9")})
    assert told(house) == told(house, "analyst2") == [(kit, "differs")]
    typed(house, kit, "analyst2")
    assert (told(house), told(house, "analyst2")) == ([(kit, "second")], [])
    typed(house, kit, "analyst")
    assert told(house) == told(house, "analyst2") == []
    # Somebody types it once more, and a second person must see to that as well.
    typed(house, kit, "analyst")
    assert (told(house), told(house, "analyst2")) == ([], [(kit, "second")])


def test_what_was_received_first_is_first_and_nobody_elses_is_told(house: World) -> None:
    kits = [sample(house, house.in_hospital()) for _ in range(3)]
    assert told(house) == [(kit, "type") for kit in kits]
    for who in ("officer", "nurse", "supervisor"):
        assert waiting(house.actor(who), at=house.now()) == []


def test_a_relative_who_agrees_no_more_is_not_waited_for(house: World) -> None:
    _, kin = family(house)
    mother, father = sample(house, kin["mother"]), sample(house, kin["father"])
    typed(house, father, "analyst")
    assert told(house, "analyst2") == [(mother, "type"), (father, "second")]
    for relative in (kin["mother"], kin["father"]):
        families.withdraw_consent(consent=relative.consents.get(), by=house.actor("officer"), at=house.now())
    assert told(house, "analyst2") == []


def test_what_is_odd_waits_until_somebody_has_looked(house: World) -> None:
    kit, other = sample(house, house.in_hospital()), sample(house, house.in_hospital())
    few = {locus: HERS[locus] for locus in sorted(HERS)[:5]}
    by = house.actor("analyst")
    import_file(name="a.csv", data=table({kit.number: few}), signature=None, by=by, at=house.now())
    import_file(name="b.csv", data=table({other.number: HERS}), signature=None, by=by, at=house.now())
    (one,) = waiting(by, at=house.now())
    assert (one.kit, one.what, one.kinds) == (kit, "odd", ("partial",))
    read_results(number=other.number, by=by, at=house.now())
    read_kit(number=kit.number, by=by, at=house.now())
    assert told(house, "analyst2") == [(kit, "odd")]
    assert not Looked.objects.exists()
    for _ in range(2):
        read_results(number=kit.number, by=by, at=house.now())
    assert told(house) == told(house, "analyst2") == []
    assert Looked.objects.get().by == house.staff["analyst"]
    # What is told later waits anew.
    import_file(name="c.csv", data=table({kit.number: few | {"FGA": ("9", "9")}}), signature=None, by=by, at=house.now())
    assert told(house) == [(kit, "odd")]


def test_each_look_is_an_event(house: World) -> None:
    child = house.in_hospital()
    kit = sample(house, child)
    _, kin = family(house)
    hers = sample(house, kin["mother"])
    read_kit(number=kit.number, by=house.actor("officer"), at=house.now())
    read_kit(number=hers.number, by=house.actor("analyst"), at=house.now())
    read_results(number=hers.number, by=house.actor("analyst2"), at=house.now())
    events = AuditEvent.objects.filter(action__in=("laboratory.read_kit", "laboratory.read_results")).order_by("at")
    assert [(one.action, one.subject, one.child_id, one.staff_id) for one in events] == [
        ("laboratory.read_kit", f"kit:{kit.pk}", child.pk, house.staff["officer"].pk),
        ("laboratory.read_kit", f"kit:{hers.pk}", 0, house.staff["analyst"].pk),
        ("laboratory.read_results", f"kit:{hers.pk}", 0, house.staff["analyst2"].pk),
    ]
    with pytest.raises(NotFound):
        read_kit(number=hers.number, by=house.actor("nurse"), at=house.now())
    with pytest.raises(NotAllowed):
        read_results(number=kit.number, by=house.actor("officer"), at=house.now())
    assert events.count() == 3


def test_it_asks_as_often_for_many(house: World) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert waiting(house.actor("analyst2"), at=house.now())
        return len(queries)

    def more() -> None:
        for calls in (None, HERS | {"FGA": ("9", "9")}):
            kit = sample(house, house.in_hospital())
            typed(house, kit, "analyst")
            if calls is not None:
                typed(house, kit, "analyst2", calls)
        few = {locus: HERS[locus] for locus in sorted(HERS)[:5]}
        kit = sample(house, house.in_hospital())
        import_file(name="a.csv", data=table({kit.number: few}), signature=None, by=house.actor("analyst"), at=house.now())

    more()
    first = asked()
    more()
    more()
    assert asked() == first
