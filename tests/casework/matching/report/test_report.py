"""The report tells everything that the assessment holds, in the numbers of its language."""

from __future__ import annotations

import io
import math
from dataclasses import replace
from datetime import date

import pypdf
import pytest
from tests.casework.matching.report.builders import (
    ASIAN,
    CHINA,
    DIGEST,
    GATES,
    KIT23,
    LANGUAGES,
    assessed,
    facts,
    flat,
    pdf_of,
    text_of,
)

from wayhome import kinship
from wayhome.casework.matching.report import ReaderFacts, frequencies_used, report_pages, report_pdf, what_made_it
from wayhome.casework.matching.report.numbers import Numbers

SHAPES = ("couple", "mother", "two grandparents and aunt")
"""Trio, duo, grandparents."""


# Each family and each language in every run, each with each in the nightly one.
PAIRS = [
    pytest.param(shape, language, marks=() if i == j else pytest.mark.slow)
    for i, shape in enumerate(SHAPES)
    for j, language in enumerate(LANGUAGES)
]


@pytest.mark.parametrize(("shape", "language"), PAIRS)
def test_all_numbers_are_told(shape: str, language: str) -> None:
    made = assessed(shape, 2)
    pdf = pdf_of(made, language)
    told, numbers = flat(text_of(pdf)), Numbers(language)

    def has(text: str) -> None:
        assert flat(text) in told, text

    for number in ("M-2026-000123", "C-0042-17", "F-2026-0815", "7001234500", "CF-0001", "CNASL1234", DIGEST):
        has(number)
    has(numbers.scientific(made.log10_lr))
    has(numbers.decimal(made.log10_lr, 4))
    for value in made.by_population.values():
        has(numbers.decimal(value))
    for locus, value in made.loci.items():
        has(locus)
        has(numbers.decimal(value, 4))
        for labels in made.genotypes[locus].values():
            has(f"{labels[0]}, {labels[-1]}")
    for stage in made.stages:
        has(numbers.probability(stage.posterior))
    for number in (made.gates.families, made.gates.pairs):
        has(numbers.whole(number))
    has(numbers.probability(made.prior))
    has(numbers.scientific(math.log10(made.adventitious.value), 1))
    has(numbers.decimal(made.gates.report))
    has("5/2N")
    for digest in (made.provenance["digest"], kinship.digest(made.to_json()), kinship.digest(facts(made).to_json())):
        has(digest)
    for value in (*what_made_it().values(), *made.provenance["inputs"].values(), CHINA.frequencies.digest):
        has(value)
    has("2026-10-01 09:30 (UTC+08:00)")
    has("Trần Văn Minh")
    has("王芳")


def test_headings_come_in_the_order_in_which_they_are_read() -> None:
    told = text_of(pdf_of(assessed("couple"), "en"))
    headings = (
        "1 Result", "2 Readers and their conclusions", "3 Question and hypotheses", "4 Pedigree", "5 Samples",
        "6 Genotypes and likelihood ratio per locus", "7 Loci that do not fit without a mutation",
        "8 Populations and the range of the LR", "9 Mutation and drop-out", "10 The search, and matches to be expected by chance",
        "11 Prior and posterior probability", "12 Evidence beside DNA", "13 What was not tested", "14 What would tell more",
        "15 Assumptions and limits", "16 Chain of custody of the samples", "17 Consent", "18 What made this report",
        "19 Annex: allele frequencies used",
    )  # fmt: skip
    places = [told.index(heading) for heading in headings]
    assert places == sorted(places)


@pytest.mark.parametrize(("language", "page"), [("en", "Page 2 of"), ("zh-hans", "第 2 页，共"), ("vi", "Trang 2 trên")])
def test_every_page_has_its_number_and_the_case(language: str, page: str) -> None:
    pages = pypdf.PdfReader(io.BytesIO(pdf_of(assessed("couple"), language))).pages
    assert page in " ".join(pages[1].extract_text().split())
    assert f"{page} {len(pages)}" in " ".join(pages[1].extract_text().split())
    assert all("M-2026-000123" in one.extract_text() for one in pages)


def test_vietnamese_letters_are_copied_whole() -> None:
    told = text_of(pdf_of(assessed("couple"), "vi"))
    for words in ("Báo cáo giám định quan hệ huyết thống, vụ việc", "Người thẩm định", "trẻ mất tích", "Chuỗi bảo quản mẫu"):
        assert words in told


def test_a_mutation_is_marked_and_explained() -> None:
    made = assessed("couple", 2, mutated="FGA")
    assert made.mismatch_loci == ("FGA",)
    told = text_of(pdf_of(made, "en"))
    assert "FGA †" in told
    assert "FGA: the child" in told
    assert "mutation included, is" in told
    assert "A mismatch does not exclude by itself" in told
    assert "None: every locus fits" not in told
    assert "Mutation included" not in text_of(pdf_of(assessed("couple", 2), "en"))


def test_a_mismatch_beside_the_whole_family_names_everybody() -> None:
    made = assessed("two siblings", 2)
    seen = made.genotypes["FGA"]
    remark = kinship.Remark("mismatch_with_family", {"locus": "FGA", "child": "20/21", "others": "brother 19/20; sister 19/19"})
    changed = replace(made, mismatch_loci=("FGA",), mismatches=(remark,))
    others = "; ".join(f"{one} {seen[one][0]}/{seen[one][-1]}" for one in ("brother", "sister"))
    assert f"fits only with a mutation beside {others}." in text_of(pdf_of(changed, "en"))


def test_a_partial_sample_shows_what_it_lacks() -> None:
    made = assessed("couple", 4, typed=0.6)
    lacking = [remark for remark in made.not_tested if remark.code == "untested_locus"]
    assert lacking
    told = text_of(pdf_of(made, "en"))
    for remark in lacking:
        assert f"{remark.data['locus']} was typed in relatives but not in the child." in told
    assert any("—" in line for line in told.split("Locus")[1:])
    assert len(made.loci) < len(KIT23)
    assert f"All {len(made.loci)} loci" in told


def test_an_untested_parent_is_told_and_what_would_help() -> None:
    told = text_of(pdf_of(assessed("mother", 3, steps=True), "en"))
    for sentence in (
        "In the pedigree and not typed: father.",
        "The father was not typed.",
        "Type father.",
        "Find and type a brother or sister, who is not in the pedigree yet.",
        "Relatives of one side of the family alone were typed.",
        "The comparison is not sufficient for a lead in this search.",
    ):
        assert sentence in told


def test_theta_floor_and_rates_of_every_population_are_told() -> None:
    rare = kinship.MutationModel(
        "stepwise", kinship.MutationRates(0.0007), kinship.MutationRates(0.0035), {"FGA": kinship.MutationModel("none")}
    )
    models = (
        kinship.PopulationModel(kinship.population("china"), rare, theta=0.03, minimum_count=3),
        kinship.PopulationModel(kinship.population("nist-asian"), theta=0.01, silent={"FGA": 0.001}),
    )
    made = assessed("couple", models=models)
    about = facts(made, frequencies=frequencies_used(made, models))
    told = text_of(report_pdf(about, made, "en"))
    for text in ("0.03 3/2N = 0.0015", "0.01 5/2N = 0.0258", "per locus", "0.0007", "0.0035", "china, FGA none"):
        assert text in told
    vietnamese = text_of(report_pdf(about, made, "vi"))
    for text in ("0,03 3/2N = 0,0015", "0,0035"):
        assert text in vietnamese


def test_frequencies_are_those_of_the_likelihood() -> None:
    made = assessed("couple")
    (china, _asian) = sorted(facts(made).frequencies, key=lambda one: one.population)
    alleles = {label for labels in made.genotypes["FGA"].values() for label in labels}
    labels, values = CHINA.frequencies.ladder("FGA", extra=sorted(alleles))
    assert set(china.alleles["FGA"]) == alleles
    assert all(china.alleles["FGA"][label] == pytest.approx(values[labels.index(label)]) for label in alleles)
    assert china.minimum["FGA"] == CHINA.frequencies.minimum("FGA")


def test_prior_and_evidence_stand_apart_from_the_lr() -> None:
    made = assessed("couple", 2)
    told = text_of(pdf_of(made, "en"))
    assert "Prior probability, not part of the LR 5.0 × 10⁻⁷ (1 in 2,000,000)" in told
    assert "The recorded sex of the child is the one that the family reports." in told
    assert "The child's blood group is A; relatives: father A, mother O." in told
    assert "Not weighed: there was nothing to compare." in told
    assert "none can exclude a family" in told


def test_a_prior_of_unequal_shares_is_told_as_one() -> None:
    base = kinship.simulate_base(1, CHINA, loci=KIT23, seed=2, shapes={"couple": 1})
    family, child = base.families[0], base.children[0]
    rivals = kinship.posterior(
        {family.id: 11.0, "F2": 3.0}, GATES.prior, weights={family.id: 5.0, "F2": 1.0}, evidence={"age": {family.id: -0.5}}
    )
    made = kinship.assess(child, family, [CHINA], GATES, whole_base=rivals, steps=False)
    told = text_of(report_pdf(facts(made, findings=()), made, "en"))
    prior = " ".join(Numbers("en").probability(made.prior).split())
    assert f"Prior: {prior} for this family, from its share of the prior of the whole search." in told
    assert "from its share" not in text_of(pdf_of(assessed("couple"), "en"))
    assert "Age As recorded with the assessment. 0.316 — −0.50" in told


def test_an_impossible_child_gets_a_report_too() -> None:
    models = (kinship.PopulationModel(kinship.population("china"), kinship.NO_MUTATION),)
    base = kinship.simulate_base(1, models[0], loci=KIT23, seed=5, shapes={"couple": 1}, unrelated=1)
    stranger = next(child for child in base.children if child.sample not in base.truth)
    made = kinship.assess(stranger, base.families[0], models, GATES, steps=True)
    assert made.log10_lr == -math.inf
    for language in LANGUAGES:
        told = text_of(report_pdf(facts(made, frequencies=()), made, language))
        assert "−∞" in told
    assert "The genotypes cannot be explained" in text_of(report_pdf(facts(made, frequencies=()), made, "en"))


def test_a_stranger_is_less_probable() -> None:
    base = kinship.simulate_base(1, CHINA, loci=KIT23, seed=5, shapes={"couple": 1}, unrelated=1)
    stranger = next(child for child in base.children if child.sample not in base.truth)
    made = kinship.assess(stranger, base.families[0], [CHINA, ASIAN], GATES, steps=False)
    told = text_of(report_pdf(facts(made), made, "en"))
    assert made.log10_lr < 0
    times = " ".join(Numbers("en").lr_in_words(-made.log10_lr).split())
    assert f"{times} times less probable" in told
    assert "both gates of the search" in told


def test_large_families_have_tables_side_by_side() -> None:
    made = assessed("three generations", 3)
    told = text_of(pdf_of(made, "en"))
    assert "Genotypes of further relatives" in told
    assert "father's sister (aunt)" in told
    assert "are linked (recombination" in told


def test_conclusions_are_told_in_words() -> None:
    made = assessed("couple")
    three = tuple(ReaderFacts("R", "analyst", one, date(2026, 11, 24)) for one in ("supports", "excludes", "insufficient"))
    told = text_of(report_pdf(facts(made, readers=three), made, "en"))
    for words in ("Kinship is supported", "Kinship is excluded", "No conclusion can be drawn"):
        assert words in told


def test_who_concluded_nothing_has_a_draft() -> None:
    made = assessed("couple")
    assert "this is a draft for the readers" in text_of(report_pdf(facts(made, readers=()), made, "en"))
    assert "this is a draft for the readers" not in text_of(pdf_of(made, "en"))
    bare = facts(made, samples=(), consents=(), frequencies=(), findings=(), notes=("Kept apart.",))
    told = text_of(report_pdf(bare, made, "en"))
    for text in (
        "No kit is recorded.",
        "No consent is recorded for: father, mother.",
        "As recorded with the assessment.",
        "Kept apart.",
    ):
        assert text in told
    assert "Annex" not in told


def test_facts_of_another_case_are_refused() -> None:
    made = assessed("couple")
    told = facts(made)
    for changed, match in (
        (replace(told, families=7), "families"),
        (replace(told, names={"uncle": "X"}), "uncle"),
        (replace(told, samples=(replace(told.samples[0], member="aunt"),)), "aunt"),
        (replace(told, frequencies=(replace(told.frequencies[0], population="moon"),)), "moon"),
    ):
        with pytest.raises(kinship.InputError, match=match):
            report_pdf(changed, made, "en")
    with pytest.raises(kinship.InputError, match="klingon"):
        report_pdf(told, made, "klingon")
    assert report_pdf(told, made, "en").startswith(b"%PDF")


def test_it_is_made_for_archives_and_for_screen_readers() -> None:
    pdf = pdf_of(assessed("couple"), "vi")
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    assert reader.trailer["/Root"]["/Lang"].startswith("vi")  # type: ignore[index]
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]  # type: ignore[index]
    assert b"pdfaid" in pdf
    assert b"pdfuaid" in pdf
    assert reader.metadata is not None
    assert reader.metadata.creation_date_raw == "D:20261126000000Z"


def test_pages_can_be_looked_at() -> None:
    made = assessed("couple")
    pages = report_pages(facts(made), made, "zh-hans", ppi=36)
    assert len(pages) == len(pypdf.PdfReader(io.BytesIO(pdf_of(made, "zh-hans"))).pages)
    assert all(page.startswith(b"\x89PNG") for page in pages)
