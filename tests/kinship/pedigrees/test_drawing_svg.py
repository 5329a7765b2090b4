"""The SVG of a pedigree: well-formed whatever the names, the standard symbols, links, and nothing a strict policy forbids."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import defusedxml.ElementTree
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.strategies import families_of_any_shape

from wayhome import kinship
from wayhome.kinship import InputError, Pedigree, UnknownName, pedigree_svg

SVG = "{http://www.w3.org/2000/svg}"
FAMILIES = families_of_any_shape(most=9, sexes_known=False)


def _root(text: str) -> Any:
    return defusedxml.ElementTree.fromstring(text)


def _members(root: Any) -> dict[str, Any]:
    """Accessible name -> group, of members drawn once."""
    groups = [group for group in root.iter(f"{SVG}g") if group.get("class") == "member"]
    return {next(group.iter(f"{SVG}title")).text: group for group in groups}


def _legend(root: Any) -> list[str]:
    return [group.findall(f"{SVG}text")[-1].text for group in root.iter(f"{SVG}g") if group.get("class") == "legend"]


@given(FAMILIES, st.data())
def test_any_pedigree_with_any_text_is_well_formed(family: Pedigree, data: st.DataObject) -> None:
    some = st.sets(st.sampled_from(family.ids))
    labels = data.draw(st.dictionaries(st.sampled_from(family.ids), st.lists(st.text(), max_size=4)))
    title, words = data.draw(st.text()), data.draw(st.text(max_size=30))
    told = Pedigree(family.members, data.draw(st.sampled_from([None, *family.ids])), data.draw(st.text()))
    arguments: dict[str, Any] = {
        "labels": labels,
        "typed": data.draw(some),
        "deceased": data.draw(some),
        "marked": data.draw(some),
        "title": title,
        "description": title,
        "links": dict.fromkeys(data.draw(some), "/a?b&c=\"'<"),
        "legend": {"missing": words},
    }
    text = pedigree_svg(told, **arguments)
    root = _root(text)
    assert len([g for g in root.iter(f"{SVG}g") if g.get("class") == "member"]) >= len(family)
    assert text == pedigree_svg(told, **arguments)


def test_the_bytes_do_not_hang_on_the_process() -> None:
    code = "from wayhome import kinship as k; print(k.pedigree_svg(k.double_first_cousins(), typed={'uncle', 'aunt'}), end='')"
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": seed}
        )
        assert done.stdout == pedigree_svg(kinship.double_first_cousins(), typed=("aunt", "uncle"))


def test_the_symbols() -> None:
    root = _root(pedigree_svg(kinship.trio(), typed=["mother"], deceased=["father"], marked=["mother"]))
    members = _members(root)
    assert members["father"].find(f"{SVG}rect") is not None
    assert members["mother"].find(f"{SVG}circle") is not None
    assert members["father"].find(f"{SVG}path").get("d") == "M-22 22L22-22"
    assert len(members["mother"].findall(f"{SVG}circle")) == 2
    assert "?" in [text.text for text in members["child"].iter(f"{SVG}text")]
    assert members["child"].find(f"{SVG}path").get("stroke-width") == "4"
    assert [text.text for text in members["father"].iter(f"{SVG}text")] == ["father"]
    assert _legend(root) == ["looked for", "DNA profile known", "pointed out", "deceased"]


def test_related_partners_have_two_lines() -> None:
    root = _root(pedigree_svg(kinship.first_cousin_marriage()))
    paths = [path.get("d") for path in root.iter(f"{SVG}path") if path.get("class") == "partners"]
    assert [path.count("M") for path in paths].count(2) == 1
    assert "partners are related" in _legend(root)


def test_the_same_person_twice_is_dashed_and_told() -> None:
    rows = [("f", None, None, "M"), ("m", None, None, "F"), ("d", "f", "m", "F"), ("c", "f", "d", "U")]
    root = _root(pedigree_svg(Pedigree.of(rows)))  # type: ignore[arg-type]
    assert [path.get("stroke-dasharray") for path in root.iter(f"{SVG}path") if path.get("class") == "tie"]
    assert _legend(root) == ["partners are related", "the same person twice"]


def test_links_are_reached_by_keyboard_under_the_members_name() -> None:
    root = _root(
        pedigree_svg(kinship.trio(), labels={"mother": ["Trần <Ánh>", "sinh 1983"]}, links={"mother": "/people/3?a=1&b=2"})
    )
    (link,) = root.iter(f"{SVG}a")
    assert link.get("href") == "/people/3?a=1&b=2"
    assert link.get("aria-label") == "Trần <Ánh>, sinh 1983"
    assert link.find(f"{SVG}circle") is not None
    assert root.get("role") == "group"
    assert _root(pedigree_svg(kinship.trio())).get("role") == "img"


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", " JavaScript:x", "data:text/html,x", "java\nscript:x", "\x01javascript:x"]
)
def test_a_link_that_could_run_is_refused(address: str) -> None:
    with pytest.raises(InputError, match="scheme"):
        pedigree_svg(kinship.trio(), links={"mother": address})


@pytest.mark.parametrize("address", ["https://example.org/a", "/a:b", "a/b", "#x", "?q=a:b"])
def test_links_that_are_taken(address: str) -> None:
    assert f'href="{address}"' in pedigree_svg(kinship.trio(), links={"mother": address})


@pytest.mark.parametrize("argument", ["labels", "typed", "deceased", "marked", "links"])
def test_a_member_there_is_not(argument: str) -> None:
    with pytest.raises(UnknownName, match="no member nobody"):
        pedigree_svg(kinship.trio(), **{argument: {"nobody": "x"}})  # type: ignore[arg-type]


def test_a_word_of_the_legend_there_is_not() -> None:
    with pytest.raises(UnknownName, match='no entry "dead"'):
        pedigree_svg(kinship.trio(), legend={"dead": "x"})


def test_the_legend_in_another_language_or_not_at_all() -> None:
    root = _root(pedigree_svg(kinship.trio(), typed=["father"], legend={"missing": "寻找的孩子", "typed": ""}))
    assert _legend(root) == ["寻找的孩子"]


def test_what_a_screen_reader_is_told() -> None:
    text = pedigree_svg(kinship.trio(sex="F"), typed=["mother"], prefix="p3")
    root = _root(text)
    title, description = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert (root.get("aria-labelledby"), root.get("aria-describedby")) == (title.get("id"), description.get("id"))
    assert title.get("id").startswith("p3-")
    assert title.text == "Pedigree of trio"
    assert "mother: female, typed." in description.text
    assert "child: female, looked for, child of father and mother." in description.text


def test_a_strict_policy_lets_it_through() -> None:
    text = pedigree_svg(kinship.three_generations(), typed=["mother"], links={"mother": "/x"})
    assert not any(word in text for word in ("<style", "style=", "<script", "url(", "xlink", "onclick", "<image", "<use"))
    assert "http" not in text.replace("http://www.w3.org/2000/svg", "")


def test_colours_are_those_of_the_text_around() -> None:
    root = _root(pedigree_svg(kinship.first_cousin_marriage(), typed=["mother"]))
    used = {element.get(key) for element in root.iter() for key in ("fill", "stroke") if element.get(key)}
    assert used == {"none", "currentColor"}
