"""A moment read as a number is the moment that Django reads, on both engines."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db.models import DateTimeField, ExpressionWrapper, F, Value
from hypothesis import given
from hypothesis import strategies as st

from factories.world import World
from wayhome.casework.core.moments import Microseconds, moment_of, number_of
from wayhome.casework.operations.models import RescueEvent


@given(st.datetimes(timezones=st.just(UTC)))
def test_a_moment_and_its_number(moment: datetime) -> None:
    assert moment_of(number_of(moment)) == moment


@pytest.mark.django_db
@pytest.mark.parametrize("micro", [0, 1, 20, 999_999])
def test_the_database_gives_the_same(world: World, micro: int) -> None:
    """Of a column as it stands, and of a moment that is worked out of it."""
    later = timedelta(days=30, microseconds=micro)
    moment = ExpressionWrapper(F("found_at") + Value(later), DateTimeField())
    rows = RescueEvent.objects.annotate(later=moment).values_list(
        "found_at", Microseconds("found_at"), "later", Microseconds("later")
    )
    ((found, number, computed, its_number),) = rows
    assert world.event is not None
    assert moment_of(number) == found == world.event.found_at
    assert moment_of(its_number) == computed == found + later
