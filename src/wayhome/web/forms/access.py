"""Who comes in, who works on a case, which children belong together."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from wayhome.casework.core import numbers
from wayhome.web import words
from wayhome.web.forms.base import DeskForm, number_box
from wayhome.web.messages import sentence

_PILLS = {"class": "pills"}
VISITOR = ("name", "id", "phone", "address", "vehicle")
NEW = "new_"


class AdmitForm(DeskForm):
    """Somebody from outside."""

    verb = _("Let them in")
    person = forms.CharField(
        label=_("Who?"),
        max_length=80,
        help_text=_("Identity number, or name in full; screened against exclusions under every spelling."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    purpose = forms.ChoiceField(label=_("What for?"), choices=words.choices("purpose"), widget=forms.RadioSelect(attrs=_PILLS))
    child = forms.CharField(
        label=_("Number of the child, if to see one child"),
        max_length=20,
        required=False,
        widget=number_box(placeholder="000 000 000"),
    )
    new_name = forms.CharField(label=_("Name, as on the paper they show"), max_length=80)
    new_id = forms.CharField(label=_("Identity number, as on the paper they show"), max_length=40)
    new_phone = forms.CharField(label=_("Telephone"), max_length=40, required=False)
    new_address = forms.CharField(label=_("Address"), max_length=200, required=False)
    new_vehicle = forms.CharField(label=_("Plate of the car"), max_length=40, required=False)

    def full_clean(self) -> None:
        """Who comes is told in one of two ways; what the other asks for may then be missing."""
        new = any(str(self.data.get(f"{NEW}{kind}", "")).strip() for kind in VISITOR)
        needed = {"person": not new, "new_name": new, "new_id": new}
        for name, required in needed.items():
            self.fields[name].required = required
        super().full_clean()
        for name in needed:
            self.fields[name].required = True

    def known(self) -> list[forms.BoundField]:
        """Fields about somebody who is on record, and about the visit."""
        return [self[name] for name in ("person", "purpose", "child")]

    def unknown(self) -> list[forms.BoundField]:
        """Fields about somebody who is on no record."""
        return [self[f"{NEW}{kind}"] for kind in VISITOR]

    def facts(self) -> list[tuple[str, str]]:
        """What was given of somebody who is on no record."""
        return [(kind, self.cleaned_data[f"{NEW}{kind}"]) for kind in VISITOR if self.cleaned_data.get(f"{NEW}{kind}")]

    def is_new(self) -> bool:
        """Whether the fields about somebody new are wanted: something stands in them, or the person is not known."""
        return self.is_bound and (any(field.value() for field in self.unknown()) or "person" in self.errors)

    def marked(self, fields: dict[str, str]) -> None:
        """Facts are told at their own fields."""
        super().marked({f"{NEW}{name}" if name in VISITOR else name: code for name, code in fields.items()})


class AssignForm(DeskForm):
    """Somebody who works on a case."""

    verb = _("Assign")
    staff = forms.CharField(
        label=_("Number of the member of staff"), max_length=30, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


class EndForm(DeskForm):
    """The work is over."""

    verb = _("End the assignment")


class SiblingsForm(DeskForm):
    """Children who stay together."""

    verb = _("They are siblings")
    others = forms.CharField(
        label=_("Numbers of the other children"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2, "placeholder": "000 000 000", "inputmode": "numeric"}),
        help_text=_("One a line."),
    )
    ground = forms.ChoiceField(
        label=_("How do you know?"), choices=words.choices("siblings"), widget=forms.RadioSelect(attrs=_PILLS)
    )

    def clean_others(self) -> list[str]:
        """Each a number without a slip."""
        lines = [line.strip() for line in self.cleaned_data["others"].replace(",", "\n").splitlines() if line.strip()]
        if not all(numbers.is_number(line) for line in lines):
            raise forms.ValidationError(str(sentence("check_digit").what))
        return lines
