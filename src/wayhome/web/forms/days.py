"""What a province reports on the day of an operation."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from wayhome.web import words
from wayhome.web.forms.base import DeskForm, Moment


class OfficersForm(DeskForm):
    """Officers who are out."""

    verb = _("Report the officers")
    officers = forms.IntegerField(label=_("Officers of your province who are out"), min_value=0, max_value=100_000)
    counted_at = Moment(label=_("Counted at"), help_text=_("Of several reports, the one counted last stands."))


class SeizureForm(DeskForm):
    """Something that was seized."""

    verb = _("Report the seizure")
    reference = forms.CharField(
        label=_("Number on your list of things seized"),
        max_length=40,
        help_text=_("The same number reported again corrects this line; an amount of 0 takes it off the board."),
    )
    kind = forms.ChoiceField(label=_("What was seized?"), choices=lambda: words.choices("seized"))
    amount = forms.DecimalField(label=_("How much?"), min_value=0, max_digits=14, decimal_places=2)
    unit = forms.ChoiceField(label=_("Counted in"), choices=lambda: words.choices("seized_unit"))
    counted_at = Moment(label=_("Counted at"))
