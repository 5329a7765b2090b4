"""Two records may be one child. A machine proposes, two people decide, and two can undo it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from wayhome.casework.accounts.rules import Permission
from wayhome.casework.children import actions, queries
from wayhome.casework.custody import known
from wayhome.casework.custody import queries as custody
from wayhome.web import desk
from wayhome.web.band import band
from wayhome.web.forms.house import ConfirmForm, MergeForm, SplitForm
from wayhome.web.pages import done, number_of, page
from wayhome.web.writing import submit


def propose(request: HttpRequest, number: str) -> HttpResponse:
    """This record is kept, another is absorbed."""
    by, at = desk.needs(request, Permission.MERGE_CHILDREN), desk.moment(request)
    child = custody.visible_child(number_of(number), by=by, at=at)
    form = MergeForm(request.POST or None, initial={"other": request.GET.get("other", "")})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data

        def work() -> dict[str, int]:
            other = custody.visible_child(number_of(data["other"]), by=by, at=at)
            return {"id": actions.propose_merge(kept=child, absorbed=other, reason=data["reason"], by=by, at=at).pk}

        if submit(request, form, by=by, action="propose_merge", work=work) is not None:
            return done(request, _("Proposed. It counts when another person confirms it."), "child", number=child.number)
    return page(
        request,
        "act",
        form,
        band=band(child, by=by, at=at),
        child=child,
        at=at,
        title=_("Two records are one child"),
        lead=_("This record is kept; nothing of the other is lost. A second person confirms."),
    )


def split(request: HttpRequest, number: str) -> HttpResponse:
    """This record was merged by mistake."""
    by, at = desk.needs(request, Permission.MERGE_CHILDREN), desk.moment(request)
    child = custody.visible_child(number_of(number), by=by, at=at)
    form = SplitForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        answer = submit(
            request,
            form,
            by=by,
            action="propose_split",
            work=lambda: {"id": actions.propose_split(absorbed=child, reason=reason, by=by, at=at).pk},
        )
        if answer is not None:
            return done(request, _("Proposed. It counts when another person confirms it."), "child", number=child.number)
    return page(request, "act", form, band=band(child, by=by, at=at), child=child, at=at, title=_("Two children after all"))


def confirm(request: HttpRequest, step_id: int) -> HttpResponse:
    """The second person looks at both records side by side."""
    by, at = desk.needs(request, Permission.MERGE_CHILDREN), desk.moment(request)
    step = known.merge_step(step_id, by=by, at=at)
    kept, absorbed = (custody.visible_child(pk, by=by, at=at) for pk in (step.kept_id, step.absorbed_id))
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        answer = submit(
            request, form, by=by, action="confirm_merge", work=lambda: {"id": actions.confirm_merge(step=step, by=by, at=at).pk}
        )
        if answer is not None:
            return done(request, _("Confirmed by two people."), "child", number=kept.number)
    both = [(band(one, by=by, at=at), queries.marks(one), queries.items(one)) for one in (kept, absorbed)]
    return page(request, "merge", form, step=step, both=both, at=at, own=step.proposed_by_id == by.staff_id)
