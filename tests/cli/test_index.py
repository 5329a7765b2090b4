"""`wayhome index`: a base built, changed and searched as its keeper would."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from wayhome.cli.main import run


@pytest.fixture
def simulated(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A folder with 40 families and some of their children."""
    folder = tmp_path / "base"
    words = ["--families", "40", "--population", "china", "--loci", "TH01,FGA,D3S1358,vWA,D16S539,Penta E"]
    assert run(["simulate", str(folder), *words, "--seed", "3", "--found", "0.2"]) == 0
    capsys.readouterr()
    return folder


def _found(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    assert run(["find", *arguments, "--min-lr", "1", "--json"]) == 0
    answer: dict[str, object] = json.loads(capsys.readouterr().out)
    return answer


def _ranked(answer: dict[str, object]) -> list[list[tuple[str, float]]]:
    children: list[dict[str, list[dict[str, object]]]] = answer["children"]  # type: ignore[assignment]
    return [[(str(f["family"]), round(float(str(f["log10_lr"])), 9)) for f in child["families"]] for child in children]


def test_build_find_forget_compact_add(simulated: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    index, children = str(tmp_path / "index"), ["--children", str(simulated / "children.csv")]
    assert run(["index", "build", index, "--families", str(simulated), "--population", "china"]) == 0
    assert "40 families at 6 loci" in capsys.readouterr().out
    exhaustive = _found([*children, "--families", str(simulated), "--population", "china"], capsys)
    answer = _found([*children, "--index", index], capsys)
    assert _ranked(answer) == _ranked(exhaustive)
    assert answer["families"] == 40
    family = next(child["families"][0]["family"] for child in answer["children"] if child["families"])  # type: ignore[attr-defined]
    assert run(["index", "forget", index, family]) == 0
    assert run(["index", "compact", index]) == 0
    assert run(["index", "verify", index]) == 0
    capsys.readouterr()
    without = _found([*children, "--index", index], capsys)
    assert family not in json.dumps(without["children"])
    assert without["provenance"]["digest"] != answer["provenance"]["digest"]  # type: ignore[index]
    assert run(["index", "stats", index, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["families"] == 39
    assert run(["index", "add", index, "--families", str(simulated)]) == 2
    assert "is in the index" in capsys.readouterr().err
    assert run(["index", "add", index, "--families", str(simulated), "--replace"]) == 0
    assert "1 family added, 39 replaced, 40 now" in capsys.readouterr().out
    assert _ranked(_found([*children, "--index", index], capsys)) == _ranked(exhaustive)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["find", "--index", "INDEX", "--families", "BASE", "--children", "CHILDREN"], "--families: does not go with --index"),
        (["find", "--index", "INDEX", "--loci", "TH01", "--children", "CHILDREN"], "--loci: does not go with --index"),
        (["find", "--index", "INDEX", "--population", "nist-asian", "--children", "CHILDREN"], "was built with china"),
        (["find", "--index", "INDEX", "--population", "china", "--theta", "0.01", "--children", "CHILDREN"], "theta 0.01"),
        (["find", "--index", "BASE", "--children", "CHILDREN"], "holds no index"),
        (["find", "--children", "CHILDREN"], "--families: is needed, or --index"),
        (["find", "--families", "BASE", "--children", "CHILDREN"], "--population: is needed, or --index"),
        (["index", "build", "INDEX", "--families", "BASE", "--population", "china"], "is not empty"),
        (["index", "forget", "INDEX", "nobody"], "nobody is not in the index"),
        (["index", "verify", "BASE"], "holds no index"),
    ],
)
def test_mistakes(simulated: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], told: str) -> None:
    places = {"INDEX": str(tmp_path / "index"), "BASE": str(simulated), "CHILDREN": str(simulated / "children.csv")}
    assert run(["index", "build", places["INDEX"], "--families", str(simulated), "--population", "china"]) == 0
    capsys.readouterr()
    assert run([places.get(word, word) for word in arguments]) == 2
    error = capsys.readouterr().err
    assert told in error
    assert error.startswith("wayhome: error: ")
    assert error.count("\n") == 1


def test_verify_tells_a_damaged_file(simulated: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    index = tmp_path / "index"
    assert run(["index", "build", str(index), "--families", str(simulated), "--population", "china"]) == 0
    columns = next(index.glob("shard-*/columns.npy"))
    data = bytearray(columns.read_bytes())
    data[-100] ^= 1
    columns.write_bytes(data)
    assert run(["index", "verify", str(index)]) == 2
    assert "columns.npy is not as it was written" in capsys.readouterr().err
