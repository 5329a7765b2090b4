"""Attempts by SQL on clues: with the rights of the web role and with the owner's."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection, models, transaction

from factories.clues import thing
from factories.operations import investigation
from trust.raw_sql import copied, in_vain, web_role
from trust.ring import Ring, a_ring, anew
from wayhome.casework.clues import actions
from wayhome.casework.clues.models import Clue, Compartment, Edge, Fact, Mention, MentionKey, Opening, Source, Step, Verdict
from wayhome.casework.clues.rules import Relation
from wayhome.casework.core import guards
from wayhome.casework.operations.models import Member

NEVER = "append_only"
Sql = Callable[[Ring], str]


@pytest.fixture(scope="module")
def _ring(django_db_setup: None, django_db_blocker: Any) -> Iterator[Ring]:
    with a_ring(django_db_blocker) as made:
        by = made.who("officer")
        told: dict[str, Any] = {"speaks_of": [thing("vehicle", "桂P00001")], "relations": [Relation(0, "drives", 1)]}
        actions.add_mentions(clue=made.mine, **told, **by)
        for one in (made.mine, made.shut):
            actions.triage(clue=one, state="triaged", **by)
        actions.judge_pair(clue=made.mine, other=made.second, confirmed=True, note="x", **by)
        made.agree(made.theirs, "police", "officer_gd")
        yield made


@pytest.fixture
def ring(_ring: Ring, db: None) -> Iterator[Ring]:
    """See `trust.ring`; with a relation, a step more, a verdict, and one side of a hit that agreed."""
    yield anew(_ring)
    transaction.set_rollback(True)


def _id(ring: Ring, who: str) -> int:
    return int(ring.world.staff[who].pk)


def _a(model: type[models.Model], made: Clue, **more: Any) -> models.Model:
    return model._default_manager.filter(clue=made, **more).order_by("pk")[0]


def _clue(ring: Ring, **other: Any) -> str:
    """A clue more, like one that is there."""
    row = copied(ring.mine, **other)
    return row.replace('("', '("id", "', 1).replace("SELECT ", "SELECT 987654, ", 1)


def _set(table: str, what: str) -> Sql:
    return lambda ring: f"UPDATE clues_{table} SET {what}"


def _gone(table: str) -> Sql:
    return lambda ring: f"DELETE FROM clues_{table}"


def _mention(ring: Ring, by: str, made: Clue) -> str:
    return copied(_a(Mention, ring.mine), clue_id=made.pk, by_id=_id(ring, by))


def _fact(ring: Ring, by: str, made: Clue) -> str:
    row = Fact.objects.filter(mention__clue=ring.mine).order_by("pk")[0]
    return copied(row, mention_id=_a(Mention, made).pk, by_id=_id(ring, by))


def _edge(ring: Ring, by: str = "officer", **other: Any) -> str:
    return copied(Edge.objects.get(), **{"by_id": _id(ring, by)} | other)


def _step(ring: Ring, state: str, by: str = "officer", **other: Any) -> str:
    row = Step.objects.filter(clue=ring.mine).order_by("-n")[0]
    return copied(row, **{"n": "n + 1", "state": f"'{state}'", "by_id": _id(ring, by)} | other)


def _verdict(ring: Ring, by: str, **other: Any) -> str:
    return copied(Verdict.objects.get(), **{"n": "n + 1", "by_id": _id(ring, by)} | other)


def _shut(ring: Ring, by: str, made: Clue, opened: int = 0) -> str:
    row = Compartment.objects.get()
    return copied(row, clue_id=made.pk, investigation_id=opened or ring.opened.pk, by_id=_id(ring, by))


def _opening(ring: Ring, by: str, made: Clue, other: Clue) -> str:
    return copied(Opening.objects.order_by("pk")[0], clue_id=made.pk, other_id=other.pk, by_id=_id(ring, by))


def _member(ring: Ring, who: str) -> str:
    row = Member.objects.filter(investigation=ring.opened, function="lead").get()
    return copied(row, staff_id=_id(ring, who), function="'member'", by_id=_id(ring, who))


RAW: dict[str, tuple[str, Sql]] = {
    "taken down by another province": ("clue_not_own", lambda r: _clue(r, by_id=_id(r, "officer_gd"))),
    "taken down by a nurse": ("clue_not_own", lambda r: _clue(r, by_id=_id(r, "nurse"))),
    "taken down by the ministry": ("clue_not_own", lambda r: _clue(r, by_id=_id(r, "supervisor"))),
    "taken down by an administrator": ("clue_not_own", lambda r: _clue(r, by_id=_id(r, "administrator"))),
    "taken down for another agency": ("clue_not_own", lambda r: _clue(r, agency_id=r.world.agencies["police_gd"].pk)),
    "taken down for another province": ("clue_elsewhere", lambda r: _clue(r, jurisdiction_id=r.world.jurisdictions["GD"].pk)),
    "taken down for the whole country": ("clue_elsewhere", lambda r: _clue(r, jurisdiction_id=r.world.jurisdictions["CN"].pk)),
    "a clue of another agency": (NEVER, lambda r: f"UPDATE clues_clue SET agency_id = {r.world.agencies['police_gd'].pk}"),
    "a clue that another province reads": (
        NEVER,
        lambda r: f"UPDATE clues_clue SET jurisdiction_id = {r.world.jurisdictions['GD'].pk}",
    ),
    "other words": (NEVER, _set("clue", "text = 'x'")),
    "a better source": (NEVER, _set("clue", "source_grade = 'A'")),
    "a source that is not protected": (NEVER, _set("clue", "protected = (1 = 0)")),
    "a clue less": (NEVER, _gone("clue")),
    "another who told it": (NEVER, _set("source", "words = 'x'")),
    "who told another clue": (NEVER, lambda r: f"UPDATE clues_source SET clue_id = {r.theirs.pk} WHERE clue_id = {r.mine.pk}"),
    "who told it, by another province": (
        "not_your_clue",
        lambda r: copied(Source.objects.filter(clue=r.mine).get(), clue_id=r.second.pk, by_id=_id(r, "officer_gd")),
    ),
    "who told it, less": (NEVER, _gone("source")),
    "a thing in another province's": ("not_your_clue", lambda r: _mention(r, "officer", r.theirs)),
    "a thing in a compartment": ("not_your_clue", lambda r: _mention(r, "officer2", r.shut)),
    "a thing by the ministry": ("not_your_clue", lambda r: _mention(r, "supervisor2", r.shut)),
    "a thing of another clue": (NEVER, lambda r: f"UPDATE clues_mention SET clue_id = {r.theirs.pk}"),
    "a thing less": (NEVER, _gone("mention")),
    "a fact in another province's": ("not_your_clue", lambda r: _fact(r, "officer", r.theirs)),
    "a fact in a compartment": ("not_your_clue", lambda r: _fact(r, "officer2", r.shut)),
    "another number": (NEVER, _set("fact", "value = '13900000001'")),
    "a fact less": (NEVER, _gone("fact")),
    "a key that finds another clue": (
        "other_clue",
        lambda r: copied(_a(MentionKey, r.mine, kind="phone"), clue_id=r.theirs.pk),
    ),
    "a key of a thing elsewhere": (
        "other_clue",
        lambda r: copied(_a(MentionKey, r.mine, kind="phone"), mention_id=_a(Mention, r.theirs).pk),
    ),
    "another key": (NEVER, _set("mentionkey", "key = 'x'")),
    "a key less": (NEVER, _gone("mentionkey")),
    "a relation to a thing elsewhere": ("other_clue", lambda r: _edge(r, other_id=_a(Mention, r.theirs).pk)),
    "a relation from a place elsewhere": ("other_clue", lambda r: _edge(r, origin_id=_a(Mention, r.theirs).pk)),
    "a relation by another province": ("not_your_clue", lambda r: _edge(r, "officer_gd")),
    "a relation the other way round": (NEVER, _set("edge", "one_id = other_id, other_id = one_id")),
    "a relation less": (NEVER, _gone("edge")),
    "a step by another province": ("not_your_clue", lambda r: _step(r, "dormant", "officer_gd")),
    "a step by the ministry": ("not_your_clue", lambda r: _step(r, "dormant", "supervisor")),
    "a step in a compartment": (
        "not_your_clue",
        lambda r: copied(_a(Step, r.shut, n=2), n="n + 1", state="'dormant'", by_id=_id(r, "officer2")),
    ),
    "a step left out": ("no_such_clue_step", lambda r: _step(r, "actioned")),
    "a step out of turn": ("not_last", lambda r: _step(r, "dormant", n="n + 2")),
    "given to another province": ("assigned_to_nobody", lambda r: _step(r, "assigned", assigned_to_id=_id(r, "officer_gd"))),
    "given out of its compartment": (
        "assigned_outside",
        lambda r: copied(_a(Step, r.shut, n=2), n="n + 1", state="'assigned'", assigned_to_id=_id(r, "officer2")),
    ),
    "given to nobody": ("assigned_to_nobody", lambda r: _step(r, "assigned")),
    "a step that was another": (NEVER, _set("step", "state = 'unfounded'")),
    "a step less": (NEVER, _gone("step")),
    "both sides by one": ("one_for_both", lambda r: _verdict(r, "officer", side_id=r.second.pk)),
    "a pair by another province": ("not_your_side", lambda r: _verdict(r, "officer_gd")),
    "a pair by the ministry": ("not_your_side", lambda r: _verdict(r, "supervisor")),
    "a pair for a third": ("no_pair", lambda r: _verdict(r, "officer2", side_id=r.shut.pk)),
    "a word out of turn": ("not_last", lambda r: _verdict(r, "officer2", n="n + 2")),
    "a word turned": (NEVER, _set("verdict", "confirmed = (1 = 0)")),
    "a word less": (NEVER, _gone("verdict")),
    "taken out of the compartment": (NEVER, _gone("compartment")),
    "into another compartment": (
        NEVER,
        lambda r: f"UPDATE clues_compartment SET investigation_id = {_own(r, 'officer2')}",
    ),
    "another clue in its place": (NEVER, lambda r: f"UPDATE clues_compartment SET clue_id = {r.second.pk}"),
    "shut away twice": (
        "already_there",
        lambda r: _shut(r, "officer", r.shut, _own(r, "officer")),
    ),
    "shut away from its own agency": ("not_your_clue", lambda r: _shut(r, "officer_gd", r.mine, _own(r, "officer_gd"))),
    "shut away for others": ("not_in_task_force", lambda r: _shut(r, "officer2", r.mine)),
    "shut away by the ministry": ("not_your_clue", lambda r: _shut(r, "supervisor2", r.mine)),
    "into the task force by oneself": ("not_lead", lambda r: _member(r, "officer2")),
    "opened for the others": ("not_your_clue", lambda r: _opening(r, "officer_gd", r.mine, r.theirs)),
    "opened by a colleague": ("not_your_clue", lambda r: _opening(r, "officer2", r.shut, r.far)),
    "opened by the ministry": ("not_your_clue", lambda r: _opening(r, "supervisor2", r.shut, r.far)),
    "opened to the own agency": ("same_agency_opens", lambda r: _opening(r, "officer", r.mine, r.second)),
    "opened by one for both": ("one_for_both", lambda r: _opening(r, r.back("officer_gd", "police"), r.mine, r.theirs)),
    "opened to another clue": (NEVER, lambda r: f"UPDATE clues_opening SET other_id = {r.shut.pk}"),
    "an opening less": (NEVER, _gone("opening")),
}


def _own(ring: Ring, who: str) -> int:
    """An investigation that somebody opened."""
    where = ring.world.staff[who].agency.jurisdiction
    return int(investigation(ring.world, lead=who, code="x", title="x", jurisdiction=where).pk)


EITHER = {"shut away twice"}
"""Two things stand against these: which of them is said first differs between the engines."""


@pytest.mark.parametrize("role", ["web", "owner"])
@pytest.mark.parametrize("name", RAW)
def test_sql_opens_no_clue(ring: Ring, name: str, role: str) -> None:
    code, sql = RAW[name][0], RAW[name][1](ring)
    # The web role has no right to change or delete at all.
    wanted = "" if name in EITHER or (role == "web" and code == NEVER) else code
    with web_role() if role == "web" else contextlib.nullcontext(), in_vain(wanted), connection.cursor() as cursor:
        cursor.execute(sql)
    assert ring.leaks() == []
    assert not guards.differences(connection)


LEGAL: dict[str, Sql] = {
    "a clue more": _clue,
    "a thing more": lambda r: _mention(r, "officer2", r.mine),
    "a thing in the compartment": lambda r: _mention(r, "officer", r.shut),
    "a fact more": lambda r: _fact(r, "officer", r.mine),
    "a key of its own": lambda r: copied(_a(MentionKey, r.mine, kind="phone"), key="'x'"),
    "a relation more": _edge,
    "the next step": lambda r: _step(r, "dormant"),
    "given to a colleague": lambda r: _step(r, "assigned", assigned_to_id=_id(r, "officer2")),
    "given within its compartment": lambda r: copied(
        _a(Step, r.shut, n=2), n="n + 1", state="'assigned'", assigned_to_id=_id(r, "officer")
    ),
    "the other side by a colleague": lambda r: _verdict(r, "officer2", side_id=r.second.pk),
    "shut away by who is in it": lambda r: _shut(r, "officer", r.mine),
    "opened by who is in it": lambda r: _opening(r, "officer", r.shut, r.far),
    "the other side of a hit": lambda r: _opening(r, "officer", r.mine, r.theirs),
}


@pytest.mark.parametrize("name", LEGAL)
def test_the_same_sql_is_good_where_it_does_no_harm(ring: Ring, name: str) -> None:
    with web_role(), connection.cursor() as cursor:
        cursor.execute(LEGAL[name](ring))
    assert not connection.refusals
    assert ring.leaks() == []
