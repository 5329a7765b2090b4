"""Roles and what each may do. Pure; the table is the whole truth, and the permission matrix is generated from it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class AgencyKind(StrEnum):
    """What an agency is."""

    POLICE = "police"
    HOSPITAL = "hospital"
    WELFARE = "welfare"
    LABORATORY = "laboratory"
    MINISTRY = "ministry"
    PARTNER = "partner"


class FacilityKind(StrEnum):
    """A place where a child can be, each with a custodian."""

    POLICE_POST = "police_post"
    HOSPITAL = "hospital"
    EMERGENCY_NURSERY = "emergency_nursery"
    WELFARE_INSTITUTION = "welfare_institution"
    RELIEF_STATION = "relief_station"
    PARTNER_AUTHORITY = "partner_authority"


FACILITIES_OF: Mapping[AgencyKind, frozenset[FacilityKind]] = MappingProxyType(
    {
        AgencyKind.POLICE: frozenset({FacilityKind.POLICE_POST, FacilityKind.EMERGENCY_NURSERY}),
        AgencyKind.HOSPITAL: frozenset({FacilityKind.HOSPITAL}),
        AgencyKind.WELFARE: frozenset(
            {FacilityKind.EMERGENCY_NURSERY, FacilityKind.WELFARE_INSTITUTION, FacilityKind.RELIEF_STATION}
        ),
        AgencyKind.PARTNER: frozenset({FacilityKind.PARTNER_AUTHORITY}),
    }
)
"""Which kind of agency runs which kind of place."""


class Role(StrEnum):
    """What a member of staff is."""

    OFFICER = "officer"
    NURSE = "nurse"
    DOCTOR = "doctor"
    CASEWORKER = "caseworker"
    PLACEMENT_OFFICER = "placement_officer"
    LIAISON = "liaison"
    ANALYST = "analyst"
    LAB_SUPERVISOR = "lab_supervisor"
    SUPERVISOR = "supervisor"
    PARTNER_LIAISON = "partner_liaison"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    REGISTRAR = "registrar"


ROLES_OF: Mapping[AgencyKind, frozenset[Role]] = MappingProxyType(
    {
        AgencyKind.POLICE: frozenset({Role.OFFICER, Role.LIAISON}),
        AgencyKind.HOSPITAL: frozenset({Role.NURSE, Role.DOCTOR}),
        AgencyKind.WELFARE: frozenset({Role.CASEWORKER, Role.PLACEMENT_OFFICER, Role.LIAISON}),
        AgencyKind.LABORATORY: frozenset({Role.ANALYST, Role.LAB_SUPERVISOR}),
        AgencyKind.MINISTRY: frozenset(
            {Role.SUPERVISOR, Role.PLACEMENT_OFFICER, Role.AUDITOR, Role.ADMINISTRATOR, Role.REGISTRAR}
        ),
        AgencyKind.PARTNER: frozenset({Role.PARTNER_LIAISON}),
    }
)
"""Which roles an agency can have: a doctor is a hospital's, whatever a form says."""


class Permission(StrEnum):
    """One thing that can be done or seen."""

    READ_CHILD = "read_child"
    REGISTER_CHILD = "register_child"
    DESCRIBE_CHILD = "describe_child"
    MERGE_CHILDREN = "merge_children"
    OFFER_HANDOVER = "offer_handover"
    ACCEPT_HANDOVER = "accept_handover"
    OBSERVE = "observe"
    CLEAR = "clear"
    COUNT_HEADS = "count_heads"
    REPORT_MISSING = "report_missing"
    READ_EXCLUSIONS = "read_exclusions"
    ENTER_EXCLUSION = "enter_exclusion"
    RECORD_PERSON = "record_person"
    READ_REQUEST = "read_request"
    RECORD_REQUEST = "record_request"
    READ_SAMPLE = "read_sample"
    TAKE_SAMPLE = "take_sample"
    WORK_SAMPLE = "work_sample"
    READ_CANDIDATE = "read_candidate"
    JUDGE_CANDIDATE = "judge_candidate"
    CONFIRM_MATCH = "confirm_match"
    READ_CASE = "read_case"
    VERIFY_CASE = "verify_case"
    HOLD_BACK = "hold_back"
    ENQUIRE = "enquire"
    COUNTERSIGN_ENQUIRY = "countersign_enquiry"
    PROPOSE_DETERMINATION = "propose_determination"
    DETERMINE = "determine"
    REQUEST_RELEASE = "request_release"
    APPROVE_RELEASE = "approve_release"
    CERTIFY_NOT_FOUND = "certify_not_found"
    RECORD_OPERATION = "record_operation"
    READ_INVESTIGATION = "read_investigation"
    DIRECT_OPERATION = "direct_operation"
    READ_CLUE = "read_clue"
    RECORD_CLUE = "record_clue"
    ADMIT_VISITOR = "admit_visitor"
    PROPOSE_FOSTER = "propose_foster"
    APPROVE_FOSTER = "approve_foster"
    REPORT_CAPACITY = "report_capacity"
    READ_CAPACITY = "read_capacity"
    PLAN_NIGHT = "plan_night"
    ANSWER_PLACEMENT = "answer_placement"
    APPROVE_SURGE = "approve_surge"
    DECIDE_SEPARATION = "decide_separation"
    MARK_RISK = "mark_risk"
    FUND = "fund"
    READ_COSTS = "read_costs"
    ASSIGN = "assign"
    BREAK_GLASS = "break_glass"
    REVIEW_BREAK_GLASS = "review_break_glass"
    READ_AUDIT = "read_audit"
    EXPORT_HEADS = "export_heads"
    EXPORT_LISTS = "export_lists"
    ANNOUNCE = "announce"
    APPROVE_ANNOUNCEMENT = "approve_announcement"
    READ_DESK = "read_desk"
    SET_LIMIT = "set_limit"
    APPROVE_LIMIT = "approve_limit"
    KEEP_REGISTERS = "keep_registers"
    WRITE_PARTNERS = "write_partners"
    APPROVE_DISCLOSURE = "approve_disclosure"
    RUN_SYSTEM = "run_system"


P = Permission
_SAMPLES = frozenset({P.READ_SAMPLE, P.TAKE_SAMPLE})
_FAMILY = frozenset({P.RECORD_PERSON, P.READ_REQUEST, P.RECORD_REQUEST}) | _SAMPLES
_CARE = (
    frozenset({P.READ_CHILD, P.DESCRIBE_CHILD, P.OFFER_HANDOVER, P.ACCEPT_HANDOVER, P.COUNT_HEADS, P.REPORT_MISSING}) | _SAMPLES
)
ROLES: Mapping[Role, frozenset[Permission]] = MappingProxyType(
    {
        Role.OFFICER: _CARE
        | _FAMILY
        | {
            P.REGISTER_CHILD,
            P.MERGE_CHILDREN,
            P.READ_EXCLUSIONS,
            P.ENTER_EXCLUSION,
            P.RECORD_OPERATION,
            P.ADMIT_VISITOR,
            P.APPROVE_FOSTER,
            P.BREAK_GLASS,
            P.MARK_RISK,
            P.READ_CASE,
            P.VERIFY_CASE,
            P.HOLD_BACK,
            P.ENQUIRE,
            P.DETERMINE,
            P.CERTIFY_NOT_FOUND,
            P.READ_INVESTIGATION,
            P.READ_CLUE,
            P.RECORD_CLUE,
        },
        Role.NURSE: _CARE | {P.OBSERVE, P.ADMIT_VISITOR},
        Role.DOCTOR: _CARE | {P.OBSERVE, P.CLEAR, P.ADMIT_VISITOR, P.BREAK_GLASS, P.DECIDE_SEPARATION, P.READ_CASE, P.DETERMINE},
        Role.CASEWORKER: _CARE
        | _FAMILY
        | {
            P.MERGE_CHILDREN,
            P.ADMIT_VISITOR,
            P.PROPOSE_FOSTER,
            P.BREAK_GLASS,
            P.REPORT_CAPACITY,
            P.READ_CAPACITY,
            P.ANSWER_PLACEMENT,
            P.DECIDE_SEPARATION,
            P.READ_CASE,
            P.VERIFY_CASE,
            P.PROPOSE_DETERMINATION,
            P.DETERMINE,
            P.REQUEST_RELEASE,
        },
        Role.PLACEMENT_OFFICER: frozenset(
            {
                P.READ_CHILD,
                P.ASSIGN,
                P.APPROVE_FOSTER,
                P.READ_CAPACITY,
                P.PLAN_NIGHT,
                P.APPROVE_SURGE,
                P.MARK_RISK,
                P.READ_COSTS,
                P.EXPORT_LISTS,
            }
        ),
        Role.LIAISON: _FAMILY | {P.WRITE_PARTNERS},
        Role.ANALYST: frozenset({P.READ_SAMPLE, P.WORK_SAMPLE, P.READ_CANDIDATE, P.JUDGE_CANDIDATE}),
        Role.LAB_SUPERVISOR: frozenset({P.READ_SAMPLE, P.READ_CANDIDATE, P.CONFIRM_MATCH, P.EXPORT_LISTS}),
        Role.SUPERVISOR: frozenset(
            {
                P.READ_CHILD,
                P.READ_REQUEST,
                P.READ_SAMPLE,
                P.MERGE_CHILDREN,
                P.READ_EXCLUSIONS,
                P.ENTER_EXCLUSION,
                P.APPROVE_FOSTER,
                P.ASSIGN,
                P.REPORT_MISSING,
                P.REVIEW_BREAK_GLASS,
                P.READ_CAPACITY,
                P.PLAN_NIGHT,
                P.APPROVE_SURGE,
                P.DECIDE_SEPARATION,
                P.MARK_RISK,
                P.FUND,
                P.READ_COSTS,
                P.READ_CASE,
                P.COUNTERSIGN_ENQUIRY,
                P.DETERMINE,
                P.APPROVE_RELEASE,
                P.EXPORT_LISTS,
                P.WRITE_PARTNERS,
                P.APPROVE_DISCLOSURE,
                P.READ_INVESTIGATION,
                P.DIRECT_OPERATION,
                P.ANNOUNCE,
                P.APPROVE_ANNOUNCEMENT,
                P.READ_DESK,
                P.SET_LIMIT,
                P.APPROVE_LIMIT,
                P.READ_CLUE,
            }
        ),
        Role.PARTNER_LIAISON: frozenset({P.ACCEPT_HANDOVER}),
        Role.AUDITOR: frozenset({P.READ_AUDIT, P.EXPORT_HEADS, P.REVIEW_BREAK_GLASS}),
        Role.ADMINISTRATOR: frozenset({P.RUN_SYSTEM}),
        Role.REGISTRAR: frozenset({P.KEEP_REGISTERS}),
    }
)
OVERSEERS = frozenset({Role.SUPERVISOR, Role.PLACEMENT_OFFICER})
"""Roles that look at every agency below their jurisdiction."""
STEP_UP = frozenset(
    {
        P.APPROVE_FOSTER,
        P.APPROVE_SURGE,
        P.DECIDE_SEPARATION,
        P.BREAK_GLASS,
        P.MERGE_CHILDREN,
        P.CONFIRM_MATCH,
        P.COUNTERSIGN_ENQUIRY,
        P.DETERMINE,
        P.APPROVE_RELEASE,
        P.EXPORT_HEADS,
        P.EXPORT_LISTS,
        P.APPROVE_ANNOUNCEMENT,
        P.APPROVE_DISCLOSURE,
        P.DIRECT_OPERATION,
        P.APPROVE_LIMIT,
    }
)
"""What asks who you are once more."""
MFA_REQUIRED = frozenset(
    {
        Role.SUPERVISOR,
        Role.LAB_SUPERVISOR,
        Role.PLACEMENT_OFFICER,
        Role.OFFICER,
        Role.DOCTOR,
        Role.AUDITOR,
        Role.ADMINISTRATOR,
    }
)
"""Roles that approve, clear or oversee: a password alone is not enough."""


SCOPES: Mapping[str, frozenset[Permission]] = MappingProxyType(
    {
        "me": frozenset(),
        "approve": STEP_UP,
        "registers:read": frozenset({P.READ_CHILD}),
        "operations:read": frozenset({P.READ_CHILD, P.READ_INVESTIGATION}),
        "operations:write": frozenset({P.RECORD_OPERATION, P.DIRECT_OPERATION}),
        "clues:read": frozenset({P.READ_CLUE}),
        "clues:write": frozenset({P.RECORD_CLUE}),
        "persons:read": frozenset({P.RECORD_PERSON, P.READ_EXCLUSIONS}),
        "persons:write": frozenset({P.RECORD_PERSON, P.RECORD_OPERATION}),
        "families:read": frozenset({P.READ_REQUEST}),
        "families:write": frozenset({P.RECORD_REQUEST}),
        "samples:read": frozenset({P.READ_SAMPLE, P.WORK_SAMPLE}),
        "samples:write": frozenset({P.TAKE_SAMPLE, P.WORK_SAMPLE}),
        "numbers:read": frozenset({P.READ_CHILD, P.READ_REQUEST, P.READ_SAMPLE}),
        "lists:export": frozenset({P.EXPORT_LISTS}),
        "announcements:read": frozenset({P.ANNOUNCE}),
        "desk:read": frozenset({P.READ_DESK, P.READ_CHILD, P.SET_LIMIT}),
        "desk:write": frozenset({P.SET_LIMIT, P.APPROVE_LIMIT}),
        "announcements:write": frozenset({P.ANNOUNCE, P.APPROVE_ANNOUNCEMENT}),
        "partners:read": frozenset({P.WRITE_PARTNERS}),
        "partners:write": frozenset({P.WRITE_PARTNERS, P.APPROVE_DISCLOSURE}),
        "candidates:read": frozenset({P.READ_CANDIDATE}),
        "candidates:write": frozenset({P.JUDGE_CANDIDATE, P.CONFIRM_MATCH}),
        "reunification:read": frozenset({P.READ_CASE, P.VERIFY_CASE}),
        "reunification:write": frozenset(
            {
                P.VERIFY_CASE,
                P.HOLD_BACK,
                P.ENQUIRE,
                P.COUNTERSIGN_ENQUIRY,
                P.PROPOSE_DETERMINATION,
                P.DETERMINE,
                P.REQUEST_RELEASE,
                P.APPROVE_RELEASE,
                P.CERTIFY_NOT_FOUND,
                P.ACCEPT_HANDOVER,
            }
        ),
        "children:read": frozenset({P.READ_CHILD, P.MERGE_CHILDREN}),
        "children:write": frozenset({P.REGISTER_CHILD, P.DESCRIBE_CHILD, P.MERGE_CHILDREN}),
        "custody:read": frozenset({P.READ_CHILD, P.COUNT_HEADS, P.ASSIGN}),
        "custody:write": frozenset(
            {P.OFFER_HANDOVER, P.ACCEPT_HANDOVER, P.COUNT_HEADS, P.REPORT_MISSING, P.ASSIGN, P.ADMIT_VISITOR}
        ),
        "exclusions:read": frozenset({P.READ_EXCLUSIONS, P.ADMIT_VISITOR}),
        "exclusions:write": frozenset({P.ENTER_EXCLUSION}),
        "foster:read": frozenset({P.READ_CHILD}),
        "foster:write": frozenset({P.PROPOSE_FOSTER, P.APPROVE_FOSTER}),
        "placements:read": frozenset(
            {
                P.READ_CAPACITY,
                P.PLAN_NIGHT,
                P.ANSWER_PLACEMENT,
                P.APPROVE_SURGE,
                P.DECIDE_SEPARATION,
                P.MARK_RISK,
                P.READ_COSTS,
            }
        ),
        "placements:write": frozenset(
            {
                P.REPORT_CAPACITY,
                P.PLAN_NIGHT,
                P.ANSWER_PLACEMENT,
                P.APPROVE_SURGE,
                P.DECIDE_SEPARATION,
                P.MARK_RISK,
                P.FUND,
            }
        ),
        "medical:read": frozenset({P.OBSERVE, P.READ_CHILD}),
        "medical:write": frozenset({P.OBSERVE, P.CLEAR}),
        "alarms:read": frozenset(),
        "alarms:write": frozenset(),
        "audit:read": frozenset({P.READ_AUDIT, P.REVIEW_BREAK_GLASS}),
        "audit:write": frozenset({P.BREAK_GLASS, P.REVIEW_BREAK_GLASS}),
    }
)
"""What a token can reach, and the permissions of which a role needs one for it to be of any use; none: every role can have it."""


def scopes_of(role: str) -> frozenset[str]:
    """The scopes that a token of this role can have: never more than the role itself may do."""
    return frozenset(scope for scope, needs in SCOPES.items() if not needs or any(may(role, one) for one in needs))


def may(role: str, permission: Permission) -> bool:
    """Whether a role has a permission; "" and unknown roles have none."""
    return role in ROLES and permission in ROLES[Role(role)]
