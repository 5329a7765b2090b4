"""Certificates and notices as PDF: what they tell, to whom, when, and the same bytes again."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, timedelta

import pypdf
import pytest

from factories.world import World
from wayhome.casework.audit.models import AuditEvent
from wayhome.casework.children import actions as children
from wayhome.casework.core.errors import Invalid, NotAllowed, NotFound, Refused
from wayhome.casework.custody import actions as custody
from wayhome.casework.matching.report import LANGUAGES
from wayhome.casework.reunification.actions import afterwards, papers
from wayhome.casework.reunification.papers import KINDS, PaperFacts, paper_pdf

ON_A_NOTICE = PaperFacts(
    kind="notice",
    number="10 0001 2",
    call_name="Little Plum",
    sex="F",
    born=(date(2011, 5, 1), date(2011, 6, 10)),
    method="growth",
    found_on=date(2011, 7, 15),
    found_in={"en": "Dongxing, Guangxi", "zh-hans": "广西东兴", "vi": "Đông Hưng, Quảng Tây"},
    in_care_since=date(2011, 7, 16),
    compared=(date(2011, 7, 30), date(2011, 8, 14), 20_000),
    notices=((date(2011, 7, 20), "Guangxi Daily"),),
    agency="东兴市公安局",
    issued=date(2011, 8, 15),
)
SIGNED = replace(ON_A_NOTICE, kind="one_month", document="东公2011-7", by="Li Na")


def text_of(pdf: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).replace("\u200b", "").split()).replace("东公 ", "东公")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_paper_is_set_in_every_language_and_again(kind: str, language: str) -> None:
    told = replace(SIGNED, kind=kind)
    pdf = paper_pdf(told, language)
    assert pdf == paper_pdf(told, language)
    assert pdf != paper_pdf(replace(told, sex="M"), language)
    said = text_of(pdf)
    assert "10 0001 2" in said
    assert told.found_in[language] in said
    assert ("parents" in said) == (language == "en")


def test_a_certificate_tells_what_was_done_and_a_draft_that_it_is_one() -> None:
    said = text_of(paper_pdf(SIGNED, "en"))
    for part in ("15 August 2011, 30 days", "Little Plum", "between 1 May 2011 and 10 June 2011", "20,000", "Guangxi Daily"):
        assert part in said, part
    for part in ("东公2011-7", "Li Na", "by growth"):
        assert part in said, part
    assert "Draft" not in said
    draft = text_of(paper_pdf(replace(SIGNED, document="", by="", compared=None, notices=(), born=None, method=""), "en"))
    for part in ("Draft: not signed", "No DNA of the child was compared yet", "No public notice was published yet", "not known"):
        assert part in draft, part


def test_a_notice_names_no_child_no_home_and_nobody() -> None:
    pdf = paper_pdf(ON_A_NOTICE, "en")
    said = text_of(pdf)
    for part in ("girl", "between 1 May 2011 and 10 June 2011", "Dongxing, Guangxi", "东兴市公安局", "30 days"):
        assert part in said, part
    for part in ("Little Plum", "by growth", "20,000", "In care since"):
        assert part not in said, part
    assert "Little Plum" not in str(pypdf.PdfReader(io.BytesIO(pdf)).metadata)


@pytest.mark.django_db
def test_a_certificate_is_drafted_on_its_day_and_stays_as_it_was_signed(world: World) -> None:
    child = world.in_home()
    officer = world.actor("officer")

    def taken(kind: str, who: str = "officer", language: str = "en") -> str:
        return text_of(papers.take_paper(child=child, kind=kind, language=language, by=world.actor(who), at=world.clock))

    with pytest.raises(Refused) as refused:
        taken("one_month")
    assert refused.value.codes == ("too_early",)
    assert child.call_name not in taken("notice")
    world.clock += timedelta(days=31)
    assert "Draft: not signed" in taken("one_month")
    with pytest.raises(Refused) as refused:
        taken("twelve_months")
    assert set(refused.value.codes) == {"too_early", "first_certificate", "notice_missing"}
    afterwards.certify(child=child, kind="one_month", document="东公2011-7", by=officer, at=world.clock)
    signed = taken("one_month")
    assert "东公2011-7" in signed
    assert world.staff["officer"].name in signed
    world.clock += timedelta(days=3)
    nurse = world.actor("doctor")
    children.estimate_age(
        child=child, on=world.clock.date(), least_days=90, most_days=91, method="teeth", by=nurse, at=world.clock
    )
    afterwards.publish_notice(
        child=child, published_on=world.clock.date(), published_in="Guangxi Daily", by=officer, at=world.clock
    )
    assert taken("one_month") == signed, "as it stood when it was signed"
    assert AuditEvent.objects.filter(action="reunification.take_paper", child_id=child.pk).count() == 4


@pytest.mark.django_db
def test_who_may_not_read_the_file_takes_no_paper(world: World) -> None:
    child = world.in_home()
    asks = {"child": child, "kind": "notice", "language": "en", "at": world.clock}
    with pytest.raises(NotFound):
        papers.take_paper(by=world.actor("officer_gd"), **asks)
    with pytest.raises(NotAllowed):
        papers.take_paper(by=world.actor("nurse"), **asks)
    for wrong in ({"kind": "x"}, {"language": "klingon"}):
        with pytest.raises(Invalid):
            papers.take_paper(by=world.actor("officer"), **(asks | wrong))


@pytest.mark.django_db
def test_no_paper_is_made_of_a_child_in_care_no_more(world: World) -> None:
    child = world.in_hospital()
    world.clock += timedelta(days=31)
    custody.record_death(child=child, condition="x", died_at=world.clock, by=world.actor("doctor"), at=world.clock)
    for kind in ("notice", "one_month"):
        with pytest.raises(Refused) as refused:
            papers.take_paper(child=child, kind=kind, language="en", by=world.actor("officer"), at=world.clock)
        assert refused.value.codes == ("in_care_no_more",)
