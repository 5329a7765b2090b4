"""Children in the terms of the case data standard: its fields and codes and no others, and never more than is known."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from django.utils.translation import override

from factories.exports import table
from factories.reunification import Return
from factories.world import World, small_world
from wayhome.casework.children import actions as children
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
    assert [*child] == [field for field in htcds.FIELDS if field != "cas_IncomingReferralDate"]
    assert {field: code for field, code in child.items() if code} == {
        "Gender": {"F": "Feminine", "M": "Masculine"}[door.child.sex],
        "Deceased": "FALSE",
        "TraffickingStatus": "PossibleVictimOfTrafficking",
        "Status": "Active",
        "vic_TraffickingStatusDecisionMakingOrg": "Police",
    }
    door.offer()
    door.complete()
    assert told(door.world)[number]["Status"] == "FollowUp"
    execution = Execution.objects.get()
    for before, day in pairwise((0, *VISITS)):
        door.pass_days(day - before)
        said = {"execution": execution, "day": day, "visited_on": door.world.clock.date(), "found": "well"}
        afterwards.visit(**said, **door.who("caseworker"))
        assert told(door.world)[number]["Status"] == ("Closed" if day == VISITS[-1] else "FollowUp"), day


def test_names_of_fields_are_the_same_in_every_language(world: World) -> None:
    world.child()
    with override("vi"):
        (child,) = told(world, words.word).values()
    assert set(htcds.FIELDS) < set(child)
    assert "child" not in child, "the heading that is no field of it is a word"


def test_an_infant_was_under_a_year_when_it_was_trafficked(world: World) -> None:
    """The age is counted back to the rescue, and nothing is said of a child that may have been older."""
    infant, older, unknown = (world.child() for _ in range(3))
    for child, most in ((infant, 360), (older, 400)):
        told_by = {"by": world.actor("officer"), "at": world.now()}
        on = timezone.localtime(child.event.found_at).date()
        children.estimate_age(child=child, on=on, least_days=20, most_days=most, method="growth", **told_by)
    world.clock += timedelta(days=30)
    assert {number: row["AgeWhenTrafficked"] for number, row in told(world).items()} == {
        grouped(infant.number): "0",
        grouped(older.number): "",
        grouped(unknown.number): "",
    }


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("sex", ["F", "M", "U"])
def test_every_code_is_a_published_one(sex: str, kind: Kind) -> None:
    for followed_up in (True, False):
        told = htcds.told_of(sex, kind, most_days=None, followed_up=followed_up)
        assert told.keys() == htcds.CODES.keys()
        assert told.keys() < set(htcds.FIELDS)
        assert all(told[field] in known for field, known in htcds.CODES.items())
