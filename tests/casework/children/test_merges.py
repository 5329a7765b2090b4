"""Two people say that two records are one child, and two that they are not; a machine only proposes."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from factories.world import World
from wayhome.casework.audit.models import Alarm
from wayhome.casework.children import actions, queries
from wayhome.casework.children.models import Child, MergeConfirmation, MergeStep
from wayhome.casework.core.backends.watch import expected_refusal
from wayhome.casework.core.errors import Invalid, NotAllowed, Refused
from wayhome.casework.custody import actions as custody
from wayhome.casework.custody.queries import is_absorbed
from wayhome.casework.custody.rules import Kind
from wayhome.casework.operations import queries as operations
from wayhome.casework.operations.actions import record_rescue

DAY = date(2011, 7, 15)


def propose(world: World, kept: Child, absorbed: Child, by: str = "officer") -> MergeStep:
    return actions.propose_merge(kept=kept, absorbed=absorbed, reason="same birthmark", by=world.actor(by), at=world.now())


def confirm(world: World, step: MergeStep, by: str = "officer2") -> MergeConfirmation:
    return actions.confirm_merge(step=step, by=world.actor(by), at=world.now())


def counted(world: World) -> int:
    assert world.operation is not None
    rescued = operations.totals(world.operation).rescued
    assert rescued == queries.counted().count()
    return rescued


def test_a_merge_counts_a_child_once_and_a_split_twice_again(world: World) -> None:
    one, two = world.child(), world.child()
    assert counted(world) == 2
    step = propose(world, one, two)
    assert list(queries.merge_steps_waiting()) == [step.pk]
    assert counted(world) == 2
    confirm(world, step)
    assert (counted(world), queries.merge_steps_waiting()) == (1, {})
    assert queries.kept_for(two) == one
    assert queries.kept_for(one) == one
    assert list(queries.absorbed()) == [two]
    assert is_absorbed(two.pk)
    split = actions.propose_split(absorbed=two, reason="two after all", by=world.actor("officer"), at=world.now())
    assert list(queries.merge_steps_waiting()) == [split.pk]
    assert counted(world) == 1
    confirm(world, split)
    assert counted(world) == 2
    assert queries.kept_for(two) == two
    assert not Alarm.objects.exists()


def test_a_record_merged_away_is_handed_to_nobody(world: World) -> None:
    one, two = world.child(), world.child()
    confirm(world, propose(world, one, two))
    with pytest.raises(Refused) as refused:
        world.hand_over(two, "hospital", Kind.HOSPITAL, giver="officer", receiver="nurse")
    assert refused.value.codes == ("merged_away",)
    world.hand_over(one, "hospital", Kind.HOSPITAL, giver="officer", receiver="nurse")


def test_nobody_confirms_their_own_step(world: World) -> None:
    one, two = world.child(), world.child()
    step = propose(world, one, two)
    with pytest.raises(Refused) as refused:
        confirm(world, step, by="officer")
    assert refused.value.codes == ("self_approval",)
    assert Alarm.objects.get().level == 3
    confirm(world, step)
    with pytest.raises(Refused) as refused:
        confirm(world, step, by="caseworker")
    assert refused.value.codes == ("already_there",)


def test_merges_that_cross_leave_one_child(world: World) -> None:
    one, two = world.child(), world.child()
    there, back = propose(world, one, two), propose(world, two, one)
    confirm(world, there)
    assert queries.merge_steps_waiting() == {}
    with pytest.raises(Refused) as refused:
        confirm(world, back)
    assert refused.value.codes == ("merge_into_merged",)
    assert counted(world) == 1


def test_what_was_merged_is_not_merged_again(world: World) -> None:
    one, two, three = world.child(), world.child(), world.child()
    second = propose(world, three, two)
    confirm(world, propose(world, one, two))
    for wrong, code in (
        (lambda: propose(world, three, two), "merge_of_merged"),
        (lambda: propose(world, two, three), "merge_into_merged"),
        (lambda: confirm(world, second), "merge_of_merged"),
    ):
        with pytest.raises(Refused) as refused:
            wrong()
        assert refused.value.codes == (code,)
    confirm(world, propose(world, three, one))
    assert counted(world) == 1
    assert queries.kept_for(two) == three


def test_only_what_was_merged_is_split_and_once(world: World) -> None:
    one, two = world.child(), world.child()
    by = world.actor("officer")
    with pytest.raises(Refused) as refused:
        actions.propose_split(absorbed=two, reason="x", by=by, at=world.now())
    assert refused.value.codes == ("split_of_whole",)
    confirm(world, propose(world, one, two))
    splits = [actions.propose_split(absorbed=two, reason="x", by=by, at=world.now()) for _ in range(2)]
    confirm(world, splits[0])
    with pytest.raises(Refused) as refused:
        confirm(world, splits[1])
    assert refused.value.codes == ("split_of_whole",)


def test_who_may_merge(world: World) -> None:
    one, two = world.child(), world.child()
    step = propose(world, one, two)
    for by, code in ((world.actor("nurse"), "not_allowed"), (world.actor("officer2", stepped_up=False), "step_up")):
        for act in (
            lambda by=by: actions.propose_merge(kept=one, absorbed=two, reason="x", by=by, at=world.now()),
            lambda by=by: actions.propose_split(absorbed=two, reason="x", by=by, at=world.now()),
            lambda by=by: actions.confirm_merge(step=step, by=by, at=world.now()),
        ):
            with pytest.raises(NotAllowed) as refused:
                act()
            assert refused.value.code == code
    with pytest.raises(Invalid) as invalid:
        propose(world, one, one)
    assert invalid.value.fields == {"absorbed": "merge_with_itself"}
    with pytest.raises(Invalid) as invalid:
        actions.propose_merge(kept=one, absorbed=two, reason=" ", by=world.actor("officer"), at=world.now())
    assert invalid.value.fields == {"reason": "required"}


def test_the_database_itself_refuses_the_second_of_two_that_cross(world: World) -> None:
    one, two = world.child(), world.child()
    there, back = propose(world, one, two), propose(world, two, one)
    confirm(world, there)
    with (
        pytest.raises(DatabaseError, match="merge_into_merged"),
        expected_refusal(connection),
        transaction.atomic(),
    ):
        MergeConfirmation.objects.create(step=back, by=world.staff["officer2"], at=world.now())


def grouped(world: World, *children: Child, ground: str = "alleged") -> None:
    actions.group_siblings(children=children, ground=ground, by=world.actor("officer"), at=world.now())


def siblings(child: Child) -> set[Child]:
    return set(queries.siblings(Child.objects.get(pk=child.pk)))


def test_a_twin_stays_a_twin_under_the_number_that_goes_on_and_a_split_undoes_it(world: World) -> None:
    kept, brother, twin, sister = (world.child() for _ in range(4))
    grouped(world, twin, sister, ground="dna")
    grouped(world, kept, brother)
    confirm(world, propose(world, kept, twin))
    assert (siblings(kept), siblings(sister)) == ({brother, sister}, {kept, brother})
    group = Child.objects.select_related("siblings").get(pk=kept.pk).siblings
    assert group is not None
    assert group.ground == "dna"
    confirm(world, actions.propose_split(absorbed=twin, reason="two after all", by=world.actor("officer"), at=world.now()))
    assert (siblings(kept), siblings(twin)) == ({brother}, {sister})
    assert not Alarm.objects.exists()


def test_a_split_leaves_what_somebody_said_of_siblings_since(world: World) -> None:
    kept, twin, sister, other = (world.child() for _ in range(4))
    grouped(world, twin, sister)
    confirm(world, propose(world, kept, twin))
    grouped(world, sister, other)
    assert siblings(kept) == {sister, other}
    confirm(world, actions.propose_split(absorbed=twin, reason="two after all", by=world.actor("officer"), at=world.now()))
    assert (siblings(kept), siblings(twin)) == ({twin, sister, other}, {kept, sister, other})


def test_a_merge_into_a_twin_groups_nobody_anew(world: World) -> None:
    twin, sister, other = (world.child() for _ in range(3))
    grouped(world, twin, sister)
    before = Child.objects.get(pk=twin.pk).version
    step = confirm(world, propose(world, twin, other))
    assert (step.siblings, Child.objects.get(pk=twin.pk).version, siblings(twin)) == (None, before, {sister})
    confirm(world, propose(world, twin, sister))  # the "twin" was the same child
    assert siblings(twin) == set()


def test_siblings_of_a_record_merged_away_are_those_of_the_child_whose_record_goes_on(world: World) -> None:
    kept, away, twin = (world.child() for _ in range(3))
    confirm(world, propose(world, kept, away))
    grouped(world, away, twin)
    assert (siblings(kept), siblings(twin)) == ({twin}, {kept})
    confirm(world, actions.propose_split(absorbed=away, reason="two after all", by=world.actor("officer"), at=world.now()))
    assert siblings(twin) == {kept, away}, "nobody said which of the two it is"


def test_the_database_confirms_no_merge_that_loses_siblings(world: World) -> None:
    kept, twin, sister = (world.child() for _ in range(3))
    grouped(world, twin, sister)
    step = propose(world, kept, twin)
    with pytest.raises(DatabaseError, match="siblings_lost"), expected_refusal(connection), transaction.atomic():
        MergeConfirmation.objects.create(step=step, by=world.staff["officer2"], at=world.now())


def registered(world: World, by: str, *, sex: str = "F", marks: tuple[tuple[str, str], ...] = (), least: int = 20) -> Child:
    assert world.event is not None
    intake = custody.Intake(
        event=world.event, post=world.facilities["post"], sex=sex, call_name="小荷", started_at=world.event.found_at
    )
    child = custody.take_into_care(intake=intake, by=world.actor(by), at=world.now())
    for place, kind in marks:
        actions.add_mark(child=child, place=place, kind=kind, by=world.actor(by), at=world.now())
    actions.estimate_age(
        child=child, on=DAY, least_days=least, most_days=least + 10, method="sight", by=world.actor(by), at=world.now()
    )
    return child


SPOT = (("thigh_left", "cafe_au_lait_spot"),)


def test_a_child_registered_twice_is_proposed_once_with_reasons(world: World) -> None:
    one, two = registered(world, "officer", marks=SPOT), registered(world, "officer2", marks=SPOT)
    [proposal] = actions.propose_duplicates(child=two, at=world.now())
    assert (proposal.one, proposal.other) == tuple(sorted((one, two), key=lambda child: child.pk))
    assert [reason["code"] for reason in proposal.reasons] == [
        "same_event",
        "sex_same",
        "age_overlaps",
        "mark_same",
        "registered_by_two",
    ]
    assert actions.propose_duplicates(child=two, at=world.now()) == []
    assert actions.propose_duplicates(child=one, at=world.now()) == []
    assert [duplicate.other for duplicate in queries.duplicates_of(one)] == [two]
    assert [duplicate.other for duplicate in queries.duplicates_of(two)] == [one]
    assert counted(world) == 2
    confirm(world, propose(world, one, two))
    assert queries.duplicates_of(one) == []


def test_infants_of_one_age_found_together_are_not_proposed(world: World) -> None:
    for _ in range(3):
        child = registered(world, "officer")
    assert actions.propose_duplicates(child=child, at=world.now()) == []
    twin = registered(world, "officer2", marks=SPOT)
    other = registered(world, "officer", marks=SPOT)
    actions.group_siblings(children=[twin, other], ground="alleged", by=world.actor("officer"), at=world.now())
    twin.refresh_from_db()
    proposals = actions.propose_duplicates(child=twin, at=world.now())
    assert len(proposals) == 3  # the other officer registered three without marks
    assert all(duplicate.other != other for duplicate in queries.duplicates_of(twin))


def test_a_record_merged_or_split_is_not_proposed_again(world: World) -> None:
    one, two = registered(world, "officer", marks=SPOT), registered(world, "officer2", marks=SPOT)
    step = propose(world, one, two)
    assert actions.propose_duplicates(child=one, at=world.now()) == []
    confirm(world, step)
    three = registered(world, "officer2", marks=SPOT)
    assert [{p.one_id, p.other_id} for p in actions.propose_duplicates(child=three, at=world.now())] == [{one.pk, three.pk}]


def test_a_correction_of_the_rescue_is_the_same_event(world: World) -> None:
    assert world.operation is not None
    assert world.event is not None
    one = registered(world, "officer")
    world.event = record_rescue(
        operation=world.operation,
        jurisdiction=world.jurisdictions["GX"],
        place="广西东兴市北仑大道21号",
        found_at=world.event.found_at,
        corrects=world.event,
        by=world.actor("officer"),
        at=world.now(),
    )
    two = registered(world, "officer2")
    [proposal] = actions.propose_duplicates(child=two, at=world.now())
    assert proposal.reasons[0] == {"code": "same_event"}
    assert {proposal.one, proposal.other} == {one, two}


def test_how_many_were_found_together_costs_no_more_questions(world: World, django_assert_max_num_queries: Any) -> None:
    for _ in range(6):
        child = registered(world, "officer")
    with django_assert_max_num_queries(10):
        assert actions.propose_duplicates(child=child, at=world.now()) == []
