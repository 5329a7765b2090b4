"""Exclusions: entered, listed, asked for. Nothing here lifts one, and nothing anywhere does."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from wayhome.casework.accounts.rules import Permission
from wayhome.casework.core.actors import Actor
from wayhome.casework.custody import actions as custody_actions
from wayhome.casework.custody import queries as custody
from wayhome.casework.custody.known import exclusions_of
from wayhome.casework.operations import actions as operations_actions
from wayhome.casework.operations import queries as operations
from wayhome.web import desk
from wayhome.web.forms.exclusions import ExcludeForm, ScreenForm
from wayhome.web.pages import done, number_of, page
from wayhome.web.writing import carried_out, sent

A_PAGE = 50


def exclusions(request: HttpRequest) -> HttpResponse:
    """The list, and a look whether somebody would meet one."""
    by, at = desk.needs(request, Permission.READ_EXCLUSIONS), desk.moment(request)
    # Asked by POST: no name stands in an address or a log.
    form = ScreenForm(sent(request))
    found = None
    if form.is_bound and form.is_valid():
        found = custody_actions.screen(kind=form.cleaned_data["kind"], value=form.cleaned_data["value"], by=by, at=at)
    known = exclusions_of(by, at=at).select_related("by__agency").order_by("-at", "-pk")
    mine = set(known.values_list("pk", flat=True)) if found else set()
    # Of those entered elsewhere the answer tells that they are met, and neither how many they are nor when they came.
    foreign = sorted({str(match) for one, match in found or () if one.pk not in mine})
    shown = Paginator(known, A_PAGE).get_page(request.GET.get("page"))
    named = {one.child_id for one in (*shown, *(one for one, _match in found or ())) if one.child_id}
    visible = custody.visible_among(named, by=by, at=at)
    return page(request, "exclusions", form, found=found, mine=mine, foreign=foreign, shown=shown, visible=visible, at=at)


def enter(request: HttpRequest) -> HttpResponse:
    """One more."""
    by, at = desk.needs(request, Permission.ENTER_EXCLUSION), desk.moment(request)
    known = operations.person_of(by, int(request.GET["person"])) if request.GET.get("person", "").isdecimal() else None
    initial = {"subject": "person", "value": known.label, "person": known.pk} if known else {}
    form = ExcludeForm(sent(request), operations=operations.operations_of(by), initial=initial)
    if carried_out(request, form, by, "exclude", lambda data: _exclude(data, by, at)):
        return done(request, _("Excluded. From this moment nobody can hand a child there."), "exclusions")
    return page(
        request,
        "act",
        form,
        at=at,
        title=_("Exclude somebody or something"),
        danger=True,
        lead=_("An exclusion is never lifted: not by you, not by a supervisor, not by an administrator. Check the spelling."),
    )


def _exclude(data: dict[str, Any], by: Actor, at: datetime) -> dict[str, int]:
    child = custody.visible_child(number_of(data["child"]), by=by, at=at) if data["scope"] == "child" else None
    operation = data["operation"] if data["scope"] == "operation" else None
    common: dict[str, Any] = {
        "ground": data["ground"],
        "scope": data["scope"],
        "child": child,
        "operation": operation,
        "note": data["note"],
        "by": by,
        "at": at,
    }
    if data["subject"] != "person":
        return {"id": custody_actions.exclude(subject=data["subject"], value=data["value"], **common).pk}
    return {"id": custody_actions.exclude(person=_person(data, by, at), **common).pk}


def _person(data: dict[str, Any], by: Actor, at: datetime) -> Any:
    """The person on record whose page this came from; a record of their own for anybody else: keys do the recognising."""
    if data["person"]:
        return operations.person_of(by, data["person"])
    name, number = data["value"].strip(), data["id_number"].strip()
    facts = [("name", name)] + ([("id", number)] if number else [])
    return operations_actions.record_person(label=name, facts=facts, by=by, at=at)
