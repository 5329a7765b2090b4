"""Offers of a child to a place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from factories import custody_model as expected
from trust.gate.case import Case, closes, leaves
from trust.gate.stage import AT, KINDS, Stage, insert

OFFER = "wayhome_custody_handoveroffer_insert_gate"
FOSTER = {
    "ready": "",
    "by three": "",
    "to the second": "",
    "by the own house and two": "",
    "by one": "foster_not_approved",
    "by one house": "foster_not_approved",
    "by the own house": "foster_not_approved",
    "of something else": "foster_not_approved",
    "another institution": "foster_not_approved",
    "expired": "foster_not_approved",
    "ended": "foster_not_approved",
    "used": "foster_not_approved",
    "nobody's": "foster_not_approved",
    "of one found there": "",
    "found": "place_of_rescue",
    "found by phone": "",
}

MERGED = {
    "absorbed": "merged_away",
    "to be absorbed": "",
    "split again": "",
    "to be split": "merged_away",
    "absorbed anew": "merged_away",
}


def fits(kind: str, facility: str) -> bool:
    """Whether a place is for this kind of care."""
    there = expected.FACILITIES[facility][1]
    return there == expected.ANSWERS.get(kind, kind)


def offers(stage: Stage) -> Iterator[Case]:
    """Legal ones, and those that lack one condition each."""

    def case(name: str, code: str, child: str, kind: str, *before: str, **more: Any) -> Case:
        columns = stage.offer_columns(stage.child[child], kind, **more)
        return Case(OFFER, name, code, (*before, insert("custody_handoveroffer", **columns)))

    def refused(offer: str) -> str:
        return insert("custody_offerend", offer_id=stage.offer[offer], code="no_bed", note="", by_id=stage.staff("nurse"), at=AT)

    home = "welfare_institution"
    for one in KINDS:
        for other in KINDS:
            foster = {"foster_id": stage.request["ready"]} if (one, other) == (home, "foster") else {}
            child = "foster ready" if foster else one
            yield case(f"{one} to {other}", "" if (one, other) in expected.STEPS else "no_such_step", child, other, **foster)
            for place in expected.FACILITIES if (one, other) in expected.STEPS and other != "foster" else ():
                code = "" if fits(other, place) else "wrong_kind_of_place"
                yield case(f"{one} to {other} at {place}", code, one, other, to_facility_id=stage.place(place))
    found = "place_of_rescue"
    for name, to, code in (
        ("found at the nursery", "emergency_nursery", found),
        ("found at the nursery's address", "emergency_nursery", found),
        ("found at the nursery's telephone", "emergency_nursery", ""),
        ("found at the nursery", home, ""),
        ("found at the nursery's address", home, ""),
    ):
        yield case(f"{name}, to {to}", code, name, to, refused(name), refused(f"{name}, to a home"))
    yield case("an old episode", "not_current", home, "hospital", from_episode_id=stage.head[stage.child[home]] - 1)
    yield case("another's episode", "not_current", home, "hospital", from_episode_id=stage.head[stage.child["foster"]])
    for name, code in MERGED.items():
        yield case(name, code, name, "hospital", refused(name))
    yield case("closed", "place_closed", home, "hospital", closes(stage, "hospital"))
    yield case("another closed", "", home, "hospital", closes(stage, "nursery"))
    for name in ("uncleared", "unfit", "fit before"):
        yield case(name, "not_cleared", name, home, refused(name))
    for name, code in FOSTER.items():
        yield case(f"foster {name}", code, f"foster {name}", "foster", foster_id=stage.request[name])
    yield case("foster without a request", "foster_not_approved", "foster ready", "foster")
    ready = stage.request["ready"]
    yield case("a request and no foster care", "foster_not_approved", "foster ready", home, foster_id=ready)
    nursery = {"to_facility_id": stage.place("nursery")}
    yield case("foster at the nursery", "wrong_kind_of_place", "foster ready", "foster", foster_id=ready, **nursery)
    yield case("another child's request", "foster_not_approved", "foster by one", "foster", foster_id=ready)
    at_gd = {"to_facility_id": stage.place("home_gd")}
    yield case("another home than asked", "foster_not_approved", "foster ready", "foster", foster_id=ready, **at_gd)
    gone = leaves(stage, "supervisor")
    yield case("an approver left", "foster_not_approved", "foster ready", "foster", gone, foster_id=ready)
    gone = leaves(stage, "officer2")
    yield case("somebody else left", "", "foster ready", "foster", gone, foster_id=ready)
    pk = stage.child[home]
    yield case("no band", "wristband", home, "hospital", wristband="0")
    yield case("an old band", "wristband", home, "hospital", wristband=f"old {pk}"[:12])
    yield case("another's band", "wristband", home, "hospital", wristband=str(stage.child["foster"]))
    wrong = "giver_not_custodian"
    yield case("another agency", wrong, home, "hospital", giver_id=stage.staff("caseworker_gd"))
    yield case("the agency before", wrong, home, "hospital", giver_id=stage.staff("nurse"))
    yield case("nobody", wrong, home, "hospital", giver_id=999_999)
    yield case("left", wrong, home, "hospital", leaves(stage, "caseworker"))
    yield case("another left", "", home, "hospital", leaves(stage, "nurse2"))
    pending = insert("custody_handoveroffer", **stage.offer_columns(pk, "hospital", id=800_001))
    end = insert("custody_offerend", offer_id=800_001, code="no_bed", note="", by_id=stage.staff("nurse"), at=AT)
    yield case("offered already", "already_offered", home, "hospital", pending)
    yield case("offered and refused", "", home, "hospital", pending, end)
    yield case("offered already, another refused", "already_offered", home, "hospital", pending, refused("old"))
