"""What the casework refuses, and why.

    CaseworkError
    ├── Invalid        what was typed cannot be used; names fields
    ├── NotAllowed     this person may not do this
    ├── NotFound       there is no such thing, or this person has no need to know of it: the two are not told apart
    ├── Refused        the state of the case, or a gate, does not allow it; never overridden
    └── Conflict       somebody else was quicker; carries what they changed

An error has a stable `code` and its `data`; a face finds the sentence in the reader's language (web/messages.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

PREFIX = "wayhome:"
"""What the database's own refusals begin with; a code follows."""


class CaseworkError(Exception):
    """Base of all errors here.

    Parameters
    ----------
    code : stable, for translation and tests.
    data : values for the sentence; ids and public labels only, since it may be logged.
    """

    status: ClassVar[int] = 400

    def __init__(self, code: str, **data: Any) -> None:
        self.code = code
        self.data = data
        super().__init__(code)


class Invalid(CaseworkError):
    """Input that cannot be used: `fields` maps a field to the code of what is wrong with it."""

    status = 422

    def __init__(self, fields: Mapping[str, str], **data: Any) -> None:
        self.fields = dict(fields)
        super().__init__("invalid", **data)


class NotAllowed(CaseworkError):
    """This person may not do this."""

    status = 403


class NotFound(CaseworkError):
    """There is no such thing for this person."""

    status = 404

    def __init__(self, **data: Any) -> None:
        super().__init__("not_found", **data)


class Refused(CaseworkError):
    """The state of the case does not allow it. `codes` lists every reason; the first is `code`."""

    status = 409

    def __init__(self, codes: Sequence[str], **data: Any) -> None:
        self.codes = tuple(codes)
        super().__init__(self.codes[0], **data)


class Conflict(CaseworkError):
    """The record changed since it was read. `changes`: field -> (as it was read, as it is now)."""

    status = 409

    def __init__(self, changes: Mapping[str, tuple[Any, Any]], **data: Any) -> None:
        self.changes = dict(changes)
        super().__init__("changed_meanwhile", **data)


def database_refusal(error: BaseException) -> str | None:
    """The code in a refusal by one of the database's guards; None for any other error."""
    _, found, rest = str(error).partition(PREFIX)
    return rest.split()[0].strip("\"'()") if found and rest.split() else None
