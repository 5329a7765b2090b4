"""Foster care: asked for by one organisation, approved by two others, carried out once."""

from __future__ import annotations

from datetime import datetime, timedelta

from wayhome.casework.accounts.models import Facility
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.audit.actions import record
from wayhome.casework.children.models import Child
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.errors import Invalid, NotAllowed, Refused
from wayhome.casework.core.keys import address_keys
from wayhome.casework.custody import queries
from wayhome.casework.custody.gate import gate, permitted
from wayhome.casework.custody.models import (
    FosterApproval,
    FosterEnd,
    FosterKey,
    FosterRequest,
)
from wayhome.casework.custody.rules import Match, foster_digest
from wayhome.casework.operations.models import Person

FOSTER_HOLDS = timedelta(days=90)


def propose_foster(
    *, child: Child, institution: Facility, person: Person, address: str, reason: str, by: Actor, at: datetime
) -> FosterRequest:
    """Ask to place a child with a household. What is asked is fixed by its digest; two other organisations sign that digest."""
    permitted(by, Permission.PROPOSE_FOSTER, at=at, child_id=child.pk)
    household = address_keys(address)
    if not household:
        raise Invalid({"address": "not_recognisable"})
    until = at + FOSTER_HOLDS
    digest = foster_digest(
        child_id=child.pk,
        institution_id=institution.pk,
        person_id=person.pk,
        facts=person.facts.values_list("kind", "value"),
        address=address.strip(),
        until=until,
    )
    with gate(by=by, at=at, child_id=child.pk, attempt="propose_foster"):
        request = FosterRequest.objects.create(
            child=child,
            institution=institution,
            person=person,
            address=address.strip(),
            reason=reason.strip()[:300],
            digest=digest,
            valid_until=until,
            by_id=by.staff_id,
            at=at,
        )
        FosterKey.objects.bulk_create(FosterKey(request=request, kind=k, key=key) for k, key in sorted(household))
        home = queries.Subject("household", "custody_fosterkey", "request_id", request.pk)
        if met := queries.matches([home], child.pk):
            raise Refused(["excluded" if Match.SAME in met.values() else "kin_of_excluded"], child=child.pk)
        record(by=by, at=at, action="custody.propose_foster", subject=f"foster:{request.pk}", child_id=child.pk)
    return request


def approve_foster(*, request: FosterRequest, digest: str, by: Actor, at: datetime) -> FosterApproval:
    """Another organisation agrees to what it was shown; the digest says what that was."""
    permitted(by, Permission.APPROVE_FOSTER, at=at, child_id=request.child_id)
    if not by.stepped_up:
        raise NotAllowed("step_up")
    with gate(by=by, at=at, child_id=request.child_id, attempt="approve_foster"):
        approval = FosterApproval.objects.create(request=request, digest=digest, by_id=by.staff_id, at=at)
        record(by=by, at=at, action="custody.approve_foster", subject=f"foster:{request.pk}", child_id=request.child_id)
    return approval


def end_foster(*, request: FosterRequest, reason: str, by: Actor, at: datetime) -> FosterEnd:
    """Take a request back, or an approval; the child goes nowhere on its strength any more."""
    if by.role not in ("caseworker", "officer", "supervisor", "placement_officer"):
        raise NotAllowed("not_allowed")
    with gate(by=by, at=at, child_id=request.child_id, attempt="end_foster"):
        end = FosterEnd.objects.create(request=request, reason=reason.strip()[:200], by_id=by.staff_id, at=at)
        record(by=by, at=at, action="custody.end_foster", subject=f"foster:{request.pk}", child_id=request.child_id)
    return end
