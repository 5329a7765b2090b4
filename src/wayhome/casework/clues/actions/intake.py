"""Take a clue down: its words, what it speaks of and how that hangs together, in one call."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from wayhome.casework.accounts.models import Jurisdiction
from wayhome.casework.accounts.queries import require, staff
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.audit.attempts import gate
from wayhome.casework.clues.actions.file import mine, tell
from wayhome.casework.clues.models import Clue, Edge, Fact, Mention, MentionKey, Source, Step
from wayhome.casework.clues.rules import (
    CHANNELS,
    FACTS_OF,
    INFO_GRADES,
    LANGUAGES,
    ROLES,
    SOURCE_GRADES,
    VERBS,
    Relation,
    Told,
    keys,
    script_of,
)
from wayhome.casework.core import numbers
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.checks import Checks

_MOST = 100
"""Things, and relations between them, in one call."""


def record_clue(
    *,
    text: str,
    received_at: datetime,
    channel: str,
    source_grade: str,
    info_grade: int,
    language: str,
    jurisdiction: Jurisdiction,
    by: Actor,
    at: datetime,
    anonymous: bool = False,
    protected: bool = False,
    source: str = "",
    speaks_of: Sequence[Told] = (),
    relations: Sequence[Relation] = (),
) -> Clue:
    """What somebody told, in their own words and language, with everything it speaks of as far as it is known yet.

    Parameters
    ----------
    jurisdiction : the own one, or one below it.
    protected : who told it is known to the own agency and to nobody else, ever.
    source : who told it, in words; of somebody anonymous there is none.
    """
    require(by, Permission.RECORD_CLUE)
    checks = Checks()
    text = checks.text("text", text, 20_000)
    checks.moment("received_at", received_at, not_after=at)
    checks.one_of("channel", channel, CHANNELS)
    checks.one_of("source_grade", source_grade, tuple(SOURCE_GRADES))
    checks.one_of("info_grade", str(info_grade), [str(one) for one in INFO_GRADES])
    checks.one_of("language", language, LANGUAGES)
    source = checks.text("source", source, 500, required=False)
    checks.must("source", not (anonymous and source), "source_of_anonymous")
    told = _told(checks, speaks_of, len(speaks_of))
    _related(checks, relations, len(speaks_of), at)
    checks.done()
    with gate(by=by, at=at, attempt="record_clue"):
        clue = Clue.objects.create(
            pk=numbers.free_number(lambda number: Clue.objects.filter(pk=number).exists()),
            received_at=received_at,
            channel=channel,
            source_grade=source_grade,
            info_grade=info_grade,
            text=text,
            language=language,
            jurisdiction=jurisdiction,
            agency=staff(by).agency,
            anonymous=anonymous,
            protected=protected,
            by_id=by.staff_id,
            at=at,
        )
        if source:
            Source.objects.create(clue=clue, words=source, by_id=by.staff_id, at=at)
        Step.objects.create(clue=clue, n=1, state="received", by_id=by.staff_id, at=at)
        _write(clue, [], told, relations, by, at)
        tell(by, at, "record_clue", clue)
    return clue


def add_mentions(
    *, clue: Clue, by: Actor, at: datetime, speaks_of: Sequence[Told] = (), relations: Sequence[Relation] = ()
) -> list[Mention]:
    """What was not known yet when the clue was taken down. Relations count what was there before first."""
    clue = mine(clue, by)
    there = list(clue.mentions.order_by("pk"))
    checks = Checks()
    checks.must("speaks_of", bool(speaks_of or relations), "required")
    told = _told(checks, speaks_of, len(speaks_of))
    _related(checks, relations, len(there) + len(speaks_of), at)
    checks.done()
    with gate(by=by, at=at, attempt="add_mentions"):
        _alone(clue)
        made = _write(clue, there, told, relations, by, at)
        tell(by, at, "add_mentions", clue, mentions=len(made), relations=len(relations))
    return made


def _alone(clue: Clue) -> None:
    """Who adds to the same clue waits, so that what it speaks of keeps its order; SQLite has one writer at a time anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('wayhome.clues'), %s::int)", [clue.pk])


def _told(checks: Checks, speaks_of: Sequence[Told], many: int) -> list[Told]:
    checks.must("speaks_of", many <= _MOST, "too_many")
    plain = []
    for one in speaks_of:
        checks.one_of("kind", one.kind, FACTS_OF)
        checks.must("facts", bool(one.facts), "required")
        facts = []
        for kind, value in one.facts:
            checks.must("facts", kind in FACTS_OF.get(one.kind, ()), "unknown_choice")
            value = checks.text("facts", value, 200)
            checks.must("facts", kind not in FACTS_OF.get(one.kind, ()) or bool(keys(kind, value)), "not_recognisable")
            facts.append((kind, value))
        label = checks.text("label", one.label, 200, required=False) or (facts[0][1] if facts else "")
        plain.append(Told(one.kind, facts, label))
    return plain


def _related(checks: Checks, relations: Sequence[Relation], many: int, at: datetime) -> None:
    checks.must("relations", len(relations) <= _MOST, "too_many")
    for one in relations:
        checks.one_of("verb", one.verb, VERBS)
        checks.one_of("role", one.role, ROLES)
        ends = [end for end in (one.one, one.other, one.origin, one.destination) if end is not None]
        checks.must("relations", all(0 <= end < many for end in ends), "unknown_choice")
        checks.must("relations", one.one != one.other, "tie_to_self")
        if one.on is not None:
            checks.day("on", one.on, at=at)


def _write(
    clue: Clue, there: list[Mention], told: Sequence[Told], relations: Sequence[Relation], by: Actor, at: datetime
) -> list[Mention]:
    said = {"by_id": by.staff_id, "at": at}
    made = [Mention.objects.create(clue=clue, kind=one.kind, label=one.label, **said) for one in told]
    Fact.objects.bulk_create(
        Fact(mention=mention, kind=kind, script=script_of(value) if kind in ("name", "alias") else "", value=value, **said)
        for mention, one in zip(made, told, strict=True)
        for kind, value in one.facts
    )
    MentionKey.objects.bulk_create(
        MentionKey(clue=clue, mention=mention, kind=kind, key=key)
        for mention, one in zip(made, told, strict=True)
        for kind, key in sorted(set().union(*(keys(fact, value) for fact, value in one.facts)))
    )
    every = [*there, *made]
    Edge.objects.bulk_create(
        Edge(
            clue=clue,
            one=every[one.one],
            verb=one.verb,
            other=every[one.other],
            role=one.role,
            on=one.on,
            origin=None if one.origin is None else every[one.origin],
            destination=None if one.destination is None else every[one.destination],
            **said,
        )
        for one in relations
    )
    return made
