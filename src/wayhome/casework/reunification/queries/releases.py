"""Whether a release stands: the database's own conditions, asked one by one, so that a person hears every reason at once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from django.db import connection
from django.db.models import QuerySet

from wayhome.casework.core.actors import Actor
from wayhome.casework.core.errors import NotFound
from wayhome.casework.core.guards import Require, sql_of
from wayhome.casework.custody.queries import is_visible
from wayhome.casework.reunification.guards.facts import fresh, grounds, nobody_met, signed
from wayhome.casework.reunification.models import Execution, FreshCheck, Release
from wayhome.casework.reunification.rules import release_digest


def open_releases() -> QuerySet[Release]:
    """Releases that were neither carried out nor revoked."""
    return Release.objects.filter(execution__isnull=True, revocation__isnull=True)


def returns() -> QuerySet[Execution]:
    """Children who went home, or to their country, and whose file nothing froze."""
    return Execution.objects.filter(freeze__isnull=True)


def release_of(by: Actor, release_id: int, *, at: datetime) -> Release:
    """A release of a child that the actor may know of; NotFound otherwise."""
    found = (
        Release.objects.filter(pk=release_id)
        .select_related("child__event__jurisdiction", "institution", "case", "to", "by__agency")
        .first()
    )
    if found is None or not is_visible(found.child_id, by=by, at=at):
        raise NotFound(release=release_id)
    return found


def digest_of(release: Release) -> str:
    """What its rows say now; an approval signs this, and it must be what was written when it was asked."""
    return release_digest(
        kind=release.kind,
        child=release.child_id,
        institution=release.institution_id,
        to=release.to_id,
        confirmation=release.case.confirmation_id,
        enquiry=release.enquiry_id,
        determination=release.determination_id,
        people=release.people.values_list("person_id", "relative_id", "receives"),
        address=release.address,
        until=release.valid_until,
    )


def against(release: Release, *, at: datetime, approvals: bool = True) -> list[str]:
    """Codes of everything that stands against a release; the samples of the handover are looked at when it is carried out."""
    moment = _literal(at)
    wanted = (*((signed(str(release.pk)),) if approvals else ()), *grounds(str(release.pk), moment))
    return _unmet(wanted)


def fresh_check(release: Release, person_id: int, *, at: datetime) -> FreshCheck | None:
    """Samples of the handover to somebody that are fresh and agree."""
    moment = _literal(at)
    for check in FreshCheck.objects.filter(release=release, person__person=person_id, agrees=True).order_by("-pk"):
        if not _unmet([fresh(str(release.pk), str(check.pk), str(person_id), moment)]):
            return check
    return None


def stopped_by_people(releases: Iterable[Release]) -> list[tuple[Release, str]]:
    """Of some releases those whose household meets an exclusion, an arrest or the place of rescue, with what."""
    found = []
    for release in releases:
        codes = _unmet(nobody_met(str(release.pk)))
        found += [(release, code) for code in codes]
    return found


def _unmet(requires: Iterable[Require]) -> list[str]:
    asked = list(requires)
    columns = ", ".join(f"CASE WHEN {sql_of(one.legal, connection.vendor)} THEN 1 ELSE 0 END" for one in asked)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns}")
        answers = cursor.fetchone()
    return [one.code for one, answer in zip(asked, answers, strict=True) if not answer]


def _literal(at: datetime) -> str:
    plain = str(at.astimezone(UTC).replace(tzinfo=None))
    return f"'{plain}'" if connection.vendor == "sqlite" else f"timestamptz '{plain}+00'"
