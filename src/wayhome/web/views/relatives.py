"""The relatives in a family's tree: who they are, what they agreed to, what was entered by mistake."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from wayhome.casework.accounts.rules import Permission, may
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.errors import NotFound
from wayhome.casework.families import actions, queries
from wayhome.casework.families.models import TracingRequest
from wayhome.casework.families.rules import RELATIONS
from wayhome.web import desk
from wayhome.web.forms import families as forms
from wayhome.web.forms.base import DeskForm
from wayhome.web.pages import done, number_of, page
from wayhome.web.trees import drawing, named, place
from wayhome.web.views.kits_of import of_relative
from wayhome.web.writing import carried_out, sent

CONSENT_LASTS = timedelta(days=3653)
"""What is proposed: ten years. A search goes on for decades, and is asked for anew."""


def add(request: HttpRequest, number: str) -> HttpResponse:
    """A relative more."""
    by, at = desk.needs(request, Permission.RECORD_REQUEST), desk.moment(request)
    found = queries.request_of(by, number_of(number))
    kin = queries.tree(found.pk, at=at)
    members = [(str(one), f"{named(kin, one)} ({place(kin, one)})" if kin[one].state.name else place(kin, one)) for one in kin]
    asked = {"to": request.GET.get("to", ""), "relation": request.GET.get("relation", "")}
    if asked["relation"] not in RELATIONS:
        asked["relation"] = "sister"
    form = forms.RelativeForm(sent(request), members=members, initial=asked)

    def work(data: dict[str, Any]) -> Any:
        return actions.add_relative(
            to=queries.relative_of(by, int(data["to"])),
            relation=data["relation"],
            partner=queries.relative_of(by, int(data["partner"])) if data["partner"] else None,
            state=form.state(),
            by=by,
            at=at,
        )

    if carried_out(request, form, by, "add_relative", work):
        return done(request, _("The relative is in the tree."), "family", number=found.number)
    return page(request, "add_relative", form, family=found, drawing=drawing(found, kin))


def relative(request: HttpRequest, relative_id: int) -> HttpResponse:
    """What is known of a relative, and said anew here."""
    by, at = desk.needs(request, Permission.READ_REQUEST), desk.moment(request)
    found = queries.relative_of(by, relative_id)
    kin = queries.tree(found.request_id, at=at)
    if found.pk not in kin or found.missing:
        raise NotFound(relative=relative_id)
    one = kin[found.pk]
    writes = may(by.role, Permission.RECORD_REQUEST) and not hasattr(found.request, "end")
    initial = {"n": one.state.n} | {field: getattr(one.state, field) for field in ("name", "born", "life", "reach", "note")}
    form = forms.StateForm(sent(request), initial=initial) if writes else None
    if form is not None:
        state = {"person": one.state.person}
        if carried_out(
            request,
            form,
            by,
            "tell_relative",
            lambda data: actions.tell_relative(relative=found, n=data["n"] or 0, state=form.state() | state, by=by, at=at),
        ):
            return done(request, _("What is known is saved."), "family", number=found.request.number)
        if form.changes:
            form.changes = {str(form.fields[field].label): pair for field, pair in form.changes.items()}
            form.data = {**form.data.dict(), "n": str(one.state.n)}  # type: ignore[attr-defined]
    parents = [(link, named(kin, link.parent_id)) for link in one.links]
    return page(
        request,
        "relative",
        form,
        family=found.request,
        one=one,
        called=named(kin, found.pk),
        what=place(kin, found.pk),
        parents=parents,
        consents=found.consents.select_related("withdrawal", "by").order_by("-pk"),
        writes=writes,
        at=at,
        **of_relative(found, by=by, at=at),
    )


def consent(request: HttpRequest, relative_id: int) -> HttpResponse:
    """A relative agrees to a sample."""
    by, at = desk.needs(request, Permission.RECORD_REQUEST), desk.moment(request)
    found = queries.relative_of(by, relative_id)
    kin = queries.tree(found.request_id, at=at)
    if found.pk not in kin:
        raise NotFound(relative=relative_id)
    today = timezone.localtime(at).date()
    initial = {"given_by": kin[found.pk].state.name, "signed_on": today, "until": today + CONSENT_LASTS}
    form = forms.ConsentForm(sent(request), initial=initial)
    if carried_out(request, form, by, "consent", lambda data: actions.consent(relative=found, by=by, at=at, **data)):
        return done(request, _("The consent is recorded."), "relative", relative_id=found.pk)
    lead = _("Their sample is compared with rescued children and with nobody else, and they can take this back at any time.")
    title = _("%(name)s agrees to a sample") % {"name": named(kin, found.pk)}
    return page(request, "act", form, title=title, lead=lead, family=found.request, relative=found)


def withdraw(request: HttpRequest, consent_id: int) -> HttpResponse:
    """A relative wants it no more."""
    by = desk.needs(request, Permission.RECORD_REQUEST)
    found = queries.consent_of(by, consent_id)
    return _ended(
        request,
        by,
        forms.WithdrawalForm(sent(request)),
        lambda **said: actions.withdraw_consent(consent=found, **said),
        action="withdraw_consent",
        title=_("Withdraw the consent"),
        lead=_("Nothing of theirs is compared from here on. The paper of the consent stays on record."),
        said=_("The withdrawal is recorded."),
        family=found.relative.request,
        back_to={"to": "relative", "relative_id": found.relative_id},
    )


def strike(request: HttpRequest, relative_id: int) -> HttpResponse:
    """A relative was entered by mistake."""
    by = desk.needs(request, Permission.RECORD_REQUEST)
    found = queries.relative_of(by, relative_id)
    return _ended(
        request,
        by,
        forms.StrikeForm(sent(request)),
        lambda **said: actions.strike(relative=found, **said),
        action="strike_relative",
        title=_("Strike a relative out"),
        lead=_("Only for what was entered by mistake. It stays on record; whoever has died or said no stays in the tree."),
        said=_("The relative is struck out."),
        family=found.request,
        back_to={"to": "family", "number": found.request.number},
    )


def unlink(request: HttpRequest, parentage_id: int) -> HttpResponse:
    """Somebody is not the parent of somebody after all."""
    by = desk.needs(request, Permission.RECORD_REQUEST)
    found = queries.link_of(by, parentage_id)
    return _ended(
        request,
        by,
        forms.StrikeForm(sent(request)),
        lambda **said: actions.unlink(parentage=found, **said),
        action="unlink_relatives",
        title=_("Not the parent after all"),
        lead=_("The two stay in the tree. Add the biological parent afterwards."),
        said=_("The link is struck out."),
        family=found.child.request,
        back_to={"to": "family", "number": found.child.request.number},
    )


def _ended(
    request: HttpRequest,
    by: Actor,
    form: DeskForm,
    work: Callable[..., Any],
    *,
    action: str,
    title: str,
    lead: str,
    said: str,
    family: TracingRequest,
    back_to: dict[str, Any],
) -> HttpResponse:
    """What stood is over, by a reason that the form asks for."""
    if carried_out(request, form, by, action, lambda data: work(by=by, at=desk.moment(request), **data)):
        return done(request, said, **back_to)
    return page(request, "act", form, title=title, lead=lead, danger=True, family=family)
