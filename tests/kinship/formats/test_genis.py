from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wayhome.kinship.errors import InputError, ProfileError
from wayhome.kinship.formats.genis import read_genis, write_genis
from wayhome.kinship.formats.source import ProfileFile
from wayhome.kinship.genetics.profiles import Profile

ALLELES = "\t".join(f"Allele {k}" for k in range(1, 9))
HEAD = f"Sample Name\tUD1\tUD2\tSpecimen Category\tMarker\t{ALLELES}\n"


def row(sample: str, marker: str, *alleles: str, assignee: str = "ana", kit: str = "GlobalFiler", category: str = "IR") -> str:
    return "\t".join([sample, assignee, kit, category, marker, *alleles, *[""] * (8 - len(alleles))]) + "\n"


def read(tmp_path: Path, text: str) -> ProfileFile:
    path = tmp_path / "bulk.txt"
    path.write_text(text, "utf-8")
    return read_genis(path)


def test_the_example(shared_formats: Path) -> None:
    found = read_genis(shared_formats / "genis_bulk_example.txt")
    assert found.format == "genis-bulk"
    assert [profile.sample for profile in found.profiles] == ["SYN-MO-1", "SYN-FA-1", "SYN-CH-1"]
    assert found.profiles[2].genotypes["TH01"] == ("9",)
    assert found.profiles[0].genotypes["D21S11"] == ("30", "32.2")
    assert {profile.kit for profile in found.profiles} == {"GlobalFiler"}
    assert found.details["SYN-CH-1"] == {"assignee": "analyst1", "category": "ER"}


def test_eight_alleles_are_a_mixture(tmp_path: Path) -> None:
    (profile,) = read(tmp_path, HEAD + row("C1", "TH01", *"45678", "9", "9.3", "10") + row("C1", "vWA", "15")).profiles
    assert profile.flags == {"TH01": ("more_than_two_alleles",)}
    assert profile.genotypes == {"vWA": ("15",)}


def test_the_kit_may_be_left_out(tmp_path: Path) -> None:
    found = read(tmp_path, HEAD.replace("UD2\t", "") + row("C1", "TH01", "6").replace("GlobalFiler\t", ""))
    assert found.profiles == (Profile("C1", {"TH01": ("6",)}),)


@pytest.mark.parametrize(
    ("text", "line", "field", "problem"),
    [
        ("", None, None, "is empty"),
        (HEAD, 1, None, "a header and no samples"),
        (HEAD.replace("\tAllele 5", ""), 1, "Allele 5", 'has no columns called exactly "Allele 5"'),
        (HEAD.replace("UD1", "ud1"), 1, "UD1", 'has no columns called exactly "UD1"'),
        (HEAD.replace("UD2", "UD1"), 1, "UD1", 'has 2 columns called exactly "UD1"'),
        (HEAD + row("C1", "TH01", "6") + row("C2", "TH01", "6") + row("C1", "vWA", "15"), 4, "Sample Name", "first in line 2"),
        (HEAD + row("C1", "TH01", "6") + row("C1", "vWA", "15", category="ER"), 3, "UD1", "differ in UD1 or Specimen Category"),
        (HEAD + row("C1", "TH01", "6") + row("C1", "vWA", "15", assignee="bo"), 3, "UD1", "differ in UD1 or Specimen Category"),
        (HEAD + row("C1", "TH01", "6") + row("C1", "vWA", "15", kit="SGM"), 3, "kit", "kits GlobalFiler and SGM"),
        (HEAD + row("C1", "TH01", "6", "six"), 2, "TH01", "not an allele"),
        (HEAD + row("C1", "TH01", "6") + row("C1", "TH01", "7"), 3, "TH01", "has TH01 twice"),
        (HEAD + row("", "TH01", "6"), 2, "sample", "without a sample id"),
        (HEAD + row("C1", "", "6"), 2, "marker", "without a marker"),
        (HEAD + "C1\tana\n", 2, None, "the row has 2 cells, the header 13"),
    ],
)
def test_errors_name_the_place(tmp_path: Path, text: str, line: int | None, field: str | None, problem: str) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, text)
    error = caught.value
    assert problem in error.problem
    assert (error.file, error.line, error.field) == (str(tmp_path / "bulk.txt"), line, field)
    assert error.remedy


REPEATS = st.sampled_from([["6", "9.3"], ["15"], ["OL"], ["OMR", "OS"], []])
PROFILES = st.builds(
    lambda name, calls, kit: Profile.from_calls(name, calls, kit=kit),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12).filter(lambda name: name == name.strip()),
    st.fixed_dictionaries(
        {},
        optional={
            **dict.fromkeys(["D3S1358", "vWA", "TH01", "Penta D", "D6S474", "DYS385"], REPEATS),
            "AMEL": st.sampled_from([["X"], ["X", "Y"], ["OL"]]),
        },
    ),
    st.sampled_from(["Investigator HDplex", "SureID 27comp"]),  # any other kit leaves D6S474 open
)


@given(profiles=st.lists(PROFILES, min_size=1, max_size=4, unique_by=lambda profile: profile.sample))
def test_what_is_written_is_read_again(tmp_path_factory: pytest.TempPathFactory, profiles: list[Profile]) -> None:
    path = tmp_path_factory.getbasetemp() / "genis.txt"
    categories = {profile.sample: f"K{k}" for k, profile in enumerate(profiles)}
    write_genis(path, profiles, assignee="ana", category=categories)
    found = read_genis(path)
    assert list(found.profiles) == profiles
    assert found.details == {sample: {"assignee": "ana", "category": of} for sample, of in categories.items()}


def test_the_written_header_is_exact(tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    write_genis(path, [Profile("C1", {"TH01": ("6", "9.3")}, "GlobalFiler")], assignee="ana", category="IR")
    assert path.read_text() == HEAD + row("C1", "TH01", "6", "9.3")


@pytest.mark.parametrize(
    ("samples", "category", "problem"), [(["C1", "C1"], "IR", "comes twice"), (["C1"], {"C2": "IR"}, "has no category")]
)
def test_what_cannot_be_written_is_refused(
    tmp_path: Path, samples: list[str], category: str | dict[str, str], problem: str
) -> None:
    with pytest.raises(ProfileError, match=problem) as caught:
        write_genis(tmp_path / "x.txt", [Profile(sample) for sample in samples], assignee="ana", category=category)
    assert caught.value.file == str(tmp_path / "x.txt")
    assert list(tmp_path.iterdir()) == []


@given(data=st.data())
def test_a_damaged_table_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory,
    spoiled: Callable[[st.DataObject, bytes], bytes],
    refused: Callable[[Callable[[Path], object], Path], InputError | None],
    data: st.DataObject,
) -> None:
    path = tmp_path_factory.getbasetemp() / "spoiled-genis.txt"
    path.write_bytes(spoiled(data, (HEAD + row("C1", "TH01", "6", "9.3") + row("C2", "vWA", "OL")).encode()))
    refused(read_genis, path)
