"""A clue goes into a compartment, and two sides open theirs to each other."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from wayhome.casework.accounts.models import Agency
from wayhome.casework.audit.attempts import gate
from wayhome.casework.clues.actions.file import mine, tell
from wayhome.casework.clues.models import Clue, Compartment, Mention, Opening
from wayhome.casework.clues.queries.clues import clue_of
from wayhome.casework.clues.queries.hits import behind_hits
from wayhome.casework.clues.queries.network import Place, mention_of
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.errors import NotFound, Refused
from wayhome.casework.operations.models import Investigation
from wayhome.casework.operations.queries.investigations import investigation_of


def read_clue(*, clue_id: int, by: Actor, at: datetime) -> Clue:
    """A clue that the actor may read; that they did is an event, and without it nothing is shown."""
    with transaction.atomic():
        clue = clue_of(by, clue_id)
        tell(by, at, "read_clue", clue)
    return clue


def look_around(*, place: Place, by: Actor, at: datetime) -> Mention:
    """A thing that a clue speaks of which the actor may read, to go on from it; that they did is an event of its clue."""
    with transaction.atomic():
        found = mention_of(by, place)
        tell(by, at, "look_around", found.clue)
    return found


def put_in_compartment(*, clue: Clue, investigation: Investigation, by: Actor, at: datetime) -> Compartment:
    """From here on the task force alone knows of a clue of the own agency. The actor belongs to it, and the clue stays in it."""
    clue, investigation = mine(clue, by), investigation_of(by, investigation.pk)
    with gate(by=by, at=at, attempt="put_in_compartment"):
        if Compartment.objects.filter(clue=clue).exists():
            raise Refused(["already_there"], clue=clue.pk)
        row = Compartment.objects.create(clue=clue, investigation=investigation, by_id=by.staff_id, at=at)
        tell(by, at, "put_in_compartment", clue, investigation=investigation.pk)
    return row


def agree_to_open(*, clue: Clue, agency: Agency, by: Actor, at: datetime) -> None:
    """One side of a hit agrees that the agency which it names may read this clue; each reads when both agreed.

    It is agreed for every clue behind the hit, so that nothing tells how many there are.
    """
    clue = mine(clue, by)
    behind = behind_hits(by, clue).get(agency.code)
    if behind is None:
        raise NotFound(agency=agency.code)
    with gate(by=by, at=at, attempt="agree_to_open"):
        agreed = set(Opening.objects.filter(clue=clue).values_list("other", flat=True))
        if behind.clues <= agreed:
            raise Refused(["already_there"], clue=clue.pk)
        for other in sorted(behind.clues - agreed):
            Opening.objects.create(clue=clue, other_id=other, by_id=by.staff_id, at=at)
        tell(by, at, "agree_to_open", clue, agency=agency.code)
