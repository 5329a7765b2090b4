"""Who must never have to do with a child again. There is no way to lift an exclusion."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema

from wayhome.api.calls import LARGEST, After, Body, Key, Limit, Page, Receipt, actor, asks, named, page, reads, write
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.errors import Invalid
from wayhome.casework.custody import actions, known, queries
from wayhome.casework.operations import queries as operations

router = Router()


class ExclusionIn(Body):
    """A person, or a thing."""

    person: int | None = Field(None, description="Number of the person, for subject person.", ge=1, le=LARGEST)
    subject: Literal["person", "address", "phone", "vehicle", "id"] = Field("person", description="What is excluded.")
    value: str = Field("", description="The address, number or plate.", max_length=200)
    ground: Literal["buyer", "seller", "suspect", "household", "threat"] = Field(description="Why.")
    scope: Literal["all", "operation", "child"] = Field("all", description="From which children.")
    child: Annotated[str, Field(pattern=r"^[0-9]{9}$")] | None = Field(None, description="Number of the child, for scope child.")
    operation: int | None = Field(None, description="Number of the operation, for scope operation.", ge=1, le=LARGEST)
    note: str = Field("", description="What else is to be known.", max_length=300)


class ExclusionOut(Schema):
    """An exclusion."""

    id: int = Field(description="Its number.")
    subject: str = Field(description="What is excluded.")
    person: int | None = Field(description="Number of the person.", alias="person_id")
    value: str = Field(description="The address, number or plate.")
    ground: str = Field(description="Why.")
    scope: str = Field(description="From which children.")
    operation: int | None = Field(description="Number of the operation.", alias="operation_id")
    note: str = Field(description="What else is to be known.")
    at: datetime = Field(description="When it was entered.")


class ScreeningIn(Body):
    """What is to be screened."""

    kind: Literal["name", "id", "phone", "address", "vehicle"] = Field(description="What it is.")
    value: str = Field(description="A name in any script, a number, an address, a plate.", min_length=2, max_length=200)


class ScreeningOut(Schema):
    """Whether an exclusion is met."""

    match: Literal["none", "kin", "same"] = Field(
        description="same: excluded; kin: close kin of somebody excluded, to be screened by people; none: no exclusion is met."
    )


@router.post("/exclusions", summary="Exclude", **asks("exclusions:write", Permission.ENTER_EXCLUSION))
def exclude(request: HttpRequest, body: ExclusionIn, key: Key = "") -> Any:
    """Never let a person or thing near a child again. It cannot be lifted."""

    def work(by: Actor, at: datetime) -> Schema:
        if (body.subject == "person") != (body.person is not None):
            raise Invalid({"person": "required" if body.subject == "person" else "not_with_this_subject"})
        for field in ("child", "operation"):
            if (body.scope == field) != (getattr(body, field) is not None):
                raise Invalid({field: "required" if body.scope == field else "not_with_this_scope"})
        with named("person"):
            person = operations.person_of(by, body.person) if body.person else None
        with named("child"):
            child = queries.visible_child(int(body.child), by=by, at=at) if body.child else None
        with named("operation"):
            operation = operations.operation_of(by, body.operation) if body.operation else None
        exclusion = actions.exclude(
            ground=body.ground,
            person=person,
            subject=body.subject,
            value=body.value,
            scope=body.scope,
            child=child,
            operation=operation,
            note=body.note,
            by=by,
            at=at,
        )
        return Receipt(id=exclusion.pk)

    return write(request, key, body, work)


@router.get(
    "/exclusions", summary="List exclusions", **reads("exclusions:read", Permission.READ_EXCLUSIONS, answer=Page[ExclusionOut])
)
def list_exclusions(request: HttpRequest, after: After = "", limit: Limit = 50) -> dict[str, Any]:
    """Exclusions of which the caller may read. The gate itself looks at all of them."""
    rows = known.exclusions_of(actor(request), at=timezone.now())
    return page(rows, after=after, limit=limit, newest=True)


@router.post(
    "/screenings",
    summary="Screen",
    **asks("exclusions:read", Permission.ADMIT_VISITOR, Permission.READ_EXCLUSIONS, answer=ScreeningOut),
)
def screen(request: HttpRequest, body: ScreeningIn, key: Key = "") -> Any:
    """Ask whether a name, number, address or plate meets any exclusion. The answer tells no more than that.

    The question is an event of the audit, without what was asked.
    """

    def work(by: Actor, at: datetime) -> Schema:
        found = {str(match) for _, match in actions.screen(kind=body.kind, value=body.value, by=by, at=at)}
        return ScreeningOut(match="same" if "same" in found else "kin" if found else "none")

    return write(request, key, body, work)
