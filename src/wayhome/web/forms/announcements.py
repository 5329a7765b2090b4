"""What is counted for an announcement, and another person's signature under it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wayhome.casework.overview.actions.announcing import MOST_OFFICERS
from wayhome.casework.overview.queries.announced import Stated
from wayhome.web.forms.base import DeskForm, Moment
from wayhome.web.messages import sentence


class ProposeAnnouncementForm(DeskForm):
    """Which operations, until when; and how many officers took part in those of which no province reported."""

    verb = _("Count and write")
    number = forms.CharField(
        label=_("Number of the announcement"),
        max_length=20,
        help_text=_("The day it is made, for instance 2011-07-27. A number that there is gets another version."),
    )
    cutoff = Moment(label=_("Recorded until"))

    def __init__(self, *args: Any, operations: Iterable[Any], reported: Mapping[int, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = list(operations)
        self.unreported = [one for one in offered if one.pk not in reported]
        self.fields["operations"] = forms.TypedMultipleChoiceField(
            label=_("Cases"),
            choices=[(one.pk, _case(one, reported)) for one in offered],
            coerce=int,
            error_messages={"required": str(sentence("required").what)},
            widget=forms.CheckboxSelectMultiple(attrs={"class": "stack"}),
        )
        for one in self.unreported:
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
        for one in self.unreported:
            yield from (f"officers_{one.pk}", f"source_{one.pk}")

    def stated(self) -> dict[int, Stated]:
        """By chosen operation what was typed of it."""
        told = self.cleaned_data
        return {
            one.pk: Stated(told[f"officers_{one.pk}"] or 0, told[f"source_{one.pk}"])
            for one in self.unreported
            if one.pk in told["operations"] and (told[f"officers_{one.pk}"] or told[f"source_{one.pk}"])
        }


def _case(operation: Any, reported: Mapping[int, int]) -> str:
    told = f"{operation.code} · {operation.title}"
    if operation.pk not in reported:
        return told
    return f"{told} · " + _("officers as reported by provinces: %(n)s") % {"n": reported[operation.pk]}


class ApproveAnnouncementForm(DeskForm):
    """Another supervisor's signature: the digest says under what."""

    verb = _("Approve and publish")
    digest = forms.CharField(widget=forms.HiddenInput)
