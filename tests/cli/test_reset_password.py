"""A forgotten password is given anew by the owner: told once, changed at the next login, and never by the web role."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from factories.house import House
from factories.house import refused as told_refused
from factories.world import World
from wayhome.casework.accounts import actions as accounts
from wayhome.casework.accounts.models import User
from wayhome.casework.audit.models import AuditEvent

from .conftest import Ended, Wayhome

ASKED = ("account", "reset-password", "nurse")
BY = ("--by", "administrator")
OLD = "correct horse battery staple"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PROBE = """
import os, sys
import django
django.setup()
from wayhome.casework.accounts.models import User
from wayhome.casework.audit.models import AuditEvent
user = User.objects.get(username="nurse")
print(user.check_password(sys.argv[1]), user.first_password, AuditEvent.objects.filter(action="accounts.reset_password").count())
"""


@pytest.fixture
def nurse(world: World) -> User:
    """With a password and a second factor of her own."""
    user = accounts.open_account(staff=world.staff["nurse"], username="nurse", password=OLD, own_password=True)
    user.authenticator_set.create(type="totp", data={"secret": "none"})
    return user


def password_in(ended: Ended) -> str:
    assert (ended.code, ended.err) == (0, "")
    (password,) = re.findall(r"^password  (\S+)$", ended.out, re.M)
    return str(password)


def inside(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    assert client.get(reverse("account")).status_code == 200
    return client


def events() -> list[tuple[str, int, str, dict[str, Any]]]:
    told = AuditEvent.objects.filter(action__startswith="accounts.reset").order_by("n")
    return [(event.action, event.staff_id, event.subject, json.loads(event.data)) for event in told]


def test_a_password_given_anew(wayhome: Wayhome, world: World, nurse: User) -> None:
    password = password_in(wayhome(*ASKED, *BY))
    assert len(password) >= 20
    nurse.refresh_from_db()
    assert (nurse.check_password(password), nurse.check_password(OLD), nurse.first_password) == (True, False, True)
    assert nurse.authenticator_set.count() == 1, "a forgotten password is no lost telephone"
    assert events() == [("accounts.reset_password", world.staff["administrator"].pk, f"user:{nurse.pk}", {"sessions": 0})]
    assert password not in "".join(AuditEvent.objects.values_list("data", flat=True))
    assert inside_goes_to(nurse) == reverse("account_change_password")
    assert password_in(wayhome(*ASKED, *BY)) != password


def inside_goes_to(user: User) -> str:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return str(client.get(reverse("today"))["Location"])


def test_whoever_is_in_is_out_and_nobody_else(wayhome: Wayhome, world: World, nurse: User) -> None:
    doctor = accounts.open_account(staff=world.staff["doctor"], username="doctor", password=None)
    doctor.authenticator_set.create(type="totp", data={"secret": "none"})
    here, there, other, half = inside(nurse), inside(nurse), inside(doctor), Client()
    assert half.post(reverse("account_login"), {"login": "nurse", "password": OLD})["Location"] == reverse("mfa_authenticate")
    assert Session.objects.count() == 4
    password_in(wayhome(*ASKED, *BY))
    assert events()[0][3] == {"sessions": 3}
    assert Session.objects.count() == 1
    for client in (here, there):
        assert client.get(reverse("account"))["Location"].startswith(reverse("account_login"))
    assert half.get(reverse("mfa_authenticate"))["Location"] == reverse("account_login")
    assert other.get(reverse("account")).status_code == 200


def test_the_second_factor_too_as_an_event_of_its_own(wayhome: Wayhome, world: World, nurse: User) -> None:
    by = world.staff["administrator"].pk
    ended = wayhome(*ASKED, *BY, "--second-factor")
    password_in(ended)
    assert "Second factors taken off: 1." in ended.out
    assert not nurse.authenticator_set.exists()
    assert events() == [
        ("accounts.reset_password", by, f"user:{nurse.pk}", {"sessions": 0}),
        ("accounts.reset_second_factor", by, f"user:{nurse.pk}", {"taken": 1}),
    ]


def test_who_may_and_for_whom(wayhome: Wayhome, world: World, nurse: User) -> None:
    for arguments, told in (
        ((*ASKED, "--by", "supervisor"), "not_allowed"),
        ((*ASKED, "--by", "nobody"), "nobody at work"),
        (("account", "reset-password", "nobody", *BY), "nobody at work has the login"),
    ):
        wayhome(*arguments).refused(told)
        wayhome(*arguments, "--second-factor").refused(told)
    assert world.registrars is not None
    accounts.end_staff(staff=world.staff["nurse"], reason="left", by=world.registrars, at=world.now())
    wayhome(*ASKED, *BY).refused("nobody at work has the login")
    nurse.refresh_from_db()
    assert (nurse.check_password(OLD), nurse.first_password, nurse.authenticator_set.count(), events()) == (True, False, 1, [])


def test_the_command_itself_and_not_as_the_web_role(house: House) -> None:
    """In processes of their own, on the engine of the run."""
    assert house.run("account", "open", "nurse").returncode == 0
    told_refused(house.run(*ASKED, *BY, WAYHOME_ROLE="web"), "web role", "as the owner")
    assert house.run("none", code=PROBE).stdout.split() == ["False", "True", "0"]
    done = house.run(*ASKED, *BY)
    assert done.returncode == 0, done.stderr
    (password,) = re.findall(r"^password  (\S+)$", done.stdout, re.M)
    assert house.run(password, code=PROBE).stdout.split() == ["True", "True", "1"]
