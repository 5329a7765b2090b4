"""What Today tells the members of a task force: that the ministry named a lead for it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from wayhome.casework.accounts.rules import Permission, may
from wayhome.casework.core.actors import Actor
from wayhome.casework.operations.queries.investigations import ways_in_lately
from wayhome.web.today_returns import Given


def rows(by: Actor, *, at: datetime) -> Iterator[Given]:
    """All of them, as rows of `views.today`."""
    if not may(by.role, Permission.READ_INVESTIGATION):
        return
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
