"""A laboratory's files and what its samples showed."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils.translation import ngettext

from wayhome import kinship
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.errors import CaseworkError, Invalid, Refused
from wayhome.casework.laboratory.actions import files, reading
from wayhome.casework.laboratory.models import Kit
from wayhome.casework.laboratory.queries import results
from wayhome.web import desk
from wayhome.web.forms import lab_files as forms
from wayhome.web.messages import sentence, sentences
from wayhome.web.pages import done, page
from wayhome.web.writing import submit

A_PAGE = 50


def lab_files(request: HttpRequest) -> HttpResponse:
    """Files that were taken."""
    by = desk.needs(request, Permission.WORK_SAMPLE)
    shown = Paginator(results.files(by), A_PAGE).get_page(request.GET.get("page"))
    return page(request, "lab_files", shown=shown)


def import_lab_file(request: HttpRequest) -> HttpResponse:
    """Look at a file, then take it."""
    by, at = desk.needs(request, Permission.WORK_SAMPLE), desk.moment(request)
    form = forms.LabFileForm(request.POST or None, request.FILES or None)
    if request.method != "POST" or not form.is_valid():
        return page(request, "import_lab_file", form)
    data = form.cleaned_data
    told: dict[str, Any] = {"name": data["name"], "data": data["bytes"], "signature": data["signed"], "by": by, "at": at}
    left = request.POST.getlist("leave_out")
    if "take" in request.POST:

        def work() -> dict[str, Any]:
            file = files.import_file(leave_out=left, **told)
            return {"profiles": file.childprofiles.count() + file.relativeprofiles.count()}

        answer = submit(request, form, by=by, action="import_lab_file", work=work)
        if answer is not None:
            n = answer["profiles"]
            said = ngettext("%(n)s profile was taken from the file.", "%(n)s profiles were taken from the file.", n) % {"n": n}
            return done(request, said, "lab_files")
    try:
        found = files.preview(**told)
    except Invalid as error:
        form.marked(error.fields)
        form.status = error.status
        return page(request, "import_lab_file", form, reader=error.data if "told" in error.data else None)
    except CaseworkError as error:
        form.refusals = sentences(error.codes if isinstance(error, Refused) else [error.code])
        form.status = error.status
        return page(request, "import_lab_file", form)
    again = form.again()
    again.refusals, again.status = form.refusals, form.status
    rows = [(row, sentence(row.code) if row.code else None, row.sample in left) for row in found.rows]
    return page(request, "import_lab_file", again, found=found, rows=rows, alike=_kits(by, found.rows))


def kit_profiles(request: HttpRequest, number: str) -> HttpResponse:
    """What was made of a sample, what is to be looked at in it, and whether an entry waits for a second. The look is
    an event."""
    by, at = desk.needs(request, Permission.WORK_SAMPLE), desk.moment(request)
    kit = reading.read_results(number=number, by=by, at=at)
    flags = list(results.flags([kit]))
    rows = [(row, [flag for flag in flags if flag.n == row.n]) for row in results.typed(kit)]
    waiting = results.waiting_entry(kit)
    return page(
        request,
        "kit_profiles",
        kit=kit,
        rows=rows,
        waiting=waiting,
        mine=waiting is not None and waiting.by_id == by.staff_id,
        verdict=results.last_verdict(kit),
        panel=waiting.panel if waiting is not None else results.last_panel(by),
    )


def child_profile(request: HttpRequest, number: str, n: int) -> HttpResponse:
    """What a rescued child's sample showed; the look is an event of the audit."""
    by, at = desk.needs(request, Permission.WORK_SAMPLE), desk.moment(request)
    kit = results.own_kit(by, number)
    profile = reading.read_profile(kit=kit, n=n, by=by, at=at)
    loci = sorted({*profile.genotypes, *profile.flags})
    rows = [(locus, _told(locus, profile.genotypes.get(locus, ())), profile.flags.get(locus, ())) for locus in loci]
    return page(request, "child_profile", kit=kit, n=n, profile=profile, rows=rows)


def _told(locus: str, alleles: tuple[str, ...]) -> str:
    """As an electropherogram is read: both alleles of a locus that everybody has twice."""
    twice = len(alleles) == 1 and kinship.locus(locus).inheritance is kinship.Inheritance.AUTOSOMAL
    return ", ".join(alleles * 2 if twice else alleles)


def _kits(by: Actor, rows: Any) -> dict[int, Kit]:
    """Other kits that flags speak of."""
    asked = {flag.other for row in rows for flag in row.flags if flag.other}
    return {kit.pk: kit for kit in results.own_kits(by).filter(pk__in=asked)}
