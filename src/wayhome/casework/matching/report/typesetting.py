"""Typst, with its fonts: a template, which is a program without words, and values, which never become part of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Literal

import typst

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


def template() -> bytes:
    """Sets what `sheet.sheet` makes: generic blocks, and no words of its own."""
    return resources.files(__package__).joinpath("report.typ").read_bytes()


def typeset(values: Mapping[str, Any], form: Literal["pdf", "png"] = "pdf", ppi: float | None = None) -> bytes | list[bytes]:
    """A paper as PDF, or its pages as PNG (one page is bytes, several a list). Equal values give equal bytes, whatever the clock.

    Raises
    ------
    FontMissing
    """
    data = json.dumps(
        _displayable(dict(values) | {"families": list(FAMILIES)}), ensure_ascii=False, sort_keys=True, allow_nan=False
    )
    compiler = typst.Compiler(template(), font_paths=_fonts(), ignore_system_fonts=True, sys_inputs={"data": data})
    standards = list(STANDARDS) if form == "pdf" else []
    made = compiler.compile(format=form, ppi=ppi, pdf_standards=standards, timestamp=0)  # type: ignore[arg-type]
    assert made is not None
    return made


class FontMissing(RuntimeError):
    """A font of a paper is not installed."""


def font(family: str) -> Path:
    package, file = FONTS[family]
    try:
        path = Path(str(resources.files(package))) / file
    except ModuleNotFoundError:
        path = None
    if path is None or not path.is_file():
        raise FontMissing(f"the font {family} is not installed: run `pip install {package.replace('_', '-')}`")
    return path


@cache
def _fonts() -> typst.Fonts:
    """The house's own and those in typst itself; none of the system, which differs from machine to machine."""
    return typst.Fonts(include_system_fonts=False, font_paths=[str(font(family).parent) for family in FONTS])


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
