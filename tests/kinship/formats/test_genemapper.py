from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wayhome.kinship.errors import FormatError, InputError, ProfileError
from wayhome.kinship.formats.genemapper import is_control, read_genemapper, write_genemapper
from wayhome.kinship.formats.source import ProfileFile
from wayhome.kinship.genetics.profiles import Profile

HEAD = "Sample File\tSample Name\tPanel\tMarker\tDye\tAllele 1\tAllele 2\tHeight 1\n"


def read(tmp_path: Path, text: str, **options: str) -> ProfileFile:
    path = tmp_path / "genotypes.txt"
    path.write_bytes(text.encode(options.get("encoding", "utf-8")))
    return read_genemapper(path, **options)


def test_the_example(shared_formats: Path) -> None:
    found = read_genemapper(shared_formats / "genemapper_idx_export_example.txt")
    assert found.format == "genemapper"
    mother, father, child = found.profiles
    assert [p.sample for p in found.profiles] == ["SYN-MO-1", "SYN-FA-1", "SYN-CH-1"]
    assert mother.kit == "GlobalFiler"
    assert mother.genotypes["AMEL"] == ("X",)
    assert mother.genotypes["D3S1358"] == ("15",)
    assert father.genotypes["D21S11"] == ("29", "30")
    assert child.flags == {"FGA": ("off_ladder",)}
    assert "FGA" not in child.genotypes
    assert found.details["SYN-MO-1"] == {"sample_file": "SYN-MO-1_A01.hid", "panel": "GlobalFiler_Panel_v1"}


def test_an_export_of_r(tmp_path: Path) -> None:
    text = '"Sample.Name","Panel","Marker","Allele.1","Allele.2","UD1"\n"C1",NA,"TH01","6","9.3",NA\n"C1",NA,"vWA","17",NA,NA\n'
    found = read(tmp_path, text)
    assert found.profiles == (Profile("C1", {"TH01": ("6", "9.3"), "vWA": ("17",)}),)
    assert found.details == {}


def test_a_spreadsheet_with_decimal_commas(tmp_path: Path) -> None:
    found = read(tmp_path, "Sample Name;Panel;Marker;Allele 1;Allele 2\nC1;GlobalFiler;TH01;6;9,3\n", encoding="utf-16")
    assert found.profiles == (Profile("C1", {"TH01": ("6", "9.3")}, "GlobalFiler"),)


@pytest.mark.parametrize("mark", ["OL", "OMR", "ol"])
def test_marks_set_a_locus_aside(tmp_path: Path, mark: str) -> None:
    (profile,) = read(tmp_path, HEAD + f"a.fsa\tC1\tP\tTH01\tB\t{mark}\t9.3\t900\na.fsa\tC1\tP\tvWA\tB\t17\t\t900\n").profiles
    assert profile.genotypes == {"vWA": ("17",)}
    assert profile.flags == {"TH01": ("off_ladder" if mark.upper() == "OL" else "outside_marker_range",)}


@pytest.mark.parametrize(
    "name",
    [
        *("Ladder", "LADDER_A04", "Allelic Ladder 2", "Positive", "positive_control", "Neg Control", "ktr", "ktr3", "Blank-1"),
        *("9947A", "2800M", "2800M 1ng", "007", "PC", "nc", "NTC", "AL", "阳性对照", "空白1"),
    ],
)
def test_ladders_and_controls_are_left_out(tmp_path: Path, name: str) -> None:
    assert is_control(name)
    found = read(tmp_path, HEAD + f"a.fsa\t{name}\tP\tTH01\tB\t4\t5\t900\nb.fsa\tC1\tP\tTH01\tB\t6\t7\t900\n")
    assert [profile.sample for profile in found.profiles] == ["C1"]
    assert found.notes == (f"left out as ladders or controls: {name}",)


@pytest.mark.parametrize("name", ["C-007", "PC-12", "AL0042", "CHILD-9948", "Ladderman", "NEGA-2", "孩子", "SYN-MO-1", "BLANKA"])
def test_people_are_not(name: str) -> None:
    assert not is_control(name)


def test_the_sample_type_decides_where_it_is_told(tmp_path: Path) -> None:
    text = (
        "Sample Name\tSample Type\tPanel\tMarker\tAllele 1\n"
        "A\tAllelic Ladder\tP\tTH01\t4\nB\tPositive Control\tP\tTH01\t6\nLadder\tSample\tP\tTH01\t7\n9947A\t\tP\tTH01\t8\n"
    )
    found = read(tmp_path, text)
    assert [profile.sample for profile in found.profiles] == ["Ladder"]
    assert found.notes == ("left out as ladders or controls: A, B, 9947A",)


def test_a_sample_run_twice_alike_is_kept_once(tmp_path: Path) -> None:
    row = "{}.fsa\tC1\tP\tTH01\tB\t6\t7\t900\n"
    found = read(tmp_path, HEAD + row.format("a") + row.format("b"))
    assert found.profiles == (Profile("C1", {"TH01": ("6", "7")}, "P"),)
    assert found.notes == ("C1 was run twice with the same result; the first run is kept",)
    assert found.details["C1"]["sample_file"] == "a.fsa"


def test_without_a_name_the_file_names_the_sample(tmp_path: Path) -> None:
    found = read(tmp_path, "Sample File\tPanel\tMarker\tAllele 1\nD:\\runs\\C1.hid\tP\tTH01\t6\n")
    assert found.profiles[0].sample == "C1"


@pytest.mark.parametrize(
    ("text", "line", "field", "problem"),
    [
        ("", None, None, "is empty"),
        (HEAD, 1, None, "holds a header and no samples"),
        (HEAD + "a.fsa\tLadder\tP\tTH01\tB\t4\t5\t900\n", 1, None, "holds only ladders and controls"),
        ("Panel\tMarker\tAllele 1\nP\tTH01\t6\n", 1, "Sample Name", 'no column "Sample Name"'),
        ("Sample Name\tAllele 1\nC1\t6\n", 1, "Marker", 'no column "Marker"'),
        ("Sample Name\tMarker\nC1\tTH01\n", 1, "Allele 1", 'no column "Allele 1"'),
        ("Sample Name\tSample.Name\tMarker\tAllele 1\nA\tB\tTH01\t6\n", 1, "Sample Name", "exists twice"),
        (HEAD + "a.fsa\tC1\tP\tTH01\tB\t6\n", 2, None, "the row has 6 cells, the header 8"),
        (HEAD + "a.fsa\t\tP\tTH01\tB\t6\t7\t900\n", 2, "Sample Name", "without a sample"),
        (HEAD + "a.fsa\tNA\tP\tTH01\tB\t6\t7\t900\n", 2, "Sample Name", "without a sample"),
        (HEAD + "a.fsa\tC1\tP\t\tB\t6\t7\t900\n", 2, "marker", "without a marker"),
        (HEAD + "a.fsa\tC1\tP\tTH01\tB\tsix\t7\t900\n", 2, "TH01", "not an allele"),
        (HEAD + "a.fsa\tC1\tP\tTH01\tB\t6\t7\t900\na.fsa\tC1\tQ\tvWA\tB\t15\t16\t900\n", 3, "kit", "kits P and Q"),
        (HEAD + "a.fsa\tC1\tP\tTH01\tB\t6\t7\t900\na.fsa\tC1\tP\tTH01\tB\t6\t8\t900\n", 3, "TH01", "has TH01 twice"),
        (
            HEAD + "a.fsa\tC1\tP\tTH01\tB\t6\t7\t900\nb.fsa\tC1\tP\tTH01\tB\t6\t8\t900\n",
            3,
            "Sample Name",
            "run twice with different results, first in line 2",
        ),
    ],
)
def test_errors_name_the_place(tmp_path: Path, text: str, line: int | None, field: str | None, problem: str) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, text)
    error = caught.value
    assert problem in error.problem
    assert (error.file, error.line, error.field) == (str(tmp_path / "genotypes.txt"), line, field)
    assert error.remedy


def test_windows_text_needs_its_encoding(tmp_path: Path) -> None:
    text = "Sample Name\tPanel\tMarker\tAllele 1\nMünch\tP\tTH01\t6\n"
    assert read(tmp_path, text, encoding="cp1252").profiles[0].sample == "Münch"
    with pytest.raises(FormatError, match="not utf-8 text") as caught:
        read_genemapper(tmp_path / "genotypes.txt")
    assert caught.value.line == 2


REPEATS = st.sampled_from([["6", "9.3"], ["15"], ["OL"], ["OMR", "OS"], []])
PROFILES = st.builds(
    lambda name, calls, kit: Profile.from_calls(name, calls, kit=kit),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12).filter(
        lambda name: name == name.strip() and name != "NA" and not is_control(name)
    ),
    st.fixed_dictionaries(
        {},
        optional={
            **dict.fromkeys(["D3S1358", "vWA", "TH01", "Penta D", "D6S474", "DYS385", "DYS391"], REPEATS),
            "AMEL": st.sampled_from([["X"], ["X", "Y"], ["OL"]]),
        },
    ),
    st.sampled_from(["GlobalFiler", "Investigator HDplex", "SureID 27comp", "house panel"]),
)


@given(profiles=st.lists(PROFILES, min_size=1, max_size=4, unique_by=lambda profile: profile.sample))
def test_what_is_written_is_read_again(tmp_path_factory: pytest.TempPathFactory, profiles: list[Profile]) -> None:
    path = tmp_path_factory.getbasetemp() / "genemapper.txt"
    lost = {"more_than_two_alleles", "needs_kit"}
    told = [replace(p, flags={locus: flags for locus, flags in p.flags.items() if not lost & set(flags)}) for p in profiles]
    write_genemapper(path, profiles)
    assert list(read_genemapper(path).profiles) == told


def test_the_written_table_is_what_the_program_exports(tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    write_genemapper(path, [Profile.from_calls("C1", {"TH01": ["6", "9.3"], "vWA": ["OL"]}, kit="GlobalFiler")])
    assert path.read_bytes() == (
        b"Sample Name\tPanel\tMarker\tAllele 1\tAllele 2\r\nC1\tGlobalFiler\tTH01\t6\t9.3\r\nC1\tGlobalFiler\tvWA\tOL\t\r\n"
    )


@pytest.mark.parametrize(
    ("samples", "problem"),
    [(["C1", "C1"], "comes twice"), (["Ladder"], "would be taken for a ladder"), (["NA"], "would be taken for")],
)
def test_what_would_be_read_otherwise_is_refused(tmp_path: Path, samples: list[str], problem: str) -> None:
    with pytest.raises(ProfileError, match=problem) as caught:
        write_genemapper(tmp_path / "x.txt", [Profile(sample) for sample in samples])
    assert caught.value.file == str(tmp_path / "x.txt")
    assert list(tmp_path.iterdir()) == []


@given(data=st.data())
def test_a_damaged_table_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory,
    spoiled: Callable[[st.DataObject, bytes], bytes],
    refused: Callable[[Callable[[Path], object], Path], InputError | None],
    data: st.DataObject,
) -> None:
    path = tmp_path_factory.getbasetemp() / "spoiled.txt"
    whole = (HEAD + "a.fsa\tC1\tP\tTH01\tB\t6\t9.3\t900\na.fsa\tC1\tP\tvWA\tB\tOL\t\t\nb\tLadder\tP\tTH01\tB\t4\t5\t1\n").encode()
    path.write_bytes(spoiled(data, whole))
    refused(read_genemapper, path)
