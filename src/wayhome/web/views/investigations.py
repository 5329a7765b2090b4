"""Investigations: there for whoever belongs to their task force, and for nobody else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from wayhome.casework.accounts import queries as accounts
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.children import queries as children
from wayhome.casework.core.errors import Invalid, NotFound
from wayhome.casework.operations import actions
from wayhome.casework.operations import queries as operations
from wayhome.casework.operations.queries import investigations as queries
from wayhome.casework.operations.queries.joint import plans_of
from wayhome.web import desk
from wayhome.web.forms.base import DeskForm
from wayhome.web.forms.investigations import (
    InvestigationForm,
    LeadForm,
    MemberEndForm,
    MemberForm,
    NamedLeadForm,
    OperationTieForm,
    OperationUntieForm,
    SupervisionForm,
)
from wayhome.web.pages import done, existing, number_of, page
from wayhome.web.recognise import at_work
from wayhome.web.writing import carried_out, sent


def investigations(request: HttpRequest) -> HttpResponse:
    """Those of the actor."""
    by = desk.needs(request, Permission.READ_INVESTIGATION)
    return page(request, "investigations", rows=queries.investigations_of(by))


def open_investigation(request: HttpRequest) -> HttpResponse:
    """A new one, which the actor leads."""
    by, at = desk.needs(request, Permission.RECORD_OPERATION), desk.moment(request)
    form = InvestigationForm(sent(request), jurisdictions=accounts.jurisdictions())
    if answer := carried_out(
        request, form, by, "open_investigation", lambda data: {"number": actions.open_investigation(by=by, at=at, **data).number}
    ):
        said = _("The investigation is open, and nobody knows of it but you.")
        return done(request, said, "investigation", number=answer["number"])
    return page(
        request,
        "act",
        form,
        title=_("Open an investigation"),
        lead=_("Only its task force will know that it is there: nobody above you, no colleague, no administrator."),
        back=reverse("investigations"),
    )


def investigation(request: HttpRequest, number: str) -> HttpResponse:
    """Its task force, units and operations; the look is an event of the audit."""
    by, at = desk.needs(request, Permission.READ_INVESTIGATION), desk.moment(request)
    found = actions.read_investigation(investigation_id=number_of(number), by=by, at=at)
    members = list(queries.task_force(by, found.pk))
    return page(
        request,
        "investigation",
        found=found,
        members=members,
        units=Counter(row.staff.agency for row in members if row.now).items(),
        supervision=getattr(found, "supervision", None),
        ways_in=queries.ways_in(by, found.pk),
        leaderless=not any(row.now and row.function == "lead" for row in members),
        ties=queries.operations_tied(by, found.pk),
        plans=plans_of(by, found.pk),
        told=children.ledger(by, found.pk),
        mine=by.staff_id,
        leads=queries.is_member(by, found.pk, "lead"),
        at=at,
    )


def supervise(request: HttpRequest, number: str) -> HttpResponse:
    """The ministry supervises it."""
    today = timezone.localtime(desk.moment(request)).date()
    form = SupervisionForm(sent(request), initial={"since": today})
    return of_investigation(
        request,
        number,
        form,
        action="supervise",
        work=lambda found, data, **who: actions.supervise(investigation=found, **data, **who),
        said=_("Recorded. You can take the ministry's supervisors in now."),
        title=_("The ministry supervises it"),
        lead=_("From now on supervisors of the ministry may belong to the task force. That is not taken back."),
    )


def add_member(request: HttpRequest, number: str) -> HttpResponse:
    """Somebody for the task force."""
    form = MemberForm(sent(request))

    def work(found: Any, data: dict[str, Any], **who: Any) -> Any:
        return actions.add_member(
            investigation=found, staff=at_work(data["staff"], field="staff"), function=data["function"], **who
        )

    return of_investigation(
        request,
        number,
        form,
        action="add_member",
        work=work,
        said=_("They belong to the task force, and can read all of it from now on."),
        title=_("Take somebody in"),
        lead=_("Whoever belongs to it reads everything in it, what was written before too."),
    )


def end_member(request: HttpRequest, number: str, member_id: int) -> HttpResponse:
    """Somebody leaves the task force."""
    by = desk.needs(request, Permission.RECORD_OPERATION)
    row = existing(queries.task_force(by, number_of(number)).filter(pk=member_id, now=True).first(), member=member_id)
    form = MemberEndForm(sent(request))
    return of_investigation(
        request,
        number,
        form,
        action="end_member",
        work=lambda found, _data, **who: actions.end_member(investigation=found, staff=row.staff, **who),
        said=_("They belong to it no longer, and it is not there for them."),
        to="investigations" if row.staff_id == by.staff_id else "investigation",
        title=_("Take somebody out"),
        lead=_("%(name)s of %(agency)s will read nothing of it from now on.")
        % {"name": row.staff.name, "agency": row.staff.agency.name},
    )


def hand_over_lead(request: HttpRequest, number: str) -> HttpResponse:
    """Somebody leads the task force from now on."""
    form = LeadForm(sent(request), initial={"staff": request.GET.get("staff", "")})

    def work(found: Any, data: dict[str, Any], **who: Any) -> Any:
        return actions.hand_over_lead(
            investigation=found, staff=at_work(data["staff"], field="staff"), leave=data["leave"], **who
        )

    return of_investigation(
        request,
        number,
        form,
        action="hand_over_lead",
        work=work,
        said=_("They lead the task force from now on."),
        to="investigations" if request.POST.get("leave") else "investigation",
        title=_("Hand over the lead"),
        lead=_("A police officer, from the task force or from outside. Leads take people in and out."),
    )


def name_lead(request: HttpRequest) -> HttpResponse:
    """The ministry names a lead where it supervises and none is at work."""
    by, at = desk.needs(request, Permission.DIRECT_OPERATION), desk.moment(request)
    form = NamedLeadForm(sent(request), initial={"number": request.GET.get("number", "")})

    def work(data: dict[str, Any]) -> Any:
        try:
            which = number_of(data["number"])
            queries.without_lead(by, which)
        except NotFound:
            raise Invalid({"number": "no_such_investigation"}) from None
        staff = at_work(data["staff"], field="staff")
        return actions.name_lead(investigation_id=which, staff=staff, reason=data["reason"], by=by, at=at)

    if carried_out(request, form, by, "name_lead", work):
        return done(request, _("They lead the task force from now on, and everybody in it is told."), "investigations")
    return page(
        request,
        "act",
        form,
        title=_("Name a lead"),
        lead=_("Only where the ministry supervises and every lead has left the service. You learn nothing of the investigation."),
        back=reverse("investigations"),
        warned=True,
    )


def tie_operation(request: HttpRequest, number: str) -> HttpResponse:
    """An operation came of it."""
    by = desk.needs(request, Permission.RECORD_OPERATION)
    offered = operations.operations_of(by)
    form = OperationTieForm(sent(request), operations=offered)
    return of_investigation(
        request,
        number,
        form,
        action="tie_operation",
        work=lambda found, data, **who: actions.tie_operation(investigation=found, operation=data["operation"], **who),
        said=_("Tied. Whoever reads the operation learns nothing of it."),
        title=_("Tie an operation"),
        lead=_("An operation that came of this investigation. The operation's own page does not tell of the investigation."),
    )


def untie_operation(request: HttpRequest, number: str, operation_id: int) -> HttpResponse:
    """It did not come of it after all."""
    by = desk.needs(request, Permission.RECORD_OPERATION)
    tie = queries.tie_of(by, number_of(number), operation_id)
    form = OperationUntieForm(request.POST if request.method == "POST" else None)
    return of_investigation(
        request,
        number,
        form,
        action="untie_operation",
        work=lambda _found, data, **who: actions.untie_operation(tie=tie, **data, **who),
        said=_("Taken back. That it was tied stays to be read here."),
        title=_("Take the tie back"),
        lead=f"{tie.operation.code} · {tie.operation.title}",
    )


def of_investigation(
    request: HttpRequest,
    number: str,
    form: DeskForm,
    *,
    action: str,
    work: Callable[..., Any],
    said: str,
    title: str,
    lead: str = "",
    to: str = "investigation",
    **more: Any,
) -> HttpResponse:
    """A form about an investigation of the actor; from it, to one of its pages or to the list of all."""
    by, at = desk.needs(request, Permission.RECORD_OPERATION), desk.moment(request)
    found = queries.investigation_of(by, number_of(number))
    if carried_out(request, form, by, action, lambda data: work(found, data, by=by, at=at)):
        return done(request, said, to, **({} if to == "investigations" else {"number": found.number}))
    back = reverse("investigation" if to == "investigations" else to, args=[found.number])
    return page(request, "act", form, title=title, lead=lead, at=at, back=back, **more)
