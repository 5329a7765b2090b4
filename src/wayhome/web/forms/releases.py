"""Ask for a release, approve exactly what was asked, take it back, carry it out; and what comes after, or in its place."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wayhome.web import words
from wayhome.web.forms.base import Day, DeskForm, rows
from wayhome.web.forms.handover import AcceptForm, OfferForm
from wayhome.web.forms.register import Choice

_STACK = {"class": "stack"}


class AskFamilyForm(DeskForm):
    """Home: who takes the child, who lives there, and where."""

    verb = _("Ask for the release")
    others = forms.CharField(
        label=_("Whoever else lives there"),
        required=False,
        max_length=400,
        widget=rows(3),
        help_text=_("One a line: name, identity number, or number of the record. Record each of them first."),
    )
    address = forms.CharField(
        label=_("Address of the home"), max_length=200, help_text=_("In full: it is screened against exclusions.")
    )

    def __init__(self, *args: Any, receivers: list[tuple[int, str]], kin: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["recipients"] = forms.TypedMultipleChoiceField(
            label=_("Who takes the child"),
            choices=receivers,
            coerce=int,
            widget=forms.CheckboxSelectMultiple(attrs=_STACK),
            help_text=_("Those by whose samples the match was made. Each gives a sample again before the handover."),
        )
        if kin:
            self.fields["kin"] = forms.TypedMultipleChoiceField(
                label=_("Relatives who live there"),
                choices=kin,
                coerce=int,
                required=False,
                widget=forms.CheckboxSelectMultiple(attrs=_STACK),
            )
        self.order_fields(["recipients", "kin", "others", "address"])

    def lines(self) -> list[str]:
        """Everybody else who was named."""
        return [line.strip() for line in self.cleaned_data["others"].splitlines() if line.strip()]


class AskAuthorityForm(DeskForm):
    """To the authority of the child's own country."""

    verb = _("Ask for the release")

    def __init__(self, *args: Any, facilities: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"] = Choice(facilities, lambda f: f.name, label=_("To which authority"), empty_label=_("choose a place"))


class ApproveReleaseForm(DeskForm):
    """A signature under what was shown: the digest comes back with it."""

    verb = _("Approve exactly this")
    digest = forms.CharField(max_length=64, widget=forms.HiddenInput)


class RevokeReleaseForm(DeskForm):
    """Take it back."""

    verb = _("Revoke the release")
    note = forms.CharField(label=_("Why?"), max_length=300, widget=rows(2))


class OfferReturnForm(OfferForm):
    """The institution's half, at the door."""

    def __init__(self, *args: Any, recipients: list[tuple[int, str]] | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if recipients is not None:
            self.fields["recipient"] = forms.TypedChoiceField(
                label=_("Who takes the child"),
                choices=recipients,
                coerce=int,
                widget=forms.RadioSelect(attrs=_STACK),
                help_text=_("Whose sample of the handover is the one that was matched. Look at their papers."),
            )
        self.order_fields(["recipient", "wristband", "condition", "place", "items"])


class CompleteReturnForm(AcceptForm):
    """The second half."""

    verb = _("Sign: the child is given")
    condition = forms.CharField(label=_("How is the child as it is taken?"), max_length=200)


class VisitForm(DeskForm):
    """What a visit found."""

    verb = _("Record the visit")
    found = forms.ChoiceField(
        label=_("What did you find?"), choices=words.choices("visit_found"), widget=forms.RadioSelect(attrs=_STACK)
    )
    visited_on = Day(label=_("Visited on"))
    note = forms.CharField(
        label=_("Note"),
        max_length=5000,
        required=False,
        widget=rows(4),
        help_text=_("Needed where something worries you or nobody was met: others are alarmed at once and read it."),
    )

    def __init__(self, *args: Any, days: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["day"] = forms.TypedChoiceField(
            label=_("For which visit"), choices=days, coerce=int, widget=forms.RadioSelect(attrs={"class": "pills"})
        )
        self.order_fields(["day", "found", "visited_on", "note"])


class CertifyForm(DeskForm):
    """Police certify that no parents were found yet."""

    verb = _("Certify")
    document = forms.CharField(label=_("Number of the certificate"), max_length=80, help_text=_("As it stands on the paper."))


class NoticeForm(DeskForm):
    """A public notice that asks for the parents."""

    verb = _("Record the notice")
    published_in = forms.CharField(
        label=_("Published in"), max_length=200, help_text=_("The newspaper, or the address of the page.")
    )
    published_on = Day(label=_("Published on"))
