"""Which of several samples of one person stands for them: two that agree are worth more than one that came later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from wayhome import kinship
from wayhome.casework.laboratory.rules.profiles import LEAST_LOCI, LOCI_TO_TELL, alike, autosomal, differing

Sample = tuple[int, int]
"""A kit, and the n-th profile that was made of what is in it."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What is compared of somebody.

    Parameters
    ----------
    use : the profile that the search takes.
    agree : samples that show the same person, `use` among them.
    differ : samples that show somebody else: nobody is searched by these until a further one tells who is right.
    """

    use: Sample
    agree: tuple[Sample, ...]
    differ: tuple[Sample, ...]

    @property
    def kits(self) -> tuple[int, ...]:
        """Kits of the samples that agree: each was taken by itself."""
        return tuple(sorted({kit for kit, _ in self.agree}))

    @property
    def settled(self) -> bool:
        """Whether it is known who of them is right: nobody disagrees, or two samples outvote one."""
        return not self.differ or len(self.kits) > 1

    @property
    def second(self) -> Sample | None:
        """Of another kit than `use`, the profile that tells most likely; None where there is only one sample."""
        return next((sample for sample in self.agree if sample[0] != self.use[0]), None)


def standing(profiles: Mapping[Sample, kinship.Profile]) -> Standing | None:
    """The samples of one person, given in the order in which they were typed; None where there is none.

    Those that agree form a group. The group with the most kits stands; of two alike the one that the search took so far, which
    is the one that came first. In it the profile with the most loci is used, the first of equals.
    """
    groups: list[list[Sample]] = []
    for sample in profiles:
        home = next((group for group in groups if agree(profiles[group[0]], profiles[sample])), None)
        if home is None:
            groups.append([sample])
        else:
            home.append(sample)
    if not groups:
        return None
    best = max(groups, key=lambda group: (len({kit for kit, _ in group}), -groups.index(group)))
    ranked = tuple(sorted(best, key=lambda sample: -len(autosomal(profiles[sample]))))
    differ = tuple(sample for group in groups if group is not best for sample in group)
    return Standing(ranked[0], ranked, differ)


def agree(one: kinship.Profile, other: kinship.Profile) -> bool:
    """Whether nothing says that two samples are of two people."""
    shared = differing(one, other)[1]
    return shared < LOCI_TO_TELL or alike(one, other)


def enough(profile: kinship.Profile) -> bool:
    """Whether a child's profile is searched by itself: one of a few loci fits thousands."""
    return len(autosomal(profile)) >= LEAST_LOCI


MOST_CHANGED = 1 / 4
"""Share of loci at which a profile may differ from another child's to be suspected as its altered copy. Full siblings differ at
more than half of theirs; somebody who asks the search again and again, an allele further each time, at few."""


def near_copy(one: kinship.Profile, other: kinship.Profile) -> bool:
    """Whether a profile looks like another that was changed at some loci: neither the same person nor a relative."""
    differs, shared = differing(one, other)
    return shared >= LEAST_LOCI and not alike(one, other) and len(differs) <= shared * MOST_CHANGED
