"""`wayhome convert`: from one file format to another.

What is written is read again and compared with what was there, so that the losses told are those that really happened.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from wayhome import kinship
from wayhome.cli.holdings import Holdings, losses, read_holdings
from wayhome.cli.models import told_mutation
from wayhome.cli.staging import staged
from wayhome.cli.wording import printable


@dataclass(frozen=True, slots=True)
class Wanted:
    """Where to and how, as it was typed."""

    out: Path
    to: str | None = None
    encoding: str | None = None
    population: str | None = None
    category: str | None = None
    laboratory: str | None = None
    destination: str | None = None
    user: str | None = None

    def need(self, **options: str | None) -> None:
        """InputError where the format needs an option that was not given."""
        lacking = [f"--{name}" for name, value in options.items() if not value]
        if lacking:
            raise kinship.InputError(f"the format needs {', '.join(lacking)}", "Add what is lacking")


@dataclass(frozen=True, slots=True)
class Format:
    """A format that can be written.

    Parameters
    ----------
    title : what it is.
    holds : what it is made of: profiles, families, frequencies, the first that the source has.
    write : writes to a path, and tells what was added.
    """

    title: str
    holds: tuple[str, ...]
    write: Callable[[Path, Holdings, Wanted], Iterable[str]]


def _table(path: Path, held: Holdings, _: Wanted) -> Iterable[str]:
    kinship.write_profile_table(path, held.profiles)
    return ()


def _wide_table(path: Path, held: Holdings, _: Wanted) -> Iterable[str]:
    kinship.write_profile_table(path, held.profiles, wide=True)
    return ()


def _genemapper(path: Path, held: Holdings, _: Wanted) -> Iterable[str]:
    kinship.write_genemapper(path, held.profiles)
    return ()


def _genis(path: Path, held: Holdings, wanted: Wanted) -> Iterable[str]:
    own = {sample: told.get("category", "") for sample, told in held.details_of("genis-bulk").items()}
    assignees = {told.get("assignee", "") for told in held.details_of("genis-bulk").values()}
    assignee = wanted.user or (assignees.pop() if len(assignees) == 1 else None)
    wanted.need(user=assignee, category=wanted.category or "own" * bool(own))
    kinship.write_genis(path, held.profiles, assignee=assignee or "", category=wanted.category or own)
    return ()


def _codis(path: Path, held: Holdings, wanted: Wanted) -> Iterable[str]:
    details = held.details_of("codis-cmf-3.2")
    laboratories = {told["laboratory"] for told in details.values() if "laboratory" in told}
    laboratory = wanted.laboratory or (laboratories.pop() if len(laboratories) == 1 else None)
    categorised = len(details) == len(held.profiles) and all("category" in told for told in details.values())
    wanted.need(
        laboratory=laboratory,
        destination=wanted.destination,
        user=wanted.user,
        category=wanted.category or "own" * categorised,
    )
    kinship.write_codis(
        path,
        held.profiles,
        details=details,
        source_lab=laboratory or "",
        destination_ori=wanted.destination or "",
        user=wanted.user or "",
        submitted=datetime.now(),
        category=wanted.category,
    )
    return ()


def _niem(path: Path, held: Holdings, _: Wanted) -> Iterable[str]:
    relatives = {profile for family in held.families for profile in family.profiles.values()}
    others = [profile for profile in held.profiles if profile not in relatives]
    kinship.write_niem(path, held.families, profiles=others, details=held.details_of("niem-biometrics-5.1"))
    return ()


def _families(path: Path, held: Holdings, _: Wanted) -> Iterable[str]:
    if path.is_dir():
        kinship.write_families(path / "pedigrees.csv", path / "profiles.csv", held.families)
    else:
        kinship.write_families(path, path.with_name(f"{path.stem}.profiles.csv"), held.families)
    return ()


def _ped(path: Path, held: Holdings, _: Wanted) -> Iterable[str]:
    kinship.write_ped(path, held.families)
    return ()


def _familias(path: Path, held: Holdings, wanted: Wanted) -> Iterable[str]:
    """Families are told in names of their own, for in Familias members of one name are one person."""
    project, frequencies = held.project, held.frequencies
    added: list[str] = []
    if wanted.population is not None:
        frequencies = kinship.read_frequencies(wanted.population, encoding=wanted.encoding)
        added.append(f"the frequencies of {frequencies.name}")
    if frequencies is None:
        raise kinship.InputError("a Familias project needs allele frequencies", "Name them with --population")
    mutation = project.mutation if project else kinship.DEFAULT_MUTATION
    if project is None:
        added.append(told_mutation(mutation))
    pedigrees: list[kinship.Pedigree] = []
    profiles: dict[str, kinship.Profile] = {}
    for family in held.families:
        names = {m: m if len(held.families) == 1 else f"{family.id}/{m}" for m in family.pedigree.ids}
        pedigrees.append(family.pedigree.relabelled(names))
        profiles |= {names[member]: profile for member, profile in family.profiles.items()}
    told = {profile.sample for profile in profiles.values()}
    profiles |= {profile.sample: profile for profile in held.profiles if profile.sample not in told}
    kinship.write_familias(
        path,
        pedigrees=pedigrees,
        profiles=profiles,
        frequencies=frequencies,
        mutation=mutation,
        theta=project.theta if project else 0.0,
        silent=project.silent if project else 0.0,
        sexes=project.sexes if project else None,
    )
    return added


def _frequencies(path: Path, held: Holdings, _: Wanted) -> Iterable[str]:
    assert held.frequencies is not None
    kinship.write_frequency_table(path, held.frequencies)
    return ()


def _strider(path: Path, held: Holdings, _: Wanted) -> Iterable[str]:
    assert held.frequencies is not None
    kinship.write_strider(path, held.frequencies)
    return ()


FORMATS = {
    "families": Format("a pair of family tables", ("families",), _families),
    "ped": Format("LINKAGE .ped with .dat", ("families",), _ped),
    "niem": Format("NIEM XML", ("families", "profiles"), _niem),
    "familias": Format("a Familias project", ("families", "profiles", "frequencies"), _familias),
    "table": Format("a long table of profiles", ("profiles",), _table),
    "wide": Format("a wide table of profiles", ("profiles",), _wide_table),
    "genemapper": Format("a GeneMapper table", ("profiles",), _genemapper),
    "codis": Format("CODIS CMF XML", ("profiles",), _codis),
    "genis": Format("a GENis bulk upload", ("profiles",), _genis),
    "frequencies": Format("a table of allele frequencies", ("frequencies",), _frequencies),
    "strider": Format("STRidER XML", ("frequencies",), _strider),
}
_BY_ENDING: Mapping[str, Mapping[str, str]] = {
    "": {"families": "families"},
    ".csv": {"families": "families", "profiles": "table", "frequencies": "frequencies"},
    ".txt": {"profiles": "genemapper"},
    ".xml": {"families": "niem", "profiles": "codis", "frequencies": "strider"},
    ".ped": {"families": "ped"},
    ".fam": {"families": "familias", "profiles": "familias", "frequencies": "familias"},
}
"""Ending of the file -> what the source holds, families first -> format. No ending is a folder."""


def convert(source: str, wanted: Wanted, *, force: bool) -> None:
    """Read, write, read again, and tell what was lost on the way.

    Raises
    ------
    InputError
        where the source cannot be read, or the format not be written from it; nothing is written then.
    """
    held = read_holdings(source, wanted.encoding)
    format_ = FORMATS[_chosen(held, wanted)]
    if not set(format_.holds) & set(held.kinds):
        raise kinship.FormatError(
            f"holds {held.told()}, and {format_.title} is made of {' or '.join(format_.holds)}",
            "Choose another format with --to",
            file=source,
        )
    as_folder = format_ is FORMATS["families"] and (not wanted.out.suffix or wanted.out.is_dir())
    with staged(wanted.out if as_folder else wanted.out.parent, force=force, make=as_folder) as folder:
        path = folder if as_folder else folder / wanted.out.name
        added = tuple(format_.write(path, held, wanted))
        written = read_holdings(path)
    print(f"{printable(source)}: {held.title}; {held.told()}")
    for note in held.notes:
        print(f"  not read: {printable(note)}")
    print(f"{printable(str(wanted.out))}: {format_.title}; {written.told()}")
    for one in added:
        print(f"  added: {printable(one)}")
    lost = losses(held, written)
    for loss in lost:
        print(f"  lost: {printable(loss)}")
    if not lost:
        print("  nothing is lost")


def _chosen(held: Holdings, wanted: Wanted) -> str:
    """The name of the format to write."""
    known = ", ".join(FORMATS)
    if wanted.to is not None:
        if wanted.to not in FORMATS:
            raise kinship.UnknownName(f'no format is called "{wanted.to}"', f"Known are {known}", field="--to")
        return wanted.to
    ending = "" if wanted.out.is_dir() else wanted.out.suffix.lower()
    kind = held.kinds[0] if held.kinds else "nothing"
    format_ = _BY_ENDING.get(ending, {}).get(kind)
    if format_ is None:
        told = f"the ending {ending}" if ending else "a folder"
        raise kinship.FormatError(f"{told} does not say the format for {kind}", f"Name it with --to: {known}", file=wanted.out)
    return format_
