"""What the actions of custody are asked, legal and not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

from factories.pages import picture
from trust.acts.bench import NOON, Case
from trust.acts.stage import LONG, Stage
from wayhome.casework.accounts import actions as accounts
from wayhome.casework.children import actions as describing
from wayhome.casework.core import numbers
from wayhome.casework.core.numbers import check_digit
from wayhome.casework.custody import actions
from wayhome.casework.custody.rules import Kind
from wayhome.casework.operations import actions as operations

HOUR = timedelta(hours=1)
HOMES_ADDRESS = "广西防城港市迎宾街30号"
"""Of the welfare home: its children are with somebody excluded once this is."""


def access() -> Iterator[Case]:
    """Who may read a file."""

    def assign(s: Stage, by: str = "supervisor") -> Any:
        return actions.assign(child=s.home, staff=s.staff("officer2"), **s.who(by))

    yield Case("assign", "done", assign)
    yield Case("assign: a nurse", "not allowed: not_allowed", lambda s: assign(s, "nurse"))
    yield Case("end_assignment", "done", lambda s: actions.end_assignment(assignment=s.assignment, **s.who("supervisor")))
    yield Case(
        "end_assignment: a nurse",
        "not allowed: not_allowed",
        lambda s: actions.end_assignment(assignment=s.assignment, **s.who("nurse")),
    )

    def again(s: Stage) -> Any:
        actions.end_assignment(assignment=s.assignment, **s.who("supervisor"))
        return actions.end_assignment(assignment=s.assignment, **s.who("supervisor"))

    yield Case("end_assignment: twice", "refused: already_there", again)

    def break_glass(s: Stage, by: str = "doctor", reason: str = LONG, stepped_up: bool = True, child: int = 0) -> Any:
        return actions.break_glass(child_id=child or s.found.pk, reason=reason, by=s.by(by, stepped_up=stepped_up), at=s.at())

    yield Case("break_glass", "done", break_glass)
    yield Case("break_glass: ten letters", "done", lambda s: break_glass(s, reason=" 0123456789 "))
    yield Case("break_glass: nine letters", "invalid: reason too_short", lambda s: break_glass(s, reason=" 012345678  "))
    yield Case("break_glass: a nurse", "not allowed: not_allowed", lambda s: break_glass(s, by="nurse"))
    yield Case("break_glass: not stepped up", "not allowed: step_up", lambda s: break_glass(s, stepped_up=False))
    yield Case("break_glass: no such child", "not found child=5", lambda s: break_glass(s, child=5))

    def review(s: Stage, by: str = "supervisor", glass: str = "glass", note: str = LONG) -> Any:
        return actions.review_glass(glass=getattr(s, glass), justified=False, note=note, **s.who(by))

    yield Case("review_glass", "done", review)
    yield Case("review_glass: a nurse", "not allowed: not_allowed", lambda s: review(s, "nurse"))

    def own(s: Stage) -> Any:
        mine = replace(s.by("supervisor"), staff_id=s.staff("doctor").pk)
        return actions.review_glass(glass=s.own_glass, justified=True, note="", by=mine, at=s.at())

    yield Case("review_glass: one's own", "refused: self_approval", own)
    yield Case("read_file", "done", lambda s: actions.read_file(child_id=s.home.pk, **s.who("caseworker")))
    yield Case("read_file: another's", "not found", lambda s: actions.read_file(child_id=s.home.pk, **s.who("analyst")))


def care() -> Iterator[Case]:
    """In, and out of the hospital."""

    def take(s: Stage, by: str = "officer", **given: Any) -> Any:
        intake = {
            "event": s.world.event,
            "post": s.place("post"),
            "sex": "F",
            "call_name": "  小" + "n" * 60,
            "started_at": NOON,
            "condition": "calm",
        }
        return actions.take_into_care(intake=actions.Intake(**intake | given), **s.who(by))

    yield Case("take_into_care", "done", take)
    yield Case(
        "take_into_care: with all that is known",
        "done",
        lambda s: take(
            s,
            number=" 987-654 32" + check_digit("98765432"),
            age=(10, 20, "sight"),
            marks=(("nose", "melanocytic_nevus", 4, "brown"), ("chin", "scar", None, "")),
            items=("a red cloth",),
            photo=picture(30),
            siblings=None,
        ),
    )
    yield Case("take_into_care: on the day of the place", "done", lambda s: take(s, age=(1, 2, "sight"), started_at=NOON))

    def late(s: Stage) -> Any:
        s.world.clock = NOON.replace(hour=18)
        return take(s, age=(1, 2, "sight"))

    yield Case("take_into_care: after midnight there", "done", late)
    yield Case("take_into_care: sex", "invalid: sex unknown_choice", lambda s: take(s, sex="X"))
    yield Case("take_into_care: a boy", "done", lambda s: take(s, sex="M"))
    yield Case("take_into_care: nobody knows", "done", lambda s: take(s, sex="U"))
    yield Case("take_into_care: a slip in the number", "invalid: number check_digit", lambda s: take(s, number="987654320"))
    yield Case("take_into_care: a nurse", "not allowed: not_allowed", lambda s: take(s, "nurse"))
    yield Case("take_into_care: a number given before", "refused: not_current", lambda s: take(s, number=s.found.number))
    yield Case("take_into_care: another's post", "refused: receiver_not_of_place", lambda s: take(s, post=s.place("post_gd")))
    yield Case(
        "take_into_care: marks that are none",
        "invalid: kind unknown_choice, place unknown_choice",
        lambda s: take(s, marks=(("tail", "stripe", None, ""),)),
    )

    def seen_before(s: Stage) -> Any:
        describing.add_mark(child=s.found, place="nose", kind="scar", **s.who("officer"))
        return take(s, marks=(("nose", "scar", None, ""),))

    yield Case("take_into_care: that may be known", "done", seen_before)

    def taken_number(s: Stage) -> Any:
        """The next number that is made up is on a band already."""
        first = take(s)
        given = iter([first.number, "111111118", "222222226"])
        numbers.new_number = lambda: next(given)
        return take(s)

    yield Case("take_into_care: a number that is on a band", "done", taken_number)
    yield Case("replace_wristband", "done", lambda s: actions.replace_wristband(child=s.home, **s.who("caseworker")))
    yield Case(
        "replace_wristband: an analyst",
        "not allowed: not_allowed",
        lambda s: actions.replace_wristband(child=s.home, **s.who("analyst")),
    )

    def clear(s: Stage, by: str = "doctor", child: str = "patient", fit: bool = True) -> Any:
        return actions.clear(child=getattr(s, child), fit=fit, level="nursing", limits=LONG, **s.who(by))

    yield Case("clear", "done", clear)
    yield Case("clear: not fit", "done", lambda s: clear(s, fit=False))
    yield Case(
        "clear: without limits", "done", lambda s: actions.clear(child=s.patient, fit=True, level="ordinary", **s.who("doctor"))
    )
    yield Case("clear: a nurse", "not allowed: not_allowed", lambda s: clear(s, "nurse"))
    yield Case("clear: a supervisor", "not allowed: not_allowed", lambda s: clear(s, "supervisor"))
    yield Case("clear: in no hospital", "refused: not_in_hospital", lambda s: clear(s, child="home"))

    def elsewhere(s: Stage, act: Any) -> Any:
        doctor = accounts.register_staff(
            by=s.registrars,
            at=s.at(),
            number="d2",
            name="何医生",
            id_number="450101198001010099",
            agency=accounts.register_agency(
                by=s.registrars,
                at=s.at(),
                code="gz",
                kind="hospital",
                name="广州市医院",
                jurisdiction=s.world.jurisdictions["GD"],
            ),
            role="doctor",
        )
        s.world.staff["d2"] = doctor
        try:
            return act(s, "d2")
        finally:
            del s.world.staff["d2"]

    yield Case("clear: a doctor from elsewhere", "refused: not_the_doctor", lambda s: elsewhere(s, clear))

    def die(s: Stage, by: str = "doctor", child: str = "patient") -> Any:
        return actions.record_death(child=getattr(s, child), died_at=NOON, condition=LONG, **s.who(by))

    yield Case("record_death", "done", die)
    yield Case("record_death: a doctor from elsewhere", "refused: death_by_doctor", lambda s: elsewhere(s, die))
    yield Case("record_death: a nurse", "not allowed: not_allowed", lambda s: die(s, "nurse"))
    yield Case("record_death: in no hospital", "refused: death_by_doctor", lambda s: die(s, child="home"))


def handover() -> Iterator[Case]:
    """Two signatures."""

    def offer(
        s: Stage, by: str = "officer", child: str = "found", to: str = "hospital", kind: Kind = Kind.HOSPITAL, **given: Any
    ) -> Any:
        asked = {"wristband": f" {getattr(s, child).number[:3]}-{getattr(s, child).number[3:]}", "place": LONG, "condition": LONG}
        return actions.offer_handover(child=getattr(s, child), to_facility=s.place(to), kind=kind, **asked | given, **s.who(by))

    yield Case("offer_handover", "done", offer)
    yield Case(
        "offer_handover: escorted, in a car",
        "done",
        lambda s: offer(s, items=LONG, escort=s.carer, vehicle=" 桂N 88888 "),
    )
    for field in ("place", "condition"):
        yield Case(f"offer_handover: no {field}", f"invalid: {field} required", lambda s, f=field: offer(s, **{f: "  "}))
    yield Case("offer_handover: an analyst", "not allowed: not_allowed", lambda s: offer(s, "analyst"))
    yield Case("offer_handover: another's child", "refused: giver_not_custodian", lambda s: offer(s, "nurse"))
    yield Case("offer_handover: from another province", "refused: giver_not_custodian", lambda s: offer(s, "officer_gd"))
    yield Case("offer_handover: a slip", "refused: wristband", lambda s: offer(s, wristband="1"))
    yield Case(
        "offer_handover: every reason",
        "refused: excluded, no_such_step, wrong_kind_of_place, giver_not_custodian",
        lambda s: offer(s, "nurse", to="home", kind=Kind.RELIEF_STATION, escort=s.buyer),
    )
    yield Case("offer_handover: kin", "refused: kin_of_excluded", lambda s: offer(s, escort=s.spouse))
    yield Case("offer_handover: merged away", "refused: merged_away", lambda s: offer(s, child="absorbed"))
    yield Case(
        "offer_handover: not cleared",
        "refused: not_cleared",
        lambda s: offer(s, "nurse", "patient", "home", Kind.WELFARE_INSTITUTION),
    )
    yield Case("offer_handover: offered", "refused: already_offered", lambda s: offer(s, child="offered"))
    yield Case(
        "offer_handover: fostered too early",
        "refused: foster_not_approved",
        lambda s: offer(s, "caseworker", "home", "home", Kind.FOSTER, foster=s.request),
    )

    def in_an_excluded_car(s: Stage) -> Any:
        actions.exclude(subject="vehicle", value="桂N88888", ground="threat", **s.who("officer"))
        return offer(s, vehicle="桂N88888")

    yield Case("offer_handover: in a car that is excluded", "done", in_an_excluded_car)

    def accept(s: Stage, by: str = "nurse", offer: str = "offer", band: str = "", **given: Any) -> Any:
        accepted = getattr(s, offer)
        child = accepted.child
        return actions.accept_handover(
            offer_id=accepted.pk, wristband=band or f" {child.number[:3]}-{child.number[3:]}", **given, **s.who(by)
        )

    yield Case("accept_handover", "done", lambda s: accept(s, condition=LONG))
    yield Case("accept_handover: an hour ago", "done", lambda s: accept(s, started_at=NOON - HOUR))
    yield Case("accept_handover: without a word", "done", accept)
    yield Case("accept_handover: escorted", "done", lambda s: accept(s, offer="drive"))
    yield Case("accept_handover: an analyst", "not allowed: not_allowed", lambda s: accept(s, "analyst"))
    yield Case("accept_handover: another's", "not found", lambda s: accept(s, "caseworker"))
    yield Case("accept_handover: the giver", "not found", lambda s: accept(s, "officer"))
    yield Case("accept_handover: a slip", "refused: wristband", lambda s: accept(s, band="1"))
    yield Case("accept_handover: accepted", "not found", lambda s: accept(s, "caseworker", "taken"))
    yield Case(
        "accept_handover: before the last",
        "refused: before_last",
        lambda s: accept(s, started_at=NOON - timedelta(days=9)),
    )

    def excluded_since(s: Stage, band: str = "") -> Any:
        actions.exclude(person=s.driver, ground="threat", look=False, **s.who("officer"))
        return accept(s, offer="drive", band=band)

    yield Case("accept_handover: excluded since", "refused: excluded", excluded_since)

    yield Case("accept_handover: two reasons", "refused: excluded, wristband", lambda s: excluded_since(s, band="1"))

    def in_another_province(s: Stage) -> Any:
        given = offer(s, to="post_gd", kind=Kind.POLICE)
        actions.exclude(person=s.driver, scope="child", child=s.found, ground="threat", **s.who("officer"))
        operations.add_fact(person=s.driver, kind="name", value="何永康", **s.who("officer"))
        return actions.accept_handover(offer_id=given.pk, wristband=s.found.number, **s.who("officer_gd"))

    yield Case("accept_handover: in another province", "refused: excluded", in_another_province)

    def at_home(s: Stage) -> Any:
        """Both signatures are one person's."""
        given = actions.offer_handover(
            child=s.found,
            to_facility=s.place("post"),
            kind=Kind.POLICE,
            wristband=s.found.number,
            place="gate",
            condition="asleep",
            **s.who("officer"),
        )
        return actions.accept_handover(offer_id=given.pk, wristband=s.found.number, **s.who("officer"))

    yield Case("accept_handover: one signatory", "refused: one_signatory", at_home)

    def end(s: Stage, by: str = "nurse", code: str = "no_bed", note: str = LONG, offer: str = "offer") -> Any:
        return actions.end_offer(offer_id=getattr(s, offer).pk, code=code, note=note, **s.who(by))

    yield Case("end_offer", "done", end)
    yield Case("end_offer: without a word", "done", lambda s: end(s, note=""))
    yield Case("end_offer: withdrawn", "done", lambda s: end(s, "officer", "withdrawn"))
    yield Case("end_offer: another reason", "done", lambda s: end(s, code="other"))
    yield Case("end_offer: another reason, unsaid", "invalid: note required", lambda s: end(s, code="other", note="  "))
    yield Case("end_offer: no reason", "invalid: code unknown_choice", lambda s: end(s, code="whim"))
    yield Case("end_offer: withdrawn by the receiver", "not found", lambda s: end(s, code="withdrawn"))
    yield Case("end_offer: refused by the giver", "not found", lambda s: end(s, "officer"))
    yield Case("end_offer: an analyst", "not allowed: not_allowed", lambda s: end(s, "analyst"))
    yield Case("end_offer: an analyst withdraws", "not allowed: not_allowed", lambda s: end(s, "analyst", "withdrawn"))
    yield Case("end_offer: accepted", "not found", lambda s: end(s, "caseworker", offer="taken"))


def night() -> Iterator[Case]:
    """The count, and who is gone."""

    def count(s: Stage, by: str = "nurse", seen: bool = True, place: str = "hospital", child: str = "cleared") -> Any:
        return actions.count_head(facility=s.place(place), night=NOON.date(), child=getattr(s, child), seen=seen, **s.who(by))

    yield Case("count_head", "done", count)
    yield Case("count_head: the first of a night", "done", lambda s: count(s, "caseworker", place="home", child="home"))
    yield Case("count_head: not seen", "done", lambda s: count(s, seen=False))
    yield Case("count_head: another's", "not found", lambda s: count(s, "caseworker"))
    yield Case("count_head: not there", "not found", lambda s: count(s, child="home"))
    yield Case("count_head: an analyst", "not allowed: not_allowed", lambda s: count(s, "analyst"))

    def gone(s: Stage, by: str = "nurse", circumstances: str = LONG) -> Any:
        return actions.report_missing(child=s.patient, last_seen_at=NOON - HOUR, circumstances=circumstances, **s.who(by))

    yield Case("report_missing", "done", gone)
    yield Case("report_missing: by another agency", "done", lambda s: gone(s, "supervisor"))
    yield Case("report_missing: without a word", "invalid: circumstances required", lambda s: gone(s, circumstances="  "))
    yield Case("report_missing: an analyst", "not allowed: not_allowed", lambda s: gone(s, "analyst"))
    yield Case("end_missing", "done", lambda s: actions.end_missing(report=s.missing, note=LONG, **s.who("caseworker")))
    yield Case(
        "end_missing: an analyst",
        "not allowed: not_allowed",
        lambda s: actions.end_missing(report=s.missing, note="", **s.who("analyst")),
    )


SOURCES = (
    access,
    care,
    handover,
    night,
)
