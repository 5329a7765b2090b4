"""Words for every remark that the library makes, in the reader's language.

A remark is a code with data. Where its data are words of the library's own (a relation, a mutation model, a caution of a shipped
table), they are understood and said anew; what is not understood is printed as it came.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from wayhome import kinship
from wayhome.casework.matching.report.numbers import Numbers

Text = str | Promise

SENTENCES: Mapping[str, Text] = {
    # why a gate stays shut
    "below_lead": _("log10 LR {log10_lr} is below {threshold}, which {pairs} comparisons ask of a lead."),
    "below_report": _("log10 LR {log10_lr} is below {threshold}, which {pairs} comparisons ask of a report."),
    "posterior_low": _("The posterior probability of {posterior} is below {least}."),
    "mismatches": _("{mismatches} loci fit only with a mutation; {most} are the most for either gate."),
    "nobody_typed": _("No relative of the missing child was typed."),
    "one_side": _(
        "Relatives of one side of the family alone were typed. A report needs the other side, or {least} loci, or "
        "Y-chromosomal, X-chromosomal or mitochondrial DNA that agrees."
    ),
    "one_side_few_loci": _(
        "{loci} loci are too few for one side of a family: {least} or more are needed for a search, better {better}."
    ),
    "few_loci": _("{loci} loci are too few for a report: {least} or more must be typed."),
    # case work
    "case_work_supports": _("By the rule for single cases, an LR of {threshold} or more supports kinship."),
    "case_work_excludes": _(
        "By the rule for single cases, an LR of 1/{threshold} or less, or {mismatches} or more mismatching loci, excludes "
        "kinship."
    ),
    "case_work_undecided": _("By the rule for single cases, more loci or the other parent must be typed before a conclusion."),
    # what would help
    "type_member": _("Type {member}."),
    "type_new_relative": _("Find and type {relation}, who is not in the pedigree yet."),
    "second_kit": _("Type the child and the relatives with the kit {kit}: {loci} further loci."),
    "x_loci": _("Type the child and the relatives at {loci} X-chromosomal loci."),
    "lineage": _("Compare the {system} of the child and of {member}."),
    "not_computed": _("Not computed: {reason}."),
    "no_x_frequencies": _("X-chromosomal loci: not computed, since the frequency table has none."),
    # assumptions
    "unrelated_alternative": _(
        "H2 is a child unrelated to the family. That the child is the child of a relative of the parents was not considered; "
        "such a child would reach a higher LR than an unrelated one."
    ),
    "no_twins": _("An identical twin of the missing child cannot be told apart from it."),
    "independent_loci": _("The loci are taken as independent of one another."),
    "linked_loci": _("{first} and {second} are linked (recombination {recombination}) and are taken as independent."),
    "mutation_model": _("Mutation: {model}."),
    "theta": _("Coancestry θ = {theta} within the population {population}."),
    "minimum_frequency": _("No allele is taken as rarer than {minimum} in the population {population}."),
    "caution": _("On the table {population}: {text}"),
    "no_dropout": _("Every allele of a typed locus is taken as read; drop-out is not modelled."),
    "impossible_locus": _("At {locus} the relatives cannot be related as recorded; the locus was left out."),
    "only_named_families": _("{families} further families of the base are taken with an LR of one, which is a stranger's mean."),
    "note": "{text}",
    "table_size": _("The table {population} was counted in {least} to {most} people at the loci compared."),
    "table_size_unknown": _(
        "Where the source of the table {population} does not say how many people were counted, {people} are assumed."
    ),
    # hypotheses
    "hypothesis_related": _(
        "H1: the rescued child {child} is the missing child of the family {family}, and is related to the typed relatives "
        "({typed}) as the pedigree shows."
    ),
    "hypothesis_unrelated": _(
        "H2: the rescued child {child} comes from the same population and is not related to the family {family}."
    ),
    # loci that do not fit
    "mismatch_with_parent": _(
        "{locus}: the child ({child}) shares no allele with {parent} ({alleles}). The nearest alleles are {repeats} repeats "
        "apart; under H1 this needs a mutation."
    ),
    "mismatch_microvariant": _(
        "{locus}: the child ({child}) shares no allele with {parent} ({alleles}), and no whole number of repeats lies between "
        "them; under H1 this needs a rare mutation."
    ),
    "mismatch_with_family": _("{locus}: the child ({child}) fits only with a mutation beside {others}."),
    # what was not tested
    "untested_parent": _("The {parent} was not typed."),
    "untested_locus": _("{locus} was typed in relatives but not in the child."),
    "untested_system": _("The {system} was not compared."),
}  # fmt: skip
"""Code -> sentence."""

SYSTEMS: Mapping[str, Text] = {"Y": _("Y chromosome"), "X": _("X chromosome"), "mtDNA": _("mitochondrial DNA")}
MUTATION_KINDS: Mapping[str, Text] = {
    "none": _("none"),
    "equal": _("equal (any other allele, all alike)"),
    "proportional": _("proportional to the frequency of the allele that arises"),
    "onestep": _("one-step (the next allele up or down)"),
    "stepwise": _("stepwise (by whole repeats, fewer for each further step)"),
    "custom": _("matrices of its own"),
}
RELATIONS: Mapping[str, Text] = {
    "the father": _("the father"),
    "the mother": _("the mother"),
    "the father's father": _("the father's father"),
    "the father's mother": _("the father's mother"),
    "the mother's father": _("the mother's father"),
    "the mother's mother": _("the mother's mother"),
    "a brother or sister": _("a brother or sister"),
}
CAUTIONS: Mapping[str, Text] = {
    "The original document was not seen; its sample size is not stated. 1,000 is used for the minimum frequency; 40 loci "
    "probably come from 8,725 people (Lu 2020, doi 10.1080/03014460.2019.1705391).": _(
        "The original document was not seen; its sample size is not stated. 1,000 people are assumed for the minimum "
        "frequency; 40 loci probably come from 8,725 people (Lu 2020, doi 10.1080/03014460.2019.1705391)."
    ),
    "SE33 was removed: one line was lost in transcription.": _("SE33 was removed, since one line was lost in transcription."),
    'Its "D5S2500" is D5S2800 and is named so here; D6S474 is designated as the Chinese kits do.': _(
        "What it calls D5S2500 is D5S2800 and is named so here; D6S474 is designated as the Chinese kits do."
    ),
    "D22GATA198B05: nomenclature not confirmed; leave it out until it is checked.": _(
        "D22GATA198B05: the nomenclature is not confirmed; it is left out until it is checked."
    ),
    "Pooled over groups: use a group's own table or theta for case work.": _(
        "Pooled over groups: for case work a group's own table or a θ is to be used."
    ),
    "97 people only: the minimum frequency is 0.026.": _("97 people only: the minimum frequency is 0.026."),
}
"""What shipped tables warn of -> the same to be translated."""
TITLES: Mapping[str, Text] = {
    "China, national table of 58 autosomal STRs": _("China, national table of 58 autosomal STRs"),
    "United States, all four NIST 1036 groups together": _("United States, all four NIST 1036 groups together"),
    "United States, Asian (NIST 1036)": _("United States, Asian (NIST 1036)"),
    "United States, Caucasian (NIST 1036)": _("United States, Caucasian (NIST 1036)"),
    "United States, African American (NIST 1036)": _("United States, African American (NIST 1036)"),
    "United States, Hispanic (NIST 1036)": _("United States, Hispanic (NIST 1036)"),
}
"""Titles of shipped tables."""
_NOTES: tuple[tuple[re.Pattern[str], Text], ...] = (
    (
        re.compile(
            r"the missing child is recorded as (?P<told>male|female), the rescued child's profile is (?P<seen>male|female)"
        ),
        _("The missing child is recorded as {told}; the rescued child's profile is {seen}."),
    ),
    (
        re.compile(r"the relatives do not fit one another at (?P<locus>.+) without a mutation"),
        _("The relatives do not fit one another at {locus} without a mutation."),
    ),
)
_SEXES: Mapping[str, Text] = {"male": _("male"), "female": _("female")}
_NOT_KNOWN = _("not known")
_PARENTS: Mapping[str, Text] = {"father": _("father"), "mother": _("mother")}
_MODEL = re.compile(
    r"(?P<kind>\w+)(?:, (?P<female>\S+) maternal and (?P<male>\S+) paternal)?(?P<more>, other models at some loci)?"
)
_RATES = _("{kind}; {female} per maternal and {male} per paternal meiosis")
_MORE = _("{model}; other models at some loci")
_HAPLOTYPE = re.compile(r"haplotype shared by chance (?P<match>\S+), mutation (?P<mutation>\S+) a generation; ")
_STEP_NOTES: Mapping[str, Text] = {
    "haplotype": _(
        "Assumed: a stranger shares the haplotype with probability {match}, and it mutates with {mutation} per generation."
    ),
    "x": _("The X-chromosomal loci are taken as independent, though they are linked in groups."),
    "not_computed": _("Too complex to be computed exactly."),
}


@dataclass(frozen=True)
class Speaker:
    """Says remarks in the language that is active.

    Parameters
    ----------
    numbers : of that language.
    who : member -> how the report calls them.
    """

    numbers: Numbers
    who: Callable[[str], str]

    def say(self, remark: kinship.Remark) -> str:
        """The sentence."""
        if remark.code == "note":
            return self._note(str(remark.data["text"]))
        return str(SENTENCES[remark.code]).format(**self._data(remark))

    def mutation(self, text: str) -> str:
        """A mutation model, from the few words that the library has for it."""
        found = _MODEL.fullmatch(text)
        if found is None or found["kind"] not in MUTATION_KINDS:
            return text
        said = str(MUTATION_KINDS[found["kind"]])
        if found["female"]:
            rates = {sex: self.numbers.short(float(found[sex])) for sex in ("female", "male")}
            said = str(_RATES).format(kind=said, **rates)
        return str(_MORE).format(model=said) if found["more"] else said

    def step_note(self, step: kinship.NextStep) -> str:
        """The assumption behind a step, or why it was not computed."""
        if not step.note:
            return ""
        found = _HAPLOTYPE.match(step.note)
        if found is not None:
            numbers = {name: self.numbers.short(float(found[name])) for name in ("match", "mutation")}
            return str(_STEP_NOTES["haplotype"]).format(**numbers)
        if step.decisive is None:
            return str(_STEP_NOTES["not_computed"])
        return str(_STEP_NOTES["x"]) if step.act.code == "x_loci" else step.note

    def _note(self, text: str) -> str:
        for pattern, sentence in _NOTES:
            found = pattern.fullmatch(text)
            if found is not None:
                return str(sentence).format(**{name: str(_SEXES.get(one, one)) for name, one in found.groupdict().items()})
        return text

    def _data(self, remark: kinship.Remark) -> dict[str, str]:
        return {name: self._value(remark.code, name, value) for name, value in remark.data.items()}

    def _value(self, code: str, name: str, value: Any) -> str:
        match name:
            case "member" | "parent" if code != "untested_parent":
                return self.who(value)
            case "typed":
                return str(value) if value else "—"
            case "parent":
                return str(_PARENTS.get(value, value))
            case "system":
                return str(SYSTEMS.get(value, value))
            case "relation":
                return str(RELATIONS.get(value, value))
            case "model":
                return self.mutation(value)
            case "recombination":
                return str(_NOT_KNOWN) if value == "unknown" else self.numbers.plain(value)
            case "text":
                return str(CAUTIONS.get(value, value))
            case "posterior" | "least" if code == "posterior_low":
                return self.numbers.probability(value)
        if isinstance(value, bool) or not isinstance(value, int | float):
            return str(value)
        if isinstance(value, int) or (name == "threshold" and code.startswith("case_work")):
            return self.numbers.whole(int(value))
        return self.numbers.decimal(value) if name in ("log10_lr", "threshold") else self.numbers.short(value)
