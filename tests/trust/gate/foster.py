"""Foster care, the ward, visits and what else of custody stands beside the two gates."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from trust.gate.case import Case, admission_columns, doctor_elsewhere, judged, leaves, request_columns, signed
from trust.gate.stage import AT, Stage, insert
from wayhome.casework.accounts.rules import Role


def foster(stage: Stage) -> Iterator[Case]:
    """Requests and approvals."""

    def request(name: str, code: str, *before: str, **more: Any) -> Case:
        write = insert("custody_fosterrequest", **request_columns(stage, **more))
        return judged("custody_fosterrequest_insert_gate", name, code, *before, write)

    wrong = "proposer_not_of_place"
    yield request("legal", "")
    for kinds, code in ((("name",), "person_unknown"), (("id",), "person_unknown"), (("name", "id"), "")):
        known = [
            insert("operations_personkey", person_id=stage.person["nameless"], kind=kind, key=f"{kind}-nameless")
            for kind in kinds
        ]
        yield request(f"known by {kinds}", code, *known, person_id=stage.person["nameless"])
    yield request("by another role", wrong, by_id=stage.staff("placement"))
    yield request("by another agency", wrong, by_id=stage.staff("caseworker_gd"))
    yield request("by nobody", wrong, by_id=999_999)
    yield request("by somebody who left", wrong, leaves(stage, "caseworker"))
    yield request("somebody else left", "", leaves(stage, "caseworker2"))
    yield request("at another kind of place", wrong, institution_id=stage.place("relief"))

    def approval(name: str, code: str, request: str, who: str, digest: str = "d", *before: str) -> Case:
        columns = {"request_id": stage.request[request], "digest": digest, "by_id": stage.staff(who), "at": AT}
        return judged("custody_fosterapproval_insert_gate", name, code, *before, insert("custody_fosterapproval", **columns))

    for who in ("officer", "supervisor"):
        yield approval(f"by the {who}", "", "nobody's", who)
    yield approval("by another ministry", "", "by one", "supervisor2")
    stage_placement = {"number": "p", "name": "p", "name_latin": "", "id_number": "papers of p", "phone": "", "address": ""}
    placement = insert(
        "accounts_staff",
        id=700_001,
        **stage_placement,
        agency_id=stage.world.agencies["ministry"].pk,
        role="placement_officer",
        **signed(stage),
        at=AT,
    )
    columns = {"request_id": stage.request["nobody's"], "digest": "d", "by_id": 700_001, "at": AT}
    write = insert("custody_fosterapproval", **columns)
    yield judged("custody_fosterapproval_insert_gate", "by a placement officer", "", placement, write)
    yield approval("of something else", "changed_request", "nobody's", "officer", "e")
    yield approval("of what another asked", "changed_request", "nobody's", "officer", "f")
    for role in Role:
        code = "" if role in ("officer", "supervisor", "placement_officer") else "not_an_approver"
        columns = {"request_id": stage.request["nobody's"], "digest": "d", "by_id": stage.member["police", role], "at": AT}
        write = insert("custody_fosterapproval", **columns)
        yield judged("custody_fosterapproval_insert_gate", f"by a {role}", code, write)
    yield approval("by the proposer", "self_approval", "nobody's", "caseworker")
    yield approval("by the proposer's house", "self_approval", "nobody's", "placement")
    yield approval("by a nurse", "not_an_approver", "nobody's", "nurse")
    yield approval("by somebody who left", "not_an_approver", "nobody's", "officer", "d", leaves(stage, "officer"))
    yield approval("somebody else left", "", "nobody's", "officer", "d", leaves(stage, "officer2"))
    yield approval("twice by one house", "same_agency", "by one", "officer2")
    yield approval("by a second house", "", "by one", "officer_gd")


def others(stage: Stage) -> Iterator[Case]:
    """Ends of offers, exclusions, keys, ties and visits."""
    officer = stage.staff("officer")

    def ends(name: str, code: str, offer: int, *before: str) -> Case:
        write = insert("custody_offerend", offer_id=offer, code="no_bed", note="", by_id=officer, at=AT)
        return judged("custody_offerend_insert_gate", name, code, *before, write)

    yield ends("waiting", "", stage.offer["with escort"])
    yield ends("accepted", "already_accepted", stage.offer["used before"])

    def exclusion(name: str, code: str, who: int, *before: str) -> Case:
        columns = {"subject": "phone", "value": "", "scope": "all", "ground": "buyer", "note": "", "by_id": who, "at": AT}
        return judged("custody_exclusion_insert_gate", name, code, *before, insert("custody_exclusion", **columns))

    yield exclusion("by an officer", "", officer)
    yield exclusion("by a supervisor", "", stage.staff("supervisor"))
    for role in Role:
        code = "" if role in ("officer", "supervisor") else "not_allowed"
        yield exclusion(f"by a {role}", code, stage.member["police", role])
    yield exclusion("by nobody", "not_allowed", 999_999)
    yield exclusion("by somebody who left", "not_allowed", officer, leaves(stage, "officer"))
    yield exclusion("somebody else left", "", officer, leaves(stage, "officer2"))

    for table, owner in (("custody_exclusionkey", "exclusion_id"), ("operations_personkey", "person_id")):
        for key, code in (("x", ""), ("", "key_missing")):
            write = insert(table, **{owner: 1}, kind="phone", key=key)
            yield judged(f"{table}_insert_gate", f"key {key!r}", code, write)

    for name, code, other in (("another", "", "v"), ("oneself", "tie_to_self", "x")):
        columns = {"person_id": stage.person["x"], "other_id": stage.person[other], "kind": "sibling", "source": ""}
        yield judged("operations_tie_insert_gate", name, code, insert("operations_tie", **columns, by_id=officer, at=AT))

    def visit(name: str, code: str, *before: str, **more: Any) -> Case:
        write = insert("custody_admission", **admission_columns(stage, **more))
        return judged("custody_admission_insert_gate", name, code, *before, write)

    yield visit("legal", "")
    yield visit("nameless", "person_unknown", person_id=stage.person["nameless"])
    yield visit("by another agency", "receiver_not_of_place", by_id=stage.staff("nurse"))
    yield visit("by somebody who left", "receiver_not_of_place", leaves(stage, "caseworker"))
    yield visit("somebody else left", "", leaves(stage, "nurse"))


def clearances(stage: Stage) -> Iterator[Case]:
    """What a doctor says of a child in hospital."""

    def clearance(name: str, code: str, child: str, *before: str, **more: Any) -> Case:
        pk = stage.child[child]
        columns = {"child_id": pk, "episode_id": stage.head[pk], "fit": True, "level": "ordinary", "limits": ""}
        columns |= {"by_id": stage.staff("doctor"), "at": AT} | more
        return judged("custody_clearance_insert_gate", name, code, *before, insert("custody_clearance", **columns))

    yield clearance("legal", "", "hospital")
    yield clearance("of an older stay", "not_current", "hospital", episode_id=stage.head[stage.child["hospital"]] - 1)
    yield clearance("of another's stay", "not_current", "hospital", episode_id=stage.head[stage.child["unfit"]])
    yield clearance("in a home", "not_in_hospital", "welfare_institution")
    yield clearance("by a nurse", "not_the_doctor", "hospital", by_id=stage.staff("nurse"))
    yield clearance("by nobody", "not_the_doctor", "hospital", by_id=999_999)
    yield clearance("by somebody who left", "not_the_doctor", "hospital", leaves(stage, "doctor"))
    yield clearance("somebody else left", "", "hospital", leaves(stage, "nurse"))
    doctor, made = doctor_elsewhere(stage)
    yield clearance("by a doctor of another hospital", "not_the_doctor", "hospital", *made, by_id=doctor)
