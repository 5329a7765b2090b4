"""A relative's sample goes in, they withdraw, and nothing that it showed is found again: not in the database's files, not in its
log, not in what was exported or printed, and not from a copy made before.

What is looked for is found before the worker has been round: else the test could not fail.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from factories.house import POSTGRESQL, House, empty_house
from factories.laboratory import LOCI

_SETUP = """
import json, os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "wayhome.config.settings"
import django
django.setup()
from django.db import connection
sys.path.insert(0, sys.argv[1])
from wayhome.casework.families.models import Consent
from wayhome.casework.laboratory.models import Entry, Kit, LabOriginal, RelativeProfile
from wayhome.casework.laboratory.queries import opened
from wayhome.casework.vault.models import DataKey
"""
FILL = (
    _SETUP
    + """
import random
from factories.laboratory import LOCI, family, sample, second_analyst, somebody, table
from factories.world import small_world
from wayhome.casework.core.schema import make_tables
from wayhome.casework.laboratory.actions.entries import enter
from wayhome.casework.laboratory.actions.files import import_file
from wayhome.casework.laboratory.models import EntryVerdict
make_tables(connection)
world = small_world()
second_analyst(world)
_, kin = family(world)
mother, father = sample(world, kin["mother"]), sample(world, kin["father"])
chance = random.Random(1)
hers = {locus: ("15.3", "17.3") for locus in LOCI}
told = {"signature": None, "by": world.actor("analyst"), "at": world.now()}
import_file(name="hers.csv", data=table({mother.number: hers}), **told)
import_file(name="his.csv", data=table({father.number: somebody(chance, "M")}), **told)
again = {**hers, LOCI[2]: ("9", "9"), LOCI[5]: ("9", "9"), LOCI[7]: ("9", "9")}
for who, calls in (("analyst", hers), ("analyst2", again)):
    enter(kit=mother, panel="", calls=calls, by=world.actor(who), at=world.now())
of = [f"relative:{mother.pk}:1", f"entry:{mother.pk}:1", f"entry:{mother.pk}:2"]
file = RelativeProfile.objects.get(kit=mother).file
of.append(f"file:{file.sha256[:32]}")
bytes_ = [bytes(one) for one in DataKey.objects.filter(of__in=of).values_list("wrapped", flat=True)]
assert len(bytes_) == 4
sealed = [RelativeProfile.objects.get(kit=mother), *Entry.objects.filter(kit=mother), LabOriginal.objects.get(file=file)]
bytes_ += [bytes(one.sealed)[:48] for one in sealed]
assert EntryVerdict.objects.get().differs == [LOCI[2], LOCI[5], LOCI[7]]
print(json.dumps({"bytes": [one.hex() for one in bytes_], "mother": mother.pk, "father": father.pk}))
"""
)
WITHDRAW = (
    _SETUP
    + """
from datetime import UTC, datetime
from wayhome.casework.accounts.queries import active_staff, actor_of
from wayhome.casework.families.actions import withdraw_consent
consent = Kit.objects.get(pk=int(sys.argv[2])).relative.consents.get()
withdraw_consent(consent=consent, by=actor_of(active_staff().get(number="officer")), at=datetime.now(UTC))
"""
)
OPENED = (
    _SETUP
    + """
rows = RelativeProfile.objects.select_related("kit")
print(json.dumps({"kits": sorted(kit for kit, _ in opened.relatives(rows)), "rows": rows.count()}))
"""
)
READ = (
    _SETUP
    + """
from django.db import transaction
if connection.vendor == "sqlite":
    connection.ensure_connection()
    connection.connection.execute("BEGIN")
    connection.connection.execute("SELECT count(*) FROM accounts_staff").fetchall()
else:
    connection.cursor().execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
    connection.cursor().execute("SELECT count(*) FROM accounts_staff")
print("open", flush=True)
sys.stdin.read()
"""
)
HOLD = (
    _SETUP
    + """
Kit.objects.count()
print("open", flush=True)
sys.stdin.read()
"""
)
TESTS = Path(__file__).resolve().parents[1]


def _said(house: House, code: str, *arguments: object) -> Any:
    done = house.run(TESTS, *arguments, code=code)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout) if done.stdout else None


def _on_disk(house: House) -> bytes:
    """All files of the house but its own keys; on PostgreSQL those of the database's tables, as they are after a checkpoint."""
    files = [path for path in house.folder.rglob("*") if path.is_file() and path.parent.name != "house.keys"]
    if POSTGRESQL:
        import psycopg

        with psycopg.connect(house.database, autocommit=True) as connection:
            connection.execute("CHECKPOINT")
            where = connection.execute(
                "SELECT current_setting('data_directory'), oid FROM pg_database WHERE datname = current_database()"
            )
            folder, oid = where.fetchone() or ("", 0)
        files += [path for path in (Path(folder) / "base" / str(oid)).iterdir() if path.is_file()]
    return b"\0".join(path.read_bytes() for path in files)


def _ways(locus: str, one: str, other: str) -> list[bytes]:
    """A genotype in every form in which the house writes one."""
    told = [f'"{locus}":["{one}","{other}"]', f'"{locus}": ["{one}", "{other}"]', f"{locus},{one},{other}"]
    told += [f"'{locus}': ('{one}', '{other}')", f"'{locus}': ['{one}', '{other}']"]
    return [text.encode() for text in told]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[House, Any]:
    """A house with the samples of a mother and a father, and what is to be looked for; to be copied."""
    house = empty_house(tmp_path_factory.mktemp("told"))
    return house, _said(house, FILL)


@contextlib.contextmanager
def _open(house: House, code: str) -> Iterator[None]:
    """Somebody has the database open all the while, as a server does: then SQLite keeps its log."""
    holder = house.start(TESTS, code=code, stdin=subprocess.PIPE)
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "open\n"
        yield
    finally:
        os.killpg(holder.pid, signal.SIGKILL)
        holder.communicate()


def test_nothing_is_left_of_who_withdrew(told: tuple[House, Any], tmp_path: Path) -> None:
    (tmp_path / "house").mkdir()
    house, hers = told[0].copied(tmp_path / "house"), told[1]
    needles = [bytes.fromhex(one) for one in hers["bytes"]]
    clear = [way for locus in LOCI for way in _ways(locus, "15.3", "17.3")]
    loci = [LOCI[2], LOCI[5], LOCI[7]]
    # PostgreSQL keeps a list in a form of its own, with the texts of it one after the other.
    odd = ["".join(loci).encode() if POSTGRESQL else json.dumps(loci).encode()]
    printed = []
    with _open(house, HOLD):
        copies = tmp_path / "copies"
        copies.mkdir()
        assert house.run("backup", copies / "before").returncode == 0
        key, heads = house.folder / "heads.key", house.folder / "heads"
        assert house.run("audit", "new-key", key).returncode == 0
        assert [needle for needle in [*needles, *odd] if needle not in _on_disk(house)] == []
        _said(house, WITHDRAW, hers["mother"])
        # The rows are gone, and their bytes are not: this is what the worker is for.
        before = _on_disk(house)
        assert [needle for needle in needles[:4] if needle not in before] == []
        worked = house.run("worker", "--once", "--heads", heads, "--key", key)
        assert (worked.returncode, worked.stderr) == (0, "")
        assert "keys gone from the disk: 4" in worked.stdout
        printed.append(worked.stdout)
        after = _on_disk(house)
        assert [needle.hex() for needle in [*needles, *clear, *odd] if needle in after] == []
        assert house.run("worker", "--once").stdout.count("keys gone") == 0
        done = house.run("backup", copies / "after")
        assert done.returncode == 0, done.stderr
    assert not [way for way in [*clear, *odd] if way in "".join(printed).encode()]
    kept = (copies / "before").read_bytes()
    assert not [needle for needle in [*needles[:4], *clear] if needle in kept], "a copy holds no key and no genotype"
    assert not [needle for needle in needles if needle in (copies / "after").read_bytes()]
    # The copy made before, with the file of keys that is kept: the father's opens, hers does not; with the old file it would.
    for keys, kits in (("after", [hers["father"]]), ("before", sorted([hers["mother"], hers["father"]]))):
        folder = tmp_path / f"again from {keys}"
        folder.mkdir()
        again = empty_house(folder)
        house.lend_keys(folder)
        done = again.run("restore", copies / "before", "--keys", copies / f"{keys}.keys", *(["--force"] if POSTGRESQL else []))
        assert done.returncode == 0, done.stderr
        assert _said(again, OPENED) == {"kits": kits, "rows": 2}


def test_it_is_not_said_to_be_done_while_somebody_reads_what_was_before(told: tuple[House, Any], tmp_path: Path) -> None:
    house, hers = told[0].copied(tmp_path), told[1]
    needles = [bytes.fromhex(one) for one in hers["bytes"]]
    with _open(house, HOLD):
        with _open(house, READ):
            _said(house, WITHDRAW, hers["mother"])
            worked = house.run("worker", "--once")
            assert (worked.returncode, worked.stderr) == (0, "")
            assert "keys gone" not in worked.stdout
            assert [needle for needle in needles if needle in _on_disk(house)] != []
        assert "keys gone from the disk: 4" in house.run("worker", "--once").stdout
        assert [needle for needle in needles if needle in _on_disk(house)] == []


@pytest.mark.skipif(not POSTGRESQL, reason="on SQLite the web role cannot even look whether the house is ready")
def test_who_may_not_see_to_it_says_so(told: tuple[House, Any], tmp_path: Path) -> None:
    house, hers = told[0].copied(tmp_path), told[1]
    _said(house, WITHDRAW, hers["mother"])
    worked = house.run("worker", "--once", WAYHOME_ROLE="web", WAYHOME_OPENS="children,relatives")
    assert worked.returncode == 2
    assert "keys gone from the disk: failed" in worked.stderr
    assert "keys gone from the disk: 4" in house.run("worker", "--once").stdout
