"""Ask a partner by a child's sample: one asks, another lets it go out, and what comes back is one word."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from wayhome.casework.accounts.queries import require
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.audit.actions import record
from wayhome.casework.audit.attempts import gate
from wayhome.casework.children.models import Child
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.errors import Invalid, Refused
from wayhome.casework.custody.queries import visible_child
from wayhome.casework.exchange.actions.messages import put, still_open, still_tied
from wayhome.casework.exchange.models import CaseChild, DnaApproval, DnaHeard, DnaQuestion, DnaSent, Incoming, SharedCase
from wayhome.casework.exchange.queries import dna as queries_dna
from wayhome.casework.exchange.queries import messages as queries
from wayhome.casework.exchange.queries.desk import case_of
from wayhome.casework.exchange.rules import asking, bodies
from wayhome.casework.matching.queries.base import told_abroad
from wayhome.casework.matching.queries.dossiers import ComparedChild, compared_child
from wayhome.casework.matching.rules.samples import enough
from wayhome.casework.vault.rules import Purpose, wrap


def tie_child(*, case: SharedCase, child: Child, by: Actor, at: datetime) -> CaseChild:
    """From now on the case is about this child too; whoever ties it must know of it."""
    with gate(by=by, at=at, child_id=child.pk, attempt="tie_child"):
        require(by, Permission.WRITE_PARTNERS)
        require(by, Permission.READ_CHILD)
        case_of(by, case.pk)
        still_open(case)
        visible_child(child.pk, by=by, at=at)
        tied = CaseChild.objects.create(case=case, child=child, by_id=by.staff_id, at=at)
        record(by=by, at=at, action="exchange.tie_child", subject=f"shared_case:{case.pk}", child_id=child.pk)
    return tied


def ask(*, of: CaseChild, basis: str, by: Actor, at: datetime) -> DnaQuestion:
    """Have a partner asked by the sample that stands for the child; it goes out when a second person says so."""
    if basis not in asking.BASES:
        raise Invalid({"basis": "unknown_choice"})
    with gate(by=by, at=at, child_id=of.child_id, attempt="ask_dna"):
        require(by, Permission.WRITE_PARTNERS)
        case_of(by, of.case_id)
        still_open(of.case)
        still_tied(of)
        stands = _stands(of.child)
        kit, n = stands.standing.use
        if queries_dna.asked_by(of.case.node_id, kit):
            raise Refused(["sample_asked_by"])
        question = DnaQuestion.objects.create(of=of, kit_id=kit, n=n, basis=basis, by_id=by.staff_id, at=at)
        record(
            by=by,
            at=at,
            action="exchange.ask_dna",
            subject=f"dna_question:{question.pk}",
            child_id=of.child_id,
            data={"kit": kit, "basis": basis},
        )
    return question


def approve(*, question: DnaQuestion, by: Actor, at: datetime) -> DnaApproval:
    """Let it go out: the profile is sealed here for the partner's search alone, and nobody sees it."""
    of = question.of
    with gate(by=by, at=at, child_id=of.child_id, attempt="approve_dna"):
        require(by, Permission.APPROVE_DISCLOSURE)
        if not by.stepped_up:
            raise Refused(["step_up"])
        case_of(by, of.case_id)
        if by.staff_id == question.by_id:
            raise Refused(["self_approval"])
        still_tied(of)
        stands = _stands(of.child)
        if stands.standing.use != (question.kit_id, question.n):
            raise Refused(["sample_changed"])
        key = queries.key_of(of.case.node)
        if key is None or key.searching is None:
            raise Refused(["key_revoked"])
        sample = asking.sample_name(question.kit_id, str(of.case.node_id))
        told = bodies.written({name: list(alleles) for name, alleles in told_abroad(stands.profile).items()})
        sealed = wrap(
            told.encode(), public=bytes(key.searching), purpose=Purpose.RELATIVES, of=profile_of(of.case.number, sample)
        )
        content = {"profile": base64.b64encode(sealed).decode(), "sample": sample, "basis": question.basis}
        approval = DnaApproval.objects.create(question=question, by_id=by.staff_id, at=at)
        message = put(case=of.case, kind="dna", content=content, by=by, at=at)
        DnaSent.objects.create(approval=approval, message=message, at=at)
        record(by=by, at=at, action="exchange.approve_dna", subject=f"dna_question:{question.pk}", child_id=of.child_id)
    return approval


def heard(message: Incoming, content: Mapping[str, Any], *, at: datetime) -> None:
    """The partner's answer, to a question that went out: inside the transaction that takes it."""
    sent = DnaSent.objects.select_related("approval").get(message=message.answers)
    outcome = content.get("outcome")
    if outcome not in asking.OUTCOMES:
        raise Refused(["not_its_question"])
    DnaHeard.objects.create(question_id=sent.approval.question_id, message=message, outcome=outcome, at=at)


def profile_of(case: str, sample: str) -> str:
    """What a sealed profile is bound to."""
    return f"{case} {sample}"


def _stands(child: Child) -> ComparedChild:
    """The sample that the search takes for the child; refused where there is none by which anybody could be found."""
    found = compared_child(child)
    if found is None or not found.standing.settled or not enough(found.profile):
        raise Refused(["no_sample_to_ask_by"])
    return found
