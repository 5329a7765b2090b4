"""Attempts by SQL to have a child matched with somebody else: with the rights of the web role and with the owner's."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from factories.matching import House, typed
from trust.identification import Lab, a_lab, anew, believed
from trust.raw_sql import copied, in_vain, web_role
from wayhome.casework.core import guards
from wayhome.casework.families import actions as families
from wayhome.casework.families.models import Consent
from wayhome.casework.laboratory.models import ChildProfile, Kit, KitHop, LabFile, RelativeProfile
from wayhome.casework.matching.actions import reading
from wayhome.casework.matching.models import Candidate, DossierSample, Reading, Search, SecondCheck

NEVER = "append_only"
Sql = Callable[[Lab], str]


@pytest.fixture(scope="module")
def _lab(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with a_lab(django_db_blocker, tmp_path_factory.mktemp("index") / "it") as lab:
        typed(lab.world, {lab.hers: lab.liar.calls["mother"]})
        lab.liar.search()
        reading.read(candidate=lab.unread, conclusion="excludes", note="x", **lab.who("analyst"))
        yield lab


@pytest.fixture
def lab(_lab: Lab, db: None, settings: Any, tmp_path: Path) -> Iterator[Lab]:
    """See `trust.identification`; the liar's honest tube was typed, and one analyst excluded what is to be read."""
    shutil.copytree(settings.WAYHOME_INDEX, tmp_path / "index")
    settings.WAYHOME_INDEX = tmp_path / "index"
    yield anew(_lab)
    transaction.set_rollback(True)


def _confirmed(lab: Lab, candidate: Candidate, by: str = "lab_supervisor") -> str:
    return (
        "INSERT INTO matching_confirmation (candidate_id, note, by_id, at)"
        f" SELECT id, '', {lab.world.staff[by].pk}, at FROM matching_candidate WHERE id = {candidate.pk}"
    )


def _read(lab: Lab, by: str = "analyst2", **more: Any) -> str:
    row = Reading.objects.get(candidate=lab.unread)
    return copied(row, **{"n": 2, "by_id": lab.world.staff[by].pk, "conclusion": "'supports'"} | more)


def withdraws(house: House) -> None:
    """A father of whom a candidate tells."""
    consent = Consent.objects.get(relative=house.kin["father"])
    families.withdraw_consent(consent=consent, by=house.world.actor("officer"), at=house.world.now())


def _set(table: str, what: str) -> Sql:
    return lambda lab: f"UPDATE {table} SET {what}"


def _gone(table: str) -> Sql:
    return lambda lab: f"DELETE FROM {table}"


def _hop(lab: Lab, kind: str, by: str, kit: Kit | None = None, **more: Any) -> str:
    """One hop more of a tube."""
    row = KitHop.objects.filter(kit=kit or lab.hers, kind="received").get()
    return copied(row, **{"n": "n + 1", "kind": f"'{kind}'", "by_id": lab.world.staff[by].pk} | more)


def _profile(lab: Lab, **more: Any) -> str:
    row = RelativeProfile.objects.get(kit=lab.hers)
    return copied(row, **{"n": "n + 1"} | more)


RAW: dict[str, tuple[str, Sql]] = {
    "confirmed by an analyst": ("not_allowed", lambda lab: _confirmed(lab, lab.ready, "analyst3")),
    "confirmed by an officer": ("not_allowed", lambda lab: _confirmed(lab, lab.ready, "officer")),
    "confirmed by another laboratory": ("not_allowed", lambda lab: _confirmed(lab, lab.ready, "head_gd")),
    "confirmed by a reader, under another number": (
        "self_approval",
        lambda lab: _confirmed(lab, lab.ready, lab.twin("analyst2", "lab_supervisor")),
    ),
    "confirmed unread": ("not_supported", lambda lab: _confirmed(lab, lab.unread)),
    "read by an officer": ("not_allowed", lambda lab: _read(lab, "officer")),
    "read by another laboratory": ("not_allowed", lambda lab: _read(lab, "analyst_gd")),
    "read again by the same": ("already_there", lambda lab: _read(lab, "analyst")),
    "read again by the same, under another number": ("self_approval", lambda lab: _read(lab, lab.twin("analyst"))),
    "read out of turn": ("not_last", lambda lab: _read(lab, n=3)),
    "read a fourth time": (
        "read_already",
        lambda lab: copied(Reading.objects.filter(candidate=lab.ready)[0], n=3, by_id=lab.world.staff["analyst3"].pk),
    ),
    "a reading turned": (NEVER, _set("matching_reading", "conclusion = 'supports'")),
    "a reading less": (NEVER, _gone("matching_reading")),
    "a candidate of another family": (NEVER, lambda lab: f"UPDATE matching_candidate SET request_id = {lab.liar.request.pk}"),
    "a candidate of another child": (NEVER, lambda lab: f"UPDATE matching_candidate SET child_id = {lab.ward.pk}"),
    "a candidate invented": ("dossier_old", lambda lab: copied(lab.ready, request_id=lab.liar.request.pk)),
    "a candidate of another search": ("other_search", lambda lab: copied(lab.ready, child_id=lab.ward.pk)),
    "a search invented": ("other_person", lambda lab: copied(Search.objects.order_by("pk")[0], child_id=lab.ward.pk)),
    "a search less": (NEVER, _gone("matching_search")),
    "a sample of somebody else": (
        "already_there",
        lambda lab: copied(DossierSample.objects.order_by("pk")[0], kit_id=lab.hers.pk),
    ),
    "a sample exchanged": (NEVER, lambda lab: f"UPDATE matching_dossiersample SET kit_id = {lab.hers.pk}"),
    "second samples that were never taken": (
        "not_a_second",
        lambda lab: copied(SecondCheck.objects.get(), candidate_id=lab.unread.pk),
    ),
    "second samples that agree": (NEVER, _set("matching_secondcheck", "agrees = (1 = 1)")),
    "an end undone": (NEVER, _gone("matching_candidateend")),
    "a refutation invented": (
        "not_refuted",
        lambda lab: (
            "INSERT INTO matching_candidateend (candidate_id, reason, by_id, at)"
            f" SELECT id, 'refuted', NULL, at FROM matching_candidate WHERE id = {lab.ready.pk}"
        ),
    ),
    "a tube of somebody else": (NEVER, lambda lab: f"UPDATE laboratory_kit SET relative_id = {lab.house.kin['mother'].pk}"),
    "a tube of another child": (NEVER, lambda lab: f"UPDATE laboratory_kit SET child_id = {lab.ward.pk}"),
    "a tube that is a second one": (NEVER, _set("laboratory_kit", "second = (1 = 1)")),
    "a tube ordered by another agency": (
        "not_of_file",
        lambda lab: copied(lab.hers, id=1, by_id=lab.world.staff["officer_gd"].pk),
    ),
    "a hop of another hand": (NEVER, lambda lab: f"UPDATE laboratory_kithop SET by_id = {lab.world.staff['officer2'].pk}"),
    "a hop less": (NEVER, _gone("laboratory_kithop")),
    "a hop that cannot follow": ("no_such_hop", lambda lab: _hop(lab, "taken", "officer")),
    "a profile by an officer": ("not_allowed", lambda lab: _profile(lab, by_id=lab.world.staff["officer"].pk)),
    "a profile by another laboratory": ("not_allowed", lambda lab: _profile(lab, by_id=lab.world.staff["analyst_gd"].pk)),
    "a profile of another tube": (NEVER, lambda lab: f"UPDATE laboratory_relativeprofile SET kit_id = {lab.his.pk}"),
    "another profile in its place": (NEVER, _set("laboratory_relativeprofile", "sealed = sealed")),
    "a profile less": ("consent_stands", _gone("laboratory_relativeprofile")),
    "a child's profile less": (NEVER, _gone("laboratory_childprofile")),
    "a child's profile of another tube": (
        NEVER,
        lambda lab: f"UPDATE laboratory_childprofile SET kit_id = {lab.wards.pk} WHERE id = {ChildProfile.objects.all()[0].pk}",
    ),
    "a file of another laboratory": (
        NEVER,
        lambda lab: f"UPDATE laboratory_labfile SET laboratory_id = {lab.world.agencies['lab_gd'].pk}",
    ),
    "a file with another digest": (NEVER, _set("laboratory_labfile", "sha256 = 'x'")),
    "a file taken twice": ("already_there", lambda lab: copied(LabFile.objects.order_by("pk")[0])),
    "a consent without an end": (NEVER, _set("families_consent", "until = '2099-01-01'")),
    "a withdrawal undone": (NEVER, _gone("families_consentwithdrawal")),
    "a tree that was another": (NEVER, _set("families_parentage", "parent_id = child_id")),
}


EITHER = {"read again by the same", "a sample of somebody else"}
"""Two things stand against these: which of them is said first differs between the engines."""


@pytest.mark.parametrize("role", ["web", "owner"])
@pytest.mark.parametrize("name", RAW)
def test_sql_matches_no_child_with_anybody_else(lab: Lab, name: str, role: str) -> None:
    code, sql = RAW[name][0], RAW[name][1](lab)
    owner = role == "owner"
    if name.endswith("undone"):
        withdraws(lab.fresh)
    with (
        contextlib.nullcontext() if owner else web_role(),
        in_vain(code if owner and name not in EITHER else ""),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)
    assert believed() == []


def test_the_honest_row_passes(lab: Lab) -> None:
    """The SQL is what the actions write: were it for a reader or a head in office, it would stand."""
    with connection.cursor() as cursor:
        cursor.execute(_read(lab))
        cursor.execute(_confirmed(lab, lab.ready))
    assert Reading.objects.filter(candidate=lab.unread).count() == 2
    assert [one.candidate for one in believed()] == [lab.ready]
    assert not guards.differences(connection)
