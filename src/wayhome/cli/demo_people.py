"""Who acts in the demonstration: places, agencies, staff and suspects. Nobody here is real.

Figures that are public are those of the two operations of July 2011; how the rest is spread over provinces is made up.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Province:
    """A province, its capital's name for addresses, and how many infants of case 2 were found there."""

    code: str
    en: str
    zh: str
    vi: str
    town: str
    infants: int

    @property
    def official(self) -> str:
        """As its authorities call themselves."""
        return "广西壮族自治区" if self.code == "CN-GX" else f"{self.zh}省"


PROVINCES = (
    Province("CN-SX", "Shanxi", "山西", "Sơn Tây", "太原市", 16),
    Province("CN-HA", "Henan", "河南", "Hà Nam", "郑州市", 13),
    Province("CN-HE", "Hebei", "河北", "Hà Bắc", "石家庄市", 9),
    Province("CN-SD", "Shandong", "山东", "Sơn Đông", "济南市", 8),
    Province("CN-AH", "Anhui", "安徽", "An Huy", "合肥市", 6),
    Province("CN-JS", "Jiangsu", "江苏", "Giang Tô", "南京市", 5),
    Province("CN-FJ", "Fujian", "福建", "Phúc Kiến", "福州市", 5),
    Province("CN-SC", "Sichuan", "四川", "Tứ Xuyên", "成都市", 4),
    Province("CN-YN", "Yunnan", "云南", "Vân Nam", "昆明市", 4),
    Province("CN-GD", "Guangdong", "广东", "Quảng Đông", "广州市", 3),
    Province("CN-GZ", "Guizhou", "贵州", "Quý Châu", "贵阳市", 3),
    Province("CN-HB", "Hubei", "湖北", "Hồ Bắc", "武汉市", 2),
    Province("CN-SN", "Shaanxi", "陕西", "Thiểm Tây", "西安市", 2),
    Province("CN-JX", "Jiangxi", "江西", "Giang Tây", "南昌市", 1),
    Province("CN-GX", "Guangxi", "广西", "Quảng Tây", "南宁市", 0),
)
COUNTY = ("CN-SX-GP", "Gaoping", "高平市", "Cao Bình")
COUNTY_INFANTS = 6
ON_SHANXIS_CLUES = {"CN-HA": 2, "CN-HE": 2}
"""Rescued elsewhere on Shanxi's clues, and counted where they were rescued."""
CASE_1_INFANTS = {"CN-GX": 5, "CN-GD": 3}
CASE_1_SEDATED = 6
CASE_1_SUSPECTS = 39
CASE_1_FROM_VIETNAM = 27
CASE_2_SUSPECTS = 330

HOMES = 40
WITHOUT_HOMES = "CN-GX"
"""The homes are in the other fourteen provinces."""

_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
_GIVEN = "秀英桂兰玉梅淑珍凤霞建国志强明辉海涛立新永康春生德胜文斌宝山长青大勇金龙福来"
_VIETNAMESE = (
    ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Ngô"),
    ("Thị", "Văn", "Đức", "Ngọc", "Hữu", "Minh"),
    ("Hương", "Lan", "Hải", "Sơn", "Dũng", "Thủy", "Nga", "Bình", "Quang", "Tuấn", "Hạnh", "Loan"),
)
CALL_NAMES = ("小荷", "小雨", "小星", "小禾", "小云", "小溪", "小竹", "小月", "小杏", "小枫", "小露", "小晴")


def home_codes() -> list[tuple[str, str]]:
    """(code of the province, code of the home) of forty homes."""
    provinces = [province.code for province in PROVINCES if province.code != WITHOUT_HOMES]
    return [(code, f"{code}-home{1 + i // len(provinces)}") for i in range(HOMES) for code in [provinces[i % len(provinces)]]]


@dataclass(frozen=True, slots=True)
class Suspect:
    """Somebody detained, as the police write it down."""

    label: str
    facts: tuple[tuple[str, str], ...]
    role: str


def name(chance: random.Random) -> str:
    """A Chinese name."""
    return chance.choice(_SURNAMES) + "".join(chance.sample(_GIVEN, 2))


def suspects(chance: random.Random, case: str, how_many: int, from_vietnam: int) -> list[Suspect]:
    """Those detained in a case, the Vietnamese first."""
    made = []
    for i in range(how_many):
        vietnamese = i < from_vietnam
        called = " ".join(chance.choice(part) for part in _VIETNAMESE) if vietnamese else name(chance)
        born = date(1950, 1, 1) + timedelta(days=chance.randrange(15_000))
        number = f"B{case}{i:06d}" if vietnamese else f"411{case}{chance.randrange(10, 99)}{born:%Y%m%d}{i:04d}"
        province = chance.choice(PROVINCES)
        address = f"{province.zh}{province.town}{chance.choice('东西南北')}关{case}巷{i + 1}号"
        facts = (("name", called), ("id", number), ("phone", f"15{case}{i:08d}"), ("address", address))
        role = "organiser" if i == 0 else chance.choice(("suspect", "transporter", "intermediary", "seller"))
        made.append(Suspect(f"{case}-{i + 1:03d}", facts, role))
    return made
