"""From a clue received to one that was acted on, or led nowhere."""

from __future__ import annotations

from datetime import datetime

from wayhome.casework.accounts.models import Staff
from wayhome.casework.audit.attempts import gate
from wayhome.casework.clues.actions.file import mine, tell
from wayhome.casework.clues.models import Clue, Step
from wayhome.casework.clues.queries.clues import compartment_of
from wayhome.casework.clues.rules import NEXT, STATES
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.checks import Checks
from wayhome.casework.core.errors import Refused
from wayhome.casework.operations.queries.investigations import memberships


def triage(*, clue: Clue, state: str, by: Actor, at: datetime, assigned_to: Staff | None = None, note: str = "") -> Step:
    """The next step of a clue of the own agency; `assigned` names one of its officers, and no other step does.

    One in a compartment is given to who is of its task force: nobody else could read it.
    """
    clue = mine(clue, by)
    checks = Checks()
    checks.one_of("state", state, STATES)
    checks.must("assigned_to", (state == "assigned") == (assigned_to is not None), "assigned_to_nobody")
    kept = compartment_of(by, clue)
    if kept is not None and assigned_to is not None:
        # Before the gate: no alarm tells others that the clue is there.
        inside = memberships().filter(investigation=kept, staff=assigned_to).exists()
        checks.must("assigned_to", inside, "assigned_outside")
    note = checks.text("note", note, 300, required=state in ("unfounded", "dormant"))
    checks.done()
    with gate(by=by, at=at, attempt="triage_clue"):
        last = clue.steps.order_by("-n").first()
        assert last is not None
        if state not in NEXT[last.state]:
            raise Refused(["no_such_clue_step"], clue=clue.pk)
        step = Step.objects.create(
            clue=clue, n=last.n + 1, state=state, assigned_to=assigned_to, note=note, by_id=by.staff_id, at=at
        )
        tell(by, at, "triage", clue, state=state)
    return step
