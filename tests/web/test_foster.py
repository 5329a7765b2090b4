"""Foster care on pages: what is asked is shown word by word, two other organisations sign it, and the child is handed over."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.urls import reverse

from factories.world import World
from wayhome.casework.children.models import Child
from wayhome.casework.custody import known
from wayhome.casework.custody.models import CustodyEpisode, FosterApproval, FosterRequest
from wayhome.casework.operations import actions as operations

ADDRESS = "广西防城港市北部湾大道88号"


def text(answer: Any) -> str:
    """The page."""
    return str(answer.content.decode())


@pytest.fixture
def carer(world: World) -> Any:
    """Somebody whom the welfare home recorded."""
    return operations.record_person(
        label="foster mother",
        facts=[("name", "刘慧珍"), ("id", "450602198001014321")],
        by=world.actor("caseworker"),
        at=world.now(),
    )


@pytest.fixture
def child(world: World) -> Child:
    """In the welfare home."""
    return world.in_home()


def ask(client: Any, child: Child, world: World, **changed: str) -> Any:
    """Send the form."""
    given = {
        "once": "foster-1",
        "person": "刘慧珍",
        "address": ADDRESS,
        "institution": str(world.facilities["home"].pk),
        "reason": "one carer for one child",
    }
    return client.post(reverse("propose_foster", args=[child.number]), given | changed)


def approve(client: Any, request: FosterRequest, digest: str = "") -> Any:
    """Sign what the page shows."""
    address = reverse("approve_foster", args=[request.pk])
    shown = re.findall(r'name="digest" value="([0-9a-f]{64})"', text(client.get(address)))
    return client.post(address, {"digest": digest or shown[0], "once": f"approve-{digest[:4]}"})


def test_from_the_question_to_the_household(world: World, client_of, child: Child, carer: Any) -> None:
    caseworker = client_of("caseworker")
    answer = ask(caseworker, child, world)
    asked = FosterRequest.objects.get()
    assert answer.headers["Location"] == reverse("foster", args=[asked.pk])
    for who in ("officer", "supervisor"):
        client = client_of(who)
        assert reverse("approve_foster", args=[asked.pk]) in text(client.get(reverse("today"))), "it waits in Today"
        page = text(client.get(reverse("approve_foster", args=[asked.pk])))
        for part in (asked.digest, "刘慧珍", "450602198001014321", ADDRESS, world.facilities["home"].name, child.call_name):
            assert part in page
        assert approve(client, asked).status_code == 302
        assert reverse("approve_foster", args=[asked.pk]) not in text(client.get(reverse("today")))
    assert known.foster_asked(asked, at=world.now()).ready
    hand_over = reverse("hand_over", args=[child.number]) + f"?foster={asked.pk}"
    assert hand_over in text(caseworker.get(reverse("foster", args=[asked.pk])))
    offered = caseworker.post(
        hand_over,
        {
            "once": "offer-1",
            "kind": "foster",
            "facility": str(world.facilities["home"].pk),
            "wristband": child.number,
            "condition": "well",
            "place": ADDRESS,
        },
    )
    assert offered.status_code == 302, text(offered)
    from wayhome.casework.custody.queries import pending_offers

    accepted = client_of("caseworker2").post(
        reverse("accept", args=[pending_offers().get().pk]), {"wristband": child.number, "condition": "well", "once": "a"}
    )
    assert accepted.status_code == 302, text(accepted)
    assert CustodyEpisode.objects.filter(child=child).order_by("n").last().kind == "foster"
    assert "handed to this household" in text(caseworker.get(reverse("foster", args=[asked.pk])))


def test_what_came_later_is_no_part_of_what_is_signed(world: World, client_of, child: Child, carer: Any) -> None:
    ask(client_of("caseworker"), child, world)
    asked = FosterRequest.objects.get()
    operations.add_fact(person=carer, kind="phone", value="13977009999", by=world.actor("caseworker"), at=world.now())
    told = known.foster_asked(asked, at=world.now())
    assert told.unchanged
    assert [fact.value for fact in told.later] == ["13977009999"]
    page = text(client_of("officer").get(reverse("approve_foster", args=[asked.pk])))
    assert page.index("no part of what is signed") < page.index("13977009999")


def test_a_signature_under_something_else_counts_for_nothing(world: World, client_of, child: Child, carer: Any) -> None:
    ask(client_of("caseworker"), child, world)
    asked = FosterRequest.objects.get()
    answer = approve(client_of("officer"), asked, digest="0" * 64)
    assert answer.status_code == 409
    assert 'data-code="changed_request"' in text(answer)
    assert not FosterApproval.objects.exists()
    assert approve(client_of("officer"), asked).status_code == 302


def test_who_asks_does_not_approve_and_who_approves_proves_who_they_are(
    world: World, client_of, child: Child, carer: Any
) -> None:
    ask(client_of("caseworker"), child, world)
    asked = FosterRequest.objects.get()
    placement = client_of("placement").get(reverse("approve_foster", args=[asked.pk]))
    assert "Other organisations approve it" in text(placement)
    assert 'name="digest"' not in text(placement)
    asked_again = client_of("officer", stepped_up=False).get(reverse("approve_foster", args=[asked.pk]))
    assert asked_again.headers["Location"].startswith(reverse("mfa_reauthenticate"))


def test_an_ended_request_leads_nowhere(world: World, client_of, child: Child, carer: Any) -> None:
    ask(client_of("caseworker"), child, world)
    asked = FosterRequest.objects.get()
    ended = client_of("officer").post(reverse("end_foster", args=[asked.pk]), {"reason": "they moved away", "once": "e"})
    assert ended.status_code == 302
    page = text(client_of("supervisor").get(reverse("approve_foster", args=[asked.pk])))
    assert "This request is over" in page
    assert 'name="digest"' not in page
    assert reverse("approve_foster", args=[asked.pk]) not in text(client_of("supervisor").get(reverse("today")))


@pytest.mark.parametrize(
    ("typed", "code"), [("nobody like this", "Nothing is known of this person"), ("999999", "Nothing is known of this person")]
)
def test_a_carer_is_somebody_on_record(world: World, client_of, child: Child, carer: Any, typed: str, code: str) -> None:
    answer = ask(client_of("caseworker"), child, world, person=typed)
    assert answer.status_code == 422
    assert code in text(answer)
    assert not FosterRequest.objects.exists()
    assert ask(client_of("caseworker"), child, world, person=str(carer.pk), once="foster-2").status_code == 302


def test_another_childs_request_hands_nobody_over(world: World, client_of, child: Child, carer: Any) -> None:
    ask(client_of("caseworker"), child, world)
    other = world.in_home()
    address = reverse("hand_over", args=[other.number]) + f"?foster={FosterRequest.objects.get().pk}"
    assert client_of("caseworker").get(address).status_code == 404
