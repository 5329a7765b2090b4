"""How long a clock runs, and another's agreement."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from wayhome.casework.overview.rules.clocks import LIMITED, most_hours
from wayhome.web import words
from wayhome.web.forms.base import Day, DeskForm


class SetLimitForm(DeskForm):
    """No longer than the law lets it run."""

    verb = _("Propose")
    kind = forms.ChoiceField(label=_("Clock"), choices=lambda: words.choices("clock", only=list(LIMITED)))
    hours = forms.IntegerField(label=_("Hours"), min_value=1, max_value=max(map(most_hours, LIMITED)))
    since = Day(label=_("From which day"))
    reason = forms.CharField(label=_("Why?"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class ApproveLimitForm(DeskForm):
    """Another supervisor agrees."""

    verb = _("Agree")
