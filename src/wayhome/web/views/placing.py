"""What concerns one child's place: which home to ask, where no home may be, whether siblings part."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from wayhome.casework.accounts import queries as accounts
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.custody import queries as custody
from wayhome.casework.placements import actions, known, queries
from wayhome.web import desk
from wayhome.web.band import child_page
from wayhome.web.forms.placements import AskForm, RiskForm, SeparateForm, VoteForm
from wayhome.web.pages import done, existing, number_of
from wayhome.web.writing import carried_out, sent, submit

MOST = 40


def ask_home(request: HttpRequest, number: str) -> HttpResponse:
    """Homes that can take the child, the nearest first; those that cannot, each with its reason."""
    by, at = desk.needs_one(request, Permission.PLAN_NIGHT, Permission.ANSWER_PLACEMENT), desk.moment(request)
    child = custody.visible_child(number_of(number), by=by, at=at)
    form = AskForm(sent(request))
    if request.method == "POST" and form.is_valid():
        typed = request.POST.get("facility", "")
        asked = int(typed) if typed.isdecimal() and len(typed) < 10 else 0
        place = existing(known.homes_of(by).filter(pk=asked).first(), facility=typed)
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
    return child_page(
        request,
        "ask_home",
        form,
        child,
        by,
        level=known.needs([child.pk]).get(child.pk, 0),
        can_take=can[:MOST],
        cannot=cannot[:MOST],
        more=max(len(can) - MOST, 0) + max(len(cannot) - MOST, 0),
        open=queries.open_placements([child.pk]).get(child.pk),
    )


def mark_risk(request: HttpRequest, number: str) -> HttpResponse:
    """A buyer of the child lives somewhere: no home there takes it."""
    by, at = desk.needs(request, Permission.MARK_RISK), desk.moment(request)
    child = custody.visible_child(number_of(number), by=by, at=at)
    form = RiskForm(sent(request), jurisdictions=accounts.jurisdictions().exclude(kind="country"))
    if carried_out(request, form, by, "mark_risk_area", lambda data: actions.mark_risk_area(child=child, by=by, at=at, **data)):
        return done(request, _("Marked. No home there takes this child."), "child", number=child.number)
    return child_page(
        request,
        "act",
        form,
        child,
        by,
        title=_("A buyer lives there"),
        lead=_("From now on no home in this area takes the child. Nothing takes it back."),
        danger=True,
    )


def separate(request: HttpRequest, number: str) -> HttpResponse:
    """Say why a child is better off without its siblings."""
    by, at = desk.needs(request, Permission.DECIDE_SEPARATION), desk.moment(request)
    child = custody.visible_child(number_of(number), by=by, at=at)
    form = SeparateForm(sent(request))
    if answer := carried_out(
        request,
        form,
        by,
        "propose_separation",
        lambda data: actions.propose_separation(child=child, reason=data["reason"], by=by, at=at),
    ):
        said = _("Put to the vote. Siblings stay together unless welfare, health and law all agree.")
        return done(request, said, "vote_separation", separation_id=answer["id"])
    return child_page(
        request,
        "act",
        form,
        child,
        by,
        title=_("Better without its siblings"),
        lead=_("Brothers and sisters stay together. Only where welfare, health and law all agree is one placed apart."),
        warned=True,
    )


def vote(request: HttpRequest, separation_id: int) -> HttpResponse:
    """One discipline's word on it."""
    by, at = desk.needs(request, Permission.DECIDE_SEPARATION), desk.moment(request)
    asked = known.separation(separation_id, by=by, at=at)
    form = VoteForm(sent(request))
    if carried_out(
        request, form, by, "vote_on_separation", lambda data: actions.vote_on_separation(separation=asked, by=by, at=at, **data)
    ):
        return done(request, _("Your vote is signed."), "child", number=asked.child.number)
    votes: list[Any] = list(asked.votes.select_related("by__agency").order_by("pk"))
    return child_page(
        request,
        "vote_separation",
        form,
        asked.child,
        by,
        asked=asked,
        votes=votes,
        voted=any(one.by_id == by.staff_id for one in votes),
        role=by.role,
    )
