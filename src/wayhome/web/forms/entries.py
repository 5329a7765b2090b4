"""A profile typed in by hand, two boxes for each locus in the order of the kit of markers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wayhome import kinship
from wayhome.casework.laboratory.rules import typing
from wayhome.web.forms.base import DeskForm

SECOND = "-2"
"""What follows the name of a locus in the name of its second box."""


@dataclass(frozen=True, slots=True)
class Line:
    """A locus in the grid: its boxes, what in it nobody has told of, and whether the last two entries differed at it."""

    locus: str
    first: BoundField
    second: BoundField
    unheard_of: tuple[str, ...]
    differed: bool


class EntryForm(DeskForm):
    """A profile as it stands in the electropherogram."""

    verb = gettext_lazy("Keep this entry")

    def __init__(self, *args: Any, panel: str, differed: tuple[str, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.panel, self.differed = panel, differed
        self.loci = [locus.name for locus in kinship.panel(panel).loci]
        for name in self.loci:
            self.fields[name] = self._box(name, _("%(locus)s, first allele") % {"locus": name})
            self.fields[name + SECOND] = self._box(name, _("%(locus)s, second allele") % {"locus": name})
        self.unheard_of: dict[str, list[str]] = {}

    def _box(self, locus: str, label: str) -> forms.CharField:
        attributes = {
            "autocomplete": "off",
            "autocapitalize": "characters",
            "spellcheck": "false",
            "class": "number",
            "inputmode": "text" if locus == "AMEL" else "decimal",
            "aria-label": label,
            "data-known": " ".join(typing.known(locus, self.panel)),
        }
        return forms.CharField(label=locus, required=False, max_length=40, widget=forms.TextInput(attrs=attributes))

    def lines(self) -> Iterator[Line]:
        """The loci, in the kit's order."""
        for name in self.loci:
            strange = tuple(self.unheard_of.get(name, ()))
            yield Line(name, self[name], self[name + SECOND], strange, name in self.differed)

    def calls(self) -> dict[str, list[str]]:
        """Locus -> alleles, for loci that were typed; one allele stands for two alike."""
        told = {name: typing.alleles(name, self.cleaned_data[name], self.cleaned_data[name + SECOND]) for name in self.loci}
        return {name: alleles for name, alleles in told.items() if alleles}

    def strange(self) -> str:
        """Alleles that nobody has told of, as one text: whoever says that they stand says it of these and no others."""
        return " ".join(f"{locus}:{'/'.join(alleles)}" for locus, alleles in self.unheard_of.items())

    def stands(self) -> bool:
        """Whether there is nothing strange, or somebody looked at it once more."""
        self.unheard_of = typing.unheard_of(self.calls(), self.panel)
        return not self.unheard_of or self.data.get("stands") == self.strange()
