"""Give a child, take it, or say why not."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wayhome.web import words
from wayhome.web.forms.base import DeskForm, number_box
from wayhome.web.forms.register import Choice


class OfferForm(DeskForm):
    """What a giver signs wherever a child goes."""

    verb = _("Sign and offer the child")
    wristband = forms.CharField(
        label=_("Wristband, as it is on the child's wrist now"),
        max_length=20,
        widget=number_box(placeholder="000 000 000"),
        help_text=_("Scan it, or type the nine digits."),
    )
    condition = forms.CharField(label=_("How is the child?"), max_length=200)
    place = forms.CharField(label=_("Where do you hand it over?"), max_length=200)
    items = forms.CharField(label=_("What goes with it"), max_length=300, required=False)


class HandOverForm(OfferForm):
    """The giver's half, between places."""

    escort = forms.CharField(
        label=_("Escort who is not staff"),
        max_length=80,
        required=False,
        help_text=_("Name or identity number; screened against exclusions like everybody else."),
    )
    vehicle = forms.CharField(label=_("Number plate of the vehicle"), max_length=30, required=False)

    def __init__(self, *args: Any, facilities: Any, kinds: list[str], codes: dict[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"] = forms.ChoiceField(
            label=_("Care that follows"),
            choices=words.choices("kind", only=kinds),
            widget=forms.RadioSelect(attrs={"class": "pills"}),
        )
        self.fields["facility"] = Choice(
            facilities,
            lambda f: " · ".join(
                [f.name, str(words.word("kind", f.kind)), *([str(words.word("room", codes[f.pk]))] if f.pk in codes else [])]
            ),
            label=_("To which place"),
            empty_label=_("choose a place"),
        )
        self.order_fields(["kind", "facility"])


class AcceptForm(DeskForm):
    """The receiver's half."""

    verb = _("I have the child: accept")
    wristband = forms.CharField(
        label=_("Wristband, as you read it on the child's wrist"),
        max_length=20,
        widget=number_box(placeholder="000 000 000"),
        help_text=_("Scan it, or type the nine digits."),
    )
    condition = forms.CharField(label=_("How is the child as you take it?"), max_length=200)


class RefuseForm(DeskForm):
    """Why not. The child stays where it is, and the refusal is seen."""

    verb = _("Refuse the child")
    code = forms.ChoiceField(
        label=_("Why?"),
        choices=[c for c in words.choices("refusal") if c[0] != "withdrawn"],
        widget=forms.RadioSelect(attrs={"class": "stack"}),
    )
    note = forms.CharField(label=_("What would make it possible?"), max_length=200, required=False)


class WithdrawForm(DeskForm):
    """Take an offer back."""

    verb = _("Withdraw the offer")
    note = forms.CharField(label=_("Why?"), max_length=200)
