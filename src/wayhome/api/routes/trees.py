"""Family trees: a relative more, what is known of them, what they agreed to, and whom to sample first."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema

from wayhome import kinship
from wayhome.api.calls import LARGEST, After, Body, Id, Key, Limit, Page, Receipt, actor, asks, named, page, reads, write
from wayhome.api.routes.request_duplicates import RequestNumber
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.errors import Invalid, Refused
from wayhome.casework.families import actions, queries
from wayhome.casework.operations import queries as operations

router = Router()
Relation = Literal[
    "mother",
    "father",
    "sister",
    "brother",
    "half_sister_mother",
    "half_brother_mother",
    "half_sister_father",
    "half_brother_father",
    "daughter",
    "son",
]
RelativeNumber = Annotated[int, Field(ge=1, le=LARGEST)]
BASE = 20_000
"""Families of the base that a plan of samples reckons with, if nobody says otherwise."""


class StateIn(Body):
    """What is known of a relative; what is not told is not known."""

    name: str = Field("", description="Their name.", max_length=120)
    person: int | None = Field(None, description="Their number, if they are on record as a person.", ge=1, le=LARGEST)
    born: int | None = Field(None, description="Year of birth.", ge=1850, le=2200)
    life: Literal["living", "dead", "unknown"] = Field("unknown", description="Whether they live.")
    reach: Literal["willing", "to_ask", "unwilling", "lost"] = Field(
        "to_ask", description="Whether a sample can be had: agreed, not asked yet, said no, nobody knows where they are."
    )
    note: str = Field("", description="What else is known.", max_length=200)


class StateAnewIn(StateIn):
    """What is known of a relative, told anew and in full."""

    n: int = Field(description="`n` of the relative as it was read.", ge=1, le=2**31 - 1)


class RelativeIn(Body):
    """A relative more."""

    to: RelativeNumber = Field(description="Number of somebody in the tree.")
    relation: Relation = Field(description="What the new one is to them.")
    partner: RelativeNumber | None = Field(
        None, description="For a daughter or a son: number of the other parent, if in the tree."
    )
    state: StateIn | None = Field(None, title="State", description="What is known of the new one.")


class ParentIn(Body):
    """Somebody's parent, of those who are in the tree already."""

    parent: RelativeNumber = Field(description="Number of the mother or the father.")


class MistakeIn(Body):
    """Why something is struck out."""

    reason: str = Field(description="Why.", min_length=1, max_length=200)


class ConsentIn(Body):
    """A relative's consent that their DNA is compared with that of rescued children; there is no other purpose."""

    scope: Literal["this_child", "any_child"] = Field(description="For the child of this request, or any child of the family.")
    given_by: str = Field(description="Who signed: the relative, or whoever decides for them.", min_length=1, max_length=120)
    signed_on: date = Field(description="When it was signed.")
    until: date = Field(description="The last day on which it holds.")
    form: str = Field(description="Number of the signed paper, or where it is kept.", min_length=1, max_length=80)


class ConsentEndIn(Body):
    """A consent that is withdrawn."""

    reason: str = Field("", description="Why; nobody needs to say.", max_length=200)


class ParentOut(Schema):
    """A link to a parent."""

    id: int = Field(description="Number of the link.")
    relative: int = Field(description="Number of the parent.", alias="parent_id")


class ConsentOut(Schema):
    """What a relative agreed to."""

    id: int = Field(description="Its number.")
    scope: str = Field(description="this_child or any_child.")
    given_by: str = Field(description="Who signed.")
    signed_on: date = Field(description="When it was signed.")
    until: date = Field(description="The last day on which it holds.")
    form: str = Field(description="Number of the signed paper, or where it is kept.")
    stands: bool = Field(description="Whether it is in force: not withdrawn, and not over.")
    withdrawn_at: datetime | None = Field(None, description="When it was withdrawn.", alias="withdrawal.at")


class RelativeOut(Schema):
    """A member of a family tree."""

    id: int = Field(description="Their number.")
    sex: str = Field(description="F, M or U.")
    missing: bool = Field(description="Whether this is the child that is looked for.")
    parents: list[ParentOut] = Field(description="Their mother and father, as far as they are in the tree.")
    n: int = Field(description="How often it was said what is known of them; told anew, it names this.")
    name: str = Field(description="Their name; empty if not known.")
    person: int | None = Field(description="Their number as a person on record.")
    born: int | None = Field(description="Year of birth.")
    life: str = Field(description="living, dead or unknown.")
    reach: str = Field(description="willing, to_ask, unwilling or lost.")
    note: str = Field(description="What else is known.")
    typable: bool = Field(description="Whether a sample of them can be had.")
    consents: list[ConsentOut] = Field(description="What they agreed to, the first given first.")


class ConsentEndingOut(Schema):
    """A consent that runs out."""

    id: int = Field(description="Its number.")
    request: str = Field(description="Number of the tracing request.", alias="relative.request.number")
    relative: int = Field(description="Number of the relative.", alias="relative_id")
    scope: str = Field(description="this_child or any_child.")
    until: date = Field(description="The last day on which it holds.")


class SamplingPlanOut(Schema):
    """What a search can expect once some relatives are typed, and the child is found."""

    relatives: list[int] = Field(description="Their numbers.")
    lead: float = Field(description="Probability that the missing child becomes a lead.")
    report: float = Field(description="Probability that it becomes a report; 0 where `barred` says why none can.")
    standard_error: float = Field(description="Of the probability of a report.")
    barred: list[str] = Field(description="Codes of what makes a lead of it at best.")


class SamplingPlansOut(Schema):
    """Whom to sample first."""

    kit: str = Field(description="The kit that is reckoned with.")
    families: int = Field(description="Families in the base that is reckoned with.")
    items: list[SamplingPlanOut] = Field(description="Groups of relatives of whom a sample can be had, the best first.")


@router.post(
    "/tracing-requests/{number}/relatives", summary="Add a relative", **asks("families:write", Permission.RECORD_REQUEST)
)
def add_relative(request: HttpRequest, number: RequestNumber, body: RelativeIn, key: Key = "") -> Any:
    """Add a relative by what they are to somebody in the tree. Parents who are needed to say so are added without a name."""

    def work(by: Actor, at: datetime) -> Schema:
        found = queries.request_of(by, int(number))
        with named("to"):
            to = queries.relative_of(by, body.to)
        if to.request_id != found.pk:
            raise Invalid({"to": "unknown"})
        with named("partner"):
            partner = queries.relative_of(by, body.partner) if body.partner is not None else None
        made = actions.add_relative(
            to=to, relation=body.relation, partner=partner, state=_stated(body.state, by) if body.state else {}, by=by, at=at
        )
        return Receipt(id=made.pk)

    return write(request, key, body, work)


@router.post("/relatives/{id}/states", summary="Tell of a relative", **asks("families:write", Permission.RECORD_REQUEST))
def tell_relative(request: HttpRequest, id: Id, body: StateAnewIn, key: Key = "") -> Any:  # noqa: A002
    """Say anew what is known of a relative. If somebody else was quicker, the answer is a 409 that tells what they changed."""

    def work(by: Actor, at: datetime) -> Schema:
        relative = queries.relative_of(by, id)
        return Receipt(id=actions.tell_relative(relative=relative, n=body.n, state=_stated(body, by), by=by, at=at).pk)

    return write(request, key, body, work)


@router.post("/relatives/{id}/end", summary="Strike a relative", **asks("families:write", Permission.RECORD_REQUEST))
def strike_relative(request: HttpRequest, id: Id, body: MistakeIn, key: Key = "") -> Any:  # noqa: A002
    """Strike a relative out who was entered by mistake, with the links to them. Never the child, nor one whose consent stands."""

    def work(by: Actor, at: datetime) -> Schema:
        relative = queries.relative_of(by, id)
        return Receipt(id=actions.strike(relative=relative, reason=body.reason, by=by, at=at).pk)

    return write(request, key, body, work)


@router.post("/relatives/{id}/parents", summary="Link to a parent", **asks("families:write", Permission.RECORD_REQUEST))
def link_relatives(request: HttpRequest, id: Id, body: ParentIn, key: Key = "") -> Any:  # noqa: A002
    """Say that two who are in the tree already are child and parent."""

    def work(by: Actor, at: datetime) -> Schema:
        child = queries.relative_of(by, id)
        with named("parent"):
            parent = queries.relative_of(by, body.parent)
        return Receipt(id=actions.link(child=child, parent=parent, by=by, at=at).pk)

    return write(request, key, body, work)


@router.post("/parentages/{id}/end", summary="Strike a link", **asks("families:write", Permission.RECORD_REQUEST))
def unlink_relatives(request: HttpRequest, id: Id, body: MistakeIn, key: Key = "") -> Any:  # noqa: A002
    """Strike a link out that was entered by mistake; both stay in the tree."""

    def work(by: Actor, at: datetime) -> Schema:
        return Receipt(id=actions.unlink(parentage=queries.link_of(by, id), reason=body.reason, by=by, at=at).pk)

    return write(request, key, body, work)


@router.post("/relatives/{id}/consents", summary="Keep a consent", **asks("families:write", Permission.RECORD_REQUEST))
def consent(request: HttpRequest, id: Id, body: ConsentIn, key: Key = "") -> Any:  # noqa: A002
    """Keep what a relative signed."""

    def work(by: Actor, at: datetime) -> Schema:
        relative = queries.relative_of(by, id)
        return Receipt(id=actions.consent(relative=relative, by=by, at=at, **body.model_dump()).pk)

    return write(request, key, body, work)


@router.post("/consents/{id}/withdrawal", summary="Withdraw a consent", **asks("families:write", Permission.RECORD_REQUEST))
def withdraw_consent(request: HttpRequest, id: Id, body: ConsentEndIn, key: Key = "") -> Any:  # noqa: A002
    """The relative wants it no more: nothing of theirs is compared from here on."""

    def work(by: Actor, at: datetime) -> Schema:
        given = queries.consent_of(by, id)
        return Receipt(id=actions.withdraw_consent(consent=given, reason=body.reason, by=by, at=at).pk)

    return write(request, key, body, work)


@router.get(
    "/consents-ending",
    summary="List consents that run out",
    **reads("families:read", Permission.READ_REQUEST, answer=Page[ConsentEndingOut]),
)
def list_consents_ending(
    request: HttpRequest,
    until: Annotated[date, Query(title="Until", description="The last day that is of interest.")],
    after: After = "",
    limit: Limit = 50,
) -> dict[str, Any]:
    """Consents in force that run out by a day, the first to end first, of requests that go on: they want to be asked for anew."""
    rows = queries.consents_ending(actor(request), until=until, at=timezone.now())
    return page(rows, after=after, limit=limit, by="until")


@router.get(
    "/tracing-requests/{number}/sampling-plans",
    summary="Plan samples",
    **reads("families:read", Permission.READ_REQUEST, answer=SamplingPlansOut),
)
def plan_samples(
    request: HttpRequest,
    number: RequestNumber,
    families: Annotated[int, Query(title="Families", description="Families in the base.", ge=1, le=10_000_000)] = BASE,
) -> dict[str, Any]:
    """For each relative and pair of relatives of whom a sample can be had, how likely it is that the child is found by them. The
    look is an event of the family's file."""
    at = timezone.now()
    found = actions.read_request(request_id=int(number), by=actor(request), at=at)
    try:
        plans = queries.sampling_plans(found, queries.tree(found.pk, at=at), families=families)
    except kinship.TooComplex as error:
        raise Refused([error.code], request=found.pk) from error
    return {"kit": queries.KIT, "families": families, "items": [_plan(one) for one in plans]}


def relatives(request_id: int, *, at: datetime) -> list[dict[str, Any]]:
    """A tree as it is answered, with all that its members agreed to."""
    consents: dict[int, list[Any]] = {}
    for given in queries.consents_of(request_id, at=at):
        consents.setdefault(given.relative_id, []).append(given)
    return [
        {
            "id": number,
            "sex": kin.relative.sex,
            "missing": kin.relative.missing,
            "parents": list(kin.links),
            "n": kin.state.n,
            "name": kin.state.name,
            "person": kin.state.person_id,
            "born": kin.state.born,
            "life": kin.state.life,
            "reach": kin.state.reach,
            "note": kin.state.note,
            "typable": kin.typable,
            "consents": consents.get(number, []),
        }
        for number, kin in queries.tree(request_id, at=at).items()
    ]


def _plan(plan: kinship.SamplingPlan) -> SamplingPlanOut:
    return SamplingPlanOut(
        relatives=[int(one) for one in plan.members],
        lead=plan.lead,
        report=plan.decisive,
        standard_error=plan.standard_error,
        barred=[remark.code for remark in plan.barred],
    )


def _stated(body: StateIn, by: Actor) -> dict[str, Any]:
    """As the casework takes it: the person in place of their number."""
    with named("person"):
        person = operations.person_of(by, body.person) if body.person is not None else None
    return body.model_dump(exclude={"n"}) | {"person": person}
