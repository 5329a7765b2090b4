"""Homes that are asked and answer, what they tell, and who decides on siblings, buyers and money."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from factories import custody_model as expected
from trust.gate.case import Case, closes, judged, leaves
from trust.gate.offers import MERGED
from trust.gate.room import BEDS, Sql, Statements, kept, near_buyers, room
from trust.gate.stage import AFTER, AT, Stage, insert
from wayhome.casework.accounts.rules import Role


def asked(stage: Stage) -> Iterator[Case]:
    """A home is asked to take a child."""
    child = stage.child["unfit"]
    sql = Sql(stage, child, stage.child["fit before"])

    def ask(name: str, code: str, *before: str, **more: Any) -> Case:
        columns = {"child_id": child, "facility_id": stage.place("home"), "line_id": None, "reason": ""}
        write = insert("placements_placement", **columns | {"by_id": stage.staff("placement"), "at": AFTER} | more)
        return judged("placements_placement_insert_gate", name, code, *before, write)

    yield ask("legal", "")
    found = "place_of_rescue"
    for name, code in (("at the nursery", found), ("at the nursery's address", found), ("at the nursery's telephone", "")):
        of = {"child_id": stage.child[f"found {name}"]}
        yield ask(f"where it was found: {name}", code, **of, facility_id=stage.place("nursery"))
        yield ask(f"elsewhere than {name}", "", **of)
    yield ask("at the nursery, found elsewhere", "", facility_id=stage.place("nursery"))
    yield from near_buyers(sql, lambda name, code, before: ask(name, code, *before))
    yield ask("in another province than the buyer", "", sql.risk(child, "GX"), facility_id=sql.elsewhere)
    for place in expected.FACILITIES:
        code = "" if expected.FACILITIES[place][1] in BEDS else "wrong_kind_of_place"
        yield ask(f"at {place}", code, facility_id=stage.place(place))
    for kind in ("police", "foster", "deceased"):
        yield ask(f"at a place for {kind}", "wrong_kind_of_place", facility_id=stage.row[f"a place for {kind}"])
    yield ask("of nobody", "wrong_kind_of_place", facility_id=999_999)
    yield ask("of a home that closed", "wrong_kind_of_place", closes(stage, "home"))
    yield ask("another home closed", "", closes(stage, "nursery"))
    for role in Role:
        code = "" if role in ("placement_officer", "supervisor", "caseworker") else "not_allowed"
        yield ask(f"by a {role}", code, by_id=stage.member["police", role])
    yield ask("by nobody", "not_allowed", by_id=999_999)
    yield ask("by somebody who left", "not_allowed", leaves(stage, "placement"))
    yield ask("somebody else left", "", leaves(stage, "caseworker"))
    for name, code in MERGED.items():
        yield ask(name, code, child_id=stage.child[name])
    yield ask("asked already", "already_proposed", sql.placed(child))
    yield ask("asked elsewhere already", "already_proposed", sql.placed(child, home=sql.elsewhere))
    yield ask("another asked for already", "", sql.placed(sql.other))
    yield ask("asked and ended", "", sql.placed(child), sql.ended())
    third = sql.placed(stage.child["hospital"], pk=730_002)
    yield ask("asked already, another ended", "already_proposed", sql.placed(child), third, sql.ended(pk=730_002))
    for name, waits, before in kept(sql, child):
        yield ask(name, "already_proposed" if waits else "", *before)


def answers(stage: Stage) -> Iterator[Case]:
    """A home accepts or refuses, and what was asked is ended."""
    sql = Sql(stage, stage.child["arrives"], stage.child["first"])
    home, told = stage.row["asked of the small home"], sql.report()
    guard = "placements_placementanswer_insert_gate"

    def answer(name: str, code: str, *before: str, why: str = "", **more: Any) -> Case:
        columns = {"placement_id": home, "accepted": True, "code": why, "note": "", "by_id": stage.staff("caseworker")}
        return judged(guard, name, code, *before, insert("placements_placementanswer", **columns | {"at": AFTER} | more))

    wrong, no = "receiver_not_of_place", {"accepted": False, "why": "no_bed"}
    yield answer("legal", "", told)
    for role in Role:
        by = {"by_id": stage.member["welfare", role]}
        yield answer(f"by a {role}", "" if role == "caseworker" else wrong, told, **by)
        yield answer(f"refused by a {role}", "" if role == "caseworker" else wrong, **by, **no)
    yield answer("by another home", wrong, told, by_id=stage.staff("caseworker_gd"))
    yield answer("by nobody", wrong, told, by_id=999_999)
    yield answer("of nothing", wrong, told, placement_id=999_999)
    yield answer("by somebody who left", wrong, told, leaves(stage, "caseworker"))
    yield answer("somebody else left", "", told, leaves(stage, "caseworker2"))
    yield answer("what was ended", "already_ended", told, sql.ended(pk=home))
    yield answer("refused what was ended", "already_ended", sql.ended(pk=home), **no)
    yield answer("another was ended", "", told, sql.ended(pk=stage.row["asked of the home"]))
    for code in ("no_bed", "no_carer", "too_small", "not_a_foundling", "too_ill", "other"):
        yield answer(f"refused: {code}", "", accepted=False, why=code)
    for code in ("", "excluded"):
        yield answer(f"refused: {code!r}", "reason_missing", accepted=False, why=code)
    yield answer("accepted with words", "", told, why="x")
    yield from room(sql, lambda name, code, before: answer(name, code, *before))
    yield from near_buyers(sql, lambda name, code, before: answer(name, code, *before))
    in_gd = {"placement_id": 730_009, "by_id": stage.staff("caseworker_gd")}
    also = sql.placed(sql.child, pk=730_009, home=sql.elsewhere)
    yield answer("in another province", "", also, sql.risk(sql.child, "GX"), **in_gd)
    yield answer("a buyer in that province", "risk_area", also, sql.risk(sql.child, "GD"), **in_gd)
    for name, before in _against(sql):
        yield answer(f"refused {name}", "", *before, **no)
    yield answer(
        "accepted in another province than the buyer",
        "",
        sql.risk(stage.child["uncleared"], "GD"),
        placement_id=stage.row["asked of the home"],
    )

    def end(name: str, code: str, who: int, *before: str, placement: int = home) -> Case:
        write = insert("placements_placementend", placement_id=placement, reason="x", by_id=who, at=AFTER)
        return judged("placements_placementend_insert_gate", name, code, *before, write)

    for role in Role:
        outside = "" if role in ("placement_officer", "supervisor") else "not_allowed"
        yield end(f"by a {role} of another house", outside, stage.member["police", role])
        yield end(f"by a {role} of the home", "", stage.member["welfare", role])
    yield end("by nobody", "not_allowed", 999_999)
    yield end("of nothing", "not_allowed", stage.staff("caseworker"), placement=999_999)
    yield end("by another home", "not_allowed", stage.staff("caseworker_gd"))
    yield end("by somebody who left", "not_allowed", stage.staff("caseworker"), leaves(stage, "caseworker"))
    yield end("somebody else left", "", stage.staff("caseworker"), leaves(stage, "caseworker2"))


def _against(sql: Sql) -> Iterator[tuple[str, Statements]]:
    """What keeps a home from accepting, and not from refusing."""
    stage = sql.stage
    caseworker = {"person_id": stage.person["x"], "kind": "phone", "key": "phone-caseworker"}
    common = {"value": "", "scope": "all", "child_id": None, "operation_id": None, "ground": "buyer", "note": "", "at": AT}
    exclusion = {"subject": "person"} | common | {"by_id": stage.staff("officer")}
    known = insert("operations_personkey", **caseworker)
    yield "by an excluded person", (known, insert("custody_exclusion", person_id=stage.person["x"], **exclusion))
    kin = insert("operations_personkey", **caseworker | {"person_id": stage.person["y"]})
    yield "by kin of an excluded person", (kin, insert("custody_exclusion", person_id=stage.person["x"], **exclusion))
    yield "near a buyer", (sql.risk(sql.child, "GX"),)
    yield "without a report", ()
    yield "without a bed", (sql.report(beds=0),)
    yield "without a carer", (sql.report(carers_night=0),)


def capacity(stage: Stage) -> Iterator[Case]:
    """What a home tells."""
    sql = Sql(stage, stage.child["arrives"], stage.child["police"])

    def told(name: str, code: str, *before: str, **more: Any) -> Case:
        columns = {"facility_id": sql.home, "as_of": AT, "beds": 1, "other_children": 0, "carers_day": 1, "carers_night": 1}
        columns |= {"children_per_carer": 1, "level": 0, "daily_cost": 0, "funds": 0, "surge_carers": 0, "surge_cost": 0}
        columns |= {"by_id": stage.staff("caseworker"), "at": AT} | more
        write = insert("placements_capacitysnapshot", **columns)
        return judged("placements_capacitysnapshot_insert_gate", name, code, *before, write)

    def surge(name: str, code: str, *before: str, **more: Any) -> Case:
        columns = {"facility_id": sql.home, "beds": 1, "carers": 1, "until": AFTER, "reason": "x"}
        columns |= {"by_id": stage.staff("caseworker"), "at": AT} | more
        return judged("placements_surge_insert_gate", name, code, *before, insert("placements_surge", **columns))

    for case in (told, surge):
        yield case("legal", "")
        for role in Role:
            code = "" if role == "caseworker" else "not_of_place"
            yield case(f"by a {role}", code, by_id=stage.member["welfare", role])
        yield case("by another home", "not_of_place", by_id=stage.staff("caseworker_gd"))
        yield case("of another home", "not_of_place", facility_id=sql.elsewhere)
        yield case("by nobody", "not_of_place", by_id=999_999)
        yield case("by somebody who left", "not_of_place", leaves(stage, "caseworker"))
        yield case("somebody else left", "", leaves(stage, "caseworker2"))
    yield told("of tomorrow", "in_the_future", as_of=AFTER)
    yield told("of yesterday", "", as_of="2011-07-19 08:00:00")
    yield surge("for three days", "", until="2011-07-23 08:00:00")
    yield surge("for longer", "too_long", until="2011-07-23 08:00:01")


def surges(stage: Stage) -> Iterator[Case]:
    """Other organisations approve."""
    sql = Sql(stage, stage.child["arrives"], stage.child["police"])
    asked = sql.surge()

    def approve(name: str, code: str, who: int, *before: str, surge: int = 740_001) -> Case:
        write = insert("placements_surgeapproval", surge_id=surge, by_id=who, at=AT)
        return judged("placements_surgeapproval_insert_gate", name, code, *asked, *before, write)

    def approved(who: int) -> str:
        return insert("placements_surgeapproval", surge_id=740_001, by_id=who, at=AT)

    supervisor = stage.staff("supervisor")
    yield approve("legal", "", supervisor)
    for role in Role:
        code = "" if role in ("supervisor", "placement_officer") else "not_an_approver"
        yield approve(f"by a {role}", code, stage.member["police", role])
        yield approve(f"by a {role} of the own house", "self_approval", stage.member["welfare", role])
    yield approve("by nobody", "self_approval", 999_999)
    yield approve("of nothing", "self_approval", supervisor, surge=999_999)
    yield approve("by somebody who left", "not_an_approver", supervisor, leaves(stage, "supervisor"))
    yield approve("somebody else left", "", supervisor, leaves(stage, "supervisor2"))
    yield approve("twice", "same_agency", supervisor, approved(supervisor))
    colleague = stage.member["police", Role.PLACEMENT_OFFICER]
    yield approve("twice by one house", "same_agency", stage.member["police", Role.SUPERVISOR], approved(colleague))
    yield approve("by a second house", "", supervisor, approved(stage.staff("supervisor2")))
    other = sql.surge(supervisor, pk=740_002)
    yield approve("another by the same house", "", supervisor, *other)


def by_role(stage: Stage) -> Iterator[Case]:
    """What only some roles write."""
    here: dict[str, Any] = {"child_id": stage.child["arrives"], "reason": "x", "at": AT}
    place = {"facility_id": stage.place("home"), "payer_id": stage.world.agencies["ministry"].pk, "daily_rate": 1}
    disciplines = ("caseworker", "doctor", "supervisor")
    for table, columns, roles in (
        (
            "riskarea",
            here | {"jurisdiction_id": stage.world.jurisdictions["GX"].pk},
            ("officer", "supervisor", "placement_officer"),
        ),
        ("separation", here, disciplines),
        ("separationvote", {"separation_id": 1, "agrees": True, "note": "", "at": AT}, disciplines),
        ("fundingline", place | {"first_day": "2011-07-20", "last_day": None, "at": AT}, ("supervisor",)),
    ):
        guard, name = f"placements_{table}_insert_gate", f"placements_{table}"
        for role in Role:
            code = "" if role in roles else "not_allowed"
            yield judged(guard, f"by a {role}", code, insert(name, **columns, by_id=stage.member["police", role]))
        write = insert(name, **columns, by_id=stage.staff("supervisor"))
        yield judged(guard, "by nobody", "not_allowed", insert(name, **columns, by_id=999_999))
        yield judged(guard, "by somebody who left", "not_allowed", leaves(stage, "supervisor"), write)
        yield judged(guard, "somebody else left", "", leaves(stage, "supervisor2"), write)
