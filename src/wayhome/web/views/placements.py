"""Who is asked to take a child: the desk of those who place, the answers of those who take."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from wayhome.casework.accounts.rules import Permission, may
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.errors import NotFound
from wayhome.casework.placements import actions, known, queries
from wayhome.casework.placements.barred import barred
from wayhome.casework.placements.rules import PLACEMENT_DUE
from wayhome.web import desk, goals
from wayhome.web.forms.placements import AcceptPlacementForm, EndPlacementForm, PlanForm, RefusePlacementForm
from wayhome.web.messages import sentence
from wayhome.web.pages import done, page
from wayhome.web.words import word
from wayhome.web.writing import carried_out, sent

MOST_HOMES = 60
MOST_CHILDREN = 120
USUAL_NIGHTS = 14


def placements(request: HttpRequest) -> HttpResponse:
    """The desk for those who place children; for a home, what it is asked."""
    by, at = desk.needs_one(request, Permission.PLAN_NIGHT, Permission.ANSWER_PLACEMENT), desk.moment(request)
    return _desk(request, by, at) if may(by.role, Permission.PLAN_NIGHT) else _to_answer(request, by, at)


def answer(request: HttpRequest, placement_id: int) -> HttpResponse:
    """Take a child, and with it the siblings for whom the home is asked."""
    by, at = desk.needs(request, Permission.ANSWER_PLACEMENT), desk.moment(request)
    asked = _waiting(placement_id, by)
    if asked is None:
        return _over(request, placement_id, by)
    form = AcceptPlacementForm(sent(request))
    if carried_out(
        request,
        form,
        by,
        "accept_placement",
        lambda _data: {"answers": [one.pk for one in actions.accept_placement(placement=asked, by=by, at=at)]},
    ):
        said = _("Accepted: a place is kept from now on. The child comes with a handover that you accept at the door.")
        return done(request, said, "placements")
    if form.is_bound and _waiting(placement_id, by) is None:
        return _over(request, placement_id, by)
    return page(request, "answer_placement", form, **_shown(asked, by, at))


def asked_child(request: HttpRequest, placement_id: int) -> HttpResponse:
    """What a home may read of a child that it is asked for, or keeps a place for; the look is an event of the child's file."""
    by, at = desk.needs(request, Permission.ANSWER_PLACEMENT), desk.moment(request)
    rows = actions.read_asked(placement_id=placement_id, by=by, at=at)
    found = queries.placement(placement_id, by=by)
    return page(request, "asked_child", **_facts(found, rows, at), kept=known.accepted(found))


def refuse(request: HttpRequest, placement_id: int) -> HttpResponse:
    """Say why not."""
    by, at = desk.needs(request, Permission.ANSWER_PLACEMENT), desk.moment(request)
    asked = _waiting(placement_id, by)
    if asked is None:
        return _over(request, placement_id, by)
    form = RefusePlacementForm(sent(request))
    if carried_out(
        request,
        form,
        by,
        "refuse_placement",
        lambda data: {"answers": [one.pk for one in actions.refuse_placement(placement=asked, by=by, at=at, **data)]},
    ):
        said = _("Refused. The child stays where it is, and the reason is seen by those who place it.")
        return done(request, said, "placements")
    if form.is_bound and _waiting(placement_id, by) is None:
        return _over(request, placement_id, by)
    return page(request, "refuse_placement", form, **_shown(asked, by, at))


def end(request: HttpRequest, placement_id: int) -> HttpResponse:
    """Ask no longer, or give a place back that was kept."""
    by, at = desk.needs_one(request, Permission.PLAN_NIGHT, Permission.ANSWER_PLACEMENT), desk.moment(request)
    asked = queries.placement(placement_id, by=by)
    against = next(iter(barred([asked], at=at)), None)
    form = EndPlacementForm(sent(request), initial={"reason": word("barred", against.code) if against else ""})
    if carried_out(
        request,
        form,
        by,
        "end_placement",
        lambda data: actions.end_placement(placement=asked, reason=data["reason"], by=by, at=at),
    ):
        return done(request, _("Called off. The child waits for another place."), "placements")
    return page(
        request,
        "act",
        form,
        title=_("Call a placement off"),
        lead=_("%(place)s is asked no longer for %(child)s; a place that was kept is free again.")
        % {"place": asked.facility.name, "child": asked.child.call_name},
        danger=True,
    )


def _to_answer(request: HttpRequest, by: Actor, at: datetime) -> HttpResponse:
    asked = list(known.to_answer(by))
    levels = known.needs([one.child_id for one in asked])
    groups: dict[Any, list[Any]] = defaultdict(list)
    for one in asked:
        key = (one.facility_id, one.child.siblings_id) if one.child.siblings_id else one.pk
        groups[key].append((one, levels.get(one.child_id, 0), at - one.child.event.found_at >= PLACEMENT_DUE))
    rooms = known.told(list(known.own_homes(by)), at=at)
    coming = known.expected(by)
    return page(request, "placements", groups=list(groups.values()), rooms=rooms, coming=coming, count=len(asked), at=at)


def _desk(request: HttpRequest, by: Actor, at: datetime) -> HttpResponse:
    everybody = queries.waiting(by.jurisdiction)
    tied: dict[int, int] = defaultdict(int)
    for one in everybody:
        if one.child.siblings_id:
            tied[one.child.siblings_id] += 1
    letters = {group: i for i, group in enumerate((g for g, n in tied.items() if n > 1), start=1)}
    waiting: list[dict[str, Any]] = [
        {
            "one": one,
            "tie": letters.get(one.child.siblings_id or 0, 0),
            "late": at - one.since >= PLACEMENT_DUE,
            "soon": at - one.since >= PLACEMENT_DUE / 2,
            "state": known.state(one.placement) if one.placement else "",
        }
        for one in everybody
    ]
    waiting.sort(key=lambda row: row["state"] != "")
    shown = waiting[:MOST_CHILDREN]
    homes = sorted(known.told(list(queries.homes(by.jurisdiction)), at=at), key=lambda told: (-told.free, told.home.code))
    plan = queries.plans(by).first()
    against = barred([one.placement for one in everybody if one.placement is not None], at=at)
    never = {one.placement.pk for one in against}
    jobs = [known.progress(job) for job in known.jobs(by).filter(end__isnull=True)]
    for row in waiting:
        row["barred"] = row["one"].placement is not None and row["one"].placement.pk in never
    goals.lead(shown, plan)
    return page(
        request,
        "placement_desk",
        PlanForm(initial={"nights": USUAL_NIGHTS}),
        waiting=shown,
        map=goals.drawn(shown, homes[:MOST_HOMES]),
        more_children=max(len(waiting) - MOST_CHILDREN, 0),
        unasked=sum(1 for row in waiting if not row["state"]),
        total=len(waiting),
        late=sum(1 for row in waiting if row["late"]),
        homes=homes[:MOST_HOMES],
        more_homes=max(len(homes) - MOST_HOMES, 0),
        free=sum(told.free for told in homes),
        untold=sum(1 for told in homes if not told.trusted),
        surges=queries.surges_waiting(by, at=at),
        barred=against,
        jobs=jobs,
        planning=any(told.job.jurisdiction.path == by.jurisdiction for told in jobs),
        plan=plan,
        unplaced=known.unplaced(plan) if plan else 0,
        at=at,
    )


def _waiting(placement_id: int, by: Actor) -> Any:
    return known.to_answer(by).filter(pk=placement_id).first()


def _over(request: HttpRequest, placement_id: int, by: Actor) -> HttpResponse:
    """The question was called off, or a colleague was quicker: whoever answers it is told so, and sees no more of the child."""
    found = queries.placement(placement_id, by=by)
    if request.method != "POST":
        raise NotFound(placement=placement_id)
    told = sentence("already_ended" if known.state(found) == "ended" else "already_answered")
    messages.warning(request, told.whole)
    return HttpResponseRedirect(reverse("placements"))


def _shown(asked: Any, by: Actor, at: datetime) -> dict[str, Any]:
    """What a home is told of a child that it does not have yet: enough to answer, and no more."""
    return _facts(asked, actions.read_asked(placement_id=asked.pk, by=by, at=at), at)


def _facts(asked: Any, rows: list[Any], at: datetime) -> dict[str, Any]:
    (told,) = known.told([asked.facility], at=at)
    return {"asked": asked, "rows": rows, "told": told, "due": asked.child.event.found_at + PLACEMENT_DUE, "at": at}
