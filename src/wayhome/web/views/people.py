"""Adults around the children: recorded, tied, recognised again. Listed only when asked for."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from wayhome.casework.accounts.rules import Permission, may
from wayhome.casework.core.errors import Invalid
from wayhome.casework.custody import actions as custody
from wayhome.casework.operations import actions, queries
from wayhome.web import desk
from wayhome.web.forms.people import FactForm, LookForm, PersonForm, TieForm
from wayhome.web.pages import done, page
from wayhome.web.writing import carried_out, sent

MOST = 30


def people(request: HttpRequest) -> HttpResponse:
    """Look for somebody; nobody is listed unasked."""
    by = desk.needs(request, Permission.RECORD_PERSON)
    form = LookForm(sent(request))
    found = list(queries.persons_found(form.cleaned_data["text"], by)[:MOST]) if form.is_bound and form.is_valid() else None
    return page(request, "people", form, found=found)


def record(request: HttpRequest) -> HttpResponse:
    """Somebody new."""
    by, at = desk.needs(request, Permission.RECORD_PERSON), desk.moment(request)
    form = PersonForm(sent(request))

    def work(data: dict[str, Any]) -> Any:
        facts = form.facts()
        if not facts:
            raise Invalid({"fact_name": "person_unknown"})
        try:
            return actions.record_person(label=data["label"], facts=facts, source=data["source"], by=by, at=at)
        except Invalid as wrong:
            raise Invalid(
                {name if name in form.fields else f"fact_{name}": code for name, code in wrong.fields.items()}
            ) from wrong

    if answer := carried_out(request, form, by, "record_person", work):
        return done(request, _("The person is recorded."), "person", person_id=answer["id"])
    return page(
        request, "act", form, title=_("Record a person"), at=at, lead=_("At least one fact by which they are recognised again.")
    )


def person(request: HttpRequest, person_id: int) -> HttpResponse:
    """What is known of somebody."""
    by = desk.needs(request, Permission.RECORD_PERSON)
    found = queries.person_of(by, person_id)
    return page(
        request,
        "person",
        person=found,
        facts=found.facts.select_related("by__agency").order_by("kind", "pk"),
        ties=found.ties.select_related("other").order_by("kind", "pk"),
        match=custody.screen_person(person=found, by=by, at=desk.moment(request))
        if may(by.role, Permission.READ_EXCLUSIONS)
        else None,
    )


def fact(request: HttpRequest, person_id: int) -> HttpResponse:
    """One thing more."""
    by, at = desk.needs(request, Permission.RECORD_PERSON), desk.moment(request)
    found = queries.person_of(by, person_id)
    form = FactForm(sent(request))

    def work(data: dict[str, Any]) -> Any:
        try:
            return actions.add_fact(person=found, by=by, at=at, **data)
        except Invalid as wrong:
            raise Invalid({name if name in form.fields else "value": code for name, code in wrong.fields.items()}) from wrong

    if carried_out(request, form, by, "add_fact", work):
        return done(request, _("The fact is added. Facts are never taken away."), "person", person_id=person_id)
    return page(request, "act", form, title=_("Add a fact"), at=at, person=found)


def tie(request: HttpRequest, person_id: int) -> HttpResponse:
    """Kin or household: who may not have a child keeps their kin from it too."""
    by, at = desk.needs(request, Permission.RECORD_PERSON), desk.moment(request)
    found = queries.person_of(by, person_id)
    form = TieForm(sent(request))
    if carried_out(
        request,
        form,
        by,
        "tie",
        lambda data: actions.tie(
            person=found,
            other=queries.person_of(by, data["other"]),
            kind=data["kind"],
            source=data["source"],
            by=by,
            at=at,
        )[0],
    ):
        return done(request, _("The two are tied."), "person", person_id=person_id)
    return page(
        request,
        "act",
        form,
        title=_("Tie two people"),
        at=at,
        person=found,
        lead=_("Kin and household of an excluded person are kept from children too."),
    )
