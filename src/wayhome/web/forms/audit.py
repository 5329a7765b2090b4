"""Ask for a child's log."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from wayhome.casework.core import numbers
from wayhome.web.forms.base import DeskForm, number_box
from wayhome.web.messages import sentence


class ReadersForm(DeskForm):
    """Whose log."""

    verb = _("Show the log")
    number = forms.CharField(label=_("Number of the child"), max_length=20, widget=number_box(placeholder="000 000 000"))

    def clean_number(self) -> str:
        """A number without a slip."""
        typed: str = self.cleaned_data["number"]
        if not numbers.is_number(typed):
            raise forms.ValidationError(str(sentence("check_digit").what))
        return typed
