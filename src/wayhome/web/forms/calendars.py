"""The calendar of a year, as its notice has it: a line for each holiday."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from wayhome.casework.overview.rules.calendar import WEEKEND, Year, days_between
from wayhome.web.forms.base import DeskForm, rows
from wayhome.web.messages import sentence

_LINE = re.compile(r"(\d{4}-\d\d-\d\d)(?:\s*(?:\.\.|–|—|-|~|至)\s*(\d{4}-\d\d-\d\d))?(?:\s+(.*))?")
_LONGEST = timedelta(days=31)


class Days(forms.CharField):
    """Lines of days: "2026-10-01..2026-10-07 National Day", or one day alone."""

    def __init__(self, lines: int, example: str, **kwargs: Any) -> None:
        super().__init__(max_length=5000, widget=rows(lines, example), **kwargs)

    def clean(self, value: Any) -> Any:
        """By day its name."""
        told: dict[date, str] = {}
        for line in filter(None, (one.strip() for one in super().clean(value).splitlines())):
            told |= _days(line)
        return told


def _days(line: str) -> dict[date, str]:
    found = _LINE.fullmatch(line)
    try:
        first = date.fromisoformat(found[1] if found else "")
        last = date.fromisoformat(found[2]) if found and found[2] else first
    except ValueError:
        raise _not_understood(line) from None
    if not timedelta() <= last - first <= _LONGEST:
        raise _not_understood(line)
    return dict.fromkeys(days_between(first, last), (found[3] or "").strip() if found else "")


def _not_understood(line: str) -> ValidationError:
    told = sentence("no_calendar_line")
    return ValidationError(f"{told.what} “{line[:60]}” {told.unblock}")


class CalendarForm(DeskForm):
    """When offices are closed, and which days of a weekend are worked for that."""

    verb = _("Propose")
    year = forms.IntegerField(label=_("Year"), min_value=1990, max_value=2200)
    source = forms.CharField(label=_("Notice"), max_length=300, help_text=_("With its number and day."))
    closed = Days(
        7, "2026-10-01..2026-10-07 国庆节", label=_("Holidays"), help_text=_("A line for each: first and last day, and its name.")
    )
    opened = Days(
        4,
        "2026-10-10",
        label=_("Days of a weekend that are worked"),
        required=False,
        help_text=_("Also a line for each. Those that the notice makes working days, for a longer holiday."),
    )
    weekend = forms.TypedMultipleChoiceField(
        label=_("Weekend"),
        coerce=int,
        choices=[(n + 1, name) for n, name in WEEKDAYS.items()],
        initial=WEEKEND,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "pills"}),
    )

    def calendar(self) -> Year:
        """What was typed."""
        told = self.cleaned_data
        return Year(told["year"], tuple(sorted(told["weekend"])), told["closed"], told["opened"])


class ApproveCalendarForm(DeskForm):
    """Another supervisor agrees."""

    verb = _("Agree")
