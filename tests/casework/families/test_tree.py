"""A family tree grows a relative at a time, stays one of people, and says whose sample would help most."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories.families import asks
from factories.world import World
from wayhome import kinship
from wayhome.casework.core.errors import Conflict, Invalid, Refused
from wayhome.casework.families import actions, queries
from wayhome.casework.families.models import Parentage, Relative, TracingRequest
from wayhome.casework.families.rules import RELATIONS, CannotBe, Node, grow, nearness, pedigree


def add(world: World, to: Relative, relation: str, partner: Relative | None = None, **state: Any) -> Relative:
    return actions.add_relative(to=to, relation=relation, state=state, partner=partner, by=world.actor("officer"), at=world.now())


def trio(world: World, request: TracingRequest) -> list[Relative]:
    return [one.relative for one in queries.tree(request.pk, at=world.now()).values()]


def test_relatives_are_added_by_what_they_are_to_somebody(world: World) -> None:
    request = asks(world)
    child, mother, father = trio(world, request)
    grandmother = add(world, father, "mother", name="莫秀珍", born=1948, life="living", reach="willing")
    sister = add(world, child, "sister")
    half = add(world, child, "half_brother_mother")
    uncle = add(world, father, "brother")
    cousin = add(world, uncle, "daughter")
    son = add(world, father, "son", partner=mother)
    kin = queries.tree(request.pk, at=world.now())
    parents = {number: (one.mother, one.father) for number, one in kin.items()}
    assert parents[sister.pk] == parents[child.pk] == parents[son.pk] == (mother.pk, father.pk)
    assert parents[half.pk] == (mother.pk, None)
    assert parents[uncle.pk] == parents[father.pk]
    assert parents[father.pk][0] == grandmother.pk
    assert parents[cousin.pk] == (None, uncle.pk)
    assert len(kin) == 10
    assert kin[grandmother.pk].state.born == 1948
    assert queries.pedigree_of(request, kin).missing == str(child.pk)


def test_there_is_one_mother_and_one_father(world: World) -> None:
    request = asks(world)
    child, mother, father = trio(world, request)
    with pytest.raises(Refused, match="has_parent"):
        add(world, child, "mother")
    stranger = trio(world, asks(world, child_name="莫小宝"))[1]
    other = add(world, mother, "sister")
    above = queries.tree(request.pk, at=world.now())[mother.pk].links[0].parent
    for low, high, code in ((child, other, "has_parent"), (above, mother, "own_ancestor"), (above, above, "own_ancestor")):
        with pytest.raises(Refused, match=code):
            actions.link(child=low, parent=high, by=world.actor("officer"), at=world.now())
    with pytest.raises(Invalid):
        actions.link(child=father, parent=stranger, by=world.actor("officer"), at=world.now())
    with pytest.raises(Invalid):
        add(world, father, "son", partner=stranger)
    with pytest.raises(Refused, match="partner_same_sex"):
        add(world, mother, "son", partner=other)


def test_a_mistake_is_struck_out_and_stays_on_record(world: World) -> None:
    request = asks(world)
    child, _, father = trio(world, request)
    link = Parentage.objects.get(parent=father)
    actions.unlink(parentage=link, reason="another man", by=world.actor("officer"), at=world.now())
    real = add(world, child, "father", name="李大山")
    assert queries.tree(request.pk, at=world.now())[child.pk].father == real.pk
    actions.strike(relative=father, reason="entered by mistake", by=world.actor("officer"), at=world.now())
    assert father.pk not in queries.tree(request.pk, at=world.now())
    for again, code in (
        (lambda: actions.strike(relative=father, reason="x", by=world.actor("officer"), at=world.now()), "already_ended"),
        (lambda: actions.unlink(parentage=link, reason="x", by=world.actor("officer"), at=world.now()), "already_ended"),
        (lambda: actions.strike(relative=child, reason="x", by=world.actor("officer"), at=world.now()), "missing_child_stays"),
    ):
        with pytest.raises(Refused, match=code):
            again()
    with pytest.raises(Invalid):
        add(world, father, "mother")


def test_what_is_known_of_a_relative_is_told_anew(world: World) -> None:
    request = asks(world)
    father = trio(world, request)[2]
    tell = {"relative": father, "by": world.actor("officer")}
    known = {"name": "李大山", "life": "dead"}
    assert actions.tell_relative(n=1, state=known, at=world.now(), **tell).n == 2
    assert actions.tell_relative(n=2, state=known, at=world.now(), **tell).n == 2
    with pytest.raises(Conflict) as told:
        actions.tell_relative(n=1, state={"name": "x"}, at=world.now(), **tell)
    assert told.value.changes == {"name": ("", "李大山"), "life": ("unknown", "dead")}
    uncle = world.person("李大河", ("name", "李大河"))
    actions.tell_relative(n=2, state=known | {"person": uncle}, at=world.now(), **tell)
    with pytest.raises(Conflict) as told:
        actions.tell_relative(n=2, state=known, at=world.now(), **tell)
    assert told.value.changes == {"person": (None, uncle.pk)}
    with pytest.raises(Invalid):
        actions.tell_relative(n=3, state={"born": 2050}, at=world.now(), **tell)
    assert not queries.tree(request.pk, at=world.now())[father.pk].typable


def test_the_best_samples_are_those_of_both_parents_or_of_who_can_be_had(world: World) -> None:
    request = asks(world)
    _, mother, father = trio(world, request)
    (best, *_) = queries.sampling_plans(request, queries.tree(request.pk, at=world.now()))
    assert set(best.members) == {str(mother.pk), str(father.pk)}
    actions.tell_relative(relative=father, n=1, state={"life": "dead"}, by=world.actor("officer"), at=world.now())
    grandmother = add(world, father, "mother", life="living", reach="willing")
    (best, *_) = queries.sampling_plans(request, queries.tree(request.pk, at=world.now()))
    assert set(best.members) == {str(mother.pk), str(grandmother.pk)}
    assert 0.2 < best.decisive < 1


def test_a_tree_is_weighed_once_and_anew_where_it_has_changed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    request = asks(world)
    _, _, father = trio(world, request)
    weighed, weigh = [], kinship.sampling_plans
    monkeypatch.setattr(kinship, "sampling_plans", lambda *args, **more: weighed.append(args) or weigh(*args, **more))

    def plans(**more: int) -> list[kinship.SamplingPlan]:
        return queries.sampling_plans(request, queries.tree(request.pk, at=world.now()), **more)

    queries._planned.cache_clear()
    first = plans()
    first.clear()
    assert plans() == plans() != []
    assert len(weighed) == 1
    plans(families=500)
    actions.tell_relative(relative=father, n=1, state={"life": "dead"}, by=world.actor("officer"), at=world.now())
    plans()
    add(world, father, "mother", life="living", reach="willing")
    plans()
    assert len(weighed) == 4


def test_nearness_counts_births() -> None:
    tree = {1: Node("F", 2, 3), 2: Node("F", 4, 5), 3: Node("M"), 4: Node("F"), 5: Node("M"), 6: Node("F", 2, None)}
    tree |= {7: Node("M", 4, 5), 8: Node("F", None, 7), 9: Node("M")}
    assert nearness(tree, 1) == {1: 0, 2: 1, 3: 1, 4: 2, 5: 2, 6: 2, 7: 3, 8: 4}


@given(st.lists(st.tuples(st.integers(0, 40), st.sampled_from(RELATIONS), st.integers(0, 40) | st.none()), max_size=20))
def test_whatever_is_added_the_tree_is_a_pedigree(steps: list[tuple[int, str, int | None]]) -> None:
    tree: dict[int, Node] = {1: Node("F")}
    refused = 0
    for to, relation, other in steps:
        numbers = sorted(tree)
        partner = None if other is None or relation not in ("son", "daughter") else numbers[other % len(numbers)]
        try:
            growth = grow(tree, numbers[to % len(numbers)], relation, partner=partner)
        except CannotBe:
            refused += 1
            continue
        first = max(numbers) + 1
        real = {new: first - 1 - new for new in growth.members}
        for new, sex in growth.members.items():
            tree[real[new]] = Node(sex)
        for child, parent in growth.links:
            node, above = tree[real.get(child, child)], real.get(parent, parent)
            tree[real.get(child, child)] = (
                Node(node.sex, above, node.father) if tree[above].sex == "F" else Node(node.sex, node.mother, above)
            )
    made = pedigree(tree, 1, names={number: str(number) for number in tree}, name="x")
    assert len(made) == len(tree)
    assert isinstance(made, kinship.Pedigree)
