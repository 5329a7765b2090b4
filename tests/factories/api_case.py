"""How one operation of the API is carried out, and on what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils import timezone

from factories.api import Program
from factories.world import World


@dataclass
class Case:
    """How one operation is carried out.

    Parameters
    ----------
    who : can.
    path : for these things, with what stands in braces filled in.
    body : None for an operation without one.
    foreign : has the role and the permission, and no need to know.
    unknown : what a foreign caller is told: 404, or that a field names nothing.
    approves : needs a step-up.
    files : a picture is sent in place of a body.
    form : with these fields beside it.
    upload : the bytes of another file that is sent in place of a picture.
    done : status of a write: 202 where the work goes on after the answer.
    """

    who: str
    path: Callable[[Things], str]
    body: Callable[[Things], dict[str, Any]] | None = None
    foreign: str = ""
    unknown: int = 404
    approves: bool = False
    files: bool = False
    form: dict[str, str] = field(default_factory=dict)
    upload: Callable[[Things], bytes] | None = None
    done: int = 201


@dataclass
class Things:
    """What there is to do something with."""

    world: World
    api: Program
    ids: dict[str, Any] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Any:
        try:
            return self.ids[name]
        except KeyError:
            raise AttributeError(name) from None


def soon(minutes: int = 0) -> str:
    """A moment just now, as a request writes it."""
    return (timezone.now() - timedelta(minutes=minutes)).isoformat()


def where(text: str) -> Callable[[Things], str]:
    """A path with names of things in braces."""
    return lambda t: text.format(foster_id=t.foster.pk, night="2011-07-15", **t.ids)


def sends(**given: Any) -> Callable[[Things], dict[str, Any]]:
    """A body; a value that is a function gets the things."""
    return lambda t: {name: value(t) if callable(value) else value for name, value in given.items()}
