"""Enter an exclusion; ask whether somebody would meet one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wayhome.web import words
from wayhome.web.forms.base import DeskForm, number_box, rows
from wayhome.web.forms.register import Choice

_PILLS = {"class": "pills"}


class ExcludeForm(DeskForm):
    """Who or what never has to do with a child again."""

    verb = _("Exclude for ever")
    person = forms.IntegerField(required=False, widget=forms.HiddenInput)
    subject = forms.ChoiceField(
        label=_("Whom or what?"),
        choices=words.choices("subject", only=["person", "address", "phone", "vehicle", "id"]),
        widget=forms.RadioSelect(attrs=_PILLS),
    )
    value = forms.CharField(
        label=_("Name of the person, or the address, number or plate"),
        max_length=200,
        help_text=_("A person is recorded, and recognised from then on in every script."),
    )
    id_number = forms.CharField(label=_("Identity number of the person, if known"), max_length=40, required=False)
    ground = forms.ChoiceField(label=_("Ground"), choices=words.choices("ground"), widget=forms.RadioSelect(attrs=_PILLS))
    scope = forms.ChoiceField(
        label=_("From which children?"), choices=words.choices("scope"), initial="all", widget=forms.RadioSelect(attrs=_PILLS)
    )
    child = forms.CharField(
        label=_("Number of the child, for one child"), max_length=20, required=False, widget=number_box(placeholder="000 000 000")
    )
    note = forms.CharField(label=_("Note"), max_length=300, required=False, widget=rows(2))

    def __init__(self, *args: Any, operations: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["operation"] = Choice(
            operations,
            lambda o: f"{o.code} · {o.title}",
            label=_("Operation, for children of one"),
            required=False,
            empty_label="—",
        )
        self.order_fields(["subject", "value", "id_number", "ground", "scope", "operation", "child", "note"])

    def clean(self) -> dict[str, Any]:
        """The scope names what it is limited to."""
        data = super().clean() or {}
        for scope in ("child", "operation"):
            if data.get("scope") == scope and not data.get(scope):
                self.marked({scope: "required"})
        return data


class ScreenForm(DeskForm):
    """Would this meet an exclusion?"""

    verb = _("Find")
    kind = forms.ChoiceField(
        label=_("What is it?"), choices=words.choices("subject", only=["name", "id", "phone", "address", "vehicle"])
    )
    value = forms.CharField(label=_("Name, number, address or plate"), max_length=200)
