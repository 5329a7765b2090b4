"""How the stage of the gate's mutants is set."""

from __future__ import annotations

from typing import Any

from django.db import connection

from factories import custody_model as expected
from factories.world import small_world
from trust.gate.stage import AFTER, AT, BEFORE, KINDS, WAYS, Stage
from wayhome.casework.accounts.rules import Role
from wayhome.casework.core import guards


def set_stage() -> Stage:
    """Plant everything, and leave no guard standing: each is put up alone when it is its turn, which is quick."""
    stage = Stage(small_world())
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # Foreign keys are looked at now and never again: a table with checks that wait cannot have its triggers changed.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET LOCAL session_replication_role = replica")
    guards.remove(connection)
    _people(stage)
    _events(stage)
    _children(stage)
    _merges(stage)
    _foster(stage)
    _homes(stage)
    return stage


def _people(stage: Stage) -> None:
    officer = stage.staff("officer")
    for name in ("escort", "household", "stranger", "x", "y", "z", "w", "v", "nameless"):
        stage.person[name] = stage.plant("operations_person", label=name, by_id=officer, at=AT)
    for one, other in (("y", "x"), ("z", "y"), ("w", "z")):
        a, b = stage.person[one], stage.person[other]
        stage.plant("operations_tie", person_id=a, other_id=b, kind="spouse", source="", by_id=officer, at=AT)
    for name in ("escort", "household", "stranger"):
        for kind in ("name", "id", "phone"):
            stage.key("operations_personkey", "person_id", stage.person[name], kind, f"{kind}-{name}")
    for agency in ("police", "hospital_agency", "welfare"):
        for role in Role:
            names = {
                "number": f"{agency[:8]} {role}",
                "name": "x",
                "name_latin": "",
                "id_number": f"{agency} {role}",
                "phone": "",
                "address": "",
            }
            of = {"agency_id": stage.world.agencies[agency].pk, "registered_by_id": None, "countersigned_by_id": None}
            stage.member[agency, role] = stage.plant("accounts_staff", **names, **of, role=str(role), at=AT)
    for name in ("nurse", "nurse2", "caseworker", "caseworker2", "doctor", "officer2"):
        for kind in ("name", "slip", "phone"):
            stage.key("accounts_staffkey", "staff_id", stage.staff(name), kind, f"{kind}-{name}")
    for name in ("hospital", "home", "nursery", "home_gd"):
        stage.key("accounts_facilitykey", "facility_id", stage.place(name), "address", f"address-{name}")


def _events(stage: Stage) -> None:
    assert stage.world.event is not None
    assert stage.world.operation is not None
    common = {"by_id": stage.staff("officer"), "at": AT}
    place = stage.world.jurisdictions["GX"].pk
    for name in ("other", "this", "of a record"):
        columns = {"code": name, "title": "x", "zero_hour": AT, "time_zone": "UTC", "jurisdiction_id": place}
        stage.operation[name] = stage.plant("operations_operation", **columns, **common)

    def event(name: str, operation: str = "this", facility: str = "", key: tuple[str, str] = ("address", "nowhere")) -> None:
        stage.event[name] = stage.plant(
            "operations_rescueevent",
            operation_id=stage.operation[operation],
            jurisdiction_id=place,
            clue_of_id=None,
            place="x",
            facility_id=stage.place(facility) if facility else None,
            found_at=AT,
            sedation_suspected=False,
            circumstances="",
            corrects_id=None,
            **common,
        )
        stage.key("operations_rescueeventkey", "event_id", stage.event[name], *key)

    # Not the first of its kind: a query that takes any row takes another.
    event("elsewhere", operation="other")
    event("here")
    event("of a record", operation="of a record")
    event("at the nursery", facility="nursery")
    event("at the nursery's address", key=("address", "address-nursery"))
    event("at the nursery's telephone", key=("phone", "address-nursery"))
    event("at the household", key=("address", "k-found"))
    event("at the household's telephone", key=("phone", "k-found by phone"))


def _children(stage: Stage) -> None:
    stage.plant_child("elsewhere", *WAYS["welfare_institution"], event="elsewhere")
    stage.plant_child("record", "police", event="of a record")
    stage.plant_child("between", "police")
    for kind, way in WAYS.items():
        child = stage.plant_child(kind, *way)
        if kind in ("hospital", "deceased"):
            stage.plant_clearance(child, False, True)
        taken = stage.plant_child(f"offered {kind}", *way)
        if kind in ("hospital", "deceased"):
            stage.plant_clearance(taken, False, True)
        for other in KINDS:
            stage.plant_offer(f"{kind} {other}", taken, other)
            for place in expected.FACILITIES if (kind, other) in expected.STEPS and other != "foster" else ():
                stage.plant_offer(f"{kind} {other} at {place}", taken, other, to_facility_id=stage.place(place))
    for name, words in (("uncleared", ()), ("unfit", (True, False)), ("fit before", ())):
        child = stage.plant_child(name, *WAYS["hospital"], *(("hospital",) if name == "fit before" else ()))
        stage.plant_clearance(child, *words)
        stage.plant_offer(name, child, "welfare_institution")
        if name == "fit before":
            stage.plant_clearance(child, True, episode=stage.head[child] - 1)
    # No chain begins so; the gate does not count on it.
    stage.plant_offer("begun in hospital", stage.plant_child("begun in hospital", "hospital"), "welfare_institution")
    for event in ("at the nursery", "at the nursery's address", "at the nursery's telephone", "elsewhere"):
        child = stage.plant_child(f"found {event}", *WAYS["hospital"], event=event)
        stage.plant_clearance(child, True)
        stage.plant_offer(f"found {event}", child, "emergency_nursery")
        stage.plant_offer(f"found {event}, to a home", child, "welfare_institution")
    child = stage.child["offered welfare_institution"]
    person = stage.person["escort"]
    stage.plant_offer("with escort", child, "hospital", escort_id=person)
    stage.key("custody_offerkey", "offer_id", stage.offer["with escort"], "vehicle", "car")
    stage.plant_offer("with another car", child, "hospital")
    stage.key("custody_offerkey", "offer_id", stage.offer["with another car"], "vehicle", "another car")
    stage.plant_offer("old", child, "hospital", from_episode_id=stage.first[child])
    stage.plant_offer("to another home", child, "welfare_institution", to_facility_id=stage.place("home_gd"))
    stage.plant_offer("by the receiver", child, "welfare_institution", giver_id=stage.staff("caseworker2"))
    stage.plant_offer("by the wrong agency", child, "hospital", giver_id=stage.staff("officer_gd"))
    stage.plant_offer("by the first agency", child, "hospital", giver_id=stage.staff("officer"))
    stage.plant_offer("to the wrong place", child, "welfare_institution", to_facility_id=stage.place("relief"))
    stage.plant_offer("ended", child, "hospital")
    stage.plant("custody_offerend", offer_id=stage.offer["ended"], code="no_bed", note="", by_id=stage.staff("nurse"), at=AT)
    of_another = {"from_episode_id": stage.head[child], "giver_id": stage.staff("caseworker")}
    stage.plant_offer("of another child", stage.child["foster"], "hospital", **of_another)
    new = stage.plant_child("new", "police")
    stage.plant_offer("new", new, "hospital", giver_id=stage.staff("officer_gd"))
    stage.plant_offer("new, to a home", new, "welfare_institution", giver_id=stage.staff("officer_gd"))
    stage.plant_offer(
        "new, to the wrong place", new, "hospital", giver_id=stage.staff("officer_gd"), to_facility_id=stage.place("home")
    )
    stage.plant_offer("new, by another", new, "hospital", giver_id=stage.staff("officer"))
    stage.plant_offer(
        "new, by the receiver", new, "police", giver_id=stage.staff("officer_gd"), to_facility_id=stage.place("post_gd")
    )
    asked = {"foster_id": 1, "giver_id": stage.staff("officer_gd")}
    stage.plant_offer("new, with a request", new, "hospital", **asked)
    stage.plant_child("without episodes")
    post = {"kind": "emergency_nursery", "name": "x", "name_en": "", "address": "x", "phone": "", "jurisdiction_id": 1}
    by = {"registered_by_id": None, "countersigned_by_id": None, "at": AT}
    agency = stage.world.agencies["police"].pk
    stage.row["nursery of the police"] = stage.plant(
        "accounts_facility", code="nursery of the police", agency_id=agency, **post, **by
    )
    stage.row["orphan"] = stage.plant_episode(77_000_001, 1, "police", "post", "officer")
    stage.row["orphan later"] = stage.plant_episode(77_000_002, 2, "police", "post", "officer")


def _merge(stage: Stage, kept: int, absorbed: int, kind: str, *, confirmed: bool) -> int:
    step = stage.plant(
        "children_mergestep",
        kept_id=kept,
        absorbed_id=absorbed,
        kind=kind,
        reason="x",
        proposed_by_id=stage.staff("officer"),
        at=AT,
    )
    if confirmed:
        stage.plant("children_mergeconfirmation", step_id=step, by_id=stage.staff("officer2"), at=AT)
    return step


def _merges(stage: Stage) -> None:
    kept = stage.child["elsewhere"]
    for name, steps in {
        "absorbed": [("merge", True)],
        "to be absorbed": [("merge", False)],
        "split again": [("merge", True), ("split", True)],
        "to be split": [("merge", True), ("split", False)],
        "absorbed anew": [("merge", True), ("split", True), ("merge", True)],
    }.items():
        child = stage.plant_child(name, *WAYS["welfare_institution"])
        for kind, confirmed in steps:
            stage.row[f"step {name}"] = _merge(stage, kept, child, kind, confirmed=confirmed)
        stage.plant_offer(name, child, "hospital")
    for name, way in (("new and absorbed", ("police",)), ("absorbed in hospital", WAYS["hospital"])):
        child = stage.plant_child(name, *way)
        _merge(stage, kept, child, "merge", confirmed=True)
        giver = "officer_gd" if len(way) == 1 else "nurse"
        stage.plant_offer(name, child, "hospital", giver_id=stage.staff(giver))


def _foster(stage: Stage) -> None:
    two = ("officer", "supervisor")
    for name, approvers, more in (
        ("ready", two, {}),
        ("by three", (*two, "officer_gd"), {}),
        ("by one", ("officer",), {}),
        ("by one house", ("officer", "officer2"), {}),
        ("by the own house", ("officer", "placement"), {}),
        ("by the own house and two", (*two, "placement"), {}),
        ("of something else", ("officer", "supervisor:e"), {}),
        ("another institution", two, {"institution_id": stage.place("home_gd")}),
        ("expired", two, {"valid_until": BEFORE}),
        ("to the second", two, {"valid_until": AFTER}),
        ("ended", two, {}),
        ("used", two, {}),
        ("found", two, {}),
        ("found by phone", two, {}),
        ("of one found there", two, {}),
        ("nobody's", (), {}),
        ("of another house", (), {"by_id": stage.staff("caseworker_gd"), "digest": "f"}),
    ):
        event = {
            "found": "at the household",
            "found by phone": "at the household's telephone",
            "of one found there": "at the household",
        }.get(name, "here")
        child = stage.plant_child(f"foster {name}", *WAYS["welfare_institution"], event=event)
        taken = stage.plant_child(f"fostered {name}", *WAYS["welfare_institution"], event=event)
        for one, which in ((child, name), (taken, f"taken {name}")):
            stage.plant_request(which, one, *approvers, **more)
        # Both recognised alike, whichever of the two is looked at.
        stage.key("custody_fosterkey", "request_id", stage.request[f"taken {name}"], "address", f"k-{name}")
        stage.plant_offer(f"foster {name}", taken, "foster", foster_id=stage.request[f"taken {name}"])
    for which in ("ended", "taken ended"):
        stage.plant("custody_fosterend", request_id=stage.request[which], reason="x", by_id=stage.staff("caseworker"), at=AT)
    for which in ("used", "taken used"):
        child = stage.child[f"foster{'ed' if 'taken' in which else ''} used"]
        offer = stage.plant_offer(f"{which} before", child, "foster", foster_id=stage.request[which], from_episode_id=1)
        stage.plant("custody_offerend", offer_id=offer, code="no_bed", note="", by_id=stage.staff("nurse"), at=AT)
        stage.plant_episode(
            77_000_100 + offer, 5, "foster", "home", "caseworker", offer_id=offer, started_at="2011-07-25 08:00:00"
        )
    for which in ("by three", "taken by three"):
        # Where another child was found.
        stage.key("custody_fosterkey", "request_id", stage.request[which], "address", "address-nursery")
    child = stage.child["fostered ready"]
    stage.plant_offer("foster without a request", child, "foster")
    ready = stage.request["taken ready"]
    stage.plant_offer("a request and no foster care", child, "welfare_institution", foster_id=ready)
    stage.plant_offer("foster at the nursery", child, "foster", foster_id=ready, to_facility_id=stage.place("nursery"))
    stage.plant_offer("another child's request", child, "foster", foster_id=stage.request["ready"])
    assert set(expected.KINDS) < set(KINDS)


def _homes(stage: Stage) -> None:
    """Homes that nobody lives in, and, first of their kind, what was asked of another home for another child."""
    common: dict[str, Any] = {"name": "x", "name_en": "", "address": "x", "phone": "", "at": AT}
    common |= {"registered_by_id": None, "countersigned_by_id": None}
    for name, kind, agency, where in (
        ("small home", "welfare_institution", "welfare", "GX"),
        ("small home in GD", "welfare_institution", "welfare_gd", "GD"),
        ("a place for police", "police", "welfare", "GX"),
        ("a place for foster", "foster", "welfare", "GX"),
        ("a place for deceased", "deceased", "welfare", "GX"),
    ):
        of = {"agency_id": stage.world.agencies[agency].pk, "jurisdiction_id": stage.world.jurisdictions[where].pk}
        stage.row[name] = stage.plant("accounts_facility", code=name, kind=kind, **of, **common)
    elsewhere, there = stage.row["small home in GD"], {"by_id": stage.staff("officer_gd"), "at": AT}
    stage.plant_child("arrives", *WAYS["hospital"])
    ids, stage.ids = stage.ids, 300_001
    stage.plant_child("first", *WAYS["hospital"], event="elsewhere")
    stage.ids = ids
    asked = {"child_id": stage.child["first"], "facility_id": elsewhere, "line_id": None, "reason": ""}
    stage.plant("placements_placement", id=300_001, **asked, **there)
    more = {"facility_id": elsewhere, "beds": 9, "carers": 9, "until": AFTER, "reason": "x"}
    stage.plant("placements_surge", id=300_001, **more, **there)
    asked = {"line_id": None, "reason": "", "by_id": stage.staff("placement"), "at": AT}
    for name, child, home in (
        ("asked of the home", "uncleared", stage.place("home")),
        ("asked of the home in GD", "begun in hospital", stage.place("home_gd")),
        ("asked of the small home", "arrives", stage.row["small home"]),
    ):
        stage.row[name] = stage.plant("placements_placement", child_id=stage.child[child], facility_id=home, **asked)
    told: dict[str, Any] = {
        "beds": 999,
        "other_children": 0,
        "carers_day": 999,
        "carers_night": 999,
        "children_per_carer": 1,
        "level": 0,
    }
    told |= {"daily_cost": 0, "funds": 0, "surge_carers": 0, "surge_cost": 0}
    for home in (stage.place("home"), stage.place("home_gd"), elsewhere):
        told |= {"facility_id": home, "as_of": AT, "by_id": stage.staff("caseworker"), "at": AT}
        stage.plant("placements_capacitysnapshot", **told)
