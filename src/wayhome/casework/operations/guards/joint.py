"""A joint operation is planned within a task force, approved by another, and launched when every site goes."""

from __future__ import annotations

from wayhome.casework.accounts.guards import active_staff, same_person
from wayhome.casework.core.guards import AppendOnly, Guard, Registry, Require
from wayhome.casework.operations.guards.investigations import TIE_STANDS, belongs, lead_now, member_now

_OF_SITE = "(SELECT si.plan_id FROM operations_plansite si WHERE si.id = NEW.site_id)"
_LEADER = "EXISTS (SELECT 1 FROM operations_plansite si WHERE si.id = NEW.site_id AND si.leader_id = NEW.by_id)"
_ALONE = "EXISTS (SELECT 1 FROM operations_plansite sa WHERE sa.id = NEW.site_id AND sa.alone)"
_POLICE = "s.role = 'officer'"
_STANDS = "NOT EXISTS (SELECT 1 FROM operations_plansite sr WHERE sr.replaces_id = si.id)"


def _investigation(plan: str) -> str:
    return f"(SELECT jp.investigation_id FROM operations_jointplan jp WHERE jp.id = {plan})"


def _lead(plan: str) -> str:
    return lead_now(_investigation(plan), "NEW.by_id")


def _done(plan: str, step: str) -> str:
    return f"EXISTS (SELECT 1 FROM operations_planstep ps WHERE ps.plan_id = {plan} AND ps.step = '{step}')"


def _word(site: str) -> str:
    """SQL: what was last said of a site; "" for none."""
    return (
        "COALESCE((SELECT rd.word FROM operations_readiness rd WHERE rd.id ="
        f" (SELECT MAX(lr.id) FROM operations_readiness lr WHERE lr.site_id = {site})), '')"
    )


def _lock(plan: str) -> str:
    """What PostgreSQL does first: a site's word waits for the launch, and the other way round."""
    return f"PERFORM 1 FROM operations_jointplan jp WHERE jp.id = {plan} FOR UPDATE"


def declare(registry: Registry) -> None:
    """The guards of plans of joint operations, and of campaigns."""
    registry.add(
        AppendOnly("operations_jointplan"),
        AppendOnly("operations_plansite", keys=(("replaces_id",),)),
        AppendOnly("operations_readiness"),
        AppendOnly("operations_planstep", keys=(("plan_id", "step"), ("operation_id",))),
        AppendOnly("operations_campaign", keys=(("replaces_id",),)),
    )
    registry.add(
        Guard("operations_jointplan", "INSERT", (Require("not_lead", lead_now("NEW.investigation_id", "NEW.by_id")),)),
        Guard("operations_campaign", "INSERT", (Require("not_ministry", active_staff("NEW.by_id", "s.role = 'supervisor'")),)),
        Guard(
            "operations_plansite",
            "INSERT",
            (
                Require("not_lead", _lead("NEW.plan_id")),
                Require("plan_fixed", f"NOT {_done('NEW.plan_id', 'approved')}"),
                Require("leader_outside", f"NEW.alone OR {member_now(_investigation('NEW.plan_id'), 'NEW.leader_id')}"),
                Require(
                    "leader_not_alone",
                    f"NOT NEW.alone OR ({active_staff('NEW.leader_id', _POLICE)}"
                    f" AND NOT {belongs(_investigation('NEW.plan_id'), 'NEW.leader_id')})",
                ),
                Require(
                    "other_plan",
                    "NEW.replaces_id IS NULL OR EXISTS (SELECT 1 FROM operations_plansite si WHERE si.id = NEW.replaces_id"
                    " AND si.plan_id = NEW.plan_id)",
                ),
            ),
            locks=(_lock("NEW.plan_id"),),
        ),
        _readiness(),
        _steps(),
    )


def _readiness() -> Guard:
    """A leader speaks for the own site, and a lead for each; that a site is called off, a lead alone says and takes back."""
    alone = f"{_ALONE} AND NOT EXISTS (SELECT 1 FROM accounts_staffend x WHERE x.staff_id = NEW.by_id)"
    own = f"{_LEADER} AND (({alone}) OR {member_now(_investigation(_OF_SITE), 'NEW.by_id')})"
    leads = belongs(_investigation(_OF_SITE), "NEW.by_id", "m.function = 'lead'")
    return Guard(
        "operations_readiness",
        "INSERT",
        (
            Require("not_site_leader", f"({own}) OR {_lead(_OF_SITE)}"),
            # Whoever comes so far is at work.
            Require("not_lead", f"(NEW.word <> 'off' AND {_word('NEW.site_id')} <> 'off') OR {leads}"),
            Require("not_sealed", _done(_OF_SITE, "sealed")),
            Require("plan_launched", f"NOT {_done(_OF_SITE, 'launched')}"),
            Require("site_replaced", f"EXISTS (SELECT 1 FROM operations_plansite si WHERE si.id = NEW.site_id AND {_STANDS})"),
            Require("site_not_ready", "NEW.word <> 'go' OR (NEW.kit AND NEW.medic AND NEW.female_officer)"),
            Require("why_missing", "NEW.word = 'go' OR NEW.reason <> ''"),
        ),
        locks=(_lock(_OF_SITE),),
    )


def _steps() -> Guard:
    plan = "NEW.plan_id"
    site = f"EXISTS (SELECT 1 FROM operations_plansite si WHERE si.plan_id = {plan} AND {_STANDS}"
    order = " OR ".join(
        f"(NEW.step = '{step}' AND {_done(plan, before)})"
        for before, step in (
            ("approved", "sealed"),
            ("sealed", "launched"),
            ("launched", "stood_down"),
            ("stood_down", "reviewed"),
        )
    )
    supervisor = "EXISTS (SELECT 1 FROM accounts_staff s WHERE s.id = NEW.by_id AND s.role = 'supervisor')"
    planner = f"(SELECT jp.by_id FROM operations_jointplan jp WHERE jp.id = {plan})"
    its_own = (
        "EXISTS (SELECT 1 FROM operations_operation o JOIN operations_jointplan jp ON jp.code = o.code"
        " AND jp.zero_hour = o.zero_hour JOIN operations_operationtie ot ON ot.operation_id = o.id"
        f" AND ot.investigation_id = jp.investigation_id WHERE o.id = NEW.operation_id AND jp.id = {plan} AND {TIE_STANDS})"
    )
    return Guard(
        "operations_planstep",
        "INSERT",
        (
            Require("not_lead", f"NEW.step = 'approved' OR {_lead(plan)}"),
            Require(
                "not_approver",
                f"NEW.step <> 'approved' OR ({supervisor} AND {member_now(_investigation(plan), 'NEW.by_id')})",
            ),
            Require("own_plan", f"NEW.step <> 'approved' OR NOT {same_person(planner, 'NEW.by_id')}"),
            Require("wrong_step", f"NEW.step = 'approved' OR {order}"),
            Require("no_site", f"NEW.step <> 'approved' OR {site})"),
            Require("site_not_ready", f"NEW.step <> 'launched' OR NOT {site} AND {_word('si.id')} NOT IN ('go', 'off'))"),
            Require("every_site_off", f"NEW.step <> 'launched' OR {site} AND {_word('si.id')} = 'go')"),
            Require(
                "not_its_operation",
                f"(NEW.step <> 'launched' AND NEW.operation_id IS NULL) OR (NEW.step = 'launched' AND {its_own})",
            ),
            Require("why_missing", "NEW.step <> 'reviewed' OR (NEW.note <> '' AND NEW.figures <> '')"),
        ),
        locks=(_lock(plan),),
    )
