"""Clues that share what few share are proposed with reasons, and joined by people."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from factories.clues import PHONE, clue, person, thing
from factories.world import World
from wayhome.casework.accounts import actions as accounts
from wayhome.casework.clues import actions
from wayhome.casework.clues.models import Clue, Verdict
from wayhome.casework.clues.queries.links import MOST_HOLDERS, Proposals, cluster, proposals
from wayhome.casework.core.errors import Invalid, NotAllowed, NotFound, Refused


def told(world: World, made: Clue, by: str = "officer") -> Proposals:
    return proposals(world.actor(by), made)


def judge(world: World, one: Clue, other: Clue, confirmed: bool = True, by: str = "officer") -> Verdict:
    return actions.judge_pair(clue=one, other=other, confirmed=confirmed, note="x", by=world.actor(by), at=world.now())


def test_a_telephone_of_two_clues(world: World) -> None:
    one = clue(world, person(("name", "王秀英"), ("phone", PHONE)))
    other = clue(world, thing("phone", "+86 13807712044"))
    clue(world, thing("phone", "13900000001"))
    (found,) = told(world, one).found
    assert (found.other, found.score, found.standing) == (other, 9.0, "open")
    (reason,) = found.reasons
    assert (reason.kind, reason.value, reason.holders) == ("phone", "13807712044", 2)
    assert [proposal.other for proposal in told(world, other).found] == [one]


def test_several_weak_reasons(world: World) -> None:
    one = clue(world, person(("name", "阮氏花")), thing("place", "东兴市"))
    other = clue(world, person(("name", "Nguyễn Thị Hoa")), thing("place", "Đông Hưng"))
    clue(world, thing("place", "Dongxing"))
    (found,) = told(world, one).found
    assert found.other == other
    assert {reason.kind for reason in found.reasons} == {"name", "place", "near"}


def test_what_many_share_finds_nobody_and_is_told(world: World) -> None:
    crowd = [clue(world, thing("place", "东兴市"), thing("phone", PHONE)) for _ in range(3)]
    assert len(told(world, crowd[0]).found) == 2
    for _ in range(MOST_HOLDERS - 2):
        clue(world, thing("phone", PHONE))
    all_of_them = told(world, crowd[0])
    assert all_of_them.found == ()
    assert all_of_them.common == (("phone", "13807712044", MOST_HOLDERS + 1),)


def test_a_confirmed_pair_and_one_that_was_rejected(world: World) -> None:
    one, two, three = (clue(world, thing("phone", PHONE)) for _ in range(3))
    judge(world, one, two)
    judge(world, three, one, confirmed=False)
    assert {(found.other, found.standing) for found in told(world, one).found} == {(two, "confirmed"), (three, "rejected")}
    assert cluster(world.actor("officer"), one, proposed=False).clues == tuple(sorted((one.pk, two.pk)))
    both = cluster(world.actor("officer"), one, proposed=True)
    assert set(both.clues) == {one.pk, two.pk, three.pk}, "by way of the second"
    assert {how for *_, how in both.pairs} == {"confirmed", "proposed"}
    assert not any({one.pk, three.pk} == {low, high} for low, high, _ in both.pairs)
    actions.add_mentions(clue=three, speaks_of=[thing("vehicle", "桂P12345")], by=world.actor("officer"), at=world.now())
    assert {(found.other, found.standing) for found in told(world, one).found} == {(two, "confirmed"), (three, "open")}


def test_of_two_jurisdictions_each_says_so(world: World) -> None:
    places = world.jurisdictions
    city, town = (
        accounts.add_jurisdiction(code=code, kind="city", parent=places["GX"], name_en="x", name_zh=code, name_vi="x")
        for code in ("GX1", "GX2")
    )
    one, two = clue(world, thing("phone", PHONE), jurisdiction=city), clue(world, thing("phone", PHONE), jurisdiction=town)
    judge(world, one, two)
    assert [found.standing for found in told(world, one).found] == ["open"]
    with pytest.raises(Refused, match="one_for_both"):
        judge(world, two, one)
    judge(world, two, one, by="officer2")
    assert [found.standing for found in told(world, one).found] == ["confirmed"]
    assert [row.side for row in Verdict.objects.order_by("n")] == [one, two]


def test_who_may_not_say_anything(world: World) -> None:
    one, two, theirs = (clue(world, thing("phone", PHONE), by=by) for by in ("officer", "officer", "officer_gd"))
    assert [found.other for found in told(world, one).found] == [two]
    assert {found.other for found in told(world, one, "supervisor").found} == {two, theirs}
    with pytest.raises(NotFound):
        told(world, theirs)
    for pair in ((one, theirs), (theirs, one)):
        with pytest.raises(NotFound):
            judge(world, *pair)
    with pytest.raises(NotAllowed):
        judge(world, one, two, by="supervisor")
    with pytest.raises(Invalid):
        judge(world, one, one)
    assert not Verdict.objects.exists()


def test_a_clue_elsewhere_changes_nothing_that_is_told_here(world: World) -> None:
    one = clue(world, person(("name", "王秀英"), ("phone", PHONE)))
    clue(world, person(("name", "王秀英"), ("phone", PHONE)))
    before = told(world, one)
    clue(world, person(("name", "王秀英"), ("phone", PHONE)), by="officer_gd")
    assert told(world, one) == before


def test_as_many_questions_for_many_as_for_few(world: World) -> None:
    one = clue(world, thing("phone", PHONE))

    def asked() -> int:
        with CaptureQueriesContext(connection) as asked:
            joined = cluster(world.actor("officer"), one, proposed=True)
        assert len(joined.clues) == Clue.objects.count()
        return len(asked)

    clue(world, thing("phone", PHONE))
    few = asked()
    for _ in range(3):
        clue(world, thing("phone", PHONE))
    assert asked() == few
