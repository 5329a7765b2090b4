"""Episodes of custody: the first, those that follow an offer, and the last."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from factories import custody_model as expected
from trust.gate.case import Case, closes, leaves
from trust.gate.offers import FOSTER, MERGED, fits
from trust.gate.stage import AT, BEFORE, KINDS, Stage, insert
from wayhome.casework.accounts.rules import Role

EPISODE = "wayhome_custody_custodyepisode_insert_gate"


def episodes(stage: Stage) -> Iterator[Case]:
    """Those after the first."""

    def case(name: str, code: str, child: str, kind: str, offer: str | None, *before: str, **more: Any) -> Case:
        columns = stage.episode_columns(stage.child[child], kind, stage.offer[offer] if offer else None, **more)
        return Case(EPISODE, name, code, (*before, insert("custody_custodyepisode", **columns)))

    home, taken = "welfare_institution", "offered welfare_institution"
    for one in KINDS:
        for other in KINDS:
            code = "" if (one, other) in expected.STEPS else "no_such_step"
            if other == "deceased":
                code = "death_by_doctor"
            if (one, other) == (home, "foster"):
                yield case(f"{one} to {other}", code, "fostered ready", other, "foster ready")
                continue
            yield case(f"{one} to {other}", code, f"offered {one}", other, f"{one} {other}")
            for place in expected.FACILITIES if code == "" else ():
                if not fits(other, place):
                    offered, there = f"{one} {other} at {place}", {"facility_id": stage.place(place)}
                    yield case(offered, "wrong_kind_of_place", f"offered {one}", other, offered, **there)
    found = "place_of_rescue"
    for name, code in (("at the nursery", found), ("at the nursery's address", found), ("at the nursery's telephone", "")):
        yield case(f"found {name}", code, f"found {name}", "emergency_nursery", f"found {name}")
    for name in ("at the nursery", "at the nursery's address"):
        yield case(f"found {name}, to a home", "", f"found {name}", home, f"found {name}, to a home")
    nursery = {"facility_id": stage.place("nursery")}
    wrong_place = "wrong_kind_of_place"
    yield case("foster at the nursery", wrong_place, "fostered ready", "foster", "foster at the nursery", **nursery)
    yield case("found elsewhere", "", "found elsewhere", "emergency_nursery", "found elsewhere")
    yield case("two further", "not_current", taken, "hospital", "with escort", n=5)
    yield case("begun before", "before_last", taken, "hospital", "with escort", started_at=BEFORE)
    yield case("begun at once", "", taken, "hospital", "with escort", started_at=AT)
    yield case("another receiver", "", taken, "hospital", "with escort", responsible_id=stage.staff("doctor"))
    yield case("an old offer", "no_offer", taken, "hospital", "old")
    yield case("no offer", "no_offer", taken, "hospital", None)
    yield case("an offer that ended", "no_offer", taken, "hospital", "ended")
    yield case("another child's offer", "no_offer", taken, "hospital", "foster hospital")
    post = {"facility_id": stage.place("home_gd"), "responsible_id": stage.staff("caseworker_gd")}
    yield case("another place than offered", "no_offer", taken, home, f"{home} {home}", **post)
    yield case("the place offered", "", taken, home, "to another home", **post)
    yield case("another kind than offered", "no_offer", taken, "hospital", f"{home} {home}", facility_id=stage.place("home"))
    yield case("the wrong place", "wrong_kind_of_place", taken, home, "to the wrong place", facility_id=stage.place("relief"))
    for name, code in MERGED.items():
        yield case(name, code, name, "hospital", name)
    yield case("closed", "place_closed", taken, "hospital", "with escort", closes(stage, "hospital"))
    yield case("another closed", "", taken, "hospital", "with escort", closes(stage, "nursery"))
    for name in ("uncleared", "unfit", "fit before", "begun in hospital"):
        yield case(name, "not_cleared", name, home, name)
    for name, code in FOSTER.items():
        yield case(f"foster {name}", code, f"fostered {name}", "foster", f"foster {name}")
    for name, kind in (("foster without a request", "foster"), ("a request and no foster care", home)):
        yield case(name, "foster_not_approved", "fostered ready", kind, name)
    yield case("another child's request", "foster_not_approved", "fostered ready", "foster", "another child's request")
    yield case("an approver left", "foster_not_approved", "fostered ready", "foster", "foster ready", leaves(stage, "supervisor"))
    yield case("somebody else left", "", "fostered ready", "foster", "foster ready", leaves(stage, "officer2"))
    yield case(
        "foster care begun late",
        "foster_not_approved",
        "fostered to the second",
        "foster",
        "foster to the second",
        started_at="2011-07-20 08:00:02",
    )
    yield case("no band", "wristband", taken, "hospital", "with escort", wristband="0")
    yield case("an old band", "wristband", taken, "hospital", "with escort", wristband=f"old {stage.child[taken]}"[:12])
    yield case("another's band", "wristband", taken, "hospital", "with escort", wristband=str(stage.child["foster"]))
    yield case("one who signs twice", "one_signatory", taken, home, "by the receiver")
    for name in ("by the wrong agency", "by the first agency"):
        yield case(name, "giver_not_custodian", taken, "hospital", name)
    yield case("the giver left", "giver_not_custodian", taken, "hospital", "with escort", leaves(stage, "caseworker"))
    wrong = "receiver_not_of_place"
    yield case("the receiver left", wrong, taken, "hospital", "with escort", leaves(stage, "nurse2"))
    yield case("somebody else left too", "", taken, "hospital", "with escort", leaves(stage, "nurse"))
    yield case("a receiver of another agency", wrong, taken, "hospital", "with escort", responsible_id=stage.staff("officer2"))
    yield case("nobody receives", wrong, taken, "hospital", "with escort", responsible_id=999_999)
    yield case("a receiver of another role", wrong, taken, home, f"{home} {home}", responsible_id=stage.staff("placement"))
    for role in Role:
        code = "" if role in ("officer", "nurse", "doctor", "caseworker", "partner_liaison") else wrong
        member = stage.member["welfare", role]
        yield case(f"a receiver who is a {role}", code, taken, home, f"{home} {home}", responsible_id=member)
    ward = {"responsible_id": stage.staff("doctor")}
    dead = "death_by_doctor"
    yield case("a death", "", "hospital", "deceased", None, **ward)
    yield case("a death where no more are taken in", "", "hospital", "deceased", None, closes(stage, "hospital"), **ward)
    yield case("a death without the band", "", "hospital", "deceased", None, **ward, wristband="0")
    yield case("a death elsewhere", dead, "hospital", "deceased", None, **ward, facility_id=stage.place("home"))
    yield case("a death not in hospital", dead, home, "deceased", None, **ward, facility_id=stage.place("home"))
    yield case("a death not in a hospital's books", dead, home, "deceased", None, **ward)
    yield case("a death by a nurse", dead, "hospital", "deceased", None, responsible_id=stage.staff("nurse"))
    yield case("a death by somebody who left", dead, "hospital", "deceased", None, leaves(stage, "doctor"), **ward)
    at_home = {"responsible_id": stage.member["welfare", Role.DOCTOR]}
    yield case("a death in a home by its doctor", dead, home, "deceased", None, **at_home, facility_id=stage.place("home"))
    yield case(
        "a death in hospital told by a home", dead, "hospital", "deceased", None, **at_home, facility_id=stage.place("home")
    )
    yield case("a death told by a doctor of elsewhere", dead, "hospital", "deceased", None, **at_home)
    yield case("a death of one absorbed", "", "absorbed in hospital", "deceased", None, **ward)
    yield case("of another child's from here", "no_offer", taken, "hospital", "of another child")
    # The first handover of a child is held to all of it too.
    post_gd = {"facility_id": stage.place("post_gd")}
    for name, code, kind, more in (
        ("new", "", "hospital", {}),
        ("new, to a home", "no_such_step", home, {}),
        ("new, to the wrong place", "wrong_kind_of_place", "hospital", {"facility_id": stage.place("home")}),
        ("new, with a request", "foster_not_approved", "hospital", {}),
        ("new", "wristband", "hospital", {"wristband": "0"}),
        ("new, by the receiver", "one_signatory", "police", post_gd | {"responsible_id": stage.staff("officer_gd")}),
        ("new, by another", "giver_not_custodian", "hospital", {}),
        ("new", "receiver_not_of_place", "hospital", {"responsible_id": stage.staff("officer")}),
    ):
        yield case(f"{name}: {code}", code, "new", kind, name, **more)
    yield case("new, without an offer", "no_offer", "new", "hospital", None)
    yield case("new and absorbed", "merged_away", "new and absorbed", "hospital", "new and absorbed")
    yield case("new, at a closed place", "place_closed", "new", "hospital", "new", closes(stage, "hospital"))
    yield case("a death with an offer", dead, "offered hospital", "deceased", "hospital deceased", **ward)


def first_episodes(stage: Stage) -> Iterator[Case]:
    """With which a chain begins."""

    def case(name: str, code: str, *before: str, **more: Any) -> Case:
        columns = {
            "child_id": 88_000_001,
            "n": 1,
            "kind": "police",
            "facility_id": stage.place("post"),
            "responsible_id": stage.staff("officer"),
            "offer_id": None,
            "wristband": "88000001",
            "condition": "",
            "started_at": AT,
            "at": AT,
        } | more
        return Case(EPISODE, f"first: {name}", code, (*before, insert("custody_custodyepisode", **columns)))

    yield case("legal", "")
    yield case("begun long ago", "", started_at="2001-01-01 00:00:00")
    yield case("of a child that is there", "not_current", child_id=stage.child["without episodes"])
    yield case("of a chain that is there", "not_current", child_id=77_000_002)
    yield case("as the second", "not_current", n=2)
    yield case("as none", "not_current", n=0)
    yield case("in hospital", "first_is_police", kind="hospital", facility_id=stage.place("hospital"))
    yield case("with an offer", "first_is_police", offer_id=stage.offer["police police"])
    wrong = "receiver_not_of_place"
    yield case("of another police", wrong, responsible_id=stage.staff("officer_gd"))
    yield case("by nobody", wrong, responsible_id=999_999)
    yield case("by somebody who left", wrong, leaves(stage, "officer"))
    yield case("somebody else left", "", leaves(stage, "nurse"))
    yield case("by a caseworker", wrong, responsible_id=stage.staff("caseworker"), facility_id=stage.place("home"))
    yield case("at a home", wrong, facility_id=stage.place("home"))
    yield case("at a nursery of the police", "wrong_kind_of_place", facility_id=stage.row["nursery of the police"])
    yield case("at a closed post", "place_closed", closes(stage, "post"))
    yield case("another post closed", "", closes(stage, "post_gd"))
