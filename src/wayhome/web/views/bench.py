"""The analyst's bench: what waits, in one page, and profiles that are typed in, one after the other."""

from __future__ import annotations

from datetime import datetime

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from wayhome import kinship
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.core.actors import Actor
from wayhome.casework.laboratory.actions import entries
from wayhome.casework.laboratory.models import Kit
from wayhome.casework.laboratory.queries import results
from wayhome.casework.laboratory.queries.waiting import Waiting, waiting
from wayhome.casework.matching.queries.candidates import seen, to_read
from wayhome.web import desk
from wayhome.web.forms.entries import EntryForm
from wayhome.web.pages import done, page
from wayhome.web.writing import carried_out, sent

A_FEW = 12
"""Rows of each kind that the bench shows; the rest is a page away."""
A_PAGE = 50
_TYPED = ("differs", "second", "type")
"""What waits for a typist, what is nearest to done first."""


def bench(request: HttpRequest) -> HttpResponse:
    """What waits for typing, for a second entry and for a look; candidates to read; files of today. One kind alone in full."""
    by, at = desk.needs(request, Permission.WORK_SAMPLE), desk.moment(request)
    rows = waiting(by, at=at)
    kinds = {what: [one for one in rows if one.what == what] for what in (*_TYPED, "odd")}
    what = request.GET.get("what", "")
    if what in kinds:
        shown = Paginator(kinds[what], A_PAGE).get_page(request.GET.get("page"))
        return page(request, "bench_all", what=what, shown=shown, panel=results.last_panel(by))
    read = to_read(by)
    midnight = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    files = results.files(by).filter(at__gte=midnight)
    return page(
        request,
        "bench",
        kinds=[(code, some[:A_FEW], len(some)) for code, some in kinds.items()],
        reading=seen(read[:A_FEW], by=by),
        to_read=read.count(),
        files=list(files[:A_FEW]),
        taken=files.count(),
        panel=results.last_panel(by),
        nothing=not rows and not read.exists(),
    )


def type_profile(request: HttpRequest, number: str) -> HttpResponse:
    """A profile as it stands in the electropherogram, locus by locus, blind of what a colleague typed."""
    by, at = desk.needs(request, Permission.WORK_SAMPLE), desk.moment(request)
    kit = results.own_kit(by, number)
    panel = request.GET.get("panel", "")
    if panel not in kinship.panels():
        return page(request, "choose_panel", kit=kit, panels=kinship.panels(), last=results.last_panel(by))
    verdict = results.last_verdict(kit)
    differed = tuple(verdict.differs) if verdict is not None else ()
    form = EntryForm(sent(request), panel=panel, differed=differed)
    if form.is_bound and form.is_valid() and not form.stands():
        form.status = 422
    elif answer := carried_out(
        request,
        form,
        by,
        "type_profile",
        lambda _data: {"n": entries.enter(kit=kit, panel=panel, calls=form.calls(), by=by, at=at).n},
    ):
        return _next(request, kit, answer["n"], panel, by, at)
    return page(request, "type_profile", form, kit=kit, panel=panel, differed=differed)


def _next(request: HttpRequest, kit: Kit, n: int, panel: str, by: Actor, at: datetime) -> HttpResponse:
    """Back to the sample, or on to the next one that waits."""
    answer = done(request, _said(kit, n), "kit_profiles", number=kit.number)
    if request.POST.get("go") != "next":
        return answer
    following = following_of(by, kit, at)
    if following is None:
        return redirect("bench")
    asked = urlencode({"panel": following.panel or panel})
    return redirect(f"{reverse('type_profile', args=[following.kit.number])}?{asked}")


def following_of(by: Actor, kit: Kit, at: datetime) -> Waiting | None:
    """What to type after a sample: what is nearest to done, and of that what waits longest."""
    rows = [one for one in waiting(by, at=at) if one.what in _TYPED and one.kit.pk != kit.pk]
    return min(rows, key=lambda one: (_TYPED.index(one.what), one.since), default=None)


def _said(kit: Kit, n: int) -> str:
    """What became of the n-th entry; it is looked up, for an answer that is kept would outlive what it tells."""
    if n % 2 == 1:
        return _("The entry is kept. A colleague types the same sample now, without looking at yours.")
    verdict = results.last_verdict(kit)
    if verdict is None or verdict.n != n:
        return _("The entry is kept. The two are compared in a moment.")
    if not verdict.differs:
        return _("Both entries are alike: the profile is there.")
    told = ", ".join(name or _("the kit of markers") for name in verdict.differs)
    return _("The two entries differ at %(loci)s. Both of you type it once more.") % {"loci": told}
