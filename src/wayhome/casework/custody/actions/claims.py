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


def look_at_claims(people: set[int], relatives: set[int], *, by: Actor, at: datetime) -> list[Alarm]:
    """Whether any of some people, or of relatives who are on no record, asks for a child; all of them may meet an exclusion."""
    return _tell(families.claims(people=people, relatives=relatives), by=by, at=at)


def _tell(claims: Iterable[families.Claim], *, by: Actor, at: datetime) -> list[Alarm]:
    """An alarm for each request and person, once. A name that somebody told of a relative may be a namesake's: it can wait."""
    raised = []
    for claim in sorted(claims):
        subject = queries.person_subject("claimant", claim.who) if claim.on_record else queries.relative_subject(claim.who)
        about = f"request:{claim.request}:{claim.who}" if claim.on_record else f"request:{claim.request}:relative:{claim.who}"
        match = queries.matches([subject], None)
        if not match or Alarm.objects.filter(kind=Alarm.Kind.EXCLUDED_CLAIMS, subject=about).exists():
            continue
        raised.append(
            raise_alarm(
                kind=Alarm.Kind.EXCLUDED_CLAIMS,
                at=at,
                by=by,
                level=3 if claim.on_record else 2,
                code="excluded" if Match.SAME in match.values() else "kin_of_excluded",
                agency_id=0,
                jurisdiction=claim.jurisdiction,
                subject=about,
            )
        )
    return raised
