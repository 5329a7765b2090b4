"""NIEM 5.1 biometrics: DNA records with the pedigree that connects them, the one public exchange format that holds both.

After the sample messages of NIEM.github.io (community/biometrics, US Government). The root element belongs to whoever
exchanges; only its DNARecord and Pedigree children are read. Members are known (K), unknown (U) or search targets (S) and name
their parents by structures:id.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from wayhome.kinship.errors import PedigreeError
from wayhome.kinship.formats.calls import Call, Calls, ProfileDraft
from wayhome.kinship.formats.delimited import naming, shortened
from wayhome.kinship.formats.niem_schema import (
    BIOM,
    CASE_ID,
    KNOWN,
    MEMBER_ID,
    MOST_CHARACTERS,
    MOST_IN_CALL,
    NC,
    OPERATORS,
    PROFILE_ID,
    QUALITY_FLAGS,
    REFUTED,
    SEXES,
    SOUGHT,
    STATUSES,
    STRUCTURES,
    UNKNOWN,
    NiemFile,
    NiemPedigree,
)
from wayhome.kinship.formats.niem_writing import write_niem
from wayhome.kinship.formats.notes import Notes
from wayhome.kinship.formats.source import ProfileFile, Source
from wayhome.kinship.formats.xml import Element, elements
from wayhome.kinship.genetics.profiles import Profile
from wayhome.kinship.pedigrees.pedigree import Member, Pedigree, Sex

__all__ = ["NiemFile", "NiemPedigree", "read_niem", "write_niem"]

_ID = f"{{{STRUCTURES}}}id"
_REFERENCES = (f"{{{STRUCTURES}}}metadata", f"{{{STRUCTURES}}}ref")
_NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"


def read_niem(path: str | Path) -> NiemFile:
    """Read DNA records and pedigrees.

    Loci whose quality is not Normal are set aside with the flag "partial", "not_definitive" or "silent_allele". A member's id is
    the one called "Member ID", else its structures:id.

    Raises
    ------
    InputError
        with file, line and element: a FormatError for a file without records and pedigrees, an id told twice, a code nobody
        knows, a parent nobody is; a ProfileError or PedigreeError for an impossible genotype or family.
    """
    source = Source.open(path)
    with naming(path):
        return _Reading().file(source)


@dataclass(slots=True)
class _Reading:
    """One file while it is read."""

    calls: Calls = field(default_factory=Calls)
    notes: Notes = field(default_factory=Notes)
    profiles: dict[str, Profile] = field(default_factory=dict)
    details: dict[str, Mapping[str, str]] = field(default_factory=dict)
    pedigrees: dict[str, tuple[NiemPedigree, Mapping[str, str]]] = field(default_factory=dict)
    ids: set[str] = field(default_factory=set)

    def file(self, source: Source) -> NiemFile:
        parts = elements(source)
        root = next(parts)
        for part in parts:
            if part.name == _biom("DNARecord"):
                self.record(part)
            elif part.name == _biom("Pedigree"):
                self.pedigree(part)
        if not self.details and not self.pedigrees:
            raise root.error("holds neither a DNARecord nor a Pedigree", f"Export it as NIEM 5.1, {BIOM}")
        pedigrees = tuple(self.linked(*draft) for draft in self.pedigrees.values())
        families = tuple(family for pedigree in pedigrees for family in pedigree.families())
        profiles = tuple(self.profiles.values())
        about = ProfileFile("niem-biometrics-5.1", profiles, self.details, self.notes.told(), source.sha256)
        return NiemFile(about, pedigrees, families)

    def record(self, record: Element) -> None:
        ids = _identifications(record, "DNADataIdentification")
        sample = ids.pop(PROFILE_ID, "")
        if not sample:
            raise record.error(f"has no {PROFILE_ID}", "Give every record one")
        if sample in self.details:
            raise record.error(f"the profile {shortened(sample)} is told twice", "Keep one record")
        donor = record.first(_biom("DNADonor"))
        told = {
            "category": record.value(_biom("DNACategoryCode")),
            "case": ids.pop(CASE_ID, ""),
            "sex": donor.value(_nc("PersonSexText")) if donor else "",
            "partial": "",
        }
        draft = ProfileDraft(sample, None, record.line)
        kits: set[str] = set()
        encodings = record.every(_biom("DNAEncoding"))
        str_data = [data for encoding in encodings for data in encoding.every(_biom("DNASTRData"))]
        for data in str_data:
            told["partial"] = told["partial"] or data.value(_biom("DNASTRProfilePartialIndicator"))
            usual_kit = _kit(data)
            loci = data.every(_biom("DNALocus"))
            kits |= set() if loci else {usual_kit}
            for locus in loci:
                kit = _kit(locus) or usual_kit
                with locus.naming():
                    call = self.call(locus, kit or None)
                    draft.add(call)
                kits.add(kit)
                if told.setdefault("kit", kit) != kit:
                    told[f"kit:{call.locus}"] = kit
        if len(kits) == 1:
            draft.kit = kits.pop() or None
            told.pop("kit", None)
        self.details[sample] = {key: text for key, text in (ids | told).items() if text}
        if not str_data:
            self.notes.add("no STR data, so no profile", shortened(sample))
            return
        profile = self.profiles[sample] = draft.profile()
        for name, flags in profile.flags.items():
            if name not in profile.genotypes:
                self.notes.add(f"{name} set aside ({', '.join(flags)})", shortened(sample))

    def call(self, locus: Element, kit: str | None) -> Call:
        """What one DNALocus says."""
        name = _call_text(locus, "DNALocusName")
        quality = locus.value(_biom("DNALocusQualityStatusCode"))
        if quality not in {"", "Normal", *QUALITY_FLAGS}:
            raise locus.error(f'has the quality "{shortened(quality)}"', f"Known: Normal, {', '.join(QUALITY_FLAGS)}")
        alleles = []
        for allele in locus.every(_biom("DNAAllele")):
            operator = allele.value(_biom("DNAAlleleOperatorCode"))
            if operator not in OPERATORS:
                raise allele.error(f'has the operator "{shortened(operator)}"', f"Known: {', '.join(OPERATORS)[2:]}")
            one = _call_text(allele, "DNAAlleleCall1Text")
            two = _call_text(allele, "DNAAlleleCall2Text") if operator == "Range" else ""
            alleles.append(OPERATORS[operator].format(one=one, two=two))
        call = self.calls.read(name, tuple(alleles), kit)
        if quality in QUALITY_FLAGS and call.locus:
            return call._replace(flags=(*call.flags, QUALITY_FLAGS[quality]))
        return call

    def pedigree(self, pedigree: Element) -> None:
        ids = _identifications(pedigree, "PedigreeIdentification")
        case = ids.get(CASE_ID) or next(iter(ids.values()), "")
        if not case:
            raise pedigree.error("has no PedigreeIdentification", f"Give it a {CASE_ID}")
        if case in self.pedigrees:
            raise pedigree.error(f"the case {shortened(case)} is told twice", "Give every pedigree an id of its own")
        status = pedigree.value(_biom("PedigreeStatusCode")) or "Claimed"
        if status not in STATUSES:
            raise pedigree.error(f'has the status "{shortened(status)}"', f"Known: {', '.join(STATUSES)}")
        drafts = pedigree.every(_biom("PedigreeMember"))
        if not drafts:
            raise pedigree.error("has no PedigreeMember", "Give it one")
        known = [self.identity(draft) for draft in drafts]
        names = {reference: member for reference, member, _ in known}
        lines = {member: draft.line for draft, (_, member, _) in zip(drafts, known, strict=True)}
        members: list[Member] = []
        sought: list[str] = []
        samples: dict[str, str] = {}
        for draft, (_, name, sample) in zip(drafts, known, strict=True):
            father, mother = (_parent(draft, f"Pedigree{role}Identification", names) for role in ("Father", "Mother"))
            members.append(Member(name, father, mother, self.sex(draft, name)))
            code = draft.value(_biom("PedigreeMemberStatusCode"))
            if code not in {"", KNOWN, UNKNOWN, SOUGHT}:
                raise draft.error(f'has the status "{shortened(code)}"', "Known: K, U and S")
            if code == SOUGHT:
                sought.append(name)
            if sample and samples.setdefault(sample, name) != name:
                raise draft.error(f"the profile {shortened(sample)} belongs to two members already", "Give each their own")
        try:
            made = Pedigree(tuple(members), sought[0] if len(sought) == 1 else None, case)
        except PedigreeError as error:
            raise error.at(line=lines.get(error.member or "", pedigree.line)) from None
        if status in REFUTED and sought:
            self.notes.add(f"pedigree {status}, so no family made of it", shortened(case))
        self.pedigrees[case] = NiemPedigree(made, {}, tuple(sought), status), samples

    def identity(self, draft: Element) -> tuple[str, str, str]:
        """structures:id, member id and profile id of a member, "" where there is none."""
        ids = _identifications(draft, "PedigreeMemberIdentification")
        reference = draft.attributes.get(_ID, "").strip()
        if reference and reference in self.ids:
            raise draft.error(f"the structures:id {shortened(reference)} is told twice", "Give every member their own")
        self.ids.add(reference)
        sample = ids.get(PROFILE_ID, "")
        member = ids.get(MEMBER_ID) or reference or sample
        if not member or len(member) > MOST_CHARACTERS:
            raise draft.error("is a member without an id, or with too long a one", "Give it a structures:id")
        return reference, member, sample

    def sex(self, draft: Element, member: str) -> Sex:
        text = draft.value(_nc("PersonSexText"))
        if text.casefold() not in SEXES:
            self.notes.add(f'sex "{shortened(text)}" taken as unknown', shortened(member))
        return SEXES.get(text.casefold(), "U")

    def linked(self, pedigree: NiemPedigree, samples: Mapping[str, str]) -> NiemPedigree:
        """The pedigree with the profiles of its members."""
        for sample, member in samples.items():
            if sample not in self.profiles:
                self.notes.add("named in a pedigree, but no profile of this file", shortened(sample))
            elif member in pedigree.sought:
                self.notes.add("sought, so their own profile does not count in their family", shortened(member))
        profiles = {member: self.profiles[sample] for sample, member in samples.items() if sample in self.profiles}
        return replace(pedigree, profiles=profiles)


def _biom(local: str) -> str:
    return f"{{{BIOM}}}{local}"


def _nc(local: str) -> str:
    return f"{{{NC}}}{local}"


def _identifications(parent: Element, local: str) -> dict[str, str]:
    """Category -> id, the first of each; FormatError for a second id of a profile or member."""
    found: dict[str, str] = {}
    for element in parent.every(_biom(local)):
        category = element.value(_nc("IdentificationCategoryDescriptionText"))
        category = category or element.value(_nc("IdentificationCategoryText"))
        text = element.value(_nc("IdentificationID"))
        if max(len(text), len(category)) > MOST_CHARACTERS:
            raise element.error(f"has more than {MOST_CHARACTERS} characters", "Give a shorter id")
        if found.setdefault(category or "id", text) != text and category in {PROFILE_ID, MEMBER_ID}:
            raise element.error(f"gives a second {category}", "Keep one")
    return found


def _call_text(parent: Element, local: str) -> str:
    text = parent.value(_biom(local))
    if not 1 <= len(text) <= MOST_IN_CALL:
        raise parent.error(f"has a {local} of {len(text)} characters", f"Give 1 to {MOST_IN_CALL}")
    return text


def _kit(parent: Element) -> str:
    kit = parent.first(_biom("DNAKit"))
    text = kit.value(_biom("DNAKitName")) if kit else ""
    if len(text) > MOST_CHARACTERS:
        raise parent.error(f"has a kit name of more than {MOST_CHARACTERS} characters", "Give a shorter one")
    return text


def _parent(draft: Element, local: str, names: Mapping[str, str]) -> str | None:
    """Id of the member that a father or mother element refers to, None where there is no such element."""
    element = draft.first(_biom(local))
    if element is None or element.attributes.get(_NIL) in {"true", "1"}:
        return None
    reference = next((element.attributes[name].strip() for name in _REFERENCES if name in element.attributes), "")
    if not reference or reference not in names:
        raise element.error(
            f'refers to "{shortened(reference)}", which is no member of this pedigree',
            "Refer to the structures:id of a member, or leave the element out",
        )
    return names[reference]
