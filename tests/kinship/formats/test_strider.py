from __future__ import annotations

import codecs
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wayhome.kinship.errors import FormatError, FrequencyError, InputError, UnknownName
from wayhome.kinship.formats.strider import read_strider, write_strider
from wayhome.kinship.genetics.frequencies import AlleleFrequencies, population, population_names
from wayhome.kinship.genetics.loci import panels

DOCUMENT = """<?xml version="1.0" encoding="UTF-8"?>
<frequencies created_timestamp="2026-01-15T09:30:00+00:00" validity="2026-01-01T00:00:00+00:00">
<marker><name>VWA</name><alleles>1, 14, 15, 99</alleles>
<origin name="NORTH" n="200">
<frequency allele="1">1.5E-03</frequency>
<frequency allele="14">0.5</frequency>
<frequency allele="15.0">.</frequency>
</origin>
<origin name="South 南" n="100"><frequency allele="14">1</frequency></origin>
</marker>
<marker><name>PENTA_D</name><alleles>9</alleles>
<origin name="NORTH"><frequency allele="9">1.0</frequency></origin>
</marker>
</frequencies>
""".replace(">.<", ">4.985e-1<")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("strider") / "given.xml"


@pytest.fixture
def read(place: Path) -> Callable[..., AlleleFrequencies]:
    def reader(text: str, origin: str | None = None) -> AlleleFrequencies:
        place.write_text(text, encoding="utf-8")
        return read_strider(place, origin)

    return reader


def figures(table: AlleleFrequencies) -> dict[str, dict[str, float]]:
    return {name: dict(alleles) for name, alleles in table.loci.items()}


def test_the_example_file_is_read(shared_formats: Path) -> None:
    table = read_strider(shared_formats / "strider_frequencies_example.xml")
    assert table.name == "SYNTHETIA"
    assert list(table.loci) == ["D3S1358", "vWA", "D16S539"]
    assert table.loci["vWA"]["17"] == 0.2493
    assert table.people == dict.fromkeys(table.loci, 200)
    assert table.cautions == ()
    assert "SYNTHETIA, created 2026-01-15" in table.source


def test_one_origin_is_read(read: Callable[..., AlleleFrequencies]) -> None:
    north = read(DOCUMENT, "north")
    assert (north.name, dict(north.people)) == ("NORTH", {"vWA": 200, "Penta D": None})
    assert figures(north) == {"vWA": {"1": 0.0015, "14": 0.5, "15": 0.4985}, "Penta D": {"9": 1.0}}
    assert north.cautions == ("vWA: allele 1 stands for all rarer shorter alleles",)
    south = read(DOCUMENT, "South 南")
    assert figures(south) == {"vWA": {"14": 1.0}}


@pytest.mark.parametrize("origin", [None, "EAST", ""])
def test_an_origin_that_is_not_there_or_not_the_only_one_is_asked_for(
    read: Callable[..., AlleleFrequencies], place: Path, origin: str | None
) -> None:
    with pytest.raises(UnknownName, match="NORTH, South 南") as caught:
        read(DOCUMENT, origin)
    assert (caught.value.file, caught.value.line, caught.value.field) == (str(place), 2, "origin")


def test_rare_alleles_keep_their_share(read: Callable[..., AlleleFrequencies]) -> None:
    text = DOCUMENT.replace('allele="15.0"', 'allele="99"')
    table = read(text, "NORTH")
    assert sum(table.loci["vWA"].values()) == pytest.approx(1)
    assert table.cautions[1] == "vWA: allele 99 stands for all rarer longer alleles"
    labels, used = table.ladder("vWA", extra=["21"])
    assert labels == ("1", "14", "21", "99")
    assert used[2] == pytest.approx(5 / 400)


@pytest.mark.parametrize(
    ("old", "new", "line", "kind", "says"),
    [
        ("<frequencies c", "<frequency c", 14, FormatError, "not well-formed"),
        ("frequencies", "frequency", 2, FormatError, "no STRidER file"),
        ("marker>", "market>", 3, FormatError, "does not belong"),
        ("VWA", "", 3, FormatError, "0 characters"),
        ("VWA", "V" * 41, 3, FormatError, "41 characters"),
        ("PENTA_D", "vwa", 12, FormatError, "vWA is told twice of NORTH"),
        ('"South 南"', '"North"', 9, FormatError, "vWA is told twice of North"),
        ('"South 南"', '""', 9, FormatError, "0 characters"),
        ('n="200"', 'n="0"', 4, FormatError, '"0" people'),
        ('n="200"', 'n="1e3"', 4, FormatError, '"1e3" people'),
        ('n="200"', f'n="{"9" * 5000}"', 4, FormatError, "people"),
        ("0.5<", "nan<", 6, FrequencyError, '"nan"'),
        ("0.5<", "1e999<", 6, FrequencyError, '"1e999"'),
        ("0.5<", "-0.5<", 6, FrequencyError, '"-0.5"'),
        ("0.5<", "1.5<", 6, FrequencyError, '"1.5"'),
        ("0.5<", "0,5<", 6, FrequencyError, '"0,5"'),
        ("0.5<", "<", 6, FrequencyError, '""'),
        ("0.5<", "0.4<", 4, FrequencyError, "sum to 0.9"),
        ('"15.0"', '"14"', 7, FormatError, "allele 14 of vWA is told twice"),
        ('"15.0"', '"OL"', 7, InputError, "is not an allele"),
        ('"15.0"', '"9' + " " * 60 + 'x"', 7, InputError, "is not an allele"),
        ('<frequency allele="9">1.0</frequency>', "", 12, FormatError, "no frequencies of Penta D"),
        ('<frequency allele="9">1.0</frequency>', "<x/>", 12, FormatError, "does not belong"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_its_line(
    read: Callable[..., AlleleFrequencies], place: Path, old: str, new: str, line: int, kind: type[InputError], says: str
) -> None:
    assert old in DOCUMENT
    with pytest.raises(kind) as caught:
        read(DOCUMENT.replace(old, new), "NORTH")
    assert (caught.value.file, caught.value.line) == (str(place), line)
    assert says in str(caught.value)


def test_a_file_without_origins_is_refused(read: Callable[..., AlleleFrequencies]) -> None:
    for text in ("<frequencies/>", "<frequencies><marker><name>VWA</name></marker></frequencies>"):
        with pytest.raises(FormatError, match="holds no origin"):
            read(text)


def test_encodings_and_line_ends_are_understood(place: Path) -> None:
    for data in (
        codecs.BOM_UTF8 + DOCUMENT.encode(),
        DOCUMENT.replace("\n", "\r\n").encode(),
        DOCUMENT.encode("utf-16"),
        DOCUMENT.replace("UTF-8", "gb18030").encode("gb18030"),
    ):
        place.write_bytes(data)
        assert read_strider(place, "south 南").name == "South 南"


def read_north(path: Path) -> AlleleFrequencies:
    return read_strider(path, "NORTH")


@pytest.mark.parametrize(
    "data",
    [
        DOCUMENT.encode("gbk"),
        DOCUMENT.replace("<freq", '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><freq', 1).encode(),
        b"<frequencies>" * 100_000,
        b"",
    ],
)
def test_hostile_files_are_refused_with_their_line(
    place: Path, refused: Callable[[Callable[[Path], Any], Path], InputError | None], data: bytes
) -> None:
    place.write_bytes(data)
    error = refused(read_north, place)
    assert error is not None
    assert error.line


def test_a_file_cut_off_anywhere_is_refused(
    place: Path, refused: Callable[[Callable[[Path], Any], Path], InputError | None]
) -> None:
    data = DOCUMENT.strip().encode()
    for length in range(len(data)):
        place.write_bytes(data[:length])
        error = refused(read_north, place)
        assert error is not None
        assert error.line
    place.write_bytes(data)
    assert refused(read_north, place) is None


@given(st.data())
def test_spoiled_files_are_refused_or_read(
    place: Path,
    spoiled: Callable[[st.DataObject, bytes], bytes],
    refused: Callable[[Callable[[Path], Any], Path], InputError | None],
    data: st.DataObject,
) -> None:
    place.write_bytes(spoiled(data, DOCUMENT.encode()))
    error = refused(read_north, place)
    assert error is None or error.line


@pytest.mark.parametrize("name", population_names())
def test_the_shipped_tables_come_back(place: Path, name: str) -> None:
    table = population(name)
    moment = datetime(2026, 1, 15, tzinfo=UTC)
    write_strider(place, table, created=moment, valid_from=moment)
    back = read_strider(place)
    assert (back.name, figures(back)) == (name, figures(table))
    assert {locus: back.people[locus] for locus in table.loci} == {locus: table.people.get(locus) for locus in table.loci}
    assert "created 2026-01-15T00:00:00+00:00" in back.source


def test_markers_are_written_in_upper_case(place: Path) -> None:
    table = AlleleFrequencies("N", {"vWA": {"14": 1.0}, "Penta D": {"9": 1.0}, "Own name": {"9": 1.0}})
    write_strider(place, table)
    text = place.read_text("utf-8")
    assert "<name>VWA</name>" in text
    assert "<name>PENTA D</name>" in text
    assert "<name>Own name</name>" in text


@pytest.mark.parametrize(
    "table",
    [
        AlleleFrequencies("N", {}),
        AlleleFrequencies("", {"vWA": {"14": 1.0}}),
        AlleleFrequencies(" N", {"vWA": {"14": 1.0}}),
        AlleleFrequencies("N\0", {"vWA": {"14": 1.0}}),
        AlleleFrequencies("N", {"vwa": {"14": 1.0}}),
        AlleleFrequencies("N", {"": {"14": 1.0}}),
        AlleleFrequencies("N", {"vWA": {"014": 1.0}}),
        AlleleFrequencies("N", {"vWA": {"rare": 1.0}}),
    ],
)
def test_what_cannot_be_read_again_is_not_written(tmp_path: Path, table: AlleleFrequencies) -> None:
    with pytest.raises(InputError) as caught:
        write_strider(tmp_path / "new.xml", table)
    assert caught.value.file == str(tmp_path / "new.xml")
    assert not list(tmp_path.iterdir())


LOCI = [*sorted({one.name for kit in panels().values() for one in kit.loci}), "unknown locus", "D99S1"]
ALLELES = st.integers(1, 99).map(str) | st.builds("{}.{}".format, st.integers(1, 60), st.integers(1, 3))


@st.composite
def tables(draw: st.DrawFn) -> AlleleFrequencies:
    loci, people = {}, {}
    for name in draw(st.lists(st.sampled_from(LOCI), min_size=1, max_size=4, unique=True)):
        weights = draw(st.dictionaries(ALLELES, st.floats(1e-9, 1), min_size=1, max_size=12))
        loci[name] = {allele: weight / sum(weights.values()) for allele, weight in weights.items()}
        people[name] = draw(st.none() | st.integers(1, 10**6))
    text = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cn"]), min_size=1, max_size=30)
    return AlleleFrequencies(draw(text.map(str.strip).filter(bool)), loci, people)


@given(tables())
def test_tables_written_and_read_are_the_same(place: Path, table: AlleleFrequencies) -> None:
    write_strider(place, table)
    back = read_strider(place, table.name)
    assert (back.name, figures(back), dict(back.people)) == (table.name, figures(table), dict(table.people))
    assert back.digest == table.digest
