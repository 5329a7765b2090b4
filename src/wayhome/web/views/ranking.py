"""Families without DNA for a child, ranked on what is known beside it, and whose sample to ask for."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from wayhome.casework.accounts.rules import Permission
from wayhome.casework.matching.actions import ranking as actions
from wayhome.casework.matching.queries import ranking as queries
from wayhome.casework.matching.report import kin
from wayhome.casework.matching.report.numbers import Numbers
from wayhome.web import desk
from wayhome.web.pages import number_of, page
from wayhome.web.waterfall import Waterfall, waterfall


@dataclass(frozen=True, slots=True)
class Row:
    """A family as the page shows it; of whom to ask for a sample, and whether they agreed to one."""

    number: str
    posterior: str
    waterfall: Waterfall
    ask: tuple[tuple[str, bool], ...]


def ranking(request: HttpRequest, number: str) -> HttpResponse:
    """The likeliest first. The look is an event of the audit."""
    by, at = desk.needs(request, Permission.READ_CANDIDATE), desk.moment(request)
    child_id = number_of(number)
    found = actions.open_ranking(child_id=child_id, by=by, at=at)
    asked = queries.to_ask([one.request.pk for one in found], at=at)
    numbers = Numbers(get_language() or "en")
    rows = [
        Row(
            one.request.number,
            numbers.probability(one.posterior),
            waterfall(one.stages, one.evidence.findings, numbers),
            _ask(asked.get(one.request.pk)),
        )
        for one in found
    ]
    return page(
        request,
        "ranking",
        number=f"{child_id:09d}",
        rows=rows,
        weighed=found[0].weighed if found else 0,
        most=queries.MOST_WEIGHED,
    )


def _ask(told: queries.ToAsk | None) -> tuple[tuple[str, bool], ...]:
    if told is None:
        return ()
    codes = kin.kin(told.pedigree, told.missing)
    return tuple((str(kin.WORDS[codes[one]]), one in told.agreed) for one in told.members)
