"""Who plans a joint operation, approves it, says that a site goes, and launches it; and who announces a campaign."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from trust.gate.case import Case, judged, leaves
from trust.gate.stage import AFTER, AT, BEFORE, Stage, insert
from trust.gate.task_forces import ONE, _end, _investigation, _leads, _member
from wayhome.casework.accounts.rules import Role
from wayhome.casework.operations.rules import STEPS

OTHER = 810_000
"""Another investigation, which comes first in every index."""
FOREIGN, PLAN, NEW = 820_001, 820_002, 820_009
FIRST, SITE, SECOND = 821_001, 821_002, 821_003
OPERATION, OTHER_OPERATION = 822_001, 822_002
READY = {"kit": True, "medic": True, "female_officer": True}
AFTER_STEP = {step: 820_101 + i for i, step in enumerate(STEPS)}
"""Plans of the one investigation that are there before any case, each with one step taken and no site."""
BY_THEMSELVES, IN_PLACE, NOT_IN_PLACE = 820_111, 820_112, 820_113
THERE, ELSEWHERE = 821_101, 821_102
BEFORE_STEP = dict(zip(STEPS[1:], STEPS, strict=False))


def _plan(stage: Stage, pk: int, of: int = ONE, by: int | str = "officer2", **more: Any) -> str:
    columns = {
        "code": "j",
        "title": "x",
        "zero_hour": AFTER,
        "time_zone": "Asia/Shanghai",
        "jurisdiction_id": stage.world.jurisdictions["GX"].pk,
        "by_id": by if isinstance(by, int) else stage.staff(by),
        "at": AT,
    }
    return insert("operations_jointplan", **{"id": pk, "investigation_id": of} | columns | more)


def _site(
    stage: Stage,
    pk: int,
    of: int = PLAN,
    leader: str = "officer2",
    by: str = "officer",
    replaces: int | None = None,
    *,
    alone: bool = False,
) -> str:
    columns = {"jurisdiction_id": stage.world.jurisdictions["GX"].pk, "place": "x", "officers": 6, "alone": alone}
    who = {"leader_id": stage.staff(leader), "by_id": stage.staff(by)}
    return insert("operations_plansite", id=pk, plan_id=of, **columns, **who, replaces_id=replaces, at=AT)


def _says(stage: Stage, pk: int, word: str = "go", of: int = SITE, by: str = "officer", **more: Any) -> str:
    reason = "" if word == "go" else "x"
    told = {"id": pk, "site_id": of, "word": word, "reason": reason, **READY, "by_id": stage.staff(by), "at": AT}
    return insert("operations_readiness", **told | more)


def _step(stage: Stage, pk: int, step: str, of: int = PLAN, by: int | str = "officer", **more: Any) -> str:
    who = by if isinstance(by, int) else stage.staff(by)
    told = {"id": pk, "plan_id": of, "step": step, "operation_id": None, "note": "", "figures": "", "by_id": who, "at": AT}
    return insert("operations_planstep", **told | more)


def _operation(stage: Stage, pk: int, code: str = "j", zero_hour: str = AFTER) -> str:
    columns = {"title": "x", "time_zone": "Asia/Shanghai", "jurisdiction_id": stage.world.jurisdictions["GX"].pk}
    return insert("operations_operation", id=pk, code=code, zero_hour=zero_hour, **columns, by_id=stage.staff("officer"), at=AT)


def _tied(stage: Stage, pk: int, operation: int = OPERATION, of: int = ONE) -> str:
    return insert(
        "operations_operationtie", id=pk, investigation_id=of, operation_id=operation, by_id=stage.staff("officer"), at=AT
    )


def _other(stage: Stage) -> tuple[str, ...]:
    """Another investigation, of another's, with a plan that stands before the one looked at."""
    return (
        _investigation(stage, OTHER, by="officer2"),
        _member(stage, 811_030, "officer2", "lead", of=OTHER, by="officer2"),
        _plan(stage, FOREIGN, of=OTHER),
    )


def _led(stage: Stage) -> tuple[str, ...]:
    """Both, and the officer leads the one."""
    one = (_investigation(stage, ONE), _member(stage, 811_001, "officer", "lead"), _member(stage, 811_002, "officer2"))
    return (*one, *_other(stage), _plan(stage, PLAN))


def _planted(stage: Stage) -> None:
    """What a guard must not look at while it comes, for it stands on the same table."""
    told = {
        "code": "j",
        "title": "x",
        "zero_hour": AFTER,
        "time_zone": "Asia/Shanghai",
        "by_id": stage.staff("officer2"),
        "at": AT,
    }
    told["jurisdiction_id"] = stage.world.jurisdictions["GX"].pk
    taken = {"operation_id": None, "note": "", "figures": "", "by_id": stage.staff("officer"), "at": AT}
    for step, pk in AFTER_STEP.items():
        stage.plant("operations_jointplan", id=pk, investigation_id=ONE, **told)
        stage.plant("operations_planstep", id=pk, plan_id=pk, step=step, **taken)
    stage.plant("operations_jointplan", id=BY_THEMSELVES, investigation_id=ONE, **told | {"by_id": stage.staff("officer")})
    stage.plant("operations_planstep", id=BY_THEMSELVES, plan_id=BY_THEMSELVES, step="approved", **taken)
    stage.plant("operations_operationtieend", tie_id=825_009, reason="x", by_id=stage.staff("officer"), at=AT)
    place = {
        "place": "x",
        "officers": 6,
        "alone": False,
        "jurisdiction_id": told["jurisdiction_id"],
        "at": AT,
        "replaces_id": None,
    }
    place |= {"by_id": stage.staff("officer2"), "leader_id": stage.staff("officer2")}
    for plan, site in ((IN_PLACE, THERE), (NOT_IN_PLACE, ELSEWHERE)):
        stage.plant("operations_jointplan", id=plan, investigation_id=ONE, **told)
        stage.plant("operations_plansite", id=site, plan_id=plan, **place)


def _as_lead(stage: Stage) -> Iterator[tuple[str, bool, tuple[str, ...]]]:
    """Whether the officer leads the one, with a plan in both."""
    for name, leads, before in _leads(stage):
        opened = _investigation(stage, OTHER, by="officer2")
        yield name, leads, (*before, opened, _plan(stage, FOREIGN, of=OTHER), _plan(stage, PLAN))


def plans(stage: Stage) -> Iterator[Case]:
    """Who plans, and which sites."""
    _planted(stage)
    for name, leads, before in _leads(stage):
        code = "" if leads else "not_lead"
        yield judged("operations_jointplan_insert_gate", name, code, *before, _plan(stage, PLAN, by="officer"))
    guard = "operations_plansite_insert_gate"
    for name, leads, before in _as_lead(stage):
        if "another left" in name or "another no more" in name:
            before = (*before, _member(stage, 811_040, "officer_gd"))
        leader = "officer_gd" if "another" in name and leads else "officer2"
        yield judged(guard, name, "" if leads else "not_lead", *before, _site(stage, SITE, leader=leader))
    led = _led(stage)
    site = _site(stage, SITE)
    yield judged(guard, "approved", "plan_fixed", *led, _step(stage, NEW, "approved"), site)
    yield judged(guard, "another approved", "", *led, _step(stage, NEW, "approved", FOREIGN), site)
    yield judged(guard, "another word of it", "", *led, _step(stage, NEW, "sealed"), site)
    gd = _site(stage, SITE, leader="officer_gd")
    member = _member(stage, 811_040, "officer_gd")
    yield judged(guard, "a leader of the task force", "", *led, member, gd)
    yield judged(guard, "a leader from outside", "leader_outside", *led, gd)
    yield judged(guard, "a leader of another", "leader_outside", *led, _member(stage, 811_040, "officer_gd", of=OTHER), gd)
    yield judged(guard, "a leader no more", "leader_outside", *led, member, _end(stage, 812_001, 811_040), gd)
    yield judged(guard, "a leader, another no more", "", *led, member, _end(stage, 812_001, 811_002), gd)
    yield judged(guard, "a leader who left", "leader_outside", *led, member, leaves(stage, "officer_gd"), gd)
    yield judged(guard, "a leader, another left", "", *led, member, leaves(stage, "officer2"), gd)
    alone, outside = _site(stage, SITE, leader="officer_gd", alone=True), "leader_not_alone"
    yield judged(guard, "told of it alone", "", *led, alone)
    yield judged(guard, "alone, a member", outside, *led, member, alone)
    yield judged(guard, "alone, a member, another no more", outside, *led, member, _end(stage, 812_001, 811_002), alone)
    yield judged(guard, "alone, a member no more", "", *led, member, _end(stage, 812_001, 811_040), alone)
    yield judged(guard, "alone, a member of another", "", *led, _member(stage, 811_040, "officer_gd", of=OTHER), alone)
    yield judged(guard, "alone, a nurse", outside, *led, _site(stage, SITE, leader="nurse", alone=True))
    yield judged(guard, "alone, who left", outside, *led, leaves(stage, "officer_gd"), alone)
    yield judged(guard, "alone, another left", "", *led, leaves(stage, "officer2"), alone)
    yield judged(guard, "in the place of one", "", *led, _site(stage, SITE, IN_PLACE, replaces=THERE))
    yield judged(guard, "in the place of another plan's", "other_plan", *led, _site(stage, SITE, IN_PLACE, replaces=ELSEWHERE))
    yield judged(guard, "in the place of nothing", "other_plan", *led, _site(stage, SITE, IN_PLACE, replaces=NEW))


def _sealed(stage: Stage, leader: str = "officer") -> tuple[str, ...]:
    """Both with a site; the one is sealed."""
    return (
        _site(stage, FIRST, FOREIGN, leader="officer_gd"),
        _site(stage, SITE, leader=leader),
        _step(stage, 823_001, "sealed"),
    )


def _as_leader(stage: Stage) -> Iterator[tuple[str, bool, tuple[str, ...]]]:
    """Whether the officer, who leads the site, belongs to the task force."""
    opened = (_investigation(stage, ONE, by="officer2"), _member(stage, 811_002, "officer2", "lead", by="officer2"))
    there = (*opened, *_other(stage), _plan(stage, PLAN), *_sealed(stage))
    member = _member(stage, 811_001, "officer", by="officer2")
    yield "a leader", True, (*there, member)
    yield "nobody any more", False, there
    yield "a leader in another", False, (*there, _member(stage, 811_001, "officer", of=OTHER, by="officer2"))
    yield "a leader no more", False, (*there, member, _end(stage, 812_001, 811_001, "officer2"))
    yield "a leader, another no more", True, (*there, member, _end(stage, 812_001, 811_002, "officer2"))
    yield "a leader who left", False, (*there, member, leaves(stage, "officer"))
    yield "a leader, another left", True, (*there, member, leaves(stage, "officer2"))


def readiness(stage: Stage) -> Iterator[Case]:
    """Who says that a site goes, when, and with what."""
    guard = "operations_readiness_insert_gate"
    says = _says(stage, NEW)
    for name, may, there in _as_leader(stage):
        yield judged(guard, name, "" if may else "not_site_leader", *there, says)
    for name, leads, before in _as_lead(stage):
        yield judged(guard, name, "" if leads else "not_site_leader", *before, *_sealed(stage, "officer_gd"), says)
    opened = (_investigation(stage, ONE, by="officer2"), _member(stage, 811_002, "officer2", "lead", by="officer2"))
    member = _member(stage, 811_001, "officer", by="officer2")
    there = (*opened, member, *_other(stage), _plan(stage, PLAN))
    elsewhere = (_site(stage, SECOND, leader="officer"), *_sealed(stage, "officer2"))
    yield judged(guard, "who leads another site", "not_site_leader", *there, *elsewhere, says)

    # Told of the site alone.
    away = (*opened, *_other(stage), _plan(stage, PLAN))
    mine = (_site(stage, SITE, leader="officer", by="officer2", alone=True), _step(stage, 823_001, "sealed", by="officer2"))
    yield judged(guard, "told of it alone", "", *away, *mine, says)
    yield judged(guard, "told of it alone, and left", "not_site_leader", *away, *mine, leaves(stage, "officer"), says)
    yield judged(guard, "told of it alone, another left", "", *away, *mine, leaves(stage, "nurse"), says)
    second_mine = _site(stage, SECOND, leader="officer", by="officer2", alone=True)
    another = (second_mine, _site(stage, SITE, by="officer2"), _step(stage, 823_001, "sealed", by="officer2"))
    yield judged(guard, "told of another alone", "not_site_leader", *away, *another, says)
    theirs = (_site(stage, SITE, leader="officer_gd", by="officer2", alone=True), _step(stage, 823_001, "sealed", by="officer2"))
    yield judged(guard, "another told of it alone", "not_site_leader", *away, *theirs, says)

    # Called off, by a lead alone.
    off = _says(stage, NEW, "off")
    ready = (*there, *_sealed(stage))
    yield judged(guard, "off, by its leader", "not_lead", *ready, off)
    yield judged(guard, "no, by its leader", "", *ready, _says(stage, NEW, "no_go"))
    yield judged(guard, "off, by a lead", "", *_led(stage), *_sealed(stage), off)
    second = _site(stage, SECOND)
    off_before, go_before = _says(stage, 824_001, "off", by="officer2"), _says(stage, 824_001)
    yield judged(guard, "it was off", "not_lead", *ready, off_before, says)
    yield judged(guard, "it was off, by a lead", "", *_led(stage), *_sealed(stage), _says(stage, 824_001, "off"), says)
    yield judged(guard, "it was off, and goes", "", *ready, off_before, _says(stage, 824_002, by="officer2"), says)
    later = _says(stage, 824_002, "off", by="officer2")
    yield judged(guard, "it went, and is off", "not_lead", *ready, go_before, later, says)
    elsewhere_off = _says(stage, 824_002, "off", SECOND, by="officer2")
    yield judged(guard, "it went, another is off", "", *ready, second, go_before, elsewhere_off, says)
    yield judged(guard, "another is off", "", *ready, second, elsewhere_off, says)
    elsewhere_goes = _says(stage, 824_002, "go", SECOND, by="officer2")
    yield judged(guard, "it was off, another goes", "not_lead", *ready, second, off_before, elsewhere_goes, says)
    led_other = (*ready, _member(stage, 811_041, "officer", "lead", of=OTHER, by="officer2"))
    yield judged(guard, "off, by a lead of another", "not_lead", *led_other, off)
    led_once = (*opened, _member(stage, 811_042, "officer", "lead", by="officer2"), _end(stage, 812_002, 811_042, "officer2"))
    led_once = (*led_once, member, *_other(stage), _plan(stage, PLAN), *_sealed(stage))
    yield judged(guard, "off, by a lead before", "not_lead", *led_once, off)
    ended = (*_led(stage), *_sealed(stage), _end(stage, 812_002, 811_002))
    yield judged(guard, "off, by a lead, another no more", "", *ended, off)

    # When: from the sealing to the launch.
    bare = (*there, *_sealed(stage)[:-1])
    yield judged(guard, "not sealed", "not_sealed", *bare, says)
    yield judged(guard, "approved", "not_sealed", *bare, _step(stage, 823_001, "approved"), says)
    yield judged(guard, "another sealed", "not_sealed", *bare, _step(stage, 823_001, "sealed", FOREIGN), says)
    yield judged(guard, "launched", "plan_launched", *ready, _step(stage, 823_002, "launched"), says)
    yield judged(guard, "another launched", "", *ready, _step(stage, 823_002, "launched", FOREIGN), says)
    yield judged(guard, "replaced", "site_replaced", *ready, _site(stage, SECOND, replaces=SITE), says)
    yield judged(guard, "another replaced", "", *ready, _site(stage, SECOND, replaces=FIRST), says)

    # With what.
    for what in READY:
        yield judged(guard, f"goes without {what}", "site_not_ready", *ready, _says(stage, NEW, **{what: False}))
    nothing = dict.fromkeys(READY, False)
    yield judged(guard, "does not go with nothing", "", *ready, _says(stage, NEW, "no_go", **nothing))
    yield judged(guard, "does not go for no reason", "why_missing", *ready, _says(stage, NEW, "no_go", reason=""))
    yield judged(guard, "goes for a reason", "", *ready, _says(stage, NEW, reason="x"))


def _with_supervisor(stage: Stage) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Whether the supervisor may approve the one."""
    led, member = _led(stage), _member(stage, 811_050, "supervisor", "supervisor")
    yield "a supervisor", "", (*led, member)
    yield "a supervisor from outside", "not_approver", led
    yield "a supervisor of another", "not_approver", (*led, _member(stage, 811_050, "supervisor", "supervisor", of=OTHER))
    yield "a supervisor no more", "not_approver", (*led, member, _end(stage, 812_001, 811_050))
    yield "a supervisor, another no more", "", (*led, member, _end(stage, 812_001, 811_002))
    yield "a supervisor who left", "not_approver", (*led, member, leaves(stage, "supervisor"))
    yield "a supervisor, another left", "", (*led, member, leaves(stage, "officer2"))


def approvals(stage: Stage) -> Iterator[Case]:
    """Who approves."""
    guard = "operations_planstep_insert_gate"
    site = _site(stage, SITE)
    approved = _step(stage, NEW, "approved", by="supervisor")
    for name, code, there in _with_supervisor(stage):
        yield judged(guard, name, code, *there, site, approved)
    led = (*_led(stage), _member(stage, 811_050, "supervisor", "supervisor"))
    yield judged(guard, "a lead", "not_approver", *led, site, _step(stage, NEW, "approved"))
    papers = {"number": "x816", "name": "x", "name_latin": "", "phone": "", "address": "", "at": AT}
    papers |= {"id_number": stage.world.staff["supervisor"].id_number, "agency_id": stage.world.agencies["police"].pk}
    earlier = insert("accounts_staff", id=816_001, **papers, role="officer", registered_by_id=None, countersigned_by_id=None)
    there = (*led[:-2], earlier)
    supervisor = led[-1]
    own = (*there, _plan(stage, PLAN, by=816_001), supervisor, site)
    yield judged(guard, "who planned it under another number", "own_plan", *own, approved)
    yield judged(guard, "sealed by who planned it", "", *own, _step(stage, NEW, "sealed", BY_THEMSELVES))
    yield judged(guard, "who planned it", "own_plan", *led[:-2], _plan(stage, PLAN, by="supervisor"), supervisor, site, approved)
    foreign = tuple(one for one in there if f"({FOREIGN}, " not in one)
    of_other = (*foreign, _plan(stage, FOREIGN, of=OTHER, by=816_001), _plan(stage, PLAN), supervisor, site)
    yield judged(guard, "who planned another", "", *of_other, approved)
    yield judged(guard, "without a site", "no_site", *led, approved)
    yield judged(guard, "another with a site", "no_site", *led, _site(stage, FIRST, FOREIGN), approved)
    moved = (_site(stage, SITE), _site(stage, SECOND, FOREIGN, replaces=SITE))
    yield judged(guard, "its site is another's", "no_site", *led, *moved, approved)
    yield judged(guard, "sealed without a site", "", *led, _step(stage, NEW, "sealed", AFTER_STEP["approved"]))


def _more(step: str) -> dict[str, Any]:
    return {"launched": {"operation_id": OPERATION}, "reviewed": {"note": "x", "figures": "{}"}}.get(step, {})


def order(stage: Stage) -> Iterator[Case]:
    """By whom, and each after the one before it."""
    guard = "operations_planstep_insert_gate"
    for name, leads, before in _as_lead(stage):
        sealed = _step(stage, NEW, "sealed", AFTER_STEP["approved"])
        yield judged(guard, f"sealed by {name}", "" if leads else "not_lead", *before, sealed)
    began = (_operation(stage, OPERATION), _tied(stage, 825_001))
    ready = (*_led(stage), _site(stage, SITE, AFTER_STEP["sealed"]), _says(stage, 824_001), *began)
    for step in STEPS[1:]:
        yield judged(guard, f"{step} at once", "wrong_step", *ready, _step(stage, NEW, step, **_more(step)))
        for before, plan in AFTER_STEP.items():
            if before != step:
                code = "" if BEFORE_STEP[step] == before else "wrong_step"
                yield judged(guard, f"{step} after {before}", code, *ready, _step(stage, NEW, step, plan, **_more(step)))
    for what in ("note", "figures"):
        done = _step(stage, NEW, "reviewed", AFTER_STEP["stood_down"], **_more("reviewed") | {what: ""})
        yield judged(guard, f"reviewed without {what}", "why_missing", *ready, done)


def launches(stage: Stage) -> Iterator[Case]:
    """Which sites go, and as which operation."""
    guard = "operations_planstep_insert_gate"
    sealed, plan = _led(stage), AFTER_STEP["sealed"]
    began = (_operation(stage, OPERATION), _tied(stage, 825_001))
    launch = _step(stage, NEW, "launched", plan, operation_id=OPERATION)

    def launched(name: str, code: str, *words: tuple[str, int], more: tuple[str, ...] = ()) -> Case:
        said = (_says(stage, 824_001 + i, word, site) for i, (word, site) in enumerate(words))
        there = (*sealed, _site(stage, FIRST, FOREIGN), _site(stage, SITE, plan), *more, *said, *began)
        return judged(guard, name, code, *there, launch)

    second = (_site(stage, SECOND, plan),)
    yield launched("no site told anything", "site_not_ready")
    yield launched("the site goes", "", ("go", SITE))
    yield launched("the site does not go", "site_not_ready", ("no_go", SITE))
    yield launched("it goes, one told nothing", "site_not_ready", ("go", SITE), more=second)
    yield launched("it goes, one is off", "", ("go", SITE), ("off", SECOND), more=second)
    yield launched("it is off, one goes", "", ("off", SITE), ("go", SECOND), more=second)
    yield launched("it goes, one does not", "site_not_ready", ("go", SITE), ("no_go", SECOND), more=second)
    yield launched("one does not, it goes", "site_not_ready", ("no_go", SECOND), ("go", SITE), more=second)
    yield launched("it goes after all", "", ("no_go", SITE), ("go", SITE))
    yield launched("it goes no more", "site_not_ready", ("go", SITE), ("no_go", SITE))
    yield launched("another plan's does not", "", ("go", SITE), ("no_go", FIRST))
    yield launched("it is off", "every_site_off", ("off", SITE))
    yield launched("it went, and is off", "every_site_off", ("go", SITE), ("off", SITE))
    yield launched("another plan's goes", "every_site_off", ("off", SITE), ("go", FIRST))
    replaced = (_site(stage, SECOND, plan, replaces=SITE),)
    yield launched("it goes in the place of one", "", ("no_go", SITE), ("go", SECOND), more=replaced)
    yield launched("it is off, one before went", "every_site_off", ("go", SITE), ("off", SECOND), more=replaced)
    for step in ("sealed", "stood_down"):
        there = (*_led(stage), _site(stage, SITE, AFTER_STEP[BEFORE_STEP[step]]))
        done = _step(stage, NEW, step, AFTER_STEP[BEFORE_STEP[step]])
        yield judged(guard, f"{step}, with a site that told nothing", "", *there, done)
        yield judged(guard, f"{step}, with every site off", "", *there, _says(stage, 824_001, "off"), done)

    ready = (*sealed, _site(stage, SITE, plan), _says(stage, 824_001))
    wrong = "not_its_operation"
    tied = _tied(stage, 825_001)
    yield judged(guard, "as no operation", wrong, *ready, *began, _step(stage, NEW, "launched", plan))
    yield judged(guard, "under another code", wrong, *ready, _operation(stage, OPERATION, "k"), tied, launch)
    yield judged(guard, "at another hour", wrong, *ready, _operation(stage, OPERATION, zero_hour=BEFORE), tied, launch)
    yield judged(guard, "not tied", wrong, *ready, began[0], launch)
    back = insert("operations_operationtieend", id=825_001, tie_id=825_001, reason="x", by_id=stage.staff("officer"), at=AT)
    yield judged(guard, "tied, and taken back", wrong, *ready, *began, back, launch)
    yield judged(guard, "tied to another", wrong, *ready, began[0], _tied(stage, 825_001, of=OTHER), launch)
    there = (*began, _operation(stage, OTHER_OPERATION, "k"))
    foreign = _step(stage, NEW, "launched", plan, operation_id=OTHER_OPERATION)
    yield judged(guard, "as another", wrong, *ready, *there, _tied(stage, 825_002, OTHER_OPERATION), foreign)
    yield judged(guard, "as one that is not tied", wrong, *ready, began[0], _tied(stage, 825_002, OTHER_OPERATION), launch)
    others = tuple(one for one in ready if f"({FOREIGN}, " not in one)
    theirs = (_plan(stage, FOREIGN, of=OTHER, code="k"), *there, _tied(stage, 825_002, OTHER_OPERATION, OTHER))
    yield judged(guard, "as another plan's", wrong, *others, *theirs, foreign)
    for step in ("sealed", "stood_down"):
        done = _step(stage, NEW, step, AFTER_STEP[BEFORE_STEP[step]], operation_id=OPERATION)
        yield judged(guard, f"{step} as an operation", wrong, *_led(stage), *began, done)


def campaigns(stage: Stage) -> Iterator[Case]:
    """Who says that there is a campaign."""
    guard = "operations_campaign_insert_gate"

    def campaign(by: int) -> str:
        told = {"name": "x", "partner_id": stage.world.jurisdictions["VN"].pk, "starts": "2011-07-15", "ends": "2011-09-15"}
        return insert("operations_campaign", id=NEW, **told, replaces_id=None, by_id=by, at=AT)

    for role in Role:
        code = "" if role == "supervisor" else "not_ministry"
        yield judged(guard, f"a {role}", code, campaign(stage.member["police", role]))
    mine = campaign(stage.staff("supervisor"))
    yield judged(guard, "who left", "not_ministry", leaves(stage, "supervisor"), mine)
    yield judged(guard, "another left", "", leaves(stage, "supervisor2"), mine)


SOURCES = (plans, readiness, approvals, order, launches, campaigns)
