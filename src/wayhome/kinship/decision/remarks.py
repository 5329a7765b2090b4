"""What a decision says beside its numbers: a code with its data, which a face translates, and the English sentence."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from wayhome.kinship.errors import UnknownName

_SENTENCES: Mapping[str, str] = MappingProxyType(
    {
        # thresholds: why a gate stays shut
        "below_lead": "log10 LR {log10_lr:.2f} is below {threshold:.2f}, which {pairs:,} comparisons ask of a lead",
        "below_report": "log10 LR {log10_lr:.2f} is below {threshold:.2f}, which {pairs:,} comparisons ask of a report",
        "posterior_low": "the posterior {posterior:.6f} is below {least:g}",
        "mismatches": "{mismatches} loci fit only with a mutation, and {most} are the most for either gate",
        "nobody_typed": "no relative of the missing child was typed",
        "one_side": "relatives of one side of the family alone: a report needs the other side, or {least} loci, or Y, X or mtDNA "
        "that agrees",
        "one_side_few_loci": "{loci} loci are too few for one side of a family: search with {least} or more, better {better}",
        "few_loci": "{loci} loci are too few for a report: type {least} or more",
        # case work
        "case_work_supports": "LR {threshold:,.0f} or more is support by the rule for case work, which is unsafe in a search",
        "case_work_excludes": "LR 1/{threshold:,.0f} or less, or {mismatches} mismatches, is exclusion by the rule for case work",
        "case_work_undecided": "by the rule for case work more loci, or the other parent, are to be typed",
        # next steps
        "type_member": "type {member}",
        "type_new_relative": "find and type {relation}, who is not in the pedigree yet",
        "second_kit": "type child and relatives with {kit}: {loci} loci more",
        "x_loci": "type child and relatives at {loci} X-chromosomal loci",
        "lineage": "compare {system} of the child and {member}",
        "not_computed": "not computed: {reason}",
        "no_x_frequencies": "X-chromosomal loci: not computed, for the population's table has none",
        # assumptions of an assessment
        "unrelated_alternative": "compared with a child unrelated to the family; relatives of the parents were not considered",
        "no_twins": "an identical twin of the child cannot be told apart",
        "independent_loci": "loci count as independent",
        "linked_loci": "{first} and {second} are linked (recombination {recombination}); taken as independent",
        "mutation_model": "mutation: {model}",
        "theta": "coancestry theta {theta:g} within {population}",
        "minimum_frequency": "no allele counts as rarer than {minimum} in {population}",
        "caution": "{population}: {text}",
        "no_dropout": "every allele of a typed locus counts as read; dropout is not modelled",
        "impossible_locus": "the relatives cannot be related as recorded at {locus}; it was left out",
        "only_named_families": "{families:,} further families of the base count with an LR of one",
        "note": "{text}",
        "table_size": "{population}: counted in {least:,} to {most:,} people at the loci compared",
        "table_size_unknown": "{population}: where the source does not say how many people were counted, {people:,} are assumed",
        # hypotheses, and loci that do not fit
        "hypothesis_related": "H1: {child} is {missing} of {family}, related to {typed} as the pedigree says",
        "hypothesis_unrelated": "H2: {child} is of the same population and unrelated to {family}",
        "mismatch_with_parent": "{locus}: {child} shares no allele with {parent}, {alleles}; {repeats} repeats apart at least",
        "mismatch_microvariant": "{locus}: {child} shares no allele with {parent}, {alleles}; no whole number of repeats apart",
        "mismatch_with_family": "{locus}: {child} fits only with a mutation beside {others}",
        # what was not tested
        "untested_parent": "the {parent} was not typed",
        "untested_locus": "{locus} was typed in relatives and not in the child",
        "untested_system": "{system} was not compared",
    }
)


@dataclass(frozen=True)
class Remark:
    """One thing to say.

    Parameters
    ----------
    code : what is said; stable, to be translated.
    data : its values: numbers, texts, truth values.

    Raises
    ------
    UnknownName
        for a code nobody knows.
    """

    code: str
    data: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "data", MappingProxyType(dict(self.data)))
        if self.code not in _SENTENCES:
            raise UnknownName(f'no remark has the code "{self.code}"', f"Known are: {', '.join(_SENTENCES)}", field="code")

    def __hash__(self) -> int:
        return hash((self.code, tuple(sorted(self.data.items()))))

    def __reduce__(self) -> tuple[object, ...]:
        return Remark, (self.code, dict(self.data))

    @property
    def text(self) -> str:
        """The English sentence, without a full stop."""
        return _SENTENCES[self.code].format(**self.data)

    def to_json(self) -> dict[str, Any]:
        """Code, data and text."""
        return {"code": self.code, "data": {name: told(value) for name, value in self.data.items()}, "text": self.text}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Remark:
        """The remark that `to_json` told."""
        return cls(value["code"], {name: read_number(one) for name, one in value["data"].items()})


_NOT_FINITE = frozenset({"inf", "-inf", "nan"})


def told(value: Any) -> Any:
    """A value as JSON holds it; infinities and nan as strings."""
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value


def read_number(value: Any) -> Any:
    """What `told` told."""
    return float(value) if isinstance(value, str) and value in _NOT_FINITE else value
