"""Cases for reports: real assessments of made-up families, and facts beside them."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from functools import cache
from typing import Any

import pypdf

from wayhome import kinship
from wayhome.casework.matching.report import (
    ConsentFacts,
    Hop,
    ReaderFacts,
    ReportFacts,
    SampleFacts,
    frequencies_used,
    report_pdf,
)

KIT23 = kinship.panel("Huaxia Platinum").autosomal
CHINA = kinship.PopulationModel(kinship.population("china"), theta=0.01)
ASIAN = kinship.PopulationModel(kinship.population("nist-asian"), theta=0.01)
ALL = kinship.PopulationModel(kinship.population("nist-all"), theta=0.01)
CAUCASIAN = kinship.PopulationModel(kinship.population("nist-caucasian"), theta=0.01)
MODELS = (CHINA, ASIAN)
MANY_MODELS = (CHINA, CAUCASIAN, ALL, ASIAN)
GATES = kinship.Gates(1_000_000, 3)
LANGUAGES = ("en", "zh-hans", "vi")
KUNMING = timezone(timedelta(hours=8))
DIGEST = "0123456789abcdef" * 4


@cache
def assessed(
    shape: str = "couple",
    seed: int = 1,
    *,
    models: tuple[kinship.PopulationModel, ...] = MODELS,
    typed: float = 1.0,
    steps: bool = False,
    mutated: str = "",
) -> kinship.Assessment:
    """A made-up family of a kind with its child. mutated: a locus at which the child shows an allele that it cannot have."""
    base = kinship.simulate_base(1, models[0], loci=KIT23, seed=seed, shapes={shape: 1}, typed=typed)
    family, child = base.families[0], base.children[0]
    if mutated:
        child = _mutated(family, child, mutated)
    evidence = {finding.name: finding.log10_lr_capped for finding in findings()}
    return kinship.assess(child, family, models, GATES, evidence=evidence, steps=steps)


def _mutated(family: kinship.Family, child: kinship.Profile, locus: str) -> kinship.Profile:
    """One allele a repeat beside all that the relatives have."""
    theirs = {label for profile in family.profiles.values() for label in profile.genotypes[locus]}
    whole = [label for label in CHINA.frequencies.loci[locus] if "." not in label]
    near = next(one for one in whole if one not in theirs and {str(int(one) - 1), str(int(one) + 1)} & theirs)
    return replace(child, genotypes={**child.genotypes, locus: (near,)})


def findings() -> tuple[kinship.Finding, ...]:
    """Evidence beside DNA, with something that is missing."""
    return (
        kinship.sex_finding("M", "M"),
        kinship.blood_group_finding("A", kinship.RelativesGroups(father="A", mother="O")),
        kinship.belongings_finding(None, ["blanket/red"]),
    )


def hops(text: str = "") -> tuple[Hop, ...]:
    """The whole way of a kit."""
    first = datetime(2026, 10, 1, 9, 30, tzinfo=KUNMING)
    kinds = ("posted", "delivered", "taken", "sent", "received")
    return tuple(
        Hop(kind, first + timedelta(days=k, hours=k), text or "昆明", f"P-{200 + k}", "W-31" if kind == "taken" else "")
        for k, kind in enumerate(kinds)
    )


def facts(assessment: kinship.Assessment, **changed: Any) -> ReportFacts:
    """What goes with an assessment."""
    relatives = [member for member in assessment.samples if member != assessment.missing]
    people = [assessment.missing, *relatives]
    models = [model for model in MANY_MODELS if model.frequencies.name in assessment.by_population]
    made = ReportFacts(
        case_number="M-2026-000123",
        child_number="C-0042-17",
        request_number="F-2026-0815",
        issued=date(2026, 11, 26),
        issued_by="Yunnan Provincial Office",
        searched_on=date(2026, 11, 20),
        families=assessment.gates.families,
        children=assessment.gates.children,
        laboratories={"Kunming Laboratory": "CNAS L1234"},
        samples=tuple(
            SampleFacts(member, f"70012345{k:02d}", hops(), "Kunming Laboratory", "CNAS L1234", date(2026, 11, 2), DIGEST)
            for k, member in enumerate(people)
        ),
        consents=tuple(
            ConsentFacts(member, "Trần Văn Minh", "this_child", date(2026, 9, 1), date(2031, 9, 1), "CF-0001")
            for member in relatives
        ),
        readers=(
            ReaderFacts("王芳", "analyst", "supports", date(2026, 11, 24), "Kunming Laboratory", "Every locus fits."),
            ReaderFacts("Lê Quang Huy", "analyst", "insufficient", date(2026, 11, 25)),
        ),
        names={relatives[0]: "Trần Văn Minh"},
        findings=findings(),
        frequencies=frequencies_used(assessment, models),
    )
    return replace(made, **changed)


def text_of(pdf: bytes) -> str:
    """What a reader of the PDF copies, without the places where lines were broken."""
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    text = "\n".join(page.extract_text() for page in pages)
    return " ".join(text.replace("\u200b", "").split())


def flat(text: str) -> str:
    """Text without blanks: where lines are broken depends on the layout."""
    return "".join(text.replace("\u200b", "").split())


def pdf_of(assessment: kinship.Assessment, language: str) -> bytes:
    """The report with the usual facts."""
    return report_pdf(facts(assessment), assessment, language)


def stored(value: dict[str, Any]) -> Any:
    """As a database gives it back that keeps no order of keys: here the last first."""
    return json.loads(json.dumps(value, allow_nan=False), object_pairs_hook=lambda pairs: dict(reversed(pairs)))
