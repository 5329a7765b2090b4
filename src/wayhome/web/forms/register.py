"""Register a child: one page, thumb-sized, in the order in which an officer looks."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wayhome.casework.core import numbers
from wayhome.web import words
from wayhome.web.forms.base import DeskForm, Moment, Picture, number_box, rows
from wayhome.web.messages import sentence

MOST_MARKS = 6


class Choice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A choice among rows of a query, told by a function."""

    def __init__(self, queryset: Any, told: Any, **kwargs: Any) -> None:
        self.told = told
        super().__init__(queryset, **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        """As it stands in the list."""
        return str(self.told(obj))


class Marks(forms.CharField):
    """Marks as the body map writes them: "place:kind:size", one a line."""

    def to_python(self, value: Any) -> Any:
        """As tuples (place, kind, size_mm, note)."""
        found = []
        for line in str(value or "").splitlines():
            place, _sep, rest = line.strip().partition(":")
            kind, _sep, size = rest.partition(":")
            if not place:
                continue
            if place not in words.WORDS["place"] or kind not in words.WORDS["mark"] or (size and not size.isdecimal()):
                raise forms.ValidationError(str(sentence("unknown_choice").what))
            found.append((place, kind, int(size) if size else None, ""))
        return tuple(found)


class RegisterForm(DeskForm):
    """Everything about a child that was just found."""

    verb = _("Register the child")
    photo = forms.FileField(
        label=_("Photo"),
        required=False,
        widget=Picture(),
        help_text=_("Place, device and time are taken out of the picture."),
    )
    sex = forms.ChoiceField(label=_("Sex"), choices=words.choices("sex"), widget=forms.RadioSelect(attrs={"class": "pills"}))
    least_days = forms.IntegerField(
        label=_("Age at least (days)"), min_value=0, max_value=6600, widget=forms.NumberInput(attrs={"inputmode": "numeric"})
    )
    most_days = forms.IntegerField(
        label=_("Age at most (days)"), min_value=0, max_value=6600, widget=forms.NumberInput(attrs={"inputmode": "numeric"})
    )
    method = forms.ChoiceField(
        label=_("How do you know?"),
        choices=words.choices("method"),
        initial="sight",
        widget=forms.RadioSelect(attrs={"class": "pills"}),
    )
    call_name = forms.CharField(
        label=_("Call name"),
        max_length=40,
        help_text=_("From a neutral list. Never the name that the buyer or the seller used."),
        widget=forms.TextInput(attrs={"list": "call-names", "autocomplete": "off"}),
    )
    marks = Marks(label=_("Marks on the body"), required=False, widget=forms.HiddenInput)
    items = forms.CharField(
        label=_("Clothes and things found with it"), required=False, widget=rows(2, _("One a line: red jacket, milk bottle …"))
    )
    condition = forms.CharField(
        label=_("Condition"), max_length=200, widget=forms.TextInput(attrs={"placeholder": _("asleep, breathing calmly …")})
    )
    sedation = forms.BooleanField(label=_("It may have been given a sedative"), required=False)
    number = forms.CharField(
        label=_("Wristband that is already printed"),
        required=False,
        max_length=20,
        widget=number_box(),
        help_text=_("Leave it empty and a new number is made."),
    )
    started_at = Moment(label=_("In your hands since"))

    def __init__(self, *args: Any, events: Any, posts: Any, first_name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["event"] = Choice(
            events, lambda e: f"{e.operation.code} · {e.place}", label=_("Found where"), empty_label=None
        )
        self.fields["post"] = Choice(posts, lambda f: f.name, label=_("Police post that answers for it"), empty_label=None)
        self.fields["call_name"].initial = first_name
        for n in range(MOST_MARKS):
            # The body map without a script: pairs of lists, added to what the map wrote.
            self.fields[f"place_{n}"] = forms.ChoiceField(
                choices=words.choices("place", blank=_("place")), required=False, label=_("Where")
            )
            self.fields[f"mark_{n}"] = forms.ChoiceField(
                choices=words.choices("mark", blank=_("kind")), required=False, label=_("Kind of mark")
            )
        self.order_fields(["event", "post", "photo"])

    @property
    def mark_pairs(self) -> list[tuple[Any, Any]]:
        """The lists that stand in for the body map."""
        return [(self[f"place_{n}"], self[f"mark_{n}"]) for n in range(MOST_MARKS)]

    def clean_number(self) -> str:
        """A slip is told before anything is written."""
        typed: str = self.cleaned_data["number"]
        if typed and not numbers.is_number(typed):
            raise forms.ValidationError(str(sentence("check_digit").what))
        return typed

    def clean(self) -> dict[str, Any]:
        """The interval is one; the lists' marks join those of the map."""
        data = super().clean() or {}
        if data.get("least_days") is not None and data.get("most_days") is not None and data["least_days"] > data["most_days"]:
            self.add_error("most_days", _("This is less than the least age."))
        pairs = [(data.get(f"place_{n}"), data.get(f"mark_{n}")) for n in range(MOST_MARKS)]
        data["marks"] = tuple(data.get("marks") or ()) + tuple((place, mark, None, "") for place, mark in pairs if place and mark)
        return data
