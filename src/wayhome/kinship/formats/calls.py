"""A laboratory's calls, row by row, into profiles, and profiles back into calls.

The meaning of a call is `Profile.from_calls`; here each distinct call is asked of it once, which is what makes a file of
millions of rows readable.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from wayhome.kinship.errors import ProfileError
from wayhome.kinship.genetics.loci import Inheritance, allele_label, locus, reported_locus
from wayhome.kinship.genetics.profiles import Genotype, Profile

_MARKS = {"off_ladder": "OL", "outside_marker_range": "OMR", "off_scale": "OS"}


class Call(NamedTuple):
    """What one row says of a locus: a genotype, or flags that set it aside, or neither."""

    locus: str
    genotype: Genotype
    flags: tuple[str, ...]


class Calls:
    """Reads calls, each distinct one once.

    Parameters
    ----------
    allele_text : applied to every allele before it is read, such as `decimal_point`.
    """

    def __init__(self, allele_text: Callable[[str], str] | None = None) -> None:
        self._allele_text = allele_text
        self._known: dict[tuple[str | None, str, tuple[str, ...]], Call] = {}

    def read(self, marker: str, alleles: tuple[str, ...], kit: str | None) -> Call:
        """One call; ProfileError for a text that is no allele, or alleles of no marker, `field` being the locus."""
        key = kit, marker, alleles
        call = self._known.get(key)
        if call is None:
            texts = tuple(map(self._allele_text, alleles)) if self._allele_text else alleles
            if not marker.strip():
                if any(text.strip() for text in texts):
                    raise ProfileError("alleles without a marker", "Name the marker", field="marker")
                call = Call("", (), ())
            else:
                read = Profile.from_calls("sample", [(marker, texts)], kit=kit)
                name = next(iter((*read.genotypes, *read.flags)), "")
                call = Call(name, read.genotypes.get(name, ()), read.flags.get(name, ()))
            self._known[key] = call
        return call


class ProfileDraft:
    """A profile that is being read.

    Parameters
    ----------
    sample, kit : as in Profile.
    line : where it begins in its file.
    """

    __slots__ = ("flags", "genotypes", "kit", "line", "sample")

    def __init__(self, sample: str, kit: str | None, line: int) -> None:
        if not sample:
            raise ProfileError("a profile without a sample id", "Give every sample an id", line=line, field="sample")
        self.sample = sample
        self.kit = kit
        self.line = line
        self.genotypes: dict[str, Genotype] = {}
        self.flags: dict[str, tuple[str, ...]] = {}

    def add(self, call: Call) -> None:
        """Add a call; ProfileError where the locus has another genotype already."""
        name, genotype, flags = call
        if flags:
            self.flags[name] = tuple(dict.fromkeys((*self.flags.get(name, ()), *flags)))
        elif genotype:
            earlier = self.genotypes.setdefault(name, genotype)
            if earlier != genotype:
                raise ProfileError(
                    f"sample {self.sample} has {name} twice, as {'/'.join(earlier)} and {'/'.join(genotype)}",
                    "Keep the reading that is right, or give the second sample an id of its own",
                    field=name,
                )

    def check_kit(self, kit: str | None) -> None:
        """ProfileError where another kit was named before."""
        if kit != self.kit:
            raise ProfileError(
                f"sample {self.sample} is told of the kits {self.kit or '(none)'} and {kit or '(none)'}",
                "Name one kit in all its rows, or give what the second kit showed a sample id of its own",
                field="kit",
            )

    def profile(self) -> Profile:
        """What was read."""
        return Profile(self.sample, self.genotypes, self.kit, self.flags)


def reported_calls(profile: Profile) -> Iterator[tuple[str, tuple[str, ...]]]:
    """(marker, cells) of a profile as its kit reports them, so that reading them gives the profile again.

    A homozygote of an autosome is told twice. Of flagged loci that have no genotype those are told that a cell can hold, as OL,
    OMR or OS; what else was flagged has lost its alleles and is left out.

    Raises
    ------
    ProfileError
        for a locus that goes by another name in this kit, or an allele its kit cannot tell.
    """
    for name, genotype in profile.genotypes.items():
        what = reported_locus(name, profile.kit)
        told = tuple(allele_label(label, -what.allele_shift) for label in genotype) if what.allele_shift else genotype
        if what.name != name or any(label.startswith(("0", "-")) for label in told):
            raise ProfileError(
                f"sample {profile.sample}: {profile.kit or 'a kit'} does not report {name} {'/'.join(genotype)}",
                "Correct the kit, or leave the locus out",
                field=name,
            )
        twice = len(told) == 1 and locus(name).inheritance is Inheritance.AUTOSOMAL
        yield name, told * 2 if twice else told
    for name, flags in profile.flags.items():
        marks = tuple(_MARKS[flag] for flag in flags if flag in _MARKS)
        if marks and name not in profile.genotypes:
            yield name, marks


def padded(cells: tuple[str, ...], width: int) -> tuple[str, ...]:
    """Cells filled up with empty ones."""
    return cells + ("",) * (width - len(cells))
