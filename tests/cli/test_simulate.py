from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from wayhome import kinship
from wayhome.cli import simulate
from wayhome.cli.simulate import FILES

from .conftest import Ended, Wayhome

OPTIONS = ("--families", 6, "--population", "china", "--seed", 3)


def _simulate(wayhome: Wayhome, out: Path, *more: object) -> Ended:
    return wayhome("simulate", out, *OPTIONS, *more)


def test_a_base_that_the_search_reads(wayhome: Wayhome, tmp_path: Path) -> None:
    out = tmp_path / "base"
    ended = _simulate(wayhome, out, "--kit", "globalfiler", "--unrelated", 2, "--typed", 0.9)
    assert (ended.code, ended.err) == (0, "")
    assert sorted(path.name for path in out.iterdir()) == sorted(FILES)
    assert [path.name for path in tmp_path.iterdir()] == ["base"]
    families = kinship.read_any_families(out).families
    children = kinship.read_profiles(out / "children.csv").profiles
    with (out / "truth.csv").open(encoding="utf-8", newline="") as stream:
        truth = {row["child"]: row["family"] for row in csv.DictReader(stream)}
    assert list(truth) == [child.sample for child in children]
    assert {family for family in truth.values() if family} == {family.id for family in families}
    assert sum(not family for family in truth.values()) == 2
    assert {child.kit for child in children} == {"GlobalFiler"}
    assert {profile.kit for family in families for profile in family.profiles.values()} == {"GlobalFiler"}
    typed = [len(profile.genotypes) for family in families for profile in family.profiles.values()]
    assert 15 < sum(typed) / len(typed) < 20.5  # 20 loci and AMEL, one in ten left out
    assert "SE33" in ended.out  # which the table does not hold


def test_equal_seeds_make_equal_bases(wayhome: Wayhome, tmp_path: Path) -> None:
    for name, seed in (("a", 3), ("b", 3), ("c", 4)):
        assert _simulate(wayhome, tmp_path / name, "--loci", "TH01,vWA", "--seed", seed).code == 0
    a, b, c = ({path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} for name in "abc")
    assert a == b
    assert a["profiles.csv"] != c["profiles.csv"]


def test_its_provenance(wayhome: Wayhome, tmp_path: Path) -> None:
    options = ["--loci", "TH01", "--shapes", "mother=2, couple = 1", "--theta", 0.01, "--mutation", "none", "--found", 0.5]
    assert _simulate(wayhome, tmp_path / "base", *options).code == 0
    parameters = json.loads((tmp_path / "base" / "provenance.json").read_text("utf-8"))["parameters"]
    assert parameters["population"]["theta"] == 0.01
    assert parameters["population"]["mutation"] == {"model": "none"}
    told = {name: parameters[name] for name in ("seed", "families", "loci", "shapes", "found", "typed", "unrelated", "kit")}
    assert told == {
        "seed": 3,
        "families": 6,
        "loci": ["TH01"],
        "shapes": {"mother": 2.0, "couple": 1.0},
        "found": 0.5,
        "typed": 1.0,
        "unrelated": 0,
        "kit": None,
    }


def test_the_search_that_is_proposed_works(wayhome: Wayhome, tmp_path: Path) -> None:
    import shlex

    ended = _simulate(wayhome, tmp_path / "a base", "--loci", "TH01,vWA,FGA")
    command = shlex.split(ended.out.splitlines()[-1].partition(": ")[2])
    assert command[:2] == ["wayhome", "find"]
    assert wayhome(*command[1:], "--min-lr", 0).code == 0


def test_what_is_there_is_kept_unless_forced(wayhome: Wayhome, tmp_path: Path) -> None:
    out = tmp_path / "base"
    out.mkdir()
    (out / "notes.txt").write_text("mine", "utf-8")
    (out / "truth.csv").write_text("mine", "utf-8")
    _simulate(wayhome, out, "--loci", "TH01").refused("truth.csv", "exists already", "--force")
    assert sorted(path.name for path in out.iterdir()) == ["notes.txt", "truth.csv"]
    assert (out / "truth.csv").read_text("utf-8") == "mine"
    assert _simulate(wayhome, out, "--loci", "TH01", "--force").code == 0
    assert (out / "truth.csv").read_text("utf-8").startswith("child,family\n")
    assert (out / "notes.txt").read_text("utf-8") == "mine"


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ((), "neither a kit nor loci"),
        (("--kit", "nokit"), "no kit is called"),
        (("--kit", "Yfiler Plus"), "no autosomal locus"),
        (("--loci", "DYS391"), "no frequencies for DYS391"),
        (("--loci", "D6S474"), "different kits"),
        (("--loci", "TH01", "--shapes", "couple"), '"couple" is no kind of family with its weight'),
        (("--loci", "TH01", "--shapes", "couple=inf"), "--shapes"),
        (("--loci", "TH01", "--shapes", "couple=1,couple=2"), "told twice"),
        (("--loci", "TH01", "--shapes", "clan=1"), "clan"),
        (("--loci", "TH01", "--shapes", "couple=-1"), "negative"),
        (("--loci", "TH01", "--shapes", "couple=0"), "weights are zero"),
        (("--loci", "TH01", "--typed", "1.1"), "typed"),
        (("--loci", "TH01", "--found", "nan"), "found"),
        (("--loci", "TH01", "--families", "0"), "--families"),
        (("--loci", "TH01", "--unrelated", "-1"), "--unrelated"),
        (("--loci", "TH01", "--seed", "-1"), "--seed"),
        (("--loci", "TH01", "--theta", "1"), "theta"),
        (("--loci", "TH01", "--population", "nowhere"), "nowhere"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(wayhome: Wayhome, tmp_path: Path, options: tuple[str, ...], told: str) -> None:
    _simulate(wayhome, tmp_path / "base", *options).refused(told)
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_is_refused(wayhome: Wayhome, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine", "utf-8")
    _simulate(wayhome, tmp_path / "file", "--loci", "TH01").refused("is no folder")
    _simulate(wayhome, tmp_path / "no" / "base", "--loci", "TH01").refused("Make the folder first")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_nothing_is_left_where_writing_fails(wayhome: Wayhome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> None:
        raise kinship.FormatError("cannot be written: No space left on device", "Make room")

    monkeypatch.setattr(simulate.kinship, "write_profile_table", fails)
    _simulate(wayhome, tmp_path / "base", "--loci", "TH01").refused("No space left")
    assert list(tmp_path.iterdir()) == []
