from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wayhome.kinship.errors import FormatError, InputError, ProfileError
from wayhome.kinship.formats.codis import read_codis, write_codis
from wayhome.kinship.formats.codis_schema import CATEGORIES, CMF_NAME, KITS, LOCI
from wayhome.kinship.formats.source import ProfileFile
from wayhome.kinship.genetics.loci import Inheritance, allele_order, locus, locus_name
from wayhome.kinship.genetics.profiles import Profile

HEADER = """<?xml version="1.0" encoding="UTF-8"?>
<CODISImportFile xmlns="urn:CODISImportFile-schema">
<HEADERVERSION>3.2</HEADERVERSION>
<MESSAGETYPE>Import</MESSAGETYPE>
<DESTINATIONORI>ORI</DESTINATIONORI>
<SOURCELAB>LAB</SOURCELAB>
<SUBMITBYUSERID>user</SUBMITBYUSERID>
<SUBMITDATETIME>2026-01-15T09:30:00</SUBMITDATETIME>
"""


def call(name: str, *alleles: str, reader: str = "ann", attributes: str = "") -> str:
    values = "".join(f"<ALLELE><ALLELEVALUE>{allele}</ALLELEVALUE></ALLELE>" for allele in alleles)
    return (
        f"<LOCUS{attributes}><LOCUSNAME>{name}</LOCUSNAME><READINGBY>{reader}</READINGBY>"
        f"<READINGDATETIME>2026-01-14T16:00:00</READINGDATETIME>{values}</LOCUS>\n"
    )


def specimen(sample: str = "S1", category: str = "Missing Person", loci: str = call("vWA", "14", "17")) -> str:
    return (
        f'<SPECIMEN CASEID="C1">\n<SPECIMENID>{sample}</SPECIMENID>\n'
        f"<SPECIMENCATEGORY>{category}</SPECIMENCATEGORY>\n{loci}</SPECIMEN>\n"
    )


def document(*specimens: str, header: str = HEADER) -> str:
    return header + "".join(specimens or (specimen(),)) + "</CODISImportFile>\n"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("codis") / "given.xml"


@pytest.fixture
def read(place: Path) -> Callable[[str], ProfileFile]:
    def reader(text: str) -> ProfileFile:
        place.write_text(text, encoding="utf-8")
        return read_codis(place)

    return reader


def write(place: Path, *profiles: Profile, **about: Any) -> tuple[str, ...]:
    usual = {"source_lab": "LAB", "destination_ori": "ORI", "user": "ann", "submitted": datetime(2026, 1, 15, 9, 30)}
    return write_codis(place, profiles, **{"category": "Missing Person", **usual, **about})


CHILD = Profile("S1", {"vWA": ("14", "17"), "TH01": ("9.3",), "AMEL": ("X", "Y"), "DYS391": ("10",)}, "GlobalFiler")


def test_the_example_file_is_read(shared_formats: Path) -> None:
    file = read_codis(shared_formats / "codis_cmf32_example.xml")
    assert [profile.sample for profile in file.profiles] == ["SYN-MO-1", "SYN-FA-1", "SYN-CH-1"]
    mother, father, child = file.profiles
    assert mother.genotypes["D21S11"] == ("30", "32.2")
    assert mother.genotypes["D3S1358"] == ("15",)
    assert (mother.genetic_sex, father.genetic_sex, child.kit) == ("F", "M", "GlobalFiler")
    assert file.details["SYN-CH-1"]["category"] == "Unidentified Person"
    assert file.details["SYN-FA-1"] == {
        "category": "Biological Father",
        "case": "SYN-CASE-1",
        "comment": "Synthetic example, no real person.",
        "source": "Yes",
        "partial": "false",
        "laboratory": "SYNTHLAB1",
        "reader": "analyst1",
        "read_at": "2026-01-14T16:00:00",
        "batch": "SYN-BATCH-1",
    }
    assert (file.format, file.notes, len(file.sha256)) == ("codis-cmf-3.2", (), 64)


def test_what_was_read_is_written_again(shared_formats: Path, place: Path) -> None:
    file = read_codis(shared_formats / "codis_cmf32_example.xml")
    assert write(place, *file.profiles, details=file.details, source_lab="SYNTHLAB1", category=None) == ()
    again = read_codis(place)
    assert again.profiles == file.profiles
    assert again.details == file.details


def test_other_spellings_ranges_and_third_alleles(read: Callable[[str], ProfileFile]) -> None:
    loci = call("Amelogenin", "X") + call("THO1", "9.3", "06.0") + call("DYS389 I", "13") + call("Yindel", "2")
    loci += call("D21S11", "&lt;24.2", "30") + call("D18S51", "12", "13", "14") + call("Penta E", "12", "12")
    (profile,) = (file := read(document(specimen(loci=loci)))).profiles
    assert profile.genotypes == {
        "AMEL": ("X",),
        "TH01": ("6", "9.3"),
        "DYS389I": ("13",),
        "Y-InDel": ("2",),
        "Penta E": ("12",),
    }
    assert profile.flags == {"D21S11": ("allele_range",), "D18S51": ("more_than_two_alleles",)}
    assert file.notes == (
        "D21S11 set aside (allele_range): S1",
        "D18S51 set aside (more_than_two_alleles): S1",
    )


def test_what_differs_between_loci_is_kept_with_the_locus(read: Callable[[str], ProfileFile], place: Path) -> None:
    loci = call("vWA", "14", attributes=' KIT="GlobalFiler"') + call("FGA", "20", reader="bob", attributes=' KIT="Yfiler"')
    file = read(document(specimen(loci=loci)))
    assert file.profiles[0].kit is None
    told = file.details["S1"]
    assert {key: told[key] for key in ("reader", "reader:FGA", "kit", "kit:FGA")} == {
        "reader": "ann",
        "reader:FGA": "bob",
        "kit": "GlobalFiler",
        "kit:FGA": "Yfiler",
    }
    assert write(place, *file.profiles, details=file.details) == ()
    assert read_codis(place).details == file.details


@pytest.mark.parametrize(
    ("old", "new", "line", "field", "says"),
    [
        ("urn:CODISImportFile-schema", "urn:CODISRapidImportFile-schema", 2, "CODISImportFile", "no CODIS import file"),
        (">3.2<", ">3.3<", 3, "HEADERVERSION", "not 3.2"),
        (">Import<", ">Rapid Import<", 4, "MESSAGETYPE", "Rapid Import"),
        (">ORI<", f">{'O' * 11}<", 5, "DESTINATIONORI", "11 characters"),
        (">LAB<", "><", 6, "SOURCELAB", "0 characters"),
        (">user<", "><b/><", 7, "SUBMITBYUSERID", "not text"),
        ("2026-01-15T09:30:00", "15.1.2026", 8, "SUBMITDATETIME", "no date"),
        ("2026-01-15T09:30:00", "2026-02-30T09:30:00", 8, "SUBMITDATETIME", "no date"),
        ("2026-01-15T09:30:00", "1899-01-15T09:30:00", 8, "SUBMITDATETIME", "no date"),
        ("<SOURCELAB>LAB</SOURCELAB>\n", "", 2, "CODISImportFile", "0 SOURCELAB"),
        ("<SOURCELAB>LAB</SOURCELAB>", "<SOURCELAB>LAB</SOURCELAB><SOURCELAB>L</SOURCELAB>", 2, "CODISImportFile", "2 SOURCELAB"),
        ("<SOURCELAB>", "<HEADERVERSION>3.2</HEADERVERSION><SOURCELAB>", 6, "HEADERVERSION", "stands behind"),
        ("<SOURCELAB>", "<LAB/><SOURCELAB>", 6, "LAB", "does not belong"),
        ("</SPECIMEN>", "</SPECIMEN><KIT>x</KIT>", 13, "KIT", "behind a SPECIMEN"),
        ("Missing Person", "missing person", 11, "SPECIMENCATEGORY", 'Write it as "Missing Person"'),
        ("Missing Person", "Godmother", 11, "SPECIMENCATEGORY", "no specimen category"),
        (">vWA<", ">VWA<", 12, "LOCUSNAME", 'Write it as "vWA"'),
        (">vWA<", ">D6S1043<", 12, "LOCUSNAME", "no locus of CMF 3.2"),
        (">S1<", f">{'S' * 25}<", 10, "SPECIMENID", "25 characters"),
        (">S1<", "> <", 10, "SPECIMENID", "0 characters"),
        ('"C1"', f'"{"C" * 33}"', 9, "CASEID", "33 characters"),
        ('CASEID="C1"', 'SOURCEID="Maybe"', 9, "SOURCEID", "Maybe"),
        ('CASEID="C1"', 'PARTIAL="maybe"', 9, "PARTIAL", "maybe"),
        ("<LOCUS>", "stray<LOCUS>", 9, "SPECIMEN", "stray"),
        (">ann<", ">" + "a" * 21 + "<", 12, "READINGBY", "21 characters"),
        (">14<", ">junk<", 12, "vWA", "is not an allele"),
        (">14<", f">{'1' * 11}<", 12, "ALLELEVALUE", "11 characters"),
        ("<ALLELE>", '<ALLELE ALLELEREQUIRED="perhaps">', 12, "ALLELEREQUIRED", "perhaps"),
        ("</LOCUS>", "</LOCUS>" + call("vWA", "14", "17").strip(), 12, "LOCUS", "vWA twice"),
    ],
)  # fmt: skip
def test_what_the_schema_forbids_is_refused_with_its_line(
    read: Callable[[str], ProfileFile], place: Path, old: str, new: str, line: int, field: str, says: str
) -> None:
    text = document()
    assert old in text
    with pytest.raises(InputError) as caught:
        read(text.replace(old, new, 1))
    error = caught.value
    assert (error.file, error.line, error.field) == (str(place), line, field)
    assert says in str(error)


def test_specimens_are_told_once_and_are_there(read: Callable[[str], ProfileFile]) -> None:
    assert len(read(document(specimen("S1"), specimen("S2"))).profiles) == 2
    with pytest.raises(FormatError, match="S1 is told twice") as caught:
        read(document(specimen("S1"), specimen("S2"), specimen(" S1 ")))
    assert caught.value.line == 19
    for text in (HEADER + "</CODISImportFile>", document(specimen(loci="")), document(specimen(loci=call("vWA")))):
        with pytest.raises(FormatError):
            read(text)
    with pytest.raises(FormatError, match="72 LOCUS"):
        read(document(specimen(loci=call("vWA", "14") * 72)))


def test_spellings_of_one_locus_must_agree(read: Callable[[str], ProfileFile]) -> None:
    assert len(read(document(specimen(loci=call("AMEL", "X") + call("Amelogenin", "X")))).profiles[0].genotypes) == 1
    with pytest.raises(ProfileError, match="AMEL twice") as caught:
        read(document(specimen(loci=call("AMEL", "X") + call("Amelogenin", "X", "Y"))))
    assert caught.value.line == 13


def test_every_name_written_is_read_as_the_same_locus() -> None:
    assert [locus_name(name) for name in LOCI] == list(CMF_NAME)
    assert len(set(CATEGORIES)) == 34
    assert len(set(LOCI)) == 52
    assert len(set(KITS)) == 38
    assert "D6S1043" not in CMF_NAME


def test_the_file_is_as_prescribed(place: Path) -> None:
    child = replace(CHILD, sample="<S&1>")
    comment = "says \"a\"\nand 'b'"
    write(
        place,
        child,
        details={"<S&1>": {"comment": comment, "case": 'C"1', "partial": "true", "source": "No"}},
        batch="B1",
        submitted=datetime(2026, 1, 15, 9, 30, 59, 999, tzinfo=UTC),
    )
    data = place.read_bytes()
    assert data.count(b"\n") == data.count(b"\r\n") > 20
    text = data.decode().replace("\r\n", "\n")
    order = "HEADERVERSION MESSAGETYPE DESTINATIONORI SOURCELAB SUBMITBYUSERID SUBMITDATETIME BATCHID SPECIMENID"
    assert re.findall(r"<([A-Z]+)>", text)[:8] == order.split()
    assert "<SUBMITDATETIME>2026-01-15T09:30:59</SUBMITDATETIME>" in text
    assert '<SPECIMEN SOURCEID="No" CASEID="C&quot;1" PARTIAL="true">' in text
    assert "<SPECIMENID>&lt;S&amp;1&gt;</SPECIMENID>" in text
    assert re.findall("<ALLELEVALUE>(.*?)<", text) == ["14", "17", "9.3", "X", "Y", "10"]
    file = read_codis(place)
    assert file.profiles == (child,)
    assert file.details["<S&1>"]["comment"] == comment


def test_what_cmf_cannot_hold_is_left_out_and_noted(place: Path) -> None:
    child = replace(
        CHILD,
        genotypes={**CHILD.genotypes, "D6S1043": ("11", "18"), "Penta C": ("9",), "FGA": ("20", "21", "22")},
        flags={"D18S51": ("off_ladder",), "vWA": ("off_scale",)},
        kit="PowerPlex 21",
    )
    others = [replace(CHILD, sample=f"T{i}", genotypes={"vWA": ("14",), "D6S1043": ("11",)}) for i in range(9)]
    assert write(place, child, *others) == (
        "D6S1043 left out, which is no locus of CMF 3.2: S1, T0, T1, T2, T3 and 5 more",
        "Penta C left out, which is no locus of CMF 3.2: S1",
        "FGA left out, which is not the genotype of one person: S1",
        "D18S51 left out, which a quality flag sets aside: S1",
        "kit PowerPlex 21 left out, which CMF 3.2 does not know: S1",
    )
    first = read_codis(place).profiles[0]
    assert first == replace(CHILD, kit=None)
    assert write(place, replace(CHILD, sample="a;b")) == ("| or ; is written, which CODIS advises against: a;b",)


@pytest.mark.parametrize(
    ("kit", "written"),
    [("GlobalFiler_Panel_v1", "GlobalFiler"), ("Yfiler Plus", "AmpFlSTR Yfiler Plus"), ("PowerPlex 2.1", "PowerPlex 2.1")],
)
def test_kits_are_written_as_cmf_spells_them(place: Path, kit: str, written: str) -> None:
    assert write(place, replace(CHILD, kit=kit)) == ()
    assert read_codis(place).profiles[0].kit == written


@pytest.mark.parametrize(
    ("sample", "about", "field"),
    [
        ("S" * 25, {}, "SPECIMENID"),
        (" S", {}, "SPECIMENID"),
        ("S\0", {}, "SPECIMENID"),
        ("", {}, "SPECIMENID"),
        ("S", {"category": None}, "category"),
        ("S", {"category": "missing person"}, "category"),
        ("S", {"details": {"S": {"source": "yes"}}}, "source"),
        ("S", {"details": {"S": {"partial": "perhaps"}}}, "partial"),
        ("S", {"details": {"S": {"case": "C" * 33}}}, "CASEID"),
        ("S", {"details": {"S": {"comment": " leading"}}}, "SPECIMENCOMMENT"),
        ("S", {"details": {"S": {"comment": "c" * 256}}}, "SPECIMENCOMMENT"),
        ("S", {"details": {"S": {"reader": "r" * 21}}}, "READINGBY"),
        ("S", {"details": {"S": {"read_at": "yesterday"}}}, "READINGDATETIME"),
        ("S", {"batch": "b" * 33}, "BATCHID"),
        ("S", {"source_lab": "l" * 11}, "SOURCELAB"),
        ("S", {"destination_ori": ""}, "DESTINATIONORI"),
        ("S", {"user": "u" * 21}, "SUBMITBYUSERID"),
        ("S", {"submitted": datetime(2080, 1, 1)}, "SUBMITDATETIME"),
    ],
)
def test_what_the_schema_forbids_is_not_written(tmp_path: Path, sample: str, about: dict[str, Any], field: str) -> None:
    path = tmp_path / "new.xml"
    with pytest.raises(FormatError) as caught:
        write(path, replace(CHILD, sample=sample), **about)
    assert (caught.value.file, caught.value.field) == (str(path), field)
    assert not path.exists()


def test_nothing_is_written_without_specimens_or_twice(tmp_path: Path) -> None:
    for profiles in ((), (CHILD, CHILD), (replace(CHILD, genotypes={"D6S1043": ("11",)}),)):
        with pytest.raises(FormatError):
            write(tmp_path / "new.xml", *profiles)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "data",
    [
        codecs.BOM_UTF8 + document(specimen("家")).encode(),
        document(specimen("家")).replace("\n", "\r\n").encode(),
        document(specimen("家")).encode("utf-16"),
        document(specimen("家")).replace("UTF-8", "GBK").encode("gbk"),
    ],
)
def test_encodings_and_line_ends_are_understood(place: Path, data: bytes) -> None:
    place.write_bytes(data)
    assert read_codis(place).profiles == (Profile("家", {"vWA": ("14", "17")}),)


@pytest.mark.parametrize(
    "data",
    [
        document(specimen("家")).encode("gbk"),
        document(specimen("家")).replace("UTF-8", "UTF-16").encode(),
        document().replace("<CODIS", '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><CODIS', 1).encode(),
        document(specimen(loci="<LOCUS>" * 100_000 + "</LOCUS>" * 100_000)).encode(),
        b"",
        b"\0" * 100,
    ],
)
def test_hostile_files_are_refused_with_their_line(
    place: Path, refused: Callable[[Callable[[Path], Any], Path], InputError | None], data: bytes
) -> None:
    place.write_bytes(data)
    error = refused(read_codis, place)
    assert error is not None
    assert error.line


def test_a_file_cut_off_anywhere_is_refused(
    place: Path, refused: Callable[[Callable[[Path], Any], Path], InputError | None]
) -> None:
    data = document().strip().encode()
    for length in range(len(data)):
        place.write_bytes(data[:length])
        error = refused(read_codis, place)
        assert error is not None
        assert error.line
    place.write_bytes(data)
    assert refused(read_codis, place) is None


@given(st.data())
def test_spoiled_files_are_refused_or_read(
    place: Path,
    spoiled: Callable[[st.DataObject, bytes], bytes],
    refused: Callable[[Callable[[Path], Any], Path], InputError | None],
    data: st.DataObject,
) -> None:
    whole = document(specimen("S1", loci=call("vWA", "14", "17") + call("TH01", "9.3")), specimen("S2"))
    place.write_bytes(spoiled(data, whole.encode()))
    error = refused(read_codis, place)
    assert error is None or error.line


SAMPLES = (
    st.text(st.characters(exclude_categories=["Cs", "Cn", "Cc"]) | st.sampled_from("<&\"'\t\n"), min_size=1, max_size=24)
    .map(str.strip)
    .filter(bool)
)
ALLELES = st.integers(1, 60).map(str) | st.builds("{}.{}".format, st.integers(1, 60), st.integers(1, 3))


@st.composite
def genotypes(draw: st.DrawFn) -> dict[str, tuple[str, ...]]:
    made: dict[str, tuple[str, ...]] = {}
    for name in draw(st.lists(st.sampled_from(sorted(CMF_NAME)), min_size=1, unique=True)):
        copies = 1 if locus(name).inheritance is Inheritance.Y and name not in {"DYS385", "DYF387S1"} else 2
        alleles = st.sampled_from("XY") if name == "AMEL" else ALLELES
        made[name] = tuple(sorted(draw(st.sets(alleles, min_size=1, max_size=copies)), key=allele_order))
    return made


@given(
    st.lists(
        st.builds(Profile, SAMPLES, genotypes(), st.none() | st.sampled_from(KITS)),
        min_size=1,
        max_size=4,
        unique_by=lambda profile: profile.sample,
    ),
    st.data(),
)
def test_profiles_written_and_read_are_the_same(place: Path, profiles: list[Profile], data: st.DataObject) -> None:
    text = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cn"]), max_size=30).map(str.strip)
    fields = {
        "category": st.sampled_from(CATEGORIES),
        "case": text,
        "comment": text,
        "source": st.sampled_from(["", "Yes", "No", "N/A"]),
        "partial": st.sampled_from(["", "true", "false"]),
        "batch": text,
    }
    details = {p.sample: {key: data.draw(values) for key, values in fields.items()} for p in profiles}
    notes = write(place, *profiles, details=details, category=None)
    assert all("advises against" in note for note in notes)
    file = read_codis(place)
    assert file.profiles == tuple(profiles)
    for sample, told in details.items():
        assert {key: file.details[sample].get(key, "") for key in told} == told
