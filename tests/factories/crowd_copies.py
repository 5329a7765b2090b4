"""Cities like the first ones, copied in the database: every row once more with other numbers, other places, other staff.

The guards are taken down for this and put up again; the rows are those of children whom every guard has let pass. Only the events
are made one by one: their chains are hashed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.db import connection, models, transaction

from wayhome.casework.accounts.models import Agency, Jurisdiction, Staff
from wayhome.casework.accounts.queries import actor_of
from wayhome.casework.audit import queries as audit
from wayhome.casework.audit import rules
from wayhome.casework.audit.models import Alarm, AlarmAnswer, AuditEvent
from wayhome.casework.children.models import (
    AgeEstimate,
    Assertion,
    Child,
    FoundItem,
    Mark,
    MergeConfirmation,
    MergeStep,
    Photo,
    SiblingGroup,
    Wristband,
)
from wayhome.casework.core import guards, numbers
from wayhome.casework.custody.models import Assignment, Clearance, CustodyEpisode, Exclusion, HandoverOffer
from wayhome.casework.medical.models import Observation, ObservationPlan
from wayhome.casework.operations.models import Person, PersonFact, PersonKey, RescueEvent, RescueEventKey
from wayhome.casework.placements.models import Placement, PlacementAnswer

Registers = Mapping[type[models.Model], tuple[int, int]]
"""Of a register: the number of the first row of the first city, and how many rows four cities have."""
COPIED: tuple[type[models.Model], ...] = (
    RescueEvent,
    RescueEventKey,
    Person,
    PersonFact,
    PersonKey,
    Exclusion,
    SiblingGroup,
    CustodyEpisode,
    Child,
    Wristband,
    AgeEstimate,
    Mark,
    FoundItem,
    Assertion,
    Photo,
    Assignment,
    HandoverOffer,
    ObservationPlan,
    Observation,
    Clearance,
    Placement,
    PlacementAnswer,
    Alarm,
    AlarmAnswer,
    MergeStep,
    MergeConfirmation,
)
_SUBJECTS: Mapping[str, type[models.Model]] = {
    "episode": CustodyEpisode,
    "offer": HandoverOffer,
    "observation": Observation,
    "clearance": Clearance,
}
_PARTS = {(Alarm, "child_id"): Child, (Alarm, "agency_id"): Agency}
_OWN_TEXT = {(PersonKey, "key"), (PersonFact, "value"), (RescueEventKey, "key"), (RescueEvent, "place")}
"""Text by which somebody or something is recognised: each copy has its own."""
_NUMBERS = {(Wristband, "code"), (CustodyEpisode, "wristband"), (HandoverOffer, "wristband")}


def last_rows() -> dict[type[models.Model], int]:
    """The highest number of each table."""
    return {model: model._default_manager.aggregate(last=models.Max("pk"))["last"] or 0 for model in COPIED if model is not Child}


def copy(before: Mapping[type[models.Model], int], times: int, *, registers: Registers, said: Callable[[str], None]) -> None:
    """Everything that came after `before`, so many times more."""
    if times:
        _Copier(before, times, registers, said).run()


class _Copier:
    def __init__(
        self, before: Mapping[type[models.Model], int], times: int, registers: Registers, said: Callable[[str], None]
    ) -> None:
        self.before, self.times, self.registers, self.said = before, times, registers, said
        self.last = last_rows()
        self.steps = {model: self.last[model] - before[model] for model in before}
        # Those made by the actions before are not of the four cities.
        of_cities = Child.objects.filter(first_episode_id__gt=before[CustodyEpisode])
        self.children = list(of_cities.order_by("first_episode_id").values_list("pk", flat=True))
        self.new: list[dict[int, int]] = []

    def run(self) -> None:
        """Map, copy, hash, look."""
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE load_map (k integer, old bigint, new bigint, number varchar(12))")
            taken = set(Child.objects.values_list("pk", flat=True))
            for k in range(1, self.times + 1):
                made: dict[int, int] = {}
                for old in self.children:
                    number = numbers.new_number()
                    while int(number) in taken:
                        number = numbers.new_number()
                    taken.add(int(number))
                    made[old] = int(number)
                self.new.append(made)
                cursor.executemany(
                    "INSERT INTO load_map VALUES (%s, %s, %s, %s)",
                    [(k, old, new, f"{new:0{numbers.LENGTH}d}") for old, new in made.items()],
                )
            cursor.execute("CREATE INDEX load_map_k ON load_map (k, old)")
            guards.remove(connection, guards.declared(connection))
            for k in range(1, self.times + 1):
                with transaction.atomic():
                    if connection.vendor == "postgresql":
                        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
                    for model in COPIED:
                        cursor.execute(self._statement(model, k))
                if k % 20 == 0:
                    self.said(f"copies: {k}")
            cursor.execute("DROP TABLE load_map")
            self._events(cursor)
            if connection.vendor == "postgresql":
                self._sequences(cursor)
        guards.install(connection)
        wrong = guards.differences(connection)
        if wrong:
            raise RuntimeError(f"the guards do not stand again: {wrong}")

    def _statement(self, model: type[models.Model], k: int) -> str:
        """INSERT ... SELECT of one copy of one table."""
        columns = model._meta.concrete_fields
        table = model._meta.db_table
        of_cities = "t.first_episode_id" if model is Child else "t.id"
        since = self.before[CustodyEpisode if model is Child else model]
        until = self.last[CustodyEpisode if model is Child else model]
        names = ", ".join(f'"{field.column}"' for field in columns)
        values = ", ".join(self._value(model, field, k) for field in columns)
        return (
            f"INSERT INTO {table} ({names}) SELECT {values} FROM {table} t WHERE {of_cities} > {since} AND {of_cities} <= {until}"
        )

    def _value(self, model: type[models.Model], field: Any, k: int) -> str:
        column = f't."{field.column}"'
        target = field.related_model if field.is_relation else _PARTS.get((model, field.name))
        if field.primary_key:
            target = model
        if target is Child:
            return f"COALESCE((SELECT m.new FROM load_map m WHERE m.k = {k} AND m.old = {column}), {column})"
        if target in self.registers:
            first, step = self.registers[target]
            return f"CASE WHEN {column} >= {first} THEN {column} + {step * k} ELSE {column} END"
        if target in self.steps:
            return f"{column} + {self.steps[target] * k}"
        if (model, field.name) in _NUMBERS:
            return f"(SELECT m.number FROM load_map m WHERE m.k = {k} AND m.old = t.child_id)"
        if (model, field.name) in _OWN_TEXT:
            return f"{column} || '-{k}'"
        if (model, field.name) == (Alarm, "jurisdiction"):
            place, step = self.registers[Jurisdiction]
            moved = (
                f"(SELECT n.path FROM accounts_jurisdiction o JOIN accounts_jurisdiction n ON n.id = o.id + {step * k}"
                f" WHERE o.path = {column} AND o.id >= {place})"
            )
            return f"COALESCE({moved}, {column})"
        return column

    def _events(self, cursor: Any) -> None:
        """The events of every copy, each in the chain of its province."""
        old = list(AuditEvent.objects.filter(child_id__in=self.children).order_by("at", "n"))
        staff = Staff.objects.select_related("agency__jurisdiction").in_bulk()
        actors = {pk: actor_of(one) for pk, one in staff.items()}
        first, step = self.registers[Staff]
        heads: dict[str, rules.Head | None] = {}

        def made(k: int) -> Iterator[tuple[Any, ...]]:
            for event in old:
                by = actors[event.staff_id + step * k if event.staff_id >= first else event.staff_id]
                kind, _, number = event.subject.partition(":")
                if by.chain not in heads:
                    heads[by.chain] = audit.head(by.chain)
                new = rules.next_event(
                    heads[by.chain],
                    chain=by.chain,
                    at=event.at,
                    staff_id=by.staff_id,
                    agency_id=by.agency_id,
                    action=event.action,
                    subject=f"{kind}:{int(number) + self.steps[_SUBJECTS[kind]] * k}",
                    child_id=self.new[k - 1][event.child_id],
                    data=event.data,
                )
                heads[by.chain] = rules.Head(by.chain, new.n, new.hash)
                yield tuple(getattr(new, column) for column in rules.COLUMNS)

        places = ", ".join(["%s"] * len(rules.COLUMNS))
        insert = f"INSERT INTO audit_auditevent ({', '.join(rules.COLUMNS)}) VALUES ({places})"
        for k in range(1, self.times + 1):
            with transaction.atomic():
                cursor.executemany(insert, list(made(k)))
            if k % 20 == 0:
                self.said(f"events: {k}")

    def _sequences(self, cursor: Any) -> None:
        for model in COPIED:
            if model is not Child:
                cursor.execute(
                    f"SELECT setval(pg_get_serial_sequence('{model._meta.db_table}', 'id'),"
                    f" (SELECT MAX(id) FROM {model._meta.db_table}))"
                )
