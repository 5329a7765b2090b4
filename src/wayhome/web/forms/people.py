"""People, operations and rescues: what is recorded of them."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from wayhome.web import words
from wayhome.web.forms.base import DeskForm, Moment, rows
from wayhome.web.forms.register import Choice

FACTS = ["name", "alias", "id", "phone", "address", "vehicle"]


class PersonForm(DeskForm):
    """Somebody who is not staff."""

    verb = _("Record the person")
    label = forms.CharField(
        label=_("How you call them here"), max_length=80, help_text=_("The buyer of flat 12, the woman at the gate …")
    )
    source = forms.CharField(label=_("Where is this known from?"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in FACTS:
            self.fields[f"fact_{kind}"] = forms.CharField(
                label=cast(Any, words.word("subject", kind)), max_length=200, required=False
            )
        self.order_fields(["label", *(f"fact_{kind}" for kind in FACTS), "source"])

    def facts(self) -> list[tuple[str, str]]:
        """Those that were given."""
        return [(kind, self.cleaned_data[f"fact_{kind}"]) for kind in FACTS if self.cleaned_data[f"fact_{kind}"]]


class FactForm(DeskForm):
    """One thing more."""

    verb = _("Add the fact")
    kind = forms.ChoiceField(label=_("What is it?"), choices=words.choices("subject", only=FACTS))
    value = forms.CharField(label=_("As it is known"), max_length=200)
    source = forms.CharField(label=_("Where is this known from?"), max_length=200, required=False)


class TieForm(DeskForm):
    """Kin or household."""

    verb = _("Tie the two")
    other = forms.IntegerField(label=_("Number of the other person"), min_value=1)
    kind = forms.ChoiceField(label=_("They are"), choices=words.choices("tie"))
    source = forms.CharField(label=_("Where is this known from?"), max_length=200, required=False)


class LookForm(DeskForm):
    """Look for somebody."""

    verb = _("Look")
    text = forms.CharField(label=_("Name, number, address or plate"), max_length=200)


class OperationForm(DeskForm):
    """A joint action."""

    verb = _("Record the operation")
    code = forms.CharField(label=_("Code"), max_length=30)
    title = forms.CharField(label=_("Title"), max_length=120)
    zero_hour = Moment(label=_("Zero hour"))


class RescueForm(DeskForm):
    """Children found at one place."""

    verb = _("Record the rescue")
    place = forms.CharField(
        label=_("Address where children were found"), max_length=200, help_text=_("No child ever goes back to this address.")
    )
    found_at = Moment(label=_("Found at"))
    sedation_suspected = forms.BooleanField(label=_("Children may have been given a sedative"), required=False)
    circumstances = forms.CharField(label=_("Circumstances"), required=False, widget=rows(3))

    def __init__(self, *args: Any, facilities: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["facility"] = Choice(
            facilities, lambda f: f.name, label=_("If it was a place on the register"), required=False, empty_label="—"
        )
        self.order_fields(["place", "facility", "found_at", "sedation_suspected", "circumstances"])
