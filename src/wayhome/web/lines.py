"""What a clue speaks of, typed as lines: one thing a line, or how two of them hang together.

    Wang Xiuying, 138 0771 2044, 桂P12345      somebody, with a telephone and a car
    车辆 桂P12345                               a thing, told by its word in any of the languages of the pages
    东兴市
    1 drives 2 transporter 2011-07-01 3>4      the first thing does something with the second, as what, when, from where to where

What a line begins with may be left out where its shape says it: the number of digits, a plate, the last character of a place.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from django.conf import settings
from django.utils.translation import override

from wayhome.casework.clues.rules import FACTS_OF, Relation, Told, keys
from wayhome.web import words

MOST = 100
"""Lines, as many as one call takes."""
_SHORT: Mapping[str, str] = {
    "tel": "phone", "phone": "phone", "手机": "phone", "đt": "phone", "sđt": "phone", "car": "vehicle", "plate": "vehicle",
    "车": "vehicle", "车牌": "vehicle", "xe": "vehicle", "biển số": "vehicle", "bank": "account", "卡": "account",
    "卡号": "account", "账号": "account", "tk": "account", "stk": "account", "cmnd": "id", "cccd": "id", "身份证": "id",
    "aka": "alias", "绰号": "alias", "人": "person", "người": "person", "child": "victim", "孩子": "victim", "trẻ": "victim",
    "地名": "place", "nơi": "place",
}  # fmt: skip
"""Short words beside those of the pages."""
_PARTS = re.compile(r"\s*[;；,，、]\s*")
_STOPS = re.compile(r"\s*(?:>|→|＞|->|=>)\s*")
_PLATE = re.compile(r"(?:[\u4e00-\u9fff]\s?[A-Za-z]\s?[·.-]?\s?[A-Za-z0-9]{4,6}|\d{2}[A-Za-z]\d?[ -]\d{3}[.]?\d{2})")
_ID = re.compile(r"\d{6}(?:19|20)\d{9}[\dXx]")
_PLACE = re.compile(r".*(?:省|市|县|區|区|镇|乡|村|口岸|自治区|自治县|province|city|county|tỉnh|huyện|thị xã)", re.IGNORECASE)
_VIETNAMESE_PLACE = re.compile(r"(?:tỉnh|huyện|xã|thành phố|tp|cửa khẩu)\b", re.IGNORECASE)
_ADDRESS = re.compile(r".*(?:路|街|巷|号|弄|大道|栋|单元|đường|phố|ngõ|street|road|lane|avenue)", re.IGNORECASE)
_TIE = re.compile(r"#?(\d{1,3})\s*([^\d>]+?)\s*#?(\d{1,3})(?!\d)(.*)")
_DAY = re.compile(r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?")
_WAY = re.compile(r"#?(\d{1,3})\s*(?:>|→|->)\s*#?(\d{1,3})")


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it was understood.

    Parameters
    ----------
    at : which line of what was typed, the first is 1.
    n : the number by which other lines speak of this thing; 0 for one that is no thing.
    told, relation : what it says; neither where it was not understood, and `wrong` is why, a code of `web.messages`.
    """

    at: int
    n: int = 0
    told: Told | None = None
    relation: Relation | None = None
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything that was typed."""

    lines: Sequence[Line] = field(default_factory=list)

    @property
    def speaks_of(self) -> list[Told]:
        """The things, in the order of their numbers."""
        return [line.told for line in self.lines if line.told is not None and not line.wrong]

    @property
    def relations(self) -> list[Relation]:
        """How they hang together."""
        return [line.relation for line in self.lines if line.relation is not None and not line.wrong]

    @property
    def wrong(self) -> list[Line]:
        """What was not understood."""
        return [line for line in self.lines if line.wrong]


def read(text: str, there: int = 0) -> Reading:
    """Read lines.

    Parameters
    ----------
    there : things that the clue speaks of already; they have the first numbers.
    """
    typed = [(at, line.strip()) for at, line in enumerate(text.splitlines(), 1) if line.strip()]
    many = there + sum(1 for _at, line in typed if not _is_tie(line))
    found: list[Line] = []
    n = there
    for at, line in typed:
        if len(found) >= MOST:
            found.append(Line(at, wrong="too_many"))
            break
        if _is_tie(line):
            found.append(_tie(at, line, many))
        else:
            n += 1
            found.append(_thing(at, n, line))
    return Reading(found)


def _thing(at: int, n: int, line: str) -> Line:
    kind, rest = _begins("clue_kind", line)
    parts = [part for part in (_PARTS.split(rest) if kind not in ("address", "route") else [rest]) if part]
    if not parts:
        return Line(at, n, wrong="line_not_understood")
    if not kind:
        # Who has more than one fact is somebody.
        shape = _shape(rest if _STOPS.search(rest) else parts[0])
        kind = "route" if shape == "route" else "person" if shape in ("name", "id") or len(parts) > 1 else shape
        if kind == "person" and shape == "address":
            kind, parts = "address", [rest]
    if kind == "route":
        facts = [("place", stop) for stop in _STOPS.split(rest) if stop]
    else:
        facts = [_fact(kind, part, first=i == 0) for i, part in enumerate(parts)]
    wrong = next(
        ("fact_of_other" for fact, _ in facts if fact not in FACTS_OF[kind]),
        next(("not_recognisable" for fact, value in facts if fact in FACTS_OF[kind] and not keys(fact, value)), ""),
    )
    return Line(at, n, told=Told(kind, facts, rest[:200] if kind == "route" else facts[0][1][:200]), wrong=wrong)


def _fact(kind: str, part: str, *, first: bool) -> tuple[str, str]:
    """What one part of a line says of a thing."""
    if kind not in ("person", "victim"):
        return next(iter(FACTS_OF[kind])), part
    fact, rest = _begins("clue_fact", part)
    if fact and rest:
        return fact, rest
    shape = _shape(part)
    if shape in ("name", "place", "route"):
        shape = "name" if first else "alias"
    return shape, part


def _shape(text: str) -> str:
    """What something is by how it looks."""
    plain = unicodedata.normalize("NFKC", text).strip()
    digits = "".join(c for c in plain if c.isdecimal())
    bare = re.sub(r"[\s()+.-]", "", plain)
    if _STOPS.search(plain):
        return "route"
    if _ID.fullmatch(bare):
        return "id"
    if _PLATE.fullmatch(plain):
        return "vehicle"
    if bare.isdecimal():
        abroad = plain.startswith(("+", "00"))
        return "phone" if 7 <= len(digits) <= 12 or (abroad and len(digits) <= 15) else "account" if len(digits) > 12 else "name"
    if _ADDRESS.fullmatch(plain) or (digits and _ADDRESS.match(plain)):
        return "address"
    if not digits and (_PLACE.fullmatch(plain) or _VIETNAMESE_PLACE.match(plain)):
        return "place"
    return "name"


def _is_tie(line: str) -> bool:
    found = _TIE.fullmatch(unicodedata.normalize("NFKC", line))
    return found is not None and _code("clue_verb", found.group(2)) is not None


def _tie(at: int, line: str, many: int) -> Line:
    found = _TIE.fullmatch(unicodedata.normalize("NFKC", line))
    assert found is not None
    one, other, rest = int(found.group(1)) - 1, int(found.group(3)) - 1, found.group(4)
    verb = _code("clue_verb", found.group(2)) or ""
    on, origin, destination = None, None, None
    if day := _DAY.search(rest):
        try:
            on = date(*(int(part) for part in day.groups()))
        except ValueError:
            return Line(at, wrong="line_not_understood")
        rest = rest.replace(day.group(), " ")
    if way := _WAY.search(rest):
        origin, destination = (int(part) - 1 for part in way.groups())
        rest = rest.replace(way.group(), " ")
    said = rest.strip(" ,，;；")
    role = _code("clue_role", said) if said else ""
    ends = [end for end in (one, other, origin, destination) if end is not None]
    if role is None:
        return Line(at, wrong="line_not_understood")
    if one == other or not all(0 <= end < many for end in ends):
        return Line(at, wrong="tie_to_self" if one == other else "no_such_line")
    return Line(at, relation=Relation(one, verb, other, role, on, origin, destination))


def _begins(of: str, line: str) -> tuple[str, str]:
    """The kind with which a line begins, told by its word, and what follows; "" where none is told."""
    plain = unicodedata.normalize("NFC", line)
    low = plain.casefold()
    for word, code in _spoken(of):
        if low.startswith(word):
            rest = plain[len(word) :]
            # A word of letters ends where the letters end; one of hanzi does not, but is no part of a longer name.
            parted = rest[:1] in (":", "：") or rest[:1].isspace() or (not word.isascii() and rest[:1].isdecimal())
            if parted and rest.strip(" :：\t"):
                return code, rest.strip(" :：\t")
    return "", line


def _code(of: str, text: str) -> str | None:
    said = unicodedata.normalize("NFC", text).strip().casefold()
    return next((code for word, code in _spoken(of) if word == said), None)


@lru_cache(maxsize=8)
def _spoken(of: str) -> tuple[tuple[str, str], ...]:
    """The words of a table in every language of the pages, with its codes; the longest first."""
    table = words.WORDS[of]
    said = {code.casefold(): code for code in table} | {code.replace("_", " "): code for code in table}
    said |= {word: code for word, code in _SHORT.items() if code in table}
    for language, _name in settings.LANGUAGES:
        with override(language):
            for code in table:
                said.setdefault(unicodedata.normalize("NFC", str(table[code])).casefold(), code)
    return tuple(sorted(said.items(), key=lambda one: (-len(one[0]), one[0])))
