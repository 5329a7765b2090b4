"""Whether two clues belong together is said by people, on each side by its own."""

from __future__ import annotations

from datetime import datetime

from wayhome.casework.accounts.queries import require
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.audit.attempts import gate
from wayhome.casework.clues.actions.file import tell
from wayhome.casework.clues.models import Clue, Verdict
from wayhome.casework.clues.queries.clues import clue_of, is_own
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.checks import Checks
from wayhome.casework.core.errors import NotAllowed


def judge_pair(*, clue: Clue, other: Clue, confirmed: bool, note: str, by: Actor, at: datetime) -> Verdict:
    """Say whether two clues, both of which the actor may read, belong together.

    It is said on the side of the own agency's clue, `clue` where both are. Of two jurisdictions each says so before it counts,
    and nobody for both.
    """
    require(by, Permission.RECORD_CLUE)
    clue, other = clue_of(by, clue.pk), clue_of(by, other.pk)
    side = next((one for one in (clue, other) if is_own(by, one)), None)
    if side is None:
        raise NotAllowed("not_your_side")
    checks = Checks()
    checks.must("other", clue.pk != other.pk, "tie_to_self")
    note = checks.text("note", note, 300)
    checks.done()
    low, high = sorted((clue, other), key=lambda one: one.pk)
    with gate(by=by, at=at, attempt="judge_clues"):
        last = Verdict.objects.filter(one=low, other=high).order_by("-n").first()
        verdict = Verdict.objects.create(
            one=low,
            other=high,
            n=last.n + 1 if last else 1,
            side=side,
            confirmed=confirmed,
            note=note,
            by_id=by.staff_id,
            at=at,
        )
        tell(by, at, "judge_pair", side, other=low.pk if side == high else high.pk, confirmed=confirmed)
    return verdict
