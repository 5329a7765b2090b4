"""What between two houses is corrected, ended, and opened again."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from wayhome.casework.accounts.rules import Permission
from wayhome.casework.exchange.actions import corrections, ending, renewing
from wayhome.casework.exchange.queries import corrections as corrected
from wayhome.casework.exchange.queries import desk as queries
from wayhome.casework.exchange.queries import ending as ended
from wayhome.web import desk
from wayhome.web.forms import partners as forms
from wayhome.web.pages import done, page
from wayhome.web.writing import carried_out, sent

WRITE, APPROVE = Permission.WRITE_PARTNERS, Permission.APPROVE_DISCLOSURE


def correct_step(request: HttpRequest, tie_id: int, n: int) -> HttpResponse:
    """A step was told wrongly; what was told stays."""
    by, at = desk.needs(request, WRITE), desk.moment(request)
    tie = queries.tied_of(by, tie_id)
    step = corrected.step_of(tie, n)
    now = next((one for one in corrected.steps_of([tie])[tie.pk] if one.n == n), step)
    start = {"stands": "yes", "who": now.who, "what": now.what, "since": now.since}
    form = forms.CorrectStepForm(sent(request), initial=start)
    if carried_out(request, form, by, "correct_step", lambda told: corrections.correct_step(step=step, by=by, at=at, **told)):
        return done(request, _("Corrected."), "return_abroad", tie_id=tie.pk)
    return page(request, "act", form, title=_("Correct whom it waited for"), lead=_lead(tie.case), back=_of(tie))


def correct_tie(request: HttpRequest, tie_id: int) -> HttpResponse:
    """The case is not about this child, or is after all."""
    desk.needs(request, WRITE)
    by, at = desk.needs(request, Permission.READ_CHILD), desk.moment(request)
    tie = queries.tied_of(by, tie_id)
    stands = not corrected.stands(tie)
    form = forms.CorrectTieForm(sent(request))
    if carried_out(
        request, form, by, "correct_tie", lambda told: corrections.correct_tie(tie=tie, stands=stands, by=by, at=at, **told)
    ):
        return done(request, _("Corrected."), "return_abroad", tie_id=tie.pk)
    if stands:
        title, lead = _("The case is about this child after all"), _("From now on the partner can be asked and told of it again.")
    else:
        title = _("The case is not about this child")
        lead = _(
            "Nothing more is asked or told of it in this case. The partner is told which messages were of the wrong child, and"
            " asked to erase them. What was told cannot be called back."
        )
    return page(request, "act", form, title=title, lead=lead, warned=not stands, back=_of(tie))


def end_case(request: HttpRequest, case_id: int) -> HttpResponse:
    """Nothing more is told, asked or taken in it."""
    by, at = desk.needs(request, APPROVE), desk.moment(request)
    case = queries.case_of(by, case_id)
    form = forms.EndForm(sent(request), initial={"keep_days": "1825"})
    if carried_out(request, form, by, "end_case", lambda told: ending.end_case(case=case, by=by, at=at, **told)):
        return done(request, _("The case is ended. The partner is told."), "shared_case", case_id=case.pk)
    lead = _(
        "Nothing more is told, asked or taken in this case. The partner hears that it ended, and what waited on either side."
        " What it asked by and was not searched yet is gone at once. Two persons can open the case again."
    )
    return page(request, "act", form, title=_("End a shared case"), lead=lead, warned=True, back=_to(case))


def reopen_case(request: HttpRequest, case_id: int) -> HttpResponse:
    """Somebody wants it opened again."""
    by, at = desk.needs(request, APPROVE), desk.moment(request)
    case = queries.case_of(by, case_id)
    form = forms.ReopenForm(sent(request))
    if carried_out(request, form, by, "reopen_case", lambda told: ending.reopen_case(case=case, by=by, at=at, **told)):
        return done(request, _("It is opened when a second person agrees."), "shared_case", case_id=case.pk)
    return page(request, "act", form, title=_("Open a case again"), lead=_lead(case), back=_to(case))


def approve_reopening(request: HttpRequest, reopening_id: int) -> HttpResponse:
    """A second person lets it be opened."""
    by, at = desk.needs(request, APPROVE), desk.moment(request)
    reopening = ended.reopening_of(by, reopening_id)
    case = reopening.end.case
    form = forms.OpenForm(sent(request))
    if carried_out(
        request, form, by, "approve_reopening", lambda _told: ending.approve_reopening(reopening=reopening, by=by, at=at)
    ):
        return done(request, _("The case is open again. The partner is told."), "shared_case", case_id=case.pk)
    lead = _("%(who)s wants case %(number)s opened again: %(why)s") % {
        "who": reopening.by.name,
        "number": case.number,
        "why": reopening.reason,
    }
    return page(request, "act", form, title=_("Open a case again"), lead=lead, warned=True, back=_to(case))


def tell_key(request: HttpRequest, case_id: int) -> HttpResponse:
    """The partner hears of our later key for sealing."""
    by, at = desk.needs(request, APPROVE), desk.moment(request)
    case = queries.case_of(by, case_id)
    form = forms.KeyForm(sent(request))
    if carried_out(request, form, by, "tell_key", lambda _told: renewing.tell_key(case=case, by=by, at=at)):
        return done(request, _("It goes out until the partner has it."), "shared_case", case_id=case.pk)
    lead = _(
        "The partner seals for the later key as soon as two of its registrars have put it on their register. What came before"
        " stays readable here. Sixty days after the message has arrived nothing is taken that is sealed for the key before."
    )
    return page(request, "act", form, title=_("Tell the partner our later key"), lead=lead, back=_to(case))


def _lead(case: Any) -> str:
    return f"{case.node.code} · {case.number}"


def _to(case: Any) -> str:
    return reverse("shared_case", args=[case.pk])


def _of(tie: Any) -> str:
    return reverse("return_abroad", args=[tie.pk])
