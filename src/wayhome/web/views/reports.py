"""The kinship report of a candidate: written by the head of the laboratory, taken as PDF in three languages."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from wayhome.casework.accounts.rules import Permission
from wayhome.casework.core import numbers
from wayhome.casework.core.errors import NotFound
from wayhome.casework.matching.actions import reporting as actions
from wayhome.casework.matching.queries import candidates as queries
from wayhome.casework.matching.report import LANGUAGES
from wayhome.web import desk
from wayhome.web.forms.candidates import ReportForm
from wayhome.web.pages import as_file, done, page
from wayhome.web.writing import carried_out, sent


def make(request: HttpRequest, candidate_id: int) -> HttpResponse:
    """The head of the laboratory writes the report; who they are is asked once more."""
    by, at = desk.needs(request, Permission.CONFIRM_MATCH), desk.moment(request)
    found = queries.candidate_of(by, candidate_id)
    form = ReportForm(sent(request))
    if carried_out(request, form, by, "make_report", lambda data: actions.make_report(candidate=found, by=by, at=at, **data)):
        return done(
            request, _("The report is made. Take it in the language of whoever reads it."), "candidate", candidate_id=found.pk
        )
    about = _("Child %(child)s, family %(family)s.") % {
        "child": numbers.grouped(found.child.number),
        "family": numbers.grouped(found.request.number),
    }
    lead = _(
        "It tells courts and police what was compared, by which hands, and what it shows; it names nobody. It is set in three"
        " languages at once, which takes some seconds. A report stays as it is: a later one is made beside it."
    )
    back = reverse("candidate", args=[found.pk])
    return page(request, "act", form, title=_("Make the kinship report"), lead=f"{about} {lead}", back=back)


def report(request: HttpRequest, candidate_id: int, language: str) -> HttpResponse:
    """A report as a file, the last unless `n` says which. That it was taken is an event."""
    by, at = desk.needs(request, Permission.READ_CANDIDATE), desk.moment(request)
    found = queries.candidate_of(by, candidate_id)
    asked = request.GET.get("n", "")
    known = queries.reports_of(queries.seen([found], by=by)[0])
    n = asked or next((str(one.report.n) for one in known), "")
    if language not in LANGUAGES or not (n.isascii() and n.isdecimal() and len(n) < 5):
        raise NotFound(candidate=candidate_id)
    pdf = actions.read_report(candidate=found, n=int(n), language=language, by=by, at=at)
    return as_file(pdf, f"kinship-report-{found.child.number}-{found.request.number}-{found.pk}-{n}-{language}")
