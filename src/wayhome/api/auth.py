"""Who asks, within which scopes.

A program shows `Authorization: Bearer <secret>` and acts for one member of staff, within the scopes of its token. What asks a
person to prove once more who they are (approving foster care, breaking the glass, merging) is refused to it, unless its token has
the scope "approve": that one is given for minutes, to the person themselves, just after they signed in again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from wayhome.casework.accounts.queries import actor_of_token
from wayhome.casework.accounts.rules import STEP_UP, Permission, may
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.errors import NotAllowed

SCOPES: Mapping[str, str] = MappingProxyType(
    {
        "me": "Who the token acts for. Every token has it.",
        "approve": "Approve foster care and surges, separate siblings, break the glass, merge, confirm matches, countersign"
        " enquiries, speak on panels, approve releases and announcements,"
        " let a child's data go abroad, export lists: given for minutes to a person who just signed in again.",
        "registers:read": "Facilities that take children in.",
        "operations:read": "Operations and rescue events.",
        "operations:write": "Record operations and rescue events.",
        "clues:read": "Clues: what was told, what it speaks of, what it may belong to, and whom to call.",
        "clues:write": "Take clues down, bring them forward, decide on pairs, agree to open.",
        "persons:read": "Adults: look up, and read what is known of them.",
        "persons:write": "Adults: record them, facts about them, ties, and what they are in an operation.",
        "families:read": "Tracing requests of families: what they tell, their trees, what relatives agreed to.",
        "families:write": "Record tracing requests, let trees grow, keep consents, decide on requests for one child.",
        "samples:read": "Kits for samples: where each is, and whose hands it went through.",
        "samples:write": "Order kits, and tell each hop.",
        "numbers:read": "What a number is of.",
        "announcements:read": "Announcements, whether or not they are public yet.",
        "announcements:write": "Count, write and approve announcements.",
        "desk:read": "The ministry's desk, and what is due for whom.",
        "desk:write": "Set how long clocks run, and agree to it.",
        "partners:read": "Shared cases with partners' houses: messages, what was asked and told, whom returns abroad wait for.",
        "partners:write": "Write to partners, ask by DNA, choose and approve what they are told, look before they are answered.",
        "lists:export": "Lists to be taken away: masked, and encrypted.",
        "candidates:read": "Candidates: which family a child may be of, and why.",
        "candidates:write": "Give one's own reading of a candidate, confirm a match, take a confirmation back.",
        "reunification:read": "Files of returns, releases, and what stands against them.",
        "reunification:write": "Verify matches, enquire, determine, ask for releases and carry them out, visit, certify.",
        "children:read": "Children's files.",
        "children:write": "Register, describe and correct children; propose and confirm merges.",
        "custody:read": "Where a child is and was, and what waits to be accepted.",
        "custody:write": "Hand over, accept, count heads, report a child missing, assign, let visitors in.",
        "exclusions:read": "Exclusions, and whether somebody is excluded.",
        "exclusions:write": "Enter exclusions.",
        "foster:read": "Foster requests.",
        "foster:write": "Ask for, approve and end foster care.",
        "placements:read": "Room in homes, placements that were asked for, plans.",
        "placements:write": "Report room, ask homes and answer them, approve surges, plan, decide on siblings and risk areas.",
        "medical:read": "Observation charts.",
        "medical:write": "Observe, measure, sample, clear.",
        "alarms:read": "Open alarms.",
        "alarms:write": "Answer alarms.",
        "audit:read": "Audit events, and the check of their chains.",
        "audit:write": "Break the glass, and review who did.",
    }
)
"""What a token can be given, one pair for each group of permissions."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, and within which scopes."""

    actor: Actor
    scopes: frozenset[str]


class Access(HttpBearer):
    """What one operation asks of its caller: a scope, and one of some permissions.

    Parameters
    ----------
    needs : one of these is enough; none at all asks only for a caller. An action that alarms at the wrong role (a clearance by
        the police) is left to do so itself, and asks here only for what lets one read the child.
    writes : only a write asks for a step-up.
    """

    def __init__(self, scope: str, *needs: Permission, writes: bool) -> None:
        if scope not in SCOPES:
            raise ValueError(f"no scope {scope}")
        self.scope, self.needs = scope, needs
        self.steps_up = writes and bool(needs) and STEP_UP.issuperset(needs)
        super().__init__()

    def authenticate(self, request: HttpRequest, token: str) -> Caller | None:
        """The caller that a secret stands for; None for nobody."""
        known = actor_of_token(token, at=timezone.now())
        if known is None:
            return None
        by, scopes = known
        by = replace(by, stepped_up="approve" in scopes)
        if self.scope != "me" and self.scope not in scopes:
            raise NotAllowed("scope", scope=self.scope)
        if self.needs and not any(may(by.role, one) for one in self.needs):
            raise NotAllowed("not_allowed")
        if self.steps_up and not by.stepped_up:
            raise NotAllowed("step_up")
        return Caller(by, scopes)
