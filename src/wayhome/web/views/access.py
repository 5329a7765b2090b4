"""Who comes in to a house, who works on a case, and which children belong together."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from wayhome.casework.accounts import queries as accounts
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.children import actions as children_actions
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.errors import Invalid, NotFound
from wayhome.casework.custody import actions as custody_actions
from wayhome.casework.custody import known
from wayhome.casework.custody import queries as custody
from wayhome.casework.operations import queries as operations
from wayhome.web import desk
from wayhome.web.band import band
from wayhome.web.forms.access import AdmitForm, AssignForm, EndForm, SiblingsForm
from wayhome.web.pages import done, number_of, page
from wayhome.web.recognise import anybody
from wayhome.web.writing import submit

A_PAGE = 30


def admit(request: HttpRequest, facility_id: int) -> HttpResponse:
    """Let a visitor, volunteer carer or official in, and see who was."""
    by, at = desk.needs(request, Permission.ADMIT_VISITOR), desk.moment(request)
    facility = accounts.open_facilities().filter(agency_id=by.agency_id, pk=facility_id).first()
    if facility is None:
        raise NotFound(facility=facility_id)
    form = AdmitForm(request.POST or None, initial={"child": request.GET.get("child", "")})
    if request.method == "POST" and form.is_valid():
        answer = submit(request, form, by=by, action="admit", work=lambda: _let_in(facility, form, by, at))
        if answer is not None:
            return done(request, _("Let in. No exclusion was met."), "admit", facility_id=facility_id)
    shown = Paginator(known.admissions(facility), A_PAGE).get_page(request.GET.get("page"))
    return page(
        request,
        "visitors",
        form,
        facility=facility,
        shown=shown,
        # Somebody whom another agency recorded is a number here: a visit is no way to read about them.
        readable=set(operations.persons_of(by).filter(pk__in=[one.person_id for one in shown]).values_list("pk", flat=True)),
        visible=custody.visible_among({one.child_id for one in shown if one.child_id}, by=by, at=at),
        at=at,
    )


def _let_in(facility: Any, form: AdmitForm, by: Actor, at: datetime) -> dict[str, int]:
    data, facts = form.cleaned_data, form.facts()
    if data["person"] and facts:
        raise Invalid({"person": "person_twice"})
    child = None
    if data["child"]:
        try:
            child = custody.visible_child(number_of(data["child"]), by=by, at=at)
        except NotFound:
            raise Invalid({"child": "not_found"}) from None
    person = None if facts else anybody(by, data["person"], field="person", source="visitor", at=at)
    admission = custody_actions.admit(
        facility=facility, person=person, facts=facts, purpose=data["purpose"], child=child, by=by, at=at
    )
    return {"id": admission.pk}


def assignments(request: HttpRequest, number: str) -> HttpResponse:
    """Who works on the case of a child: whoever does may read its file."""
    by, at = desk.needs(request, Permission.ASSIGN), desk.moment(request)
    child = custody.visible_child(number_of(number), by=by, at=at)
    form = AssignForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data["staff"]
        answer = submit(request, form, by=by, action="assign", work=lambda: _assign(child, typed, by, at))
        if answer is not None:
            return done(request, _("Assigned: they may read the file from now on."), "assignments", number=child.number)
    return page(
        request,
        "assignments",
        form,
        band=band(child, by=by, at=at),
        child=child,
        assignments=known.assignments(child).select_related("staff__agency", "by"),
        at=at,
    )


def _assign(child: Any, typed: str, by: Actor, at: datetime) -> dict[str, int]:
    try:
        staff = accounts.staff_member(typed.strip())
    except NotFound:
        raise Invalid({"staff": "nobody_at_work"}) from None
    return {"id": custody_actions.assign(child=child, staff=staff, by=by, at=at).pk}


def end_assignment(request: HttpRequest, assignment_id: int) -> HttpResponse:
    """The work is over, and with it the need to know."""
    by, at = desk.needs(request, Permission.ASSIGN), desk.moment(request)
    found = known.assignment(assignment_id, by=by, at=at)
    child = found.child
    form = EndForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        answer = submit(
            request,
            form,
            by=by,
            action="end_assignment",
            work=lambda: {"id": custody_actions.end_assignment(assignment=found, by=by, at=at).pk},
        )
        if answer is not None:
            return done(request, _("Ended: the file is closed to them."), "assignments", number=child.number)
    return page(
        request,
        "act",
        form,
        band=band(child, by=by, at=at),
        child=child,
        at=at,
        title=_("End the assignment"),
        lead=_("%(name)s of %(agency)s works on this case no longer.")
        % {"name": found.staff.name, "agency": found.staff.agency.name},
    )


def siblings(request: HttpRequest, number: str) -> HttpResponse:
    """Twins and siblings are placed together, and looked for together."""
    by, at = desk.needs(request, Permission.DESCRIBE_CHILD), desk.moment(request)
    child = custody.visible_child(number_of(number), by=by, at=at)
    form = SiblingsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        answer = submit(request, form, by=by, action="group_siblings", work=lambda: _group(child, form.cleaned_data, by, at))
        if answer is not None:
            return done(request, _("Recorded: they belong together."), "child", number=child.number)
    return page(
        request,
        "act",
        form,
        band=band(child, by=by, at=at),
        child=child,
        at=at,
        title=_("Brothers and sisters"),
        lead=_("Children of one group are placed together. Those who were grouped with one of them before come along."),
    )


def _group(child: Any, data: dict[str, Any], by: Actor, at: datetime) -> dict[str, int]:
    try:
        others = [custody.visible_child(number_of(one), by=by, at=at) for one in data["others"]]
    except NotFound:
        raise Invalid({"others": "not_found"}) from None
    try:
        return {"id": children_actions.group_siblings(children=[child, *others], ground=data["ground"], by=by, at=at).pk}
    except Invalid as wrong:
        raise Invalid({"others" if name == "children" else name: code for name, code in wrong.fields.items()}) from wrong
