"""What announcements tell of each province: officers, children and arrests, as far as the rules let them."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from factories.announcements import NUMBER, approve, propose
from factories.counted import another, detain, one_of, report, rescue
from factories.world import RAID, World
from wayhome.casework.audit.rules import canonical
from wayhome.casework.core.errors import Refused
from wayhome.casework.overview.models import Announcement, Snapshot, SnapshotOperation
from wayhome.casework.overview.queries.announced import Stated, feed_of, figures_of, told

pytestmark = pytest.mark.django_db


def test_officers_are_counted_where_a_province_reported_and_stated_where_none_did(world: World) -> None:
    joint = another(world, "CN")
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
