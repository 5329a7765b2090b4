"""Figures counted from the records, and what was announced of them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from wayhome.casework.accounts.models import Jurisdiction
from wayhome.casework.accounts.rules import Permission, may
from wayhome.casework.audit.rules import stamp
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.errors import NotFound
from wayhome.casework.operations.models import Operation
from wayhome.casework.operations.queries import Detained, Rescued, detained, officers_reported, rescued
from wayhome.casework.operations.rules import province_of
from wayhome.casework.overview.models import Announcement, Snapshot
from wayhome.casework.overview.rules.announced import DEFINITIONS, NO_TABLE, CaseFigures, Figures


@dataclass(frozen=True, slots=True)
class Stated:
    """What no record tells of an operation of which no province reported: how many officers took part, and who says so."""

    officers: int
    source: str


def figures_of(operations: Iterable[Operation], *, cutoff: datetime, stated: Mapping[int, Stated]) -> Figures:
    """The figures of some operations, as recorded until the cut-off: from rows that are only added to, so the same again."""
    chosen = sorted(operations, key=lambda one: (one.zero_hour, one.pk))
    children, arrested = rescued(chosen, until=cutoff), detained(chosen, until=cutoff)
    reported = officers_reported(chosen, until=cutoff)
    cases = []
    for one in chosen:
        mine = [child for child in children if child.operation == one.pk]
        told = Stated(reported[one.pk], "") if one.pk in reported else stated.get(one.pk, Stated(0, ""))
        cases.append(
            CaseFigures(
                code=one.code,
                title=one.title,
                zero_hour=one.zero_hour.astimezone(ZoneInfo(one.time_zone)).isoformat(timespec="minutes"),
                rescued=len(mine),
                arrested=sum(person.operation == one.pk for person in arrested),
                provinces=len({province(child.place.path) for child in mine}),
                officers=told.officers,
                source=told.source,
            )
        )
    return Figures(
        cutoff=stamp(cutoff),
        definitions=DEFINITIONS,
        rescued=len(children),
        arrested=len(arrested),
        elsewhere=sum(one.clue is not None and province(one.clue.path) != province(one.place.path) for one in children),
        by_province=dict(Counter(province(one.place.path) for one in children)),
        cases=tuple(cases),
        arrests_by_province=dict(Counter(province(one.place) for one in arrested)),
    )


def province(path: str) -> str:
    """Code of the province that a place is in; of the country for one above provinces."""
    return province_of(path).rstrip("/").rpartition("/")[2]


def changes_between(old: Snapshot, new: Iterable[Operation], *, cutoff: datetime) -> list[dict[str, Any]]:
    """Why figures at a cut-off differ from an earlier snapshot: by case and reason how many children or arrests more or fewer."""
    before = [one.operation for one in old.operations.select_related("operation")]
    after = sorted(new, key=lambda one: (one.zero_hour, one.pk))
    codes = {one.pk: one.code for one in (*before, *after)}
    children = (
        {one.child: one for one in rescued(before, until=old.cutoff)},
        {one.child: one for one in rescued(after, until=cutoff)},
    )
    people = (
        {one.person: one for one in detained(before, until=old.cutoff)},
        {one.person: one for one in detained(after, until=cutoff)},
    )
    counted_before = {one.pk for one in before}
    told: Counter[tuple[str, str]] = Counter()
    for child in children[1].keys() - children[0].keys():
        told[codes[children[1][child].operation], _came(children[1][child], old, counted_before, "parted")] += 1
    for child in children[0].keys() - children[1].keys():
        told[codes[children[0][child].operation], "merged"] -= 1
    for person in people[1].keys() - people[0].keys():
        told[codes[people[1][person].operation], "arrest_" + _came(people[1][person], old, counted_before, "late")] += 1
    for person in people[0].keys() - people[1].keys():
        told[codes[people[0][person].operation], "arrest_dropped"] -= 1
    for person in people[0].keys() & people[1].keys():
        was, now = people[0][person].operation, people[1][person].operation
        if was != now:
            told[codes[was], "arrest_moved"] -= 1
            told[codes[now], "arrest_moved"] += 1
    return [{"case": case, "what": what, "n": n} for (case, what), n in sorted(told.items()) if n]


def _came(row: Rescued | Detained, old: Snapshot, counted_before: set[int], otherwise: str) -> str:
    if row.operation not in counted_before:
        return "case_added"
    return "late" if row.at > old.cutoff else otherwise


def announcements_of(by: Actor) -> QuerySet[Announcement]:
    """Every version of every announcement of one's own country, approved or not, for those who announce."""
    found = Announcement.objects.filter(by__agency__jurisdiction__path__startswith=by.jurisdiction)
    found = found.select_related("snapshot", "by", "approval__by").order_by("-at", "-pk")
    return found if may(by.role, Permission.ANNOUNCE) else found.none()


def announcement_of(by: Actor, number: str, n: int) -> Announcement:
    """One version, for those who announce."""
    found = announcements_of(by).filter(number=number, n=n).first()
    if found is None:
        raise NotFound(announcement=number)
    return found


def released() -> QuerySet[Announcement]:
    """What the public may read: approved versions, the latest first."""
    return (
        Announcement.objects.filter(approval__isnull=False)
        .select_related("snapshot", "approval")
        .order_by("-snapshot__cutoff", "-pk")
    )


def announced_elsewhere(number: str, operations: Iterable[Operation]) -> bool:
    """Whether another announcement told of one of them: the difference of the two would tell of those that are not in both."""
    shared = released().exclude(number=number).filter(snapshot__operations__operation__in=[one.pk for one in operations])
    return shared.exists()


def earlier(number: str, n: int) -> Announcement | None:
    """The version before: approved ones alone count, since nobody has read another."""
    return released().filter(number=number, n__lt=n).order_by("-n").first()


@dataclass(frozen=True, slots=True)
class Told:
    """An announcement as everybody may read it."""

    number: str
    n: int
    cutoff: datetime
    approved_at: datetime
    definitions: int
    rescued: int
    arrested: int
    cases: tuple[CaseFigures, ...]
    table: Mapping[str, Any]
    arrests: Mapping[str, Any]
    changes: list[Mapping[str, Any]]
    texts: Mapping[str, Any]
    digest: str


def told(row: Announcement) -> Told:
    """What is in a row, read; the snapshot's own provinces are not."""
    figures = Figures.from_dict(json.loads(row.snapshot.figures))
    table = json.loads(row.provinces)
    arrests = table.pop("arrests", {**NO_TABLE.plain(), "of": row.n})
    approval = getattr(row, "approval", None)
    return Told(
        number=row.number,
        n=row.n,
        cutoff=row.snapshot.cutoff,
        approved_at=row.at if approval is None else approval.at,
        definitions=figures.definitions,
        rescued=row.rescued,
        arrested=row.arrested,
        cases=figures.cases,
        table=table,
        arrests=arrests,
        changes=json.loads(row.changes)["changes"],
        texts=json.loads(row.texts),
        digest=row.digest,
    )


def province_names(codes: Iterable[str]) -> dict[str, dict[str, str]]:
    """Names of provinces by language."""
    found = Jurisdiction.objects.filter(code__in=list(codes))
    return {one.code: {"en": one.name_en, "zh-hans": one.name_zh, "vi": one.name_vi} for one in found}


def own_provinces(row: Announcement) -> tuple[dict[str, int], dict[str, int]]:
    """Every cell as it was counted, of children and of arrests: for those who announce."""
    figures = Figures.from_dict(json.loads(row.snapshot.figures))
    return dict(figures.by_province), dict(figures.arrests_by_province or {})


def is_superseded(row: Announcement) -> bool:
    """Whether a later version follows."""
    return Announcement.objects.filter(number=row.number, n__gt=row.n).exists()


def feed_of(row: Announcement) -> dict[str, Any]:
    """A released version as plain values: what the public page says, and no more."""
    one = told(row)
    return {
        "number": one.number,
        "version": one.n,
        "released": one.approved_at.isoformat(),
        "recorded_until": one.cutoff.isoformat(),
        "definitions": one.definitions,
        "rescued": one.rescued,
        "arrested": one.arrested,
        "cases": [
            {name: getattr(case, name) for name in ("code", "title", "zero_hour", "rescued", "arrested", "provinces", "officers")}
            for case in one.cases
        ],
        "provinces": _table(one.table),
        "provinces_arrested": _table(one.arrests),
        "changes": one.changes,
        "texts": one.texts,
        "sha256": one.digest,
    }


def _table(told: Mapping[str, Any]) -> dict[str, Any]:
    return {"version": told["of"], "shown": told["shown"], "together": told["hidden"], "rest": told["rest"]}
