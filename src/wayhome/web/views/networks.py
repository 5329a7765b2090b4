"""What hangs together with a thing that a clue speaks of: a table for everybody, and a drawing where there is a script."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from wayhome.casework.accounts.rules import Permission
from wayhome.casework.clues import actions
from wayhome.casework.clues.queries import network as queries
from wayhome.casework.clues.rules import KINDS
from wayhome.casework.core.actors import Actor
from wayhome.web import desk
from wayhome.web.pages import number_of, page
from wayhome.web.words import word


def network(request: HttpRequest, number: str, n: int) -> HttpResponse:
    """The neighbourhood of a thing, or the shortest way from it to another; a look at either end is an event of the audit."""
    by, at = desk.needs(request, Permission.READ_CLUE), desk.moment(request)
    steps = 2 if request.GET.get("steps") == "2" else 1
    place = queries.Place(number_of(number), n)
    start = actions.look_around(place=place, by=by, at=at)
    whole = queries.neighbourhood(by, place, steps=steps)
    asked = request.GET.get("to", "")
    to, found = _way(by, at, place, asked)
    shown = found or whole
    named = {one.id: one for one in shown.things}
    return page(
        request,
        "network",
        start=start,
        place=place,
        steps=steps,
        things=sorted(shown.things, key=lambda one: (KINDS.index(one.kind) if one.kind in KINDS else -1, one.label)),
        ties=[(named[tie.one], tie, named[tie.other]) for tie in sorted(shown.ties, key=_latest)],
        to=to,
        asked=asked,
        found=found,
        others=[one for one in whole.things if one.mention and one.id != whole.start],
        central=queries.central(whole) if found is None else [],
        more=shown.more,
        cut=shown.cut,
        many=queries.MOST_COUNTED,
        drawn=_drawn(shown),
        roles=[(role, word("clue_role", role)) for role in sorted({tie.role for tie in shown.ties if tie.role})],
    )


def _way(by: Actor, at: datetime, place: queries.Place, typed: str) -> tuple[Any, queries.Network | None]:
    """Where a way was asked to, as a clue's number and a place in it, and the way; nothing where none was asked for."""
    number, _, n = typed.partition("-")
    if not n.isdecimal() or len(n) > 6 or (to := queries.Place(number_of(number), int(n))) == place:
        return None, None
    return actions.look_around(place=to, by=by, at=at), queries.way(by, place, to)


def _latest(tie: queries.Tie) -> tuple[bool, date, str, str]:
    return (tie.on is None, tie.on or date.min, tie.one, tie.other)


def _drawn(told: queries.Network) -> dict[str, Any]:
    """As the page's script draws it."""
    return {
        "nodes": [
            {
                "id": one.id,
                "kind": one.kind,
                "label": one.label,
                "address": reverse("network", args=[f"{one.mention.clue:09d}", one.mention.n]) if one.mention else "",
                "start": one.id == told.start,
            }
            for one in told.things
        ],
        "edges": [
            {
                "source": tie.one,
                "target": tie.other,
                "label": str(word("network_tie", tie.verb)),
                "verb": tie.verb,
                "role": tie.role or "none",
                "on": tie.on.isoformat() if tie.on else "",
            }
            for tie in told.ties
        ],
    }
