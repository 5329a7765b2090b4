"""Words of clues, the steps of one, by what two are alike, and what that is worth. Pure.

Nobody is recognised by nationality, ethnicity, language or sex: there is no key of these, so that no score can hold one.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import log2
from types import MappingProxyType

from wayhome import kinship
from wayhome.casework.core.keys import keys_of

CHANNELS = ("hotline", "visit", "letter", "message", "patrol", "interview", "partner", "board", "other")
LANGUAGES = ("zh", "vi", "en", "other")
SOURCE_GRADES = "ABCDEF"
"""Reliability of the source: A always, E never, F cannot be judged."""
INFO_GRADES = range(1, 7)
"""Credibility of what was told: 1 confirmed, 5 improbable, 6 cannot be judged."""
KINDS = ("person", "victim", "phone", "account", "vehicle", "address", "place", "route")
FACTS = ("name", "alias", "id", "phone", "account", "vehicle", "address", "place")
FACTS_OF: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "person": frozenset({"name", "alias", "id", "phone", "address", "vehicle", "account"}),
        "victim": frozenset({"name", "alias", "id"}),
        "phone": frozenset({"phone"}),
        "account": frozenset({"account"}),
        "vehicle": frozenset({"vehicle"}),
        "address": frozenset({"address"}),
        "place": frozenset({"place"}),
        "route": frozenset({"place"}),
    }
)
"""By what each thing that a clue speaks of is recognised; the stops of a route are places."""
VERBS = ("uses", "drives", "lives_at", "carries", "seen_at", "kin_of", "pays", "moves", "travels", "calls")
ROLES = ("", "suspect", "organiser", "transporter", "intermediary", "buyer", "seller", "medical", "witness", "victim")
NEXT: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "": frozenset({"received"}),
        "received": frozenset({"triaged"}),
        "triaged": frozenset({"assigned", "unfounded", "dormant"}),
        "assigned": frozenset({"assigned", "linked", "corroborated", "unfounded", "dormant"}),
        "linked": frozenset({"assigned", "corroborated", "actioned", "unfounded", "dormant"}),
        "corroborated": frozenset({"assigned", "linked", "actioned", "unfounded", "dormant"}),
        "dormant": frozenset({"assigned"}),
        "actioned": frozenset(),
        "unfounded": frozenset({"assigned"}),
    }
)
"""What may follow which step. What slept or seemed unfounded is woken by giving it to somebody."""
STATES = tuple(state for state in NEXT if state)

HARD: Mapping[str, float] = MappingProxyType({"id": 10.0, "phone": 9.0, "account": 9.0, "vehicle": 8.0, "address": 6.0})
"""Worth of what few share, where two clues alone have it."""
FADES = 1.15
"""A telephone says who somebody is as long as few have it, and so is worth less the faster the more do: a bus company's."""
WEAK: Mapping[str, float] = MappingProxyType({"name": 4.0, "slip": 2.5, "place": 1.0})
WEAK_MOST = 7.0
"""Weak reasons add up to less than one telephone that two clues share."""
SAME_DAYS = 14
NEAR = 1.5
"""Worth of the same place within `SAME_DAYS` days, where two alone name it."""
PROPOSED = 5.0
"""From what score on two clues are proposed."""
HIT_MOST = 20
"""A telephone of a bus company tells nothing: what more clues than this share is no hit."""
HIT_OF_ONE = 4
"""As more than these clues of one agency do not count for it: whoever takes many down hides nothing from others."""
HIT_LOOKED_AT = 500
"""What more clues than this have is no hit, whoever took them down."""
CONTACT = frozenset({"id", "phone", "account", "vehicle"})
"""Kinds by which clues of which one may not be read are a hit."""
_LONGEST_KEY = 120
_PLACE_WORDS = ("特别行政区", "自治区", "自治县", "省", "市", "县", "區", "区", "镇", "乡", "村", "口岸")


@dataclass(frozen=True, slots=True)
class Told:
    """Somebody or something that a clue speaks of, as it is taken down: facts as (kind, value); the label is the first of them
    where none is given."""

    kind: str
    facts: Sequence[tuple[str, str]]
    label: str = ""


@dataclass(frozen=True, slots=True)
class Relation:
    """Who does what with whom: ends are places in the list of what the clue speaks of, the first is 0."""

    one: int
    verb: str
    other: int
    role: str = ""
    on: date | None = None
    origin: int | None = None
    destination: int | None = None


@dataclass(frozen=True, slots=True)
class Shared:
    """A key that two clues share.

    Parameters
    ----------
    kind : of the key: name, slip, phone...
    key : itself.
    mention : what it is a key of in the clue that is asked about.
    value : as it was told there.
    holders : how many clues that the asker may read have it.
    """

    kind: str
    key: str
    mention: int
    value: str
    holders: int


@dataclass(frozen=True, slots=True)
class Holder:
    """A clue that has a number, who holds it, and how it is graded."""

    clue: int
    agency: str
    source_grade: str
    info_grade: int

    @property
    def good(self) -> bool:
        """The source is at least fairly reliable, and what it tells at least possible."""
        return self.source_grade in "ABC" and self.info_grade <= 3


@dataclass(frozen=True, slots=True)
class Reason:
    """Why two clues may belong together, with what it is worth; `kind` is near for place and time together."""

    kind: str
    value: str
    holders: int
    worth: float


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody said of a pair, on the side of which clue; `n` counts up."""

    side: int
    staff: int
    confirmed: bool
    n: int


def keys(fact: str, value: str) -> set[tuple[str, str]]:
    """Keys of one fact, see `core.keys`.

    >>> keys("account", "6222 0211-0909") == keys("account", "６２２２０２１１０９０９")
    True
    >>> ("place", "dongxing") in keys("place", "东兴市")
    True
    """
    if fact == "account":
        plain = "".join(c for c in unicodedata.normalize("NFKC", value).casefold() if c.isalnum())
        return {("account", plain[:_LONGEST_KEY])} if len(plain) >= 4 else set()
    if fact == "place":
        text = unicodedata.normalize("NFKC", value).strip()
        for word in _PLACE_WORDS:
            if len(text) > len(word) + 1 and text.endswith(word):
                text = text.removesuffix(word)
                break
        return {("place", one[:_LONGEST_KEY]) for one in kinship.foldings(text) if one}
    return {(str(kind), key) for kind, key in keys_of("name" if fact == "alias" else fact, value)}


def script_of(text: str) -> str:
    """In which script something is written.

    >>> script_of("王秀英"), script_of("Nguyễn Thị Hoa"), script_of("Wang")
    ('hani', 'latn_vi', 'latn')
    """
    if any("CJK" in unicodedata.name(c, "") for c in text):
        return "hani"
    plain = unicodedata.normalize("NFC", text)
    return "latn" if plain.isascii() else "latn_vi" if any(c.isalpha() for c in plain) else ""


def rarity(holders: int) -> float:
    """What sharing a key is worth beside what it is worth where two alone have it: a half at 8, a seventh at 4,000.

    >>> rarity(2), rarity(8), round(rarity(4000), 2)
    (1.0, 0.5, 0.15)
    """
    return 1 / (1 + log2(max(holders, 2) / 2) / 2)


def link(shared: Iterable[Shared], days: int | None) -> tuple[float, list[Reason]]:
    """What speaks for two clues belonging together, and all of it added up.

    Of a name with its readings and slips the best counts; weak reasons have a cap.

    Parameters
    ----------
    days : between the dates of the two, None where one has no date.
    """
    best: dict[tuple[str, int | str], Reason] = {}
    for one in shared:
        rare = rarity(one.holders)
        worth = HARD[one.kind] * rare**FADES if one.kind in HARD else WEAK[one.kind] * rare
        kind = "name" if one.kind == "slip" else one.kind
        # A name has many keys and an address several, of which the best counts.
        slot = (kind, one.mention if kind in ("name", "address", "place") else one.key)
        if slot not in best or best[slot].worth < worth:
            best[slot] = Reason(one.kind, one.value, one.holders, worth)
    reasons = list(best.values())
    places = [reason for reason in reasons if reason.kind == "place"]
    if places and days is not None and days <= SAME_DAYS:
        rarest = max(places, key=lambda reason: reason.worth)
        reasons.append(Reason("near", rarest.value, rarest.holders, NEAR * rarity(rarest.holders)))
    hard = sum(reason.worth for reason in reasons if reason.kind in HARD)
    weak = sum(reason.worth for reason in reasons if reason.kind not in HARD)
    return round(hard + min(weak, WEAK_MOST), 2), sorted(reasons, key=lambda reason: (-reason.worth, reason.kind, reason.value))


def hit_with(clue: int, holders: Collection[Holder]) -> set[int]:
    """Clues with which one is a hit, of all that have a number: as long as few have it, those of one agency counted up to
    `HIT_OF_ONE`.

    Clues of which nobody knows whether they are true make a number common for one another alone: where too many have it, those
    that are graded well still are a hit with one another.
    """
    for some in (holders, [one for one in holders if one.good]):
        of_each = Counter(one.agency for one in some)
        if sum(min(n, HIT_OF_ONE) for n in of_each.values()) <= HIT_MOST and clue in (told := {one.clue for one in some}):
            return told - {clue}
    return set()


def days_apart(one: Sequence[date], other: Sequence[date]) -> int | None:
    """Days between the nearest dates of two clues."""
    return min((abs((a - b).days) for a in one for b in other), default=None)


def standing(said: Iterable[Said], sides: frozenset[int]) -> str:
    """How a pair stands: rejected if the last word of a side is no, confirmed if each side that must say so did, else open.

    Parameters
    ----------
    sides : clues of which each needs a yes: both where their jurisdictions are two, none of them alone where it is one.
    """
    last: dict[int, Said] = {}
    for one in sorted(said, key=lambda one: one.n):
        last[one.side] = one
    if any(not one.confirmed for one in last.values()):
        return "rejected"
    yes = {one.side for one in last.values()}
    if sides:
        return "confirmed" if sides <= yes and len({one.staff for one in last.values()}) > 1 else "open"
    return "confirmed" if yes else "open"


def components(start: int, pairs: Iterable[tuple[int, int]]) -> set[int]:
    """Everything that is joined to `start`, itself among it.

    >>> sorted(components(1, [(1, 2), (2, 3), (4, 5)]))
    [1, 2, 3]
    """
    beside: dict[int, set[int]] = {}
    for one, other in pairs:
        beside.setdefault(one, set()).add(other)
        beside.setdefault(other, set()).add(one)
    seen, waiting = {start}, [start]
    while waiting:
        new = beside.get(waiting.pop(), set()) - seen
        seen |= new
        waiting += new
    return seen
