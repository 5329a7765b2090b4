"""Candidates: which family a child may be of. Two analysts read apart from each other, and the head of a laboratory confirms."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wayhome.casework.accounts.rules import Permission, may
from wayhome.casework.core import numbers
from wayhome.casework.core.errors import NotFound
from wayhome.casework.matching.actions import reading as actions
from wayhome.casework.matching.queries import candidates as queries
from wayhome.casework.matching.queries.ranking import knows
from wayhome.casework.matching.report.words import LANGUAGE_NAMES
from wayhome.web import desk
from wayhome.web.assessed import assessed, called, wanted_again
from wayhome.web.forms.base import DeskForm
from wayhome.web.forms.candidates import ConfirmMatchForm, FindCandidateForm, ReadingForm, TakeBackForm
from wayhome.web.messages import sentence, sentences
from wayhome.web.pages import done, existing, page
from wayhome.web.writing import carried_out, sent

A_PAGE = 50
_WHICH = {
    "waiting": gettext_lazy("waiting for me"),
    "open": gettext_lazy("all that go on"),
    "ended": gettext_lazy("those that ended"),
}


def candidates(request: HttpRequest) -> HttpResponse:
    """Those that wait for the actor, the surest first; all others, and those of one child or request."""
    by = desk.needs(request, Permission.READ_CANDIDATE)
    form = FindCandidateForm(request.GET if "q" in request.GET else None)
    number = None
    if form.is_bound and form.is_valid():
        typed = form.cleaned_data["q"]
        if numbers.is_number(typed):
            number = int(numbers.plain_number(typed))
        else:
            form.refusals, form.status = [sentence("check_digit")], 422
    which = request.GET.get("which", "")
    which = which if which in _WHICH else "waiting"
    shown = Paginator(queries.chosen(by, which, number=number), A_PAGE).get_page(request.GET.get("page"))
    return page(
        request,
        "candidates",
        form,
        rows=queries.seen(shown, by=by),
        shown=shown,
        number=numbers.grouped(f"{number:0{numbers.LENGTH}d}") if number is not None else "",
        which="" if number is not None else which,
        ranked=f"{number:09d}" if number is not None and knows(by, number) else "",
        lists=list(_WHICH.items()),
    )


def candidate(request: HttpRequest, candidate_id: int) -> HttpResponse:
    """One candidate in full, which is an event of the audit, and the actor's own reading of it."""
    by, at = desk.needs(request, Permission.READ_CANDIDATE), desk.moment(request)
    if request.method == "POST":
        desk.needs(request, Permission.JUDGE_CANDIDATE)
    found = queries.candidate_of(by, candidate_id)
    form = ReadingForm(sent(request))
    if carried_out(request, form, by, "read_candidate", lambda data: actions.read(candidate=found, by=by, at=at, **data)):
        return done(request, _("Your reading is kept."), "candidate", candidate_id=found.pk)
    (one,) = queries.seen([found], by=by)
    reports = queries.reports_of(one)
    samples = queries.compared_samples(found, by=by)
    try:
        detail = actions.open_detail(candidate=found, by=by, at=at)
    except NotFound:
        rows = [(row, "", "") for row in samples]
        return page(request, "candidate", form, one=one, samples=rows, told=None, at=at, against=_against(one, by))
    names = {int(member): told for member, told in called(detail.assessment).items()}
    again = queries.second_samples(found, wanted_again(detail.assessment), by=by)
    ready = one.state == "supported" and any(check.agrees for check in one.checks)
    return page(
        request,
        "candidate",
        form,
        one=one,
        told=assessed(detail, samples),
        samples=[(row, names.get(row.relative or 0), _panel(detail, row)) for row in samples],
        again=[(row, names.get(row.relative or 0)) for row in again],
        agrees=next((check for check in reversed(one.checks)), None),
        against=_against(one, by),
        confirms=may(by.role, Permission.CONFIRM_MATCH) and not hasattr(found, "end") and not hasattr(found, "confirmation"),
        ready=ready,
        blocked=sentences(_blocked(one)),
        reports=reports,
        report_languages=list(LANGUAGE_NAMES.items()),
        reported=sentences(["not_read"]) if len(one.readings) < 2 else [],
        at=at,
    )


def confirm(request: HttpRequest, candidate_id: int) -> HttpResponse:
    """The head of the laboratory confirms; who they are is asked once more."""
    by, at = desk.needs(request, Permission.CONFIRM_MATCH), desk.moment(request)
    found = queries.candidate_of(by, candidate_id)
    return _decided(
        request,
        found,
        ConfirmMatchForm(sent(request)),
        action="confirm_match",
        work=lambda data: {"id": actions.confirm(candidate=found, by=by, at=at, **data).pk},
        said=_("The match is confirmed. It opens an enquiry: whether the child may go home is decided after it, by others."),
        title=_("Confirm the match"),
        lead=_(
            "You say that by DNA the child is this family's. It is no release: many were sold by their own parents, and that is"
            " enquired into next. A confirmation can be taken back, and stays on record."
        ),
    )


def take_back(request: HttpRequest, candidate_id: int) -> HttpResponse:
    """A confirmation was wrong: whatever rests on it stops."""
    by, at = desk.needs_one(request, Permission.CONFIRM_MATCH), desk.moment(request)
    found = queries.candidate_of(by, candidate_id)
    confirmation = existing(getattr(found, "confirmation", None), candidate=found.pk)
    return _decided(
        request,
        found,
        TakeBackForm(sent(request)),
        action="take_back_match",
        work=lambda data: {"id": actions.take_back(confirmation=confirmation, by=by, at=at, **data).pk},
        said=_("The confirmation is taken back. Nothing that rests on it goes on."),
        title=_("Take the confirmation back"),
        lead=_("Nothing that rests on it goes on. This candidate is not confirmed again: new samples make a new one."),
        danger=True,
    )


def _decided(
    request: HttpRequest,
    found: Any,
    form: DeskForm,
    *,
    action: str,
    work: Any,
    said: str,
    title: str,
    lead: str,
    danger: bool = False,
) -> HttpResponse:
    if carried_out(request, form, desk.actor(request), action, work):
        return done(request, said, "candidate", candidate_id=found.pk)
    back = reverse("candidate", args=[found.pk])
    about = _("Child %(child)s, family %(family)s.") % {
        "child": numbers.grouped(found.child.number),
        "family": numbers.grouped(found.request.number),
    }
    return page(request, "act", form, title=title, lead=f"{about} {lead}", danger=danger, warned=True, back=back)


def _against(one: queries.Seen, by: Any) -> list[queries.Against]:
    """Confirmations that contradict this one's."""
    return queries.frozen_by(one.confirmation, by=by) if one.frozen and one.confirmation is not None else []


def _blocked(one: queries.Seen) -> list[str]:
    """What stands between a candidate and its confirmation, as codes."""
    told = [] if one.state == "supported" else ["not_supported"]
    return told if any(check.agrees for check in one.checks) else [*told, "second_missing"]


def _panel(detail: queries.Detail, row: queries.Taken) -> str:
    """With which kit of markers it was typed."""
    member = str(row.relative) if row.relative is not None else detail.assessment.missing
    return detail.assessment.samples[member][1] or ""
