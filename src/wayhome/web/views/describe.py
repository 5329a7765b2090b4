"""Say more of a child: age, marks, things, statements, pictures, corrections."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from wayhome.casework.accounts.rules import Permission
from wayhome.casework.children import actions
from wayhome.casework.core.actors import Actor
from wayhome.casework.custody import queries as custody
from wayhome.web import desk
from wayhome.web.band import child_page
from wayhome.web.forms import describe as forms
from wayhome.web.forms.base import DeskForm
from wayhome.web.pages import done, number_of
from wayhome.web.writing import carried_out, sent

Work = Callable[[Any, dict[str, Any], Actor, datetime], Any]
Text = str | Promise


def _said(
    request: HttpRequest,
    number: str,
    form_class: type[DeskForm],
    work: Work,
    *,
    action: str,
    title: Text,
    said: Text,
    lead: Text = "",
    initial: Callable[[Any, datetime], dict[str, Any]] = lambda _child, _at: {},
) -> HttpResponse:
    by, at = desk.needs(request, Permission.DESCRIBE_CHILD), desk.moment(request)
    child = custody.visible_child(number_of(number), by=by, at=at)
    form = form_class(sent(request), request.FILES or None, initial=initial(child, at))
    if carried_out(request, form, by, action, lambda data: work(child, data, by, at)):
        return done(request, said, "child", number=child.number)
    if form.changes:
        form.data = {**form.data.dict(), "version": str(custody.visible_child(child.pk, by=by, at=at).version)}  # type: ignore[attr-defined]
    return child_page(request, "act", form, child, by, title=title, lead=lead)


def age(request: HttpRequest, number: str) -> HttpResponse:
    """A new estimate of its age."""
    return _said(
        request,
        number,
        forms.AgeForm,
        lambda child, data, by, at: actions.estimate_age(child=child, by=by, at=at, **data),
        action="estimate_age",
        title=_("Estimate the age"),
        said=_("The estimate is saved."),
        lead=_("Always an interval of days with a method; never whole years."),
        initial=lambda _child, at: {"on": timezone.localtime(at).date()},
    )


def mark(request: HttpRequest, number: str) -> HttpResponse:
    """A mark on its body."""
    return _said(
        request,
        number,
        forms.MarkForm,
        lambda child, data, by, at: actions.add_mark(child=child, by=by, at=at, **data),
        action="add_mark",
        title=_("Add a mark on the body"),
        said=_("The mark is saved."),
    )


def item(request: HttpRequest, number: str) -> HttpResponse:
    """A thing found with it."""
    return _said(
        request,
        number,
        forms.ItemForm,
        lambda child, data, by, at: actions.add_item(child=child, by=by, at=at, **data),
        action="add_item",
        title=_("Add a thing found with the child"),
        said=_("The thing is saved."),
        lead=_("Clothes, blankets, bottles: a parent may know them again."),
    )


def statement(request: HttpRequest, number: str) -> HttpResponse:
    """Who says what of it."""
    return _said(
        request,
        number,
        forms.StatementForm,
        lambda child, data, by, at: actions.say(child=child, by=by, at=at, **data),
        action="say",
        title=_("Add a statement"),
        said=_("The statement is saved."),
        lead=_("Who says what, and when. Statements may contradict each other; none is erased."),
    )


def picture(request: HttpRequest, number: str) -> HttpResponse:
    """A picture of it."""
    return _said(
        request,
        number,
        forms.PictureForm,
        lambda child, data, by, at: actions.add_photo(child=child, data=data["photo"].read(), by=by, at=at),
        action="add_photo",
        title=_("Add a picture"),
        said=_("The picture is saved."),
    )


def correct(request: HttpRequest, number: str) -> HttpResponse:
    """Call name and sex."""

    def work(child: Any, data: dict[str, Any], by: Actor, at: datetime) -> Any:
        changes = {name: data[name] for name in ("call_name", "sex")}
        return actions.correct(child_id=child.pk, version=data["version"], changes=changes, by=by, at=at)

    return _said(
        request,
        number,
        forms.CorrectForm,
        work,
        action="correct",
        title=_("Correct call name or sex"),
        said=_("The correction is saved."),
        lead=_("What it was before stays on record."),
        initial=lambda child, _at: {"version": child.version, "call_name": child.call_name, "sex": child.sex},
    )
