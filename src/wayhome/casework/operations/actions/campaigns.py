"""Special campaigns with a partner country: the ministry says from when until when."""

from __future__ import annotations

from datetime import date, datetime

from wayhome.casework.accounts.models import Jurisdiction
from wayhome.casework.accounts.queries import require
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.audit.actions import record
from wayhome.casework.audit.attempts import gate
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.checks import Checks
from wayhome.casework.core.errors import NotAllowed
from wayhome.casework.operations.models import Campaign


def record_campaign(
    *,
    name: str,
    partner: Jurisdiction,
    starts: date,
    ends: date,
    by: Actor,
    at: datetime,
    replaces: Campaign | None = None,
) -> Campaign:
    """A campaign, or another row in the place of one. Boards of operations that begin during it tell when it ends."""
    require(by, Permission.DIRECT_OPERATION)
    if not by.stepped_up:
        raise NotAllowed("step_up")
    checks = Checks()
    name = checks.text("name", name, 120)
    checks.must("partner", partner.kind == "country" and not by.jurisdiction.startswith(partner.path), "unknown_choice")
    checks.must("ends", starts <= ends, "wrong_order")
    checks.done()
    with gate(by=by, at=at, attempt="record_campaign"):
        row = Campaign.objects.create(
            name=name, partner=partner, starts=starts, ends=ends, replaces=replaces, by_id=by.staff_id, at=at
        )
        record(by=by, at=at, action="operations.record_campaign", subject=f"campaign:{row.pk}")
    return row
