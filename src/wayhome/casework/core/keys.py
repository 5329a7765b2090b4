"""Identity keys: what makes two spellings of a name, number, address or vehicle the same, in a form that a database can join.

Two people share a key where a name of one is a name of the other in some reading (hanzi, pinyin, Vietnamese), or differs from it
by one typing slip; where an identity number, telephone, address or vehicle is the same however it is written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Literal

from wayhome import kinship

KeyKind = Literal["name", "slip", "id", "phone", "address", "vehicle"]
Key = tuple[KeyKind, str]

SHORTEST_SLIP = 7
"""Letters of a folded name from which one slip still leaves it recognisable: "wangfang" and "wangfan" are two names each."""
SHORTEST_DIGITS = 6
_LONGEST_KEY = 120
_NUMBER = re.compile(r"(.*?\d+)")
_PROVINCE = re.compile(
    "(?:北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|甘肃|青海"
    "|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门)(?:省|市|(?:壮族|回族|维吾尔)?自治区|特别行政区)?"
)
_CITY = re.compile(r"[^\d]{1,6}?[市州盟](?=[^\d]{1,8}?[县縣区區市旗])")
_COUNTRY_CODES = ("0086", "0084", "86", "84")


def name_keys(name: str) -> set[Key]:
    """Keys of a person's name: every reading of it, and every reading with one letter left out.

    Two readings that differ by one letter more, less or exchanged have a shortened form in common.
    """
    readings = kinship.foldings(name)
    keys: set[Key] = {("name", reading[:_LONGEST_KEY]) for reading in readings}
    for reading in readings:
        if len(reading) >= SHORTEST_SLIP:
            shortened = {reading[:i] + reading[i + 1 :] for i in range(len(reading))} | {reading}
            keys |= {("slip", short[:_LONGEST_KEY]) for short in shortened}
    return keys


def plain_id(number: str) -> str:
    """An identity or passport number however it was written: its letters and digits."""
    return _alphanumeric(number).upper()


def id_keys(number: str) -> set[Key]:
    """Key of an identity or passport number."""
    plain = _alphanumeric(number)
    return {("id", plain[:_LONGEST_KEY])} if len(plain) >= SHORTEST_DIGITS else set()


def phone_keys(number: str) -> set[Key]:
    """Key of a telephone number: its digits without the codes of China and Vietnam and the leading zero."""
    digits = "".join(c for c in unicodedata.normalize("NFKC", number) if c.isdecimal())
    for code in _COUNTRY_CODES:
        if digits.startswith(code) and len(digits) - len(code) >= 9:
            digits = digits[len(code) :]
            break
    digits = digits.lstrip("0")
    return {("phone", digits[:_LONGEST_KEY])} if len(digits) >= SHORTEST_DIGITS else set()


def vehicle_keys(plate: str) -> set[Key]:
    """Key of a number plate."""
    plain = _alphanumeric(plate)
    return {("vehicle", plain[:_LONGEST_KEY])} if len(plain) >= 4 else set()


def address_keys(address: str) -> set[Key]:
    """Keys of an address: with and without province (and city, where a county follows), and without what"
    " follows the house number.

    Town and county stay in every key: there is a People's Road number 1 in each.
    """
    text = unicodedata.normalize("NFKC", address).strip()
    keys: set[Key] = set()
    for part in _without_province(text):
        numbered = _NUMBER.match(part)
        for form in {part, numbered.group(1)} if numbered else {part}:
            folded = _with_digits(form)
            if len(folded) >= SHORTEST_DIGITS and any(c.isalpha() for c in folded):
                keys.add(("address", folded[:_LONGEST_KEY]))
    return keys


def _without_province(text: str) -> set[str]:
    """An address as it is, without its province, and without the city above its county."""
    if "," in text or "，" in text:
        parts = [part.strip() for part in re.split("[,，]", text) if part.strip()]
        return {text, ",".join(parts[:-1])} if len(parts) > 2 else {text}
    forms = {text}
    if province := _PROVINCE.match(text):
        text = text[province.end() :]
        forms.add(text)
    if city := _CITY.match(text):
        forms.add(text[city.end() :])
    return {form for form in forms if form}


_BY_KIND = {"name": name_keys, "id": id_keys, "phone": phone_keys, "address": address_keys, "vehicle": vehicle_keys}
CONTACT_KINDS = ("id", "phone", "address", "vehicle")


def keys_of(kind: str, value: str) -> set[Key]:
    """Keys of one value.

    >>> keys_of("phone", "+86 138-0013-8000") == keys_of("phone", "013800138000")
    True
    """
    return set(_keys_of(kind, value)) if value.strip() else set()


@lru_cache(maxsize=1024)
def _keys_of(kind: str, value: str) -> frozenset[Key]:
    # What is typed once is checked, stored and screened: reading hanzi three times over is most of what that costs.
    return frozenset(_BY_KIND[kind](value))


def all_keys(parts: Iterable[tuple[str, str]]) -> set[Key]:
    """Keys of several (kind, value)."""
    return set().union(*(keys_of(kind, value) for kind, value in parts))


def _alphanumeric(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())


def _with_digits(text: str) -> str:
    """Folded to Latin letters, digits kept in their places; the words for road, number and the like are kept too."""
    return "".join(part if part.isdigit() else kinship.fold(part, surname_first=False) for part in re.findall(r"\d+|\D+", text))
