"""What the actions on investigations, on the day of an operation and on alleged victims are asked, legal and not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from trust.acts.bench import NOON, Case, drawn_after
from trust.acts.stage import Stage
from trust.acts.typed import typed
from wayhome.casework.operations import actions as operations

DAY = date(2011, 7, 20)
NO_ZONE = datetime(2011, 7, 20, 8)
HOUR = timedelta(hours=1)
DENIED, NOT_LEAD = "not allowed: not_allowed", "not allowed: not_lead"


def investigations() -> Iterator[Case]:
    """Opened, supervised, and its task force put together."""

    def opening(s: Stage, by: str = "officer", **given: Any) -> Any:
        asked = {"code": " " + "c" * 30, "title": " " + "t" * 120, "jurisdiction": s.world.jurisdictions["GX"]}
        return operations.open_investigation(**asked | given, **s.who(by))

    yield Case("open_investigation", "done", opening)
    yield Case("open_investigation: another's number", "done", lambda s: drawn_after(s.opened.pk, lambda: opening(s)))
    yield Case("open_investigation: a nurse", DENIED, lambda s: opening(s, "nurse"))
    yield from typed(
        "open_investigation",
        opening,
        uncoded=({"code": " "}, "code required"),
        untitled=({"title": " "}, "title required"),
        long_code=({"code": "c" * 31}, "code too_long"),
        long_title=({"title": "t" * 121}, "title too_long"),
    )

    def supervised(s: Stage, by: str = "officer_gd", since: date = DAY, which: str = "alone") -> Any:
        return operations.supervise(investigation=s.it[which], since=since, **s.who(by))

    yield Case("supervise", "done", supervised)
    yield Case("supervise: twice", "refused: already_there", lambda s: supervised(s, "officer", which="opened"))
    yield Case("supervise: from later", "invalid: since in_future", lambda s: supervised(s, since=DAY + timedelta(days=2)))
    yield Case("supervise: a stranger", "not found", lambda s: supervised(s, "officer2"))
    yield Case("supervise: a member", NOT_LEAD, lambda s: supervised(s, "officer2", which="opened"))

    def added(s: Stage, staff: str = "officer_gd", function: str = "member", by: str = "officer") -> Any:
        return operations.add_member(investigation=s.opened, staff=s.staff(staff), function=function, **s.who(by))

    yield Case("add_member", "done", added)
    yield Case("add_member: a lead", "done", lambda s: added(s, function="lead"))
    yield Case("add_member: a supervisor", "done", lambda s: added(s, "supervisor2", "supervisor"))
    yield Case("add_member: twice", "refused: member_already", lambda s: added(s, "officer2"))
    yield Case("add_member: a nurse", "refused: not_for_task_force", lambda s: added(s, "nurse"))
    yield Case("add_member: as a friend", "invalid: function unknown_choice", lambda s: added(s, function="friend"))
    yield Case("add_member: by a member", NOT_LEAD, lambda s: added(s, by="officer2"))
    yield Case("add_member: by a stranger", "not found", lambda s: added(s, by="officer_gd"))

    def ended(s: Stage, staff: str = "officer2", by: str = "officer") -> Any:
        return operations.end_member(investigation=s.opened, staff=s.staff(staff), **s.who(by))

    yield Case("end_member", "done", ended)
    yield Case("end_member: the supervisor", "done", lambda s: ended(s, "supervisor"))
    yield Case("end_member: a stranger", "not found", lambda s: ended(s, "officer_gd"))
    yield Case("end_member: the last lead", "refused: last_lead", lambda s: ended(s, "officer"))
    yield Case("end_member: by a member", NOT_LEAD, lambda s: ended(s, "officer", "officer2"))

    def twice(s: Stage) -> Any:
        ended(s)
        added(s, "officer2")
        return ended(s)

    yield Case("end_member: who came back", "done", twice)

    def over(s: Stage, staff: str = "officer2", *, leave: bool = False, by: str = "officer") -> Any:
        return operations.hand_over_lead(investigation=s.opened, staff=s.staff(staff), leave=leave, **s.who(by))

    yield Case("hand_over_lead", "done", over)
    yield Case("hand_over_lead: and leave", "done", lambda s: over(s, leave=True))
    yield Case("hand_over_lead: to somebody else", "done", lambda s: over(s, "officer_gd"))
    yield Case("hand_over_lead: to oneself", "refused: member_already", lambda s: over(s, "officer"))
    yield Case("hand_over_lead: to nobody", "refused: last_lead", lambda s: over(s, "officer", leave=True))
    yield Case("hand_over_lead: to a nurse", "refused: not_for_task_force", lambda s: over(s, "nurse"))
    yield Case("hand_over_lead: by a member", NOT_LEAD, lambda s: over(s, "officer_gd", by="officer2"))

    def to_a_lead(s: Stage) -> Any:
        over(s)
        return over(s, leave=True)

    yield Case("hand_over_lead: to a lead, and leave", "done", to_a_lead)

    def tied(s: Stage, which: str = "opened", by: str = "officer") -> Any:
        return operations.tie_operation(investigation=s.it[which], operation=s.world.operation, **s.who(by))

    yield Case("tie_operation", "done", tied)
    yield Case("tie_operation: a member", NOT_LEAD, lambda s: tied(s, by="officer2"))
    yield Case("tie_operation: another's", "not found", lambda s: tied(s, "alone", "officer_gd"))
    yield Case("tie_operation: a stranger", "not found", lambda s: tied(s, by="officer_gd"))
    yield Case("tie_operation: twice", "refused: already_there", lambda s: [tied(s), tied(s)])

    def untied(s: Stage, by: str = "officer", **given: Any) -> Any:
        return operations.untie_operation(**{"tie": s.tied, "reason": " " + "r" * 300} | given, **s.who(by))

    yield Case("untie_operation", "done", untied)
    yield Case("untie_operation: a member", NOT_LEAD, lambda s: untied(s, "officer2"))
    yield Case("untie_operation: a stranger", "not found", lambda s: untied(s, "officer_gd"))
    yield Case("untie_operation: twice", "refused: already_there", lambda s: [untied(s), untied(s)])
    yield from typed(
        "untie_operation",
        untied,
        wordless=({"reason": " "}, "reason required"),
        long=({"reason": "r" * 301}, "reason too_long"),
    )

    def looked(s: Stage, by: str = "officer2") -> Any:
        return operations.read_investigation(investigation_id=s.opened.pk, **s.who(by))

    yield Case("read_investigation", "done", looked)
    yield Case("read_investigation: a stranger", "not found", lambda s: looked(s, "officer_gd"))


def ways_in() -> Iterator[Case]:
    """The ministry names a lead."""

    def named(s: Stage, staff: str = "officer2", by: str = "supervisor", *, stepped_up: bool = True, **given: Any) -> Any:
        asked = {"investigation_id": s.orphan.pk, "reason": " " + "r" * 500} | given
        return operations.name_lead(staff=s.staff(staff), by=s.by(by, stepped_up=stepped_up), at=s.at(), **asked)

    yield Case("name_lead", "done", named)
    yield Case("name_lead: somebody else", "done", lambda s: named(s, "officer"))
    yield Case("name_lead: there is one", "not found", lambda s: named(s, investigation_id=s.opened.pk))
    yield Case("name_lead: an officer", DENIED, lambda s: named(s, by="officer"))
    yield Case("name_lead: not proved", "not allowed: step_up", lambda s: named(s, stepped_up=False))
    yield Case("name_lead: not proved, there is one", "not found", lambda s: named(s, stepped_up=False, investigation_id=7))
    yield Case("name_lead: no reason", "invalid: reason required", lambda s: named(s, reason=" "))
    yield Case("name_lead: a long reason", "invalid: reason too_long", lambda s: named(s, reason="r" * 501))
    yield Case("name_lead: a nurse", "refused: not_for_task_force", lambda s: named(s, "nurse"))


def days() -> Iterator[Case]:
    """What a province reports."""

    def out(s: Stage, by: str = "officer", **given: Any) -> Any:
        asked = {"operation": s.world.operation, "officers": 42, "counted_at": NOON}
        return operations.report_officers(**asked | given, **s.who(by))

    yield Case("report_officers", "done", out)
    yield Case("report_officers: a nurse", DENIED, lambda s: out(s, "nurse"))
    yield Case("report_officers: another's", "not found", lambda s: out(s, "officer_gd"))
    yield from typed(
        "report_officers",
        out,
        none=({"officers": 0}, ""),
        most=({"officers": 100_000}, ""),
        fewer=({"officers": -1}, "officers implausible"),
        more=({"officers": 100_001}, "officers implausible"),
        later=({"counted_at": NOON + HOUR}, "counted_at in_future"),
        zoneless=({"counted_at": NO_ZONE}, "counted_at no_time_zone"),
    )

    def seized(s: Stage, by: str = "officer", **given: Any) -> Any:
        asked = {"reference": " " + "r" * 40, "kind": "money", "amount": Decimal("1200.50"), "unit": "CNY", "counted_at": NOON}
        return operations.report_seizure(operation=s.world.operation, **asked | given, **s.who(by))

    yield Case("report_seizure", "done", seized)
    yield Case("report_seizure: a nurse", DENIED, lambda s: seized(s, "nurse"))
    yield Case("report_seizure: another's", "not found", lambda s: seized(s, "officer_gd"))
    yield from typed(
        "report_seizure",
        seized,
        none=({"amount": Decimal(0)}, ""),
        most=({"amount": Decimal("999999999999.99")}, ""),
        less=({"amount": Decimal("-0.01")}, "amount implausible"),
        more=({"amount": Decimal("1000000000000")}, "amount implausible"),
        parts=({"amount": Decimal("0.001")}, "amount implausible"),
        endless=({"amount": Decimal("Infinity")}, "amount implausible"),
        no_number=({"amount": Decimal("NaN")}, "amount implausible"),
        nameless=({"reference": " "}, "reference required"),
        long=({"reference": "r" * 41}, "reference too_long"),
        what=({"kind": "gold"}, "kind unknown_choice"),
        counted=({"unit": "bag"}, "unit unknown_choice"),
        later=({"counted_at": NOON + HOUR}, "counted_at in_future"),
        zoneless=({"counted_at": NO_ZONE}, "counted_at no_time_zone"),
    )

    def placed(s: Stage, by: str = "officer", who: str = "detained") -> Any:
        where = s.world.jurisdictions["GD"]
        return operations.place_detention(operation=s.world.operation, person=s.it[who], jurisdiction=where, **s.who(by))

    yield Case("place_detention", "done", placed)
    yield Case("place_detention: not detained", "refused: not_detained", lambda s: placed(s, who="buyer"))
    yield Case("place_detention: a nurse", DENIED, lambda s: placed(s, "nurse"))
    yield Case("place_detention: another's", "not found", lambda s: placed(s, "officer_gd"))


def victims() -> Iterator[Case]:
    """Children known from evidence."""

    def told(s: Stage, by: str = "officer2", **given: Any) -> Any:
        asked = {"evidence": " " + "e" * 5000, "sex": "F", "seen_from": DAY - timedelta(days=3), "seen_to": DAY}
        return operations.tell_victim(investigation=s.opened, **asked | given, **s.who(by))

    yield Case("tell_victim", "done", told)
    yield Case("tell_victim: a nurse", DENIED, lambda s: told(s, "nurse"))
    yield Case("tell_victim: a stranger", "not found", lambda s: told(s, "officer_gd"))
    yield from typed(
        "tell_victim",
        told,
        one_day=({"seen_from": DAY}, ""),
        wordless=({"evidence": " "}, "evidence required"),
        long=({"evidence": "e" * 5001}, "evidence too_long"),
        sex=({"sex": "X"}, "sex unknown_choice"),
        later=({"seen_to": DAY + timedelta(days=2)}, "seen_to in_future"),
        order=({"seen_from": DAY, "seen_to": DAY - timedelta(days=1)}, "seen_from wrong_order"),
    )
    for sex in ("M", "U"):
        yield Case(f"tell_victim: {sex}", "done", lambda s, sex=sex: told(s, sex=sex))

    def known(s: Stage, by: str = "officer2", **given: Any) -> Any:
        asked = {"victim": s.victim, "state": "located", "note": " " + "n" * 5000}
        return operations.tell_state(**asked | given, **s.who(by))

    yield Case("tell_state", "done", known)
    yield Case("tell_state: a nurse", DENIED, lambda s: known(s, "nurse"))
    yield Case("tell_state: a stranger", "not found", lambda s: known(s, "officer_gd"))
    yield from typed(
        "tell_state",
        known,
        what=({"state": "rescued"}, "state unknown_choice"),
        wordless=({"note": " "}, "note required"),
        long=({"note": "n" * 5001}, "note too_long"),
    )


SOURCES = (investigations, ways_in, days, victims)
