"""Lines in which somebody types what a clue speaks of."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wayhome.casework.clues.rules import FACTS_OF, Relation
from wayhome.web.lines import read


@pytest.mark.parametrize(
    ("line", "kind", "facts"),
    [
        ("王秀英", "person", [("name", "王秀英")]),
        ("Nguyễn Thị Hoa", "person", [("name", "Nguyễn Thị Hoa")]),
        (
            "Wang Xiuying, 138 0771 2044, 桂P12345",
            "person",
            [("name", "Wang Xiuying"), ("phone", "138 0771 2044"), ("vehicle", "桂P12345")],
        ),
        ("王秀英，阿花，450702197501010029", "person", [("name", "王秀英"), ("alias", "阿花"), ("id", "450702197501010029")]),
        ("13807712044", "phone", [("phone", "13807712044")]),
        ("+84 912 345 678", "phone", [("phone", "+84 912 345 678")]),
        ("电话 0770-7654321", "phone", [("phone", "0770-7654321")]),
        ("电话13807712044", "phone", [("phone", "13807712044")]),
        ("điện thoại: 0912345678", "phone", [("phone", "0912345678")]),
        ("6222 0211 0715 0001", "account", [("account", "6222 0211 0715 0001")]),
        ("桂P·12345", "vehicle", [("vehicle", "桂P·12345")]),
        ("14A-123.45", "vehicle", [("vehicle", "14A-123.45")]),
        ("vehicle: white van 88K21", "vehicle", [("vehicle", "white van 88K21")]),
        ("东兴市", "place", [("place", "东兴市")]),
        ("place Dongxing", "place", [("place", "Dongxing")]),
        ("广西东兴市北仑大道12号", "address", [("address", "广西东兴市北仑大道12号")]),
        ("12 Hùng Vương street, Móng Cái", "address", [("address", "12 Hùng Vương street, Móng Cái")]),
        ("Móng Cái > 东兴 > 钦州", "route", [("place", "Móng Cái"), ("place", "东兴"), ("place", "钦州")]),
        ("victim 小妹", "victim", [("name", "小妹")]),
        ("Personov Ivan", "person", [("name", "Personov Ivan")]),
    ],
)
def test_a_line_is_one_thing(line: str, kind: str, facts: list[tuple[str, str]]) -> None:
    (one,) = read(line).lines
    assert one.told is not None
    assert not one.wrong
    assert (one.n, one.told.kind, list(one.told.facts)) == (1, kind, facts)


@pytest.mark.parametrize("said", ["drives", "驾驶", "lái", "DRIVES"])
def test_things_hang_together_in_any_language(said: str) -> None:
    reading = read(f"王秀英\n桂P12345\n东兴市\n钦州市\n\n1 {said} 2 transporter 2011-07-01 3>4")
    assert [one.kind for one in reading.speaks_of] == ["person", "vehicle", "place", "place"]
    assert reading.relations == [Relation(0, "drives", 1, "transporter", date(2011, 7, 1), 2, 3)]
    assert not reading.wrong


def test_numbers_go_on_after_what_is_there() -> None:
    reading = read("1 uses 3\n13807712044", there=2)
    assert reading.lines[1].n == 3
    assert reading.relations == [Relation(0, "uses", 2)]


@pytest.mark.parametrize(
    ("lines", "wrong"),
    [
        ("王秀英\n1 drives 2", "no_such_line"),
        ("王秀英\n1 drives 1", "tie_to_self"),
        ("王秀英\n桂P12345\n1 drives 2 2011-02-31", "line_not_understood"),
        ("王秀英\n桂P12345\n1 drives 2 as a king", "line_not_understood"),
        ("phone: abc", "not_recognisable"),
        ("victim 小妹, 13807712044", "fact_of_other"),
        (", ,", "line_not_understood"),
        ("\n".join(f"王秀英{i}" for i in range(101)), "too_many"),
    ],
)
def test_what_is_not_understood_is_told(lines: str, wrong: str) -> None:
    assert [one.wrong for one in read(lines).wrong] == [wrong]


@given(st.text(max_size=200))
def test_nothing_that_is_typed_breaks_it(text: str) -> None:
    reading = read(text)
    for one in reading.speaks_of:
        assert {kind for kind, _value in one.facts} <= FACTS_OF[one.kind]
    for relation in reading.relations:
        assert max(relation.one, relation.other) < sum(line.n > 0 for line in reading.lines)
