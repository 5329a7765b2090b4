"""The monthly sheet: counted again from the raw chains, and read back from the real file."""

from __future__ import annotations

import io
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from factories.stays import lives, move, recount
from factories.world import World
from wayhome.casework.audit.models import AuditEvent
from wayhome.casework.children import actions as children
from wayhome.casework.core.errors import Invalid, NotAllowed
from wayhome.casework.placements import actions, costs
from wayhome.casework.placements.costs import Sheet
from wayhome.casework.placements.models import FundingLine
from wayhome.casework.placements.sheet import text_cell, workbook

JULY, AUGUST = date(2011, 7, 1), date(2011, 8, 1)


def fund(world: World, home: str, rate: int, first: date, last: date | None = None, **more: Any) -> FundingLine:
    return actions.fund(
        facility=world.facilities[home],
        payer=world.agencies[more.pop("payer", "civil")],
        daily_rate=rate,
        first_day=first,
        last_day=last,
        by=world.actor("supervisor"),
        at=world.now(),
        **more,
    )


def sheet(world: World, month: date, who: str = "supervisor", at: datetime | None = None) -> Sheet:
    return costs.reimbursement(month, by=world.actor(who), at=at or world.now())


def counted(found: Sheet) -> Counter[tuple[str, str, int | None]]:
    told: Counter[tuple[str, str, int | None]] = Counter()
    for stay in found.stays:
        told[stay.number, stay.home.code, stay.line.pk if stay.line else None] += len(stay.days)
    return told


def read(data: bytes) -> tuple[list[list[Any]], list[list[Any]]]:
    """Both pages, as a program that knows nothing of ours reads them."""
    book = load_workbook(io.BytesIO(data))
    front, back = ([[cell.value for cell in row] for row in page.iter_rows()] for page in book.worksheets)
    for page in book.worksheets:
        assert {cell.data_type for row in page.iter_rows() for cell in row} <= {"s", "n"}, "no formula, no date, no error"
    return front, back


@pytest.mark.parametrize("seed", range(2))
def test_every_midnight_is_counted_once(world: World, seed: int) -> None:
    fund(world, "home", 90, date(2011, 7, 1))
    fund(world, "home", 120, date(2011, 7, 25), date(2011, 8, 10), payer="welfare_gd")
    fund(world, "nursery", 70, date(2011, 8, 1), payer="ministry")
    lives(world, seed)
    at = world.now()
    nobody = 0
    for month in (JULY, AUGUST, date(2011, 9, 1)):
        found = sheet(world, month, at=at)
        expected = recount(month, at)
        assert counted(found) == expected
        assert found.days == sum(expected.values())
        rates = {line.pk: line.daily_rate for line in FundingLine.objects.all()}
        assert found.amount == sum(days * rates.get(line or 0, 0) for (_, _, line), days in expected.items())
        nobody += found.unpaid
    assert sheet(world, JULY, at=at).days > 10
    assert nobody > 0


def test_the_day_of_a_handover_is_paid_once(world: World) -> None:
    fund(world, "home", 100, JULY)
    fund(world, "nursery", 60, JULY)
    child = world.in_hospital()
    world.clock = datetime(2011, 7, 17, 1, 0, tzinfo=UTC)
    move(world, child, "nursery")
    world.clock = datetime(2011, 7, 20, 10, 0, tzinfo=UTC)
    move(world, child, "home")
    found = sheet(world, JULY, at=datetime(2011, 8, 3, tzinfo=UTC))
    assert [(one.home.code, one.days.first, one.days.last, one.amount) for one in found.stays] == [
        ("home", date(2011, 7, 20), date(2011, 7, 31), 1200),
        ("nursery", date(2011, 7, 17), date(2011, 7, 19), 180),
    ]


def test_two_records_of_one_child_are_one_child(world: World) -> None:
    fund(world, "home", 100, JULY)
    kept, absorbed = world.in_hospital(), world.in_hospital()
    for child, day in ((absorbed, 17), (kept, 20)):
        world.clock = datetime(2011, 7, day, 3, 0, tzinfo=UTC)
        move(world, child, "home")
    world.clock = datetime(2011, 7, 25, 3, 0, tzinfo=UTC)
    assert sheet(world, JULY, at=datetime(2011, 8, 1, tzinfo=UTC)).days == 15 + 12, "two children, as far as anybody knows"
    step = children.propose_merge(kept=kept, absorbed=absorbed, reason="same marks", by=world.actor("caseworker"), at=world.now())
    children.confirm_merge(step=step, by=world.actor("caseworker2"), at=world.now())
    found = sheet(world, JULY, at=datetime(2011, 8, 1, tzinfo=UTC))
    assert (found.days, {one.number for one in found.stays}) == (15, {kept.number})
    assert found.dues[0].children == 1


def test_a_budget_runs_out(world: World) -> None:
    line = fund(world, "home", 100, JULY, budget=2000)
    child = world.in_hospital()
    world.clock = datetime(2011, 7, 17, 3, 0, tzinfo=UTC)
    move(world, child, "home")
    at = datetime(2011, 9, 2, tzinfo=UTC)
    july, august = sheet(world, JULY, at=at), sheet(world, AUGUST, at=at)
    assert (july.amount, july.above) == (1500, 0)
    assert (august.amount, august.dues[0].before, august.above) == (3100, 1500, 2600)
    assert costs.spent(world.facilities["home"], at=at) == {line.pk: (15 + 31 + 1, 4700)}


def test_who_may_know_and_of_which_homes(world: World) -> None:
    child = world.in_hospital()
    move(world, child, "home")
    at = world.clock + timedelta(days=4)
    assert sheet(world, JULY, "supervisor", at).days == sheet(world, JULY, "placement", at).days == 4
    for who in ("caseworker", "officer", "nurse", "auditor"):
        assert sheet(world, JULY, who, at).days == 0
        with pytest.raises(NotAllowed):
            actions.export_reimbursement(month=JULY, form="xlsx", by=world.actor(who), at=at)
    world.jurisdictions["GD"].refresh_from_db()
    assert world.facilities["home_gd"] not in costs.homes_of(world.actor("placement"))
    assert world.facilities["home"] in costs.homes_of(world.actor("placement"))


def test_an_export_is_an_event(world: World) -> None:
    move(world, world.in_hospital(), "home")
    with pytest.raises(Invalid):
        actions.export_reimbursement(month=AUGUST, form="xlsx", by=world.actor("supervisor"), at=world.now())
    assert not AuditEvent.objects.filter(action="placements.export_reimbursement").exists()
    world.clock += timedelta(days=3)
    actions.export_reimbursement(month=JULY, form="xlsx", by=world.actor("supervisor"), at=world.now())
    event = AuditEvent.objects.get(action="placements.export_reimbursement")
    assert (event.subject, event.staff_id) == ("reimbursement:2011-07", world.staff["supervisor"].pk)
    assert '"days":3' in event.data
    assert '"form":"xlsx"' in event.data


@pytest.mark.parametrize(("language", "title"), [("en", "Reimbursement"), ("zh-hans", "费用结算"), ("vi", "Bảng thanh toán")])
def test_the_file_agrees_with_the_chains(world: World, language: str, title: str) -> None:
    fund(world, "home", 90, JULY, date(2011, 7, 25))
    fund(world, "nursery", 70, JULY)
    kids = lives(world, 7)
    at = world.clock.replace(month=9)
    with translation.override(language):
        front, back = read(workbook(sheet(world, JULY, at=at), world.jurisdictions["CN"]))
    expected = recount(JULY, at)
    assert front[0][:2] == [title, "2011-07"]
    top = next(i for i, row in enumerate(front) if row[8])
    sums, (total,) = front[top + 1 : -1], front[-1:]
    told = Counter({(row[0], row[2]): row[5] for row in sums})
    codes = {line.pk: line.payer.code for line in FundingLine.objects.select_related("payer")}
    wanted: Counter[tuple[str, str | None]] = Counter()
    for (_, home, line), days in expected.items():
        wanted[home, codes.get(line or 0)] += days
    assert told == wanted
    assert all(row[7] == row[5] * row[6] for row in sums)
    assert (total[5], total[7]) == (sum(row[5] for row in sums), sum(row[7] for row in sums)) == (back[-1][5], back[-1][8])
    rows = back[1:-1]
    assert (sum(row[5] for row in rows), sum(row[8] for row in rows)) == (total[5], total[7])
    assert all((date.fromisoformat(row[4]) - date.fromisoformat(row[3])).days + 1 == row[5] for row in rows)
    assert Counter({number: 0 for number, *_ in expected}) + Counter(row[0] for row in rows) == Counter(row[0] for row in rows)
    assert {row[0] for row in rows} <= {child.number for child in kids}, "numbers, each with its leading zeros"
    text = str(front + back)
    assert not [child.call_name for child in kids if child.call_name in text], "no name of a child"


def test_the_same_questions_however_many_children(world: World) -> None:
    fund(world, "home", 90, JULY, budget=10)

    def asked() -> int:
        with CaptureQueriesContext(connection) as caught:
            sheet(world, AUGUST, at=datetime(2011, 8, 20, tzinfo=UTC))
        return len(caught)

    move(world, world.in_hospital(), "home")
    few = asked()
    for _ in range(4):
        move(world, world.in_hospital(), "home")
    assert asked() == few <= 8


SIGNS = "=+-@＝＋－＠﹦﹢﹣﹫⁺₌−\t\r\n"


@settings(max_examples=settings().max_examples * 10)
@given(
    st.text(max_size=40)
    | st.tuples(
        st.text(alphabet=" \t\r\n\x00\u200b\ufeff\u00a0\u3000\u2028", max_size=3), st.sampled_from(SIGNS), st.text(max_size=9)
    ).map("".join)
)
@example("=1+1")
@example("_x003D_1+1")
@example("＝cmd|' /C calc'!A0")
@example("\u200b=1")
def test_no_cell_begins_with_a_sign_of_a_formula(text: str) -> None:
    told = text_cell(text)
    seen = told.lstrip(" \u200b\ufeff\u00a0\u3000")
    assert not seen.startswith(tuple(SIGNS))
    assert told.count("'") - text.count("'") in (0, 1)
    assert text_cell("防城港市 Bảo trợ - 1") == "防城港市 Bảo trợ - 1"


@settings(max_examples=25)
@given(st.lists(st.text(max_size=30), min_size=1, max_size=20))
@example(['=HYPERLINK("http://x")', "＋1", "_x003D_1", "a\x00b", "https://example.org", "00123"])
def test_a_reader_reads_text_as_it_was_made(texts: list[str]) -> None:
    import xlsxwriter

    from wayhome.casework.placements import sheet as made

    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    page, style = book.add_worksheet(), book.add_format()
    made._table(page, 0, [f"c{i}" for i in range(len(texts))], [texts], [0] * len(texts), (style, style, style))
    book.close()
    row = list(list(load_workbook(file).worksheets[0].iter_rows())[1])
    assert [cell.value or "" for cell in row] == [text_cell(text) for text in texts]
    assert {cell.data_type for cell in row if cell.value} <= {"s"}
