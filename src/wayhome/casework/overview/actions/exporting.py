"""A list leaves the house: masked, encrypted, and told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from wayhome.casework.accounts.rules import Permission
from wayhome.casework.audit.actions import record
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.errors import Invalid, NotAllowed, NotFound
from wayhome.casework.custody.gate import gate, permitted
from wayhome.casework.overview.files import Packed, Say, codes, packed
from wayhome.casework.overview.queries.rows import rows
from wayhome.casework.overview.rules.lists import FORMS, LISTS, Listed, is_passphrase
from wayhome.casework.placements.days import EARLIEST


@dataclass(frozen=True, slots=True)
class Export:
    """A file, and what it is called."""

    name: str
    file: Packed


def export_list(
    *, name: str, form: str, narrowed: Mapping[str, str], passphrase: str, say: Say = codes, by: Actor, at: datetime
) -> Export:
    """The rows of a list that the actor may know of, to be taken away.

    Parameters
    ----------
    name : of `rules.LISTS`.
    form : "xlsx" or "csv", inside an encrypted ZIP. Neither unmasked nor unencrypted: there is no such file.
    narrowed : by what, see the list.
    passphrase : one of `rules.new_passphrase`; it is kept nowhere.
    say : the words for codes; codes as they are for a program.

    Raises
    ------
    NotFound
        for a list that is none.
    NotAllowed
        without the permission to export or to read such a list, which alarms; step_up.
    Invalid
        "form": unknown_choice, too_many_rows; "passphrase": not_made_here; the filter: unknown_choice, in_the_future,
        out_of_range.
    """
    if name not in LISTS:
        raise NotFound(list=name)
    listed = LISTS[name]
    permitted(by, Permission.EXPORT_LISTS, at=at)
    permitted(by, listed.needs, at=at)
    if not by.stepped_up:
        raise NotAllowed("step_up")
    if form not in FORMS:
        raise Invalid({"form": "unknown_choice"})
    if not is_passphrase(passphrase):
        raise Invalid({"passphrase": "not_made_here"})
    narrowed = _narrowed(listed, narrowed, at)
    called = "-".join([name.replace("_", "-"), *filter(None, narrowed.values()), timezone.localtime(at).date().isoformat()])
    # Made before the transaction: a long list would keep everybody else from writing. Without its event nobody gets it.
    found = rows(name, narrowed, by=by, at=at)
    made = packed(listed.columns, found, name=called, form=form, passphrase=passphrase, say=say, at=at)
    try:
        with gate(by=by, at=at, attempt="export_list"):
            record(
                by=by,
                at=at,
                action="overview.export_list",
                subject=f"list:{name}",
                data={
                    "form": form,
                    "narrowed": narrowed,
                    "rows": made.rows,
                    "columns": [column.code for column in listed.columns],
                    "sha256": made.sha256,
                    "inside": made.inside,
                },
            )
    except BaseException:
        made.file.close()
        raise
    return Export(f"{called}.zip", made)


def _narrowed(listed: Listed, told: Mapping[str, str], at: datetime) -> dict[str, str]:
    if unknown := set(told) - set(listed.narrowed):
        raise Invalid(dict.fromkeys(sorted(unknown), "unknown_choice"))
    kept = {}
    for name, values in listed.narrowed.items():
        value = told.get(name, values[0] if values else "")
        if values and value not in values:
            raise Invalid({name: "unknown_choice"})
        kept[name] = value if values else _month(name, value, at)
    return kept


def _month(name: str, value: str, at: datetime) -> str:
    try:
        first = date.fromisoformat(f"{value}-01")
    except ValueError:
        raise Invalid({name: "unknown_choice"}) from None
    if first > timezone.localtime(at).date():
        raise Invalid({name: "in_the_future"})
    if first < EARLIEST:
        raise Invalid({name: "out_of_range"})
    return f"{first:%Y-%m}"
