"""What was said wrongly between two houses, and the further row that says how it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from trust.gate.case import Case, judged, leaves
from trust.gate.exchange import by_roles
from trust.gate.exchange_dna import BOTH, KIT, SUPERVISOR, TIED, approval, kit, look, out, question, typed
from trust.gate.exchange_files import AFTER_IT, BEFORE, BOTH_ROLES, FOUND, LATER, NOW, package, rescued_child, step
from trust.gate.exchange_files import approval as package_approval
from trust.gate.stage import AT, Stage, a_supervisor, insert
from wayhome.casework.accounts.rules import Role

FIRST, SECOND, THIRD, EARLY = 796_101, 796_102, 796_103, 796_100
SOON, MIDDAY, EVENING, MID, NIGHT, LAST, LATEST = (
    "2011-07-21 12:00:00",
    "2011-07-22 12:00:00",
    "2011-07-22 18:00:00",
    "2011-07-22 20:00:00",
    "2011-07-22 22:00:00",
    "2011-07-23 12:00:00",
    "2011-07-23 20:00:00",
)


def exchange_corrections(stage: Stage) -> Iterator[Case]:
    """Of every guard of these tables, and of those that read them."""
    yield from _who_corrects(stage)
    yield from _order(stage)
    yield from _next_steps(stage)
    yield from _ties(stage)
    yield from _under_a_tie(stage)
    yield from _looks(stage)


def corrects(of: int, n: int = 1, **more: Any) -> str:
    told = {
        "step_id": of,
        "n": n,
        "stands": True,
        "who": "court",
        "what": "x",
        "since": MID,
        "reason": "x",
        "by_id": a_supervisor(),
        "at": NOW,
    }
    return insert("exchange_stepcorrection", **told | more)


def back(of: int, n: int = 1, **more: Any) -> str:
    return corrects(of, n, stands=False, **more)


def turns(n: int, stands: bool, tie: int = TIED, **more: Any) -> str:
    told = {"tie_id": tie, "n": n, "stands": stands, "reason": "x", "by_id": a_supervisor(), "at": AT}
    return insert("exchange_tiechange", **told | more)


def _told(stage: Stage, first: str = "doctor") -> tuple[str, ...]:
    """Three steps of a child, after one of a child that was rescued earlier; somebody of another house told the first."""
    other, by = stage.staff(first), stage.staff("supervisor")
    by = by if first == "supervisor" else stage.member["police", Role.OFFICER]
    return (
        *rescued_child(stage),
        step(of=1, id=EARLY, since=FOUND, by_id=other),
        step(id=FIRST, since=AFTER_IT, by_id=other),
        step(2, id=SECOND, since=MID, by_id=by),
        step(3, id=THIRD, since=LATER, by_id=by),
    )


def _who_corrects(stage: Stage) -> Iterator[Case]:
    guard, by, here = "exchange_stepcorrection_insert_gate", {"by_id": stage.staff("supervisor")}, _told(stage)
    yield from by_roles(stage, guard, lambda **more: corrects(SECOND, **more), BOTH_ROLES, *here)
    liaison = {"by_id": stage.member["police", Role.LIAISON]}
    for name, code, row in (
        ("another house's, by a liaison", "not_allowed", corrects(FIRST, since=AFTER_IT, **liaison)),
        ("another house's, by a supervisor", "", corrects(FIRST, since=AFTER_IT, **by)),
        ("without a reason", "why_missing", corrects(SECOND, reason="", **by)),
        ("for somebody", "unknown_choice", corrects(SECOND, who="else", **by)),
        ("the second first", "not_next", corrects(SECOND, 2, **by)),
        ("ahead", "in_the_future", corrects(THIRD, since="2011-07-24 08:00:01", **by)),
        ("at once", "", corrects(THIRD, since=NOW, **by)),
        ("before the rescue", "before_rescue", corrects(FIRST, since=BEFORE, **by)),
        ("before the rescue, taken back", "before_rescue", back(FIRST, since=BEFORE, **by)),
        ("of nothing", "before_rescue", corrects(999_999, **by)),
    ):
        yield judged(guard, name, code, *here, row)
    for who in ("ours", "theirs", "court", "documents"):
        yield judged(guard, f"for {who}", "", *here, corrects(SECOND, who=who, **by))
    for name, code, before, row in (
        ("again", "", (corrects(SECOND, **by),), corrects(SECOND, 2, **by)),
        ("the first again", "not_next", (corrects(SECOND, **by),), corrects(SECOND, 1, **by)),
        ("of another", "", (corrects(THIRD, since=LATER, **by),), corrects(SECOND, **by)),
        ("the second of another", "not_next", (corrects(THIRD, since=LATER, **by),), corrects(SECOND, 2, **by)),
    ):
        yield judged(guard, name, code, *here, *before, row)


def _order(stage: Stage) -> Iterator[Case]:
    """A step stays between those before and after it, as they stand."""
    guard, by = "exchange_stepcorrection_insert_gate", {"by_id": stage.staff("supervisor")}
    here = _told(stage)
    # Of another child, and in no order with these.
    others = (step(2, of=1, since=NOW), step(3, of=1, since=FOUND))

    def second(since: str, n: int = 1, **more: Any) -> str:
        return corrects(SECOND, n, since=since, **by | more)

    wrong = "step_out_of_order"
    for name, code, before, row in (
        ("where it was", "", (), second(MID)),
        ("earlier", "", (), second(MIDDAY)),
        ("later", "", (), second("2011-07-23 07:00:00")),
        ("with the first", "", (), second(AFTER_IT)),
        ("with the third", "", (), second(LATER)),
        ("before the first", wrong, (), second(SOON)),
        ("after the third", wrong, (), second(LAST)),
        ("before the first, and there was none", "", (), second(SOON, stands=False)),
        ("the first after it", wrong, (), corrects(FIRST, since=LATER, **by)),
        ("the third before it", wrong, (), corrects(THIRD, since=MIDDAY, **by)),
        ("beside another child's", "", others, second(MIDDAY)),
        ("the first taken back", "", (back(FIRST),), second(SOON)),
        ("the third taken back", "", (back(THIRD),), second(LAST)),
        ("the first taken back, after the third", wrong, (back(FIRST),), second(LAST)),
        ("the third taken back and there again", wrong, (back(THIRD), corrects(THIRD, 2, since=LATER)), second(LAST)),
        (
            "the third taken back, the first corrected twice",
            "",
            (back(THIRD), corrects(FIRST, since=AFTER_IT), corrects(FIRST, 2, since=AFTER_IT)),
            second(LAST),
        ),
        ("the first was earlier", "", (corrects(FIRST, since=FOUND),), second(SOON)),
        ("the third was later", "", (corrects(THIRD, since=LATEST),), second(LAST)),
        ("the first was, at last, earlier", "", (corrects(FIRST, since=EVENING), corrects(FIRST, 2, since=FOUND)), second(SOON)),
        ("the third was, at last, later", "", (corrects(THIRD, since=NIGHT), corrects(THIRD, 2, since=LATEST)), second(LAST)),
        ("there again, out of its place", wrong, (back(SECOND),), second(SOON, 2)),
        ("there again, in its place", "", (back(SECOND),), second(MIDDAY, 2)),
    ):
        yield judged(guard, name, code, *here, *before, row)


def _next_steps(stage: Stage) -> Iterator[Case]:
    """A further step begins after the others as they stand."""
    guard, by = "exchange_waitingstep_insert_gate", {"by_id": stage.staff("supervisor")}
    here, wrong = _told(stage, "supervisor"), "step_before_last"
    for name, code, before, since in (
        ("the last taken back", "", (back(THIRD, since=LATER),), MID),
        ("the first taken back", wrong, (back(FIRST),), MID),
        ("the last taken back and there again", wrong, (back(THIRD, since=LATER), corrects(THIRD, 2, since=LATER)), MID),
        (
            "the last taken back, the first corrected twice",
            "",
            (back(THIRD, since=LATER), corrects(FIRST, since=AFTER_IT), corrects(FIRST, 2, since=AFTER_IT)),
            MID,
        ),
        ("the last was earlier", "", (corrects(THIRD, since=MID),), MID),
        ("the last was later", wrong, (corrects(THIRD, since=LATEST),), LAST),
        ("the last was, at last, earlier", "", (corrects(THIRD, since=LATEST), corrects(THIRD, 2, since=MID)), MID),
        ("the first was earlier", wrong, (corrects(FIRST, since=FOUND),), MID),
    ):
        yield judged(guard, name, code, *here, *before, step(4, since=since, **by))


def _ties(stage: Stage) -> Iterator[Case]:
    guard, by = "exchange_tiechange_insert_gate", {"by_id": stage.staff("supervisor")}
    yield from by_roles(stage, guard, lambda **more: turns(1, False, **more), SUPERVISOR)
    other = 796_110
    for name, code, before, row in (
        ("without a reason", "why_missing", (), turns(1, False, reason="", **by)),
        ("the second first", "not_next", (), turns(2, False, **by)),
        ("there already", "stands_so_already", (), turns(1, True, **by)),
        ("there again", "", (turns(1, False),), turns(2, True, **by)),
        ("taken back again", "stands_so_already", (turns(1, False),), turns(2, False, **by)),
        ("the first again", "not_next", (turns(1, False),), turns(1, True, **by)),
        ("taken back once more", "", (turns(1, False), turns(2, True)), turns(3, False, **by)),
        ("there once more", "stands_so_already", (turns(1, False), turns(2, True)), turns(3, True, **by)),
        ("another taken back", "", (turns(1, False, other),), turns(1, False, **by)),
        ("another taken back, there already", "stands_so_already", (turns(1, False, other),), turns(1, True, **by)),
        (
            "there again, another turned twice",
            "",
            (turns(1, False, other), turns(2, True, other), turns(1, False)),
            turns(2, True, **by),
        ),
        (
            "taken back again, another turned twice",
            "stands_so_already",
            (turns(1, False, other), turns(2, True, other), turns(1, False)),
            turns(2, False, **by),
        ),
    ):
        yield judged(guard, name, code, *before, row)


def _under_a_tie(stage: Stage) -> Iterator[Case]:
    """Nothing is asked, told or waited for of a child that was tied wrongly."""
    by, other = {"by_id": stage.staff("supervisor")}, 796_110
    typed_kit = (kit(KIT), typed(KIT))
    asked = (question(1, TIED), approval(1, 1))
    proposed = (package(1, TIED), package_approval(1, 1))
    for guard, refusal, here, row in (
        ("exchange_package_insert_gate", "tie_wrong", BOTH, package(1, TIED, **by)),
        ("exchange_dnaquestion_insert_gate", "tie_wrong", (*BOTH, *typed_kit), question(1, TIED, **by)),
        ("exchange_waitingstep_insert_gate", "tie_wrong", rescued_child(stage), step(**by)),
        ("exchange_outgoing_insert_gate", "not_approved", (*BOTH, *asked), out(1, **by)),
        ("exchange_outgoing_insert_gate", "not_approved", (*BOTH, *proposed), out(1, "package", **by)),
    ):
        kind = "package" if here[-1] == proposed[-1] else "one"
        for name, code, before in (
            ("of a tie", "", ()),
            ("of a wrong tie", refusal, (turns(1, False),)),
            ("beside a wrong tie", "", (turns(1, False, other),)),
            ("of a tie that stands again", "", (turns(1, False), turns(2, True))),
            (
                "of a wrong tie, beside one turned twice",
                refusal,
                (turns(1, False), turns(1, False, other), turns(2, True, other)),
            ),
        ):
            yield judged(guard, f"{kind} {name}", code, *here, *before, row)


def _looks(stage: Stage) -> Iterator[Case]:
    guard, one, other = "exchange_dnalookagain_insert_gate", stage.staff("supervisor"), stage.staff("supervisor2")
    gone, liaison = leaves(stage, "supervisor2"), stage.member["police", Role.LIAISON]

    def again(n: int = 1, of: int = 2, **more: Any) -> str:
        told = {"look_id": of, "n": n, "answered": True, "note": "", "by_id": one, "at": AT}
        return insert("exchange_dnalookagain", **told | more)

    # The first look of all is of somebody at work; who looked at the second is in no register.
    here = (look(1, by_id=one), look(2, by_id=999_998))
    yield from by_roles(stage, guard, again, SUPERVISOR, *here)
    answer = insert("exchange_dnaanswer", look_id=2, message_id=1, at=AT)
    elsewhere = insert("exchange_dnaanswer", look_id=1, message_id=1, at=AT)
    third, nobodys, still = look(3, by_id=other), look(3, by_id=999_997), "looker_at_work"
    for name, code, before, row in (
        ("who looked left", "", (third, gone), again(of=3)),
        ("who looked is there", still, (third,), again(of=3)),
        ("who looked is there, another left", still, (third, gone), again(of=1)),
        ("who looked is a liaison now", "", (look(3, by_id=liaison),), again(of=3)),
        ("declined", "", (), again(answered=False, note="x")),
        ("declined without a word", "note_missing", (), again(answered=False)),
        ("the second first", "not_next", (), again(2)),
        ("the first again", "not_next", (again(by_id=other), gone), again()),
        ("who looked again is there", still, (again(by_id=other),), again(2)),
        ("who looked again left", "", (again(by_id=other), gone), again(2)),
        ("who looked last is there", still, (again(by_id=other), gone, again(2)), again(3)),
        ("another was looked at again", "", (nobodys, again(of=3)), again()),
        ("of another, the second", "not_next", (nobodys, again(of=3)), again(2)),
        ("answered", "answered_already", (answer,), again()),
        ("another answered", "", (elsewhere,), again()),
    ):
        yield judged(guard, name, code, *here, *before, row)
