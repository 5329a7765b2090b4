"""Clues: what was told, in one page; and what is said of a clue afterwards."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from wayhome.casework.clues.rules import INFO_GRADES, SOURCE_GRADES
from wayhome.casework.core.errors import Invalid
from wayhome.web import words
from wayhome.web.forms.base import DeskForm, Moment, rows
from wayhome.web.forms.placements import jurisdiction_name
from wayhome.web.forms.register import Choice
from wayhome.web.lines import Reading, read
from wayhome.web.messages import sentence

_PILLS = {"class": "pills"}


def _pills(label: Any, choices: Any, **more: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect(attrs=_PILLS), **more)


def _graded(of: str, grades: Any) -> list[tuple[str, str]]:
    """Each grade with what it means."""
    return [(str(grade), f"{grade} · {words.word(of, str(grade))}") for grade in grades]


class LinesForm(DeskForm):
    """What a clue speaks of, a thing a line."""

    verb = _("Add")
    lines = forms.CharField(
        label=_("Who and what does it speak of?"),
        max_length=20_000,
        widget=rows(6),
        help_text=_(
            "One a line: a person with telephone and car, a number, a plate, a place."
            " How two hang together: 1 drives 2 2011-07-01"
        ),
    )

    def __init__(self, *args: Any, there: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.there = there
        self.fields["lines"].widget.attrs |= {"data-lines": "read", "spellcheck": "false", "autocapitalize": "off"}

    def clean_lines(self) -> Reading:
        """As it was understood; the first line that was not is told."""
        reading = read(self.cleaned_data["lines"], self.there)
        if reading.wrong:
            line = reading.wrong[0]
            told = _("Line %(line)d: %(what)s") % {"line": line.at, "what": sentence(line.wrong).what}
            raise forms.ValidationError(str(told))
        return reading


class ClueForm(LinesForm):
    """A clue as it comes in."""

    verb = _("Save the clue")
    text = forms.CharField(
        label=_("What was told, in their words"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 5, "autofocus": True}),
        help_text=_("In the language in which it was told. It stays as it is written here."),
    )
    channel = _pills(_("How did it come in?"), lambda: words.choices("clue_channel"))
    source_grade = _pills(_("How reliable is who told it?"), lambda: _graded("source_grade", SOURCE_GRADES))
    info_grade = _pills(_("How credible is what was told?"), lambda: _graded("info_grade", INFO_GRADES))
    language = _pills(_("Language of the text"), lambda: words.choices("clue_language"))
    received_at = Moment(label=_("Came in at"))
    source = forms.CharField(
        label=_("Who told it?"), max_length=500, required=False, help_text=_("Only your own agency ever reads this.")
    )
    anonymous = forms.BooleanField(label=_("Nobody knows who told it"), required=False)
    protected = forms.BooleanField(label=_("Who told it must be protected"), required=False)

    def __init__(self, *args: Any, jurisdictions: Any, **kwargs: Any) -> None:
        language = {"zh-hans": "zh", "vi": "vi"}.get(get_language() or "", "en")
        kwargs["initial"] = {"language": language} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        self.fields["lines"].required = False
        self.fields["jurisdiction"] = Choice(jurisdictions, jurisdiction_name, label=_("For which area?"), empty_label=None)
        self.order_fields(
            [
                *("text", "lines", "channel", "source_grade", "info_grade", "language"),
                *("received_at", "jurisdiction", "source", "anonymous", "protected"),
            ]
        )

    def told(self) -> dict[str, Any]:
        """As the action takes it."""
        data = dict(self.cleaned_data)
        reading: Reading = data.pop("lines")
        return data | {
            "info_grade": int(data["info_grade"]),
            "speaks_of": reading.speaks_of,
            "relations": reading.relations,
        }


def in_lines(form: DeskForm, wrong: Invalid) -> Invalid:
    """The same, told of the lines where the form has no such field."""
    return Invalid({name if name in form.fields else "lines": code for name, code in wrong.fields.items()})


class StepForm(DeskForm):
    """Where a clue stands from now on."""

    verb = _("Save the step")
    state = _pills(_("What is it now?"), ())
    note = forms.CharField(
        label=_("Why?"), max_length=300, required=False, help_text=_("Needed where it is unfounded or put to rest.")
    )

    def __init__(self, *args: Any, states: list[str], officers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = words.choices("clue_state", only=states)  # type: ignore[attr-defined]
        if "assigned" in states:
            self.fields["assigned_to"] = Choice(
                officers, lambda one: one.name, label=_("To whom?"), required=False, empty_label=_("nobody")
            )
            self.order_fields(["state", "assigned_to", "note"])


class VerdictForm(DeskForm):
    """Whether two clues belong together."""

    verb = _("They belong together")
    note = forms.CharField(label=_("Why?"), max_length=300, widget=rows(2))


class OpenForm(DeskForm):
    """Agree that another agency reads a clue."""

    verb = _("Agree to open")


class ShutForm(DeskForm):
    """Whose task force alone shall know of a clue."""

    verb = _("Put it in the compartment")

    def __init__(self, *args: Any, investigations: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["investigation"] = Choice(
            investigations, lambda one: f"{one.code} · {one.title}", label=_("Which task force?"), empty_label=None
        )


class LookForm(DeskForm):
    """Look among what may be read."""

    verb = _("Find")
    text = forms.CharField(label=_("Name, number, plate or place"), max_length=200)
