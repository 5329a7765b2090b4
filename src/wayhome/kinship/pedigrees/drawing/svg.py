"""The picture of a pedigree as SVG, for a page or a file.

Symbols after Bennett, French, Resta & Doyle (2008), Standardized human pedigree nomenclature, J Genet Couns 17:424-433, and
Bennett, French, Resta & Austin (2022), J Genet Couns 31:1238-1248: square, circle and diamond, a slash for the deceased, a double
line for partners who are related, an arrow for whoever is pointed out. Own to this house: the missing child's heavy outline with
a question mark, and the dot of those who were typed; the legend tells them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from html import escape

from wayhome.kinship.errors import InputError, UnknownName
from wayhome.kinship.pedigrees.drawing import labels as text
from wayhome.kinship.pedigrees.drawing.layout import HALF, LETTERING, MARGIN, Layout, Line, Symbol, layout
from wayhome.kinship.pedigrees.pedigree import Pedigree, Sex

LEGEND: Mapping[str, str] = {
    "missing": "looked for",
    "typed": "DNA profile known",
    "marked": "pointed out",
    "deceased": "deceased",
    "related": "partners are related",
    "copy": "the same person twice",
}
_LEGEND_ROW, _KEY = 24, 34
# Of a wide picture, scrolled on a phone, the legend is seen whole.
_LEGEND_WIDTH = 330
_SHAPES: Mapping[Sex, str] = {
    "M": '<rect x="-17" y="-17" width="34" height="34"{}/>',
    "F": '<circle r="19"{}/>',
    "U": '<path d="M0-21L21 0L0 21L-21 0Z"{}/>',
}
_HEAVY, _SLASH, _ARROW = ' stroke-width="4"', '<path d="M-22 22L22-22"/>', '<path d="M-32-27L-20-19M-21-27L-20-19L-28-18"/>'
_SCHEME = re.compile(r"([^/?#:]*):")


def pedigree_svg(
    pedigree: Pedigree,
    *,
    labels: Mapping[str, Sequence[str]] | None = None,
    typed: Collection[str] = (),
    deceased: Collection[str] = (),
    marked: Collection[str] = (),
    title: str = "",
    description: str = "",
    links: Mapping[str, str] | None = None,
    legend: Mapping[str, str] | None = None,
    prefix: str = "pedigree",
) -> str:
    """Any pedigree with the standard symbols, in rows of generations; the same input gives the same bytes.

    Lines and letters take the colour of the text around them; there is no script, no style and nothing from elsewhere, so that
    the strictest content security policy shows the picture inside a page.

    Parameters
    ----------
    labels : member -> up to three lines below the symbol, wrapped, and shortened where they do not fit; the id where a member has
        none, nothing where it has no line.
    typed : members with a dot, whose DNA profile is known.
    deceased : members with a slash.
    marked : members with an arrow.
    title : the accessible name; "Pedigree of" and the pedigree's name by default.
    description : what a screen reader tells; by default who is whose child.
    links : member -> address that the symbol leads to, of http or https, or relative.
    legend : words for "missing", "typed", "marked", "deceased", "related" and "copy" in place of the English ones; an empty word
        leaves the entry out. Only what occurs is told.
    prefix : begins the ids in the document; another for each picture on one page.

    Returns
    -------
    str
        an `<svg>` element, which is also a whole document; width and height in pixels.

    Raises
    ------
    UnknownName
        for a member that the pedigree does not have, or a word of the legend that there is not.
    InputError
        for a link with another scheme.
    """
    labels, links, legend = labels or {}, links or {}, legend or {}
    for name in (*labels, *typed, *deceased, *marked, *links):
        pedigree[name]
    for word in legend:
        if word not in LEGEND:
            raise UnknownName(f'the legend has no entry "{word}"', f"Its entries are {', '.join(LEGEND)}", field=word)
    for name, address in links.items():
        scheme = _SCHEME.match(text.clean(address))
        # Browsers skip control characters in a scheme: whatever stands before a colon must be known as it is.
        if scheme and scheme[1].lower() not in ("http", "https"):
            raise InputError(
                f"the link of {name} has the scheme {scheme[1]!r}", "Give an http, https or relative link", field=name
            )
    drawing = _Drawing(pedigree, labels, (frozenset(typed), frozenset(deceased), frozenset(marked)), links)
    return "\n".join(drawing.document(title, description, {**LEGEND, **legend}, prefix)) + "\n"


class _Drawing:
    """A layout, and what is to be said of its members."""

    def __init__(
        self,
        pedigree: Pedigree,
        labels: Mapping[str, Sequence[str]],
        marks: tuple[frozenset[str], frozenset[str], frozenset[str]],
        links: Mapping[str, str],
    ) -> None:
        self.pedigree, self.labels, self.links = pedigree, labels, links
        self.typed, self.deceased, self.marked = marks
        self.layout: Layout = layout(pedigree, labels)

    def document(self, title: str, description: str, legend: Mapping[str, str], prefix: str) -> Iterator[str]:
        """The lines of the document."""
        entries = [(key, text.clean(legend[key])) for key in LEGEND if self._occurs(key) and legend[key].strip()]
        rows = list(_rows(entries, min(self.layout.width, _LEGEND_WIDTH)))
        width = max(self.layout.width, *(x for row in rows for *_, x in row), 0)
        height = self.layout.height + MARGIN + (_LEGEND_ROW * len(rows) + MARGIN if rows else 0)
        ids = [escape(f"{prefix}-{part}") for part in ("title", "description")]
        # Inside role="img" nothing can be reached: a picture with links is a group.
        yield (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="pedigree" viewBox="0 0 {width} {height}" width="{width}" '
            f'height="{height}" role="{"group" if self.links else "img"}" aria-labelledby="{ids[0]}" aria-describedby="{ids[1]}" '
            'fill="none" stroke="currentColor" stroke-width="1.5" '
            f"font-family=\"system-ui,'Noto Sans','DejaVu Sans',sans-serif\" font-size=\"{text.FONT}\">"
        )
        yield f'<title id="{ids[0]}">{_text(title or f"Pedigree of {self.pedigree.name}")}</title>'
        yield f'<desc id="{ids[1]}">{_text(description or self._description())}</desc>'
        aside = (width - self.layout.width) // 2
        yield f'<g transform="translate({aside} 0)">' if aside else "<g>"
        yield from self._lines()
        for symbol in self.layout.symbols:
            yield from self._member(symbol)
        yield "</g>"
        yield from self._legend(rows)
        yield "</svg>"

    def _occurs(self, key: str) -> bool:
        match key:
            case "missing":
                return self.pedigree.missing is not None
            case "related":
                return any(line.related for line in self.layout.lines)
            case "copy":
                return any(symbol.copy for symbol in self.layout.symbols)
            case _:
                return bool({"typed": self.typed, "marked": self.marked, "deceased": self.deceased}[key])

    def _lines(self) -> Iterator[str]:
        for line in self.layout.lines:
            dash = ' stroke-dasharray="5 4"' if line.kind == "tie" else ""
            yield f'<path class="{line.kind}" d="{_path(line)}"{dash}/>'

    def _member(self, symbol: Symbol) -> Iterator[str]:
        name = symbol.member
        link = self.links.get(name)
        told = ", ".join(line for line in map(text.clean, self.labels.get(name, (name,))) if line) or text.clean(name)
        yield f'<g class="member" transform="translate({symbol.x} {symbol.y})">'
        if link is not None:
            yield f'<a href="{_text(link)}" aria-label="{_text(told)}">'
        yield f"<title>{_text(told)}</title>"
        # Filled with nothing that can be seen, so that the whole symbol can be pressed.
        yield "".join(self._symbol(name, bool(symbol.copy)))
        for k, line in enumerate(symbol.label):
            y = HALF + 2 + LETTERING * k + text.FONT
            yield f'<text y="{y}" text-anchor="middle" fill="currentColor" stroke="none">{escape(line)}</text>'
        if link is not None:
            yield "</a>"
        yield "</g>"

    def _symbol(self, name: str, again: bool) -> Iterator[str]:
        missing = name == self.pedigree.missing
        style = (_HEAVY if missing else "") + (' stroke-dasharray="5 4"' if again else "") + ' pointer-events="all"'
        yield _SHAPES[self.pedigree[name].sex].format(style)
        if missing:
            yield _question(22)
        if name in self.deceased:
            yield _SLASH
        if name in self.typed:
            yield '<circle cx="15" cy="15" r="6" fill="currentColor"/>'
        if name in self.marked:
            yield _ARROW

    def _legend(self, rows: Sequence[Sequence[tuple[str, str, int, int]]]) -> Iterator[str]:
        y = self.layout.height + 2 * MARGIN
        for k, row in enumerate(rows):
            for key, word, x, _ in row:
                yield (
                    f'<g class="legend" transform="translate({x} {y + _LEGEND_ROW * k})">{_ICONS[key]}'
                    f'<text x="{_KEY}" y="13" fill="currentColor" stroke="none">{escape(word)}</text></g>'
                )

    def _description(self) -> str:
        told = [f"{len(self.pedigree)} member{'' if len(self.pedigree) == 1 else 's'}."]
        for member in self.pedigree:
            what = [{"M": "male", "F": "female", "U": "sex not known"}[member.sex]]
            what += ["looked for"] * (member.id == self.pedigree.missing)
            what += [word for word, names in (("typed", self.typed), ("deceased", self.deceased)) if member.id in names]
            if member.parents:
                what.append(f"child of {' and '.join(self._name(parent) for parent in member.parents)}")
            told.append(f"{self._name(member.id)}: {', '.join(what)}.")
        return " ".join(told)

    def _name(self, member: str) -> str:
        return next((line for line in map(text.clean, self.labels.get(member, (member,))) if line), member)


def _question(size: int) -> str:
    return (
        f'<text y="{size * 0.36:.0f}" text-anchor="middle" font-size="{size}" font-weight="700" fill="currentColor" '
        'stroke="none" aria-hidden="true">?</text>'
    )


_ICONS: Mapping[str, str] = {
    "missing": f'<g transform="translate(16 9)"><rect x="-9" y="-9" width="18" height="18" stroke-width="3"/>{_question(13)}</g>',
    "typed": '<rect x="7" width="16" height="16"/><circle cx="22" cy="15" r="5" fill="currentColor"/>',
    "marked": '<path d="M8 1L20 12M20 4V12H12"/>',
    "deceased": '<rect x="8" y="1" width="16" height="16"/><path d="M5 20L27-2"/>',
    "related": '<path d="M3 6.5H29M3 11.5H29"/>',
    "copy": '<path d="M3 9H29" stroke-dasharray="5 4"/>',
}


def _rows(entries: Sequence[tuple[str, str]], width: int) -> Iterator[list[tuple[str, str, int, int]]]:
    """(key, word, from x, to x), as many in a row as fit."""
    row: list[tuple[str, str, int, int]] = []
    for key, word in entries:
        x = row[-1][3] + 16 if row else MARGIN
        end = x + _KEY + round(text.width(word))
        if row and end > width - MARGIN:
            yield row
            row, end, x = [], MARGIN + _KEY + round(text.width(word)), MARGIN
        row.append((key, word, x, end))
    if row:
        yield row


def _path(line: Line) -> str:
    if not line.related:
        return _polygon(line.points)
    # The second line runs inside the arc, or below.
    if len(line.points) == 2:
        (a, y), (b, _) = line.points
        return f"M{a} {y - 2.5:.1f}H{b}M{a} {y + 2.5:.1f}H{b}"
    (x1, y1), (_, high), (x2, y2), _ = line.points[0], line.points[1], line.points[3], line.points[2]
    return f"M{x1} {y1}V{high}H{x2}V{y2}M{x1 + 4} {y1}V{high + 4}H{x2 - 4}V{y2}"


def _polygon(points: Sequence[tuple[int, int]]) -> str:
    return "M" + "L".join(f"{x} {y}" for x, y in points)


def _text(value: str) -> str:
    return escape(text.clean(value))
