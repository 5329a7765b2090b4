from __future__ import annotations

from pathlib import Path

import pytest

from wayhome.kinship.errors import FormatError, ProfileError
from wayhome.kinship.formats.delimited import MOST_CITED, Table, decimal_point, delimited, header_key, naming, shortened


def test_header_keys() -> None:
    assert {header_key(name) for name in ("Sample.Name", "sample_name", "SAMPLE  NAME", "SampleName")} == {"samplename"}


def test_the_delimiter_is_that_of_the_header() -> None:
    def sniffed(header: str) -> str:
        return Table.of("x", header + "\n").delimiter

    assert [sniffed("a,b"), sniffed("a;b"), sniffed("a\tb")] == [",", ";", "\t"]
    assert sniffed('"a, or, b";c') == ";"
    assert sniffed("a\tb, c\td") == "\t"


def test_a_strangers_text_is_cut_and_made_printable() -> None:
    assert shortened("a\tb\x00c") == "a b�c"
    assert shortened("x" * 100, 10) == "x" * 9 + "…"


def test_a_decimal_comma_is_told_from_two_alleles() -> None:
    told = {"9,3": "9.3", " 32,2 ": "32.2", "15,0": "15.0", "15,16": "15,16", "9,8": "9,8", "9.3": "9.3", "OL": "OL"}
    assert {text: decimal_point(text) for text in told} == told


def test_rows_know_their_line() -> None:
    table = Table.of("x", 'a,b\n1,2\n\n"3\n3",4\n,\n5,6,,\n')
    assert list(table.rows()) == [(2, ["1", "2"]), (4, ["3\n3", "4"]), (7, ["5", "6"])]
    assert list(table.rows()) == list(table.rows())


def test_a_header_over_several_lines_after_comments() -> None:
    table = Table.of("x", '# about\n\n , \n"a\nb",c\n1,2\n')
    assert table.comments == ("about",)
    assert table.header.names == ("a\nb", "c")
    assert table.header.line == 4
    assert list(table.rows()) == [(6, ["1", "2"])]


def test_a_form_feed_ends_no_row() -> None:
    assert list(Table.of("x", "a,b\n1\x0c\u2028,2\n").rows()) == [(2, ["1\x0c\u2028", "2"])]


def test_columns_are_found_by_any_of_their_names() -> None:
    header = Table.of("x", "Sample Name,Allele 1,allele_2,Allele 4\n").header
    assert header.find("sample", "sample name") == 0
    assert header.find("marker") is None
    assert header.numbered("allele") == (1, 2)
    with pytest.raises(FormatError, match='no column "marker"') as caught:
        header.require("marker", "locus")
    assert (caught.value.line, caught.value.field) == (1, "marker")
    assert '"Sample Name", "Allele 1"' in caught.value.remedy


def test_errors_get_their_file_and_are_shortened() -> None:
    with pytest.raises(ProfileError) as caught, naming("x.csv"):
        raise ProfileError("a" * 10_000, "b\x00" * 10_000, field="c" * 1000)
    assert caught.value.file == "x.csv"
    assert len(caught.value.problem) == len(caught.value.remedy) == MOST_CITED
    assert str(caught.value).isprintable()
    with pytest.raises(FormatError, match="cannot be read: Is a directory"), naming("x.csv"):
        Path("/").read_bytes()


def test_a_table_is_written_with_quotes_where_needed() -> None:
    assert delimited(["a", "b"], [["1;2", 'x"y']], ";") == 'a;b\n"1;2";"x""y"\n'
    with pytest.raises(FormatError, match="cannot part cells"):
        delimited(["a"], [], "|")
