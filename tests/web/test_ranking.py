"""Families without DNA on a page: ranked, with whose sample to ask for, and nobody's name."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from factories.api import Program
from factories.api_cases_candidates import matched
from factories.families import asks
from factories.kits import mother_of
from factories.matching import House
from factories.world import World
from wayhome.casework.audit.models import AuditEvent
from wayhome.casework.core import numbers


def text(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.fixture
def house(world: World) -> House:
    """A child that the laboratory typed."""
    one = House(world, 1, child=world.child("小岩"))
    matched(world, [one])
    return one


def test_the_page_ranks_and_says_whom_to_ask(world: World, client_of: Any, house: House) -> None:
    address = reverse("ranking", args=[house.child.number])
    page = text(client_of("analyst").get(address))
    assert "Every family that looks for a child has somebody typed" in page
    mother = mother_of(world)
    page = text(client_of("analyst").get(address))
    assert numbers.grouped(mother.request.number) in page
    assert numbers.grouped(house.request.number) not in page, "they were typed"
    for said in ("A blank field never lowers a rank", "Probability after it", "has not agreed yet", "<strong>mother</strong>"):
        assert said in page
    for secret in ("韦小兰", "李小妹", house.child.call_name, "百色"):
        assert secret not in page, secret
    looked = AuditEvent.objects.filter(action="matching.read_ranking", child_id=house.child.pk)
    assert looked.count() == 2
    for who in ("officer", "supervisor", "auditor"):
        assert client_of(who).get(address).status_code == 403, who
    assert looked.count() == 2


def test_a_child_that_the_laboratory_does_not_know_is_not_there(world: World, client_of: Any, house: House) -> None:
    other = world.child("小泉")
    for number in (other.number, "123456784"):
        assert client_of("analyst").get(reverse("ranking", args=[number])).status_code == 404
        assert reverse("ranking", args=[number]) not in text(client_of("analyst").get(f"{reverse('candidates')}?q={number}"))
    assert not AuditEvent.objects.filter(action="matching.read_ranking").exists()


def test_it_is_linked_from_the_childs_candidates(client_of: Any, house: House) -> None:
    address = reverse("ranking", args=[house.child.number])
    assert address in text(client_of("analyst").get(f"{reverse('candidates')}?q={house.child.number}"))
    assert address not in text(client_of("analyst").get(f"{reverse('candidates')}?q={house.request.number}"))
    candidate = house.child.candidates.get()
    assert address in text(client_of("analyst").get(reverse("candidate", args=[candidate.pk])))


def test_programs_are_told_the_same(world: World, house: House) -> None:
    path = f"/children/{house.child.number}/families-without-dna"
    assert Program(world).get("analyst", path).json() == {"weighed": 0, "items": []}
    first, second = asks(world), asks(world, sex="M")
    told = Program(world).get("analyst", path).json()
    assert told["weighed"] == 2
    assert [one["request"] for one in told["items"]] == [first.number, second.number], "the child is a girl"
    best = told["items"][0]
    assert best["stages"][0]["name"] == "prior"
    assert best["stages"][-1]["posterior"] == pytest.approx(best["posterior"])
    assert {"kin": "mother", "agreed": False} in best["ask"]
    assert Program(world).get("officer", path).status_code == 403
