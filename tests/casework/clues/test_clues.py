"""A clue is taken down in one call, read by whom it concerns, and goes its way step by step."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from factories.clues import PHONE, clue, person, thing
from factories.world import RAID, World
from wayhome.casework.accounts import actions as accounts
from wayhome.casework.audit.models import Alarm, AuditEvent
from wayhome.casework.clues import actions
from wayhome.casework.clues.models import Clue, Edge, Fact, Step
from wayhome.casework.clues.queries import clues as queries
from wayhome.casework.clues.rules import NEXT, STATES, Relation, Told
from wayhome.casework.core.backends.watch import expected_refusal
from wayhome.casework.core.errors import Invalid, NotAllowed, NotFound, Refused, database_refusal

WANG = person(("name", "王秀英"), ("alias", "Nguyễn Thị Hoa"), ("phone", PHONE))
BUS, PLACE = thing("vehicle", "桂P12345"), thing("place", "东兴市")


def test_one_call_takes_everything_down(world: World) -> None:
    drives = Relation(0, "drives", 1, "transporter", on=date(2011, 7, 1), destination=2)
    made = clue(world, WANG, BUS, PLACE, relations=[drives], source="a neighbour")
    by = world.actor("officer")
    assert [mention.label for mention in queries.mentions_of(by, made)] == ["王秀英", "桂P12345", "东兴市"]
    assert list(Fact.objects.order_by("pk").values_list("kind", "script")[:3]) == [
        ("name", "hani"),
        ("alias", "latn_vi"),
        ("phone", ""),
    ]
    (edge,) = queries.edges_of(by, made)
    assert (edge.one.label, edge.verb, edge.other.label, edge.role, edge.destination) == (
        "王秀英",
        "drives",
        "桂P12345",
        "transporter",
        queries.mentions_of(by, made)[2],
    )
    assert [step.state for step in queries.steps_of(by, made)] == ["received"]
    found = queries.clue_of(by, made.pk)
    assert (found.state, found.agency, found.text) == ("received", world.agencies["police"], made.text)  # type: ignore[attr-defined]
    event = AuditEvent.objects.get(action="clues.record_clue")
    assert event.subject == f"clue:{made.pk}"
    assert made.text not in str(event.data)


CANNOT_BE: list[tuple[dict[str, Any], dict[str, str]]] = [
    ({"text": " "}, {"text": "required"}),
    ({"channel": "rumour"}, {"channel": "unknown_choice"}),
    ({"source_grade": "G"}, {"source_grade": "unknown_choice"}),
    ({"source_grade": "AB"}, {"source_grade": "unknown_choice"}),
    ({"info_grade": 7}, {"info_grade": "unknown_choice"}),
    ({"language": "Chinese"}, {"language": "unknown_choice"}),
    ({"received_at": RAID + timedelta(days=1)}, {"received_at": "in_future"}),
    ({"anonymous": True, "source": "a neighbour"}, {"source": "source_of_anonymous"}),
    ({"speaks_of": [Told("person", [])]}, {"facts": "required"}),
    ({"speaks_of": [Told("ship", [("name", "x")])]}, {"kind": "unknown_choice", "facts": "unknown_choice"}),
    ({"speaks_of": [Told("phone", [("name", "王秀英")])]}, {"facts": "unknown_choice"}),
    ({"speaks_of": [Told("phone", [("phone", "110")])]}, {"facts": "not_recognisable"}),
    ({"speaks_of": [BUS] * 101}, {"speaks_of": "too_many"}),
    ({"speaks_of": [BUS], "relations": [Relation(0, "drives", 1)]}, {"relations": "unknown_choice"}),
    ({"speaks_of": [BUS], "relations": [Relation(0, "drives", 0)]}, {"relations": "tie_to_self"}),
    ({"speaks_of": [WANG, BUS], "relations": [Relation(0, "flies", 1)]}, {"verb": "unknown_choice"}),
    ({"speaks_of": [WANG, BUS], "relations": [Relation(0, "drives", 1, "aunt")]}, {"role": "unknown_choice"}),
    (
        {"speaks_of": [WANG, BUS], "relations": [Relation(0, "drives", 1, on=date(2011, 7, 20))]},
        {"on": "in_future"},
    ),
]


def test_a_clue_that_cannot_be(world: World) -> None:
    for told, wrong in CANNOT_BE:
        with pytest.raises(Invalid) as refused:
            clue(world, *told.get("speaks_of", ()), **{name: value for name, value in told.items() if name != "speaks_of"})
        assert refused.value.fields == wrong
    assert not Clue.objects.exists()


def test_a_clue_is_of_the_own_jurisdiction_or_below_it(world: World) -> None:
    places = world.jurisdictions
    below = accounts.add_jurisdiction(code="GX1", kind="city", parent=places["GX"], name_en="x", name_zh="x", name_vi="x")
    assert clue(world, jurisdiction=below).jurisdiction == below
    for other in ("GD", "CN"):
        with pytest.raises(Refused, match="clue_elsewhere"):
            clue(world, jurisdiction=places[other])
    assert Clue.objects.count() == 1
    assert set(Alarm.objects.values_list("code", flat=True)) == {"clue_elsewhere"}


@pytest.mark.parametrize("who", ["nurse", "caseworker", "supervisor", "analyst", "registrar", "auditor"])
def test_only_officers_take_clues_down(world: World, who: str) -> None:
    with pytest.raises(NotAllowed):
        clue(world, by=who)


def test_whom_a_clue_concerns(world: World) -> None:
    mine, theirs = clue(world, WANG), clue(world, WANG, by="officer_gd")
    assert set(queries.clues_of(world.actor("officer"))) == {mine}
    assert set(queries.clues_of(world.actor("officer2"))) == {mine}
    assert set(queries.clues_of(world.actor("officer_gd"))) == {theirs}
    assert set(queries.clues_of(world.actor("supervisor"))) == {mine, theirs}
    for nobody in ("nurse", "caseworker", "analyst", "auditor", "partner_liaison"):
        assert not queries.clues_of(world.actor(nobody)).exists()
    with pytest.raises(NotFound):
        queries.clue_of(world.actor("officer_gd"), mine.pk)
    for ask in (queries.mentions_of, queries.edges_of, queries.steps_of):
        assert ask(world.actor("officer"), mine).exists() == (ask is not queries.edges_of)
        assert not ask(world.actor("officer_gd"), mine).exists()
    for text in ("Wang Xiuying", "13807712044", "阮氏花"):
        assert set(queries.clues_like(world.actor("officer_gd"), text)) == {theirs}
    assert not queries.clues_like(world.actor("officer"), "nobody at all").exists()


def test_who_told_it_is_known_to_the_own_agency_alone(world: World) -> None:
    made = clue(world, protected=True, source="the driver's wife")
    assert queries.source_of(world.actor("officer2"), made) == "the driver's wife"
    assert queries.source_of(world.actor("supervisor"), made) == ""
    assert queries.source_of(world.actor("officer2"), clue(world)) == ""
    with pytest.raises(NotFound):
        queries.source_of(world.actor("officer_gd"), made)
    assert "driver" not in str(list(queries.clues_of(world.actor("supervisor")).values()))


def test_what_was_not_known_yet_comes_later(world: World) -> None:
    made = clue(world, WANG)
    actions.add_mentions(
        clue=made, speaks_of=[BUS], relations=[Relation(0, "drives", 1)], by=world.actor("officer2"), at=world.now()
    )
    edge = Edge.objects.get()
    assert (edge.one.label, edge.other.label) == ("王秀英", "桂P12345")
    assert set(queries.clues_like(world.actor("officer"), "桂P12345")) == {made}
    with pytest.raises(Invalid):
        actions.add_mentions(clue=made, by=world.actor("officer"), at=world.now())
    with pytest.raises(NotAllowed):
        actions.add_mentions(clue=made, speaks_of=[BUS], by=world.actor("supervisor"), at=world.now())
    with pytest.raises(NotFound):
        actions.add_mentions(clue=made, speaks_of=[BUS], by=world.actor("officer_gd"), at=world.now())


def step(world: World, made: Clue, state: str, by: str = "officer", **told: Any) -> Step:
    if state == "assigned":
        told = {"assigned_to": world.staff["officer2"]} | told
    return actions.triage(clue=made, state=state, note=told.pop("note", "x"), by=world.actor(by), at=world.now(), **told)


def test_the_steps_of_a_clue(world: World) -> None:
    made = clue(world)
    for state in ("triaged", "assigned", "linked", "corroborated", "actioned"):
        step(world, made, state)
    told = queries.steps_of(world.actor("supervisor"), made)
    assert [one.state for one in told] == ["received", "triaged", "assigned", "linked", "corroborated", "actioned"]
    assert [one.assigned_to for one in told if one.assigned_to] == [world.staff["officer2"]]
    assert queries.clue_of(world.actor("officer"), made.pk).state == "actioned"  # type: ignore[attr-defined]
    with pytest.raises(Refused, match="no_such_clue_step"):
        step(world, made, "dormant")


def test_every_step_after_every_other(world: World) -> None:
    """The database says what the table says."""
    ways = {
        "received": (),
        "triaged": ("triaged",),
        "assigned": ("triaged", "assigned"),
        "linked": ("triaged", "assigned", "linked"),
        "corroborated": ("triaged", "assigned", "corroborated"),
        "dormant": ("triaged", "dormant"),
        "unfounded": ("triaged", "unfounded"),
        "actioned": ("triaged", "assigned", "linked", "actioned"),
    }
    for before in STATES:
        made = clue(world)
        for state in ways[before]:
            step(world, made, state)
        for after in STATES:
            assert (before, after, writes_step(world, made, after)) == (before, after, after in NEXT[before])


def writes_step(world: World, made: Clue, after: str) -> bool:
    columns = {"assigned_to": world.staff["officer2"]} if after == "assigned" else {}
    try:
        with expected_refusal(connection), transaction.atomic():
            Step.objects.create(
                clue=made, n=made.steps.count() + 1, state=after, by=world.staff["officer"], at=world.now(), **columns
            )
            raise LookupError
    except LookupError:
        return True
    except DatabaseError as error:
        return database_refusal(error) != "no_such_clue_step"


def test_a_step_that_cannot_be(world: World) -> None:
    made = clue(world)
    step(world, made, "triaged")
    for told, wrong in (
        ({"state": "closed"}, {"state": "unknown_choice"}),
        ({"state": "dormant", "note": " "}, {"note": "required"}),
        ({"state": "assigned", "assigned_to": None}, {"assigned_to": "assigned_to_nobody"}),
        ({"state": "dormant", "assigned_to": world.staff["officer"]}, {"assigned_to": "assigned_to_nobody"}),
    ):
        with pytest.raises(Invalid) as refused:
            step(world, made, **told)  # type: ignore[arg-type]
        assert refused.value.fields == wrong
    for nobody in ("officer_gd", "nurse"):
        with pytest.raises(Refused, match="assigned_to_nobody"):
            step(world, made, "assigned", assigned_to=world.staff[nobody])
    with pytest.raises(NotAllowed):
        step(world, made, "dormant", by="supervisor")
    with pytest.raises(NotFound):
        step(world, made, "dormant", by="officer_gd")
    assert made.steps.count() == 2
