"""XML in and out: read record by record without ever trusting the file, written so that any text survives.

Reading refuses document type declarations, entities and external references (defusedxml), and bounds depth, number of
elements and length of a tag while it parses, so that time and memory depend on the file's size alone. Every element knows its
line.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from xml.etree.ElementTree import ParseError
from xml.parsers.expat import ErrorString, XMLParserType

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from wayhome.kinship.errors import FormatError, InputError
from wayhome.kinship.formats.source import Source

MOST_DEPTH = 64
MOST_ELEMENTS = 8_000_000
"""A CODIS file of the largest size read at all holds about six million."""
MOST_IN_RECORD = 100_000
"""In one child of the root, which is held in memory whole."""
MOST_TAG_BYTES = 1024 * 1024
"""Of one tag with its attributes, or one comment: expat reads an unfinished one again with every piece of the file."""
MOST_NAME = 256

_PIECE = 64 * 1024

_ENCODINGS = frozenset(
    {"utf-8", "ascii", "gb2312", "gbk", "gb18030", "big5", "big5hkscs", "shift_jis", "euc_jp", "euc_kr", "koi8-r"}
    | {f"iso8859-{part}" for part in range(1, 17)}
    | {f"cp{page}" for page in range(1250, 1259)}
)
"""Character encodings; other codecs of Python decode programs' data, some of them in quadratic time."""

_DECLARED = re.compile(rb"""\s*<\?xml\s[^>]*?\bencoding\s*=\s*["']([A-Za-z][A-Za-z0-9._-]{0,39})["']""")
_IN_TEXT = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
_IN_QUOTES = _IN_TEXT | str.maketrans({'"': "&quot;", "\n": "&#10;", "\t": "&#9;"})
"""Escapes; those of xml.sax.saxutils would bring in an HTTP client."""
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(eq=False, slots=True)
class Element:
    """One element with what it holds.

    Parameters
    ----------
    name : "{namespace}local", or the local name where there is no namespace.
    line : where its start tag begins, from 1.
    text : its own text, without that of its children, outer blanks dropped.
    """

    name: str
    attributes: Mapping[str, str]
    line: int
    text: str = ""
    children: list[Element] = field(default_factory=list)

    @property
    def local(self) -> str:
        """The name without its namespace."""
        return self.name.rpartition("}")[2]

    def first(self, name: str) -> Element | None:
        """The first child of that name, None where there is none."""
        return next((child for child in self.children if child.name == name), None)

    def every(self, name: str) -> list[Element]:
        """All children of that name."""
        return [child for child in self.children if child.name == name]

    def value(self, name: str) -> str:
        """Text of the first child of that name, "" where there is none."""
        child = self.first(name)
        return "" if child is None else child.text

    def error(self, problem: str, remedy: str) -> FormatError:
        """An error at this element."""
        return FormatError(problem, remedy, line=self.line, field=self.local)

    @contextmanager
    def naming(self) -> Iterator[None]:
        """Fill in the line in every InputError that passes through."""
        try:
            yield
        except InputError as error:
            raise error.at(line=self.line)  # noqa: B904  the same error


class _Builder:
    """Target of the parser: the root and each finished child of the root go to `ready`."""

    def __init__(self) -> None:
        self.ready: list[Element] = []
        self.expat: XMLParserType
        self._open: list[Element] = []
        self._texts: list[list[str]] = []
        self._count = 0
        self._in_record = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        depth = len(self._open)
        self._count += 1
        self._in_record = self._in_record + 1 if depth > 1 else 1
        element = Element(name, attributes, self.expat.CurrentLineNumber)
        if len(name) > MOST_NAME:
            element.name = name[:MOST_NAME]
            raise element.error(f"is a name of {len(name):,} characters", "Export the file again")
        if self._count > MOST_ELEMENTS:
            raise element.error(f"is one of more than {MOST_ELEMENTS:,} elements", "Split the file")
        if self._in_record > MOST_IN_RECORD:
            raise element.error(f"is one of more than {MOST_IN_RECORD:,} elements in one record", "Export the file again")
        if depth == MOST_DEPTH:
            raise element.error(f"is nested deeper than {MOST_DEPTH} elements", "Export the file again")
        if depth == 0:
            self.ready.append(element)
        elif depth > 1:
            self._open[-1].children.append(element)
        self._open.append(element)
        self._texts.append([])

    def data(self, text: str) -> None:
        self._texts[-1].append(text)

    def end(self, _name: str) -> None:
        element = self._open.pop()
        element.text = "".join(self._texts.pop()).strip()
        if len(self._open) == 1:
            self.ready.append(element)

    def close(self) -> None:
        pass

    def take(self) -> list[Element]:
        ready, self.ready = self.ready, []
        return ready


def elements(source: Source) -> Iterator[Element]:
    """The root element, as yet without children and text, then its children in order, each whole.

    Raises
    ------
    FormatError
        while it is consumed, with the line: for text that is not well-formed or of another encoding, a document type
        declaration, an entity, or more than the limits of this module allow.
    """
    builder = _Builder()
    parser = DefusedXMLParser(target=builder, encoding="utf-8", forbid_dtd=True)
    expat = builder.expat = parser.parser
    text = source.text(_encoding(source))
    fed = 0
    try:
        for start in range(0, len(text), _PIECE):
            piece = text[start : start + _PIECE].encode()
            parser.feed(piece)
            fed += len(piece)
            if fed - expat.CurrentByteIndex > MOST_TAG_BYTES:
                raise FormatError(
                    f"holds a tag or comment of more than {MOST_TAG_BYTES:,} bytes",
                    "Export the file again",
                    line=expat.CurrentLineNumber,
                )
            yield from builder.take()
        parser.close()
        yield from builder.take()
    except ParseError as error:
        raise FormatError(
            f"is not well-formed XML: {ErrorString(error.code)}",
            "The file may be cut off or damaged: export it again",
            file=source.path,
            line=error.position[0],
        ) from None
    except DefusedXmlException:
        raise FormatError(
            "holds a document type declaration or an entity, which are not read",
            "Remove the <!DOCTYPE ...> part",
            file=source.path,
            line=expat.CurrentLineNumber,
        ) from None
    except FormatError as error:
        raise error.at(file=source.path) from None


def _encoding(source: Source) -> str | None:
    """What the bytes show or the XML declaration says; None leaves it to the byte order mark, else UTF-8."""
    data = source.data
    if data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return None
    if data[:4] == "<?".encode("utf-16-le"):
        return "utf-16-le"
    if data[:4] == "<?".encode("utf-16-be"):
        return "utf-16-be"
    declared = _DECLARED.match(data[:1024])
    if declared is None:
        return None
    name = declared[1].decode("ascii")
    try:
        known = codecs.lookup(name).name in _ENCODINGS
    except (LookupError, ValueError):
        known = False
    if not known:
        raise FormatError(
            f"says that its encoding is {name}, which is unknown or not what its bytes show",
            "Save it as UTF-8 and say so in the first line",
            file=source.path,
            line=1,
        )
    return name


class XmlText:
    """Builds an XML document line by line, checking and escaping every text.

    Raises
    ------
    FormatError
        for a character that XML cannot hold and for outer blanks, which readers drop; `field` is the element or attribute.
    """

    def __init__(self) -> None:
        self._lines = ['<?xml version="1.0" encoding="UTF-8"?>']
        self._open: list[str] = []

    def open(self, name: str, attributes: Mapping[str, str | None] | None = None) -> None:
        """A start tag; attributes that are None are left out."""
        self._line(f"<{name}{_attributes(attributes)}>")
        self._open.append(name)

    def close(self) -> None:
        """The end tag of the element that was opened last."""
        name = self._open.pop()
        self._line(f"</{name}>")

    def leaf(self, name: str, text: str = "", attributes: Mapping[str, str | None] | None = None) -> None:
        """An element with text only."""
        self._line(f"<{name}{_attributes(attributes)}>{_checked(name, text).translate(_IN_TEXT)}</{name}>")

    def _line(self, line: str) -> None:
        self._lines.append(" " * len(self._open) + line)

    def __str__(self) -> str:
        return "\n".join(self._lines) + "\n"


def _attributes(attributes: Mapping[str, str | None] | None) -> str:
    given = [(name, text) for name, text in (attributes or {}).items() if text is not None]
    return "".join(f' {name}="{_checked(name, text).translate(_IN_QUOTES)}"' for name, text in given)


def _checked(name: str, text: str) -> str:
    found = _NOT_IN_XML.search(text)
    if found:
        raise FormatError(f"the character U+{ord(found[0]):04X} cannot stand in XML", "Remove it", field=name)
    if text != text.strip():
        raise FormatError(f"{text!r} begins or ends with a blank, which readers drop", "Remove it", field=name)
    return text
