"""Clues for tests, taken down by officers of two provinces."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from factories.world import RAID, World
from wayhome.casework.accounts import actions as accounts
from wayhome.casework.clues import actions
from wayhome.casework.clues.models import Clue
from wayhome.casework.clues.rules import Relation, Told

PHONE = "138 0771 2044"


def person(*facts: tuple[str, str]) -> Told:
    """Somebody a clue speaks of."""
    return Told("person", facts)


def thing(kind: str, value: str) -> Told:
    """A telephone, vehicle, account, address or place."""
    return Told(kind, [(kind, value)])


def clue(world: World, *speaks_of: Told, by: str = "officer", relations: Sequence[Relation] = (), **told: Any) -> Clue:
    """One, of the jurisdiction of whoever takes it down."""
    columns: dict[str, Any] = {
        "text": "一个女人带着婴儿上了去东兴的大巴",
        "received_at": RAID,
        "channel": "hotline",
        "source_grade": "B",
        "info_grade": 2,
        "language": "zh",
        "jurisdiction": world.staff[by].agency.jurisdiction,
    } | told
    return actions.record_clue(speaks_of=speaks_of, relations=relations, by=world.actor(by), at=world.now(), **columns)


def officers(world: World, provinces: Iterable[str]) -> dict[str, str]:
    """One of each province, by its code; those that are not there yet are registered."""
    found = {"GX": "officer", "GD": "officer_gd"}
    for i, code in enumerate(sorted(set(provinces) - found.keys())):
        place = accounts.add_jurisdiction(
            code=code, kind="province", parent=world.jurisdictions["CN"], name_en=code, name_zh=code, name_vi=code
        )
        world.jurisdictions[code] = place
        signed = {"by": world.registrars, "at": world.now()}
        agency = accounts.register_agency(code=f"police_{code}", kind="police", name=code, jurisdiction=place, **signed)
        found[code] = f"officer_{code}"
        world.staff[found[code]] = accounts.register_staff(
            number=found[code], name=f"officer {code}", id_number=f"4506811979{i:08d}", agency=agency, role="officer", **signed
        )
    return found
