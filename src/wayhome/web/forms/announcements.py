"""What is counted for an announcement, and another person's signature under it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField, BoundWidget
from django.utils.translation import gettext_lazy as _

from wayhome.casework.overview.actions.announcing import MOST_OFFICERS
from wayhome.casework.overview.queries.announced import Stated
from wayhome.web.forms.base import DeskForm, Moment


@dataclass(frozen=True, slots=True)
class Case:
    """A row of the form: an operation, and its officers as provinces reported them or as somebody says."""

    operation: Any
    box: BoundWidget
    reported: int | None = None
    officers: BoundField | None = None
    source: BoundField | None = None


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
            choices=[(one.pk, one.code) for one in offered],
            coerce=int,
            widget=forms.CheckboxSelectMultiple,
        )
        for one in self.unreported:
            self.fields[f"officers_{one.pk}"] = forms.IntegerField(
                label=_("Officers, case %(code)s") % {"code": one.code}, min_value=0, max_value=MOST_OFFICERS, required=False
            )
            self.fields[f"source_{one.pk}"] = forms.CharField(
                label=_("Who says so, case %(code)s") % {"code": one.code},
                max_length=200,
                required=False,
            )
        self.offered, self.reported = offered, reported

    def cases(self) -> Iterator[Case]:
        """The operations that can be chosen, each with its box and what is asked of it."""
        for one, box in zip(self.offered, self["operations"], strict=True):
            if one.pk in self.reported:
                yield Case(one, box, reported=self.reported[one.pk])
            else:
                yield Case(one, box, officers=self[f"officers_{one.pk}"], source=self[f"source_{one.pk}"])

    def stated(self) -> dict[int, Stated]:
        """By chosen operation what was typed of it."""
        told = self.cleaned_data
        return {
            one.pk: Stated(told[f"officers_{one.pk}"] or 0, told[f"source_{one.pk}"])
            for one in self.unreported
            if one.pk in told["operations"] and (told[f"officers_{one.pk}"] or told[f"source_{one.pk}"])
        }


class ApproveAnnouncementForm(DeskForm):
    """Another supervisor's signature: the digest says under what."""

    verb = _("Approve and publish")
    digest = forms.CharField(widget=forms.HiddenInput)
