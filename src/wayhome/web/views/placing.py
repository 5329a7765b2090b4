"""What concerns one child's place: which home to ask, where no home may be, whether siblings part."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from wayhome.casework.accounts import queries as accounts
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.core.errors import NotFound
from wayhome.casework.custody import queries as custody
from wayhome.casework.placements import actions, known, queries
from wayhome.web import desk
from wayhome.web.band import band
from wayhome.web.forms.placements import AskForm, RiskForm, SeparateForm, VoteForm
from wayhome.web.pages import done, number_of, page
from wayhome.web.writing import submit

MOST = 40


def ask_home(request: HttpRequest, number: str) -> HttpResponse:
    """Homes that can take the child, the nearest first; those that cannot, each with its reason."""
    by, at = desk.needs_one(request, Permission.PLAN_NIGHT, Permission.ANSWER_PLACEMENT), desk.moment(request)
    child = custody.visible_child(number_of(number), by=by, at=at)
    form = AskForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        typed = request.POST.get("facility", "")
        place = known.homes_of(by).filter(pk=int(typed)).first() if typed.isdecimal() and len(typed) < 10 else None
        if place is None:
            raise NotFound(facility=typed)
        reason = form.cleaned_data["reason"]
        answer = submit(
            request,
            form,
            by=by,
            action="propose_placement",
            work=lambda: {"id": actions.propose_placement(child=child, facility=place, reason=reason, by=by, at=at).pk},
        )
        if answer is not None:
            said = _("%(place)s is asked. It sees the question at once.") % {"place": place.name}
            return done(request, said, "child", number=child.number)
    ways = known.ways(child, by=by, at=at)
    can = [way for way in ways if not way.code]
    cannot = sorted((way for way in ways if way.code), key=lambda way: way.hours)
    return page(
        request,
        "ask_home",
        form,
        band=band(child, by=by, at=at),
        child=child,
        level=known.needs([child.pk]).get(child.pk, 0),
        can_take=can[:MOST],
        cannot=cannot[:MOST],
        more=max(len(can) - MOST, 0) + max(len(cannot) - MOST, 0),
        open=queries.open_placements([child.pk]).get(child.pk),
        at=at,
    )


def mark_risk(request: HttpRequest, number: str) -> HttpResponse:
    """A buyer of the child lives somewhere: no home there takes it."""
    by, at = desk.needs(request, Permission.MARK_RISK), desk.moment(request)
    child = custody.visible_child(number_of(number), by=by, at=at)
    form = RiskForm(request.POST or None, jurisdictions=accounts.jurisdictions().exclude(kind="country"))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        answer = submit(
            request,
            form,
            by=by,
            action="mark_risk_area",
            work=lambda: {"id": actions.mark_risk_area(child=child, by=by, at=at, **data).pk},
        )
        if answer is not None:
            return done(request, _("Marked. No home there takes this child."), "child", number=child.number)
    return page(
        request,
        "act",
        form,
        band=band(child, by=by, at=at),
        child=child,
        at=at,
        title=_("A buyer lives there"),
        lead=_("From now on no home in this area takes the child. Nothing takes it back."),
        danger=True,
    )


def separate(request: HttpRequest, number: str) -> HttpResponse:
    """Say why a child is better off without its siblings."""
    by, at = desk.needs(request, Permission.DECIDE_SEPARATION), desk.moment(request)
    child = custody.visible_child(number_of(number), by=by, at=at)
    form = SeparateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        answer = submit(
            request,
            form,
            by=by,
            action="propose_separation",
            work=lambda: {"id": actions.propose_separation(child=child, reason=reason, by=by, at=at).pk},
        )
        if answer is not None:
            said = _("Put to the vote. Siblings stay together unless welfare, health and law all agree.")
            return done(request, said, "vote_separation", separation_id=answer["id"])
    return page(
        request,
        "act",
        form,
        band=band(child, by=by, at=at),
        child=child,
        at=at,
        title=_("Better without its siblings"),
        lead=_("Brothers and sisters stay together. Only where welfare, health and law all agree is one placed apart."),
        warned=True,
    )


def vote(request: HttpRequest, separation_id: int) -> HttpResponse:
    """One discipline's word on it."""
    by, at = desk.needs(request, Permission.DECIDE_SEPARATION), desk.moment(request)
    asked = known.separation(separation_id, by=by, at=at)
    form = VoteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        answer = submit(
            request,
            form,
            by=by,
            action="vote_on_separation",
            work=lambda: {"id": actions.vote_on_separation(separation=asked, by=by, at=at, **data).pk},
        )
        if answer is not None:
            return done(request, _("Your vote is signed."), "child", number=asked.child.number)
    votes: list[Any] = list(asked.votes.select_related("by__agency").order_by("pk"))
    return page(
        request,
        "vote_separation",
        form,
        band=band(asked.child, by=by, at=at),
        child=asked.child,
        asked=asked,
        votes=votes,
        voted=any(one.by_id == by.staff_id for one in votes),
        role=by.role,
        at=at,
    )
