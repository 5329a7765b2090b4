"""Answer an alarm."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from wayhome.web.forms.base import DeskForm, rows


class AlarmForm(DeskForm):
    """What was done."""

    verb = _("Answer the alarm")
    note = forms.CharField(label=_("What did you find, and what was done?"), max_length=500, widget=rows(3))
