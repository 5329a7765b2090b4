"""From plain values to a PDF. The template is a program that is given data, and data never become part of it."""

from __future__ import annotations

import ast
import hashlib
import json
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import metadata, resources
from pathlib import Path
from typing import Any, Literal, cast

import typst
from django.utils.translation import gettext, override

from wayhome import __version__, kinship
from wayhome.casework.matching.report.document import document
from wayhome.casework.matching.report.facts import LANGUAGES, ReportFacts

FAMILIES = ("Noto Sans", "Noto Sans CJK SC")
"""Latin and Vietnamese letters, then Chinese ones."""
FONTS: Mapping[str, tuple[str, str]] = {
    "Noto Sans": ("fontpkg_noto_sans", "files/NotoSans[wdth,wght].ttf"),
    "Noto Sans CJK SC": ("manimgx_fonts_cjk", "NotoSansCJK-VF.otf.ttc"),
}
"""family -> package that holds it, and the file there"""
STANDARDS = ("a-2a", "ua-1")
"""For archives that must show it in decades, and for readers who cannot see it."""
_SURE = ((0x20, 0x7E), (0xA0, 0x17F), (0x1EA0, 0x1EF9), (0x4E00, 0x9FA5), (0x200B, 0x200B))
"""Letters that the fonts are known to have, from and to."""
_TRIAL = b"""
#set document(title: "x")
#set text(font: ("Noto Sans", "Noto Sans CJK SC"), features: (ccmp: 0))
a#sys.inputs.letter
"""


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
        told.append((f"{family} ({version})", _sha256(_font(family).read_bytes())))
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


class FontMissing(RuntimeError):
    """A font of the report is not installed."""


def _font(family: str) -> Path:
    package, file = FONTS[family]
    try:
        path = Path(str(resources.files(package))) / file
    except ModuleNotFoundError:
        path = None
    if path is None or not path.is_file():
        raise FontMissing(f"the font {family} is not installed: run `pip install {package.replace('_', '-')}`")
    return path


def _template() -> bytes:
    return resources.files(__package__).joinpath("report.typ").read_bytes()


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@cache
def _fonts() -> typst.Fonts:
    """The report's own and those in typst itself; none of the system, which differs from machine to machine."""
    return typst.Fonts(include_system_fonts=False, font_paths=[str(_font(family).parent) for family in FONTS])


@cache
def _shown(letter: str) -> bool:
    """Whether some font has the letter. The standards refuse a paper on which one is missing."""
    code = ord(letter)
    if any(first <= code <= last for first, last in _SURE):
        return True
    trial = typst.Compiler(_TRIAL, font_paths=_fonts(), ignore_system_fonts=True, sys_inputs={"letter": letter})
    try:
        trial.compile(format="pdf", pdf_standards=list(STANDARDS), timestamp=0)  # type: ignore[arg-type]
    except typst.TypstError:
        return False
    return True


def _displayable(value: Any) -> Any:
    """The values, with the code point of a letter in its place where no font has it."""
    if isinstance(value, str):
        return value if value.isascii() else "".join(c if _shown(c) else f"[U+{ord(c):04X}]" for c in value)
    if isinstance(value, dict):
        return {name: _displayable(one) for name, one in value.items()}
    return [_displayable(one) for one in value] if isinstance(value, list) else value


def _compiled(
    facts: ReportFacts, assessment: kinship.Assessment, language: str, form: Literal["pdf", "png"], ppi: float | None = None
) -> bytes | list[bytes]:
    values: dict[str, Any] = document(facts, assessment, language, what_made_it()) | {"families": list(FAMILIES)}
    data = json.dumps(_displayable(values), ensure_ascii=False, sort_keys=True, allow_nan=False)
    compiler = typst.Compiler(_template(), font_paths=_fonts(), ignore_system_fonts=True, sys_inputs={"data": data})
    standards = list(STANDARDS) if form == "pdf" else []
    made = compiler.compile(format=form, ppi=ppi, pdf_standards=standards, timestamp=0)  # type: ignore[arg-type]
    assert made is not None
    return made
