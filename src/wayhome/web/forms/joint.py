"""Joint operations: planned, approved, ready site by site, launched, over, reviewed; and special campaigns."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wayhome.casework.operations.rules import WORDS, ZONES
from wayhome.web import words
from wayhome.web.forms.base import Day, DeskForm, Moment, rows
from wayhome.web.forms.investigations import place
from wayhome.web.messages import sentence

_PILLS = {"class": "pills"}


class PlanForm(DeskForm):
    """What is to happen at one zero hour."""

    verb = _("Draft the plan")
    code = forms.CharField(label=_("Code"), max_length=30, help_text=_("The operation has it once it is launched."))
    title = forms.CharField(label=_("Title"), max_length=120)
    zero_hour = Moment(label=_("Zero hour"))
    time_zone = forms.ChoiceField(
        label=_("In which time?"),
        choices=lambda: words.choices("zone", only=list(ZONES)),
        widget=forms.RadioSelect(attrs=_PILLS),
        initial=ZONES[0],
    )

    def __init__(self, *args: Any, jurisdictions: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["jurisdiction"] = place(jurisdictions, _("Whom does the operation concern?"))

    def clean(self) -> dict[str, Any]:
        """The hour is that of the zone beside it, wherever the reader is."""
        told: dict[str, Any] = super().clean() or self.cleaned_data
        if told.get("zero_hour") and told.get("time_zone"):
            told["zero_hour"] = timezone.make_naive(told["zero_hour"]).replace(tzinfo=ZoneInfo(told["time_zone"]))
        return told


class SiteForm(DeskForm):
    """One place of it."""

    verb = _("Plan the site")
    place = forms.CharField(label=_("Place"), max_length=200, help_text=_("Address, floor, entrance."))
    officers = forms.IntegerField(
        label=_("Officers planned"), min_value=1, max_value=10_000, widget=forms.NumberInput(attrs={"inputmode": "numeric"})
    )

    outside = forms.CharField(
        label=_("Or an officer from outside, by their number"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("They are told of this site and the zero hour alone: of no other site, no suspect and no child looked for."),
    )

    def __init__(self, *args: Any, jurisdictions: Any, leaders: Iterable[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["jurisdiction"] = place(jurisdictions, _("In which province or county?"))
        self.fields["leader"] = forms.ChoiceField(
            label=_("Who leads there?"),
            choices=[("", "—"), *((one.number, f"{one.name} · {one.agency.name}") for one in leaders)],
            required=False,
            help_text=_("Somebody of the task force: they say on the spot whether the site goes."),
        )
        self.order_fields(["jurisdiction", "place", "leader", "outside", "officers"])

    def clean(self) -> dict[str, Any]:
        """One of both leads."""
        told: dict[str, Any] = super().clean() or self.cleaned_data
        if bool(told.get("leader")) == bool(told.get("outside")):
            self.add_error("leader", str(sentence("required" if not told.get("leader") else "one_leader").what))
        return told


class ReadinessForm(DeskForm):
    """Three switches and a word."""

    verb = _("Tell it")
    kit = forms.BooleanField(label=_("Child-care kit is here"), required=False)
    medic = forms.BooleanField(label=_("Medic is here"), required=False)
    female_officer = forms.BooleanField(label=_("Female officer is here"), required=False)
    word = forms.ChoiceField(label=_("Does this site go?"), widget=forms.RadioSelect(attrs=_PILLS))
    reason = forms.CharField(label=_("If not, why?"), max_length=1000, required=False, widget=rows(2))

    def __init__(self, *args: Any, leads: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["word"]
        field.choices = words.choices("site_word", only=list(WORDS) if leads else ["go", "no_go"])


class ApprovePlanForm(DeskForm):
    """A supervisor's signature: the digest says under what."""

    verb = _("Approve the plan")
    digest = forms.CharField(widget=forms.HiddenInput)


class SealForm(DeskForm):
    """All is prepared."""

    verb = _("Seal the plan")


class LaunchForm(DeskForm):
    """It begins."""

    verb = _("Launch")


class StandDownForm(DeskForm):
    """It is over."""

    verb = _("Stand down")
    note = forms.CharField(label=_("A word to all"), max_length=5000, required=False, widget=rows(3))


class ReviewForm(DeskForm):
    """The report after the action."""

    verb = _("Sign the report")
    note = forms.CharField(label=_("What went well, and what did not?"), max_length=10_000, widget=rows(8))


class CampaignForm(DeskForm):
    """A special campaign with a partner country."""

    verb = _("Record the campaign")
    name = forms.CharField(label=pgettext_lazy("campaign", "Name"), max_length=120)
    starts = Day(label=_("First day"))
    ends = Day(label=_("Last day"), help_text=_("Boards of operations that begin in this time tell when it ends."))

    def __init__(self, *args: Any, partners: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["partner"] = place(partners, _("With which country?"))
        self.order_fields(["name", "partner", "starts", "ends"])
