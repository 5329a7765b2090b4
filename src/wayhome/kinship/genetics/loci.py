"""Loci, the kits that type them, and the names laboratories use for both.

A locus name is only as good as the kit behind it: "D5S2500" of the Chinese kits is the microsatellite D5S2800, and alleles
of D6S474 differ by one repeat between kits (Phillips 2016, Forensic Sci Int Genet 23:19-24). `reported_locus` therefore takes
the kit, and says so when a name cannot be understood without one.
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from types import MappingProxyType

from wayhome.kinship.errors import ProfileError, UnknownName


class Inheritance(StrEnum):
    """How a locus is passed on."""

    AUTOSOMAL = "autosomal"
    X = "X"
    Y = "Y"
    SEX_MARKER = "sex"


@dataclass(frozen=True, slots=True)
class Locus:
    """One place in the genome.

    `chromosome` is "1".."22", "X", "Y" or None where the shipped tables do not say; `motif` is the repeat unit.
    """

    name: str
    inheritance: Inheritance
    chromosome: str | None = None
    motif: str | None = None


@dataclass(frozen=True, slots=True)
class Panel:
    """A kit: the loci it types, with the source of the list."""

    name: str
    loci: tuple[Locus, ...]
    source: str

    @property
    def autosomal(self) -> tuple[str, ...]:
        """Names of the autosomal loci, in the kit's order."""
        return tuple(locus.name for locus in self.loci if locus.inheritance is Inheritance.AUTOSOMAL)


@dataclass(frozen=True, slots=True)
class ReportedLocus:
    """What a reported name means: the locus, repeats to add to its alleles, and whether only a kit could tell."""

    name: str
    allele_shift: int = 0
    needs_kit: bool = False


def _rows(name: str) -> list[dict[str, str]]:
    text = resources.files("wayhome.kinship").joinpath("data", "markers", name).read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


def _key(name: str) -> str:
    """Letters and digits alone, and a point between digits: "PowerPlex 2.1" is not PowerPlex 21."""
    return re.sub(r"(?![0-9.])[^A-Z]|(?<![0-9])\.|\.(?![0-9])", "", name.upper())


@cache
def names_digest() -> str:
    """SHA-256 of the tables that say what a reported locus name means."""
    folder = resources.files("wayhome.kinship").joinpath("data", "markers")
    return hashlib.sha256(b"".join(folder.joinpath(name).read_bytes() for name in ("aliases.csv", "kits.csv"))).hexdigest()


@cache
def _aliases() -> tuple[dict[str, str], dict[tuple[str, str], tuple[str, int]]]:
    """General aliases by key, and (kit, key) -> (locus, shift) for names that only a kit can explain."""
    general: dict[str, str] = {}
    by_kit: dict[tuple[str, str], tuple[str, int]] = {}
    for row in _rows("aliases.csv"):
        if row["kit"]:
            by_kit[row["kit"], _key(row["reported"])] = (row["locus"], int(row["allele_shift"]))
        else:
            general[_key(row["reported"])] = row["locus"]
    return general, by_kit


def locus_name(reported: str) -> str:
    """The name used here for a locus, whatever its spelling; a name nobody knows comes back trimmed.

    >>> locus_name("PENTA_D"), locus_name("VWA"), locus_name("Amelogenin")
    ('Penta D', 'vWA', 'AMEL')
    """
    key = _key(reported)
    return _aliases()[0].get(key) or _spellings().get(key) or reported.strip()


@cache
def _spellings() -> dict[str, str]:
    """Key -> name, for every locus of the shipped tables that is spelled in one way only."""
    general, _ = _aliases()
    names = [row["marker"] for row in _rows("kits.csv")] + [row["marker"] for row in _rows("markers_core.csv")]
    return {_key(name): general.get(_key(name), name) for name in names}


def reported_locus(reported: str, kit: str | None = None) -> ReportedLocus:
    """What a laboratory's locus name means, given the kit.

    Parameters
    ----------
    reported : the name in the file.
    kit : the kit's name, any spelling; None where the file does not tell.

    Returns
    -------
    ReportedLocus
        `needs_kit` is True where the name means different things in different kits and this kit is not known to decide.
    """
    name = locus_name(reported)
    _, by_kit = _aliases()
    key = _key(name)
    if not any(alias == key for _, alias in by_kit):
        return ReportedLocus(name)
    known = panel_name(kit) if kit else None
    if known and (known, key) in by_kit:
        return ReportedLocus(*by_kit[known, key])
    return ReportedLocus(name, needs_kit=True)


_Y_CHROMOSOMAL = re.compile(r"^(DY[SF]\d|YGATA|27 Y-STR)")
_X_CHROMOSOMAL = re.compile(r"^(DXS\d|HPRTB$)")
_SEX_MARKERS = frozenset({"AMEL", "Y-InDel"})


def locus(name: str) -> Locus:
    """The locus of a name, any spelling. An unknown name is taken as autosomal unless it reads otherwise."""
    name = locus_name(name)
    if name in _SEX_MARKERS:
        return Locus(name, Inheritance.SEX_MARKER)
    if _Y_CHROMOSOMAL.match(name):
        return Locus(name, Inheritance.Y, "Y")
    if _X_CHROMOSOMAL.match(name):
        return Locus(name, Inheritance.X, "X")
    chromosome, motif = _core().get(name, (None, None))
    if chromosome is None and (found := re.match(r"^D(\d{1,2})(?=[A-Z])", name)):
        chromosome = found[1]
    return Locus(name, Inheritance.AUTOSOMAL, chromosome, motif)


@cache
def _core() -> dict[str, tuple[str, str]]:
    return {row["marker"]: (row["chromosome"], row["repeat_motif"]) for row in _rows("markers_core.csv")}


@cache
def panels() -> Mapping[str, Panel]:
    """The shipped kits by name, in the order of the table (data/markers/kits.csv, a source for each)."""
    kits: dict[str, list[dict[str, str]]] = {}
    for row in _rows("kits.csv"):
        kits.setdefault(row["kit"], []).append(row)
    return MappingProxyType(
        {name: Panel(name, tuple(locus(r["marker"]) for r in rows), rows[0]["source"]) for name, rows in kits.items()}
    )


@cache
def _panel_keys() -> dict[str, str]:
    keys: dict[str, str] = {}
    for name in panels():
        for part in (name, re.sub(r"\(.*?\)", "", name), *name.split("/")):
            keys.setdefault(_key(part), name)
    keys[_key("Investigator HDplex")] = keys[_key("HDplex")] = "Investigator HDplex"
    return keys


def panel_name(kit: str) -> str | None:
    """The shipped name of a kit however it is spelled ("GlobalFiler_Panel_v1" is GlobalFiler), or None."""
    keys = _panel_keys()
    key = _key(kit)
    if key in keys:
        return keys[key]
    stem = re.sub(r"(PANEL|KIT|V\d+|PCR|AMPLIFICATION).*$", "", key)
    return keys.get(stem)


def panel(kit: str) -> Panel:
    """The shipped kit of that name.

    Raises
    ------
    UnknownName
        with the names there are.
    """
    name = panel_name(kit)
    if name is None or name not in panels():
        raise UnknownName(f'no kit is called "{kit}"', f"Known are: {', '.join(panels())}", field="kit")
    return panels()[name]


_ALLELE = re.compile(r"^[0-9]{1,4}(\.[0-9]0*)?$")


def allele_label(text: str, shift: int = 0) -> str:
    """The canonical label of an allele: repeats with an optional microvariant ("9.3"), or X, Y for a sex marker.

    Parameters
    ----------
    text : as reported; blanks, leading zeros and a trailing ".0" are dropped.
    shift : repeats to add, for kits that count differently.

    Raises
    ------
    ProfileError
        for anything else, such as "OL".

    >>> allele_label(" 09.30 "), allele_label("15.0"), allele_label("14", shift=1)
    ('9.3', '15', '15')
    """
    label = text.strip().upper()
    if label in {"X", "Y"}:
        return label
    if not _ALLELE.match(label):
        raise ProfileError(f'"{text}" is not an allele', 'Write repeats, such as "15" or "9.3", or X and Y for sex markers')
    whole, _, part = label.partition(".")
    if int(whole) + shift < 0:
        raise ProfileError(f'"{text}" is not an allele of a kit that counts {-shift} repeats more', "Check the kit")
    part = part.rstrip("0")
    return f"{int(whole) + shift}.{part}" if part else str(int(whole) + shift)


def allele_order(label: str) -> tuple[float, str]:
    """Sort key of the allele ladder: by length, then letters."""
    try:
        return float(label), ""
    except ValueError:
        return float("inf"), label


@dataclass(frozen=True, slots=True)
class LinkedPair:
    """Two loci inherited together more often than not by chance. `recombination` is a fraction in 0..0.5, None if unknown."""

    first: str
    second: str
    recombination: float | None
    source: str


@cache
def linked_pairs() -> tuple[LinkedPair, ...]:
    """Linked pairs of the shipped table; pairs at or above 0.4 count as unlinked and are left out."""
    pairs = []
    for row in _rows("linked_pairs.csv"):
        if row["chrom"] == "X":
            continue
        fraction = row["rf_family_studies"] or row["rf_kosambi"]
        recombination = float(fraction) if fraction else None
        if recombination is None or recombination < 0.4:
            pairs.append(LinkedPair(row["locus1"], row["locus2"], recombination, row["source"]))
    return tuple(pairs)
