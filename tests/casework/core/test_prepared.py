"""A question prepared gives what the query set gives, whatever it is filled with."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet
from django.test.utils import CaptureQueriesContext

from factories.world import World
from wayhome.casework.accounts.models import Facility
from wayhome.casework.children.models import Child
from wayhome.casework.core import prepared as module
from wayhome.casework.core.prepared import Prepared, prepared
from wayhome.casework.custody import queries as custody
from wayhome.casework.custody.models import CustodyEpisode
from wayhome.casework.custody.rules import Kind


def among(children: list[int]) -> QuerySet[Child]:
    return Child.objects.filter(pk__in=children).order_by("pk")


def begun(child: int, at: datetime, after: bool) -> QuerySet[CustodyEpisode]:
    """The same moment twice, text in the question, ties and an annotation."""
    when = {"started_at__gt" if after else "started_at__lte": at}
    twice = CustodyEpisode.objects.filter(child_id=OuterRef("child_id"), started_at__gt=at)
    episodes = CustodyEpisode.objects.filter(child=child, **when).annotate(more=Exists(twice))
    return episodes.select_related("facility__agency").prefetch_related("facility__keys").order_by("n")


def told(rows: Any) -> list[tuple[Any, ...]]:
    return [(one.pk, one.n, one.facility.agency.name, len(one.facility.keys.all()), one.more) for one in rows]


def test_it_is_filled_with_other_values(world: World) -> None:
    children = [world.in_hospital(), world.child("小竹"), world.in_hospital()]
    ready = prepared(begun)
    moments = {one.started_at for one in CustodyEpisode.objects.all()}
    asked = [
        (c, at + by, after) for c in children for at in moments for by in (timedelta(), -timedelta(1)) for after in (True, False)
    ]
    found = [told(ready(*one)) for one in asked]
    assert found == [told(begun(*one)) for one in asked]
    assert any(found)
    assert {len(one) for one in found} == {0, 1, 2}
    assert len(ready._made) == 2, "of the two ways to ask, each is made once"


def test_a_row_stands_for_its_number(world: World) -> None:
    child = world.child()
    assert custody.timeline(child) == custody.timeline(child.pk)
    assert custody.timeline.first(child) == custody.head(child.pk)
    assert custody.timeline.first(child.pk + 1) is None


def test_it_asks_once_and_as_often_as_the_query_set(world: World) -> None:
    child, at = world.in_hospital(), world.now()
    ready = prepared(begun)
    ready(child, at, False)
    with CaptureQueriesContext(connection) as prepared_ones:
        ready(child, at, False)
    with CaptureQueriesContext(connection) as others:
        list(begun(child.pk, at, False))
    assert [one["sql"] for one in prepared_ones] == [one["sql"] for one in others]
    assert len(prepared_ones) == 2, "the episodes, and the keys of their places"


@pytest.mark.parametrize("number", [0, 1, 2, 3, 4, 5, 8, 9])
def test_collections(world: World, number: int) -> None:
    children = sorted(world.child(f"小{i}").pk for i in range(9))
    ready = prepared(among)
    for kind in (list, set, dict.fromkeys):
        assert [one.pk for one in ready(kind(children[:number]))] == children[:number]
    outer = Child.objects.filter(pk__in=prepared(lambda some: among(some).values_list("pk", flat=True)).inside(children[:number]))
    assert set(outer.values_list("pk", flat=True)) == set(children[:number])


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no arrays and keeps no plans")
def test_postgresql_plans_once_for_however_many_and_however_large(world: World) -> None:
    ready = prepared(lambda child, some: Child.objects.filter(pk__in=some, event__isnull=False).exclude(pk=child))
    children = sorted(world.child(f"小{i}").pk for i in range(5))
    for some in (children, children[:1], [1, *children, 1 << 20, 1 << 40], children * 9):
        for but in (1, 1 << 20, children[0]):
            assert {one.pk for one in ready(but, some)} == {*some} & {*children} - {but}
    assert ready(1, []) == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE %s", ["%event_id% IS NOT NULL%ANY(%"])
        assert cursor.fetchone() == (1,)


def test_a_long_collection_is_asked_all_the_same(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST_VALUES", 2)
    children = sorted(world.child(f"小{i}").pk for i in range(3))
    ready = prepared(among)
    assert [one.pk for one in ready(children)] == children
    assert not ready._made


def test_only_so_many_are_kept(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST_KEPT", 2)
    ready: Prepared[Facility] = Prepared(lambda code: Facility.objects.filter(code=code))
    codes = list(Facility.objects.order_by("code").values_list("code", flat=True)[:3])
    for code in [*codes, codes[1], codes[0]]:
        assert [one.code for one in ready(code)] == [code]
    assert [key[1] for key in ready._made] == [codes[1], codes[0]]


def test_what_is_worked_out_of_a_value_is_refused(world: World) -> None:
    wrong: Prepared[CustodyEpisode] = Prepared(lambda at: CustodyEpisode.objects.filter(started_at__gt=at - timedelta(hours=1)))
    with pytest.raises(ValueError, match="not asked for as it is"):
        wrong(world.now())
    with pytest.raises(ValueError, match="not asked for as it is"):
        Prepared(lambda child, other: Child.objects.filter(pk=child))(1, 2)


def test_what_asks_while_it_is_made_is_refused(world: World) -> None:
    child = world.child()
    wrong: Prepared[Child] = Prepared(
        lambda one: Child.objects.filter(pk=one, call_name__in=list(Child.objects.values_list("call_name")))
    )
    with pytest.raises(RuntimeError, match="asks the database while it is made"):
        wrong(child)


@pytest.mark.django_db
def test_another_thread_asks_over_its_own_connection() -> None:
    ready = prepared(lambda kind: CustodyEpisode.objects.filter(kind=kind))
    assert ready(Kind.POLICE) == []
    seen: list[Any] = []

    def ask() -> None:
        with CaptureQueriesContext(connection) as queries:
            seen.append((ready(Kind.POLICE), len(queries)))
        connection.close()

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    assert seen == [([], 1)]
