"""Candidates: look one up, say what one makes of it, confirm a match, take it back."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from wayhome.casework.matching.rules.readings import CONCLUSIONS
from wayhome.web import words
from wayhome.web.forms.base import DeskForm, number_box, rows


class FindCandidateForm(DeskForm):
    """Look for the candidates of a child or of a request."""

    verb = _("Look")
    q = forms.CharField(
        label=_("Number of the child or of the request"),
        max_length=30,
        widget=number_box(placeholder="000 000 000"),
    )


class ReadingForm(DeskForm):
    """What one analyst makes of a candidate."""

    verb = _("Give my reading")
    conclusion = forms.ChoiceField(
        label=_("What do you make of it?"),
        choices=words.choices("conclusion", only=list(CONCLUSIONS)),
        widget=forms.RadioSelect(attrs={"class": "stack"}),
    )
    note = forms.CharField(
        label=_("Why"),
        max_length=2000,
        required=False,
        widget=rows(4),
        help_text=_("Needed unless it supports. A reading is given once and stays."),
    )


class ConfirmMatchForm(DeskForm):
    """The head of a laboratory confirms."""

    verb = _("Confirm the match")
    note = forms.CharField(label=_("Note"), max_length=2000, required=False, widget=rows(3))


class TakeBackForm(DeskForm):
    """A confirmation was wrong."""

    verb = _("Take it back")
    reason = forms.CharField(label=_("Why"), max_length=300, widget=rows(3))


class ReportForm(DeskForm):
    """Write the kinship report."""

    verb = _("Make the report")
    notes = forms.CharField(
        label=_("Notes for whoever reads it"),
        max_length=2000,
        required=False,
        widget=rows(4),
        help_text=_("Printed as they are, in every language. Name nobody."),
    )
