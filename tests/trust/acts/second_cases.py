"""What is asked of second samples: they say the same, or somebody was exchanged."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator
from typing import Any

from django.test import override_settings

from factories.kits import agrees
from factories.laboratory import child_of
from factories.matching import second_sample, stranger, typed
from trust.acts.bench import Case, numbered
from trust.acts.home_stage import HomeStage, a_house
from trust.acts.match_cases import withdraw
from wayhome.casework.families import actions as families
from wayhome.casework.matching.actions import seconds
from wayhome.casework.matching.models import Dossier
from wayhome.casework.matching.queries import dossiers


def checks() -> Iterator[Case]:
    """Second samples are compared."""

    def check(s: HomeStage, *who: str, wrong: str = "", of: str = "supported", ask: str = "child", times: int = 1) -> Any:
        house = s.house(of)
        for one in who:
            calls = stranger(random.Random(9), house.child.sex) if one == wrong else house.calls[one]
            typed(s.world, {second_sample(s.world, house.of(one)): calls})
        asked = {
            "child": {"children": [house.child.pk], "requests": []},
            "request": {"children": [], "requests": [house.request.pk]},
            "nobody": {"children": [], "requests": []},
        }
        if ask == "left":
            return [str(seconds.check_left(at=s.at())) for _ in range(times)]
        return [str(seconds.check_changed(**asked[ask], at=s.at())) for _ in range(times)]

    def few(s: HomeStage, loci: int, *, wrong: bool = False) -> Any:
        """Another kit of few loci, so few that nobody can tell by them alone whose they are."""
        house = s.house("supported")
        for one in ("child", "mother", "father"):
            whole = stranger(random.Random(9), house.child.sex) if wrong and one == "child" else house.calls[one]
            calls = dict(sorted(whole.items())[:loci])
            typed(s.world, {second_sample(s.world, house.of(one)): calls})
        return str(seconds.check_left(at=s.at()))

    def untyped(s: HomeStage) -> Any:
        """The child's second sample is under way."""
        second_sample(s.world, s.house("supported").child)
        return check(s, "mother", "father", ask="left")

    def typed_anew(s: HomeStage) -> Any:
        """What is in the kit that was compared was typed once more, and is of somebody else."""
        house = s.house("supported")
        second_sample(s.world, house.child)
        kit = s.candidate("supported").search.kit
        typed(s.world, {kit: stranger(random.Random(9), house.child.sex)})
        return str(seconds.check_left(at=s.at()))

    def refuted(s: HomeStage) -> Any:
        """And the child was typed a third time."""
        check(s, *everybody, wrong="child")
        return check(s, "child")

    def lower(s: HomeStage) -> Any:
        """The later kits have the lower numbers."""
        with numbered(10_000_001):
            return check(s, *everybody)

    def searched(s: HomeStage, *who: str, child: int = 0) -> Any:
        """A family of its own; of the child so many loci fewer are typed at first."""
        house = a_house(s.world, 73)
        grand = {"mother": ("grandmother", "grandfather"), "father": ("nana", "grandpa")}
        for parent, both in grand.items():
            for one, sex, relation in zip(both, "FM", ("mother", "father"), strict=True):
                house.calls[one] = stranger(house.chance, sex)
                if one in who:
                    told = {"to": house.kin[parent], "relation": relation, "state": {"name": one}}
                    house.kin[one] = families.add_relative(**told, **s.who("officer"))
                    agrees(s.world, house.kin[one])
            house.calls[parent] = child_of(*(house.calls[one] for one in both), house.chance, "F" if parent == "mother" else "M")
        house.calls["child"] = child_of(house.calls["mother"], house.calls["father"], house.chance, house.child.sex)
        with tempfile.TemporaryDirectory() as folder, override_settings(WAYHOME_INDEX=folder):
            for one in who:
                house.sampled(one)
            house.sampled("child", calls=dict(sorted(house.calls["child"].items())[child:]))
            house.search()
        return house

    def of_a_house(s: HomeStage, *again: str, who: tuple[str, ...] = ("mother", "father"), child: int = 0) -> Any:
        house = searched(s, *who, child=child)
        for one in again:
            house.sampled(one, second=True)
        asked = {"children": [house.child.pk], "requests": []}
        return [str(house.candidate().pk), str(seconds.check_changed(**asked, at=s.at()))]

    grandparents = ("grandmother", "grandfather", "nana", "grandpa")

    def grandmothers(s: HomeStage) -> Any:
        """Neither parent was typed; both of the others were, one of them twice."""
        for one in ("mother", "father"):
            withdraw(s, "supported", one)
        return str(seconds.check_left(at=s.at()))

    def newer(s: HomeStage) -> Any:
        """The family changed, and was not searched yet."""
        house = s.house("supported")
        last = dossiers.last_dossiers([house.request.pk])[house.request.pk]
        Dossier.objects.create(request=house.request, n=last.n + 1, digest="x", at=s.at())
        return check(s, "child", "mother", "father")

    everybody = ("child", "mother", "father")
    yield Case("check_seconds", "done", lambda s: check(s, *everybody))
    yield Case("check_seconds: of the family", "done", lambda s: check(s, *everybody, ask="request"))
    yield Case("check_seconds: of nobody", "done", lambda s: check(s, *everybody, ask="nobody"))
    yield Case("check_seconds: what was left", "done", lambda s: check(s, *everybody, ask="left"))
    yield Case("check_seconds: twice", "done", lambda s: check(s, *everybody, times=2))
    yield Case("check_seconds: what was left, twice", "done", lambda s: check(s, *everybody, ask="left", times=2))
    yield Case("check_seconds: none", "done", lambda s: check(s))
    yield Case("check_seconds: of the child alone", "done", lambda s: check(s, "child"))
    yield Case("check_seconds: of one parent", "done", lambda s: check(s, "child", "mother"))
    yield Case("check_seconds: of the parents alone", "done", lambda s: check(s, "mother", "father"))
    yield Case("check_seconds: another child", "done", lambda s: check(s, *everybody, wrong="child"))
    yield Case("check_seconds: another child, twice", "done", lambda s: check(s, *everybody, wrong="child", times=2))
    yield Case("check_seconds: another mother", "done", lambda s: check(s, *everybody, wrong="mother"))
    yield Case("check_seconds: once more", "done", lambda s: check(s, *everybody, of="second"))
    yield Case("check_seconds: once more, another child", "done", lambda s: check(s, "child", wrong="child", of="second"))
    yield Case("check_seconds: a few loci", "done", lambda s: few(s, 6))
    yield Case("check_seconds: two loci", "done", lambda s: few(s, 2))
    yield Case("check_seconds: a few loci of another child", "done", lambda s: few(s, 7, wrong=True))
    yield Case("check_seconds: the child's not typed", "done", untyped)
    yield Case("check_seconds: the same kit anew", "done", typed_anew)
    yield Case("check_seconds: refuted, and typed again", "done", refuted)
    yield Case("check_seconds: kits of lower numbers", "done", lower)
    yield Case("check_seconds: more loci than before", "done", lambda s: of_a_house(s, *everybody, child=3))
    yield Case("check_seconds: no parent typed", "done", lambda s: of_a_house(s, "child", *grandparents, who=grandparents))
    yield Case("check_seconds: no parent typed, one again", "done", lambda s: of_a_house(s, "child", "nana", who=grandparents))
    yield Case("check_seconds: no parent typed, none again", "done", lambda s: of_a_house(s, "child", who=grandparents))
    yield Case("check_seconds: the family changed", "done", newer)
    yield Case("check_seconds: withdrawn", "done", grandmothers)


SOURCES = (checks,)
