"""The ledger of alleged victims: children known from evidence, what became of them, and who is still looked for."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from wayhome.casework.accounts.rules import Permission
from wayhome.casework.children import queries as children
from wayhome.casework.core.errors import Invalid, NotFound
from wayhome.casework.custody import actions as custody_actions
from wayhome.casework.custody import queries as custody
from wayhome.casework.operations import actions
from wayhome.casework.operations.queries import investigations as queries
from wayhome.casework.operations.queries.victims import victim_of
from wayhome.web import desk
from wayhome.web.flow import flow
from wayhome.web.forms.investigations import VictimForm, VictimStateForm, VictimTieForm, VictimUntieForm
from wayhome.web.pages import number_of, page
from wayhome.web.views.investigations import of_investigation
from wayhome.web.writing import sent

SHOWN = ("rescued", "located", "unseen", "disproved")
"""What may be known of an alleged victim, in the order of the picture; those that never were stand beside it."""


def ledger(request: HttpRequest, number: str) -> HttpResponse:
    """How many were moved, and what became of each; the look is an event of the audit."""
    by, at = desk.needs(request, Permission.READ_INVESTIGATION), desk.moment(request)
    found = actions.read_investigation(investigation_id=number_of(number), by=by, at=at)
    told = children.ledger(by, found.pk)
    rows = [(one, "rescued" if tie else one.said, tie) for one, tie in told.victims]
    wanted = request.GET.get("state", "")
    counts = Counter(state for _one, state, _tie in rows)
    twice = counts["rescued"] - told.rescued
    parts = {**counts, "rescued": told.rescued, "twice": twice}
    return page(
        request,
        "ledger",
        found=found,
        told=told,
        twice=twice,
        picture=flow((state, parts.get(state, 0)) for state in ("rescued", "twice", "located", "unseen")),
        rows=[row for row in rows if wanted not in SHOWN or row[1] == wanted],
        wanted=wanted if wanted in SHOWN else "",
        states=[(state, counts[state]) for state in SHOWN],
        visible=custody.visible_among({tie.child_id for _one, _state, tie in rows if tie}, by=by, at=at),
        writes=queries.is_member(by, found.pk, "lead", "member"),
        at=at,
    )


def tell_victim(request: HttpRequest, number: str) -> HttpResponse:
    """A child that evidence tells of."""
    form = VictimForm(sent(request))
    return of_investigation(
        request,
        number,
        form,
        action="tell_victim",
        work=lambda found, data, **who: actions.tell_victim(investigation=found, **data, **who),
        said=_("It is on the ledger, and is looked for from now on."),
        to="ledger",
        title=_("A child that evidence tells of"),
        lead=_("One entry for each child, whether anybody has seen it or not."),
    )


def tell_victim_state(request: HttpRequest, victim_id: int) -> HttpResponse:
    """What became known of it."""
    victim = _victim(request, victim_id)
    form = VictimStateForm(sent(request), initial={"state": victim.said})
    return of_investigation(
        request,
        victim.investigation.number,
        form,
        action="tell_victim_state",
        work=lambda _found, data, **who: actions.tell_state(victim=victim, **data, **who),
        said=_("Recorded. What was known before stays on record."),
        to="ledger",
        title=_("What became known of it?"),
        lead=victim.evidence,
    )


def tie_victim(request: HttpRequest, victim_id: int) -> HttpResponse:
    """Which child it is."""
    victim = _victim(request, victim_id)
    form = VictimTieForm(sent(request))

    def work(_found: Any, data: dict[str, Any], **who: Any) -> Any:
        try:
            return custody_actions.tie_victim(victim=victim, child_id=data["child"], **who)
        except NotFound:
            raise Invalid({"child": "not_found"}) from None

    return of_investigation(
        request,
        victim.investigation.number,
        form,
        action="tie_victim",
        work=work,
        said=_("One child less is looked for."),
        to="ledger",
        title=_("Which child is it?"),
        lead=victim.evidence,
    )


def untie_victim(request: HttpRequest, victim_id: int) -> HttpResponse:
    """It is not that child after all."""
    victim = _victim(request, victim_id)
    form = VictimUntieForm(sent(request))
    return of_investigation(
        request,
        victim.investigation.number,
        form,
        action="untie_victim",
        work=lambda _found, data, **who: custody_actions.untie_victim(victim=victim, **data, **who),
        said=_("It is looked for again."),
        to="ledger",
        title=_("Not this child after all?"),
        lead=victim.evidence,
    )


def _victim(request: HttpRequest, victim_id: int) -> Any:
    return victim_of(desk.needs(request, Permission.RECORD_OPERATION), victim_id)
