"""Two records may be one child. A machine proposes, two people decide, and two can undo it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from wayhome.casework.accounts.rules import Permission
from wayhome.casework.children import actions, queries
from wayhome.casework.custody import known
from wayhome.casework.custody import queries as custody
from wayhome.web import desk
from wayhome.web.band import band, child_page
from wayhome.web.forms.house import ConfirmForm, MergeForm, SplitForm
from wayhome.web.pages import done, number_of, page
from wayhome.web.writing import carried_out, sent


def propose(request: HttpRequest, number: str) -> HttpResponse:
    """This record is kept, another is absorbed."""
    by, at = desk.needs(request, Permission.MERGE_CHILDREN), desk.moment(request)
    child = custody.visible_child(number_of(number), by=by, at=at)
    form = MergeForm(sent(request), initial={"other": request.GET.get("other", "")})

    def work(data: dict[str, Any]) -> Any:
        other = custody.visible_child(number_of(data["other"]), by=by, at=at)
        return actions.propose_merge(kept=child, absorbed=other, reason=data["reason"], by=by, at=at)

    if carried_out(request, form, by, "propose_merge", work):
        return done(request, _("Proposed. It counts when another person confirms it."), "child", number=child.number)
    return child_page(
        request,
        "act",
        form,
        child,
        by,
        title=_("Two records are one child"),
        lead=_("This record is kept; nothing of the other is lost. A second person confirms."),
    )


def split(request: HttpRequest, number: str) -> HttpResponse:
    """This record was merged by mistake."""
    by, at = desk.needs(request, Permission.MERGE_CHILDREN), desk.moment(request)
    child = custody.visible_child(number_of(number), by=by, at=at)
    form = SplitForm(sent(request))
    if carried_out(
        request,
        form,
        by,
        "propose_split",
        lambda data: actions.propose_split(absorbed=child, reason=data["reason"], by=by, at=at),
    ):
        return done(request, _("Proposed. It counts when another person confirms it."), "child", number=child.number)
    return child_page(request, "act", form, child, by, title=_("Two children after all"))


def confirm(request: HttpRequest, step_id: int) -> HttpResponse:
    """The second person looks at both records side by side."""
    by, at = desk.needs(request, Permission.MERGE_CHILDREN), desk.moment(request)
    step = known.merge_step(step_id, by=by, at=at)
    kept, absorbed = (custody.visible_child(pk, by=by, at=at) for pk in (step.kept_id, step.absorbed_id))
    form = ConfirmForm(sent(request))
    if carried_out(request, form, by, "confirm_merge", lambda _data: actions.confirm_merge(step=step, by=by, at=at)):
        return done(request, _("Confirmed by two people."), "child", number=kept.number)
    both = [(band(one, by=by, at=at), queries.marks(one), queries.items(one)) for one in (kept, absorbed)]
    return page(request, "merge", form, step=step, both=both, at=at, own=step.proposed_by_id == by.staff_id)
