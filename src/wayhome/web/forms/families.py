"""What a family tells: the child, how it was lost, its relatives, and what they agree to."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wayhome.web import words
from wayhome.web.forms.base import Day, DeskForm, Picture, rows
from wayhome.web.forms.placements import jurisdiction_name
from wayhome.web.forms.register import Choice

_PILLS = {"class": "pills"}
FACTS = ("name", "phone", "id", "address")


def _pills(label: Any, of: str, *, blank: Any = None, **more: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=words.choices(of, blank=blank), widget=forms.RadioSelect(attrs=_PILLS), **more)


class DescriptionForm(DeskForm):
    """The child, and how it was lost."""

    verb = _("Save what is told")
    n = forms.IntegerField(widget=forms.HiddenInput, required=False)
    child_name = forms.CharField(
        label=_("Name of the child"), max_length=120, help_text=_("Several names or scripts: put / between them.")
    )
    sex = _pills(_("Sex"), "sex")
    born_from = Day(label=_("Born on, or after"))
    born_to = Day(label=_("Born on, or before"), help_text=_("The same day twice where the family is sure."))
    looks = forms.CharField(label=_("What it looks like"), max_length=2000, required=False, widget=rows(2))
    blood_group = forms.ChoiceField(
        label=_("Blood group"), choices=words.choices("blood_group", blank=_("not known")), required=False
    )
    lost_from = Day(label=_("Lost on, or after"))
    lost_to = Day(label=_("Lost on, or before"))
    place = forms.CharField(label=_("Where was it lost?"), max_length=200)
    cause = _pills(_("How was it lost?"), "cause")
    circumstances = forms.CharField(
        label=_("What happened, in the family's words"), max_length=4000, required=False, widget=rows(4)
    )

    def __init__(self, *args: Any, jurisdictions: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["where"] = Choice(
            jurisdictions, jurisdiction_name, label=_("In which area?"), required=False, empty_label=_("not known")
        )
        self.order_fields(
            [
                *("relation", "name", "phone", "id", "address"),
                *("n", "child_name", "sex", "born_from", "born_to", "looks", "blood_group"),
                *("lost_from", "lost_to", "place", "where", "cause", "circumstances"),
            ]
        )

    def told(self) -> dict[str, Any]:
        """As the action takes it."""
        return {field: value for field, value in self.cleaned_data.items() if field not in ("n", "relation", *FACTS)}


class RequestForm(DescriptionForm):
    """The same, and who asks."""

    verb = _("Record the request")
    relation = _pills(_("What are they to the child?"), "inquirer")
    name = forms.CharField(label=_("Their name"), max_length=80)
    phone = forms.CharField(label=_("Telephone"), max_length=40)
    id = forms.CharField(label=_("Identity number"), max_length=40, required=False)
    address = forms.CharField(label=_("Address"), max_length=200, required=False)

    def facts(self) -> list[tuple[str, str]]:
        """Those that were given."""
        return [(kind, self.cleaned_data[kind]) for kind in FACTS if self.cleaned_data[kind]]


class FindFamilyForm(DeskForm):
    """Look for a request."""

    verb = _("Find")
    name = forms.CharField(label=_("Name of the child, or number of the request"), max_length=120)


class MissingMarkForm(DeskForm):
    """A mark that the family remembers."""

    verb = _("Save the mark")
    place = forms.ChoiceField(label=_("Where"), choices=words.choices("place", blank=_("choose a place of the body")))
    kind = forms.ChoiceField(label=_("Kind of mark"), choices=words.choices("mark", blank=_("choose a kind of mark")))
    note = forms.CharField(label=_("Note"), max_length=200, required=False)


class MissingItemForm(DeskForm):
    """A thing that the child had."""

    verb = _("Save the thing")
    what = forms.CharField(label=_("What did it wear or have with it?"), max_length=200)


class FamilyPictureForm(DeskForm):
    """A picture of the child, or of a parent at its age."""

    verb = _("Save the picture")
    photo = forms.FileField(
        label=_("Photo"), widget=Picture(), help_text=_("Place, device and time are taken out of the picture.")
    )
    shows = forms.CharField(label=_("Whom does it show, and at what age?"), max_length=120)


class StateForm(DeskForm):
    """What is known of a relative."""

    verb = _("Save what is known")
    n = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(label=_("Name"), max_length=120, required=False)
    born = forms.IntegerField(label=_("Year of birth"), min_value=1850, max_value=2100, required=False)
    life = _pills(_("Living?"), "life", initial="unknown")
    reach = _pills(_("Can a sample be had?"), "reach", initial="to_ask")
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def state(self) -> dict[str, Any]:
        """As the action takes it."""
        return {field: self.cleaned_data[field] for field in ("name", "born", "life", "reach", "note")}


class RelativeForm(StateForm):
    """A relative more: what they are to somebody in the tree."""

    verb = _("Add the relative")

    def __init__(self, *args: Any, members: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["n"]
        self.fields["to"] = forms.ChoiceField(label=_("A relative of"), choices=members)
        self.fields["relation"] = forms.ChoiceField(label=_("They are their"), choices=words.choices("relative"))
        self.fields["partner"] = forms.ChoiceField(
            label=_("With whom?"),
            choices=[("", _("not known")), *members],
            required=False,
            help_text=_("Only for a daughter or a son: the other parent."),
        )
        self.order_fields(["to", "relation", "partner"])


class ConsentForm(DeskForm):
    """What a relative signed."""

    verb = _("Record the consent")
    scope = _pills(_("Whom may their sample help to find?"), "consent", initial="this_child")
    given_by = forms.CharField(label=_("Who signed?"), max_length=120, help_text=_("The relative, or whoever decides for them."))
    signed_on = Day(label=_("Signed on"))
    until = Day(label=_("Holds until"))
    form = forms.CharField(label=_("Number of the paper, or where it is kept"), max_length=80)


class NoteForm(DeskForm):
    """Why something ends."""

    verb = _("Take the request back")
    note = forms.CharField(label=_("Why?"), max_length=300, widget=rows(2))


class StrikeForm(DeskForm):
    """Why somebody or something is struck out."""

    verb = _("Strike out")
    reason = forms.CharField(label=_("What was wrong?"), max_length=200)


class WithdrawalForm(DeskForm):
    """A relative wants it no more."""

    verb = _("Record the withdrawal")
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False, help_text=_("They need give none."))


class SettleForm(DeskForm):
    """Whether two requests are for one child."""

    verb = _("Decide")

    def __init__(self, *args: Any, requests: list[tuple[str, str]], own: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("two", _("They look for two children")), *requests]
        self.fields["kept"] = forms.ChoiceField(
            label=_("One child, or two?"),
            choices=choices,
            widget=forms.RadioSelect(attrs={"class": "stack"}),
            help_text=_("That a request which you recorded yourself goes on is for somebody else to say.") if own else "",
        )
        self.fields["note"] = forms.CharField(label=_("How is that known?"), max_length=200)
