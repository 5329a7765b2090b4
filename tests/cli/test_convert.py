from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from wayhome import kinship
from wayhome.cli import convert
from wayhome.cli.convert import FORMATS

from .conftest import Ended, Wayhome

CODIS = ("--laboratory", "LAB1", "--destination", "LAB2", "--user", "me", "--category", "Unidentified Person")
GENIS = ("--to", "genis", "--user", "me", "--category", "IR")


def _lost(ended: Ended) -> list[str]:
    """What the command says is lost; it must say so, or that nothing is."""
    assert ended.code == 0, ended.err
    assert ended.err == ""
    lost = [line.removeprefix("  lost: ") for line in ended.out.splitlines() if line.startswith("  lost: ")]
    assert bool(lost) != ("  nothing is lost" in ended.out.splitlines())
    return lost


@pytest.mark.parametrize(
    ("name", "options", "lost"),
    [
        ("again.csv", (), []),
        ("out.txt", (), []),
        ("out.xml", CODIS, []),
        ("out.xml", ("--to", "niem"), []),
        ("out.tsv", GENIS, []),
        ("out.wide", ("--to", "wide"), []),
        (
            "out.fam",
            ("--population", "china"),
            ["loci, with the number of profiles: AMEL (14)", "the name of the kit: 14 profiles"],
        ),
    ],
)
def test_profiles_go_to_every_format_of_profiles(
    wayhome: Wayhome, base: Path, tmp_path: Path, name: str, options: tuple[str, ...], lost: list[str]
) -> None:
    out = tmp_path / name
    assert _lost(wayhome("convert", base / "children.csv", out, *options)) == lost
    before = kinship.read_profiles(base / "children.csv").profiles
    after = kinship.read_profiles(out).profiles
    if not lost:
        assert after == before
    else:
        loci = set(before[0].genotypes) - {"AMEL"}
        assert [dict(p.genotypes) for p in after] == [dict(p.only(loci).genotypes) for p in before]


@pytest.mark.parametrize(
    ("name", "options", "lost"),
    [
        ("folder", (), []),
        ("out.csv", (), []),
        ("out.xml", (), []),
        ("out.ped", (), ["the name of the kit: 24 profiles"]),
        (
            "out.fam",
            ("--population", "china"),
            [
                'members\' names, which are now "family/member": F01, F02, F03, F04, F05, F06, F07, F08 and 4 more',
                "loci, with the number of profiles: AMEL (24)",
                "the name of the kit: 24 profiles",
            ],
        ),
    ],
)
def test_families_go_to_every_format_of_families(
    wayhome: Wayhome, base: Path, tmp_path: Path, name: str, options: tuple[str, ...], lost: list[str]
) -> None:
    out = tmp_path / name
    assert _lost(wayhome("convert", base, out, *options)) == lost
    before, after = kinship.read_any_families(base).families, kinship.read_any_families(out).families
    assert [family.id for family in after] == [family.id for family in before]
    if not lost:
        assert after == before
    for old, new in zip(before, after, strict=True):
        whole = {member: f"{old.id}/{member}" if name == "out.fam" else member for member in old.pedigree.ids}
        assert {*old.pedigree.relabelled(whole)} == {*new.pedigree}
        assert new.missing == whole[old.missing]
        for member, profile in old.profiles.items():
            kept = {k: v for k, v in profile.genotypes.items() if name != "out.fam" or k != "AMEL"}
            assert dict(new.profiles[whole[member]].genotypes) == kept


def test_what_is_not_lost_gives_the_same_search(wayhome: Wayhome, base: Path, tmp_path: Path) -> None:
    """A base through .ped and .fam finds what it found before."""
    wayhome("convert", base, tmp_path / "a.ped")
    wayhome("convert", tmp_path / "a.ped", tmp_path / "b.fam", "--population", "china")
    model = kinship.PopulationModel(kinship.population("china"))
    children = kinship.read_profiles(base / "children.csv").profiles
    found = [
        kinship.find(children, kinship.read_any_families(path).families, [model], top=1)
        for path in (base, tmp_path / "a.ped", tmp_path / "b.fam")
    ]
    first = [[(c.family, c.log10_lr) for child in one.children for c in child.candidates] for one in found]
    assert len(first[0]) >= 12
    assert first[1] == first[2] == first[0]


def test_families_give_their_profiles(wayhome: Wayhome, base: Path, tmp_path: Path) -> None:
    lost = _lost(wayhome("convert", base, tmp_path / "out.txt", "--to", "genemapper"))
    assert lost == ["the pedigrees: F01, F02, F03, F04, F05, F06, F07, F08 and 4 more"]
    assert {profile.sample for profile in kinship.read_profiles(tmp_path / "out.txt").profiles} >= {"F01/father", "F12/mother"}


@pytest.mark.parametrize("name", ["out.csv", "out.xml"])
def test_a_shipped_population_can_be_taken_out(wayhome: Wayhome, tmp_path: Path, name: str) -> None:
    lost = _lost(wayhome("convert", "china", tmp_path / name))
    assert {"the source", "the cautions", "that these loci are doubtful: D22GATA198B05"} <= set(lost)
    before, after = kinship.population("china"), kinship.read_frequencies(tmp_path / name)
    assert after.loci == before.loci


def test_frequencies_go_to_familias_and_back(wayhome: Wayhome, tmp_path: Path) -> None:
    assert any("scaled to sum to one" in line for line in _lost(wayhome("convert", "china", tmp_path / "a.fam")))
    assert _lost(wayhome("convert", tmp_path / "a.fam", tmp_path / "b.csv"))
    a, b = kinship.read_frequencies(tmp_path / "a.fam"), kinship.read_frequencies(tmp_path / "b.csv")
    assert a.loci == b.loci


def test_what_is_set_aside_is_told(wayhome: Wayhome, tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_text(
        "sample,marker,allele1,allele2,allele3,kit,case\n"
        "A,D6S1043,11,12,,GlobalFiler,7\nA,vWA,14,15,16,GlobalFiler,7\nA,TH01,6,,,GlobalFiler,7\n",
        "utf-8",
    )
    assert _lost(wayhome("convert", path, tmp_path / "out.xml", *CODIS)) == [
        "loci, with the number of profiles: D6S1043 (1)",
        "1 quality flag of loci that were set aside",
        "details of samples: case",
    ]
    assert _lost(wayhome("convert", path, tmp_path / "out.txt")) == [
        "1 quality flag of loci that were set aside",
        "details of samples: case",
    ]


def test_what_was_not_read_is_told(wayhome: Wayhome, tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_text("sample,marker,allele1,allele2,height\nA,TH01,6,7,1200\nA,vWA,14,15,800\n", "utf-8")
    ended = wayhome("convert", path, tmp_path / "out.csv")
    assert '  not read: the column "height" varies within a sample and was not read' in ended.out.splitlines()


def test_a_project_tells_what_only_it_holds(wayhome: Wayhome, base: Path, tmp_path: Path) -> None:
    ended = wayhome("convert", base, tmp_path / "a.fam", "--population", "china")
    assert "  added: the frequencies of china" in ended.out
    assert "  added: stepwise mutation, 0.0005 maternal and 0.002 paternal" in ended.out
    lost = _lost(wayhome("convert", tmp_path / "a.fam", tmp_path / "b.csv"))
    assert lost == ["the mutation models, theta and silent alleles of the project", "the allele frequencies"]


def test_details_stay_within_a_format(wayhome: Wayhome, base: Path, tmp_path: Path) -> None:
    wayhome("convert", base / "children.csv", tmp_path / "a.xml", *CODIS)
    ended = wayhome("convert", tmp_path / "a.xml", tmp_path / "b.xml", "--destination", "LAB3", "--user", "you")
    assert _lost(ended) == []
    assert kinship.read_profiles(tmp_path / "b.xml").details == kinship.read_profiles(tmp_path / "a.xml").details
    wayhome("convert", base / "children.csv", tmp_path / "a.tsv", *GENIS)
    assert _lost(wayhome("convert", tmp_path / "a.tsv", tmp_path / "b.tsv", "--to", "genis")) == []


@pytest.mark.parametrize(
    ("source", "name", "options", "told"),
    [
        ("children.csv", "out.xml", (), "--laboratory, --destination, --user, --category"),
        ("children.csv", "out.tsv", ("--to", "genis"), "--user, --category"),
        ("children.csv", "out.fam", (), "--population"),
        ("children.csv", "out.ped", (), "does not say the format for profiles"),
        ("children.csv", "out.foo", (), "--to"),
        ("children.csv", "out", (), "a folder does not say the format"),
        ("children.csv", "out.csv", ("--to", "paper"), 'no format is called "paper"'),
        ("children.csv", "out.csv", ("--to", "ped"), "is made of families"),
        ("", "out.xml", ("--to", "strider"), "is made of frequencies"),
        ("truth.csv", "out.csv", (), "of no known format"),
        ("none.csv", "out.csv", (), "does not exist"),
        ("children.csv", "no/out.csv", (), "Make the folder first"),
        ("children.csv", "out.csv", ("--encoding", "utf-16"), "children.csv"),
    ],
)
def test_what_cannot_be_converted_is_refused(
    wayhome: Wayhome, base: Path, tmp_path: Path, source: str, name: str, options: tuple[str, ...], told: str
) -> None:
    wayhome("convert", base / source, tmp_path / name, *options).refused(told)
    assert list(tmp_path.iterdir()) == []


def test_what_is_there_is_kept_unless_forced(wayhome: Wayhome, base: Path, tmp_path: Path) -> None:
    (tmp_path / "out.dat").write_text("mine", "utf-8")
    wayhome("convert", base, tmp_path / "out.ped").refused("out.dat", "exists already")
    assert [path.name for path in tmp_path.iterdir()] == ["out.dat"]
    assert wayhome("convert", base, tmp_path / "out.ped", "--force").code == 0
    shutil.copytree(base, tmp_path / "folder")
    wayhome("convert", base, tmp_path / "folder").refused("exists already")
    assert wayhome("convert", tmp_path / "out.ped", tmp_path / "folder", "--force").code == 0
    assert (tmp_path / "folder" / "truth.csv").exists()


def test_what_cannot_be_read_again_is_not_left(
    wayhome: Wayhome, base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = FORMATS["table"]
    monkeypatch.setitem(convert.FORMATS, "table", type(broken)(broken.title, broken.holds, _write_nonsense))
    wayhome("convert", base / "children.csv", tmp_path / "out.csv").refused(str(tmp_path / "out.csv"))
    assert list(tmp_path.iterdir()) == []


def _write_nonsense(path: Path, *_: object) -> tuple[str, ...]:
    path.write_text("nonsense", "utf-8")
    return ()
