"""Two people type a profile apart, and it counts when they typed the same."""

from __future__ import annotations

import random
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from factories.kits import agrees
from factories.laboratory import PANEL, family, sample, second_analyst, somebody
from factories.world import World
from wayhome.casework.core.errors import Invalid, NotAllowed, NotFound, Refused, database_refusal
from wayhome.casework.families import actions as families
from wayhome.casework.laboratory.actions.comparing import judge_entries
from wayhome.casework.laboratory.actions.entries import enter
from wayhome.casework.laboratory.models import ChildProfile, Entry, EntryVerdict, Kit, ProfileFlag, RelativeProfile
from wayhome.casework.laboratory.queries import opened, results

CALLS = somebody(random.Random(1))


@pytest.fixture
def house(world: World) -> World:
    second_analyst(world)
    return world


def typed(world: World, kit: Kit, who: str = "analyst", calls: Any = None, panel: str = PANEL) -> Entry:
    return enter(kit=kit, panel=panel, calls=calls or CALLS, by=world.actor(who), at=world.now())


def test_two_alike_are_a_profile(house: World) -> None:
    kit = sample(house, house.in_hospital())
    typed(house, kit)
    assert results.waiting_entry(kit) == Entry.objects.get()
    assert not ChildProfile.objects.exists()
    typed(house, kit, "analyst2")
    assert results.waiting_entry(kit) is None
    (profile,) = ChildProfile.objects.all()
    assert (profile.file, profile.n, profile.panel, profile.by) == (None, 1, PANEL, house.staff["analyst2"])
    assert opened.children([profile])[kit.pk, 1].genotypes["AMEL"] == ("X",)
    assert EntryVerdict.objects.get().differs == []


def test_where_they_differ_is_told_and_nothing_counts(house: World) -> None:
    kit = sample(house, house.in_hospital())
    typed(house, kit)
    typed(house, kit, "analyst2", {**CALLS, "D8S1179": ("9", "9.3")})
    assert EntryVerdict.objects.get().differs == ["D8S1179"]
    assert not ChildProfile.objects.exists()
    typed(house, kit, "analyst2")
    typed(house, kit)
    assert [verdict.differs for verdict in EntryVerdict.objects.order_by("n")] == [["D8S1179"], []]
    assert ChildProfile.objects.get().n == 1


def test_one_person_is_not_two(house: World) -> None:
    kit = sample(house, house.in_hospital())
    typed(house, kit)
    with pytest.raises(Refused) as error:
        typed(house, kit)
    assert error.value.codes == ("same_person",)
    typed(house, kit, "analyst2")


def test_the_worker_compares_what_the_web_cannot_read(house: World, settings: Any) -> None:
    _, kin = family(house)
    kit = sample(house, kin["mother"])
    both = settings.WAYHOME_OPENS
    settings.WAYHOME_OPENS = frozenset({"children"})
    typed(house, kit)
    typed(house, kit, "analyst2")
    assert not EntryVerdict.objects.exists()
    with pytest.raises(Refused) as error:
        typed(house, kit)
    assert error.value.codes == ("entry_waiting",)
    settings.WAYHOME_OPENS = both
    assert judge_entries(at=house.now()) == 1
    assert judge_entries(at=house.now()) == 0
    (profile,) = RelativeProfile.objects.all()
    assert profile.by == house.staff["analyst2"]


def test_what_is_to_be_looked_at_is_told(house: World) -> None:
    kit = sample(house, house.in_hospital())
    man = {**CALLS, "AMEL": ("X", "Y")}
    typed(house, kit, calls=man)
    typed(house, kit, "analyst2", man)
    assert [flag.kind for flag in ProfileFlag.objects.all()] == ["sex_differs"]


def test_panels_that_differ(house: World) -> None:
    kit = sample(house, house.in_hospital())
    typed(house, kit)
    typed(house, kit, "analyst2", panel="")
    assert EntryVerdict.objects.get().differs == [""]
    assert not ChildProfile.objects.exists()


@pytest.mark.parametrize(
    ("panel", "calls", "fields"),
    [
        ("PowerFlex", CALLS, {"panel": "unknown_panel"}),
        (PANEL, {"D8S1179": ("13", "xx")}, {"D8S1179": "not_an_allele"}),
        (PANEL, {"D8S1179": ("", "")}, {"calls": "nothing_read"}),
    ],
)
def test_what_cannot_be_typed(house: World, panel: str, calls: Any, fields: dict[str, str]) -> None:
    kit = sample(house, house.in_hospital())
    with pytest.raises(Invalid) as error:
        typed(house, kit, calls=calls, panel=panel)
    assert error.value.fields == fields
    assert not Entry.objects.exists()


def test_who_may_and_of_what(house: World) -> None:
    kit = sample(house, house.in_hospital())
    with pytest.raises(NotAllowed):
        typed(house, kit, "officer")
    elsewhere = Kit(pk=kit.pk, laboratory=house.agencies["police"])
    with pytest.raises(NotFound):
        typed(house, elsewhere)
    assert results.own_kit(house.actor("analyst"), f"WH {kit.number}") == kit
    for number in ("000000000", "x", house.in_hospital().number):
        with pytest.raises(NotFound):
            results.own_kit(house.actor("analyst"), number)
    with pytest.raises(NotFound):
        results.own_kit(house.actor("officer"), kit.number)


def test_the_database_wants_two_as_well(house: World) -> None:
    """By SQL: a profile of the first entry alone, a verdict without two, a profile typed by neither."""
    kit = sample(house, house.in_hospital())
    typed(house, kit)
    from wayhome.casework.vault.actions import make_key
    from wayhome.casework.vault.rules import Purpose

    make_key(purpose=Purpose.CHILDREN, of=f"child:{kit.pk}:1", at=house.now())
    row = {"kit": kit, "n": 1, "loci": 20, "sealed": b"x", "at": house.now()}
    for write, code in (
        (lambda: ChildProfile.objects.create(**row, by=house.staff["analyst"]), "one_entry"),
        (lambda: EntryVerdict.objects.create(kit=kit, n=1, differs=[], at=house.now()), "not_a_pair"),
        (lambda: EntryVerdict.objects.create(kit=kit, n=2, differs=[], at=house.now()), "not_a_pair"),
        (lambda: RelativeProfile.objects.create(**row, by=house.staff["analyst"]), "other_person"),
    ):
        with pytest.raises(DatabaseError) as error, transaction.atomic():
            write()
        assert database_refusal(error.value) == code


def test_who_withdrew_and_agrees_again_gives_another_sample(house: World) -> None:
    _, kin = family(house)
    kit = sample(house, kin["mother"])
    typed(house, kit)
    for consent in kin["mother"].consents.all():
        families.withdraw_consent(consent=consent, by=house.actor("officer"), at=house.now())
    with pytest.raises(Refused) as error:
        typed(house, kit)
    assert error.value.codes == ("no_consent",)
    agrees(house, kin["mother"])
    with pytest.raises(Refused) as error:
        typed(house, kit)
    assert error.value.codes == ("sample_withdrawn",)
    again = sample(house, kin["mother"])
    typed(house, again)
    typed(house, again, "analyst2")
    assert RelativeProfile.objects.get().kit == again
