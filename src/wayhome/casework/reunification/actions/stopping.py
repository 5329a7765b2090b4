"""What stops a return: the release is revoked, or the file of a child that is home frozen, in the transaction of the change."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.db.models import Q, QuerySet

from wayhome.casework.audit.actions import raise_alarm, record
from wayhome.casework.audit.models import Alarm
from wayhome.casework.core.actors import SYSTEM, Actor
from wayhome.casework.core.backends.watch import expected_refusal
from wayhome.casework.custody.looks import Change, worth_a_look
from wayhome.casework.custody.queries import rescued_in
from wayhome.casework.families.models import ConsentWithdrawal, RequestEnd
from wayhome.casework.matching.models import CandidateEnd, ConfirmationEnd, Freeze
from wayhome.casework.operations.models import PersonRole
from wayhome.casework.reunification.models import Execution, FileFreeze, Release, Revocation
from wayhome.casework.reunification.queries.releases import open_releases, returns, stopped_by_people


def stop(releases: Iterable[Release], reason: str, *, by: Actor, at: datetime, note: str = "") -> list[Alarm]:
    """Revoke those of some releases that were not carried out, and freeze the files of those that were; an alarm for each."""
    # Others are waited for before any event is written, here for every release: whoever carries one out, or takes it back, has
    # its row and waits for the chain, and neither may have what the other waits for.
    stopped = []
    for release in sorted(releases, key=lambda one: one.pk):
        kind = _stopped(release, reason, note, by, at)
        if kind is not None:
            stopped.append((release, kind))
    return [_told(release, kind, reason, by, at) for release, kind in stopped]


def _stopped(release: Release, reason: str, note: str, by: Actor, at: datetime) -> Alarm.Kind | None:
    """Which alarm to raise; None where it was stopped before, be it by somebody whom this waited for."""
    execution = Execution.objects.filter(release=release).first()
    common = {"reason": reason, "by_id": by.staff_id or None, "at": at}
    if execution is None:
        if Revocation.objects.filter(release=release).exists():
            return None
        try:
            with expected_refusal(connection), transaction.atomic():
                Revocation.objects.create(release=release, note=note, **common)
        except DatabaseError:
            # Whoever was waited for has revoked it: a guard cannot see that, the key can.
            if not Revocation.objects.filter(release=release).exists():
                raise
            return None
        return Alarm.Kind.RELEASE_REVOKED
    if FileFreeze.objects.filter(execution=execution).exists():
        return None
    FileFreeze.objects.create(execution=execution, **common)
    return Alarm.Kind.RETURN_FROZEN


def _told(release: Release, kind: Alarm.Kind, reason: str, by: Actor, at: datetime) -> Alarm:
    verb, level = ("revoke", 2) if kind is Alarm.Kind.RELEASE_REVOKED else ("freeze", 3)
    record(
        by=by,
        at=at,
        action=f"reunification.{verb}",
        subject=f"release:{release.pk}",
        child_id=release.child_id,
        data={"reason": reason},
    )
    return raise_alarm(
        kind=kind,
        at=at,
        by=by,
        level=level,
        code=reason,
        child_id=release.child_id,
        agency_id=release.institution.agency_id,
        jurisdiction=rescued_in(release.child),
        subject=f"release:{release.pk}",
    )


def look_at_households(*, change: Change | None, by: Actor, at: datetime) -> list[Alarm]:
    """Whether anybody to whom a child goes, or went, or their household, is excluded by what is known now."""
    people = worth_a_look("operations_personkey", "person_id", change)
    homes = worth_a_look("reunification_releasekey", "release_id", change)
    doubtful = _concerned().filter(Q(people__person__in=people) | Q(pk__in=homes)).distinct()
    met = stopped_by_people(doubtful)
    with transaction.atomic():
        return stop({one for one, code in met if code != "detained"}, "excluded", by=by, at=at)


def on_role(instance: PersonRole, created: bool, **_: Any) -> None:
    """Somebody is something in an operation, or was detained."""
    if created:
        known = Q(people__person=instance.person_id)
        for kind, key in instance.person.keys.filter(kind__in=("id", "phone")).values_list("kind", "key"):
            known |= Q(people__person__keys__kind=kind, people__person__keys__key=key)
        met = stopped_by_people(_concerned().filter(known).distinct())
        stop({one for one, code in met if code == "detained"}, "detained", by=SYSTEM, at=instance.at)


def on_candidate_end(instance: CandidateEnd, created: bool, **_: Any) -> None:
    """The match is none any more."""
    if created:
        ended = _open().filter(case__confirmation__candidate=instance.candidate_id)
        reason = "consent_withdrawn" if instance.reason == "withdrawn" else "match_over"
        # That somebody wants their sample back after the child is home says nothing against them.
        stop(ended, reason, by=SYSTEM, at=instance.at)


def on_confirmation_end(instance: ConfirmationEnd, created: bool, **_: Any) -> None:
    """The head of the laboratory took it back: that matters after the return too."""
    if created:
        ended = _concerned().filter(case__confirmation=instance.confirmation_id)
        stop(ended, "match_over", by=SYSTEM, at=instance.at)


def on_freeze(instance: Freeze, created: bool, **_: Any) -> None:
    """Two confirmations cannot both be true."""
    if created:
        both = Q(case__confirmation=instance.one_id) | Q(case__confirmation=instance.other_id)
        stop(_concerned().filter(both), "match_over", by=SYSTEM, at=instance.at)


def on_withdrawal(instance: ConsentWithdrawal, created: bool, **_: Any) -> None:
    """A relative who was compared agrees no more."""
    if created:
        compared = _open().filter(case__confirmation__candidate__dossier__samples__relative=instance.consent.relative_id)
        stop(compared.distinct(), "consent_withdrawn", by=SYSTEM, at=instance.at)


def on_request_end(instance: RequestEnd, created: bool, **_: Any) -> None:
    """The family looks for the child no more, or another request goes on."""
    if created:
        ended = _open().filter(case__confirmation__candidate__request=instance.request_id)
        stop(ended, "request_over", by=SYSTEM, at=instance.at)


def _open() -> QuerySet[Release]:
    return open_releases().select_related("institution", "child__event__jurisdiction")


def _concerned() -> QuerySet[Release]:
    """Releases that wait, and those of children who are home and whose files are not frozen."""
    found = Release.objects.filter(Q(pk__in=open_releases().values("pk")) | Q(pk__in=returns().values("release")))
    return found.select_related("institution", "child__event__jurisdiction")
