"""Operations and the adults around them; investigations, and who knows of them."""

from __future__ import annotations

from wayhome.casework.operations.models.days import Deployment, Detention, Seizure
from wayhome.casework.operations.models.investigations import (
    Investigation,
    Member,
    MemberEnd,
    OperationTie,
    OperationTieEnd,
    Supervision,
    WayIn,
)
from wayhome.casework.operations.models.joint import Campaign, JointPlan, PlanSite, PlanStep, Readiness
from wayhome.casework.operations.models.people import (
    FoundWith,
    Operation,
    Person,
    PersonFact,
    PersonKey,
    PersonRole,
    RescueEvent,
    RescueEventKey,
    Tie,
)
from wayhome.casework.operations.models.victims import AllegedState, AllegedVictim

__all__ = [
    "AllegedState",
    "AllegedVictim",
    "Campaign",
    "Deployment",
    "Detention",
    "FoundWith",
    "Investigation",
    "JointPlan",
    "Member",
    "MemberEnd",
    "Operation",
    "OperationTie",
    "OperationTieEnd",
    "Person",
    "PersonFact",
    "PersonKey",
    "PersonRole",
    "PlanSite",
    "PlanStep",
    "Readiness",
    "RescueEvent",
    "RescueEventKey",
    "Seizure",
    "Supervision",
    "Tie",
    "WayIn",
]
