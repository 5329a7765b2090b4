"""The ministry's desk with the children behind its numbers, and the page of all clocks."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from wayhome.casework.accounts.rules import Permission, may
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.errors import NotFound
from wayhome.casework.custody.rules import Kind
from wayhome.casework.overview.queries import clocks as clock_queries
from wayhome.casework.overview.queries import desk as queries
from wayhome.casework.overview.rules.clocks import KINDS, Clock
from wayhome.casework.overview.rules.desk import LOOKS_BACK, STEPS
from wayhome.casework.placements import known as places
from wayhome.web import desk, plots
from wayhome.web.pages import page

PAGES: Mapping[str, tuple[str, Permission]] = MappingProxyType(
    {
        "offer": ("accept", Permission.ACCEPT_HANDOVER),
        "visit": ("visit_family", Permission.VERIFY_CASE),
        "kit": ("kit", Permission.READ_SAMPLE),
        "one_month": ("not_found", Permission.READ_CASE),
        "twelve_months": ("not_found", Permission.READ_CASE),
    }
)
"""Where what is due is done, by whom; everything else on the child's page, and by whoever only looks."""


def ministry(request: HttpRequest) -> HttpResponse:
    """Where children are, where the time goes, what ran out, what places are short of, what is searched."""
    by, at = desk.needs(request, Permission.READ_DESK), desk.moment(request)
    told = queries.desk(by, at=at)
    kinds = plots.kinds_of(told.totals)
    named = places.provinces(told.short.provinces)
    most = max(told.overdue.values(), default=1)
    return page(
        request,
        "ministry",
        told=told,
        kinds=[(kind, told.totals[kind], _to(kind=kind)) for kind in kinds],
        short=[(named.get(code, code), grant) for code, grant in sorted(told.short.provinces.items())],
        bars=plots.bars(told.places, kinds),
        children=sum(told.totals.values()),
        boxes=plots.boxes(told.steps),
        marks=plots.marks(),
        overdue=[(kind, told.overdue[kind], f"{told.overdue[kind] / most * 100:.1f}") for kind in KINDS if kind in told.overdue],
        late=sum(told.overdue.values()),
        years=LOOKS_BACK.days // 365,
        at=at,
    )


def ministry_children(request: HttpRequest) -> HttpResponse:
    """The children behind one number of the desk, those first who wait longest."""
    by, at = desk.needs(request, Permission.READ_DESK), desk.moment(request)
    asked = {name: request.GET.get(name, "") for name in ("kind", "province", "step")}
    if asked["kind"] not in ("", *Kind) or asked["step"] not in ("", *STEPS[1:]):
        raise NotFound(**asked)
    rows = queries.children_at(by, at=at, **asked)
    return page(request, "ministry_children", rows=rows, most=queries.MOST, asked=asked, at=at)


def clocks(request: HttpRequest) -> HttpResponse:
    """What is due for whom, the soonest first, and whose it is."""
    by, at = desk.needs(request, Permission.READ_CHILD), desk.moment(request)
    kind = request.GET.get("kind", "")
    if kind not in ("", *KINDS):
        raise NotFound(kind=kind)
    told = clock_queries.clocks(by, at=at, kind=kind)
    rows = [(one, child, _page_of(one, child, by), one.overdue(at)) for one, child in told.rows]
    late = sum(told.overdue.values())
    missing = sorted({one.missing for one, _child in told.rows if one.missing})
    return page(request, "clocks", rows=rows, told=told, late=late, kind=kind, kinds=KINDS, missing=missing, at=at)


def _page_of(clock: Clock, child: Any, by: Actor) -> str:
    name, needed = PAGES.get(clock.kind, ("", None))
    if needed is not None and may(by.role, needed) and (clock.agency == by.agency_id or clock.kind not in ("offer", "visit")):
        return reverse(name, args=[clock.page])
    return "" if child is None else reverse("child", args=[child.number])


def _to(**asked: str) -> str:
    return f"{reverse('ministry_children')}?{urlencode(asked)}"
