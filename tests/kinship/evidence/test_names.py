"""Names that a child went by against names that a family reports."""

from __future__ import annotations

import itertools
import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wayhome.kinship.evidence.folding import foldings
from wayhome.kinship.evidence.grades import Grade
from wayhome.kinship.evidence.names import (
    NAMES_BY_CHANCE,
    NAMES_RELATED,
    best_name_grade,
    compare_names,
    names,
    names_by_chance,
)

SAME = [
    ("王小明", "Wang Xiaoming"),
    ("王小明", "Wáng Xiǎomíng"),
    ("王小明", "Xiaoming Wang"),
    ("單雄信", "Shan Xiongxin"),
    ("仇英", "qiu2 ying1"),
    ("吕布", "Lyu Bu"),
    ("吕布", "Lv Bu"),
    ("Nguyễn Thị Hoa", "nguyen thi hoa"),
    ("Nguyễn Thị Hoa", "阮氏花"),
    ("Lê Minh", "黎明"),
    ("Đỗ Văn Hùng", "Hùng Đỗ Văn"),
    ("覃志强", "Tan Zhiqiang"),
    ("Иван", "Ivan"),
]
NEAR = [
    ("王小明", "小明"),
    ("王小明", "李小明"),
    ("Nguyễn Thị Hoa", "Nguyễn Hoa"),
    ("阮氏花", "Nguyen Hoa"),
    ("张志强", "Zang Ziqiang"),
    ("刘丽", "Niu Li"),
    ("Lý Quý", "Lí Quí"),
    ("Nguyen Van Truong", "Nguyen Van Truongg"),
    ("Wang Xiaomin", "王小明"),
]
DIFFERENT = [
    ("王小明", "Wang Li"),
    ("王强", "王刚"),
    ("Nguyễn Văn An", "Nguyễn Văn Bình"),
    ("单雄信", "Dan"),
    ("Wang", "王小明"),
    ("李明", "Trần Hoa"),
    ("", "王小明"),
    ("", ""),
    ("👶", "👶"),
]
CASES = [(*pair, grade) for grade, pairs in (("same", SAME), ("near", NEAR), ("different", DIFFERENT)) for pair in pairs]


@pytest.mark.parametrize(("one", "other", "grade"), CASES)
def test_comparing(one: str, other: str, grade: Grade) -> None:
    assert compare_names(one, other) == grade
    assert compare_names(other, one) == grade


def test_the_best_pair_counts() -> None:
    assert best_name_grade(["宝宝", "王小明"], ["Nguyen Hoa", "wang xiaoming"]) == "same"
    assert best_name_grade(["宝宝", "李小明"], ["Nguyen Hoa", "wang xiaoming"]) == "near"
    assert best_name_grade(["宝宝"], ["Nguyen Hoa"]) == "different"
    assert best_name_grade([], ["Nguyen Hoa"]) == "different"


BASE = [["Nguyễn Thị Hoa"], ["Nguyen Hoa"], ["Tran Van An", "Bi"], ["王小明"], [], ["👶"], ["Nguyễn Thị Hoa", "Bống"], ["单雄信"]]
NAMES = st.lists(st.sampled_from([*itertools.chain(*BASE), "阮氏花", "Shan Xiongxin", "李梅", ""]), max_size=2)


def test_common_names_weigh_less() -> None:
    common, rare = names_by_chance(["阮氏花"], BASE), names_by_chance(["Shan Xiongxin"], BASE)
    # Six families have a name; one more is assumed.
    assert common.same == pytest.approx((2 + NAMES_BY_CHANCE.same) / 7)
    assert common.near == pytest.approx((1 + NAMES_BY_CHANCE.near) / 7)
    assert rare.same == pytest.approx((1 + NAMES_BY_CHANCE.same) / 7)
    weights = [
        names([one], [other], by_chance=p).log10_lr
        for one, other, p in (("阮氏花", "Nguyễn Thị Hoa", common), ("单雄信", "Shan Xiongxin", rare))
    ]
    assert weights[0] < weights[1]
    assert names_by_chance(["阮氏花"], []) == NAMES_BY_CHANCE


@given(NAMES.filter(lambda heard: any(map(foldings, heard))))
def test_a_name_tells_a_stranger_nothing_on_average(heard: list[str]) -> None:
    """Over the families of the base, and the one that is assumed."""
    by_chance = names_by_chance(heard, BASE)
    families = [reported for reported in BASE if not names(heard, reported).missing]
    total = math.fsum(10 ** names(heard, reported, by_chance=by_chance).log10_lr for reported in families)
    assumed = math.fsum(
        NAMES_BY_CHANCE.of(grade) * NAMES_RELATED.of(grade) / by_chance.of(grade) for grade in ("same", "near", "different")
    )
    assert (total + assumed) / (len(families) + 1) == pytest.approx(1)


def test_the_finding() -> None:
    finding = names(["宝宝", "阮氏花"], ["Nguyễn Thị Hoa"])
    assert finding.code == "names_same"
    assert finding.text == 'The name "阮氏花" is the same as the reported "Nguyễn Thị Hoa"'
    assert 10**finding.log10_lr == pytest.approx(NAMES_RELATED.same / NAMES_BY_CHANCE.same)
    assert names(["宝宝"], ["Nguyễn Thị Hoa"]).log10_lr < 0
    json.dumps(finding.to_json(), allow_nan=False)


@pytest.mark.parametrize(
    ("heard", "reported"),
    [(None, ["王小明"]), ([], ["王小明"]), (["👶", ""], ["王小明"]), (["王小明"], None), (["王小明"], ["…"])],
)
def test_missing_is_neutral(heard: list[str] | None, reported: list[str] | None) -> None:
    finding = names(heard, reported)
    assert finding.missing
    assert finding.log10_lr == 0


ANY_NAMES = st.lists(st.text(max_size=12) | st.text(st.characters(exclude_categories=()), max_size=6), max_size=3)


@given(ANY_NAMES, ANY_NAMES)
def test_any_text(heard: list[str], reported: list[str]) -> None:
    finding = names(heard, reported)
    assert -2 <= finding.log10_lr_capped <= 2
    assert math.isfinite(finding.log10_lr)
    for one, other in itertools.product(heard, reported):
        assert compare_names(one, other) == compare_names(other, one)


@given(st.text(max_size=12))
def test_every_name_is_itself(name: str) -> None:
    assert compare_names(name, name) == ("different" if names([name], ["王"]).missing else "same")
