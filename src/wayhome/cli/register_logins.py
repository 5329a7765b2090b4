"""`wayhome account` and `wayhome token`: logins of people and secrets of programs, for members of staff on the register."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from wayhome import kinship
from wayhome.cli.house import house, staff_at_work
from wayhome.cli.wording import listed

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without what is misread when it is read aloud."""


def open_account(number: str, language: str) -> None:
    """A login whose password is told this once."""
    with house():
        from wayhome.casework.accounts import actions, queries

        staff = queries.active_staff().filter(number=number).first()
        if staff is None:
            raise kinship.InputError(
                f'nobody at work has the number "{number}"', "Put them on the register first", field="NUMBER"
            )
        if queries.has_account(staff):
            raise kinship.InputError(
                "has an account already", "A forgotten password is changed by the administrator", field=number
            )
        password = "-".join("".join(secrets.choice(ALPHABET) for _ in range(5)) for _ in range(4))
        actions.open_account(staff=staff, username=number, password=password, language=language)
    print(f"user      {number}")
    print(f"password  {password}")
    print("Told this once: hand it over in person, and have it changed at the first login.")


def give_token(number: str, scopes: Sequence[str], label: str, days: int, by: str) -> None:
    """A secret for a program that works for a member of staff, told this once."""
    with house():
        from wayhome.api.auth import SCOPES
        from wayhome.casework.accounts import actions, queries

        # "approve" stands for a person who proved who they are a moment ago, which nobody at this keyboard can do for them.
        given = sorted(set(SCOPES) - {"approve"})
        if unknown := sorted(set(scopes) - set(given)):
            raise kinship.InputError(f"{listed(unknown)} cannot be given", f"Known are {listed(given, 30)}", field="--scope")
        staff = queries.active_staff().filter(number=number).first()
        if staff is None:
            raise kinship.InputError(
                f'nobody at work has the number "{number}"', "Put them on the register first", field="NUMBER"
            )
        at = datetime.now(UTC)
        secret = actions.give_token(
            staff=staff,
            scopes=scopes,
            label=label,
            by=staff_at_work(by, "--by"),
            at=at,
            expires_at=at + timedelta(days=days),
        )
    print(f"token    {secret}")
    print(f"expires  {at + timedelta(days=days):%Y-%m-%d %H:%M} UTC")
    print("Told this once: only its digest is kept.")
