"""Kits for samples: which laboratory, and what happened to a kit next."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wayhome.casework.laboratory.rules.kits import PLACED, SCANNED
from wayhome.web import words
from wayhome.web.forms.base import DeskForm, Moment, number_box, rows
from wayhome.web.forms.register import Choice

_PILLS = {"class": "pills"}
ELSEWHERE = "elsewhere"
"""The witness is of another agency."""
_PLACES = {"posted": _("To which address?"), "taken": _("Where was it taken?")}


class FindKitForm(DeskForm):
    """Look for a kit."""

    verb = _("Find")
    q = forms.CharField(
        label=_("Number of the kit"),
        max_length=30,
        widget=number_box(placeholder="000 000 000"),
        help_text=_("Type it, or scan its barcode."),
    )


class OrderForm(DeskForm):
    """A kit for one sample of somebody."""

    verb = _("Order the kit")
    replaces = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, laboratories: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        only = laboratories[0] if len(laboratories) == 1 else None
        self.fields["laboratory"] = Choice(
            laboratories,
            lambda one: one.name,
            label=_("Which laboratory?"),
            initial=only,
            empty_label=None if only is not None else _("choose a laboratory"),
        )


class HopForm(DeskForm):
    """What happened to a kit next; each kind asks for no more than it needs."""

    happened_at = Moment(label=_("When, if not just now?"), required=False)
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def __init__(self, *args: Any, kind: str, colleagues: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.verb = words.word("hop", kind)
        if kind in PLACED:
            self.fields["place"] = forms.CharField(label=_PLACES[kind], max_length=200)
        if kind == "taken":
            self.fields["witness"] = forms.ChoiceField(
                label=_("Who was there when the tube was sealed?"),
                choices=[("", _("choose the witness")), *colleagues, (ELSEWHERE, _("somebody of another agency"))],
            )
            self.fields["other"] = forms.CharField(
                label=_("Staff number of the witness, if of another agency"), max_length=30, required=False
            )
        if kind == "refused":
            self.fields["note"].label = _("Why can it not be used?")
            self.fields["note"].required = True
        self.order_fields(["place", "witness", "other", "happened_at", "note"])


class ScanForm(DeskForm):
    """The same of many kits."""

    verb = _("Record them all")
    numbers = forms.CharField(
        label=_("Numbers of the kits"), widget=rows(6), help_text=_("One on each line: a scanner goes on to the next by itself.")
    )
    place = forms.CharField(
        label=_("To which address?"),
        max_length=200,
        required=False,
        help_text=_("Only for kits that are posted: the one address that they all go to."),
    )

    def __init__(self, *args: Any, kinds: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"] = forms.ChoiceField(
            label=_("Which step is done?"),
            choices=words.choices("kit", only=[kind for kind in SCANNED if kind in kinds]),
            widget=forms.RadioSelect(attrs=_PILLS),
        )
        if not PLACED.intersection(kinds):
            del self.fields["place"]
        self.order_fields(["kind", "place", "numbers"])

    def read(self) -> list[str]:
        """Numbers, one a line."""
        return [line for line in self.cleaned_data["numbers"].splitlines() if line.strip()]
