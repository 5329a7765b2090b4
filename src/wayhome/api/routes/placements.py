"""Who is asked to take a child, and what is decided on siblings and buyers."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema

from wayhome.api.calls import (
    After,
    Body,
    Id,
    Key,
    Limit,
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
from wayhome.casework.custody import actions as custody_actions
from wayhome.casework.custody import queries as custody
from wayhome.casework.placements import actions, known, queries

router = Router()
ASKING = (Permission.PLAN_NIGHT, Permission.ANSWER_PLACEMENT)
NumberIn = Annotated[str, Field(pattern=r"^[0-9]{9}$")]
LOOKING = (Permission.READ_CAPACITY, Permission.DECIDE_SEPARATION, Permission.MARK_RISK)


class PlacementIn(Body):
    """A home that shall take the child."""

    facility: str = Field(description="Code of the home.", max_length=30)
    reason: str = Field("", description="Why this one.", max_length=300)


class PlacementOut(Schema):
    """A home that was asked to take a child, and what it said."""

    id: int = Field(description="Its number.")
    child: str = Field(description="The child's number.", alias="child.number")
    facility: str = Field(description="Code of the home.", alias="facility.code")
    reason: str = Field(description="Why this one.")
    at: datetime = Field(description="When it was asked.")
    state: Literal["asked", "accepted", "refused", "ended"] = Field(description="What became of it.")
    code: str = Field(description="Why it was refused; empty otherwise.")
    together: str = Field(description="The same for siblings, who are answered together; empty for a child without any.")

    @staticmethod
    def resolve_state(row: Any) -> str:
        """From the answer and the end."""
        return known.state(row)

    @staticmethod
    def resolve_code(row: Any) -> str:
        """Of the refusal."""
        return (getattr(row, "answer", None) and row.answer.code) or ""

    @staticmethod
    def resolve_together(row: Any) -> str:
        """The number of the group."""
        return str(row.child.siblings_id or "")


class PlacementsOut(Schema):
    """Every home that was asked for a child."""

    items: list[PlacementOut] = Field(description="The last first.")


class AskedChildOut(Schema):
    """What a home needs of a child's file to answer."""

    placement: int = Field(description="Number of the placement.")
    number: str = Field(description="The child's number.")
    call_name: str = Field(description="Its call name.")
    sex: str = Field(description="As observed: F, M or U.")
    least_days: int | None = Field(None, description="Age today at least; null if not estimated.", alias="age.least_days")
    most_days: int | None = Field(None, description="Age today at most.", alias="age.most_days")
    level: int = Field(description="Care that it needs: 0 ordinary, 1 nursing, 2 medical.")
    limits: str = Field(description="What the doctor who cleared it wrote for those who take it.")
    place: str = Field(description="Code of the place where it is now.", alias="place.code")
    together: int = Field(description="Brothers and sisters who are asked for with it, and answered together.")


class AskedOut(Schema):
    """A child that a home is asked for, with its siblings."""

    children: list[AskedChildOut] = Field(description="The oldest question first.")


class RefusalIn(Body):
    """Why a home does not take a child."""

    code: Literal["no_bed", "no_carer", "too_small", "not_a_foundling", "too_ill", "other"] = Field(
        description="The reason. What no rule knows as one is told to the ministry."
    )
    note: str = Field("", description="In words; wanted for other.", max_length=300)


class PlacementEndIn(Body):
    """Why a placement is called off."""

    reason: str = Field(description="Why.", min_length=1, max_length=200)


class RiskIn(Body):
    """Where a buyer of the child lives."""

    jurisdiction: str = Field(description="Code of the jurisdiction: no home in it takes the child.", max_length=20)
    reason: str = Field(description="How it is known.", min_length=1, max_length=200)


class SeparationIn(Body):
    """Why a child is better off without its siblings."""

    reason: str = Field(description="Why.", min_length=1, max_length=500)


class SeparationOut(Schema):
    """A decision that waits for votes."""

    id: int = Field(description="Its number.")
    child: str = Field(description="The child's number.", alias="child.number")
    reason: str = Field(description="Why.")
    at: datetime = Field(description="When it was proposed.")


class VoteIn(Body):
    """One discipline's word."""

    agrees: bool = Field(description="Whether to separate them. One that does not agree keeps them together.")
    note: str = Field("", description="In words; wanted where it does not.", max_length=300)


@router.post("/children/{number}/placements", summary="Ask a home", **asks("placements:write", *ASKING))
def propose_placement(request: HttpRequest, number: Number, body: PlacementIn, key: Key = "") -> Any:
    """Ask a home to take a child."""

    def work(by: Actor, at: datetime) -> Schema:
        child = custody.visible_child(int(number), by=by, at=at)
        with named("facility"):
            place = known.home(body.facility, by=by)
        asked = actions.propose_placement(child=child, facility=place, reason=body.reason, by=by, at=at)
        return Receipt(id=asked.pk)

    return write(request, key, body, work)


@router.get(
    "/children/{number}/placements", summary="List placements", **reads("placements:read", *LOOKING, answer=PlacementsOut)
)
def placements_of(request: HttpRequest, number: Number) -> dict[str, Any]:
    """Every home that was asked to take a child, and what it said. The look is an event of the child's file."""
    child = custody_actions.read_file(child_id=int(number), by=actor(request), at=timezone.now())
    return {"items": known.asked(child)}


@router.get(
    "/placements",
    summary="List placements to answer",
    **reads("placements:read", Permission.ANSWER_PLACEMENT, answer=Page[PlacementOut]),
)
def list_placements(request: HttpRequest, after: After = "", limit: Limit = 50) -> dict[str, Any]:
    """Children whom the homes of the caller's agency are asked to take."""
    return page(known.to_answer(actor(request)), after=after, limit=limit)


@router.get(
    "/placements/{id}", summary="Read who is asked for", **reads("placements:read", Permission.ANSWER_PLACEMENT, answer=AskedOut)
)
def read_asked(request: HttpRequest, id: Id) -> dict[str, Any]:  # noqa: A002
    """What a home of the caller's agency may know of a child while it is asked or keeps a place. The look is an event of the
    child's file; after a refusal, or once it is called off or the child came, there is nothing to read."""
    return {"children": actions.read_asked(placement_id=id, by=actor(request), at=timezone.now())}


@router.post("/placements/{id}/acceptance", summary="Accept a placement", **asks("placements:write", Permission.ANSWER_PLACEMENT))
def accept_placement(request: HttpRequest, id: Id, key: Key = "") -> Any:  # noqa: A002
    """Take the child, and with it the siblings for whom the home is asked; a place is kept for each from now on."""

    def work(by: Actor, at: datetime) -> Schema:
        return Receipt(id=actions.accept_placement(placement=queries.placement(id, by=by), by=by, at=at)[0].pk)

    return write(request, key, {}, work)


@router.post("/placements/{id}/refusal", summary="Refuse a placement", **asks("placements:write", Permission.ANSWER_PLACEMENT))
def refuse_placement(request: HttpRequest, id: Id, body: RefusalIn, key: Key = "") -> Any:  # noqa: A002
    """Do not take the child, nor its siblings, and say why."""

    def work(by: Actor, at: datetime) -> Schema:
        placement = queries.placement(id, by=by)
        answers = actions.refuse_placement(placement=placement, code=body.code, note=body.note, by=by, at=at)
        return Receipt(id=answers[0].pk)

    return write(request, key, body, work)


@router.post("/placements/{id}/end", summary="Call a placement off", **asks("placements:write", *ASKING))
def end_placement(request: HttpRequest, id: Id, body: PlacementEndIn, key: Key = "") -> Any:  # noqa: A002
    """Ask no longer, or give a place back that was kept."""

    def work(by: Actor, at: datetime) -> Schema:
        placement = queries.placement(id, by=by)
        return Receipt(id=actions.end_placement(placement=placement, reason=body.reason, by=by, at=at).pk)

    return write(request, key, body, work)


@router.post("/children/{number}/risk-areas", summary="Mark a risk area", **asks("placements:write", Permission.MARK_RISK))
def mark_risk_area(request: HttpRequest, number: Number, body: RiskIn, key: Key = "") -> Any:
    """Say that a buyer of the child lives somewhere, or has kin there. There is no way to take it back."""

    def work(by: Actor, at: datetime) -> Schema:
        child = custody.visible_child(int(number), by=by, at=at)
        with named("jurisdiction"):
            where = registers.jurisdiction(body.jurisdiction)
        return Receipt(id=actions.mark_risk_area(child=child, jurisdiction=where, reason=body.reason, by=by, at=at).pk)

    return write(request, key, body, work)


@router.post(
    "/children/{number}/separations", summary="Propose a separation", **asks("placements:write", Permission.DECIDE_SEPARATION)
)
def propose_separation(request: HttpRequest, number: Number, body: SeparationIn, key: Key = "") -> Any:
    """Say why a child is better off without its siblings; welfare, health and law then vote."""

    def work(by: Actor, at: datetime) -> Schema:
        child = custody.visible_child(int(number), by=by, at=at)
        return Receipt(id=actions.propose_separation(child=child, reason=body.reason, by=by, at=at).pk)

    return write(request, key, body, work)


@router.get(
    "/separations",
    summary="List separations",
    **reads("placements:read", Permission.DECIDE_SEPARATION, answer=Page[SeparationOut]),
)
def list_separations(request: HttpRequest, after: After = "", limit: Limit = 50) -> dict[str, Any]:
    """Decisions for which the word of the caller's discipline is missing."""
    return page(queries.separations_waiting(actor(request), at=timezone.now()), after=after, limit=limit)


@router.post("/separations/{id}/votes", summary="Vote on a separation", **asks("placements:write", Permission.DECIDE_SEPARATION))
def vote_on_separation(request: HttpRequest, id: Id, body: VoteIn, key: Key = "") -> Any:  # noqa: A002
    """Say it for one's discipline: caseworkers speak for welfare, doctors for health, supervisors for law."""

    def work(by: Actor, at: datetime) -> Schema:
        asked = known.separation(id, by=by, at=at)
        return Receipt(id=actions.vote_on_separation(separation=asked, agrees=body.agrees, note=body.note, by=by, at=at).pk)

    return write(request, key, body, work)
