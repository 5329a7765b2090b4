"""A family as the search sees it: a pedigree with a missing member, and the profiles of the relatives who were typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from wayhome.kinship.errors import PedigreeError
from wayhome.kinship.genetics.profiles import Profile
from wayhome.kinship.pedigrees.pedigree import Pedigree


@dataclass(frozen=True)
class Family:
    """A family that looks for one child.

    Parameters
    ----------
    pedigree : has `missing` set.
    profiles : member id -> profile, for relatives who were typed.

    Raises
    ------
    PedigreeError
        where nobody is marked missing, the missing member has a profile, or a profile belongs to nobody in the pedigree.
    """

    pedigree: Pedigree
    profiles: Mapping[str, Profile] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "profiles", MappingProxyType(dict(self.profiles)))
        if self.pedigree.missing is None:
            raise PedigreeError(f"{self.id}: nobody is marked as missing", "Mark the child who is looked for")
        for member in self.profiles:
            if member not in self.pedigree:
                raise PedigreeError(
                    f"{self.id}: a profile belongs to {member}, who is not in the pedigree",
                    "Add the member",
                    member=member,
                )
        if self.missing in self.profiles:
            raise PedigreeError(
                f"{self.id}: the missing member {self.missing} has a profile",
                "Search it as a child, or mark another member",
                member=self.missing,
            )

    @property
    def id(self) -> str:
        """The family's name."""
        return self.pedigree.name

    @property
    def missing(self) -> str:
        """Id of the child who is looked for."""
        assert self.pedigree.missing is not None
        return self.pedigree.missing

    def __reduce__(self) -> tuple[object, ...]:
        return Family, (self.pedigree, dict(self.profiles))
