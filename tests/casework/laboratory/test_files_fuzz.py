"""Good files of every format, damaged: each is taken whole, or refused with what is wrong and where, and nothing of it is kept.

WAYHOME_FUZZ_EXAMPLES sets how many are damaged of each format (nightly: 2,000).
"""

from __future__ import annotations

import os
import random
import zlib
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from factories.laboratory import PANEL, sample, somebody
from factories.world import World
from wayhome import kinship
from wayhome.casework.audit.models import AuditEvent
from wayhome.casework.core.errors import Invalid
from wayhome.casework.laboratory.actions.files import import_file, preview
from wayhome.casework.laboratory.models import ChildProfile, LabFile, LabOriginal, ProfileFlag
from wayhome.casework.laboratory.queries import opened
from wayhome.casework.matching.models import Due
from wayhome.casework.vault.models import DataKey

EXAMPLES = int(os.environ.get("WAYHOME_FUZZ_EXAMPLES", "12"))
MODELS = (LabFile, LabOriginal, ChildProfile, ProfileFlag, DataKey, Due, AuditEvent)


def familias(path: Path, profiles: list[kinship.Profile]) -> object:
    """Each an unrelated person."""
    people = {profile.sample: profile for profile in profiles}
    pedigree = kinship.Pedigree(tuple(map(kinship.Member, people)), name="people")
    return kinship.write_familias(path, pedigrees=[pedigree], profiles=people, frequencies=kinship.population("china"))


def codis(path: Path, profiles: list[kinship.Profile]) -> object:
    """As sent from one laboratory to another."""
    about = {"source_lab": "GX01", "destination_ori": "GX02", "user": "analyst", "category": "Unidentified Person"}
    return kinship.write_codis(path, profiles, submitted=datetime(2011, 7, 19, 8), **about)  # type: ignore[arg-type]


FORMATS: dict[str, Callable[[Path, list[kinship.Profile]], object]] = {
    "long": kinship.write_profile_table,
    "wide": lambda path, profiles: kinship.write_profile_table(path, profiles, wide=True),
    "tabs": lambda path, profiles: kinship.write_profile_table(path, profiles, delimiter="\t"),
    "genemapper": kinship.write_genemapper,
    "genis": lambda path, profiles: kinship.write_genis(path, profiles, assignee="a", category="IR"),
    "codis": codis,
    "niem": lambda path, profiles: kinship.write_niem(path, (), profiles=profiles),
    "familias": familias,
}
DAMAGES = ("change", "drop", "put in", "repeat", "cut", "turn lines", "lose a cell", "other characters")


def damaged(whole: bytes, seed: int) -> bytes:
    """A copy to which one thing or more was done; with the first seed, none."""
    chance, spoilt = random.Random(seed), bytearray(whole)
    for _ in range(min(seed, chance.choice((1, 1, 2, 3)))):
        share, span = chance.random(), chance.randint(1, 60)
        at, length = int(share * len(spoilt)), chance.randint(1, 4)
        # What is no text is told at once; what might be an allele gets further.
        noise = bytes(chance.choices(b"0123456789.,XYOL;\t\n ", k=length)) if chance.random() < 0.8 else chance.randbytes(length)
        match chance.choice(DAMAGES):
            case "change":
                spoilt[at : at + len(noise)] = noise
            case "drop":
                del spoilt[at : at + span]
            case "put in":
                spoilt[at:at] = noise
            case "repeat":
                spoilt[at:at] = spoilt[at : at + span]
            case "cut":
                del spoilt[at:]
            case "turn lines":
                lines = bytes(spoilt).split(b"\n")
                n = int(share * len(lines))
                spoilt = bytearray(b"\n".join([*lines[n:], *lines[:n]]))
            case "lose a cell":
                cells = bytes(spoilt).split(b",")
                del cells[int(share * len(cells))]
                spoilt = bytearray(b",".join(cells))
            case "other characters":
                spoilt = bytearray(bytes(spoilt).decode("utf-8", "replace").encode("utf-16" if span % 2 else "gb18030"))
    return bytes(spoilt)


def there() -> dict[str, int]:
    """How many rows of everything that an import writes."""
    return {model.__name__: model.objects.count() for model in MODELS}


def said(invalid: Invalid) -> str:
    """How exactly a fault was told."""
    if invalid.fields != {"file": "unreadable"}:
        assert invalid.fields in ({"file": "nothing_to_take"}, {"file": "empty"})
        return "nothing in it"
    assert invalid.data["told"], "nobody is told what is wrong"
    return "with its line" if invalid.data["line"] else "with its field" if invalid.data["where"] else "of the whole"


@pytest.fixture
def kits(world: World) -> list[str]:
    """Numbers of two children's kits that came."""
    return [sample(world, world.in_hospital(), by="nurse").number for _ in range(2)]


@pytest.mark.parametrize("name", FORMATS)
def test_it_is_taken_whole_or_refused_with_what_is_wrong(world: World, kits: list[str], name: str, tmp_path: Path) -> None:
    chance = random.Random(1)
    FORMATS[name](tmp_path / "good", [kinship.Profile.from_calls(one, somebody(chance), kit=PANEL) for one in kits])
    whole = (tmp_path / "good").read_bytes()
    told: Counter[str] = Counter()

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize="WAYHOME_FUZZ_EXAMPLES" not in os.environ,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(seed=st.integers(0, 2**32))
    def comes_in(seed: int) -> None:
        point = transaction.savepoint()
        try:
            told[once(damaged(whole, seed and zlib.crc32(f"{name} {seed}".encode())))] += 1
        finally:
            transaction.savepoint_rollback(point)

    def once(data: bytes) -> str:
        before = there()
        who: dict[str, Any] = {"by": world.actor("analyst"), "at": world.now()}
        wrong: Invalid | None = None
        try:
            found = preview(name="run", data=data, signature=None, **who)
            assert there() == before, "a look changed something"
            left = {row.sample for row in found.left}
            file = import_file(name="run", data=data, signature=None, leave_out=left, **who)
        except Invalid as invalid:
            wrong = invalid
        if wrong is not None:
            assert there() == before, "half of it was written"
            return said(wrong)
        rows = ChildProfile.objects.filter(file=file).select_related("kit")
        assert len(rows) == len(found.taken) == there()["ChildProfile"] - before["ChildProfile"]
        assert opened.original(file) == data
        read = opened.children(rows)
        assert {kit: len(profile.genotypes) for (kit, _), profile in read.items()} == {
            row.kit.pk: row.loci for row in found.taken if row.kit is not None
        }
        return "taken"

    comes_in()
    print(f"\n{name}: {dict(told)}")
    assert told["taken"] > 0, "no file was good enough to be taken"
    assert told["with its line"] + told["with its field"] > 0, "no fault was told with its place"
    assert told.total() >= EXAMPLES
