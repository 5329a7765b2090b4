"""A partner is asked by a child's sample, and asks: each wall stands, and the honest question gets its answer."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from factories.exchange import CN, VN, Two, asked_by_hand, two_houses
from factories.matching import House, stranger
from factories.world import World
from wayhome.casework.accounts.actions import register_agency, register_staff
from wayhome.casework.audit.models import Alarm, AuditEvent
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.backends.watch import expected_refusal
from wayhome.casework.core.errors import Invalid, NotAllowed, NotFound, Refused, database_refusal
from wayhome.casework.exchange.actions import dna_asked, dna_asking, nodes
from wayhome.casework.exchange.models import (
    AskedProfile,
    CaseChild,
    DnaAnswer,
    DnaAsked,
    DnaFound,
    DnaHeard,
    DnaQuestion,
    Incoming,
    Outgoing,
)
from wayhome.casework.exchange.queries import messages as queries
from wayhome.casework.exchange.rules import asking, bodies
from wayhome.casework.vault.models import DataKey
from wayhome.casework.vault.queries import public_key
from wayhome.casework.vault.rules import Purpose


@pytest.fixture(autouse=True)
def index(settings: Any, tmp_path: Path) -> None:
    settings.WAYHOME_INDEX = tmp_path / "index"


@pytest.fixture
def two(world: World) -> Two:
    return two_houses(world)


class Asking:
    """A family that looks for its child, and the child, typed; the base is searched and stands."""

    def __init__(self, two: Two, *, family: bool = True) -> None:
        self.two, self.world = two, two.world
        self.house = House(two.world)
        for who in ("mother", "father") if family else ():
            self.house.sampled(who)
        self.house.sampled("child")
        self.house.search()
        self.at = two.world.now()

    def by(self, name: str = "supervisor") -> Actor:
        return self.world.actor(name)

    def tied(self) -> CaseChild:
        return dna_asking.tie_child(case=self.two.to_vn, child=self.house.child, by=self.by(), at=self.at)

    def asked(self) -> DnaQuestion:
        return dna_asking.ask(of=self.tied(), basis="treaty", by=self.by(), at=self.at)

    def sent(self) -> Outgoing:
        approval = dna_asking.approve(question=self.asked(), by=self.by("supervisor2"), at=self.at)
        return approval.sent.message

    def came(self) -> DnaAsked:
        return self.two.arrives(self.sent(), at=self.at).dna_asked

    def night(self) -> datetime:
        """After the night that follows."""
        return asking.batch_before(self.at) + timedelta(days=1, hours=1)

    def found(self) -> DnaFound:
        asked = self.came()
        assert dna_asked.search_asked(at=self.night()) == 1
        return DnaFound.objects.get(asked=asked)


def refused(write: Callable[[], object]) -> str:
    with pytest.raises(Refused) as told:
        write()
    return told.value.code


@pytest.mark.parametrize("family", [True, False])
def test_a_question_goes_and_its_answer_comes_back(two: Two, family: bool) -> None:
    one = Asking(two, family=family)
    found = one.found()
    outcome = "hit" if family else "none"
    assert (found.outcome, found.request) == (outcome, one.house.request if family else None)
    look = dna_asked.look(found=found, answered=True, by=one.by(), at=one.night())
    # Whoever looks early does not let the answer go early: all go at one hour, three nights after the search.
    goes = asking.answered_from(found.at)
    assert goes - found.at > timedelta(days=3)
    assert dna_asked.answer_looked(at=goes - timedelta(seconds=1)) == 0
    assert dna_asked.answer_looked(at=goes) == 1
    assert dna_asked.answer_looked(at=goes + timedelta(days=1)) == 0
    answer = DnaAnswer.objects.get(look=look)
    came = two.arrives(answer.message, at=goes)
    assert DnaHeard.objects.get().outcome == outcome
    assert DnaHeard.objects.get().question.of.child == one.house.child
    assert queries.said(came) == {"answers": 1, "outcome": outcome}
    for told in ("tie_child", "ask_dna", "approve_dna", "search_asked", "look_dna", "answer_dna"):
        assert AuditEvent.objects.filter(action=f"exchange.{told}").count() == 1
    assert not Alarm.objects.filter(kind=Alarm.Kind.REFUSED).exists()


def test_answers_are_of_one_length_and_say_one_word(two: Two) -> None:
    lengths = set()
    for outcome in asking.OUTCOMES:
        text = bodies.written({"outcome": outcome, "answers": 12345})
        lengths.add(len(bodies.sealed(text, to=public_key(Purpose.PARTNERS), of="x")))
    assert len(lengths) == 1


def test_the_profile_is_opened_by_the_search_alone_and_forgotten(two: Two, settings: Any) -> None:
    one = Asking(two)
    alleles = json.dumps(sorted(one.house.calls["child"]["D3S1358"]))
    message = one.sent()
    settings.WAYHOME_OPENS = frozenset({"partners", "children"})
    incoming = two.arrives(message, at=one.at)
    # The pages and the door hold it and cannot open it.
    with pytest.raises(Exception, match="does not open"):
        dna_asked.search_asked(at=one.night())
    assert alleles not in json.dumps(queries.said(message))
    settings.WAYHOME_OPENS = frozenset({"partners", "children", "relatives"})
    of = f"asked:{incoming.dna_asked.pk}"
    assert DataKey.objects.filter(of=of).exists()
    dna_asked.search_asked(at=one.night())
    assert not AskedProfile.objects.exists()
    assert not DataKey.objects.filter(of=of).exists()
    assert Incoming.objects.get(kind="dna").body == ""
    sketch = DnaFound.objects.get().sketch
    assert len(sketch) >= 15
    assert set(sketch.values()) <= set(range(16))


def test_before_the_night_nothing_is_searched(two: Two) -> None:
    one = Asking(two)
    one.came()
    begins = asking.batch_before(one.at) + timedelta(days=1)
    assert dna_asked.search_asked(at=begins - timedelta(seconds=1)) == 0
    assert AskedProfile.objects.count() == 1
    assert dna_asked.search_asked(at=begins) == 1


def test_who_asks_does_not_let_it_go_out(two: Two) -> None:
    one = Asking(two)
    question = one.asked()
    assert refused(lambda: dna_asking.approve(question=question, by=one.by(), at=one.at)) == "self_approval"
    not_again = one.world.actor("supervisor2", stepped_up=False)
    assert refused(lambda: dna_asking.approve(question=question, by=not_again, at=one.at)) == "step_up"
    for who in ("officer", "analyst", "auditor", "administrator", "lab_supervisor", "partner_liaison"):
        with pytest.raises(NotAllowed):
            dna_asking.approve(question=question, by=one.by(who), at=one.at)
    assert not Outgoing.objects.exists()
    dna_asking.approve(question=question, by=one.by("supervisor2"), at=one.at)
    with pytest.raises(Refused):
        dna_asking.approve(question=question, by=one.by("supervisor2"), at=one.at)
    assert Outgoing.objects.count() == 1


def test_a_liaison_asks_and_ties_no_child(two: Two) -> None:
    one, by = Asking(two), two.world.registrars
    assert by is not None
    world = two.world
    world.staff["liaison"] = register_staff(
        by=by, at=one.at, number="L-1", name="x", id_number="450681199001010011", agency=world.agencies["police"], role="liaison"
    )
    with pytest.raises(NotAllowed):
        dna_asking.tie_child(case=two.to_vn, child=one.house.child, by=one.by("liaison"), at=one.at)
    of = one.tied()
    with pytest.raises(NotFound):
        dna_asking.ask(of=of, basis="guardian", by=one.by("liaison"), at=one.at)
    case = nodes.share_case(node=two.to_vn.node, number="2026/MC-20", by=one.by("liaison"), at=one.at)
    of = dna_asking.tie_child(case=case, child=one.house.child, by=one.by(), at=one.at)
    question = dna_asking.ask(of=of, basis="guardian", by=one.by("liaison"), at=one.at)
    with pytest.raises(NotAllowed):
        dna_asking.approve(question=question, by=one.by("liaison"), at=one.at)
    dna_asking.approve(question=question, by=one.by(), at=one.at)


def test_a_sample_is_asked_by_once_and_a_further_one_may_be(two: Two) -> None:
    one = Asking(two)
    of = one.tied()
    told = {"basis": "treaty", "by": one.by(), "at": one.at}
    dna_asking.ask(of=of, **told)  # type: ignore[arg-type]
    assert refused(lambda: dna_asking.ask(of=of, **told)) == "sample_asked_by"  # type: ignore[arg-type]
    other = dna_asking.tie_child(case=two.of_cn, child=one.house.child, by=one.by(), at=one.at)
    # Another partner may be asked by the same one.
    dna_asking.ask(of=other, **told)  # type: ignore[arg-type]
    with pytest.raises(Invalid):
        dna_asking.ask(of=of, basis="because", by=one.by(), at=one.at)


def test_nobody_is_asked_by_a_child_without_a_sample_or_whom_one_does_not_know(two: Two) -> None:
    world = two.world
    child, at = world.in_hospital(), world.now()
    of = dna_asking.tie_child(case=two.to_vn, child=child, by=world.actor("supervisor"), at=at)
    assert refused(lambda: dna_asking.ask(of=of, basis="treaty", by=world.actor("supervisor"), at=at)) == "no_sample_to_ask_by"
    with pytest.raises(Refused):
        dna_asking.tie_child(case=two.to_vn, child=child, by=world.actor("supervisor"), at=at)
    abroad = register_agency(
        by=world.registrars, at=at, code="vn", kind="ministry", name="x", name_en="x", jurisdiction=world.jurisdictions["VN"]
    )
    world.staff["supervisor_vn"] = register_staff(
        by=world.registrars,
        at=at,
        number="S-VN",
        name="x",
        id_number="450681199001010012",
        agency=abroad,
        role="supervisor",
    )
    for case in (two.to_vn, two.of_cn):
        with pytest.raises(NotFound):
            dna_asking.tie_child(case=case, child=child, by=world.actor("supervisor_vn"), at=at)


def by_hand(two: Two, genotypes: Any, *, n: int, at: datetime, **more: Any) -> bytes:
    """What a partner that keeps no rule sends."""
    return asked_by_hand(two.cn, genotypes, n=n, at=at, sender=CN, receiver=VN, **more)


def calls_of(one: Asking) -> dict[str, list[str]]:
    """The child's sample, as a partner would write it."""
    return {name: sorted(set(alleles)) for name, alleles in one.house.calls["child"].items() if name != "AMEL"}


def test_near_copies_are_not_searched(two: Two) -> None:
    one = Asking(two)
    own = calls_of(one)
    names = sorted(own)
    near = own | {name: ["5"] for name in names[:3]}
    far = own | {name: ["5"] for name in names[:12]}
    for n, genotypes in enumerate((own, near, far), 1):
        two.take(by_hand(two, genotypes, n=n, at=one.at), at=one.at)
    assert dna_asked.search_asked(at=one.night()) == 3
    assert [row.why for row in DnaFound.objects.order_by("pk")] == ["", "near_copy", ""]
    assert [row.outcome for row in DnaFound.objects.order_by("pk")] == ["hit", "declined", "none"]
    alarm = Alarm.objects.get(kind=Alarm.Kind.REFUSED)
    assert (alarm.code, alarm.level) == ("asked_near_copy", 3)


def test_a_family_is_told_of_no_more_children_than_it_can_look_for(two: Two) -> None:
    """Whoever makes up children of one mother learns of each that she has the allele."""
    one = Asking(two)
    chance = one.house.chance
    mother, father = one.house.calls["mother"], one.house.calls["father"]
    for n in range(1, 5):
        made = {name: sorted({chance.choice(mother[name]), chance.choice(father[name])}) for name in calls_of(one)}
        two.take(by_hand(two, made, n=n, at=one.at), at=one.at)
    dna_asked.search_asked(at=one.night())
    assert [row.outcome for row in DnaFound.objects.order_by("pk")] == ["hit", "hit", "declined", "declined"]
    assert [alarm.code for alarm in Alarm.objects.filter(kind=Alarm.Kind.REFUSED)] == ["asked_family_told"] * 2


def test_the_same_sample_again_and_one_too_many_are_refused_at_the_door(two: Two) -> None:
    one = Asking(two, family=False)
    people = [
        {name: sorted(set(alleles)) for name, alleles in stranger(one.house.chance).items() if name != "AMEL"} for _ in range(32)
    ]
    two.take(by_hand(two, people[0], n=1, at=one.at), at=one.at)
    again = by_hand(two, people[1], n=2, at=one.at, sample=f"{1:064d}")
    assert refused(lambda: two.take(again, at=one.at)) == "asked_same_sample"
    for n in range(2, 31):
        two.take(by_hand(two, people[n], n=n, at=one.at), at=one.at)
    last = one.at + timedelta(days=29)
    assert refused(lambda: two.take(by_hand(two, people[31], n=31, at=last), at=last)) == "asked_quota"
    assert DnaAsked.objects.count() == 30
    later = one.at + timedelta(days=31)
    two.take(by_hand(two, people[31], n=31, at=later), at=later)
    # Unrelated people are no copies of each other.
    dna_asked.search_asked(at=later + timedelta(days=2))
    assert not DnaFound.objects.exclude(outcome="none").exists()


@pytest.mark.parametrize(
    ("genotypes", "why"),
    [
        ({"D3S1358": ["15", "16"]}, "too_few"),
        ([], "unreadable"),
        ({"D3S1358": ["15", "16", "17"]}, "unreadable"),
        ({"D3S1358": [15]}, "unreadable"),
        ({"D3S1358": ["x" * 9]}, "unreadable"),
        ({f"L{n}": ["15"] for n in range(61)}, "unreadable"),
    ],
)
def test_what_is_no_profile_is_declined(two: Two, genotypes: Any, why: str) -> None:
    at = two.world.now()
    two.take(by_hand(two, genotypes, n=1, at=at), at=at)
    dna_asked.search_asked(at=at + timedelta(days=2))
    assert [(row.outcome, row.why) for row in DnaFound.objects.all()] == [("declined", why)]
    assert not AskedProfile.objects.exists()


def test_a_profile_of_another_case_or_sample_is_not_opened(two: Two) -> None:
    one = Asking(two)
    data = by_hand(two, calls_of(one), n=1, at=one.at, sample="a" * 64)
    two.take(data, at=one.at)
    asked = DnaAsked.objects.get()
    with pytest.raises(Refused):
        two.take(by_hand(two, {}, n=2, at=one.at, basis="because"), at=one.at)
    for bad in ({"sample": "x"}, {"profile": "no base64"}, {"profile": 7}):
        assert refused(lambda bad=bad: two.take(by_hand(two, {}, n=2, at=one.at, **bad), at=one.at)) == "not_a_message"  # type: ignore[misc]
    assert DnaAsked.objects.get() == asked


def test_nothing_is_answered_that_nobody_looked_at(two: Two) -> None:
    one = Asking(two)
    found = one.found()
    much_later = found.at + timedelta(days=30)
    assert dna_asked.answer_looked(at=much_later) == 0
    for who in ("officer", "analyst", "lab_supervisor", "auditor", "administrator"):
        with pytest.raises(NotAllowed):
            dna_asked.look(found=found, answered=True, by=one.by(who), at=much_later)
    assert refused(lambda: dna_asked.look(found=found, answered=False, by=one.by(), at=much_later)) == "note_missing"
    dna_asked.look(found=found, answered=False, note="the family withdrew", by=one.by(), at=much_later)
    with pytest.raises(Refused):
        dna_asked.look(found=found, answered=True, by=one.by(), at=much_later)
    assert dna_asked.answer_looked(at=much_later + timedelta(days=1)) == 1
    two.arrives(DnaAnswer.objects.get().message, at=much_later)
    assert DnaHeard.objects.get().outcome == "declined"


@pytest.mark.parametrize(
    ("sql", "code"),
    [
        ("DELETE FROM exchange_askedprofile", "not_searched"),
        ("UPDATE exchange_askedprofile SET id = id", "append_only"),
        ("DELETE FROM exchange_dnaasked", "append_only"),
        ("UPDATE exchange_dnaquestion SET basis = 'court'", "append_only"),
    ],
)
def test_what_was_asked_stays_until_it_was_searched(two: Two, sql: str, code: str) -> None:
    Asking(two, family=False).came()
    with pytest.raises(DatabaseError) as told, expected_refusal(connection), transaction.atomic():
        connection.cursor().execute(sql)
    assert database_refusal(told.value) == code


def test_near_is_four_of_twenty() -> None:
    one = {f"L{n}": 1 for n in range(20)}
    assert asking.is_near(one, one | {f"L{n}": 2 for n in range(4)})
    assert not asking.is_near(one, one | {f"L{n}": 2 for n in range(5)})
    assert not asking.is_near({f"L{n}": 1 for n in range(7)}, one)
    assert asking.is_near({f"L{n}": 1 for n in range(8)}, one)


def test_the_hours_of_a_batch() -> None:
    at = datetime(2026, 11, 27, 3, tzinfo=UTC)
    assert asking.batch_before(at) == datetime(2026, 11, 26, 18, tzinfo=UTC)
    assert asking.batch_before(at.replace(hour=18)) == datetime(2026, 11, 27, 18, tzinfo=UTC)
    assert asking.answered_from(at) == datetime(2026, 11, 30, 2, tzinfo=UTC)
    assert asking.morning_before(at) == datetime(2026, 11, 27, 2, tzinfo=UTC)
    assert asking.morning_before(at.replace(hour=1)) == datetime(2026, 11, 26, 2, tzinfo=UTC)
