"""Names and places of several scripts, folded to one."""

from __future__ import annotations

import csv
import subprocess
import sys
import unicodedata
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wayhome.kinship.errors import InputError
from wayhome.kinship.evidence.folding import LONGEST, fold, fold_place, foldings, given_name, likeness, words_of

ANY_TEXT = st.text() | st.text(st.characters(exclude_categories=()), max_size=20)
NAMELIKE = st.text(
    st.sampled_from("王单仇解查尉迟万俟阮氏花黎明 \u3000·-'’ abnlvyuüǚǜāđĐơưễÂ1234Ｗａ김철Ивก้👶々〇𠮷"), max_size=12
)

# Many ways to write a name, and what they fold to.
TABLE = {
    "wangxiaoming": [
        "王小明",
        "Wáng Xiǎomíng",
        "wang xiaoming",
        "WANG XIAOMING",
        "Wang Xiao-ming",
        "Wang2 Xiao3ming2",
        "wang2xiao3ming2",
        "王 Xiaoming",
        "Ｗａｎｇ　Ｘｉａｏｍｉｎｇ",
        "Wang, Xiaoming",
        "王·小明",
        "  王小明 ",
        unicodedata.normalize("NFD", "Wáng Xiǎomíng"),
    ],
    "lubu": [
        "吕布",
        "呂布",
        "Lǚ Bù",
        "Lü Bu",
        "LÜ BU",
        "Lv Bu",
        "Lvbu",
        "Lyu Bu",
        "lu:3 bu4",
        unicodedata.normalize("NFD", "Lǚ Bù"),
    ],
    "nuzhu": ["女主", "Nǚ Zhǔ", "nv zhu", "nu:3zhu3"],
    "lilue": ["李略", "Lǐ Lüè", "li lve"],
    "nguyenthidao": [
        "Nguyễn Thị Đào",
        "NGUYỄN THỊ ĐÀO",
        "Nguyen Thi Dao",
        "nguyen thi dao",
        unicodedata.normalize("NFD", "Nguyễn Thị Đào"),
    ],
    "vovandung": ["Võ Văn Dũng", "Vo Van Dung"],
    "lyyen": ["Lý Yến", "ly yen"],
    "xian": ["Xī'ān", "Xi’an", "西安"],
    # Surnames that are read in a way of their own.
    "shanxiongxin": ["单雄信", "單雄信", "Shàn Xióngxìn"],
    "qiuying": ["仇英", "Qiu Ying"],
    "xiejin": ["解缙", "解縉", "Xie Jin"],
    "zhaliangyong": ["查良镛", "Zha Liangyong"],
    "ouyangfeng": ["欧阳锋", "歐陽鋒", "Ouyang Feng"],
    "ouji": ["区寄", "區寄"],
    "piaoshu": ["朴树"],
    "zengguofan": ["曾国藩", "曾國藩"],
    "yuchigong": ["尉迟恭", "尉遲恭", "Yuchi Gong"],
    "moqixie": ["万俟卨", "萬俟卨"],
    "chanyuming": ["单于明", "單于明"],
    "zhangsunwuji": ["长孙无忌", "長孫無忌"],
    "qinzhiqiang": ["覃志强", "覃志強"],
    "gelun": ["盖伦"],
    "zhaizhigang": ["翟志刚"],
    # Other scripts come through anyascii.
    "ivanivanov": ["Иван Иванов"],
    "gimcheolsu": ["김철수"],
    "": ["", " ", "👶", "123", "…", "\u0000", "\ud800"],
}


@pytest.mark.parametrize(("name", "folded"), [(name, folded) for folded, names in TABLE.items() for name in names])
def test_folding(name: str, folded: str) -> None:
    assert fold(name) == folded
    assert foldings(name) == {folded} - {""} or folded in foldings(name)


@pytest.mark.parametrize(
    ("character", "as_surname", "elsewhere"),
    [
        ("单", "shan", "dan"),
        ("仇", "qiu", "chou"),
        ("解", "xie", "jie"),
        ("查", "zha", "cha"),
        ("区", "ou", "qu"),
        ("曾", "zeng", "ceng"),
    ],
)
def test_a_surname_reading_is_for_surnames(character: str, as_surname: str, elsewhere: str) -> None:
    assert fold(character + "明").startswith(as_surname)
    assert fold("王" + character).endswith(elsewhere)
    assert fold(character, surname_first=False) == elsewhere


@pytest.mark.parametrize(
    ("table", "column"), [("surname_readings", "surname"), ("place_readings", "place"), ("sino_vietnamese", "hanzi")]
)
def test_a_table_of_readings(table: str, column: str) -> None:
    text = resources.files("wayhome.kinship").joinpath("data", "names", f"{table}.csv").read_text("utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    written = [form for row in rows for form in row[column].split()]
    assert len(written) > 10
    assert sorted(set(written)) == sorted(written)
    for row in rows:
        readings = " ".join(value for key, value in row.items() if key != column).split()
        assert readings
        assert sorted(set(readings)) == sorted(readings)
        assert all(fold(reading) for reading in readings)
        if table != "sino_vietnamese":
            assert all(fold(reading) == reading for reading in readings)


def test_several_readings() -> None:
    assert {"qinzhiqiang", "tanzhiqiang"} <= foldings("覃志强")
    assert {"zhaili", "dili"} <= foldings("翟丽")
    # 单 has one reading as a surname.
    assert foldings("单丽丽") == {"shanlili"}


def test_the_vietnamese_reading_of_hanzi() -> None:
    assert foldings("阮氏花") == {"ruanshihua", "nguyenthihoa"}
    assert {"hoangvanan", "huynhvanan"} <= foldings("黄文安")
    # Not with a character that the table lacks.
    assert foldings("阮氏彧") == {"ruanshiyu"}


def test_the_surname_last() -> None:
    assert "wangxiaoming" in foldings("Xiaoming Wang")
    assert "nguyenvanan" in foldings("Van An Nguyen")
    assert "nguyenvanan" in foldings("An Nguyen Van")


def test_given_names() -> None:
    assert given_name("王小明") == "xiaoming"
    assert given_name("欧阳小明") == "xiaoming"
    assert given_name("Wang Xiaoming") == given_name("Xiaoming Wang") == "xiaoming"
    assert given_name("Nguyễn Văn An") == "vanan"
    assert given_name("Wang") == given_name("") == ""


@pytest.mark.parametrize(
    ("folded", "spellings"),
    [
        ("guangxi", ["广西", "廣西", "广西壮族自治区", "Guangxi", "Guǎngxī Province", "Guangxi Sheng"]),
        ("dongxing", ["东兴", "东兴市", "東興", "Dongxing", "Dōngxīng Shì", "Dongxing City"]),
        ("xian", ["西安", "西安市", "Xi'an", "Xi'an Shi", "Xi'an City"]),
        ("quangninh", ["Quảng Ninh", "Tỉnh Quảng Ninh", "tinh Quang Ninh"]),
        ("hochiminh", ["Thành phố Hồ Chí Minh", "Hồ Chí Minh"]),
        ("chongqing", ["重庆", "重庆市", "Chongqing"]),
        ("gaoping", ["高平市", "Gaoping Shi"]),
        ("shanxian", ["单县", "Shan Xian", "Shanxian"]),
        ("changzhi", ["长治市", "Changzhi"]),
        ("", ["", "12"]),
    ],
)
def test_places(folded: str, spellings: list[str]) -> None:
    assert {fold_place(spelling) for spelling in spellings} == {folded}


def test_a_place_that_is_nothing_but_a_word_for_places_keeps_it() -> None:
    assert fold_place("市") == "shi"
    assert fold_place("City") == "city"
    assert fold_place("Xa") == "xa"


@given(ANY_TEXT | NAMELIKE)
def test_any_text(name: str) -> None:
    for folded in (
        fold(name),
        fold(name, surname_first=False),
        fold_place(name),
        given_name(name),
        *foldings(name),
        *words_of(name),
    ):
        assert folded.isascii()
        assert folded == folded.casefold()
        assert not folded or folded.isalpha()
    assert bool(foldings(name)) == bool(fold(name))
    # Case and composition do not matter.
    if "ß" not in name:
        assert fold(unicodedata.normalize("NFKC", name[:50])) == fold(name[:50])


@given(st.text(st.sampled_from("王李张阮黎小明花abnlvyuüđ "), max_size=10))
def test_folding_is_stable(name: str) -> None:
    once = fold(name)
    assert fold(once) == once
    assert fold(name.upper()) == once


def test_likeness() -> None:
    assert likeness("wang", "wang") == 1
    assert likeness("wang", "wnag") == 0.75
    assert likeness("wangli", "wanglin") == pytest.approx(6 / 7)
    assert likeness("abc", "xyz") == 0


def test_long_texts_are_cut() -> None:
    assert fold("a" * 10**6) == "a" * LONGEST
    assert len(foldings("乐" * 10**5)) <= 16
    assert len(foldings("黄" * 100)) <= 20


def test_what_is_no_text() -> None:
    for value in (None, 3, b"Wang"):
        with pytest.raises(InputError):
            fold(value)  # type: ignore[arg-type]


def test_the_libraries_are_imported_on_first_use() -> None:
    code = (
        "import sys, wayhome.kinship.evidence.names as n; heavy = {'pypinyin', 'anyascii', 'rapidfuzz'};"
        "print(sorted(heavy & set(sys.modules))); n.compare_names('王小明', 'Li'); print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["[]", "['anyascii', 'pypinyin', 'rapidfuzz']"]
