"""Forms about a child's safety in the house: missing, merged, opened without need to know."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from wayhome.web.forms.base import DeskForm, Moment, number_box, rows


class MissingForm(DeskForm):
    """The child is gone."""

    verb = _("Raise the alarm")
    last_seen_at = Moment(label=_("Last seen at"))
    circumstances = forms.CharField(label=_("What happened?"), max_length=300, widget=rows(3))


class FoundForm(DeskForm):
    """The child is there again."""

    verb = _("The child is there")
    note = forms.CharField(label=_("Where and how was it found?"), max_length=300, widget=rows(3))


class MergeForm(DeskForm):
    """Two records are one child."""

    verb = _("Propose the merge")
    other = forms.CharField(
        label=_("Number of the record that is absorbed"), max_length=20, widget=number_box(placeholder="000 000 000")
    )
    reason = forms.CharField(label=_("How do you know?"), max_length=200, widget=rows(2))


class SplitForm(DeskForm):
    """Two children after all."""

    verb = _("Propose the split")
    reason = forms.CharField(label=_("How do you know?"), max_length=200, widget=rows(2))


class ConfirmForm(DeskForm):
    """The second person."""

    verb = _("Confirm as the second person")


class GlassForm(DeskForm):
    """Open a file without need to know."""

    verb = _("Open the file")
    number = forms.CharField(label=_("Number of the child"), max_length=20, widget=number_box(placeholder="000 000 000"))
    reason = forms.CharField(label=_("Why, for this child and now?"), min_length=10, max_length=300, widget=rows(3))


class ReviewForm(DeskForm):
    """Whether the reason held."""

    verb = _("Save the review")
    justified = forms.TypedChoiceField(
        label=_("Did the reason hold?"),
        choices=[("yes", _("it held")), ("no", _("it did not"))],
        coerce=lambda v: v == "yes",
        widget=forms.RadioSelect(attrs={"class": "pills"}),
    )
    note = forms.CharField(label=_("Note"), max_length=300, widget=rows(3))
