from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wayhome.kinship.errors import FormatError, InputError, UnknownName
from wayhome.kinship.formats.familias import write_familias
from wayhome.kinship.formats.readers import FileKind, read_any_families, read_frequencies, read_profiles, recognise
from wayhome.kinship.genetics.frequencies import AlleleFrequencies, population
from wayhome.kinship.genetics.profiles import Profile
from wayhome.kinship.pedigrees.pedigree import Pedigree

LONG = "sample,marker,allele1,allele2\nC1,TH01,6,9.3\n"
PEDIGREES = "family,member,father,mother,sex,missing\nF1,c,d,,U,1\nF1,d,,,M,\n"
PROFILES = "family,member,marker,allele1,allele2\nF1,d,TH01,6,7\n"
EXAMPLES: dict[str, tuple[FileKind | None, str, int]] = {
    "codis_cmf32_example.xml": (FileKind.CODIS, "codis-cmf-3.2", 3),
    "niem51_pedigree_example.xml": (FileKind.NIEM, "niem-biometrics-5.1", 1),
    "familias3_example.fam": (FileKind.FAMILIAS, "familias-3", 3),
    "genemapper_idx_export_example.txt": (FileKind.GENEMAPPER, "genemapper", 3),
    "genis_bulk_example.txt": (FileKind.GENIS, "genis-bulk", 3),
    "euroformix_refs_example.csv": (FileKind.PROFILES, "table-long", 3),
    "linkage_example.ped": (FileKind.PED, "", 0),
    "strider_frequencies_example.xml": (FileKind.STRIDER, "", 0),
    "frequency_fsigen_example.csv": (FileKind.FREQUENCIES, "", 0),
    "genis_frequency_example.csv": (FileKind.FREQUENCIES, "", 0),
    "familias_frequency_example.txt": (FileKind.FREQUENCIES, "", 0),
    "fhir_r4_bundle_example.json": (None, "", 0),
    "ga4gh_pedigree_example.json": (None, "", 0),
    "gedcom551_example.ged": (None, "", 0),
    "linkage_example.dat": (None, "", 0),
    "linkage_example.map": (None, "", 0),
    "FORMATS.md": (None, "", 0),
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_told_by_what_it_holds(shared_formats: Path, tmp_path: Path, name: str) -> None:
    kind, format_name, profiles = EXAMPLES[name]
    path = tmp_path / "a file without an ending"
    path.write_bytes((shared_formats / name).read_bytes())
    if kind is None:
        with pytest.raises(FormatError, match="is of no known format; it begins with") as caught:
            recognise(path)
        assert "GeneMapper" in caught.value.remedy
        return
    assert recognise(path) is kind
    if not profiles:
        with pytest.raises(FormatError, match="which holds no profiles"):
            read_profiles(path)
    else:
        found = read_profiles(path)
        assert (found.format, len(found.profiles)) == (format_name, profiles)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (LONG, FileKind.PROFILES),
        ("sample\tTH01\tTH01\nC1\t6\t7\n", FileKind.PROFILES),
        ("# a population study\n# of 1\nsample\tTH01_1\tTH01_2\nC1\t6\t7\n", FileKind.PROFILES),
        (PEDIGREES, FileKind.PEDIGREES),
        (PROFILES, FileKind.PROFILES),
        ("\n\nF1 1 0 0 1 6 7\n", FileKind.PED),
        ("Marker;Allele;Frequency\nTH01;6;1,0\n", FileKind.FREQUENCIES),
        ("<frequencies/>", FileKind.STRIDER),
        ('\n<?xml version="1.0"?><CODISImportFile/>'[1:], FileKind.CODIS),
        ('"Output from Familias, version 3.3.1"\n', FileKind.FAMILIAS),
    ],
)
def test_a_text_is_told_by_what_it_holds(tmp_path: Path, text: str, kind: FileKind, encoding: str) -> None:
    path = tmp_path / "x"
    path.write_bytes(text.encode(encoding))
    assert recognise(path) is kind


@pytest.mark.parametrize(
    ("content", "line", "problem"),
    [
        (b"", None, "is empty"),
        (b"   \n\n", None, "is empty"),
        (b"PK\x03\x04\x00\x00", None, "a spreadsheet or an archive"),
        (b"%PDF-1.7", None, "a PDF document"),
        (b"\x1f\x8b\x08", None, "a compressed file"),
        (b"\xd0\xcf\x11\xe0\xa1", None, "an old spreadsheet"),
        (b"caf\xe9,x\n", 1, "is not utf-8 text: byte 0xE9"),
        (b"<html><body/></html>", 1, 'it begins with "<html>"'),
        (b"<frequencies", 1, "is not well-formed XML"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><frequencies/>', 1, "document type declaration"),
        (b"\nsome words\n", 2, 'it begins with "some words"'),
        (b"\n\nname,age\nLi,3\n", 3, 'it begins with "name | age"'),
        (b"a\x01\x7fb" + b"c" * 500 + b",d\n", 1, 'it begins with "a\ufffd\ufffdbccc'),
    ],
)
def test_what_is_nothing_known_is_refused(tmp_path: Path, content: bytes, line: int | None, problem: str) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    for read in (read_profiles, read_any_families, read_frequencies):
        with pytest.raises(FormatError) as caught:
            read(path)
        assert problem in caught.value.problem
        assert (caught.value.file, caught.value.line) == (str(path), line)
        assert len(caught.value.problem) < 250
        assert str(caught.value).isprintable()


def test_an_encoding_is_passed_on(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(LONG.replace("C1", "孩子").encode("gb18030"))
    assert read_profiles(path, encoding="gb18030").profiles == (Profile("孩子", {"TH01": ("6", "9.3")}),)


# -- families


def test_families_from_a_pair_or_a_folder(tmp_path: Path) -> None:
    (tmp_path / "pedigrees.csv").write_text(PEDIGREES)
    (tmp_path / "profiles.csv").write_text(PROFILES)
    (tmp_path / "other.csv").write_text(PROFILES.replace("6,7", "8,9"))
    folder = read_any_families(tmp_path)
    assert folder.families[0].profiles["d"].genotypes == {"TH01": ("6", "7")}
    assert read_any_families(tmp_path / "pedigrees.csv") == folder
    other = read_any_families(tmp_path / "pedigrees.csv", tmp_path / "other.csv")
    assert other.families[0].profiles["d"].genotypes == {"TH01": ("8", "9")}


def test_families_from_a_ped(tmp_path: Path) -> None:
    (tmp_path / "x.dat").write_text("M TH01\n")
    (tmp_path / "x.ped").write_text("F1 d 0 0 1 6 7\nF1 c d 0 0 0 0\n")
    assert read_any_families(tmp_path / "x.ped").families[0].missing == "c"


def test_families_from_niem(shared_formats: Path) -> None:
    path = shared_formats / "niem51_pedigree_example.xml"
    found = read_any_families(path)
    assert len(found.families) == 1
    assert found.sha256 == {str(path): read_profiles(path).sha256}


def test_families_from_familias(tmp_path: Path) -> None:
    path = tmp_path / "x.fam"
    pedigree = Pedigree.of([("d", None, None, "M"), ("m", None, None, "F"), ("c", "d", "m", "F")], name="F1")
    frequencies = AlleleFrequencies("x", {"TH01": {"6": 0.5, "7": 0.5}})
    write_familias(path, pedigrees=[pedigree], profiles={"d": Profile("d", {"TH01": ("6", "7")})}, frequencies=frequencies)
    found = read_any_families(path)
    assert [family.missing for family in found.families] == ["c"]
    assert dict(found.families[0].profiles) == {"d": Profile("d", {"TH01": ("6", "7")})}
    assert list(found.sha256) == [str(path)]


def test_a_project_without_a_missing_member_is_refused(shared_formats: Path) -> None:
    path = shared_formats / "familias3_example.fam"
    with pytest.raises(FormatError, match="holds no family with a missing member; not offered as a family") as caught:
        read_any_families(path)
    assert caught.value.file == str(path)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (LONG, "is a table of profiles, which holds no pedigrees"),
        ("marker,allele,frequency\nTH01,6,1\n", "is a table of allele frequencies, which holds no families"),
        ("<frequencies/>", "is STRidER XML, which holds no families"),
    ],
)
def test_what_holds_no_families_is_refused(tmp_path: Path, text: str, problem: str) -> None:
    path = tmp_path / "x.csv"
    path.write_text(text)
    with pytest.raises(FormatError, match=problem) as caught:
        read_any_families(path)
    assert caught.value.file == str(path)


def test_a_table_of_profiles_beside_what_has_its_own_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.ped").write_text("F1 d 0 0 1 6 7\n")
    with pytest.raises(FormatError, match="needs no table of profiles"):
        read_any_families(tmp_path / "x.ped", tmp_path / "y.csv")


# -- frequencies


def test_frequencies_by_name_or_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_frequencies("china") is population("china")
    path = tmp_path / "hainan"
    path.write_text("marker,allele,frequency\nTH01,6,1\n")
    assert read_frequencies(path).loci == {"TH01": {"6": 1.0}}
    monkeypatch.chdir(tmp_path)
    assert read_frequencies("hainan").loci == {"TH01": {"6": 1.0}}


@pytest.mark.parametrize("name", ["strider_frequencies_example.xml", "familias3_example.fam", "frequency_fsigen_example.csv"])
def test_frequencies_from_every_format(shared_formats: Path, name: str) -> None:
    assert set(read_frequencies(shared_formats / name).loci) == {"D3S1358", "vWA", "D16S539"}


def test_a_name_that_is_nothing_lists_what_there_is(tmp_path: Path) -> None:
    with pytest.raises(UnknownName, match='no population is called "atlantis"'):
        read_frequencies("atlantis")
    for missing in ("atlantis.csv", str(tmp_path / "atlantis"), tmp_path / "atlantis"):
        with pytest.raises(FormatError, match="does not exist"):
            read_frequencies(missing)
    with pytest.raises(FormatError, match="cannot be read"):
        read_frequencies("x" * 300)


def test_profiles_are_no_frequencies(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text(LONG)
    with pytest.raises(FormatError, match="holds no allele frequencies") as caught:
        read_frequencies(path)
    assert caught.value.file == str(path)


@pytest.mark.parametrize("name", [name for name, (kind, *_) in EXAMPLES.items() if kind is not None])
@given(data=st.data())
def test_a_damaged_file_is_read_or_refused(
    shared_formats: Path,
    tmp_path_factory: pytest.TempPathFactory,
    spoiled: Callable[[st.DataObject, bytes], bytes],
    refused: Callable[[Callable[[Path], object], Path], InputError | None],
    name: str,
    data: st.DataObject,
) -> None:
    path = tmp_path_factory.getbasetemp() / "damaged-for-readers"
    path.write_bytes(spoiled(data, (shared_formats / name).read_bytes()))
    refused(data.draw(st.sampled_from([read_profiles, read_any_families, read_frequencies])), path)
