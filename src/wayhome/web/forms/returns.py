"""A file of return: open it, verify it, enquire, and say what is best for the child."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wayhome.casework.reunification.rules import DETERMINED_FOR
from wayhome.web import words
from wayhome.web.forms.base import Day, DeskForm, rows


def _one_of(label: Any, of: str) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=words.choices(of), widget=forms.RadioSelect(attrs={"class": "stack"}))


def _yes_or_no(label: Any, yes: Any, no: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        choices=[("yes", yes), ("no", no)],
        coerce=lambda answer: answer == "yes",
        widget=forms.RadioSelect(attrs={"class": "stack"}),
    )


class OpenForm(DeskForm):
    """To whom the child may go by this file."""

    verb = _("Open the file")
    to = forms.ChoiceField(label=_("To whom may the child go?"), widget=forms.RadioSelect(attrs={"class": "stack"}))

    def __init__(self, *args: Any, match: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        family = [("family", _("home, to the family that the match names"))] if match else []
        choices = [*family, ("authority", _("to the authority of its own country, without a family"))]
        self.fields["to"].choices = choices  # type: ignore[attr-defined]
        self.initial.setdefault("to", choices[0][0])


class CorrectForm(DeskForm):
    """What a row of evidence says; its kind stays where it stands in place of another."""

    verb = _("Put this in its place")
    who = forms.CharField(
        label=_("With whom, or of what?"),
        max_length=120,
        help_text=_("The mother; the neighbours; birth certificate No. 45-0021."),
    )
    held_on = Day(label=_("On which day?"))
    outcome = _one_of(_("What did it show?"), "outcome")
    note = forms.CharField(
        label=_("Note"), max_length=5000, required=False, widget=rows(4), help_text=_("Needed unless it speaks for the family.")
    )


class EvidenceForm(CorrectForm):
    """A new row."""

    verb = _("Add it to the file")
    kind = _one_of(_("What was done?"), "evidence")
    field_order = ("kind", "who", "held_on", "outcome", "note")


class HoldBackForm(DeskForm):
    """What only the family can know."""

    verb = _("Hold it back")
    question = forms.CharField(
        label=_("What will the claimant be asked?"),
        max_length=200,
        help_text=_("Nothing that a newspaper, a poster or a neighbour knows."),
    )
    answer = forms.CharField(
        label=_("The right answer"),
        max_length=300,
        help_text=_("Only police see it until the claimant was asked."),
        widget=rows(2),
    )


class ReplyForm(DeskForm):
    """What the claimant said."""

    verb = _("Sign this answer")
    said = forms.CharField(label=_("What did the claimant say, word for word?"), max_length=300, widget=rows(3))
    # Not `matches`: a field of that name hides the method of the form's element from every script.
    right = _yes_or_no(_("Is it right?"), _("yes, they know it"), _("no: the file is verified no more"))


class EnquiryForm(DeskForm):
    """What an investigator found."""

    verb = _("Tell this result")
    result = _one_of(_("Did the parents take part in the sale?"), "enquiry")
    document = forms.CharField(
        label=_("Number of the prosecutor's document"),
        max_length=80,
        required=False,
        help_text=_("Nobody is cleared without one."),
    )
    note = forms.CharField(
        label=_("What was found"),
        max_length=5000,
        required=False,
        widget=rows(4),
        help_text=_("Needed unless it clears the parents."),
    )

    def __init__(self, *args: Any, own: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if own:
            # The agency that took up the family's request is heard where it accuses, and not where it clears.
            self.fields["result"].choices = words.choices("enquiry", only=["involved"])  # type: ignore[attr-defined]


class CountersignForm(DeskForm):
    """A signature under an enquiry that stands above it."""

    verb = _("Countersign this result")


class CourtForm(DeskForm):
    """What a court said of a guardianship."""

    verb = _("Enter what the court said")
    outcome = _one_of(_("What did the court say of the guardianship?"), "guardianship")
    document = forms.CharField(label=_("Number of the judgment"), max_length=80)


class DeterminationForm(DeskForm):
    """What would be best for a child."""

    verb = _("Put it to the panel")
    decision = _one_of(_("What is best for the child?"), "decision")
    reasons = forms.CharField(
        label=_("Why?"),
        max_length=10_000,
        widget=rows(6),
        help_text=_("What the child itself says belongs here, where it can speak."),
    )
    until = Day(
        label=_("Until which day shall it hold?"), required=False, help_text=_("180 days at most, and if nothing is entered.")
    )

    @staticmethod
    def holds(day: date | None, *, at: datetime) -> datetime | None:
        """The end of that day, or the last moment that is allowed where it falls into that day."""
        if day is None:
            return None
        end, most = timezone.make_aware(datetime.combine(day, time.max)), at + DETERMINED_FOR
        return most if day == timezone.localtime(most).date() else end


class PanelVoteForm(DeskForm):
    """One discipline's word."""

    verb = _("Sign this vote")
    agrees = _yes_or_no(_("Is this best for the child?"), _("yes, I agree"), _("no, I do not agree"))
    dissent = forms.CharField(
        label=_("Why not?"), max_length=5000, required=False, widget=rows(4), help_text=_("Needed where you do not agree.")
    )
