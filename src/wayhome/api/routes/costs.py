"""What care costs and who pays, and where places are."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Field, Path, Router, Schema

from wayhome.api.calls import actor, reads
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.core.errors import NotFound
from wayhome.casework.placements import actions, costs, queries, where
from wayhome.casework.placements.sheet import CONTENT_TYPE, workbook

router = Router()
Month = Annotated[str, Path(title="Month", description="A month as 2011-07.", pattern=r"^[0-9]{4}-[0-9]{2}$")]


class DueOut(Schema):
    """What one payer owes a home for a month."""

    facility: str = Field(description="Code of the home.", alias="home.code")
    payer: str | None = Field(None, description="Code of the agency that pays; null where nobody does.", alias="line.payer.code")
    line: int | None = Field(None, description="Number of the line of funding.", alias="line.id")
    children: int = Field(description="Children whose days these are.")
    days: int = Field(description="Child-days.")
    rate: int = Field(description="Yuan a child-day.")
    amount: int = Field(description="Yuan.")
    above: int = Field(description="Yuan of the amount that the line's budget does not cover any more.")
    cost: int | None = Field(description="Yuan a child-day costs, as the home last told it; null if it never did.")


class StayOut(Schema):
    """Days of one child in one home that one line pays for."""

    child: str = Field(description="The child's number.", alias="number")
    facility: str = Field(description="Code of the home.", alias="home.code")
    line: int | None = Field(None, description="Number of the line of funding; null where nobody pays.", alias="line.id")
    fostered: bool = Field(description="In a household that the home answers for.")
    first_day: date = Field(description="First day that counts.", alias="days.first")
    last_day: date = Field(description="Last day that counts.", alias="days.last")
    days: int = Field(description="Child-days.")
    amount: int = Field(description="Yuan.")

    @staticmethod
    def resolve_days(row: costs.Stay) -> int:
        """How many."""
        return len(row.days)


class ReimbursementOut(Schema):
    """A month below the caller's jurisdiction."""

    month: str = Field(description="As 2011-07.")
    at: datetime = Field(description="The moment as of which it is told.")
    days: int = Field(description="All child-days.")
    amount: int = Field(description="All yuan.")
    above: int = Field(description="Yuan that no budget covers.")
    unpaid: int = Field(description="Child-days that nobody pays for.")
    dues: list[DueOut] = Field(description="By home and line of funding.")
    stays: list[StayOut] = Field(description="Child by child; they add up to the dues.")

    @staticmethod
    def resolve_month(row: costs.Sheet) -> str:
        """Its name."""
        return f"{row.month.first:%Y-%m}"


class PlaceOut(Schema):
    """A jurisdiction with facilities, and where it is."""

    jurisdiction: str = Field(description="Its code.", alias="jurisdiction.code")
    facilities: int = Field(description="Facilities on the register there.")
    told: bool = Field(description="Whether somebody told of it itself; else the area above it counts.")
    latitude: float | None = Field(description="Degrees north; null if nobody told.")
    longitude: float | None = Field(description="Degrees east; null if nobody told.")

    @staticmethod
    def resolve_told(row: where.Place) -> bool:
        """Of itself."""
        return row.own is not None

    @staticmethod
    def resolve_latitude(row: where.Place) -> float | None:
        """Of the point that is reckoned with."""
        return row.point[0] if row.point else None

    @staticmethod
    def resolve_longitude(row: where.Place) -> float | None:
        """Of the point that is reckoned with."""
        return row.point[1] if row.point else None


class PlacesOut(Schema):
    """Every jurisdiction with facilities."""

    items: list[PlaceOut] = Field(description="Those first of which nobody told.")


@router.get(
    "/reimbursements/{month}",
    summary="Read a month's costs",
    **reads("placements:read", Permission.READ_COSTS, answer=ReimbursementOut),
)
def read_reimbursement(request: HttpRequest, month: Month) -> Any:
    """Child-days and yuan of a month, by home and payer and child by child. A day counts for the home that has the child at
    midnight, when it ends. That it was read is an event."""
    by = actor(request)
    return actions.export_reimbursement(month=_first(month), form="json", by=by, at=timezone.now())


@router.get(
    "/reimbursements/{month}/sheet",
    summary="Take a month's sheet",
    **reads("placements:read", Permission.READ_COSTS, answer=Any),
)
def take_sheet(request: HttpRequest, month: Month) -> HttpResponse:
    """The same as a workbook (XLSX), in the language that `Accept-Language` asks for. That it was taken is an event."""
    by = actor(request)
    sheet = actions.export_reimbursement(month=_first(month), form="xlsx", by=by, at=timezone.now())
    answer = HttpResponse(workbook(sheet, queries.jurisdiction_of(by)), content_type=CONTENT_TYPE)
    answer["Content-Disposition"] = f'attachment; filename="reimbursement-{month}.xlsx"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@router.get("/positions", summary="List where places are", **reads("placements:read", Permission.PLAN_NIGHT, answer=PlacesOut))
def list_positions(request: HttpRequest) -> dict[str, Any]:
    """Jurisdictions below the caller's that have facilities."""
    return {"items": where.places(actor(request))}


def _first(month: str) -> date:
    try:
        return date.fromisoformat(f"{month}-01")
    except ValueError:
        raise NotFound(month=month) from None
