"""Observations of a child in hospital. A value not taken stays empty."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wayhome.web import words
from wayhome.web.forms.base import DeskForm, Moment

_PILLS = {"class": "pills"}
EVERY = [
    (15, _("15 minutes")),
    (30, _("30 minutes")),
    (60, _("1 hour")),
    (120, _("2 hours")),
    (240, _("4 hours")),
    (480, _("8 hours")),
]


def _whole(label: Any, least: int, most: int) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, min_value=least, max_value=most, required=False, widget=forms.NumberInput(attrs={"inputmode": "numeric"})
    )


class ObservationForm(DeskForm):
    """One look."""

    verb = _("Save the observation")
    taken_at = Moment(label=_("Looked at"))
    consciousness = forms.ChoiceField(
        label=_("Consciousness"), choices=words.choices("consciousness"), widget=forms.RadioSelect(attrs=_PILLS)
    )
    heart_rate = _whole(_("Heart rate (per minute)"), 0, 350)
    breaths = _whole(_("Breaths (per minute)"), 0, 150)
    temperature_c = forms.DecimalField(
        label=_("Temperature (°C)"),
        min_value=25,
        max_value=45,
        decimal_places=1,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "0.1"}),
    )
    oxygen_percent = _whole(_("Oxygen (%)"), 0, 100)
    feeding = forms.ChoiceField(
        label=_("Feeding"),
        choices=words.choices("feeding", blank=_("not looked at")),
        required=False,
        widget=forms.RadioSelect(attrs=_PILLS),
    )
    feed_ml = _whole(_("Feed (ml)"), 0, 500)
    note = forms.CharField(label=_("Note"), max_length=300, required=False)


class CorrectionForm(ObservationForm):
    """The same look, put right."""

    verb = _("Save the correction")


class PlanForm(DeskForm):
    """How often it is looked at."""

    verb = _("Save the plan")
    every_minutes = forms.TypedChoiceField(
        label=_("Look every"), choices=EVERY, coerce=int, widget=forms.RadioSelect(attrs=_PILLS)
    )
    sedation = forms.BooleanField(label=_("Sedation is suspected: take a sample first"), required=False)


class MeasureForm(DeskForm):
    """Length, weight, head."""

    verb = _("Save the measures")
    taken_at = Moment(label=_("Measured at"))
    length_mm = _whole(_("Length (mm)"), 200, 1400)
    weight_g = _whole(_("Weight (g)"), 300, 60000)
    head_mm = _whole(_("Head circumference (mm)"), 150, 650)
    cord_stump = forms.NullBooleanField(
        label=_("Cord stump still there"),
        required=False,
        widget=forms.Select(choices=[("unknown", _("not looked at")), ("true", _("yes")), ("false", _("no"))]),
    )
    neglected = forms.BooleanField(label=_("Looks starved or neglected"), required=False)


class SampleForm(DeskForm):
    """A toxicology sample."""

    verb = _("Save the sample")
    barcode = forms.CharField(label=_("Barcode"), max_length=30, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    kind = forms.ChoiceField(label=_("Of what"), choices=words.choices("tox"), widget=forms.RadioSelect(attrs=_PILLS))
    taken_at = Moment(label=_("Taken at"))


class ResultForm(DeskForm):
    """What the laboratory found."""

    verb = _("Save the result")
    substance = forms.CharField(label=_("Substance"), max_length=80)
    found = forms.TypedChoiceField(
        label=_("Was it found?"),
        choices=[("yes", _("found")), ("no", _("not found"))],
        coerce=lambda v: v == "yes",
        widget=forms.RadioSelect(attrs=_PILLS),
    )


class ClearanceForm(DeskForm):
    """A doctor's word."""

    verb = _("Sign as the doctor")
    fit = forms.TypedChoiceField(
        label=_("Is the child fit to leave the hospital?"),
        choices=[("yes", _("fit to move")), ("no", _("not fit to move"))],
        coerce=lambda v: v == "yes",
        widget=forms.RadioSelect(attrs=_PILLS),
    )
    level = forms.ChoiceField(label=_("Care it needs"), choices=words.choices("care"), widget=forms.RadioSelect(attrs=_PILLS))
    limits = forms.CharField(
        label=_("Limits"),
        max_length=200,
        required=False,
        help_text=_("No longer than an hour on the road; a carer awake at night …"),
    )


class DeathForm(DeskForm):
    """The end of a chain."""

    verb = _("Record the death")
    died_at = Moment(label=_("Died at"))
    condition = forms.CharField(label=_("Cause, as far as it is known"), max_length=200)
