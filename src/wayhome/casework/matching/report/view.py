"""One case as the report looks at it: members in the pedigree's order, loci in the usual one, words at hand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from wayhome import kinship
from wayhome.casework.matching.report import kin
from wayhome.casework.matching.report.facts import ReportFacts, SampleFacts
from wayhome.casework.matching.report.numbers import Numbers
from wayhome.casework.matching.report.remarks import Speaker


@dataclass(frozen=True)
class View:
    """A case in one language, which must be the active one whenever it is asked.

    What was stored as JSON may have lost the order of its keys, so nothing here follows the order of a mapping.
    """

    facts: ReportFacts
    assessment: kinship.Assessment
    language: str

    @cached_property
    def numbers(self) -> Numbers:
        """How the language writes them."""
        return Numbers(self.language)

    @cached_property
    def speaker(self) -> Speaker:
        """Says the library's remarks."""
        return Speaker(self.numbers, self.who)

    @cached_property
    def kin(self) -> Mapping[str, str]:
        """Member -> code of what they are to the child."""
        return kin.kin(self.assessment.pedigree, self.assessment.missing)

    @cached_property
    def members(self) -> tuple[str, ...]:
        """Everybody, in the pedigree's order."""
        return tuple(row[0] for row in self.assessment.pedigree)

    @cached_property
    def typed(self) -> tuple[str, ...]:
        """The child first, then the typed relatives."""
        missing = self.assessment.missing
        return (missing, *(one for one in self.members if one != missing and one in self.assessment.samples))

    @cached_property
    def loci(self) -> tuple[str, ...]:
        """Loci compared: by chromosome where the name tells it, then by name."""
        return tuple(sorted(self.assessment.loci, key=_locus_order))

    @cached_property
    def populations(self) -> tuple[str, ...]:
        """The one that gives the least LR first, the others by name."""
        return (self.assessment.population, *sorted(set(self.assessment.by_population) - {self.assessment.population}))

    @cached_property
    def parameters(self) -> Mapping[str, Mapping[str, Any]]:
        """Population -> what its model was made of."""
        told = self.assessment.provenance["parameters"]["populations"]
        return {one["population"]: one for one in told}

    @cached_property
    def samples(self) -> tuple[SampleFacts, ...]:
        """Of the facts, in the order of `typed`; those of others last."""
        order = {one: k for k, one in enumerate(self.typed)}
        return tuple(sorted(self.facts.samples, key=lambda one: (order.get(one.member, len(order)), one.member, one.number)))

    def kinship_word(self, member: str) -> str:
        """What they are to the child."""
        return str(kin.WORDS[self.kin[member]]) if member in self.kin else member

    def who(self, member: str) -> str:
        """Kinship, and the id where it tells more."""
        if member not in self.kin:
            return member
        code, word = self.kin[member], self.kinship_word(member)
        if member.casefold().replace(" ", "_").replace("-", "_").replace("'", "") == code:
            return word
        return f"{word} ({member})"

    def person(self, member: str) -> str:
        """Whose sample it is: in the missing member's place stands the rescued child."""
        return _("rescued child") if member == self.assessment.missing else self.who(member)

    def everybody(self, members: Iterable[str]) -> str:
        """Several of them."""
        return ("、" if self.language == "zh-hans" else ", ").join(map(self.person, members)) or "—"

    def sentences(self, *told: str) -> str:
        """One after the other; Chinese leaves no blank between them."""
        return ("" if self.language == "zh-hans" else " ").join(told)

    def lr(self, log10: float) -> str:
        """A likelihood ratio."""
        return self.numbers.scientific(log10)

    def remarks(self, found: Iterable[kinship.Remark], *codes: str) -> list[kinship.Remark]:
        """Those with these codes."""
        return [remark for remark in found if remark.code in codes]


def _locus_order(name: str) -> tuple[int, int, str]:
    found = re.match(r"D(\d+|X|Y)S?(\d*)", name)
    if found is None:
        return (99, 0, name)
    return (int(found[1]) if found[1].isdigit() else 50, int(found[2] or 0), name)
