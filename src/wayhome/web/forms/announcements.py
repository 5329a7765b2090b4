"""What is counted for an announcement, and another person's signature under it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wayhome.casework.overview.actions.announcing import MOST_OFFICERS
from wayhome.casework.overview.queries.announced import Stated
from wayhome.web.forms.base import DeskForm, Moment


class ProposeAnnouncementForm(DeskForm):
    """Which operations, until when; and how many officers took part, which no record tells."""

    verb = _("Count and write")
    number = forms.CharField(
        label=_("Number of the announcement"),
        max_length=20,
        help_text=_("The day it is made, for instance 2011-07-27. A number that there is gets another version."),
    )
    cutoff = Moment(label=_("Recorded until"))

    def __init__(self, *args: Any, operations: Iterable[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = list(operations)
        self.fields["operations"] = forms.TypedMultipleChoiceField(
            label=_("Cases"),
            choices=[(one.pk, f"{one.code} · {one.title}") for one in self.offered],
            coerce=int,
            widget=forms.CheckboxSelectMultiple(attrs={"class": "stack"}),
        )
        for one in self.offered:
            self.fields[f"officers_{one.pk}"] = forms.IntegerField(
                label=_("Officers, case %(code)s") % {"code": one.code}, min_value=0, max_value=MOST_OFFICERS, required=False
            )
            self.fields[f"source_{one.pk}"] = forms.CharField(
                label=_("Who says so, case %(code)s") % {"code": one.code},
                max_length=200,
                required=False,
                help_text=_("Kept in the house, not published."),
            )
        self.order_fields(["number", "operations", "cutoff", *self._more()])

    def _more(self) -> Iterator[str]:
        for one in self.offered:
            yield from (f"officers_{one.pk}", f"source_{one.pk}")

    def stated(self) -> dict[int, Stated]:
        """By chosen operation what was typed of it."""
        told = self.cleaned_data
        return {
            pk: Stated(told[f"officers_{pk}"] or 0, told[f"source_{pk}"])
            for pk in told["operations"]
            if told[f"officers_{pk}"] or told[f"source_{pk}"]
        }


class ApproveAnnouncementForm(DeskForm):
    """Another supervisor's signature: the digest says under what."""

    verb = _("Approve and publish")
    digest = forms.CharField(widget=forms.HiddenInput)
