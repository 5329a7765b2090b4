"""Who comes in, who works on a case, which children belong together."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from wayhome.casework.core import numbers
from wayhome.web import words
from wayhome.web.forms.base import DeskForm, number_box
from wayhome.web.messages import sentence

_PILLS = {"class": "pills"}


class AdmitForm(DeskForm):
    """Somebody from outside."""

    verb = _("Let them in")
    person = forms.CharField(
        label=_("Who?"),
        max_length=80,
        help_text=_("Identity number, or name in full; screened against exclusions under every spelling."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    purpose = forms.ChoiceField(label=_("What for?"), choices=words.choices("purpose"), widget=forms.RadioSelect(attrs=_PILLS))
    child = forms.CharField(
        label=_("Number of the child, if to see one child"),
        max_length=20,
        required=False,
        widget=number_box(placeholder="000 000 000"),
    )


class AssignForm(DeskForm):
    """Somebody who works on a case."""

    verb = _("Assign")
    staff = forms.CharField(
        label=_("Number of the member of staff"), max_length=30, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


class EndForm(DeskForm):
    """The work is over."""

    verb = _("End the assignment")


class SiblingsForm(DeskForm):
    """Children who stay together."""

    verb = _("They are siblings")
    others = forms.CharField(
        label=_("Numbers of the other children"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2, "placeholder": "000 000 000", "inputmode": "numeric"}),
        help_text=_("One a line."),
    )
    ground = forms.ChoiceField(
        label=_("How do you know?"), choices=words.choices("siblings"), widget=forms.RadioSelect(attrs=_PILLS)
    )

    def clean_others(self) -> list[str]:
        """Each a number without a slip."""
        lines = [line.strip() for line in self.cleaned_data["others"].replace(",", "\n").splitlines() if line.strip()]
        if not all(numbers.is_number(line) for line in lines):
            raise forms.ValidationError(str(sentence("check_digit").what))
        return lines
