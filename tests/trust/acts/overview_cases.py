"""What is asked of announcements, limits and calendars, legal and not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from factories.calendars import year
from trust.acts.bench import NOON, Case
from trust.acts.overview_stage import OLD, A
from trust.acts.stage import Stage
from trust.acts.typed import typed
from wayhome.casework.overview.actions import announcing, calendar, limits
from wayhome.casework.overview.queries.announced import Stated
from wayhome.casework.overview.rules.calendar import WEEKEND, Year

DAY = date(2011, 7, 20)
NO_ZONE = datetime(2011, 7, 20, 8)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
DENIED, STEP_UP = "not allowed: not_allowed", "not allowed: step_up"


def _said(s: Stage, by: str = "supervisor", **given: Any) -> Any:
    asked: dict[str, Any] = {"number": f" {A} ", "operations": [s.world.operation], "cutoff": NOON}
    return announcing.propose_announcement(**asked | given, **s.who(by))


def _agreed(s: Stage, one: Any, by: str = "supervisor2", *, stepped_up: bool = True, digest: str = "") -> Any:
    who = {"by": s.by(by, stepped_up=stepped_up), "at": s.at()}
    return announcing.approve_announcement(announcement=one, digest=digest or one.digest, **who)


def proposed() -> Iterator[Case]:
    """Counted, and written as the next version."""

    def after_few(s: Stage, cutoff: str) -> Any:
        _agreed(s, _said(s, cutoff=s.it["few"]))
        return _said(s, cutoff=s.it[cutoff])

    def first(s: Stage) -> Any:
        return s.announced.snapshot.cutoff

    def one_more(s: Stage) -> Any:
        return [s.world.operation, s.other_operation]

    name = "propose_announcement"
    yield Case(name, "done", _said)
    yield Case(f"{name}: of few more", "done", lambda s: _said(s, cutoff=s.few))
    yield Case(f"{name}: of many more, after few", "done", lambda s: after_few(s, "many"))
    yield Case(f"{name}: of the same, after few", "done", lambda s: after_few(s, "few"))
    yield Case(f"{name}: of the same", "done", lambda s: _said(s, cutoff=first(s)))
    yield Case(f"{name}: with another case", "done", lambda s: _said(s, operations=one_more(s)))
    yield Case(f"{name}: a case twice", "done", lambda s: _said(s, operations=[s.world.operation] * 2))
    yield Case(f"{name}: a new one", "done", lambda s: _said(s, number="B-1", operations=[s.other_operation]))
    yield Case(f"{name}: after old definitions", "done", lambda s: _said(s, number=OLD, operations=[s.old_operation]))
    yield Case(f"{name}: a nurse", DENIED, lambda s: _said(s, "nurse"))
    yield Case(f"{name}: abroad", "not found", lambda s: _said(s, number="B-1", operations=[s.abroad]))
    yield Case(f"{name}: before the last", "refused: cutoff_before_last", lambda s: _said(s, cutoff=first(s) - MINUTE))
    yield Case(f"{name}: a case left out", "refused: case_left_out", lambda s: _said(s, operations=[s.other_operation]))
    yield Case(f"{name}: told elsewhere", "refused: announced_elsewhere", lambda s: _said(s, number="B-1"))
    yield from typed(
        name,
        _said,
        numberless=({"number": " "}, "number no_number"),
        odd=({"number": "a b"}, "number no_number"),
        of_nothing=({"operations": []}, "operations required"),
        later=({"cutoff": NOON + HOUR}, "cutoff in_future"),
        zoneless=({"cutoff": NO_ZONE}, "cutoff no_time_zone"),
    )

    def stated(s: Stage, officers: int = 300, source: str = "report 7/16", *, other: bool = False) -> Any:
        of = s.other_operation if other else s.world.operation
        return _said(s, number="B-1" if other else A, operations=[of], stated={of.pk: Stated(officers, source)})

    yield Case(f"{name}: stated", "done", stated)
    yield Case(f"{name}: stated of what was reported", "refused: officers_reported", lambda s: stated(s, other=True))
    yield from typed(
        f"{name}: stated",
        stated,
        none=({"officers": 0, "source": ""}, ""),
        most=({"officers": 1_000_000, "source": " " + "s" * 200}, ""),
        fewer=({"officers": -1}, "officers implausible"),
        more=({"officers": 1_000_001}, "officers implausible"),
        by_nobody=({"source": " "}, "source required"),
        long=({"source": "s" * 201}, "source too_long"),
    )


def approved() -> Iterator[Case]:
    """Another agrees to what they read."""

    def then_agreed(s: Stage, cutoff: str) -> Any:
        return _agreed(s, _said(s, cutoff=s.it[cutoff]))

    name = "approve_announcement"
    yield Case(name, "done", lambda s: _agreed(s, s.waits_too))
    yield Case(f"{name}: of few more", "done", lambda s: then_agreed(s, "few"))
    yield Case(f"{name}: of many more", "done", lambda s: then_agreed(s, "many"))
    yield Case(f"{name}: a nurse", DENIED, lambda s: _agreed(s, s.waits_too, "nurse"))
    yield Case(f"{name}: not proved", STEP_UP, lambda s: _agreed(s, s.waits_too, stepped_up=False))
    yield Case(f"{name}: one's own", "refused: self_approval", lambda s: _agreed(s, s.waits_too, "supervisor"))
    yield Case(f"{name}: another text", "refused: changed_request", lambda s: _agreed(s, s.waits_too, digest="0" * 64))
    yield Case(f"{name}: a later one follows", "refused: later_version", lambda s: _agreed(s, s.waits))
    yield Case(f"{name}: twice", "refused: already_there", lambda s: _agreed(s, s.announced))


def limited() -> Iterator[Case]:
    """Clocks that run for less than the law gives."""

    def limit(s: Stage, by: str = "supervisor", **given: Any) -> Any:
        asked = {"kind": "hospital", "hours": 1, "since": DAY, "reason": " " + "r" * 300}
        return limits.set_limit(**asked | given, **s.who(by))

    yield Case("set_limit", "done", limit)
    yield Case("set_limit: a nurse", DENIED, lambda s: limit(s, "nurse"))
    yield from typed(
        "set_limit",
        limit,
        most=({"kind": "placement", "hours": 24}, ""),
        later=({"since": DAY + timedelta(days=9)}, ""),
        before=({"since": DAY - timedelta(days=1)}, "since implausible"),
        more=({"kind": "placement", "hours": 25}, "hours implausible"),
        none=({"hours": 0}, "hours implausible"),
        lawful=({"kind": "visit"}, "kind unknown_choice"),
        what=({"kind": "tea", "hours": 0}, "kind unknown_choice"),
        wordless=({"reason": " "}, "reason required"),
        long=({"reason": "r" * 301}, "reason too_long"),
    )

    def agreed(s: Stage, which: str = "limit", by: str = "supervisor2", *, stepped_up: bool = True) -> Any:
        return limits.approve_limit(limit=s.it[which], by=s.by(by, stepped_up=stepped_up), at=s.at())

    yield Case("approve_limit", "done", agreed)
    yield Case("approve_limit: a nurse", DENIED, lambda s: agreed(s, by="nurse"))
    yield Case("approve_limit: not proved", STEP_UP, lambda s: agreed(s, stepped_up=False))
    yield Case("approve_limit: one's own", "refused: self_approval", lambda s: agreed(s, by="supervisor"))
    yield Case("approve_limit: twice", "refused: already_there", lambda s: agreed(s, "limit_agreed"))


def calendars() -> Iterator[Case]:
    """On which days offices are open."""

    def entered(s: Stage, by: str = "supervisor", **given: Any) -> Any:
        return calendar.enter_calendar(**{"calendar": year(2011), "source": " " + "s" * 300} | given, **s.who(by))

    def named(closed: str = "n", opened: str = "n") -> dict[str, Any]:
        return {"calendar": Year(2011, WEEKEND, {date(2011, 10, 3): closed}, {date(2011, 10, 8): opened})}

    yield Case("enter_calendar", "done", entered)
    yield Case("enter_calendar: a nurse", DENIED, lambda s: entered(s, "nurse"))
    yield from typed(
        "enter_calendar",
        entered,
        ahead=({"calendar": year(2013)}, ""),
        first=({"calendar": year(1990)}, ""),
        too_early=({"calendar": year(1989)}, "year implausible"),
        too_far=({"calendar": year(2014)}, "year implausible"),
        wordless=({"source": " "}, "source required"),
        long=({"source": "s" * 301}, "source too_long"),
        nameless=(named("", ""), ""),
        long_names=(named("n" * 60, "n" * 60), ""),
        long_holiday=(named(closed="n" * 61), "closed too_long"),
        long_workday=(named(opened="n" * 61), "opened too_long"),
        of_nothing=({"calendar": Year(2011, WEEKEND, {}, {})}, "closed required"),
    )

    def agreed(s: Stage, which: str = "year", by: str = "supervisor2", *, stepped_up: bool = True) -> Any:
        return calendar.approve_calendar(calendar=s.it[which], by=s.by(by, stepped_up=stepped_up), at=s.at())

    yield Case("approve_calendar", "done", agreed)
    yield Case("approve_calendar: a nurse", DENIED, lambda s: agreed(s, by="nurse"))
    yield Case("approve_calendar: not proved", STEP_UP, lambda s: agreed(s, stepped_up=False))
    yield Case("approve_calendar: one's own", "refused: self_approval", lambda s: agreed(s, by="supervisor"))
    yield Case("approve_calendar: twice", "refused: already_there", lambda s: agreed(s, "year_agreed"))


SOURCES = (proposed, approved, limited, calendars)
