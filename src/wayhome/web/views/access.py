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
from wayhome.web.band import child_page
from wayhome.web.forms.access import AdmitForm, AssignForm, EndForm, SiblingsForm
from wayhome.web.pages import done, existing, number_of, page
from wayhome.web.recognise import anybody, at_work
from wayhome.web.writing import carried_out, sent

A_PAGE = 30


def admit(request: HttpRequest, facility_id: int) -> HttpResponse:
    """Let a visitor, volunteer carer or official in, and see who was."""
    by, at = desk.needs(request, Permission.ADMIT_VISITOR), desk.moment(request)
    facility = existing(accounts.open_facilities().filter(agency_id=by.agency_id, pk=facility_id).first(), facility=facility_id)
    form = AdmitForm(sent(request), initial={"child": request.GET.get("child", "")})
    if carried_out(request, form, by, "admit", lambda _data: _let_in(facility, form, by, at)):
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
    form = AssignForm(sent(request))
    if carried_out(request, form, by, "assign", lambda data: _assign(child, data["staff"], by, at)):
        return done(request, _("Assigned: they may read the file from now on."), "assignments", number=child.number)
    return child_page(
        request, "assignments", form, child, by, assignments=known.assignments(child).select_related("staff__agency", "by")
    )


def _assign(child: Any, typed: str, by: Actor, at: datetime) -> dict[str, int]:
    staff = at_work(typed, field="staff")
    return {"id": custody_actions.assign(child=child, staff=staff, by=by, at=at).pk}


def end_assignment(request: HttpRequest, assignment_id: int) -> HttpResponse:
    """The work is over, and with it the need to know."""
    by, at = desk.needs(request, Permission.ASSIGN), desk.moment(request)
    found = known.assignment(assignment_id, by=by, at=at)
    child = found.child
    form = EndForm(sent(request))
    if carried_out(
        request, form, by, "end_assignment", lambda _data: custody_actions.end_assignment(assignment=found, by=by, at=at)
    ):
        return done(request, _("Ended: the file is closed to them."), "assignments", number=child.number)
    return child_page(
        request,
        "act",
        form,
        child,
        by,
        title=_("End the assignment"),
        lead=_("%(name)s of %(agency)s works on this case no longer.")
        % {"name": found.staff.name, "agency": found.staff.agency.name},
    )


def siblings(request: HttpRequest, number: str) -> HttpResponse:
    """Twins and siblings are placed together, and looked for together."""
    by, at = desk.needs(request, Permission.DESCRIBE_CHILD), desk.moment(request)
    child = custody.visible_child(number_of(number), by=by, at=at)
    form = SiblingsForm(sent(request))
    if carried_out(request, form, by, "group_siblings", lambda data: _group(child, data, by, at)):
        return done(request, _("Recorded: they belong together."), "child", number=child.number)
    return child_page(
        request,
        "act",
        form,
        child,
        by,
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
