"""Order a kit, and tell of each hand it goes through."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from wayhome.casework.accounts.models import Agency, Staff
from wayhome.casework.accounts.queries import require
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.audit.actions import record
from wayhome.casework.audit.attempts import gate
from wayhome.casework.children.models import Child
from wayhome.casework.core import numbers
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.checks import Checks
from wayhome.casework.core.errors import NotFound, Refused
from wayhome.casework.custody.queries import visible_child
from wayhome.casework.families.models import Relative
from wayhome.casework.families.queries import request_of
from wayhome.casework.laboratory.models import Kit, KitHop
from wayhome.casework.laboratory.queries.kits import kit_of
from wayhome.casework.laboratory.rules.kits import HOPS, LABORATORYS, MOST_SCANNED, PLACED, SCANNED


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one number of many: `code` of what stood against it, "" if nothing did."""

    number: str
    code: str


def order_kit(
    *,
    person: Relative | Child,
    laboratory: Agency,
    by: Actor,
    at: datetime,
    second: bool = False,
    replaces: Kit | None = None,
) -> Kit:
    """A kit for one sample of somebody. Its number tells nothing, and is what the laboratory knows them by.

    Parameters
    ----------
    second : the independent second sample, of somebody of whom the laboratory has one.
    replaces : a kit that came back, was refused or lost.
    """
    require(by, Permission.TAKE_SAMPLE)
    relative, child = (person, None) if isinstance(person, Relative) else (None, person)
    if relative is not None:
        request_of(by, relative.request_id)
    else:
        visible_child(person.pk, by=by, at=at)
    child_id = 0 if child is None else child.pk
    with gate(by=by, at=at, child_id=child_id, attempt="order_kit"):
        if replaces is not None and Kit.objects.filter(replaces=replaces).exists():
            raise Refused(["kit_replaced"])
        kit = Kit.objects.create(
            pk=numbers.free_number(lambda number: Kit.objects.filter(pk=number).exists()),
            relative=relative,
            child=child,
            laboratory=laboratory,
            replaces=replaces,
            second=second,
            by_id=by.staff_id,
            at=at,
        )
        record(
            by=by,
            at=at,
            action="laboratory.order_kit",
            subject=f"kit:{kit.pk}",
            child_id=child_id,
            data={"laboratory": laboratory.pk, "second": second, "replaces": replaces.pk if replaces else 0},
        )
    return kit


def tell_hop(
    *,
    kit: Kit,
    kind: str,
    by: Actor,
    at: datetime,
    happened_at: datetime | None = None,
    place: str = "",
    witness: Staff | None = None,
    note: str = "",
) -> KitHop:
    """What happened to a kit next.

    Parameters
    ----------
    happened_at : now if None.
    place : where it was posted to, or where the sample was taken.
    witness : who saw the sample taken and the tube sealed; two people seal.
    note : why, where a laboratory refuses it.
    """
    require(by, Permission.WORK_SAMPLE if kind in LABORATORYS else Permission.TAKE_SAMPLE)
    kit = kit_of(by, kit.number, at=at)
    checks = Checks()
    checks.one_of("kind", kind, HOPS)
    moment = happened_at or at
    checks.moment("happened_at", moment, not_after=at)
    place = checks.text("place", place, 200, required=kind in PLACED)
    note = checks.text("note", note, 200, required=kind == "refused")
    checks.must("witness", (witness is not None) == (kind == "taken"), "required" if witness is None else "unknown_field")
    checks.must("witness", witness is None or witness.pk != by.staff_id, "witness_is_self")
    checks.done()
    with gate(by=by, at=at, child_id=kit.child_id or 0, attempt="tell_hop"):
        last = KitHop.objects.filter(kit=kit).order_by("-n").first()
        hop = KitHop.objects.create(
            kit=kit,
            n=1 if last is None else last.n + 1,
            kind=kind,
            place=place,
            witness=witness,
            note=note,
            by_id=by.staff_id,
            at=moment,
        )
        record(
            by=by,
            at=at,
            action="laboratory.tell_hop",
            subject=f"kit:{kit.pk}",
            child_id=kit.child_id or 0,
            data={"kind": kind, "n": hop.n},
        )
    return hop


def tell_hops(*, numbers_read: Sequence[str], kind: str, by: Actor, at: datetime, place: str = "") -> list[Answer]:
    """The same of many kits, by their numbers as scanned; each is answered for itself: one refused holds up no other."""
    require(by, Permission.WORK_SAMPLE if kind in LABORATORYS else Permission.TAKE_SAMPLE)
    checks = Checks()
    checks.one_of("kind", kind, SCANNED)
    plain = list(dict.fromkeys(number for number in map(numbers.plain_number, numbers_read) if number))
    checks.must("numbers", bool(plain), "required")
    checks.must("numbers", len(plain) <= MOST_SCANNED, "too_long")
    checks.text("place", place, 200, required=kind in PLACED)
    checks.done()
    return [Answer(number, _told(number, kind, by=by, at=at, place=place)) for number in plain]


def _told(number: str, kind: str, *, by: Actor, at: datetime, place: str) -> str:
    if not numbers.is_number(number):
        return "check_digit"
    try:
        tell_hop(kit=kit_of(by, number, at=at), kind=kind, by=by, at=at, place=place)
    except (Refused, NotFound) as error:
        return error.code
    return ""
