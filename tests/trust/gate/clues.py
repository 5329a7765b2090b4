"""Clues: who writes into one, what hangs together, its steps, and what is said of pairs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from trust.gate.case import Case, judged, leaves
from trust.gate.stage import AT, Stage, insert
from wayhome.casework.accounts.rules import Role
from wayhome.casework.clues.rules import NEXT, STATES

NONE = 99
CLUE: dict[str, Any] = {
    "received_at": AT,
    "channel": "x",
    "source_grade": "A",
    "info_grade": 1,
    "text": "x",
    "language": "zh",
    "anonymous": False,
    "protected": False,
}


def clue_columns(stage: Stage, where: str = "GX", agency: str = "police", who: str = "officer") -> dict[str, Any]:
    """A clue."""
    place, held = stage.world.jurisdictions[where].pk, stage.world.agencies[agency].pk
    return CLUE | {"jurisdiction_id": place, "agency_id": held, "by_id": stage.staff(who), "at": AT}


def plant_clue(stage: Stage, **more: Any) -> int:
    """One that is there."""
    return stage.plant("clues_clue", **clue_columns(stage, **more))


def plant_mention(stage: Stage, clue: int) -> int:
    """Something it speaks of."""
    return stage.plant("clues_mention", clue_id=clue, kind="person", label="x", by_id=stage.staff("officer"), at=AT)


def by_whom(stage: Stage, guard: str, code: str, write: Any) -> Iterator[Case]:
    """Officers at work of the police that hold the clue, and nobody else; `write` makes the statement, of one member of staff."""
    yield judged(guard, "a colleague", "", write(stage.staff("officer2")))
    yield judged(guard, "an officer elsewhere", code, write(stage.staff("officer_gd")))
    yield judged(guard, "nobody", code, write(NONE))
    yield judged(guard, "somebody who left", code, leaves(stage, "officer2"), write(stage.staff("officer2")))
    yield judged(guard, "somebody else left", "", leaves(stage, "officer"), write(stage.staff("officer2")))
    for role in Role:
        yield judged(guard, f"by a {role}", "" if role == "officer" else code, write(stage.member["police", role]))


def intake(stage: Stage) -> Iterator[Case]:
    """A clue, and what it speaks of."""

    def clue(by: int, **more: Any) -> str:
        return insert("clues_clue", **{"id": 810_001} | clue_columns(stage, **more) | {"by_id": by})

    guard = "clues_clue_insert_gate"
    yield from by_whom(stage, guard, "clue_not_own", clue)
    officer = stage.staff("officer")
    yield judged(guard, "of another agency", "clue_not_own", clue(officer, agency="police_gd", where="GD"))
    yield judged(guard, "of another province", "clue_elsewhere", clue(officer, where="GD"))
    yield judged(guard, "of the whole country", "clue_elsewhere", clue(officer, where="CN"))
    # An officer of the ministry, as no role table has it, to tell above from below.
    high = {"number": "hc", "name": "x", "name_latin": "", "id_number": "papers of hc", "phone": "", "address": ""}
    signed = {"registered_by_id": None, "countersigned_by_id": None, "at": AT}
    ministry = stage.world.agencies["ministry"].pk
    national = insert("accounts_staff", id=810_002, **high, agency_id=ministry, role="officer", **signed)
    yield judged(guard, "below the own", "", national, clue(810_002, where="GX", agency="ministry"))
    yield judged(guard, "of another country", "clue_elsewhere", national, clue(810_002, where="VN", agency="ministry"))
    yield judged(
        guard,
        "of no jurisdiction",
        "clue_elsewhere",
        insert("clues_clue", **{"id": 810_001} | clue_columns(stage) | {"jurisdiction_id": NONE}),
    )
    # The others' comes first: what is read of any clue at all is theirs.
    other = plant_clue(stage, where="GD", agency="police_gd", who="officer_gd")
    mine = plant_clue(stage)
    one, two, far = plant_mention(stage, mine), plant_mention(stage, mine), plant_mention(stage, other)
    stage.row |= {"clue": mine, "clue_gd": other}

    def source(by: int, clue: int = mine) -> str:
        return insert("clues_source", clue_id=clue, words="x", by_id=by, at=AT)

    def mention(by: int, clue: int = mine) -> str:
        return insert("clues_mention", clue_id=clue, kind="x", label="x", by_id=by, at=AT)

    def fact(by: int, mention: int = one) -> str:
        return insert("clues_fact", mention_id=mention, kind="x", script="", value="x", by_id=by, at=AT)

    def edge(by: int, clue: int = mine, **more: Any) -> str:
        ends = {"one_id": one, "other_id": two, "origin_id": None, "destination_id": None} | more
        return insert("clues_edge", clue_id=clue, verb="x", role="", on=None, **ends, by_id=by, at=AT)

    for table, write in (("source", source), ("mention", mention), ("fact", fact), ("edge", edge)):
        yield from by_whom(stage, f"clues_{table}_insert_gate", "not_your_clue", write)
    theirs = stage.staff("officer_gd")
    for table, written in (
        ("source", source(theirs, other)),
        ("mention", mention(theirs, other)),
        ("fact", fact(theirs, far)),
        ("edge", edge(theirs, other, one_id=far, other_id=plant_mention(stage, other))),
    ):
        yield judged(f"clues_{table}_insert_gate", "in theirs by them", "", written)
    yield judged("clues_fact_insert_gate", "of another's", "not_your_clue", fact(officer, far))
    yield judged("clues_fact_insert_gate", "of none", "not_your_clue", fact(officer, NONE))
    for end in ("one_id", "other_id", "origin_id", "destination_id"):
        guard = "clues_edge_insert_gate"
        yield judged(guard, f"{end} of the clue", "", edge(officer, **{end: one}))
        yield judged(guard, f"{end} of another clue", "other_clue", edge(officer, **{end: far}))
        yield judged(guard, f"{end} that is not there", "other_clue", edge(officer, **{end: NONE}))
    for name, code, clue_id, mention_id in (
        ("its own", "", mine, one),
        ("of another", "other_clue", mine, far),
        ("of none", "other_clue", mine, NONE),
    ):
        key = insert("clues_mentionkey", clue_id=clue_id, mention_id=mention_id, kind="x", key="x")
        yield judged("clues_mentionkey_insert_gate", name, code, key)


def steps(stage: Stage) -> Iterator[Case]:
    """One after the other."""
    guard, officer = "clues_step_insert_gate", stage.staff("officer")
    mine, other = plant_clue(stage), plant_clue(stage)

    def step(n: int, state: str, by: int = officer, to: int | None = None, clue: int = mine) -> str:
        if state == "assigned" and to is None:
            to = stage.staff("officer2")
        return insert("clues_step", clue_id=clue, n=n, state=state, assigned_to_id=to or None, note="", by_id=by, at=AT)

    received, triaged = step(1, "received"), step(2, "triaged")
    yield from by_whom(stage, guard, "not_your_clue", lambda by: step(1, "received", by))
    yield judged(guard, "the second first", "not_last", step(2, "triaged"))
    yield judged(guard, "twice", "not_last", received, step(1, "received"))
    yield judged(guard, "one left out", "not_last", received, step(3, "triaged"))
    yield judged(guard, "after another's", "", step(1, "received", clue=other), received)
    elsewhere = plant_clue(stage, where="GD", agency="police_gd", who="officer_gd")
    stage.plant("clues_step", clue_id=elsewhere, n=1, state="triaged", assigned_to_id=None, note="", by_id=officer, at=AT)
    them = stage.staff("officer_gd")
    yield judged(guard, "theirs to them", "", step(2, "assigned", them, them, elsewhere))
    yield judged(guard, "theirs to us", "assigned_to_nobody", step(2, "assigned", them, officer, elsewhere))
    # The last step of another clue, and an older one of this clue, do not count.
    yield judged(
        guard, "as another's", "no_such_clue_step", step(1, "received", clue=other), step(2, "triaged", clue=other), received,
        step(2, "assigned"),
    )  # fmt: skip
    yield judged(guard, "as an older one", "no_such_clue_step", received, triaged, step(3, "triaged"))
    yield judged(guard, "received again", "no_such_clue_step", received, step(2, "received"))
    for state in STATES:
        yield judged(guard, f"begun as {state}", "" if state == "received" else "no_such_clue_step", step(1, state))
    for before in STATES:
        planted = plant_clue(stage)
        for n, state in enumerate(("x", before), 1):
            row = {"clue_id": planted, "n": n, "state": state, "assigned_to_id": None, "note": "", "by_id": officer, "at": AT}
            stage.plant("clues_step", **row)
        for after in STATES:
            code = "" if after in NEXT[before] else "no_such_clue_step"
            yield judged(guard, f"{after} after {before}", code, step(3, after, clue=planted))
    assigned = (received, triaged)
    none = insert("clues_step", clue_id=mine, n=3, state="assigned", assigned_to_id=None, note="", by_id=officer, at=AT)
    yield judged(guard, "to nobody", "assigned_to_nobody", *assigned, none)
    yield judged(guard, "somebody for another step", "assigned_to_nobody", *assigned, step(3, "dormant", to=officer))
    yield judged(
        guard, "to an officer elsewhere", "assigned_to_nobody", *assigned, step(3, "assigned", to=stage.staff("officer_gd"))
    )
    yield judged(guard, "to no row", "assigned_to_nobody", *assigned, step(3, "assigned", to=NONE))
    gone = leaves(stage, "officer2")
    yield judged(guard, "to somebody who left", "assigned_to_nobody", *assigned, gone, step(3, "assigned"))
    yield judged(guard, "somebody else left before", "", *assigned, gone, step(3, "assigned", to=stage.staff("officer")))
    for role in Role:
        code = "" if role == "officer" else "assigned_to_nobody"
        yield judged(guard, f"to a {role}", code, *assigned, step(3, "assigned", to=stage.member["police", role]))


def verdicts(stage: Stage) -> Iterator[Case]:
    """Of pairs."""
    guard, officer = "clues_verdict_insert_gate", stage.staff("officer")
    one, two, three = plant_clue(stage), plant_clue(stage), plant_clue(stage)
    theirs = plant_clue(stage, where="GD", agency="police_gd", who="officer_gd")

    def verdict(by: int = officer, n: int = 1, low: int = one, high: int = two, side: int = one) -> str:
        return insert("clues_verdict", one_id=low, other_id=high, n=n, side_id=side, confirmed=True, note="x", by_id=by, at=AT)

    yield from by_whom(stage, guard, "not_your_side", verdict)
    yield judged(guard, "on the other side", "", verdict(side=two))
    yield judged(guard, "turned round", "no_pair", verdict(low=two, high=one))
    yield judged(guard, "of one", "no_pair", verdict(high=one))
    yield judged(guard, "on the side of a third", "no_pair", verdict(side=three))
    yield judged(guard, "for the others", "not_your_side", verdict(high=theirs, side=theirs))
    yield judged(guard, "theirs by them", "", verdict(stage.staff("officer_gd"), high=theirs, side=theirs))
    yield judged(guard, "for the own against others", "", verdict(high=theirs))
    yield judged(guard, "second first", "not_last", verdict(n=2))
    yield judged(guard, "first again", "not_last", verdict(), verdict())
    yield judged(guard, "second", "", verdict(), verdict(n=2))
    yield judged(guard, "one left out", "not_last", verdict(), verdict(n=3))
    yield judged(guard, "after that of another pair", "", verdict(high=three), verdict())
    yield judged(
        guard, "after that of another first", "", verdict(low=two, high=three, side=three), verdict(high=three, side=one)
    )
    yield judged(guard, "for both", "one_for_both", verdict(), verdict(n=2, side=two))
    colleague = stage.staff("officer2")
    yield judged(guard, "the other by a colleague", "", verdict(), verdict(colleague, n=2, side=two))
    yield judged(guard, "for both of another pair", "", verdict(high=three), verdict(side=two))
    yield judged(guard, "of another pair before", "", verdict(low=two, high=three, side=three), verdict(low=one, high=three))
    again = {"number": "ag", "name": "x", "name_latin": "", "phone": "", "address": "", "at": AT}
    again |= {"id_number": stage.world.staff["officer"].id_number, "agency_id": stage.world.agencies["police"].pk}
    back = insert("accounts_staff", id=810_010, **again, role="officer", registered_by_id=None, countersigned_by_id=None)
    yield judged(guard, "for both under another number", "one_for_both", verdict(), back, verdict(810_010, n=2, side=two))


def task_force(stage: Stage, name: str, *members: str) -> int:
    """An investigation with these in its task force."""
    held = {"agency_id": stage.world.agencies["police"].pk, "jurisdiction_id": stage.world.jurisdictions["GX"].pk}
    said = {"by_id": stage.staff("officer"), "at": AT}
    found = stage.plant("operations_investigation", code=name, title="x", **held, **said)
    for member in members:
        row = {"investigation_id": found, "staff_id": stage.staff(member), "function": "member"}
        stage.row[f"{name} {member}"] = stage.plant("operations_member", **row, **said)
    return found


def compartments(stage: Stage) -> Iterator[Case]:
    """What a task force has to itself, and what it opens."""
    officer, colleague = stage.staff("officer"), stage.staff("officer2")
    both, own = task_force(stage, "both", "officer", "officer2"), task_force(stage, "own", "officer", "officer_gd")
    far, open_ = plant_clue(stage, where="GD", agency="police_gd", who="officer_gd"), plant_clue(stage)
    shut, shut_apart = plant_clue(stage), plant_clue(stage)
    for clue, of in ((shut_apart, both), (shut, own)):
        stage.plant("clues_compartment", clue_id=clue, investigation_id=of, by_id=officer, at=AT)
    left = insert("operations_memberend", member_id=stage.row["own officer"], by_id=officer, at=AT)
    guard = "clues_compartment_insert_gate"

    def shuts(by: int, clue: int = open_, of: int = both) -> str:
        return insert("clues_compartment", clue_id=clue, investigation_id=of, by_id=by, at=AT)

    yield judged(guard, "by a member", "", shuts(colleague))
    yield judged(guard, "by who is no member", "not_in_task_force", shuts(colleague, of=own))
    yield judged(guard, "for nobody", "not_in_task_force", shuts(officer, of=NONE))
    yield judged(guard, "who left it", "not_in_task_force", left, shuts(officer, of=own))
    gd = stage.staff("officer_gd")
    yield judged(guard, "theirs by us", "not_your_clue", shuts(officer, far, own))
    yield judged(guard, "theirs by them", "", shuts(gd, far, own))
    yield judged(guard, "ours by them", "not_your_clue", shuts(gd, open_, own))
    yield judged(guard, "who left the service", "not_your_clue", leaves(stage, "officer2"), shuts(colleague))
    yield judged(guard, "somebody else left the service", "", leaves(stage, "officer_gd"), shuts(colleague))
    for role in (role for role in Role if role != "officer"):
        yield judged(guard, f"by a {role}", "not_your_clue", shuts(stage.member["police", role]))

    def opens(by: int, clue: int = open_, other: int = far) -> str:
        return insert("clues_opening", clue_id=clue, other_id=other, by_id=by, at=AT)

    guard = "clues_opening_insert_gate"
    yield from by_whom(stage, guard, "not_your_clue", opens)
    yield from members_alone(guard, opens, officer, colleague, shut, left)
    yield judged(guard, "theirs by them", "", opens(gd, far, open_))
    yield judged(guard, "of one agency", "same_agency_opens", opens(officer, open_, shut))
    yield judged(guard, "to none", "same_agency_opens", opens(officer, open_, NONE))
    yield judged(guard, "after the others", "", opens(gd, far, open_), opens(officer))
    papers = stage.world.staff["officer_gd"].id_number
    again = {"number": "agd", "name": "x", "name_latin": "", "phone": "", "address": "", "at": AT, "id_number": papers}
    again |= {"agency_id": stage.world.agencies["police"].pk, "registered_by_id": None, "countersigned_by_id": None}
    back = insert("accounts_staff", id=810_020, **again, role="officer")
    yield judged(guard, "for both", "one_for_both", opens(gd, far, open_), back, opens(810_020))
    yield judged(guard, "for one to another", "", opens(gd, far, shut), back, opens(810_020))
    third = plant_clue(stage, where="GD", agency="police_gd", who="officer_gd")
    yield judged(guard, "for a third", "", opens(gd, third, open_), back, opens(810_020))

    source = lambda by, clue: insert("clues_source", clue_id=clue, words="x", by_id=by, at=AT)  # noqa: E731
    yield from members_alone("clues_source_insert_gate", source, officer, colleague, shut, left)
    mention = lambda by, clue: insert("clues_mention", clue_id=clue, kind="x", label="x", by_id=by, at=AT)  # noqa: E731
    yield from members_alone("clues_mention_insert_gate", mention, officer, colleague, shut, left)
    inside = {clue: (plant_mention(stage, clue), plant_mention(stage, clue)) for clue in (shut,)}

    def fact(by: int, clue: int) -> str:
        return insert("clues_fact", mention_id=inside[clue][0], kind="x", script="", value="x", by_id=by, at=AT)

    yield from members_alone("clues_fact_insert_gate", fact, officer, colleague, shut, left)

    def edge(by: int, clue: int) -> str:
        ends = {"one_id": inside[clue][0], "other_id": inside[clue][1], "origin_id": None, "destination_id": None}
        return insert("clues_edge", clue_id=clue, verb="x", role="", on=None, **ends, by_id=by, at=AT)

    yield from members_alone("clues_edge_insert_gate", edge, officer, colleague, shut, left)

    def step(by: int, clue: int) -> str:
        row = {"clue_id": clue, "n": 1, "state": "received", "assigned_to_id": None, "note": ""}
        return insert("clues_step", **row, by_id=by, at=AT)

    yield from members_alone("clues_step_insert_gate", step, officer, colleague, shut, left)
    guard = "clues_step_insert_gate"
    given, given_apart, given_open = (plant_clue(stage) for _ in range(3))
    for clue, of in ((given, own), (given_apart, both)):
        stage.plant("clues_compartment", clue_id=clue, investigation_id=of, by_id=officer, at=AT)
    for clue in (given, given_apart, given_open):
        before = {"clue_id": clue, "n": 1, "state": "triaged", "assigned_to_id": None, "note": ""}
        stage.plant("clues_step", **before, by_id=officer, at=AT)

    def gives(to: int, clue: int = given) -> str:
        row = {"clue_id": clue, "n": 2, "state": "assigned", "assigned_to_id": to, "note": ""}
        return insert("clues_step", **row, by_id=officer, at=AT)

    yield judged(guard, "to one of the task force", "", gives(officer))
    yield judged(guard, "to a colleague who is none", "assigned_outside", gives(colleague))
    yield judged(guard, "to a colleague who is", "", gives(colleague, given_apart))
    yield judged(guard, "to any where it is open", "", gives(colleague, given_open))
    yield judged(guard, "to a guest", "assigned_to_nobody", gives(gd))
    yield judged(guard, "to one while another left", "", left, gives(colleague, given_apart))
    gone = insert("operations_memberend", member_id=stage.row["both officer2"], by_id=officer, at=AT)
    yield judged(guard, "to who left the task force", "assigned_outside", gone, gives(colleague, given_apart))

    def verdict(by: int, clue: int) -> str:
        low, high = sorted((clue, open_))
        row = {"one_id": low, "other_id": high, "n": 1, "side_id": clue, "confirmed": True, "note": "x"}
        return insert("clues_verdict", **row, by_id=by, at=AT)

    yield from members_alone("clues_verdict_insert_gate", verdict, officer, colleague, shut, left, "not_your_side")


def members_alone(
    guard: str, write: Any, officer: int, colleague: int, shut: int, left: str, code: str = "not_your_clue"
) -> Iterator[Case]:
    """Into a clue in a compartment its task force writes, and no colleague."""
    yield judged(guard, "a member in a compartment", "", write(officer, shut))
    yield judged(guard, "a colleague who is none", code, write(colleague, shut))
    yield judged(guard, "one who left the task force", code, left, write(officer, shut))


SOURCES = (intake, steps, verdicts, compartments)
