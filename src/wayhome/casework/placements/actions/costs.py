"""The reimbursement sheet leaves the house: who took it, and of which month, is an event."""

from __future__ import annotations

from datetime import date, datetime

from wayhome.casework.accounts.rules import Permission
from wayhome.casework.audit.actions import record
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.errors import Invalid
from wayhome.casework.custody.gate import gate, permitted
from wayhome.casework.placements import costs
from wayhome.casework.placements.days import EARLIEST


def export_reimbursement(*, month: date, form: str, by: Actor, at: datetime) -> costs.Sheet:
    """Child-days and yuan of a month with the numbers of the children, to be taken away.

    Parameters
    ----------
    form : "xlsx" or "json".
    """
    permitted(by, Permission.READ_COSTS, at=at)
    if month.replace(day=1) > at.date():
        raise Invalid({"month": "in_the_future"})
    if month < EARLIEST:
        raise Invalid({"month": "out_of_range"})
    # Counted before the transaction: a sheet of many homes would keep everybody else from writing.
    sheet = costs.reimbursement(month, by=by, at=at)
    with gate(by=by, at=at, attempt="export_reimbursement"):
        record(
            by=by,
            at=at,
            action="placements.export_reimbursement",
            subject=f"reimbursement:{sheet.month.first:%Y-%m}",
            data={"form": form, "rows": len(sheet.stays), "days": sheet.days, "yuan": sheet.amount},
        )
    return sheet
