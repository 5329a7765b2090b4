"""`wayhome account`: logins of people on the register of staff."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

from wayhome import kinship
from wayhome.cli.house import house, staff_at_work

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without what is misread when it is read aloud."""


def new_password() -> str:
    """Four groups of five letters: 99 bits."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(5)) for _ in range(4))


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
                "has an account already", "A forgotten password is given anew by `wayhome account reset-password`", field=number
            )
        password = new_password()
        actions.open_account(staff=staff, username=number, password=password, language=language)
    _tell(number, password)


def reset_password(login: str, by: str, *, second_factor: bool) -> None:
    """Another first password for somebody who forgot theirs, told this once; and the second factor taken off, if asked."""
    with house(ready=False) as connection:
        from wayhome.casework.core.roles import owns

        # Before anything else is looked at: on SQLite the web role may not even look.
        if not owns(connection):
            raise kinship.InputError("the web role gives no passwords", "Run this as the owner of the database")
    with house():
        from django.db import transaction

        from wayhome.casework.accounts import actions, queries

        user = queries.login(login)
        if user is None:
            raise kinship.InputError(f'nobody at work has the login "{login}"', "Look it up in the register", field="LOGIN")
        administrator = staff_at_work(by, "--by")
        at, password = datetime.now(UTC), new_password()
        with transaction.atomic():
            actions.reset_password(user=user, password=password, by=administrator, at=at)
            taken = actions.reset_second_factor(user=user, by=administrator, at=at) if second_factor else 0
    _tell(login, password)
    if second_factor:
        print(f"Second factors taken off: {taken}. Another is set up after the password is changed.")


def _tell(login: str, password: str) -> None:
    print(f"user      {login}")
    print(f"password  {password}")
    print("Told this once: hand it over in person. Nothing else opens until it is changed at the first login.")
