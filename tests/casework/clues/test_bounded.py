"""Rows of many keys at once are the rows of each key alone, up to the bound, on either engine and in either way."""

from __future__ import annotations

import random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from factories.clues import PHONE, clue, person, thing
from factories.operations import investigation
from factories.world import World
from wayhome.casework.clues import actions
from wayhome.casework.clues.models import Clue, MentionKey
from wayhome.casework.clues.queries import bounded
from wayhome.casework.clues.queries.bounded import Keys
from wayhome.casework.clues.queries.clues import readable
from wayhome.casework.core.actors import Actor


def crowd(world: World) -> None:
    """Clues of two provinces that share numbers and places, one of them in a compartment; one says the same twice."""
    dice = random.Random(20110715)
    for i in range(24):
        phones = dice.sample([f"1390000{n:04d}" for n in range(8)], 2)
        clue(world, *(thing("phone", one) for one in phones), thing("place", "东兴市"), by=("officer", "officer_gd")[i % 2])
    kept = clue(world, thing("phone", "13900000000"), thing("place", "东兴市"))
    actions.put_in_compartment(clue=kept, investigation=investigation(world), by=world.actor("officer"), at=world.now())
    clue(world, person(("name", "王%s秀英"), ("phone", PHONE)), thing("phone", PHONE))


def held(by: Actor | None, key: tuple[str, str]) -> list[tuple[int, int]]:
    """Clues and mentions that have a key, asked in the plainest way."""
    rows = MentionKey.objects.filter(kind=key[0], key=key[1])
    if by is not None:
        rows = rows.filter(clue__in=Clue.objects.filter(readable(by)))
    return sorted(rows.values_list("clue", "mention"))


@pytest.mark.parametrize(("many", "few"), [(200, 5_000), (3, 5_000), (3, 5), (0, 0)])
def test_the_same_as_one_key_after_the_other(world: World, monkeypatch: pytest.MonkeyPatch, many: int, few: int) -> None:
    """Whatever counts as many clues of a key, and as few of a reader."""
    monkeypatch.setattr(bounded, "MANY", many)
    monkeypatch.setattr(bounded, "FEW", few)
    crowd(world)
    keys = set(MentionKey.objects.values_list("kind", "key")) | {("phone", "nobody's"), ("place", "'; --")}
    assert len(keys) > 10
    for by in (*(world.actor(who) for who in ("officer", "officer2", "officer_gd", "supervisor")), None):
        asked = Keys(by)
        plain = {key: held(by, key) for key in keys}
        clues = {key: sorted({one for one, _ in some}) for key, some in plain.items()}
        for most in (1, 5, 100):
            assert asked.counted(keys, most) == {key: min(most, len(some)) for key, some in clues.items()}
            assert asked.clues_of_each(keys, most) == {key: some[:most] for key, some in clues.items() if some}
            firsts = {key: [mention for _, mention in some[:most]] for key, some in plain.items() if some}
            assert asked.first_of_each(keys, most) == firsts


def test_who_reads_nothing_is_told_nothing(world: World) -> None:
    crowd(world)
    for who in ("nurse", "administrator"):
        nothing = Keys(world.actor(who))
        assert nothing.counted([("place", "dongxing")], 5) == {("place", "dongxing"): 0}
        assert nothing.first_of_each([("place", "dongxing")], 5) == nothing.clues_of_each([("place", "dongxing")], 5) == {}
    assert Keys(None).counted([], 5) == {}


def test_as_many_questions_for_any_number_of_keys(world: World) -> None:
    """And on PostgreSQL one text, so that it is planned once."""
    clue(world, thing("phone", PHONE))
    told = []
    for many in (3, 100):
        with CaptureQueriesContext(connection) as asked:
            Keys(world.actor("officer")).counted([("phone", f"{n}") for n in range(many)], 5)
        told.append([one["sql"].count("COUNT(") for one in asked.captured_queries])
    assert told == ([[1, 1], [1, 1]] if connection.vendor == "postgresql" else [[3, 3], [100, 100]])
