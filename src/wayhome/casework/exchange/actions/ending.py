"""End a case that two houses share, open it again by two, and let go of what was told in it."""

from __future__ import annotations

from datetime import datetime

from wayhome.casework.accounts.queries import require
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.audit.actions import record
from wayhome.casework.audit.attempts import gate
from wayhome.casework.core.actors import SYSTEM, Actor
from wayhome.casework.core.errors import Invalid, Refused
from wayhome.casework.exchange.actions import dna_asked
from wayhome.casework.exchange.actions.messages import alone, put
from wayhome.casework.exchange.models import CaseEnd, CaseReopened, CaseReopening, ContentsErased, SharedCase
from wayhome.casework.exchange.queries import ending as queries
from wayhome.casework.exchange.queries.desk import case_of
from wayhome.casework.exchange.queries.over import end_of
from wayhome.casework.exchange.rules import ending
from wayhome.casework.vault.actions import end_key

LONGEST = 300


def end_case(*, case: SharedCase, how: str, keep_days: int, reason: str, by: Actor, at: datetime) -> CaseEnd:
    """Nothing more is told, asked or taken in it. The partner hears that, and what waited; what it asked by and was not searched
    yet is gone at once, what was told of children after the term."""
    if wrong := ending.fault(how, keep_days) | _fault(reason):
        raise Invalid(wrong)
    with gate(by=by, at=at, attempt="end_case"):
        require(by, Permission.APPROVE_DISCLOSURE)
        _proved(by)
        case_of(by, case.pk)
        alone("incoming", case)
        alone("outgoing", case)
        if end_of(case) is not None:
            raise Refused(["ended_already"])
        left = queries.left(case)
        end = CaseEnd.objects.create(case=case, how=how, keep_days=keep_days, reason=reason.strip(), by_id=by.staff_id, at=at)
        dna_asked.drop(case, at=at)
        put(case=case, kind="ended", content=ending.told(how, left), by=by, at=at)
        record(
            by=by,
            at=at,
            action="exchange.end_case",
            subject=f"shared_case:{case.pk}",
            data={"how": how, "keep_days": keep_days, **left},
        )
    return end


def reopen_case(*, case: SharedCase, reason: str, by: Actor, at: datetime) -> CaseReopening:
    """Somebody wants it opened again; it is when a second person says so."""
    if wrong := _fault(reason):
        raise Invalid(wrong)
    with gate(by=by, at=at, attempt="reopen_case"):
        require(by, Permission.APPROVE_DISCLOSURE)
        case_of(by, case.pk)
        end = end_of(case)
        if end is None:
            raise Refused(["not_ended"])
        if CaseReopening.objects.filter(end=end).exists():
            raise Refused(["already_proposed"])
        row = CaseReopening.objects.create(end=end, reason=reason.strip(), by_id=by.staff_id, at=at)
        record(by=by, at=at, action="exchange.reopen_case", subject=f"shared_case:{case.pk}")
    return row


def approve_reopening(*, reopening: CaseReopening, by: Actor, at: datetime) -> CaseReopened:
    """It is open again on this side, and the partner hears so. What went meanwhile does not come back."""
    case = reopening.end.case
    with gate(by=by, at=at, attempt="approve_reopening"):
        require(by, Permission.APPROVE_DISCLOSURE)
        _proved(by)
        case_of(by, case.pk)
        if by.staff_id == reopening.by_id:
            raise Refused(["self_approval"])
        alone("incoming", case)
        row = CaseReopened.objects.create(reopening=reopening, by_id=by.staff_id, at=at)
        put(case=case, kind="opened", content={}, by=by, at=at)
        record(by=by, at=at, action="exchange.approve_reopening", subject=f"shared_case:{case.pk}")
    return row


def erase_contents(*, at: datetime) -> int:
    """Let go of what was told in cases whose term is over; how many cases those were. Which fields were told, on what basis and
    by whom stays, in the events of that day."""
    ends = queries.to_erase(at=at)
    for end in ends:
        with gate(by=SYSTEM, at=at, attempt="erase_contents"):
            ContentsErased.objects.create(end=end, at=at)
            keys = queries.keys_of(end.case)
            for key in keys:
                end_key(of=key, by_id=None, at=at)
            record(
                by=SYSTEM, at=at, action="exchange.erase_contents", subject=f"shared_case:{end.case_id}", data={"of": len(keys)}
            )
    return len(ends)


def _fault(reason: str) -> dict[str, str]:
    if not reason.strip():
        return {"reason": "required"}
    return {"reason": "too_long"} if len(reason) > LONGEST else {}


def _proved(by: Actor) -> None:
    if not by.stepped_up:
        raise Refused(["step_up"])
