"""A family that looks for a child. All people are made up."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from factories.world import World
from wayhome.casework.families import actions, queries
from wayhome.casework.families.models import Parentage, TracingRequest

TOLD: dict[str, Any] = {
    "child_name": "李小妹 / Xiaoyue",
    "sex": "F",
    "born_from": date(2011, 1, 3),
    "born_to": date(2011, 1, 5),
    "lost_from": date(2011, 5, 1),
    "lost_to": date(2011, 5, 2),
    "place": "百色市右江区集市",
    "where": None,
    "cause": "abducted",
    "circumstances": "在集市上被一个陌生女人抱走",
    "looks": "",
    "blood_group": "",
}
MOTHER = [("name", "韦小兰"), ("phone", "13877001199")]


def asks(
    world: World, *, by: str = "officer", inquirer: Any = MOTHER, relation: str = "mother", **changes: Any
) -> TracingRequest:
    """A request as a mother in Guangxi might tell it."""
    told = TOLD | {"where": world.jurisdictions["GX"]} | changes
    return actions.record_request(inquirer=inquirer, relation=relation, told=told, by=world.actor(by), at=world.now())


def fill_families(world: World, picture: bytes) -> None:
    """A family with relatives, consents and a request that may be for the same child; ids in `world.family`."""
    by = world.actor("officer")
    request = asks(world, looks="双眼皮，左耳前有一个小孔", where=world.jurisdictions["GX"])
    other = asks(
        world, inquirer=[("name", "李大山"), ("phone", "13877001199"), ("id", "452601198203040015")], relation="father",
        child_name="Li Xiaomei",
    )  # fmt: skip
    (proposal,) = actions.propose_duplicates(request=other, at=world.now())
    child, mother, father = (one.relative for one in queries.tree(request.pk, at=world.now()).values())
    state = {"name": "李大山", "born": 1982, "life": "living", "reach": "to_ask"}
    actions.tell_relative(relative=father, n=1, state=state, by=by, at=world.now())

    def add(to: Any, relation: str, **known: Any) -> Any:
        return actions.add_relative(to=to, relation=relation, state=known, by=by, at=world.now())

    grandmother = add(father, "mother", name="莫秀珍", born=1955, life="living", reach="willing")
    add(child, "sister", name="李小花 Nguyễn Thị Ngọc Ánh", born=2008, life="living", reach="willing")
    add(father, "brother", name="李大河", life="dead")
    day = world.clock.date()
    paper = {"scope": "this_child", "given_by": "韦小兰", "form": "GX-2011-0417"}
    until = {"signed_on": day, "until": day + timedelta(days=20)}
    given = actions.consent(relative=mother, **paper, **until, by=by, at=world.now())
    old = actions.consent(relative=grandmother, **(paper | until | {"given_by": "莫秀珍"}), by=by, at=world.now())
    actions.withdraw_consent(consent=old, reason="wants to think", by=by, at=world.now())
    place, kind = "ear_left", "preauricular_pit"
    actions.add_mark(request=request, place=place, kind=kind, note="", by=by, at=world.now())
    actions.add_item(request=request, what="红色绣花小棉袄", by=by, at=world.now())
    photo = actions.keep_photo(request=request, jpeg=picture, shows="the child at three months", by=by, at=world.now())
    told = TOLD | {"where": world.jurisdictions["GX"], "looks": "双眼皮，左耳前有一个小孔", "blood_group": "B"}
    actions.describe(request=request, n=1, told=told, by=by, at=world.now())
    link = Parentage.objects.get(child=child, parent=father)
    world.family = {
        "request": request.number,
        "other": other.number,
        "proposal": proposal.pk,
        "relative": father.pk,
        "consent": given.pk,
        "parentage": link.pk,
        "photo": photo.pk,
    }
