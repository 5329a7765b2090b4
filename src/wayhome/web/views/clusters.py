"""What clues are of one: those that were joined to one another, and those that may be."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from wayhome.casework.accounts.rules import Permission
from wayhome.casework.clues.queries import clues as queries
from wayhome.casework.clues.queries.links import cluster as joined
from wayhome.web import desk
from wayhome.web.pages import number_of, page


def cluster(request: HttpRequest, number: str) -> HttpResponse:
    """The clues that hang together with one: confirmed, or proposed as well."""
    by = desk.needs(request, Permission.READ_CLUE)
    found = queries.clue_of(by, number_of(number))
    proposed = request.GET.get("which", "proposed") != "confirmed"
    told = joined(by, found, proposed=proposed)
    rows = {one.pk: one for one in queries.clues_of(by).filter(pk__in=told.clues)}
    spoken = queries.spoken_of(by, list(rows))
    pairs = [(rows[one], rows[other], how) for one, other, how in told.pairs if one in rows and other in rows]
    return page(
        request,
        "cluster",
        clue=found,
        rows=[(rows[pk], [one for one in spoken[pk] if one.kind != "victim"]) for pk in told.clues if pk in rows],
        pairs=pairs,
        more=told.more,
        proposed=proposed,
    )
