"""A token for a program: what it may do, for how long."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wayhome.web import words
from wayhome.web.forms.base import DeskForm

_LASTS = [("minutes", _("10 minutes")), ("day", _("1 day")), ("month", _("30 days")), ("year", _("1 year"))]
LASTS = {
    "minutes": timedelta(minutes=10),
    "day": timedelta(days=1),
    "month": timedelta(days=30),
    "year": timedelta(days=365),
}


class TokenForm(DeskForm):
    """Within what the role of its maker may do."""

    verb = _("Make the token")
    label = forms.CharField(label=_("What is it for?"), max_length=80, help_text=_("The program, and where it runs."))
    scopes = forms.MultipleChoiceField(label=_("What may it do?"), widget=forms.CheckboxSelectMultiple(attrs={"class": "stack"}))
    lasts = forms.ChoiceField(label=_("For how long?"), choices=_LASTS, initial="month", widget=forms.RadioSelect)

    def __init__(self, *args: Any, scopes: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scopes"].choices = words.choices("scopes", only=scopes)  # type: ignore[attr-defined]
        self.fields["lasts"].widget.attrs["class"] = "pills"

    def clean(self) -> dict[str, Any]:
        """What approves lasts for minutes."""
        data = super().clean() or {}
        if "approve" in data.get("scopes", ()) and data.get("lasts") not in (None, "minutes"):
            self.add_error("lasts", _("A token that approves lasts ten minutes."))
        return data


class RevokeForm(DeskForm):
    """It opens nothing any more."""

    verb = _("Revoke the token")
