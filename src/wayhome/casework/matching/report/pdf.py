"""From plain values to a PDF. The template is a program that is given data, and data never become part of it."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterator
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Literal, cast

from django.utils.translation import gettext, override

from wayhome import __version__, kinship
from wayhome.casework.matching.report.document import document
from wayhome.casework.matching.report.facts import LANGUAGES, ReportFacts
from wayhome.casework.matching.report.typesetting import FONTS, font, typeset


def report_pdf(facts: ReportFacts, assessment: kinship.Assessment, language: str) -> bytes:
    """The report. Equal arguments and equal tools (`what_made_it`) give equal bytes, whatever the clock, the zone and the locale.

    Parameters
    ----------
    facts, assessment : of one case; as stored and read again, or as made.
    language : "en", "zh-hans" or "vi".

    Raises
    ------
    kinship.InputError
        for facts of another case, or a language that there is none of.
    FontMissing
    """
    return cast(bytes, _compiled(facts, assessment, language, "pdf"))


def report_pages(facts: ReportFacts, assessment: kinship.Assessment, language: str, *, ppi: float = 72) -> list[bytes]:
    """The pages as PNG, to be looked at."""
    pages = _compiled(facts, assessment, language, "png", ppi)
    return [pages] if isinstance(pages, bytes) else pages


@cache
def _what_made_it() -> tuple[tuple[str, str], ...]:
    sources = {path.name: path.read_bytes() for path in _sources()}
    told = [("wayhome", __version__), ("report", kinship.digest({name: _sha256(text) for name, text in sources.items()}))]
    told.append(("typst", metadata.version("typst")))
    for family, (package, _file) in FONTS.items():
        version = metadata.version(package.replace("_", "-"))
        told.append((f"{family} ({version})", _sha256(font(family).read_bytes())))
    texts = sorted({text for name, source in sources.items() if name.endswith(".py") for text in _texts(source)})
    for language in LANGUAGES[1:]:
        with override(language):
            told.append((f"words {language}", kinship.digest([[text, gettext(text)] for text in texts])))
    return tuple(told)


def _sources() -> list[Path]:
    """The program of the report: its modules, and the template."""
    return sorted(path for path in Path(__file__).parent.iterdir() if path.suffix in (".py", ".typ"))


def _texts(source: bytes) -> Iterator[str]:
    """What a module has translated. The rest of the catalogues is the house's, and may change without changing a report."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_":
            yield from (one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str))


def what_made_it() -> dict[str, str]:
    """Everything but the data that a report's bytes depend on, with version or SHA-256: to be kept beside the report."""
    return dict(_what_made_it())


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _compiled(
    facts: ReportFacts, assessment: kinship.Assessment, language: str, form: Literal["pdf", "png"], ppi: float | None = None
) -> bytes | list[bytes]:
    return typeset(document(facts, assessment, language, what_made_it()), form, ppi)
