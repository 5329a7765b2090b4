"""Attempts to read a clue that is kept from one, to write into one, or to speak for both sides of a pair. None is believed.

By lies, through the actions. `test_clue_sql.py` has what is tried by SQL. A new incident is a new row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from factories.clues import PHONE, clue, thing
from factories.operations import add, end
from trust.ring import PLATE, Ring, a_ring, anew
from wayhome.casework.accounts import actions as accounts
from wayhome.casework.audit.attempts import SLIPS
from wayhome.casework.audit.models import Alarm
from wayhome.casework.clues import actions
from wayhome.casework.clues.models import Clue
from wayhome.casework.clues.queries import clues as queries
from wayhome.casework.clues.queries import network
from wayhome.casework.clues.queries.hits import hits
from wayhome.casework.clues.queries.links import cluster, proposals
from wayhome.casework.clues.rules import Relation, Told
from wayhome.casework.core.errors import CaseworkError, NotFound, Refused
from wayhome.casework.operations.actions.investigations import add_member
from wayhome.casework.operations.queries.investigations import investigation_of

Attack = Callable[[Ring], object]


@pytest.fixture(scope="module")
def _ring(django_db_setup: None, django_db_blocker: Any) -> Iterator[Ring]:
    with a_ring(django_db_blocker) as ring:
        yield ring


@pytest.fixture
def ring(_ring: Ring, db: None) -> Iterator[Ring]:
    """See `trust.ring`."""
    yield anew(_ring)
    transaction.set_rollback(True)


def reads(ring: Ring, who: str, made: Clue) -> Any:
    return actions.read_clue(clue_id=made.pk, **ring.who(who))


def adds(ring: Ring, who: str, made: Clue, *told: Told, **more: Any) -> Any:
    return actions.add_mentions(clue=made, speaks_of=told or [thing("phone", "13900000001")], **more, **ring.who(who))


def steps(ring: Ring, who: str, made: Clue, *states: str, to: str = "officer2", note: str = "x") -> None:
    for state in states:
        given: dict[str, Any] = {"assigned_to": ring.world.staff[to]} if state == "assigned" else {}
        actions.triage(clue=made, state=state, note=note, **given, **ring.who(who))


def judges(ring: Ring, who: str, one: Clue, other: Clue, confirmed: bool = True) -> Any:
    return actions.judge_pair(clue=one, other=other, confirmed=confirmed, note="x", **ring.who(who))


def shuts(ring: Ring, who: str, made: Clue) -> Any:
    return actions.put_in_compartment(clue=made, investigation=ring.opened, **ring.who(who))


def own_task_force(ring: Ring, who: str) -> Any:
    """Somebody opens an investigation of their own."""
    from factories.operations import investigation

    return investigation(ring.world, lead=who, jurisdiction=ring.world.staff[who].agency.jurisdiction)


def first_thing(made: Clue) -> network.Place:
    return network.Place(made.pk, 1)


# Reading. ---------------------------------------------------------------------------------------------------------------------


def who_left_the_task_force(ring: Ring) -> None:
    add(ring.world, ring.opened, "officer2")
    reads(ring, "officer2", ring.shut)
    end(ring.world, ring.opened, "officer2")
    reads(ring, "officer2", ring.shut)


def who_left_the_service(ring: Ring) -> None:
    add(ring.world, ring.opened, "officer2")
    reads(ring, ring.back("officer2", "police"), ring.shut)


def what_came_after_it_was_opened(ring: Ring) -> None:
    ring.agree(ring.mine, "police_gd", "officer")
    ring.agree(ring.theirs, "police", "officer_gd")
    reads(ring, "officer", ring.theirs)
    reads(ring, "officer", clue(ring.world, thing("phone", PHONE), by="officer_gd"))


def beside_what_was_opened(ring: Ring) -> None:
    ring.agree(ring.mine, "police_gd", "officer")
    ring.agree(ring.theirs, "police", "officer_gd")
    reads(ring, "officer_gd", ring.second)


def by_the_colleagues_of_who_opened_it(ring: Ring) -> None:
    ring.agree(ring.shut, "police_gd", "officer")
    ring.agree(ring.far, "police", "officer_gd")
    reads(ring, "officer", ring.far)
    reads(ring, "officer2", ring.far)


READING: dict[str, tuple[str, Attack]] = {
    "read by another province": ("not_found", lambda r: reads(r, "officer_gd", r.mine)),
    "read from a compartment by a colleague": ("not_found", lambda r: reads(r, "officer2", r.shut)),
    "read from a compartment by the ministry": ("not_found", lambda r: reads(r, "supervisor_not", r.shut)),
    "read by an administrator": ("not_found", lambda r: reads(r, "administrator", r.mine)),
    "read by an auditor": ("not_found", lambda r: reads(r, "auditor", r.mine)),
    "read by who left the task force": ("not_found", who_left_the_task_force),
    "read by who left the service and came back": ("not_found", who_left_the_service),
    "read after one side agreed": (
        "not_found",
        lambda r: (r.agree(r.mine, "police_gd", "officer"), reads(r, "officer", r.theirs)),
    ),
    "read what came after it was opened": ("not_found", what_came_after_it_was_opened),
    "read what lies beside an opened one": ("not_found", beside_what_was_opened),
    "read what was opened to a task force": ("not_found", by_the_colleagues_of_who_opened_it),
    "its thing, by its number": (
        "not_found",
        lambda r: network.neighbourhood(r.world.actor("officer2"), first_thing(r.shut)),
    ),
    "a way that leads into it": (
        "not_found",
        lambda r: network.way(r.world.actor("officer2"), first_thing(r.mine), first_thing(r.shut)),
    ),
    "what it is proposed with": ("not_found", lambda r: proposals(r.world.actor("officer2"), r.shut)),
    "its cluster": ("not_found", lambda r: cluster(r.world.actor("officer2"), r.shut, proposed=True)),
    "its hits": ("not_found", lambda r: hits(r.world.actor("officer2"), r.shut)),
    "who told it, asked by another province": ("not_found", lambda r: queries.source_of(r.world.actor("officer_gd"), r.mine)),
    "what was said of a pair, one of which is kept": (
        "not_found",
        lambda r: queries.verdicts_of(r.world.actor("officer2"), r.mine, r.shut),
    ),
    "into the task force by oneself": (
        "not_found",
        lambda r: add_member(investigation=r.opened, staff=r.world.staff["officer2"], function="member", **r.who("officer2")),
    ),
    "its investigation, by its number": ("not_found", lambda r: investigation_of(r.world.actor("officer2"), r.opened.pk)),
}


# Writing. ---------------------------------------------------------------------------------------------------------------------


def opened_and_written_into(ring: Ring) -> None:
    ring.agree(ring.mine, "police_gd", "officer")
    ring.agree(ring.theirs, "police", "officer_gd")
    adds(ring, "officer_gd", ring.mine)


def by_a_guest(ring: Ring, work: Callable[[Ring], object]) -> None:
    """An officer of another province is taken into the task force."""
    add(ring.world, ring.opened, "officer_gd")
    reads(ring, "officer_gd", ring.shut)
    work(ring)


def taken_down_by_who_left(ring: Ring) -> None:
    before = ring.world.actor("officer2")
    ring.back("officer2", "police_gd")
    actions.add_mentions(clue=ring.mine, speaks_of=[thing("phone", "13900000001")], by=before, at=ring.world.now())


WRITING: dict[str, tuple[str, Attack]] = {
    "taken down for another province": (
        "clue_elsewhere",
        lambda r: clue(r.world, jurisdiction=r.world.jurisdictions["GD"]),
    ),
    "taken down for the whole country": (
        "clue_elsewhere",
        lambda r: clue(r.world, jurisdiction=r.world.jurisdictions["CN"]),
    ),
    "taken down by a nurse": ("not_allowed", lambda r: clue(r.world, by="nurse")),
    "taken down by the ministry": ("not_allowed", lambda r: clue(r.world, by="supervisor")),
    "taken down by an administrator": ("not_allowed", lambda r: clue(r.world, by="administrator")),
    "taken down as of tomorrow": ("invalid", lambda r: clue(r.world, received_at=r.world.clock + timedelta(days=1))),
    "a source of somebody anonymous": ("invalid", lambda r: clue(r.world, anonymous=True, source="a neighbour")),
    "a number that is everybody's": ("invalid", lambda r: clue(r.world, thing("phone", "110"))),
    "a victim known by a telephone": ("invalid", lambda r: clue(r.world, Told("victim", [("phone", PHONE)]))),
    "tied to what is another clue's": (
        "invalid",
        lambda r: adds(r, "officer", r.mine, relations=[Relation(0, "drives", 5)]),
    ),
    "written into another province's": ("not_found", lambda r: adds(r, "officer_gd", r.mine)),
    "written into a compartment by a colleague": ("not_found", lambda r: adds(r, "officer2", r.shut)),
    "written into by the ministry": ("not_allowed", lambda r: adds(r, "supervisor", r.mine)),
    "written into once it was opened": ("not_your_clue", opened_and_written_into),
    "written into by a guest of the task force": (
        "not_your_clue",
        lambda r: by_a_guest(r, lambda r: adds(r, "officer_gd", r.shut)),
    ),
    "written into by who left": ("not_your_clue", taken_down_by_who_left),
    "a step by another province": ("not_found", lambda r: steps(r, "officer_gd", r.mine, "triaged")),
    "a step by a guest of the task force": (
        "not_your_clue",
        lambda r: by_a_guest(r, lambda r: steps(r, "officer_gd", r.shut, "triaged")),
    ),
    "a step by the ministry": ("not_allowed", lambda r: steps(r, "supervisor", r.mine, "triaged")),
    "a step left out": ("no_such_clue_step", lambda r: steps(r, "officer", r.mine, "linked")),
    "acted on, and not any more": (
        "no_such_clue_step",
        lambda r: steps(r, "officer", r.mine, "triaged", "assigned", "linked", "actioned", "unfounded"),
    ),
    "laid aside without a word": ("invalid", lambda r: steps(r, "officer", r.mine, "triaged", "unfounded", note=" ")),
    "given to another province": (
        "assigned_to_nobody",
        lambda r: steps(r, "officer", r.mine, "triaged", "assigned", to="officer_gd"),
    ),
    "given out of its compartment": (
        "invalid",
        lambda r: steps(r, "officer", r.shut, "triaged", "assigned", to="officer2"),
    ),
    "given to who left the task force": (
        "invalid",
        lambda r: (
            add(r.world, r.opened, "officer2"),
            end(r.world, r.opened, "officer2"),
            steps(r, "officer", r.shut, "triaged", "assigned", to="officer2"),
        ),
    ),
    "given to a nurse": ("assigned_to_nobody", lambda r: steps(r, "officer", r.mine, "triaged", "assigned", to="nurse")),
}


# For both sides. --------------------------------------------------------------------------------------------------------------


def both_under_two_numbers(ring: Ring) -> None:
    judges(ring, "officer2", ring.mine, ring.second)
    judges(ring, ring.back("officer2", "police"), ring.second, ring.mine)


def opened_for_both(ring: Ring) -> None:
    """Who agreed for one province changes to the other, and agrees there."""
    ring.agree(ring.theirs, "police", "officer_gd")
    ring.agree(ring.mine, "police_gd", ring.back("officer_gd", "police"))


SIDES: dict[str, tuple[str, Attack]] = {
    "both sides by one": (
        "one_for_both",
        lambda r: (judges(r, "officer", r.mine, r.second), judges(r, "officer", r.second, r.mine)),
    ),
    "both sides by one, under two numbers": ("one_for_both", both_under_two_numbers),
    "a pair with what one may not read": ("not_found", lambda r: judges(r, "officer", r.mine, r.theirs)),
    "a pair with what is in a compartment": ("not_found", lambda r: judges(r, "officer2", r.mine, r.shut)),
    "a pair of one": ("invalid", lambda r: judges(r, "officer", r.mine, r.mine)),
    "a pair by the ministry": ("not_allowed", lambda r: judges(r, "supervisor", r.mine, r.second)),
    "a pair of others, by a guest": (
        "not_your_side",
        lambda r: by_a_guest(r, lambda r: (shuts(r, "officer", r.mine), judges(r, "officer_gd", r.mine, r.shut))),
    ),
    "shut away from its own agency": ("not_found", lambda r: shuts(r, "officer_gd", r.mine)),
    "shut away for a task force of others": ("not_found", lambda r: shuts(r, "officer2", r.mine)),
    "shut away by the ministry": ("not_allowed", lambda r: shuts(r, "supervisor2", r.mine)),
    "shut away by who left it": (
        "not_found",
        lambda r: (add(r.world, r.opened, "officer2"), end(r.world, r.opened, "officer2"), shuts(r, "officer2", r.mine)),
    ),
    "taken out of it into another": (
        "already_there",
        lambda r: actions.put_in_compartment(clue=r.shut, investigation=own_task_force(r, "officer"), **r.who("officer")),
    ),
    "taken out of it by a colleague": (
        "not_found",
        lambda r: actions.put_in_compartment(clue=r.shut, investigation=own_task_force(r, "officer2"), **r.who("officer2")),
    ),
    "taken along by a guest": (
        "not_your_clue",
        lambda r: by_a_guest(
            r,
            lambda r: actions.put_in_compartment(
                clue=r.shut, investigation=own_task_force(r, "officer_gd"), **r.who("officer_gd")
            ),
        ),
    ),
    "opened without a hit": ("not_found", lambda r: r.agree(r.second, "hospital_agency", "officer")),
    "opened to the own agency": ("not_found", lambda r: r.agree(r.mine, "police", "officer")),
    "opened by a colleague": ("not_found", lambda r: r.agree(r.shut, "police_gd", "officer2")),
    "opened by the ministry": ("not_allowed", lambda r: r.agree(r.mine, "police_gd", "supervisor")),
    "opened by a guest": ("not_your_clue", lambda r: by_a_guest(r, lambda r: r.agree(r.shut, "police_gd", "officer_gd"))),
    "opened for the others": ("not_found", lambda r: r.agree(r.theirs, "police", "officer")),
    "opened by one for both": ("one_for_both", opened_for_both),
    "opened twice": (
        "already_there",
        lambda r: (r.agree(r.mine, "police_gd", "officer"), r.agree(r.mine, "police_gd", "officer2")),
    ),
}
ATTACKS = READING | WRITING | SIDES


@pytest.mark.parametrize("name", ATTACKS)
def test_no_lie_opens_a_clue(ring: Ring, name: str) -> None:
    code, attack = ATTACKS[name]
    assert ring.world.registrars is not None
    ring.world.staff["supervisor_not"] = accounts.register_staff(
        by=ring.world.registrars,
        at=ring.world.now(),
        number="supervisor_not",
        name="x",
        id_number="110101198001010033",
        agency=ring.world.staff["supervisor"].agency,
        role="supervisor",
    )
    with pytest.raises(CaseworkError) as refused:
        attack(ring)
    assert refused.value.code == code
    alarmed = isinstance(refused.value, Refused) and code not in SLIPS
    assert Alarm.objects.filter(code=code).exists() == alarmed
    assert ring.leaks() == []


def test_there_are_enough_of_them() -> None:
    assert len(ATTACKS) >= 60


def test_what_all_of_them_are_told_from(ring: Ring) -> None:
    """The same people, as it should go: shut away, a hit, both sides agree and read, and say that it is one ring."""
    world = ring.world
    assert ring.reads("officer", ring.shut)
    assert ring.reads("supervisor2", ring.shut)
    assert [hit.agency for hit in hits(world.actor("officer"), ring.shut)] == ["police_gd"]
    ring.agree(ring.shut, "police_gd", "officer")
    ring.agree(ring.far, "police", "officer_gd")
    assert ring.reads("officer_gd", ring.shut)
    assert ring.reads("officer", ring.far)
    judges(ring, "officer", ring.shut, ring.far)
    judges(ring, "officer_gd", ring.far, ring.shut)
    assert [one.standing for one in proposals(world.actor("officer"), ring.shut).found] == ["confirmed"]
    adds(ring, "officer", ring.shut)
    steps(ring, "officer", ring.shut, "triaged", "assigned", to="officer")
    shuts(ring, "officer", ring.mine)
    assert queries.source_of(world.actor("officer_gd"), ring.shut) == "", "who told it stays where it was"
    assert ring.leaks() == []


# What is not refused, and comes to nothing. -----------------------------------------------------------------------------------


def standing_of(ring: Ring, one: Clue, other: Clue, who: str = "officer") -> str:
    return next(found.standing for found in proposals(ring.world.actor(who), one).found if found.other == other)


def test_a_yes_that_was_taken_back_does_not_come_again(ring: Ring) -> None:
    """One side says something new, so that the other's no lapses: what that side said before it stays in the past."""
    judges(ring, "officer", ring.mine, ring.second)
    judges(ring, "officer2", ring.second, ring.mine)
    assert standing_of(ring, ring.mine, ring.second) == "confirmed"
    judges(ring, "officer2", ring.second, ring.mine, confirmed=False)
    assert standing_of(ring, ring.mine, ring.second) == "rejected"
    adds(ring, "officer", ring.mine)
    assert standing_of(ring, ring.mine, ring.second) == "open"
    judges(ring, "officer2", ring.second, ring.mine)
    assert standing_of(ring, ring.mine, ring.second) == "confirmed", "the other side's yes was never taken back"


def test_a_clue_shut_away_takes_its_hits_with_it(ring: Ring) -> None:
    """A hit says whom to call: it says the same of one in a compartment and of one elsewhere, whichever it is."""
    before = hits(ring.world.actor("officer_gd"), ring.theirs)
    shuts(ring, "officer", ring.mine)
    assert hits(ring.world.actor("officer_gd"), ring.theirs) == before
    assert [(hit.agency, hit.kinds) for hit in hits(ring.world.actor("officer_gd"), ring.far)] == [("police", ("vehicle",))]


def test_a_clue_full_of_guesses_learns_whom_to_call(ring: Ring) -> None:
    """Somebody takes a clue down that has everything in it: a hit names an agency and kinds, and not which of the hundred."""
    guesses = [thing("vehicle", f"桂P{n:05d}") for n in range(12300, 12399)]
    fishing = clue(ring.world, thing("vehicle", PLATE), *guesses, by="officer_gd")
    (hit,) = hits(ring.world.actor("officer_gd"), fishing)
    assert (hit.agency, hit.kinds) == ("police", ("vehicle",))
    with pytest.raises(NotFound):
        reads(ring, "officer_gd", ring.shut)
