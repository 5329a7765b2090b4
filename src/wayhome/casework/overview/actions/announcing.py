"""Count, propose, approve. What was announced stays; a later version says why it tells otherwise."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from wayhome.casework.accounts.queries import require
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.audit.actions import record
from wayhome.casework.audit.attempts import gate
from wayhome.casework.audit.rules import canonical
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.checks import Checks
from wayhome.casework.core.errors import NotAllowed, NotFound, Refused
from wayhome.casework.operations.models import Operation
from wayhome.casework.operations.queries import officers_reported, operations_of
from wayhome.casework.overview.models import Announcement, AnnouncementApproval, Snapshot, SnapshotOperation
from wayhome.casework.overview.queries.announced import (
    Stated,
    announced_elsewhere,
    announcement_of,
    changes_between,
    earlier,
    figures_of,
    released,
)
from wayhome.casework.overview.rules.announced import NO_TABLE, Figures, Published, Table, digest_of, may_follow, table_of
from wayhome.casework.overview.wording import texts_of

_NUMBER = re.compile(r"[0-9A-Za-z][0-9A-Za-z.-]{0,19}")
MOST_OFFICERS = 1_000_000


def propose_announcement(
    *,
    number: str,
    operations: Sequence[Operation],
    cutoff: datetime,
    by: Actor,
    at: datetime,
    stated: Mapping[int, Stated] | None = None,
) -> Announcement:
    """Count what was recorded until the cut-off, and write the next version of an announcement from it.

    Parameters
    ----------
    number : of the announcement, the same for all its versions: "2011-07-27".
    stated : by operation of which no province reported its officers, what no record tells.
    """
    require(by, Permission.ANNOUNCE)
    stated = dict(stated or {})
    # One that is named twice is counted once.
    operations = list({one.pk: one for one in operations}.values())
    if operations_of(by).filter(pk__in=[one.pk for one in operations]).count() != len(operations):
        raise NotFound(announcement=number)
    checks = Checks()
    number = number.strip()
    checks.must("number", bool(_NUMBER.fullmatch(number)), "no_number")
    checks.moment("cutoff", cutoff, not_after=at)
    checks.must("operations", bool(operations), "required")
    for one in stated.values():
        checks.within("officers", one.officers, 0, MOST_OFFICERS)
        checks.must("source", not one.officers or bool(one.source.strip()), "required")
        checks.text("source", one.source, 200, required=False)
    checks.done()
    with gate(by=by, at=at, attempt="propose_announcement"):
        last = Announcement.objects.filter(number=number).order_by("-n").first()
        n = 1 if last is None else last.n + 1
        before = earlier(number, n)
        if before is not None and before.snapshot.cutoff > cutoff:
            raise Refused(["cutoff_before_last"])
        if before is not None and not {one.operation_id for one in before.snapshot.operations.all()} <= {
            o.pk for o in operations
        }:
            raise Refused(["case_left_out"])
        if announced_elsewhere(number, operations):
            raise Refused(["announced_elsewhere"])
        if stated.keys() & officers_reported(operations, until=cutoff).keys():
            raise Refused(["officers_reported"])
        figures = figures_of(operations, cutoff=cutoff, stated=stated)
        written = figures.to_json()
        snapshot = Snapshot.objects.create(
            cutoff=cutoff,
            definitions=figures.definitions,
            rescued=figures.rescued,
            arrested=figures.arrested,
            figures=written,
            digest=hashlib.sha256(written.encode()).hexdigest(),
            by_id=by.staff_id,
            at=at,
        )
        SnapshotOperation.objects.bulk_create(SnapshotOperation(snapshot=snapshot, operation=one) for one in operations)
        tables = _tables(number, n, figures)
        changes = [] if before is None else changes_between(before.snapshot, operations, cutoff=cutoff)
        texts = texts_of(
            figures,
            tables,
            changes,
            n=n,
            before=None if before is None else (before.n, before.rescued, before.arrested),
        )
        said = _written(tables), canonical({"changes": changes}), canonical(texts)
        made = Announcement.objects.create(
            number=number,
            n=n,
            snapshot=snapshot,
            rescued=figures.rescued,
            arrested=figures.arrested,
            provinces=said[0],
            changes=said[1],
            texts=said[2],
            digest=digest_of(number, n, written, *said),
            by_id=by.staff_id,
            at=at,
        )
        record(
            by=by,
            at=at,
            action="overview.propose_announcement",
            subject=f"announcement:{made.pk}",
            data={"number": number, "n": n, "digest": made.digest},
        )
    return made


def approve_announcement(*, announcement: Announcement, digest: str, by: Actor, at: datetime) -> AnnouncementApproval:
    """Another supervisor agrees to what they read: from now on everybody may read it."""
    require(by, Permission.APPROVE_ANNOUNCEMENT)
    announcement = announcement_of(by, announcement.number, announcement.n)
    if not by.stepped_up:
        raise NotAllowed("step_up")
    with gate(by=by, at=at, attempt="approve_announcement"):
        if AnnouncementApproval.objects.filter(announcement=announcement).exists():
            raise Refused(["already_there"])
        figures = Figures.from_dict(json.loads(announcement.snapshot.figures))
        if _written(_tables(announcement.number, announcement.n, figures)) != announcement.provinces:
            raise Refused(["later_version"])
        approval = AnnouncementApproval.objects.create(announcement=announcement, digest=digest, by_id=by.staff_id, at=at)
        record(
            by=by,
            at=at,
            action="overview.approve_announcement",
            subject=f"announcement:{announcement.pk}",
            data={"digest": announcement.digest},
        )
    return approval


def _tables(number: str, n: int, figures: Figures) -> dict[str, Published]:
    """What is published of provinces with a version: its own tables, or those of earlier ones that stand on."""
    told = {"children": _table(number, n, table_of(figures.by_province), _children)}
    if figures.arrests_by_province is not None:
        told["arrests"] = _table(number, n, table_of(figures.arrests_by_province), _arrests)
    return told


def _table(number: str, n: int, new: Table, read: Callable[[Mapping[str, Any]], Mapping[str, Any]]) -> Published:
    last, held = Published(NO_TABLE, 0, held=False), False
    for one in released().filter(number=number, n__lt=n).order_by("n"):
        told = read(json.loads(one.provinces))
        held = told["of"] != one.n
        last = Published(Table(told["shown"], tuple(told["hidden"]), told["rest"]), told["of"], held=True)
    return Published(new, n, held=False) if may_follow(last.table, new, held=held) else last


def _children(told: Mapping[str, Any]) -> Mapping[str, Any]:
    return told


def _arrests(told: Mapping[str, Any]) -> Mapping[str, Any]:
    """Nothing was told of them by the first definitions."""
    found: Mapping[str, Any] = told.get("arrests", {**NO_TABLE.plain(), "of": 0})
    return found


def _written(tables: Mapping[str, Published]) -> str:
    told = {name: {**one.table.plain(), "of": one.of} for name, one in tables.items()}
    return canonical({**told.pop("children"), **told})
