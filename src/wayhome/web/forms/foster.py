"""Foster care: ask for it, approve exactly what was asked, end it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wayhome.web.forms.base import DeskForm, rows
from wayhome.web.forms.register import Choice


class ProposeForm(DeskForm):
    """A household that shall have the child."""

    verb = _("Ask for foster care")
    person = forms.CharField(
        label=_("Foster carer"),
        max_length=80,
        help_text=_("Name, identity number, or number of the record. Record the person first, with name and identity number."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    address = forms.CharField(
        label=_("Address of the household"), max_length=200, help_text=_("In full: it is screened against exclusions.")
    )
    reason = forms.CharField(label=_("Why this household?"), max_length=300, widget=rows(3))

    def __init__(self, *args: Any, institutions: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["institution"] = Choice(
            institutions, lambda f: f.name, label=_("Institution that goes on answering for the child"), empty_label=None
        )
        self.order_fields(["person", "address", "institution", "reason"])


class ApproveForm(DeskForm):
    """A signature under what was shown: the digest comes back with it."""

    verb = _("Approve exactly this")
    digest = forms.CharField(max_length=64, widget=forms.HiddenInput)


class EndFosterForm(DeskForm):
    """Take a request back, or an approval."""

    verb = _("End the request")
    reason = forms.CharField(label=_("Why?"), max_length=200, widget=rows(2))
