"""The reimbursement sheet as a workbook: text is text, numbers are numbers, and no cell can become a formula."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Sequence

import xlsxwriter
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from xlsxwriter.worksheet import Worksheet

from wayhome.casework.accounts.models import Jurisdiction
from wayhome.casework.placements.costs import Due, Sheet, Stay

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SIGNS = frozenset("=+-@−")
"""What a table that is saved as CSV and opened again takes for the beginning of a formula, in its plain form."""
_UNSEEN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Mn", "Me", "Zs", "Zl", "Zp"})
LONGEST = 1000
Cell = str | int


def text_cell(text: str) -> str:
    """Text as a cell holds it: on one line, and with an apostrophe before a sign that begins a formula, a full-width one too.

    What nobody sees before the sign does not hide it.
    """
    kept = "".join(" " if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") else c for c in text)
    kept = " ".join(kept.split())[:LONGEST]
    first = next((c for c in kept if unicodedata.category(c) not in _UNSEEN), "")
    return f"'{kept}" if unicodedata.normalize("NFKC", first)[:1] in SIGNS and first else kept


def workbook(sheet: Sheet, where: Jurisdiction) -> bytes:
    """The file: sums by home and payer on one page, the children by their numbers on the other. In the reader's language."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": sheet.at.replace(tzinfo=None), "title": _("Reimbursement")})
    bold, wrapped = (
        book.add_format({"bold": True}),
        book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}),
    )
    money, sums = book.add_format({"num_format": "#,##0"}), book.add_format({"num_format": "#,##0", "bold": True, "top": 1})
    formats = (wrapped, money, sums)

    front = book.add_worksheet(_("Sums"))
    head = [
        (_("Reimbursement"), f"{sheet.month.first:%Y-%m}"),
        (_("Jurisdiction"), _named(where)),
        (_("As recorded on"), f"{timezone.localtime(sheet.at):%Y-%m-%d %H:%M %Z}"),
        (_("Counted"), _("A day counts for the home that has the child at midnight, when the day ends.")),
    ]
    for i, (what, said) in enumerate(head):
        front.write_string(i, 0, text_cell(what), bold)
        front.write_string(i, 1, text_cell(said))
    headings = [
        _("Home"), _("Name of the home"), _("Payer"), _("Name of the payer"), _("Children"), _("Child-days"),
        _("Yuan a child-day"), _("Yuan"), _("of it above the budget"), _("Cost of a child-day, as the home told it"),
    ]  # fmt: skip
    rows = [_due(due) for due in sheet.dues]
    total: list[Cell] = ["", "", "", _("Together"), "", sheet.days, "", sheet.amount, sheet.above, ""]
    _table(front, len(head) + 1, headings, rows, total, formats)
    _page(front, (12, 34, 12, 30, 10, 12, 12, 14, 14, 16), len(head) + 1)

    back = book.add_worksheet(_("Children"))
    headings = [
        _("Child"), _("Home"), _("In foster care"), _("First day"), _("Last day"), _("Child-days"), _("Payer"),
        _("Yuan a child-day"), _("Yuan"),
    ]  # fmt: skip
    total = [_("Together"), "", "", "", "", sheet.days, "", "", sheet.amount]
    _table(back, 0, headings, [_stay(stay) for stay in sheet.stays], total, formats)
    _page(back, (14, 16, 14, 12, 12, 12, 16, 12, 14), 0)
    book.close()
    return file.getvalue()


def _due(due: Due) -> list[Cell]:
    payer = due.payer
    return [
        due.home.code, due.home.name, payer.code if payer else "", payer.name if payer else _("nobody"), due.children,
        due.days, due.rate, due.amount, due.above, due.cost if due.cost is not None else "",
    ]  # fmt: skip


def _stay(stay: Stay) -> list[Cell]:
    return [
        stay.number, stay.home.code, _("yes") if stay.fostered else "", stay.days.first.isoformat(), stay.days.last.isoformat(),
        len(stay.days), stay.line.payer.code if stay.line else "", stay.rate, stay.amount,
    ]  # fmt: skip


def _table(
    page: Worksheet,
    top: int,
    headings: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    total: Sequence[Cell],
    formats: Sequence[object],
) -> None:
    wrapped, money, sums = formats
    for i, (line, style) in enumerate([(headings, wrapped), *((row, money) for row in rows), (total, sums)], start=top):
        for j, cell in enumerate(line):
            if isinstance(cell, int):
                page.write_number(i, j, cell, style)
            elif cell:
                page.write_string(i, j, text_cell(cell), style)
            elif style is not money:
                page.write_blank(i, j, None, style)
    page.ignore_errors({"number_stored_as_text": f"A1:J{top + len(rows) + 2}"})


def _page(page: Worksheet, widths: Sequence[int], top: int) -> None:
    for j, width in enumerate(widths):
        page.set_column(j, j, width)
    page.freeze_panes(top + 1, 0)
    page.repeat_rows(top)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.set_footer("&C&P / &N")


def _named(where: Jurisdiction) -> str:
    return str(getattr(where, {"zh-hans": "name_zh", "vi": "name_vi"}.get(get_language() or "", "name_en")))
