"""Who opens an investigation, who changes its task force, and that it has a lead."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from trust.gate.case import Case, judged, leaves
from trust.gate.stage import AT, BEFORE, Stage, insert
from wayhome.casework.accounts.rules import Role

ONE, OTHER, NEW = 810_001, 810_002, 810_003


def _investigation(stage: Stage, pk: int, by: str = "officer", agency: str = "police", jurisdiction: str = "GX") -> str:
    return insert(
        "operations_investigation",
        id=pk,
        code="x",
        title="x",
        agency_id=stage.world.agencies[agency].pk,
        jurisdiction_id=stage.world.jurisdictions[jurisdiction].pk,
        by_id=stage.staff(by),
        at=AT,
    )


def _member(stage: Stage, pk: int, staff: int | str, function: str = "member", *, of: int = ONE, by: str = "officer") -> str:
    who = staff if isinstance(staff, int) else stage.staff(staff)
    columns: dict[str, Any] = {"investigation_id": of, "staff_id": who, "function": function, "by_id": stage.staff(by)}
    return insert("operations_member", id=pk, **columns, at=AT)


def _end(stage: Stage, pk: int, member: int, by: str = "officer") -> str:
    return insert("operations_memberend", id=pk, member_id=member, by_id=stage.staff(by), at=AT)


def _supervision(stage: Stage, of: int = ONE, by: str = "officer") -> str:
    return insert("operations_supervision", investigation_id=of, since="2011-07-01", by_id=stage.staff(by), at=AT)


def _one(stage: Stage) -> tuple[str, ...]:
    """Opened and led by the officer."""
    return _investigation(stage, ONE), _member(stage, 811_001, "officer", "lead")


def investigations(stage: Stage) -> Iterator[Case]:
    """Who opens one."""
    guard = "operations_investigation_insert_gate"
    yield judged(guard, "an officer, for the own agency", "", _investigation(stage, ONE))
    yield judged(guard, "for another agency", "not_own_agency", _investigation(stage, ONE, agency="police_gd"))
    yield judged(guard, "another agency's officer", "not_own_agency", _investigation(stage, ONE, by="officer_gd"))
    yield judged(guard, "a nurse", "not_own_agency", _investigation(stage, ONE, by="nurse", agency="hospital_agency"))
    yield judged(guard, "who left", "not_own_agency", leaves(stage, "officer"), _investigation(stage, ONE))
    yield judged(guard, "somebody else left", "", leaves(stage, "officer2"), _investigation(stage, ONE))


def _leads(stage: Stage) -> Iterator[tuple[str, bool, tuple[str, ...]]]:
    """Whether the officer leads the one investigation, who did not open it."""
    opened = _investigation(stage, ONE, by="officer2")
    lead = _member(stage, 811_001, "officer", "lead", by="officer2")
    other = _member(stage, 811_002, "officer2", "lead", by="officer2")
    yield "a lead", True, (opened, other, lead)
    yield "nobody", False, (opened, other)
    yield "a member", False, (opened, other, _member(stage, 811_001, "officer", by="officer2"))
    elsewhere = _member(stage, 811_001, "officer", "lead", of=OTHER)
    yield "a lead of another", False, (opened, other, _investigation(stage, OTHER), elsewhere)
    yield "a lead no more", False, (opened, other, lead, _end(stage, 812_001, 811_001, "officer2"))
    yield "a lead, another no more", True, (opened, other, lead, _end(stage, 812_001, 811_002, "officer2"))
    yield "a lead who left", False, (opened, other, lead, leaves(stage, "officer"))
    yield "a lead, another left", True, (opened, other, lead, leaves(stage, "officer2"))


def supervision(stage: Stage) -> Iterator[Case]:
    """Who says that the ministry supervises it."""
    for name, leads, before in _leads(stage):
        code = "" if leads else "not_lead"
        yield judged("operations_supervision_insert_gate", name, code, *before, _supervision(stage))


def _tied(stage: Stage, operation: int = 0) -> str:
    which = operation or (stage.world.operation.pk if stage.world.operation else 0)
    return insert("operations_operationtie", investigation_id=ONE, operation_id=which, by_id=stage.staff("officer"), at=AT)


def _operations(stage: Stage, *numbers: int) -> None:
    told = {"title": "x", "zero_hour": AT, "time_zone": "x", "by_id": stage.staff("officer"), "at": AT}
    for pk in numbers:
        jurisdiction = stage.world.jurisdictions["GX"].pk
        stage.plant("operations_operation", id=pk, code=f"t{pk}", jurisdiction_id=jurisdiction, **told)


def _tie(stage: Stage, operation: int, of: int = ONE) -> int:
    """A tie that is there before."""
    who = {"by_id": stage.staff("officer"), "at": AT}
    return stage.plant("operations_operationtie", id=operation, investigation_id=of, operation_id=operation, **who)


def ties(stage: Stage) -> Iterator[Case]:
    """Who says that an operation came of it, and that no standing tie says so already."""
    guard = "operations_operationtie_insert_gate"
    tied, back, elsewhere = 815_001, 815_002, 815_003
    _operations(stage, tied, back, elsewhere)
    for which, of in ((tied, ONE), (back, ONE), (elsewhere, OTHER)):
        _tie(stage, which, of)
    stage.plant("operations_operationtieend", tie_id=back, reason="x", by_id=stage.staff("officer"), at=AT)
    for name, leads, before in _leads(stage):
        yield judged(guard, name, "" if leads else "not_lead", *before, _tied(stage))
    led = next(before for name, _leads_it, before in _leads(stage) if name == "a lead")
    yield judged(guard, "of what is tied", "already_there", *led, _tied(stage, tied))
    yield judged(guard, "of what was taken back", "", *led, _tied(stage, back))
    yield judged(guard, "of what another is tied to", "", *led, _tied(stage, elsewhere))


def tie_ends(stage: Stage) -> Iterator[Case]:
    """Who takes back that an operation came of it, and what is never taken back."""
    guard = "operations_operationtieend_insert_gate"
    others, tied, launched, by_others = 815_010, 815_011, 815_012, 815_013
    _operations(stage, others, tied, launched, by_others)
    for which, of in ((others, OTHER), (tied, ONE), (launched, ONE), (by_others, ONE)):
        _tie(stage, which, of)
    plan = {"code": "t", "title": "x", "zero_hour": AT, "time_zone": "x", "by_id": stage.staff("officer"), "at": AT}
    plan |= {"jurisdiction_id": stage.world.jurisdictions["GX"].pk}
    for pk, of, operation in ((815_020, ONE, launched), (815_021, OTHER, by_others)):
        stage.plant("operations_jointplan", id=pk, investigation_id=of, **plan)
        step = {"note": "", "figures": "", "by_id": stage.staff("officer"), "at": AT}
        stage.plant("operations_planstep", id=pk, plan_id=pk, step="launched", operation_id=operation, **step)

    def ended(tie: int = tied, reason: str = "x") -> str:
        return insert("operations_operationtieend", tie_id=tie, reason=reason, by_id=stage.staff("officer"), at=AT)

    for name, leads, before in _leads(stage):
        yield judged(guard, name, "" if leads else "not_lead", *before, ended())
    led = next(before for name, _leads_it, before in _leads(stage) if name == "a lead")
    yield judged(guard, "another's", "not_lead", *led, _investigation(stage, OTHER, by="officer2"), ended(others))
    yield judged(guard, "of what was launched of it", "tie_of_launch", *led, ended(launched))
    yield judged(guard, "of what was launched of another", "", *led, ended(by_others))
    yield judged(guard, "without a reason", "why_missing", *led, ended(reason=""))


def members(stage: Stage) -> Iterator[Case]:
    """Who belongs to a task force."""
    guard = "operations_member_insert_gate"
    opened = _investigation(stage, ONE)
    first = _member(stage, 811_009, "officer", "lead")
    yield judged(guard, "who opened it", "", opened, first)
    yield judged(guard, "who opened it, beside another", "", opened, _investigation(stage, OTHER), first)
    there = (_investigation(stage, OTHER, by="officer2"), _member(stage, 811_001, "officer2", "lead", of=OTHER, by="officer2"))
    yield judged(guard, "who opened it, another with members", "", opened, *there, first)
    yield judged(guard, "who opened it, as a member", "not_lead", opened, _member(stage, 811_009, "officer"))
    yield judged(guard, "somebody else at once", "not_lead", opened, _member(stage, 811_009, "officer2", "lead"))
    yield judged(guard, "who did not open it", "not_lead", opened, _member(stage, 811_009, "officer2", "lead", by="officer2"))
    opened_other = (opened, _investigation(stage, OTHER, by="officer2"))
    yield judged(guard, "who opened another", "not_lead", *opened_other, _member(stage, 811_009, "officer", "lead", of=OTHER))
    yield judged(guard, "in none", "not_lead", _member(stage, 811_009, "officer", "lead"))
    again = (*_one(stage), _end(stage, 812_001, 811_001), first)
    yield judged(guard, "who opened it and was taken out", "not_lead", *again)
    for name, leads, before in _leads(stage):
        added = _member(stage, 811_009, "officer_gd")
        yield judged(guard, f"by {name}", "" if leads else "not_lead", *before, added)
    for supervised in (False, True):
        before = (*_one(stage), *((_supervision(stage),) if supervised else ()))
        for role in Role:
            for function in ("lead", "member", "supervisor"):
                may = role == "officer" if function != "supervisor" else role == "supervisor" and supervised
                name = f"a {role} as {function}, {'supervised' if supervised else 'not'}"
                added = _member(stage, 811_009, stage.member["police", role], function)
                yield judged(guard, name, "" if may else "not_for_task_force", *before, added)
    elsewhere = (_investigation(stage, OTHER), _supervision(stage, OTHER))
    yield judged(
        guard,
        "a supervisor, another is supervised",
        "not_for_task_force",
        *_one(stage),
        *elsewhere,
        _member(stage, 811_009, "supervisor", "supervisor"),
    )
    added, other = _member(stage, 811_009, "officer_gd"), _member(stage, 811_002, "officer_gd")
    yield judged(guard, "as something else", "not_for_task_force", *_one(stage), _member(stage, 811_009, "officer_gd", "friend"))
    for who, left in (("officer_gd", "not_for_task_force"), ("officer2", "")):
        yield judged(guard, f"after {who} left", left, *_one(stage), leaves(stage, who), added)
    supervisor = _member(stage, 811_009, "supervisor", "supervisor")
    for who, left in (("supervisor", "not_for_task_force"), ("officer2", "")):
        yield judged(
            guard, f"a supervisor after {who} left", left, *_one(stage), _supervision(stage), leaves(stage, who), supervisor
        )
    yield judged(guard, "twice", "member_already", *_one(stage), other, added)
    yield judged(guard, "after the end", "", *_one(stage), other, _end(stage, 812_001, 811_002), added)
    someone = _member(stage, 811_003, "officer2")
    yield judged(
        guard, "after another's end", "member_already", *_one(stage), other, someone, _end(stage, 812_001, 811_003), added
    )
    in_other = (
        _investigation(stage, OTHER),
        _member(stage, 811_004, "officer", "lead", of=OTHER),
        _member(stage, 811_002, "officer_gd", of=OTHER),
    )
    yield judged(guard, "in another too", "", *_one(stage), *in_other, added)
    yield judged(guard, "beside another", "", *_one(stage), someone, added)


def ends(stage: Stage) -> Iterator[Case]:
    """Who leaves a task force."""
    guard = "operations_memberend_insert_gate"
    member = _member(stage, 811_005, "officer_gd", by="officer2")
    for name, leads, before in _leads(stage):
        yield judged(guard, f"by {name}", "" if leads else "not_lead", *before, member, _end(stage, 812_009, 811_005))
    one = _one(stage)
    lead = _member(stage, 811_002, "officer2", "lead")
    yield judged(guard, "the last lead", "last_lead", *one, _end(stage, 812_009, 811_001))
    yield judged(
        guard, "the lead of members", "last_lead", *one, _member(stage, 811_002, "officer2"), _end(stage, 812_009, 811_001)
    )
    yield judged(guard, "one of two leads", "", *one, lead, _end(stage, 812_009, 811_001))
    yield judged(guard, "the other lead", "", *one, lead, _end(stage, 812_009, 811_002))
    gone = _end(stage, 812_001, 811_002)
    yield judged(guard, "the other lead is out", "last_lead", *one, lead, gone, _end(stage, 812_009, 811_001))
    yield judged(guard, "the other lead left", "last_lead", *one, lead, leaves(stage, "officer2"), _end(stage, 812_009, 811_001))
    some = (_member(stage, 811_003, "officer_gd"), _end(stage, 812_001, 811_003))
    yield judged(guard, "one of two leads, a member is out", "", *one, lead, *some, _end(stage, 812_009, 811_001))
    yield judged(guard, "one of two leads, somebody left", "", *one, lead, leaves(stage, "nurse"), _end(stage, 812_009, 811_001))
    elsewhere = (_investigation(stage, OTHER), _member(stage, 811_002, "officer2", "lead", of=OTHER, by="officer2"))
    yield judged(guard, "a lead elsewhere", "last_lead", *one, *elsewhere, _end(stage, 812_009, 811_001))
    yield judged(guard, "a member beside the last lead", "", *one, member, _end(stage, 812_009, 811_005))


def _way_in(
    stage: Stage, pk: int, lead: int | str = "officer_gd", *, of: int = ONE, by: int | str = "supervisor", **more: Any
) -> str:
    who = {name: staff if isinstance(staff, int) else stage.staff(staff) for name, staff in (("lead_id", lead), ("by_id", by))}
    return insert("operations_wayin", **{"id": pk, "investigation_id": of, "reason": "x", **who, "at": AT} | more)


def _supervisor_gd(stage: Stage, pk: int) -> str:
    columns = {"number": "supervisor_gd", "name": "x", "name_latin": "", "id_number": "supervisor_gd", "phone": "", "address": ""}
    of = {"agency_id": stage.world.agencies["welfare_gd"].pk, "registered_by_id": None, "countersigned_by_id": None}
    return insert("accounts_staff", id=pk, **columns, **of, role="supervisor", at=AT)


def _orphaned(stage: Stage) -> tuple[str, ...]:
    """Supervised, opened by the officer who left, with a member and an officer who leads another."""
    return (
        *_one(stage),
        _supervision(stage),
        _member(stage, 811_002, "officer_gd"),
        _investigation(stage, OTHER, by="officer2"),
        _member(stage, 811_003, "officer2", "lead", of=OTHER, by="officer2"),
        leaves(stage, "officer"),
    )


def ways_in(stage: Stage) -> Iterator[Case]:
    """Who names a lead, of which investigation, and whom."""
    guard = "operations_wayin_insert_gate"
    there = _orphaned(stage)
    there_led = there[:-1]
    yield judged(guard, "a supervisor of the ministry", "", *there, _way_in(stage, NEW))
    for role in Role:
        member = stage.member["police", role]
        if role != "supervisor":
            yield judged(guard, f"by a {role}", "not_ministry", *there, _way_in(stage, NEW, by=member))
        if role != "officer":
            yield judged(guard, f"for a {role}", "not_for_task_force", *there, _way_in(stage, NEW, member))
    yield judged(guard, "who left", "not_ministry", *there, leaves(stage, "supervisor"), _way_in(stage, NEW))
    yield judged(guard, "somebody else left", "", *there, leaves(stage, "nurse"), _way_in(stage, NEW))
    yield judged(guard, "a lead who left", "not_for_task_force", *there, leaves(stage, "officer_gd"), _way_in(stage, NEW))
    foreign = _supervisor_gd(stage, 814_001)
    yield judged(guard, "of another province", "not_ministry", *there, foreign, _way_in(stage, NEW, by=814_001))
    in_gd = (*there, foreign, _investigation(stage, NEW, jurisdiction="GD"))
    yield judged(guard, "of another, with one there", "not_ministry", *in_gd, _way_in(stage, NEW, by=814_001))
    own = _way_in(stage, NEW, by=stage.member["police", Role.SUPERVISOR])
    yield judged(guard, "of the province", "", *there, own)
    bare = tuple(one for one in there if "operations_supervision" not in one)
    yield judged(guard, "not supervised", "not_supervised", *bare, _way_in(stage, NEW))
    yield judged(
        guard, "another is supervised", "not_supervised", *bare, _supervision(stage, OTHER, "officer2"), _way_in(stage, NEW)
    )
    yield judged(guard, "with a lead", "lead_there", *there_led, _way_in(stage, NEW))
    yield judged(guard, "with a lead, another left", "lead_there", *there_led, leaves(stage, "nurse"), _way_in(stage, NEW))
    second = _member(stage, 811_005, "officer2", "lead")
    yield judged(guard, "with a second lead", "lead_there", *there_led, second, leaves(stage, "officer"), _way_in(stage, NEW))
    ended = (second, _end(stage, 812_001, 811_005), leaves(stage, "officer"))
    yield judged(guard, "its second lead was taken out", "", *there_led, *ended, _way_in(stage, NEW))
    other = (second, _end(stage, 812_001, 811_002), leaves(stage, "officer"))
    yield judged(guard, "with a second lead, a member out", "lead_there", *there_led, *other, _way_in(stage, NEW))
    yield judged(guard, "without a reason", "why_missing", *there, _way_in(stage, NEW, reason=""))


def named(stage: Stage) -> Iterator[Case]:
    """What the one who named a lead may do beside that: to make them one, and nothing else."""
    there, way = _orphaned(stage), _way_in(stage, 813_001)
    out, lead = _end(stage, 812_009, 811_002, "supervisor"), _member(stage, 811_009, "officer_gd", "lead", by="supervisor")
    elsewhere = (_supervision(stage, OTHER, "officer2"), leaves(stage, "officer2"), _way_in(stage, 813_001, of=OTHER))
    for guard, act, before in (
        ("operations_memberend_insert_gate", out, ()),
        ("operations_member_insert_gate", lead, (_end(stage, 812_001, 811_002),)),
    ):
        there_before = (*there[:-1], *before, there[-1])
        yield judged(guard, "who was named", "", *there_before, way, act)
        yield judged(guard, "nobody was named", "not_lead", *there_before, act)
        yield judged(guard, "another was named", "not_lead", *there_before, _way_in(stage, 813_001, "officer2"), act)
        yield judged(guard, "named for another", "not_lead", *there_before, *elsewhere, act)
        yield judged(guard, "named by another", "not_lead", *there_before, _way_in(stage, 813_001, by="supervisor2"), act)
        yield judged(guard, "named before", "not_lead", *there_before, _way_in(stage, 813_001, at=BEFORE), act)
        first = _member(stage, 811_006, "officer2", "lead", by="officer")
        led = (*there[:-1], first, *before)
        yield judged(guard, "named, and a lead is there", "not_lead", *led, way, act)
        ended = (_member(stage, 811_008, stage.member["hospital_agency", Role.OFFICER]), _end(stage, 812_004, 811_008))
        yield judged(guard, "named, a lead is there, another no more", "not_lead", *led, *ended, way, act)
        gone = (*there[:-1], first, *before, _end(stage, 812_003, 811_006), there[-1])
        yield judged(guard, "named, and a lead was there", "", *gone, way, act)
        left = (*there[:-1], first, *before, there[-1])
        yield judged(guard, "named, and one of two left", "not_lead", *left, way, act)
        both = (*left, leaves(stage, "officer2"))
        yield judged(guard, "named, and both left", "", *both, way, act)
        beside = (*there[:-1], _member(stage, 811_006, "officer2", by="officer"), *before, there[-1])
        yield judged(guard, "named, beside a member", "", *beside, way, act)
    free = (*there[:-1], _end(stage, 812_001, 811_002), there[-1])
    for function in ("member", "supervisor"):
        given = _member(stage, 811_009, "officer_gd", function, by="supervisor")
        yield judged("operations_member_insert_gate", f"named, as {function}", "not_lead", *free, way, given)
    yield judged(
        "operations_memberend_insert_gate",
        "a lead who left, named",
        "last_lead",
        *there,
        _way_in(stage, 813_001, "officer"),
        _end(stage, 812_009, 811_001, "supervisor"),
    )


SOURCES = (investigations, supervision, ties, tie_ends, members, ends, ways_in, named)
