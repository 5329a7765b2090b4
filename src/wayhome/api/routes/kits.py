"""Kits for samples: order one, tell each hop, see where they are. A laboratory sees nobody behind a number."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Path, Query, Router, Schema

from wayhome.api.calls import After, Body, Id, Key, Limit, Moment, Number, Page, Receipt, actor, asks, named, page, reads, write
from wayhome.api.routes.request_duplicates import RequestNumber
from wayhome.casework.accounts import queries as registers
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.core.actors import Actor
from wayhome.casework.custody import queries as custody
from wayhome.casework.families import queries as families
from wayhome.casework.laboratory.actions import kits as actions
from wayhome.casework.laboratory.actions import reading
from wayhome.casework.laboratory.queries import kits as queries
from wayhome.casework.laboratory.rules.kits import MOST_SCANNED

router = Router()
KitNumber = Annotated[str, Path(title="Kit number", description="The kit's number, nine digits.", pattern=r"^[0-9]{9}$")]
State = Literal["", "ordered", "posted", "delivered", "returned", "taken", "sent", "received", "refused", "lost"]


class KitIn(Body):
    """A kit for one sample of somebody."""

    laboratory: str = Field(description="Code of the laboratory.", min_length=1, max_length=30)
    second: bool = Field(False, description="Whether it is for the independent second sample.")
    replaces: str = Field(
        "",
        description="Number of a kit that came back, was refused or lost; empty if it replaces none.",
        pattern=r"^([0-9]{9})?$",
    )


class HopIn(Body):
    """What happened to a kit next."""

    kind: Literal["posted", "delivered", "returned", "taken", "sent", "received", "refused", "lost"] = Field(
        description="What; the laboratory tells received and refused, the agency that ordered the kit the rest."
    )
    happened_at: Moment | None = Field(None, description="When; now if left out.")
    place: str = Field("", description="Where it was posted to, or where the sample was taken.", max_length=200)
    witness: str = Field("", description="Number of the member of staff who saw the sample taken and sealed.", max_length=30)
    note: str = Field("", description="What else; why, where it is refused.", max_length=200)


class HopsIn(Body):
    """The same of many kits."""

    numbers: list[str] = Field(description="Their numbers, as scanned or typed.", min_length=1, max_length=MOST_SCANNED)
    kind: Literal["posted", "delivered", "sent", "received"] = Field(description="What happened to them.")
    place: str = Field("", description="Where they were posted to.", max_length=200)


class KitReceipt(Receipt):
    """A kit that was ordered."""

    number: str = Field(description="The number in its barcode, nine digits.")


class HopReceipt(Receipt):
    """A hop that was told."""

    n: int = Field(description="How many hops the kit has by now.")


class AnswerOut(Schema):
    """What became of one number of many."""

    number: str = Field(description="As it was read.")
    code: str = Field(description="What stood against it; empty if nothing did.")


class AnswersOut(Schema):
    """What became of many numbers, each for itself."""

    items: list[AnswerOut] = Field(description="In the order in which they came, each once.")


class LaboratoryOut(Schema):
    """A laboratory that samples can be sent to."""

    code: str = Field(description="Its code on the register.")
    name: str = Field(description="Its name.")


class LaboratoriesOut(Schema):
    """Laboratories that samples can be sent to."""

    items: list[LaboratoryOut] = Field(description="By code.")


class HopOut(Schema):
    """Something that happened to a kit. A laboratory is not told who did it, where, and with what note, unless it did."""

    n: int = Field(description="The first has 1.")
    kind: str = Field(description="What happened.")
    at: datetime = Field(description="When.")
    agency: str = Field(description="Code of the agency that told it.", alias="agency.code")
    by: str = Field(description="Number of the member of staff who told it.")
    witness: str = Field(description="Number of the witness.")
    place: str = Field(description="Where to, or where.")
    note: str = Field(description="What else.")

    @staticmethod
    def resolve_by(row: queries.Hop) -> str:
        """Their number."""
        return row.by.number if row.by is not None else ""

    @staticmethod
    def resolve_witness(row: queries.Hop) -> str:
        """Their number."""
        return row.witness.number if row.witness is not None else ""


class WhoseOut(Schema):
    """Who a sample is of."""

    request: str = Field(description="Number of the tracing request; empty for a child's sample.")
    relative: int = Field(description="Number of the relative; 0 for a child's sample.")
    child: str = Field(description="Number of the child; empty for a relative's sample.")
    name: str = Field(description="How they are called; empty if not known.")


class KitOut(Schema):
    """A kit, where it is and how it came there."""

    number: str = Field(description="The number in its barcode.")
    of: str = Field(description="relative or child.")
    sex: str = Field(description="F, M or U.")
    second: bool = Field(description="Whether it is for the independent second sample.", alias="kit.second")
    agency: str = Field(description="Code of the agency that ordered it.", alias="agency.code")
    laboratory: str = Field(description="Code of the laboratory.", alias="kit.laboratory.code")
    ordered_at: datetime = Field(description="When it was ordered.", alias="kit.at")
    state: str = Field(description="ordered, or the last that happened to it.")
    since: datetime = Field(description="Since when it is there.")
    overdue: bool = Field(description="Whether it has been there for too long.")
    consented: bool = Field(description="For a relative, whether they agree today; true for a child.")
    ways: list[str] = Field(description="What the caller can tell next, the usual first.")
    replaceable: bool = Field(description="Whether the caller can order another in its place.")
    replaces: str = Field(description="Number of the kit in whose place it was ordered; empty if none.")
    replaced_by: str = Field(description="Number of the kit that was ordered in its place; empty if none.")
    hops: list[HopOut] = Field(description="What happened to it, the first first.")
    whose: WhoseOut | None = Field(title="Whose", description="Who the sample is of; null for a laboratory.")

    @staticmethod
    def resolve_replaces(row: queries.Seen) -> str:
        """Its number."""
        return row.kit.replaces.number if row.kit.replaces is not None else ""

    @staticmethod
    def resolve_replaced_by(row: queries.Seen) -> str:
        """Its number."""
        found = getattr(row.kit, "replaced_by", None)
        return found.number if found is not None else ""


class KitsOut(Schema):
    """Kits of one person, one family, or one desk."""

    items: list[KitOut] = Field(description="The most pressing first.")


@router.get("/laboratories", summary="List laboratories", **reads("samples:read", Permission.READ_SAMPLE, answer=LaboratoriesOut))
def list_laboratories(request: HttpRequest) -> dict[str, Any]:
    """Laboratories that samples can be sent to."""
    return {"items": list(queries.laboratories())}


@router.post(
    "/relatives/{id}/kits",
    summary="Order a kit for a relative",
    **asks("samples:write", Permission.TAKE_SAMPLE, answer=KitReceipt),
)
def order_for_relative(request: HttpRequest, id: Id, body: KitIn, key: Key = "") -> Any:  # noqa: A002
    """Order a kit for a relative who agreed, by the agency that has the request."""
    return write(request, key, body, lambda by, at: _ordered(families.relative_of(by, id), body, by, at))


@router.post(
    "/children/{number}/kits",
    summary="Order a kit for a child",
    **asks("samples:write", Permission.TAKE_SAMPLE, answer=KitReceipt),
)
def order_for_child(request: HttpRequest, number: Number, body: KitIn, key: Key = "") -> Any:
    """Order a kit for a rescued child, by the agency that has it, rescued it, or was assigned to it."""
    return write(request, key, body, lambda by, at: _ordered(custody.visible_child(int(number), by=by, at=at), body, by, at))


@router.get("/kits", summary="List kits", **reads("samples:read", Permission.READ_SAMPLE, answer=Page[KitOut]))
def list_kits(
    request: HttpRequest,
    state: Annotated[State, Query(title="State", description="Only those that are there; all if empty.")] = "",
    after: After = "",
    limit: Limit = 50,
) -> dict[str, Any]:
    """Kits that the caller may know of, the youngest first."""
    by, at = actor(request), timezone.now()
    rows = queries.kits_of(by, at=at)
    rows = rows.filter(state=state) if state else rows
    return page(rows, after=after, limit=limit, by="at", newest=True, shown=lambda some: queries.seen(some, by=by, at=at))


@router.get(
    "/kits-to-see-to",
    summary="List kits to see to",
    **reads("samples:read", Permission.READ_SAMPLE, answer=KitsOut),
)
def list_kits_to_see_to(request: HttpRequest) -> dict[str, Any]:
    """Kits about which somebody at the caller's agency must do something: overdue, come back, refused, lost, or on their way to
    somebody who agrees no more."""
    return {"items": queries.to_see_to(actor(request), at=timezone.now())}


@router.get("/kits/{number}", summary="Read a kit", **reads("samples:read", Permission.READ_SAMPLE, answer=KitOut))
def read_kit(request: HttpRequest, number: KitNumber) -> queries.Seen:
    """A kit and its way. The look is an event."""
    by, at = actor(request), timezone.now()
    return queries.seen([reading.read_kit(number=number, by=by, at=at)], by=by, at=at)[0]


@router.get(
    "/tracing-requests/{number}/kits",
    summary="List a family's kits",
    **reads("samples:read", Permission.READ_SAMPLE, answer=KitsOut),
)
def list_kits_of_request(request: HttpRequest, number: RequestNumber) -> dict[str, Any]:
    """Kits of a family, those under way first."""
    by, at = actor(request), timezone.now()
    found = families.request_of(by, int(number))
    return {"items": queries.seen(queries.kits_of_request(by, found.pk, at=at), by=by, at=at)}


@router.get(
    "/children/{number}/kits",
    summary="List a child's kits",
    **reads("samples:read", Permission.READ_SAMPLE, answer=KitsOut),
)
def list_kits_of_child(request: HttpRequest, number: Number) -> dict[str, Any]:
    """Kits of a child, those under way first."""
    by, at = actor(request), timezone.now()
    found = custody.visible_child(int(number), by=by, at=at)
    return {"items": queries.seen(queries.kits_of_child(by, found.pk, at=at), by=by, at=at)}


@router.post(
    "/kits/{number}/hops",
    summary="Tell a hop",
    **asks("samples:write", Permission.TAKE_SAMPLE, Permission.WORK_SAMPLE, answer=HopReceipt),
)
def tell_hop(request: HttpRequest, number: KitNumber, body: HopIn, key: Key = "") -> Any:
    """Tell what happened to a kit next."""

    def work(by: Actor, at: datetime) -> Schema:
        kit = queries.kit_of(by, number, at=at)
        with named("witness"):
            witness = registers.staff_member(body.witness) if body.witness else None
        known = body.model_dump(exclude={"witness"})
        hop = actions.tell_hop(kit=kit, witness=witness, by=by, at=at, **known)
        return HopReceipt(id=hop.pk, n=hop.n)

    return write(request, key, body, work)


@router.post(
    "/kit-hops",
    summary="Tell a hop of many kits",
    **asks("samples:write", Permission.TAKE_SAMPLE, Permission.WORK_SAMPLE, answer=AnswersOut),
)
def tell_hops(request: HttpRequest, body: HopsIn, key: Key = "") -> Any:
    """Tell the same of many kits. Each is answered for itself, and one that is refused holds up no other."""

    def work(by: Actor, at: datetime) -> Schema:
        answers = actions.tell_hops(numbers_read=body.numbers, kind=body.kind, place=body.place, by=by, at=at)
        return AnswersOut(items=[AnswerOut(number=one.number, code=one.code) for one in answers])

    return write(request, key, body, work)


def _ordered(person: Any, body: KitIn, by: Actor, at: datetime) -> Schema:
    with named("laboratory"):
        laboratory = queries.laboratory(body.laboratory)
    with named("replaces"):
        replaces = queries.kit_of(by, body.replaces, at=at) if body.replaces else None
    kit = actions.order_kit(person=person, laboratory=laboratory, second=body.second, replaces=replaces, by=by, at=at)
    return KitReceipt(id=kit.pk, number=kit.number)
