"""A key is made once, opened by those who may, and ended for good."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from wayhome.casework.core import readiness
from wayhome.casework.core.errors import database_refusal
from wayhome.casework.vault import actions, copies, queries
from wayhome.casework.vault.models import DataKey, DataKeyEnd, HouseKey
from wayhome.casework.vault.rules import Broken, Locked, Purpose

pytestmark = pytest.mark.django_db
NOW = datetime(2011, 7, 25, 8, tzinfo=UTC)
ME = "somebody:17"


def refused(code: str, write: Any) -> None:
    from django.db import DatabaseError

    with pytest.raises(DatabaseError) as error, transaction.atomic():
        write()
    assert database_refusal(error.value) == code


def test_a_key_opens_for_its_purpose() -> None:
    mine = actions.make_key(purpose=Purpose.RELATIVES, of=ME, at=NOW)
    childs = actions.make_key(purpose=Purpose.CHILDREN, of="child:1", at=NOW)
    assert mine != childs
    assert queries.opened(Purpose.RELATIVES, [ME, "somebody:18", "child:1"]) == {ME: mine}
    assert queries.opened(Purpose.CHILDREN, ["child:1", ME]) == {"child:1": childs}
    assert mine not in bytes(DataKey.objects.get(of=ME).wrapped)


def test_more_than_one_question_holds() -> None:
    made = {f"somebody:{n}": actions.make_key(purpose=Purpose.RELATIVES, of=f"somebody:{n}", at=NOW) for n in range(501)}
    assert queries.opened(Purpose.RELATIVES, made) == made


def test_the_web_writes_and_does_not_read(settings: Any) -> None:
    settings.WAYHOME_OPENS = frozenset({"children"})
    actions.make_key(purpose=Purpose.RELATIVES, of=ME, at=NOW)
    with pytest.raises(Locked):
        queries.opened(Purpose.RELATIVES, [ME])
    assert queries.opened(Purpose.CHILDREN, [ME]) == {}
    assert list(queries.problems(connection)) == []


def test_without_its_file_nothing_opens(settings: Any, tmp_path: Path) -> None:
    actions.make_key(purpose=Purpose.RELATIVES, of=ME, at=NOW)
    settings.WAYHOME_KEYS = tmp_path
    with pytest.raises(Locked):
        queries.opened(Purpose.RELATIVES, [ME])
    told = readiness.problems(connection)
    assert [problem for problem in told if "relatives" in problem.what and "missing" in problem.what]
    (tmp_path / queries.key_path("relatives", HouseKey.objects.get(purpose="relatives").pk).name).write_text("00" * 32)
    with pytest.raises(Broken):
        queries.opened(Purpose.RELATIVES, [ME])
    assert any("another key" in problem.what for problem in queries.problems(connection))
    (tmp_path / queries.key_path("relatives", HouseKey.objects.get(purpose="relatives").pk).name).write_text("no key")
    assert any("cannot be read" in problem.what for problem in queries.problems(connection))


def test_a_key_under_another_name_does_not_open() -> None:
    actions.make_key(purpose=Purpose.RELATIVES, of=ME, at=NOW)
    stolen = DataKey.objects.get(of=ME)
    DataKey.objects.create(of="somebody:18", house_key=stolen.house_key, wrapped=stolen.wrapped, at=NOW)
    with pytest.raises(Broken):
        queries.opened(Purpose.RELATIVES, ["somebody:18"])


def test_an_ended_key_is_gone_and_stays_so() -> None:
    actions.make_key(purpose=Purpose.RELATIVES, of=ME, at=NOW)
    refused("key_in_use", lambda: DataKey.objects.filter(of=ME).delete())
    actions.end_key(of=ME, by_id=3, at=NOW)
    assert not DataKey.objects.filter(of=ME).exists()
    assert queries.opened(Purpose.RELATIVES, [ME]) == {}
    refused("key_ended", lambda: actions.make_key(purpose=Purpose.RELATIVES, of=ME, at=NOW))
    refused("key_unknown", lambda: DataKeyEnd.objects.create(of="somebody:99", at=NOW))


def test_a_key_is_not_changed_and_not_made_twice() -> None:
    actions.make_key(purpose=Purpose.RELATIVES, of=ME, at=NOW)
    refused("append_only", lambda: DataKey.objects.filter(of=ME).update(wrapped=b"x"))
    refused("already_there", lambda: actions.make_key(purpose=Purpose.RELATIVES, of=ME, at=NOW))


def test_the_house_keeps_its_keys() -> None:
    assert set(HouseKey.objects.values_list("purpose", flat=True)) == set(Purpose)
    assert actions.make_house_keys() == []
    for key in HouseKey.objects.all():
        path = queries.key_path(key.purpose, key.pk)
        assert path.stat().st_mode & 0o777 == 0o600
        assert path.parent.stat().st_mode & 0o777 == 0o700
    assert list(queries.problems(connection)) == []


def test_keys_go_to_a_file_and_back(tmp_path: Path) -> None:
    made = {f"somebody:{n}": actions.make_key(purpose=Purpose.RELATIVES, of=f"somebody:{n}", at=NOW) for n in range(3)}
    path = tmp_path / "keys"
    copies.write(path, copies.keys("default"))
    for of in made:
        actions.end_key(of=of, by_id=None, at=NOW)
    rows = copies.read(path)
    assert [row["of"] for row in rows] == sorted(made)
    # Their ends are known here, so none goes in again.
    assert copies.put_in(rows, using="default") == 0
    assert copies.put_in([{**row, "of": f"other:{n}"} for n, row in enumerate(rows)], using="default") == 3
    assert DataKey.objects.count() == 3


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: "",
        lambda text: "not keys at all\n",
        lambda text: text.rsplit("\n", 2)[0] + "\n",
        lambda text: text.replace("wayhome keys 1", "wayhome keys 2"),
        lambda text: text.replace('"wrapped": "', '"wrapped": "zz'),
        lambda text: text.replace('"of"', '"off"'),
        lambda text: text.replace('"at": "', '"at": "x'),
    ],
)
def test_what_is_no_file_of_keys_is_refused(spoil: Any, tmp_path: Path) -> None:
    actions.make_key(purpose=Purpose.RELATIVES, of=ME, at=NOW)
    path = tmp_path / "keys"
    copies.write(path, copies.keys("default"))
    assert len(copies.read(path)) == 1
    path.write_text(spoil(path.read_text()))
    with pytest.raises(copies.NoKeys):
        copies.read(path)
