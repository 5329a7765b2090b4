"""Somebody who must never have a child asks for one. Those who oversee are told, and the desk where they sit is not: who is
turned away knows what to say the next time, and the enquiry is the police's."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from wayhome.casework.audit.actions import raise_alarm
from wayhome.casework.audit.models import Alarm
from wayhome.casework.core.actors import Actor
from wayhome.casework.custody import queries
from wayhome.casework.custody.rules import Match
from wayhome.casework.families import queries as families


def look_at_claim(*, request: int, by: Actor, at: datetime, **_: Any) -> None:
    """Whether anybody of one request is excluded, or close kin of somebody who is."""
    _tell(families.claims(request=request), by=by, at=at)


def look_at_claims(people: set[int], *, by: Actor, at: datetime) -> list[Alarm]:
    """Whether any of some people, who may meet an exclusion, asks for a child already."""
    return _tell(families.claims(people=people), by=by, at=at)


def _tell(claims: Iterable[tuple[int, str, int]], *, by: Actor, at: datetime) -> list[Alarm]:
    """An alarm for each request and person, once."""
    raised = []
    for request, path, person in sorted(claims):
        about = f"request:{request}:{person}"
        match = queries.matches([queries.person_subject("claimant", person)], None)
        if not match or Alarm.objects.filter(kind=Alarm.Kind.EXCLUDED_CLAIMS, subject=about).exists():
            continue
        code = "excluded" if match["claimant"] is Match.SAME else "kin_of_excluded"
        raised.append(
            raise_alarm(
                kind=Alarm.Kind.EXCLUDED_CLAIMS, at=at, by=by, level=3, code=code, agency_id=0, jurisdiction=path, subject=about
            )
        )
    return raised
