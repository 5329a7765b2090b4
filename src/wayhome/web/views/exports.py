"""Lists that are taken away: what will be in the file and what not, and the file, which a passphrase opens."""

from __future__ import annotations

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone

from wayhome.casework.accounts.rules import Permission
from wayhome.casework.core.errors import Invalid, NotFound
from wayhome.casework.overview.actions.exporting import export_list
from wayhome.casework.overview.files import CONTENT_TYPE
from wayhome.casework.overview.rules.lists import LEFT_OUT, LISTS, lists_of
from wayhome.web import desk, words
from wayhome.web.forms.exports import ExportForm
from wayhome.web.pages import page
from wayhome.web.writing import sent

BACK = {
    "children": "children",
    "requests": "families",
    "kits": "kits",
    "candidates": "candidates",
    "child_days": "costs",
    "states": "ministry",
    "steps": "ministry",
    "clocks": "clocks",
    "htcds": "ministry",
}
"""The page of each list; files of return have theirs at the children's."""


def export(request: HttpRequest, name: str) -> HttpResponseBase:
    """Say what is in the file, show its passphrase once, and give it."""
    if name not in LISTS:
        raise NotFound(list=name)
    by, at = desk.needs(request, Permission.EXPORT_LISTS), desk.moment(request)
    listed = LISTS[name]
    desk.needs(request, listed.needs)
    asked = {key: request.GET[key] for key in listed.narrowed if key in request.GET}
    today = timezone.localtime(at).date()
    form = ExportForm(sent(request), initial=asked, listed=listed, who=by.staff_id, today=today)
    if request.method == "POST" and form.is_valid():
        try:
            made = export_list(
                name=name,
                form=form.cleaned_data["form"],
                narrowed=form.narrowed(),
                passphrase=form.shown(),
                say=words.word,
                by=by,
                at=at,
            )
        except Invalid as wrong:
            form.marked({"" if field == "passphrase" else field: code for field, code in wrong.fields.items()})
            form.status = wrong.status
        else:
            answer = FileResponse(made.file.file, as_attachment=True, filename=made.name, content_type=CONTENT_TYPE)
            answer["Content-Length"] = str(made.file.size)
            answer["X-Content-Type-Options"] = "nosniff"
            return answer
    return _page(request, name, form, by.role)


def _page(request: HttpRequest, name: str, form: ExportForm, role: str) -> HttpResponse:
    return page(
        request,
        "export_list",
        form,
        name=name,
        columns=[(column.code, words.word("list_column", column.code)) for column in LISTS[name].columns],
        left_out=[words.word("left_out", code) for code in LEFT_OUT],
        lists=[(one, words.word("list", one)) for one in lists_of(role)],
        back=BACK.get(name, "children"),
    )
