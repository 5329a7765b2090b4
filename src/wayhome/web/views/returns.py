"""Files of return: their list, one in full with what is missing, and what verifies it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wayhome.casework.accounts.rules import Permission, Role, may
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.errors import NotFound
from wayhome.casework.custody import actions as custody_actions
from wayhome.casework.custody import queries as custody
from wayhome.casework.reunification.actions import files as actions
from wayhome.casework.reunification.queries import cases, standing
from wayhome.web import desk
from wayhome.web.band import band, child_page
from wayhome.web.checklist import lines, to_do
from wayhome.web.forms.base import DeskForm
from wayhome.web.forms.returns import CorrectForm, EvidenceForm, HoldBackForm, OpenForm, ReplyForm
from wayhome.web.pages import done, existing, number_of, page
from wayhome.web.writing import carried_out, sent

A_PAGE = 50
MOST = 40
_WHICH = {"going": gettext_lazy("that go on"), "left": gettext_lazy("of children who left")}


def returns(request: HttpRequest) -> HttpResponse:
    """Files that the actor may know of and how each stands, and children of whom there is a match and no file."""
    by, at = desk.needs(request, Permission.READ_CASE), desk.moment(request)
    which = request.GET.get("which", "")
    which = which if which in _WHICH else "going"
    shown = Paginator(standing.listed(by, at=at, left=which == "left"), A_PAGE).get_page(request.GET.get("page"))
    waiting = cases.matches_without_file(by, at=at) if which == "going" and may(by.role, Permission.VERIFY_CASE) else []
    return page(
        request,
        "returns",
        rows=standing.standings_of(list(shown), by=by, at=at),
        shown=shown,
        waiting=waiting[:MOST],
        more=max(len(waiting) - MOST, 0),
        which=which,
        lists=list(_WHICH.items()),
    )


def return_file(request: HttpRequest, number: str) -> HttpResponse:
    """The file of a child's return; the look is an event of the child's file. An older one by ?file=."""
    by, at = desk.needs(request, Permission.READ_CASE), desk.moment(request)
    child = custody_actions.read_file(child_id=number_of(number), by=by, at=at)
    files = standing.of_child(child, by=by)
    asked = request.GET.get("file", "")
    case = next((one for one in files if str(one.pk) == asked), None) if asked else next(iter(files), None)
    if asked and case is None:
        raise NotFound(case=asked)
    over, match = band(child, by=by, at=at), standing.match_without_file(child, by=by)
    told = standing.standings_of([case], by=by, at=at)[0] if case is not None else None
    checklist = lines(told, by=by) if told is not None else []
    opens = by.role == Role.CASEWORKER and over.mine and not over.absorbed
    return page(
        request,
        "return_file",
        band=over,
        child=child,
        at=at,
        case=case,
        others=[one for one in files if one != case],
        told=told,
        file=told.file if told is not None else None,
        lines=checklist,
        primary=to_do(checklist),
        match=match,
        opens=opens,
    )


def open_return(request: HttpRequest, number: str) -> HttpResponse:
    """A caseworker of the institution that has the child opens a file."""
    by, at = desk.needs(request, Permission.VERIFY_CASE), desk.moment(request)
    child = custody.visible_child(number_of(number), by=by, at=at)
    match = standing.match_without_file(child, by=by) is not None
    form = OpenForm(sent(request), match=match)

    def work(data: dict[str, Any]) -> Any:
        return actions.open_case(child_id=child.pk, by=by, at=at, authority=data["to"] == "authority")

    if carried_out(request, form, by, "open_return", work):
        return done(request, _("The file is open. It says what is missing, and who does it."), "return_file", number=child.number)
    lead = _("A match by DNA opens no door: the family is verified, the parents' part enquired into, and a panel decides.")
    none = _("No family is confirmed for this child, so the file can only be for the authority of its own country.")
    return child_page(request, "act", form, child, by, title=_("Open a file of return"), lead=lead if match else none)


def add_evidence(request: HttpRequest, case_id: int) -> HttpResponse:
    """A row: an interview, a line-up, a document, a visit to the home."""
    by, at = desk.needs(request, Permission.VERIFY_CASE), desk.moment(request)
    case = cases.case_of(by, case_id, at=at)
    form = EvidenceForm(sent(request), initial={"kind": request.GET.get("kind", "")})
    return in_file(
        request,
        case,
        form,
        by=by,
        action="add_evidence",
        work=lambda data: actions.add_evidence(case=case, by=by, at=at, **data),
        said=_("It is in the file."),
        title=_("Add evidence"),
        lead=_("One row of each kind is wanted, each with what it showed. What speaks against the family belongs here, too."),
    )


def correct_evidence(request: HttpRequest, case_id: int, row_id: int) -> HttpResponse:
    """A row was wrong; somebody else than its author puts another in its place."""
    by, at = desk.needs(request, Permission.VERIFY_CASE), desk.moment(request)
    case = cases.case_of(by, case_id, at=at)
    row = existing(next((one for one in cases.file_of(case, by=by).evidence if one.pk == row_id), None), evidence=row_id)
    initial = {"who": row.who, "held_on": row.held_on, "outcome": row.outcome, "note": row.note}
    form = CorrectForm(sent(request), initial=initial)
    return in_file(
        request,
        case,
        form,
        by=by,
        action="correct_evidence",
        work=lambda data: actions.add_evidence(case=case, kind=row.kind, corrects=row, by=by, at=at, **data),
        said=_("It stands in place of what was wrong, which stays on record."),
        title=_("Correct evidence"),
        lead=_("Somebody else than its author corrects a row. What was written before stays on record."),
    )


def hold_back(request: HttpRequest, case_id: int) -> HttpResponse:
    """A detail that was never published."""
    by, at = desk.needs(request, Permission.HOLD_BACK), desk.moment(request)
    case = cases.case_of(by, case_id, at=at)
    form = HoldBackForm(sent(request))
    return in_file(
        request,
        case,
        form,
        by=by,
        action="hold_back",
        work=lambda data: actions.hold_back(case=case, by=by, at=at, **data),
        said=_("Held back. Somebody else asks the claimant and judges the answer."),
        title=_("Hold a detail back"),
        lead=_("Whoever read the newspapers knows the jacket. Ask for what was sewn into it. Two details at least are wanted."),
    )


def reply(request: HttpRequest, held_id: int) -> HttpResponse:
    """What the claimant said to a detail held back, once."""
    by, at = desk.needs(request, Permission.VERIFY_CASE), desk.moment(request)
    question = actions.held_back_of(by, held_id, at=at)
    case = cases.case_of(by, question.case_id, at=at)
    held = next(one for one in cases.file_of(case, by=by).held_back if one.question == question)
    form = ReplyForm(sent(request))
    return in_file(
        request,
        case,
        form,
        by=by,
        action="reply_held_back",
        work=lambda data: actions.reply(question=question, said=data["said"], matches=data["right"], by=by, at=at),
        said=_("The answer is signed."),
        title=_("What does the claimant say?"),
        template="reply_held_back",
        held=held,
        mine=question.by_id == by.staff_id,
    )


def in_file(
    request: HttpRequest,
    case: Any,
    form: DeskForm,
    *,
    by: Actor,
    action: str,
    work: Any,
    said: str,
    title: str,
    lead: str = "",
    template: str = "act",
    **more: Any,
) -> HttpResponse:
    """A form about a file, under the child's band; from it, back to the file."""
    if carried_out(request, form, by, action, work):
        messages.success(request, said)
        return HttpResponseRedirect(file_url(case))
    at = desk.moment(request)
    return page(
        request,
        template,
        form,
        band=band(case.child, by=by, at=at),
        case=case,
        at=at,
        title=title,
        lead=lead,
        back=file_url(case),
        **more,
    )


def file_url(case: Any) -> str:
    """The file's own page, whether or not the child has a later one."""
    return f"{reverse('return_file', args=[case.child.number])}?file={case.pk}"
