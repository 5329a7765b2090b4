"""Who may write which row of a file, and of a release before it is carried out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from trust.gate.case import Case, judged, leaves
from trust.gate.returns import AFTER, AT, PANEL, Way, Ways
from trust.gate.stage import insert
from wayhome.casework.accounts.rules import Role

GD = "2011-07-15 08:00:00"
"""When the children of the stage were found."""


def files(cast: Ways) -> Iterator[Case]:
    """Of every guard."""
    # What is planted here for good is seen by every case: these are others than those of the doors.
    way, other = cast.door("file"), cast.door("another file")
    yield from _cases(cast)
    yield from _rows(cast, way, other)
    yield from _votes(cast, way, other)
    yield from _releases(cast, way)
    yield from _approvals(cast, way, other)
    yield from _afterwards(cast, cast.door("visited"), cast.door("visited too"))


def _roles(cast: Ways, table: str, columns: dict[str, Any], *allowed: str, agency: str = "welfare") -> Iterator[Case]:
    """By somebody of each role, by nobody, and by somebody who left."""
    guard = f"reunification_{table}_insert_gate"
    for role in Role:
        row = insert(f"reunification_{table}", **columns | {"by_id": cast.stage.member[agency, role]})
        yield judged(guard, f"by a {role}", "" if role in allowed else "not_allowed", row)
    yield judged(guard, "by nobody", "not_allowed", insert(f"reunification_{table}", **columns | {"by_id": 999_999}))
    write = insert(f"reunification_{table}", **columns)
    who = next(name for name, one in cast.stage.world.staff.items() if one.pk == columns["by_id"])
    yield judged(guard, "legal", "", write)
    yield judged(guard, "by somebody who left", "not_allowed", leaves(cast.stage, who), write)
    yield judged(guard, "another left", "", leaves(cast.stage, "nurse"), write)


def _cases(cast: Ways) -> Iterator[Case]:
    guard, matching = "reunification_case_insert_gate", cast.cast
    pair, theirs = matching.pair(), matching.pair()
    confirmations = [
        cast.stage.plant("matching_confirmation", candidate_id=one.candidate, note="", by_id=1, at=AT) for one in (pair, theirs)
    ]
    columns = {"child_id": pair.child, "confirmation_id": confirmations[0], **cast.by("caseworker")}
    yield from _roles(cast, "case", columns, "caseworker")

    def case(name: str, code: str, *before: str, **more: Any) -> Case:
        return judged(guard, name, code, *before, insert("reunification_case", **columns | more))

    yield case("by another agency", "not_allowed", by_id=cast.stage.staff("caseworker_gd"))
    yield case("without a match", "", confirmation_id=None)
    away = {"n": 9, "kind": "welfare_institution", "facility_id": cast.stage.place("home_gd"), "responsible_id": 1}
    away |= {"offer_id": None, "wristband": "", "condition": "", "started_at": AT, "at": AT}
    yield case("another child elsewhere", "", insert("custody_custodyepisode", child_id=theirs.child, **away))
    yield case("for another's match", "match_over", confirmation_id=confirmations[1])
    yield case("for no match", "match_over", confirmation_id=999_999)
    back = {"reason": "x", "by_id": 1, "at": AT}
    yield case("taken back", "match_over", insert("matching_confirmationend", confirmation_id=confirmations[0], **back))
    yield case("another taken back", "", insert("matching_confirmationend", confirmation_id=confirmations[1], **back))
    yield case("superseded", "match_over", matching.end(pair))
    yield case("another superseded", "", matching.end(theirs))
    for how in ("absorbed", "to be absorbed", "split again", "to be split", "absorbed anew"):
        code = "" if how in ("to be absorbed", "split again") else "merged_away"
        yield case(how, code, child_id=cast.stage.child[how], confirmation_id=None)


def _rows(cast: Ways, way: Way, other: Way) -> Iterator[Case]:
    base = {"case_id": way["case"], "kind": "document", "who": "x", "held_on": "2011-07-19", "outcome": "unclear"}
    base |= {"note": "", "corrects_id": None, **cast.by("caseworker")}
    yield from _roles(cast, "evidence", base, "caseworker", "officer")

    def evidence(name: str, code: str, pk: int, **more: Any) -> Case:
        row = insert("reunification_evidence", **base | {"corrects_id": pk} | more)
        return judged("reunification_evidence_insert_gate", name, code, row)

    rows = [
        cast.plant("evidence", **base | {"case_id": of["case"], "kind": kind, "outcome": "contradicts"})
        for of, kind in ((way, "document"), (way, "interview"), (other, "document"))
    ]
    colleague = {"by_id": cast.stage.staff("caseworker2")}
    yield evidence("corrected by another", "", rows[0], **colleague)
    yield evidence("corrected by oneself", "self_approval", rows[0])
    papers = f"UPDATE accounts_staff SET id_number = 'papers' WHERE id IN ({cast.stage.staff('caseworker2')}, {{}})"
    mine = papers.format(cast.stage.staff("caseworker"))
    row = insert("reunification_evidence", **base | {"corrects_id": rows[0]} | colleague)
    yield judged("reunification_evidence_insert_gate", "corrected under another number", "self_approval", mine, row)
    officers = cast.plant("evidence", **base | cast.by("officer"))
    yield evidence("corrected by one, where others wrote others", "", officers)
    yield evidence("another kind", "other_row", rows[1], **colleague)
    yield evidence("another file", "other_row", rows[2], **colleague)
    yield evidence("no row", "other_row", 999_999, **colleague)
    asked = {"case_id": way["case"], "question": "x", "answer": "x", **cast.by("officer")}
    yield from _roles(cast, "heldback", asked, "officer")
    held = [cast.plant("heldback", **asked | {"by_id": cast.stage.staff(who)}) for who in ("officer", "caseworker")]
    told = {"question_id": held[0], "said": "x", "matches": True, **cast.by("caseworker")}
    yield from _roles(cast, "heldbackreply", told, "caseworker", "officer")
    for name, code, more in (
        ("by who asked", "self_approval", {"by_id": cast.stage.staff("officer")}),
        ("by who asked another", "self_approval", {"question_id": held[1]}),
        ("to no question", "self_approval", {"question_id": 999_999}),
    ):
        yield judged("reunification_heldbackreply_insert_gate", name, code, insert("reunification_heldbackreply", **told | more))
    told |= {"by_id": cast.stage.staff("caseworker2")}
    row = insert("reunification_heldbackreply", **told)
    asker = papers.format(cast.stage.staff("officer"))
    yield judged("reunification_heldbackreply_insert_gate", "by who asked, under another number", "self_approval", asker, row)
    yield judged("reunification_heldbackreply_insert_gate", "by who is somebody else's other self", "", mine, row)
    yield from _enquiries(cast, way, other)


def _enquiries(cast: Ways, way: Way, other: Way) -> Iterator[Case]:
    guard, stage = "reunification_enquiry_insert_gate", cast.stage
    row = {"case_id": way["case"], "n": 2, "result": "cleared", "document": "x", "note": "", **cast.by("officer_gd")}
    yield from _roles(cast, "enquiry", row, "officer")

    def case(name: str, code: str, *before: str, **more: Any) -> Case:
        return judged(guard, name, code, *before, insert("reunification_enquiry", **row | more))

    local = {"by_id": stage.staff("officer2")}
    for result in ("cleared", "unknown", "involved"):
        yield case(f"{result} by the local police", "" if result == "involved" else "local_police", **local, result=result)
    yield case("by who recorded the request", "local_police", by_id=stage.staff("officer"))
    # Another file's request is of the other police: who that is matters there, and not here.
    theirs = f"UPDATE families_tracingrequest SET by_id = {stage.staff('officer_gd')} WHERE id = {other.pair.request}"
    yield case("another's local police", "", theirs)
    yield case("another's request elsewhere", "local_police", theirs, **local)
    mine = f"UPDATE families_tracingrequest SET by_id = {stage.staff('officer_gd')} WHERE id = {way.pair.request}"
    yield case("the request moved", "local_police", mine)
    yield case("no document", "document_missing", document="")
    yield case("no document, and nobody cleared", "", document="", result="unknown")
    for n in (1, 3):
        yield case(f"as the {n}.", "not_last", n=n)
    yield case("the first", "", case_id=cast.matched()["case"], n=1)
    third = cast.matched()
    told = cast.plant("enquiry", **row | {"case_id": third["case"], "n": 7})
    yield from _roles(cast, "countersignature", {"enquiry_id": told, **cast.by("supervisor")}, "supervisor")
    papers = f"UPDATE accounts_staff SET id_number = 'papers' WHERE id IN ({stage.staff('supervisor')}, {{}})"
    write = insert("reunification_countersignature", enquiry_id=way["enquiry"], **cast.by("supervisor"))
    gone = f"DELETE FROM reunification_countersignature WHERE enquiry_id = {way['enquiry']}"
    author = f"(SELECT by_id FROM reunification_enquiry WHERE id = {way['enquiry']})"
    theirs = f"UPDATE reunification_enquiry SET by_id = {stage.staff('officer')} WHERE id = {other['enquiry']}"
    for name, code, before in (
        ("by its author, under another number", "self_approval", (papers.format(author),)),
        ("by another's author", "", (theirs, papers.format(stage.staff("officer")))),
    ):
        yield judged("reunification_countersignature_insert_gate", name, code, gone, *before, write)
    involved = cast.plant("enquiry", **row | {"n": 8, "result": "involved"})
    cast.run(f"DELETE FROM reunification_enquiry WHERE n > 5 AND case_id = {way['case']} AND id <> {involved}",
             f"UPDATE reunification_enquiry SET case_id = {third['case']} WHERE id = {involved}")  # fmt: skip
    for enquiry, code in ((involved, ""), (way["enquiry"], "not_involved"), (999_999, "not_involved")):
        write = insert("reunification_guardianship", enquiry_id=enquiry, **cast.by("officer_gd"))
        yield judged("reunification_guardianship_insert_gate", f"{code}", code, write)
    again = cast.plant("enquiry", **row | {"case_id": third["case"], "n": 9, "result": "involved"})
    suit = cast.plant("guardianship", enquiry_id=again, **cast.by("officer_gd"))
    end = {"guardianship_id": suit, "outcome": "kept", "document": "x", **cast.by("supervisor")}
    yield from _roles(cast, "guardianshipend", end, "supervisor")
    write = insert("reunification_guardianshipend", **end | {"document": ""})
    yield judged("reunification_guardianshipend_insert_gate", "no document", "document_missing", write)
    one = insert("reunification_guardianshipend", **end | {"document": "1"})
    yield judged("reunification_guardianshipend_insert_gate", "a short document", "", one)


def _votes(cast: Ways, way: Way, other: Way) -> Iterator[Case]:
    row = {"case_id": way["case"], "n": 2, "decision": "reunify", "reasons": "x", "valid_until": AFTER, **cast.by("caseworker")}
    yield from _roles(cast, "determination", row, "caseworker")

    def case(name: str, code: str, **more: Any) -> Case:
        return judged("reunification_determination_insert_gate", name, code, insert("reunification_determination", **row | more))

    for n in (1, 3):
        yield case(f"as the {n}.", "not_last", n=n)
    yield case("the first", "", case_id=cast.matched()["case"], n=1)
    third = cast.matched()
    for until, code in (("2012-01-16 08:00:00", ""), ("2012-01-16 08:00:01", "too_long"), ("2012-01-16 07:30:00", "")):
        yield case(f"until {until}", code, valid_until=until)
    yield case("an hour too long", "too_long", valid_until="2012-01-16 08:30:00")
    made = cast.plant("determination", **row | {"case_id": third["case"], "n": 1})
    vote = {"determination_id": made, "discipline": "welfare", "agrees": True, "dissent": "", **cast.by("caseworker")}
    speaks = dict((*PANEL, ("officer", "police")))
    for role in Role:
        for of in ("welfare", "health", "law", "police"):
            columns = vote | {"by_id": cast.stage.member["welfare", role], "discipline": of}
            code = "" if speaks.get(role) == of else "not_allowed"
            yield judged("reunification_vote_insert_gate", f"a {role} for {of}", code, insert("reunification_vote", **columns))

    def said(name: str, code: str, *before: str, **more: Any) -> Case:
        return judged("reunification_vote_insert_gate", name, code, *before, insert("reunification_vote", **vote | more))

    yield said("by nobody", "not_allowed", by_id=999_999)
    yield said("by somebody who left", "not_allowed", leaves(cast.stage, "caseworker"))
    yield said("another left", "", leaves(cast.stage, "nurse"))
    yield said("dissents without a reason", "dissent_missing", agrees=False)
    yield said("dissents", "", agrees=False, dissent="x")
    elsewhere = cast.plant("determination", **row | {"case_id": other["case"], "n": 2})
    papers = f"UPDATE accounts_staff SET id_number = 'papers' WHERE id IN ({cast.stage.staff('caseworker')}, "
    papers += f"{cast.stage.staff('doctor')})"
    health = vote | {"discipline": "health", "by_id": cast.stage.staff("doctor")}
    yield said("under another number", "spoke_already", papers, insert("reunification_vote", **health))
    yield said("after the doctor", "", insert("reunification_vote", **health))
    once = insert("reunification_vote", **health | {"determination_id": elsewhere})
    yield said("under another number, elsewhere", "", papers, once)
    yield said("asked on already", "panel_closed", determination_id=way["determination"])


def _releases(cast: Ways, way: Way) -> Iterator[Case]:
    third = cast.matched()
    base = {"case_id": third["case"], **cast.by("caseworker")}
    enquiry = cast.plant("enquiry", **base | {"n": 1, "result": "cleared", "document": "x", "note": ""})
    made = cast.plant("determination", **base | {"n": 1, "decision": "reunify", "reasons": "x", "valid_until": AFTER})
    third.row |= {"enquiry": enquiry, "determination": made}
    row = cast.release_columns(third)
    yield from _roles(cast, "release", row, "caseworker")

    def case(name: str, code: str, *before: str, **more: Any) -> Case:
        return judged("reunification_release_insert_gate", name, code, *before, insert("reunification_release", **row | more))

    there = {"institution_id": cast.stage.place("home_gd")}
    yield case("by another agency", "not_allowed", by_id=cast.stage.staff("caseworker_gd"))
    yield case("at another's", "not_allowed", **there)
    away = {"n": 9, "kind": "welfare_institution", "facility_id": cast.stage.place("home_gd"), "responsible_id": 1}
    away |= {"offer_id": None, "wristband": "", "condition": "", "started_at": AT, "at": AT}
    yield case("another child elsewhere", "", insert("custody_custodyepisode", child_id=way.pair.child, **away))
    yield case("not there", "not_here", **there, by_id=cast.stage.staff("caseworker_gd"))
    yield case("another child", "other_case", f"DELETE FROM reunification_release WHERE child_id = {way.pair.child}",
               child_id=way.pair.child)  # fmt: skip
    yield case("no file", "other_case", case_id=999_999)
    yield case("another's determination", "other_case", determination_id=way["determination"])
    yield case("no determination", "other_case", determination_id=999_999)
    yield case("another's enquiry", "other_case", enquiry_id=way["enquiry"])
    no_match = f"UPDATE reunification_case SET confirmation_id = NULL WHERE id = {third['case']}"
    yield case("home without a match", "other_case", no_match)
    abroad = {"kind": "authority", "to_id": cast.stage.place("abroad"), "enquiry_id": None}
    yield case("abroad without a match", "", no_match, **abroad)
    yield case("abroad", "", **abroad)
    for until, code in (("2011-09-18 08:00:00", ""), ("2011-09-18 08:00:01", "too_long"), ("2011-09-18 07:30:00", "")):
        yield case(f"until {until}", code, valid_until=until)
    yield case("an hour too long", "too_long", valid_until="2011-09-18 08:30:00")
    first = insert("reunification_release", **row | {"id": 2_950_001})
    gone = {"reason": "enquiry", "note": "", "by_id": None, "at": AT}
    done = {"offer_id": 1, "check_of_id": None, **cast.by("caseworker2")}
    for name, code, which in (("", "", 2_950_001), ("another ", "already_asked", way["release"])):
        yield case(f"{name}revoked", code, first, insert("reunification_revocation", release_id=which, **gone))
        yield case(f"{name}carried out", code, first, insert("reunification_execution", release_id=which, **done))
    yield case("asked already", "already_asked", first)
    yield from _people(cast, third, first, way)


def _people(cast: Ways, third: Way, first: str, way: Way) -> Iterator[Case]:
    mother = cast.person("third mother")
    relative = third.pair.relative
    state = {"relative_id": relative, "name": "x", "born": None, "life": "living", "reach": "willing", "note": ""}
    cast.stage.plant("families_relativestate", **state, n=1, person_id=mother, **cast.by("officer"))
    row = {"release_id": 2_950_001, "person_id": mother, "relative_id": relative, "receives": True}
    signed = {"digest": "d", **cast.by("supervisor")}

    def case(name: str, code: str, *before: str, **more: Any) -> Case:
        write = insert("reunification_releaseperson", **row | more)
        return judged("reunification_releaseperson_insert_gate", name, code, first, *before, write)

    yield case("legal", "")
    yield case("approved", "release_frozen", insert("reunification_approval", release_id=2_950_001, **signed))
    yield case("household", "", relative_id=None, receives=False, person_id=way["husband"])
    wrong = "not_the_family"
    yield case("no relative", wrong, relative_id=None)
    yield case("another's relative", wrong, relative_id=way.pair.relative)
    yield case("another's relative and person", wrong, relative_id=way.pair.relative, person_id=way["mother"])
    yield case("another person", wrong, person_id=way["husband"])
    for n, code in ((2, wrong), (0, "")):
        told = insert("families_relativestate", **state, n=n, person_id=way["husband"], **cast.by("officer"))
        yield case(f"told otherwise as the {n}.", code, told)
    theirs = insert(
        "families_relativestate", **state | {"relative_id": way.pair.relative}, n=2, person_id=1, **cast.by("officer")
    )
    yield case("another told otherwise", "", theirs)
    yield case("as another is told", wrong, person_id=way["mother"])
    struck = {"reason": "x", **cast.by("officer")}
    yield case("struck", wrong, insert("families_relativeend", relative_id=relative, **struck))
    yield case("another struck", "", insert("families_relativeend", relative_id=way.pair.relative, **struck))
    key = insert("reunification_releasekey", release_id=2_950_001, kind="address", key="x")
    yield judged("reunification_releasekey_insert_gate", "legal", "", first, key)
    approved = insert("reunification_approval", release_id=2_950_001, **signed)
    yield judged("reunification_releasekey_insert_gate", "approved", "release_frozen", first, approved, key)


def _approvals(cast: Ways, way: Way, other: Way) -> Iterator[Case]:
    guard, stage = "reunification_approval_insert_gate", cast.stage
    clean = f"DELETE FROM reunification_approval WHERE release_id = {way['release']}"
    row = {"release_id": way["release"], "digest": "d", **cast.by("supervisor")}

    def case(name: str, code: str, *before: str, **more: Any) -> Case:
        return judged(guard, name, code, clean, *before, insert("reunification_approval", **row | more))

    yield case("legal", "")
    yield case("something else", "changed_request", digest="e")
    yield case("no release", "changed_request", release_id=999_999)
    theirs = f"UPDATE reunification_release SET digest = 'f' WHERE id = {other['release']}"
    yield case("what another asked", "changed_request", theirs, digest="f")
    agency = stage.member
    for role in Role:
        code = "" if role == "supervisor" else "not_an_approver"
        yield case(f"by a {role}", code, by_id=agency["police", role])
    yield case("by nobody", "not_an_approver", by_id=999_999)
    yield case("by somebody who left", "not_an_approver", leaves(stage, "supervisor"))
    yield case("another left", "", leaves(stage, "nurse"))
    one = insert("reunification_approval", **row)
    yield case("by a second house", "", one, by_id=stage.staff("supervisor2"))
    yield case("by the same house", "same_agency", one, by_id=_colleague(cast))
    yield case("by the house that asks", "same_agency", by_id=agency["welfare", Role.SUPERVISOR])
    yield case("by the same house for another", "", by_id=_colleague(cast))
    papers = {"the requester": "caseworker", "the head": None, "a reader": None}
    for name, who in papers.items():
        pk = stage.staff(who) if who else {"the head": cast.cast.head, "a reader": cast.cast.third}[name]
        copied = f"UPDATE accounts_staff SET id_number = 'papers' WHERE id IN ({pk}, {stage.staff('supervisor')})"
        reads = f"UPDATE matching_reading SET by_id = {pk} WHERE candidate_id = {way.pair.candidate} AND n = 2"
        theirs = f"UPDATE matching_reading SET by_id = {pk} WHERE candidate_id = {other.pair.candidate} AND n = 2"
        yield case(f"as {name}", "self_approval", *((reads,) if "reader" in name else ()), copied)
        if "reader" in name:
            yield case("as another's reader", "", theirs, copied)
    confirmed = f"UPDATE matching_confirmation SET by_id = {stage.staff('analyst')} WHERE id = {other['confirmation']}"
    copied = f"UPDATE accounts_staff SET id_number = 'papers' WHERE id IN ({stage.staff('analyst')}, {stage.staff('supervisor')})"
    yield case("as another's head", "", confirmed, copied)
    twin = f"UPDATE accounts_staff SET id_number = 'papers', agency_id = {{}} WHERE id = {_colleague(cast)}"
    mine = f"UPDATE accounts_staff SET id_number = 'papers' WHERE id = {stage.staff('supervisor')}"
    moved = twin.format(stage.world.agencies["civil"].pk)
    yield case("as who approved already", "self_approval", one, moved, mine, by_id=_colleague(cast))
    house = f"UPDATE reunification_release SET by_id = {_colleague(cast)} WHERE id = {other['release']}"
    yield case("of the house that asked for another", "", house)
    asked = f"UPDATE reunification_release SET by_id = {stage.staff('analyst')} WHERE id = {other['release']}"
    yield case("as another's requester", "", asked, copied)
    over = f"UPDATE reunification_release SET valid_until = '{AT}' WHERE id = "
    yield case("at the last moment", "", over + str(way["release"]))
    yield case("over", "release_over", over + str(way["release"]), at=AFTER)
    yield case("another's over", "", over + str(other["release"]), at=AFTER)
    told = {"reason": "enquiry", "note": "", "by_id": None, "at": AT}
    yield case("revoked", "release_revoked", insert("reunification_revocation", release_id=way["release"], **told))
    yield case("another's revoked", "", insert("reunification_revocation", release_id=other["release"], **told))
    nobody = f"UPDATE reunification_releaseperson SET receives = (1 = 0) WHERE release_id = {way['release']}"
    yield case("nobody receives", "nobody_receives", nobody)
    abroad = f"UPDATE reunification_release SET kind = 'authority', to_id = 1 WHERE id = {way['release']}"
    yield case("nobody receives, abroad", "", nobody, abroad)
    revoke = insert("reunification_revocation", release_id=way["release"], **told)
    yield judged("reunification_revocation_insert_gate", "legal", "", revoke)
    for whose, code in ((way, "already_executed"), (other, "")):
        done = insert("reunification_execution", **cast.execution_columns(whose))
        yield judged("reunification_revocation_insert_gate", f"carried out {code}", code, done, revoke)


def _colleague(cast: Ways) -> int:
    """Another supervisor of the first one's house."""
    if "colleague" not in cast.stage.row:
        person = {"number": "colleague", "name": "x", "name_latin": "", "id_number": "colleague", "phone": "", "address": ""}
        of = {"agency_id": cast.stage.world.agencies["ministry"].pk, "registered_by_id": None, "countersigned_by_id": None}
        cast.stage.row["colleague"] = cast.stage.plant("accounts_staff", **person, **of, role="supervisor", at=AT)
    return cast.stage.row["colleague"]


def _afterwards(cast: Ways, way: Way, other: Way) -> Iterator[Case]:
    done = cast.plant("execution", **cast.execution_columns(other))
    row = {"execution_id": done, "day": 7, "visited_on": "2011-07-20", "found": "well", "note": "", **cast.by("caseworker")}
    yield from _roles(cast, "visit", row, "caseworker")

    def visit(name: str, code: str, *before: str, **more: Any) -> Case:
        return judged("reunification_visit_insert_gate", name, code, *before, insert("reunification_visit", **row | more))

    yield visit("by another agency", "not_allowed", by_id=cast.stage.staff("caseworker_gd"))
    yield visit("of nobody", "not_allowed", execution_id=999_999)
    mine = insert("reunification_execution", **cast.execution_columns(way))
    there = f"UPDATE reunification_release SET institution_id = {cast.stage.place('home_gd')} WHERE id = "
    yield visit("another's institution", "", mine, there + str(way["release"]))
    yield visit("not theirs any more", "not_allowed", mine, there + str(other["release"]))
    for day in (6, 8, 29, 31, 89, 91, 179, 181, 364, 366):
        yield visit(f"day {day}", "no_such_visit", day=day)
    for day in (7, 30, 90, 180, 365):
        yield visit(f"day {day}", "", day=day)
    notice = {"child_id": way.pair.child, "published_on": "2011-07-20", "published_in": "x", **cast.by("caseworker")}
    yield from _roles(cast, "notice", notice, "caseworker", "officer")
    yield from _certificates(cast, way)


def _certificates(cast: Ways, way: Way) -> Iterator[Case]:
    child, another, third = (cast.cast.child() for _ in range(3))
    month, year = "2011-08-14 08:00:01", "2012-07-14 08:00:01"
    row = {"child_id": child, "kind": "one_month", "document": "x", **cast.by("officer", month)}
    yield from _roles(cast, "certificate", row, "officer")

    def case(name: str, code: str, *before: str, **more: Any) -> Case:
        write = insert("reunification_certificate", **row | more)
        return judged("reunification_certificate_insert_gate", name, code, *before, write)

    yield case("a second too early", "too_early", at="2011-08-14 08:00:00")
    yield case("an hour too early", "too_early", at="2011-08-14 07:30:00")
    yield case("half an hour late", "", at="2011-08-14 08:30:00")
    yield case("of another month", "too_early", kind="x")
    moved = "UPDATE custody_custodyepisode SET started_at = '2011-08-01 08:00:00' WHERE child_id = {} AND n {}"
    yield case("found later", "too_early", moved.format(child, "= 1"))
    early = f"UPDATE custody_custodyepisode SET started_at = '2001-08-01 08:00:00' WHERE child_id = {another}"
    yield case("found later, another long ago", "too_early", early, moved.format(child, "= 1"))
    yield case("moved later", "", moved.format(child, "> 1"))
    yield case("another found later", "", moved.format(another, "= 1"))
    yield case("no document", "document_missing", document="")
    first = insert("reunification_certificate", **row)
    theirs = insert("reunification_certificate", **row | {"child_id": another})
    told = {"published_on": "2012-06-01", "published_in": "x"}

    def notice(of: int, at: str) -> str:
        return insert("reunification_notice", child_id=of, **told, **cast.by("caseworker", at))

    second = {"kind": "twelve_months", "at": year}
    stood = notice(child, "2012-06-14 08:00:00")
    yield case("twelve months", "", first, stood, **second)
    yield case("of another year", "too_early", first, stood, **second | {"kind": "x"})
    long_ago = "UPDATE custody_custodyepisode SET started_at = '2001-08-01 08:00:00' WHERE child_id = {} AND n {}"
    soon = second | {"at": "2012-07-01 08:00:00"}
    yield case("early, another long ago", "too_early", long_ago.format(another, "= 1"), first, stood, **soon)
    yield case("a second short of twelve", "too_early", first, stood, **second | {"at": "2012-07-14 08:00:00"})
    yield case("an hour short of twelve", "too_early", first, stood, **second | {"at": "2012-07-14 07:30:00"})
    early = notice(child, "2012-06-01 08:00:00")
    yield case("half an hour after twelve", "", first, early, **second | {"at": "2012-07-14 08:30:00"})
    yield case("twelve months without the first", "first_certificate", stood, **second)
    yield case("twelve months by another's first", "first_certificate", theirs, stood, **second)
    other = f"UPDATE reunification_certificate SET kind = 'y' WHERE child_id = {child}"
    yield case("twelve months by something else", "first_certificate", first, other, stood, **second)
    yield case("no notice", "notice_missing", first, **second)
    yield case("another's notice", "notice_missing", first, notice(another, "2012-01-01 08:00:00"), **second)
    for at, code in (("2012-06-14 08:00:01", "notice_missing"), ("2012-06-14 08:30:00", "notice_missing"),
                     ("2012-06-14 07:30:00", "")):  # fmt: skip
        yield case(f"a notice of {at}", code, first, notice(child, at), **second)
    pair = cast.cast.pair(child=child)
    cast.run(f"UPDATE matching_candidate SET child_id = {third} WHERE id = {pair.candidate}")
    mine = f"UPDATE matching_candidate SET child_id = {child} WHERE id = {pair.candidate}"
    yield case("a candidate", "candidate_open", mine)
    yield case("a candidate that ended", "", mine, cast.cast.end(pair))
    yield case("another that ended", "candidate_open", mine, cast.cast.end(way.pair))

    def read(n: int, conclusion: str, candidate: int) -> str:
        told = {"n": n, "conclusion": conclusion, "note": "", "by_id": 900_000 + n, "at": AT}
        return insert("matching_reading", candidate_id=candidate, **told)

    yield case("excluded by one", "candidate_open", mine, read(1, "excludes", pair.candidate))
    two = (read(1, "excludes", pair.candidate), read(2, "excludes", pair.candidate))
    yield case("excluded by two", "", mine, *two)
    yield case("by three", "", mine, *two, read(3, "excludes", pair.candidate))
    yield case("one of two", "candidate_open", mine, two[0], read(2, "supports", pair.candidate))
    far = (read(7, "excludes", way.pair.candidate), read(8, "excludes", way.pair.candidate))
    yield case("another excluded by two", "candidate_open", mine, *far)
