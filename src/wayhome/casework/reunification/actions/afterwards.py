"""After a return: visits. Where no parents are found: notice and certificates, while the search goes on."""

from __future__ import annotations

from datetime import date, datetime

from wayhome.casework.accounts.queries import require
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.audit.actions import raise_alarm, record
from wayhome.casework.audit.attempts import gate
from wayhome.casework.audit.models import Alarm
from wayhome.casework.children.models import Child
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.checks import Checks
from wayhome.casework.core.errors import Refused
from wayhome.casework.custody.queries import visible_child
from wayhome.casework.reunification.models import Certificate, Execution, Notice, Visit
from wayhome.casework.reunification.queries.releases import release_of
from wayhome.casework.reunification.rules import CERTIFICATES, FOUND, VISITS


def visit(*, execution: Execution, day: int, visited_on: date, found: str, by: Actor, at: datetime, note: str = "") -> Visit:
    """The family was visited for one of the days on which it is due; whoever is worried about the child alarms others."""
    require(by, Permission.VERIFY_CASE)
    release = release_of(by, execution.release_id, at=at)
    checks = Checks()
    checks.must("day", day in VISITS, "unknown_choice")
    checks.one_of("found", found, FOUND)
    checks.day("visited_on", visited_on, at=at)
    note = checks.text("note", note, 5000, required=found != "well")
    checks.done()
    with gate(by=by, at=at, child_id=release.child_id, attempt="visit"):
        if Visit.objects.filter(execution=execution, day=day).exists():
            raise Refused(["already_there"])
        made = Visit.objects.create(
            execution=execution, day=day, visited_on=visited_on, found=found, note=note, by_id=by.staff_id, at=at
        )
        record(
            by=by,
            at=at,
            action="reunification.visit",
            subject=f"release:{release.pk}",
            child_id=release.child_id,
            data={"day": day, "found": found},
        )
        if found != "well":
            raise_alarm(
                kind=Alarm.Kind.VISIT_DUE,
                at=at,
                by=by,
                level=3,
                code=found,
                child_id=release.child_id,
                jurisdiction=release.child.event.jurisdiction.path,
                subject=f"visit:{made.pk}",
            )
    return made


def publish_notice(*, child: Child, published_on: date, published_in: str, by: Actor, at: datetime) -> Notice:
    """A public notice asks for the child's parents; what it shows of the child is decided elsewhere."""
    require(by, Permission.VERIFY_CASE)
    visible_child(child.pk, by=by, at=at)
    checks = Checks()
    checks.day("published_on", published_on, at=at)
    published_in = checks.text("published_in", published_in, 200)
    checks.done()
    with gate(by=by, at=at, child_id=child.pk, attempt="publish_notice"):
        notice = Notice.objects.create(
            child=child, published_on=published_on, published_in=published_in, by_id=by.staff_id, at=at
        )
        record(by=by, at=at, action="reunification.publish_notice", subject=f"notice:{notice.pk}", child_id=child.pk)
    return notice


def certify(*, child: Child, kind: str, document: str, by: Actor, at: datetime) -> Certificate:
    """Police certify that the parents were not found yet, when the day for it has come and nobody is in question."""
    require(by, Permission.CERTIFY_NOT_FOUND)
    visible_child(child.pk, by=by, at=at)
    checks = Checks()
    checks.one_of("kind", kind, CERTIFICATES)
    document = checks.text("document", document, 80)
    checks.done()
    with gate(by=by, at=at, child_id=child.pk, attempt="certify"):
        if Certificate.objects.filter(child=child, kind=kind).exists():
            raise Refused(["already_there"])
        made = Certificate.objects.create(child=child, kind=kind, document=document, by_id=by.staff_id, at=at)
        record(
            by=by,
            at=at,
            action="reunification.certify",
            subject=f"certificate:{made.pk}",
            child_id=child.pk,
            data={"kind": kind},
        )
    return made
