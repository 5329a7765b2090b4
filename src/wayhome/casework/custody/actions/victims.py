"""Say that a child is the one that evidence told of, or that it is not after all."""

from __future__ import annotations

from datetime import datetime

from wayhome.casework.accounts.queries import require
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.audit.actions import record
from wayhome.casework.audit.attempts import gate
from wayhome.casework.children.models import VictimTie, VictimTieEnd
from wayhome.casework.children.queries import standing_ties
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.checks import Checks
from wayhome.casework.core.errors import NotFound
from wayhome.casework.custody.queries import visible_child
from wayhome.casework.operations.models import AllegedVictim
from wayhome.casework.operations.queries.victims import victim_of


def tie_victim(*, victim: AllegedVictim, child_id: int, by: Actor, at: datetime) -> VictimTie:
    """A member of the task force says so, of a child whose file they may read. Of one alleged victim one child, and once."""
    require(by, Permission.RECORD_OPERATION)
    victim_of(by, victim.pk)
    child = visible_child(child_id, by=by, at=at)
    with gate(by=by, at=at, attempt="tie_victim"):
        row = VictimTie.objects.create(victim=victim, child=child, by_id=by.staff_id, at=at)
        _told(by, at, "tie_victim", victim)
    return row


def untie_victim(*, victim: AllegedVictim, reason: str, by: Actor, at: datetime) -> VictimTieEnd:
    """It was not that child: the alleged victim is open again."""
    require(by, Permission.RECORD_OPERATION)
    victim_of(by, victim.pk)
    checks = Checks()
    reason = checks.text("reason", reason, 200)
    checks.done()
    tie = standing_ties().filter(victim=victim).first()
    if tie is None:
        raise NotFound(victim=victim.pk)
    with gate(by=by, at=at, attempt="untie_victim"):
        row = VictimTieEnd.objects.create(tie=tie, reason=reason, by_id=by.staff_id, at=at)
        _told(by, at, "untie_victim", victim)
    return row


def _told(by: Actor, at: datetime, verb: str, victim: AllegedVictim) -> None:
    """The event of a compartment: its number alone, and not the child's, whose events others read."""
    record(by=by, at=at, action=f"custody.{verb}", subject=f"investigation:{victim.investigation_id}")
