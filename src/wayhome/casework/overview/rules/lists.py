"""Lists that leave the house, masked. Pure: what is in them and for whom stands here, and nowhere else.

A person is a number. No name, no address, no telephone, no number of a paper, no picture, no genotype, nothing that was written
freely, and not where a child is: a column that is not declared here is in no file, since rows are made from the columns.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from wayhome.casework.accounts.rules import Permission, may
from wayhome.casework.laboratory.rules.kits import HOPS, ORDERED
from wayhome.casework.overview.rules import htcds

FORMS = ("xlsx", "csv")
LEFT_OUT = ("names", "addresses", "telephones", "papers", "pictures", "dna", "notes", "whereabouts")
"""What no list has."""
NUMBER = "number"
MOST_ROWS = 1_000_000
"""Of a sheet; a spreadsheet ends soon after."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its code, and what its values are codes of; `NUMBER` for a wayhome number, "" for days and quantities."""

    code: str
    of: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """A list: what one must be permitted to know for it, its columns, and by what it can be narrowed.

    Parameters
    ----------
    narrowed : filter -> its values; () for a month, as 2011-07, which must be told.
    """

    name: str
    needs: Permission
    columns: tuple[Column, ...]
    narrowed: Mapping[str, tuple[str, ...]]


def _list(name: str, needs: Permission, *columns: Column, **narrowed: tuple[str, ...]) -> Listed:
    return Listed(name, needs, columns, MappingProxyType(narrowed))


_C = Column
LISTS: Mapping[str, Listed] = MappingProxyType(
    {
        one.name: one
        for one in (
            _list(
                "children",
                Permission.READ_CHILD,
                *(_C("child", NUMBER), _C("sex", "sex"), _C("born_from"), _C("born_to"), _C("age_method", "method")),
                *(_C("rescued_on"), _C("rescued_in"), _C("custody", "kind"), _C("custody_since")),
            ),
            _list(
                "requests",
                Permission.READ_REQUEST,
                *(_C("request", NUMBER), _C("sex", "sex"), _C("born_from"), _C("born_to"), _C("lost_from"), _C("lost_to")),
                *(_C("lost_in"), _C("cause", "cause"), _C("relation", "inquirer"), _C("asked_on"), _C("asked_in")),
                *(_C("can_give"), _C("agreed")),
            ),
            _list(
                "kits",
                Permission.READ_SAMPLE,
                *(
                    _C("kit", NUMBER),
                    _C("sample_of", "sample_of"),
                    _C("second", "yes"),
                    _C("state", "kit"),
                    _C("state_since"),
                    _C("overdue", "yes"),
                ),
                *(_C("ordered_on"), _C("ordered_by"), _C("laboratory"), _C("in_place_of", NUMBER)),
                state=("", ORDERED, *HOPS),
            ),
            _list(
                "candidates",
                Permission.READ_CANDIDATE,
                *(_C("child", NUMBER), _C("request", NUMBER), _C("state", "candidate"), _C("strength", "gate"), _C("found_on")),
                *(_C("readings"), _C("second_agrees", "yes"), _C("frozen", "yes")),
                which=("open", "waiting", "ended"),
            ),
            _list(
                "returns",
                Permission.READ_CASE,
                *(_C("child", NUMBER), _C("request", NUMBER), _C("opened_on"), _C("stage", "return_stage"), _C("home_on")),
            ),
            _list(
                "child_days",
                Permission.READ_COSTS,
                *(
                    _C("child", NUMBER),
                    _C("home"),
                    _C("home_name"),
                    _C("fostered", "yes"),
                    _C("first_day"),
                    _C("last_day"),
                    _C("days"),
                ),
                *(_C("payer"), _C("payer_name"), _C("rate"), _C("yuan")),
                month=(),
            ),
            _list("states", Permission.READ_DESK, _C("rescued_in"), _C("custody", "kind"), _C("children")),
            _list(
                "steps",
                Permission.READ_DESK,
                *(_C("step", "step"), _C("came"), _C("median_days"), _C("waiting"), _C("longest_days")),
            ),
            _list(
                "clocks",
                Permission.READ_CHILD,
                *(_C("clock", "clock"), _C("child", NUMBER), _C("runs_since"), _C("due_on"), _C("overdue", "yes")),
            ),
            _list("htcds", Permission.READ_DESK, _C("child", NUMBER), *map(_C, htcds.FIELDS)),
        )
    }
)
"""Every list by its name."""


def lists_of(role: str) -> list[str]:
    """Lists that a role may take away."""
    return [name for name, one in LISTS.items() if may(role, Permission.EXPORT_LISTS) and may(role, one.needs)]


_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that are taken for one another."""
_GROUPS, _GROUP = 6, 4


def new_passphrase() -> str:
    """A passphrase of 118 bits, which nobody can guess and somebody can type.

    The file's own stretching of it is weak (PBKDF2, 1,000 rounds), so it may not be somebody's choice.

    >>> is_passphrase(new_passphrase())
    True
    """
    return "-".join("".join(secrets.choice(_SIGNS) for _ in range(_GROUP)) for _ in range(_GROUPS))


def is_passphrase(text: str) -> bool:
    """Whether it has the form of one that was made here."""
    group = f"[{_SIGNS}]{{{_GROUP}}}"
    return re.fullmatch(rf"{group}(?:-{group}){{{_GROUPS - 1}}}", text) is not None
