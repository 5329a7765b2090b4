"""What is asked of what a partner is told of a child, of what was told wrongly, and of the end of a case, legal and not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from trust.acts.bench import NOON, Case
from trust.acts.partner_stage import sent, take
from trust.acts.stage import Stage
from trust.acts.typed import typed
from wayhome.casework.exchange.actions import corrections, ending, files

DENIED, STEP_UP = "not allowed: not_allowed", "refused: step_up"
DAY, HOUR, SECOND = timedelta(days=1), timedelta(hours=1), timedelta(seconds=1)


def _end(s: Stage, which: str = "case", by: str = "supervisor", *, stepped_up: bool = True, **given: Any) -> Any:
    asked = {"how": "closed", "keep_days": 365, "reason": " " + "r" * 299}
    return ending.end_case(case=s.it[which], **asked | given, by=s.by(by, stepped_up=stepped_up), at=s.at())


def told() -> Iterator[Case]:
    """Field by field."""

    def proposed(s: Stage, which: str = "tie", by: str = "supervisor", fields: Any = None) -> Any:
        chosen = {"sex": "convention", "marks": "court"} if fields is None else fields
        return files.propose(of=s.it[which], fields=chosen, **s.who(by))

    def over(s: Stage) -> Any:
        _end(s)
        return proposed(s)

    yield Case("propose_package", "done", proposed)
    yield Case("propose_package: by a liaison", "done", lambda s: proposed(s, "shared_tie", "liaison"))
    yield Case("propose_package: a nurse", DENIED, lambda s: proposed(s, by="nurse"))
    yield Case("propose_package: a stranger", "not found", lambda s: proposed(s, by="liaison"))
    yield Case("propose_package: of another child", "refused: tie_wrong", lambda s: proposed(s, "wrong"))
    yield Case("propose_package: it is over", "refused: case_ended", over)
    yield Case("propose_package: nothing", "invalid: fields nothing_chosen", lambda s: proposed(s, fields={}))
    yield Case("propose_package: by what", "invalid: marks no_basis", lambda s: proposed(s, fields={"marks": "convention"}))

    def approved(s: Stage, which: str = "package", by: str = "supervisor2", *, stepped_up: bool = True) -> Any:
        return files.approve(package=s.it[which], by=s.by(by, stepped_up=stepped_up), at=s.at())

    def changed(s: Stage) -> Any:
        s.package.digest = "0" * 64
        try:
            return approved(s)
        finally:
            s.package.refresh_from_db()

    yield Case("approve_package", "done", approved)
    yield Case("approve_package: by a liaison", DENIED, lambda s: approved(s, by="liaison"))
    yield Case("approve_package: a stranger", "not found", lambda s: approved(s, by="supervisor_gd"))
    yield Case("approve_package: not proved", STEP_UP, lambda s: approved(s, stepped_up=False))
    yield Case("approve_package: one's own", "refused: self_approval", lambda s: approved(s, by="supervisor"))
    yield Case("approve_package: of another child", "refused: tie_wrong", lambda s: approved(s, "wrong_package"))
    yield Case("approve_package: another was read", "refused: package_changed", changed)

    def waits(s: Stage, which: str = "told_tie", by: str = "supervisor", **given: Any) -> Any:
        asked = {"who": "court", "what": " " + "w" * 199, "since": NOON}
        return files.wait_for(of=s.it[which], **asked | given, **s.who(by))

    def found(s: Stage) -> Any:
        return s.told_tie.child.event.found_at

    yield Case("wait_for", "done", waits)
    yield Case("wait_for: the next", "done", lambda s: waits(s, "tie"))
    yield Case("wait_for: since it was found", "done", lambda s: waits(s, since=found(s)))
    yield Case("wait_for: since before", "refused: before_rescue", lambda s: waits(s, since=found(s) - SECOND))
    yield Case("wait_for: since just now", "done", lambda s: waits(s, since=s.world.clock + timedelta(minutes=1)))
    yield Case("wait_for: since later", "refused: in_the_future", lambda s: waits(s, since=NOON + HOUR))
    yield Case("wait_for: since before the last", "refused: step_before_last", lambda s: waits(s, "tie", since=found(s)))
    yield Case("wait_for: of another child", "refused: tie_wrong", lambda s: waits(s, "wrong"))
    yield Case("wait_for: a nurse", DENIED, lambda s: waits(s, by="nurse"))
    yield Case("wait_for: a stranger", "not found", lambda s: waits(s, by="liaison"))
    yield from typed(
        "wait_for",
        waits,
        whom=({"who": "nobody"}, "who unknown_choice"),
        what=({"what": " "}, "what required"),
        long=({"what": "w" * 201}, "what too_long"),
    )


def corrected() -> Iterator[Case]:
    """What was told wrongly."""

    def step(s: Stage, which: str = "step", by: str = "supervisor", **given: Any) -> Any:
        row = s.it[which]
        asked = {"stands": True, "who": "documents", "what": " " + "w" * 199, "since": row.since, "reason": " " + "r" * 299}
        return corrections.correct_step(step=row, **asked | given, **s.who(by))

    def found(s: Stage) -> Any:
        return s.step.of.child.event.found_at

    yield Case("correct_step", "done", step)
    yield Case("correct_step: twice", "done", lambda s: [step(s), step(s, stands=False)])
    yield Case("correct_step: after another", "done", lambda s: [step(s, "liaisons"), step(s)])
    yield Case("correct_step: there was none", "done", lambda s: step(s, stands=False, since=NOON))
    yield Case("correct_step: since it was found", "done", lambda s: step(s, since=found(s)))
    yield Case("correct_step: since before", "refused: before_rescue", lambda s: step(s, since=found(s) - SECOND))
    yield Case(
        "correct_step: since just now", "done", lambda s: step(s, stands=False, since=s.world.clock + timedelta(minutes=1))
    )
    yield Case("correct_step: since later", "refused: in_the_future", lambda s: step(s, since=NOON + HOUR))
    yield Case("correct_step: after the next", "refused: step_out_of_order", lambda s: step(s, since=NOON))
    yield Case("correct_step: by a liaison", "done", lambda s: step(s, "liaisons", "liaison"))
    yield Case("correct_step: the ministry's, by a liaison", "refused: not_allowed", lambda s: step(s, "ministrys", "liaison"))
    yield Case("correct_step: a liaison's, by the ministry", "done", lambda s: step(s, "liaisons"))
    yield Case("correct_step: a nurse", DENIED, lambda s: step(s, by="nurse"))
    yield Case("correct_step: a stranger", "not found", lambda s: step(s, by="liaison"))
    wrong = {
        "wordless": ({"reason": " "}, "reason required"),
        "long_reason": ({"reason": "r" * 301}, "reason too_long"),
    }
    yield from typed(
        "correct_step",
        step,
        whom=({"who": "nobody"}, "who unknown_choice"),
        what=({"what": " "}, "what required"),
        long=({"what": "w" * 201}, "what too_long"),
        **wrong,
    )

    def tie(s: Stage, which: str = "told_tie", by: str = "supervisor", *, stands: bool = False, **given: Any) -> Any:
        asked = {"reason": " " + "r" * 299} | given
        return corrections.correct_tie(tie=s.it[which], stands=stands, **asked, **s.who(by))

    yield Case("correct_tie", "done", tie)
    yield Case("correct_tie: of whom nothing was told", "done", lambda s: tie(s, "tie"))
    yield Case("correct_tie: after all", "done", lambda s: tie(s, "wrong", stands=True))
    yield Case("correct_tie: and told again", "done", lambda s: [tie(s), tie(s, stands=True)])
    yield Case("correct_tie: wrong already", "refused: stands_so_already", lambda s: tie(s, "wrong"))
    yield Case("correct_tie: right already", "refused: stands_so_already", lambda s: tie(s, stands=True))
    yield Case("correct_tie: a nurse", DENIED, lambda s: tie(s, by="nurse"))
    yield Case("correct_tie: by a liaison", DENIED, lambda s: tie(s, "shared_tie", "liaison"))
    yield Case("correct_tie: a stranger", "not found", lambda s: tie(s, by="supervisor_gd"))
    yield Case("correct_tie: by an officer", DENIED, lambda s: tie(s, by="officer"))
    yield from typed("correct_tie", tie, **wrong)


def ended() -> Iterator[Case]:
    """The end of a case, and opened again."""

    def after_a_question(s: Stage) -> Any:
        at = s.at()
        take(sent("dna", {"sample": "a" * 64, "basis": "treaty", "profile": "eA=="}, n=2, at=at), at=at)
        return _end(s)

    yield Case("end_case", "done", _end)
    yield Case("end_case: withdrawn", "done", lambda s: _end(s, how="withdrawn", keep_days=30))
    yield Case("end_case: with a question by DNA", "done", after_a_question)
    yield Case("end_case: a nurse", DENIED, lambda s: _end(s, by="nurse"))
    yield Case("end_case: by a liaison", DENIED, lambda s: _end(s, by="liaison"))
    yield Case("end_case: a stranger", "not found", lambda s: _end(s, by="supervisor_gd"))
    yield Case("end_case: not proved", STEP_UP, lambda s: _end(s, stepped_up=False))
    yield Case("end_case: twice", "refused: ended_already", lambda s: _end(s, "over"))
    wrong = {
        "wordless": ({"reason": " "}, "reason required"),
        "long": ({"reason": "r" * 301}, "reason too_long"),
    }
    yield from typed(
        "end_case",
        _end,
        what=({"how": "x"}, "how unknown_choice"),
        both=({"how": "x", "reason": ""}, "how unknown_choice, reason required"),
        term=({"keep_days": 29}, "keep_days term_not_allowed"),
        **wrong,
    )

    def again(s: Stage, which: str = "over", by: str = "supervisor", **given: Any) -> Any:
        return ending.reopen_case(case=s.it[which], **{"reason": " " + "r" * 299} | given, **s.who(by))

    yield Case("reopen_case", "done", again)
    yield Case("reopen_case: a nurse", DENIED, lambda s: again(s, by="nurse"))
    yield Case("reopen_case: by a liaison", DENIED, lambda s: again(s, by="liaison"))
    yield Case("reopen_case: a stranger", "not found", lambda s: again(s, by="supervisor_gd"))
    yield Case("reopen_case: open", "refused: not_ended", lambda s: again(s, "case"))
    yield Case("reopen_case: twice", "refused: already_proposed", lambda s: again(s, "again"))
    yield from typed("reopen_case", again, **wrong)

    def opened(s: Stage, by: str = "supervisor2", *, stepped_up: bool = True) -> Any:
        return ending.approve_reopening(reopening=s.reopening, by=s.by(by, stepped_up=stepped_up), at=s.at())

    yield Case("approve_reopening", "done", opened)
    yield Case("approve_reopening: a nurse", DENIED, lambda s: opened(s, "nurse"))
    yield Case("approve_reopening: a stranger", "not found", lambda s: opened(s, "supervisor_gd"))
    yield Case("approve_reopening: not proved", STEP_UP, lambda s: opened(s, stepped_up=False))
    yield Case("approve_reopening: one's own", "refused: self_approval", lambda s: opened(s, "supervisor"))

    def erased(s: Stage, days: int = 366) -> Any:
        _end(s)
        return ending.erase_contents(at=s.at() + days * DAY)

    yield Case("erase_contents", "done", erased)
    yield Case("erase_contents: too early", "done: 0", lambda s: ending.erase_contents(at=s.at()))
    yield Case("erase_contents: some", "done: 2", lambda s: erased(s, 60))


SOURCES = (told, corrected, ended)
