"""The way in: password, second factor, throttling, session limits; and what stands in front of every page."""

from __future__ import annotations

import re
import time
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from factories.world import World
from wayhome.casework.accounts import actions as accounts
from wayhome.casework.accounts.models import User
from wayhome.casework.accounts.rules import MFA_REQUIRED
from wayhome.casework.audit.models import AuditEvent
from wayhome.casework.core.errors import NotAllowed
from wayhome.web import middleware

PASSWORD = "nine-lanterns-over-beilun"


def account(world: World, name: str, *, mfa: bool = False) -> User:
    """A login with a password."""
    user = accounts.open_account(staff=world.staff[name], username=name, password=PASSWORD, own_password=True)
    if mfa:
        totp.TOTP.activate(user, totp.generate_totp_secret())
    return user


def log_in(name: str, password: str = PASSWORD, client: Client | None = None):
    """The first page of the way in, and what came of it."""
    client = client or Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client, client.post(reverse("account_login"), {"login": name, "password": password})


def code_of(user: User) -> str:
    """What the app on the user's phone shows now."""
    from allauth.mfa.adapter import get_adapter

    secret = get_adapter().decrypt(Authenticator.objects.get(user=user, type="totp").data["secret"])
    counter = int(time.time()) // 30
    return str(totp.format_hotp_value(totp.hotp_value(secret, counter)))


def test_a_password_opens_for_a_role_that_needs_no_second_factor(world: World) -> None:
    account(world, "nurse")
    client, answer = log_in("nurse")
    assert answer.status_code == 302
    assert client.get(reverse("today")).status_code == 200


def test_a_role_that_approves_is_led_to_a_second_factor_and_can_do_nothing_else(world: World) -> None:
    child = world.in_hospital()
    assert world.staff["doctor"].role in MFA_REQUIRED
    account(world, "doctor")
    client, _ = log_in("doctor")
    for address in (reverse("today"), reverse("children"), reverse("child", args=[child.number]), reverse("break_glass")):
        answer = client.get(address)
        assert (answer.status_code, answer.headers.get("Location")) == (302, reverse("mfa_index"))
    page = client.get(reverse("mfa_index"))
    assert page.status_code == 200
    assert "a password alone is not enough" in page.content.decode()
    assert client.get(reverse("mfa_activate_totp"), follow=True).status_code == 200


def test_a_password_that_somebody_else_chose_opens_nothing_but_its_change(world: World) -> None:
    user = accounts.open_account(staff=world.staff["doctor"], username="doctor", password=PASSWORD)
    client, answer = log_in("doctor")
    assert answer.status_code == 302
    change = reverse("account_change_password")
    for name in ("today", "children", "account", "mfa_index", "mfa_add_webauthn", "tokens", "account_reauthenticate"):
        answer = client.get(reverse(name))
        assert (answer.status_code, answer.headers.get("Location")) == (302, change), name
    assert client.post(reverse("register")).headers["Location"] == change
    page = client.get(change)
    assert "Somebody else chose this password" in page.content.decode()
    assert "<nav" not in page.content.decode(), "no way is shown that leads nowhere"
    new = "eleven-bridges-of-fangcheng"
    for told in (
        {"oldpassword": PASSWORD, "password1": PASSWORD, "password2": PASSWORD},
        {"oldpassword": "wrong", "password1": new, "password2": new},
        {"oldpassword": PASSWORD, "password1": "short", "password2": "short"},
    ):
        assert client.post(change, told).status_code == 200
        assert client.get(reverse("mfa_index")).status_code == 302
    assert not AuditEvent.objects.filter(action="accounts.change_password").exists()

    answer = client.post(change, {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("today"))
    assert client.get(reverse("mfa_index")).status_code == 200, "the next thing is the second factor of the role"
    event = AuditEvent.objects.get(action="accounts.change_password")
    assert (event.subject, event.data, event.staff_id) == (f"user:{user.pk}", '{"first":true}', user.staff_id)
    assert log_in("doctor", new)[1].status_code == 302
    assert log_in("doctor")[1].status_code == 200, "the first password opens nothing any more"


@pytest.mark.parametrize("language", ["zh-hans", "vi"])
def test_the_way_in_says_in_ones_language_what_is_wrong(world: World, language: str) -> None:
    accounts.open_account(staff=world.staff["nurse"], username="nurse", password=PASSWORD, language=language)
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    wrong = client.post(reverse("account_login"), {"login": "nurse", "password": "wrong"}).content.decode()
    client.post(reverse("account_login"), {"login": "nurse", "password": PASSWORD})
    told = {"oldpassword": "wrong", "password1": PASSWORD, "password2": "other"}
    wrong += client.post(reverse("account_change_password"), told).content.decode()
    assert wrong.count("data-focus") == 2
    for text in ("username and/or", "Current Password", "your current password", "New Password", "the same password each time"):
        assert text not in wrong


def test_a_program_works_on_while_the_password_waits(world: World) -> None:
    accounts.open_account(staff=world.staff["nurse"], username="nurse", password=PASSWORD)
    secret = accounts.give_token(
        staff=world.staff["nurse"],
        scopes=["me"],
        label="tablet",
        by=world.actor("nurse"),
        at=timezone.now(),
        expires_at=timezone.now() + timedelta(days=1),
    )
    assert Client().get("/api/v1/me", headers={"Authorization": f"Bearer {secret}"}).status_code == 200


def test_one_changes_a_password_of_ones_own_whenever_one_likes(world: World) -> None:
    account(world, "nurse")
    client, _ = log_in("nurse")
    new = "eleven-bridges-of-fangcheng"
    answer = client.post(
        reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": new, "password2": new}, follow=True
    )
    assert "The password is changed." in answer.content.decode()
    assert AuditEvent.objects.get(action="accounts.change_password").data == '{"first":false}'
    with pytest.raises(NotAllowed):
        user = User.objects.get(username="nurse")
        accounts.change_password(user=user, password=PASSWORD, by=world.actor("doctor"), at=world.now())


def test_with_a_second_factor_the_code_is_asked_and_a_wrong_one_opens_nothing(world: World) -> None:
    user = account(world, "doctor", mfa=True)
    client, answer = log_in("doctor")
    assert answer.headers["Location"] == reverse("mfa_authenticate")
    assert client.get(reverse("today")).status_code == 302
    wrong = f"{(int(code_of(user)) + 1) % 1000000:06d}"
    assert client.post(reverse("mfa_authenticate"), {"code": wrong}).status_code == 200
    assert client.get(reverse("today")).status_code == 302
    client.post(reverse("mfa_authenticate"), {"code": code_of(user)})
    assert client.get(reverse("today")).status_code == 200


def test_the_secret_of_an_app_lies_encrypted(world: World) -> None:
    user = account(world, "doctor")
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(user, secret)
    stored = Authenticator.objects.get(user=user, type="totp").data["secret"]
    assert secret not in stored
    assert len(code_of(user)) == 6


def test_guessing_is_stopped_for_that_account_at_that_address_and_not_for_ever(world: World, monkeypatch) -> None:
    account(world, "nurse")
    account(world, "caseworker")
    for _ in range(settings.AXES_FAILURE_LIMIT):
        _, answer = log_in("nurse", "wrong")
    assert answer.status_code == 429
    assert "15 minutes" in answer.content.decode()
    assert log_in("nurse")[1].status_code == 429
    assert log_in("caseworker")[1].status_code == 302, "a colleague at the same address gets in"
    elsewhere = Client(REMOTE_ADDR="10.1.2.3")
    assert log_in("nurse", client=elsewhere)[1].status_code == 302, "and the same person from elsewhere"
    from axes.models import AccessAttempt

    AccessAttempt.objects.update(attempt_time=AccessAttempt.objects.first().attempt_time - settings.AXES_COOLOFF_TIME * 2)
    assert log_in("nurse")[1].status_code == 302, "after the rest"


@pytest.mark.parametrize(("key", "seconds"), [("seen", middleware.IDLE_SECONDS), ("began", middleware.LONGEST_SECONDS)])
def test_a_session_ends_by_rest_and_by_age(world: World, client_of, key: str, seconds: int) -> None:
    client = client_of("nurse")
    assert client.get(reverse("today")).status_code == 200
    session = client.session
    session[key] = int(time.time()) - seconds + 5
    session.save()
    assert client.get(reverse("today")).status_code == 200
    session = client.session
    session[key] = int(time.time()) - seconds - 5
    session.save()
    assert client.get(reverse("today")).status_code == 302


def test_who_left_is_out_at_once(world: World, client_of) -> None:
    client = client_of("nurse")
    assert client.get(reverse("today")).status_code == 200
    assert world.registrars is not None
    accounts.end_staff(staff=world.staff["nurse"], reason="left", by=world.registrars, at=world.now())
    answer = client.get(reverse("today"))
    assert answer.status_code == 403
    assert 'data-code="no_longer_staff"' in answer.content.decode()


def test_nobody_signs_up(world: World) -> None:
    answer = Client().get(reverse("account_signup"))
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(reverse("account_login"))


def test_the_cookies_are_kept_to_this_house(world: World) -> None:
    account(world, "nurse")
    client, _ = log_in("nurse")
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    assert (cookie["samesite"], bool(cookie["httponly"]), cookie["path"]) == ("Strict", True, "/")


def test_passwords_are_hashed_with_argon2(world: World) -> None:
    assert account(world, "nurse").password.startswith("argon2$argon2id$")


def test_every_page_is_fenced(world: World, client_of) -> None:
    child = world.in_hospital()
    client = client_of("doctor")
    addresses = [reverse(name) for name in ("today", "children", "account", "mfa_index")]
    addresses += [reverse(name, args=[child.number]) for name in ("child", "chart", "hand_over", "wristband", "clearance")]
    addresses += ["/nowhere/", reverse("exclusions")]
    pages = [client.get(address) for address in addresses] + [Client().get(reverse("account_login"))]
    for page in pages:
        policy = page.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "http" not in policy
        assert page.headers["Cache-Control"] == "no-store" or "no-store" in page.headers["Cache-Control"]
        assert page.headers["X-Frame-Options"] == "DENY"
        text = page.content.decode()
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", text)
        for script in re.findall(r"<script\b[^>]*>[^<]*", text):
            assert "src=" in script or 'type="application/json"' in script
        for found in re.findall(r'(?:src|href)="(/static/[^"]+)"', text):
            assert finders.find(found.removeprefix("/static/")), found
        assert not re.search(r'(?:src|href|action)="(?:https?:)?//', text)


def test_confirming_who_one_is_opens_what_asks_for_it(world: World) -> None:
    user = account(world, "doctor", mfa=True)
    client, _ = log_in("doctor")
    client.post(reverse("mfa_authenticate"), {"code": code_of(user)})
    asked = client.get(reverse("break_glass"))
    assert asked.status_code == 302
    assert asked.headers["Location"].startswith(reverse("account_reauthenticate"))
    client.post(asked.headers["Location"], {"password": PASSWORD})
    assert client.get(reverse("break_glass")).status_code == 200


def test_the_language_is_switched_in_place(world: World, client_of) -> None:
    client = client_of("nurse")
    said = {}
    for language in ("en", "zh-hans", "vi"):
        answer = client.post(reverse("set_language"), {"language": language, "next": reverse("children")})
        assert answer.headers["Location"] == reverse("children")
        page = client.get(reverse("children")).content.decode()
        assert f'<html lang="{language}">' in page
        said[language] = re.search(r"<h1>(.*?)\s*<", page)[1]
    assert len(set(said.values())) == 3


def test_an_error_of_the_house_tells_nothing(world: World, client_of, monkeypatch) -> None:
    from wayhome.web.views import today

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(today, "_alarms", broken)
    client = client_of("nurse")
    client.raise_request_exception = False
    answer = client.get(reverse("today"))
    assert answer.status_code == 500
    assert "secret detail" not in answer.content.decode()
    assert "safe" in answer.content.decode()
