"""Announcements: figures that an independent count reproduces, versions that say why they differ, two people behind each."""

from __future__ import annotations

import json
import random
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from factories import announcements as factories
from factories.announcements import NUMBER
from factories.world import RAID, World
from wayhome.casework.audit.rules import canonical
from wayhome.casework.children import actions as children
from wayhome.casework.children.models import Child
from wayhome.casework.core.errors import Invalid, NotAllowed, NotFound, Refused
from wayhome.casework.operations import actions as operations
from wayhome.casework.operations.models import Operation, Person
from wayhome.casework.operations.queries import board
from wayhome.casework.overview.actions.announcing import approve_announcement
from wayhome.casework.overview.models import Announcement, AnnouncementApproval, Snapshot, SnapshotOperation
from wayhome.casework.overview.queries.announced import Stated, announcements_of, feed_of, figures_of, released, told
from wayhome.casework.overview.wording import WHY

pytestmark = pytest.mark.django_db


def one_of(world: World) -> Operation:
    assert world.operation is not None
    return world.operation


def rescue(world: World, where: str = "GX", **more: Any) -> None:
    """The next children are found there."""
    world.event = operations.record_rescue(
        operation=more.pop("operation", None) or one_of(world),
        jurisdiction=world.jurisdictions[where],
        place=f"{where} 河堤路{random.randrange(10**6)}号",
        found_at=RAID,
        by=world.actor("officer"),
        at=world.now(),
        **more,
    )


def detain(world: World, n: int, operation: Operation | None = None, kind: str = "suspect", where: str = "") -> Person:
    who = world.person(f"s{n}", ("name", f"甲{n}"), ("id", f"45000019800101{n:04}"))
    operations.record_role(
        person=who,
        operation=operation or one_of(world),
        kind=kind,
        detained_at=RAID,
        by=world.actor("officer"),
        at=world.now(),
    )
    if where:
        place(world, who, where, operation)
    return who


def place(world: World, who: Person, where: str, operation: Operation | None = None) -> None:
    """Somebody says where they were detained."""
    operations.place_detention(
        operation=operation or one_of(world),
        person=who,
        jurisdiction=world.jurisdictions[where],
        by=world.actor("officer"),
        at=world.now(),
    )


def report(world: World, officers: int, who: str = "officer", **more: Any) -> None:
    """A province tells how many officers it has out."""
    told: dict[str, Any] = {"operation": one_of(world), "counted_at": RAID} | more
    operations.report_officers(officers=officers, by=world.actor(who), at=world.now(), **told)


def propose(world: World, who: str = "supervisor", **more: Any) -> Announcement:
    return factories.propose(world, who=who, **more)


def approve(world: World, one: Announcement, who: str = "supervisor2", **more: Any) -> AnnouncementApproval:
    approved: AnnouncementApproval = factories.approve(world, one, who=who, **more)
    return approved


def merge(world: World, kept: Child, absorbed: Child) -> None:
    step = children.propose_merge(kept=kept, absorbed=absorbed, reason="x", by=world.actor("officer"), at=world.now())
    children.confirm_merge(step=step, by=world.actor("officer2"), at=world.now())


# Counted. ----------------------------------------------------------------------------------------------------------------------

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
    other = operations.record_operation(
        code="x", title="x", zero_hour=RAID, jurisdiction=world.jurisdictions["GX"], by=world.actor("officer"), at=world.now()
    )
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
    other = operations.record_operation(
        code="x", title="x", zero_hour=RAID, jurisdiction=world.jurisdictions["GX"], by=world.actor("officer"), at=world.now()
    )
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


# Announced. --------------------------------------------------------------------------------------------------------------------


def test_two_supervisors_make_an_announcement(world: World) -> None:
    world.child()
    one = propose(world, stated={one_of(world).pk: Stated(300, "报告")})
    assert list(released()) == []
    assert [row.pk for row in announcements_of(world.actor("supervisor2"))] == [one.pk]
    assert list(announcements_of(world.actor("officer"))) == []
    approve(world, one)
    assert list(released()) == [one]
    with pytest.raises(Refused) as refused:
        approve(world, one)
    assert refused.value.codes == ("already_there",)
    said = told(one)
    assert (said.rescued, said.arrested, said.cases[0].officers) == (1, 0, 300)
    for language in ("en", "zh-hans", "vi"):
        text = " ".join((said.texts[language]["title"], *said.texts[language]["paragraphs"]))
        assert "300" in text
        assert one_of(world).code in text
        assert "报告" not in text, "where a figure is from is the house's"


def test_nobody_approves_alone_or_without_step_up_or_something_else(world: World) -> None:
    one = propose(world)
    for who, error in (("supervisor", Refused), ("officer", NotAllowed), ("administrator", NotAllowed)):
        with pytest.raises(error):
            approve(world, one, who)
    with pytest.raises(NotAllowed):
        approve_announcement(announcement=one, digest=one.digest, by=world.actor("supervisor2", stepped_up=False), at=world.now())
    with pytest.raises(Refused) as refused:
        approve(world, one, digest="0" * 64)
    assert refused.value.codes == ("changed_request",)
    with pytest.raises(NotFound):
        approve(world, replace_number(one, "other"))
    assert not AnnouncementApproval.objects.exists()
    approve(world, one)


def replace_number(one: Announcement, number: str) -> Announcement:
    return Announcement(pk=one.pk, number=number, n=one.n, digest=one.digest)


def test_who_may_propose_and_what(world: World) -> None:
    for who in ("officer", "placement", "administrator", "auditor"):
        with pytest.raises(NotAllowed):
            propose(world, who)
    pk = one_of(world).pk
    for wrong, field in (
        ({"number": "a b"}, "number"),
        ({"number": ""}, "number"),
        ({"operations": []}, "operations"),
        ({"cutoff": world.clock + timedelta(days=1)}, "cutoff"),
        ({"stated": {pk: Stated(-1, "x")}}, "officers"),
        ({"stated": {pk: Stated(300, "")}}, "source"),
    ):
        with pytest.raises(Invalid) as invalid:
            propose(world, **wrong)
        assert set(invalid.value.fields) == {field}
    assert not Snapshot.objects.exists()


def versions(world: World) -> tuple[Announcement, Announcement]:
    """Eight and then ten, as in July and later: late children, one registered twice, late arrests."""
    for _ in range(8):
        world.child()
    for n in range(4):
        detain(world, n)
    first = propose(world)
    approve(world, first)
    late = [world.child() for _ in range(3)]
    merge(world, late[0], late[2])
    detain(world, 9)
    return first, propose(world)


def test_a_later_version_says_why_it_tells_more(world: World) -> None:
    first, second = versions(world)
    assert (first.n, second.n) == (1, 2)
    assert (first.rescued, second.rescued) == (8, 10)
    changes = told(second).changes
    code = one_of(world).code
    assert changes == [
        {"case": code, "what": "arrest_late", "n": 1},
        {"case": code, "what": "late", "n": 2},
    ]
    text = " ".join(told(second).texts["en"]["paragraphs"])
    assert "which told of 8 children and 4 suspects" in text
    assert f"+2 children recorded later (case {code})" in text
    approve(world, second)
    assert [row.n for row in released()] == [2, 1], "the first stays to be read"


def test_a_record_found_to_be_anothers_is_told_as_that(world: World) -> None:
    one, two = world.child(), world.child()
    approve(world, propose(world))
    merge(world, one, two)
    second = propose(world)
    assert told(second).changes == [{"case": one_of(world).code, "what": "merged", "n": -1}]
    approve(world, second)
    step = children.propose_split(absorbed=two, reason="x", by=world.actor("officer"), at=world.now())
    children.confirm_merge(step=step, by=world.actor("officer2"), at=world.now())
    third = propose(world)
    assert told(third).changes == [{"case": one_of(world).code, "what": "parted", "n": 1}]
    assert {"late", "merged", "parted", "arrest_late"} <= set(WHY)


def test_the_same_again_from_the_same_records(world: World) -> None:
    """Two of one number, one after the other and both undone, say the same in the same bytes."""
    _, second = versions(world)
    cutoff = second.snapshot.cutoff
    approve(world, second)
    made = []
    for _ in range(2):
        with transaction.atomic():
            again = propose(world, cutoff=cutoff)
            made.append((again.snapshot.digest, again.texts, again.digest, again.changes))
            transaction.set_rollback(True)
    assert made[0] == made[1]
    assert made[0][0] == second.snapshot.digest
    assert json.loads(made[0][3]) == {"changes": []}


def test_a_version_that_a_later_one_follows_is_approved_no_more(world: World) -> None:
    first = propose(world)
    second = propose(world)
    with pytest.raises(Refused) as refused:
        approve(world, first)
    assert refused.value.codes == ("later_version",)
    approve(world, second)


def test_a_case_stays_in_its_announcement_and_out_of_others(world: World) -> None:
    approve(world, propose(world))
    with pytest.raises(Refused) as refused:
        propose(world, number="other")
    assert refused.value.codes == ("announced_elsewhere",)
    other = operations.record_operation(
        code="x", title="x", zero_hour=RAID, jurisdiction=world.jurisdictions["GX"], by=world.actor("officer"), at=world.now()
    )
    with pytest.raises(Refused) as refused:
        propose(world, operations=[other])
    assert refused.value.codes == ("case_left_out",)
    with pytest.raises(Refused) as refused:
        propose(world, cutoff=RAID)
    assert refused.value.codes == ("cutoff_before_last",)
    both = propose(world, operations=[one_of(world), other])
    approve(world, both)


def test_officers_are_counted_where_a_province_reported_and_stated_where_none_did(world: World) -> None:
    joint = operations.record_operation(
        code="x", title="x", zero_hour=RAID, jurisdiction=world.jurisdictions["CN"], by=world.actor("officer"), at=world.now()
    )
    told_of = {"operations": [joint], "stated": {joint.pk: Stated(310, "报告")}}
    before = world.now()
    report(world, 200, operation=joint)
    report(world, 100, "officer_gd", operation=joint, counted_at=RAID + timedelta(minutes=1))
    report(world, 90, "officer_gd", operation=joint)
    with pytest.raises(Refused) as refused:
        propose(world, **told_of)
    assert refused.value.codes == ("officers_reported",)
    assert told(propose(world, operations=[joint])).cases[0].officers == 300
    early = propose(world, number="early", cutoff=before, **told_of)
    assert told(early).cases[0].officers == 310, "at that moment nobody had reported"


def test_where_people_were_arrested_is_told_as_the_rules_let_it(world: World) -> None:
    for n in range(9):
        detain(world, n)
    for n in range(9, 15):
        detain(world, n, where="GD")
    first = propose(world)
    assert told(first).arrests == {"shown": {"GX": 9, "GD": 6}, "hidden": [], "rest": 0, "of": 1}
    assert told(first).table == {"shown": {}, "hidden": [], "rest": 0, "of": 1}
    approve(world, first)
    detain(world, 15)
    second = propose(world)
    assert told(second).arrested == 16
    assert told(second).arrests == told(first).arrests, "one arrest more would be seen"
    for language, said in (("en", "table of arrests is that of an earlier"), ("zh-hans", "抓获"), ("vi", "bắt giữ")):
        assert said in " ".join(told(second).texts[language]["paragraphs"])
    approve(world, second)
    later = feed_of(second)
    assert (later["provinces_arrested"]["version"], later["provinces_arrested"]["shown"]) == (1, {"GX": 9, "GD": 6})


def test_few_arrests_are_told_together_with_others(world: World) -> None:
    for n in range(7):
        detain(world, n)
    detain(world, 7, where="GD")
    one = propose(world)
    assert told(one).arrests == {"shown": {}, "hidden": ["GD", "GX"], "rest": 8, "of": 1}
    assert "fewer than 5 arrests" in " ".join(told(one).texts["en"]["paragraphs"])
    assert "fewer than 5 children" not in " ".join(told(one).texts["en"]["paragraphs"])


def test_what_was_counted_by_the_first_definitions_is_still_read(world: World) -> None:
    """And a later version begins to tell of arrests by province."""
    for n in range(9):
        detain(world, n)
    for n in range(9, 15):
        detain(world, n, where="GD")
    figures = json.loads(figures_of([one_of(world)], cutoff=world.now(), stated={}).to_json())
    del figures["arrests_by_province"]
    written = canonical(figures | {"definitions": 1})
    who = {"by_id": world.staff["supervisor"].pk, "at": world.now()}
    snapshot = Snapshot.objects.create(
        cutoff=world.now(), definitions=1, rescued=0, arrested=15, figures=written, digest="0" * 64, **who | {"at": world.now()}
    )
    SnapshotOperation.objects.create(snapshot=snapshot, operation=one_of(world))
    table = canonical({"shown": {}, "hidden": [], "rest": 0, "of": 1})
    old = Announcement.objects.create(
        number=NUMBER, n=1, snapshot=snapshot, rescued=0, arrested=15, provinces=table, changes=canonical({"changes": []}),
        texts=canonical({}), digest="0" * 64, **who,
    )  # fmt: skip
    approve(world, old)
    assert told(old).arrests["shown"] == {}
    second = propose(world)
    assert (told(second).arrests["shown"], told(second).arrests["of"]) == ({"GX": 9, "GD": 6}, 2)
    approve(world, second)


def test_the_database_keeps_it(world: World) -> None:
    world.child()
    one = propose(world)
    row = {"by_id": world.staff["supervisor"].pk, "at": world.now()}

    def refused(code: str, sql: str, *values: Any) -> None:
        with pytest.raises(DatabaseError, match=code), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, values)

    refused("append_only", "UPDATE overview_announcement SET rescued = 2")
    refused("append_only", "DELETE FROM overview_snapshot")
    refused("append_only", "UPDATE overview_snapshot SET figures = '{}'")
    insert = "INSERT INTO overview_announcementapproval (announcement_id, digest, by_id, at) VALUES (%s, %s, %s, %s)"
    refused("self_approval", insert, one.pk, one.digest, row["by_id"], row["at"])
    refused("not_an_announcer", insert, one.pk, one.digest, world.staff["officer"].pk, row["at"])
    copy = Snapshot(
        **{k: getattr(one.snapshot, k) for k in ("cutoff", "definitions", "rescued", "arrested", "figures", "digest")}, **row
    )
    copy.save()
    more = {k: getattr(one, k) for k in ("provinces", "changes", "texts", "digest", "arrested")} | row
    with pytest.raises(DatabaseError, match="not_as_counted"), transaction.atomic():
        Announcement.objects.create(number=NUMBER, n=2, snapshot=copy, rescued=one.rescued + 1, **more)
    other = operations.record_operation(
        code="x", title="x", zero_hour=RAID, jurisdiction=world.jurisdictions["GX"], by=world.actor("officer"), at=world.now()
    )
    with pytest.raises(DatabaseError, match="announced_already"), transaction.atomic():
        SnapshotOperation.objects.create(snapshot=one.snapshot, operation=other)
    Announcement.objects.create(number=NUMBER, n=2, snapshot=copy, rescued=one.rescued, **more)


def test_provinces_are_told_as_the_rules_let_them(world: World) -> None:
    for _ in range(9):
        world.child()
    rescue(world, "GD")
    for _ in range(3):
        world.child()
    first = propose(world)
    assert told(first).table == {"shown": {}, "hidden": ["GD", "GX"], "rest": 12, "of": 1}
    approve(world, first)
    world.child()
    second = propose(world)
    assert told(second).table == told(first).table, "one child more in one of the two: the table stands on"
    assert "earlier version" in " ".join(told(second).texts["en"]["paragraphs"])
    approve(world, second)
    for _ in range(4):
        world.child()
    third = propose(world)
    assert json.loads(third.snapshot.figures)["by_province"] == {"GX": 9, "GD": 8}
    assert told(third).table["of"] == 1, "it would tell what of it had come by the second version"
