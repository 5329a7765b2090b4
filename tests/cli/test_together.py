"""`wayhome joint`, `duplicates` and `relatives`: files in; JSON, a table or words out; errors that say how to go on."""

from __future__ import annotations

import csv
import json
import math
import os
import subprocess
from pathlib import Path

import pytest

from wayhome import kinship

from .conftest import Process, Wayhome


@pytest.fixture(scope="module")
def twins(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A couple who lost two brothers, told as two families; another couple; the brothers, one of them twice, and a stranger."""
    import numpy as np

    folder = tmp_path_factory.mktemp("twins")
    model = kinship.PopulationModel(kinship.population("china"))
    rng = np.random.default_rng(8)
    rows: list[tuple[str, str | None, str | None, kinship.Sex]] = [
        ("father", None, None, "M"),
        ("mother", None, None, "F"),
        *((f"brother {i}", "father", "mother", "M") for i in (1, 2)),
    ]
    pedigree = kinship.Pedigree.of([*rows, ("stranger", None, None, "U")])
    loci = kinship.panel("GlobalFiler").autosomal[:15]
    shown: dict[str, dict[str, tuple[str, ...]]] = {member: {} for member in pedigree.ids}
    for name in loci:
        locus = model.locus(name)
        (alleles,) = np.sort(kinship.gene_drop(pedigree, locus, 1, rng), axis=2)
        for member, codes in zip(pedigree.ids, alleles.tolist(), strict=True):
            shown[member][name] = tuple(dict.fromkeys(locus.alleles[a] for a in codes))
    parents = {m: kinship.Profile(m, shown[m], "GlobalFiler") for m in ("father", "mother")}
    families = [
        kinship.Family(kinship.Pedigree.of(rows, f"brother {i}", name), typed)
        for i, name, typed in (
            (1, "F1", parents),
            (2, "F2", parents),
            (1, "F3", {"mother": parents["mother"]}),
        )
    ]
    kinship.write_families(folder / "pedigrees.csv", folder / "profiles.csv", families)
    lost = {**shown["brother 2"], loci[0]: shown["brother 2"][loci[0]][:1]}
    children = {"C1": shown["brother 1"], "C2": shown["brother 2"], "C3": lost, "C4": shown["stranger"]}
    kinship.write_profile_table(folder / "children.csv", [kinship.Profile(c, g, "GlobalFiler") for c, g in children.items()])
    return folder


def _joint(folder: Path, *more: object) -> list[object]:
    return ["joint", "--children", folder / "children.csv", "--families", folder, "--population", "china", *more]


def test_brothers_share_one_family(wayhome: Wayhome, twins: Path) -> None:
    ended = wayhome(*_joint(twins, "--family", "F1", "--family", "F2", "--child", "C1", "--child", "C2", "--json"))
    assert (ended.code, ended.err, ended.out.count("\n")) == (0, "", 1)
    answer = json.loads(ended.out)
    best = answer["assignments"][0]
    assert {pair["child"] for pair in best["pairs"]} == {"C1", "C2"}
    assert {(pair["family"], pair["member"]) for pair in best["pairs"]} == {("F1+F2", "brother 1"), ("F1+F2", "brother 2")}
    assert sum(best["loci"].values()) == pytest.approx(best["log10_lr"])
    assert math.fsum(one["posterior"] for one in answer["assignments"]) == pytest.approx(1)
    assert answer["interchangeable"] == [[{"family": "F1+F2", "member": f"brother {i}"} for i in (1, 2)]]
    assert (answer["possible"], answer["considered"]) == (7, 7)
    for child in answer["children"]:
        assert child["none"] + math.fsum(place["posterior"] for place in child["places"]) == pytest.approx(1)
    parameters = answer["provenance"]["parameters"]
    assert parameters["chosen"] == {"children": ["C1", "C2"], "families": ["F1", "F2"], "top": 10}
    assert parameters["prior_odds"] == 1
    assert set(answer["provenance"]["inputs"]) == {str(twins / f) for f in ("children.csv", "pedigrees.csv", "profiles.csv")}


def test_one_child_and_one_place_is_the_search(wayhome: Wayhome, base: Path) -> None:
    found = json.loads(wayhome("find", *_joint(base, "--json")[1:]).out)
    child, family = next((c["child"], c["families"][0]) for c in found["children"] if c["families"])
    answer = json.loads(wayhome(*_joint(base, "--child", child, "--family", family["family"], "--json")).out)
    ((place,),) = [one["places"] for one in answer["children"]]
    assert place["log10_lr"] == pytest.approx(family["log10_lr"], abs=1e-9)
    assert place["mismatches"] == family["mismatches"]
    assert place["posterior"] == pytest.approx(1 / (1 + 10 ** -place["log10_lr"]), rel=1e-9)


def test_prior_and_least_lr_are_heeded(wayhome: Wayhome, twins: Path) -> None:
    options = ("--child", "C1", "--family", "F3", "--loci", "D3S1358,vWA", "--json")
    place = json.loads(wayhome(*_joint(twins, *options)).out)["children"][0]["places"][0]
    (told,) = json.loads(wayhome(*_joint(twins, *options, "--prior-odds", "0.25")).out)["children"]
    odds = 10 ** place["log10_lr"] / 4
    assert 0.01 < odds < 100
    assert told["places"][0]["posterior"] == pytest.approx(odds / (1 + odds), rel=1e-9)
    strict = json.loads(wayhome(*_joint(twins, *options, "--min-lr", "1e30")).out)
    assert strict["assignments"][0]["pairs"] == []
    assert strict["possible"] == 1


def test_what_a_person_reads_of_a_joint_answer(wayhome: Wayhome, twins: Path) -> None:
    ended = wayhome(*_joint(twins))
    assert (ended.code, ended.err) == (0, "")
    words = " ".join(ended.out.split())
    assert "4 children, 3 missing members of 2 families" in words
    assert "F1+F2 and F3 may be one family reported twice" in words
    assert "no DNA tells these apart" in words
    assert "C4 none of these 1 - " in words
    assert "C2 and C3 differ at" in words
    assert "A posterior speaks of these children and these families only" in words
    assert max(map(len, ended.out.splitlines())) <= 100


def test_the_joint_answer_as_a_table(wayhome: Wayhome, twins: Path, tmp_path: Path) -> None:
    out = tmp_path / "joint.csv"
    options = ("--family", "F1", "--family", "F2")
    ended = wayhome(*_joint(twins, *options, "--csv", out))
    assert (ended.code, ended.err) == (0, "")
    answer = json.loads(wayhome(*_joint(twins, *options, "--json")).out)
    with out.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    told = [
        (child["child"], place["family"], place["member"], str(place["posterior"]))
        for child in answer["children"]
        for place in [*child["places"], {"family": "", "member": "", "posterior": child["none"]}]
    ]
    assert [(row["child"], row["family"], row["member"], row["posterior"]) for row in rows] == told
    assert json.loads((tmp_path / "joint.provenance.json").read_text("utf-8")) == answer["provenance"]
    wayhome(*_joint(twins, "--csv", out)).refused("joint.csv", "exists already", "--force")


def test_duplicates_of_children(wayhome: Wayhome, twins: Path, tmp_path: Path) -> None:
    out = tmp_path / "twice.csv"
    ended = wayhome("duplicates", twins / "children.csv", "--json", "--csv", out)
    answer = json.loads(ended.out)
    (pair,) = answer["pairs"]
    assert (pair["first"], pair["second"], pair["loci"], pair["differing"], len(pair["dropped"])) == ("C2", "C3", 15, [], 1)
    assert (answer["people"], answer["families"]) == (4, [])
    assert answer["provenance"]["parameters"] == {"most_differing": 1, "most_dropped": 2, "least_loci": 10}
    assert out.read_text("utf-8").splitlines()[1] == f"C2,C3,15,,{pair['dropped'][0]}"
    shown = " ".join(wayhome("duplicates", twins / "children.csv").out.split())
    assert "4 profiles, 6 pairs compared: 1 pair alike." in shown
    assert "or identical twins" in shown
    assert (
        json.loads(wayhome("duplicates", twins / "children.csv", "--dropped", 0, "--differing", 0, "--json").out)["pairs"] == []
    )
    assert json.loads(wayhome("duplicates", twins / "children.csv", "--least-loci", 16, "--json").out)["pairs"] == []


def test_duplicates_of_relatives(wayhome: Wayhome, twins: Path) -> None:
    """F1 and F2 are one family that misses two; F3 is a report of it by somebody else, with the mother."""
    answer = json.loads(wayhome("duplicates", twins, "--json").out)
    assert [(pair["first"], pair["second"]) for pair in answer["pairs"]] == [("F1+F2/mother", "F3/mother")]
    assert answer["families"] == [{"first": "F1+F2", "second": "F3", "people": 1}]


def test_siblings_sold_apart(wayhome: Wayhome, twins: Path, tmp_path: Path) -> None:
    options = ("relatives", twins / "children.csv", "--population", "china")
    answer = json.loads(wayhome(*options, "--json").out)
    assert answer["min_lr"] == 6
    pairs = {(pair["first"], pair["second"]): pair for pair in answer["pairs"]}
    brothers = pairs["C1", "C2"]
    assert brothers["relationship"] == "full siblings"
    assert set(brothers["log10_lr"]) == {"full siblings", "half siblings", "parent and child"}
    assert not any("C4" in names for names in pairs)
    shown = wayhome(*options).out
    assert any(line.split()[:4] == ["C1", "C2", "full", "siblings"] for line in shown.splitlines())
    out = tmp_path / "kin.csv"
    assert wayhome(*options, "--csv", out, "--min-lr", 1e9).code == 0
    with out.open(encoding="utf-8", newline="") as stream:
        assert all(max(float(row[k]) for k in row if k.startswith("log10_lr")) >= 9 for row in csv.DictReader(stream))
    nobody = wayhome(*options, "--min-lr", 1e80)
    assert "No pair reaches an LR of 10^80." in nobody.out


def test_relatives_of_one_family_are_not_compared(wayhome: Wayhome, base: Path) -> None:
    answer = json.loads(wayhome("relatives", base, "--population", "china", "--min-lr", 1e-3, "--json").out)
    assert answer["people"] == 24
    assert answer["pairs"]
    assert all(pair["first"].split("/")[0] != pair["second"].split("/")[0] for pair in answer["pairs"])


@pytest.mark.parametrize(
    ("command", "options", "told"),
    [
        ("joint", ("--child", "nobody"), ("children.csv", "no child nobody", "--child")),
        ("joint", ("--family", "F9"), ("no family F9", "--family")),
        ("joint", ("--prior-odds", "-1"), ("prior odds",)),
        ("joint", ("--min-lr", "nan"), ("--min-lr",)),
        ("joint", ("--population", "nowhere"), ("no population is called",)),
        ("joint", ("--loci", "DXS10103"), ("no frequencies for DXS10103",)),
        ("relatives", ("--min-lr", "0"), ("--min-lr",)),
        ("relatives", ("--theta", "1"), ("theta",)),
        ("duplicates", ("--differing", "-1"), ("--differing",)),
        ("duplicates", ("--least-loci", "0"), ("--least-loci",)),
        ("duplicates", ("--family-profiles", "nowhere.csv"), ("needs no table of profiles",)),
    ],
)
def test_what_cannot_be_is_refused(
    wayhome: Wayhome, twins: Path, command: str, options: tuple[str, ...], told: tuple[str, ...]
) -> None:
    start = {
        "joint": _joint(twins),
        "relatives": ["relatives", twins / "children.csv", "--population", "china"],
        "duplicates": ["duplicates", twins / "children.csv"],
    }[command]
    wayhome(*start, *options, "--json").refused(*told)


def test_files_of_another_kind_are_refused(wayhome: Wayhome, twins: Path) -> None:
    wayhome("duplicates", twins / "nowhere.csv").refused("nowhere.csv")
    wayhome("relatives", twins / "children.csv", "--population", twins / "children.csv").refused("holds no allele frequencies")
    pedigrees = twins / "pedigrees.csv"
    wayhome("joint", "--children", pedigrees, "--families", twins, "--population", "china").refused("a table of pedigrees")


def test_relatives_of_one_name_are_refused(wayhome: Wayhome, tmp_path: Path) -> None:
    rows = ["A/B,C,,,F,", "A/B,lost,,C,U,1", "A,B/C,,,F,", "A,lost,,B/C,U,1"]
    (tmp_path / "pedigrees.csv").write_text("\n".join(["family,member,father,mother,sex,missing", *rows]), "utf-8")
    rows = ["A/B,C,TH01,6,7", "A,B/C,TH01,9,9"]
    (tmp_path / "profiles.csv").write_text("\n".join(["family,member,marker,allele1,allele2", *rows]), "utf-8")
    wayhome("duplicates", tmp_path).refused("both called")


def test_too_many_ways_are_told_apart(wayhome: Wayhome, twins: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wayhome.kinship.search.joint_posterior.MOST_TRANSITIONS", 1)
    ended = wayhome(*_joint(twins, "--json"))
    assert (ended.code, ended.out) == (3, "")
    assert ended.err.startswith("wayhome: error: the children compete for so many families")


def test_a_terminal_sees_families_being_computed(process: Process, twins: Path) -> None:
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    ended = process(*_joint(twins), capture_output=False, stdout=subprocess.PIPE, stderr=theirs)
    os.close(theirs)
    shown = b""
    try:
        while piece := os.read(ours, 4096):
            shown += piece
    except OSError:  # the other end is closed
        pass
    os.close(ours)
    assert ended.returncode == 0
    assert b"families computed" in shown
    assert "\x1b" not in ended.stdout
