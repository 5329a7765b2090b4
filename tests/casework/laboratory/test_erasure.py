"""A relative wants it no more: nothing that their sample showed is left, and that it was there stays."""

from __future__ import annotations

import random
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from factories.kits import agrees
from factories.laboratory import family, grandmother, sample, second_analyst, somebody, table
from factories.world import World
from wayhome.casework.audit.models import AuditEvent
from wayhome.casework.core.errors import database_refusal
from wayhome.casework.families import actions as families
from wayhome.casework.families.models import ConsentWithdrawal
from wayhome.casework.laboratory.actions import comparing
from wayhome.casework.laboratory.actions.comparing import compare_new
from wayhome.casework.laboratory.actions.entries import enter
from wayhome.casework.laboratory.actions.erasure import erase_withdrawn
from wayhome.casework.laboratory.actions.files import flag, import_file
from wayhome.casework.laboratory.models import (
    Comparison,
    Entry,
    EntryVerdict,
    Erasure,
    FileErasure,
    Kit,
    LabOriginal,
    ProfileFlag,
    RelativeProfile,
)
from wayhome.casework.laboratory.queries import opened
from wayhome.casework.laboratory.rules.profiles import Flag
from wayhome.casework.vault.models import DataKey, DataKeyEnd


def imported(world: World, samples: Any) -> None:
    import_file(name="run.csv", data=table(samples), signature=None, by=world.actor("analyst"), at=world.now())


@pytest.fixture
def kin(world: World) -> Any:
    return family(world)[1]


@pytest.fixture
def kits(world: World, kin: Any) -> dict[str, Kit]:
    """Of mother and father, in one file; the mother's was typed in by one person too."""
    chance = random.Random(8)
    made = {name: sample(world, kin[name]) for name in ("mother", "father")}
    imported(world, {made["mother"].number: somebody(chance), made["father"].number: somebody(chance, "M")})
    enter(kit=made["mother"], panel="", calls=somebody(chance), by=world.actor("analyst"), at=world.now())
    return made


def withdraw(world: World, relative: Any) -> None:
    for consent in relative.consents.filter(withdrawal__isnull=True):
        families.withdraw_consent(consent=consent, by=world.actor("officer"), at=world.now())


def test_everything_goes_and_a_tombstone_stays(world: World, kin: Any, kits: dict[str, Kit]) -> None:
    withdraw(world, kin["mother"])
    mother, father = kits["mother"], kits["father"]
    assert [row.kit for row in RelativeProfile.objects.all()] == [father]
    assert not Entry.objects.exists()
    assert not LabOriginal.objects.exists()
    assert {(row.kit, row.what, row.n) for row in Erasure.objects.all()} == {(mother, "profile", 1), (mother, "entry", 1)}
    file = RelativeProfile.objects.get().file
    assert file is not None
    assert FileErasure.objects.get().file == file
    assert opened.original(file) is None
    assert len(file.sha256) == 64
    ended = set(DataKeyEnd.objects.values_list("of", flat=True))
    assert ended == {f"relative:{mother.pk}:1", f"entry:{mother.pk}:1", f"file:{file.sha256[:32]}"}
    assert not DataKey.objects.filter(of__in=ended).exists()
    # The father's is as it was.
    assert len(opened.relatives(RelativeProfile.objects.select_related("kit"))) == 1
    event = AuditEvent.objects.get(action="laboratory.erase")
    assert '"profiles":1' in event.data
    # And his goes too, when he wants; the original is gone already.
    withdraw(world, kin["father"])
    assert not RelativeProfile.objects.exists()


def test_what_was_said_of_it_goes_too(world: World, kin: Any) -> None:
    """Also in the samples of others: that a parent is none is told of both."""
    second_analyst(world)
    chance = random.Random(11)
    elder = grandmother(world, kin)
    agrees(world, elder)
    mother, old = sample(world, kin["mother"]), sample(world, elder)
    imported(world, {mother.number: somebody(chance), old.number: somebody(chance)})
    third = sample(world, kin["father"])
    for who in ("analyst", "analyst2"):
        enter(kit=mother, panel="", calls=somebody(chance), by=world.actor(who), at=world.now())
        enter(kit=third, panel="", calls=somebody(chance, "M"), by=world.actor(who), at=world.now())
    compare_new(at=world.now())
    told = {(flag.kit, flag.kind, flag.other) for flag in ProfileFlag.objects.select_related("kit", "other")}
    assert told == {(mother, "not_kin", old), (old, "not_kin", mother)}
    assert all(isinstance(flag.detail["loci"], int) for flag in ProfileFlag.objects.all())
    assert set(EntryVerdict.objects.values_list("kit", flat=True)) == {mother.pk, third.pk}
    withdraw(world, elder)
    assert not ProfileFlag.objects.exists()
    assert set(EntryVerdict.objects.values_list("kit", flat=True)) == {mother.pk, third.pk}
    withdraw(world, kin["mother"])
    assert EntryVerdict.objects.get().kit == third
    assert EntryVerdict.objects.get().differs != []
    assert not any("not_kin" in event.data for event in AuditEvent.objects.all())


def test_whoever_withdraws_while_profiles_are_compared_is_told_of_no_more(
    world: World, kin: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(11)
    elder = grandmother(world, kin)
    agrees(world, elder)
    mother, old = sample(world, kin["mother"]), sample(world, elder)
    imported(world, {mother.number: somebody(chance), old.number: somebody(chance)})
    found = comparing._flags

    def meanwhile(*given: Any) -> Any:
        flags = found(*given)
        withdraw(world, elder)
        return flags

    monkeypatch.setattr(comparing, "_flags", meanwhile)
    # The mother's profile came first, and is compared with one that is gone when it is told; the other's is not told at all.
    assert compare_new(at=world.now()) == 0
    assert not ProfileFlag.objects.exists()
    assert Comparison.objects.get().kit == mother


def test_it_stays_while_another_consent_stands(world: World, kin: Any, kits: dict[str, Kit]) -> None:
    other = agrees(world, kin["father"], days=500)
    first = kin["father"].consents.exclude(pk=other.pk).get()
    families.withdraw_consent(consent=first, by=world.actor("officer"), at=world.now())
    assert RelativeProfile.objects.filter(kit=kits["father"]).exists()
    families.withdraw_consent(consent=other, by=world.actor("officer"), at=world.now())
    assert not RelativeProfile.objects.filter(kit=kits["father"]).exists()


def test_a_request_taken_back_takes_all(world: World, kin: Any, kits: dict[str, Kit]) -> None:
    del kits
    families.withdraw(request=kin["child"].request, note="we want it no more", by=world.actor("officer"), at=world.now())
    assert not RelativeProfile.objects.exists()
    assert not Entry.objects.exists()
    assert Erasure.objects.count() == 3


def test_what_was_left_is_found_again(world: World, kin: Any, kits: dict[str, Kit]) -> None:
    """A withdrawal written past the action, as by a restore of an older copy."""
    assert erase_withdrawn(at=world.now()) == 0
    consent = kin["mother"].consents.get()
    ConsentWithdrawal.objects.create(consent=consent, by=world.staff["officer"], at=world.now())
    assert RelativeProfile.objects.filter(kit=kits["mother"]).exists()
    assert erase_withdrawn(at=world.now()) == 1
    assert not RelativeProfile.objects.filter(kit=kits["mother"]).exists()
    assert erase_withdrawn(at=world.now()) == 0


def test_nobody_takes_a_profile_away_from_who_agrees(world: World, kits: dict[str, Kit]) -> None:
    """By SQL: what would blind the search."""
    mother = kits["mother"]
    at = world.now()
    of = f"relative:{mother.pk}:1"
    original = LabOriginal.objects.get()
    named = {"loci": ["FGA"]}
    flag(mother, 1, [Flag("same_as", kits["father"].pk, named)], at=at)
    for write, code in (
        (lambda: RelativeProfile.objects.filter(kit=mother).delete(), "consent_stands"),
        (lambda: RelativeProfile.objects.filter(kit=mother).update(sealed=b""), "append_only"),
        (lambda: Entry.objects.all().delete(), "consent_stands"),
        (lambda: Entry.objects.all().update(n=2), "append_only"),
        (lambda: Erasure.objects.create(kit=mother, what="profile", n=1, at=at), "consent_stands"),
        (lambda: DataKeyEnd.objects.create(of=of, at=at), "key_in_use"),
        (lambda: DataKeyEnd.objects.create(of=f"entry:{mother.pk}:1", at=at), "key_in_use"),
        (lambda: DataKeyEnd.objects.create(of=f"file:{original.file.sha256[:32]}", at=at), "key_in_use"),
        (lambda: DataKey.objects.filter(of=of).delete(), "key_in_use"),
        (lambda: FileErasure.objects.create(file=original.file, at=at), "original_kept"),
        (lambda: original.delete(), "original_kept"),
        (lambda: LabOriginal.objects.all().update(sealed=b""), "append_only"),
        (lambda: ProfileFlag.objects.all().delete(), "consent_stands"),
        (lambda: ProfileFlag.objects.all().update(n=2), "append_only"),
        (lambda: ProfileFlag.objects.create(kit=mother, n=1, kind="mixture", detail=named, at=at), "detail_of_relative"),
    ):
        with pytest.raises(DatabaseError) as error, transaction.atomic():
            write()
        assert database_refusal(error.value) == code
    assert len(opened.relatives(RelativeProfile.objects.select_related("kit"))) == 2


def test_a_childs_profile_is_not_erased(world: World) -> None:
    second_analyst(world)
    kit = sample(world, world.in_hospital())
    for who in ("analyst", "analyst2"):
        enter(kit=kit, panel="", calls=somebody(random.Random(2)), by=world.actor(who), at=world.now())
    for write, code in (
        (lambda: Erasure.objects.create(kit=kit, what="entry", n=1, at=world.now()), "consent_stands"),
        (lambda: DataKeyEnd.objects.create(of=f"child:{kit.pk}:1", at=world.now()), "key_in_use"),
    ):
        with pytest.raises(DatabaseError) as error, transaction.atomic():
            write()
        assert database_refusal(error.value) == code
