"""What hangs together with a thing that a clue speaks of: a table for everybody, and a drawing where there is a script."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse

from wayhome.casework.accounts.rules import Permission
from wayhome.casework.clues import actions
from wayhome.casework.clues.queries import network as queries
from wayhome.casework.clues.rules import KINDS
from wayhome.casework.core.actors import Actor
from wayhome.web import desk
from wayhome.web.pages import page
from wayhome.web.words import word


def network(request: HttpRequest, mention_id: int) -> HttpResponse:
    """The neighbourhood of a thing, or the shortest way from it to another; a look at either end is an event of the audit."""
    by, at = desk.needs(request, Permission.READ_CLUE), desk.moment(request)
    steps = 2 if request.GET.get("steps") == "2" else 1
    start = actions.look_around(mention_id=mention_id, by=by, at=at)
    whole = queries.neighbourhood(by, mention_id, steps=steps)
    to, found = _way(by, at, mention_id, request.GET.get("to", ""))
    shown = found or whole
    named = {one.id: one for one in shown.things}
    return page(
        request,
        "network",
        start=start,
        steps=steps,
        things=sorted(shown.things, key=lambda one: (KINDS.index(one.kind) if one.kind in KINDS else -1, one.label)),
        ties=[(named[tie.one], tie, named[tie.other]) for tie in sorted(shown.ties, key=_latest)],
        to=to,
        found=found,
        others=[one for one in whole.things if one.mention and one.id != whole.start],
        central=queries.central(whole) if found is None else [],
        more=shown.more,
        cut=shown.cut,
        many=queries.MOST_COUNTED,
        drawn=_drawn(shown),
        roles=[(role, word("clue_role", role)) for role in sorted({tie.role for tie in shown.ties if tie.role})],
    )


def _way(by: Actor, at: datetime, mention_id: int, typed: str) -> tuple[Any, queries.Network | None]:
    """Where a way was asked to, and the way; nothing where none was asked for."""
    if not typed.isdecimal() or len(typed) > 15 or int(typed) == mention_id:
        return None, None
    to = actions.look_around(mention_id=int(typed), by=by, at=at)
    return to, queries.way(by, mention_id, to.pk)


def _latest(tie: queries.Tie) -> tuple[bool, date, str, str]:
    return (tie.on is None, tie.on or date.min, tie.one, tie.other)


def _drawn(told: queries.Network) -> dict[str, Any]:
    """As the page's script draws it."""
    return {
        "nodes": [
            {"id": one.id, "kind": one.kind, "label": one.label, "mention": one.mention, "start": one.id == told.start}
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
