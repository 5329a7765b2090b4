"""STRidER's XML of allele frequencies: markers, in each the populations ("origins") that typed it.

After https://strider.online/frequencies/xml (Bodner 2016, Forensic Sci Int Genet 24:97-102). `n` counts people. STRidER calls the
rarer alleles below and above the others 1 and 99; they are kept under these names, so that frequencies still sum to one, and the
table's `cautions` name them. Nobody carries them: a rare allele in a profile gets the minimum frequency.
"""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

from wayhome.kinship.errors import FormatError, FrequencyError, InputError, UnknownName
from wayhome.kinship.formats.delimited import naming, shortened
from wayhome.kinship.formats.source import Source
from wayhome.kinship.formats.target import write_text
from wayhome.kinship.formats.xml import Element, XmlText, elements
from wayhome.kinship.genetics.frequencies import AlleleFrequencies
from wayhome.kinship.genetics.loci import allele_label, allele_order, locus_name

RARE = {"1": "shorter", "99": "longer"}
MOST_ORIGINS_NAMED = 40

_NUMBER = re.compile(r"[0-9]{1,30}(\.[0-9]{0,30})?([eE][+-]?[0-9]{1,3})?")
_COUNT = re.compile(r"[0-9]{1,9}")


def read_strider(path: str | Path, origin: str | None = None) -> AlleleFrequencies:
    """Read the frequencies of one origin.

    Parameters
    ----------
    origin : its name, such as "AUSTRIA", in any case; may be left out where the file has one only.

    Returns
    -------
    AlleleFrequencies
        Named as the origin; markers the origin did not type are absent.

    Raises
    ------
    InputError
        with file and line: a FormatError for a file that is not STRidER's or a marker told twice, a FrequencyError for figures
        that are no frequencies, a ProfileError for a text that is no allele, an UnknownName with the origins there are.
    """
    source = Source.open(path)
    with naming(path):
        return _read(source, origin)


def _read(source: Source, wanted: str | None) -> AlleleFrequencies:
    parts = elements(source)
    root = next(parts)
    if root.local != "frequencies":
        raise root.error("is no STRidER file", "Its root should be frequencies")
    origins: dict[str, str] = {}
    rows: list[tuple[str, str, float, int | None]] = []
    cautions: list[str] = []
    lines: dict[str, int] = {}
    for part in parts:
        if part.name != "marker":
            raise part.error("does not belong into frequencies", "It holds markers alone")
        locus = locus_name(part.value("name"))
        if not 1 <= len(locus) <= 40:
            raise part.error(f"has a name of {len(locus)} characters", "Give 1 to 40")
        for element in part.every("origin"):
            name = element.attributes.get("name", "").strip()
            if not 1 <= len(name) <= 200:
                raise element.error(f"has a name of {len(name)} characters", "Give 1 to 200")
            origins.setdefault(name.casefold(), name)
            if name.casefold() != (wanted.strip() if wanted else next(iter(origins.values()))).casefold():
                continue
            if locus in lines:
                raise element.error(f"{locus} is told twice of {name}", "Keep one")
            lines[locus] = element.line
            told = _frequencies(element, locus)
            rows.extend(told)
            cautions += [
                f"{locus}: allele {allele} stands for all rarer {RARE[allele]} alleles"
                for _, allele, _, _ in told
                if allele in RARE
            ]
    name = _chosen(root, wanted, origins)
    about = (("created", "created_timestamp"), ("valid from", "validity"))
    dates = [f"{word} {shortened(root.attributes[key], 40)}" for word, key in about if root.attributes.get(key)]
    try:
        return AlleleFrequencies.from_rows(
            name, rows, source=", ".join(["STRidER (strider.online)", name, *dates]), cautions=tuple(cautions)
        )
    except InputError as error:
        raise error.at(line=lines.get(error.field or "")) from None


def _chosen(root: Element, wanted: str | None, origins: dict[str, str]) -> str:
    """Name of the origin that was read; UnknownName where it is not there, or not the only one."""
    if not origins:
        raise root.error("holds no origin", "Give a file with at least one marker and origin")
    listed = ", ".join(list(origins.values())[:MOST_ORIGINS_NAMED])
    if wanted is None and len(origins) > 1:
        raise UnknownName(f"has {len(origins)} origins", f"Name one: {listed}", line=root.line, field="origin")
    if wanted is None:
        return next(iter(origins.values()))
    if wanted.strip().casefold() not in origins:
        raise UnknownName(f'has no origin "{shortened(wanted)}"', f"It has {listed}", line=root.line, field="origin")
    return origins[wanted.strip().casefold()]


def _frequencies(origin: Element, locus: str) -> list[tuple[str, str, float, int | None]]:
    n = origin.attributes.get("n", "").strip()
    if n and (not _COUNT.fullmatch(n) or int(n) == 0):
        raise origin.error(f'has "{shortened(n)}" people', "Give a whole number from 1, or none")
    rows: list[tuple[str, str, float, int | None]] = []
    seen: set[str] = set()
    for element in origin.children:
        if element.name != "frequency":
            raise element.error("does not belong into origin", "It holds frequencies alone")
        with element.naming():
            allele = allele_label(shortened(element.attributes.get("allele", ""), 40))
        if allele in seen:
            raise element.error(f"allele {allele} of {locus} is told twice", "Keep one")
        seen.add(allele)
        value = float(element.text) if _NUMBER.fullmatch(element.text) else -1.0
        if not 0 <= value <= 1:
            raise FrequencyError(
                f'allele {allele} of {locus} has the frequency "{shortened(element.text)}"',
                "Give a share from 0 to 1",
                line=element.line,
                field=locus,
            )
        rows.append((locus, allele, value, int(n) if n else None))
    if not rows:
        raise origin.error(f"has no frequencies of {locus}", "Give at least one, or remove the origin")
    return rows


def write_strider(
    path: str | Path,
    frequencies: AlleleFrequencies,
    *,
    created: datetime | None = None,
    valid_from: datetime | None = None,
) -> None:
    """Write a table as one origin; `read_strider` gives the same name, figures and stated numbers of people.

    Parameters
    ----------
    frequencies : written as published, in full precision; source and cautions have no place in the format.
    created, valid_from : timestamps of the file.

    Raises
    ------
    FormatError
        with file: for a table without loci, a locus or a name that the format cannot hold, or a file that cannot be written.
    """
    with naming(path):
        if not frequencies.loci:
            raise FormatError("the table has no loci", "Give at least one")
        if not 1 <= len(frequencies.name) <= 200:
            raise FormatError(f"has {len(frequencies.name)} characters", "Give 1 to 200", field="name")
        xml = XmlText()
        stamps = {"created_timestamp": created, "validity": valid_from}
        xml.open("frequencies", {key: moment.isoformat() if moment else None for key, moment in stamps.items()})
        for locus, table in frequencies.loci.items():
            alleles = sorted(table, key=allele_order)
            people = frequencies.people.get(locus)
            xml.open("marker")
            xml.leaf("name", _written_name(locus))
            xml.leaf("alleles", ", ".join(alleles))
            xml.open("origin", {"name": frequencies.name, "n": str(people) if people else None})
            for allele in alleles:
                if allele_label(allele) != allele:
                    raise FormatError(f"{locus} has the allele {allele}", "Write its canonical label", field=locus)
                xml.leaf("frequency", repr(float(table[allele])), {"allele": allele})
            xml.close()
            xml.close()
        xml.close()
    write_text(path, str(xml))


def _written_name(locus: str) -> str:
    """Upper case, as STRidER writes markers, unless only the locus's own spelling is understood again."""
    name = next((text for text in (locus.upper(), locus) if locus_name(text) == locus), "")
    if not 1 <= len(name) <= 40:
        raise FormatError(f'cannot hold the locus "{shortened(locus)}"', "Use the name of a locus", field="locus")
    return name
