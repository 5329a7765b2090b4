"""A question by DNA between two houses: what stands in the way of somebody who would ask a base out. Pure.

The walls are these: one question for a sample, few in a month, none that is nearly another, all of a night answered together by a
person, with one word. Each alone can be got round; TRUST.md, T10, says how far they reach together.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

OUTCOMES = ("hit", "none", "declined")
DECLINES = ("near_copy", "family_told", "too_few", "unreadable", "case_ended")
ALARMING = frozenset({"near_copy", "family_told"})
"""Why the search declined by itself."""
BASES = ("treaty", "convention", "guardian", "court")
"""What lets a child's data go to a partner: a treaty on legal assistance, the convention against trafficking, the guardian's
consent, a court's order."""

MONTH, MOST_IN_A_MONTH = timedelta(days=30), 30
"""Questions of one partner. A month is long enough that a clock set forward by a day changes little."""
MOST_HITS = 2
"""A family looks for one child. Of how many of partners' children it is told that they may be its own: whoever makes up children
learns from each hit, and from no more than these."""
NIGHT = 18
"""Hour (UTC) from which the questions of a day are searched: two at night in China, one in Viet Nam."""
MORNING, AFTER = 2, timedelta(days=3)
"""Hour (UTC) at which answers go out, and how many nights after the search: who looks early or late does not show."""

BITS = 4
LEAST_TO_COMPARE = 8
NEAR = 5
"""One locus in so many: four of twenty. Unrelated people differ at fourteen of twenty or more, siblings at seven."""


def batch_before(at: datetime) -> datetime:
    """Questions that came before this are searched now: the last night that began."""
    tonight = at.astimezone(UTC).replace(hour=NIGHT, minute=0, second=0, microsecond=0)
    return tonight if tonight <= at else tonight - timedelta(days=1)


def answered_from(found_at: datetime) -> datetime:
    """From when an answer goes out, if somebody has looked; otherwise at the same hour of a later day."""
    return batch_before(found_at) + AFTER + timedelta(hours=MORNING - NIGHT + 24)


def morning_before(at: datetime) -> datetime:
    """The last hour of answers: what was looked at before it, and waited long enough then, goes out together."""
    hour = at.astimezone(UTC).replace(hour=MORNING, minute=0, second=0, microsecond=0)
    return hour if hour <= at else hour - timedelta(days=1)


def sample_name(kit: int, own: str) -> str:
    """How a sample is called to partners: always the same, and nothing that a tube's label tells."""
    return hashlib.sha256(f"wayhome sample {own} {kit}".encode()).hexdigest()


def sketch(genotypes: Mapping[str, Iterable[str]], *, key: bytes) -> dict[str, int]:
    """A profile as sixteen kinds of genotype a locus, under a key: some ten genotypes look alike, so that none can be told, and
    still two profiles that differ at few loci look alike at most."""
    found = {}
    for name, alleles in sorted(genotypes.items()):
        told = f"{name} {'/'.join(sorted(set(alleles)))}".encode()
        found[name] = hmac.digest(key, told, "sha256")[0] >> (8 - BITS)
    return found


def is_near(one: Mapping[str, int], other: Mapping[str, int]) -> bool:
    """Whether two profiles differ at so few of their loci that one may be made from the other."""
    shared = one.keys() & other.keys()
    differing = sum(one[name] != other[name] for name in shared)
    return len(shared) >= LEAST_TO_COMPARE and differing * NEAR <= len(shared)


def genotypes_of(told: Any) -> dict[str, tuple[str, ...]]:
    """Genotypes as a partner wrote them.

    Raises
    ------
    ValueError
        where they are not loci with one or two alleles each.
    """
    if not isinstance(told, dict) or len(told) > 60:
        raise ValueError("no genotypes")
    found = {}
    for name, alleles in told.items():
        if not isinstance(alleles, list) or not 1 <= len(alleles) <= 2:
            raise ValueError("no genotype")
        if not all(isinstance(one, str) and 0 < len(one) <= 8 for one in (name[:8], *alleles)) or len(name) > 20:
            raise ValueError("no genotype")
        found[name] = tuple(alleles)
    return found
