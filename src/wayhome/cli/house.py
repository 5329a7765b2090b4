"""The house, opened for a command: Django set up, and whatever it refuses told in one line."""

from __future__ import annotations

import contextlib
import gc
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from wayhome import kinship

SETTINGS = "wayhome.config.settings"
MEND = {
    "two_registrars": "Name two different registrars on the register with --by and --countersigned",
    "not_this_agency": "A kind of agency has its own kinds of places and roles; see docs/how-to/run-the-house.md",
    "id_number_missing": "Give an identity number of six characters or more",
    "registered_already": "This person is on the register under another number: end that record first",
    "too_few_loci": "Type the sample again: with fewer than eight loci it could be anybody's",
    "already_there": "Leave out what is on the register already",
    "not_allowed": "Name a member of staff whose role may do this",
}


@contextlib.contextmanager
def house(*, ready: bool = True) -> Iterator[Any]:
    """The connection to the house's database.

    Parameters
    ----------
    ready : refuse a database that lacks migrations or whose guards do not stand.

    Raises
    ------
    InputError
        for everything that the person at the keyboard can mend.
    """
    import django
    from django.conf import settings
    from django.db import DatabaseError, OperationalError, connection

    if not settings.configured:
        # Whatever the environment says: this command runs this house.
        os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS
    # Nothing that is imported goes away again: whoever looks for garbage in between takes a tenth of the start.
    gc.disable()
    django.setup()
    gc.enable()

    from wayhome.casework.core.backup import NotDone
    from wayhome.casework.core.errors import CaseworkError, Invalid, database_refusal

    where = told_database(connection)
    if ready and connection.vendor == "sqlite" and not Path(connection.settings_dict["NAME"]).exists():
        raise kinship.InputError(
            "there is no database", "Make it with `wayhome migrate`, or name it in WAYHOME_DATABASE", file=where
        )
    try:
        if ready:
            refuse_unready(connection)
        yield connection
    except Invalid as error:
        field, code = next(iter(error.fields.items()))
        raise kinship.InputError(f"refused ({code})", MEND.get(code, ""), field=field) from error
    except CaseworkError as error:
        raise kinship.InputError(f"refused ({error.code})", MEND.get(error.code, "")) from error
    except NotDone as error:
        raise kinship.InputError(error.what, error.mend) from error
    except DatabaseError as error:
        refused = database_refusal(error)
        if refused:
            raise kinship.InputError(f"the database refused ({refused})", MEND.get(refused, "")) from error
        if isinstance(error, OperationalError) or "file is not a database" in str(error) or "malformed" in str(error):
            told = str(error).strip().partition("\n")[0]
            raise kinship.InputError(f"cannot be used ({told})", "Check WAYHOME_DATABASE", file=where) from error
        raise


def told_database(connection: Any) -> str:
    """Which database, without its password."""
    told = connection.settings_dict
    if connection.vendor == "sqlite":
        return str(told["NAME"])
    return f"postgresql://{told['HOST']}:{told['PORT'] or 5432}/{told['NAME']}"


def refuse_unready(connection: Any) -> None:
    """InputError with the first thing that is wrong with the database, and how many more there are."""
    from wayhome.casework.core import readiness

    refuse(readiness.problems(connection), told_database(connection))


def refuse(problems: Sequence[Any], where: str) -> None:
    """InputError where there are problems: the first, and how many more."""
    if problems:
        more = f" (and {len(problems) - 1} more: see `wayhome check`)" if len(problems) > 1 else ""
        raise kinship.InputError(f"{problems[0].what}{more}", problems[0].mend, file=where)


def staff_at_work(number: str, field: str) -> Any:
    """The actor of a staff number; InputError where nobody at work has it."""
    from wayhome.casework.accounts import queries

    staff = queries.active_staff().filter(number=number).first()
    if staff is None:
        raise kinship.InputError(f'nobody at work has the number "{number}"', "Look it up in the register of staff", field=field)
    return queries.actor_of(staff)
