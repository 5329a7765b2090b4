"""Announcements: two people behind each, versions that say why they differ, and what the database keeps of that."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from factories.announcements import NUMBER, approve, propose
from factories.counted import another, detain, merge, one_of
from factories.world import RAID, World
from wayhome.casework.children import actions as children
from wayhome.casework.core.errors import Invalid, NotAllowed, NotFound, Refused
from wayhome.casework.overview.actions.announcing import approve_announcement
from wayhome.casework.overview.models import Announcement, AnnouncementApproval, Snapshot, SnapshotOperation
from wayhome.casework.overview.queries.announced import Stated, announcements_of, released, told
from wayhome.casework.overview.wording import WHY

pytestmark = pytest.mark.django_db


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
    other = another(world)
    with pytest.raises(Refused) as refused:
        propose(world, operations=[other])
    assert refused.value.codes == ("case_left_out",)
    with pytest.raises(Refused) as refused:
        propose(world, cutoff=RAID)
    assert refused.value.codes == ("cutoff_before_last",)
    both = propose(world, operations=[one_of(world), other])
    approve(world, both)


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
    other = another(world)
    with pytest.raises(DatabaseError, match="announced_already"), transaction.atomic():
        SnapshotOperation.objects.create(snapshot=one.snapshot, operation=other)
    Announcement.objects.create(number=NUMBER, n=2, snapshot=copy, rescued=one.rescued, **more)
