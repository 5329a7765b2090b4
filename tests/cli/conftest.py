"""What the tests of the command share: the command in this process and in one of its own, a small base, a small case."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from factories.house import House, filled_house
from wayhome.cli.main import run

_CODE = "import sys; from wayhome.cli.main import run; sys.argv[0] = 'wayhome'; sys.exit(run())"


@dataclass(frozen=True)
class Ended:
    """How the command ended."""

    code: int
    out: str
    err: str

    def refused(self, *parts: str) -> None:
        """Check that an input was refused: exit 2, nothing on standard output, one line that holds these parts."""
        assert self.code == 2, self.err
        assert self.out == ""
        assert self.err.startswith("wayhome: error: ")
        assert self.err.count("\n") == 1
        assert "Traceback" not in self.err
        for part in parts:
            assert part in self.err


Wayhome = Callable[..., Ended]
Process = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def wayhome(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Wayhome:
    """Runs the command in this process, 100 columns wide."""
    monkeypatch.setenv("COLUMNS", "100")

    def command(*arguments: object) -> Ended:
        capsys.readouterr()
        code = run([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return Ended(code, captured.out, captured.err)

    return command


@pytest.fixture(scope="session")
def process() -> Process:
    """Runs the command in a process of its own."""

    def command(*arguments: object, code: str = _CODE, **options: Any) -> subprocess.CompletedProcess[str]:
        given = {"capture_output": True, "text": True, "check": False, "encoding": "utf-8", "timeout": 120}
        environment = os.environ | {"COLUMNS": "100"}
        return subprocess.run([sys.executable, "-c", code, *map(str, arguments)], env=environment, **given | options)

    return command


LOCI = "D3S1358,vWA,D16S539,CSF1PO,TPOX,D8S1179,D21S11,D18S51,D2S441,D19S433,TH01,FGA"


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve couples, the children of all and two more, at twelve loci of GlobalFiler; a folder as `simulate` makes it."""
    folder = tmp_path_factory.mktemp("base") / "base"
    options = ["--families", "12", "--population", "china", "--seed", "5", "--kit", "GlobalFiler", "--loci", LOCI]
    assert run(["simulate", str(folder), *options, "--shapes", "couple=1", "--unrelated", "2"]) == 0
    return folder


def case(**changes: Any) -> dict[str, Any]:
    """A mother and child against strangers, at one locus: LR = 1 / (4 p) = 1.25."""
    mother = {"id": "P", "father": None, "mother": None, "sex": "F"}
    marker = {
        "name": "TH01",
        "chromosome": "autosomal",
        "alleles": ["6", "7", "9", "9.3"],
        "frequencies": [0.2, 0.3, 0.4, 0.1],
        "mutation": None,
    }
    return {
        "id": "duo",
        "markers": [marker],
        "theta": 0,
        "hypotheses": {
            "H1": [mother, {"id": "C", "father": None, "mother": "P", "sex": "M"}],
            "H2": [mother, {"id": "C", "father": None, "mother": None, "sex": "M"}],
        },
        "genotypes": {"P": {"TH01": ["6", "7"]}, "C": {"TH01": ["6", "9"]}},
    } | changes


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> House:
    """A house with a world in it, to be copied."""
    return filled_house(tmp_path_factory.mktemp("furnished"))


@pytest.fixture
def house(furnished: House, tmp_path: Path) -> House:
    """A house of the test's own, with a world in it."""
    return furnished.copied(tmp_path)
