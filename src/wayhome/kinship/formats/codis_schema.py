"""What CODIS Common Message Format 3.2 prescribes: names, lengths, order of elements.

After the FBI's "CODIS Interface Specification (CMF 3.2)" and the schema CMF-2017.xsd of ncbi/osiris (US Government work).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from wayhome.kinship.errors import FormatError
from wayhome.kinship.formats.delimited import shortened
from wayhome.kinship.formats.xml import Element
from wayhome.kinship.genetics.loci import locus_name, panel_name

NAMESPACE = "urn:CODISImportFile-schema"

LOCI = (
    *("AMEL", "CSF1PO", "D10S1248", "D12S391", "D13S317", "D16S539", "D18S51", "D19S433", "D1S1656", "D21S11", "D22S1045"),
    *("D2S1338", "D2S441", "D3S1358", "D5S818", "D7S820", "D8S1179", "FGA", "Penta D", "Penta E", "SE33", "TH01", "TPOX"),
    *("vWA", "DYF387S1", "DYS19", "DYS385", "DYS389 I", "DYS389 II", "DYS390", "DYS391", "DYS392", "DYS393", "DYS437"),
    *("DYS438", "DYS439", "DYS448", "DYS449", "DYS456", "DYS458", "DYS460", "DYS481", "DYS518", "DYS533", "DYS549"),
    *("DYS570", "DYS576", "DYS627", "DYS635", "DYS643", "YGATAH4", "Yindel"),
)
"""Names written. Amelogenin, THO1 and TP0X are read as well."""
LOCI_READ = (*LOCI, "Amelogenin", "THO1", "TP0X")
CMF_NAME = {locus_name(name): name for name in LOCI}

CATEGORIES = (
    *("Alleged Father", "Alleged Mother", "Arrestee", "Biological Child", "Biological Father", "Biological Mother"),
    *("Biological Sibling", "CO Duplicate", "Convicted Offender", "Deceased", "Deduced Missing Person", "Deduced Suspect"),
    *("Detainee", "Elimination, Known", "Forensic Mixture", "Forensic Partial", "Forensic Targeted", "Forensic, Unknown"),
    *("Juvenile", "Legal", "Maternal Relative", "Missing Person", "Multi-allelic Offender", "Other", "Paternal Relative"),
    *("Population", "Proficiency", "Spouse", "Staff", "Suspect, Known", "Unidentified Person", "Unreviewed Offender"),
    *("Victim, Known", "Volunteer"),
)

KITS = (
    *("AmpFLSTR NGM", "AmpFLSTR NGM SElect", "AmpFlSTR Yfiler Plus", "COfiler", "GlobalFiler", "GlobalFiler Express"),
    *("Identifiler", "Identifiler Direct", "Identifiler Plus", "Investigator 24plex GO! Kit", "Investigator 24plex QS Kit"),
    *("MiniFiler", "Monoplex CSF1PO", "Monoplex D13S317", "Monoplex D16S539", "Monoplex D5S818", "Monoplex D7S820"),
    *("Monoplex TH01", "Monoplex TPOX", "Monoplex vWA", "PowerPlex 1.1", "PowerPlex 1.2", "PowerPlex 16", "PowerPlex 16 HS"),
    *("PowerPlex 2.1", "PowerPlex ESI 16", "PowerPlex ESI 17 Pro", "PowerPlex ESX 16", "PowerPlex ESX 17"),
    *("PowerPlex Fusion", "PowerPlex Fusion 6C", "Powerplex Y", "Powerplex Y23", "Profiler Plus", "SGM Plus", "Y-PLEX 5"),
    *("Y-PLEX 6", "Yfiler"),
)
_KIT_OF_PANEL = {
    "GlobalFiler": "GlobalFiler",
    "PowerPlex Fusion": "PowerPlex Fusion",
    "PowerPlex Fusion 6C": "PowerPlex Fusion 6C",
    "PowerPlex Y23": "Powerplex Y23",
    "Yfiler Plus": "AmpFlSTR Yfiler Plus",
}

SOURCES = ("Yes", "No", "N/A")
TRUTHS = ("true", "false", "1", "0")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)?", re.ASCII)
_EARLIEST, _LATEST = "1900-01-01T00:00:00", "2079-06-06T00:00:00"

Specs = Sequence[tuple[str, int, int]]
"""Child elements in their order: local name, least and most often."""

FILE: Specs = (
    ("HEADERVERSION", 1, 1),
    ("MESSAGETYPE", 1, 1),
    ("DESTINATIONORI", 1, 1),
    ("SOURCELAB", 1, 1),
    ("SUBMITBYUSERID", 1, 1),
    ("SUBMITDATETIME", 1, 1),
    ("BATCHID", 0, 1),
    ("KIT", 0, 1),
)
SPECIMEN: Specs = (("SPECIMENID", 1, 1), ("SPECIMENCATEGORY", 1, 1), ("SPECIMENCOMMENT", 0, 1), ("LOCUS", 1, 64))
LOCUS: Specs = (("LOCUSNAME", 1, 1), ("READINGBY", 1, 1), ("READINGDATETIME", 1, 1), ("ALLELE", 1, 8))
ALLELE: Specs = (("ALLELEVALUE", 1, 1),)
_LOCAL = {f"{{{NAMESPACE}}}{name}": name for specs in (FILE, SPECIMEN, LOCUS, ALLELE) for name, _, _ in specs}


def children(parent: Element, specs: Specs) -> dict[str, list[Element]]:
    """Children by local name, checked against their order and number; FormatError otherwise."""
    names = [name for name, _, _ in specs]
    found: dict[str, list[Element]] = {name: [] for name in names}
    if parent.text:
        raise parent.error(f'holds the text "{shortened(parent.text)}"', "Remove it")
    at = 0
    for child in parent.children:
        name = _LOCAL.get(child.name, "")
        if name not in found:
            raise child.error(f"does not belong into {parent.local}", f"It holds {', '.join(names)}")
        if name != names[at]:
            if name in names[:at]:
                raise child.error(f"stands behind {names[at]}", f"The order is {', '.join(names)}")
            at = names.index(name)
        found[name].append(child)
    for name, least, most in specs:
        if not least <= len(found[name]) <= most:
            number = str(least) if least == most else f"{least} to {most}"
            raise parent.error(f"holds {len(found[name])} {name}", f"Give {number}")
    return found


def text_of(element: Element, longest: int, least: int = 1) -> str:
    """Text of an element without children; FormatError where its length is not allowed."""
    if element.children:
        raise element.error(f"holds {element.children[0].local}, not text", "Give text alone")
    check_length(element.local, element.text, longest, least, element.line)
    return element.text


def one_of(element: Element, allowed: Collection[str], what: str) -> str:
    """Text of an element that is enumerated; FormatError with the likely spelling otherwise."""
    if text_of(element, 64) not in allowed:
        raise element.error(f'"{element.text}" is no {what} of CMF 3.2', nearest(element.text, allowed))
    return element.text


def moment_of(element: Element) -> str:
    """Text of an element that is a date and time; FormatError otherwise."""
    text = text_of(element, 40)
    check_moment(element.local, text, element.line)
    return text


def attribute(element: Element, name: str, allowed: Collection[str] = ()) -> str:
    """Text of an attribute, "" where there is none; FormatError where it is too long or not one of `allowed`."""
    text = element.attributes.get(name, "").strip()
    check_length(name, text, 32, 0, element.line)
    if text and allowed and text not in allowed:
        raise FormatError(f'"{text}" is not allowed', f"Write {', '.join(allowed)}", line=element.line, field=name)
    return text


def check_length(name: str, text: str, longest: int, least: int = 1, line: int | None = None) -> None:
    """FormatError for a text of fewer than `least` or more than `longest` characters."""
    if not least <= len(text) <= longest:
        raise FormatError(f"has {len(text)} characters", f"Give {least} to {longest}, as CODIS prescribes", line=line, field=name)


def check_moment(name: str, text: str, line: int | None = None) -> None:
    """FormatError for a text that is no date and time of CMF."""
    try:
        if not _MOMENT.fullmatch(text) or not _EARLIEST < text < _LATEST:
            raise ValueError
        datetime.fromisoformat(text)
    except ValueError:
        raise FormatError(
            f'"{text}" is no date and time',
            f"Write it as 2026-01-15T09:30:00, between {_EARLIEST[:4]} and {_LATEST[:4]}",
            line=line,
            field=name,
        ) from None


def nearest(text: str, names: Iterable[str]) -> str:
    """A remedy: the prescribed spelling where it can be guessed."""
    same = [name for name in names if name.casefold() == text.casefold() or locus_name(name) == locus_name(text)]
    return f'Write it as "{same[0]}"' if same else "Remove it, or use a name of the CMF 3.2 schema; case counts"


def kit_name(kit: str) -> str | None:
    """What CMF calls a kit, None where it does not know it."""
    return kit if kit in KITS else _KIT_OF_PANEL.get(panel_name(kit) or "")
