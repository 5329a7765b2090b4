"""`wayhome account`: logins of people on the register of staff."""

from __future__ import annotations

import secrets

from wayhome import kinship
from wayhome.cli.house import house

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
    print("Told this once: hand it over in person. Nothing else opens until it is changed at the first login.")
