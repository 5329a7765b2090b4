"""An investigation with its task force, for tests."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from factories.world import World
from wayhome.casework.accounts import actions as accounts
from wayhome.casework.custody import actions as custody
from wayhome.casework.custody.queries import visible_children
from wayhome.casework.operations import actions
from wayhome.casework.operations.models import Investigation
from wayhome.casework.operations.queries.victims import victim_of


def investigation(world: World, *members: str, supervised: bool = False, lead: str = "officer", **told: Any) -> Investigation:
    """Opened by somebody, with others in its task force; supervised by the ministry's supervisor if asked for."""
    columns = {"code": "8.6.2011", "title": "Infants through Dongxing", "jurisdiction": world.jurisdictions["GX"]} | told
    opened = actions.open_investigation(**columns, by=world.actor(lead), at=world.now())
    for member in members:
        add(world, opened, member, by=lead)
    if supervised:
        at = world.now()
        actions.supervise(investigation=opened, since=at.date(), by=world.actor(lead), at=at)
        add(world, opened, "supervisor", "supervisor", by=lead)
    return opened


def add(world: World, opened: Investigation, member: str, function: str = "member", *, by: str = "officer") -> Any:
    """Somebody more in the task force."""
    return actions.add_member(
        investigation=opened, staff=world.staff[member], function=function, by=world.actor(by), at=world.now()
    )


def end(world: World, opened: Investigation, member: str, *, by: str = "officer") -> Any:
    """Somebody less."""
    return actions.end_member(investigation=opened, staff=world.staff[member], by=world.actor(by), at=world.now())


def without_lead(world: World, *members: str) -> Investigation:
    """Supervised by the ministry, and its only lead has left the service."""
    assert world.registrars
    world.staff["leaving"] = accounts.register_staff(
        by=world.registrars,
        at=world.now(),
        number="leaving",
        name="覃建军",
        id_number="450681196002020022",
        agency=world.agencies["police"],
        role="officer",
    )
    opened = investigation(world, *members, supervised=True, lead="leaving", code="GX-0614", title="the orphaned")
    accounts.end_staff(by=world.registrars, at=world.now(), staff=world.staff["leaving"], reason="retired")
    return opened


EVIDENCE = (
    "a call on the 2nd of June about a boy “of ten days” at 32,000 yuan",
    "two bus tickets from Dongxing to Taiyuan, and a receipt for milk powder",
    "message to the intermediary: “two for the mill, one for the teacher”",
    "statement of suspect 4",
)


def fill_operations(world: Any) -> None:
    """A task force of two provinces and the ministry, its operation, and its ledger: 22 told of, 8 rescued, one never was."""
    opened = investigation(world, "officer2", "officer_gd", supervised=True)
    add(world, opened, "officer_nanning", "lead")
    end(world, opened, "officer2")
    who = {"by": world.actor("officer")}
    actions.tie_operation(investigation=opened, operation=world.operation, at=world.now(), **who)
    children = list(visible_children(who["by"], at=world.now()).order_by("pk")[:8])
    for i in range(22):
        first = date(2011, 6, 2) + timedelta(days=i)
        row = actions.tell_victim(
            investigation=opened,
            evidence=EVIDENCE[i % len(EVIDENCE)],
            sex="FMU"[i % 3],
            seen_from=first,
            seen_to=first + timedelta(days=i % 5),
            at=world.now(),
            **who,
        )
        if i < len(children):
            custody.tie_victim(victim=victim_of(who["by"], row.pk), child_id=children[i].pk, at=world.now(), **who)
        elif i in (9, 14, 15, 20):
            state = "disproved" if i == 20 else "located"
            note = "the wet nurse knows of no such child" if i == 20 else "a neighbour saw it in the courtyard"
            actions.tell_state(victim=row, state=state, note=note, at=world.now(), **who)
    _fill_day(world)
    world.investigation = opened
    world.orphaned = without_lead(world, "officer2")
    actions.name_lead(
        investigation_id=world.orphaned.pk,
        staff=world.staff["officer2"],
        reason="Their only lead retired on Friday; four children are still looked for.",
        by=world.actor("supervisor2"),
        at=world.now(),
    )


def _fill_day(world: Any) -> None:
    """What a province reports for the board."""
    told: dict[str, Any] = {"operation": world.operation, "by": world.actor("officer")}
    actions.report_officers(officers=312, counted_at=world.clock, at=world.now(), **told)
    for kind, amount, unit in (
        ("money", "486000", "CNY"),
        ("money", "1250000000", "VND"),
        ("vehicle", "3", "piece"),
        ("phone", "1", "piece"),
        ("drug", "42.5", "g"),
    ):
        line = {"reference": f"{kind}-{unit}", "kind": kind, "amount": Decimal(amount), "unit": unit}
        actions.report_seizure(counted_at=world.clock, at=world.now(), **line, **told)
