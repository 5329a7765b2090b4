"""The same report comes out byte for byte: from what was stored, in another process, zone, locale, with another hash seed."""

from __future__ import annotations

import ast
import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.casework.matching.report.builders import LANGUAGES, MANY_MODELS, assessed, facts, pdf_of, stored

from factories import catalogues
from wayhome import kinship
from wayhome.casework.matching.report import FontMissing, ReportFacts, report_pdf, typesetting, what_made_it
from wayhome.casework.matching.report.pdf import _sources, _texts

ROOT = Path(__file__).resolve().parents[4]
PRINT = """
import hashlib, json, os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "casework_settings"
import django
django.setup()
from wayhome import kinship
from wayhome.casework.matching.report import ReportFacts, report_pdf, what_made_it
told = json.load(open(sys.argv[1], encoding="utf-8"))
facts, assessment = ReportFacts.from_json(told["facts"]), kinship.Assessment.from_json(told["assessment"])
made = {language: hashlib.sha256(report_pdf(facts, assessment, language)).hexdigest() for language in ("vi", "en", "zh-hans")}
print(json.dumps({"made": made, "by": what_made_it()}))
"""


def _elsewhere(file: Path, **environment: str) -> dict[str, dict[str, str]]:
    known = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "SYSTEMROOT")}
    done = subprocess.run(
        [sys.executable, "-c", PRINT, str(file)],
        env=known | {"PYTHONPATH": str(ROOT / "tests")} | environment,
        cwd=file.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, dict[str, str]] = json.loads(done.stdout)
    return found


def test_other_processes_make_the_same_bytes_from_what_was_stored(tmp_path: Path) -> None:
    assessment = assessed("three generations", 3, models=MANY_MODELS)
    file = tmp_path / "stored.json"
    told = {"facts": facts(assessment).to_json(), "assessment": assessment.to_json()}
    file.write_text(json.dumps(told, sort_keys=True), "utf-8")
    here = {language: hashlib.sha256(pdf_of(assessment, language)).hexdigest() for language in LANGUAGES}
    west = _elsewhere(file, TZ="America/Los_Angeles", LANG="C", PYTHONHASHSEED="1")
    east = _elsewhere(file, TZ="Asia/Ho_Chi_Minh", LANG="vi_VN.UTF-8", LC_ALL="C.UTF-8", PYTHONHASHSEED="20261126")
    assert west["made"] == east["made"] == here
    assert west["by"] == east["by"] == what_made_it()
    assert len(set(here.values())) == 3


def test_the_order_of_stored_keys_does_not_matter() -> None:
    assessment = assessed("three generations", 3, models=MANY_MODELS)
    told = facts(assessment)
    again = report_pdf(
        ReportFacts.from_json(stored(told.to_json())), kinship.Assessment.from_json(stored(assessment.to_json())), "en"
    )
    assert again == pdf_of(assessment, "en")


def test_what_differs_makes_other_bytes() -> None:
    assessment = assessed("couple")
    assert report_pdf(facts(assessment, case_number="M-2026-000124"), assessment, "en") != pdf_of(assessment, "en")


def test_facts_go_to_json_and_back() -> None:
    told = facts(assessed("couple"))
    assert ReportFacts.from_json(stored(told.to_json())) == told
    with pytest.raises(kinship.InputError, match="no facts"):
        ReportFacts.from_json({"case_number": "M-1"})


def test_what_made_it_names_every_tool() -> None:
    made = what_made_it()
    assert {"wayhome", "report", "typst", "words vi", "words zh-hans"} <= set(made)
    fonts = {name: value for name, value in made.items() if name.startswith("Noto")}
    assert len(fonts) == 2
    assert all(len(value) == 64 for value in fonts.values())
    assert made["words vi"] != made["words zh-hans"]


def test_the_words_are_the_reports_own() -> None:
    own = {text for path in _sources() if path.suffix == ".py" for text in _texts(path.read_bytes())}
    # What the catalogues' own search finds in these files, and nothing of the rest of the house.
    found = {key.id for path in _sources() if path.suffix == ".py" for key in catalogues._calls(ast.parse(path.read_bytes()))}
    assert own == found
    assert {path.name for path in _sources()} >= {"pdf.py", "remarks.py", "report.typ"}


def test_a_font_that_is_missing_is_named_with_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    for package, file in (("no_such_fonts", "a.ttf"), ("manimgx_fonts_cjk", "other.ttc")):
        monkeypatch.setattr(typesetting, "FONTS", {"Noto Sans CJK SC": (package, file)})
        with pytest.raises(
            FontMissing, match=f"Noto Sans CJK SC is not installed: run `pip install {package.replace('_', '-')}`"
        ):
            typesetting.font("Noto Sans CJK SC")
    monkeypatch.undo()
    assert all(typesetting.font(family).is_file() for family in typesetting.FONTS)
