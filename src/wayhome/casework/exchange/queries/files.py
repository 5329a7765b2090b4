"""What would be told of a child, and whom its return abroad waits for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from wayhome.casework.children.models import Child
from wayhome.casework.children.queries import age_on, items, marks
from wayhome.casework.core.errors import NotFound
from wayhome.casework.custody.models import CustodyEpisode
from wayhome.casework.exchange.models import CaseChild, Package, PackageSent
from wayhome.casework.exchange.queries.corrections import standing, steps_of
from wayhome.casework.exchange.queries.messages import said
from wayhome.casework.exchange.rules.packages import FIELDS, known
from wayhome.casework.exchange.rules.waiting import HOME, Elapsed, Step, elapsed


def values(child: Child, names: Iterable[str], *, at: datetime) -> dict[str, dict[str, Any]]:
    """What each field says of a child now, as codes and plain values that either side puts into words."""
    day = at.astimezone(HOME).date()
    event = child.event

    def one(name: str) -> dict[str, Any]:
        if name == "reference":
            return {"number": child.number}
        if name == "sex":
            return {"sex": child.sex}
        if name == "age":
            age = age_on(child, day)
            if age is None:
                return {"on": day.isoformat()}
            return {"least": age.least_days, "most": age.most_days, "on": day.isoformat(), "method": age.method}
        if name == "rescued_on":
            return {"on": event.found_at.astimezone(HOME).date().isoformat()}
        if name == "rescued_in":
            # The province, and nothing that leads to a door.
            return {"place": "/".join(event.jurisdiction.path.strip("/").split("/")[:2])}
        if name == "call_name":
            return {"name": child.call_name}
        if name == "marks":
            return {"marks": [{"place": row.place, "kind": row.kind, "mm": row.size_mm} for row in marks(child.pk)]}
        return {"items": [row.what for row in items(child.pk)]}

    return {name: one(name) for name in names}


def chosen(package: Package) -> dict[str, str]:
    """Its fields, each with its basis, in the order of the table."""
    rows = dict(package.fields.values_list("name", "basis"))
    return {name: rows[name] for name in FIELDS if name in rows}


def told(package: Package) -> dict[str, dict[str, Any]]:
    """What it tells, as it went out, or as it would now."""
    sent = PackageSent.objects.filter(approval__package=package).select_related("message").first()
    if sent is None:
        return values(package.of.child, chosen(package), at=package.at)
    return known(said(sent.message).get("fields"))


def is_sent(package: Package) -> bool:
    """Whether it went out."""
    return PackageSent.objects.filter(approval__package=package).exists()


@dataclass(frozen=True, slots=True)
class Proposed:
    """A package of a child, and whether it went out."""

    pk: int
    at: datetime
    by_id: int
    fields: tuple[str, ...]
    is_sent: bool


def packages_of(tied: CaseChild) -> list[Proposed]:
    """What was, or is to be, told of a child; the first first."""
    rows = Package.objects.filter(of=tied).select_related("approval").prefetch_related("fields").order_by("pk")
    return [
        Proposed(one.pk, one.at, one.by_id, tuple(field.name for field in one.fields.all()), hasattr(one, "approval"))
        for one in rows
    ]


def packages_to_approve() -> QuerySet[Package]:
    """What waits for a second person; the first asked first."""
    rows = Package.objects.filter(approval__isnull=True)
    return rows.select_related("of__case__node", "of__child", "by").order_by("pk")


@dataclass(frozen=True)
class File:
    """A child's return abroad, with its days."""

    of: CaseChild
    elapsed: Elapsed

    @property
    def now(self) -> Step | None:
        """What it waits for; None where nobody said, or the child was handed over."""
        return self.elapsed.steps[-1].step if self.elapsed.steps and not self.elapsed.done else None


def tied(case_child: int) -> CaseChild:
    """A child in a shared case."""
    rows = CaseChild.objects.select_related("case__node__agency__jurisdiction", "child__event__jurisdiction")
    found = rows.filter(pk=case_child).first()
    if found is None:
        raise NotFound(case_child=case_child)
    return found


def files(*, at: datetime, of: Iterable[int] | None = None) -> list[File]:
    """Returns abroad with whom they wait for; those of some children in shared cases, or all."""
    rows = CaseChild.objects.select_related("case__node__agency__jurisdiction", "child__event").order_by("pk")
    ties = list(standing(rows) if of is None else rows.filter(pk__in=list(of)))
    steps = steps_of(ties)
    over = handed_over(one.child_id for one in ties)
    return [
        File(one, elapsed(one.child.event.found_at, steps[one.pk], handed_over=over.get(one.child_id), at=at)) for one in ties
    ]


def handed_over(children: Iterable[int]) -> Mapping[int, datetime]:
    """When each child was handed to a partner's authority; those who were not are left out."""
    rows = CustodyEpisode.objects.filter(child__in=list(children), kind="repatriated").order_by("-n")
    return dict(rows.values_list("child_id", "started_at"))
