from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wayhome.kinship.errors import FormatError, FrequencyError, InputError
from wayhome.kinship.formats.frequency_tables import is_familias_text, read_frequency_table, write_frequency_table
from wayhome.kinship.genetics.frequencies import AlleleFrequencies, population, population_names

LONG = "marker,allele,frequency,n\nTH01,6,0.25,200\nTH01,9.3,0.75,200\nvWA,15,1,\n"
FSIGEN = "Allele,TH01,vWA\n6,0.25,\n9.3,0.75,\n15,,1.0\nN,200,\n"
GENIS = "Allele,TH01,vWA\n6,0.25,0\n9.3,0.75,0.000000\n15,0.0,1.0\n-1,0.001,0.002\n"
FAMILIAS = "TH01\n6\t0.25\n9.3\t0.75\n\nvWA\n15\t1.0\n"
FIGURES = {"TH01": {"6": 0.25, "9.3": 0.75}, "vWA": {"15": 1.0}}


def read(tmp_path: Path, text: str, **options: str | int) -> AlleleFrequencies:
    path = tmp_path / "hainan.csv"
    path.write_text(text, "utf-8")
    return read_frequency_table(path, **options)


@pytest.mark.parametrize(
    ("text", "people"),
    [(LONG, 200), (FSIGEN, 200), (GENIS, None), (FAMILIAS, None)],
    ids=["long", "fsigen", "genis", "familias"],
)
def test_four_layouts_tell_the_same(tmp_path: Path, text: str, people: int | None) -> None:
    found = read(tmp_path, text)
    assert found.loci == FIGURES
    assert found.people == {"TH01": people, "vWA": None}
    assert found.name == "hainan"
    assert found.source.startswith("hainan.csv, SHA-256 ")
    assert read(tmp_path, text, name="Hainan", people=500).people == {"TH01": people or 500, "vWA": 500}


@pytest.mark.parametrize("text", [LONG, FSIGEN, GENIS], ids=["long", "fsigen", "genis"])
@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_decimal_commas(tmp_path: Path, text: str, delimiter: str) -> None:
    assert read(tmp_path, text.replace(",", delimiter).replace(".", ",")).loci == FIGURES


@pytest.mark.parametrize("parting", ["\t", " ", "  ", ";"])
@pytest.mark.parametrize("point", [".", ","])
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_familias_text_of_many_hands(tmp_path: Path, parting: str, point: str, ends: str) -> None:
    text = "\ufeff\n" + FAMILIAS.replace("\t", parting).replace(".", point).replace("vWA", "Penta D").replace("\n", ends)
    assert read(tmp_path, text).loci == {"TH01": FIGURES["TH01"], "Penta D": FIGURES["vWA"]}


def test_the_examples(shared_formats: Path) -> None:
    fsigen, genis, familias = (
        read_frequency_table(shared_formats / name)
        for name in ("frequency_fsigen_example.csv", "genis_frequency_example.csv", "familias_frequency_example.txt")
    )
    assert fsigen.loci == genis.loci == familias.loci
    assert fsigen.loci["D16S539"]["6"] == 0.0002
    assert fsigen.people == {"D16S539": 200, "D3S1358": 200, "vWA": 200}
    assert genis.cautions == ("the file's own minimum frequencies are not used: D3S1358 0.001, vWA 0.001, D16S539 0.001",)


def test_names_are_those_used_here(tmp_path: Path) -> None:
    assert set(read(tmp_path, "Allele,THO1,VWA,PENTA_E\n6,1,,\n015.0,,1,\n5,,,1\n").loci) == {"TH01", "vWA", "Penta E"}


@pytest.mark.parametrize(
    ("text", "line", "field", "problem"),
    [
        ("", None, None, "is empty"),
        ("a,b\n1,2\n", 1, None, 'no table of allele frequencies: its first line is "a, b"'),
        ("marker,allele,frequency\n", None, None, "holds no frequencies"),
        ("Allele,TH01\n", None, None, "holds no frequencies"),
        ("marker,allele,frequency\n,6,1\n", 2, "marker", "without a marker"),
        ("marker,allele,frequency\nTH01,OL,1\n", 2, "TH01", '"OL" is not an allele'),
        ("marker,allele,frequency\nTH01,6,much\n", 2, "TH01", '"much" is no frequency'),
        ("marker,allele,frequency\nTH01,6,nan\n", 2, "TH01", '"nan" is no frequency'),
        ("marker,allele,frequency\nTH01,6,-0.5\n", 2, "TH01", '"-0.5" is no frequency'),
        ("marker,allele,frequency\nTH01,6,1e400\n", 2, "TH01", "the frequency 1e400 is more than 1"),
        ("marker,allele,frequency\nTH01,6,1e300\n", 2, "TH01", "is more than 1"),
        ("marker,allele,frequency\nTH01,6,50\n", 2, "TH01", "the frequency 50 is more than 1"),
        ("marker,allele,frequency\nTH01,6,0.5\nTHO1,06,0.5\n", 3, "TH01", "allele 6 of TH01 is told twice"),
        ("marker,allele,frequency\nvWA,15,1\nTH01,6,0.5\nTH01,7,0.4\n", 3, "TH01", "sum to 0.9000"),
        ("marker,allele,frequency,n\nTH01,6,0.5,10\nTH01,7,0.5,11\n", 3, "TH01", "in 10 and in 11 people"),
        ("marker,allele,frequency,n\nTH01,6,1,many\n", 2, "TH01", '"many" is no number of people'),
        ("marker,allele,frequency,n\nTH01,6,1,0\n", 2, "TH01", '"0" is no number of people'),
        ("marker,allele,frequency,n\nTH01,6,1,10.5\n", 2, "TH01", '"10.5" is no number of people'),
        ("marker,allele,frequency\nTH01,6\n", 2, None, "the row has 2 cells, the header 3"),
        ("Allele,TH01,vWA\n6,1,\n15,,many\n", 3, "vWA", '"many" is no frequency'),
        ("Allele,TH01\n6,0.5\n6,0.5\n", 3, "TH01", "allele 6 of TH01 is told twice"),
        ("Allele,TH01,THO1\n6,1,\n7,,1\n", 2, "TH01", "sum to 2.0000"),
        ("TH01\n6\t0.5\n7\tmuch\n", 3, "TH01", '"much" is no frequency'),
        ("TH01\n6\t0.5\n7x\t0.5\n", 3, "TH01", '"7x" is not an allele'),
        ("TH01\n6\t0.5\t0.5\n7\t0.5\n", None, None, ""),
        ("TH01\n6\t0.5\n7\t0.5\t9\n", 3, None, "neither a marker nor an allele"),
        ("TH01\n6\t1\n0.5\n", 3, None, "neither a marker nor an allele"),
        ("TH01\n6\t1\n\nvWA\n\nFGA\n20\t1\n", 4, "vWA", "vWA has no alleles"),
        ("TH01\n6\t1\n\nvWA\n", 4, "vWA", "vWA has no alleles"),
        ("TH01\n6\t1\n\nTHO1\n6\t1\n", 4, "THO1", "THO1 is told twice"),
    ],
)
def test_errors_name_the_place(tmp_path: Path, text: str, line: int | None, field: str | None, problem: str) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, text)
    error = caught.value
    assert problem in error.problem
    assert error.file == str(tmp_path / "hainan.csv")
    assert error.remedy
    if problem:
        assert (error.line, error.field) == (line, field)
        assert isinstance(error, FormatError | FrequencyError)


def test_prose_is_no_familias_text() -> None:
    assert is_familias_text(FAMILIAS)
    assert not is_familias_text("Frequencies\nof alleles; and of more\n")
    assert not is_familias_text("TH01\n")
    assert not is_familias_text(LONG)


@pytest.mark.parametrize("name", population_names())
def test_shipped_tables_survive_a_round_trip(tmp_path: Path, name: str) -> None:
    shipped = population(name)
    write_frequency_table(tmp_path / "x.csv", shipped)
    found = read_frequency_table(tmp_path / "x.csv", name=name)
    assert found.loci == shipped.loci
    assert found.people == dict(shipped.people)


@st.composite
def tables(draw: st.DrawFn) -> AlleleFrequencies:
    loci, people = {}, {}
    for marker in draw(st.lists(st.sampled_from(["TH01", "vWA", "Penta D", "house locus"]), min_size=1, unique=True)):
        labels = draw(st.lists(st.sampled_from(["6", "7", "9.3", "15", "17.2"]), min_size=1, unique=True))
        weights = draw(st.lists(st.floats(0, 1), min_size=len(labels), max_size=len(labels)))
        total = sum(weights)
        shares = [weight / total for weight in weights] if total > 1e-6 else [1.0] + [0.0] * (len(labels) - 1)
        loci[marker] = dict(zip(labels, shares, strict=True))
        people[marker] = draw(st.none() | st.integers(1, 10**8))
    return AlleleFrequencies("x", loci, people)


@given(told=tables())
def test_what_is_written_is_read_again(tmp_path_factory: pytest.TempPathFactory, told: AlleleFrequencies) -> None:
    path = tmp_path_factory.getbasetemp() / "round-frequencies.csv"
    write_frequency_table(path, told)
    found = read_frequency_table(path, name="x")
    assert found.loci == told.loci
    assert found.people == told.people


@pytest.mark.parametrize("whole", [LONG, FSIGEN, GENIS, FAMILIAS], ids=["long", "fsigen", "genis", "familias"])
@given(data=st.data())
def test_a_damaged_table_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory,
    spoiled: Callable[[st.DataObject, bytes], bytes],
    refused: Callable[[Callable[[Path], object], Path], InputError | None],
    whole: str,
    data: st.DataObject,
) -> None:
    path = tmp_path_factory.getbasetemp() / "spoiled-frequencies.csv"
    path.write_bytes(spoiled(data, whole.encode()))
    encoding = data.draw(st.sampled_from([None, "cp1252", "utf-16"]))
    refused(lambda path: read_frequency_table(path, encoding=encoding), path)
