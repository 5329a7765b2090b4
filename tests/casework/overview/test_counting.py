"""Figures of announcements: an independent count reproduces them, whatever comes late, twice or corrected."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from factories.counted import another, detain, merge, one_of, place, report, rescue
from factories.world import RAID, World
from wayhome.casework.children.models import Child
from wayhome.casework.operations import actions as operations
from wayhome.casework.operations.models import Person
from wayhome.casework.operations.queries import board
from wayhome.casework.overview.queries.announced import figures_of

pytestmark = pytest.mark.django_db


# In words of its own: nothing of the house's queries, functions or constants.
BY_PROVINCE = """
    WITH RECURSIVE last (first, now) AS (
        SELECT e.id, e.id FROM operations_rescueevent e
        UNION ALL
        SELECT l.first, (SELECT MAX(f.id) FROM operations_rescueevent f WHERE f.corrects_id = l.now)
        FROM last l WHERE (SELECT MAX(f.id) FROM operations_rescueevent f WHERE f.corrects_id = l.now) IS NOT NULL
    )
    SELECT j.path, COUNT(*) FROM children_child k
    JOIN (SELECT first, MAX(now) AS now FROM last GROUP BY first) w ON w.first = k.event_id
    JOIN operations_rescueevent e ON e.id = w.now
    JOIN accounts_jurisdiction j ON j.id = e.jurisdiction_id
    WHERE NOT EXISTS (
        SELECT 1 FROM children_mergestep m WHERE m.absorbed_id = k.id AND m.kind = 'merge' AND m.id = (
            SELECT MAX(s.id) FROM children_mergestep s JOIN children_mergeconfirmation c ON c.step_id = s.id
            WHERE s.absorbed_id = k.id))
    GROUP BY j.path"""
ARRESTED = """
    SELECT COUNT(DISTINCT r.person_id) FROM operations_personrole r WHERE r.detained_at IS NOT NULL
    AND r.kind IN ('suspect', 'organiser', 'transporter', 'intermediary', 'seller', 'medical')"""


# Of each person the first role with a detention, and of that case the place told last, else where who recorded it serves.
ARRESTED_BY_PROVINCE = """
    WITH ring AS (
        SELECT r.id, r.person_id, r.operation_id, r.by_id, r.at FROM operations_personrole r WHERE r.detained_at IS NOT NULL
        AND r.kind IN ('suspect', 'organiser', 'transporter', 'intermediary', 'seller', 'medical')
    ), arrest AS (
        SELECT r.* FROM ring r WHERE NOT EXISTS (
            SELECT 1 FROM ring q WHERE q.person_id = r.person_id AND (q.at < r.at OR (q.at = r.at AND q.id < r.id)))
    ), placed AS (
        SELECT d.person_id, d.operation_id, MAX(d.id) AS last FROM operations_detention d GROUP BY d.person_id, d.operation_id
    )
    SELECT COALESCE(told.path, own.path) AS path, COUNT(*) FROM arrest r
    JOIN accounts_staff s ON s.id = r.by_id JOIN accounts_agency g ON g.id = s.agency_id
    JOIN accounts_jurisdiction own ON own.id = g.jurisdiction_id
    LEFT JOIN placed w ON w.person_id = r.person_id AND w.operation_id = r.operation_id
    LEFT JOIN operations_detention d ON d.id = w.last
    LEFT JOIN accounts_jurisdiction told ON told.id = d.jurisdiction_id
    GROUP BY COALESCE(told.path, own.path)"""


def independent() -> tuple[dict[str, int], int, dict[str, int]]:
    with connection.cursor() as cursor:
        children = by_province(cursor, BY_PROVINCE)
        cursor.execute(ARRESTED)
        (arrested,) = cursor.fetchone()
        return children, arrested, by_province(cursor, ARRESTED_BY_PROVINCE)


def by_province(cursor: Any, sql: str) -> dict[str, int]:
    cursor.execute(sql)
    told: dict[str, int] = {}
    for path, n in cursor.fetchall():
        code = path.strip("/").split("/")[1]
        told[code] = told.get(code, 0) + n
    return told


@pytest.mark.parametrize("seed", range(6))
def test_provinces_sum_to_the_nation_whatever_comes_late_twice_or_corrected(world: World, seed: int) -> None:
    chance = random.Random(seed)
    random.seed(seed)
    other = another(world)
    found: list[Child] = []
    merged: set[int] = set()
    held: list[Person] = []
    true_children = 0
    for n in range(18):
        what = chance.choice(
            ("rescue", "child", "child", "child", "twice", "corrected", "detain", "detain", "placed", "elsewhere")
        )
        if what == "rescue":
            rescue(world, chance.choice(("GX", "GD")), clue_of=world.jurisdictions[chance.choice(("GX", "GD"))])
        elif what == "child":
            found.append(world.child())
            true_children += 1
        elif what == "twice" and found:
            again = world.child()
            merge(world, chance.choice([one for one in found if one.pk not in merged]), again)
            merged.add(again.pk)
        elif what == "corrected":
            rescue(world, chance.choice(("GX", "GD")), corrects=world.event)
        elif what == "detain":
            held.append(detain(world, n, kind=chance.choice(("suspect", "seller", "organiser"))))
        elif what == "placed" and held:
            place(world, chance.choice(held), chance.choice(("GX", "GD")))
        elif what == "elsewhere" and held:
            again = chance.choice(held)
            if not again.roles.filter(operation=other).exists():
                told = {"person": again, "operation": other, "kind": "suspect", "detained_at": RAID}
                operations.record_role(by=world.actor("officer"), at=world.now(), **told)
                place(world, again, "GD", other)
        figures = figures_of([one_of(world), other], cutoff=world.now(), stated={})
        children_by_province, arrested, arrested_by_province = independent()
        assert dict(figures.by_province) == children_by_province
        assert sum(children_by_province.values()) == figures.rescued == true_children
        assert dict(figures.arrests_by_province or {}) == arrested_by_province
        assert sum(arrested_by_province.values()) == figures.arrested == arrested == len(held)
        shown = board(world.actor("officer"), one_of(world).pk)
        assert {at.code: row.arrests for at, row in shown.provinces if row.arrests} == arrested_by_province


def test_a_person_in_two_cases_is_arrested_once(world: World) -> None:
    other = another(world)
    who = world.person("s", ("name", "甲"), ("id", "450000198001010001"))
    for operation in (one_of(world), other):
        for kind in ("suspect", "organiser", "buyer"):
            told = {"person": who, "operation": operation, "kind": kind, "detained_at": RAID}
            operations.record_role(by=world.actor("officer"), at=world.now(), **told)
    figures = figures_of([other, one_of(world)], cutoff=world.now(), stated={})
    assert figures.arrested == 1
    assert sorted(case.arrested for case in figures.cases) == [0, 1]


def test_figures_of_a_cutoff_are_the_same_whenever_asked(world: World) -> None:
    world.child()
    rescue(world, "GD", clue_of=world.jurisdictions["GX"])
    one = world.child()
    who = detain(world, 1, where="GD")
    report(world, 300)
    cutoff = world.now()
    before = figures_of([one_of(world)], cutoff=cutoff, stated={})
    assert (before.rescued, before.arrested, before.elsewhere) == (2, 1, 1)
    assert (before.arrests_by_province, before.cases[0].officers) == ({"GD": 1}, 300)
    place(world, who, "GX")
    report(world, 250, counted_at=RAID + timedelta(minutes=5))
    rescue(world, "GX", corrects=world.event)
    two = world.child()
    merge(world, one, two)
    detain(world, 2)
    assert figures_of([one_of(world)], cutoff=cutoff, stated={}).to_json() == before.to_json()
    after = figures_of([one_of(world)], cutoff=world.now(), stated={})
    assert (after.rescued, after.arrested, after.by_province) == (2, 2, {"GX": 2})
    assert (after.arrests_by_province, after.cases[0].officers) == ({"GX": 2}, 250)
