"""Where a child is: its chain, offers, acceptance, clearance, death, missing, head counts."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Path, Router, Schema

from wayhome.api.calls import (
    LARGEST,
    After,
    Body,
    Code,
    Id,
    Key,
    Limit,
    Moment,
    Number,
    Page,
    Receipt,
    actor,
    asks,
    named,
    page,
    reads,
    write,
)
from wayhome.casework.accounts import queries as registers
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.errors import NotFound
from wayhome.casework.custody import actions, known, queries
from wayhome.casework.custody.rules import Kind
from wayhome.casework.operations import queries as operations

router = Router()
NumberIn = Annotated[str, Field(pattern=r"^[0-9]{9}$")]
Place = Literal["police", "hospital", "emergency_nursery", "relief_station", "welfare_institution", "foster"]


class EpisodeOut(Schema):
    """One custody episode; it ends when the next one begins."""

    n: int = Field(description="Its place in the chain, from 1.")
    kind: str = Field(description="Kind of custody.")
    facility: str = Field(description="Code of the facility that answers for the child.", alias="facility.code")
    started_at: datetime = Field(description="Since when.")
    receiver: int = Field(description="Number of the member of staff who signed for the child.", alias="responsible_id")
    giver: int | None = Field(None, description="Number of the member of staff who gave it; null for the first.")
    condition: str = Field(description="How the child was.")

    @staticmethod
    def resolve_giver(row: Any) -> int | None:
        """From the offer."""
        return row.offer.giver_id if row.offer else None


class ChainOut(Schema):
    """A child's chain of custody."""

    items: list[EpisodeOut] = Field(description="Episodes, the first first.")


class OfferIn(Body):
    """A handover that the custodian signs."""

    to_facility: str = Field(description="Code of the facility that shall take the child.", max_length=30)
    kind: Place = Field(description="Kind of custody there.")
    wristband: str = Field(description="Code of the child's wristband, as scanned.", min_length=1, max_length=14)
    place: str = Field(description="Where the child is handed over.", min_length=1, max_length=200)
    condition: str = Field(description="How the child is.", min_length=1, max_length=200)
    items: str = Field("", description="What goes with it.", max_length=300)
    escort: int | None = Field(None, description="Number of a person who carries it.", ge=1, le=LARGEST)
    vehicle: str = Field("", description="Number plate.", max_length=30)
    foster: int | None = Field(None, description="Number of the foster request, for foster care.", ge=1, le=LARGEST)


class OfferOut(Schema):
    """An offer that waits to be accepted."""

    id: int = Field(description="Its number.")
    child: str = Field(description="The child's number.", alias="child.number")
    from_facility: str = Field(description="Code of the facility that has the child.", alias="from_episode.facility.code")
    to_facility: str = Field(description="Code of the facility that shall take it.", alias="to_facility.code")
    kind: str = Field(description="Kind of custody there.")
    condition: str = Field(description="How the child is.")
    at: datetime = Field(description="When it was signed by the giver.")


class AcceptanceIn(Body):
    """The second signature."""

    wristband: str = Field(description="Code of the child's wristband, as scanned.", min_length=1, max_length=14)
    started_at: Moment | None = Field(None, description="When the child was taken over; now by default.")
    condition: str = Field("", description="How the child is.", max_length=200)


class OfferEndIn(Body):
    """Why an offer came to nothing."""

    code: Literal["withdrawn", "no_bed", "no_carer", "too_small", "not_a_foundling", "too_ill", "not_the_child", "other"] = Field(
        description="withdrawn: by the giver; all others: refused by the receiver."
    )
    note: str = Field("", description="In words; wanted for other.", max_length=200)


class ClearanceIn(Body):
    """A doctor's word."""

    fit: bool = Field(description="Whether the child may leave the hospital.")
    level: Literal["ordinary", "nursing", "medical"] = Field(description="What care it needs.")
    limits: str = Field("", description="Limits.", max_length=200)


class DeathIn(Body):
    """A child died."""

    died_at: Moment = Field(description="When.")
    condition: str = Field(description="Of what, as the doctor finds.", min_length=1, max_length=200)


class MissingIn(Body):
    """A child is not where it should be."""

    last_seen_at: Moment = Field(description="When it was last seen.")
    circumstances: str = Field(description="What is known.", min_length=1, max_length=300)


class MissingEndIn(Body):
    """A child is there again."""

    note: str = Field(description="How.", min_length=1, max_length=300)


class HeadIn(Body):
    """A child seen, or not."""

    night: date = Field(description="Of which night.")
    child: NumberIn = Field(description="The child's number.")
    seen: bool = Field(description="Whether it was seen; if not, an alarm is raised at once.")


class HeadOut(Schema):
    """A child of a facility, in a night's count."""

    child: str = Field(description="The child's number.")
    seen: bool | None = Field(description="Whether it was seen; null if nobody said yet.")


class HeadCountOut(Schema):
    """The count of a night."""

    items: list[HeadOut] = Field(description="Every child that the facility has now.")


@router.get(
    "/children/{number}/custody", summary="Read the chain", **reads("custody:read", Permission.READ_CHILD, answer=ChainOut)
)
def read_chain(request: HttpRequest, number: Number) -> dict[str, Any]:
    """A child's chain of custody without a gap. The look is an event."""
    child = actions.read_file(child_id=int(number), by=actor(request), at=timezone.now())
    return {"items": queries.timeline(child.pk)}


@router.post("/children/{number}/offers", summary="Offer a handover", **asks("custody:write", Permission.OFFER_HANDOVER))
def offer_handover(request: HttpRequest, number: Number, body: OfferIn, key: Key = "") -> Any:
    """Sign that the child goes to another facility. It stays until somebody there signs too."""

    def work(by: Actor, at: datetime) -> Schema:
        child = queries.visible_child(int(number), by=by, at=at)
        with named("to_facility"):
            facility = registers.facility(body.to_facility)
        with named("escort"):
            escort = operations.person(body.escort) if body.escort else None
        with named("foster"):
            foster = known.foster_request(body.foster, by=by, at=at) if body.foster else None
        offer = actions.offer_handover(
            child=child,
            to_facility=facility,
            kind=Kind(body.kind),
            wristband=body.wristband,
            place=body.place,
            condition=body.condition,
            items=body.items,
            escort=escort,
            vehicle=body.vehicle,
            foster=foster,
            by=by,
            at=at,
        )
        return Receipt(id=offer.pk)

    return write(request, key, body, work)


@router.get("/offers", summary="List offers", **reads("custody:read", Permission.READ_CHILD, answer=Page[OfferOut]))
def list_offers(request: HttpRequest, after: After = "", limit: Limit = 50) -> dict[str, Any]:
    """Offers that wait for the caller's agency to accept, or that it gave."""
    return page(known.offers_of(actor(request)), after=after, limit=limit)


@router.post("/offers/{id}/acceptance", summary="Accept a handover", **asks("custody:write", Permission.ACCEPT_HANDOVER))
def accept_handover(request: HttpRequest, id: Id, body: AcceptanceIn, key: Key = "") -> Any:  # noqa: A002
    """Scan the wristband and sign: from this moment the child is the receiver's to answer for."""

    def work(by: Actor, at: datetime) -> Schema:
        episode = actions.accept_handover(
            offer_id=id, wristband=body.wristband, started_at=body.started_at, condition=body.condition, by=by, at=at
        )
        return Receipt(id=episode.pk)

    return write(request, key, body, work)


@router.post(
    "/offers/{id}/end",
    summary="Refuse or withdraw",
    **asks("custody:write", Permission.OFFER_HANDOVER, Permission.ACCEPT_HANDOVER),
)
def end_offer(request: HttpRequest, id: Id, body: OfferEndIn, key: Key = "") -> Any:  # noqa: A002
    """Refuse an offer with a reason, or withdraw it; the child stays where it is."""

    def work(by: Actor, at: datetime) -> Schema:
        return Receipt(id=actions.end_offer(offer_id=id, code=body.code, note=body.note, by=by, at=at).pk)

    return write(request, key, body, work)


@router.post("/children/{number}/clearances", summary="Clear", **asks("medical:write", Permission.READ_CHILD))
def clear(request: HttpRequest, number: Number, body: ClearanceIn, key: Key = "") -> Any:
    """Say as a doctor of its hospital whether the child may leave; the last word counts. An attempt by others is an alarm."""

    def work(by: Actor, at: datetime) -> Schema:
        child = queries.visible_child(int(number), by=by, at=at)
        return Receipt(id=actions.clear(child=child, fit=body.fit, level=body.level, limits=body.limits, by=by, at=at).pk)

    return write(request, key, body, work)


@router.post("/children/{number}/death", summary="Record a death", **asks("medical:write", Permission.READ_CHILD))
def record_death(request: HttpRequest, number: Number, body: DeathIn, key: Key = "") -> Any:
    """Record as a doctor that the child died in hospital; its chain ends. An attempt by others is an alarm."""

    def work(by: Actor, at: datetime) -> Schema:
        child = queries.visible_child(int(number), by=by, at=at)
        return Receipt(id=actions.record_death(child=child, died_at=body.died_at, condition=body.condition, by=by, at=at).pk)

    return write(request, key, body, work)


@router.post("/children/{number}/missing-reports", summary="Report missing", **asks("custody:write", Permission.REPORT_MISSING))
def report_missing(request: HttpRequest, number: Number, body: MissingIn, key: Key = "") -> Any:
    """Report that the child is gone; everybody above is alarmed. Its custodian goes on answering for it."""

    def work(by: Actor, at: datetime) -> Schema:
        child = queries.visible_child(int(number), by=by, at=at)
        report = actions.report_missing(
            child=child, last_seen_at=body.last_seen_at, circumstances=body.circumstances, by=by, at=at
        )
        return Receipt(id=report.pk)

    return write(request, key, body, work)


@router.post("/missing-reports/{id}/end", summary="End a report", **asks("custody:write", Permission.REPORT_MISSING))
def end_missing(request: HttpRequest, id: Id, body: MissingEndIn, key: Key = "") -> Any:  # noqa: A002
    """Say that the child is there again."""

    def work(by: Actor, at: datetime) -> Schema:
        report = known.missing_report(id, by=by, at=at)
        return Receipt(id=actions.end_missing(report=report, note=body.note, by=by, at=at).pk)

    return write(request, key, body, work)


@router.post("/facilities/{code}/head-counts", summary="Count a head", **asks("custody:write", Permission.COUNT_HEADS))
def count_head(request: HttpRequest, code: Code, body: HeadIn, key: Key = "") -> Any:
    """Say that a child of the facility was seen tonight, or was not."""

    def work(by: Actor, at: datetime) -> Schema:
        facility = registers.facility(code)
        with named("child"):
            child = queries.visible_child(int(body.child), by=by, at=at)
            entry = actions.count_head(facility=facility, night=body.night, child=child, seen=body.seen, by=by, at=at)
        return Receipt(id=entry.pk)

    return write(request, key, body, work)


@router.get(
    "/facilities/{code}/head-counts/{night}",
    summary="Read a head count",
    **reads("custody:read", Permission.COUNT_HEADS, answer=HeadCountOut),
)
def read_head_count(
    request: HttpRequest, code: Code, night: Annotated[date, Path(title="Night", description="Of which night.")]
) -> dict[str, Any]:
    """Every child that a facility of the caller's agency has now, and whether it was seen that night."""
    facility = registers.facility(code)
    if facility.agency_id != actor(request).agency_id:
        raise NotFound()
    seen = queries.seen_on(facility.pk, night)
    return {
        "items": [
            {"child": episode.child.number, "seen": seen[episode.child_id].seen if episode.child_id in seen else None}
            for episode in queries.children_at(facility.pk)
        ]
    }
