"""What Today tells the members of a task force, that the ministry named a lead for it; and whoever leads a site."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from wayhome.casework.accounts.rules import Permission, may
from wayhome.casework.core.actors import Actor
from wayhome.casework.operations.queries.investigations import ways_in_lately
from wayhome.casework.operations.queries.joint import sites_led
from wayhome.web.today_returns import Given


def rows(by: Actor, *, at: datetime) -> Iterator[Given]:
    """All of them, as rows of `views.today`."""
    if not may(by.role, Permission.READ_INVESTIGATION):
        return
    for site in sites_led(by):
        if site.state == "launched":
            continue
        yield (
            "now" if site.state == "sealed" else "later",
            "",
            {
                "icon": "flag",
                "what": _("Does your site go?") if site.state == "sealed" else _("You lead a site"),
                "who": site.place,
                "since": site.at,
                "until": site.plan.zero_hour,
                "url": reverse("led_site", args=[site.pk]),
                "verb": _("Open"),
            },
        )
    for one in ways_in_lately(by, at=at):
        yield (
            "later",
            "",
            {
                "icon": "lock",
                "what": _("The ministry named a lead of your task force"),
                "who": one.investigation.code,
                "since": one.at,
                "until": None,
                "url": reverse("investigation", args=[one.investigation.number]),
                "verb": _("Open"),
            },
        )
