"""What waits in Today in files of returns and on a child's last way, as rows of `views.today`: which group, and what it says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext as _

from wayhome.casework.accounts.rules import Permission, may
from wayhome.casework.core import numbers
from wayhome.casework.core.actors import Actor
from wayhome.casework.reunification.queries import releases_waiting as waiting
from wayhome.casework.reunification.queries import waiting as files
from wayhome.casework.reunification.queries.not_found import certificates_due
from wayhome.web.words import word

Given = tuple[str, str, dict[str, Any]]
"""In which group, the subject of the alarm that says the same ("" for none), and what the row is made of."""
_PAGES = {
    "open": "return_file",
    "enquire": "enquire",
    "countersign": "countersign_enquiry",
    "reply": "reply_held_back",
    "vote": "determination",
    "suit": "end_guardianship",
}
"""Where what waits in a file is done."""
_THIS_WEEK = frozenset({"reply", "suit"})


def rows(by: Actor, *, at: datetime) -> Iterator[Given]:
    """All of them."""
    for file in files.waiting(by, at=at):
        url = reverse(_PAGES[file.what], args=[file.child.number if file.what == "open" else file.pk])
        given = _row("home", word("return_waits", file.what), file.child, file.since, None, url, word("return_do", file.what))
        yield "week" if file.what in _THIS_WEEK else "later", "", given
    for release in waiting.to_approve(by, at=at):
        what = _("Release asked for by %(place)s") % {"place": release.institution.name}
        verb, url = _("Read and decide"), reverse("approve_release", args=[release.pk])
        yield "later", "", _row("house", what, release.child, release.at, release.valid_until, url, verb)
    yield from _of_the_institution(by, at)
    for one in waiting.visits_waiting(by, at=at):
        release = one.execution.release
        what = _("Visit of day %(n)s to a family") % {"n": one.day}
        url = reverse("visit_family", args=[one.execution.pk])
        given = _row("house", what, release.child, one.execution.at, one.due, url, _("Record the visit"), grave=one.overdue)
        yield "now" if one.overdue else "week", f"visit:{one.execution.pk}:{one.day}", given
    for execution in waiting.frozen_returns(by, at=at):
        release = execution.release
        why = word("revoked", execution.freeze.reason)
        what = _("Frozen, and the child is there: %(why)s") % {"why": why}
        url = reverse("release", args=[release.pk])
        given = _row("lock", what, release.child, execution.freeze.at, None, url, _("Open"), grave=True)
        yield "now", f"release:{release.pk}", given
    if may(by.role, Permission.CERTIFY_NOT_FOUND):
        for child, kind, since in certificates_due(by, at=at):
            url = reverse("not_found", args=[child.number])
            what = _("Due: %(certificate)s") % {"certificate": word("certificate", kind)}
            yield "week", f"certificate:{child.pk}:{kind}", _row("sheet", what, child, since, None, url, _("Look"))


def _of_the_institution(by: Actor, at: datetime) -> Iterator[Given]:
    told = {
        "order": (_("Samples of the handover are wanted"), _("Order them"), "tube", "later"),
        "laboratory": (_("Samples of the handover wait for the laboratory"), _("Look"), "tube", "week"),
        "hand_over": (_("Approved and sampled: it can go home"), _("Hand over"), "hand", "now"),
        "stands": (_("Something stands against a release"), _("Look"), "alarm", "now"),
    }
    for one in waiting.releases_waiting(by, at=at):
        what, verb, icon, group = told[one.what]
        release = one.release
        url = reverse("offer_return" if one.what == "hand_over" else "release", args=[release.pk])
        yield group, "", _row(icon, what, release.child, release.at, release.valid_until, url, verb)


def _row(
    icon: str,
    what: str | Promise,
    child: Any,
    since: datetime,
    until: datetime | None,
    url: str,
    verb: str | Promise,
    *,
    grave: bool = False,
) -> dict[str, Any]:
    who = format_html('{} · <span class="number">{}</span>', child.call_name, numbers.grouped(child.number))
    return {
        "icon": icon,
        "what": what,
        "who": who,
        "since": since,
        "until": until,
        "url": url,
        "verb": verb,
        "grave": grave,
        "child": child,
    }
