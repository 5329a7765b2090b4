"""What is asked of lists that leave the house, and of numbers, legal and not."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from pyzipper import zipfile_aes

from trust.acts.bench import Case
from trust.acts.forked import meanwhile
from trust.acts.stage import Stage
from wayhome.casework.core import numbers
from wayhome.casework.overview.actions import exporting, finding

DENIED, STEP_UP = "not allowed: not_allowed", "not allowed: step_up"
OPENS = "abcd-efgh-jkmn-pqrs-tuvw-xyz2"


class _Salt:
    """The same salt each time, so that a file can be known again."""

    @staticmethod
    def new() -> _Salt:
        return _Salt()

    @staticmethod
    def read(n: int) -> bytes:
        return bytes(n)


@contextlib.contextmanager
def _alike() -> Iterator[list[Any]]:
    """Files are the same for the same rows; all that were made."""
    own, packed, made = zipfile_aes.Random, exporting.packed, []

    def kept(*args: Any, **more: Any) -> Any:
        made.append(packed(*args, **more))
        return made[-1]

    zipfile_aes.Random, exporting.packed = _Salt, kept
    try:
        yield made
    finally:
        zipfile_aes.Random, exporting.packed = own, packed
        for one in made:
            one.file.close()


def lists() -> Iterator[Case]:
    """Taken away."""

    def taken(s: Stage, by: str = "supervisor", *, stepped_up: bool = True, **given: Any) -> Any:
        asked = {"name": "children", "form": "csv", "narrowed": {}, "passphrase": OPENS, "at": s.at()} | given
        with _alike() as made:
            try:
                file = exporting.export_list(**asked, by=s.by(by, stepped_up=stepped_up))
            except Exception:
                assert all(one.file.closed for one in made), "whoever is refused gets no file"
                raise
            return file.name, file.file.sha256, len(file.file.file.read())

    def narrowed(name: str, **by: str) -> Any:
        return lambda s: taken(s, name=name, narrowed=by)

    yield Case("export_list", "done", taken)
    yield Case("export_list: for people", "done", lambda s: taken(s, say=lambda of, code: f"{of} {code}"))
    yield Case("export_list: kits", "done", narrowed("kits"))
    yield Case("export_list: kits that were lost", "done", narrowed("kits", state="lost"))
    yield Case("export_list: a month", "done", narrowed("child_days", month="2011-07"))
    first = datetime(2011, 8, 1, 4, tzinfo=UTC)
    begun = {"name": "child_days", "narrowed": {"month": "2011-08"}, "at": first}
    yield Case("export_list: a month that begins today", "done", lambda s: taken(s, **begun))
    yield Case("export_list: the first month", "done", narrowed("child_days", month="1990-01"))
    yield Case("export_list: next month", "invalid: month in_the_future", narrowed("child_days", month="2011-08"))
    yield Case("export_list: long ago", "invalid: month out_of_range", narrowed("child_days", month="1989-12"))
    yield Case("export_list: no month", "invalid: month unknown_choice", narrowed("child_days"))
    yield Case("export_list: a state that is none", "invalid: state unknown_choice", narrowed("kits", state="x"))
    yield Case(
        "export_list: by what it is not narrowed",
        "invalid: a unknown_choice, b unknown_choice",
        narrowed("kits", state="x", b="1", a="1"),
    )
    yield Case("export_list: what is none", "not found", lambda s: taken(s, name="names"))
    yield Case("export_list: a nurse", DENIED, lambda s: taken(s, "nurse"))
    yield Case("export_list: an analyst", DENIED, lambda s: taken(s, "analyst", name="kits"))
    yield Case("export_list: of whom one may not know", DENIED, lambda s: taken(s, "lab_supervisor"))
    yield Case("export_list: not proved", STEP_UP, lambda s: taken(s, stepped_up=False))
    yield Case("export_list: as a picture", "invalid: form unknown_choice", lambda s: taken(s, form="png"))
    yield Case("export_list: one's own words", "invalid: passphrase not_made_here", lambda s: taken(s, passphrase="secret"))


def found() -> Iterator[Case]:
    """What a number is of."""

    def asked(s: Stage, by: str = "officer", typed: str = "") -> Any:
        return finding.find(typed=typed or numbers.grouped(s.child.number), **s.who(by))

    none = "91000091"
    nothing = Case("find: nothing", "not found", lambda s: asked(s, typed=none + numbers.check_digit(none)))
    yield Case("find", "done", asked)
    yield nothing
    yield Case("find: nothing, while another writes", "refused: chain_forked", meanwhile(nothing))
    yield Case("find: by an analyst", "not found", lambda s: asked(s, "analyst"))
    yield Case("find: what one may not know", "not found", lambda s: asked(s, "caseworker_gd"))
    yield Case("find: a slip", "invalid: number check_digit", lambda s: asked(s, typed=none + "x"))
    yield Case("find: an auditor", DENIED, lambda s: asked(s, "auditor"))
    yield Case("find: an auditor, a slip", DENIED, lambda s: asked(s, "auditor", "x"))


SOURCES = (lists, found)
