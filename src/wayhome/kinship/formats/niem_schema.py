"""What a NIEM 5.1 biometrics message says of DNA: names, code lists, and what is made of a pedigree.

Code lists are those of NIEM's biometrics schema (github.com/niemopen/niem-model, xsd/domains/biom.xsd).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from wayhome.kinship.errors import PedigreeError
from wayhome.kinship.formats.source import ProfileFile
from wayhome.kinship.genetics.loci import Inheritance, locus
from wayhome.kinship.genetics.profiles import Profile
from wayhome.kinship.pedigrees.family import Family
from wayhome.kinship.pedigrees.pedigree import Pedigree, Sex

BIOM = "http://release.niem.gov/niem/domains/biometrics/5.1/"
NC = "http://release.niem.gov/niem/niem-core/5.0/"
STRUCTURES = "http://release.niem.gov/niem/structures/5.0/"

PROFILE_ID, CASE_ID, MEMBER_ID = "DNA Profile ID", "Case ID", "Member ID"
"""Categories of identification. The first two are those of NIEM's sample messages, the third is this project's."""

STATUSES = ("Candidate", "Claimed", "Inconclusive", "Negated", "Unable to process", "Verified")
REFUTED = frozenset({"Negated", "Unable to process"})
KNOWN, UNKNOWN, SOUGHT = "K", "U", "S"

CATEGORIES = (
    *("Arrestee", "Asylee", "Consensual Sex Partner", "Control", "Convicted Offender", "Deportee", "Detainee"),
    *("Elimination", "Family Relative", "Forensic", "Immigration Applicant", "Immigration Sponsor", "Juvenile"),
    *("Known Suspected Terrorist", "Legal", "Missing Person", "Other", "Population", "Refugee", "Spouse", "Staff"),
    *("Suspect", "Training", "Unaccompanied Minor", "Unidentified Person", "Unspecified", "Victim", "Volunteer"),
)

SEX_TEXT: dict[Sex, str] = {"F": "Female", "M": "Male", "U": "Unknown"}
SEXES: dict[str, Sex] = {"female": "F", "f": "F", "male": "M", "m": "M", "unknown": "U", "u": "U", "": "U"}

QUALITY_FLAGS = {"Partial": "partial", "Not Definitive": "not_definitive", "Silent Allele": "silent_allele"}
"""Quality of a locus -> flag that sets it aside; the quality of all others is "Normal"."""

OPERATORS = {"": "{one}", "Equal": "{one}"} | {
    "BelowLowerLimit": "<{one}",
    "AboveUpperLimit": ">{one}",
    "Range": ">{one}<{two}",
}
"""Operator of an allele -> what is made of its calls."""

MOST_CHARACTERS = 255
MOST_IN_CALL = 40
"""Characters of a locus name or an allele."""


def locus_category(name: str) -> str:
    """DNALocusCategoryCode; amelogenin counts as autosomal there, Y-InDel as Y."""
    inheritance = locus(name).inheritance
    if inheritance is Inheritance.X:
        return "X-STR"
    return "Y-STR" if inheritance is Inheritance.Y or name == "Y-InDel" else "Autosomal"


@dataclass(frozen=True)
class NiemPedigree:
    """One pedigree of a file, whether or not anybody is sought in it.

    Parameters
    ----------
    pedigree : its name is the case; `missing` is set where exactly one member is sought.
    profiles : member id -> profile, for members whose DNA record is in the file.
    sought : members of status S.
    status : one of `STATUSES`.

    Raises
    ------
    PedigreeError
        where a profile or a search is of nobody in the pedigree.
    """

    pedigree: Pedigree
    profiles: Mapping[str, Profile] = field(default_factory=dict)
    sought: tuple[str, ...] = ()
    status: str = "Claimed"

    def __post_init__(self) -> None:
        object.__setattr__(self, "profiles", MappingProxyType(dict(self.profiles)))
        for member in (*self.profiles, *self.sought):
            if member not in self.pedigree:
                raise PedigreeError(f"{self.pedigree.name}: {member} is not in the pedigree", "Add the member", member=member)

    def __reduce__(self) -> tuple[object, ...]:
        return NiemPedigree, (self.pedigree, dict(self.profiles), self.sought, self.status)

    @classmethod
    def of(cls, family: Family) -> NiemPedigree:
        """A family as it is exchanged."""
        return cls(family.pedigree, family.profiles, (family.missing,))

    def families(self) -> Iterator[Family]:
        """One family for each member who is sought, without a profile of that member; none where the pedigree is refuted.

        Where several are sought, a family is named "case/member".
        """
        if self.status in REFUTED:
            return
        for member in self.sought:
            name = self.pedigree.name if len(self.sought) == 1 else f"{self.pedigree.name}/{member}"
            relatives = {one: profile for one, profile in self.profiles.items() if one != member}
            yield Family(Pedigree(self.pedigree.members, member, name), relatives)


@dataclass(frozen=True, slots=True)
class NiemFile:
    """What a NIEM file held.

    Parameters
    ----------
    profiles : all DNA records with STR data, whether or not a pedigree names them. `details` of a record are "category", "case",
        "sex", "partial", "kit" if there are several, and further identifications by their own names, such as "NCIC".
    pedigrees : all pedigrees, in the file's order.
    families : those of the pedigrees in which somebody is sought.
    """

    profiles: ProfileFile
    pedigrees: tuple[NiemPedigree, ...]
    families: tuple[Family, ...]
