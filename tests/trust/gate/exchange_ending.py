"""The end of a case between two houses, and what does not happen in it any more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from trust.gate.case import Case, judged, twin_of
from trust.gate.exchange import by_roles
from trust.gate.exchange_dna import CASE, CASES, ELSEWHERE, NODE, SUPERVISOR, came, out
from trust.gate.stage import AT, Stage, a_supervisor, insert, nothing

MONTH, LESS = "2011-08-19 08:00:00", "2011-08-19 06:59:00"


def exchange_ending(stage: Stage) -> Iterator[Case]:
    """Of every guard of these tables, and of messages."""
    yield from _ends(stage)
    yield from _again(stage)
    yield from _messages(stage)
    yield from _erased()


def end(n: int = 1, case: int = CASE, **more: Any) -> str:
    told = {"id": n, "case_id": case, "how": "closed", "keep_days": 365, "reason": "x", "by_id": a_supervisor(), "at": AT}
    return insert("exchange_caseend", **told | more)


def wants(n: int = 1, of: int = 1, **more: Any) -> str:
    return insert("exchange_casereopening", **{"id": n, "end_id": of, "reason": "x", "by_id": 1, "at": AT} | more)


def opens(n: int = 1, of: int = 1, **more: Any) -> str:
    return insert("exchange_casereopened", **{"id": n, "reopening_id": of, "by_id": 2, "at": AT} | more)


def _ends(stage: Stage) -> Iterator[Case]:
    guard, by = "exchange_caseend_insert_gate", {"by_id": stage.staff("supervisor")}
    yield from by_roles(stage, guard, end, SUPERVISOR)
    for name, code, more in (
        ("without a reason", "why_missing", {"reason": ""}),
        ("withdrawn", "", {"how": "withdrawn", "keep_days": 30}),
        ("withdrawn, kept longer", "term_not_allowed", {"how": "withdrawn", "keep_days": 31}),
        ("otherwise", "unknown_choice", {"how": "else"}),
        ("for a month", "", {"keep_days": 30}),
        ("for less", "term_not_allowed", {"keep_days": 29}),
        ("for ten years", "", {"keep_days": 3650}),
        ("for more", "term_not_allowed", {"keep_days": 3651}),
    ):
        yield judged(guard, name, code, end(**by | more))
    yield from _if_ended(guard, "ended_already", (), end(9, **by), "end")


def _if_ended(guard: str, code: str, here: tuple[str, ...], row: str, what: str, *, over: bool = True) -> Iterator[Case]:
    """Refused where the case is over; or, the other way, where it is not."""
    for name, refused, before in (
        ("ended", True, (end(),)),
        ("another ended", False, (end(1, ELSEWHERE),)),
        ("open again", False, (end(), wants(), opens())),
        ("to be opened again", True, (end(), wants())),
        ("ended, another open again", True, (end(), end(2, ELSEWHERE), wants(1, 2), opens())),
        ("ended, another's opening approved", True, (end(), wants(1, 1), wants(2, 99), opens(1, 2))),
        ("ended once more", True, (end(), wants(), opens(), end(2))),
    ):
        yield judged(guard, f"{what}: {name}", code if refused == over else "", *here, *before, row)


def _again(stage: Stage) -> Iterator[Case]:
    one, other = stage.staff("supervisor"), stage.staff("supervisor2")
    guard = "exchange_casereopening_insert_gate"
    yield from by_roles(stage, guard, wants, SUPERVISOR)
    yield judged(guard, "without a reason", "why_missing", wants(reason="", by_id=one))
    guard = "exchange_casereopened_insert_gate"
    yield from by_roles(stage, guard, opens, SUPERVISOR, wants(by_id=999_998))
    here = (wants(1, 1, by_id=one), wants(2, 2, by_id=other))
    for name, code, of, by in (
        ("by the other", "", 1, other),
        ("by oneself", "self_approval", 1, one),
        ("by the other themselves", "self_approval", 2, other),
        ("by the first for the other", "", 2, one),
        ("of nothing", "self_approval", 3, one),
    ):
        yield judged(guard, name, code, *here, opens(9, of, by_id=by))
    twin, there = twin_of(stage, "supervisor2")
    yield judged(guard, "by the other, under another number", "self_approval", there, *here, opens(9, 2, by_id=twin))
    yield judged(guard, "by one who is twice there, of another's", "", there, *here, opens(9, 1, by_id=twin))


def _messages(stage: Stage) -> Iterator[Case]:
    guard, by = "exchange_outgoing_insert_gate", {"by_id": stage.staff("supervisor")}
    yield from _if_ended(guard, "case_ended", CASES, out(1, "notice", **by), "a notice")
    yield from _if_ended(guard, "case_ended", CASES, out(1, "opened", **by), "that it is open")
    told = out(1, "ended", **by)
    yield from _if_ended(guard, "not_ended", CASES, told, "that it is over", over=False)
    yield judged(guard, "that it is over, and it is not", "not_ended", *CASES, told)
    theirs = came(3, "ended")
    for name, code, before in (
        ("ended there", "case_ended", (theirs,)),
        ("another ended there", "", (came(3, "ended", ELSEWHERE),)),
        ("told of there", "", (came(3, "notice"),)),
        ("open again there", "", (theirs, came(4, "opened"))),
        ("ended there, another open again", "case_ended", (theirs, came(4, "opened", ELSEWHERE))),
        ("ended there, and something said", "case_ended", (theirs, came(4, "notice"))),
        ("opened there, and ended after it", "case_ended", (came(2, "opened"), theirs)),
    ):
        yield judged(guard, f"a notice: {name}", code, *CASES, *before, out(1, "notice", **by))
    yield judged(guard, "that it is over: ended there", "", *CASES, theirs, end(), told)
    yield judged(guard, "that it is open: ended there", "", *CASES, theirs, out(1, "opened", **by))
    guard = "exchange_incoming_insert_gate"
    key = {"node_id": NODE, "address": "https://x", "registered_by_id": 1, "countersigned_by_id": 2, "at": AT}
    key |= {name: nothing() for name in ("public", "sealing", "searching", "certificate")}
    here = (*CASES, insert("exchange_nodekey", id=796_050, **key))
    row = came(1, "notice", key_id=796_050)
    yield from _if_ended(guard, "case_ended", here, row, "a notice")
    yield judged(guard, "that it is over: ended here", "", *here, end(), came(1, "ended", key_id=796_050))
    yield judged(guard, "that it is open: ended here", "", *here, end(), came(1, "opened", key_id=796_050))
    yield judged(guard, "what tells of a child", "", *here, came(1, "package", key_id=796_050))
    yield judged(guard, "what tells of a child, kept", "profile_kept", *here, came(1, "package", key_id=796_050, body="b"))


def _erased() -> Iterator[Case]:
    guard = "exchange_contentserased_insert_gate"

    def erased(of: int = 1, **more: Any) -> str:
        return insert("exchange_contentserased", **{"end_id": of, "at": MONTH} | more)

    other = end(2, ELSEWHERE, at="2011-08-10 08:00:00")
    for name, code, before, row in (
        ("after a month", "", (end(),), erased()),
        ("before it", "term_not_over", (end(),), erased(at=LESS)),
        ("at once", "term_not_over", (end(),), erased(at=AT)),
        ("of nothing", "term_not_over", (end(),), erased(3)),
        ("of a later one", "term_not_over", (end(), other), erased(2)),
        ("of the earlier one", "", (end(), other), erased(1)),
        ("open again", "not_ended", (end(), wants(), opens()), erased()),
        ("to be opened again", "", (end(), wants()), erased()),
        ("another open again", "", (end(), end(2, ELSEWHERE), wants(1, 2), opens()), erased()),
        ("another's opening approved", "", (end(), wants(1, 1), wants(2, 99), opens(1, 2)), erased()),
    ):
        yield judged(guard, name, code, *before, row)
