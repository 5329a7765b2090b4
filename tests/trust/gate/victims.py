"""What a task force says of alleged victims, and which child is one of them."""

from __future__ import annotations

from collections.abc import Iterator

from trust.gate.case import Case, judged, leaves
from trust.gate.stage import AT, Stage, insert
from trust.gate.task_forces import ONE, OTHER, _end, _investigation, _member

VICTIM, SECOND, FOREIGN = 830_001, 830_002, 830_003
TIE, SECOND_TIE, NEW = 831_001, 831_002, 831_009


def _victim(stage: Stage, pk: int, of: int = ONE, by: str = "officer") -> str:
    told = {"evidence": "x", "sex": "U", "seen_from": "2011-06-02", "seen_to": "2011-06-09"}
    return insert("operations_allegedvictim", id=pk, investigation_id=of, **told, by_id=stage.staff(by), at=AT)


def _state(stage: Stage, pk: int, state: str, of: int = VICTIM) -> str:
    return insert("operations_allegedstate", id=pk, victim_id=of, state=state, note="x", by_id=stage.staff("officer"), at=AT)


def _tie(stage: Stage, pk: int = NEW, of: int = VICTIM, child: int = 840_001) -> str:
    return insert("children_victimtie", id=pk, victim_id=of, child_id=child, by_id=stage.staff("officer"), at=AT)


def _untie(stage: Stage, pk: int, tie: int) -> str:
    return insert("children_victimtieend", id=pk, tie_id=tie, reason="x", by_id=stage.staff("officer"), at=AT)


def _there(stage: Stage) -> tuple[str, ...]:
    """Two alleged victims in the officer's investigation, and one in another that the officer leads too."""
    return (
        _investigation(stage, ONE),
        _member(stage, 811_001, "officer", "lead"),
        _investigation(stage, OTHER),
        _member(stage, 811_002, "officer", "lead", of=OTHER),
        _victim(stage, VICTIM),
        _victim(stage, SECOND),
        _victim(stage, FOREIGN, of=OTHER),
    )


def _members(stage: Stage) -> Iterator[tuple[str, bool, tuple[str, ...]]]:
    """Whether the officer belongs to the one investigation, with alleged victims in both."""
    opened = (_investigation(stage, ONE, by="officer2"), _member(stage, 811_002, "officer2", "lead", by="officer2"))
    other = (_investigation(stage, OTHER, by="officer2"), _member(stage, 811_003, "officer2", "lead", of=OTHER, by="officer2"))
    victims = (_victim(stage, VICTIM, by="officer2"), _victim(stage, FOREIGN, of=OTHER, by="officer2"))
    there = (*opened, *other, *victims)
    member = _member(stage, 811_001, "officer", by="officer2")
    yield "a member", True, (*there, member)
    yield "nobody", False, there
    yield "a member of another", False, (*there, _member(stage, 811_001, "officer", of=OTHER, by="officer2"))
    yield "a member no more", False, (*there, member, _end(stage, 812_001, 811_001, "officer2"))
    yield "a member, another no more", True, (*there, member, _end(stage, 812_001, 811_002))
    yield "a member who left", False, (*there, member, leaves(stage, "officer"))
    yield "a member, another left", True, (*there, member, leaves(stage, "officer2"))


def told(stage: Stage) -> Iterator[Case]:
    """Who tells of an alleged victim, what becomes known of it, and of which child it is and is not."""
    for name, member, there in _members(stage):
        code = "" if member else "not_member"
        yield judged("operations_allegedvictim_insert_gate", name, code, *there, _victim(stage, SECOND))
        yield judged("operations_allegedstate_insert_gate", name, code, *there, _state(stage, NEW, "located"))
        yield judged("children_victimtie_insert_gate", name, code, *there, _tie(stage))
        tie = insert("children_victimtie", id=TIE, victim_id=VICTIM, child_id=1, by_id=stage.staff("officer2"), at=AT)
        other = insert("children_victimtie", id=SECOND_TIE, victim_id=FOREIGN, child_id=2, by_id=stage.staff("officer2"), at=AT)
        yield judged("children_victimtieend_insert_gate", name, code, *there, tie, other, _untie(stage, NEW, TIE))


def ties(stage: Stage) -> Iterator[Case]:
    """Of one child and one alleged victim, once."""
    guard = "children_victimtie_insert_gate"
    there = _there(stage)
    disproved = _state(stage, 832_001, "disproved")
    yield judged(guard, "unseen", "", *there, _tie(stage))
    yield judged(guard, "located", "", *there, _state(stage, 832_001, "located"), _tie(stage))
    yield judged(guard, "disproved", "victim_disproved", *there, disproved, _tie(stage))
    yield judged(guard, "disproved, and not after all", "", *there, disproved, _state(stage, 832_002, "unseen"), _tie(stage))
    later = _state(stage, 832_002, "disproved")
    yield judged(
        guard, "located, then disproved", "victim_disproved", *there, _state(stage, 832_001, "located"), later, _tie(stage)
    )
    of_second = _state(stage, 832_002, "disproved", SECOND)
    yield judged(guard, "another disproved", "", *there, of_second, _tie(stage))
    after = (disproved, _state(stage, 832_002, "located", SECOND))
    yield judged(guard, "disproved, another located", "victim_disproved", *there, *after, _tie(stage))

    mine = _tie(stage, TIE, VICTIM, 840_002)
    yield judged(guard, "tied already", "victim_rescued", *there, mine, _tie(stage))
    yield judged(guard, "tied, and not after all", "", *there, mine, _untie(stage, 833_001, TIE), _tie(stage))
    other = _tie(stage, SECOND_TIE, SECOND, 840_003)
    gone = _untie(stage, 833_001, SECOND_TIE)
    yield judged(guard, "tied, another not after all", "victim_rescued", *there, mine, other, gone, _tie(stage))
    yield judged(guard, "another tied", "", *there, other, _tie(stage))
    same = _tie(stage, SECOND_TIE, SECOND)
    yield judged(guard, "the child is another", "child_tied", *there, same, _tie(stage))
    yield judged(guard, "the child was another", "", *there, same, gone, _tie(stage))
    third = (_tie(stage, 831_003, SECOND, 840_003), _untie(stage, 833_002, 831_003), same)
    yield judged(guard, "the child is another, something else ended", "child_tied", *there, *third, _tie(stage))
    yield judged(guard, "the child is one of another investigation", "", *there, _tie(stage, SECOND_TIE, FOREIGN), _tie(stage))


def states(stage: Stage) -> Iterator[Case]:
    """Who was rescued was there."""
    guard = "operations_allegedstate_insert_rescued"
    there = _there(stage)
    mine = _tie(stage, TIE, VICTIM, 840_002)
    for state in ("unseen", "located", "disproved"):
        yield judged(guard, state, "", *there, _state(stage, NEW, state))
        code = "victim_rescued" if state == "disproved" else ""
        yield judged(guard, f"{state}, rescued", code, *there, mine, _state(stage, NEW, state))
    disproved = _state(stage, NEW, "disproved")
    yield judged(guard, "another rescued", "", *there, _tie(stage, SECOND_TIE, SECOND), disproved)
    yield judged(guard, "rescued, and not after all", "", *there, mine, _untie(stage, 833_001, TIE), disproved)
    other = (_tie(stage, SECOND_TIE, SECOND), _untie(stage, 833_001, SECOND_TIE))
    yield judged(guard, "rescued, another not after all", "victim_rescued", *there, mine, *other, disproved)


SOURCES = (told, ties, states)
