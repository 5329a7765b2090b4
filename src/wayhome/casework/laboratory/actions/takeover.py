"""A base of families' profiles that somebody kept before comes into the house, thousands of families at a time.

Each row is what an officer and a laboratory would have entered one by one, and every guard looks at it; only the questions are
asked together. Two answer for it: who kept the families' files and consents, and who kept the profiles.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from wayhome import kinship
from wayhome.casework.accounts.models import Staff
from wayhome.casework.accounts.queries import require
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.audit.actions import record
from wayhome.casework.audit.attempts import gate
from wayhome.casework.core import numbers
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.bulk import insert_many
from wayhome.casework.core.checks import Checks
from wayhome.casework.core.errors import Invalid
from wayhome.casework.core.keys import keys_of
from wayhome.casework.families.models import (
    Consent,
    Description,
    Parentage,
    Relative,
    RelativeKey,
    RelativeState,
    RequestKey,
    TracingRequest,
)
from wayhome.casework.families.queries import jurisdiction_of
from wayhome.casework.families.signals import changed
from wayhome.casework.laboratory.models import Comparison, Kit, KitHop, LabFile, RelativeProfile
from wayhome.casework.laboratory.queries import results
from wayhome.casework.laboratory.rules import profiles as rules
from wayhome.casework.operations.models import Person
from wayhome.casework.vault.actions import make_keys
from wayhome.casework.vault.rules import Purpose, seal

AT_ONCE = 400
"""Families written in one transaction."""
BEFORE = timedelta(minutes=1)
"""Between the hops of a kit, of which the old base tells no times."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A relative's consent, as signed."""

    given_by: str
    signed_on: date
    until: date
    form: str


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of a family: `mother` and `father` are ids of others; who was typed has a profile and a paper."""

    id: str
    sex: str
    name: str = ""
    mother: str | None = None
    father: str | None = None
    paper: Paper | None = None
    profile: kinship.Profile | None = None


@dataclass(frozen=True, slots=True)
class Household:
    """A family of the old base: what it told of the child, its members, and which of them is the child."""

    told: Mapping[str, Any]
    members: Sequence[Member]
    missing: str


@dataclass(slots=True)
class TakenOver:
    """What came in; `numbers` of the requests in the order of the households."""

    numbers: list[int] = field(default_factory=list)
    samples: int = 0


def take_over(
    households: Sequence[Household],
    *,
    source: str,
    sha256: str,
    keeper: Person,
    witness: Staff,
    laboratory: Actor,
    by: Actor,
    at: datetime,
    progress: Callable[[int, int], None] | None = None,
) -> TakenOver:
    """Write the families of an old base, with their samples' profiles, into the house.

    Parameters
    ----------
    source, sha256 : the base's name, and digest of what it was read from.
    keeper : on whose behalf it asks: the body that kept it.
    witness : who saw the samples taken, or answers for it.
    laboratory : an analyst's signature, for the profiles.
    by : who has the families' files and the consents.

    Raises
    ------
    Invalid
        names the household, and what of it is wrong; nothing of it or of those after it is written.
    """
    require(by, Permission.RECORD_REQUEST)
    require(by, Permission.TAKE_SAMPLE)
    require(laboratory, Permission.WORK_SAMPLE)
    checks = Checks()
    source = checks.text("source", source, 120)
    checks.done()
    for number, one in enumerate(households, 1):
        _look(number, one, at)
    done = TakenOver()
    file = LabFile.objects.filter(sha256=sha256).first()
    for first in range(0, len(households), AT_ONCE):
        some = households[first : first + AT_ONCE]
        with gate(by=by, at=at, attempt="take_over"):
            if file is None:
                file = LabFile.objects.create(
                    laboratory_id=laboratory.agency_id,
                    name=source,
                    format="old base",
                    sha256=sha256,
                    size=0,
                    by_id=laboratory.staff_id,
                    at=at,
                )
            written = _Batch(some, keeper, witness, laboratory, by, at).write(file)
            done.numbers += written
            samples = sum(member.profile is not None for one in some for member in one.members)
            done.samples += samples
            record(
                by=by,
                at=at,
                action="laboratory.take_over",
                subject=f"lab_file:{file.pk}",
                data={"families": len(some), "samples": samples, "laboratory_staff": laboratory.staff_id, "first": written[0]},
            )
            changed.send(TracingRequest, requests=written, by=by, at=at)
        if progress is not None:
            progress(min(first + AT_ONCE, len(households)), len(households))
    return done


def _look(number: int, one: Household, at: datetime) -> None:
    """What must hold of a household before anything is written."""
    ids = [member.id for member in one.members]
    known = set(ids)
    wrong = {}
    if len(known) < len(ids):
        wrong["members"] = "already_there"
    if one.missing not in known:
        wrong["missing"] = "required"
    for member in one.members:
        if {member.mother, member.father} - {None} - known:
            wrong[member.id] = "relative_struck"
        if member.profile is not None and member.paper is None:
            wrong[member.id] = "no_consent"
        if member.paper is not None and not member.paper.signed_on <= at.date() <= member.paper.until:
            wrong[member.id] = "over_already"
        if member.id == one.missing and member.profile is not None:
            wrong[member.id] = "sample_of_missing"
    if wrong:
        raise Invalid(wrong, household=number)


class _Batch:
    """Some households, written table by table."""

    def __init__(
        self, households: Sequence[Household], keeper: Person, witness: Staff, laboratory: Actor, by: Actor, at: datetime
    ) -> None:
        self.households, self.keeper, self.witness, self.laboratory = households, keeper, witness, laboratory
        self.by, self.at = by, at
        self.said = {"by_id": by.staff_id, "at": at}

    def write(self, file: LabFile) -> list[int]:
        """Every row; numbers of the requests."""
        requests = self._requests()
        relatives = self._relatives(requests)
        typed = [
            (relatives[n, member.id], member)
            for n, one in enumerate(self.households)
            for member in one.members
            if member.profile is not None and member.paper is not None
        ]
        insert_many(
            Consent(
                relative=relative,
                scope="this_child",
                given_by=member.paper.given_by,
                signed_on=member.paper.signed_on,
                until=member.paper.until,
                form=member.paper.form,
                **self.said,
            )
            for relative, member in typed
            if member.paper is not None
        )
        self._samples(typed, file)
        return [request.pk for request in requests]

    def _requests(self) -> list[TracingRequest]:
        jurisdiction = jurisdiction_of(self.by.jurisdiction)
        taken: set[int] = set()
        while len(taken) < len(self.households):
            fresh = {int(numbers.new_number()) for _ in range(len(self.households) - len(taken))} - {0}
            taken |= fresh - set(TracingRequest.objects.filter(pk__in=fresh).values_list("pk", flat=True))
        made = [
            TracingRequest(pk=pk, jurisdiction=jurisdiction, inquirer=self.keeper, relation="authority", **self.said)
            for pk in sorted(taken)
        ]
        insert_many(made)
        pairs = list(zip(made, self.households, strict=True))
        insert_many(Description(request=request, n=1, **one.told, **self.said) for request, one in pairs)
        insert_many(
            RequestKey(request=request, kind=kind, key=key)
            for request, one in pairs
            for kind, key in sorted(keys_of("name", one.told["child_name"]))
        )
        return made

    def _relatives(self, requests: Sequence[TracingRequest]) -> dict[tuple[int, str], Relative]:
        # A tree begins with the child that is looked for.
        order = [
            (n, member)
            for n, one in enumerate(self.households)
            for member in sorted(one.members, key=lambda each: each.id != one.missing)
        ]
        made = Relative.objects.bulk_create(
            Relative(request=requests[n], sex=member.sex, missing=member.id == self.households[n].missing, **self.said)
            for n, member in order
        )
        found = {(n, member.id): relative for (n, member), relative in zip(order, made, strict=True)}
        insert_many(
            RelativeState(
                relative=found[n, member.id],
                n=1,
                name=member.name,
                life="unknown" if found[n, member.id].missing else "living",
                reach="willing" if member.profile else "to_ask",
                **self.said,
            )
            for n, member in order
        )
        insert_many(
            RelativeKey(relative=found[n, member.id], kind=kind, key=key)
            for n, member in order
            if not found[n, member.id].missing
            for kind, key in sorted(keys_of("name", member.name))
        )
        insert_many(
            Parentage(child=found[n, member.id], parent=found[n, parent], **self.said)
            for n, member in order
            for parent in (member.mother, member.father)
            if parent is not None
        )
        return found

    def _samples(self, typed: Sequence[tuple[Relative, Member]], file: LabFile) -> None:
        taken: set[int] = set()
        while len(taken) < len(typed):
            fresh = {int(numbers.new_number()) for _ in range(len(typed) - len(taken))} - {0}
            taken |= fresh - set(Kit.objects.filter(pk__in=fresh).values_list("pk", flat=True))
        ordered = self.at - 3 * BEFORE
        kits = [
            Kit(pk=pk, relative=relative, laboratory_id=self.laboratory.agency_id, by_id=self.by.staff_id, at=ordered)
            for pk, (relative, _) in zip(sorted(taken), typed, strict=True)
        ]
        insert_many(kits)
        for n, kind in enumerate(("taken", "sent", "received"), 1):
            who = self.laboratory if kind == "received" else self.by
            insert_many(
                KitHop(
                    kit=kit,
                    n=n,
                    kind=kind,
                    place=file.name if kind == "taken" else "",
                    witness=self.witness if kind == "taken" else None,
                    by_id=who.staff_id,
                    at=ordered + n * BEFORE,
                )
                for kit in kits
            )
        keys = make_keys(purpose=Purpose.RELATIVES, of=[f"relative:{kit.pk}:1" for kit in kits], at=self.at)
        profiles = []
        for kit, (_, member) in zip(kits, typed, strict=True):
            assert member.profile is not None
            named = kinship.Profile(kit.number, member.profile.genotypes, member.profile.kit, member.profile.flags)
            plain = rules.written(named)
            profiles.append(
                RelativeProfile(
                    kit=kit,
                    n=1,
                    file=file,
                    panel=named.kit or "",
                    loci=len(rules.autosomal(named)),
                    sealed=seal(plain, key=keys[f"relative:{kit.pk}:1"], place=results.profile_place(kit, 1)),
                    by_id=self.laboratory.staff_id,
                    at=self.at,
                )
            )
        insert_many(profiles)
        insert_many(Comparison(kit=kit, n=1, at=self.at) for kit in kits)
