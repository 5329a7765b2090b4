"""What people decide on a candidate: two analysts apart, a third where they differ, then the head of a laboratory."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from wayhome.casework.accounts.queries import require
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.audit.actions import raise_alarm, record
from wayhome.casework.audit.attempts import gate
from wayhome.casework.audit.models import Alarm
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.checks import Checks
from wayhome.casework.core.errors import NotFound, Refused
from wayhome.casework.families.models import RelativeState
from wayhome.casework.families.queries import tree
from wayhome.casework.matching.models import Candidate, Confirmation, ConfirmationEnd, Freeze, Reading
from wayhome.casework.matching.queries import candidates as queries
from wayhome.casework.matching.queries.candidates import Detail
from wayhome.casework.matching.queries.evidence import birth_interval
from wayhome.casework.matching.rules.ages import can_be_siblings
from wayhome.casework.matching.rules.readings import CONCLUSIONS


def open_detail(*, candidate: Candidate, by: Actor, at: datetime) -> Detail:
    """What the search found, with genotypes: for the laboratory's eyes, and the look is an event.

    Raises
    ------
    NotFound
        also where a relative withdrew and the detail is gone.
    """
    queries.candidate_of(by, candidate.pk)
    with gate(by=by, at=at, child_id=candidate.child_id, attempt="read_candidate"):
        found = queries.details([candidate.pk]).get(candidate.pk)
        if found is None:
            raise NotFound(candidate=candidate.pk)
        record(by=by, at=at, action="matching.read_candidate", subject=f"candidate:{candidate.pk}", child_id=candidate.child_id)
    return found


def read(*, candidate: Candidate, conclusion: str, note: str = "", by: Actor, at: datetime) -> Reading:
    """An analyst's own conclusion, given without knowing another's.

    Parameters
    ----------
    conclusion : of `rules.readings.CONCLUSIONS`.
    note : why; wanted unless the candidate is supported.
    """
    require(by, Permission.JUDGE_CANDIDATE)
    queries.candidate_of(by, candidate.pk)
    checks = Checks()
    checks.one_of("conclusion", conclusion, CONCLUSIONS)
    note = checks.text("note", note, 2000, required=conclusion != "supports")
    checks.done()
    with gate(by=by, at=at, child_id=candidate.child_id, attempt="read"):
        told = Reading.objects.filter(candidate=candidate)
        if told.filter(by=by.staff_id).exists():
            raise Refused(["already_there"])
        made = Reading.objects.create(
            candidate=candidate, n=told.count() + 1, conclusion=conclusion, note=note, by_id=by.staff_id, at=at
        )
        record(
            by=by,
            at=at,
            action="matching.read",
            subject=f"candidate:{candidate.pk}",
            child_id=candidate.child_id,
            data={"n": made.n, "conclusion": conclusion},
        )
    return made


def confirm(*, candidate: Candidate, note: str = "", by: Actor, at: datetime) -> Confirmation:
    """The head of a laboratory confirms, after two readings and second samples; whatever contradicts it freezes both."""
    require(by, Permission.CONFIRM_MATCH)
    queries.candidate_of(by, candidate.pk)
    checks = Checks()
    note = checks.text("note", note, 2000, required=False)
    checks.done()
    with gate(by=by, at=at, child_id=candidate.child_id, attempt="confirm_match"):
        if Confirmation.objects.filter(candidate=candidate).exists():
            raise Refused(["already_there"])
        made = Confirmation.objects.create(candidate=candidate, note=note, by_id=by.staff_id, at=at)
        frozen = [_freeze(other, made, reason, at=at) for other, reason in contradictions(made, at=at)]
        record(
            by=by,
            at=at,
            action="matching.confirm",
            subject=f"candidate:{candidate.pk}",
            child_id=candidate.child_id,
            data={"request": candidate.request_id, "freezes": [one.reason for one in frozen]},
        )
        for freeze in frozen:
            for one in (freeze.one.candidate, freeze.other.candidate):
                raise_alarm(
                    kind=Alarm.Kind.MATCH_FROZEN,
                    at=at,
                    by=by,
                    level=3,
                    code=freeze.reason,
                    child_id=one.child_id,
                    jurisdiction=one.child.event.jurisdiction.path,
                    subject=f"candidate:{one.pk}",
                )
    return made


def contradictions(made: Confirmation, *, at: datetime) -> list[tuple[Confirmation, str]]:
    """Confirmations that stand and cannot be true beside one, each with why."""
    mine = made.candidate
    mother = _mother(mine.request_id, at)
    born = birth_interval(mine.child)
    near = Q(candidate__child=mine.child_id) | Q(candidate__request=mine.request_id)
    if mother is not None:
        near |= Q(candidate__request__in=RelativeState.objects.filter(person=mother).values("relative__request"))
    others = queries.standing_confirmations().filter(near).exclude(pk=made.pk)
    found = []
    for other in others.select_related("candidate__child__event__operation"):
        theirs = other.candidate
        if theirs.child_id == mine.child_id and theirs.request_id != mine.request_id:
            found.append((other, "two_families"))
        elif theirs.request_id == mine.request_id and theirs.child_id != mine.child_id:
            found.append((other, "two_children"))
        elif _mother(theirs.request_id, at) == mother:
            then = birth_interval(theirs.child)
            if born is not None and then is not None and not can_be_siblings(born, then):
                found.append((other, "ages"))
    return found


def _mother(request: int, at: datetime) -> int | None:
    """The person on record who is told as the mother of the child that is looked for."""
    kin = tree(request, at=at)
    missing = next((one for one in kin.values() if one.relative.missing), None)
    mother = None if missing is None else missing.mother
    state = None if mother is None else RelativeState.objects.filter(relative=mother).order_by("-n").first()
    return None if state is None else state.person_id


def _freeze(one: Confirmation, other: Confirmation, reason: str, *, at: datetime) -> Freeze:
    first, second = sorted((one, other), key=lambda each: each.pk)
    return Freeze.objects.create(one=first, other=second, reason=reason, at=at)


def take_back(*, confirmation: Confirmation, reason: str, by: Actor, at: datetime) -> ConfirmationEnd:
    """A confirmation was wrong: nothing that rests on it goes on."""
    require(by, Permission.CONFIRM_MATCH)
    candidate = queries.candidate_of(by, confirmation.candidate_id)
    checks = Checks()
    reason = checks.text("reason", reason, 300)
    checks.done()
    with gate(by=by, at=at, child_id=candidate.child_id, attempt="take_back_match"):
        if ConfirmationEnd.objects.filter(confirmation=confirmation).exists():
            raise Refused(["already_ended"])
        made = ConfirmationEnd.objects.create(confirmation=confirmation, reason=reason, by_id=by.staff_id, at=at)
        record(
            by=by,
            at=at,
            action="matching.take_back",
            subject=f"candidate:{candidate.pk}",
            child_id=candidate.child_id,
        )
    return made
