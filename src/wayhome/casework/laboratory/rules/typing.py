"""A profile that is typed in by hand: what was meant by what was typed, and which alleles nobody has told of yet. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache

from wayhome import kinship

_DECIMAL = re.compile(r"(?<=\d),(?=[1-4](?!\d))")
"""A comma between repeats and a part of one: 9,3 is 9.3, and 13,14 are two alleles."""
_BETWEEN = re.compile(r"[\s,;/+]+")
_SEX = "AMEL"


def alleles(locus: str, *typed: str) -> list[str]:
    """What stands in the boxes of a locus, in the words of an electropherogram.

    >>> alleles("TH01", "9,3"), alleles("TH01", "6/9.3"), alleles("TH01", "6", "9,3"), alleles("AMEL", "xy")
    (['9.3'], ['6', '9.3'], ['6', '9.3'], ['X', 'Y'])
    """
    text = unicodedata.normalize("NFKC", " ".join(typed)).upper().strip()
    if locus == _SEX:
        text = " ".join(text) if set(text) <= set("XY") else text
    return [one for one in _BETWEEN.split(_DECIMAL.sub(".", text)) if one]


@cache
def known(locus: str, panel: str) -> tuple[str, ...]:
    """Alleles of a locus that somebody has told of, as this kit of markers counts them; () where no table has the locus."""
    if locus == _SEX:
        return "X", "Y"
    what = kinship.reported_locus(locus, panel)
    tables = (kinship.population(name).loci.get(what.name, {}) for name in kinship.population_names())
    found = {label for table in tables for label in table}
    return tuple(kinship.allele_label(label, -what.allele_shift) for label in sorted(found, key=kinship.allele_order))


def unheard_of(calls: Mapping[str, Iterable[str]], panel: str) -> dict[str, list[str]]:
    """Alleles that no table has, by locus: a slip of the hand, or rare. What is no allele at all is told elsewhere."""
    found: dict[str, list[str]] = {}
    for locus, typed in calls.items():
        ladder = known(locus, panel)
        for text in typed:
            try:
                label = kinship.allele_label(text)
            except kinship.InputError:
                continue
            if ladder and label not in ladder:
                found.setdefault(locus, []).append(label)
    return found
