"""The pedigree's picture and its letters apart: typesetting sets the letters, in fonts that have them, at the places they had."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from defusedxml.ElementTree import fromstring

_SVG = "{http://www.w3.org/2000/svg}"


@dataclass(frozen=True)
class Drawing:
    """Lines and symbols as SVG of so many pixels, and letters: text, place of its baseline, size, whether it is centred, bold."""

    svg: str
    width: float
    height: float
    letters: tuple[dict[str, Any], ...]


def parted(svg: str) -> Drawing:
    """A drawing of `kinship.pedigree_svg`."""
    root = fromstring(svg)
    size = float(root.attrib["font-size"])
    letters = tuple(_taken(root, 0.0, 0.0, size))
    for element in root.iter():
        element.tag = element.tag.removeprefix(_SVG)
    root.set("xmlns", _SVG[1:-1])
    lines = ET.tostring(root, encoding="unicode")
    return Drawing(lines, float(root.attrib["width"]), float(root.attrib["height"]), letters)


def _taken(element: ET.Element, x: float, y: float, size: float) -> Iterator[dict[str, Any]]:
    """The letters below an element, taken out of it."""
    moved = element.get("transform", "")
    if moved:
        dx, dy = (float(part) for part in moved.removeprefix("translate(").removesuffix(")").split())
        x, y = x + dx, y + dy
    for child in list(element):
        if child.tag == f"{_SVG}text":
            element.remove(child)
            yield {
                "text": child.text or "",
                "x": x + float(child.get("x", 0)),
                "y": y + float(child.get("y", 0)),
                "size": float(child.get("font-size", size)),
                "middle": child.get("text-anchor") == "middle",
                "bold": child.get("font-weight") == "700",
            }
        else:
            yield from _taken(child, x, y, size)
