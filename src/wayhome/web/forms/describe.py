"""What is said of a child: each a line more, none a line less."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from wayhome.web import words
from wayhome.web.forms.base import Day, DeskForm, Picture

_PILLS = {"class": "pills"}


class AgeForm(DeskForm):
    """An age is an interval of days, by a method."""

    verb = _("Save the estimate")
    on = Day(label=_("On which day?"))
    least_days = forms.IntegerField(label=_("Age at least (days)"), min_value=0, max_value=6600)
    most_days = forms.IntegerField(label=_("Age at most (days)"), min_value=0, max_value=6600)
    method = forms.ChoiceField(
        label=_("How do you know?"), choices=words.choices("method"), widget=forms.RadioSelect(attrs=_PILLS)
    )


class MarkForm(DeskForm):
    """A mark on the body."""

    verb = _("Save the mark")
    place = forms.ChoiceField(label=_("Where"), choices=words.choices("place", blank=_("choose a place of the body")))
    kind = forms.ChoiceField(label=_("Kind of mark"), choices=words.choices("mark", blank=_("choose a kind of mark")))
    size_mm = forms.IntegerField(label=_("Size (mm)"), min_value=1, max_value=500, required=False)
    note = forms.CharField(label=_("Note"), max_length=200, required=False)


class ItemForm(DeskForm):
    """Something found with the child."""

    verb = _("Save the thing")
    what = forms.CharField(label=_("What was found?"), max_length=200)
    kept_at = forms.CharField(label=_("Where is it kept?"), max_length=120, required=False)


class StatementForm(DeskForm):
    """Somebody says something of the child."""

    verb = _("Save the statement")
    field = forms.ChoiceField(
        label=_("About what?"), choices=[c for c in words.choices("field") if c[0] not in ("call_name", "sex")]
    )
    value = forms.CharField(label=_("What is said?"), max_length=300)
    said_by = forms.CharField(label=_("Who says so?"), max_length=120)


class PictureForm(DeskForm):
    """A picture."""

    verb = _("Save the picture")
    photo = forms.FileField(
        label=_("Photo"),
        widget=Picture(),
        help_text=_("Place, device and time are taken out of the picture."),
    )


class CorrectForm(DeskForm):
    """Call name and sex can be corrected; what they were stays on record."""

    verb = _("Save the correction")
    version = forms.IntegerField(widget=forms.HiddenInput)
    call_name = forms.CharField(label=_("Call name"), max_length=40)
    sex = forms.ChoiceField(label=_("Sex"), choices=words.choices("sex"), widget=forms.RadioSelect(attrs=_PILLS))
