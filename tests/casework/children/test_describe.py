"""What is said of a child is added, never overwritten; what cannot be is refused with the field that is wrong."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from factories.world import World
from wayhome.casework.audit.models import AuditEvent
from wayhome.casework.children import actions, queries
from wayhome.casework.children.models import Child, Correction
from wayhome.casework.core.backends.watch import expected_refusal
from wayhome.casework.core.errors import Conflict, Invalid, NotAllowed, NotFound, Refused

DAY = date(2011, 7, 15)


def estimate(world: World, child: Child, least: int = 10, most: int = 40, **changes: object) -> object:
    told: dict[str, object] = {"on": DAY, "method": "sight", "by": world.actor("officer"), "at": world.now()} | changes
    return actions.estimate_age(child=child, least_days=least, most_days=most, **told)  # type: ignore[arg-type]


def test_an_age_is_an_interval_that_moves_on_with_the_days(world: World) -> None:
    child = world.child()
    assert queries.age_on(child, DAY) is None
    estimate(world, child)
    age = queries.age_on(child, DAY + timedelta(days=100))
    assert age is not None
    assert (age.least_days, age.most_days, age.method, age.author) == (110, 140, "sight", "李卫国")
    assert queries.age_on(child, DAY - timedelta(days=41)) is None
    estimate(world, child, 20, 25, method="teeth")
    later = queries.age_on(child, DAY)
    assert later is not None
    assert (later.least_days, later.method) == (20, "teeth")
    assert child.ages.count() == 2


@pytest.mark.parametrize(
    ("least", "most", "changes", "wrong"),
    [
        (-1, 5, {}, {"least_days": "negative"}),
        (6, 5, {}, {"most_days": "before_least"}),
        (1, 6601, {}, {"most_days": "too_old"}),
        (1, 2, {"method": "years"}, {"method": "unknown_choice"}),
        (1, 2, {"on": date(2011, 7, 17)}, {"on": "in_future"}),
    ],
)
def test_an_age_that_cannot_be_is_refused(
    world: World, least: int, most: int, changes: dict[str, object], wrong: dict[str, str]
) -> None:
    child = world.child()
    with pytest.raises(Invalid) as refused:
        estimate(world, child, least, most, **changes)
    assert refused.value.fields == wrong
    assert not child.ages.exists()


def test_marks_and_items(world: World) -> None:
    child = world.child()
    by = world.actor("officer")
    actions.add_mark(child=child, place="thigh_left", kind="cafe_au_lait_spot", size_mm=12, by=by, at=world.now())
    actions.add_item(child=child, what="red blanket", kept_at="store 3", by=by, at=world.now())
    assert [(m.place, m.kind, m.size_mm) for m in queries.marks(child)] == [("thigh_left", "cafe_au_lait_spot", 12)]
    assert [(i.what, i.kept_at) for i in queries.items(child)] == [("red blanket", "store 3")]
    with pytest.raises(Invalid) as refused:
        actions.add_mark(child=child, place="wing", kind="halo", size_mm=0, note="x" * 201, by=by, at=world.now())
    assert refused.value.fields == {
        "place": "unknown_choice",
        "kind": "unknown_choice",
        "size_mm": "implausible",
        "note": "too_long",
    }
    with pytest.raises(Invalid) as refused:
        actions.add_item(child=child, what=" \x00 ", by=by, at=world.now())
    assert refused.value.fields == {"what": "control_character"}


def test_what_is_said_is_superseded_and_stays(world: World) -> None:
    child = world.child()
    by = world.actor("caseworker")
    first = actions.say(child=child, field="name", value="Nguyễn Văn An", said_by="transporter", by=by, at=world.now())
    other = actions.say(child=child, field="name", value="小龙", said_by="neighbour", by=by, at=world.now())
    second = actions.say(
        child=child, field="name", value="Nguyễn Văn Ân", said_by="transporter", by=by, at=world.now(), supersedes=first
    )
    assert list(queries.assertions(child)) == [other, second]
    assert list(queries.assertions(child, superseded=True)) == [first, other, second]
    with pytest.raises(Refused) as refused:
        actions.say(child=child, field="name", value="x", said_by="y", by=by, at=world.now(), supersedes=first)
    assert refused.value.codes == ("already_superseded",)
    with pytest.raises(Invalid) as invalid:
        actions.say(child=world.child(), field="name", value="x", said_by="y", by=by, at=world.now(), supersedes=second)
    assert invalid.value.fields == {"supersedes": "something_else"}
    with pytest.raises(Invalid) as invalid:
        actions.say(child=child, field="origin", value="x", said_by="y", by=by, at=world.now(), supersedes=second)
    assert invalid.value.fields == {"supersedes": "something_else"}


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("birth_date", "5 July", "not_a_date"),
        ("birth_date", "2011-07-20", "in_future"),
        ("birth_date", "1911-07-05", "implausible"),
        ("name", "  ", "required"),
    ],
)
def test_what_cannot_be_said(world: World, field: str, value: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        actions.say(child=world.child(), field=field, value=value, said_by="a", by=world.actor("officer"), at=world.now())
    assert refused.value.fields == {"value": code}


def test_a_birth_date_is_said(world: World) -> None:
    child, by = world.child(), world.actor("officer")
    said = actions.say(child=child, field="birth_date", value="2011-07-05", said_by="paper", by=by, at=world.now())
    assert queries.assertions(child) == [said]
    with pytest.raises(Invalid) as refused:
        actions.say(child=child, field="colour", value="x", said_by="", by=by, at=world.now())
    assert refused.value.fields == {"field": "unknown_choice", "said_by": "required"}


def test_a_correction_keeps_what_was(world: World) -> None:
    child = world.child("小荷", "F")
    by = world.actor("officer")
    changed = actions.correct(child_id=child.pk, version=1, changes={"call_name": " 小莲 ", "sex": "M"}, by=by, at=world.now())
    assert (changed.call_name, changed.sex, changed.version) == ("小莲", "M", 2)
    assert list(queries.corrections(child).values_list("version", "field", "old", "new")) == [
        (2, "call_name", "小荷", "小莲"),
        (2, "sex", "F", "M"),
    ]
    same = actions.correct(child_id=child.pk, version=2, changes={"sex": "M"}, by=by, at=world.now())
    assert same.version == 2


def test_of_two_who_edit_one_wins_and_the_other_sees_what_changed(world: World) -> None:
    child = world.child("小荷", "F")
    actions.correct(child_id=child.pk, version=1, changes={"call_name": "小莲"}, by=world.actor("officer"), at=world.now())
    actions.correct(
        child_id=child.pk, version=2, changes={"call_name": "小梅", "sex": "U"}, by=world.actor("officer2"), at=world.now()
    )
    with pytest.raises(Conflict) as conflict:
        actions.correct(child_id=child.pk, version=1, changes={"sex": "M"}, by=world.actor("officer2"), at=world.now())
    assert conflict.value.changes == {"call_name": ("小荷", "小梅"), "sex": ("F", "U")}
    assert conflict.value.data["version"] == 3
    child.refresh_from_db()
    assert (child.call_name, child.sex, child.version) == ("小梅", "U", 3)


def test_who_is_overtaken_between_reading_and_writing_writes_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    child = world.child("小荷", "F")
    by = world.actor("officer")
    read = queries.child(child.pk)
    actions.correct(child_id=child.pk, version=1, changes={"call_name": "小莲"}, by=by, at=world.now())
    events = AuditEvent.objects.count()
    # What the slower one read still says version 1.
    answers = iter([read])
    monkeypatch.setattr(queries, "child", lambda pk: next(answers, None) or Child.objects.get(pk=pk))
    with pytest.raises(Conflict) as conflict:
        actions.correct(child_id=child.pk, version=1, changes={"call_name": "小红"}, by=by, at=world.now())
    assert conflict.value.changes == {"call_name": ("小荷", "小莲")}
    assert Correction.objects.count() == 1
    assert AuditEvent.objects.count() == events


@pytest.mark.parametrize(
    ("version", "changes", "wrong"),
    [
        (1, {"event": "2"}, {"event": "unknown_field"}),
        (1, {"sex": "X"}, {"sex": "unknown_choice"}),
        (1, {"call_name": "x" * 41}, {"call_name": "too_long"}),
        (1, {}, {"changes": "required"}),
        (2, {"sex": "M"}, {"version": "unknown_version"}),
        (0, {"sex": "M"}, {"version": "unknown_version"}),
    ],
)
def test_what_cannot_be_corrected(world: World, version: int, changes: dict[str, str], wrong: dict[str, str]) -> None:
    child = world.child()
    with pytest.raises(Invalid) as refused:
        actions.correct(child_id=child.pk, version=version, changes=changes, by=world.actor("officer"), at=world.now())
    assert refused.value.fields == wrong


def test_a_child_that_is_not_there(world: World) -> None:
    with pytest.raises(NotFound):
        actions.correct(child_id=5, version=1, changes={"sex": "M"}, by=world.actor("officer"), at=world.now())


@pytest.mark.parametrize("column", ["call_name = 'x'", "sex = 'M'", "siblings_id = NULL"])
def test_the_database_wants_a_correction_on_record(world: World, column: str) -> None:
    one, two = world.child(), world.child()
    actions.group_siblings(children=[one, two], ground="alleged", by=world.actor("officer"), at=world.now())
    with (
        pytest.raises(DatabaseError, match="correction_missing"),
        expected_refusal(connection),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE children_child SET {column}, version = version + 1 WHERE id = {one.pk}")


def test_siblings_bring_those_who_were_grouped_before(world: World) -> None:
    by = world.actor("officer")
    one, two, three = world.child(), world.child(), world.child()
    actions.group_siblings(children=[one, two], ground="alleged", by=by, at=world.now())
    group = actions.group_siblings(children=[two, three], ground="dna", by=by, at=world.now())
    assert set(group.children.all()) == {one, two, three}
    assert queries.corrections(one).filter(field="siblings").count() == 2
    for children, ground, wrong in (
        ([one], "alleged", {"children": "two_needed"}),
        ([one, one], "alleged", {"children": "two_needed"}),
        ([one, two], "looks", {"ground": "unknown_choice"}),
    ):
        with pytest.raises(Invalid) as refused:
            actions.group_siblings(children=children, ground=ground, by=by, at=world.now())
        assert refused.value.fields == wrong


def test_each_action_needs_its_permission_and_leaves_an_event(world: World) -> None:
    child, other = world.child(), world.child()
    at = datetime(2011, 7, 16, tzinfo=UTC)

    def acts(name: str) -> list[object]:
        by = world.actor(name)
        return [
            lambda: actions.estimate_age(child=child, on=DAY, least_days=1, most_days=2, method="sight", by=by, at=at),
            lambda: actions.add_mark(child=child, place="chin", kind="scar", by=by, at=at),
            lambda: actions.add_item(child=child, what="cap", by=by, at=at),
            lambda: actions.say(child=child, field="note", value="x", said_by="y", by=by, at=at),
            lambda: actions.correct(child_id=child.pk, version=1, changes={"sex": "U"}, by=by, at=at),
            lambda: actions.group_siblings(children=[child, other], ground="alleged", by=by, at=at),
        ]

    for act in acts("administrator"):
        with pytest.raises(NotAllowed):
            act()  # type: ignore[operator]
    before = AuditEvent.objects.filter(child_id=child.pk).count()
    for act in acts("officer"):
        act()  # type: ignore[operator]
    verbs = AuditEvent.objects.filter(child_id=child.pk).order_by("n").values_list("action", flat=True)[before:]
    assert list(verbs) == [
        f"children.{verb}" for verb in ("estimate_age", "add_mark", "add_item", "say", "correct", "group_siblings")
    ]
