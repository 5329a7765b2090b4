"""Whatever has a number, by the number that was typed or scanned into the top bar."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from wayhome.casework.core.errors import Invalid, NotFound
from wayhome.casework.overview.actions import finding
from wayhome.casework.overview.queries.numbered import KINDS
from wayhome.web import desk
from wayhome.web.forms.finding import FindForm
from wayhome.web.messages import sentences
from wayhome.web.pages import page

PAGES = {"child": "child", "request": "family", "kit": "kit"}
"""The page of each kind."""


def find(request: HttpRequest) -> HttpResponse:
    """What has a number opens; of several, the reader chooses. What may not be known is answered as what is not there."""
    by, at = desk.needs_one(request, *KINDS.values()), desk.moment(request)
    form = FindForm(request.GET if "q" in request.GET else None)
    if not form.is_bound or not form.is_valid():
        return page(request, "find", form)
    try:
        found = finding.find(typed=form.cleaned_data["q"], by=by, at=at)
    except Invalid as wrong:
        form.refusals, form.status = sentences(wrong.fields.values()), wrong.status
        return page(request, "find", form)
    except NotFound as missing:
        form.refusals, form.status = sentences(["no_such_number"]), missing.status
        return page(request, "find", form)
    if len(found) == 1:
        return redirect(PAGES[found[0].kind], number=found[0].number)
    return page(request, "find", form, found=[(one, PAGES[one.kind]) for one in found])
