"""Releases and what they rest on: one thing at a time spoilt, where the release is carried out and where custody begins."""

from __future__ import annotations

from collections.abc import Iterator

from trust.gate.case import Case, judged, leaves
from trust.gate.exclusions import ways
from trust.gate.return_files import files
from trust.gate.returns import AFTER, AT, BEFORE, EVIDENCE, PANEL, Way, Ways
from trust.gate.stage import Raw, Stage, insert
from wayhome.casework.reunification.rules import SUSPECTS

Spoilt = tuple[str, str, tuple[str, ...]]
ORDINARY = ("police", "hospital", "emergency_nursery", "relief_station", "welfare_institution", "foster", "deceased")
LATE = "2011-07-20 08:00:02"


def _set(table: str, pk: int, **columns: object) -> str:
    """SQL that makes a row another."""

    def literal(value: object) -> str:
        if value is None:
            return "NULL"
        if isinstance(value, bool):
            return "(1 = 1)" if value else "(1 = 0)"
        return str(value) if isinstance(value, int) else f"'{value}'"

    return f"UPDATE {table} SET {', '.join(f'{name} = {literal(value)}' for name, value in columns.items())} WHERE id = {pk}"


def _set_own(table: str, pk: int, **columns: object) -> str:
    return _set(f"reunification_{table}", pk, **columns)


def _none(table: str, condition: str) -> str:
    return f"DELETE FROM reunification_{table} WHERE {condition}"


def returns(stage: Stage) -> Iterator[Case]:
    """Of every guard of returns."""
    cast = Ways(stage)
    other, way = cast.door("other"), cast.door("this")
    yield from carried_out(cast, way, other)
    yield from files(cast)


def carried_out(cast: Ways, way: Way, other: Way) -> Iterator[Case]:
    """Executions, and the episodes that they lead to."""
    execute = insert("reunification_execution", **cast.execution_columns(way))
    episode = insert(
        "custody_custodyepisode",
        **cast.stage.episode_columns(
            way.pair.child, "reunified", way["offer"], responsible_id=cast.stage.staff("caseworker2"), started_at=AFTER
        ),
    )
    # Another's comes first: a guard that takes any execution takes that one.
    executed = (insert("reunification_execution", **cast.execution_columns(other)), execute)
    abroad, told = episode.replace("'reunified'", "'repatriated'"), set()
    for name, code, before in facts(cast, way, other):
        yield judged("reunification_execution_insert_gate", name, code, *before, execute)
        yield judged("custody_custodyepisode_insert_release", name, code, *executed, *before, episode)
        if code in told:
            continue
        told.add(code)
        yield judged("custody_custodyepisode_insert_release", f"{name}, abroad", code, *executed, *before, abroad)
        for kind in ORDINARY:
            inside = episode.replace("'reunified'", f"'{kind}'")
            yield judged("custody_custodyepisode_insert_release", f"{name}, {kind}", "", *executed, *before, inside)
    yield from _executions(cast, way, other)
    yield from _episodes(cast, way, other, execute)
    yield from _offers(cast, way, other)
    yield from _checks(cast, way, other)


def facts(cast: Ways, way: Way, other: Way) -> Iterator[Spoilt]:
    """What may have changed, and what the database says to it."""
    yield "legal", "", ()
    yield from _approvals(cast, way, other)
    yield from _people(cast, way, other)
    yield from _match(cast, way, other)
    yield from _verified(cast, way, other)
    yield from _enquiries(cast, way, other)
    yield from _determinations(cast, way, other)
    yield from _samples(cast, way, other)
    release = way["release"]
    yield "over", "release_over", (_set_own("release", release, valid_until=AT),)
    yield "another's over", "", (_set_own("release", other["release"], valid_until=AT),)
    for whose, code in ((way, "release_revoked"), (other, "")):
        told = {"release_id": whose["release"], "reason": "enquiry", "note": "", "by_id": None, "at": AT}
        yield f"revoked, {code}", code, (insert("reunification_revocation", **told),)
    there = cast.stage.place("home_gd")
    offered = _set("custody_handoveroffer", way["offer"], to_facility_id=there)
    yield "asked elsewhere", "not_here", (_set_own("release", release, institution_id=there), offered)
    yield "another's elsewhere", "", (_set_own("release", other["release"], institution_id=there),)
    moved = {"n": 9, "facility_id": there, "responsible_id": 1, "offer_id": None, "wristband": "", "condition": "", "at": AT}
    move = {"kind": "welfare_institution", "started_at": AT} | moved
    yield "gone elsewhere", "not_here", (insert("custody_custodyepisode", child_id=way.pair.child, **move),)
    yield "another gone elsewhere", "", (insert("custody_custodyepisode", child_id=other.pair.child, **move),)


def _approvals(cast: Ways, way: Way, other: Way) -> Iterator[Spoilt]:
    wrong, stage = "release_not_approved", cast.stage
    for who in ("supervisor", "supervisor2"):
        yield f"not by the {who}", wrong, (_none("approval", f"id = {way[who]}"),)
        yield f"something else by the {who}", wrong, (_set_own("approval", way[who], digest="e"),)
        yield f"the {who} left", wrong, (leaves(stage, who),)
        yield f"the {who} of another release", wrong, (_set_own("approval", way[who], release_id=other["release"] + 77),)
        yield f"the {who} is none", wrong, (_set("accounts_staff", stage.staff(who), role="officer"),)
    yield "somebody else left", "", (leaves(stage, "officer"),)
    yield "one house", wrong, (_set("accounts_staff", stage.staff("supervisor2"), agency_id=stage.world.agencies["ministry"].pk),)
    yield "the own house", wrong, (_set_own("release", way["release"], by_id=stage.staff("supervisor2")),)
    third = insert("reunification_approval", release_id=way["release"], digest="d", **cast.by("lab_supervisor"))
    yield "by three", "", (third, _set("accounts_staff", stage.staff("lab_supervisor"), role="supervisor"))


def _people(cast: Ways, way: Way, other: Way) -> Iterator[Spoilt]:
    stage, child = cast.stage, way.pair.child
    phone = "phone-husband of other"
    for name, code, before in ways(stage, child, "phone", "phone-husband of this", ("phone", phone)):
        yield f"household: {name}", code, before
    for name, code, before in ways(stage, child, "address", "home of this", ("address", "home of other")):
        yield f"home: {name}", code, before
    role = {"operation_id": stage.operation["this"], "detained_at": None, **cast.by("officer")}
    for kind in (*SUSPECTS, "witness"):
        code = "" if kind == "witness" else "detained"
        row = insert("operations_personrole", person_id=way["husband"], kind=kind, **role)
        yield f"household a {kind}", code, (row,)
    held = insert("operations_personrole", person_id=way["mother"], kind="witness", **role | {"detained_at": AT})
    yield "detained", "detained", (held,)
    yield "another detained", "", (held.replace(f", {way['mother']}, ", f", {other['mother']}, ").replace(
        f"({way['mother']}, ", f"({other['mother']}, "),)  # fmt: skip
    for kind, code in (("id", "detained"), ("phone", "detained"), ("name", "")):
        key = insert("operations_personkey", person_id=stage.person["v"], kind=kind, key=f"{kind}-mother of this")
        row = insert("operations_personrole", person_id=stage.person["v"], kind="seller", **role)
        yield f"detained under another name, known by {kind}", code, (key, row)
        other_kind = insert("operations_personkey", person_id=stage.person["v"], kind="other", key=f"{kind}-mother of this")
        yield f"detained under another name, the {kind} as another kind", "", (other_kind, row)
        theirs = insert("operations_personkey", person_id=stage.person["v"], kind=kind, key=f"{kind}-mother of other")
        yield f"another's {kind}", "", (theirs, row)
    only_name = f"DELETE FROM operations_personkey WHERE person_id = {way['husband']} AND kind <> 'name'"
    row = insert("operations_personrole", person_id=way["husband"], kind="seller", **role)
    yield "known by name alone", "detained", (only_name, row)
    event = stage.event["here"]
    for kind, key, of, code in (
        ("address", "home of this", event, "place_of_rescue"),
        ("phone", "home of this", event, ""),
        ("address", "home of other", event, ""),
        ("address", "home of this", stage.event["elsewhere"], ""),
    ):
        found = insert("operations_rescueeventkey", event_id=of, kind=kind, key=key)
        yield f"found at {kind} {key} {of == event}", code, (found,)


def _match(cast: Ways, way: Way, other: Way) -> Iterator[Spoilt]:
    for whose, code in ((way, "match_over"), (other, "")):
        back = {"confirmation_id": whose["confirmation"], "reason": "x", "by_id": 1, "at": AT}
        yield f"taken back, {code}", code, (insert("matching_confirmationend", **back),)
        yield f"superseded, {code}", code, (cast.cast.end(whose.pair),)
    third = cast.matched()
    ended = insert("matching_confirmationend", confirmation_id=third["confirmation"], reason="x", by_id=1, at=AT)
    for one, two in ((way, third), (third, way)):
        freeze = {"one_id": one["confirmation"], "other_id": two["confirmation"], "reason": "ages", "at": AT}
        yield f"frozen {one is way}", "match_over", (insert("matching_freeze", **freeze),)
        yield f"frozen by what is over {one is way}", "", (insert("matching_freeze", **freeze), ended)
        yield f"frozen by what ended {one is way}", "", (insert("matching_freeze", **freeze), cast.cast.end(third.pair))
        others = insert("matching_confirmationend", confirmation_id=other["confirmation"], reason="x", by_id=1, at=AT)
        yield f"frozen, and another's over {one is way}", "match_over", (insert("matching_freeze", **freeze), others)
        ends = cast.cast.end(other.pair)
        yield f"frozen, and another's ended {one is way}", "match_over", (insert("matching_freeze", **freeze), ends)
        freeze |= {"one_id" if one is way else "other_id": other["confirmation"]}
        yield f"others frozen {one is way}", "", (insert("matching_freeze", **freeze),)
    for whose, code in ((way, "no_consent"), (other, "")):
        consent = f"FROM families_consent WHERE relative_id = {whose.pair.relative}"
        took = f"INSERT INTO families_consentwithdrawal (consent_id, reason, by_id, at) SELECT id, '', 1, '{AT}' {consent}"
        yield f"withdrawn, {code}", code, (took,)
        over = f"UPDATE families_consent SET until = '2011-07-19' WHERE relative_id = {whose.pair.relative}"
        yield f"consent over, {code}", code, (over,)
        yield f"never agreed, {code}", code, (f"DELETE {consent}",)
    for whose, code in ((way, "request_over"), (other, "")):
        end = {"request_id": whose.pair.request, "reason": "withdrawn", "kept_id": None, "note": "x"}
        yield f"request over, {code}", code, (insert("families_requestend", **end, **cast.by("officer")),)
    yield "no match", "match_over", (_set_own("case", way["case"], confirmation_id=None),)


def _verified(cast: Ways, way: Way, other: Way) -> Iterator[Spoilt]:
    wrong, case = "not_verified", way["case"]
    for kind in EVIDENCE:
        gone = f"UPDATE reunification_evidence SET outcome = 'unclear' WHERE case_id = {case} AND kind = '{kind}'"
        yield f"no {kind}", wrong, (gone,)
        row = f"(SELECT e.id FROM reunification_evidence e WHERE e.case_id = {case} AND e.kind = '{kind}')"
        unclear = cast.evidence(way, kind, "unclear", corrects_id=Raw(row))
        yield f"{kind} corrected", wrong, (unclear,)
        against = cast.evidence(way, kind, "contradicts", id=2_900_001)
        yield f"{kind} contradicts", wrong, (against,)
        yield (
            f"{kind} contradicts and was wrong",
            "",
            (
                against,
                cast.evidence(way, kind, "unclear", corrects_id=2_900_001),
            ),
        )
        yield f"another's {kind} contradicts", "", (cast.evidence(other, kind, "contradicts"),)
    yield "a detail wrong", wrong, (cast.reply(way, 2_900_002, False))
    yield "another's detail wrong", "", (cast.reply(other, 2_900_002, False))
    yield "three details", "", (cast.reply(way, 2_900_002, True))
    yield "one detail", wrong, (_none("heldbackreply", f"id = {way['reply']}"),)
    yield "one right and one wrong", wrong, (_set_own("heldbackreply", way["reply"], matches=False),)
    yield "not asked", "", (insert("reunification_heldback", case_id=case, question="x", answer="x", **cast.by("officer")),)


def _enquiries(cast: Ways, way: Way, other: Way) -> Iterator[Spoilt]:
    wrong = "parents_not_cleared"
    for result in ("unknown", "involved", "cleared"):
        yield f"then {result}", wrong, cast.enquiry(way, 2_900_003, 2, result)
        yield f"another's then {result}", "", cast.enquiry(other, 2_900_003, 2, result)
    later = cast.enquiry(way, 2_900_003, 2, "cleared")
    yield "asked on the last", "", (*later, _set_own("release", way["release"], enquiry_id=2_900_003))
    unsigned = cast.enquiry(way, 2_900_003, 2, "cleared", signed=False)
    yield "asked on one not signed", wrong, (*unsigned, _set_own("release", way["release"], enquiry_id=2_900_003))
    unknown = cast.enquiry(way, 2_900_003, 2, "unknown")
    yield "asked on one that clears nobody", wrong, (*unknown, _set_own("release", way["release"], enquiry_id=2_900_003))
    yield "not signed", wrong, (_none("countersignature", f"enquiry_id = {way['enquiry']}"),)
    yield "a suit", wrong, cast.suit(way["enquiry"], 2_900_004)
    yield "a suit lost", "", cast.suit(way["enquiry"], 2_900_004, "kept")
    yield "a suit won", wrong, cast.suit(way["enquiry"], 2_900_004, "revoked")
    yield "another's suit", "", cast.suit(other["enquiry"], 2_900_004)
    two = (*cast.suit(other["enquiry"], 2_900_005, "kept"), *cast.suit(way["enquiry"], 2_900_004))
    yield "a suit, and another's lost", wrong, two


def _determinations(cast: Ways, way: Way, other: Way) -> Iterator[Spoilt]:
    wrong, made = "not_determined", way["determination"]
    yield "another one since", wrong, (cast.determination(way, 2_900_006, 2),)
    yield "another's since", "", (cast.determination(other, 2_900_006, 2),)
    votes = tuple(cast.vote(2_900_006, who, of, True) for who, of in PANEL)
    last = (cast.determination(way, 2_900_006, 2), _set_own("release", way["release"], determination_id=2_900_006))
    yield "asked on the last", "", (*last, *votes)
    for decision in ("stay", "repatriate"):
        yield f"to {decision}", wrong, (_set_own("determination", made, decision=decision),)
    yield "its time is over", wrong, (_set_own("determination", made, valid_until=AT),)
    yield "it holds until now", "", (_set_own("determination", made, valid_until=AFTER),)
    yield "another's time is over", "", (_set_own("determination", other["determination"], valid_until=AT),)
    for _, of in PANEL:
        mine = f"determination_id = {made} AND discipline = '{of}'"
        yield f"without {of}", wrong, (_none("vote", mine),)
        yield f"{of} as police", wrong, (f"UPDATE reunification_vote SET discipline = 'police' WHERE {mine}",)
        dissents = f"UPDATE reunification_vote SET agrees = (1 = 0) WHERE {mine}"
        yield f"{of} dissents", "", (dissents,)
        even = (dissents, cast.vote(made, "officer2", of, False))
        yield f"{of} dissents twice", wrong, even
        police = (dissents, cast.vote(made, "officer2", "police", False), cast.vote(made, "officer_gd", "police", False))
        yield f"{of} dissents, and police", "", police
        twice = tuple(cast.vote(made, name, PANEL[of == "welfare"][1], True) for name in ("nurse", "nurse2"))
        yield f"without {of}, others twice", wrong, (_none("vote", mine), *twice)
    no = tuple(cast.vote(other["determination"], who, "health", False) for who in ("nurse", "nurse2", "officer", "officer2"))
    yield "another's panel dissents", "", no


def _samples(cast: Ways, way: Way, other: Way) -> Iterator[Spoilt]:
    wrong, check = "samples_not_fresh", way["check"]
    for which in ("child", "relative"):
        hop, kit = way[f"{which}_hop"], f"{which}_kit_id"
        yield f"the {which}'s sample taken before it was asked", wrong, (_set("laboratory_kithop", hop, at=BEFORE),)
        yield f"the {which}'s kit sent", wrong, (_set("laboratory_kithop", hop, kind="sent"),)
        yield f"the {which}'s another kit", wrong, (_set("laboratory_kithop", hop, kit_id=999_999),)
        yield f"the {which}'s none", wrong, (_set_own("freshcheck", check, **{kit: 999_999}),)
        asked = _set_own("release", way["release"], at="2011-07-01 08:00:00")
        for at, code in (("2011-07-06 08:00:01", ""), ("2011-07-06 08:00:00", wrong), ("2011-07-06 07:00:01", wrong)):
            yield f"the {which}'s sample of {at}", code, (asked, _set("laboratory_kithop", hop, at=at))
    yield "they differ", wrong, (_set_own("freshcheck", check, agrees=False),)
    again = insert("reunification_freshcheck", **cast.check_columns(way, agrees=False))
    yield "others differ", wrong, (again,)
    yield "another's differ", "", (insert("reunification_freshcheck", **cast.check_columns(other, agrees=False)),)
    good = insert("reunification_freshcheck", **cast.check_columns(way))
    yield "of none, though others agree", wrong, (good, _set_own("freshcheck", check, child_kit_id=999_999))
    yield "of another release", wrong, (_set_own("freshcheck", check, release_id=other["release"]),)
    yield "of another's mother", wrong, (_set_own("freshcheck", check, person_id=other["receives"]),)
    yield "of whoever does not receive", wrong, (_set_own("releaseperson", way["receives"], receives=False),)
    yield "of somebody else", wrong, (_set_own("releaseperson", way["receives"], person_id=999_999),)
    elsewhere = (_set_own("releaseperson", way["receives"], release_id=other["release"]),)
    yield "of another household", wrong, elsewhere
    yield "to somebody else", wrong, (_set("custody_handoveroffer", way["offer"], recipient_id=way["husband"]),)
    yield "to nobody", wrong, (_set("custody_handoveroffer", way["offer"], recipient_id=None),)


def _executions(cast: Ways, way: Way, other: Way) -> Iterator[Case]:
    def case(name: str, code: str, *before: str, **more: object) -> Case:
        write = insert("reunification_execution", **cast.execution_columns(way, **more))
        return judged("reunification_execution_insert_gate", name, code, *before, write)

    offer, wrong = way["offer"], "no_offer"
    yield case("by the giver", wrong, by_id=cast.stage.staff("caseworker"))
    yield case("no offer", wrong, offer_id=999_999)
    yield case("another's offer", wrong, offer_id=other["offer"])
    for name, columns in (
        ("of another child", {"child_id": other.pair.child}),
        ("of another kind", {"kind": "repatriated"}),
        ("to another place", {"to_facility_id": cast.stage.place("home_gd")}),
    ):
        yield case(f"an offer {name}", wrong, _set("custody_handoveroffer", offer, **columns))
    episode = cast.stage.episode_columns(way.pair.child, "reunified", offer)
    to_her = _set("custody_handoveroffer", offer, recipient_id=other["mother"])
    yield case("by another's samples, to another's mother", "samples_not_fresh", to_her, check_of_id=other["check"])
    yield case("taken already", wrong, insert("custody_custodyepisode", **episode))
    theirs = cast.stage.episode_columns(other.pair.child, "reunified", other["offer"])
    yield case("another's taken", "", insert("custody_custodyepisode", **theirs))
    abroad = cast.stage.place("abroad")
    sent = _set_own("release", way["release"], kind="authority", to_id=abroad)
    decided = _set_own("determination", way["determination"], decision="repatriate")
    goes = _set("custody_handoveroffer", offer, kind="repatriated", to_facility_id=abroad, recipient_id=None)
    legal = (sent, decided, goes)
    yield case("abroad", "", *legal, check_of_id=None)
    yield case("abroad as decided for a home", "not_determined", sent, goes)
    yield case("home as decided for abroad", "not_determined", decided)
    yield case("abroad by an offer home", wrong, sent, decided)
    elsewhere = _set("custody_handoveroffer", offer, to_facility_id=cast.stage.place("home"))
    home_offer = _set("custody_handoveroffer", offer, kind="reunified")
    yield case("abroad as if home", wrong, *legal, home_offer)
    yield case("abroad to another place", wrong, *legal, elsewhere)
    no_match = _set_own("case", way["case"], confirmation_id=None)
    unverified = (_none("evidence", "1 = 1"), _none("heldbackreply", "1 = 1"), _none("countersignature", "1 = 1"))
    yield case("abroad without a family", "", *legal, no_match, *unverified, check_of_id=None)


def _episodes(cast: Ways, way: Way, other: Way, execute: str) -> Iterator[Case]:
    def case(name: str, code: str, *before: str, kind: str = "reunified", **more: object) -> Case:
        columns = {"responsible_id": cast.stage.staff("caseworker2"), "started_at": AFTER} | more
        write = insert("custody_custodyepisode", **cast.stage.episode_columns(way.pair.child, kind, way["offer"], **columns))
        return judged("custody_custodyepisode_insert_release", name, code, *before, write)

    yield case("not carried out", "not_released")
    theirs = insert("reunification_execution", **cast.execution_columns(other))
    yield case("another's carried out", "not_released", theirs)
    elsewhere = f"UPDATE reunification_execution SET offer_id = 999999 WHERE release_id = {way['release']}"
    yield case("by another offer", "not_released", execute, elsewhere)
    yield case("by somebody else", "not_released", execute, responsible_id=cast.stage.staff("caseworker"))
    yield case("of another child", "not_released", execute, child_id=other.pair.child)
    yield case("too late", "release_over", execute, started_at=LATE)
    for kind in ("police", "hospital", "emergency_nursery", "relief_station", "welfare_institution", "foster", "deceased"):
        yield case(f"in {kind}", "", kind=kind)
    yield case("abroad", "not_released", kind="repatriated")
    abroad = cast.stage.place("abroad")
    sent = _set_own("release", way["release"], kind="authority", to_id=abroad)
    decided = _set_own("determination", way["determination"], decision="repatriate")
    theirs_too = (
        f"UPDATE reunification_execution SET check_of_id = {other['check']} WHERE release_id = {way['release']}",
        _set("custody_handoveroffer", way["offer"], recipient_id=other["mother"]),
    )
    yield case("by another's samples, to another's mother", "samples_not_fresh", execute, *theirs_too)
    unchecked = f"UPDATE reunification_execution SET check_of_id = NULL WHERE release_id = {way['release']}"
    yield case("without samples", "samples_not_fresh", execute, unchecked)
    yield case("carried out abroad", "", execute, unchecked, sent, decided, kind="repatriated", facility_id=abroad)
    no_match = _set_own("case", way["case"], confirmation_id=None)
    unverified = (_none("evidence", "1 = 1"), _none("heldbackreply", "1 = 1"), _none("countersignature", "1 = 1"))
    yield case("without a family", "", execute, sent, decided, no_match, *unverified, kind="repatriated")


def _offers(cast: Ways, way: Way, other: Way) -> Iterator[Case]:
    def case(name: str, code: str, *before: str, **more: object) -> Case:
        write = insert("custody_handoveroffer", **cast.offer_columns(way) | more)
        return judged("custody_handoveroffer_insert_release", name, code, *before, write)

    wrong, release = "not_released", way["release"]
    yield case("legal", "")
    for kind in ("police", "hospital", "emergency_nursery", "relief_station", "welfare_institution", "foster", "deceased"):
        yield case(f"in {kind}", "", kind=kind, recipient_id=None)
        yield case(f"in {kind} to somebody", wrong, kind=kind)
    yield case("to whoever does not receive", wrong, recipient_id=way["husband"])
    yield case("to another's mother", wrong, recipient_id=other["mother"])
    yield case("to nobody", wrong, recipient_id=None)
    yield case("another child", wrong, child_id=other.pair.child)
    yield case("elsewhere", wrong, to_facility_id=cast.stage.place("home_gd"))
    yield case("abroad", wrong, kind="repatriated")
    told = {"reason": "enquiry", "note": "", "by_id": None, "at": AT}
    yield case("revoked", wrong, insert("reunification_revocation", release_id=release, **told))
    yield case("another's revoked", "", insert("reunification_revocation", release_id=other["release"], **told))
    yield case("carried out", wrong, insert("reunification_execution", **cast.execution_columns(way)))
    yield case("another's carried out", "", insert("reunification_execution", **cast.execution_columns(other)))
    abroad = cast.stage.place("abroad")
    sent = _set_own("release", release, kind="authority", to_id=abroad)
    there = {"kind": "repatriated", "to_facility_id": abroad, "recipient_id": None}
    yield case("to an authority", "", sent, **there)
    yield case("to an authority, as home", wrong, sent)
    yield case("to an authority, to somebody", wrong, sent, **there | {"recipient_id": way["mother"]})
    yield case("to an authority, as if home", wrong, sent, **there | {"kind": "reunified"})
    yield case("to another authority", wrong, sent, **there | {"to_facility_id": cast.stage.place("home")})


def _checks(cast: Ways, way: Way, other: Way) -> Iterator[Case]:
    def case(name: str, code: str, *before: str, **more: object) -> Case:
        write = insert("reunification_freshcheck", **cast.check_columns(way, **more))
        return judged("reunification_freshcheck_insert_gate", name, code, *before, write)

    wrong = "other_person"
    yield case("legal", "")
    for which in ("child", "relative"):
        kit = f"{which}_kit_id"
        yield case(f"another {which}'s", wrong, **{kit: other[f"{which}_kit"]})
        yield case(f"no {which}'s", wrong, **{kit: 999_999})
        yield case(
            f"a {which}'s never typed", wrong, f"DELETE FROM laboratory_{which}profile WHERE kit_id = {way[which + '_kit']}"
        )
    yield case("another's mother", wrong, person_id=other["receives"])
    yield case("another's mother and sample", wrong, person_id=other["receives"], relative_kit_id=other["relative_kit"])
    yield case("no mother", wrong, person_id=999_999)
    yield case("no release", wrong, release_id=999_999)
