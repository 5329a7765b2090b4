from __future__ import annotations

import csv
import hashlib
import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from wayhome import __version__, kinship
from wayhome.cli.main import run

from .conftest import Process, Wayhome


def _options(base: Path, *more: object) -> list[object]:
    return ["find", "--children", base / "children.csv", "--families", base, "--population", "china", *more]


def _truth(base: Path) -> dict[str, str]:
    with (base / "truth.csv").open(encoding="utf-8", newline="") as stream:
        return {row["child"]: row["family"] for row in csv.DictReader(stream)}


@pytest.fixture(scope="module")
def answer(base: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Every pair of child and family, as JSON."""
    path = tmp_path_factory.mktemp("answer") / "answer.json"
    with path.open("w", encoding="utf-8") as stream, pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdout", stream)
        assert run([str(one) for one in _options(base, "--json", "--min-lr", 0, "--top", 99)]) == 0
    text = path.read_text("utf-8")
    assert text.count("\n") == 1
    found: dict[str, Any] = json.loads(text)
    return found


def test_the_shape_of_the_answer(answer: dict[str, Any], base: Path) -> None:
    assert list(answer) == ["children", "families", "notes", "provenance"]
    assert [child["child"] for child in answer["children"]] == list(_truth(base))
    assert answer["families"] == 12
    for child in answer["children"]:
        assert len(child["families"]) == 12
        for family in child["families"]:
            assert set(family) >= {"family", "log10_lr", "loci", "mismatches"}
            assert sum(family["loci"].values()) == pytest.approx(family["log10_lr"])
            assert family["mismatches"] == len(family["mismatch_loci"])
        ranked = [family["log10_lr"] for family in child["families"]]
        assert ranked == sorted(ranked, reverse=True)


def test_children_find_their_parents_first(answer: dict[str, Any], base: Path) -> None:
    truth = _truth(base)
    first = {child["child"]: child["families"][0]["family"] for child in answer["children"]}
    own = {child: family for child, family in truth.items() if family}
    assert len(own) == 12
    assert {child: first[child] for child in own} == own


def test_a_ratio_is_that_of_the_library(answer: dict[str, Any], base: Path) -> None:
    """The search answers what `likelihood_ratio` computes of the whole pedigree."""
    model = kinship.PopulationModel(kinship.population("china"))
    profiles = {child.sample: child for child in kinship.read_profiles(base / "children.csv").profiles}
    families = {family.id: family for family in kinship.read_any_families(base).families}
    child = answer["children"][0]
    for told in child["families"][:2]:
        family = families[told["family"]]
        h1 = family.pedigree
        everybody = {**family.profiles, family.missing: profiles[child["child"]]}
        ratio = kinship.likelihood_ratio(
            h1, h1.with_unrelated(family.missing), everybody, model, loci=list(told["loci"]), convention="pruned"
        )
        assert told["log10_lr"] == pytest.approx(ratio.log10_lr, abs=1e-9)
        assert told["loci"] == pytest.approx(ratio.loci, abs=1e-9)


def test_provenance_says_what_made_the_numbers(answer: dict[str, Any], base: Path) -> None:
    provenance = answer["provenance"]
    assert provenance["version"] == __version__
    parameters = provenance["parameters"]
    (population,) = parameters["populations"]
    assert population["population"] == "china"
    assert population["frequency_digest"] == kinship.population("china").digest
    assert population["theta"] == 0
    assert population["mutation"]["model"] == "stepwise"
    assert parameters["convention"] == "pruned"
    assert set(parameters["loci"]) == set(answer["children"][0]["loci"])
    files = [base / name for name in ("children.csv", "pedigrees.csv", "profiles.csv")]
    assert provenance["inputs"] == {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
    assert len(provenance["digest"]) == 64


def test_every_assumption_reaches_the_model(wayhome: Wayhome, base: Path) -> None:
    options = ["--theta", "0.02", "--mutation", "equal", "--mutation-rate-female", "0.001", "--mutation-rate-male", "0.003"]
    options += ["--silent", "0.01", "--minimum-count", "3", "--loci", "VWA, th01", "--json"]
    ended = wayhome(*_options(base, *options))
    assert ended.code == 0, ended.err
    parameters = json.loads(ended.out)["provenance"]["parameters"]
    (population,) = parameters["populations"]
    assert (population["theta"], population["silent"], population["minimum_frequency"]) == (0.02, 0.01, "3/2N")
    assert population["mutation"] == {"model": "equal", "female": {"rate": 0.001}, "male": {"rate": 0.003}}
    assert parameters["loci"] == ["vWA", "TH01"]
    ended = wayhome(*_options(base, "--mutation-range", "0.2", "--mutation-rate2", "0.00001", "--loci", "TH01", "--json"))
    mutation = json.loads(ended.out)["provenance"]["parameters"]["populations"][0]["mutation"]
    assert mutation == {
        "model": "stepwise",
        "female": {"rate": 0.0005, "range": 0.2, "rate2": 1e-5},
        "male": {"rate": 0.002, "range": 0.2, "rate2": 1e-5},
    }


def test_what_cannot_be_is_text(wayhome: Wayhome, base: Path) -> None:
    ended = wayhome(*_options(base, "--mutation", "none", "--min-lr", 0, "--top", 99, "--json"))
    children = json.loads(ended.out)["children"]
    impossible = [family for child in children for family in child["families"] if family["log10_lr"] == "-inf"]
    assert impossible
    assert all("-inf" in family["loci"].values() and family["mismatches"] for family in impossible)


def test_the_least_of_several_populations_counts(wayhome: Wayhome, base: Path, tmp_path: Path) -> None:
    own = tmp_path / "own.csv"
    kinship.write_frequency_table(own, kinship.population("nist-caucasian"))
    ended = wayhome(*_options(base, "--population", "nist-asian", "--population", own, "--top", 3, "--json"))
    assert ended.code == 0, ended.err
    answer = json.loads(ended.out)
    told = [family for child in answer["children"] for family in child["families"]]
    assert told
    for family in told:
        assert set(family["populations"]) == {"china", "nist-asian", "own"}
        assert family["log10_lr"] == min(family["populations"].values())
    assert answer["provenance"]["inputs"][str(own)] == hashlib.sha256(own.read_bytes()).hexdigest()
    shown = wayhome(*_options(base, "--population", "nist-asian", "--top", 1)).out
    assert "china, nist-asian, the least LR counts" in shown
    assert "nist-asian: " in shown


def test_top_and_min_lr_bound_the_list(wayhome: Wayhome, base: Path) -> None:
    some = json.loads(wayhome(*_options(base, "--min-lr", 0, "--top", 2, "--json")).out)["children"]
    assert {len(child["families"]) for child in some} == {2}
    sure = json.loads(wayhome(*_options(base, "--min-lr", "1e5", "--json")).out)["children"]
    assert all(family["log10_lr"] >= 5 for child in sure for family in child["families"])
    assert {child["child"] for child in sure if not child["families"]} >= {c for c, family in _truth(base).items() if not family}


def test_profiles_of_relatives_may_lie_elsewhere(wayhome: Wayhome, base: Path, tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_bytes((base / "pedigrees.csv").read_bytes())
    (tmp_path / "q.csv").write_bytes((base / "profiles.csv").read_bytes())
    options = ["find", "--children", base / "children.csv", "--families", tmp_path / "p.csv", "--population", "china"]
    wayhome(*options).refused("p.csv", "table of profiles")
    ended = wayhome(*options, "--family-profiles", tmp_path / "q.csv", "--json")
    assert ended.code == 0
    assert str(tmp_path / "q.csv") in json.loads(ended.out)["provenance"]["inputs"]


def test_another_encoding(wayhome: Wayhome, base: Path, tmp_path: Path) -> None:
    for name in ("children.csv", "pedigrees.csv", "profiles.csv"):
        text = (base / name).read_text("utf-8").replace("F01,", "寻亲,")
        (tmp_path / name).write_text(text, encoding="gb18030")
    wayhome(*_options(tmp_path)).refused("pedigrees.csv", "is not utf-8 text")
    ended = wayhome(*_options(tmp_path, "--encoding", "gb18030", "--top", 1))
    assert ended.code == 0, ended.err
    assert "寻亲" in ended.out


def test_what_a_person_reads(wayhome: Wayhome, base: Path) -> None:
    ended = wayhome(*_options(base))
    assert (ended.code, ended.err) == (0, "")
    truth = _truth(base)
    assert "14 children, 12 families, 12 loci, searched in" in ended.out
    for child, family in truth.items():
        if family:
            assert any(line.split()[:2] == [child, family] for line in ended.out.splitlines())
    nobody = [line for line in ended.out.splitlines() if line.startswith("No family reaches an LR of 100")]
    assert all(child in nobody[0] for child, family in truth.items() if not family)
    words = " ".join(ended.out.split())
    assert "It is not the probability that the child is theirs" in words
    assert "168 pairs of child and family were compared" in words
    assert "an LR of 100,000 or more" in words


def test_no_line_is_wider_than_the_terminal(wayhome: Wayhome, base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for columns in (80, 120):
        monkeypatch.setenv("COLUMNS", str(columns))
        lines = wayhome(*_options(base, "--min-lr", 0)).out.splitlines()
        assert max(map(len, lines)) <= columns


def test_the_sex_is_remarked(wayhome: Wayhome, base: Path, tmp_path: Path) -> None:
    for name in ("children.csv", "profiles.csv"):
        (tmp_path / name).write_bytes((base / name).read_bytes())
    rows = (base / "pedigrees.csv").read_text("utf-8").replace(",F,1", ",m,1").replace(",M,1", ",F,1").replace(",m,1", ",M,1")
    (tmp_path / "pedigrees.csv").write_text(rows, "utf-8")
    ended = wayhome(*_options(tmp_path))
    assert "Notes" in ended.out
    assert "the rescued child's profile is" in " ".join(ended.out.split())


def test_the_list_as_a_table(wayhome: Wayhome, base: Path, tmp_path: Path) -> None:
    out = tmp_path / "list.csv"
    ended = wayhome(*_options(base, "--population", "nist-asian", "--csv", out, "--top", 2))
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith(f"{out}: ")
    answer = json.loads(wayhome(*_options(base, "--population", "nist-asian", "--top", 2, "--json")).out)
    with out.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    told = [(child, k, family) for child in answer["children"] for k, family in enumerate(child["families"], 1)]
    assert len(rows) == len(told)
    for row, (child, rank, family) in zip(rows, told, strict=True):
        assert (row["child"], row["rank"], row["family"]) == (child["child"], str(rank), family["family"])
        assert float(row["log10_lr"]) == family["log10_lr"]
        assert float(row["log10_lr nist-asian"]) == family["populations"]["nist-asian"]
        assert int(row["mismatches"]) == family["mismatches"]
        assert {locus: float(row[locus]) for locus in family["loci"]} == family["loci"]
    assert json.loads((tmp_path / "list.provenance.json").read_text("utf-8")) == answer["provenance"]
    assert len(list(tmp_path.iterdir())) == 2


def test_a_table_is_not_overwritten_unasked(wayhome: Wayhome, base: Path, tmp_path: Path) -> None:
    out = tmp_path / "list.csv"
    out.write_text("mine", "utf-8")
    wayhome(*_options(base, "--csv", out)).refused("list.csv", "exists already", "--force")
    assert out.read_text("utf-8") == "mine"
    assert wayhome(*_options(base, "--csv", out, "--force")).code == 0
    assert out.read_text("utf-8").startswith("child,rank,family,log10_lr,mismatches,")


def test_nothing_is_written_after_an_error(wayhome: Wayhome, base: Path, tmp_path: Path) -> None:
    wayhome(*_options(base, "--csv", tmp_path / "list.csv", "--loci", "TH01", "--silent", "2")).refused()
    assert list(tmp_path.iterdir()) == []
    wayhome(*_options(base, "--csv", tmp_path / "no" / "list.csv")).refused("Make the folder")


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--population", "nowhere"), "no population is called"),
        (("--population", "china"), "told twice"),
        (("--theta", "1"), "theta"),
        (("--theta", "nan"), "theta"),
        (("--min-lr", "nan"), "--min-lr"),
        (("--min-lr", "-1"), "--min-lr"),
        (("--top", "0"), "--top"),
        (("--loci", ","), "no locus is named"),
        (("--loci", "TH01,DXS10103"), "no frequencies for DXS10103"),
        (("--loci", "TH01,THO1"), "named twice"),
        (("--silent", "nan"), "--silent"),
        (("--minimum-count", "nan"), "--minimum-count"),
        (("--minimum-count", "1e6"), "--minimum-count"),
        (("--mutation", "often"), "--mutation"),
        (("--mutation-rate-male", "2"), "mutation rate 2.0"),
        (("--mutation-range", "nan"), "range"),
        (("--encoding", "nothing"), "nothing"),
        (("--family-profiles", "nowhere.csv"), "nowhere.csv"),
    ],
)
def test_a_choice_that_cannot_be_is_refused(wayhome: Wayhome, base: Path, options: tuple[str, ...], told: str) -> None:
    wayhome(*_options(base, *options, "--json")).refused(told)


def test_files_of_another_kind_are_refused(wayhome: Wayhome, base: Path) -> None:
    children, pedigrees = base / "children.csv", base / "pedigrees.csv"
    wayhome("find", "--children", pedigrees, "--families", base, "--population", "china").refused("a table of pedigrees")
    wayhome("find", "--children", children, "--families", children, "--population", "china").refused("a table of profiles")
    wayhome("find", "--children", children, "--families", base, "--population", children).refused("holds no allele frequencies")


def test_too_complex_is_told_apart(wayhome: Wayhome, base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> None:
        raise kinship.TooComplex("too much", "Leave out relatives", operations=1e12)

    monkeypatch.setattr(kinship, "find", refused)
    ended = wayhome(*_options(base, "--json"))
    assert (ended.code, ended.out, ended.err) == (3, "", "wayhome: error: too much. Leave out relatives.\n")


def test_a_terminal_sees_progress(process: Process, base: Path) -> None:
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    ended = process(*_options(base), capture_output=False, stdout=subprocess.PIPE, stderr=theirs)
    os.close(theirs)
    shown = b""
    while piece := _read(ours):
        shown += piece
    os.close(ours)
    assert ended.returncode == 0
    assert b"families searched" in shown
    assert "searched in" in ended.stdout
    assert "\x1b" not in ended.stdout


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # the other end is closed
        return b""
