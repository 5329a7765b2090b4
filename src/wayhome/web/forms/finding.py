"""Find by a number."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from wayhome.web.forms.base import DeskForm, number_box


class FindForm(DeskForm):
    """A number, typed or scanned."""

    verb = _("Find")
    q = forms.CharField(label=_("Number"), max_length=30, widget=number_box(placeholder="000 000 000", id="number"))
