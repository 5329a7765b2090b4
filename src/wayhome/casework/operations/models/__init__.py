"""Operations and the adults around them; investigations, and who knows of them."""

from __future__ import annotations

from wayhome.casework.operations.models.days import Deployment, Detention, Seizure
from wayhome.casework.operations.models.investigations import Investigation, Member, MemberEnd, Supervision
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
    "Deployment",
    "Detention",
    "FoundWith",
    "Investigation",
    "Member",
    "MemberEnd",
    "Operation",
    "Person",
    "PersonFact",
    "PersonKey",
    "PersonRole",
    "RescueEvent",
    "RescueEventKey",
    "Seizure",
    "Supervision",
    "Tie",
]
