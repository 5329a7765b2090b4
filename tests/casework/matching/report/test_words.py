"""Whatever the library can remark has words in every language, and the words keep its data."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils.translation import override
from tests.casework.matching.report.builders import LANGUAGES, assessed

import wayhome.kinship
from factories import catalogues
from wayhome import kinship
from wayhome.casework.matching.report import kin, remarks, words
from wayhome.casework.matching.report.numbers import Numbers
from wayhome.kinship.decision.remarks import _SENTENCES

LIBRARY = Path(wayhome.kinship.__file__).parent
REPORT = Path(remarks.__file__).parent


def _emitted() -> set[str]:
    """Codes that the library's source makes remarks of."""
    found = set()
    for path in LIBRARY.rglob("*.py"):
        found |= set(re.findall(r'Remark\(\s*"(\w+)"', path.read_text("utf-8")))
    return found


def _finding_codes() -> set[str]:
    found = set()
    for path in (LIBRARY / "evidence").glob("*.py"):
        text = path.read_text("utf-8")
        found |= set(re.findall(r'Finding\(\s*"?\w+"?,\s*[\w.()/\[\] ]+,\s*"(\w+)"', text))
        found |= set(re.findall(r'"(sex_\w+s|blood_group_\w+)" (?:if|else)', text))
        found |= set(re.findall(r'else "(sex_\w+|blood_group_\w+)"', text))
    return found


def test_every_remark_of_the_library_has_words() -> None:
    assert len(_emitted()) > 30
    assert _emitted() <= set(_SENTENCES)
    assert set(remarks.SENTENCES) == set(_SENTENCES)


def test_every_finding_of_the_library_has_words() -> None:
    codes = _finding_codes()
    assert {"age_compared", "marks_compared", "belongings_compared", "place_compared", "missing", "sex_differs"} <= codes
    assert codes | {f"names_{grade}" for grade in ("same", "near", "different")} <= set(words.FINDINGS)


def test_every_caution_and_title_of_a_shipped_table_has_words() -> None:
    for name in kinship.population_names():
        assert set(kinship.population(name).cautions) <= set(remarks.CAUTIONS)
        assert kinship.population_title(name) in remarks.TITLES


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_words_use_data_that_there_is() -> None:
    for code, sentence in remarks.SENTENCES.items():
        # What the library's own sentence tells, ours may tell, and nothing else.
        assert _fields(str(sentence)) <= _fields(_SENTENCES[code]), code


def _own() -> Iterator[catalogues.Key]:
    import ast

    for path in REPORT.glob("*.py"):
        yield from catalogues._calls(ast.parse(path.read_text("utf-8")))


@pytest.mark.parametrize("language", ["zh_Hans", "vi"])
def test_every_text_of_the_report_is_translated_with_all_its_data(language: str) -> None:
    catalogue = catalogues.read(language)
    keys = set(_own())
    assert len(keys) > 250
    for key in keys:
        said = catalogue.said[key]
        assert said, key
        assert key not in catalogue.fuzzy
        assert _fields(said) == _fields(key.id), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_remark_can_be_said(language: str) -> None:
    speaker = remarks.Speaker(Numbers(language), lambda member: f"<{member}>")
    samples = {
        "text": "97 people only: the minimum frequency is 0.026.", "model": "stepwise, 0.0005 maternal and 0.002 paternal",
        "relation": "the father's mother", "system": "Y", "parent": "father", "recombination": "unknown", "member": "aunt",
        "log10_lr": -1.5, "threshold": 8.25, "posterior": 0.75, "least": 0.9999, "pairs": 3_000_000, "theta": 0.01,
    }  # fmt: skip
    said = {}
    with override(language):
        for code, sentence in _SENTENCES.items():
            data = {name: samples.get(name, 7) for name in _fields(sentence)}
            said[code] = speaker.say(kinship.Remark(code, data))
            assert "{" not in said[code]
    assert len(set(said.values())) == len(said) - 1 + (said["note"] != said["caution"])
    if language != "en":
        with override("en"):
            speaker = remarks.Speaker(Numbers("en"), lambda member: f"<{member}>")
            for code, sentence in _SENTENCES.items():
                data = {name: samples.get(name, 7) for name in _fields(sentence)}
                if code != "note":
                    assert speaker.say(kinship.Remark(code, data)) != said[code], code


def test_the_librarys_own_words_inside_remarks_are_understood() -> None:
    speaker = remarks.Speaker(Numbers("vi"), str)
    with override("vi"):
        model = kinship.Remark("mutation_model", {"model": "stepwise, 0.0005 maternal and 0.002 paternal"})
        assert speaker.say(model) == (
            "Đột biến: từng bước (theo đoạn lặp nguyên, càng nhiều bước càng hiếm); 0,0005 mỗi giảm phân của mẹ và 0,002 của cha."
        )
        for text in ("none", "custom", "proportional, 0.01 maternal and 0.03 paternal, other models at some loci"):
            assert text not in speaker.mutation(text)
        assert speaker.mutation("a model of tomorrow") == "a model of tomorrow"


def test_every_model_and_relation_of_the_library_has_words() -> None:
    from typing import get_args

    from wayhome.kinship.decision.acts import _ANCESTORS, _named
    from wayhome.kinship.genetics.mutation import Kind

    assert set(remarks.MUTATION_KINDS) == set(get_args(Kind))
    assert {f"the {_named(path)}" for path in _ANCESTORS} | {"a brother or sister"} == set(remarks.RELATIONS)


def test_notes_of_a_search_are_understood() -> None:
    base = kinship.simulate_base(
        1, kinship.PopulationModel(kinship.population("china")), loci=["FGA", "TH01"], seed=1, shapes={"couple": 1}
    )
    family, child = base.families[0], base.children[0]
    other = "F" if child.genetic_sex == "M" else "M"
    rows = [(m.id, m.father, m.mother, other if m.id == family.missing else m.sex) for m in family.pedigree]
    swapped = kinship.Family(kinship.Pedigree.of(rows, family.missing, "F1"), family.profiles)
    made = kinship.assess(child, swapped, [kinship.PopulationModel(kinship.population("china"))], kinship.Gates(10), steps=False)
    notes = [remark for remark in made.assumptions if remark.code == "note"]
    assert notes
    with override("zh-hans"):
        assert all("被解救儿童的分型显示为" in remarks.Speaker(Numbers("zh-hans"), str).say(remark) for remark in notes)


def test_notes_of_next_steps_are_understood() -> None:
    made = assessed("mother", 3, steps=True)
    assert made.next_steps is not None
    noted = [step for step in made.next_steps.steps if step.note]
    assert noted
    with override("vi"):
        speaker = remarks.Speaker(Numbers("vi"), str)
        assert all(speaker.step_note(step).startswith("Giả định") for step in noted)


def test_kinship_is_named_from_the_pedigree() -> None:
    rows: list[kin.Row] = [
        ("gf", None, None, "M"), ("gm", None, None, "F"), ("f", "gf", "gm", "M"), ("m", None, None, "F"), ("u", "gf", "gm", "M"),
        ("x", "u", None, "F"), ("s", "f", "m", "F"), ("st", None, None, "M"), ("h", "st", "m", "M"), ("c", "f", "m", "U"),
        ("ggf", None, None, "M"),
    ]  # fmt: skip
    rows[0] = ("gf", "ggf", None, "M")
    assert kin.kin(rows, "c") == {
        "gf": "fathers_father", "gm": "fathers_mother", "f": "father", "m": "mother", "u": "fathers_brother", "x": "cousin",
        "s": "sister", "st": "not_kin", "h": "half_brother_mother", "c": "child", "ggf": "great_grandfather",
    }  # fmt: skip
    assert set(kin.kin(rows, "c").values()) <= set(kin.WORDS)
