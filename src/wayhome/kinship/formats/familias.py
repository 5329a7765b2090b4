"""Familias 3 files (`.fam`): persons with their genotypes, pedigrees, the marker database, and the disaster victim section.

The program is described in Kling, Tillmar & Egeland 2014, Forensic Sci Int Genet 13:121-127; the layout of the file follows what
the R package pedFamilias (Vigeland) reads and writes: one value per line, texts in double quotes, indices from 0.

Familias compares hypotheses about persons; a search looks for one child. Which of a file's pedigrees are families of a search,
and for whom, is told in `familias_family.search_family`. Every person of a file belongs to every hypothesis of its main part,
related or not; a family keeps those only whom descent joins to the one looked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from wayhome.kinship.errors import FormatError, InputError, PedigreeError
from wayhome.kinship.formats.delimited import shortened
from wayhome.kinship.formats.familias_database import DatabaseLocus, read_loci, read_theta
from wayhome.kinship.formats.familias_dvi import (
    options,
    read_families,
    read_profile,
    read_sections,
    read_unidentified,
)
from wayhome.kinship.formats.familias_family import search_family
from wayhome.kinship.formats.familias_lines import Lines
from wayhome.kinship.formats.familias_writer import write_familias
from wayhome.kinship.formats.notes import Notes
from wayhome.kinship.formats.source import Source
from wayhome.kinship.genetics.frequencies import AlleleFrequencies
from wayhome.kinship.genetics.mutation import MutationModel
from wayhome.kinship.genetics.profiles import Profile
from wayhome.kinship.pedigrees.family import Family
from wayhome.kinship.pedigrees.pedigree import Member, Pedigree, Sex

__all__ = ["FamiliasFile", "read_familias", "write_familias"]

MOST_EXTRAS = 1000
MOST_MEMBERS = 5_000_000


@dataclass(frozen=True, eq=False)
class FamiliasFile:
    """What a Familias file held.

    Parameters
    ----------
    format : "familias-3".
    version : of the program that wrote the file, such as "3.3.1".
    profiles : the typed persons of the main part, sample ids being their names.
    sexes : person -> sex, of the main part and of the unidentified.
    pedigrees : the hypotheses of the main part, each over all its persons. Untyped extra persons, who have no names in the file,
        are "extra female 1", "extra male 1"...
    families : what a search can use; from the disaster victim section where there is one, else from `pedigrees`.
    unidentified : the unidentified persons of the disaster victim section.
    frequencies : the marker database, without silent alleles; `people` is its database size.
    mutation : the mutation models, by locus.
    silent : locus -> frequency of its silent allele, where there is one.
    theta : coancestry.
    notes : what was set aside, left out or is not applied, and why.
    sha256 : digest of the file.
    """

    format: str
    version: str
    profiles: tuple[Profile, ...]
    sexes: Mapping[str, Sex]
    pedigrees: tuple[Pedigree, ...]
    families: tuple[Family, ...]
    unidentified: tuple[Profile, ...]
    frequencies: AlleleFrequencies
    mutation: MutationModel
    silent: Mapping[str, float] = field(default_factory=dict)
    theta: float = 0.0
    notes: tuple[str, ...] = ()
    sha256: str = ""


def read_familias(
    path: str | Path, *, encoding: str | None = None, kit: str | None = None, mutation: MutationModel | None = None
) -> FamiliasFile:
    """Read a Familias 3 file.

    Parameters
    ----------
    path : the file.
    encoding : a codec's name, "cp1252" for many files of older versions; by default a byte order mark decides, else UTF-8.
    kit : the kit whose locus names the file uses; needed for names that mean different loci in different kits.
    mutation : a model in place of those in the file.

    Raises
    ------
    InputError
        that names file and line: a `FormatError` for anything that is not as the format prescribes, for stored results, for
        twins or direct comparisons, and for a stepwise model that cannot be understood with certainty; a `PedigreeError`,
        `ProfileError`, `FrequencyError` or `MutationError` for contents that cannot be.
    """
    source = Source.open(path)
    try:
        return _read(Lines(source.text(encoding)), kit, mutation, source.sha256)
    except InputError as error:
        raise error.at(file=source.path) from None


@dataclass
class _Person:
    name: str
    sex: Sex
    calls: list[tuple[int, int, int]]
    line: int


def _read(lines: Lines, kit: str | None, mutation: MutationModel | None, sha256: str) -> FamiliasFile:
    notes = Notes()
    version = _read_heading(lines)
    people = _read_people(lines, notes)
    pedigrees = _read_pedigrees(lines, people)
    theta = read_theta(lines)
    database, loci = read_loci(lines, kit, mutation, notes)
    profiles = {p.name: _profile(p, loci, kit, notes) for p in people if p.calls}
    sections = read_sections(lines)
    options(sections, notes)
    unidentified = read_unidentified(sections, kit, notes)
    if any(section.name.casefold() == "dvi" for section in sections):
        families = read_families(sections, kit, notes)
    else:
        families = _families(pedigrees, profiles, notes)
    sexes = {p.name: p.sex for p in people}
    for person in unidentified:
        if {sexes.get(person.name, "U"), person.sex} == {"M", "F"}:
            raise lines.error(f"{person.name} is male in one place and female in another", "Correct it in Familias")
        if sexes.get(person.name, "U") == "U":
            sexes[person.name] = person.sex
    return FamiliasFile(
        "familias-3",
        version,
        tuple(profiles.values()),
        sexes,
        tuple(pedigrees),
        tuple(families),
        tuple(p.profile for p in unidentified if p.profile is not None),
        AlleleFrequencies(
            database or "Familias database",
            {locus.name: locus.frequencies for locus in loci},
            {locus.name: locus.people for locus in loci},
            source=f"Familias {version} file, SHA-256 {sha256}",
        ),
        mutation or MutationModel("none", by_locus={locus.name: locus.mutation for locus in loci}),
        {locus.name: locus.silent for locus in loci if locus.silent},
        theta,
        notes.told(),
        sha256,
    )


def _read_heading(lines: Lines) -> str:
    title = lines.take("the title")
    if not title.startswith('"') or "familias" not in title.casefold():
        raise lines.error(
            "is no Familias file",
            "Save the project in Familias as .fam; files of PLINK with that ending are something else",
        )
    lines.text("the second title")
    version = lines.take("the version").strip('"')
    if version.split(".")[0] != "3":
        raise lines.error(
            f'was written by version "{shortened(version, 20)}" of Familias, and only 3 is read', "Save it again in Familias 3"
        )
    if not lines.peek() or lines.peek().startswith('"'):
        lines.take("the fourth line")
    return version


def _read_people(lines: Lines, notes: Notes) -> list[_Person]:
    people: dict[str, _Person] = {}
    for _ in range(lines.count("persons", 6)):
        name = lines.text("a person's name")
        line = lines.line
        if not name:
            raise lines.error("a person has no name", "Name everyone in Familias")
        if name in people:
            raise lines.error(f"{name} is told twice", "Rename one of them in Familias")
        lines.flag(f"the first mark of {name}")
        birth, _, dropouts = lines.take(f"the year of birth of {name}").partition(" ")
        if not birth.removeprefix("-").isdecimal():
            raise lines.error(
                f'"{shortened(birth, 40)}" stands where the year of birth of {name} should', "Save it again in Familias"
            )
        if dropouts:
            notes.add("Familias considers dropouts, which is not done here", name)
        lines.flag(f"the second mark of {name}")
        sex: Sex = "M" if lines.flag(f"the sex of {name}") else "F"
        calls = []
        for _ in range(lines.count(f"typed markers of {name}", 3)):
            # Alleles and loci are listed further down in the file, so the indices are looked up later.
            first, second, locus = (
                lines.integer(f"{what} index of {name}", 10**9) for what in ("an allele", "an allele", "a marker")
            )
            calls.append((first, second, locus))
        people[name] = _Person(name, sex, calls, line)
    return list(people.values())


def _profile(person: _Person, loci: list[DatabaseLocus], kit: str | None, notes: Notes) -> Profile:
    calls: list[tuple[str, tuple[str, str]]] = []
    for row, (*alleles, locus) in enumerate(person.calls):
        line = person.line + 6 + 3 * row
        if locus >= len(loci):
            problem = f"{person.name} is typed at marker index {locus}, but there are {len(loci)}"
            raise FormatError(problem, "Indices begin with 0; save the file again in Familias", line=line + 2)
        texts = loci[locus].texts
        for offset, allele in enumerate(alleles):
            if allele >= len(texts):
                problem = f"{person.name} has allele index {allele} of {loci[locus].reported}, which lists {len(texts)}"
                raise FormatError(problem, "Indices begin with 0; save the file again in Familias", line=line + offset)
            if loci[locus].is_no_allele(texts[allele]):
                problem = f'{person.name} has the allele "{texts[allele]}" of {loci[locus].reported}'
                raise FormatError(problem, "Enter the allele that was seen, or remove the locus", line=line + offset)
        calls.append((loci[locus].reported, (texts[alleles[0]], texts[alleles[1]])))
    return read_profile(person.name, calls, kit, notes, person.line)


def _read_pedigrees(lines: Lines, people: list[_Person]) -> list[Pedigree]:
    if lines.text('"Known relations"').casefold() != "known relations":
        raise lines.error('"Known relations" should stand here', "The number of persons may be wrong")
    members: dict[str, Sex] = {p.name: p.sex for p in people}
    _read_extras(lines, members)
    known = _read_relations(lines, list(members.items()))
    n = lines.count("pedigrees", 5)
    if (n or 1) * len(members) > MOST_MEMBERS:
        raise lines.error(f"holds {n:,} pedigrees of {len(members):,} persons", "Split the file by family")
    if not n:
        return [_pedigree(lines, members, known, "Known relations")] if known else []
    pedigrees: dict[str, Pedigree] = {}
    for i in range(n):
        lines.integer("the index of a pedigree", 10**9)
        name = lines.text("the name of a pedigree") or f"pedigree {i + 1}"
        if name in pedigrees:
            raise lines.error(f"two pedigrees are called {name}", "Rename one of them in Familias")
        all_members = dict(members)
        _read_extras(lines, all_members)
        relations = _read_relations(lines, list(all_members.items()))
        pedigrees[name] = _pedigree(lines, all_members, known + relations, name)
    return list(pedigrees.values())


def _read_extras(lines: Lines, members: dict[str, Sex]) -> None:
    """Add the persons without names, females first, under names nobody has."""
    for sex, word in (("F", "female"), ("M", "male")):
        for _ in range(lines.integer(f"the number of extra {word}s", MOST_EXTRAS + 1)):
            k = 1
            while f"extra {word} {k}" in members:
                k += 1
            members[f"extra {word} {k}"] = "F" if sex == "F" else "M"


_Relation = tuple[str, str, Sex, int]
"""Parent, child, the parent's sex, line."""


def _read_relations(lines: Lines, members: list[tuple[str, Sex]]) -> list[_Relation]:
    relations: list[_Relation] = []
    for _ in range(lines.count("relations", 2)):
        indices = []
        for role in ("parent", "child"):
            found = lines.take(f"the index of a {role}")
            if "direct" in found.casefold():
                raise lines.error(
                    "tells that two persons are one, or identical twins (Direct), which is not read",
                    "Remove the direct relation in Familias, and compare the two profiles with each other",
                )
            indices.append(lines.integer(f"the index of a {role}", len(members), found=found))
        (parent, sex), (child, _) = (members[i] for i in indices)
        relations.append((parent, child, sex, lines.line - 1))
    return relations


def _pedigree(lines: Lines, members: Mapping[str, Sex], relations: list[_Relation], name: str) -> Pedigree:
    slots: dict[str, dict[Sex, str]] = {}
    for parent, child, sex, line in relations:
        other = slots.setdefault(child, {}).setdefault(sex, parent)
        if other != parent:
            role = "fathers" if sex == "M" else "mothers"
            raise PedigreeError(
                f"{name}: {child} has two {role}, {other} and {parent}",
                "Keep the biological one",
                member=child,
                line=line,
            )
    try:
        return Pedigree(
            tuple(Member(m, slots.get(m, {}).get("M"), slots.get(m, {}).get("F"), sex) for m, sex in members.items()),
            name=name,
        )
    except InputError as error:
        raise error.at(line=lines.line) from None


def _families(pedigrees: list[Pedigree], profiles: Mapping[str, Profile], notes: Notes) -> list[Family]:
    families = []
    for pedigree in pedigrees:
        family = search_family(pedigree, profiles, pedigree.name)
        if isinstance(family, str):
            notes.add(f"not offered as a family, for {family}", pedigree.name)
        else:
            families.append(family)
    return families
