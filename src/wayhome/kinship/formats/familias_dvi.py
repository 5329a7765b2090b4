"""The disaster victim section of a Familias file: unidentified persons, and reference families that look for someone.

Lines such as "[[[Family 1 ]]]" open a section, the number of brackets tells how deep it lies; "Key= value" lines fill it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NoReturn

from wayhome.kinship.errors import FormatError, InputError
from wayhome.kinship.formats.delimited import shortened
from wayhome.kinship.formats.familias_family import search_family
from wayhome.kinship.formats.familias_lines import LONGEST_NAME, Lines, decimal
from wayhome.kinship.formats.notes import Notes
from wayhome.kinship.genetics.profiles import Profile
from wayhome.kinship.pedigrees.family import Family
from wayhome.kinship.pedigrees.pedigree import Member, Pedigree, Sex

_HEADING = re.compile(r"(\[+)([^\[\]]*)(\]+)")
_SEXES: Mapping[str, Sex] = {"male": "M", "female": "F"}
_NAMES = frozenset({"name", "systemname", "allele1", "allele2", "parent", "child"})
_RESAVE = "Save the file again in Familias"


@dataclass(frozen=True)
class Section:
    """A bracketed section: its name, the line of its heading, its (key, value, line) entries and its parts."""

    name: str
    line: int
    entries: list[tuple[str, str, int]] = field(default_factory=list)
    parts: list[Section] = field(default_factory=list)

    def part(self, name: str) -> Section | None:
        """The part of that name."""
        return next((part for part in self.parts if part.name.casefold() == name.casefold()), None)

    def named(self, start: str) -> list[Section]:
        """The parts whose names begin so."""
        return [part for part in self.parts if part.name.casefold().startswith(start.casefold())]

    def value(self, key: str) -> tuple[str, int] | None:
        """The first value of a key, with its line."""
        return next(((value, line) for k, value, line in self.entries if k == key.casefold()), None)


@dataclass(frozen=True)
class Person:
    """Someone of the section: name, sex, profile where typed."""

    name: str
    sex: Sex
    profile: Profile | None


def read_sections(lines: Lines) -> list[Section]:
    """All sections to the end of the file, the outermost ones."""
    top = Section("", 0)
    path = [top]
    while lines.left:
        text = lines.take("a section")
        heading = _HEADING.fullmatch(text)
        if heading is None:
            if text and len(path) == 1:
                raise lines.error(f'"{shortened(text, 40)}" stands after the last locus', "The number of loci may be wrong")
            key, _, value = text.partition("=")
            if key.strip().casefold() in _NAMES and len(text) > LONGEST_NAME:
                raise lines.error(f'"{shortened(text, 40)}" is longer than {LONGEST_NAME} characters', "Use a shorter name")
            path[-1].entries.append((key.strip().casefold(), value.strip(), lines.line))
            continue
        depth = len(heading[1])
        if len(heading[3]) != depth or depth > len(path):
            raise lines.error(f'"{shortened(text, 40)}" is nested wrongly', _RESAVE)
        del path[depth:]
        section = Section(shortened(heading[2].strip()), lines.line)
        path[-1].parts.append(section)
        path.append(section)
    return top.parts


def options(sections: list[Section], notes: Notes) -> None:
    """Remark on options that Familias applies when it compares persons directly."""
    for section in sections:
        for part in section.parts:
            for key in ("dropin", "dropout", "error"):
                found = part.value(key)
                if part.name.casefold() == "direct/identity" and found and decimal(found[0]) != 0:
                    notes.add("not applied here, option of Familias", f"{key} {found[0]}")


def read_unidentified(sections: list[Section], kit: str | None, notes: Notes) -> list[Person]:
    """The unidentified persons, names unique."""
    found: list[Person] = []
    for section in _wanted(sections, "Unidentified persons"):
        parts = section.named("Person")
        _counted(section, "nPersons", len(parts), "persons")
        found += _persons(parts, kit, notes)
    return found


def read_families(sections: list[Section], kit: str | None, notes: Notes) -> list[Family]:
    """The reference families, as `search_family` understands them."""
    families: list[Family] = []
    found = list(_wanted(sections, "Reference Families"))
    if not found:
        _fail("the section [DVI] has no reference families", "The file is cut off; save it again in Familias", sections[-1].line)
    taken: set[str] = set()
    for section in found:
        parts = section.named("Family")
        _counted(section, "nFamilies", len(parts), "families")
        for part in parts:
            name, line = _name(part)
            if name in taken:
                _fail(f"two reference families are called {name}", "Rename one of them in Familias", line)
            taken.add(name)
            families += _family(part, name, kit, notes)
    return families


def _wanted(sections: list[Section], name: str) -> Iterator[Section]:
    return (part for section in sections for part in section.parts if part.name.casefold() == name.casefold())


def _fail(problem: str, remedy: str, line: int) -> NoReturn:
    raise FormatError(problem, remedy, line=line)


def _counted(section: Section, key: str, have: int, what: str) -> None:
    told = section.value(key)
    if told is None:
        _fail(f'"{section.name}" does not tell the number of its {what}', _RESAVE, section.line)
    if told[0] != str(have):
        _fail(
            f'"{section.name}" tells of {shortened(told[0], 20)} {what}, but holds {have}',
            "The file is cut off or changed",
            told[1],
        )


def _name(section: Section) -> tuple[str, int]:
    found = section.value("Name")
    if found is None or not found[0]:
        _fail(f'"{section.name}" has no name', "Name it in Familias", section.line)
    return found


def _persons(parts: list[Section], kit: str | None, notes: Notes) -> list[Person]:
    persons: dict[str, Person] = {}
    for part in parts:
        name, line = _name(part)
        if name in persons:
            _fail(f"{name} is told twice", "Rename one of them in Familias", line)
        gender = part.value("Gender")
        sex = _SEXES.get(gender[0].casefold(), "U") if gender else "U"
        calls = [call for dna in part.named("DNA data") for call in _calls(dna, name, notes)]
        profile = read_profile(name, calls, kit, notes, part.line) if calls else None
        persons[name] = Person(name, sex, profile)
    return list(persons.values())


def _calls(dna: Section, person: str, notes: Notes) -> Iterator[tuple[str, tuple[str, str]]]:
    rows = [entry for entry in dna.entries if entry[0] and entry[0] != "nsystems"]
    _counted(dna, "nSystems", len([row for row in rows if row[0] == "systemname"]), "systems")
    for start in range(0, len(rows), 3):
        three = rows[start : start + 3]
        if [key for key, _, _ in three] != ["systemname", "allele1", "allele2"]:
            _fail(f"the DNA data of {person} are not SystemName, Allele1, Allele2 in turn", _RESAVE, three[0][2])
        locus, *alleles = (value.replace(",", ".") if key != "systemname" else value for key, value, _ in three)
        if not locus:
            _fail(f"a locus of {person} has no name", "Name it in Familias", three[0][2])
        if bool(alleles[0]) != bool(alleles[1]):
            notes.add("only one allele is told, so the locus is set aside", f"{locus} of {person}")
        elif alleles[0]:
            yield locus, (alleles[0], alleles[1])


def read_profile(person: str, calls: list[tuple[str, tuple[str, str]]], kit: str | None, notes: Notes, line: int) -> Profile:
    """A profile, with remarks on what was set aside."""
    try:
        profile = Profile.from_calls(person, calls, kit=kit)
    except InputError as error:
        raise error.at(line=line) from None
    for locus, flags in profile.flags.items():
        notes.add(f"set aside ({', '.join(flags).replace('_', ' ')})", f"{locus} of {person}")
    return profile


def _family(section: Section, name: str, kit: str | None, notes: Notes) -> list[Family]:
    persons_section, pedigrees = section.part("Persons"), section.part("Pedigrees")
    if persons_section is None or pedigrees is None:
        _fail(f"the family {name} has no persons or no pedigrees", _RESAVE, section.line)
    parts = persons_section.named("Person")
    _counted(persons_section, "nPersons", len(parts), "persons")
    persons = _persons(parts, kit, notes)
    profiles = {p.name: p.profile for p in persons if p.profile is not None}
    parts = pedigrees.named("Pedigree")
    _counted(pedigrees, "nPedigrees", len(parts), "pedigrees")
    found: dict[frozenset[Member], tuple[str, Family]] = {}
    for part in parts:
        title, _ = _name(part)
        pedigree = _pedigree(part, f"{name}, {title}", persons)
        family = pedigree if isinstance(pedigree, str) else search_family(pedigree, profiles, name)
        if isinstance(family, str):
            notes.add(f"not offered as a family, for {family}", f"{name}, {title}")
            continue
        # Familias keeps the reference pedigree and its copies; the same relations are one family.
        found.setdefault(frozenset(family.pedigree), (title, family))
        apart = [p for p in profiles if p not in family.profiles]
        if apart:
            notes.add("typed, but no relative of the one who is looked for, so left out", f"{', '.join(apart)} of {name}")
    if len(found) == 1:
        return [family for _, family in found.values()]
    return [
        Family(Pedigree(family.pedigree.members, family.missing, f"{name}, {title}"), family.profiles)
        for title, family in found.values()
    ]


def _pedigree(section: Section, name: str, persons: list[Person]) -> Pedigree | str:
    """The pedigree, or why it cannot be one."""
    sexes: dict[str, Sex] = {p.name: p.sex for p in persons}
    pairs: list[tuple[str, str, int]] = []
    rows = [entry for entry in section.entries if entry[0] and entry[0] not in ("name", "nrelations")]
    for start in range(0, len(rows), 2):
        two = rows[start : start + 2]
        if [key for key, _, _ in two] != ["parent", "child"]:
            _fail(f"the relations of {name} are not Parent, Child in turn", _RESAVE, two[0][2])
        (_, parent, line), (_, child, _) = two
        for person in (parent, child):
            if not person:
                _fail(f"a relation of {name} names nobody", _RESAVE, line)
            if person not in sexes and "direct" in person.casefold():
                _fail(
                    f"{name} tells that {parent} and {child} are one person or identical twins, which is not read",
                    "Remove the direct relation in Familias, and compare the two profiles with each other",
                    line,
                )
            sexes.setdefault(person, "U")
        pairs.append((parent, child, line))
    _counted(section, "nRelations", len(pairs), "relations")
    unknown = _infer_sexes(sexes, pairs)
    if unknown:
        return f"nothing tells whether {unknown} is a father or a mother"
    slots: dict[str, dict[Sex, str]] = {person: {} for person in sexes}
    for parent, child, line in pairs:
        if slots[child].setdefault(sexes[parent], parent) != parent:
            role = "fathers" if sexes[parent] == "M" else "mothers"
            other = slots[child][sexes[parent]]
            _fail(f"{name}: {child} has two {role}, {other} and {parent}", "Keep the biological one", line)
    try:
        return Pedigree(
            tuple(Member(person, slots[person].get("M"), slots[person].get("F"), sex) for person, sex in sexes.items()),
            name=name,
        )
    except InputError as error:
        raise error.at(line=section.line) from None


def _infer_sexes(sexes: dict[str, Sex], pairs: list[tuple[str, str, int]]) -> str | None:
    """Give parents of unknown sex the one that the other parent of a child leaves; name one for whom none follows."""
    parents: dict[str, list[str]] = {}
    for parent, child, _ in pairs:
        parents.setdefault(child, []).append(parent)
    mates: dict[str, set[str]] = {}
    for couple in parents.values():
        for one in couple:
            mates.setdefault(one, set()).update(other for other in couple if other != one)
    known = [p for p in mates if sexes[p] != "U"]
    while known:
        one = known.pop()
        for other in mates[one]:
            if sexes[other] == "U":
                sexes[other] = "F" if sexes[one] == "M" else "M"
                known.append(other)
    return next((p for p in mates if sexes[p] == "U"), None)
