"""What the custody gate should say, written a second time and another way: a model in plain Python to hold the house against.

It knows children, offers, exclusions and foster requests as sets, and none of the house's rules, queries or SQL.
"""

from __future__ import annotations

from dataclasses import dataclass, field

STAFF = {
    "officer": ("police", "officer"),
    "officer2": ("police", "officer"),
    "officer_gd": ("police_gd", "officer"),
    "nurse": ("hospital_agency", "nurse"),
    "nurse2": ("hospital_agency", "nurse"),
    "doctor": ("hospital_agency", "doctor"),
    "caseworker": ("welfare", "caseworker"),
    "caseworker2": ("welfare", "caseworker"),
    "caseworker_gd": ("welfare_gd", "caseworker"),
    "supervisor": ("ministry", "supervisor"),
    "supervisor2": ("civil", "supervisor"),
}
FACILITIES = {
    "post": ("police", "police"),
    "post_gd": ("police_gd", "police"),
    "hospital": ("hospital_agency", "hospital"),
    "nursery": ("welfare", "emergency_nursery"),
    "relief": ("welfare", "relief_station"),
    "home": ("welfare", "welfare_institution"),
    "home_gd": ("welfare_gd", "welfare_institution"),
    "abroad": ("partner", "partner_authority"),
}
KINDS = ("police", "hospital", "emergency_nursery", "relief_station", "welfare_institution", "foster")
LIKELY = frozenset(KINDS) - {"foster"}
"""What a house does without a request or a release of its own."""
STEPS = {
    ("police", "police"),
    ("police", "hospital"),
    ("hospital", "hospital"),
    ("hospital", "emergency_nursery"),
    ("hospital", "relief_station"),
    ("hospital", "welfare_institution"),
    ("emergency_nursery", "hospital"),
    ("emergency_nursery", "emergency_nursery"),
    ("emergency_nursery", "relief_station"),
    ("emergency_nursery", "welfare_institution"),
    ("relief_station", "hospital"),
    ("relief_station", "welfare_institution"),
    ("welfare_institution", "hospital"),
    ("welfare_institution", "welfare_institution"),
    ("welfare_institution", "foster"),
    ("foster", "hospital"),
    ("foster", "welfare_institution"),
    ("welfare_institution", "reunified"),
    ("foster", "reunified"),
    ("welfare_institution", "repatriated"),
    ("foster", "repatriated"),
    ("reunified", "hospital"),
    ("reunified", "welfare_institution"),
}
ANSWERS = {"foster": "welfare_institution", "reunified": "welfare_institution", "repatriated": "partner_authority"}
"""The kind of place that answers for a child who is not in one of its own kind."""

WITH_BEDS = ("emergency_nursery", "relief_station", "welfare_institution")
ROOM = frozenset({"capacity_unknown", "no_bed", "no_carer", "risk_area", "siblings_apart"})
"""What stands against a place rather than a person; told when nothing else does."""
PROVINCE = {"nursery": "GX", "relief": "GX", "home": "GX", "home_gd": "GD"}

PERSONS: dict[str, tuple[tuple[str, str], ...]] = {
    "buyer": (("name", "农晓红"), ("id", "452801197503120021"), ("phone", "13877001234"), ("address", "广西东兴市教育路8号")),
    "buyer_pinyin": (("name", "Nong Xiaohong"), ("id", "900000190001010011")),
    "buyer_slip": (("name", "Nong Xiaohng"), ("id", "900000190001010012")),
    "buyer_phone": (("name", "Hoàng Văn Nam"), ("phone", "+86 138 7700 1234"), ("id", "900000190001010013")),
    "spouse": (("name", "凌大伟"), ("id", "452801197303120031")),
    "spouses_mother": (("name", "岑桂芝"), ("id", "452801194503120042")),
    "nurses_namesake": (("name", "王秀英"),),
    "caseworkers_namesake": (("name", "黄美玲"), ("id", "450000199001010059")),
    "stranger": (("name", "闭玉莲"), ("id", "450601198001010063")),
}
TIES = (("buyer", "spouse", "spouse"), ("spouse", "spouses_mother", "parent"))
RECOGNISED = {
    "buyer": {"buyer", "buyer_pinyin", "buyer_slip", "buyer_phone"},
    "buyer_pinyin": {"buyer", "buyer_pinyin", "buyer_slip"},
    "buyer_slip": {"buyer", "buyer_pinyin", "buyer_slip"},
    "buyer_phone": {"buyer", "buyer_phone"},
}
"""Who passes for whom; everybody passes for themselves."""
KIN = {
    ("buyer", "spouse"),
    ("spouse", "buyer"),
    ("spouse", "spouses_mother"),
    ("spouses_mother", "spouse"),
    ("buyer", "spouses_mother"),
    ("spouses_mother", "buyer"),
}
STAFF_LIKE = {"nurse": "nurses_namesake"}
"""Staff whom an excluded person without a known identity number passes for. The caseworker's namesake has one: no match."""
HOMES = {"clean": "广西钦州市安州大道77号", "buyers": "东兴市教育路8号2楼", "found": "广西东兴市北仑大道12号"}
HOME_OF = {"buyers": "buyer"}


def passes_for(one: str) -> set[str]:
    """Persons in the records whom somebody is recognised as."""
    return RECOGNISED.get(one, set()) | {one}


@dataclass
class Request:
    """A foster request."""

    child: int
    institution: str
    person: str
    home: str
    agencies: set[str] = field(default_factory=set)
    ended: bool = False
    used: bool = False


@dataclass
class Offer:
    """A handover offered."""

    child: int
    n: int
    to: str
    kind: str
    giver: str
    escort: str | None
    request: int | None


@dataclass
class ChildState:
    """A child as the model sees it."""

    kind: str = "police"
    facility: str = "post"
    n: int = 1
    fit: bool = False
    offer: int | None = None
    request: int | None = None


@dataclass
class Model:
    """The world as it should be."""

    children: dict[int, ChildState] = field(default_factory=dict)
    offers: dict[int, Offer] = field(default_factory=dict)
    requests: dict[int, Request] = field(default_factory=dict)
    excluded: set[tuple[str, int | None]] = field(default_factory=set)
    addresses: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    room: dict[str, tuple[int, int] | None] = field(default_factory=dict)
    """Children that cots and carers are enough for; None if that was told too long ago."""
    risks: set[tuple[int, str]] = field(default_factory=set)
    siblings: list[set[int]] = field(default_factory=list)

    def group(self, children: set[int]) -> None:
        """These are siblings, and so are theirs."""
        touched = [one for one in self.siblings if one & children]
        self.siblings = [one for one in self.siblings if not one & children] + [children.union(*touched)]

    def together(self, child: int, offer: Offer) -> bool:
        """Whether all siblings who have settled are where this child goes, or are going there."""

        def household(request: int | None) -> str:
            return self.requests[request].person if request is not None else ""

        there = (offer.to, offer.kind, household(offer.request))
        for one in {one for group in self.siblings if child in group for one in group} - {child}:
            sibling = self.children[one]
            if sibling.kind in ("police", "hospital"):
                continue
            going = self.offers[sibling.offer] if sibling.offer is not None else None
            places = [(sibling.facility, sibling.kind, household(sibling.request))]
            places += [(going.to, going.kind, household(going.request))] if going is not None else []
            if there not in places:
                return False
        return True

    def room_for(self, child: int, offer: Offer) -> set[str]:
        """What stands against the place."""
        codes = set()
        if offer.kind in WITH_BEDS and offer.to in PROVINCE:
            there = sum(
                other.facility == offer.to and other.kind in WITH_BEDS for one, other in self.children.items() if one != child
            )
            told = self.room.get(offer.to)
            if told is None:
                codes.add("capacity_unknown")
            else:
                codes |= {code for code, most in zip(("no_bed", "no_carer"), told, strict=True) if there + 1 > most}
        if offer.kind in (*WITH_BEDS, "foster"):
            if (child, PROVINCE.get(offer.to, "")) in self.risks:
                codes.add("risk_area")
            if not self.together(child, offer):
                codes.add("siblings_apart")
        return codes

    def met(self, who: str, child: int) -> set[str]:
        """How somebody from outside meets the exclusions of a child."""
        out = {person for person, only in self.excluded if only in (None, child)}
        codes = {"excluded"} if passes_for(who) & out else set()
        if any((one, other) in KIN for one in passes_for(who) for other in out):
            codes.add("kin_of_excluded")
        return codes

    def lives_with(self, who: str, child: int) -> set[str]:
        """How an address meets the exclusions of a child, being that of somebody in the records and of nobody else."""
        out = {person for person, only in self.excluded if only in (None, child)}
        codes = {"excluded"} if who in out else set()
        if any((who, other) in KIN for other in out):
            codes.add("kin_of_excluded")
        return codes

    def staff_met(self, who: str, child: int) -> set[str]:
        """How a member of staff does."""
        return self.met(STAFF_LIKE[who], child) if who in STAFF_LIKE else set()

    def foster_ready(self, request: int | None, child: int, to: str) -> bool:
        """Whether foster care was approved, for this child and this institution, and not used or ended."""
        if request is None:
            return False
        asked = self.requests[request]
        return (asked.child, asked.institution) == (child, to) and len(asked.agencies) >= 2 and not asked.ended and not asked.used

    def wrong(self, offer: Offer, *, receiver: str | None, band: bool) -> set[str]:
        """Every reason against a handover."""
        child = self.children[offer.child]
        agency, kind = FACILITIES[offer.to]
        codes = self.staff_met(offer.giver, offer.child)
        if offer.escort:
            codes |= self.met(offer.escort, offer.child)
        if offer.to in self.addresses:
            codes.add("excluded")
        if offer.request is not None:
            asked = self.requests[offer.request]
            codes |= self.met(asked.person, offer.child)
            if asked.home in HOME_OF:
                codes |= self.lives_with(HOME_OF[asked.home], offer.child)
            if asked.home == "found":
                codes.add("place_of_rescue")
        if offer.n != child.n:
            codes.add("not_current")
        if (child.kind, offer.kind) not in STEPS:
            codes.add("no_such_step")
        if kind != ANSWERS.get(offer.kind, offer.kind):
            codes.add("wrong_kind_of_place")
        if child.kind == "hospital" and not child.fit:
            codes.add("not_cleared")
        if (offer.kind == "foster") != (offer.request is not None) or (
            offer.kind == "foster" and not self.foster_ready(offer.request, offer.child, offer.to)
        ):
            codes.add("foster_not_approved")
        if not band:
            codes.add("wristband")
        if STAFF[offer.giver][0] != FACILITIES[child.facility][0] or offer.giver in self.gone:
            codes.add("giver_not_custodian")
        if offer.to in self.gone:
            codes.add("place_closed")
        if receiver is not None:
            codes |= self.staff_met(receiver, offer.child)
            if receiver == offer.giver:
                codes.add("one_signatory")
            if STAFF[receiver][0] != agency or STAFF[receiver][1] == "supervisor" or receiver in self.gone:
                codes.add("receiver_not_of_place")
            codes |= self.room_for(offer.child, offer)
        return codes
