"""`wayhome demo --serve`: the replayed case on the loopback, with a login for every role that has work in the house.

The house keeps all its rules: whoever approves or oversees shows a code, here of one secret that all of them share.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from types import FrameType, MappingProxyType
from typing import Any

from wayhome import kinship
from wayhome.cli.demo_house import staged
from wayhome.cli.house import SETTINGS, house
from wayhome.cli.register_logins import new_password
from wayhome.cli.serve import THREADS, free
from wayhome.cli.terminal import console, table

HOST = "127.0.0.1"
LOGINS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "officer": ("CN-SX-officer", "anti-trafficking officer, Shanxi: register a child, hand it over"),
        "nurse": ("CN-SX-nurse", "nurse, Shanxi: accept a child, watch it"),
        "doctor": ("CN-SX-doctor", "doctor, Shanxi: clear a child"),
        "caseworker": ("CN-SX-caseworker", "caseworker, homes of Shanxi: tell room, answer the desk"),
        "placement": ("CN-SX-placement_officer", "placement officer, Shanxi: place children"),
        "supervisor": ("MPS-supervisor", "ministry: all provinces, plans, the bill, alarms"),
        "auditor": ("MPS-auditor", "auditor: what was done, and whether it was altered"),
        "administrator": ("MPS-administrator", "administrator: sees no child"),
    }
)
"""Name of a login, the number of its member of staff, and what it is good for."""
CODE_SECONDS = 30
GRACE = 15


@contextlib.contextmanager
def opened(db: str | None, port: int, *, families: int) -> Iterator[tuple[dict[str, Any], Callable[[], None]]]:
    """What was counted, and a function that serves until somebody ends it. A new story ends in this minute."""
    free(HOST, port)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _ended)
    now = datetime.now(UTC).replace(second=0, microsecond=0)
    with staged(db, until=now, families=families) as (told, where):
        yield told, lambda: _serve(where, port, kept=db is not None)


def _ended(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _serve(where: str, port: int, *, kept: bool) -> None:
    with house() as connection:
        passwords, secret = _logins()
        from wayhome.cli.demo_casework import began

        struck, threads = began(), THREADS[connection.vendor]
        connection.close()
    environment = {
        "WAYHOME_DATABASE": where,
        "WAYHOME_ROLE": "web",
        "WAYHOME_HOSTS": f"localhost,{HOST}",
        "WAYHOME_HTTPS": "0",
        "WAYHOME_DEBUG": "0",
        "DJANGO_SETTINGS_MODULE": SETTINGS,
    }
    server = subprocess.Popen(
        [sys.executable, "-P", "-m", "wayhome.cli.serving", HOST, str(port), "1", str(threads)],
        env=os.environ | environment,
    )
    try:
        _print(passwords, secret, struck, port, kept=kept)
        while server.poll() is None:
            _show_code(secret)
            time.sleep(1)
    except KeyboardInterrupt:
        print("\nended; the records are kept" if kept else "\nended, and the records with it", flush=True)
        return
    finally:
        _stop(server)
    raise kinship.InputError(f"the server ended by itself (code {server.returncode})", "See the lines above")


def _stop(server: subprocess.Popen[bytes]) -> None:
    """At Ctrl+C the terminal tells the server too; whoever ends this process alone ends the server with it."""
    server.terminate()
    try:
        server.wait(GRACE)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def _logins() -> tuple[dict[str, str], str]:
    """New passwords for all, told this once, and the secret of everybody's codes."""
    from allauth.mfa.models import Authenticator
    from allauth.mfa.totp.internal import auth
    from django.contrib.auth import get_user_model

    from wayhome.casework.accounts import actions, queries
    from wayhome.casework.accounts.rules import MFA_REQUIRED

    users = get_user_model().objects.select_related("staff")
    known = {user.username: user for user in users}
    if strangers := known.keys() - LOGINS.keys():
        # A real house is never given passwords that stand on a screen.
        raise kinship.InputError("somebody has a login here already", "Name a new file with --db", field=min(strangers))
    secret = auth.generate_totp_secret()
    passwords = {}
    for username, (number, _) in LOGINS.items():
        staff = queries.active_staff().filter(number=number).first()
        if staff is None:
            continue
        passwords[username] = new_password()
        user = known.get(username)
        if user is None:
            # Whoever reads the screen is the person: nobody else knows this password.
            user = actions.open_account(staff=staff, username=username, password=passwords[username], own_password=True)
        else:
            by, at = queries.actor_of(staff), datetime.now(UTC)
            actions.change_password(user=user, password=passwords[username], by=by, at=at)
        if staff.role in MFA_REQUIRED:
            Authenticator.objects.filter(user_id=user.pk).delete()
            auth.TOTP.activate(user, secret)
    return passwords, secret


def _print(passwords: Mapping[str, str], secret: str, struck: datetime, port: int, *, kept: bool) -> None:
    from wayhome.casework.accounts.rules import MFA_REQUIRED
    from wayhome.cli.demo_raids import SHANGHAI

    out = console()
    out.print()
    out.print(f"The house is open: http://{HOST}:{port}/", style="bold")
    shown = table("login", "password", "code", "who")
    for username, password in passwords.items():
        role = LOGINS[username][0].rpartition("-")[2]
        shown.add_row(username, password, "asked" if role in MFA_REQUIRED else "", LOGINS[username][1])
    out.print(shown)
    out.print()
    out.print(
        "The passwords are new each time and stand nowhere else. Pages are in English, 中文 and Tiếng Việt: see their foot."
    )
    out.print(f"Code of the second factor, for your app on the phone: secret {secret}", soft_wrap=True)
    out.print(f"or read it here: {_code(secret)} now, a new one every {CODE_SECONDS} seconds.")
    out.print(
        f"The clock is yours. In these records the first operation struck on {struck.astimezone(SHANGHAI):%d %B %Y, %H:%M} in "
        "Shanghai, and the rest follows at the distances of July 2011."
    )
    out.print(f"Ctrl+C ends it; the records {'are kept' if kept else 'are then gone'}.")
    sys.stdout.flush()


def _code(secret: str) -> str:
    from allauth.mfa.totp.internal import auth

    return str(auth.format_hotp_value(auth.hotp_value(secret, int(time.time()) // CODE_SECONDS)))


def _show_code(secret: str) -> None:
    """On a terminal, the code on one line that is written again and again."""
    if sys.stdout.isatty():
        print(f"\rcode {_code(secret)}, for {CODE_SECONDS - int(time.time()) % CODE_SECONDS:2d} s ", end="", flush=True)
