from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wayhome.kinship.errors import FormatError, InputError, PedigreeError
from wayhome.kinship.formats.family_drafts import FamilyFile
from wayhome.kinship.formats.ped import is_ped, read_ped, write_ped
from wayhome.kinship.genetics.profiles import Profile
from wayhome.kinship.pedigrees.family import Family
from wayhome.kinship.pedigrees.pedigree import Member, Pedigree, Sex

DAT = "A missing_child\nM TH01\nM vWA\n"
PED = "F1 1 0 0 1 1 6 9.3 15 18\nF1 2 0 0 2 1 7 7 0 0\nF1 3 1 2 0 2 0 0 0 0\n"


def write(folder: Path, ped: str = PED, dat: str | None = DAT) -> Path:
    path = folder / "cases.ped"
    path.write_text(ped, "utf-8")
    if dat is not None:
        path.with_suffix(".dat").write_text(dat, "utf-8")
    return path


def read(folder: Path, ped: str = PED, dat: str | None = DAT, **options: str) -> FamilyFile:
    return read_ped(write(folder, ped, dat), **options)


def test_a_pedigree_with_its_dat(tmp_path: Path) -> None:
    found = read(tmp_path)
    assert found.format == "linkage-ped"
    assert found.families == (
        Family(
            Pedigree((Member("1", sex="M"), Member("2", sex="F"), Member("3", "1", "2", "U")), "3", "F1"),
            {"1": Profile("F1/1", {"TH01": ("6", "9.3"), "vWA": ("15", "18")}), "2": Profile("F1/2", {"TH01": ("7",)})},
        ),
    )
    digests = {
        str(tmp_path / name): hashlib.sha256((tmp_path / name).read_bytes()).hexdigest() for name in ("cases.ped", "cases.dat")
    }
    assert found.sha256 == digests


def test_the_example_has_nobody_missing(shared_formats: Path) -> None:
    with pytest.raises(PedigreeError, match="no member with parents is untyped") as caught:
        read_ped(shared_formats / "linkage_example.ped")
    assert (caught.value.line, caught.value.field, caught.value.data["family"]) == (1, "missing", "FAM1")


def test_the_example_without_the_childs_alleles(shared_formats: Path, tmp_path: Path) -> None:
    for ending in (".dat", ".map"):
        (tmp_path / f"x{ending}").write_bytes((shared_formats / f"linkage_example{ending}").read_bytes())
    text = (shared_formats / "linkage_example.ped").read_text()
    (tmp_path / "x.ped").write_text(text.replace("15\t18\t16\t17\t9\t10", "0\t0\t0\t0\t0\t0"))
    found = read_ped(tmp_path / "x.ped")
    assert found.notes == ()
    assert found.families[0].missing == "3"
    assert found.families[0].profiles["2"].genotypes == {"D3S1358": ("15",), "vWA": ("14", "17"), "D16S539": ("10", "11")}


@pytest.mark.parametrize(
    ("dat", "columns"),
    [
        ("M TH01\nM vWA\n", "6 9.3 15 18"),
        ("M TH01\nM vWA\n", "6/9.3 15/18"),
        ("A status\nT height\nM TH01\nC age\nM vWA\nZ twin\n", "1 1.87 6 9.3 40 15 18 0"),
        ("S2 skipped\nM TH01\nS\nM vWA\n", "a b 6 9.3 c 15/18"),
        ("# by hand\n\nm TH01\nM  vWA   more words\nE\nrubbish\n", "6 9.3 15 18"),
    ],
)
def test_the_columns_are_those_of_the_dat(tmp_path: Path, dat: str, columns: str) -> None:
    empty = " ".join("0" if "/" not in word else "0/0" for word in columns.split())
    dat = dat.replace("   more words", "")
    found = read(tmp_path, f"F1 d 0 0 m {columns}\nF1 c d 0 x {empty}\nend\nnot read\n", dat)
    (family,) = found.families
    assert family.profiles["d"].genotypes == {"TH01": ("6", "9.3"), "vWA": ("15", "18")}
    assert family.pedigree["d"].sex == "M"
    assert family.missing == "c"


@pytest.mark.parametrize("untyped", ["0 0", "x x", ". .", "NA NA", "0/0", "- -", "N/N"])
def test_what_stands_for_untyped(tmp_path: Path, untyped: str) -> None:
    found = read(tmp_path, f"F1 d 0 0 1 6 7\nF1 c d 0 0 {untyped}\n", "M TH01\n")
    assert list(found.families[0].profiles) == ["d"]


def test_sex_chromosomes(tmp_path: Path) -> None:
    dat = "M AMEL\nM DYS391\nM DXS7132\n"
    (family,) = read(tmp_path, "F1 d 0 0 1 X Y 10 0 14 14\nF1 c d 0 0 0 0 0 0 0 0\n", dat).families
    assert family.profiles["d"].genotypes == {"AMEL": ("X", "Y"), "DYS391": ("10",), "DXS7132": ("14",)}


def test_who_is_missing(tmp_path: Path) -> None:
    dat = "M TH01\n"
    siblings = "F1 d 0 0 1 6 7\nF1 a d 0 1 0 0\nF1 b d 0 2 0 0\n"
    path = write(tmp_path, siblings + siblings.replace("F1", "F2"), dat)
    assert [family.missing for family in read_ped(path, missing="b").families] == ["b", "b"]
    assert [family.missing for family in read_ped(path, missing={"F1": "a", "F2": "b"}).families] == ["a", "b"]
    with pytest.raises(PedigreeError, match="F2: a, b are all untyped") as caught:
        read_ped(path, missing={"F1": "a"})
    assert (caught.value.line, caught.value.field) == (4, "missing")
    with pytest.raises(InputError, match="there is no family F3"):
        read_ped(path, missing={"F3": "a"})
    with pytest.raises(InputError, match="F1 has no member z") as unknown:
        read_ped(path, missing="z")
    assert unknown.value.data["family"] == "F1"
    # What the caller says goes before affection, affection before being untyped.
    affected = write(tmp_path, "F1 d 0 0 1 1 6 7\nF1 a d 0 1 1 0 0\nF1 b d 0 2 2 0 0\n", "A status\nM TH01\n")
    assert read_ped(affected).families[0].missing == "b"
    assert read_ped(affected, missing="a").families[0].missing == "a"


def test_a_founder_added_and_twins_are_noted(tmp_path: Path) -> None:
    found = read(tmp_path, "F1 c d 0 0 0 0 0\nF1 s d 0 1 MZ 6 7\n", "Z twin\nM TH01\n")
    assert found.families[0].pedigree["d"] == Member("d", sex="M")
    assert found.notes == (
        "1 members have a twin status, which is not used",
        "named as a parent without a row, and added as a founder: d of F1",
    )


def test_a_map_that_lacks_a_marker_is_noted(tmp_path: Path) -> None:
    path = write(tmp_path)
    path.with_suffix(".map").write_text("CHROMOSOME MARKER POSITION\n11 TH01 2.1\n")
    found = read_ped(path)
    assert found.notes == ("cases.map does not list vWA",)
    assert str(path.with_suffix(".map")) in found.sha256


@pytest.mark.parametrize(
    ("ped", "line", "field", "problem"),
    [
        ("", None, None, "holds nobody"),
        ("F1 1 0 0\n", 1, "sex", "fewer than five columns"),
        ("F1 1 0 0 boy 1 6 7 15 16\n", 1, "sex", '"boy" is no sex'),
        ("F1 1 0 0 1\n", 1, "missing_child", "ends before missing_child"),
        (PED + "F1 4 0 0 1 1 6 7 15\n", 4, "vWA", "ends before vWA"),
        (PED + "F1 4 0 0 1 1 6 7 15 16 17\n", 4, "17", "1 more than the .dat lists"),
        (PED + "F1 4 0 0 1 1 6 seven 15 16\n", 4, "TH01", "not an allele"),
        (PED + "F1 4 0 0 1 1 6 0 15 16\n", 4, "TH01", "half a genotype"),
        (PED + "F1 4 0 0 1 1 6/7/8 15 16\n", 4, "TH01", "half a genotype"),
        (PED + "F1 0 0 0 1 1 6 7 15 16\n", 4, "member", "without a member"),
        (PED + "F1 1 0 0 1 1 6 7 15 16\n", 4, "member", "1 is told twice"),
        (PED + "F1 4 0 0 1 2 6 7 15 16\n", 4, "missing", "3 and 4 are both marked"),
        ("F1 1 0 0 1 2 6 7 15 16\n", 1, "id", "the missing member 1 has a profile"),
        ("F1 1 2 0 1 2 0 0 0 0\nF1 2 0 0 2 1 6 7 15 16\n", 2, "member", "recorded as female"),
    ],
)
def test_errors_in_the_ped_name_the_place(tmp_path: Path, ped: str, line: int | None, field: str | None, problem: str) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, ped)
    error = caught.value
    assert problem in error.problem
    assert (error.file, error.line, error.field) == (str(tmp_path / "cases.ped"), line, field)
    if line is not None and field != "sex":
        assert error.data["family"] == "F1"


@pytest.mark.parametrize(
    ("dat", "line", "problem"),
    [
        ("", None, "lists no marker"),
        ("A status\n", None, "lists no marker"),
        ("M TH01\nM TH01\n", None, "the marker TH01 comes twice"),
        ("M TH01\n3 4 5\n", 2, '"3 4 5" describes no column'),
        ("M\n", 1, '"M" describes no column'),
        ("S0 x\nM TH01\n", 1, "describes no column"),
        ("S99999 x\nM TH01\n", 1, "describes no column"),
        ("S999 x\n" * 200, 101, "more than 100,000 columns"),
    ],
)
def test_errors_in_the_dat_name_the_place(tmp_path: Path, dat: str, line: int | None, problem: str) -> None:
    with pytest.raises(FormatError) as caught:
        read(tmp_path, PED, dat)
    assert problem in caught.value.problem
    assert (caught.value.file, caught.value.line) == (str(tmp_path / "cases.dat"), line)


def test_without_a_dat_nothing_can_be_told(tmp_path: Path) -> None:
    path = write(tmp_path, dat=None)
    with pytest.raises(FormatError, match=r"has no cases\.dat beside it") as caught:
        read_ped(path)
    assert caught.value.file == str(path)
    (tmp_path / "other.dat").write_text(DAT)
    assert read_ped(path, tmp_path / "other.dat").families[0].missing == "3"


def test_what_begins_like_a_pedigree() -> None:
    assert is_ped(PED)
    assert is_ped("\n# comment\nF1\t1\t0\t0\t2\t6/7\n")
    assert not is_ped("family,member,father,mother,sex,missing\n")
    assert not is_ped("Sample File\tSample Name\tPanel\tMarker\tDye\n")
    assert not is_ped("")


# -- writing

IDS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Z"]), min_size=1, max_size=6).filter(
    lambda text: text.split() == [text] and text != "0" and not text.startswith(("#", "\ufeff"))
)
PAIRS = st.sampled_from([("6", "9.3"), ("15",), ("9", "17.2")])
CALLED: dict[str, st.SearchStrategy[tuple[str, ...]]] = {
    "TH01": PAIRS,
    "Penta D": PAIRS,
    "DXS7132": PAIRS,
    "AMEL": st.sampled_from([("X",), ("X", "Y")]),
    "DYS391": st.sampled_from([("10",), ("11",)]),
}
GENOTYPES = st.fixed_dictionaries({}, optional=CALLED)


@st.composite
def families(draw: st.DrawFn, name: str) -> Family:
    """A child with parents and a half-sibling, each typed or not."""
    ids = draw(st.lists(IDS, min_size=4, max_size=4, unique=True))
    sexes: list[Sex] = ["M", "F", draw(st.sampled_from(["M", "F", "U"])), "U"]
    members = (
        Member(ids[0], sex=sexes[0]),
        Member(ids[1], sex=sexes[1]),
        Member(ids[2], ids[0], ids[1], sexes[2]),
        Member(ids[3], ids[0], None, sexes[3]),
    )
    typed = draw(st.lists(st.sampled_from([ids[0], ids[1], ids[3]]), unique=True))
    profiles = {member: Profile(f"{name}/{member}", draw(GENOTYPES)) for member in typed}
    return Family(Pedigree(members, ids[2], name), {k: v for k, v in profiles.items() if v.genotypes})


FAMILY = Family(
    Pedigree((Member("d", sex="M"), Member("c", "d")), "c", "F1"),
    {"d": Profile("F1/d", {"Penta D": ("2.2", "9"), "TH01": ("9.3",)})},
)


@given(data=st.data(), names=st.lists(IDS.filter("F1".__ne__), max_size=3, unique=True), recode=st.booleans())
def test_what_is_written_is_read_again(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, names: list[str], recode: bool
) -> None:
    told = (FAMILY, *(data.draw(families(name)) for name in names))
    path = tmp_path_factory.getbasetemp() / f"round-{recode}.ped"
    write_ped(path, told, recode=recode)
    assert read_ped(path).families == told


def test_the_written_files(tmp_path: Path) -> None:
    path = tmp_path / "x.ped"
    write_ped(path, [FAMILY])
    assert path.read_text() == "F1\td\t0\t0\t1\t1\t2.2\t9\t9.3\t9.3\nF1\tc\td\t0\t0\t2\t0\t0\t0\t0\n"
    assert path.with_suffix(".dat").read_text() == "A missing_child\nM Penta_D\nM TH01\n"
    assert not path.with_suffix(".alleles.csv").exists()


def test_recoded_alleles_need_their_key(tmp_path: Path) -> None:
    path, key = tmp_path / "x.ped", tmp_path / "x.alleles.csv"
    write_ped(path, [FAMILY], recode=True)
    assert path.read_text().splitlines()[0] == "F1\td\t0\t0\t1\t1\t1\t2\t1\t1"
    assert key.read_text() == "marker,code,allele\nPenta_D,1,2.2\nPenta_D,2,9\nTH01,1,9.3\n"
    assert read_ped(path).families == (FAMILY,)
    with pytest.raises(FormatError, match="key of an earlier export"):
        write_ped(path, [FAMILY])
    key.rename(tmp_path / "kept.csv")
    with pytest.raises(FormatError, match=r"x\.alleles\.csv is not there") as caught:
        read_ped(path)
    assert caught.value.file == str(tmp_path / "x.dat")
    assert read_ped(path, alleles=tmp_path / "kept.csv").families == (FAMILY,)
    (tmp_path / "kept.csv").write_text("marker,code,allele\nTH01,1,9.3\n")
    with pytest.raises(InputError, match="the code 1 of Penta_D is not in the key"):
        read_ped(path, alleles=tmp_path / "kept.csv")
    (tmp_path / "kept.csv").write_text("marker;allele\nTH01;9.3\n")
    with pytest.raises(FormatError, match='no column "code"') as broken:
        read_ped(path, alleles=tmp_path / "kept.csv")
    assert broken.value.file == str(tmp_path / "kept.csv")


@pytest.mark.parametrize("name", ["", "0", "a b", "a\tb", "#a"])
def test_names_that_cannot_stand_in_a_ped_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(PedigreeError, match=r"cannot stand in a \.ped") as caught:
        write_ped(tmp_path / "x.ped", [Family(Pedigree((Member("c"),), "c", name))])
    assert caught.value.file == str(tmp_path / "x.ped")
    assert list(tmp_path.iterdir()) == []


def test_two_families_of_one_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(PedigreeError, match="two families are called F1"):
        write_ped(tmp_path / "x.ped", [FAMILY, FAMILY])


@given(data=st.data())
def test_a_damaged_pedigree_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, spoiled: Callable[[st.DataObject, bytes], bytes], data: st.DataObject
) -> None:
    path = tmp_path_factory.getbasetemp() / "spoiled.ped"
    whole = {".ped": PED.encode(), ".dat": DAT.encode(), ".alleles.csv": b""}
    if data.draw(st.booleans()):
        whole[".alleles.csv"] = b"marker,code,allele\n" + b"".join(
            b"TH01,%b,%b\nvWA,%b,%b\n" % (code, code, code, code) for code in (b"6", b"7", b"9.3", b"15", b"18")
        )
    which = data.draw(st.sampled_from([".ped", ".dat", *([".alleles.csv"] if whole[".alleles.csv"] else [])]))
    whole[which] = spoiled(data, whole[which])
    paths = {ending: path.with_suffix(ending) for ending in whole}
    for ending, content in whole.items():
        paths[ending].unlink(missing_ok=True)
        if content or ending == which:
            paths[ending].write_bytes(content)
    refusal = None
    try:
        read_ped(path)
    except InputError as error:
        refusal = error
    if refusal is not None:
        assert refusal.file in map(str, paths.values())
        assert len(str(refusal)) < 2000
