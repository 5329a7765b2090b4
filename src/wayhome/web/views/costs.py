"""What care costs and who pays: the month, its sheet, and the lines of funding of a home."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from wayhome.casework.accounts.rules import Permission, may
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.errors import NotFound
from wayhome.casework.placements import actions, known, queries
from wayhome.casework.placements import costs as books
from wayhome.casework.placements.days import DAY, EARLIEST
from wayhome.casework.placements.sheet import CONTENT_TYPE, workbook
from wayhome.web import desk
from wayhome.web.forms.costs import FundForm, MonthForm
from wayhome.web.pages import done, page
from wayhome.web.writing import carried_out, sent

A_PAGE = 40


def costs(request: HttpRequest) -> HttpResponse:
    """Child-days and yuan of a month, by home and payer. It names no child."""
    by, at = desk.needs(request, Permission.READ_COSTS), desk.moment(request)
    today = timezone.localtime(at).date()
    form = MonthForm(request.GET if "month" in request.GET else None, initial={"month": f"{today:%Y-%m}"}, today=today)
    month = form.cleaned_data["month"] if form.is_bound and form.is_valid() else today.replace(day=1)
    sheet = books.reimbursement(month, by=by, at=at)
    return page(
        request,
        "costs",
        form,
        sheet=sheet,
        where=queries.jurisdiction_of(by),
        running=sheet.month.end > today,
        earlier=sheet.month.first - DAY,
        later=sheet.month.end if sheet.month.end <= today else None,
        at=at,
    )


def cost_sheet(request: HttpRequest, month: str) -> HttpResponse:
    """The sheet of a month as a file. That it was taken is an event."""
    by, at = desk.needs(request, Permission.READ_COSTS), desk.moment(request)
    first = _month(month)
    if not EARLIEST <= first <= timezone.localtime(at).date():
        raise NotFound(month=month)
    sheet = actions.export_reimbursement(month=first, form="xlsx", by=by, at=at)
    answer = HttpResponse(workbook(sheet, queries.jurisdiction_of(by)), content_type=CONTENT_TYPE)
    answer["Content-Disposition"] = f'attachment; filename="reimbursement-{first:%Y-%m}.xlsx"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def funding(request: HttpRequest, facility_id: int) -> HttpResponse:
    """Who pays for a home's children, from when to when, how much of it is used; and, for who may, a further line."""
    by, at = desk.needs(request, Permission.READ_CAPACITY), desk.moment(request)
    place = _books_of(facility_id, by)
    today = timezone.localtime(at).date()
    form = None
    if may(by.role, Permission.FUND):
        form = FundForm(sent(request), payers=known.payers(by), initial={"first_day": today.replace(day=1)})
    if form is not None and carried_out(request, form, by, "fund", lambda data: _funded(place, data, by, at)):
        said = _("Noted. Nothing was overwritten: days that a later line covers are paid by it.")
        return done(request, said, "funding", facility_id=place.pk)
    used = books.spent(place, at=at)
    pays = known.pays_on(place, today)
    lines = [(line, *used.get(line.pk, (0, 0)), _state(line, today, pays)) for line in known.funding(place)]
    (told,) = known.told([place], at=at)
    return page(request, "funding", form, place=place, lines=lines, told=told, at=at)


def home_reports(request: HttpRequest, facility_id: int) -> HttpResponse:
    """What a home told of its cots, carers on each shift and money, time after time."""
    by, at = desk.needs(request, Permission.READ_CAPACITY), desk.moment(request)
    place = _books_of(facility_id, by)
    shown = Paginator(known.reports(place), A_PAGE).get_page(request.GET.get("page"))
    return page(request, "home_reports", place=place, shown=shown, at=at)


def _funded(place: Any, data: dict[str, Any], by: Actor, at: datetime) -> dict[str, int]:
    return {"id": actions.fund(facility=place, by=by, at=at, **data).pk}


def _books_of(facility_id: int, by: Actor) -> Any:
    place = known.homes_of(by).filter(pk=facility_id).first()
    if place is None or not known.keeps_books(place, by=by):
        raise NotFound(facility=facility_id)
    return place


def _state(line: Any, today: date, pays: Any) -> str:
    if line.first_day > today:
        return "later"
    if line.last_day is not None and line.last_day < today:
        return "over"
    return "now" if pays is not None and line.pk == pays.pk else "other"


def _month(typed: str) -> date:
    """The first day of "2011-07"; NotFound for what is no month."""
    try:
        return date.fromisoformat(f"{typed}-01")
    except ValueError:
        raise NotFound(month=typed) from None
