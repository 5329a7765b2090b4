"""Families who look for a child: their list, a family's file, and what is written into it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wayhome.casework.accounts import queries as accounts
from wayhome.casework.accounts.rules import Permission, may
from wayhome.casework.core import numbers
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.photos import clean_photo
from wayhome.casework.families import actions, queries
from wayhome.casework.families.models import TracingRequest
from wayhome.web import desk
from wayhome.web.forms import families as forms
from wayhome.web.forms.base import DeskForm
from wayhome.web.pages import done, existing, number_of, page
from wayhome.web.trees import drawing, named
from wayhome.web.views import candidates_of, returns_of
from wayhome.web.views.kits_of import of_family
from wayhome.web.writing import carried_out, sent

A_PAGE = 50
Text = str | Promise
Work = Callable[[TracingRequest, dict[str, Any], Actor, datetime], Any]


def families(request: HttpRequest) -> HttpResponse:
    """Requests that go on; those whose child is called so, where a name is looked for."""
    by, at = desk.needs(request, Permission.READ_REQUEST), desk.moment(request)
    # By POST: no address holds a name.
    form = forms.FindFamilyForm(sent(request))
    found = queries.listed(by)
    if form.is_bound and form.is_valid():
        name = form.cleaned_data["name"]
        found = found.filter(request=number_of(name)) if numbers.is_number(name) else queries.named(by, name)
    shown = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    agreed = queries.progress([one.request_id for one in shown], at=at)
    rows = [(one, *agreed.get(one.request_id, (0, 0))) for one in shown]
    return page(request, "families", form, rows=rows, shown=shown, looked=form.is_bound)


def record(request: HttpRequest) -> HttpResponse:
    """A family comes to be heard."""
    by, at = desk.needs(request, Permission.RECORD_REQUEST), desk.moment(request)
    form = forms.RequestForm(sent(request), jurisdictions=accounts.jurisdictions())

    def work(data: dict[str, Any]) -> Any:
        made = actions.record_request(inquirer=form.facts(), relation=data["relation"], told=form.told(), by=by, at=at)
        return {"number": made.number, "alike": len(actions.propose_duplicates(request=made, at=at))}

    if answer := carried_out(request, form, by, "record_request", work):
        alike = _("The request is recorded. Another request may be for the same child: look at both.")
        said = alike if answer["alike"] else _("The request is recorded. Enter the relatives now: whose sample can be had?")
        return done(request, said, "family", number=answer["number"])
    return page(request, "record_request", form)


def family(request: HttpRequest, number: str) -> HttpResponse:
    """A family's file; the look is an event of the audit."""
    by, at = desk.needs(request, Permission.READ_REQUEST), desk.moment(request)
    found = actions.read_request(request_id=number_of(number), by=by, at=at)
    kin = queries.tree(found.pk, at=at)
    said = queries.descriptions(found.pk)
    writes = may(by.role, Permission.RECORD_REQUEST) and not hasattr(found, "end")
    return page(
        request,
        "family",
        family=found,
        said=said[0],
        before=said[1:],
        drawing=drawing(found, kin),
        kin=[(one, named(kin, one.relative.pk)) for one in kin.values() if not one.relative.missing],
        alike=queries.duplicates_of(found, by=by),
        marks=found.marks.all(),
        items=found.items.all(),
        photos=found.photos.defer("jpeg"),
        writes=writes,
        at=at,
        **of_family(found, by=by, at=at),
        **candidates_of.of_family(found),
        **returns_of.of_family(found, by=by),
    )


def photo(request: HttpRequest, number: str, photo_id: int) -> HttpResponse:
    """A picture, as a JPEG."""
    by = desk.needs(request, Permission.READ_REQUEST)
    found = existing(queries.request_of(by, number_of(number)).photos.filter(pk=photo_id).first(), photo=photo_id)
    return HttpResponse(bytes(found.jpeg), content_type="image/jpeg")


def slip(request: HttpRequest, number: str) -> HttpResponse:
    """What the family may take home: how its request stands. Never where a child is, nor whether one was found."""
    by, at = desk.needs(request, Permission.READ_REQUEST), desk.moment(request)
    found = actions.read_request(request_id=number_of(number), by=by, at=at)
    can, agreed = queries.progress([found.pk], at=at).get(found.pk, (0, 0))
    return page(request, "request_slip", family=found, said=queries.description(found.pk), can=can, agreed=agreed, at=at)


def samples(request: HttpRequest, number: str) -> HttpResponse:
    """Whose samples would help most."""
    by, at = desk.needs(request, Permission.READ_REQUEST), desk.moment(request)
    found = actions.read_request(request_id=number_of(number), by=by, at=at)
    kin = queries.tree(found.pk, at=at)
    plans = [
        (plan, [(kin[int(member)], named(kin, int(member))) for member in plan.members])
        for plan in queries.sampling_plans(found, kin)
    ]
    return page(
        request, "samples", family=found, plans=plans, drawing=drawing(found, kin), families=queries.base_size(), kit=queries.KIT
    )


def describe(request: HttpRequest, number: str) -> HttpResponse:
    """Say anew what the child is like and how it was lost."""
    by, at = desk.needs(request, Permission.RECORD_REQUEST), desk.moment(request)
    found = queries.request_of(by, number_of(number))
    said = queries.description(found.pk)
    initial = {field: getattr(said, field) for field in actions.DESCRIBED} | {"n": said.n}
    form = forms.DescriptionForm(sent(request), jurisdictions=accounts.jurisdictions(), initial=initial)

    def work(data: dict[str, Any]) -> dict[str, Any]:
        made = actions.describe(request=found, n=data["n"] or 0, told=form.told(), by=by, at=at)
        return {"n": made.n, "alike": len(actions.propose_duplicates(request=found, at=at))}

    if carried_out(request, form, by, "describe_request", work):
        return done(request, _("What is told is saved. What was told before stays on record."), "family", number=found.number)
    if form.changes:
        form.changes = {str(form.fields[field].label): pair for field, pair in form.changes.items()}
        form.data = {**form.data.dict(), "n": str(queries.description(found.pk).n)}  # type: ignore[attr-defined]
    return page(request, "act", form, title=_("Say anew what is told"), family=found)


def mark(request: HttpRequest, number: str) -> HttpResponse:
    """A mark that the family remembers."""
    return _added(
        request,
        number,
        forms.MissingMarkForm,
        lambda found, data, by, at: actions.add_mark(request=found, by=by, at=at, **data),
        action="add_missing_mark",
        title=gettext_lazy("Add a mark on the body"),
        said=gettext_lazy("The mark is saved."),
    )


def item(request: HttpRequest, number: str) -> HttpResponse:
    """A thing that the child had with it."""
    return _added(
        request,
        number,
        forms.MissingItemForm,
        lambda found, data, by, at: actions.add_item(request=found, by=by, at=at, **data),
        action="add_missing_item",
        title=gettext_lazy("Add a thing that the child had"),
        said=gettext_lazy("The thing is saved."),
    )


def picture(request: HttpRequest, number: str) -> HttpResponse:
    """A picture of the child, or of a parent at its age."""
    return _added(
        request,
        number,
        forms.FamilyPictureForm,
        lambda found, data, by, at: actions.keep_photo(
            request=found, jpeg=clean_photo(data["photo"].read()), shows=data["shows"], by=by, at=at
        ),
        action="add_request_photo",
        title=gettext_lazy("Add a picture"),
        said=gettext_lazy("The picture is saved."),
    )


def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """The family takes its request back."""
    return _added(
        request,
        number,
        forms.NoteForm,
        lambda found, data, by, at: actions.withdraw(request=found, by=by, at=at, **data),
        action="withdraw_request",
        title=gettext_lazy("Take the request back"),
        said=gettext_lazy("The request has ended."),
        lead=gettext_lazy("Nobody is looked for by this request any more, and what its relatives agreed to ends with it."),
        danger=True,
    )


def settle(request: HttpRequest, proposal_id: int) -> HttpResponse:
    """Two requests beside one another: one child, or two?"""
    by, at = desk.needs(request, Permission.RECORD_REQUEST), desk.moment(request)
    proposal = queries.duplicate_of(by, proposal_id)
    both = [actions.read_request(request_id=one, by=by, at=at) for one in (proposal.one_id, proposal.other_id)]
    # Whoever recorded one of them does not let it take the other's place.
    may_go_on = [one for one in both if one.by_id != by.staff_id]
    told = [(one.number, _("One child: %(number)s goes on") % {"number": numbers.grouped(one.number)}) for one in may_go_on]
    form = forms.SettleForm(sent(request), requests=told, own=len(told) < len(both))

    def work(data: dict[str, Any]) -> dict[str, Any]:
        kept = next((one for one in both if one.number == data["kept"]), None)
        actions.settle_duplicate(proposal=proposal, same=kept is not None, kept=kept, note=data["note"], by=by, at=at)
        return {"number": (kept or both[0]).number}

    if answer := carried_out(request, form, by, "settle_duplicate", work):
        return done(request, _("The decision is recorded."), "family", number=answer["number"])
    sides = [(one, queries.description(one.pk), one.marks.all()) for one in both]
    return page(request, "settle_duplicate", form, proposal=proposal, sides=sides)


def _added(
    request: HttpRequest,
    number: str,
    form_class: type[DeskForm],
    work: Work,
    *,
    action: str,
    title: Text,
    said: Text,
    lead: Text = "",
    danger: bool = False,
) -> HttpResponse:
    by, at = desk.needs(request, Permission.RECORD_REQUEST), desk.moment(request)
    found = queries.request_of(by, number_of(number))
    form = form_class(sent(request), request.FILES or None)
    if carried_out(request, form, by, action, lambda data: work(found, data, by, at)):
        return done(request, said, "family", number=found.number)
    return page(request, "act", form, title=title, lead=lead, danger=danger, family=found)
