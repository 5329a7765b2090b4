"""The case of July 2011 and what came before and after it, replayed with made-up people through the actions that the pages call.

What is told at the end is counted from the records, and nothing is told that was not.
"""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from wayhome.casework.accounts import queries as accounts
from wayhome.casework.audit import queries as audit
from wayhome.casework.core.actors import Actor
from wayhome.casework.custody.continuity import continuity
from wayhome.casework.matching.queries.story import children_in_care
from wayhome.casework.operations import queries as told
from wayhome.cli import demo_afterwards, demo_announcements, demo_families, demo_forces, demo_night, demo_partners, demo_returns
from wayhome.cli.demo_clues import Clues
from wayhome.cli.demo_clues import told as told_of_clues
from wayhome.cli.demo_families import Story
from wayhome.cli.demo_raids import CASE_1, CASE_2, cases, strike
from wayhome.cli.demo_registers import SUPERVISOR, fill

BEGINS = demo_forces.OPENED - timedelta(days=40)
DAY = timedelta(days=1)


def replay(*, seed: int = 2011, later: timedelta = timedelta(), families: int, onward: bool = True) -> None:
    """Write the story into an empty house, with every moment of it so much later.

    Parameters
    ----------
    families : couples in the old base.
    onward : to May 2013; otherwise the story ends on 30 August 2011.
    """
    chance = random.Random(seed)
    with transaction.atomic():
        registers = fill(BEGINS + later, chance)
    first, second = cases(later)
    clues, opened = Clues(registers, later), demo_forces.OPENED + later
    clues.take_down(opened)
    forces = demo_forces.open_investigations((first, second), registers, opened)
    clues.take_down(first.zero_hour)
    clues.open_up(first.zero_hour - 4 * DAY)
    clues.judge(first.zero_hour - 3 * DAY)
    unseen = demo_forces.tell_of_children(forces[CASE_1], first, registers, first.zero_hour - DAY)
    for case, officers in ((first, demo_forces.OFFICERS_1), (second, demo_forces.officers_of_case_2())):
        operation = strike(case, registers, chance)
        demo_forces.report_day(operation, officers, registers, case.zero_hour + DAY / 8)
        if case is first:
            demo_forces.are_rescued(unseen, children_in_care(), registers, case.zero_hour + DAY)
    demo_night.place_everybody(registers, chance, demo_night.EVENING + later)
    operations = cases_by_code()
    demo_announcements.announce(registers, operations.values(), demo_announcements.DAY + later)
    story = Story(registers, demo_families.BEGINS + later, households=families, seed=seed)
    story.tell()
    returns = demo_returns.Returns(story)
    returns.tell()
    if onward:
        demo_afterwards.Afterwards(returns, unseen, operations, chance).tell()


def is_told() -> bool:
    """Whether the story stands in the house already."""
    return set(cases_by_code()) >= {CASE_1, CASE_2}


def ministry() -> Actor | None:
    """The supervisor of the ministry, if the story is here."""
    staff = accounts.active_staff().filter(number=SUPERVISOR).first()
    return None if staff is None else accounts.actor_of(staff)


def cases_by_code() -> dict[str, Any]:
    """Operations that the ministry sees."""
    by = ministry()
    return {} if by is None else {one.code: one for one in told.operations_of(by)}


def began() -> datetime:
    """When the first operation struck, as the records say."""
    moment: datetime = cases_by_code()[CASE_1].zero_hour
    return moment


def counted_from_records() -> dict[str, Any]:
    """What the records say: every figure is a query. What is not told of another day is told of 30 August 2011."""
    found, by = cases_by_code(), ministry()
    assert by is not None
    until = began() + (demo_families.LAST_ACT - cases()[0].zero_hour)
    totals = {code: told.totals(found[code], until=until) for code in (CASE_1, CASE_2)}
    chain = continuity(until=until)
    verified = audit.verify_chain()
    return {
        "children": chain.children,
        "rescued_by_case": {code: total.rescued for code, total in totals.items()},
        "suspects_by_case": {code: total.suspects for code, total in totals.items()},
        "detained_by_case": {code: total.detained for code, total in totals.items()},
        "rescued_by_province": _by_province(totals[CASE_2].by_jurisdiction),
        "rescued_by_jurisdiction": {code: dict(sorted(total.by_jurisdiction.items())) for code, total in totals.items()},
        "on_clue_of": dict(totals[CASE_2].on_clue_of),
        "custody": chain.by_kind,
        "episodes": chain.episodes,
        "custody_gaps": chain.gaps,
        **demo_night.told(until),
        **demo_families.told(),
        **demo_returns.told(until),
        **told_of_clues(by),
        **demo_forces.told(by, [found[CASE_1], found[CASE_2]]),
        **demo_announcements.told(),
        **demo_afterwards.told(found[CASE_1]),
        **demo_partners.told(by, demo_afterwards.HANDED_OVER),
        "audit_events": verified.events,
        "audit_chains": verified.chains,
        "audit_ok": verified.ok,
    }


def _by_province(by_jurisdiction: Any) -> dict[str, int]:
    """A county's children are its province's."""
    counts: dict[str, int] = {}
    for code, n in sorted(by_jurisdiction.items()):
        province = "-".join(code.split("-")[:2])
        counts[province] = counts.get(province, 0) + n
    return counts
