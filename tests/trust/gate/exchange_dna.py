"""Questions by DNA to partners and from them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from trust.gate.case import Case, judged, twin_of
from trust.gate.exchange import by_roles
from trust.gate.stage import AT, Stage, insert, nothing
from wayhome.casework.accounts.rules import Role
from wayhome.casework.exchange.rules.canaries import HANDFUL

NODE, OTHER = 797_001, 797_002
CASE, ELSEWHERE = 797_011, 797_012
TIED, TIED_ELSEWHERE = 797_021, 797_022
KIT, SECOND, RELATIVES = 797_031, 797_032, 797_033
LONG_AGO, LONGER_AGO = "2011-06-20 08:00:00", "2011-06-20 07:59:59"
SUPERVISOR = {Role.SUPERVISOR}


def exchange_dna(stage: Stage) -> Iterator[Case]:
    """Of every guard of these questions."""
    yield from by_roles(stage, "exchange_casechild_insert_gate", lambda **more: tied(5, child_id=5, **more), SUPERVISOR)
    yield from _questions(stage)
    yield from _approvals(stage)
    yield from _sent(stage)
    yield from _asked(stage)
    yield from _found(stage)
    yield from _out(stage)


def shared(n: int, node: int) -> str:
    return insert("exchange_sharedcase", id=n, node_id=node, number=f"K-{n}", by_id=1, at=AT)


def tied(n: int, case: int = CASE, **more: Any) -> str:
    return insert("exchange_casechild", **{"id": n, "case_id": case, "child_id": n, "by_id": 1, "at": AT} | more)


def kit(n: int, **more: Any) -> str:
    told = {"id": n, "relative_id": None, "child_id": 1, "laboratory_id": 1, "replaces_id": None, "second": False}
    return insert("laboratory_kit", **told | {"by_id": 1, "at": AT} | more)


def typed(of: int, n: int = 1) -> str:
    told = {"kit_id": of, "n": n, "file_id": None, "panel": "", "loci": 20, "sealed": nothing(), "by_id": 1, "at": AT}
    return insert("laboratory_childprofile", **told)


def question(pk: int = 1, of: int = TIED, **more: Any) -> str:
    told = {"id": pk, "of_id": of, "kit_id": KIT, "n": 1, "basis": "treaty", "by_id": 1, "at": AT}
    return insert("exchange_dnaquestion", **told | more)


def approval(n: int = 1, of: int = 1, **more: Any) -> str:
    return insert("exchange_dnaapproval", **{"id": n, "question_id": of, "by_id": 2, "at": AT} | more)


def out(n: int, kind: str = "dna", case: int = CASE, **more: Any) -> str:
    told = {"id": n, "case_id": case, "kind": kind, "sequence": 1, "nonce": f"o{n}", "digest": "d", "body": "b"}
    return insert("exchange_outgoing", **told | {"copy": nothing(), "answers_id": None, "by_id": 1, "at": AT} | more)


def came(n: int, kind: str = "dna", case: int = CASE, **more: Any) -> str:
    told = {"id": n, "case_id": case, "key_id": 1, "kind": kind, "sequence": n, "nonce": f"i{n}", "digest": "d", "body": ""}
    told |= {"copy": nothing(), "answers_id": None, "signature": nothing(), "sent_at": AT, "skew": 0, "at": AT}
    return insert("exchange_incoming", **told | more)


def sent(n: int = 1, of: int = 1, message: int = 1) -> str:
    return insert("exchange_dnasent", id=n, approval_id=of, message_id=message, at=AT)


def asked(n: int = 1, **more: Any) -> str:
    told = {"id": n, "message_id": n, "node_id": NODE, "sample": f"s{n}", "basis": "treaty", "at": AT}
    return insert("exchange_dnaasked", **told | more)


def found(n: int = 1, **more: Any) -> str:
    told = {"id": n, "asked_id": n, "outcome": "none", "why": "", "request_id": None, "sketch": "{}", "at": AT}
    return insert("exchange_dnafound", **told | more)


def look(n: int = 1, **more: Any) -> str:
    return insert("exchange_dnalook", **{"id": n, "found_id": n, "answered": True, "note": "", "by_id": 1, "at": AT} | more)


CASES = (shared(CASE, NODE), shared(ELSEWHERE, OTHER))
BOTH = (*CASES, tied(TIED), tied(TIED_ELSEWHERE, ELSEWHERE))


def _questions(stage: Stage) -> Iterator[Case]:
    guard, by = "exchange_dnaquestion_insert_gate", {"by_id": stage.staff("supervisor")}
    here = (*BOTH, kit(KIT), kit(SECOND), kit(RELATIVES, child_id=None, relative_id=1), typed(KIT), typed(SECOND))
    yield from by_roles(stage, guard, question, {Role.SUPERVISOR, Role.LIAISON}, *here)
    for name, code, before, more in (
        ("nothing typed", "not_a_childs_sample", (kit(797_034),), {"kit_id": 797_034}),
        ("another profile", "not_a_childs_sample", (), {"n": 2}),
        ("a second profile", "", (typed(KIT, 2),), {"n": 2}),
        ("a relative's", "not_a_childs_sample", (typed(RELATIVES),), {"kit_id": RELATIVES}),
        ("again", "sample_asked_by", (question(9, **by),), {}),
        ("by the second", "", (question(9, **by),), {"kit_id": SECOND}),
        ("of another partner", "", (question(9, **by),), {"of": TIED_ELSEWHERE}),
        ("again of the other", "sample_asked_by", (question(9, TIED_ELSEWHERE, **by),), {"of": TIED_ELSEWHERE}),
        ("of one after the other", "", (question(9, TIED_ELSEWHERE, **by),), {}),
        (
            "again in another case",
            "sample_asked_by",
            (shared(797_013, NODE), tied(797_023, 797_013), question(9, **by)),
            {"of": 797_023},
        ),
    ):
        yield judged(guard, name, code, *here, *before, question(**by | more))


def _approvals(stage: Stage) -> Iterator[Case]:
    guard, one, other = "exchange_dnaapproval_insert_gate", stage.staff("supervisor"), stage.staff("supervisor2")
    here = (question(1, by_id=other), question(2, by_id=one, kit_id=SECOND))
    first = (question(1, by_id=999_998),)
    yield from by_roles(stage, guard, approval, SUPERVISOR, *first)
    yield judged(guard, "by the other", "", *here, approval(of=2, by_id=other))
    yield judged(guard, "by the first for the other", "", *here, approval(of=1, by_id=one))
    yield judged(guard, "by oneself", "self_approval", *here, approval(of=2, by_id=one))
    yield judged(guard, "of nothing", "self_approval", *here, approval(of=3, by_id=one))
    yield judged(guard, "by the other themselves", "self_approval", *here, approval(of=1, by_id=other))
    twin, there = twin_of(stage, "supervisor2")
    yield judged(guard, "by the other, under another number", "self_approval", there, *here, approval(of=1, by_id=twin))
    yield judged(guard, "by one who is twice there, of another's", "", there, *here, approval(of=2, by_id=twin))


def _sent(stage: Stage) -> Iterator[Case]:
    guard = "exchange_dnasent_insert_gate"
    # The first of everything is of the other partner.
    here = (
        *BOTH,
        question(1, TIED_ELSEWHERE),
        question(2, TIED),
        approval(1, 1),
        approval(2, 2),
        out(1, case=ELSEWHERE),
        out(2, case=CASE),
        out(3, "notice", CASE, sequence=2),
    )
    for name, code, of, message in (
        ("its own", "", 2, 2),
        ("the other its own", "", 1, 1),
        ("the other's", "not_its_question", 2, 1),
        ("mine for the other", "not_its_question", 1, 2),
        ("a notice", "not_its_question", 2, 3),
        ("none", "not_its_question", 2, 4),
        ("of nothing", "not_its_question", 3, 2),
    ):
        yield judged(guard, name, code, *here, sent(of=of, message=message))
    guard = "exchange_dnaheard_insert_gate"

    def heard(message: int, of: int) -> str:
        return insert("exchange_dnaheard", question_id=of, message_id=message, outcome="hit", at=AT)

    here = (*here, sent(1, 1, 1), sent(2, 2, 2), came(1, "dna_answer", answers_id=1), came(2, "dna_answer", answers_id=2))
    here = (*here, came(3, "answer", answers_id=2), came(4, "dna_answer"))
    for name, code, message, of in (
        ("its own", "", 2, 2),
        ("the other's", "not_its_question", 1, 2),
        ("of another question", "not_its_question", 2, 1),
        ("another kind", "not_its_question", 3, 2),
        ("to nothing", "not_its_question", 4, 2),
        ("none", "not_its_question", 5, 2),
    ):
        yield judged(guard, name, code, *here, heard(message, of))


def _asked(stage: Stage) -> Iterator[Case]:
    guard = "exchange_dnaasked_insert_gate"
    here = (*CASES, came(1), came(2, "notice"), came(3, case=ELSEWHERE), came(4, case=999_999))
    for name, code, more in (
        ("legal", "", {}),
        ("by a notice", "not_its_question", {"message_id": 2}),
        ("in another's case", "not_its_question", {"message_id": 3}),
        ("by another in its case", "", {"message_id": 3, "node_id": OTHER}),
        ("in no case", "not_its_question", {"message_id": 4}),
        ("by nothing", "not_its_question", {"message_id": 5}),
    ):
        yield judged(guard, name, code, *here, asked(**more))
    for name, code, times, more in (
        ("the thirtieth", "", 29, {}),
        ("one too many", "asked_quota", 30, {}),
        ("after many of another", "", 30, {"node_id": OTHER}),
        ("after a month", "asked_quota", 30, {"at": LONG_AGO}),
        ("after more than a month", "", 30, {"at": LONGER_AGO}),
    ):
        case = ELSEWHERE if "node_id" in more else CASE
        before = [one for n in range(11, 11 + times) for one in (came(n, case=case), asked(n, **more))]
        yield judged(guard, name, code, *here, *before, asked())


def _found(stage: Stage) -> Iterator[Case]:
    def profile(n: int = 1) -> str:
        return insert("exchange_askedprofile", id=n, asked_id=n, sealed=nothing())

    guard = "exchange_askedprofile_insert_gate"
    yield judged(guard, "asked", "", profile())
    yield judged(guard, "another was searched", "", found(2), profile())
    yield judged(guard, "searched", "already_searched", found(), profile())
    guard, gone = "exchange_askedprofile_delete_gate", "DELETE FROM exchange_askedprofile WHERE id = 1"
    yield judged(guard, "searched", "", profile(), found(), gone)
    yield judged(guard, "not searched", "not_searched", profile(), gone)
    yield judged(guard, "another was searched", "not_searched", profile(), found(2), gone)
    changed = "UPDATE exchange_askedprofile SET id = id WHERE id = 1"
    yield judged("exchange_askedprofile_update_gate", "changed", "append_only", profile(), changed)
    guard = "exchange_dnafound_insert_gate"
    for outcome in ("hit", "none", "declined"):
        for request in (None, 7):
            for why in ("", "near_copy"):
                legal = (request is not None) == (outcome == "hit") and bool(why) == (outcome == "declined")
                name = f"{outcome} {request} {why}"
                row = found(outcome=outcome, request_id=request, why=why)
                yield judged(guard, name, "" if legal else "found_unlike", row)
    for n in (0, 1, HANDFUL, HANDFUL + 1):
        row = insert("exchange_canary", node_id=NODE, n=n, sealed=nothing(), at=AT)
        yield judged("exchange_canary_insert_gate", f"the {n}th", "" if 1 <= n <= HANDFUL else "canaries_enough", row)
    guard, by = "exchange_dnalook_insert_gate", {"by_id": stage.staff("supervisor")}
    yield from by_roles(stage, guard, look, SUPERVISOR)
    yield judged(guard, "declined", "", look(answered=False, note="x", **by))
    yield judged(guard, "declined without a word", "note_missing", look(answered=False, **by))
    yield judged(guard, "answered with a word", "", look(note="x", **by))
    guard = "exchange_dnaanswer_insert_gate"
    here = (
        *(one for n in (1, 2) for one in (asked(n), found(n), look(n))),
        out(1, "dna_answer", answers_id=1),
        out(2, "dna_answer", answers_id=2, sequence=2),
        out(3, "answer", answers_id=2, sequence=3),
        out(4, "dna_answer", answers_id=5, sequence=4),
    )
    for name, code, message, of in (
        ("its own", "", 2, 2),
        ("the other's", "not_its_question", 1, 2),
        ("of another look", "not_its_question", 2, 1),
        ("another kind", "not_its_question", 3, 2),
        ("to nothing", "not_its_question", 4, 2),
        ("none", "not_its_question", 5, 2),
    ):
        row = insert("exchange_dnaanswer", look_id=of, message_id=message, at=AT)
        yield judged(guard, name, code, *here, row)


def _out(stage: Stage) -> Iterator[Case]:
    """What goes out, and what it is to."""
    guard, by = "exchange_outgoing_insert_gate", {"by_id": stage.staff("supervisor")}
    mine, other = (question(1, TIED_ELSEWHERE), approval(1, 1)), (question(2, TIED), approval(2, 2))
    for name, code, before in (
        ("a question by DNA, approved", "", (*mine, *other)),
        ("a question by DNA, asked", "not_approved", (*mine, other[0])),
        ("a question by DNA, approved of another", "not_approved", mine),
        ("a question by DNA, sent", "not_approved", (*other, sent(2, 2, 99))),
        ("a question by DNA, another sent", "", (*mine, *other, sent(1, 1, 99))),
    ):
        yield judged(guard, name, code, *BOTH, *before, out(1, **by))
    answers = {"answers_id": 1}
    both = (came(1), came(2), came(3, "question"), asked(1), asked(2), found(1), found(2))
    for name, code, before, kind, more in (
        ("an answer by DNA, looked at", "", (look(1),), "dna_answer", answers),
        ("an answer by DNA, found", "not_looked_at", (), "dna_answer", answers),
        ("an answer by DNA, another looked at", "not_looked_at", (look(2),), "dna_answer", answers),
        ("an answer by DNA to a question", "not_its_question", (look(1),), "dna_answer", {"answers_id": 3}),
        ("an answer to a question by DNA", "not_its_question", (look(1),), "answer", answers),
        (
            "an answer by DNA to another case's",
            "not_its_question",
            (came(4, case=ELSEWHERE), asked(4), found(4), look(4)),
            "dna_answer",
            {"answers_id": 4},
        ),
        ("an answer by DNA to nothing", "not_its_question", (look(1),), "dna_answer", {}),
        ("a notice to a question by DNA", "not_its_question", (look(1),), "notice", answers),
    ):
        yield judged(guard, name, code, *CASES, *both, *before, out(1, kind, **by | more))
