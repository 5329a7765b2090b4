"""Every code with which the casework can refuse has a sentence, and every sentence is in every language."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from factories import catalogues
from wayhome.casework.core.guards import registry
from wayhome.casework.custody import rules
from wayhome.web import messages, words

CASEWORK = Path(messages.__file__).parents[1] / "casework"
RAISES = {"Refused", "NotAllowed", "Invalid", "Require"}


def said_by_actions() -> set[str]:
    """Codes that stand as literals where the casework refuses: in `Refused`, `NotAllowed`, `Invalid`, `Checks.must`."""
    found: set[str] = set()
    for path in CASEWORK.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name == "must":
                found |= {one.value for one in node.args[2:] if isinstance(one, ast.Constant)}
            elif name in ("Refused", "NotAllowed") and node.args:
                first = node.args[0]
                items = first.elts if isinstance(first, ast.List) else [first]
                found |= {one.value for one in items if isinstance(one, ast.Constant)}
            elif name == "Invalid" and node.args and isinstance(node.args[0], ast.Dict):
                found |= {one.value for one in node.args[0].values if isinstance(one, ast.Constant)}
    return {one for one in found if isinstance(one, str)}


def said_by_rules() -> set[str]:
    """Codes of `custody.rules.refusals`: the first part of each pair."""
    tree = ast.parse(Path(rules.__file__).read_text("utf-8"))
    function = next(one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef) and one.name == "refusals")
    pairs = [one.elts[0] for one in ast.walk(function) if isinstance(one, ast.Tuple) and len(one.elts) == 2]
    return {one.value for one in pairs if isinstance(one, ast.Constant) and isinstance(one.value, str)}


def test_every_code_has_a_sentence() -> None:
    said_by_guards = {require.code for guard in registry.ordered() for require in guard.requires}
    actions = said_by_actions()
    assert {"excluded", "not_cleared", "one_signatory"} <= said_by_rules() & said_by_guards
    assert {"step_up", "required", "check_digit"} <= actions
    assert (said_by_guards | actions | said_by_rules()) - messages.known() == set()


def test_a_code_that_nobody_knows_still_says_what_to_do() -> None:
    told = messages.sentence("invented_yesterday")
    assert (told.code, str(told.what)) == ("invented_yesterday", "The house refused this.")


@pytest.mark.parametrize("language", catalogues.LANGUAGES)
def test_a_catalogue_is_complete(language: str) -> None:
    catalogue = catalogues.read(language)
    wanted = catalogues.messages()
    assert len(wanted) > 700
    assert wanted - set(catalogue.said) == set(), "run `just messages`"
    assert set(catalogue.said) - wanted == set(), "run `just messages`"
    assert {key.id for key, said in catalogue.said.items() if not said} == set()
    assert catalogue.fuzzy == set()


@pytest.mark.parametrize("language", catalogues.LANGUAGES)
def test_a_translation_keeps_its_blanks_to_fill(language: str) -> None:
    import re

    holes = re.compile(r"%\(\w+\)[sd]")
    for key, said in catalogues.read(language).said.items():
        assert sorted(holes.findall(said)) == sorted(holes.findall(key.id)), key.id


@pytest.mark.parametrize("language", catalogues.LANGUAGES)
def test_the_compiled_catalogue_is_the_one_that_is_read(language: str) -> None:
    import gettext

    path = catalogues.path_of(language, "mo")
    assert path.read_bytes() == catalogues.compiled(language), "run `just messages`"
    with path.open("rb") as file:
        translations = gettext.GNUTranslations(file)
    assert translations.gettext("Hand over") == catalogues.read(language).said[catalogues.Key("Hand over")] != "Hand over"
    counted = catalogues.read(language).said[catalogues.Key("%(count)d hour", "%(count)d hours")]
    assert translations.ngettext("%(count)d hour", "%(count)d hours", 3) == counted


def test_every_place_and_kind_of_mark_has_a_word_and_a_shape() -> None:
    from wayhome import kinship
    from wayhome.web import bodymap

    assert set(words.WORDS["place"]) == set(kinship.body_places())
    assert set(words.WORDS["mark"]) == set(kinship.mark_kinds())
    assert {shape.place for shape in bodymap.front() + bodymap.back()} == set(kinship.body_places())
