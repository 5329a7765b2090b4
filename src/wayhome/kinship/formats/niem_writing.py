"""Families into NIEM 5.1 biometrics messages, see `niem`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from wayhome.kinship.errors import FormatError, ProfileError
from wayhome.kinship.formats.calls import Call, Calls
from wayhome.kinship.formats.delimited import naming, shortened
from wayhome.kinship.formats.niem_schema import (
    BIOM,
    CASE_ID,
    CATEGORIES,
    KNOWN,
    MEMBER_ID,
    MOST_CHARACTERS,
    MOST_IN_CALL,
    NC,
    PROFILE_ID,
    SEX_TEXT,
    SOUGHT,
    STATUSES,
    STRUCTURES,
    UNKNOWN,
    NiemPedigree,
    locus_category,
)
from wayhome.kinship.formats.notes import Notes
from wayhome.kinship.formats.target import write_text
from wayhome.kinship.formats.xml import XmlText
from wayhome.kinship.genetics.loci import allele_label, reported_locus
from wayhome.kinship.genetics.profiles import Profile
from wayhome.kinship.pedigrees.family import Family

ROOT = "urn:wayhome:dna-data-transaction"


def write_niem(
    path: str | Path,
    families: Iterable[Family | NiemPedigree],
    *,
    profiles: Iterable[Profile] = (),
    details: Mapping[str, Mapping[str, str]] | None = None,
) -> tuple[str, ...]:
    """Write families with the DNA records of their members; `read_niem` gives them back, save for what the notes name.

    Parameters
    ----------
    families : names unique. A member may stand in several, always with the same profile.
    profiles : further records without a pedigree, such as those of children.
    details : sample -> field -> text: "category" (by default Family Relative, and Unidentified Person for `profiles`), "case",
        "sex" and "partial", as `read_niem` gives them.

    Returns
    -------
    tuple of str
        Notes on loci left out: those set aside by a quality flag, and those that would not be understood again, such as D6S474
        without its kit.

    Raises
    ------
    FormatError
        with file, for a name told twice or empty, two profiles of one sample id, a category nobody knows, a character that XML
        cannot hold, or a file that cannot be written. Nothing is written then.
    """
    with naming(path):
        writing = _Writing(details or {})
        text = writing.file([one if isinstance(one, NiemPedigree) else NiemPedigree.of(one) for one in families], profiles)
    write_text(path, text)
    return writing.notes.told()


@dataclass(slots=True)
class _Writing:
    """One file while it is written."""

    details: Mapping[str, Mapping[str, str]]
    xml: XmlText = field(default_factory=XmlText)
    calls: Calls = field(default_factory=Calls)
    notes: Notes = field(default_factory=Notes)
    records: dict[str, Profile] = field(default_factory=dict)
    members: int = 0

    def file(self, pedigrees: list[NiemPedigree], profiles: Iterable[Profile]) -> str:
        xmlns = {"ex": ROOT, "biom": BIOM, "nc": NC, "structures": STRUCTURES}
        self.xml.open("ex:DNADataTransaction", {f"xmlns:{prefix}": uri for prefix, uri in xmlns.items()})
        cases: set[str] = set()
        for one in pedigrees:
            case = _checked_id(one.pedigree.name, "PedigreeIdentification")
            if case in cases:
                raise FormatError(f"the case {case} is told twice", "Give every family a name of its own")
            cases.add(case)
            if one.status not in STATUSES:
                raise FormatError(f'{case} has the status "{one.status}"', f"Known: {', '.join(STATUSES)}")
            owners: dict[str, str] = {}
            for member, profile in one.profiles.items():
                if owners.setdefault(profile.sample, member) != member:
                    raise FormatError(
                        f"{case}: the profile {profile.sample} belongs to {owners[profile.sample]} and {member}",
                        "Give each their own",
                    )
                sex = SEX_TEXT[one.pedigree[member].sex]
                self.record(profile, {"category": "Family Relative", "case": case, "sex": sex})
        for profile in profiles:
            self.record(profile, {"category": "Unidentified Person"})
        if not self.records and not pedigrees:
            raise FormatError("there is no family and no profile to write", "Give at least one")
        for one in pedigrees:
            self.pedigree(one)
        self.xml.close()
        return str(self.xml)

    def identification(self, name: str, text: str, category: str) -> None:
        self.xml.open(f"biom:{name}")
        self.xml.leaf("nc:IdentificationID", _checked_id(text, name))
        self.xml.leaf("nc:IdentificationCategoryDescriptionText", category)
        self.xml.close()

    def record(self, profile: Profile, usual: Mapping[str, str]) -> None:
        xml, sample = self.xml, profile.sample
        if sample in self.records:
            if self.records[sample] != profile:
                raise FormatError(f"two profiles have the sample id {sample}", "Give each their own")
            return
        self.records[sample] = profile
        about = {**usual, **{key: text for key, text in self.details.get(sample, {}).items() if text}}
        if about["category"] not in CATEGORIES:
            raise FormatError(f'{sample} has the category "{about["category"]}"', f"Known: {', '.join(CATEGORIES)}")
        xml.open("biom:DNARecord")
        xml.leaf("biom:DNACategoryCode", about["category"])
        if "sex" in about:
            xml.open("biom:DNADonor")
            xml.leaf("nc:PersonSexText", about["sex"])
            xml.close()
        if "case" in about:
            self.identification("DNADataIdentification", about["case"], CASE_ID)
        self.identification("DNADataIdentification", sample, PROFILE_ID)
        xml.open("biom:DNAEncoding")
        xml.leaf("biom:DNATypingTechnologyCode", "STR")
        xml.open("biom:DNASTRData")
        if profile.kit:
            xml.open("biom:DNAKit")
            xml.leaf("biom:DNAKitName", _checked_id(profile.kit, "DNAKitName"))
            xml.close()
        if "partial" in about:
            xml.leaf("biom:DNASTRProfilePartialIndicator", about["partial"])
        for name in profile.genotypes:
            self.locus(profile, name)
        for name in profile.flags:
            if name not in profile.genotypes:
                self.notes.add(f"{name} left out, which a quality flag sets aside", sample)
        for _ in range(3):
            xml.close()

    def locus(self, profile: Profile, name: str) -> None:
        """A DNALocus as the profile's kit reports it, if it can be understood again."""
        genotype = profile.genotypes[name]
        shift = reported_locus(name, profile.kit).allele_shift
        try:
            texts = tuple(allele_label(label, -shift) for label in genotype) if shift else genotype
            back = self.calls.read(name, texts, profile.kit)
        except ProfileError:
            back, texts = None, ()
        if back != Call(name, genotype, ()) or not 1 <= len(name) <= MOST_IN_CALL:
            self.notes.add(f"{shortened(name)} left out, which would not be understood again", profile.sample)
            return
        xml = self.xml
        xml.open("biom:DNALocus")
        xml.leaf("biom:DNALocusName", name)
        xml.leaf("biom:DNALocusCategoryCode", locus_category(name))
        xml.leaf("biom:DNALocusQualityStatusCode", "Normal")
        for text in texts:
            xml.open("biom:DNAAllele")
            xml.leaf("biom:DNAAlleleOperatorCode", "Equal")
            xml.leaf("biom:DNAAlleleCall1Text", text)
            xml.close()
        xml.close()

    def pedigree(self, one: NiemPedigree) -> None:
        xml = self.xml
        xml.open("biom:Pedigree")
        self.identification("PedigreeIdentification", one.pedigree.name, CASE_ID)
        xml.leaf("biom:PedigreeStatusCode", one.status)
        ids = {member: f"ID-{self.members + i}" for i, member in enumerate(one.pedigree.ids, start=1)}
        self.members += len(ids)
        for member in one.pedigree:
            xml.open("biom:PedigreeMember", {"structures:id": ids[member.id]})
            self.identification("PedigreeMemberIdentification", member.id, MEMBER_ID)
            profile = one.profiles.get(member.id)
            if profile is not None:
                self.identification("PedigreeMemberIdentification", profile.sample, PROFILE_ID)
            xml.leaf("nc:PersonSexText", SEX_TEXT[member.sex])
            status = SOUGHT if member.id in one.sought else KNOWN if profile is not None else UNKNOWN
            xml.leaf("biom:PedigreeMemberStatusCode", status)
            for role, parent in (("Father", member.father), ("Mother", member.mother)):
                if parent is not None:
                    xml.leaf(f"biom:Pedigree{role}Identification", "", {"structures:metadata": ids[parent]})
            xml.close()
        xml.close()


def _checked_id(text: str, name: str) -> str:
    if not 1 <= len(text) <= MOST_CHARACTERS:
        raise FormatError(f"has {len(text)} characters", f"Give 1 to {MOST_CHARACTERS}", field=name)
    return text
