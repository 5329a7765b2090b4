"""What people typed comes out as the text that it is, and never as a command, a picture, or a page that cannot be read."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from PIL import Image
from tests.casework.matching.report.builders import LANGUAGES, assessed, facts, flat, hops, text_of

from wayhome.casework.matching.report import ReaderFacts, SampleFacts, report_pages, report_pdf
from wayhome.casework.matching.report.blocks import clean, shortened

MARKUP = '#panic("x") *bold* _it_ $x^2$ @ref <label> `raw` = Heading \\ #sys.inputs.data // gone /* gone */ "q" \'q\' {a} %(b)s'
LONG = "Đặng" * 60
HEBREW, ARABIC = "שלום עולם", "مرحبا"


def _report(text: str, language: str = "en") -> str:
    made = assessed("couple")
    told = replace(
        facts(made),
        case_number=text,
        issued_by=text,
        names={"mother": text},
        laboratories={text: text},
        notes=(text,),
        readers=(ReaderFacts(text, text, text, date(2026, 11, 24), text, text),),
        samples=(SampleFacts("mother", text, hops(text), text, text, date(2026, 11, 2), text[:70], second=True),),
    )
    return text_of(report_pdf(told, made, language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_markup_is_text(language: str) -> None:
    told = flat(_report(MARKUP, language))
    assert told.count(flat(MARKUP)) >= 8


def test_markup_in_names_of_the_library_is_text() -> None:
    made = assessed("couple")
    rows = tuple(
        (one.replace("mother", "*m* #m"), father, None if mother is None else "*m* #m", sex)
        for one, father, mother, sex in made.pedigree
    )
    renamed = replace(
        made,
        pedigree=rows,
        samples={one.replace("mother", "*m* #m"): sample for one, sample in made.samples.items()},
        genotypes={
            locus: {one.replace("mother", "*m* #m"): labels for one, labels in seen.items()}
            for locus, seen in made.genotypes.items()
        },
    )
    assert "mother (*m* #m)" in text_of(report_pdf(facts(renamed), renamed, "en"))


def test_a_very_long_name_is_broken_and_kept() -> None:
    told = flat(_report(LONG))
    assert told.count(LONG) >= 3
    made = assessed("couple")
    assert 5 < len(report_pages(facts(made, names={"mother": LONG * 20}), made, "en", ppi=20)) < 20


@pytest.mark.parametrize("text", ["阮氏香" * 40, "Nguyễn Thị Ánh Tuyết", "A\u0301 e\u0323\u0302", HEBREW, ARABIC])
def test_every_script_that_the_fonts_have_is_told(text: str) -> None:
    import unicodedata

    letters = {c for c in unicodedata.normalize("NFC", text) if c.isalpha()}
    assert letters <= set(unicodedata.normalize("NFKC", _report(text)))


def test_what_no_font_has_is_told_by_its_number() -> None:
    # The last of them is in a font that many machines have; what a paper shows does not depend on the machine.
    told = _report("\u1780\U0001f469x\u1401")
    assert "[U+1780]" in told
    assert "[U+1401]" in told
    assert "x" in told


def test_marks_that_turn_the_writing_are_taken_out() -> None:
    assert clean("a\u202eb\u2066c\x00d\x1be\u0085f\u2028g\r\nh") == "a\ufffdb\ufffdc\ufffdd\ufffde\ufffdf g h"
    assert clean("شيء") == "\u2068شيء\u2069"
    assert clean("x" * 20) == "\u200b".join(("x" * 6, "x" * 6, "x" * 6, "xx"))
    assert clean("responsibility/great-grandmother") == "responsibility/great-grandmother"
    assert clean("亲" * 40) == "亲" * 40
    assert "\u202e" not in _report("left\u202ethgir")


def test_text_has_a_limit() -> None:
    assert len(clean("a b" * 100_000)) < 5000


def test_the_heading_of_the_pages_stays_on_one_line() -> None:
    assert shortened("x" * 60, 45) == "x" * 44 + "…"
    assert shortened("阮" * 60, 40) == "阮" * 19 + "…"
    assert shortened("M-2026-000123", 40) == "M-2026-000123"
    assert len(shortened("م" * 90, 40)) <= 42


@pytest.mark.parametrize(
    ("language", "text"), [("vi", "M-1"), ("en", LONG), ("vi", MARKUP), ("zh-hans", "阮" * 300), ("zh-hans", "M-1")]
)
def test_nothing_leaves_its_place_on_the_page(language: str, text: str) -> None:
    made = assessed("three generations", 3)
    for mutated in (made, assessed("couple", 2, mutated="FGA")):
        names = dict.fromkeys(mutated.samples, text)
        about = facts(mutated, case_number=text, issued_by=text, names=names, notes=(text,))
        for number, page in enumerate(report_pages(about, mutated, language, ppi=50.8), 1):
            dark = np.asarray(Image.open(io.BytesIO(page)).convert("L")) < 128  # two pixels a millimetre
            height, width = dark.shape
            for name, part in {
                "top": dark[: 2 * 12],
                "left": dark[:, : 2 * 18],
                "right": dark[:, width - 2 * 18 :],
                "below the running head": dark[2 * 20 : 2 * 23],
                "above the foot": dark[height - 2 * 19 : height - 2 * 17],
            }.items():
                assert not part.any(), (number, name)
            assert dark.any()
