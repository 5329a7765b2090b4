"""A plan that takes long: the page answers at once, shows how far it is, and goes on by itself; the API does the same."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from factories.api import Program
from factories.plans import a_job
from factories.world import World
from wayhome.casework.placements import actions, queries, tasks
from wayhome.casework.placements.actions import jobs
from wayhome.casework.placements.models import NightPlan, PlanJob, PlanJobEnd, PlanJobStep


def text(answer: Any) -> str:
    """The page."""
    return str(answer.content.decode())


@pytest.fixture
def large(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """Two children wait, as if they were two thousand."""
    for _ in range(2):
        world.in_hospital(cleared=True)
    monkeypatch.setattr(jobs, "AT_ONCE", 0)
    return world


def test_from_the_button_to_the_plan(large: World, client_of) -> None:
    client = client_of("placement")
    asked = client.post(reverse("make_plan"), {"nights": "3", "once": "m"})
    job = PlanJob.objects.get()
    address = reverse("plan_job", args=[job.pk])
    assert asked.headers["Location"] == address
    assert not NightPlan.objects.exists(), "the page did not wait"
    page = text(client.get(address))
    assert "Waits for the worker to begin" in page
    assert '<noscript><meta http-equiv="refresh" content="4"></noscript>' in page
    assert 'data-look="waiting:0"' in page
    desk = text(client.get(reverse("placements")))
    assert address in desk
    assert f'action="{reverse("make_plan")}"' not in desk, "one plan at a time"
    PlanJobStep.objects.create(job=job, doing="begun", at=large.clock)
    PlanJobStep.objects.create(job=job, doing="surge_cost", at=large.now())
    page = text(client.get(address))
    assert "Step 4 of 9: as little money as can be for carers called in" in page
    assert "at the latest" in page
    assert text(client.get(address + "?state")) == "working:4"
    assert client_of("supervisor2").get(address).status_code == 200
    assert tasks.make_plans(clock=large.now) == 1
    assert text(client.get(address + "?state")) == "done:9"
    there = client.get(address)
    assert there.headers["Location"] == reverse("night_plan", args=[NightPlan.objects.get().pk])
    assert f'action="{reverse("make_plan")}"' in text(client.get(reverse("placements")))


def test_two_desks_that_ask_see_the_same(large: World, client_of) -> None:
    first = client_of("supervisor").post(reverse("make_plan"), {"nights": "3", "once": "a"})
    second = client_of("supervisor2").post(reverse("make_plan"), {"nights": "14", "once": "b"})
    again = client_of("supervisor").post(reverse("make_plan"), {"nights": "3", "once": "a"})
    assert first.headers["Location"] == second.headers["Location"] == again.headers["Location"]
    assert PlanJob.objects.count() == 1


def test_it_is_called_off(large: World, client_of) -> None:
    client = client_of("placement")
    client.post(reverse("make_plan"), {"nights": "3", "once": "m"})
    job = PlanJob.objects.get()
    address = reverse("cancel_plan", args=[job.pk])
    assert "Nobody is moved or asked by it." in text(client.get(address))
    assert client.post(address, {"once": "c"}).status_code == 302
    page = text(client.get(reverse("plan_job", args=[job.pk])))
    assert "This plan was called off" in page
    assert "refresh" not in page
    assert client.post(address, {"once": "c2"}).status_code == 409
    assert tasks.make_plans(clock=large.now) == 0


def test_it_failed_and_says_what_to_do(large: World, client_of) -> None:
    job = a_job(large, at=large.now(), doing=("begun",) * 3)
    assert tasks.make_plans(clock=large.now) == 1
    page = text(client_of("placement").get(reverse("plan_job", args=[job.pk])))
    assert "No plan could be made" in page
    assert "Three times the worker stopped before the plan was made." in page
    assert "A plan could not be made" in text(client_of("placement").get(reverse("today")))


def test_nobody_works_and_the_page_stops_looking(large: World, client_of) -> None:
    client, address = client_of("placement"), reverse("plan_job", args=[a_job(large, at=large.now()).pk])
    large.clock += timedelta(minutes=2)
    page = text(client.get(address))
    assert "No worker has taken it up yet." in page
    assert "data-look" in page
    large.clock += timedelta(minutes=10)
    page = text(client.get(address))
    assert "data-look" not in page
    assert "Look again" in page


def test_by_the_api(large: World, monkeypatch: pytest.MonkeyPatch) -> None:
    large.clock = timezone.now() - timedelta(minutes=30)
    large.has_room()
    api = Program(large)
    answer = api.post("supervisor", "/plans", {"nights": 3, "jurisdiction": "GX"}, key="k")
    assert answer.status_code == 202
    told = json.loads(answer.content)
    assert (told["state"], told["plan"], told["jurisdiction"], told["nights"]) == ("waiting", None, "GX", 3)
    job = PlanJob.objects.get()
    assert told["url"] == f"/api/v1/plan-jobs/{job.pk}"
    again = api.post("supervisor", "/plans", {"nights": 3, "jurisdiction": "GX"}, key="k")
    assert json.loads(again.content)["id"] == told["id"]
    path = told["url"].removeprefix("/api/v1")
    assert tasks.make_plans(clock=timezone.now) == 1
    done = json.loads(api.get("placement", path).content)
    assert (done["state"], done["plan"]) == ("done", NightPlan.objects.get().pk)
    assert api.get("placement", f"/plans/{done['plan']}").status_code == 200
    assert api.post("supervisor", f"{path}/cancellation").status_code == 409
    monkeypatch.undo()
    small = api.post("supervisor", "/plans", {"nights": 2, "jurisdiction": "GX"})
    assert (small.status_code, json.loads(small.content)["state"]) == (202, "done"), "a small night is planned before the answer"
    assert api.post("supervisor", "/plans", {"nights": 0}).status_code == 422


def test_a_small_night_that_somebody_else_began(world: World, client_of) -> None:
    world.in_hospital(cleared=True)
    job = a_job(world, at=world.now(), doing=("begun", "unplaced"), at_once=True)
    asked = client_of("placement").post(reverse("make_plan"), {"nights": "3", "once": "m"})
    assert asked.headers["Location"] == reverse("plan_job", args=[job.pk])
    assert not PlanJobEnd.objects.exists()
    assert actions.work_on(job=job, clock=world.now) is not None
    assert list(queries.open_jobs()) == []
