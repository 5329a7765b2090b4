"""`wayhome power`: what it computes, tells, draws and refuses."""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path

import pytest
from tests.cli.conftest import Wayhome

from wayhome import kinship


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A couple and a mother, typed at a kit."""
    model = kinship.PopulationModel(kinship.population("china"))
    loci = kinship.panel("Identifiler").autosomal
    families = []
    for seed, shape in enumerate(("couple", "mother")):
        (family,) = kinship.simulate_base(1, model, loci=loci, seed=seed, shapes={shape: 1}).families
        named = kinship.Pedigree(family.pedigree.members, family.pedigree.missing, shape)
        families.append(kinship.Family(named, family.profiles))
    folder = tmp_path / "base"
    folder.mkdir()
    kinship.write_families(folder / "pedigrees.csv", folder / "profiles.csv", families)
    return folder


def test_json_has_the_numbers_of_the_library(wayhome: Wayhome, base: Path) -> None:
    ended = wayhome("power", "--families", base, "--population", "china", "--base", 1_000_000, "--children", 2, "--json")
    assert ended.code == 0, ended.err
    told = json.loads(ended.out)
    gates = kinship.Gates(1_000_000, 2)
    assert told["gates"]["lead_log10_lr"] == gates.lead
    model = kinship.PopulationModel(kinship.population("china"))
    families = {family.id: family for family in kinship.read_families(base).families}
    for one in told["families"]:
        power = kinship.family_power(families[one["family"]], model)
        assert one["loci"] == list(power.loci)
        assert one["quantiles"]["0.5"][0] == power.lr.median
        (lead,) = [row for row in one["thresholds"] if row["log10_lr"] == gates.lead]
        assert lead["adventitious"] == list(power.adventitious(gates.lead, 1_000_000, 2))
        assert one["next_steps"] is None
    couple, mother = told["families"]
    assert [remark["code"] for remark in mother["report_barred"]] == ["one_side", "one_side_few_loci"]
    assert [remark["code"] for remark in couple["report_barred"]] == ["few_loci"]
    assert told["provenance"]["parameters"]["gates"] == told["gates"]


def test_a_person_reads_what_to_do(wayhome: Wayhome, base: Path) -> None:
    ended = wayhome("power", "--families", base, "--population", "china", "--base", 1000, "--family", "mother")
    assert ended.code == 0, ended.err
    for part in ("lead from log10 LR 5.00", "15 loci are too few", "What to do next for mother", "type father", "couple"):
        assert (part in ended.out) == (part != "couple"), part


def test_without_a_number_the_base_is_the_file(wayhome: Wayhome, base: Path) -> None:
    ended = wayhome("power", "--families", base, "--population", "china", "--no-advise", "--json")
    assert json.loads(ended.out)["gates"]["families"] == 2


def test_a_picture_of_one_family(wayhome: Wayhome, base: Path, tmp_path: Path) -> None:
    picture = tmp_path / "power.svg"
    command = ("power", "--families", base, "--population", "china", "--family", "couple", "--no-advise", "--plot", picture)
    assert wayhome(*command).code == 0
    assert picture.read_text("utf-8").startswith("<svg")
    wayhome(*command).refused("exists already", "--force")
    assert wayhome(*command, "--force").code == 0
    several = tmp_path / "several.svg"
    wayhome("power", "--families", base, "--population", "china", "--plot", several).refused("one family, not 2")
    assert not several.exists()


def test_a_picture_as_png(wayhome: Wayhome, base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    picture = tmp_path / "power.png"
    command = ("power", "--families", base, "--population", "china", "--family", "couple", "--no-advise", "--plot")
    assert wayhome(*command, picture).code == 0
    head = picture.read_bytes()[:24]
    assert head.startswith(b"\x89PNG")
    assert int.from_bytes(head[16:20], "big") == 2 * 760
    wayhome(*command, tmp_path / "power.jpg").refused("--plot", ".svg or .png")
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    wayhome(*command, tmp_path / "other.png").refused("resvg-py", "wayhome[png]")
    assert not (tmp_path / "other.png").exists()


def test_advice_rests_on_the_loci_named(wayhome: Wayhome, base: Path) -> None:
    command = ("power", "--families", base, "--population", "china", "--family", "mother", "--base", 1000, "--json")
    few, all_ = (json.loads(wayhome(*command, *more).out)["families"][0] for more in (("--loci", "TH01,FGA,vWA"), ()))
    typed = [next(s for s in one["next_steps"]["steps"] if s["act"]["data"].get("member") == "father") for one in (few, all_)]
    assert typed[0]["median_log10_lr"] < typed[1]["median_log10_lr"] / 2


def test_the_page_runs(wayhome: Wayhome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "weigh-a-family.md"
    commands = [line for line in page.read_text("utf-8").splitlines() if line.startswith("wayhome ")]
    assert len(commands) == 3
    monkeypatch.chdir(tmp_path)
    for line in commands:
        ended = wayhome(*shlex.split(line)[1:])
        assert ended.code == 0, ended.err
    assert "What to do next for F1" in ended.out
    assert Path("F1.svg").exists()


def test_what_cannot_be_is_refused(wayhome: Wayhome, base: Path) -> None:
    command = ("power", "--families", base, "--population", "china")
    wayhome(*command, "--family", "F9").refused("holds no family F9", "--family")
    wayhome(*command, "--in-base", 0).refused("in_base")
    wayhome(*command, "--loci", "SE33").refused("SE33")
