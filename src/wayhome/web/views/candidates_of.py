"""How the search for somebody stands, as the pages of children and of families show it: never whom it found."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from wayhome.casework.core.actors import Actor
from wayhome.casework.custody import queries as custody
from wayhome.casework.matching.queries import candidates as queries


def of_family(family: Any) -> dict[str, Any]:
    """For whoever speaks with the family."""
    return {"sought": queries.sought_by(family)}


def of_child(child: Any, *, by: Actor, at: datetime) -> dict[str, Any]:
    """For whoever may read the child's file; kin among rescued children by name where theirs may be read too."""
    pairs = list(queries.kin_of(child.pk))
    others = {pair.pk: pair.other_id if pair.one_id == child.pk else pair.one_id for pair in pairs}
    visible = custody.visible_among(others.values(), by=by, at=at)
    kin = [(pair, visible.get(others[pair.pk])) for pair in pairs]
    return {"sought": queries.sought_child(child, by=by), "dna_kin": kin}
