"""What is written to partners, asked, told and waited for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wayhome.casework.exchange.rules.packages import FIELDS
from wayhome.web import words
from wayhome.web.forms.base import DeskForm, Moment, number_box, rows


class ShareCaseForm(DeskForm):
    """A case that both sides agreed upon by letter."""

    verb = _("Share the case")
    node = forms.ChoiceField(label=_("With which partner?"))
    number = forms.CharField(
        label=_("Number of the case"), max_length=40, help_text=_("As both sides agreed by letter. Both enter the same.")
    )

    def __init__(self, *args: Any, nodes: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["node"].choices = nodes  # type: ignore[attr-defined]


class WriteForm(DeskForm):
    """A message."""

    verb = _("Send")
    kind = forms.ChoiceField(label=_("What is it?"), choices=lambda: words.choices("partner_kind", only=["notice", "question"]))
    text = forms.CharField(
        label=_("What do you want to say?"),
        widget=rows(6),
        max_length=12_000,
        help_text=_("No name of a family, no address, nothing about DNA: what is told of a child has a sheet of its own."),
    )


class AnswerForm(DeskForm):
    """An answer to the partner's question."""

    verb = _("Send the answer")
    text = forms.CharField(label=_("Your answer"), widget=rows(6), max_length=12_000)


class TieForm(DeskForm):
    """A child whom the case is about."""

    verb = _("Tie the child to the case")
    child = forms.CharField(label=_("Number of the child"), max_length=15, widget=number_box())


class WaitForm(DeskForm):
    """Whom the return waits for from now on."""

    verb = _("From then on it waits for this")
    who = forms.ChoiceField(label=_("For whom?"), choices=lambda: words.choices("waits_for"))
    what = forms.CharField(label=_("For what?"), max_length=200)
    since = Moment(label=_("Since when?"), help_text=_("What it waited for before ends there."))


class CorrectStepForm(DeskForm):
    """A step as it was in truth."""

    verb = _("Correct it")
    stands = forms.TypedChoiceField(
        label=_("What was wrong?"),
        choices=[("yes", _("It was otherwise, as follows")), ("no", _("It never waited for this"))],
        widget=forms.RadioSelect(attrs={"class": "stack"}),
        coerce=lambda value: value == "yes",
    )
    who = forms.ChoiceField(label=_("For whom?"), choices=lambda: words.choices("waits_for"))
    what = forms.CharField(label=_("For what?"), max_length=200)
    since = Moment(label=_("Since when?"))
    reason = forms.CharField(label=_("Why is it corrected?"), max_length=300, help_text=_("What was told first stays on record."))


class CorrectTieForm(DeskForm):
    """Why a case is, or is not, about a child."""

    verb = _("Correct it")
    reason = forms.CharField(label=_("Why is it corrected?"), max_length=300, help_text=_("What was told first stays on record."))


class EndForm(DeskForm):
    """The end of a case."""

    verb = _("End the case")
    how = forms.ChoiceField(
        label=_("How does it end?"), choices=lambda: words.choices("case_end"), widget=forms.RadioSelect(attrs={"class": "stack"})
    )
    keep_days = forms.TypedChoiceField(
        label=_("How long does the law want what was told of children kept?"),
        choices=lambda: words.choices("kept_for"),
        coerce=int,
        help_text=_("Afterwards nobody can read it. What a withdrawn case told is kept for 30 days alone."),
    )
    reason = forms.CharField(label=_("Why?"), max_length=300, help_text=_("Kept in the house."))


class ReopenForm(DeskForm):
    """Why a case is to be opened again."""

    verb = _("Ask for it")
    reason = forms.CharField(label=_("Why?"), max_length=300, help_text=_("Kept in the house."))


class OpenForm(DeskForm):
    """A second person's signature."""

    verb = _("Open it again")


class AskForm(DeskForm):
    """A question by DNA."""

    verb = _("Ask, once a second person agrees")
    basis = forms.ChoiceField(label=_("What lets the child's sample be asked by?"), choices=lambda: words.choices("told_basis"))


class AgreeForm(DeskForm):
    """A second person's signature."""

    verb = _("Let it go out")


class KeyForm(DeskForm):
    """A signature under telling a partner our later key."""

    verb = _("Tell the partner")


class LookForm(DeskForm):
    """What somebody makes of what the search found for a partner."""

    verb = _("Decide")
    answered = forms.TypedChoiceField(
        label=_("May the partner have this answer?"),
        choices=[("yes", _("Yes, it is answered")), ("no", _("No, it is declined"))],
        widget=forms.RadioSelect(attrs={"class": "stack"}),
        coerce=lambda value: value == "yes",
    )
    note = forms.CharField(label=_("If not, why?"), max_length=300, required=False, help_text=_("Kept in the house."))


class TellForm(DeskForm):
    """Fields to be told, each with what lets it be told; what is left blank is not told."""

    verb = _("Propose this")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, bases in FIELDS.items():
            self.fields[name] = forms.ChoiceField(
                label=str(words.word("told_field", name)),
                choices=words.choices(
                    "told_basis", blank=_("not told"), only=[one for one in words.WORDS["told_basis"] if one in bases]
                ),
                required=False,
            )

    def chosen(self) -> dict[str, str]:
        """Each chosen field with its basis."""
        return {name: basis for name in FIELDS if (basis := self.cleaned_data[name])}
