"""Announcements: counted, compared, approved by another person; and what everybody may read."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from wayhome.casework.accounts.rules import Permission
from wayhome.casework.core.errors import NotFound
from wayhome.casework.matching.report.words import LANGUAGE_NAMES
from wayhome.casework.operations.queries import officers_reported, operations_of
from wayhome.casework.overview.actions import announcing
from wayhome.casework.overview.queries import announced as queries
from wayhome.casework.overview.rules.announced import K
from wayhome.web import desk
from wayhome.web.forms.announcements import ApproveAnnouncementForm, ProposeAnnouncementForm
from wayhome.web.pages import done, page
from wayhome.web.writing import carried_out, sent

LONGEST_VERSION = 4
SHANGHAI = ZoneInfo("Asia/Shanghai")
"""The zone of the announcing house, whoever reads."""


def announcements(request: HttpRequest) -> HttpResponse:
    """Every version, and what each waits for."""
    by = desk.needs(request, Permission.ANNOUNCE)
    rows = list(queries.announcements_of(by)[:200])
    newest: dict[str, int] = {}
    for one in rows:
        newest[one.number] = max(one.n, newest.get(one.number, 0))
    return page(request, "announcements", rows=[(one, one.n < newest[one.number]) for one in rows], mine=by.staff_id)


def propose(request: HttpRequest) -> HttpResponse:
    """Choose operations and a cut-off: the figures are counted from the records, and the text is written from the figures."""
    by, at = desk.needs(request, Permission.ANNOUNCE), desk.moment(request)
    offered = list(operations_of(by)[:100])
    form = ProposeAnnouncementForm(
        sent(request),
        operations=offered,
        reported=officers_reported(offered, until=at),
        initial={"cutoff": timezone.localtime(at).replace(second=0, microsecond=0), "number": request.GET.get("number", "")},
    )

    def work(data: dict[str, Any]) -> dict[str, Any]:
        made = announcing.propose_announcement(
            number=data["number"],
            operations=[one for one in offered if one.pk in data["operations"]],
            cutoff=data["cutoff"],
            stated=form.stated(),
            by=by,
            at=at,
        )
        return {"number": made.number, "n": made.n}

    if answer := carried_out(request, form, by, "propose_announcement", work):
        return done(
            request, _("Counted and written. It is public when another supervisor has approved it."), "announcement", **answer
        )
    return page(request, "propose_announcement", form)


def announcement(request: HttpRequest, number: str, n: int) -> HttpResponse:
    """One version: its figures with what is hidden of them, its text, and why it differs from the one before."""
    by = desk.needs(request, Permission.ANNOUNCE)
    return _version(request, queries.announcement_of(by, number, n), by.staff_id)


def approve(request: HttpRequest, number: str, n: int) -> HttpResponse:
    """Another supervisor signs what they read here; from then on everybody may read it."""
    by, at = desk.needs(request, Permission.APPROVE_ANNOUNCEMENT), desk.moment(request)
    found = queries.announcement_of(by, number, n)
    form = ApproveAnnouncementForm(sent(request), initial={"digest": found.digest})
    if carried_out(
        request,
        form,
        by,
        "approve_announcement",
        lambda data: announcing.approve_announcement(announcement=found, digest=data["digest"], by=by, at=at),
    ):
        return done(request, _("Approved: everybody may read it now."), "announcement", number=number, n=n)
    return _version(request, found, by.staff_id, form)


def _version(request: HttpRequest, found: Any, staff: int, form: ApproveAnnouncementForm | None = None) -> HttpResponse:
    told = queries.told(found)
    children, arrests = queries.own_provinces(found)
    names = queries.province_names(children | arrests)
    language = get_language() or "en"
    return page(
        request,
        "announcement",
        form,
        one=found,
        told=told,
        provinces=[
            (names.get(code, {}).get(language, code), _cell(code, children, told.table), _cell(code, arrests, told.arrests))
            for code in sorted(children | arrests)
        ],
        table_is_own=told.table["of"] == found.n,
        arrests_are_own=told.arrests["of"] == found.n,
        texts=[(code, LANGUAGE_NAMES[code], told.texts[code]) for code in LANGUAGE_NAMES],
        approval=getattr(found, "approval", None),
        mine=found.by_id == staff,
        superseded=queries.is_superseded(found),
        k=K,
    )


def _cell(code: str, own: dict[str, int], table: Any) -> tuple[int | None, bool]:
    """A number as it was counted, and whether everybody reads it."""
    return own.get(code), code in table["shown"]


# What everybody may read: no login, no script, no cookie. ---------------------------------------------------------------------


def public_announcements(request: HttpRequest) -> HttpResponseBase:
    """The latest version of each announcement."""
    latest: dict[str, Any] = {}
    for row in queries.released():
        if row.number not in latest or latest[row.number].n < row.n:
            latest[row.number] = row
    return _public(request, "public_announcements", rows=[queries.told(row) for row in latest.values()])


def public_announcement(request: HttpRequest, number: str) -> HttpResponseBase:
    """One announcement, the latest version unless `version` says which; each stays to be read."""
    rows = list(queries.released().filter(number=number).order_by("-n"))
    asked = request.GET.get("version", "")
    if asked.isascii() and asked.isdecimal() and len(asked) <= LONGEST_VERSION:
        chosen = next((row for row in rows if row.n == int(asked)), None)
    else:
        chosen = rows[0] if rows and not asked else None
    if chosen is None:
        raise NotFound(announcement=number)
    told = queries.told(chosen)
    names = queries.province_names(code for one in (told.table, told.arrests) for code in (*one["shown"], *one["hidden"]))
    return _public(
        request,
        "public_announcement",
        one=told,
        names=names,
        versions=[row.n for row in rows],
        latest=rows[0].n,
        k=K,
    )


def _readable(table: Any, names: dict[str, dict[str, str]], language: str) -> dict[str, Any]:
    """A table of provinces with their names."""

    def named(code: str) -> str:
        return names.get(code, {}).get(language, code)

    rows = [(named(code), n) for code, n in sorted(table["shown"].items())]
    return {"of": table["of"], "rows": rows, "together": [named(code) for code in table["hidden"]], "rest": table["rest"]}


def public_feed(_request: HttpRequest) -> JsonResponse:
    """Every released version as JSON, the latest first: what the pages say, for programs."""
    answer = JsonResponse(
        {"announcements": [queries.feed_of(row) for row in queries.released()]}, json_dumps_params={"ensure_ascii": False}
    )
    answer["Access-Control-Allow-Origin"] = "*"
    return answer


def _public(request: HttpRequest, template: str, **context: Any) -> HttpResponse:
    """A public page in the language that its address names, else in the reader's."""
    language = request.GET.get("language", "")
    if language not in LANGUAGE_NAMES:
        language = get_language() or "en"
    others = []
    for code, called in LANGUAGE_NAMES.items():
        asked = {name: request.GET[name] for name in ("version",) if name in request.GET} | {"language": code}
        others.append((code, called, f"?{urlencode(asked)}"))
    one = context.get("one")
    if one is not None:
        names = context.pop("names")
        context["children"] = _readable(one.table, names, language)
        context["arrests"] = _readable(one.arrests, names, language)
        context["text"] = one.texts[language]
    else:
        context["rows"] = [(row, row.texts[language]) for row in context["rows"]]
    with override(language), timezone.override(SHANGHAI):
        return page(request, template, others=others, asked_language=language, **context)
