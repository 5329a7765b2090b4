"""Kits over the API: a way from the order to the laboratory, and what the laboratory is not told."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from factories.api import Program
from factories.kits import ADDRESS, agrees, gone, mother_of, ordered
from factories.world import World
from wayhome.api.routes import kits as routes
from wayhome.casework.families.models import Relative
from wayhome.casework.laboratory.models import Kit, KitHop
from wayhome.casework.laboratory.queries.kits import STATES
from wayhome.casework.laboratory.rules.kits import HOPS, SCANNED

ORDER = {"laboratory": "laboratory"}


@pytest.fixture
def mother(world: World) -> Relative:
    """A relative who agreed."""
    relative = mother_of(world)
    agrees(world, relative, days=10_000)
    return relative


def hop(api: Program, who: str, number: str, kind: str, **more: Any) -> Any:
    return api.post(who, f"/kits/{number}/hops", {"kind": kind} | more)


def test_choices_are_those_of_the_rules() -> None:
    assert get_args(routes.HopIn.model_fields["kind"].annotation) == HOPS
    assert get_args(routes.HopsIn.model_fields["kind"].annotation) == SCANNED
    assert get_args(routes.State) == ("", *STATES)


def test_a_kit_from_its_order_to_the_laboratory(api: Program, mother: Relative) -> None:
    assert [one["code"] for one in api.get("officer", "/laboratories").json()["items"]] == ["laboratory"]
    made = api.post("officer", f"/relatives/{mother.pk}/kits", ORDER)
    assert made.status_code == 201, made.content
    number = made.json()["number"]
    for kind, more in (
        ("posted", {"place": ADDRESS}),
        ("returned", {}),
        ("posted", {"place": "右江区派出所"}),
        ("delivered", {}),
        ("taken", {"place": "右江区派出所", "witness": "nurse"}),
        ("sent", {}),
    ):
        told = hop(api, "officer", number, kind, **more)
        assert told.status_code == 201, told.content
    assert hop(api, "analyst", number, "received").json()["n"] == 7
    file = api.get("officer", f"/kits/{number}").json()
    assert (file["state"], file["ways"], file["of"], file["agency"], file["laboratory"]) == (
        "received",
        [],
        "relative",
        "police",
        "laboratory",
    )
    assert file["whose"] == {"request": mother.request.number, "relative": mother.pk, "child": "", "name": "韦小兰"}
    assert [(one["kind"], one["place"], one["by"], one["witness"]) for one in file["hops"]][4] == (
        "taken",
        "右江区派出所",
        "officer",
        "nurse",
    )
    assert [one["number"] for one in api.get("officer", f"/tracing-requests/{mother.request.number}/kits").json()["items"]] == [
        number
    ]


def test_a_laboratory_is_told_of_nobody(world: World, api: Program, mother: Relative) -> None:
    kit = gone(world, ordered(world, mother), "posted", "delivered", "taken", "sent")
    answer = api.get("analyst", f"/kits/{kit.number}")
    file = answer.json()
    assert (file["whose"], file["sex"], file["ways"]) == (None, "F", ["received", "refused"])
    assert {(one["place"], one["by"], one["witness"], one["note"]) for one in file["hops"]} == {("", "", "", "")}
    for secret in (mother.request.number, "韦小兰", ADDRESS, "李小妹"):
        assert secret not in answer.content.decode()
        assert secret not in api.get("analyst", "/kits").content.decode()
    assert api.get("analyst", f"/tracing-requests/{mother.request.number}/kits").status_code == 404


def test_a_kit_is_ordered_once_for_a_key(api: Program, mother: Relative) -> None:
    first, again = (api.post("officer", f"/relatives/{mother.pk}/kits", ORDER, key="k1") for _ in range(2))
    assert first.json() == again.json()
    assert Kit.objects.count() == 1
    other = api.post("officer", f"/relatives/{mother.pk}/kits", ORDER, key="k2")
    assert (other.status_code, other.json()["code"]) == (409, "kit_under_way")


def test_what_is_ordered_anew(world: World, api: Program) -> None:
    child = world.in_hospital()
    path = f"/children/{child.number}/kits"
    number = api.post("nurse", path, ORDER).json()["number"]
    assert hop(api, "nurse", number, "lost").status_code == 201
    assert [one["number"] for one in api.get("nurse", "/kits-to-see-to").json()["items"]] == [number]
    anew = api.post("nurse", path, ORDER | {"replaces": number})
    assert anew.status_code == 201
    assert api.get("nurse", f"/kits/{number}").json()["replaced_by"] == anew.json()["number"]
    assert api.get("nurse", f"/kits/{anew.json()['number']}").json()["replaces"] == number
    assert api.get("nurse", "/kits-to-see-to").json()["items"] == []
    listed = api.get("nurse", path).json()["items"]
    assert [(one["number"], one["replaceable"]) for one in listed] == [(anew.json()["number"], False), (number, False)]
    assert [one["number"] for one in api.get("nurse", "/kits?state=lost").json()["items"]] == [number]
    assert api.post("nurse", path, ORDER | {"second": True}).json()["code"] == "kit_under_way"


def test_what_a_field_names_is_looked_for(world: World, api: Program, mother: Relative) -> None:
    path = f"/relatives/{mother.pk}/kits"
    for more, field in (({"laboratory": "police"}, "laboratory"), ({"replaces": "123456789"}, "replaces")):
        answer = api.post("officer", path, ORDER | more)
        assert (answer.status_code, answer.json()["fields"]) == (422, {field: "unknown"})
    kit = ordered(world, mother)
    answer = hop(api, "officer", kit.number, "taken", place="x", witness="nobody")
    assert (answer.status_code, answer.json()["fields"]) == (422, {"witness": "unknown"})
    answer = hop(api, "officer", kit.number, "taken")
    assert answer.json()["fields"] == {"place": "required", "witness": "required"}


def test_many_are_told_at_once(world: World, api: Program) -> None:
    kits = []
    for name in "abc":
        relative = mother_of(world, child_name=name)
        agrees(world, relative, days=10_000)
        kits.append(gone(world, ordered(world, relative), "taken", "sent"))
    gone(world, kits[2], "lost")
    sent = {"numbers": [one.number for one in kits] + ["12"], "kind": "received"}
    answer = api.post("analyst", "/kit-hops", sent, key="scan")
    assert [one["code"] for one in answer.json()["items"]] == ["", "", "no_such_hop", "check_digit"]
    assert KitHop.objects.filter(kind="received").count() == 2
    assert api.post("analyst", "/kit-hops", sent, key="scan").json() == answer.json()
    refused = api.post("officer", "/kit-hops", sent)
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
