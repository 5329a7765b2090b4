"""LINKAGE and MERLIN pedigrees: `.ped` holds the people, `.dat` says what its columns are, `.map` where the markers lie.

    FAM1  1  0  0  1  1  15 18  16 18          A missing_child
    FAM1  2  0  0  2  1  15 15  14 17          M D3S1358
    FAM1  3  1  2  1  2  0  0   0  0           M vWA

Columns are parted by blanks: family, id, father, mother (0 where not named), sex (1 or m, 2 or f, 0), then what `.dat` lists:
M a marker, two alleles (also "15/18"; 0, x, . or NA where not typed); A affection; T trait; C covariate; Z twin status; S a
column to skip, S2 two of them. (MERLIN and QTDT documentation, csg.sph.umich.edu/abecasis.) A parent without a row is added as a
founder, see `families`.

The format has no place for "missing": it is who the caller says; else who has affection status 2 in the first affection column;
else the one member with parents and without alleles, if there is one only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from wayhome.kinship.errors import FormatError, InputError, PedigreeError, ProfileError, UnknownName
from wayhome.kinship.formats.calls import Calls, ProfileDraft
from wayhome.kinship.formats.delimited import delimited, naming, shortened
from wayhome.kinship.formats.family_drafts import NOT_NAMED, FamilyDraft, FamilyFile, in_family, read_sex
from wayhome.kinship.formats.notes import Notes
from wayhome.kinship.formats.ped_columns import RECODED, Column, check_map, read_dat, read_key, words_of
from wayhome.kinship.formats.source import Source
from wayhome.kinship.formats.target import write_text
from wayhome.kinship.genetics.loci import Inheritance, allele_order, locus
from wayhome.kinship.genetics.profiles import Profile
from wayhome.kinship.pedigrees.family import Family
from wayhome.kinship.pedigrees.pedigree import Member

_SEXES = frozenset({"0", "1", "2", "m", "f", "x", "u", "?", "male", "female"})
_UNTYPED = frozenset({"0", "X", ".", "NA", "N", "?", "-"})
_AFFECTED = frozenset({"2", "A", "D", "Y"})


def read_ped(
    path: str | Path,
    dat: str | Path | None = None,
    *,
    missing: Mapping[str, str] | str | None = None,
    alleles: str | Path | None = None,
    encoding: str | None = None,
) -> FamilyFile:
    """Read `.ped` with its `.dat`.

    Parameters
    ----------
    dat : by default the file of the same name that ends in `.dat`.
    missing : family -> id of the child who is looked for, or one id for all families; families that are not named fall back to
        the rules above.
    alleles : key of recoded alleles (`marker,code,allele`), by default `<stem>.alleles.csv` where there is one.
    encoding : of all of them; by default a byte order mark decides, else UTF-8.

    Returns
    -------
    FamilyFile
        `format` is "linkage-ped"; samples are called "family/member". Markers that a `.map` beside the file does not list
        are noted.

    Raises
    ------
    InputError
        with file, line and field: no `.dat`, a row with columns too few or too many, half a genotype, a text that is no allele,
        nobody or several members missing, a pedigree that cannot be.
    """
    path = Path(path)
    source = Source.open(path)
    with naming(path):
        text = source.text(encoding)
        dat_path = path.with_suffix(".dat") if dat is None else Path(dat)
        if dat is None and not dat_path.is_file():
            raise FormatError(
                f"has no {dat_path.name} beside it, so nothing says which column is which marker",
                'Give the .dat file, with a line such as "A status" for each affection column and "M D3S1358" for each marker',
            )
    columns, dat_source = read_dat(dat_path, encoding)
    keys, key_source = read_key(path, dat_path, alleles, columns, encoding)
    map_source, notes = check_map(path.with_suffix(".map"), columns, encoding)
    with naming(path):
        families, more = _read_families(text, columns, keys, missing)
    sources = (source, dat_source, key_source, map_source)
    return FamilyFile("linkage-ped", families, (*notes, *more), {s.path: s.sha256 for s in sources if s})


def is_ped(text: str) -> bool:
    """Whether the first line reads as a person: at least five words, the fifth a sex."""
    line = next((line for line in text.split("\n", 20) if line.strip() and not line.startswith("#")), "")
    words = line.lstrip("\ufeff").split()
    return len(words) >= 5 and words[4].lower() in _SEXES


@dataclass(slots=True)
class _Person:
    """A row of `.ped`, as far as the choice of the missing member needs it."""

    member: Member
    line: int
    affected: bool
    profile: Profile | None


def _read_families(
    text: str, columns: list[Column], keys: dict[tuple[str, str], str], missing: Mapping[str, str] | str | None
) -> tuple[tuple[Family, ...], tuple[str, ...]]:
    people: dict[str, list[_Person]] = {}
    reader = _Rows(columns, keys)
    for line, words in words_of(text):
        if len(words) == 1 and words[0].lower() in {"end", "_end_"}:
            break
        person = reader.read(line, words)
        people.setdefault(words[0], []).append(person)
    if not people:
        raise FormatError("holds nobody", "Export it again")
    if isinstance(missing, Mapping):
        unknown = [name for name in missing if name not in people]
        if unknown:
            raise UnknownName(
                f"there is no family {unknown[0]}", f"There are {shortened(', '.join(people), 300)}", field="missing"
            )
    notes = Notes()
    families = []
    for name, rows in people.items():
        draft = FamilyDraft(name, rows[0].line)
        for person in rows:
            draft.add(person.member, person.line)
        _mark_missing(draft, rows, missing.get(name) if isinstance(missing, Mapping) else missing)
        pedigree = draft.pedigree(notes)
        profiles = {person.member.id: person.profile for person in rows if person.profile is not None}
        try:
            families.append(draft.family(pedigree, profiles))
        except PedigreeError as error:
            line_of = {person.member.id: person.line for person in rows}
            raise error.at(line=line_of.get(error.member or ""), field="id") from None
    return tuple(families), (*reader.notes, *notes.told())


def _mark_missing(draft: FamilyDraft, rows: list[_Person], told: str | None) -> None:
    if told is not None:
        found = [person for person in rows if person.member.id == told]
        if not found:
            raise in_family(
                UnknownName(
                    f"{draft.name} has no member {told}",
                    f"Its members are {shortened(', '.join(p.member.id for p in rows), 300)}",
                    line=draft.line,
                    field="missing",
                ),
                draft.name,
                told,
            )
        found = found[:1]
    else:
        found = [person for person in rows if person.affected]
    if not found:
        found = [person for person in rows if person.profile is None and person.member.parents]
        if len(found) > 1:
            names = ", ".join(person.member.id for person in found)
            raise draft.error(
                f"{names} are all untyped, and any could be the missing one",
                "Say which, or give the missing one affection status 2",
                field="missing",
            )
    if not found:
        raise draft.error(
            "nobody is marked as missing, and no member with parents is untyped",
            "Say which, or give the missing one affection status 2",
            field="missing",
        )
    for person in found:
        draft.mark_missing(person.member.id, person.line)


class _Rows:
    """Reads the rows of `.ped`."""

    def __init__(self, columns: list[Column], keys: dict[tuple[str, str], str]) -> None:
        self._columns = columns
        self._keys = keys
        self._calls = Calls()
        self._status = next((i for i, column in enumerate(columns) if column.kind == "A"), None)
        self._twins = 0

    @property
    def notes(self) -> tuple[str, ...]:
        """What was set aside."""
        return (f"{self._twins} members have a twin status, which is not used",) if self._twins else ()

    def read(self, line: int, words: list[str]) -> _Person:
        """One person; InputError with line and field."""
        if len(words) < 5:
            raise FormatError(
                "a row has fewer than five columns", "Give family, id, father, mother and sex", line=line, field="sex"
            )
        family, id_, *parents = words[:4]
        draft = ProfileDraft(f"{family}/{id_}", None, line)
        affected, at = False, 5
        try:
            father, mother = (None if parent in NOT_NAMED else parent for parent in parents)
            member = Member(id_, father, mother, read_sex("0" if words[4].lower() == "x" else words[4]))
            for i, column in enumerate(self._columns):
                if column.kind == "M":
                    alleles, at = self._genotype(words, at, column.name)
                    draft.add(self._calls.read(column.name, alleles, None))
                    continue
                self._need(words, at, 1, column.name)
                if i == self._status:
                    affected = words[at].upper() in _AFFECTED
                elif column.kind == "Z" and words[at] not in _UNTYPED:
                    self._twins += 1
                at += 1
            if at < len(words):
                raise FormatError(
                    f"the row has {len(words)} columns, {len(words) - at} more than the .dat lists",
                    "Add the columns to the .dat, or remove them",
                    field=shortened(words[at]),
                )
        except InputError as error:
            raise in_family(error, family, id_).at(line=line) from None
        return _Person(member, line, affected, draft.profile() if draft.genotypes or draft.flags else None)

    def _need(self, words: list[str], at: int, count: int, name: str) -> None:
        if at + count > len(words):
            raise FormatError(
                f"the row ends before {name}: it has {len(words)} columns",
                "Give every column that the .dat lists, two for each marker",
                field=name,
            )

    def _genotype(self, words: list[str], at: int, name: str) -> tuple[tuple[str, ...], int]:
        """The alleles of a marker, and where the next column begins."""
        self._need(words, at, 1, name)
        if "/" in words[at]:
            told, at = words[at].split("/"), at + 1
        else:
            self._need(words, at, 2, name)
            told, at = words[at : at + 2], at + 2
        kind = locus(name).inheritance
        untyped = _UNTYPED - {"X"} if kind is Inheritance.SEX_MARKER and not self._keys else _UNTYPED
        alleles = ["" if text.upper() in untyped else text for text in told]
        if len(alleles) != 2 or (kind is Inheritance.AUTOSOMAL and "" in alleles and any(alleles)):
            raise ProfileError(
                f'"{"/".join(told)}" is half a genotype',
                "Write both alleles, or 0 0; a homozygote has the same twice",
                field=name,
            )
        if self._keys:
            for text in filter(None, alleles):
                if (name, text) not in self._keys:
                    raise ProfileError(f"the code {text} of {name} is not in the key", "Use the key of this file", field=name)
            alleles = [self._keys[name, text] if text else "" for text in alleles]
        return tuple(alleles), at


def write_ped(path: str | Path, families: Iterable[Family], *, recode: bool = False) -> None:
    """Write `.ped`, and `.dat` beside it, that `read_ped` reads as the same families.

    Blanks in names of markers become "_". Kits, flags and samples' own ids have no place in the format. The missing child has
    affection status 2, everybody else 1.

    Parameters
    ----------
    recode : False keeps alleles as they are, "9.3" and X/Y too, which some programs refuse; True writes 1, 2, 3... in ladder
        order for each marker, with the key in `<stem>.alleles.csv`.

    Raises
    ------
    InputError
        for a name or id that is empty, "0" or holds blanks, two families of one name, a key of another export that stands beside
        where none is to be, and as `write_text`.
    """
    path, families = Path(path), tuple(families)
    if not path.name:
        raise FormatError("is a folder", "Name the file itself", file=path)
    key = path.with_suffix(".alleles.csv")
    if not recode and key.exists():
        raise FormatError(
            "is the key of an earlier export and would be applied to this one", "Remove it, or write elsewhere", file=key
        )
    ladders = _ladders(families)
    codes = {name: {label: str(k) if recode else label for k, label in enumerate(ladder, 1)} for name, ladder in ladders.items()}
    with naming(path):
        text = "".join("\t".join(row) + "\n" for row in _ped_rows(families, codes))
    titles = {name: "_".join(name.split()) for name in ladders}
    status = RECODED if recode else "missing_child"
    if recode:
        rows = ((titles[name], code, label) for name, of in codes.items() for label, code in of.items())
        write_text(key, delimited(("marker", "code", "allele"), rows))
    write_text(path.with_suffix(".dat"), "".join([f"A {status}\n", *(f"M {title}\n" for title in titles.values())]))
    write_text(path, text)


def _ladders(families: tuple[Family, ...]) -> dict[str, list[str]]:
    found: dict[str, set[str]] = {}
    for family in families:
        for profile in family.profiles.values():
            for name, genotype in profile.genotypes.items():
                found.setdefault(name, set()).update(genotype)
    return {name: sorted(labels, key=allele_order) for name, labels in found.items()}


def _ped_rows(families: tuple[Family, ...], codes: Mapping[str, Mapping[str, str]]) -> Iterator[list[str]]:
    names: set[str] = set()
    for family in families:
        for field, text in [("family", family.id), *(("id", id_) for id_ in family.pedigree.ids)]:
            if text in NOT_NAMED or text.split() != [text] or text.startswith("#"):
                raise in_family(
                    PedigreeError(f'"{text}" cannot stand in a .ped', "Give a name without blanks", field=field), family.id
                )
        if family.id in names:
            raise PedigreeError(f"two families are called {family.id}", "Give each a name of its own", field="family")
        names.add(family.id)
        for m in family.pedigree:
            row = [family.id, m.id, m.father or "0", m.mother or "0", {"M": "1", "F": "2", "U": "0"}[m.sex]]
            row.append("2" if m.id == family.missing else "1")
            genotypes = family.profiles[m.id].genotypes if m.id in family.profiles else {}
            for name, of in codes.items():
                genotype = genotypes.get(name)
                row += [of[genotype[0]], of[genotype[-1]]] if genotype else ["0", "0"]
            yield row
