"""Where there is room, and who takes a child."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from wayhome.casework.placements.rules import REFUSALS
from wayhome.web import words
from wayhome.web.forms.base import DeskForm, Moment, rows
from wayhome.web.forms.register import Choice

_PILLS = {"class": "pills"}


def jurisdiction_name(jurisdiction: Any) -> str:
    """In the reader's language."""
    return str(getattr(jurisdiction, {"zh-hans": "name_zh", "vi": "name_vi"}.get(get_language() or "", "name_en")))


def _count(label: Any, least: int = 0, most: int = 10_000, *, required: bool = True, help_text: Any = "") -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=least,
        max_value=most,
        required=required,
        help_text=help_text,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )


class CapacityForm(DeskForm):
    """What a home counted. It comes filled in as it was told last."""

    verb = _("This is so now: report it")
    beds = _count(_("Cots set up"), help_text=_("Whoever is in them."))
    other_children = _count(_("Other children in them"), required=False, help_text=_("On no record here."))
    carers_day = _count(_("Carers by day"))
    carers_night = _count(_("Carers by night"))
    children_per_carer = _count(_("Children for each carer"), 1, 20)
    level = forms.TypedChoiceField(
        label=_("Care you can give"), choices=words.choices("needs"), coerce=int, widget=forms.RadioSelect(attrs=_PILLS)
    )
    daily_cost = _count(_("Yuan a child and day"))
    funds = _count(_("Yuan there is for more children"), most=2**31 - 1)
    surge_carers = _count(_("Carers you could call in tonight"), required=False)
    surge_cost = _count(_("Yuan for each of them"), required=False)

    COUNTS = ("beds", "other_children", "carers_day", "carers_night", "children_per_carer")
    MONEY = ("level", "daily_cost", "funds", "surge_carers", "surge_cost")

    def counts(self) -> list[Any]:
        """What changes every night."""
        return [self[name] for name in self.COUNTS]

    def money(self) -> list[Any]:
        """What changes seldom."""
        return [self[name] for name in self.MONEY]


class SurgeForm(DeskForm):
    """More children than usual, for up to three days."""

    verb = _("Ask for it")
    beds = _count(_("Cots beyond those you reported"))
    carers = _count(_("Carers beyond those you reported, on each shift"))
    until = Moment(label=_("Until when?"), help_text=_("Three days at most."))
    reason = forms.CharField(label=_("Why?"), max_length=300, widget=rows(2))


class ApproveSurgeForm(DeskForm):
    """Another organisation agrees."""

    verb = _("Agree for my organisation")


class AcceptPlacementForm(DeskForm):
    """The home takes the child."""

    verb = _("We take it: keep a place")


class RefusePlacementForm(DeskForm):
    """Why not."""

    verb = _("Refuse")
    code = forms.ChoiceField(
        label=_("Why?"), choices=words.choices("refusal", only=list(REFUSALS)), widget=forms.RadioSelect(attrs={"class": "stack"})
    )
    note = forms.CharField(label=_("What would make it possible?"), max_length=300, required=False)


class EndPlacementForm(DeskForm):
    """Ask no longer, or give a place back."""

    verb = _("Call it off")
    reason = forms.CharField(label=_("Why?"), max_length=200, widget=rows(2))


class AskForm(DeskForm):
    """Ask a home to take a child."""

    verb = _("Ask")
    reason = forms.CharField(label=_("Why this home?"), max_length=300, required=False)


class RiskForm(DeskForm):
    """Where a buyer lives."""

    verb = _("Mark it: no home there takes the child")
    reason = forms.CharField(label=_("How do you know?"), max_length=200, widget=rows(2))

    def __init__(self, *args: Any, jurisdictions: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["jurisdiction"] = Choice(
            jurisdictions, jurisdiction_name, label=_("Where does the buyer live?"), empty_label=_("choose an area")
        )
        self.order_fields(["jurisdiction", "reason"])


class SeparateForm(DeskForm):
    """Say why siblings are better off apart."""

    verb = _("Put it to the vote")
    reason = forms.CharField(label=_("Why is it best for this child?"), max_length=500, widget=rows(3))


class VoteForm(DeskForm):
    """One discipline's word."""

    verb = _("Sign this vote")
    agrees = forms.TypedChoiceField(
        label=_("Shall the child live without its siblings?"),
        choices=[("yes", _("yes, it is best for the child")), ("no", _("no, they stay together"))],
        coerce=lambda v: v == "yes",
        widget=forms.RadioSelect(attrs={"class": "stack"}),
    )
    note = forms.CharField(
        label=_("Note"), max_length=300, required=False, widget=rows(2), help_text=_("Needed where you do not agree.")
    )


class PlanForm(DeskForm):
    """For how many nights."""

    verb = _("Make a plan")
    nights = _count(_("Nights that the money must last"), 1, 60)


class CancelPlanForm(DeskForm):
    """Make no plan after all."""

    verb = _("Call it off")


class ProposePlanForm(DeskForm):
    """Ask the homes of a plan, but for the children held back."""

    verb = _("Ask these homes")
