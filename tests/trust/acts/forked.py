"""Each legal case once more while somebody else writes to the same chain of events: it is refused and told as any other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from trust.acts.bench import Case
from wayhome.casework.audit import queries
from wayhome.casework.core.actors import SYSTEM

WITHOUT_A_GATE = frozenset(
    {
        "screen",
        "screen_person: buyer",
        "register_agency",
        "register_facility",
        "register_staff",
        "end_facility",
        "end_staff",
        "change_password",
        "choose_language",
        "reset_password",
        "reset_second_factor",
        "give_token",
        "revoke_token",
        "record",
        "raise_alarm",
        "raise_alarm: where one works",
        "answer_alarm",
        "record_visitor",
        "register_lab_key",
        "register_staff_profiles",
        "end_staff_profiles",
        "read_clue",
        "look_around",
        "settle",
    }
)
"""Actions whose transaction tells nobody when it is refused: the connection itself does (`core.backends.watch`)."""
NO_EVENT = frozenset(
    {"open_account", "on_refusal", "permitted", "gate", "export_heads", "preview", "compare_new"}
    | {"find", "tell_canary"}
    | {"held_back_of", "enquiry_of", "determination_of", "look_at_households", "stop"}
)
"""And what writes no event, tells of a refusal itself, or reads the chains before."""

BESIDES = frozenset(
    {
        "exclude: who fosters a child",
        "exclude: for a child",
        "confirm_merge: a split",
        "end_foster: caseworker",
        "tell_hop: of a relative's",
        "compare_new: two children alike",
        "read_kit: of a child",
        "read_results: of a child, nothing odd",
        "vote: doctor",
        "enquire: involved, afterwards",
        "search_asked: it ended there",
    }
)
"""And what else is tried."""

BY_THE_SYSTEM = frozenset(
    {
        "propose_duplicates",
        "propose_request_duplicates",
        "judge_entries",
        "compare_new: two children alike",
        "check_samples",
        "erase_contents",
    }
)
"""What writes to the system's chain, after something else that a case needs."""
LATER = {"vote: doctor": 2, "countersign": 2, "find_kin": 9, "tell_key": 2, "register_told_key": 2} | {
    "search_asked": 2,
    "check_seconds": 16,
    "search_asked: it ended there": 4,
}
"""Cases that do something else before: the how-manieth event is the action's own."""


def while_another_writes(cases: Iterable[Case]) -> Iterator[Case]:
    """For each legal case that has no other word in its name, and for some that have."""
    for case in cases:
        alone = ":" not in case.name or case.name in WITHOUT_A_GATE or case.name in BESIDES
        if case.says.startswith("done") and alone and case.name not in NO_EVENT:
            says = "IntegrityError: wayhome:" if case.name in WITHOUT_A_GATE else "refused: "
            yield Case(f"{case.name}: while another writes", says, meanwhile(case))


def meanwhile(case: Case) -> Any:
    """The act of a case, while somebody else writes."""

    def act(stage: Any) -> Any:
        own, asked = queries.head, []

        def behind(chain: str) -> Any:
            """The chain as it was before its first event, once."""
            if case.name not in BY_THE_SYSTEM or chain == SYSTEM.chain:
                asked.append(chain)
            return None if len(asked) == LATER.get(case.name, 1) else own(chain)

        queries.head = behind
        try:
            return case.act(stage)
        finally:
            queries.head = own

    return act
