"""What endpoints share: the caller, writes that are done once, pages of a list, moments that are not in the future."""

from __future__ import annotations

import base64
import binascii
import contextlib
import json
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Header, Path, Query, Schema
from ninja.responses import Status
from pydantic import AfterValidator, AwareDatetime, ConfigDict, Field, field_validator
from pydantic_core import PydanticCustomError

from wayhome.api import errors
from wayhome.api.auth import Access, Caller
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.core import idempotency
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.errors import CaseworkError, Invalid, NotFound

T = TypeVar("T")
SKEW = timedelta(minutes=5)
"""How far a device's clock may be ahead."""
LARGEST = 2**63 - 1


_EARLIEST = datetime(1900, 1, 2, tzinfo=UTC)
_LATEST = datetime(2200, 1, 1, tzinfo=UTC)


def _thinkable(moment: datetime) -> datetime:
    if not _EARLIEST < moment < _LATEST:
        raise PydanticCustomError("unthinkable_moment", "is no moment of a case")
    return moment


def _not_ahead(moment: datetime) -> datetime:
    if moment > timezone.now() + SKEW:
        raise PydanticCustomError("in_the_future", "lies in the future")
    return moment


AnyMoment = Annotated[AwareDatetime, AfterValidator(_thinkable)]
"""ISO 8601 with its offset."""
Moment = Annotated[AnyMoment, AfterValidator(_not_ahead)]
"""When something was: ISO 8601 with its offset, not in the future."""
Number = Annotated[str, Path(title="Child number", description="The child's number, nine digits.", pattern=r"^[0-9]{9}$")]
Id = Annotated[int, Path(title="Id", description="Number of the record.", ge=1, le=LARGEST)]
Code = Annotated[str, Path(title="Code", description="Code on the register.", max_length=30, pattern=r"^[\w.-]+$")]
Key = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        title="Idempotency key",
        description="A value of the client's own for this request. Sent again with the same body, the request is answered with"
        " the first answer and not carried out again; with another body it is refused.",
        max_length=80,
    ),
]
After = Annotated[str, Query(title="After", description="`next` of the page before; empty for the first page.", max_length=200)]
Limit = Annotated[int, Query(title="Limit", description="Rows on a page.", ge=1, le=200)]


def _storable(value: Any) -> Any:
    if isinstance(value, str) and "\x00" in value:
        raise PydanticCustomError("unprintable", "holds a character that is none")
    if isinstance(value, list | dict):
        for one in value.values() if isinstance(value, dict) else value:
            _storable(one)
    return value


Text = Annotated[str, AfterValidator(_storable)]
"""Text that every database keeps."""


class Body(Schema):
    """What a request says: no field that is not known, no character that no database keeps."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    @field_validator("*", mode="after")
    @classmethod
    def storable(cls, value: Any) -> Any:
        """Refuse NUL, which PostgreSQL does not keep."""
        return _storable(value)


class Receipt(Schema):
    """What was written."""

    id: int = Field(description="Number of the record that was written.")


class Problem(Schema):
    """An error (RFC 9457), as `application/problem+json`."""

    type: str = Field(description="`urn:wayhome:problem:<code>`.")
    title: str = Field(description="The code in words.")
    status: int = Field(description="The HTTP status.")
    detail: str = Field(description="What this kind of error means.")
    code: str = Field(description="The first reason; stable.")
    codes: list[str] = Field([], description="Every reason of a refusal.")
    fields: dict[str, str] = Field({}, description="Field of the request: code of what is wrong with it.")
    changes: dict[str, dict[str, Any]] = Field({}, description="Field: what was read and what is there now.")
    scope: str = Field("", description="The scope that the token lacks.")


class Page(Schema, Generic[T]):
    """A page of a list. There is no total: a count would tell of rows that the caller may not know of."""

    model_config = ConfigDict(json_schema_extra={"description": "A page of a list, without a total."})

    items: list[T] = Field(description="Rows in a stable order.")
    next: str = Field(description="Give it as `after` for the next page; empty on the last one.")


def asks(scope: str, *needs: Permission, answer: Any = Receipt, status: int = 201) -> dict[str, Any]:
    """What an operation's decorator is told: who may call it, what it answers, which problems it has."""
    problems = dict.fromkeys((401, 403, 404, 409, 422), Problem)
    return {
        "auth": Access(scope, *needs, writes=status in (201, 202)),
        "response": {status: answer} | problems,
        "openapi_extra": {"x-scope": scope, "x-permissions": [str(one) for one in needs]},
    }


def reads(scope: str, *needs: Permission, answer: Any) -> dict[str, Any]:
    """`asks`, for what changes nothing."""
    return asks(scope, *needs, answer=answer, status=200)


@contextlib.contextmanager
def named(field: str) -> Iterator[None]:
    """Something that a field of the body names is not there for this person: told as a mistake in that field."""
    try:
        yield
    except NotFound:
        raise Invalid({field: "unknown"}) from None


def actor(request: HttpRequest) -> Actor:
    """Who acts."""
    caller: Caller = request.auth  # type: ignore[attr-defined]
    return caller.actor


def write(
    request: HttpRequest, key: str, body: Schema | dict[str, Any], work: Callable[[Actor, datetime], Schema]
) -> Status[dict[str, Any]] | HttpResponse:
    """Carry a write out once for its idempotency key. `work` looks up what it needs, so that a repetition looks up nothing.

    A refusal is an answer too: it is kept with the key, in the transaction that keeps its alarm.
    """
    by, at = actor(request), timezone.now()

    def answered() -> dict[str, Any]:
        try:
            return work(by, at).model_dump(mode="json")
        except CaseworkError as error:
            return {"problem": errors.told(error)}

    answer, _ = idempotency.once(
        staff_id=by.staff_id,
        key=key,
        action=request.path[-80:],
        body={"path": request.path, "body": body.model_dump(mode="json") if isinstance(body, Schema) else body},
        at=at,
        work=answered,
    )
    if "problem" in answer:
        return errors.problem(**answer["problem"])
    return Status(201, answer)


def page(
    rows: QuerySet[Any],
    *,
    after: str,
    limit: int,
    shown: Callable[[list[Any]], Sequence[Any]] = list,
    by: str = "pk",
    newest: bool = False,
) -> dict[str, Any]:
    """One page, ordered by a column and, where that is not unique, by the key; the cursor holds the last row's."""
    columns = [by] if by == "pk" else [by, "pk"]
    rows = rows.order_by(*(f"-{column}" if newest else column for column in columns))
    if after:
        last = _read(after, len(columns))
        try:
            rows = rows.filter(_beyond(columns, last, "lt" if newest else "gt"))
        except (ValueError, TypeError, ValidationError):
            raise Invalid({"after": "unknown_cursor"}) from None
    found = list(rows[: limit + 1])
    more = len(found) > limit
    next_ = _cursor([getattr(found[limit - 1], column) for column in columns]) if more else ""
    return {"items": shown(found[:limit]), "next": next_}


def _beyond(columns: list[str], last: list[Any], way: str) -> Q:
    first = Q(**{f"{columns[0]}__{way}": last[0]})
    return first if len(columns) == 1 else first | Q(**{columns[0]: last[0]}, **{f"{columns[1]}__{way}": last[1]})


def _cursor(last: list[Any]) -> str:
    plain = [value.isoformat() if isinstance(value, date) else value for value in last]
    return base64.urlsafe_b64encode(json.dumps(plain).encode()).decode()


def _read(cursor: str, length: int) -> list[Any]:
    try:
        last = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        if isinstance(last, list) and len(last) == length and all(_fits(one) for one in last):
            return last
    except (binascii.Error, ValueError):
        pass
    raise Invalid({"after": "unknown_cursor"})


def _fits(value: Any) -> bool:
    return (isinstance(value, str) and "\x00" not in value) or (type(value) is int and abs(value) <= LARGEST)
