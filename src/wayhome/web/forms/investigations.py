"""Investigations, their task forces, and children known from evidence."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wayhome.casework.core import numbers
from wayhome.web import words
from wayhome.web.forms.base import Day, DeskForm, number_box, rows
from wayhome.web.forms.placements import jurisdiction_name
from wayhome.web.forms.register import Choice
from wayhome.web.messages import sentence

_PILLS = {"class": "pills"}


def staff_number() -> forms.CharField:
    """A member of staff by their number."""
    return forms.CharField(
        label=_("Number of the member of staff"), max_length=30, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


def place(jurisdictions: Any, label: Any) -> Choice:
    """A jurisdiction, by its name in the reader's language."""
    return choice(jurisdictions, jurisdiction_name, label)


def choice(rows_: Any, told: Any, label: Any) -> Choice:
    """One of some rows, which has to be chosen."""
    return Choice(rows_, told, label=label, empty_label="—")


class InvestigationForm(DeskForm):
    """What a task force works on."""

    verb = _("Open the investigation")
    code = forms.CharField(label=_("Code"), max_length=30, help_text=_("For instance 2011.2.21."))
    title = forms.CharField(label=_("Title"), max_length=120)

    def __init__(self, *args: Any, jurisdictions: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["jurisdiction"] = place(jurisdictions, _("Where?"))


class SupervisionForm(DeskForm):
    """The ministry supervises it."""

    verb = _("Record the supervision")
    since = Day(label=_("Since"))


class MemberForm(DeskForm):
    """Somebody for the task force."""

    verb = _("Take them in")
    staff = staff_number()
    function = forms.ChoiceField(
        label=_("As what?"),
        choices=lambda: words.choices("function"),
        widget=forms.RadioSelect(attrs=_PILLS),
        initial="member",
        help_text=_("Police officers lead or are members; where the ministry supervises, its supervisors may belong to it too."),
    )


class MemberEndForm(DeskForm):
    """Somebody leaves."""

    verb = _("Take them out")


class LeadForm(DeskForm):
    """Who leads from now on."""

    verb = _("Hand over the lead")
    staff = staff_number()
    leave = forms.BooleanField(
        label=_("I leave the task force"),
        required=False,
        help_text=_("Otherwise you lead it together, which is safer: it is nobody's once its last lead leaves the service."),
    )


class NamedLeadForm(DeskForm):
    """The ministry names a lead where there is none."""

    verb = _("Name the lead")
    number = forms.CharField(
        label=_("Number of the investigation"),
        max_length=20,
        widget=number_box(placeholder="000 000 000"),
        help_text=_("Nobody looks it up for you: somebody who belongs or belonged to the task force tells it."),
    )
    staff = staff_number()
    reason = forms.CharField(
        label=_("Why?"), max_length=500, widget=rows(3), help_text=_("Everybody in the task force reads this, with your name.")
    )


class OperationTieForm(DeskForm):
    """An operation that came of it."""

    verb = _("Tie the operation")

    def __init__(self, *args: Any, operations: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["operation"] = choice(operations, lambda one: f"{one.code} · {one.title}", _("Operation"))


class OperationUntieForm(DeskForm):
    """It did not come of it."""

    verb = _("Take the tie back")
    reason = forms.CharField(label=_("Why?"), max_length=300, widget=rows(2))


class VictimForm(DeskForm):
    """A child that evidence tells of."""

    verb = _("Put it on the ledger")
    evidence = forms.CharField(
        label=_("What tells of the child?"),
        max_length=5000,
        widget=rows(4),
        help_text=_("A call about a price, a ticket, a receipt. It stays on the ledger, whatever becomes known later."),
    )
    sex = forms.ChoiceField(
        label=_("Girl or boy?"), choices=lambda: words.choices("sex"), widget=forms.RadioSelect(attrs=_PILLS), initial="U"
    )
    seen_from = Day(label=_("Moved not before"))
    seen_to = Day(label=_("Moved not after"))


class VictimStateForm(DeskForm):
    """What became known."""

    verb = _("Record it")
    state = forms.ChoiceField(
        label=_("What is known of it?"),
        choices=lambda: words.choices("victim"),
        widget=forms.RadioSelect(attrs={"class": "stack"}),
    )
    note = forms.CharField(label=_("How is this known?"), max_length=5000, widget=rows(3))


class VictimTieForm(DeskForm):
    """Which child it is."""

    verb = _("It is this child")
    child = forms.CharField(label=_("Number of the child"), max_length=20, widget=number_box(placeholder="000 000 000"))

    def clean_child(self) -> int:
        """A number without a slip."""
        typed = self.cleaned_data["child"]
        if not numbers.is_number(typed):
            raise forms.ValidationError(str(sentence("check_digit").what))
        return int(numbers.plain_number(typed))


class VictimUntieForm(DeskForm):
    """It is not that child."""

    verb = _("It is not this child")
    reason = forms.CharField(label=_("Why?"), max_length=200)
