"""Clues: what waits, what is taken down, what one says, and what is written into it."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from wayhome.casework.accounts import queries as accounts
from wayhome.casework.accounts.rules import Permission, may
from wayhome.casework.clues import actions
from wayhome.casework.clues.models import Clue
from wayhome.casework.clues.queries import clues as queries
from wayhome.casework.clues.queries import hits
from wayhome.casework.clues.queries.links import proposals
from wayhome.casework.clues.rules import NEXT, STATES
from wayhome.casework.core import keys, numbers
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.errors import Invalid, NotFound
from wayhome.casework.operations.queries.investigations import investigations_of
from wayhome.web import desk
from wayhome.web.forms import clues as forms
from wayhome.web.forms.base import DeskForm
from wayhome.web.lines import Line, read
from wayhome.web.messages import sentence
from wayhome.web.pages import done, number_of, page
from wayhome.web.words import word
from wayhome.web.writing import Work, carried_out, sent

A_PAGE = 50
MOST_NAMED = 4
"""Things that a list names of a clue."""


def clues(request: HttpRequest) -> HttpResponse:
    """Clues that the actor may read, what waits for them first; those that speak of something, where it is looked for."""
    by = desk.needs(request, Permission.READ_CLUE)
    # By POST: no address holds a name.
    form = forms.LookForm(sent(request))
    state = request.GET.get("state", "")
    found = queries.listed(by)
    if form.is_bound and form.is_valid():
        text = form.cleaned_data["text"]
        found = found.filter(pk=number_of(text)) if numbers.is_number(text) else queries.listed(by, queries.clues_like(by, text))
    if state in STATES:
        found = found.filter(**{"state": state})
    shown = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    spoken = queries.spoken_of(by, [one.pk for one in shown])
    return page(
        request,
        "clues",
        form,
        rows=[(one, *_named(spoken[one.pk])) for one in shown],
        shown=shown,
        state=state,
        states=[(one, word("clue_state", one)) for one in STATES],
        looked=form.is_bound,
    )


def record(request: HttpRequest) -> HttpResponse:
    """Somebody tells something."""
    by, at = desk.needs(request, Permission.RECORD_CLUE), desk.moment(request)
    below = accounts.jurisdictions().filter(path__startswith=by.jurisdiction)
    form = forms.ClueForm(sent(request), jurisdictions=below, initial={"received_at": at})
    if answer := _written(
        request, form, by, "record_clue", lambda _data: {"number": actions.record_clue(**form.told(), by=by, at=at).number}
    ):
        return done(request, _("The clue is saved. What it shares with others stands below."), "clue", number=answer["number"])
    return page(request, "record_clue", form, there=[])


@require_POST
def read_lines(request: HttpRequest) -> HttpResponse:
    """What was understood of the lines so far; nothing of it is kept, and nobody is looked for."""
    desk.needs(request, Permission.RECORD_CLUE)
    there = request.POST.get("there", "")
    reading = read(request.POST.get("lines", "")[:20_000], int(there) if there.isdecimal() and len(there) < 4 else 0)
    return JsonResponse({"lines": [_told(line) for line in reading.lines]})


def clue(request: HttpRequest, number: str) -> HttpResponse:
    """A clue; the look is an event of the audit."""
    by, at = desk.needs(request, Permission.READ_CLUE), desk.moment(request)
    found = actions.read_clue(clue_id=number_of(number), by=by, at=at)
    writes = _writes(by, found)
    shared, mentions = proposals(by, found), list(queries.mentions_of(by, found))
    return page(
        request,
        "clue",
        clue=found,
        source=queries.source_of(by, found),
        own=queries.is_own(by, found),
        mentions=mentions,
        as_told=_as_told(mentions),
        edges=list(queries.edges_of(by, found)),
        steps=list(queries.steps_of(by, found)),
        shared=shared,
        hits=hits.hits(by, found),
        compartment=queries.compartment_of(by, found),
        writes=writes,
        judges=may(by.role, Permission.RECORD_CLUE),
        goes_on=writes and bool(NEXT[found.state]),  # type: ignore[attr-defined]
        at=at,
    )


def add(request: HttpRequest, number: str) -> HttpResponse:
    """What was not known yet."""
    by, at, found = _mine(request, number)
    there = list(queries.mentions_of(by, found))
    form = forms.LinesForm(sent(request), there=len(there))

    def work(data: dict[str, Any]) -> dict[str, str]:
        reading = data["lines"]
        actions.add_mentions(clue=found, speaks_of=reading.speaks_of, relations=reading.relations, by=by, at=at)
        return {"number": found.number}

    if _written(request, form, by, "add_mentions", work):
        return done(request, _("It is added. What was told before stays as it is."), "clue", number=found.number)
    return page(request, "add_to_clue", form, clue=found, there=there)


def step(request: HttpRequest, number: str) -> HttpResponse:
    """Bring a clue forward."""
    by, at, found = _mine(request, number)
    states = [state for state in STATES if state in NEXT[found.state]]  # type: ignore[attr-defined]
    form = forms.StepForm(sent(request), states=states, officers=queries.officers_of(by, found))
    if _written(request, form, by, "triage_clue", lambda data: actions.triage(clue=found, **data, by=by, at=at)):
        return done(request, _("The step is saved."), "clue", number=found.number)
    return _act(request, form, found, _("The next step"))


def judge(request: HttpRequest, number: str, other: str) -> HttpResponse:
    """Two clues beside each other, and whether they belong together. Reading both is an event of each."""
    by, at = desk.needs(request, Permission.READ_CLUE), desk.moment(request)
    found = actions.read_clue(clue_id=number_of(number), by=by, at=at)
    second = actions.read_clue(clue_id=number_of(other), by=by, at=at)
    side = may(by.role, Permission.RECORD_CLUE) and any(queries.is_own(by, one) for one in (found, second))
    form = forms.VerdictForm(sent(request)) if side else None

    def work(data: dict[str, Any]) -> Any:
        return actions.judge_pair(clue=found, other=second, confirmed="no" not in request.POST, note=data["note"], by=by, at=at)

    if form is not None and _written(request, form, by, "judge_clues", work):
        return done(request, _("What you said of the two clues is on record."), "clue", number=found.number)
    pair = [(one, list(queries.mentions_of(by, one))) for one in (found, second)]
    return page(
        request,
        "judge_clues",
        form,
        clue=found,
        pair=pair,
        as_told=_as_told(pair[0][1]),
        told=next((one for one in proposals(by, found).found if one.other.pk == second.pk), None),
        said=list(queries.verdicts_of(by, found, second)),
        two=found.jurisdiction_id != second.jurisdiction_id,
    )


def _as_told(mentions: list[Any]) -> dict[tuple[str, str], str]:
    """By the key of a number, plate or address how this clue has it: what is compared is made for no reader."""
    facts = [fact for one in mentions for fact in one.facts.all() if fact.kind in keys.CONTACT_KINDS]
    return {key: fact.value for fact in reversed(facts) for key in keys.keys_of(fact.kind, fact.value)}


def open_to(request: HttpRequest, number: str, code: str) -> HttpResponse:
    """Agree that the agency of a hit reads this clue."""
    by, at, found = _mine(request, number)
    hit = next((one for one in hits.hits(by, found) if one.agency == code), None)
    agency = next((one for one in accounts.agencies() if one.code == code), None)
    if hit is None or agency is None:
        raise NotFound(agency=code)
    form = forms.OpenForm(sent(request))

    def work(_data: dict[str, Any]) -> dict[str, str]:
        actions.agree_to_open(clue=found, agency=agency, by=by, at=at)
        return {"number": found.number}

    if _written(request, form, by, "agree_to_open", work):
        said = _("You agreed. When the other side has agreed too, each reads the other's clue.")
        return done(request, said, "clue", number=found.number)
    lead = _(
        "%(agency)s reads this clue once it has agreed too, and you read theirs."
        " Who told it stays with you. It cannot be taken back."
    )
    return _act(request, form, found, _("Agree to open"), lead=lead % {"agency": hit.name}, warned=True)


def shut(request: HttpRequest, number: str) -> HttpResponse:
    """Put a clue into the compartment of an investigation."""
    by, at, found = _mine(request, number)
    form = forms.ShutForm(sent(request), investigations=investigations_of(by))

    def work(data: dict[str, Any]) -> dict[str, str]:
        actions.put_in_compartment(clue=found, investigation=data["investigation"], by=by, at=at)
        return {"number": found.number}

    if _written(request, form, by, "put_in_compartment", work):
        return done(request, _("The task force alone knows of this clue now."), "clue", number=found.number)
    lead = _("From then on only the task force knows that this clue is there. It cannot be taken out again.")
    return _act(request, form, found, _("Put it in a compartment"), lead=lead, warned=True)


def _mine(request: HttpRequest, number: str) -> tuple[Actor, datetime, Clue]:
    """Who writes into a clue that they may read."""
    by = desk.needs(request, Permission.RECORD_CLUE)
    return by, desk.moment(request), queries.clue_of(by, number_of(number))


def _writes(by: Actor, found: Clue) -> bool:
    return may(by.role, Permission.RECORD_CLUE) and queries.is_own(by, found)


def _written(request: HttpRequest, form: DeskForm, by: Actor, action: str, work: Work) -> dict[str, Any] | None:
    def told(data: dict[str, Any]) -> Any:
        try:
            return work(data)
        except Invalid as wrong:
            raise forms.in_lines(form, wrong) from wrong

    return carried_out(request, form, by, action, told)


def _act(request: HttpRequest, form: DeskForm, found: Clue, title: str, **more: Any) -> HttpResponse:
    return page(request, "act", form, title=title, back=reverse("clue", args=[found.number]), **more)


def _named(mentions: list[Any]) -> tuple[list[Any], int]:
    """What a list says of what a clue speaks of: a few by name, and of victims only that there are some."""
    named = [one for one in mentions if one.kind != "victim"]
    kinds = Counter(one.kind for one in mentions)
    return named[:MOST_NAMED], kinds["victim"]


def _told(line: Line) -> dict[str, Any]:
    """A line as the page's script shows it."""
    told = line.told
    facts = [{"kind": str(word("clue_fact", kind)), "value": value} for kind, value in told.facts] if told else []
    relation = line.relation
    said = ""
    if relation is not None:
        way = (
            ""
            if relation.origin is None or relation.destination is None
            else f"{relation.origin + 1} → {relation.destination + 1}"
        )
        role = str(word("clue_role", relation.role)) if relation.role else ""
        day = relation.on.isoformat() if relation.on else ""
        parts = [f"{relation.one + 1} {word('clue_verb', relation.verb)} {relation.other + 1}", role, day, way]
        said = " · ".join(part for part in parts if part)
    return {
        "at": line.at,
        "n": line.n,
        "kind": str(word("clue_kind", told.kind)) if told else "",
        "facts": facts,
        "said": said,
        "wrong": str(sentence(line.wrong).what) if line.wrong else "",
    }
