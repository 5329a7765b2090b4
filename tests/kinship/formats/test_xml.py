from __future__ import annotations

import codecs
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wayhome.kinship.errors import FormatError, InputError
from wayhome.kinship.formats import xml
from wayhome.kinship.formats.source import Source
from wayhome.kinship.formats.xml import Element, XmlText, elements

DOCUMENT = """<?xml version="1.0" encoding="UTF-8"?>
<r xmlns="urn:a" xmlns:b="urn:b">
 <!-- a comment -->
 <one b:k="v">
  first <inner/> second
 </one>
 <b:two><![CDATA[<3]]>&#x5bb6;</b:two>
</r>
"""


def parsed(data: bytes | str) -> list[Element]:
    data = data.encode() if isinstance(data, str) else data
    return list(elements(Source("given.xml", data)))


def refusal(data: bytes | str) -> FormatError:
    with pytest.raises(FormatError) as caught:
        parsed(data)
    assert caught.value.file == "given.xml"
    return caught.value


def test_elements_have_names_lines_text_and_attributes() -> None:
    root, one, two = parsed(DOCUMENT)
    assert (root.name, root.local, root.line, root.children) == ("{urn:a}r", "r", 2, [])
    assert (one.name, one.line, one.attributes) == ("{urn:a}one", 4, {"{urn:b}k": "v"})
    assert one.text == "first  second"
    assert [(child.local, child.line) for child in one.children] == [("inner", 5)]
    assert (two.name, two.text, two.line) == ("{urn:b}two", "<3家", 7)
    assert one.first("{urn:a}inner") is one.every("{urn:a}inner")[0]
    assert (one.first("inner"), one.value("inner")) == (None, "")


@pytest.mark.parametrize(
    "data",
    [
        DOCUMENT.encode(),
        codecs.BOM_UTF8 + DOCUMENT.encode(),
        DOCUMENT.replace("\n", "\r\n").encode(),
        DOCUMENT.replace("\n", "\r").encode(),
        DOCUMENT.encode("utf-16"),
        codecs.BOM_UTF16_BE + DOCUMENT.encode("utf-16-be"),
        DOCUMENT.encode("utf-16-le"),
        DOCUMENT.encode("utf-16-be"),
        DOCUMENT.replace("UTF-8", "GB18030").replace("&#x5bb6;", "家").encode("gb18030"),
        DOCUMENT.replace("UTF-8", "gb2312").replace("&#x5bb6;", "家").encode("gb2312"),
        DOCUMENT.replace(' encoding="UTF-8"', "").encode(),
        DOCUMENT.replace("UTF-8", "iso-8859-1").encode("latin-1"),
    ],
)
def test_the_encoding_and_line_ends_do_not_matter(data: bytes) -> None:
    assert [(e.name, e.line, e.text) for e in parsed(data)] == [(e.name, e.line, e.text) for e in parsed(DOCUMENT)]


@pytest.mark.parametrize(
    "name", ["no-such", "hex", "punycode", "idna", "rot13", "utf-16", "unicode_escape", "zlib_codec", "utf-7"]
)
def test_an_encoding_that_is_not_one_or_not_true_is_refused(name: str) -> None:
    error = refusal(DOCUMENT.replace("UTF-8", name))
    assert name in error.problem
    assert error.line == 1


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"", 1),
        (b"\xff\xfe\x00\x00", 1),
        (b"plain text", 1),
        ("<r>\n<a>\xe9</a></r>".encode("latin-1"), 2),
        (b"<r>\n\n<a>\x00</a></r>", 3),
        (b"<r>\n<a>\x01</a></r>", 2),
        (b"<r>\n<a>\n</b></r>", 3),
        (b"<r>\n<a>", 2),
        (b"<r>\n<a x='1' x='2'/></r>", 2),
        (b"<r>\n&nothing;</r>", 2),
        (b"<r/>\n<r/>", 2),
        (b"<x:r/>", 1),
        (b"<?xml version='1.0' encoding='gb18030'?>\n<r>\x81</r>", 2),
        (b"<r>\n<" + b"n" * 300 + b"/></r>", 2),
    ],
)
def test_what_is_no_xml_is_refused_with_its_line(data: bytes, line: int) -> None:
    assert refusal(data).line == line


@pytest.mark.parametrize(
    "declaration",
    [
        '<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa">'
        + "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10 if i else "&a;" * 10}">' for i in range(12))
        + "]>",
        '<!DOCTYPE r SYSTEM "file:///etc/passwd">',
        '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE r [<!ENTITY % x SYSTEM "http://localhost/x.dtd"> %x;]>',
        "<!DOCTYPE r>",
    ],
)
def test_no_document_type_is_read(declaration: str) -> None:
    started = time.perf_counter()
    error = refusal(f"<?xml version='1.0'?>\n{declaration}<r>&a11;&x;</r>")
    assert "document type" in error.problem
    assert error.line == 2
    assert time.perf_counter() - started < 1


def test_depth_is_bounded_while_parsing() -> None:
    deepest = "<d>" * xml.MOST_DEPTH + "</d>" * xml.MOST_DEPTH
    assert len(parsed(deepest)) == 2
    assert "deeper" in refusal(f"<d>{deepest}</d>").problem
    started = time.perf_counter()
    error = refusal("<d>\n" * 100_000 + "</d>" * 100_000)
    assert (error.line, error.field) == (xml.MOST_DEPTH + 1, "d")
    assert time.perf_counter() - started < 1


def test_the_number_of_elements_is_bounded_while_parsing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml, "MOST_ELEMENTS", 10)
    assert len(parsed("<r>" + "<a/>" * 9 + "</r>")) == 10
    assert "more than 10" in refusal("<r>\n" + "<a/>" * 10 + "</r>").problem
    monkeypatch.setattr(xml, "MOST_IN_RECORD", 3)
    assert len(parsed("<r><a><b/><b/></a><a><b/><b/></a></r>")) == 3
    assert "in one record" in refusal("<r><a/><a><b/><b/><b/></a></r>").problem


@pytest.mark.parametrize("long", ["<a x='{}'/>", "<!-- {} -->", "<?p {} ?>", "<a {}"])
def test_a_tag_without_end_is_refused_quickly(long: str) -> None:
    started = time.perf_counter()
    error = refusal("<r>\n" + long.format("y" * 8_000_000) + "</r>")
    assert error.line == 2
    assert time.perf_counter() - started < 2


def test_long_text_is_no_long_tag() -> None:
    assert len(parsed("<r><a>" + "y\n" * 1_500_000 + "</a></r>")[1].text) == 2_999_999


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("xml") / "given.xml"


def read_all(path: Path) -> None:
    list(elements(Source.open(path)))


@given(st.data())
def test_spoiled_files_are_refused_or_read(
    place: Path,
    spoiled: Callable[[st.DataObject, bytes], bytes],
    refused: Callable[[Callable[[Path], None], Path], InputError | None],
    data: st.DataObject,
) -> None:
    place.write_bytes(spoiled(data, data.draw(st.sampled_from([DOCUMENT.encode(), DOCUMENT.encode("utf-16")]))))
    error = refused(read_all, place)
    assert error is None or (isinstance(error, FormatError) and error.line)


def test_a_file_cut_off_anywhere_is_refused() -> None:
    data = DOCUMENT.strip().encode()
    for length in range(len(data)):
        assert refusal(data[:length]).line


TEXT = st.text(st.characters(exclude_categories=["Cs", "Cn", "Cc"]) | st.sampled_from("\r\n\t<>&\"']]>")).map(str.strip)


@given(TEXT, TEXT)
def test_any_text_comes_back(text: str, value: str) -> None:
    document = XmlText()
    document.open("r", {"a": value, "b": None})
    document.leaf("t", text, {"a": value})
    document.close()
    root, leaf = parsed(str(document))
    assert root.attributes == {"a": value}
    assert (leaf.text, leaf.attributes["a"]) == (text, value)


@pytest.mark.parametrize("text", ["\0", "a\x0bb", "\ud800", "\ufffe", " a", "a\n", "\u3000a"])
def test_text_that_would_not_come_back_is_refused(text: str) -> None:
    for write in (lambda: XmlText().leaf("t", text), lambda: XmlText().open("t", {"t": text})):
        with pytest.raises(FormatError) as caught:
            write()
        assert caught.value.field == "t"
