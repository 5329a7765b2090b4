"""What a file holds, of whatever format; and what is gone where two holdings should be the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from wayhome import kinship
from wayhome.cli.wording import counted, listed


@dataclass(frozen=True, slots=True)
class Holdings:
    """Everything that could be read from a file.

    Parameters
    ----------
    title : what the file is, in words.
    format : short name of its format.
    profiles : all of them, those of families too.
    details : sample -> field -> text.
    families, frequencies : where there are any.
    project : the whole of a Familias project.
    notes : what was set aside, and why.
    """

    title: str
    format: str
    profiles: tuple[kinship.Profile, ...] = ()
    details: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    families: tuple[kinship.Family, ...] = ()
    frequencies: kinship.AlleleFrequencies | None = None
    project: kinship.FamiliasFile | None = None
    notes: tuple[str, ...] = ()

    @property
    def kinds(self) -> tuple[str, ...]:
        """What there is: families, profiles, frequencies."""
        there = {"families": self.families, "profiles": self.profiles, "frequencies": self.frequencies}
        return tuple(kind for kind, some in there.items() if some)

    def details_of(self, format_: str) -> Mapping[str, Mapping[str, str]]:
        """The details, where they were told in this format's own words."""
        return self.details if self.format == format_ else {}

    def told(self) -> str:
        """What there is, counted."""
        parts = []
        if self.families:
            parts.append(counted(len(self.families), "family", "families"))
        if self.profiles:
            parts.append(counted(len(self.profiles), "profile"))
        if self.frequencies is not None:
            parts.append(f"frequencies of {counted(len(self.frequencies.loci), 'locus', 'loci')}")
        return ", ".join(parts) or "nothing"


def read_holdings(name: str | Path, encoding: str | None = None) -> Holdings:
    """Read a file, a folder of family tables, or a shipped population by its name; errors as the readers in `kinship`."""
    if str(name) in kinship.population_names() and not Path(name).exists():
        return Holdings("a shipped population", "population", frequencies=kinship.read_frequencies(str(name)))
    if Path(name).is_dir():
        return _of_families("a folder of family tables", kinship.read_any_families(name, encoding=encoding))
    kind = kinship.recognise(name, encoding=encoding)
    title = str(kind)
    match kind:
        case kinship.FileKind.PEDIGREES | kinship.FileKind.PED:
            return _of_families(title, kinship.read_any_families(name, encoding=encoding))
        case kinship.FileKind.FREQUENCIES | kinship.FileKind.STRIDER:
            return Holdings(title, title, frequencies=kinship.read_frequencies(name, encoding=encoding))
        case kinship.FileKind.NIEM:
            niem = kinship.read_niem(name)
            told = niem.profiles
            return Holdings(title, told.format, told.profiles, told.details, niem.families, notes=told.notes)
        case kinship.FileKind.FAMILIAS:
            project = kinship.read_familias(name, encoding=encoding)
            profiles = {profile.sample: profile for profile in (*project.profiles, *project.unidentified)}
            for family in project.families:
                profiles |= {profile.sample: profile for profile in family.profiles.values()}
            frequencies = project.frequencies if project.frequencies.loci else None
            return Holdings(
                title, project.format, tuple(profiles.values()), {}, project.families, frequencies, project, project.notes
            )
        case _:
            read = kinship.read_profiles(name, encoding=encoding)
            return Holdings(title, read.format, read.profiles, read.details, notes=read.notes)


def _of_families(title: str, read: kinship.FamilyFile) -> Holdings:
    profiles = tuple(profile for family in read.families for profile in family.profiles.values())
    return Holdings(title, read.format, profiles, {}, read.families, notes=read.notes)


def losses(before: Holdings, after: Holdings) -> list[str]:
    """What was there before and is not there after, or is another, one line each."""
    return [*_lost_families(before, after), *_lost_profiles(before, after), *_lost_frequencies(before, after)]


def _lost_families(before: Holdings, after: Holdings) -> Iterator[str]:
    there = {family.id: family for family in after.families}
    gone, other_members, other_names = [], [], []
    for family in before.families:
        new = there.get(family.id)
        if new is None:
            gone.append(family.id)
            continue
        names = {member: _new_name(family.id, member, new) for member in family.pedigree.ids}
        same = family.pedigree.relabelled(names)
        if {*same} != {*new.pedigree} or same.missing != new.missing:
            other_members.append(family.id)
        elif same != family.pedigree:
            other_names.append(family.id)
    if before.project is not None:
        hypotheses = {pedigree.name for pedigree in before.project.pedigrees} - {family.id for family in before.families}
        kept = {pedigree.name for pedigree in after.project.pedigrees} if after.project is not None else set()
        if hypotheses - kept:
            yield f"pedigrees in which nobody is missing: {listed(sorted(hypotheses - kept))}"
        if after.project is None:
            yield "the mutation models, theta and silent alleles of the project"
    if gone:
        what = "the pedigrees" if not after.families else "as families in which somebody is missing"
        yield f"{what}: {listed(gone)}"
    if other_members:
        yield f"members, or who is missing: {listed(other_members)}"
    if other_names:
        yield f'members\' names, which are now "family/member": {listed(other_names)}'


def _new_name(family: str, member: str, new: kinship.Family) -> str:
    whole = f"{family}/{member}"
    return whole if whole in new.pedigree and member not in new.pedigree else member


def _lost_profiles(before: Holdings, after: Holdings) -> Iterator[str]:
    gone, renamed = [], []
    loci: Counter[str] = Counter()
    changed: Counter[str] = Counter()
    kits = flags = 0
    for old, new in _pairs(before, after):
        if new is None:
            gone.append(old.sample)
            continue
        if new.sample != old.sample:
            renamed.append(old.sample)
        kits += old.kit is not None and new.kit != old.kit
        flags += sum(name not in new.flags for name in old.flags)
        for name, genotype in old.genotypes.items():
            if name not in new.genotypes:
                loci[name] += 1
            elif new.genotypes[name] != genotype:
                changed[name] += 1
    if gone:
        yield f"profiles: {listed(gone)}"
    if loci:
        yield f"loci, with the number of profiles: {listed([f'{name} ({n})' for name, n in loci.items()], 30)}"
    if changed:
        yield f"genotypes that are told otherwise: {listed([f'{name} ({n})' for name, n in changed.items()], 30)}"
    if flags:
        yield f"{counted(flags, 'quality flag')} of loci that were set aside"
    if kits:
        yield f"the name of the kit: {counted(kits, 'profile')}"
    if renamed:
        yield f"samples' own ids: {listed(renamed)}"
    fields = {key for told in before.details.values() for key in told}
    kept = {key for told in after.details.values() for key in told}
    if fields - kept:
        yield f"details of samples: {listed(sorted(fields - kept), 20)}"


def _pairs(before: Holdings, after: Holdings) -> Iterator[tuple[kinship.Profile, kinship.Profile | None]]:
    """Each profile with what became of it."""
    by_sample = {profile.sample: profile for profile in after.profiles}
    by_member = {(family.id, member): p for family in after.families for member, p in family.profiles.items()}
    told = set()
    for family in before.families:
        for member, profile in family.profiles.items():
            told.add(profile.sample)
            whole = f"{family.id}/{member}"
            keys = ((family.id, member), (family.id, whole))
            found = next((by_member[key] for key in keys if key in by_member), None)
            yield profile, found or by_sample.get(profile.sample) or by_sample.get(whole)
    for profile in before.profiles:
        if profile.sample not in told:
            yield profile, by_sample.get(profile.sample)


def _lost_frequencies(before: Holdings, after: Holdings) -> Iterator[str]:
    old, new = before.frequencies, after.frequencies
    if old is None:
        return
    if new is None:
        yield "the allele frequencies"
        return
    if new.name != old.name:
        yield f'the name "{old.name}", now "{new.name}"'
    gone = [name for name in old.loci if name not in new.loci]
    if gone:
        yield f"loci: {listed(gone, 30)}"
    changed = [name for name, table in old.loci.items() if name in new.loci and dict(new.loci[name]) != dict(table)]
    if changed:
        yield f"frequencies in full, for they are scaled to sum to one or rounded: {listed(changed, 30)}"
    people = [name for name, n in old.people.items() if name in new.loci and n != new.people.get(name)]
    if people:
        yield f"the number of people typed: {listed(people, 30)}"
    for what, lost in (("source", old.source), ("cautions", set(old.cautions) - set(new.cautions))):
        if lost and (what == "cautions" or old.source != new.source):
            yield f"the {what}"
    if old.doubtful_loci - new.doubtful_loci:
        yield f"that these loci are doubtful: {listed(sorted(old.doubtful_loci))}"
