"""Whether a release stands: the database's own conditions, asked one by one, so that a person hears every reason at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import UTC, datetime

from django.db import connection
from django.db.models import QuerySet

from wayhome.casework.core.actors import Actor
from wayhome.casework.core.errors import NotFound
from wayhome.casework.core.guards import Require, sql_of
from wayhome.casework.custody.models import HandoverOffer
from wayhome.casework.custody.queries import is_visible, pending_offers
from wayhome.casework.custody.rules import RELEASES
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


def release_to_receive(by: Actor, release_id: int, *, at: datetime) -> Release:
    """One whose child the actor's agency is to take, whether or not it may know of the child; or `release_of`."""
    abroad = Release.objects.filter(pk=release_id, to__agency=by.agency_id)
    found = abroad.select_related("child__event__jurisdiction", "institution", "case", "to", "by__agency").first()
    return release_of(by, release_id, at=at) if found is None else found


def open_release_of(child_id: int) -> Release | None:
    """The release of a child that waits: one at the most."""
    return open_releases().filter(child=child_id).first()


def offer_of(release: Release) -> HandoverOffer | None:
    """The first signature of its handover, where the second is wanted."""
    found = pending_offers().filter(child=release.child_id, kind__in=RELEASES)
    return found.select_related("to_facility", "giver", "recipient", "child").first()


def last_release_of(child_id: int) -> Release | None:
    """The one asked for last, whatever became of it."""
    found = Release.objects.filter(child=child_id).select_related("revocation", "execution")
    return found.order_by("-pk").first()


def carried_out_by(offer_id: int | None) -> Release | None:
    """The release that a handover carried out."""
    return Release.objects.filter(execution__offer=offer_id).first()


def execution_of(by: Actor, execution_id: int, *, at: datetime) -> Execution:
    """How a child of whom the actor may know went home; NotFound otherwise."""
    found = Execution.objects.filter(pk=execution_id).first()
    if found is None:
        raise NotFound(execution=execution_id)
    found.release = release_of(by, found.release_id, at=at)
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


def against_each(releases: Collection[int], *, at: datetime) -> dict[int, list[str]]:
    """As `against`, of many releases at once."""
    if not releases:
        return {}
    wanted = (signed("asked.id"), *grounds("asked.id", _literal(at)))
    rows = _rows(f"SELECT asked.id, {_columns(wanted)} FROM reunification_release asked WHERE asked.id IN ({_list(releases)})")
    return {row[0]: [one.code for one, answer in zip(wanted, row[1:], strict=True) if not answer] for row in rows}


def fresh_each(releases: Collection[int], *, at: datetime) -> dict[int, set[int]]:
    """Of many releases the people whose samples of the handover, and the child's, are fresh and agree."""
    found: dict[int, set[int]] = {}
    if releases:
        stands = sql_of(fresh("k0.release_id", "k0.id", "p0.person_id", _literal(at)).legal, connection.vendor)
        for release, person in _rows(
            "SELECT k0.release_id, p0.person_id FROM reunification_freshcheck k0"
            " JOIN reunification_releaseperson p0 ON p0.id = k0.person_id"
            f" WHERE k0.release_id IN ({_list(releases)}) AND {stands}"
        ):
            found.setdefault(release, set()).add(person)
    return found


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
    (answers,) = _rows(f"SELECT {_columns(asked)}")
    return [one.code for one, answer in zip(asked, answers, strict=True) if not answer]


def _columns(requires: Iterable[Require]) -> str:
    return ", ".join(f"CASE WHEN {sql_of(one.legal, connection.vendor)} THEN 1 ELSE 0 END" for one in requires)


def _list(numbers: Iterable[int]) -> str:
    return ", ".join(str(int(one)) for one in numbers)


def _rows(sql: str) -> list[tuple[int, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def _literal(at: datetime) -> str:
    plain = str(at.astimezone(UTC).replace(tzinfo=None))
    return f"'{plain}'" if connection.vendor == "sqlite" else f"timestamptz '{plain}+00'"
