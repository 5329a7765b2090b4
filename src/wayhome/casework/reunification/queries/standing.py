"""How files stand: what is missing of each step to a child's home, in one word and in full, and which are to be opened."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from wayhome.casework.accounts.queries import require
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.children.models import Child
from wayhome.casework.core.actors import Actor
from wayhome.casework.matching.models import Confirmation
from wayhome.casework.matching.queries.candidates import frozen_confirmations, standing_confirmations
from wayhome.casework.reunification.models import Case, Execution
from wayhome.casework.reunification.queries.cases import File, cases_of, files_of
from wayhome.casework.reunification.rules import DECIDING, EVIDENCE, LEAST_HELD_BACK


@dataclass(frozen=True, slots=True)
class Step:
    """A step to a child's home.

    Parameters
    ----------
    missing : codes of what is missing of it; none where it is done.
    """

    what: str
    missing: tuple[str, ...]

    @property
    def done(self) -> bool:
        """Nothing is."""
        return not self.missing


@dataclass(frozen=True, slots=True)
class Standing:
    """A file, and how it stands.

    Parameters
    ----------
    state : "home", "returned", "frozen_home", "stopped", "over", "frozen", "failed", "stays", "asked", "ready" or "checking".
    """

    file: File
    state: str
    steps: tuple[Step, ...]

    @property
    def open(self) -> tuple[Step, ...]:
        """Steps of which something is missing, but for the last: it is the end of all others."""
        return tuple(step for step in self.steps if not step.done and step.what != "release")


def standing_of(file: File, *, at: datetime) -> Standing:
    """What stands between the child of a file and its home. A file for an authority wants the panel's word alone."""
    steps = [Step("determination", tuple(_undetermined(file, at))), Step("release", tuple(_unreleased(file)))]
    if file.case.confirmation_id is not None:
        steps = [Step("verification", tuple(_unverified(file))), Step("enquiry", tuple(_uncleared(file))), *steps]
    return Standing(file, _state(file, steps), tuple(steps))


def standings_of(cases: QuerySet[Case] | list[Case], *, by: Actor, at: datetime) -> list[Standing]:
    """The same of several files, asked for together."""
    return [standing_of(file, at=at) for file in files_of(cases, by=by)]


def listed(by: Actor, *, at: datetime, left: bool = False) -> QuerySet[Case]:
    """Files that the actor may know of, the last first: those that go on, or those by which the child left."""
    gone = Exists(Execution.objects.filter(release__case=OuterRef("pk")))
    return cases_of(by, at=at).filter(gone if left else ~gone).order_by("-pk")


def of_child(child: Child, *, by: Actor) -> list[Case]:
    """Files of a child that the actor may know of, the last first."""
    require(by, Permission.READ_CASE)
    rows = Case.objects.filter(child=child).select_related("child__event__jurisdiction", "confirmation__candidate__request", "by")
    return list(rows.order_by("-pk"))


def match_without_file(child: Child, *, by: Actor) -> Confirmation | None:
    """A confirmed match of a child for which nobody opened a file, and that no other contradicts."""
    require(by, Permission.READ_CASE)
    rows = standing_confirmations().filter(candidate__child=child, case__isnull=True).select_related("candidate__request")
    found = list(rows.order_by("pk"))
    ice = frozen_confirmations() if found else set()
    return next((one for one in found if one.pk not in ice), None)


def _unverified(file: File) -> Iterator[str]:
    supported = {one.kind for one in file.evidence if one.outcome == "supports"}
    yield from (kind for kind in EVIDENCE if kind not in supported)
    if any(one.outcome == "contradicts" for one in file.evidence):
        yield "contradicted"
    replies = [one.reply.matches for one in file.held_back if one.reply is not None]
    if not all(replies):
        yield "held_back_wrong"
    if len(file.held_back) < LEAST_HELD_BACK:
        yield "held_back"
    elif len(replies) < LEAST_HELD_BACK:
        yield "reply"


def _uncleared(file: File) -> Iterator[str]:
    last = file.enquiry
    if file.stopped:
        suits = [one.guardianship for one in file.enquiries if hasattr(one, "guardianship")]
        ends = [suit.end.outcome if hasattr(suit, "end") else "" for suit in suits]
        # The court left it to them, and nobody has enquired since.
        yield "suit" if "" in ends else "guardianship_revoked" if "revoked" in ends else "enquire_again"
    elif last is None:
        yield "enquiry"
    elif last.result == "unknown":
        yield "enquiry_unknown"
    if last is not None and not hasattr(last, "countersignature"):
        yield "countersignature"


def _undetermined(file: File, at: datetime) -> Iterator[str]:
    last = file.determination
    if last is None:
        yield "determination"
    elif last.valid_until < at:
        yield "determination_over"
    elif file.decided is None:
        spoke = {one.discipline for one in file.votes}
        yield from (f"vote_{one}" for one in ("welfare", "health", "law") if one in DECIDING - spoke)
    elif not file.decided:
        yield "not_agreed"
    elif last.decision == "stay":
        yield "stays"


def _unreleased(file: File) -> Iterator[str]:
    releases = [one for one in file.releases if not hasattr(one, "revocation")]
    if not releases:
        yield "release"
    elif not any(hasattr(one, "execution") for one in releases):
        yield "release_open"


def _state(file: File, steps: list[Step]) -> str:
    left = [one for one in file.releases if hasattr(one, "execution")]
    if any(hasattr(one.execution, "freeze") for one in left):
        return "frozen_home"
    if left:
        return "home" if left[-1].kind == "family" else "returned"
    if file.stopped:
        return "stopped"
    if file.match in ("over", "frozen"):
        return file.match
    missing = {code for step in steps for code in step.missing}
    for code, state in (("held_back_wrong", "failed"), ("stays", "stays"), ("release_open", "asked")):
        if code in missing:
            return state
    return "checking" if any(not step.done for step in steps if step.what != "release") else "ready"
