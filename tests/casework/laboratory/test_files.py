"""A laboratory's file is looked at without a trace, taken whole or not at all, and kept as it came."""

from __future__ import annotations

import contextlib
import hashlib
import random
import tempfile
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import DatabaseError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from factories import kits as way
from factories.laboratory import PANEL, child_of, family, sample, somebody, table
from factories.world import World
from wayhome.casework.accounts import actions as accounts
from wayhome.casework.audit.models import Alarm, AuditEvent
from wayhome.casework.core.errors import CaseworkError, Invalid, NotAllowed, Refused, database_refusal
from wayhome.casework.laboratory.actions.files import MOST_BYTES, import_file, preview
from wayhome.casework.laboratory.models import ChildProfile, Kit, LabFile, LabKey, LabOriginal, ProfileFlag, RelativeProfile
from wayhome.casework.laboratory.queries import opened
from wayhome.casework.vault.models import DataKey
from wayhome.casework.vault.rules import Locked

FORMATS = Path(__file__).resolve().parents[4] / "shared" / "formats"
EXAMPLES = sorted(path.name for path in FORMATS.glob("*_example.*")) or [""]


def looked(world: World, data: bytes, **more: Any) -> Any:
    return preview(**{"name": "run.csv", "data": data, "signature": None, "by": world.actor("analyst"), "at": world.now()} | more)


def imported(world: World, data: bytes, **more: Any) -> LabFile:
    return import_file(
        **{"name": "run.csv", "data": data, "signature": None, "by": world.actor("analyst"), "at": world.now()} | more
    )


@pytest.fixture
def kits(world: World) -> dict[str, Kit]:
    """Of a mother, a father and a rescued child."""
    _, kin = family(world)
    child = world.in_hospital()
    return {
        "mother": sample(world, kin["mother"]),
        "father": sample(world, kin["father"]),
        "child": sample(world, child),
    }


@pytest.fixture
def calls(kits: dict[str, Kit]) -> dict[str, Any]:
    """A run with the three of them."""
    chance = random.Random(3)
    mother, father = somebody(chance), somebody(chance, "M")
    return {
        kits["mother"].number: mother,
        kits["father"].number: father,
        kits["child"].number: child_of(mother, father, chance),
    }


def counts() -> tuple[int, ...]:
    return tuple(one.objects.count() for one in (LabFile, LabOriginal, ChildProfile, RelativeProfile, ProfileFlag, DataKey))


def test_a_look_tells_what_would_change_and_changes_nothing(world: World, kits: dict[str, Kit], calls: dict[str, Any]) -> None:
    before = counts()
    told = looked(world, table(calls))
    assert {row.kit for row in told.taken} == set(kits.values())
    assert not told.left
    assert told.sha256 == hashlib.sha256(table(calls)).hexdigest()
    assert told.signed is None
    assert told.before is None
    assert all(row.loci == len(calls[row.sample]) and not row.flags for row in told.rows)
    assert counts() == before


def test_a_file_is_taken_whole(world: World, kits: dict[str, Kit], calls: dict[str, Any]) -> None:
    data = table(calls)
    file = imported(world, data)
    assert (file.format, file.size, file.sha256) == ("table-long", len(data), hashlib.sha256(data).hexdigest())
    assert opened.original(file) == data
    (childs,) = ChildProfile.objects.all()
    assert childs.kit == kits["child"]
    assert childs.file == file
    read = opened.children([childs])[childs.kit_id, 1]
    assert {name: tuple(sorted(alleles)) for name, alleles in read.genotypes.items()} == {
        name: tuple(sorted(set(alleles))) for name, alleles in calls[kits["child"].number].items()
    }
    relatives = opened.relatives(RelativeProfile.objects.select_related("kit"))
    assert {kit for kit, _ in relatives} == {kits["mother"].pk, kits["father"].pk}
    event = AuditEvent.objects.get(action="laboratory.import_file")
    assert "D8S1179" not in str(event.data)
    assert looked(world, data).before == file.at
    with pytest.raises(Invalid) as error:
        imported(world, data)
    assert error.value.fields == {"file": "taken_before"}


def test_no_genotype_stands_in_clear(world: World, kits: dict[str, Kit], calls: dict[str, Any]) -> None:
    del kits
    file = imported(world, table(calls))
    for row in (*ChildProfile.objects.all(), *RelativeProfile.objects.all(), LabOriginal.objects.get(file=file)):
        assert b"D8S1179" not in bytes(row.sealed)


def test_what_is_no_kit_must_be_named(world: World, kits: dict[str, Kit], calls: dict[str, Any]) -> None:
    control = somebody(random.Random(4))
    data = table({**calls, "K562": control})
    told = looked(world, data)
    assert [(row.sample, row.code) for row in told.left] == [("K562", "kit_unknown")]
    before = counts()
    with pytest.raises(Invalid) as error:
        imported(world, data)
    assert error.value.fields == {"leave_out": "rows_left"}
    assert error.value.data["samples"] == ["K562"]
    with pytest.raises(Invalid) as error:
        imported(world, data, leave_out=["K563"])
    assert error.value.fields == {"leave_out": "unknown_sample"}
    assert counts() == before
    imported(world, data, leave_out=["K562"])
    assert RelativeProfile.objects.count() == 2
    with pytest.raises(Invalid) as error:
        imported(world, table({"K562": control}), leave_out=["K562"])
    assert error.value.fields == {"file": "nothing_to_take"}
    del kits


def test_a_kit_of_another_laboratory_is_no_kit(world: World, kits: dict[str, Kit], calls: dict[str, Any]) -> None:
    assert world.registrars is not None
    elsewhere = accounts.register_agency(
        by=world.registrars, at=world.now(), code="lab_gd", kind="laboratory", name="x", jurisdiction=world.jurisdictions["GD"]
    )
    world.staff["analyst_gd"] = accounts.register_staff(
        by=world.registrars,
        at=world.now(),
        number="a_gd",
        name="x",
        id_number="440000198001010011",
        agency=elsewhere,
        role="analyst",
    )
    told = looked(world, table(calls), by=world.actor("analyst_gd"))
    assert {row.code for row in told.rows} == {"kit_unknown"}
    assert all(row.kit is None for row in told.rows)
    assert not looked(world, table(calls)).left
    del kits


def test_only_what_was_received_and_agreed_to(world: World) -> None:
    from wayhome.casework.families import actions as families

    _, kin = family(world)
    here, gone_ = way.gone(world, way.ordered(world, kin["mother"]), "taken", "sent"), sample(world, kin["father"])
    for consent in kin["father"].consents.all():
        families.withdraw_consent(consent=consent, by=world.actor("officer"), at=world.now())
    chance = random.Random(5)
    told = looked(world, table({here.number: somebody(chance), gone_.number: somebody(chance, "M")}))
    assert {row.code for row in told.rows} == {"kit_not_received", "no_consent"}


def test_what_is_to_be_looked_at(world: World) -> None:
    _, kin = family(world)
    _, other = family(world, inquirer=[("name", "莫大娘"), ("phone", "13800000000")], child_name="阿宝")
    few, man, twice = sample(world, kin["mother"]), sample(world, kin["father"]), sample(world, other["mother"])
    mixed = sample(world, other["father"])
    chance = random.Random(6)
    woman = somebody(chance)
    short = {locus: woman[locus] for locus in sorted(woman)[:10]}
    data = table({few.number: short, man.number: somebody(chance), twice.number: woman})
    third = dict.fromkeys(woman, ("10", "11", "")) | {"D8S1179": ("10", "11", "12"), "D21S11": ("28", "29", "30")}
    lines = [line + "," for line in data.decode().splitlines()[1:]]
    lines += [f"{mixed.number},{PANEL},{locus},{','.join(alleles)}" for locus, alleles in third.items() if locus != "AMEL"]
    extended = "\n".join(["sample,kit,marker,allele1,allele2,allele3", *lines]).encode()
    told = {row.kit: {flag.kind for flag in row.flags} for row in looked(world, extended).rows}
    assert told == {few: {"partial", "same_as"}, man: {"sex_differs"}, twice: {"same_as"}, mixed: {"mixture"}}
    imported(world, extended)
    kept = {(flag.kit, flag.kind, flag.other) for flag in ProfileFlag.objects.all()}
    assert kept == {
        (few, "partial", None),
        (few, "same_as", twice),
        (twice, "same_as", few),
        (man, "sex_differs", None),
        (mixed, "mixture", None),
    }


def test_a_signed_laboratory_signs(world: World, kits: dict[str, Kit], calls: dict[str, Any]) -> None:
    private = Ed25519PrivateKey.generate()
    assert world.registrars is not None
    LabKey.objects.create(
        laboratory=world.agencies["laboratory"],
        public=private.public_key().public_bytes_raw(),
        registered_by_id=world.registrars[0].staff_id,
        countersigned_by_id=world.registrars[1].staff_id,
        at=world.now(),
    )
    data = table(calls)
    with pytest.raises(Invalid) as error:
        imported(world, data)
    assert error.value.fields == {"signature": "signature_missing"}
    wrong = Ed25519PrivateKey.generate().sign(data)
    flipped = bytearray(data)
    flipped[len(data) // 2] ^= 1
    for signature, signed in ((wrong, data), (private.sign(data), bytes(flipped))):
        with pytest.raises(Refused) as refused:
            imported(world, signed, signature=signature)
        assert refused.value.codes == ("signature_wrong",)
    assert list(Alarm.objects.values_list("code", "subject")) == [("signature_wrong", "import_lab_file")] * 2
    assert looked(world, data, signature=private.sign(data)).signed is True
    assert imported(world, data, signature=private.sign(data)).signature is not None
    with pytest.raises(DatabaseError) as raw, transaction.atomic():
        LabFile.objects.create(
            laboratory=world.agencies["laboratory"],
            name="x",
            format="x",
            sha256="0" * 64,
            size=1,
            by=world.staff["analyst"],
            at=world.now(),
        )
    assert database_refusal(raw.value) == "signature_missing"
    del kits


def test_who_may(world: World, kits: dict[str, Kit], calls: dict[str, Any], settings: Any) -> None:
    for who in ("officer", "nurse", "caseworker", "supervisor", "administrator", "auditor"):
        with pytest.raises(NotAllowed):
            looked(world, table(calls), by=world.actor(who))
    settings.WAYHOME_OPENS = frozenset({"children"})
    file = imported(world, table(calls))
    assert opened.children(ChildProfile.objects.select_related("kit"))
    with pytest.raises(Locked):
        opened.relatives(RelativeProfile.objects.select_related("kit"))
    with pytest.raises(Locked):
        opened.original(file)
    del kits


@pytest.mark.parametrize(
    ("data", "fields"),
    [
        (b"", {"file": "empty"}),
        (b"x" * (MOST_BYTES + 1), {"file": "too_large"}),
        (b"PK\x03\x04", {"file": "unreadable"}),
        (b"sample,marker,allele1,allele2\n1,D8S1179,13,xx\n", {"file": "unreadable"}),
    ],
)
def test_what_cannot_be_read_is_told(world: World, data: bytes, fields: dict[str, str]) -> None:
    with pytest.raises(Invalid) as error:
        looked(world, data)
    assert error.value.fields == fields
    if fields["file"] == "unreadable":
        assert error.value.data["told"]
        assert error.value.data["mend"]
        assert tempfile.gettempdir() not in str(error.value.data)


@pytest.mark.parametrize(
    "name",
    [
        "euroformix_refs_example.csv",
        "genemapper_idx_export_example.txt",
        "codis_cmf32_example.xml",
        "genis_bulk_example.txt",
        "niem51_pedigree_example.xml",
        "familias3_example.fam",
    ],
)
def test_every_format_of_profiles(world: World, name: str) -> None:
    path = FORMATS / name
    if not path.is_file():
        pytest.skip("the example files are not beside the checkout")
    told = looked(world, path.read_bytes(), name=name)
    assert told.rows
    assert {row.code for row in told.rows} == {"kit_unknown"}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=60)
@given(
    noise=st.binary(max_size=200),
    cut=st.integers(0, 4000),
    start=st.sampled_from(sorted(path.name for path in FORMATS.glob("*_example.*"))) if FORMATS.is_dir() else st.just(""),
)
def test_nothing_but_an_error_comes_of_noise(world: World, noise: bytes, cut: int, start: str) -> None:
    whole = (FORMATS / start).read_bytes() if start else b""
    data = whole[:cut] + noise + whole[cut + len(noise) :]
    before = counts()
    with contextlib.suppress(CaseworkError):
        looked(world, data, name=start or "noise")
    with contextlib.suppress(CaseworkError):
        imported(world, data, name=start or "noise")
    assert counts() == before
