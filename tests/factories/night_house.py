"""Three countries with one night each, made up: police, hospital, three homes, and children who wait in hospital.

Run in a process of its own on an empty house; it prints what a browser needs: sessions, places, children.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

LANGUAGES = ("en", "zh-hans", "vi")
_AGENCIES = {
    "police": ("police", "公安局", ("officer",)),
    "hospital": ("hospital", "人民医院", ("nurse", "doctor")),
    "welfare": ("welfare", "民政局", ("caseworker", "placement_officer")),
}
_WAITING = ("小兰", "小荷", "小松")
HOMES = ("第一儿童福利院", "第二儿童福利院", "第三儿童福利院")


def fill() -> None:
    """Make it, and print it."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "wayhome.config.settings"
    import django

    django.setup()
    from django.db import transaction

    from wayhome.casework.accounts import actions
    from wayhome.casework.accounts.queries import actor_of

    at = datetime.now(UTC) - timedelta(hours=6)
    with transaction.atomic():
        countries = [
            actions.add_jurisdiction(
                code=f"C{n}", kind="country", parent=None, name_en=f"C {n}", name_zh=f"国{n}", name_vi=f"C {n}"
            )
            for n in range(len(LANGUAGES))
        ]
        ministry = actions.register_agency(by=None, at=at, code="M", kind="ministry", name="公安部", jurisdiction=countries[0])
        registrars = [
            actions.register_staff(
                by=None,
                at=at,
                number=f"R{i}",
                name=f"登记员{i}",
                id_number=f"99010119700101000{i}",
                agency=ministry,
                role="registrar",
            )
            for i in (1, 2)
        ]
        by = (actor_of(registrars[0]), actor_of(registrars[1]))
        told = {language: _night(n, language, countries[n], by, at) for n, language in enumerate(LANGUAGES)}
    print(json.dumps(told))


def _night(n: int, language: str, country: Any, by: Any, at: datetime) -> dict[str, Any]:
    from wayhome.casework.accounts.queries import actor_of
    from wayhome.casework.placements import actions as placements

    made = a_province(n, country, by, at, waiting=_WAITING, homes=HOMES)
    placements.report_capacity(
        facility=made.places["home1"],
        by=actor_of(made.staff["caseworker"]),
        at=at + timedelta(hours=3),
        beds=1,
        carers_day=1,
        carers_night=1,
        children_per_carer=2,
        daily_cost=120,
        funds=50_000,
    )
    return {
        "sessions": {role: _session(one, language) for role, one in made.staff.items()},
        "places": {key: place.pk for key, place in made.places.items()},
        "waiting": [child.number for child in made.children],
    }


@dataclass
class Province:
    """What is there."""

    staff: dict[str, Any] = field(default_factory=dict)
    places: dict[str, Any] = field(default_factory=dict)
    children: list[Any] = field(default_factory=list)


def a_province(n: int, country: Any, by: Any, at: datetime, *, waiting: Sequence[str], homes: Sequence[str]) -> Province:
    """Police, a hospital in which children wait, cleared, and homes that told nothing yet."""
    from wayhome.casework.accounts import actions
    from wayhome.casework.accounts.queries import actor_of
    from wayhome.casework.operations import actions as operations

    code = f"P{n}"
    where = actions.add_jurisdiction(
        code=code, kind="province", parent=country, name_en=f"Province {n}", name_zh=f"省{n}", name_vi=f"Tỉnh {n}"
    )
    made = Province()
    staff, places, agencies = made.staff, made.places, {}
    for kind, (agency_kind, name, roles) in _AGENCIES.items():
        agencies[kind] = actions.register_agency(
            by=by, at=at, code=f"{code}-{kind}", kind=agency_kind, name=f"{n}省{name}", jurisdiction=where
        )
        for role in roles:
            staff[role] = actions.register_staff(
                by=by,
                at=at,
                number=f"{code}-{role}",
                name="王李张陈杨"[len(staff)] + "秀英",
                id_number=f"99{n}{len(staff)}0219800101{n}{len(staff)}11",
                agency=agencies[kind],
                role=role,
            )
    kinds = {"post": ("police", "police_post", "打拐大队"), "hospital": ("hospital", "hospital", "儿科")}
    kinds |= {f"home{i}": ("welfare", "welfare_institution", name) for i, name in enumerate(homes)}
    for key, (agency, kind, name) in kinds.items():
        places[key] = actions.register_facility(
            by=by,
            at=at,
            code=f"{code}-{key}",
            agency=agencies[agency],
            kind=kind,
            name=name,
            address=f"{n}省平安路{len(places) + 1}号",
            jurisdiction=where,
        )
    officer = actor_of(staff["officer"])
    operation = operations.record_operation(code=f"2011.{n}", title="a raid", zero_hour=at, jurisdiction=where, by=officer, at=at)
    event = operations.record_rescue(
        operation=operation, jurisdiction=where, place=f"{n}省柳巷{n}号", found_at=at, by=officer, at=at
    )
    made.children = [_waiting(name, event, places, staff, at + timedelta(minutes=10 + i)) for i, name in enumerate(waiting)]
    return made


def _waiting(name: str, event: Any, places: Any, staff: Any, at: datetime) -> Any:
    """A child that a doctor has cleared in the hospital."""
    from wayhome.casework.accounts.queries import actor_of
    from wayhome.casework.custody import actions as custody
    from wayhome.casework.custody.rules import Kind

    by = {role: actor_of(one) for role, one in staff.items()}
    intake = custody.Intake(
        event=event,
        post=places["post"],
        sex="F",
        call_name=name,
        started_at=event.found_at,
        condition="睡着",
        age=(30, 60, "sight"),
    )
    child = custody.take_into_care(intake=intake, by=by["officer"], at=at)
    offer = custody.offer_handover(
        child=child, to_facility=places["hospital"], kind=Kind.HOSPITAL, wristband=child.number, place="急诊", condition="睡着",
        by=by["officer"], at=at + timedelta(minutes=5),
    )  # fmt: skip
    custody.accept_handover(offer_id=offer.pk, wristband=child.number, by=by["nurse"], at=at + timedelta(minutes=30))
    custody.clear(child=child, fit=True, level="ordinary", by=by["doctor"], at=at + timedelta(hours=2))
    return child


def _session(staff: Any, language: str) -> str:
    """Somebody who has come in, with the second factor that the role asks for."""
    from allauth.mfa.totp.internal import auth
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from wayhome.casework.accounts import actions

    user = actions.open_account(staff=staff, username=staff.number, password=None, language=language)
    auth.TOTP.activate(user, auth.generate_totp_secret())
    store = SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.create()
    return str(store.session_key)
