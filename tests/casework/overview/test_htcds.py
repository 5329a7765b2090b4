"""Children in the terms of the case data standard: its fields and codes and no others, and never more than is known."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from django.utils.translation import override

from factories.exports import table
from factories.reunification import Return
from factories.world import World, small_world
from wayhome.casework.core.numbers import grouped
from wayhome.casework.custody.rules import Kind
from wayhome.casework.overview.actions.exporting import export_list
from wayhome.casework.overview.files import codes
from wayhome.casework.overview.rules import htcds, lists
from wayhome.casework.reunification.actions import afterwards
from wayhome.casework.reunification.models import Execution
from wayhome.casework.reunification.rules import VISITS
from wayhome.web import words


def told(world: World, say: Any = codes) -> dict[str, dict[str, Any]]:
    """Children of the list by their numbers."""
    passphrase = lists.new_passphrase()
    how = {"name": "htcds", "form": "csv", "narrowed": {}, "passphrase": passphrase, "say": say}
    made = export_list(**how, by=world.actor("supervisor", stepped_up=True), at=world.now())
    with made.file.file as file:
        head, *lines = table(file.read(), passphrase)
    return {line[0]: dict(zip(head, line, strict=True)) for line in lines}


def test_a_child_on_its_way_home_and_after_it(db: None, settings: Any, tmp_path: Path) -> None:
    settings.WAYHOME_INDEX = tmp_path / "index"
    door = Return(small_world())
    door.at_the_door()
    number = grouped(door.child.number)
    child = told(door.world)[number]
    assert child.pop("child") == number
    assert date.fromisoformat(child.pop("cas_IncomingReferralDate")) == timezone.localtime(door.child.event.found_at).date()
    assert child == {
        "prs_Gender": {"F": "Feminine", "M": "Masculine"}[door.child.sex],
        "vic_TraffickingStatus": "PossibleVictimOfTrafficking",
        "vic_TraffickingStatusDecisionMakingOrg": "Police",
        "cas_Status": "Active",
    }
    door.offer()
    door.complete()
    assert told(door.world)[number]["cas_Status"] == "FollowUp"
    execution = Execution.objects.get()
    for before, day in pairwise((0, *VISITS)):
        door.pass_days(day - before)
        said = {"execution": execution, "day": day, "visited_on": door.world.clock.date(), "found": "well"}
        afterwards.visit(**said, **door.who("caseworker"))
        assert told(door.world)[number]["cas_Status"] == ("Closed" if day == VISITS[-1] else "FollowUp"), day


def test_names_of_fields_are_the_same_in_every_language(world: World) -> None:
    world.child()
    with override("vi"):
        (child,) = told(world, words.word).values()
    assert set(htcds.FIELDS) < set(child)
    assert "child" not in child, "the heading that is no field of it is a word"


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("sex", ["F", "M", "U"])
def test_every_code_is_a_published_one(sex: str, kind: Kind) -> None:
    for followed_up in (True, False):
        for code, known in zip(htcds.told_of(sex, kind, followed_up=followed_up), htcds.CODES.values(), strict=True):
            assert code in known
