"""The nightly count, and what happens when a child is not there."""

from __future__ import annotations

from datetime import date, datetime

from wayhome.casework.accounts.models import Facility
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.audit.actions import raise_alarm, record
from wayhome.casework.audit.models import Alarm
from wayhome.casework.children.models import Child
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.errors import Invalid, NotFound
from wayhome.casework.custody import queries
from wayhome.casework.custody.gate import gate, permitted
from wayhome.casework.custody.models import (
    HeadCount,
    HeadCountEntry,
    MissingEnd,
    MissingReport,
)


def count_head(*, facility: Facility, night: date, child: Child, seen: bool, by: Actor, at: datetime) -> HeadCountEntry:
    """A carer saw a child tonight, or did not; a child not seen is an alarm at once."""
    permitted(by, Permission.COUNT_HEADS, at=at, child_id=child.pk)
    if facility.agency_id != by.agency_id or queries.head(child.pk).facility_id != facility.pk:
        raise NotFound(child=child.pk)
    with gate(by=by, at=at, child_id=child.pk, attempt="count_head"):
        count, _ = HeadCount.objects.get_or_create(facility=facility, night=night, defaults={"by_id": by.staff_id, "at": at})
        entry = HeadCountEntry.objects.create(count=count, child=child, seen=seen, by_id=by.staff_id, at=at)
        record(
            by=by, at=at, action="custody.count_head", subject=f"head_count:{count.pk}", child_id=child.pk, data={"seen": seen}
        )
        if not seen:
            raise_alarm(kind=Alarm.Kind.NOT_SEEN, at=at, by=by, level=3, child_id=child.pk, subject=f"head_count:{count.pk}")
    return entry


def report_missing(*, child: Child, last_seen_at: datetime, circumstances: str, by: Actor, at: datetime) -> MissingReport:
    """The child is gone. Its custodian goes on answering for it; everybody above is alarmed."""
    permitted(by, Permission.REPORT_MISSING, at=at, child_id=child.pk)
    if not circumstances.strip():
        raise Invalid({"circumstances": "required"})
    with gate(by=by, at=at, child_id=child.pk, attempt="report_missing"):
        report = MissingReport.objects.create(
            child=child, last_seen_at=last_seen_at, circumstances=circumstances.strip()[:300], by_id=by.staff_id, at=at
        )
        record(by=by, at=at, action="custody.report_missing", subject=f"missing:{report.pk}", child_id=child.pk)
        raise_alarm(
            kind=Alarm.Kind.MISSING,
            at=at,
            by=by,
            level=3,
            child_id=child.pk,
            agency_id=queries.head(child.pk).facility.agency_id,
            subject=f"missing:{report.pk}",
        )
    return report


def end_missing(*, report: MissingReport, note: str, by: Actor, at: datetime) -> MissingEnd:
    """The child is there again."""
    permitted(by, Permission.REPORT_MISSING, at=at, child_id=report.child_id)
    with gate(by=by, at=at, child_id=report.child_id, attempt="end_missing"):
        end = MissingEnd.objects.create(report=report, note=note.strip()[:300], by_id=by.staff_id, at=at)
        record(by=by, at=at, action="custody.end_missing", subject=f"missing:{report.pk}", child_id=report.child_id)
    return end
