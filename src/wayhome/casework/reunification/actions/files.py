"""Open a file for a match, and verify it: people, papers, the home, and what only the family can know."""

from __future__ import annotations

from datetime import date, datetime

from wayhome.casework.accounts.queries import require
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.audit.actions import record
from wayhome.casework.audit.attempts import gate
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.checks import Checks
from wayhome.casework.core.errors import NotFound, Refused
from wayhome.casework.custody.queries import visible_child
from wayhome.casework.matching.models import Confirmation
from wayhome.casework.matching.queries.candidates import frozen_confirmations, standing_confirmations
from wayhome.casework.reunification.actions.stopping import stop
from wayhome.casework.reunification.models import Case, Evidence, HeldBack, HeldBackReply
from wayhome.casework.reunification.queries.cases import case_of
from wayhome.casework.reunification.queries.releases import open_releases
from wayhome.casework.reunification.rules import EVIDENCE, OUTCOMES


def open_case(*, child_id: int, by: Actor, at: datetime, authority: bool = False) -> Case:
    """Open the file of a child's return.

    Parameters
    ----------
    authority : to the authority of its own country, without a family; otherwise for the match that stands.
    """
    require(by, Permission.VERIFY_CASE)
    child = visible_child(child_id, by=by, at=at)
    with gate(by=by, at=at, child_id=child_id, attempt="open_case"):
        confirmation: Confirmation | None = None
        if not authority:
            ice = frozen_confirmations()
            rows = standing_confirmations().filter(candidate__child=child, case__isnull=True).order_by("pk")
            confirmation = next((one for one in rows if one.pk not in ice), None)
            if confirmation is None:
                raise Refused(["match_over"], child=child_id)
        case = Case.objects.create(child=child, confirmation=confirmation, by_id=by.staff_id, at=at)
        record(by=by, at=at, action="reunification.open_case", subject=f"case:{case.pk}", child_id=child_id)
    return case


def add_evidence(
    *,
    case: Case,
    kind: str,
    who: str,
    held_on: date,
    outcome: str,
    by: Actor,
    at: datetime,
    note: str = "",
    corrects: Evidence | None = None,
) -> Evidence:
    """An interview, a line-up, a document or a visit to the home, with what it showed.

    Parameters
    ----------
    who : with whom, or of what.
    corrects : a row that was wrong; somebody else than its author says so.
    """
    require(by, Permission.VERIFY_CASE)
    case_of(by, case.pk, at=at)
    checks = Checks()
    checks.one_of("kind", kind, EVIDENCE)
    checks.one_of("outcome", outcome, OUTCOMES)
    who = checks.text("who", who, 120)
    checks.day("held_on", held_on, at=at)
    note = checks.text("note", note, 5000, required=outcome != "supports")
    checks.done()
    with gate(by=by, at=at, child_id=case.child_id, attempt="add_evidence"):
        if corrects is not None and Evidence.objects.filter(corrects=corrects).exists():
            raise Refused(["already_superseded"])
        row = Evidence.objects.create(
            case=case,
            kind=kind,
            who=who,
            held_on=held_on,
            outcome=outcome,
            note=note,
            corrects=corrects,
            by_id=by.staff_id,
            at=at,
        )
        if outcome == "contradicts":
            stop(open_releases().filter(case=case), "evidence", by=by, at=at)
        record(
            by=by,
            at=at,
            action="reunification.add_evidence",
            subject=f"case:{case.pk}",
            child_id=case.child_id,
            data={"kind": kind, "outcome": outcome, "corrects": corrects.pk if corrects else 0},
        )
    return row


def hold_back(*, case: Case, question: str, answer: str, by: Actor, at: datetime) -> HeldBack:
    """A detail that was never published, with the answer that only the family can know."""
    require(by, Permission.HOLD_BACK)
    case_of(by, case.pk, at=at)
    checks = Checks()
    question = checks.text("question", question, 200)
    answer = checks.text("answer", answer, 300)
    checks.done()
    with gate(by=by, at=at, child_id=case.child_id, attempt="hold_back"):
        held = HeldBack.objects.create(case=case, question=question, answer=answer, by_id=by.staff_id, at=at)
        record(by=by, at=at, action="reunification.hold_back", subject=f"held_back:{held.pk}", child_id=case.child_id)
    return held


def reply(*, question: HeldBack, said: str, matches: bool, by: Actor, at: datetime) -> HeldBackReply:
    """What the claimant said, once, and whether it is right. One wrong answer fails the file."""
    require(by, Permission.VERIFY_CASE)
    case = case_of(by, question.case_id, at=at)
    checks = Checks()
    said = checks.text("said", said, 300)
    checks.done()
    with gate(by=by, at=at, child_id=case.child_id, attempt="reply"):
        if HeldBackReply.objects.filter(question=question).exists():
            raise Refused(["already_there"])
        told = HeldBackReply.objects.create(question=question, said=said, matches=matches, by_id=by.staff_id, at=at)
        if not matches:
            stop(open_releases().filter(case=case), "evidence", by=by, at=at)
        record(
            by=by,
            at=at,
            action="reunification.reply",
            subject=f"held_back:{question.pk}",
            child_id=case.child_id,
            data={"matches": matches},
        )
    return told


def held_back_of(by: Actor, held_id: int, *, at: datetime) -> HeldBack:
    """A question in a file that the actor may know of; NotFound otherwise."""
    found = HeldBack.objects.filter(pk=held_id).first()
    if found is None:
        raise NotFound(held_back=held_id)
    case_of(by, found.case_id, at=at)
    return found
