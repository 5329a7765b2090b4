"""The last pages: assumptions and limits, further words, and what made the numbers and the paper."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.utils.translation import gettext as _

from wayhome import kinship
from wayhome.casework.matching.report.blocks import Block, Column, bullets, code, facts, heading, paragraph, table
from wayhome.casework.matching.report.genetics import SAID_HERE
from wayhome.casework.matching.report.view import View


def limits(view: View) -> Iterator[Block]:
    """What everything rests on."""
    yield heading(_("Assumptions and limits"))
    yield from bullets(view.speaker.say(remark) for remark in view.assessment.assumptions if remark.code not in SAID_HERE)
    yield from bullets(
        [
            _("The pedigree is taken as the family told it. Where it is wrong, so is the LR."),
            _("The samples are taken to come from the persons named; the chain of custody in this report is what speaks for it."),
            _("The result holds for the two hypotheses named, the populations and the parameters listed, and for nothing else."),
            _(
                "Kinship is no decision on where a child lives: a reunion needs fresh samples, two readers and the authority's "
                "own finding."
            ),
        ]
    )


def notes(view: View) -> Iterator[Block]:
    """What the house adds in its own words."""
    if view.facts.notes:
        yield heading(_("Notes"))
        yield from bullets(view.facts.notes)


def provenance(view: View, made_by: Mapping[str, str]) -> Iterator[Block]:
    """Software, digests: enough to compute and to print everything again."""
    record = view.assessment.provenance
    yield heading(_("What made this report"))
    yield facts(
        [
            (_("Computed with"), f"{record['software']} {record['version']}"),
            (_("Digest of the computation"), code(record["digest"])),
            (_("Digest of the assessment"), code(kinship.digest(view.assessment.to_json()))),
            (_("Digest of the facts"), code(kinship.digest(view.facts.to_json()))),
        ]
    )
    yield paragraph(
        _(
            "Digests are SHA-256. Equal digests of the computation mean equal numbers; from the same assessment, the same "
            "facts and the same tools below, the same report comes out byte for byte."
        ),
        "note",
    )
    columns: list[Column] = [(_("Tool of this paper"), "left", 1), (_("Version or digest"), "left", 0)]
    yield table(columns, [(name, code(value)) for name, value in made_by.items()], small=True)
    inputs: Mapping[str, str] = record["inputs"]
    if inputs:
        yield heading(_("Inputs of the computation"), 2)
        yield table(
            [(_("Input"), "left", 1), (_("Digest"), "left", 0)],
            [(name, code(inputs[name])) for name in sorted(inputs)],
            small=True,
        )
