"""What two registrars register of laboratories: the key that signs their files, and profiles of those who handle samples."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.db import DatabaseError, connection, transaction

from factories.laboratory import LOCI, child_of, family, sample, somebody, table
from factories.world import World
from wayhome.casework.accounts.models import Staff
from wayhome.casework.audit.models import AuditEvent
from wayhome.casework.core.errors import Invalid, Refused, database_refusal
from wayhome.casework.laboratory.actions.comparing import compare_new
from wayhome.casework.laboratory.actions.files import import_file
from wayhome.casework.laboratory.models import LabKey, ProfileFlag, StaffProfile, StaffProfileEnd
from wayhome.casework.laboratory.queries import opened
from wayhome.casework.vault.models import DataKey

from .conftest import Wayhome

SIGNED = ("--by", "registrar", "--countersigned", "registrar1")


def imported(world: World, data: bytes, signature: bytes | None = None) -> None:
    import_file(name="run.csv", data=data, signature=signature, by=world.actor("analyst"), at=world.now())


def test_a_laboratorys_files_are_signed_from_then_on(wayhome: Wayhome, world: World, tmp_path: Path) -> None:
    kits = [sample(world, world.in_hospital()) for _ in range(3)]
    runs = [table({kit.number: somebody(random.Random(n))}) for n, kit in enumerate(kits)]
    imported(world, runs[0])
    privates: list[Any] = []
    for name in ("first", "second"):
        assert wayhome("audit", "new-key", tmp_path / name).code == 0
        ended = wayhome("register", "lab-key", "laboratory", tmp_path / f"{name}.pub", *SIGNED)
        assert (ended.code, ended.err) == (0, "")
        privates.append(load_pem_private_key((tmp_path / name).read_bytes(), None))
    assert LabKey.objects.count() == 2
    with pytest.raises(Invalid):
        imported(world, runs[1])
    # The last key counts alone.
    with pytest.raises(Refused):
        imported(world, runs[1], privates[0].sign(runs[1]))
    imported(world, runs[1], privates[1].sign(runs[1]))
    assert AuditEvent.objects.filter(action="laboratory.register_lab_key").count() == 2


def test_what_is_no_key_and_who_may_not(wayhome: Wayhome, world: World, tmp_path: Path) -> None:
    del world
    wayhome("audit", "new-key", tmp_path / "key")
    public = tmp_path / "key.pub"
    wayhome("register", "lab-key", "laboratory", tmp_path / "key", *SIGNED).refused("holds no public key")
    wayhome("register", "lab-key", "police", public, *SIGNED).refused('no laboratory has the code "police"')
    for by, countersigned, told in (
        ("registrar", "registrar", "two_registrars"),
        ("registrar", "officer", "not_allowed"),
        ("nobody", "registrar", "nobody at work"),
    ):
        signers = ("--by", by, "--countersigned", countersigned)
        wayhome("register", "lab-key", "laboratory", public, *signers).refused(told)
    assert not LabKey.objects.exists()


def test_whoever_handles_samples_is_told_from_them(wayhome: Wayhome, world: World, tmp_path: Path) -> None:
    chance = random.Random(7)
    nurses, doctors = somebody(chance), somebody(chance, "M")
    file = tmp_path / "staff.csv"
    file.write_bytes(table({"nurse": nurses, "doctor": doctors}))
    ended = wayhome("register", "staff-profiles", file, *SIGNED)
    assert (ended.code, ended.err) == (0, "")
    assert "2 profiles of staff put on the register" in ended.out
    assert opened.staff().keys() == {"nurse", "doctor"}
    assert b"D8S1179" not in bytes(StaffProfile.objects.get(staff__number="nurse").sealed)
    _, kin = family(world)
    mother, child, other = sample(world, kin["mother"]), sample(world, world.in_hospital()), sample(world, world.in_hospital())
    theirs = somebody(chance)
    imported(world, table({mother.number: nurses | {LOCI[0]: ("8", "8")}, child.number: doctors, other.number: theirs}))
    assert compare_new(at=world.now()) == 2
    told = {(flag.kit, flag.detail["staff"]) for flag in ProfileFlag.objects.filter(kind="staff_match")}
    assert told == {(mother, "nurse"), (child, "doctor")}
    # A child of somebody's, who is no more like them than a child is.
    again = sample(world, world.in_hospital())
    imported(world, table({again.number: child_of(nurses, somebody(chance), chance)}))
    assert compare_new(at=world.now()) == 0


def test_their_profile_goes_when_they_want(wayhome: Wayhome, world: World, tmp_path: Path) -> None:
    file = tmp_path / "staff.csv"
    for n in (1, 2):
        file.write_bytes(table({"nurse": somebody(random.Random(n))}))
        assert wayhome("register", "staff-profiles", file, *SIGNED).code == 0
    assert [one.n for one in StaffProfile.objects.order_by("n")] == [1, 2]
    assert wayhome("register", "end", "staff", "nurse", "--reason", "left", *SIGNED).code == 0
    gone = wayhome("register", "end", "staff-profile", "nurse", "--reason", "left", *SIGNED)
    assert (gone.code, gone.out) == (0, "staff-profile nurse: ended\n")
    assert not StaffProfile.objects.exists()
    assert StaffProfileEnd.objects.count() == 2
    assert not DataKey.objects.filter(of__startswith="staff:").exists()
    assert opened.staff() == {}
    wayhome("register", "end", "staff-profile", "nurse", "--reason", "left", *SIGNED).refused("no profile of")


@pytest.mark.parametrize(
    ("samples", "told"),
    [
        ({"nurse": somebody(random.Random(1)), "nobody": somebody(random.Random(2))}, "nobody at work has the number nobody"),
        ({"nurse": dict.fromkeys(LOCI[:7], ("9", "10"))}, "too_few_loci"),
    ],
)
def test_a_file_that_cannot_be_used(wayhome: Wayhome, world: World, tmp_path: Path, samples: Any, told: str) -> None:
    del world
    file = tmp_path / "staff.csv"
    file.write_bytes(table(samples))
    wayhome("register", "staff-profiles", file, *SIGNED).refused(told)
    assert not StaffProfile.objects.exists()


def test_nobody_takes_one_away_or_changes_it(wayhome: Wayhome, world: World, tmp_path: Path) -> None:
    file = tmp_path / "staff.csv"
    file.write_bytes(table({"nurse": somebody(random.Random(1))}))
    wayhome("register", "staff-profiles", file, *SIGNED)
    nurse = Staff.objects.get(number="nurse")
    for write, code in (
        (lambda: StaffProfile.objects.all().delete(), "consent_stands"),
        (lambda: StaffProfile.objects.update(sealed=b""), "append_only"),
        (lambda: DataKey.objects.filter(of=f"staff:{nurse.pk}:1").delete(), "key_in_use"),
        (lambda: StaffProfileEnd.objects.create(
            staff=nurse, n=1, registered_by=nurse, countersigned_by=nurse, at=world.now()), "two_registrars"),
    ):  # fmt: skip
        with pytest.raises(DatabaseError) as error, transaction.atomic():
            write()
        assert database_refusal(error.value) == code
    connection.refusals.clear()
