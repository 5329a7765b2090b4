"""What hangs together with a thing, the way between two, and that nobody sees more of it than they may read."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from factories.clues import PHONE, clue, person, thing
from factories.operations import investigation
from factories.world import World
from wayhome.casework.clues import actions
from wayhome.casework.clues.models import Clue
from wayhome.casework.clues.queries import network
from wayhome.casework.clues.queries.network import FAN, Network, Place, central, neighbourhood, way
from wayhome.casework.clues.rules import Relation, Told
from wayhome.casework.core.errors import NotFound

ID = "450602198001014321"


def mention(made: Clue, n: int = 0) -> Place:
    return Place(made.pk, n + 1)


def labels(told: Network | None) -> set[str]:
    assert told is not None
    return {one.label for one in told.things}


def ties(told: Network | None) -> set[tuple[str, str, str]]:
    """Who, what, with whom, by their names."""
    assert told is not None
    called = {one.id: one.label for one in told.things}
    return {(called[one.one], one.verb, called[one.other]) for one in told.ties}


def test_a_number_is_one_thing_in_every_clue(world: World) -> None:
    one = clue(
        world, person(("name", "王秀英")), thing("phone", PHONE), relations=[Relation(0, "uses", 1, "buyer", date(2011, 7, 1))]
    )
    clue(world, person(("name", "李娜"), ("phone", f"+86 {PHONE}")))
    clue(world, thing("phone", "139 0000 0001"), person(("name", "陈强")))
    told = neighbourhood(world.actor("officer"), mention(one, 1))
    assert labels(told) == {PHONE, "王秀英", "李娜"}
    assert ties(told) == {("王秀英", "uses", PHONE), ("李娜", "has", PHONE)}
    (phone,) = (thing_ for thing_ in told.things if thing_.kind == "phone")
    assert len(phone.clues) == 1
    (uses,) = (tie for tie in told.ties if tie.verb == "uses")
    assert (uses.role, uses.on, uses.clue) == ("buyer", date(2011, 7, 1), one.pk)


def test_an_identity_number_makes_one_of_two_and_a_name_does_not(world: World) -> None:
    one = clue(world, person(("name", "阮氏花"), ("id", ID)))
    clue(world, person(("name", "阿花"), ("id", ID)), thing("vehicle", "桂P12345"), relations=[Relation(0, "drives", 1)])
    clue(world, person(("name", "Nguyễn Thị Hoa"), ("phone", PHONE)))
    told = neighbourhood(world.actor("officer"), mention(one))
    assert labels(told) == {"阮氏花", "Nguyễn Thị Hoa", "桂P12345", "13807712044"}
    assert ("阮氏花", "drives", "桂P12345") in ties(told), "what another clue says of the same person"
    assert {verb for _one, verb, _other in ties(told)} == {"drives", "named", "has"}
    assert len(next(each for each in told.things if each.id == told.start).clues) == 2


def test_an_address_is_one_thing_however_it_is_written(world: World) -> None:
    one = clue(world, person(("name", "王秀英"), ("address", "广西东兴市北仑大道12号")))
    clue(world, thing("address", "东兴市北仑大道12号3楼"), person(("name", "李娜")), relations=[Relation(1, "lives_at", 0)])
    told = neighbourhood(world.actor("officer"), mention(one), steps=2)
    assert {("王秀英", "has"), ("李娜", "lives_at")} == {(who, verb) for who, verb, _where in ties(told)}
    assert len([each for each in told.things if each.kind == "address"]) == 1


def test_a_route_stops_at_places_and_moves_lead_from_one_to_another(world: World) -> None:
    one = clue(
        world,
        Told("route", [("place", "Móng Cái"), ("place", "东兴市")]),
        Told("victim", [("name", "小妹")]),
        person(("name", "王秀英")),
        thing("place", "Đông Hưng"),
        thing("place", "钦州市"),
        relations=[Relation(2, "moves", 1, "transporter", None, 3, 4)],
    )
    told = neighbourhood(world.actor("officer"), mention(one, 1))
    assert ("王秀英", "moves", "小妹") in ties(told)
    assert {(tie.origin, tie.destination) for tie in told.ties if tie.verb == "moves"} == {("Đông Hưng", "钦州市")}
    stops = neighbourhood(world.actor("officer"), mention(one))
    assert {(verb, other) for _route, verb, other in ties(stops)} == {("stop", "Móng Cái"), ("stop", "Đông Hưng")}


def test_of_very_many_the_first_are_taken_and_the_others_counted(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    hub = [clue(world, thing("phone", PHONE), person(("name", f"王{i}"), ("phone", PHONE))) for i in range(FAN + 4)]
    told = neighbourhood(world.actor("officer"), mention(hub[0]))
    assert told.more == (("phone", "13807712044", FAN + 4),)
    assert len(told.things) <= 2 * FAN + 3
    monkeypatch.setattr(network, "MOST_COUNTED", FAN + 1)
    assert neighbourhood(world.actor("officer"), mention(hub[0])).more == (("phone", "13807712044", FAN + 1),)
    # From a thing beside it nobody goes on through what so many have.
    beside = neighbourhood(world.actor("officer"), mention(hub[1], 1), steps=2)
    assert len(beside.things) <= 2 * FAN + 3


def test_only_what_may_be_read_is_there_or_counted(world: World) -> None:
    mine = clue(world, person(("name", "王秀英"), ("phone", PHONE)))
    for _ in range(FAN + 2):
        clue(world, person(("name", "何大"), ("phone", PHONE)), by="officer_gd")
    told = neighbourhood(world.actor("officer"), mention(mine), steps=2)
    assert labels(told) == {"王秀英", "13807712044"}
    assert told.more == ()
    assert "何大" in labels(neighbourhood(world.actor("supervisor"), mention(mine)))
    assert neighbourhood(world.actor("supervisor"), mention(mine)).more == (("phone", "13807712044", FAN + 3),)
    for who in ("officer_gd", "nurse", "administrator"):
        with pytest.raises(NotFound):
            neighbourhood(world.actor(who), mention(mine))


def test_a_compartment_is_dark_to_the_network(world: World) -> None:
    one, kept = clue(world, thing("phone", PHONE)), clue(world, person(("name", "莫桂珍"), ("phone", PHONE)))
    opened = investigation(world, code="GX-0613", title="the bus")
    actions.put_in_compartment(clue=kept, investigation=opened, by=world.actor("officer"), at=world.now())
    assert "莫桂珍" in labels(neighbourhood(world.actor("officer"), mention(one)))
    for who in ("officer2", "supervisor"):
        assert labels(neighbourhood(world.actor(who), mention(one))) == {PHONE}
        with pytest.raises(NotFound):
            way(world.actor(who), mention(one), mention(kept))


def chain(world: World) -> list[Clue]:
    """Four clues, each of which shares something with the next; the third is another province's."""
    return [
        clue(world, person(("name", "王秀英"), ("phone", PHONE))),
        clue(
            world, person(("name", "李娜"), ("phone", PHONE)), thing("vehicle", "桂P12345"), relations=[Relation(0, "drives", 1)]
        ),
        clue(world, thing("vehicle", "桂P12345"), thing("account", "6222021107150001"), by="officer_gd"),
        clue(world, person(("name", "陈强"), ("account", "6222 0211 0715 0001"))),
    ]


def test_the_shortest_way_between_two(world: World) -> None:
    first, second, third, fourth = chain(world)
    actions.add_mentions(clue=third, relations=[Relation(1, "pays", 0)], by=world.actor("officer_gd"), at=world.now())
    told = way(world.actor("officer"), mention(first), mention(second, 1))
    assert [one.label for one in told.things] == ["王秀英", "13807712044", "李娜", "桂P12345"] if told else False
    assert ties(told) == {("王秀英", "has", "13807712044"), ("李娜", "has", "13807712044"), ("李娜", "drives", "桂P12345")}
    assert way(world.actor("officer"), mention(first), mention(fourth)) is None, "it leads through a clue that is not read here"
    whole = way(world.actor("supervisor"), mention(first), mention(fourth))
    assert whole is not None
    assert [one.kind for one in whole.things] == ["person", "phone", "person", "vehicle", "account", "person"]
    assert way(world.actor("officer"), mention(first), mention(first)) is not None


def test_what_is_in_the_middle_of_it(world: World) -> None:
    first, *_ = chain(world)
    told = neighbourhood(world.actor("officer"), mention(first), steps=2)
    assert [one.label for one in central(told)] == ["李娜", "13807712044"]


@pytest.mark.parametrize("steps", [1, 2])
def test_as_many_questions_for_much_as_for_little(world: World, steps: int) -> None:
    def asked(made: Clue) -> int:
        with CaptureQueriesContext(connection) as queries:
            neighbourhood(world.actor("officer"), mention(made), steps=steps)
        return len(queries)

    def more(numbers: range) -> list[Clue]:
        return [
            clue(
                world,
                person(("name", f"李娜{i}"), ("phone", PHONE), ("vehicle", f"桂P{i:05d}")),
                thing("place", "东兴市"),
                relations=[Relation(0, "seen_at", 1)],
            )
            for i in numbers
        ]

    one, *_ = more(range(3))
    little = asked(one)
    more(range(3, 23))
    assert asked(one) == little
