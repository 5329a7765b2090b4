from __future__ import annotations

import csv
import json
import re
from importlib import resources
from pathlib import Path

import pytest

from .conftest import Process, Wayhome

CODE = "import sys; from wayhome.cli.main import run; sys.argv[0] = 'wayhome'; sys.exit(run())"
EXAMPLE = Path(str(resources.files("wayhome.cli").joinpath("example")))


@pytest.fixture(scope="module")
def truth() -> dict[str, str]:
    with (EXAMPLE / "truth.csv").open(encoding="utf-8", newline="") as stream:
        return {row["child"]: row["family"] for row in csv.DictReader(stream)}


def test_the_example_is_what_simulate_makes(wayhome: Wayhome, tmp_path: Path) -> None:
    options = ["--families", 60, "--population", "china", "--kit", "Huaxia Platinum", "--seed", 338]
    ended = wayhome("simulate", tmp_path / "example", *options, "--typed", 0.95, "--found", 0.18, "--unrelated", 1)
    assert ended.code == 0
    for path in sorted(EXAMPLE.glob("*.csv")):
        assert (tmp_path / "example" / path.name).read_bytes() == path.read_bytes(), path.name


@pytest.fixture(scope="module")
def story(process: Process) -> str:
    """What the demo prints, 80 columns wide."""
    done = process("demo", code="import os; os.environ['COLUMNS'] = '80'; " + CODE, timeout=600)
    assert done.returncode == 0, done.stderr
    text: str = done.stdout
    return text


def test_the_rescues_come_first(story: str) -> None:
    words = " ".join(story.partition("Which of these families")[0].split())
    assert "8 infants found in Guangxi and Guangdong, 39 people detained" in words
    assert "81 infants in 14 provinces, 330 people detained. Shanxi found 16, 6 of them in one county; 4 more" in words
    assert "89 children, 89 of them in hospital under observation" in words
    assert "Custody chains with a gap: 0. All 369 suspects are excluded" in words
    assert "verified: nothing was altered" in words


def test_the_story(story: str, truth: dict[str, str]) -> None:
    lines = story.splitlines()
    words = " ".join(story.split())
    assert "Nobody here is real" in words
    assert re.search(r"12 children, 60 families, 23 loci, searched in \d+\.\d s", words)
    assert len(truth) == 12
    alone = [child for child, family in truth.items() if not family]
    assert len(alone) == 1
    for child, family in truth.items():
        if family:
            assert any(line.split()[:2] == [child, family] for line in lines)
    assert "11 of the 11 children whose family is among these find it first" in words
    assert f"{alone[0]} finds nobody: its family is not among these" in words
    assert re.search(r"C\d\d and F\d\d differ at \S+, which only a mutation explains", words)
    assert "only by mutation" in story
    assert "opens an enquiry" in words
    proposed = [line for line in lines if line.startswith("  wayhome ")]
    assert len(proposed) == 3
    assert max(len(line) for line in lines if line not in proposed) <= 80


def test_what_the_demo_proposes_works(wayhome: Wayhome, story: str) -> None:
    (command,) = [line.split()[1:] for line in story.splitlines() if line.startswith("  wayhome find --children")]
    ended = wayhome(*command, "--loci", "TH01", "--json")
    assert ended.code == 0
    populations = json.loads(ended.out)["provenance"]["parameters"]["populations"]
    assert [population["population"] for population in populations] == ["china", "nist-asian"]
