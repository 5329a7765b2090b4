"""The words for what has a number, and for the columns of lists that are exported; `web.words` holds them with all others."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from wayhome.casework.overview.rules import htcds

WORDS: Mapping[str, Mapping[str, str | Promise]] = MappingProxyType(
    {
        "numbered": {"child": _("Child"), "request": _("Family's request"), "kit": _("Kit")},
        "list": {
            "children": _("Children"),
            "requests": _("Families"),
            "kits": _("Kits for samples"),
            "candidates": _("Matches"),
            "returns": _("Children's files of return"),
            "child_days": _("Child-days"),
            "states": _("Where children are"),
            "steps": _("Where the time goes"),
            "clocks": _("Clocks"),
            "htcds": _("Children by IOM's case data standard"),
        },
        "list_column": {
            "child": _("Child"),
            "request": _("Family's request"),
            "kit": _("Kit"),
            "sex": _("Sex"),
            "born_from": _("Born from"),
            "born_to": _("Born to"),
            "age_method": _("How the age is known"),
            "rescued_on": _("Rescued on"),
            "rescued_in": _("Rescued in"),
            "custody": _("Kind of custody"),
            "custody_since": _("Custody since"),
            "lost_from": _("Lost from"),
            "lost_to": _("Lost to"),
            "lost_in": _("Lost in"),
            "cause": _("How it was lost"),
            "relation": _("Who asks"),
            "asked_on": _("Asked on"),
            "asked_in": _("Asked in"),
            "can_give": _("Relatives who could give a sample"),
            "agreed": _("Relatives who agreed"),
            "sample_of": _("Sample of"),
            "second": _("Second sample"),
            "state": _("State"),
            "state_since": _("State since"),
            "overdue": _("Overdue"),
            "ordered_on": _("Ordered on"),
            "ordered_by": _("Ordered by"),
            "laboratory": _("Laboratory"),
            "in_place_of": _("In place of"),
            "strength": _("Strength"),
            "found_on": _("Found on"),
            "readings": _("Readings"),
            "second_agrees": _("Second samples agree"),
            "frozen": _("Frozen"),
            "opened_on": _("Opened on"),
            "stage": _("Stage"),
            "home_on": _("Home on"),
            "home": _("Home"),
            "home_name": _("Name of the home"),
            "fostered": _("In foster care"),
            "first_day": _("First day"),
            "last_day": _("Last day"),
            "days": _("Child-days"),
            "payer": _("Payer"),
            "payer_name": _("Name of the payer"),
            "rate": _("Yuan a child-day"),
            "yuan": _("Yuan"),
            "children": _("Children"),
            "step": _("Step"),
            "came": _("Came to it"),
            "median_days": _("Half took up to, in days"),
            "waiting": _("Wait for it"),
            "longest_days": _("Longest wait, in days"),
            "clock": _("Clock"),
            "runs_since": _("Runs since"),
            "due_on": _("Due on"),
            # Names that the standard gives its fields, for programs: they are the same in every language.
            **{field: field for field in htcds.FIELDS},
        },
        "left_out": {
            "names": _("Names of children, relatives and staff"),
            "addresses": _("Addresses and places of loss"),
            "telephones": _("Telephone numbers"),
            "papers": _("Identity and document numbers"),
            "pictures": _("Pictures"),
            "dna": _("Genotypes, likelihood ratios and reports"),
            "notes": _("Notes and whatever was written freely"),
            "whereabouts": _("Where a child is now"),
        },
        "return_stage": {
            "open": _("being verified"),
            "asked": _("release asked for"),
            "home": _("home"),
        },
        "bench": {
            "differs": _("The two entries differ: type them once more"),
            "second": _("For the second entry"),
            "type": _("To type"),
            "odd": _("Odd results to look at"),
        },
        "yes": {"yes": _("yes")},
    }
)
