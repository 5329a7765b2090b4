"""The list of children, and a child's page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wayhome.casework.accounts.rules import Permission, may
from wayhome.casework.children import queries as children_queries
from wayhome.casework.custody import actions as custody_actions
from wayhome.casework.custody import known
from wayhome.casework.custody import queries as custody
from wayhome.casework.custody.rules import NEXT, RELEASES, Kind
from wayhome.casework.medical import queries as medical
from wayhome.casework.placements import known as places
from wayhome.casework.reunification.queries import releases
from wayhome.web import desk
from wayhome.web.band import Band, band
from wayhome.web.pages import existing, number_of, page
from wayhome.web.views import candidates_of, returns_of
from wayhome.web.views.kits_of import of_child

A_PAGE = 50
_UNSETTLED = frozenset({Kind.POLICE, Kind.HOSPITAL, Kind.EMERGENCY_NURSERY, Kind.RELIEF_STATION})


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of the custody bar; widths are in hundredths, and none vanishes."""

    episode: Any
    until: datetime | None
    lasting: timedelta
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Step:
    """One line of what stands between the child and its home."""

    done: bool
    what: Any
    why: Any = ""
    url: str = ""


def children(request: HttpRequest) -> HttpResponse:
    """Children that the actor has need to know of."""
    by, at = desk.needs(request, Permission.READ_CHILD), desk.moment(request)
    found = custody.visible_children(by, at=at).select_related("event").order_by("-at", "pk")
    shown = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    present = {
        episode.child_id: episode
        for episode in custody.heads().filter(child_id__in=[c.pk for c in shown]).select_related("facility")
    }
    ages = children_queries.ages_on([one.pk for one in shown], timezone.localtime(at).date())
    rows = [(child, present[child.pk], ages.get(child.pk)) for child in shown]
    pictures = children_queries.with_photo(child.pk for child in shown)
    return page(request, "children", rows=rows, shown=shown, with_photo=pictures, at=at)


def child(request: HttpRequest, number: str) -> HttpResponse:
    """A child's page; the look is an event of the audit."""
    by, at = desk.needs(request, Permission.READ_CHILD), desk.moment(request)
    read = custody_actions.read_file(child_id=number_of(number), by=by, at=at)
    over = band(read, by=by, at=at)
    timeline = custody.timeline(read.pk)
    duplicates, brothers = children_queries.duplicates_of(read), children_queries.siblings(read).values_list("pk", flat=True)
    visible = custody.visible_among([*(one.other.pk for one in duplicates), *brothers], by=by, at=at)
    return page(
        request,
        "child",
        band=over,
        child=read,
        at=at,
        bar=bar(timeline, at),
        marks=children_queries.marks(read),
        items=children_queries.items(read),
        statements=children_queries.assertions(read),
        duplicates=[one for one in duplicates if one.other.pk in visible],
        together=[visible[pk] for pk in brothers if pk in visible],
        fosters=known.foster_requests(read),
        placements=[(one, places.state(one)) for one in places.asked(read)],
        risks=places.risk_areas(read),
        separations=places.separations(read),
        asks=places.may_propose(by) and Kind(over.episode.kind) in _UNSETTLED and not over.absorbed,
        chart=medical.latest(read),
        next_due=medical.next_due(read) if over.episode.kind == Kind.HOSPITAL else None,
        steps=_steps(over, by.role),
        **of_child(read, by=by, at=at),
        **candidates_of.of_child(read, by=by, at=at),
        **returns_of.of_child(read, by=by, at=at),
        primary=_primary(over, by.role),
        release=releases.last_release_of(read.pk) if may(by.role, Permission.READ_CASE) else None,
    )


def photo(request: HttpRequest, number: str) -> HttpResponse:
    """The latest picture."""
    by, at = desk.needs(request, Permission.READ_CHILD), desk.moment(request)
    found = existing(children_queries.photo(custody.visible_child(number_of(number), by=by, at=at)))
    return HttpResponse(bytes(found.jpeg), content_type="image/jpeg", headers={"X-Content-Type-Options": "nosniff"})


def bar(timeline: list[Any], at: datetime) -> list[Piece]:
    """The episodes as pieces of one bar from rescue to now; a short one is still wide enough to be seen and touched."""
    ends = [episode.started_at for episode in timeline[1:]] + [None]
    lasting = [max((end or max(at, e.started_at)) - e.started_at, timedelta(0)) for e, end in zip(timeline, ends, strict=True)]
    total = sum(lasting, timedelta(0)).total_seconds() or 1.0
    least = min(8.0, 100 / len(timeline))
    shares = [max(least, 100 * one.total_seconds() / total) for one in lasting]
    scale = 100 / sum(shares)
    pieces, x = [], 0.0
    for episode, end, length, share in zip(timeline, ends, lasting, shares, strict=True):
        pieces.append(Piece(episode, end, length, round(x, 2), round(share * scale, 2)))
        x += share * scale
    return pieces


def _primary(over: Band, role: str) -> str:
    """The one thing to do next for this role: "" where it is somebody else's turn."""
    if over.absorbed or over.missing is not None or over.episode.kind == Kind.DECEASED:
        return ""
    if over.offer is not None:
        return "withdraw" if over.mine and may(role, Permission.OFFER_HANDOVER) else ""
    if over.mine and over.episode.kind == Kind.HOSPITAL and not over.cleared:
        return "clearance" if may(role, Permission.CLEAR) else "chart" if may(role, Permission.OBSERVE) else ""
    # A child that is home is taken back in only if it must be: its page leads to the visits, and there it is said.
    goes_on = NEXT[Kind(over.episode.kind)] and over.episode.kind not in RELEASES
    return "hand_over" if over.mine and may(role, Permission.OFFER_HANDOVER) and goes_on else ""


def _steps(over: Band, role: str) -> list[Step]:
    """What was reached and what stands in the way, in the order of the way home."""
    kind = Kind(over.episode.kind)
    settled = kind in RELEASES | {Kind.WELFARE_INSTITUTION, Kind.FOSTER}
    seen = kind is not Kind.POLICE
    number = over.child.number
    hand_over = reverse("hand_over", args=[number]) if over.mine and may(role, Permission.OFFER_HANDOVER) else ""
    clear = reverse("clearance", args=[number]) if over.mine and may(role, Permission.CLEAR) else ""
    return [
        Step(True, _("Registered, with somebody who answers for it")),
        Step(seen, _("Seen by a hospital"), _("The police hand it to a hospital."), "" if seen else hand_over),
        Step(
            over.cleared or (seen and kind is not Kind.HOSPITAL),
            _("Cleared to move by a doctor"),
            _("A doctor of the hospital says when it is fit."),
            clear if kind is Kind.HOSPITAL else "",
        ),
        Step(
            settled,
            _("In a welfare institution or foster care"),
            _("A place is offered to it, and accepts."),
            hand_over if seen else "",
        ),
        Step(True, _("With the authority of its country"))
        if kind is Kind.REPATRIATED
        else Step(kind is Kind.REUNIFIED, _("Its parents found and verified"), _("The search goes on; it never ends by itself.")),
        *([Step(True, _("Home with its family"))] if kind is Kind.REUNIFIED else []),
    ]
