"""Tell of children known from evidence, and what becomes known of them."""

from __future__ import annotations

from datetime import date, datetime

from wayhome.casework.accounts.queries import require
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.audit.attempts import gate
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.checks import Checks
from wayhome.casework.operations.actions.investigations import told
from wayhome.casework.operations.models import AllegedState, AllegedVictim, Investigation
from wayhome.casework.operations.queries.investigations import investigation_of
from wayhome.casework.operations.queries.victims import victim_of
from wayhome.casework.operations.rules import VICTIM_STATES


def tell_victim(
    *, investigation: Investigation, evidence: str, sex: str, seen_from: date, seen_to: date, by: Actor, at: datetime
) -> AllegedVictim:
    """A child that evidence tells of: a call about a price, a ticket, a receipt. It stays on the ledger for ever.

    Parameters
    ----------
    seen_from, seen_to : the days between which it was moved, as far as the evidence tells.
    """
    require(by, Permission.RECORD_OPERATION)
    investigation_of(by, investigation.pk)
    checks = Checks()
    evidence = checks.text("evidence", evidence, 5000)
    checks.one_of("sex", sex, ("F", "M", "U"))
    checks.day("seen_to", seen_to, at=at)
    checks.must("seen_from", seen_from <= seen_to, "wrong_order")
    checks.done()
    with gate(by=by, at=at, attempt="tell_victim"):
        row = AllegedVictim.objects.create(
            investigation=investigation,
            evidence=evidence,
            sex=sex,
            seen_from=seen_from,
            seen_to=seen_to,
            by_id=by.staff_id,
            at=at,
        )
        told(by, at, "tell_victim", investigation.pk)
    return row


def tell_state(*, victim: AllegedVictim, state: str, note: str, by: Actor, at: datetime) -> AllegedState:
    """What becomes known: where it is, that there never was such a child, or that nobody has seen it after all."""
    require(by, Permission.RECORD_OPERATION)
    victim_of(by, victim.pk)
    checks = Checks()
    checks.one_of("state", state, VICTIM_STATES)
    note = checks.text("note", note, 5000)
    checks.done()
    with gate(by=by, at=at, attempt="tell_state"):
        row = AllegedState.objects.create(victim=victim, state=state, note=note, by_id=by.staff_id, at=at)
        told(by, at, "tell_state", victim.investigation_id)
    return row
