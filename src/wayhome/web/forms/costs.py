"""Months, lines of funding, positions."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wayhome.casework.placements.days import EARLIEST
from wayhome.web.forms.base import Day, DeskForm
from wayhome.web.forms.placements import _count
from wayhome.web.forms.register import Choice
from wayhome.web.messages import sentence


class MonthForm(DeskForm):
    """Which month."""

    verb = _("Show")
    month = forms.CharField(label=_("Month"), max_length=7, widget=forms.DateInput(attrs={"type": "month"}))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["month"].widget.attrs["max"] = f"{today:%Y-%m}"

    def clean_month(self) -> date:
        """Its first day."""
        try:
            first = date.fromisoformat(f"{self.cleaned_data['month']}-01")
        except ValueError:
            raise forms.ValidationError(str(sentence("unknown_choice").what)) from None
        if first > self.today:
            raise forms.ValidationError(str(sentence("in_the_future").what))
        if first < EARLIEST:
            raise forms.ValidationError(str(sentence("out_of_range").what))
        return first


class FundForm(DeskForm):
    """Who pays, from when to when, and up to how much."""

    verb = _("Note who pays")
    daily_rate = _count(_("Yuan a child and day"))
    first_day = Day(label=_("From which day"))
    last_day = Day(label=_("To which day"), required=False)
    budget = _count(_("Yuan in all"), most=2**31 - 1, required=False, help_text=_("Empty: without a limit."))

    def __init__(self, *args: Any, payers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["payer"] = Choice(
            payers, lambda agency: f"{agency.name} ({agency.code})", label=_("Who pays"), empty_label=_("choose an agency")
        )
        self.order_fields(["payer", "daily_rate", "first_day", "last_day", "budget"])


def _degrees(label: Any, most: int) -> forms.FloatField:
    return forms.FloatField(
        label=label, min_value=-most, max_value=most, widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"})
    )


class PositionForm(DeskForm):
    """Where a jurisdiction is."""

    verb = _("Note where it is")
    latitude = _degrees(_("Degrees north"), 90)
    longitude = _degrees(_("Degrees east"), 180)
