"""What is known of a child at once is written with its registration, or nothing is."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
from PIL import Image

from factories.world import World
from wayhome.casework.children import queries
from wayhome.casework.children.models import Child
from wayhome.casework.core.errors import Invalid
from wayhome.casework.custody import actions
from wayhome.casework.custody.models import CustodyEpisode

SPOT = ("thigh_left", "cafe_au_lait_spot", 12, "")


def photo() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (30, 20), "red").save(out, "JPEG", comment=b"where it was taken")
    return out.getvalue()


def take(world: World, by: str = "officer", **known: Any) -> Child:
    assert world.event is not None
    intake = actions.Intake(
        event=world.event, post=world.facilities["post"], sex="F", call_name="小荷", started_at=world.event.found_at, **known
    )
    return actions.take_into_care(intake=intake, by=world.actor(by), at=world.now())


def test_everything_known_is_written_with_the_child(world: World) -> None:
    child = take(world, age=(20, 40, "sight"), marks=(SPOT,), items=("blanket", "bottle"), photo=photo())
    age = queries.age_on(child, date(2011, 7, 16))
    assert age is not None
    assert (age.least_days, age.most_days) == (21, 41)
    assert [(mark.place, mark.kind, mark.size_mm, mark.note) for mark in queries.marks(child)] == [SPOT]
    assert [item.what for item in queries.items(child)] == ["blanket", "bottle"]
    kept = queries.photo(child)
    assert kept is not None
    assert b"where" not in bytes(kept.jpeg)


@pytest.mark.parametrize(
    ("known", "field"),
    [
        ({"age": (40, 20, "sight")}, "most_days"),
        ({"marks": (SPOT, ("wing", "scar", None, ""))}, "place"),
        ({"items": ("blanket", " ")}, "what"),
        ({"photo": b"no picture"}, "photo"),
    ],
)
def test_one_wrong_thing_and_there_is_no_child(world: World, known: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        take(world, **known)
    assert list(refused.value.fields) == [field]
    assert not Child.objects.exists()
    assert not CustodyEpisode.objects.exists()


def test_a_second_registration_of_one_child_is_proposed(world: World) -> None:
    one = take(world, age=(20, 40, "sight"), marks=(SPOT,))
    two = take(world, by="officer2", age=(30, 50, "sight"), marks=(SPOT,))
    assert [duplicate.other for duplicate in queries.duplicates_of(one)] == [two]
