"""Say how it is where something was said wrongly: the first word stays, and the last one counts."""

from __future__ import annotations

from datetime import datetime

from wayhome.casework.accounts.queries import require
from wayhome.casework.accounts.rules import Permission, Role
from wayhome.casework.audit.actions import record
from wayhome.casework.audit.attempts import gate
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.errors import Invalid, Refused
from wayhome.casework.exchange.actions.messages import put
from wayhome.casework.exchange.models import CaseChild, StepCorrection, TieChange, WaitingStep
from wayhome.casework.exchange.queries import corrections as queries
from wayhome.casework.exchange.queries.desk import case_of
from wayhome.casework.exchange.rules import waiting

LONGEST = 300
WITHDRAWN = (
    "更正：我方第 {0} 号消息所涉及的儿童有误。请勿再使用这些消息的内容，并请予以删除。\n"
    "Đính chính: các thông điệp số {0} của chúng tôi nói về nhầm trẻ."
    " Xin đừng dùng nội dung của các thông điệp đó nữa và xin xóa đi."
)
"""In both languages, since it goes by itself."""


def correct_step(
    *, step: WaitingStep, stands: bool, who: str, what: str, since: datetime, reason: str, by: Actor, at: datetime
) -> StepCorrection:
    """A step was another than was told, or, if it does not stand, there was none: what went before it lasted until the next."""
    _said(reason)
    if who not in waiting.WHO:
        raise Invalid({"who": "unknown_choice"})
    if not what.strip():
        raise Invalid({"what": "required"})
    if len(what) > 200:
        raise Invalid({"what": "too_long"})
    of = step.of
    with gate(by=by, at=at, child_id=of.child_id, attempt="correct_step"):
        require(by, Permission.WRITE_PARTNERS)
        case_of(by, of.case_id)
        if by.role == Role.LIAISON and step.by.agency_id != by.agency_id:
            raise Refused(["not_allowed"])
        if since > at:
            raise Refused(["in_the_future"])
        if since < of.child.event.found_at:
            raise Refused(["before_rescue"])
        if stands and not waiting.has_place(step.n, since, queries.steps_of([of])[of.pk]):
            raise Refused(["step_out_of_order"])
        row = StepCorrection.objects.create(
            step=step,
            n=1 + StepCorrection.objects.filter(step=step).count(),
            stands=stands,
            who=who,
            what=what.strip(),
            since=since,
            reason=reason.strip(),
            by_id=by.staff_id,
            at=at,
        )
        record(
            by=by,
            at=at,
            action="exchange.correct_step",
            subject=f"case_child:{of.pk}",
            child_id=of.child_id,
            data={"step": step.n, "stands": stands, "who": who},
        )
    return row


def correct_tie(*, tie: CaseChild, stands: bool, reason: str, by: Actor, at: datetime) -> TieChange:
    """The case is not about this child: nothing more is asked or told of it there, and the partner hears which messages were of
    the wrong one. Or it is, after all."""
    _said(reason)
    with gate(by=by, at=at, child_id=tie.child_id, attempt="correct_tie"):
        require(by, Permission.WRITE_PARTNERS)
        require(by, Permission.READ_CHILD)
        case_of(by, tie.case_id)
        if stands == queries.stands(tie):
            raise Refused(["stands_so_already"])
        row = TieChange.objects.create(
            tie=tie,
            n=1 + TieChange.objects.filter(tie=tie).count(),
            stands=stands,
            reason=reason.strip(),
            by_id=by.staff_id,
            at=at,
        )
        sent = [] if stands else queries.sent_of(tie)
        if sent:
            text = WITHDRAWN.format(", ".join(map(str, sent)))
            put(case=tie.case, kind="notice", content={"text": text}, by=by, at=at)
        record(
            by=by,
            at=at,
            action="exchange.correct_tie",
            subject=f"case_child:{tie.pk}",
            child_id=tie.child_id,
            data={"stands": stands, "messages": sent},
        )
    return row


def _said(reason: str) -> None:
    if not reason.strip():
        raise Invalid({"reason": "required"})
    if len(reason) > LONGEST:
        raise Invalid({"reason": "too_long"})
