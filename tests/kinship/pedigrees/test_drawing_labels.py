"""Labels: no line is wider than it may be, and nothing is dropped without an ellipsis."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wayhome.kinship.pedigrees.drawing.labels import CUT, LINES, clean, fitted, width

TEXTS = st.lists(st.text(max_size=40), max_size=5)


@given(TEXTS, st.integers(60, 160))
def test_lines_fit(lines: list[str], limit: int) -> None:
    done = fitted(lines, limit)
    assert len(done) <= LINES
    assert all(line and width(line) <= limit for line in done)


@given(TEXTS, st.integers(60, 160))
def test_nothing_is_lost_silently(lines: list[str], limit: int) -> None:
    done = fitted([line.replace(CUT, "") for line in lines], limit)
    told = "".join("".join(map(clean, lines)).replace(CUT, "").split())
    shown = "".join("".join(done).split())
    assert shown == told or CUT in shown


@pytest.mark.parametrize(
    ("lines", "shown"),
    [
        (["child"], ("child",)),
        ([], ()),
        (["", "  "], ()),
        (["great-grandmother"], ("great-", "grandmother")),
        (["mother's mother's mother"], ("mother's", "mother's", "mother")),
        (["浙江省杭州市西湖区文三路"], ("浙江省杭州市西湖", "区文三路")),
        (["Nguyễn Thị Phương Thảo"], ("Nguyễn Thị", "Phương Thảo")),
        (["a", "b", "c", "d"], ("a", "b", "c d")),
        (["Trần Thị Ngọc Ánh", "1983", "Huyện Mường Khương"], ("Trần Thị Ngọ…", "1983", "Huyện Mường…")),
    ],
)
def test_wrapping(lines: list[str], shown: tuple[str, ...]) -> None:
    assert fitted(lines, 100) == shown


def test_chinese_is_full_width_and_marks_take_no_room() -> None:
    assert width("王小明") == 36
    assert width("ế") == width("e") == width("e\u0302\u0301")
    assert width("") == 0


def test_what_xml_cannot_hold_is_replaced() -> None:
    assert clean("a\x00b\ud800\n c\ufffe") == "a\ufffdb\ufffd c\ufffd"
