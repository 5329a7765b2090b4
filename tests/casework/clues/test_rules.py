"""What two clues share, weighed by how few share it."""

from __future__ import annotations

from datetime import date

import pytest

from wayhome.casework.clues import rules
from wayhome.casework.clues.rules import PROPOSED, WEAK_MOST, Said, Shared, link, standing


def shared(kind: str, holders: int = 2, mention: int = 1, key: str = "") -> Shared:
    return Shared(kind, key or f"{kind} {mention}", mention, "x", holders)


def test_a_telephone_of_two_says_more_than_a_name_of_thousands() -> None:
    phone, _ = link([shared("phone")], None)
    common, _ = link([shared("name", 4000), shared("place", 900)], 3)
    assert phone > PROPOSED > common
    assert link([shared("phone", 12)], None)[0] < PROPOSED


def test_the_fewer_share_it_the_more_it_is_worth() -> None:
    for kind in (*rules.HARD, *rules.WEAK):
        scores = [link([shared(kind, n)], None)[0] for n in (2, 3, 8, 100, 4000)]
        assert scores == sorted(scores, reverse=True), kind
        assert len(set(scores)) > 3, kind
        assert scores[-1] > 0, kind


def test_weak_reasons_add_up_with_a_cap() -> None:
    one = link([shared("name")], None)[0]
    two = link([shared("name"), shared("name", mention=2)], None)[0]
    many = link([shared("name", mention=n) for n in range(9)], None)[0]
    assert one < PROPOSED < two <= many == WEAK_MOST < link([shared("phone")], None)[0]


def test_of_a_name_its_best_key_counts_once() -> None:
    readings = [shared("name", key="a"), shared("name", key="b"), shared("slip", key="c"), shared("slip", 3, key="d")]
    score, reasons = link(readings, None)
    assert (score, [reason.kind for reason in reasons]) == (4.0, ["name"])
    assert link([shared("phone", key="1"), shared("phone", key="2")], None)[0] == 18.0


def test_a_place_counts_more_where_the_days_are_near() -> None:
    far, near = link([shared("place")], 15)[0], link([shared("place")], 14)
    assert near[0] - far == rules.NEAR
    assert [reason.kind for reason in near[1]] == ["near", "place"]
    assert link([shared("name")], 0)[0] == link([shared("name")], None)[0]
    assert rules.days_apart([date(2011, 1, 1), date(2011, 5, 1)], [date(2011, 4, 20)]) == 11
    assert rules.days_apart([], [date(2011, 4, 20)]) is None


def test_a_pair_of_one_jurisdiction_stands_as_the_last_word_of_each_side_says() -> None:
    yes, no, later = Said(1, 7, True, 1), Said(1, 7, False, 2), Said(1, 8, True, 3)
    none = frozenset[int]()
    assert standing([], none) == "open"
    assert standing([yes], none) == "confirmed"
    assert standing([no, yes], none) == "rejected"
    assert standing([yes, no, later], none) == "confirmed"


def test_of_two_jurisdictions_each_confirms_by_somebody_of_its_own() -> None:
    both = frozenset({1, 2})
    assert standing([Said(1, 7, True, 1)], both) == "open"
    assert standing([Said(1, 7, True, 1), Said(1, 8, True, 2)], both) == "open"
    assert standing([Said(1, 7, True, 1), Said(2, 7, True, 2)], both) == "open"
    assert standing([Said(1, 7, True, 1), Said(2, 8, True, 2)], both) == "confirmed"
    assert standing([Said(1, 7, True, 1), Said(2, 8, False, 2)], both) == "rejected"


@pytest.mark.parametrize(
    ("fact", "one", "other"),
    [
        ("place", "东兴市", "Đông Hưng"),
        ("place", "东兴", "Dong Xing"),
        ("name", "王秀英", "Wang Xiuying"),
        ("alias", "阮氏花", "Nguyễn Thị Hoa"),
        ("phone", "+86 138 0771 2044", "13807712044"),
        ("vehicle", "桂P·12345", "桂p12345"),
        ("account", "6222 0211 0909", "６２２２-０２１１-０９０９"),
    ],
)
def test_two_spellings_of_one(fact: str, one: str, other: str) -> None:
    assert rules.keys(fact, one) & rules.keys(fact, other)


def test_nobody_is_recognised_by_what_they_are() -> None:
    assert {kind for fact in rules.FACTS for kind, _ in rules.keys(fact, "东兴市12345678")} <= {*rules.HARD, *rules.WEAK}
    assert not {"nationality", "ethnicity", "language", "sex"} & {*rules.HARD, *rules.WEAK, *rules.FACTS}
    assert rules.keys("account", "1-2") == rules.keys("phone", "12") == rules.keys("place", "…") == set()
