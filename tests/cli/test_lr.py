from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest

from .conftest import Wayhome, case

TOLERANCE = 1e-9
LOOSE = {"snp_panels": 1e-8, "big_pedigrees": 1e-8, "x_chromosomal": 1e-8}
GROUPS = (
    *("avuncular", "big_pedigrees", "duo", "full_siblings", "grandparents", "half_siblings", "inbred_loops"),
    *("incompatible_zero_rate", "microvariants_stepwise", "missing_child_family", "mutation_models", "silent_alleles"),
    *("snp_panels", "theta", "trio", "x_chromosomal"),
)


def _written(path: Path, *cases: dict[str, Any]) -> Path:
    path.write_text(json.dumps({"cases": cases} if len(cases) > 1 else cases[0]), "utf-8")
    return path


def _off(got: float | str, want: float | str | None, tolerance: float) -> bool:
    told, value = float(got), float("nan" if want is None else want)
    if not math.isfinite(told) or not math.isfinite(value):
        return str(told) != str(value)
    return abs(told - value) > tolerance * max(1.0, abs(value))


@pytest.mark.parametrize("group", GROUPS)
def test_reference_cases(wayhome: Wayhome, golden: Path, group: str) -> None:
    path = golden / f"{group}.json"
    cases = json.loads(path.read_text("utf-8"))["cases"]
    ended = wayhome("lr", path, "--json")
    assert ended.code == 0, ended.err
    results = {result["id"]: result for result in json.loads(ended.out)["results"]}
    tolerance = LOOSE.get(group, TOLERANCE)
    wrong = []
    for one in cases:
        got, want = results[one["id"]], one["expected"]
        assert got["loglik"].keys() == want["loglik"].keys()
        for hypothesis, loci in want["loglik"].items():
            assert got["loglik"][hypothesis].keys() == loci.keys()
            wrong += [
                f"{one['id']} {hypothesis} {marker}"
                for marker, log in loci.items()
                if _off(got["loglik"][hypothesis][marker], log, tolerance)
            ]
        if _off(got["log10_lr"], want["log10_lr"], 10 * tolerance):
            wrong.append(f"{one['id']} log10_lr")
    assert wrong == []


def test_every_group_of_reference_cases_is_compared(golden: Path) -> None:
    assert {path.stem for path in golden.glob("*.json")} - {"power", "dvi", "published"} == set(GROUPS)


def test_a_case_by_hand(wayhome: Wayhome, tmp_path: Path) -> None:
    """LR = 1 / (4 p) for a mother 6/7 and a child 6/9, p the frequency of what they share."""
    ended = wayhome("lr", _written(tmp_path / "case.json", case()), "--json")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.count("\n") == 1
    answer = json.loads(ended.out)
    assert list(answer) == ["results"]
    (result,) = answer["results"]
    assert list(result) == ["id", "log10_lr", "loglik"]
    assert result["id"] == "duo"
    assert result["log10_lr"] == pytest.approx(math.log10(1 / (4 * 0.2)), abs=1e-14)
    assert result["loglik"]["H2"]["TH01"] == pytest.approx(math.log(2 * 0.2 * 0.3) + math.log(2 * 0.2 * 0.4), abs=1e-14)


def test_a_list_and_an_object_of_cases_are_alike(wayhome: Wayhome, tmp_path: Path) -> None:
    cases = [case(id="a"), case(id="b")]
    (tmp_path / "list.json").write_text(json.dumps(cases), "utf-8")
    whole = wayhome("lr", _written(tmp_path / "object.json", *cases), "--json").out
    assert [result["id"] for result in json.loads(whole)["results"]] == ["a", "b"]
    assert wayhome("lr", tmp_path / "list.json", "--json").out == whole


def _impossible(*, h1: bool, h2: bool) -> dict[str, Any]:
    """A case whose hypotheses forbid the genotypes: the child shares no allele with its mother."""
    made = case(id=f"{h1} {h2}", genotypes={"P": {"TH01": ["7"]}, "C": {"TH01": ["6", "9"]}})
    related, apart = made["hypotheses"]["H1"], made["hypotheses"]["H2"]
    made["hypotheses"] = {"H1": related if h1 else apart, "H2": related if h2 else apart}
    return made


def test_what_cannot_be_is_told_as_text(wayhome: Wayhome, tmp_path: Path) -> None:
    cases = [_impossible(h1=True, h2=False), _impossible(h1=False, h2=True), _impossible(h1=True, h2=True)]
    path = _written(tmp_path / "cases.json", *cases)
    results = json.loads(wayhome("lr", path, "--json").out)["results"]
    assert [result["log10_lr"] for result in results] == ["-inf", "inf", "nan"]
    assert results[0]["loglik"]["H1"]["TH01"] == "-inf"
    told = wayhome("lr", path).out
    assert "H1 is impossible at TH01." in told
    assert "H2 is impossible at TH01." in told
    assert "there is no ratio" in told


def test_other_names_compare_the_first_two(wayhome: Wayhome, tmp_path: Path) -> None:
    first, second = case()["hypotheses"].values()
    path = _written(tmp_path / "case.json", case(hypotheses={"stranger": second, "mother": first, "third": first}))
    (result,) = json.loads(wayhome("lr", path, "--json").out)["results"]
    assert result["log10_lr"] == pytest.approx(-math.log10(1 / (4 * 0.2)))
    assert set(result["loglik"]) == {"stranger", "mother", "third"}
    path = _written(tmp_path / "case.json", case(hypotheses={"H2": second, "H0": first, "H1": first}))
    (result,) = json.loads(wayhome("lr", path, "--json").out)["results"]
    assert result["log10_lr"] == pytest.approx(math.log10(1 / (4 * 0.2)))


def _with_founder() -> dict[str, Any]:
    """An untyped father who is written down passes on frequencies times matrix; taken out, the frequencies themselves."""
    made = case()
    rates = {"rate": 0.1}
    made["markers"][0]["mutation"] = {"model": "equal", "female": rates, "male": rates}
    father = {"id": "F", "father": None, "mother": None, "sex": "M"}
    made["hypotheses"]["H1"] = [father, made["hypotheses"]["H1"][0], made["hypotheses"]["H1"][1] | {"father": "F"}]
    return made


@pytest.mark.parametrize("option", [("--pruned",), ("--convention", "pruned")])
def test_the_convention_can_be_chosen(wayhome: Wayhome, tmp_path: Path, option: tuple[str, ...]) -> None:
    path = _written(tmp_path / "case.json", _with_founder())
    written = wayhome("lr", path, "--json").out
    pruned = wayhome("lr", path, "--json", *option).out
    assert wayhome("lr", path, "--json", "--convention", "as_written").out == written
    logs = [json.loads(out)["results"][0]["loglik"]["H1"]["TH01"] for out in (written, pruned)]
    p = {"6": 0.2, "7": 0.3, "9": 0.4, "9.3": 0.1}
    m = {a: {b: 0.9 if a == b else 0.1 / 3 for b in p} for a in p}
    mother = {b: (m["6"][b] + m["7"][b]) / 2 for b in p}
    moved = {b: sum(p[a] * m[a][b] for a in p) for b in p}
    expected = [math.log(2 * 0.2 * 0.3 * (mother["6"] * of["9"] + mother["9"] * of["6"])) for of in (moved, p)]
    assert logs == pytest.approx(expected, abs=1e-13)
    assert "pruned" in wayhome("lr", path, *option).out


def _too_complex(id_: str) -> dict[str, Any]:
    people = [{"id": f"{role}{i}", "sex": sex} for i in range(6) for role, sex in (("f", "M"), ("m", "F"))]
    people += [{"id": f"c{i}", "father": f"f{i}", "mother": f"m{i}", "sex": "F"} for i in range(6)]
    genotypes = {f"c{i}": {"TH01": ["6", "7"]} for i in range(6)}
    return case(id=id_, theta=0.02, hypotheses={"H1": people, "H2": people}, genotypes=genotypes)


def test_what_is_too_complex_is_refused_and_the_rest_computed(wayhome: Wayhome, tmp_path: Path) -> None:
    ended = wayhome("lr", _written(tmp_path / "one.json", _too_complex("big")), "--json")
    assert (ended.code, ended.out) == (3, "")
    assert ended.err.startswith("wayhome: error: big, H1, TH01: theta with 12 unseen founder alleles")
    assert ended.err.count("\n") == 1
    ended = wayhome("lr", _written(tmp_path / "three.json", _too_complex("x"), case(), _too_complex("y")), "--json")
    assert ended.code == 3
    assert [result["id"] for result in json.loads(ended.out)["results"]] == ["duo"]
    assert "1 more" in ended.err


def test_a_person_reads_a_table_of_each_case_and_one_of_all(wayhome: Wayhome, tmp_path: Path) -> None:
    path = _written(tmp_path / "cases.json", case(id="first [bold]"), case(id="second\x1b[31m"))
    ended = wayhome("lr", path)
    assert (ended.code, ended.err) == (0, "")
    assert "\x1b" not in ended.out
    lines = [" ".join(line.split()) for line in ended.out.splitlines()]
    assert lines[0] == "first [bold]"
    assert "marker ln P(H1) ln P(H2) log10 LR" in lines
    assert lines.count("TH01 -3.7297 -3.9528 0.0969") == 2
    assert lines.count("LR 1.2, H1 over H2.") == 2
    assert "case markers log10 LR LR impossible at" in lines
    assert "first [bold] 1 0.10 1.2" in lines
    alone = wayhome("lr", _written(tmp_path / "case.json", case()))
    assert "impossible at" not in alone.out


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "is not JSON"),
        ("[]", "is empty"),
        ('{"cases": [{}]}', 'cases[0]: has no "id"'),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused(wayhome: Wayhome, tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "case.json"
    path.write_text(text, "utf-8")
    for options in ((), ("--json",)):
        wayhome("lr", path, *options).refused(str(path), told)


def test_a_file_that_is_not_there_is_refused(wayhome: Wayhome, tmp_path: Path) -> None:
    wayhome("lr", tmp_path / "none.json", "--json").refused("does not exist")
    wayhome("lr", tmp_path).refused("is a folder")
