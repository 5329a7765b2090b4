"""A clue in a compartment is there for its task force alone; elsewhere a hit says whom to call, and both sides open."""

from __future__ import annotations

from typing import Any

import pytest

from factories.clues import PHONE, clue, officers, person, thing
from factories.world import World
from wayhome.casework.audit.models import Alarm, AuditEvent
from wayhome.casework.clues import actions
from wayhome.casework.clues.models import Clue, Opening
from wayhome.casework.clues.queries import clues as queries
from wayhome.casework.clues.queries.hits import Hit, hits
from wayhome.casework.clues.queries.links import cluster, proposals
from wayhome.casework.clues.rules import HIT_MOST, HIT_OF_ONE
from wayhome.casework.core.errors import Invalid, NotAllowed, NotFound, Refused
from wayhome.casework.operations.actions.investigations import add_member, end_member, open_investigation
from wayhome.casework.operations.models import Investigation

SECRET = person(("name", "王秀英"), ("phone", PHONE))


def investigation(world: World, by: str = "officer") -> Investigation:
    where = world.staff[by].agency.jurisdiction
    return open_investigation(code="GX-1", title="night boats", jurisdiction=where, by=world.actor(by), at=world.now())


def shut(world: World, made: Clue, by: str = "officer") -> Investigation:
    opened = investigation(world, by)
    actions.put_in_compartment(clue=made, investigation=opened, by=world.actor(by), at=world.now())
    return opened


def agree(world: World, made: Clue, agency: str, by: str) -> None:
    actions.agree_to_open(clue=made, agency=world.agencies[agency], by=world.actor(by), at=world.now())


def told(world: World, who: str, made: Clue, mine: Clue) -> str:
    """Everything that somebody is told anywhere."""
    by = world.actor(who)
    lists = [list(queries.clues_of(by)), list(queries.clues_like(by, "王秀英")), list(queries.clues_like(by, PHONE))]
    parts = [list(ask(by, made)) for ask in (queries.mentions_of, queries.edges_of, queries.steps_of)]
    return repr((lists, parts, proposals(by, mine), cluster(by, mine, proposed=True)))


def test_a_clue_in_a_compartment_is_there_for_its_members_alone(world: World) -> None:
    mine = clue(world, thing("phone", PHONE), by="officer2")
    before = {who: told(world, who, mine, mine) for who in ("officer2", "supervisor")}
    made = clue(world, SECRET)
    assert str(made.pk) in told(world, "officer2", made, mine)
    opened = shut(world, made)
    for who in ("officer2", "supervisor"):
        assert told(world, who, mine, mine) == before[who], "as if it had never been"
        assert str(made.pk) not in told(world, who, made, mine)
        with pytest.raises(NotFound):
            actions.read_clue(clue_id=made.pk, by=world.actor(who), at=world.now())
    assert set(queries.clues_of(world.actor("officer"))) == {mine, made}
    member = {"investigation": opened, "staff": world.staff["officer2"], "by": world.actor("officer")}
    add_member(function="member", at=world.now(), **member)
    assert [one.other for one in proposals(world.actor("officer2"), mine).found] == [made]
    end_member(at=world.now(), **member)
    assert told(world, "officer2", mine, mine) == before["officer2"]


def test_a_member_from_elsewhere_reads_and_does_not_write(world: World) -> None:
    made = clue(world, SECRET, source="a neighbour")
    opened = shut(world, made)
    staff = world.staff["officer_gd"]
    add_member(investigation=opened, staff=staff, function="member", by=world.actor("officer"), at=world.now())
    by = world.actor("officer_gd")
    assert actions.read_clue(clue_id=made.pk, by=by, at=world.now()) == made
    assert queries.source_of(by, made) == ""
    with pytest.raises(NotAllowed, match="not_your_clue"):
        actions.triage(clue=made, state="triaged", by=by, at=world.now())


def test_who_is_no_member_writes_nothing_and_raises_no_alarm(world: World) -> None:
    made, mine = clue(world, SECRET), clue(world, thing("phone", PHONE))
    opened = shut(world, made)
    said = {"by": world.actor("officer2"), "at": world.now()}
    for attempt in (
        lambda: actions.triage(clue=made, state="triaged", **said),
        lambda: actions.add_mentions(clue=made, speaks_of=[SECRET], **said),
        lambda: actions.judge_pair(clue=mine, other=made, confirmed=True, note="x", **said),
        lambda: actions.put_in_compartment(clue=mine, investigation=opened, **said),
        lambda: actions.agree_to_open(clue=made, agency=world.agencies["police_gd"], **said),
    ):
        with pytest.raises(NotFound):
            attempt()
    assert not Alarm.objects.exists()
    with pytest.raises(Refused, match="already_there"):
        actions.put_in_compartment(clue=made, investigation=opened, by=world.actor("officer"), at=world.now())


def test_a_clue_in_a_compartment_is_given_to_who_reads_it(world: World) -> None:
    made, open_ = clue(world, SECRET), clue(world, thing("phone", PHONE))
    opened = shut(world, made)
    by, member = world.actor("officer"), {"investigation": opened, "staff": world.staff["officer2"], "by": world.actor("officer")}

    def give(given: Clue, state: str = "assigned") -> None:
        to = {"assigned_to": world.staff["officer2"]} if state == "assigned" else {}
        actions.triage(clue=given, state=state, by=by, at=world.now(), **to)

    for one in (made, open_):
        give(one, "triaged")
    give(open_)
    assert {one.number for one in queries.officers_of(by, open_)} >= {"officer", "officer2"}
    assert {one.number for one in queries.officers_of(by, made)} == {"officer"}
    with pytest.raises(Invalid) as refused:
        give(made)
    assert refused.value.fields == {"assigned_to": "assigned_outside"}
    assert not Alarm.objects.exists(), "it would tell others that the clue is there"
    add_member(function="member", at=world.now(), **member)
    assert {one.number for one in queries.officers_of(by, made)} == {"officer", "officer2"}
    give(made)
    end_member(at=world.now(), **member)
    with pytest.raises(Invalid):
        give(made)


def test_reading_is_an_event(world: World) -> None:
    made = clue(world, SECRET)
    actions.read_clue(clue_id=made.pk, by=world.actor("supervisor"), at=world.now())
    assert AuditEvent.objects.get(action="clues.read_clue").subject == f"clue:{made.pk}"


def test_two_provinces_are_told_whom_to_call_and_nothing_else(world: World) -> None:
    one = clue(world, SECRET, thing("vehicle", "桂P12345"), protected=True, source="a neighbour")
    two = clue(world, thing("phone", PHONE), person(("name", "王秀英")), by="officer_gd")
    gx, gd = world.actor("officer"), world.actor("officer_gd")
    for by, mine, agency in ((gx, one, "police_gd"), (gd, two, "police")):
        assert proposals(by, mine).found == ()
        assert hits(by, mine) == [Hit(agency, world.agencies[agency].name, ("phone",), agreed=False)]
    assert hits(world.actor("supervisor"), one) == [], "who reads both has a proposal"
    agree(world, one, "police_gd", "officer")
    assert [hit.agreed for hit in hits(gx, one)] == [True]
    assert [hit.agreed for hit in hits(gd, two)] == [False]
    for by, other in ((gx, two), (gd, one)):
        with pytest.raises(NotFound):
            queries.clue_of(by, other.pk)
    agree(world, two, "police", "officer_gd")
    assert queries.clue_of(gx, two.pk) == two
    assert queries.clue_of(gd, one.pk) == one
    assert [mention.label for mention in queries.mentions_of(gd, one)] == ["王秀英", "桂P12345"]
    assert hits(gx, one) == hits(gd, two) == []
    assert queries.source_of(gd, one) == "", "who told it stays with the own agency"
    assert queries.source_of(gx, one) == "a neighbour"
    for by, mine, other in (("officer", one, two), ("officer_gd", two, one)):
        actions.judge_pair(clue=mine, other=other, confirmed=True, note="x", by=world.actor(by), at=world.now())
    assert [found.standing for found in proposals(gx, one).found] == ["confirmed"]


def test_what_is_opened_is_that_clue_alone(world: World) -> None:
    one, two = clue(world, SECRET), clue(world, thing("phone", PHONE), by="officer_gd")
    other = clue(world, thing("vehicle", "粤A12345"), by="officer_gd")
    agree(world, one, "police_gd", "officer")
    agree(world, two, "police", "officer_gd")
    assert set(queries.clues_of(world.actor("officer"))) == {one, two}
    assert set(queries.clues_of(world.actor("officer_gd"))) == {one, two, other}


def test_a_hit_into_a_compartment_and_who_opens_it(world: World) -> None:
    one, two = clue(world, SECRET), clue(world, thing("phone", PHONE), by="officer_gd")
    shut(world, one)
    gd = world.actor("officer_gd")
    assert [hit.agency for hit in hits(gd, two)] == ["police"]
    assert [(hit.agency, hit.kinds) for hit in hits(world.actor("supervisor"), two)] == [("police", ("phone",))]
    agree(world, two, "police", "officer_gd")
    with pytest.raises(NotFound):
        agree(world, one, "police_gd", "officer2")
    agree(world, one, "police_gd", "officer")
    assert queries.clue_of(gd, one.pk) == one
    assert queries.clue_of(world.actor("officer"), two.pk) == two
    for nobody in ("officer2",):
        assert two not in set(queries.clues_of(world.actor(nobody))), "it was opened to the task force"


def test_two_task_forces_of_one_agency(world: World) -> None:
    one, two = clue(world, SECRET), clue(world, thing("phone", PHONE), by="officer2")
    shut(world, one)
    shut(world, two, "officer2")
    assert [hit.agency for hit in hits(world.actor("officer"), one)] == ["police"]
    with pytest.raises(Refused, match="same_agency_opens"):
        agree(world, one, "police", "officer")
    assert not Opening.objects.exists()


def test_what_is_no_hit(world: World) -> None:
    one = clue(world, SECRET, thing("place", "东兴市"))
    clue(world, person(("name", "王秀英")), thing("place", "东兴市"), by="officer_gd")
    assert hits(world.actor("officer"), one) == [], "a name and a place are none"
    with pytest.raises(NotFound):
        agree(world, one, "police_gd", "officer")
    clue(world, thing("phone", PHONE), by="officer_gd")
    assert len(hits(world.actor("officer"), one)) == 1
    agree(world, one, "police_gd", "officer")
    with pytest.raises(Refused, match="already_there"):
        agree(world, one, "police_gd", "officer")


PROVINCES = ("GX", "GD", "HA", "SX", "YN", "FJ")
BAD = {"source_grade": "F", "info_grade": 6}


def flooded(world: World, by: str, many: int, **graded: Any) -> None:
    for _ in range(many):
        clue(world, thing("phone", PHONE), by=by, **graded)


def agencies(world: World, who: str, made: Clue) -> list[str]:
    return [hit.agency for hit in hits(world.actor(who), made)]


@pytest.mark.parametrize("liar", ["officer2", "officer_gd"])
def test_false_clues_of_one_agency_hide_no_telephone(world: World, liar: str) -> None:
    """Somebody who is paid for it takes down as many as make a number common, on either side; graded as they like."""
    one, two = clue(world, SECRET), clue(world, thing("phone", PHONE), by="officer_gd")
    shut(world, one)
    flooded(world, liar, HIT_MOST + 5, source_grade="A", info_grade=1)
    assert agencies(world, "officer", one) == ["police_gd"]
    assert agencies(world, "officer_gd", two) == ["police"]
    agree(world, one, "police_gd", "officer")
    agree(world, two, "police", "officer_gd")
    assert queries.clue_of(world.actor("officer"), two.pk) == two
    assert queries.clue_of(world.actor("officer_gd"), one.pk) == one


def test_false_calls_to_every_province_hide_no_telephone(world: World) -> None:
    """Nobody knows whether they are true, and so they are graded; what is graded well is still told to each other."""
    one, two = clue(world, SECRET), clue(world, thing("phone", PHONE), by="officer_gd")
    by = officers(world, PROVINCES)
    for who in by.values():
        flooded(world, who, HIT_OF_ONE, **BAD)
    assert agencies(world, "officer", one) == ["police_gd"]
    assert agencies(world, "officer_gd", two) == ["police"]
    false = clue(world, thing("phone", PHONE), by=by["HA"], **BAD)
    assert agencies(world, by["HA"], false) == [], "and nothing of it to those who only know of a false one"


def test_a_bus_company_s_telephone_is_no_hit(world: World) -> None:
    one = clue(world, SECRET)
    for who in officers(world, PROVINCES).values():
        flooded(world, who, HIT_OF_ONE - 1)
    assert len(agencies(world, "officer", one)) == len(PROVINCES) - 1, "few have it yet"
    for who in ("officer_gd", "officer_HA", "officer_SX"):
        flooded(world, who, 1)
    assert agencies(world, "officer", one) == []


def test_what_very_many_have_is_not_looked_at(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    one = clue(world, SECRET)
    flooded(world, "officer_gd", 5)
    assert agencies(world, "officer", one) == ["police_gd"]
    monkeypatch.setattr("wayhome.casework.clues.queries.hits.HIT_LOOKED_AT", 5)
    assert agencies(world, "officer", one) == []
