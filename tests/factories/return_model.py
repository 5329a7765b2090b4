"""When a child may go home, written a second time and another way: a model in plain Python to hold the house against.

It knows a file, its releases and what happened since, and none of the house's rules, queries or SQL. Days are counted from the
beginning of a life; minutes go by as well, so that what holds for some days is over when they are.
"""

from __future__ import annotations

from dataclasses import dataclass, field

KINDS = ("interview", "line_up", "document", "home_study")
APPROVERS = {"supervisor": "ministry", "supervisor2": "civil", "colleague": "ministry", "twin": "civil"}
"""And their organisations; the twin read the match as an analyst, left, and came back with another number."""
FRESH_DAYS, RELEASE_DAYS, DETERMINED_DAYS = 14, 60, 180


@dataclass
class Enquiry:
    """What the investigator found."""

    result: str
    signed: bool = False
    guardianship: str = ""
    """Of one that found a parent involved: "open", then what the court said."""


@dataclass
class Determination:
    """What a panel says."""

    decision: str
    day: int
    votes: dict[str, bool] = field(default_factory=dict)

    @property
    def for_home(self) -> bool:
        """Three disciplines spoke, and more agree than not."""
        return len(self.votes) == 3 and sum(1 if one else -1 for one in self.votes.values()) > 0 and self.decision == "reunify"


@dataclass
class Release:
    """What was asked for, on what."""

    enquiry: int
    determination: int
    day: int
    approvals: dict[str, str] = field(default_factory=dict)
    samples: list[tuple[bool, int]] = field(default_factory=list)
    revoked: bool = False
    executed: bool = False

    def fresh(self, day: int) -> bool:
        """Samples of the handover agree, none disagreed, and they are new."""
        return all(ok for ok, _ in self.samples) and any(ok and day - taken < FRESH_DAYS for ok, taken in self.samples)


@dataclass
class Model:
    """One child's file; by rows, what follows from a change in other tables is not written: the change alone stands."""

    by_rows: bool = False
    day: int = 0
    evidence: list[tuple[str, str]] = field(default_factory=list)
    answers: list[bool] = field(default_factory=list)
    enquiries: list[Enquiry] = field(default_factory=list)
    determinations: list[Determination] = field(default_factory=list)
    release: Release | None = None
    offered: bool = False
    home: bool = False
    excluded: bool = False
    detained: bool = False
    withdrawn: bool = False
    taken_back: bool = False
    ended: bool = False

    @property
    def open(self) -> Release | None:
        """The release that waits."""
        one = self.release
        return one if one is not None and not one.revoked and not one.executed else None

    def revoke(self) -> None:
        """Whatever changed."""
        if self.open is not None:
            self.open.revoked = True

    def against(self, release: Release, *, approvals: bool = True) -> set[str]:
        """Everything that stands against it now, but for the samples."""
        last, followed = self.determinations[-1], not self.by_rows
        stands: dict[str, object] = {
            "release_not_approved": not approvals or len(set(release.approvals.values())) >= 2,
            "release_over": self.day - release.day < RELEASE_DAYS,
            "release_revoked": not release.revoked,
            "excluded": not self.excluded,
            "detained": not self.detained,
            "match_over": not (self.taken_back or (followed and (self.withdrawn or self.ended))),
            "no_consent": not (self.withdrawn or (followed and self.ended)),
            "request_over": not self.ended,
            "not_verified": self.verified,
            "parents_not_cleared": self.cleared and release.enquiry == len(self.enquiries),
            "not_determined": release.determination == len(self.determinations)
            and last.for_home
            and self.day - last.day < DETERMINED_DAYS,
        }
        return {code for code, holds in stands.items() if not holds}

    @property
    def verified(self) -> bool:
        """One of each kind supports, nothing contradicts, and two details were known."""
        kinds = {kind for kind, outcome in self.evidence if outcome == "supports"}
        contradicted = any(outcome == "contradicts" for _, outcome in self.evidence)
        return kinds == set(KINDS) and not contradicted and len(self.answers) >= 2 and all(self.answers)

    @property
    def cleared(self) -> bool:
        """The last word clears them, is signed, and no court has taken the guardianship or is asked to."""
        last = self.enquiries[-1]
        return last.result == "cleared" and last.signed and all(one.guardianship in ("", "kept") for one in self.enquiries)
