"""Writing Familias 3 files; see `wayhome.kinship.formats.familias`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np

from wayhome.kinship.errors import FormatError, FrequencyError, InputError, PedigreeError
from wayhome.kinship.formats.familias_database import locus_lines, plain
from wayhome.kinship.formats.familias_mutation import state
from wayhome.kinship.formats.target import write_text
from wayhome.kinship.genetics.frequencies import AlleleFrequencies
from wayhome.kinship.genetics.loci import Inheritance, allele_order, locus
from wayhome.kinship.genetics.mutation import NO_MUTATION, MutationModel
from wayhome.kinship.genetics.profiles import Profile
from wayhome.kinship.pedigrees.pedigree import Pedigree, Sex

VERSION = "3.3.1"
_SUM_SEEN_AS_ONE = 1e-4
_BREAKS = frozenset("\n\r\0")


def write_familias(
    path: str | Path,
    *,
    pedigrees: Iterable[Pedigree],
    profiles: Mapping[str, Profile],
    frequencies: AlleleFrequencies,
    mutation: MutationModel = NO_MUTATION,
    theta: float = 0.0,
    silent: float | Mapping[str, float] = 0.0,
    sexes: Mapping[str, Sex] | None = None,
    encoding: str = "utf-8",
) -> tuple[str, ...]:
    """Write pedigrees, profiles and a population model as a Familias 3 file.

    Members of the same name in several pedigrees are one person. Familias puts every person into every pedigree, so pedigrees
    over different members come back with the others as unrelated founders.

    Parameters
    ----------
    path : the file; replaced as a whole.
    pedigrees : hypotheses or families; who is missing is not written, for Familias has no place for it.
    profiles : person -> profile; the sample id is not written. Persons outside the pedigrees are written too.
    frequencies : written as published, a table whose sum is off by more than 1e-4 scaled to one. An allele that a profile shows
        and the table lacks gets 5 / 2N, the others make room. A frequency of 0 is left out.
    mutation : anything but the one-step model and custom matrices that Familias has no model for.
    theta, silent : as in `PopulationModel`.
    sexes : person -> sex, for members whose sex neither pedigree nor amelogenin tells.
    encoding : of the file.

    Returns
    -------
    tuple[str, ...]
        what could not be written, such as loci without frequencies, or outside the autosomes.

    Raises
    ------
    InputError
        for a person without a known sex or with two, a name that would not come back (blanks at its ends, line breaks), a
        mutation model Familias lacks, theta or a silent frequency outside 0..1, a path that cannot be written.
    """
    try:
        text, notes = _text(tuple(pedigrees), profiles, frequencies, mutation, theta, silent, sexes or {})
    except InputError as error:
        raise error.at(file=path) from None
    write_text(path, text, encoding=encoding, newline="\r\n")
    return notes


def _text(
    pedigrees: tuple[Pedigree, ...],
    profiles: Mapping[str, Profile],
    frequencies: AlleleFrequencies,
    mutation: MutationModel,
    theta: float,
    silent: float | Mapping[str, float],
    sexes: Mapping[str, Sex],
) -> tuple[str, tuple[str, ...]]:
    if not 0 <= theta < 1:
        raise FrequencyError(f"theta {theta} is outside 0..1", "Usual values are 0 to 0.03", field="theta")
    names = [pedigree.name for pedigree in pedigrees]
    if len(set(names)) < len(names):
        raise PedigreeError("two pedigrees have the same name", "Give every pedigree a name of its own")
    people = _people(pedigrees, profiles, sexes)
    notes: list[str] = []
    tables = {
        name: _table(frequencies, name, profiles.values())
        for name in frequencies.loci
        if locus(name).inheritance is Inheritance.AUTOSOMAL
    }
    _note_loci("outside the autosomes", (name for name in frequencies.loci if name not in tables), notes)
    typed = (name for profile in profiles.values() for name in profile.genotypes)
    _note_loci("without frequencies", (name for name in typed if name not in frequencies.loci), notes)

    lines = [_quoted(f"Output from Familias, version {VERSION}"), _quoted("Written by wayhome"), VERSION, '""']
    lines.append(str(len(people)))
    for person, sex in people.items():
        lines += [_quoted(person), "#FALSE#", "-1", "#FALSE#", "#TRUE#" if sex == "M" else "#FALSE#"]
        lines += _genotypes(profiles.get(person), tables)
    lines += ['"Known relations"', "0", "0", "0", str(len(pedigrees))]
    at = {person: str(i) for i, person in enumerate(people)}
    for i, pedigree in enumerate(pedigrees):
        relations = [(at[parent], at[member.id]) for member in pedigree for parent in member.parents]
        lines += [str(i), _quoted(pedigree.name), "0", "0", str(len(relations))]
        lines += [index for relation in relations for index in relation]
    lines += [f"#FALSE# (#Databases: 1 ;Theta/Kinship/Fst: {plain(theta)} )", str(len(tables)), "#TRUE#"]
    lines.append(_quoted(frequencies.name))
    for name, table in tables.items():
        share = silent.get(name, 0.0) if isinstance(silent, Mapping) else silent
        if not 0 <= share < 1:
            raise FrequencyError(f"the silent allele has the frequency {share}", "Give a share from 0 to 1", field=name)
        figures = np.array(list(table.values()))
        stated = state(name, mutation, tuple(table), figures / figures.sum(), share)
        people_typed = frequencies.people.get(name) or frequencies.people_where_not_stated
        lines += locus_lines(_quoted(name), table, people_typed, share, stated)
    return "\n".join(lines) + "\n", tuple(notes)


def _note_loci(why: str, names: Iterable[str], notes: list[str]) -> None:
    listed = ", ".join(dict.fromkeys(names))
    if listed:
        notes.append(f"not written, {why}: {listed}")


def _people(pedigrees: tuple[Pedigree, ...], profiles: Mapping[str, Profile], sexes: Mapping[str, Sex]) -> dict[str, Sex]:
    """Everyone's sex in order of appearance: as recorded, else by the part they play, as given, or by amelogenin."""
    people: dict[str, Sex] = {}

    def learn(person: str, sex: Sex | None) -> None:
        known = people.setdefault(person, "U")
        if sex in (None, "U"):
            return
        if known not in ("U", sex):
            raise PedigreeError(f"{person} is both male and female", "Correct the sex", member=person)
        people[person] = sex

    for pedigree in pedigrees:
        for member in pedigree:
            learn(member.id, member.sex)
        for member in pedigree:
            for parent, role in ((member.father, "M"), (member.mother, "F")):
                if parent is not None:
                    learn(parent, "M" if role == "M" else "F")
    for person in profiles:
        people.setdefault(person, "U")
    for person, sex in people.items():
        if sex == "U":
            learn(person, sexes.get(person))
        if people[person] == "U" and person in profiles:
            learn(person, profiles[person].genetic_sex)
        if people[person] == "U":
            raise PedigreeError(f"Familias needs to know the sex of {person}", "Give it in `sexes`", member=person)
    return people


def _table(frequencies: AlleleFrequencies, name: str, profiles: Iterable[Profile]) -> dict[str, float]:
    """Frequencies by label in ladder order, with every allele the profiles show."""
    table = {label: share for label, share in frequencies.loci[name].items() if share > 0}
    total = sum(table.values())
    if abs(total - 1) > _SUM_SEEN_AS_ONE:
        table = {label: share / total for label, share in table.items()}
    unlisted = {label for profile in profiles for label in profile.genotypes.get(name, ()) if label not in table}
    if unlisted:
        least = frequencies.minimum(name)
        if least * len(unlisted) >= 1:
            raise FrequencyError(
                f"{name} has no room for {', '.join(sorted(unlisted))}, for its table counts too few people",
                "Use a larger table, or add the alleles to it",
                field=name,
            )
        table = {label: share * (1 - least * len(unlisted)) for label, share in table.items()}
        table |= dict.fromkeys(unlisted, least)
    return {label: table[label] for label in sorted(table, key=allele_order)}


def _genotypes(profile: Profile | None, tables: Mapping[str, Mapping[str, float]]) -> list[str]:
    lines: list[str] = []
    for i, (name, table) in enumerate(tables.items()):
        if profile is not None and name in profile.genotypes:
            order = list(table)
            lines += [str(order.index(label)) for label in profile.pair(name)] + [str(i)]
    return [str(len(lines) // 3), *lines]


def _quoted(text: str) -> str:
    if text != text.strip() or not _BREAKS.isdisjoint(text):
        raise FormatError(f"the name {text!r} cannot be written", "Use a name without line breaks and without blanks at its ends")
    return f'"{text}"'
