"""For auditors: what was done, by whom, and whether anything was altered."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Path, Router, Schema

from wayhome.api.calls import After, Limit, Number, Page, actor, page, reads
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.audit import queries

router = Router()
Chain = Annotated[
    str, Path(title="Chain", description="Its name, with a dot for the slash.", pattern=r"^[\w.-]+$", max_length=40)
]


class EventOut(Schema):
    """One event of a chain, every column as it is stored."""

    chain: str = Field(description="Whose chain.")
    n: int = Field(description="Its place in the chain, from 1.")
    at: str = Field(description="When, UTC.")
    staff_id: int = Field(description="Number of the member of staff who acted; 0 for the system.")
    agency_id: int = Field(description="Number of their agency.")
    action: str = Field(description="What was done.")
    subject: str = Field(description="To what.")
    child_id: int = Field(description="Number of the child it concerns; 0 for none.")
    data: str = Field(description="What else is to be known, as JSON; no names of persons.")
    prev_hash: str = Field(description="Hash of the event before.")
    hash: str = Field(description="Hash of this one.")


class ChainsOut(Schema):
    """The chains that there are."""

    items: list[str] = Field(description="Names, with a dot for the slash.")


class FaultOut(Schema):
    """Where a chain is not what it was."""

    chain: str = Field(description="Which chain.")
    n: int = Field(description="At which place.")
    what: str = Field(description="What is wrong.")


class VerificationOut(Schema):
    """What a check of all chains found."""

    ok: bool = Field(description="Whether nothing was altered, as far as chains alone can tell.")
    chains: int = Field(description="How many chains.")
    events: int = Field(description="How many events.")
    faults: list[FaultOut] = Field(description="What is wrong.")


@router.get("/audit/chains", summary="List chains", **reads("audit:read", Permission.READ_AUDIT, answer=ChainsOut))
def list_chains(request: HttpRequest) -> dict[str, Any]:
    """The chains of the auditor's jurisdiction, and the system's."""
    return {"items": [chain.replace("/", ".") for chain in queries.chains_of(actor(request))]}


@router.get(
    "/audit/chains/{chain}/events",
    summary="List a chain's events",
    **reads("audit:read", Permission.READ_AUDIT, answer=Page[EventOut]),
)
def list_events(request: HttpRequest, chain: Chain, after: After = "", limit: Limit = 50) -> dict[str, Any]:
    """A chain's events in order."""
    return page(queries.events_of(actor(request), chain.replace(".", "/")), after=after, limit=limit, by="n")


@router.get(
    "/audit/children/{number}/events",
    summary="List a child's events",
    **reads("audit:read", Permission.READ_AUDIT, answer=Page[EventOut]),
)
def list_child_events(request: HttpRequest, number: Number, after: After = "", limit: Limit = 50) -> dict[str, Any]:
    """Everything that was done to or read of a child's file, in the chains of the auditor's jurisdiction."""
    rows = queries.child_events(int(number)).filter(chain__in=queries.chains_of(actor(request)))
    return page(rows, after=after, limit=limit, by="at")


@router.get("/audit/verification", summary="Verify", **reads("audit:read", Permission.READ_AUDIT, answer=VerificationOut))
def verify(request: HttpRequest) -> Any:
    """Check every event of every chain. Whether a tail was cut, only heads kept elsewhere can tell (`wayhome audit verify`)."""
    return queries.verify_chain()
