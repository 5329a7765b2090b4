"""The marker database of a Familias file: allele frequencies, mutation, silent alleles."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from wayhome.kinship.errors import FormatError, FrequencyError, InputError
from wayhome.kinship.formats.delimited import shortened
from wayhome.kinship.formats.familias_lines import Lines, decimal
from wayhome.kinship.formats.familias_mutation import Stated, model_of, rates_of
from wayhome.kinship.formats.notes import Notes
from wayhome.kinship.genetics.frequencies import AlleleFrequencies
from wayhome.kinship.genetics.loci import allele_label, reported_locus
from wayhome.kinship.genetics.model import SILENT
from wayhome.kinship.genetics.mutation import MutationModel

MOST_ALLELES = 1000
_LEFT_OUT = {"rest allele": "Rest allele", "0": "0"}
"""Not alleles: what Familias adds to make frequencies sum to one, and what some databases call no result."""
_DATABASES = re.compile(r"#Databases:\s*([0-9]{1,9})")
_THETA = re.compile(r"Theta/Kinship/Fst:\s*([^\s)]*)")
_DETAIL = r"{}\s*=\s*(\S+)"


@dataclass(frozen=True)
class DatabaseLocus:
    """One locus of the database.

    `reported` is its name in the file, `texts` its alleles as the file lists them, for the indices of genotypes.
    """

    reported: str
    name: str
    texts: tuple[str, ...]
    frequencies: Mapping[str, float]
    people: int | None
    silent: float
    mutation: MutationModel

    def is_no_allele(self, text: str) -> bool:
        """Whether a listed text is the silent allele, or none at all."""
        return text.lower() == SILENT or text.lower() in _LEFT_OUT


def read_theta(lines: Lines) -> float:
    """The line after the pedigrees; FormatError where results are stored, or more than one database is."""
    line = lines.take("the database line")
    if line.startswith("#TRUE#"):
        raise lines.error("holds stored results, which are not read", "Save it in Familias without results")
    if not line.startswith("#FALSE#"):
        raise lines.error(
            f'"{shortened(line, 40)}" stands where the database line should',
            "A relation may be missing; save it again in Familias",
        )
    databases = _DATABASES.search(line)
    if databases and int(databases[1]) > 1:
        raise lines.error(f"holds {databases[1]} marker databases", "Keep the one that is used, and save it again")
    found = _THETA.search(line)
    if found is None:
        return 0.0
    theta = decimal(found[1])
    if theta is None or not 0 <= theta < 1:
        raise lines.error(f'theta is "{shortened(found[1], 20)}"', "Give a number from 0 to 1, usually 0 to 0.03", field="theta")
    return theta


def read_loci(lines: Lines, kit: str | None, mutation: MutationModel | None, notes: Notes) -> tuple[str, list[DatabaseLocus]]:
    """Name of the database, and its loci."""
    n = lines.count("loci", 13)
    named = lines.flag("the mark of a named database")
    database = lines.text("the database's name") if named else ""
    loci: list[DatabaseLocus] = []
    seen: set[str] = set()
    for _ in range(n):
        at = lines.line + 1
        locus = _read_locus(lines, kit, mutation, notes)
        if locus.name in seen:
            raise FormatError(f"{locus.name} is told twice", "Keep one of them", line=at, field=locus.name)
        seen.add(locus.name)
        loci.append(locus)
    return database, loci


def _read_locus(lines: Lines, kit: str | None, mutation: MutationModel | None, notes: Notes) -> DatabaseLocus:
    reported = lines.text("a locus name")
    if not reported:
        raise lines.error("a locus has no name", "Name it in Familias")
    what = reported_locus(reported, kit)
    at = lines.line

    def pair(read: str) -> tuple[float, float]:
        return lines.number(f"the female {read} of {reported}"), lines.number(f"the male {read} of {reported}")

    rates = pair("mutation rate")
    codes = tuple(lines.integer(f"the {sex} mutation model of {reported}", 5) for sex in ("female", "male"))
    all_alleles = lines.integer(f"the number of alleles of {reported}", 10**18)
    ranges, rates2 = pair("mutation range"), pair("second mutation rate")
    has_silent = lines.flag(f"the mark of a silent allele of {reported}")
    silent = lines.number(f"the silent frequency of {reported}")
    number, _, details = lines.take(f"the allele count of {reported}").partition("\t")
    n = lines.count(f"alleles of {reported}", 2, found=number.strip())
    if n > MOST_ALLELES:
        raise lines.error(f"{reported} has {n:,} alleles, more than {MOST_ALLELES:,}", "Remove what is no allele")
    if all_alleles not in (n, n + has_silent):
        raise lines.error(
            f"{reported} has {all_alleles:,} alleles in one line and {n:,} in another", "Save the file again in Familias"
        )
    people = _details(lines, reported, details, notes)
    texts, table, listed = _alleles(lines, n, reported, what.allele_shift, notes)
    silent = _silent(lines, reported, has_silent, silent, listed, notes)
    shown = sum(table.values())
    if silent and abs(shown + silent - 1) < abs(shown - 1):
        # The file counts the silent allele in the total, AlleleFrequencies does not.
        table = {label: frequency / (1 - silent) for label, frequency in table.items()}
    try:
        AlleleFrequencies(reported, {what.name: table})
        model = mutation or _model(what.name, tuple(zip(codes, rates, ranges, rates2, strict=True)), table, silent)
    except InputError as error:
        raise error.at(line=at, field=what.name) from None
    return DatabaseLocus(reported, what.name, texts, table, people, silent, model)


def _details(lines: Lines, reported: str, details: str, notes: Notes) -> int | None:
    """Database size; what else stands in the line is remarked upon where it matters."""

    def detail(name: str) -> float:
        found = re.search(_DETAIL.format(name), details)
        value = decimal(found[1].rstrip(",")) if found else 0.0
        if value is None or value < 0:
            raise lines.error(f"{reported} has a {name} that is no number", "Save the file again in Familias", reported)
        return value

    for name, consequence in (
        ("Dropout probability", "not applied here"),
        ("Minor allele frequency", "not applied here; the minimum of the population model is"),
    ):
        value = detail(name)
        if value:
            notes.add(f"{name.lower()} {value:g} ({consequence})", reported)
    size = detail("DatabaseSize")
    return int(size) if size >= 1 else None


def _alleles(
    lines: Lines, n: int, reported: str, shift: int, notes: Notes
) -> tuple[tuple[str, ...], dict[str, float], float | None]:
    """Alleles as listed, frequency by label, and the frequency of a silent allele where the list has one."""
    texts: list[str] = []
    table: dict[str, float] = {}
    silent: float | None = None
    for _ in range(n):
        text = lines.text(f"an allele of {reported}").replace(",", ".")
        at = lines.line
        frequency = lines.number(f"the frequency of allele {text} of {reported}")
        texts.append(text)
        if not 0 <= frequency <= 1:
            raise FrequencyError(
                f"allele {text} of {reported} has the frequency {frequency}",
                "Give a share from 0 to 1",
                line=lines.line,
                field=reported,
            )
        if text.lower() == SILENT:
            if silent is not None:
                raise lines.error(f"{reported} lists two silent alleles", "Keep one", reported)
            silent = frequency
            continue
        if text.lower() in _LEFT_OUT:
            share = f"{frequency:g} of {reported}"
            notes.add(f'"{_LEFT_OUT[text.lower()]}" is no allele and left out; unlisted alleles get the minimum', share)
            continue
        try:
            label = allele_label(text, shift)
        except InputError as error:
            raise error.at(line=at, field=reported) from None
        if label in table:
            raise FormatError(f"allele {label} of {reported} is told twice", "Keep one", line=at, field=reported)
        table[label] = frequency
    return tuple(texts), table, silent


def _silent(lines: Lines, reported: str, marked: bool, stated: float, listed: float | None, notes: Notes) -> float:
    if listed is None and not marked:
        if stated:
            notes.add(f"silent frequency {stated:g}, switched off in the file and here", reported)
        return 0.0
    if listed is not None and marked and stated and abs(listed - stated) > 1e-6:
        raise lines.error(
            f"{reported} has the silent frequency {stated:g} in one line and {listed:g} in another",
            "Correct it in Familias",
            reported,
        )
    silent = stated if listed is None else listed
    if not 0 <= silent < 1:
        raise FrequencyError(
            f"the silent allele of {reported} has the frequency {silent:g}",
            "Give a share from 0 to 1",
            line=lines.line,
            field=reported,
        )
    return silent


def _model(
    name: str, stated: Sequence[tuple[int, float, float, float]], table: Mapping[str, float], silent: float
) -> MutationModel:
    female, male = ((code, rates_of(code, rate, range_, rate2)) for code, rate, range_, rate2 in stated)
    frequencies = np.array(list(table.values()))
    return model_of(name, female, male, tuple(table), frequencies / frequencies.sum(), silent)


def locus_lines(name: str, table: Mapping[str, float], people: int, silent: float, stated: tuple[Stated, Stated]) -> list[str]:
    """The lines of one locus, the inverse of reading it; `name` stands in quotes already."""
    rates = [parameters for _, parameters in stated]
    lines = [name, *(plain(r.rate) for r in rates), *(str(code) for code, _ in stated)]
    lines.append(str(len(table) + bool(silent)))
    lines += [plain(r.range) for r in rates] + [plain(r.rate2) for r in rates]
    lines += ["#TRUE#" if silent else "#FALSE#", plain(silent)]
    details = f"DatabaseSize = {people} , Dropout probability = 0 , Minor allele frequency = 0"
    lines.append(f"{len(table)}\t({details} )")
    for label, frequency in table.items():
        lines += [f'"{label}"', plain(frequency * (1 - silent))]
    return lines


def plain(value: float) -> str:
    """A number as short as it can be without loss."""
    text = repr(float(value))
    return text.removesuffix(".0")
