"""Attempts to have told, asked or answered abroad what two people did not let go, or to undo what was said. None succeeds.

By lies, through the actions and over the line; `test_partner_sql.py` has what is tried by SQL, and lies in the envelope of a
message are in `tests/casework/exchange/test_messages.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from factories.exchange import CASE, CN, VN, asked_by_hand, sent_by_hand
from trust.between import Between, anew, between
from wayhome.casework.audit.attempts import SLIPS, gate
from wayhome.casework.audit.models import Alarm
from wayhome.casework.children import actions as children
from wayhome.casework.children.models import Child
from wayhome.casework.core.errors import CaseworkError, Invalid, Refused
from wayhome.casework.exchange.actions import corrections, dna_asked, dna_asking, ending, files, messages, nodes
from wayhome.casework.exchange.models import (
    CaseReopened,
    DnaAnswer,
    DnaAsked,
    DnaLook,
    DnaSent,
    Incoming,
    Outgoing,
    Package,
    PackageSent,
    SharedCase,
    StepCorrection,
    TieChange,
)
from wayhome.casework.exchange.rules import bodies
from wayhome.casework.exchange.rules import messages as rules
from wayhome.casework.vault.rules import new_house_key

Attack = Callable[[Between], object]
TABLES = (
    Outgoing,
    Incoming,
    DnaSent,
    PackageSent,
    DnaAsked,
    DnaLook,
    DnaAnswer,
    CaseReopened,
    StepCorrection,
    TieChange,
)
"""Where a row would stand if it had succeeded."""


@pytest.fixture(scope="module")
def _made(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Between]:
    with between(django_db_blocker, tmp_path_factory.mktemp("index") / "it") as made:
        yield made


@pytest.fixture
def made(_made: Between, db: None) -> Iterator[Between]:
    """See `trust.between`."""
    yield anew(_made)
    transaction.set_rollback(True)


def approves_dna(b: Between, by: str) -> Any:
    return dna_asking.approve(question=b.question, **b.who(by))


def approves(b: Between, by: str) -> Any:
    return files.approve(package=Package.objects.get(pk=b.package.pk), **b.who(by))


def looks(b: Between, by: str, *, answered: bool = True, note: str = "") -> Any:
    return dna_asked.look(found=b.found, answered=answered, note=note, **b.who(by))


def opens(b: Between, by: str) -> Any:
    return ending.approve_reopening(reopening=b.again, **b.who(by))


def proposes(b: Between, **fields: str) -> Any:
    return files.propose(of=b.tie, fields=fields, **b.who("supervisor"))


def corrects(b: Between, n: int, by: str = "supervisor", **more: Any) -> Any:
    step = b.steps[n]
    told = {"stands": True, "who": step.who, "what": step.what, "since": step.since, "reason": "x"} | more
    return corrections.correct_step(step=step, **told, **b.who(by))


def not_proved(b: Between, write: Callable[..., Any], **what: Any) -> Any:
    return write(**what, by=b.world.actor("supervisor2", stepped_up=False), at=b.at)


def over_the_line(b: Between, kind: str, content: dict[str, Any], n: int = 5) -> Any:
    """The house in China sends what it likes."""
    return b.two.take(sent_by_hand(b.two.cn, kind, content, n=n, at=b.at, sender=CN, receiver=VN), at=b.at)


def asks_over_the_line(b: Between, **more: Any) -> Any:
    data = asked_by_hand(b.two.cn, {"D3S1358": ["15", "16"]}, n=5, at=b.at, sender=CN, receiver=VN, **more)
    return b.two.take(data, at=b.at)


def asked_by_another_case(b: Between) -> Any:
    """A package of the one case goes out in another."""
    other = nodes.share_case(node=b.two.to_vn.node, number="2026/MC-19", **b.who("supervisor"))
    b.prepared()  # type: ignore[attr-defined]
    return put(b, "package", other)


def put(b: Between, kind: str, case: SharedCase | None = None) -> Any:
    """Past the actions that look first."""
    with gate(**b.who("supervisor"), attempt="put"):
        return messages.put(case=case or b.two.to_vn, kind=kind, content={}, **b.who("supervisor"))


def marked(b: Between) -> None:
    """What is known of the child is not what it was."""
    child = Child.objects.get(pk=b.child.pk)
    sex = "M" if child.sex == "F" else "F"
    children.correct(child_id=child.pk, version=child.version, changes={"sex": sex}, **b.who("caseworker"))


def sealed_for_another(b: Between) -> Any:
    """A body that this house cannot open: it must not say that it has it."""
    _, public = new_house_key()
    nonce = f"{5:032x}"
    body = bodies.sealed(bodies.written({"text": "x"}), to=public, of=bodies.of(CASE, "notice", nonce))
    envelope = rules.Envelope(CN, VN, CASE, "notice", 5, nonce, b.at, rules.digest_of(body))
    return b.two.take(rules.signed(envelope, body, key=b.two.cn), at=b.at)


def wrong_tie(b: Between) -> None:
    corrections.correct_tie(tie=b.tie, stands=False, reason="x", **b.who("supervisor"))


def after(prepare: Callable[[Between], Any], write: Attack) -> Attack:
    def attack(b: Between) -> Any:
        with transaction.atomic():
            prepare(b)
        b.prepared()  # type: ignore[attr-defined]
        return write(b)

    return attack


def ended(b: Between) -> None:
    ending.end_case(case=b.two.to_vn, how="closed", keep_days=30, reason="x", **b.who("supervisor"))


ATTACKS: dict[str, tuple[str, Attack]] = {
    # One alone.
    "a question by DNA let go by who asked": ("self_approval", lambda b: approves_dna(b, "supervisor")),
    "a question by DNA let go by who asked, under another number": (
        "self_approval",
        lambda b: approves_dna(b, b.twin("supervisor")),
    ),
    "a question by DNA let go by a liaison": ("not_allowed", lambda b: approves_dna(b, "liaison")),
    "a question by DNA let go by an officer": ("not_allowed", lambda b: approves_dna(b, "officer")),
    "a question by DNA let go by an analyst": ("not_allowed", lambda b: approves_dna(b, "analyst")),
    "a question by DNA let go without a proof": (
        "step_up",
        lambda b: not_proved(b, dna_asking.approve, question=b.question),
    ),
    "a package let go by who chose it": ("self_approval", lambda b: approves(b, "supervisor")),
    "a package let go by who chose it, under another number": ("self_approval", lambda b: approves(b, b.twin("supervisor"))),
    "a package let go by a liaison": ("not_allowed", lambda b: approves(b, "liaison")),
    "a package let go by the partner's liaison": ("not_allowed", lambda b: approves(b, "partner_liaison")),
    "a package let go without a proof": ("step_up", lambda b: not_proved(b, files.approve, package=b.package)),
    "a case opened again by who asked for it": ("self_approval", lambda b: opens(b, "supervisor")),
    "a case opened again by who asked for it, under another number": ("self_approval", lambda b: opens(b, b.twin("supervisor"))),
    "a case opened again by a liaison": ("not_allowed", lambda b: opens(b, "liaison")),
    "a case opened again without a proof": (
        "step_up",
        lambda b: not_proved(b, ending.approve_reopening, reopening=b.again),
    ),
    # What may not be told or asked.
    "an address told": ("invalid", lambda b: proposes(b, address="treaty")),
    "marks told on the convention alone": ("invalid", lambda b: proposes(b, marks="convention")),
    "a name told because somebody wants it": ("invalid", lambda b: proposes(b, call_name="wish")),
    "a package of another case": ("not_approved", asked_by_another_case),
    "a package that nobody chose": ("not_approved", lambda b: put(b, "package")),
    "a package of a child who is another than was told": (
        "package_changed",
        after(marked, lambda b: approves(b, "supervisor2")),
    ),
    "a question by DNA that nobody asked": ("not_approved", lambda b: put(b, "dna")),
    "an answer by DNA that nobody looked at": ("not_its_question", lambda b: put(b, "dna_answer")),
    "an answer to nothing": ("not_its_question", lambda b: put(b, "answer")),
    "the same sample asked by again": (
        "sample_asked_by",
        lambda b: dna_asking.ask(of=b.tie, basis="court", **b.who("supervisor")),
    ),
    "a child of nobody's tied by a liaison": (
        "not_allowed",
        lambda b: dna_asking.tie_child(case=b.two.to_vn, child=b.world.in_hospital(), **b.who("liaison")),
    ),
    # The look.
    "an answer let go by an officer": ("not_allowed", lambda b: looks(b, "officer")),
    "an answer let go by a liaison": ("not_allowed", lambda b: looks(b, "liaison")),
    "an answer let go by an analyst": ("not_allowed", lambda b: looks(b, "analyst")),
    "an answer declined without a word": ("note_missing", lambda b: looks(b, "supervisor", answered=False)),
    "an answer looked at again while its looker is there": (
        "looker_at_work",
        after(lambda b: looks(b, "supervisor"), lambda b: looks(b, "supervisor2", answered=False, note="x")),
    ),
    # What is wrong, and what is over.
    "a package of a child that is wrong": ("tie_wrong", after(wrong_tie, lambda b: approves(b, "supervisor2"))),
    "a question by DNA of a child that is wrong": ("tie_wrong", after(wrong_tie, lambda b: approves_dna(b, "supervisor2"))),
    "a child that is wrong, made right by a liaison": (
        "not_allowed",
        after(wrong_tie, lambda b: corrections.correct_tie(tie=b.tie, stands=True, reason="x", **b.who("liaison"))),
    ),
    "a package in a case that is over": ("case_ended", after(ended, lambda b: approves(b, "supervisor2"))),
    "a question by DNA in a case that is over": ("case_ended", after(ended, lambda b: approves_dna(b, "supervisor2"))),
    "a notice in a case that is over": (
        "case_ended",
        lambda b: messages.write(case=b.over, kind="notice", text="x", **b.who("supervisor")),
    ),
    "that a case is open, and it is over": (
        "case_ended",
        lambda b: put(b, "opened", b.over),
    ),
    "that a case is over, and it is open": ("not_ended", lambda b: put(b, "ended")),
    "a case ended by a liaison": (
        "not_allowed",
        lambda b: ending.end_case(case=b.two.to_vn, how="closed", keep_days=30, reason="x", **b.who("liaison")),
    ),
    "a withdrawn case kept for years": (
        "invalid",
        lambda b: ending.end_case(case=b.two.to_vn, how="withdrawn", keep_days=3650, reason="x", **b.who("supervisor")),
    ),
    "a case closed and forgotten at once": (
        "invalid",
        lambda b: ending.end_case(case=b.two.to_vn, how="closed", keep_days=1, reason="x", **b.who("supervisor")),
    ),
    # Days.
    "a step moved before the one before it": (
        "step_out_of_order",
        lambda b: corrects(b, 1, since=b.steps[0].since - timedelta(minutes=1)),
    ),
    "a step moved behind the one after it": (
        "step_out_of_order",
        lambda b: corrects(b, 1, since=b.steps[2].since + timedelta(minutes=1)),
    ),
    "a step moved before the rescue": (
        "before_rescue",
        lambda b: corrects(b, 0, since=b.child.event.found_at - timedelta(minutes=1)),
    ),
    "a step moved into the future": ("in_the_future", lambda b: corrects(b, 2, since=b.at + timedelta(minutes=1))),
    "a step corrected without a reason": ("invalid", lambda b: corrects(b, 1, reason=" ")),
    "a step corrected by an officer": ("not_allowed", lambda b: corrects(b, 1, "officer")),
    "a step corrected by the partner's liaison": ("not_allowed", lambda b: corrects(b, 1, "partner_liaison")),
    # Over the line.
    "a partner's answer to what was never asked": (
        "not_its_question",
        lambda b: over_the_line(b, "dna_answer", {"outcome": "hit", "answers": 1}),
    ),
    "a partner's end that is none": ("not_a_message", lambda b: over_the_line(b, "ended", {"how": "won"})),
    "a partner's sample again": ("asked_same_sample", lambda b: asks_over_the_line(b, sample=f"{4:064d}")),
    "a partner's question on no basis": ("not_a_message", lambda b: asks_over_the_line(b, basis="wish")),
    "a partner's message in the place of another": ("message_changed", lambda b: over_the_line(b, "notice", {"text": "y"}, 4)),
    "a partner's message sealed for another house": ("not_sealed_for_us", sealed_for_another),
    "a partner's message over another's line": (
        "not_their_line",
        lambda b: b.two.take(
            sent_by_hand(b.two.cn, "notice", {"text": "y"}, n=5, at=b.at, sender=CN, receiver=VN), at=b.at, line=VN
        ),
    ),
    "a partner's message of this morning": (
        "message_skewed",
        lambda b: b.two.take(
            sent_by_hand(b.two.cn, "notice", {"text": "y"}, n=5, at=b.at, sender=CN, receiver=VN), at=b.at + timedelta(hours=3)
        ),
    ),
}


def rows() -> dict[str, int]:
    return {model.__name__: model.objects.count() for model in TABLES}


@pytest.mark.parametrize("name", ATTACKS)
def test_a_lie_sends_nothing_and_undoes_nothing(made: Between, name: str) -> None:
    code, attack = ATTACKS[name]
    there = rows()
    made.prepared = lambda: there.update(rows())  # type: ignore[attr-defined]
    before = Alarm.objects.count()
    with pytest.raises(CaseworkError) as told:
        attack(made)
    heard = "invalid" if isinstance(told.value, Invalid) else told.value.code
    assert heard == code
    assert rows() == there
    if isinstance(told.value, Refused) and code not in SLIPS:
        assert Alarm.objects.count() > before


def test_with_two_it_goes(made: Between) -> None:
    """The legal twin of these: the same people, each in their place."""
    there = rows()
    approves_dna(made, "supervisor2")
    approves(made, "supervisor2")
    looks(made, "supervisor")
    opens(made, "supervisor2")
    corrects(made, 1, since=made.steps[1].since + timedelta(minutes=1))
    wrong_tie(made)
    now = rows()
    for name in ("DnaSent", "PackageSent", "DnaLook", "CaseReopened", "TieChange"):
        assert now[name] == there[name] + 1, name
    assert now["StepCorrection"] == 1
    over_the_line(made, "notice", {"text": "y"})
    ended(made)
