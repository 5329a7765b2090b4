"""Who am I, and what is on the registers."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Field, Router, Schema

from wayhome.api.auth import Caller
from wayhome.api.calls import After, Limit, Page, page, reads
from wayhome.casework.accounts import queries
from wayhome.casework.accounts.rules import ROLES, Permission, Role

router = Router()


class MeOut(Schema):
    """The member of staff who acts, and what the token may do."""

    staff_id: int = Field(description="Number of the member of staff.")
    agency_id: int = Field(description="Number of their agency.")
    role: str = Field(description="Their role.")
    jurisdiction: str = Field(description="Path of the agency's jurisdiction, from the country down.")
    permissions: list[str] = Field(description="What the role may do.")
    scopes: list[str] = Field(description="Scopes of the token.")
    stepped_up: bool = Field(description="Whether the token can approve.")


class FacilityOut(Schema):
    """A place that takes children in."""

    code: str = Field(description="Code on the register.")
    name: str = Field(description="Name.")
    kind: str = Field(description="police_post, hospital, emergency_nursery, welfare_institution or relief_station.")
    address: str = Field(description="Address.")
    agency: str = Field(description="Code of the agency that runs it.", alias="agency.code")
    jurisdiction: str = Field(description="Code of the jurisdiction where it lies.", alias="jurisdiction.code")


@router.get("/me", summary="Who am I", **reads("me", answer=MeOut))
def who_am_i(request: HttpRequest) -> dict[str, Any]:
    """Tell for whom the token acts, and what it may do."""
    caller: Caller = request.auth  # type: ignore[attr-defined]
    by = caller.actor
    return {
        "staff_id": by.staff_id,
        "agency_id": by.agency_id,
        "role": by.role,
        "jurisdiction": by.jurisdiction,
        "permissions": sorted(ROLES[Role(by.role)]),
        "scopes": sorted(caller.scopes),
        "stepped_up": by.stepped_up,
    }


@router.get("/facilities", summary="List facilities", **reads("registers:read", Permission.READ_CHILD, answer=Page[FacilityOut]))
def list_facilities(request: HttpRequest, after: After = "", limit: Limit = 50) -> dict[str, Any]:
    """Places on the register that take children in, wherever they are: a child can be handed to any of them."""
    return page(queries.open_facilities(), after=after, limit=limit)
