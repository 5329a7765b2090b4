"""What the pages show is what the program does: their examples are read and computed."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import defusedxml.ElementTree
import pytest

from wayhome.kinship.formats.families import read_families
from wayhome.kinship.formats.tables import read_profile_table
from wayhome.kinship.genetics.frequencies import population, population_names, population_title

DOCS = Path(__file__).resolve().parents[2] / "docs"
FORMATS = DOCS / "reference" / "formats.md"
HOW_TO = DOCS / "how-to" / "find-families.md"
POPULATIONS = DOCS / "reference" / "populations.md"

README = DOCS.parent / "README.md"


def _wayhome(*arguments: str) -> str:
    """What the command prints."""
    code = "import sys; from wayhome.cli.main import run; sys.argv[0] = 'wayhome'; sys.exit(run())"
    environment = os.environ | {"COLUMNS": "200", "NO_COLOR": "1", "TERM": "dumb"}
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False, env=environment, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _blocks(page: Path, start: str) -> list[str]:
    """The code blocks of a page that begin so."""
    blocks = re.findall(r"^```\w*\n(.*?)^```", page.read_text("utf-8"), re.M | re.S)
    return [block for block in blocks if block.startswith(start)]


@pytest.mark.parametrize("page", [FORMATS, HOW_TO], ids=lambda page: page.name)
def test_profile_tables_can_be_read(page: Path, tmp_path: Path) -> None:
    blocks = _blocks(page, "sample,")
    assert blocks
    for block in blocks:
        path = tmp_path / "profiles.csv"
        path.write_text(block, "utf-8")
        (profile,) = read_profile_table(path).profiles
        assert profile.sample == "C1"
        assert profile.genotypes["D3S1358"] == ("15", "16")
        assert not profile.flags


@pytest.mark.parametrize("page", [FORMATS, HOW_TO], ids=lambda page: page.name)
def test_families_can_be_read(page: Path, tmp_path: Path) -> None:
    (pedigrees,), (profiles,) = _blocks(page, "family,member,father"), _blocks(page, "family,member,marker")
    (tmp_path / "pedigrees.csv").write_text(pedigrees, "utf-8")
    (tmp_path / "profiles.csv").write_text(profiles, "utf-8")
    (family,) = read_families(tmp_path).families
    assert family.missing == "child"
    assert len(family.pedigree) == 4
    assert len(family.profiles) == 2


def test_a_pedigree_can_be_drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (pedigrees,), (profiles,) = _blocks(HOW_TO, "family,member,father"), _blocks(HOW_TO, "family,member,marker")
    (tmp_path / "families").mkdir()
    (tmp_path / "families" / "pedigrees.csv").write_text(pedigrees, "utf-8")
    (tmp_path / "families" / "profiles.csv").write_text(profiles, "utf-8")
    (example,) = _blocks(DOCS / "how-to" / "draw-a-pedigree.md", "from pathlib")
    monkeypatch.chdir(tmp_path)
    exec(example, {})
    root = defusedxml.ElementTree.parse(tmp_path / "F1.svg").getroot()
    told = {text.text for text in root.iter("{http://www.w3.org/2000/svg}text")}
    assert {"mother", "father", "王建国", "born 2016", "?", "DNA profile known", "deceased"} <= told


def test_the_case_gives_the_result_that_is_shown(tmp_path: Path) -> None:
    case, result, _ = (json.loads(block) for block in _blocks(FORMATS, "{"))
    path = tmp_path / "case.json"
    path.write_text(json.dumps(case), "utf-8")
    (got,), (shown,) = json.loads(_wayhome("lr", str(path), "--json"))["results"], result["results"]
    assert got["id"] == shown["id"]
    assert got["log10_lr"] == pytest.approx(shown["log10_lr"], abs=1e-9)
    assert got["loglik"]["H1"] == pytest.approx(shown["loglik"]["H1"], abs=1e-9)
    assert got["loglik"]["H2"] == pytest.approx(shown["loglik"]["H2"], abs=1e-9)


def test_the_commands_named_in_the_readme_exist() -> None:
    told = set(re.findall(r"`(?:uv run )?wayhome (\w+)", README.read_text("utf-8"))) | {"demo"}
    assert {"lr", "find", "simulate", "convert", "kits", "populations"} <= told
    overview = _wayhome("--help")
    assert {name for name in told if not re.search(rf"\b{name}\b", overview)} == set()


def test_the_options_named_in_the_how_to_exist() -> None:
    told = set(re.findall(r"--[a-z][a-z-]*", HOW_TO.read_text("utf-8"))) - {"--help"}
    assert {"--children", "--families", "--population"} <= told
    commands = ("find", "joint", "duplicates", "relatives")
    known = {option for command in commands for option in re.findall(r"--[a-z][a-z-]*", _wayhome(command, "--help"))}
    assert told - known == set()


@pytest.mark.parametrize("name", population_names())
def test_the_page_on_populations_is_complete(name: str) -> None:
    (row,) = [line for line in POPULATIONS.read_text("utf-8").splitlines() if line.startswith(f"| `{name}` |")]
    _, _, people, loci, least, title, _ = (cell.strip() for cell in row.split("|"))
    table = population(name)
    n = max(table.people.values(), key=lambda n: n or 0)
    assert (f"{n:,}" if n else f"not stated; {table.people_where_not_stated:,} taken") == people
    assert len(table.loci) == int(loci)
    assert min(table.minimum(locus) for locus in table.loci) == pytest.approx(float(least), abs=5e-5)
    assert population_title(name) == title
