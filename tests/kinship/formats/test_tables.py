from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from wayhome.kinship.errors import FormatError, InputError, ProfileError
from wayhome.kinship.formats.tables import read_profile_table, write_profile_table
from wayhome.kinship.genetics.profiles import Profile

TELLABLE = {"off_ladder", "outside_marker_range", "off_scale"}
NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.just("\n"), min_size=1, max_size=12).filter(
    lambda text: text == text.strip()
)
LOCI = ["D3S1358", "vWA", "TH01", "Penta D", "D6S474", "D5S2500", "DYS385", "DYS391", "DXS7132"]
REPEATS = st.lists(st.sampled_from(["6", "9.3", "15", "17.2", "32", "OL", "OMR", "OS"]), max_size=2)
CALLS = st.fixed_dictionaries(
    {}, optional={**dict.fromkeys(LOCI, REPEATS), "AMEL": st.lists(st.sampled_from(["X", "Y", "OL"]), max_size=2)}
)
KITS = st.sampled_from([None, "GlobalFiler", "Investigator HDplex", "SureID 27comp", "house kit"])
PROFILES = st.builds(lambda name, calls, kit: Profile.from_calls(name, calls, kit=kit), NAMES, CALLS, KITS)


def read(tmp_path: Path, text: str | bytes, **options: str) -> tuple[Profile, ...]:
    path = tmp_path / "table.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_profile_table(path, **options).profiles


def tellable(profile: Profile) -> Profile:
    """The profile without the flags that no cell can hold."""
    flags = {
        locus: tuple(flag for flag in flags if flag in TELLABLE)
        for locus, flags in profile.flags.items()
        if locus not in profile.genotypes
    }
    return replace(profile, flags={locus: kept for locus, kept in flags.items() if kept})


# -- long


def test_the_example_of_euroformix(shared_formats: Path) -> None:
    found = read_profile_table(shared_formats / "euroformix_refs_example.csv")
    assert found.format == "table-long"
    assert [profile.sample for profile in found.profiles] == ["SYN-MO-1", "SYN-FA-1", "SYN-CH-1"]
    assert found.profiles[0].genotypes["D21S11"] == ("30", "32.2")
    assert found.profiles[0].genotypes["D3S1358"] == ("15",)
    assert len(found.sha256) == 64


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize(
    "header", ["sample,marker,allele1,allele2", "Sample.Name,MARKER,Allele 1,ALLELE_2", "Specimen ID,Locus,Allele.1,allele 2"]
)
def test_headers_and_delimiters(tmp_path: Path, header: str, delimiter: str) -> None:
    text = f"{header}\nC1,TH01,6,9.3\nC1,VWA,17,\nC2,TH01,7,7\n".replace(",", delimiter)
    assert read(tmp_path, text) == (
        Profile("C1", {"TH01": ("6", "9.3"), "vWA": ("17",)}),
        Profile("C2", {"TH01": ("7",)}),
    )


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_encodings_and_line_ends(tmp_path: Path, encoding: str, ends: str) -> None:
    text = "sample,marker,allele1,allele2\n孩子,TH01,6,9.3\n".replace("\n", ends)
    told = {"encoding": encoding} if encoding == "gb18030" else {}
    assert read(tmp_path, text.encode(encoding), **told) == (Profile("孩子", {"TH01": ("6", "9.3")}),)


def test_a_byte_order_mark_is_no_part_of_the_first_name(tmp_path: Path) -> None:
    text = "\ufeffsample,marker,allele1,allele2\nC1,TH01,6,9.3\n".encode()
    assert read(tmp_path, text, encoding="utf-8")[0].sample == "C1"


def test_a_decimal_comma_is_one_where_commas_do_not_part_cells(tmp_path: Path) -> None:
    assert read(tmp_path, "sample;marker;allele1;allele2\nC1;TH01;6;9,3\n")[0].genotypes == {"TH01": ("6", "9.3")}
    with pytest.raises(ProfileError, match="not an allele"):
        read(tmp_path, 'sample,marker,allele1,allele2\nC1,TH01,6,"9,3"\n')
    with pytest.raises(ProfileError, match="15,16"):
        read(tmp_path, "sample;marker;allele1;allele2\nC1;TH01;15,16;\n")


def test_more_alleles_and_what_is_no_allele(tmp_path: Path) -> None:
    text = (
        "sample,marker,allele1,allele2,allele3,kit\n"
        "C1,TH01,6,9.3,,GlobalFiler\n"
        "C1,vWA,15,16,17,GlobalFiler\n"
        "C1,FGA,OL,23,,GlobalFiler\n"
        "C1,D3S1358,NA,NA,,GlobalFiler\n"
        "C1,,,,,GlobalFiler\n"
    )
    (profile,) = read(tmp_path, text)
    assert profile == Profile.from_calls(
        "C1",
        {"TH01": ["6", "9.3"], "vWA": ["15", "16", "17"], "FGA": ["OL", "23"], "D3S1358": ["NA", "NA"]},
        kit="GlobalFiler",
    )
    assert profile.flags == {"vWA": ("more_than_two_alleles",), "FGA": ("off_ladder",)}


def test_the_kit_decides_what_a_name_means(tmp_path: Path) -> None:
    text = (
        "sample,marker,allele1,allele2,kit\nA,D6S474,14,15,Investigator HDplex\nB,D6S474,15,16,SureID 27comp\nC,D6S474,15,16,\n"
    )
    a, b, c = read(tmp_path, text)
    assert a.genotypes == b.genotypes == {"D6S474": ("15", "16")}
    assert c.flags == {"D6S474": ("needs_kit",)}


@pytest.mark.parametrize("member", ["member", "Person", "ID"])
def test_family_and_member_name_the_sample(tmp_path: Path, member: str) -> None:
    path = tmp_path / "x.csv"
    path.write_text(f"family,{member},marker,allele1,allele2\nF1,mother,TH01,6,7\nF2,mother,vWA,15,16\n")
    found = read_profile_table(path)
    assert found.profiles == (Profile("F1/mother", {"TH01": ("6", "7")}), Profile("F2/mother", {"vWA": ("15", "16")}))
    assert found.details["F1/mother"] == {"family": "F1", member: "mother"}
    path.write_text(f"family,{member},TH01\nF1,mother,6/7\nF2,mother,8/9\n")
    assert [profile.sample for profile in read_profile_table(path).profiles] == ["F1/mother", "F2/mother"]


def test_other_columns_are_details_where_they_are_of_the_sample(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("sample,population,marker,allele1,allele2,height\nC1,Han,TH01,6,7,900\nC1,Han,vWA,15,16,850\nC2,,TH01,6,7,\n")
    found = read_profile_table(path)
    assert found.details == {"C1": {"population": "Han"}}
    assert found.notes == ('the column "height" varies within a sample and was not read',)


def test_blank_rows_and_trailing_delimiters(tmp_path: Path) -> None:
    text = "\n \nsample,marker,allele1,allele2\n\nC1,TH01,6,7,,\n,,,\n   \n"
    assert read(tmp_path, text) == (Profile("C1", {"TH01": ("6", "7")}),)


def test_lines_are_counted_through_quoted_line_breaks(tmp_path: Path) -> None:
    text = 'sample,"a\nb",marker,allele1,allele2\nC1,"x\n\ny",TH01,6,7\nC1,"x\n\ny",vWA,6,bad\n'
    with pytest.raises(ProfileError) as caught:
        read(tmp_path, text)
    assert caught.value.line == 6
    assert caught.value.field == "vWA"


# -- wide


@pytest.mark.parametrize(
    "columns",
    [
        "D3S1358_1,D3S1358_2,vWA_1,vWA_2",
        "D3S1358 1,D3S1358 2,VWA 1,VWA 2",
        "D3S1358.1,D3S1358.2,vWA-1,vWA-2",
        "D3S13581,D3S13582,vWA1,vWA2",
        "D3S1358,D3S1358,vWA,vWA",
        "D3S1358,D3S1358.1,vWA,vWA.1",
    ],
)
def test_two_columns_a_locus(tmp_path: Path, columns: str) -> None:
    path = tmp_path / "x.csv"
    path.write_text(f"Sample Name,Sex,{columns}\nC1,F,15,16,17,\nC2,,,,14,14\n")
    found = read_profile_table(path)
    assert found.format == "table-wide"
    assert found.profiles == (Profile("C1", {"D3S1358": ("15", "16"), "vWA": ("17",)}), Profile("C2", {"vWA": ("14",)}))
    assert found.details == {"C1": {"Sex": "F"}}
    assert found.notes == ("not read as loci: Sex",)


def test_neighbours_that_end_in_1_and_2_are_two_loci(tmp_path: Path) -> None:
    (profile,) = read(tmp_path, "sample,DYS391,DYS392,D2S441\nC1,10,11,12/14\n")
    assert profile.genotypes == {"DYS391": ("10",), "DYS392": ("11",), "D2S441": ("12", "14")}


@pytest.mark.parametrize("cell", ["15/16", "15|16", "15 16", " 15 / 16 ", "15/16/", '"15;16"', '"15,16"', '"15, 16"'])
def test_one_column_a_locus(tmp_path: Path, cell: str) -> None:
    assert read(tmp_path, f"sample,D3S1358,AMEL,TH01\nC1,{cell},XY,9.3\n")[0].genotypes == {
        "D3S1358": ("15", "16"),
        "AMEL": ("X", "Y"),
        "TH01": ("9.3",),
    }


def test_a_comma_that_could_be_either_is_refused(tmp_path: Path) -> None:
    for delimiter in ";\t":
        with pytest.raises(ProfileError, match="one allele or two") as caught:
            read(tmp_path, "sample;TH01\nC1;6/7\nC2;9,3\n".replace(";", delimiter))
        assert (caught.value.line, caught.value.field) == (3, "TH01")
        assert 'Write "9.3" or "9/3"' in str(caught.value)
    assert read(tmp_path, "sample;TH01\nC1;6/9,3\n")[0].genotypes == {"TH01": ("6", "9.3")}


def test_strider_quality_control_text(tmp_path: Path) -> None:
    path = tmp_path / "qc.txt"
    path.write_text(
        "#Population study\tSynthetia\tn=2\n#TH01, vWA\n\nsample\tTH01\tTH01\tVWA\tVWA\nS1\t6\t9.3\t14\t17\nS2\t7\t7\t15\t15\n"
    )
    found = read_profile_table(path)
    assert found.profiles[0].genotypes == {"TH01": ("6", "9.3"), "vWA": ("14", "17")}
    assert found.notes[0] == "header line: Population study Synthetia n=2"


def test_a_first_column_without_a_known_name_is_the_sample(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("No,TH01_1,TH01_2\n7,6,9.3\n")
    found = read_profile_table(path)
    assert found.profiles == (Profile("7", {"TH01": ("6", "9.3")}),)
    assert found.notes == ('the first column, "No", was taken for the sample',)


def test_measurements_are_no_loci_and_unknown_names_are_said(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("sample,TH01,Height 1,Height 2,XYZ_1,XYZ_2\nC1,6/7,900,800,3,4\n")
    found = read_profile_table(path)
    assert found.profiles[0].genotypes == {"TH01": ("6", "7"), "XYZ": ("3", "4")}
    assert found.notes[1] == "read as loci, though nothing is known of them: XYZ"


# -- errors


@pytest.mark.parametrize(
    ("text", "line", "field", "problem"),
    [
        ("", None, None, "is empty"),
        ("\n \n# only a comment\n", None, None, "is empty"),
        ("hello\n", 1, None, 'no columns: its first line is "hello"'),
        ('""\t""\n', 1, None, "no header"),
        ("a,b\n1,2\n", 1, None, "no table of profiles"),
        ("sample,marker,allele1,allele2\n", 1, None, "a header and no samples"),
        ("sample,TH01\n", 1, None, "a header and no samples"),
        ("sample,marker,allele1,allele2\nC1,TH01,6\n", 2, None, "the row has 3 cells, the header 4"),
        ("sample,marker,allele1,allele2\nC1,TH01,6,7,8\n", 2, None, "the row has 5 cells, the header 4"),
        ("sample,marker,allele1,allele2\nC1,TH01,6,7\nC1,vWA,15,1x\n", 3, "vWA", '"1X" is not an allele'),
        ("sample,marker,allele1,allele2\nC1,TH01,6,7\nC1,TH01,6,8\n", 3, "TH01", "has TH01 twice, as 6/7 and 6/8"),
        ("sample,marker,allele1,allele2\n,TH01,6,7\n", 2, "sample", "a row without a sample"),
        ("sample,marker,allele1,allele2\nC1,,6,7\n", 2, "marker", "alleles without a marker"),
        ("family,member,marker,allele1\nF1,,TH01,6\n", 2, "member", "without a member"),
        ("family,member,TH01\n,m,6\n", 2, "family", "a row without a family"),
        ("member,marker,allele1\nF1,TH01,6\n", 1, "sample", 'has no column "sample"'),
        ("sample,marker,allele1,allele 1\nC1,TH01,6,7\n", 1, "allele1", "exists twice"),
        ("sample,marker,allele1,kit\nC1,TH01,6,A\nC1,vWA,15,B\n", 3, "kit", "kits A and B"),
        ('sample,marker,allele1,allele2\nC1,"TH01,6,7\nC1,vWA,6,7\n', 2, None, "quotation marks do not pair"),
        ('sample,marker,allele1,allele2\nC1,"TH01"x,6,7\n', 2, None, "quotation marks do not pair"),
        ("sample,TH01_1,TH01_2\nC1,6,7\nC1,6,7\n", 3, "sample", "comes twice, first in line 2"),
        ("sample,TH01_1,TH01_2\nC1,6,7\nC2,6,y7\n", 3, "TH01", "not an allele"),
        ("sample,TH01,vWA,TH01\nC1,6,7,8\n", 1, "TH01", "columns in two places"),
        ("sample,TH01,THO1\nC1,6,7\n", 1, "THO1", "columns in two places"),
        ("TH01_1,TH01_2\n6,7\n", 1, "sample", 'no column "sample"'),
        ("sample,TH01\n,6/7\n", 2, "sample", "a row without a sample"),
    ],
)
def test_errors_name_the_place(tmp_path: Path, text: str, line: int | None, field: str | None, problem: str) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, text)
    error = caught.value
    assert problem in error.problem
    assert (error.file, error.line, error.field) == (str(tmp_path / "table.csv"), line, field)
    assert error.remedy


def test_a_cell_without_end_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="longer than any value"):
        read(tmp_path, "sample,marker,allele1\nC1," + "x" * 200_000 + ",6\n")


def test_a_message_is_short_and_printable(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, "sample,marker,allele1\nC1,TH01," + "\x01\u202ez" * 20_000 + "\n")
    assert len(str(caught.value)) < 1000
    assert str(caught.value).isprintable()


def test_the_wrong_encoding_says_where(tmp_path: Path) -> None:
    text = "sample,marker,allele1\nC1,TH01,6\n孩子,TH01,6\n".encode("gb18030")
    with pytest.raises(FormatError, match="not utf-8") as caught:
        read(tmp_path, text)
    assert caught.value.line == 3
    with pytest.raises(FormatError, match="no-such"):
        read(tmp_path, text, encoding="no-such")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="does not exist") as caught:
        read_profile_table(tmp_path / "none.csv")
    assert caught.value.file == str(tmp_path / "none.csv")


# -- writing


@pytest.mark.parametrize("wide", [False, True])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@given(profiles=st.lists(PROFILES, min_size=1, max_size=4, unique_by=lambda profile: profile.sample))
def test_what_is_written_is_read_again(
    tmp_path_factory: pytest.TempPathFactory, wide: bool, delimiter: str, profiles: list[Profile]
) -> None:
    path = tmp_path_factory.getbasetemp() / "round.csv"
    told = [tellable(profile) for profile in profiles]
    assume(not wide or any(profile.genotypes or profile.flags for profile in told))  # no locus, no wide table
    write_profile_table(path, profiles, wide=wide, delimiter=delimiter)
    assert list(read_profile_table(path).profiles) == told


def test_the_written_table_is_the_documented_one(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    child = Profile.from_calls("C1", {"D3S1358": ["15"], "vWA": ["16", "17"], "AMEL": ["X"], "FGA": ["OL"]}, kit="GlobalFiler")
    write_profile_table(path, [child])
    assert path.read_text().splitlines() == [
        "sample,marker,allele1,allele2,kit",
        "C1,D3S1358,15,15,GlobalFiler",
        "C1,vWA,16,17,GlobalFiler",
        "C1,AMEL,X,,GlobalFiler",
        "C1,FGA,OL,,GlobalFiler",
    ]
    write_profile_table(path, [child], wide=True, delimiter=";")
    assert path.read_text().splitlines() == [
        "sample;kit;D3S1358_1;D3S1358_2;vWA_1;vWA_2;AMEL_1;AMEL_2;FGA_1;FGA_2",
        "C1;GlobalFiler;15;15;16;17;X;;OL;",
    ]


def test_alleles_are_written_as_the_kit_counts_them(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    profile = Profile("C1", {"D6S474": ("15",)}, "Investigator HDplex")
    write_profile_table(path, [profile])
    assert "C1,D6S474,14,14,Investigator HDplex" in path.read_text()
    assert read_profile_table(path).profiles == (profile,)


@pytest.mark.parametrize(
    ("profiles", "problem"),
    [
        ([Profile("C1"), Profile("C1")], "comes twice"),
        ([Profile("C1", {"D5S2500": ("15",)}, "SureID 27comp")], "does not report D5S2500"),
        ([Profile("C1", {"D6S474": ("1",)}, "Investigator HDplex")], "does not report D6S474"),
    ],
)
def test_what_cannot_be_written_is_refused(tmp_path: Path, profiles: list[Profile], problem: str) -> None:
    path = tmp_path / "x.csv"
    with pytest.raises(ProfileError, match=problem) as caught:
        write_profile_table(path, profiles)
    assert caught.value.file == str(path)
    assert not path.exists()


def test_an_unknown_delimiter_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="cannot part cells"):
        write_profile_table(tmp_path / "x.csv", [Profile("C1")], delimiter="|")


# -- damage

LONG = "sample,marker,allele1,allele2,kit\nC1,TH01,6,9.3,GlobalFiler\nC1,vWA,OL,17,GlobalFiler\n孩子,TH01,7,7,\n".encode()
WIDE = b'sample;TH01_1;TH01_2;vWA;Sex\nC1;6;9,3;15/16;F\n"C\n2";7;;14/14;M\n'


@pytest.mark.parametrize("whole", [LONG, WIDE], ids=["long", "wide"])
@given(data=st.data())
def test_a_damaged_table_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory,
    spoiled: Callable[[st.DataObject, bytes], bytes],
    refused: Callable[[Callable[[Path], object], Path], InputError | None],
    whole: bytes,
    data: st.DataObject,
) -> None:
    path = tmp_path_factory.getbasetemp() / "spoiled.csv"
    path.write_bytes(spoiled(data, whole))
    encoding = data.draw(st.sampled_from([None, "utf-8", "cp1252", "utf-16", "gb18030"]))
    refused(lambda path: read_profile_table(path, encoding=encoding), path)


@given(
    rows=st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=5), max_size=5), max_size=5),
    wide=st.booleans(),
)
def test_any_cells_are_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory,
    refused: Callable[[Callable[[Path], object], Path], InputError | None],
    rows: Iterable[list[str]],
    wide: bool,
) -> None:
    path = tmp_path_factory.getbasetemp() / "cells.csv"
    header = "sample,TH01,vWA_1,vWA_2" if wide else "sample,marker,allele1,allele2"
    path.write_text("\n".join([header, *(",".join(row) for row in rows)]), "utf-8")
    refused(read_profile_table, path)
