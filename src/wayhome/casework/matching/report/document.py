"""The whole report as plain values, in the order in which a court reads it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from wayhome import kinship
from wayhome.casework.matching.report import closing, genetics, opening, samples, weighing
from wayhome.casework.matching.report.blocks import Block, clean, shortened
from wayhome.casework.matching.report.facts import LANGUAGES, ReportFacts
from wayhome.casework.matching.report.sheet import sheet
from wayhome.casework.matching.report.view import View


def document(facts: ReportFacts, assessment: kinship.Assessment, language: str, made_by: Mapping[str, str]) -> dict[str, Any]:
    """Everything that the template sets.

    Parameters
    ----------
    made_by : what the paper is made with, to be told in it.

    Raises
    ------
    kinship.InputError
        for a language that there is none of, or facts that are not of this assessment.
    """
    check(facts, assessment, language)
    with override(language):
        view = View(facts, assessment, language)
        title = _("Kinship report")
        return sheet(
            language,
            title=title,
            subtitle=_("DNA of a rescued child, compared with that of relatives of a missing child"),
            running=(
                _("{title}, case {number}").format(title=title, number=shortened(facts.case_number, 40)),
                shortened(facts.issued_by, 45),
            ),
            footer=_("Confidential: DNA of a child and of its relatives"),
            issued=facts.issued,
            author=facts.issued_by,
            keywords=(clean(facts.case_number), kinship.digest(assessment.to_json())),
            front=opening.front(view),
            blocks=_blocks(view, made_by),
        )


def check(facts: ReportFacts, assessment: kinship.Assessment, language: str) -> None:
    """Facts and assessment must be of one case."""
    if language not in LANGUAGES:
        raise kinship.InputError(
            f'no report is written in "{language}"', f"Choose one of {', '.join(LANGUAGES)}", field="language"
        )
    gates = assessment.gates
    if (facts.families, facts.children) != (gates.families, gates.children):
        raise kinship.InputError(
            f"the facts tell of {facts.families:,} families and {facts.children:,} children, the assessment of "
            f"{gates.families:,} and {gates.children:,}",
            "Give the facts of the search that the assessment was made for",
            field="families",
        )
    members = {row[0] for row in assessment.pedigree}
    told = [*(one.member for one in facts.samples), *(one.member for one in facts.consents), *facts.names]
    for member in told:
        if member not in members:
            raise kinship.InputError(f"{member} is not in the pedigree of {assessment.family}", "Name a member", field="member")
    known = set(assessment.by_population)
    for table in facts.frequencies:
        if table.population not in known:
            raise kinship.InputError(
                f"the assessment does not know the population {table.population}",
                "Give the tables it was made with",
                field="frequencies",
            )


def _blocks(view: View, made_by: Mapping[str, str]) -> Iterator[Block]:
    yield from opening.result(view)
    yield from opening.readers(view)
    yield from opening.hypotheses(view)
    yield from opening.pedigree(view)
    yield from samples.samples(view)
    yield from genetics.genotypes(view)
    yield from genetics.mismatches(view)
    yield from genetics.populations(view)
    yield from genetics.parameters(view)
    yield from weighing.search(view)
    yield from weighing.posterior(view)
    yield from weighing.beside_dna(view)
    yield from weighing.not_tested(view)
    yield from weighing.steps(view)
    yield from closing.limits(view)
    yield from samples.custody(view)
    yield from samples.consents(view)
    yield from closing.notes(view)
    yield from closing.provenance(view, made_by)
    yield from genetics.frequencies(view)
