"""A family looks for a child: what it tells, and when it tells so anew."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from wayhome import kinship
from wayhome.casework.accounts.models import Jurisdiction
from wayhome.casework.accounts.queries import require
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.audit.attempts import gate
from wayhome.casework.core import numbers
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.checks import Checks
from wayhome.casework.core.errors import Conflict, Invalid
from wayhome.casework.core.keys import keys_of
from wayhome.casework.families import queries
from wayhome.casework.families.actions.consents import end_consent
from wayhome.casework.families.actions.file import mine, must_go_on, tell
from wayhome.casework.families.actions.tree import join, plant
from wayhome.casework.families.models import (
    Consent,
    Description,
    MissingItem,
    MissingMark,
    RequestEnd,
    RequestKey,
    RequestPhoto,
    TracingRequest,
)
from wayhome.casework.families.rules import (
    BLOOD_GROUPS,
    CAUSES,
    INQUIRERS,
    OLDEST_LOST,
    SEXES,
)
from wayhome.casework.families.signals import claimed
from wayhome.casework.operations.actions import record_person
from wayhome.casework.operations.models import Person

DESCRIBED = (
    *("child_name", "sex", "born_from", "born_to", "lost_from", "lost_to", "place", "where", "cause", "circumstances"),
    *("looks", "blood_group"),
)
"""What a description says."""


def record_request(
    *,
    inquirer: Person | Sequence[tuple[str, str]],
    relation: str,
    told: Mapping[str, Any],
    by: Actor,
    at: datetime,
) -> TracingRequest:
    """A family looks for a child. Its tree begins with the child and its parents; whoever asks is in it if a parent.

    Parameters
    ----------
    inquirer : who asks, or (kind, value) facts by which they are recognised: name, id, phone, address.
    relation : what they are to the child (`rules.INQUIRERS`).
    told : see `DESCRIBED`; `where` is a jurisdiction or None.
    """
    require(by, Permission.RECORD_REQUEST)
    checks = Checks()
    checks.one_of("relation", relation, INQUIRERS)
    known = _described(checks, told, at)
    name = inquirer.label if isinstance(inquirer, Person) else dict(inquirer).get("name", "")
    checks.must("name", bool(name.strip()), "required")
    checks.done()
    with gate(by=by, at=at, attempt="record_request"):
        if not isinstance(inquirer, Person):
            inquirer = record_person(label=name.strip()[:80], facts=inquirer, by=by, at=at, source="tracing request")
        request = TracingRequest.objects.create(
            pk=numbers.free_number(lambda number: TracingRequest.objects.filter(pk=number).exists()),
            jurisdiction=queries.jurisdiction_of(by.jurisdiction),
            inquirer=inquirer,
            relation=relation,
            by_id=by.staff_id,
            at=at,
        )
        _describe(request, 1, known, by=by, at=at)
        _first_three(request, known, by=by, at=at)
        tell(by, at, "record_request", request, f"request:{request.pk}")
        claimed.send(TracingRequest, request=request.pk, by=by, at=at)
    return request


def read_request(*, request_id: int, by: Actor, at: datetime) -> TracingRequest:
    """Open a family's file: the look is an event, and without the event there is no look."""
    require(by, Permission.READ_REQUEST)
    request = queries.request_of(by, request_id)
    with gate(by=by, at=at, attempt="read_request"):
        tell(by, at, "read_request", request, f"request:{request.pk}")
    return request


def describe(*, request: TracingRequest, n: int, told: Mapping[str, Any], by: Actor, at: datetime) -> Description:
    """Say anew what the child is like and how it was lost, if nobody else did since the n-th time was read.

    Raises
    ------
    Conflict
        somebody was quicker; `changes` tells for each field they changed how it was read and how it is now.
    """
    request = mine(request, by)
    checks = Checks()
    known = _described(checks, told, at)
    checks.done()
    said = queries.descriptions(request.pk)
    if not 1 <= n <= said[0].n:
        raise Invalid({"n": "unknown_version"})
    if n < said[0].n:
        read = next(one for one in said if one.n == n)
        raise Conflict(_differences(read, said[0]), request=request.pk, n=said[0].n)
    if all(getattr(said[0], field) == value for field, value in known.items()):
        return said[0]
    with gate(by=by, at=at, attempt="describe_request"):
        made = _describe(request, n + 1, known, by=by, at=at)
        tell(by, at, "describe_request", request, f"description:{made.pk}", n=n + 1)
    return made


def add_mark(*, request: TracingRequest, place: str, kind: str, by: Actor, at: datetime, note: str = "") -> MissingMark:
    """A mark that the family remembers, at a coded place (`kinship.body_places`), of a kind (`kinship.mark_kinds`)."""
    request = mine(request, by)
    checks = Checks()
    checks.one_of("place", place, kinship.body_places())
    checks.one_of("kind", kind, kinship.mark_kinds())
    note = checks.text("note", note, 200, required=False)
    checks.done()
    with gate(by=by, at=at, attempt="add_missing_mark"):
        mark = MissingMark.objects.create(request=request, place=place, kind=kind, note=note, by_id=by.staff_id, at=at)
        tell(by, at, "add_mark", request, f"missing_mark:{mark.pk}")
    return mark


def add_item(*, request: TracingRequest, what: str, by: Actor, at: datetime) -> MissingItem:
    """Clothes or a thing that the child had with it."""
    request = mine(request, by)
    checks = Checks()
    what = checks.text("what", what, 200)
    checks.done()
    with gate(by=by, at=at, attempt="add_missing_item"):
        item = MissingItem.objects.create(request=request, what=what, by_id=by.staff_id, at=at)
        tell(by, at, "add_item", request, f"missing_item:{item.pk}")
    return item


def keep_photo(*, request: TracingRequest, jpeg: bytes, shows: str, by: Actor, at: datetime) -> RequestPhoto:
    """Keep a picture that was cleaned before (`core.photos.clean_photo`), and say whom it shows."""
    request = mine(request, by)
    checks = Checks()
    shows = checks.text("shows", shows, 120)
    checks.done()
    digest = hashlib.sha256(jpeg).hexdigest()
    with gate(by=by, at=at, attempt="add_request_photo"):
        photo = RequestPhoto.objects.create(request=request, jpeg=jpeg, sha256=digest, shows=shows, by_id=by.staff_id, at=at)
        tell(by, at, "add_photo", request, f"request_photo:{photo.pk}", sha256=digest)
    return photo


def withdraw(*, request: TracingRequest, note: str, by: Actor, at: datetime) -> RequestEnd:
    """The family takes its request back: nobody of it is searched for any more, and what its members agreed to ends with it."""
    request = mine(request, by)
    checks = Checks()
    note = checks.text("note", note, 300)
    checks.done()
    with gate(by=by, at=at, attempt="withdraw_request"):
        must_go_on(request)
        for consent in Consent.objects.filter(relative__request=request, withdrawal__isnull=True).order_by("pk"):
            end_consent(consent, "", by=by, at=at)
        end = RequestEnd.objects.create(request=request, reason="withdrawn", kept=None, note=note, by_id=by.staff_id, at=at)
        tell(by, at, "withdraw_request", request, f"request:{request.pk}")
    return end


def _described(checks: Checks, told: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """What a description says, looked at."""
    known = dict(told)
    for field in known:
        checks.must(field, field in DESCRIBED, "unknown_field")
    for field, longest, required in (
        ("child_name", 120, True),
        ("place", 200, True),
        ("circumstances", 4000, False),
        ("looks", 2000, False),
    ):
        known[field] = checks.text(field, known.get(field) or "", longest, required=required)
    checks.one_of("sex", known.get("sex", ""), SEXES)
    checks.one_of("cause", known.get("cause", ""), CAUSES)
    known["blood_group"] = known.get("blood_group") or ""
    checks.one_of("blood_group", known["blood_group"], (*BLOOD_GROUPS, ""))
    known.setdefault("where", None)
    days = {field: known.get(field) for field in ("born_from", "born_to", "lost_from", "lost_to")}
    for field, day in days.items():
        checks.must(field, day is not None, "required")
        if day is not None:
            checks.must(field, day >= OLDEST_LOST, "implausible")
            checks.day(field, day, at=at)
    if all(day is not None for day in days.values()):
        checks.must("born_to", days["born_from"] <= days["born_to"], "before_first")  # type: ignore[operator]
        checks.must("lost_to", days["lost_from"] <= days["lost_to"], "before_first")  # type: ignore[operator]
        checks.must("lost_to", days["born_from"] <= days["lost_to"], "before_birth")  # type: ignore[operator]
    return known


def _describe(request: TracingRequest, n: int, known: Mapping[str, Any], *, by: Actor, at: datetime) -> Description:
    made = Description.objects.create(request=request, n=n, **known, by_id=by.staff_id, at=at)
    names = set().union(*(keys_of("name", part) for part in re.split("[/、]", known["child_name"])))
    have = set(request.keys.values_list("kind", "key"))
    RequestKey.objects.bulk_create(
        RequestKey(request=request, kind=kind, key=key) for kind, key in sorted(names - have) if kind == "name"
    )
    return made


def _differences(read: Description, now: Description) -> dict[str, tuple[Any, Any]]:
    def shown(value: Any) -> Any:
        return value.code if isinstance(value, Jurisdiction) else value

    changes = {field: (shown(getattr(read, field)), shown(getattr(now, field))) for field in DESCRIBED}
    return {field: pair for field, pair in changes.items() if pair[0] != pair[1]}


def _first_three(request: TracingRequest, known: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    """The child and its parents, of whom one may be who asks."""
    child = plant(request, known["sex"], {"name": known["child_name"], "life": "unknown"}, missing=True, by=by, at=at)
    for role, sex in (("mother", "F"), ("father", "M")):
        state: dict[str, Any] = {}
        if request.relation == role:
            state = {"name": request.inquirer.label, "person": request.inquirer, "life": "living", "reach": "willing"}
        join(child.pk, plant(request, sex, state, by=by, at=at).pk, by=by, at=at)
