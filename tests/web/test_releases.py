"""Releases on pages: asked for, read word by word, signed by two organisations, carried out at the door; visits after it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from factories.release_pages import abroad, asks
from factories.reunification import ADDRESS, Return, anew, standing
from factories.world import World
from wayhome.casework.accounts import actions as accounts
from wayhome.casework.audit.models import Alarm
from wayhome.casework.custody import actions as custody
from wayhome.casework.custody.models import CustodyEpisode, HandoverOffer
from wayhome.casework.operations import actions as operations
from wayhome.casework.reunification import tasks
from wayhome.casework.reunification.actions import files
from wayhome.casework.reunification.models import (
    Approval,
    Certificate,
    Execution,
    FileFreeze,
    FreshCheck,
    Notice,
    Release,
    Revocation,
    Visit,
)
from wayhome.web import clock


@pytest.fixture(scope="module")
def _house(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Return]:
    with standing(django_db_blocker, tmp_path_factory.mktemp("index")) as house:
        yield house


@pytest.fixture
def house(_house: Return, db: None, settings: Any, tmp_path: Any) -> Return:
    """A family and its child."""
    settings.WAYHOME_INDEX = tmp_path / "index"
    return anew(_house)


@pytest.fixture
def world(house: Return, monkeypatch: pytest.MonkeyPatch) -> World:
    """Theirs, whose clock the pages have."""
    monkeypatch.setattr(clock, "now", house.world.now)
    return house.world


def text(answer: Any) -> str:
    """The page."""
    return str(answer.content.decode())


def post(client: Client, path: str, /, **given: Any) -> Any:
    """Send a form; every time another one."""
    post.count = getattr(post, "count", 0) + 1  # type: ignore[attr-defined]
    return client.post(path, given | {"once": f"r-{post.count}"})  # type: ignore[attr-defined]


def ask(house: Return, client: Client, **changed: Any) -> Any:
    """Send the question."""
    mother = house.kin["mother"].pk
    given: dict[str, Any] = {"recipients": [mother], "others": "452601198203040015", "address": ADDRESS}
    return post(client, reverse("ask_release", args=[house.child.number]), **given | changed)


def sign(client: Client, release: Release, digest: str = "") -> Any:
    """Approve what the page shows."""
    address = reverse("approve_release", args=[release.pk])
    (shown,) = set(re.findall(r'name="digest" value="([0-9a-f]{64})"', text(client.get(address))))
    return post(client, address, digest=digest or shown)


def page_of(client: Client, release: Release) -> str:
    return text(client.get(reverse("release", args=[release.pk])))


def test_the_whole_way(house: Return, client_of: Any) -> None:
    """From the question to the first visit, by pages alone; the samples are taken and typed as samples are."""
    house.ready()
    caseworker, colleague = client_of("caseworker"), client_of("caseworker2")
    question = text(caseworker.get(reverse("ask_release", args=[house.child.number])))
    assert "What stands against it" not in question
    assert house.mother.label in question or "韦小兰" in question
    answer = ask(house, caseworker)
    assert answer.status_code == 302, text(answer)
    release = house.release = Release.objects.get()
    assert answer.headers["Location"] == reverse("release", args=[release.pk])
    assert {(one.person, one.receives) for one in release.people.all()} == {(house.mother, True), (house.father, False)}
    approve, there = reverse("approve_release", args=[release.pk]), reverse("release", args=[release.pk])
    for n, who in enumerate(("supervisor", "supervisor2")):
        client = client_of(who)
        assert approve in text(client.get(reverse("today"))), "it waits in Today"
        assert approve in page_of(client, release)
        read = text(client.get(approve))
        for part in (release.digest, "韦小兰", "李大山", "452601198203040015", ADDRESS, house.child.call_name):
            assert part in read, part
        assert f'<span class="count">{n}</span>' in read
        assert sign(client, release).status_code == 302
        assert approve not in text(client.get(reverse("today")))
        assert ("One of two is missing" in page_of(client, release)) is (n == 0)
    page = page_of(caseworker, release)
    assert "Samples of the handover are wanted before the child goes" in page
    assert "none ordered since" in page
    assert reverse("order_child_kit", args=[house.child.number]) in page
    assert reverse("order_relative_kit", args=[house.kin["mother"].pk]) not in page, "the police have the request"
    assert reverse("order_relative_kit", args=[house.kin["mother"].pk]) in page_of(client_of("officer"), release)
    today = text(caseworker.get(reverse("today")))
    assert "Samples of the handover are wanted" in today
    assert there in today
    house.fresh("child")
    house.fresh("mother")
    assert "at the laboratory, which types it" in page_of(caseworker, release)
    assert "wait for the laboratory" in text(caseworker.get(reverse("today")))
    house.search()
    tasks.check_samples(at=house.world.now())
    page = page_of(colleague, release)
    assert page.count("compared: the same person") == 2
    assert "counts until" in page
    door = reverse("offer_return", args=[release.pk])
    assert door in page
    assert door in text(colleague.get(reverse("today")))
    at_the_door = {"recipient": house.mother.pk, "condition": "well, in a red jacket", "place": ADDRESS}
    assert post(colleague, door, wristband="000000000", **at_the_door).status_code == 409
    assert post(colleague, door, wristband=house.child.number, **at_the_door).status_code == 302
    offer = HandoverOffer.objects.latest("pk")
    receive = reverse("complete_return", args=[release.pk])
    assert receive not in page_of(colleague, release), "who gives does not take"
    assert reverse("accept", args=[offer.pk]) not in text(colleague.get(reverse("today")))
    assert reverse("accept", args=[offer.pk]) in text(caseworker.get(reverse("today")))
    assert caseworker.get(reverse("accept", args=[offer.pk])).headers["Location"] == receive
    assert receive in page_of(caseworker, release)
    shown = text(caseworker.get(receive))
    assert "Goes home: the second signature is wanted." in shown
    assert house.mother.label in shown
    assert 'name="wristband"' in shown
    answer = post(caseworker, receive, wristband=house.child.number, condition="laughs")
    assert answer.headers["Location"] == there
    episode = CustodyEpisode.objects.filter(child=house.child).latest("n")
    assert episode.kind == "reunified"
    page = page_of(caseworker, release)
    sheet = reverse("handover_sheet", args=[house.child.number, episode.n])
    assert sheet in page
    for language in ("en", "vi", "zh-hans"):
        printed = text(caseworker.get(f"{sheet}?language={language}"))
        assert ADDRESS in printed
        assert house.mother.label in printed
    child = text(caseworker.get(reverse("child", args=[house.child.number])))
    assert "Home with its family, which is visited" in child
    assert there in child
    assert reverse("hand_over", args=[house.child.number]) not in child
    house.pass_days(7)
    visit = reverse("visit_family", args=[release.execution.pk])
    assert visit in text(caseworker.get(reverse("today")))
    assert visit in page_of(caseworker, release)
    today = house.world.clock.date().isoformat()
    assert post(caseworker, visit, day="7", found="well", visited_on=today, note="").status_code == 302
    assert Visit.objects.get().day == 7
    assert visit not in text(caseworker.get(reverse("today")))
    assert '<span class="tag">well</span>' in page_of(caseworker, release)
    assert not Alarm.objects.filter(kind="visit_due").exists()


def test_what_stands_in_the_way_is_said_before_anything_is_typed(house: Return, client_of: Any) -> None:
    caseworker = client_of("caseworker")
    house.in_home()
    address = reverse("ask_release", args=[house.child.number])
    assert caseworker.get(address).status_code == 404, "no file was opened"
    assert client_of("officer").get(address).status_code == 403
    house.confirmed()
    house.case = files.open_case(child_id=house.child.pk, **house.who("caseworker"))
    page = text(caseworker.get(address))
    for code in ("not_verified", "parents_not_cleared", "not_determined"):
        assert f'data-code="{code}"' in page
    assert "<textarea" not in page
    assert ask(house, caseworker).status_code == 409
    assert not Release.objects.exists()
    house.verified()
    house.enquired()
    house.determined()
    page = text(caseworker.get(address))
    assert "data-code" not in page
    assert "<textarea" in page
    wrong = ask(house, caseworker, address="?", others="nobody like this")
    assert wrong.status_code == 422
    assert "nobody like this" in text(wrong), "what was typed stays"
    assert ask(house, caseworker, recipients=[]).status_code == 422
    assert ask(house, caseworker, recipients=[house.kin["father"].pk]).status_code == 422, "he is on no record"
    assert ask(house, caseworker).status_code == 302
    page = text(caseworker.get(address))
    assert 'data-code="already_asked"' in page
    assert reverse("release", args=[Release.objects.get().pk]) in page


def test_who_signs_what(house: Return, client_of: Any) -> None:
    house.ready()
    release = house.requested()
    address = reverse("approve_release", args=[release.pk])
    supervisor = client_of("supervisor")
    answer = sign(supervisor, release, digest="0" * 64)
    assert answer.status_code == 409
    assert 'data-code="changed_request"' in text(answer)
    asked_again = client_of("supervisor", stepped_up=False).get(address)
    assert asked_again.headers["Location"].startswith(reverse("mfa_reauthenticate"))
    for who in ("caseworker", "officer", "doctor"):
        assert client_of(who).get(address).status_code == 403
        assert address not in page_of(client_of(who), release)
    assert not Approval.objects.exists()
    assert sign(client_of("supervisor"), release).status_code == 302
    signed = text(client_of("supervisor").get(address))
    assert "Your organisation has approved" in signed
    assert 'name="digest"' not in signed
    assert house.world.registrars is not None
    house.world.staff["other"] = accounts.register_staff(
        by=house.world.registrars,
        at=house.world.now(),
        number="other",
        name="某某",
        id_number="450000198001010001",
        agency=house.world.agencies["ministry"],
        role="supervisor",
    )
    refused = post(client_of("other"), address, digest=release.digest)
    assert refused.status_code == 409
    assert 'data-code="same_agency"' in text(refused)
    assert Approval.objects.count() == 1


def test_what_changed_is_not_signed(house: Return, client_of: Any) -> None:
    house.ready()
    release = house.requested()
    shown = release.digest
    release.people.create(person=house.world.person("aunt", ("name", "李大花")), receives=False)
    supervisor, address = client_of("supervisor"), reverse("approve_release", args=[release.pk])
    page = text(supervisor.get(address))
    assert "does not give this digest" in page
    assert 'name="digest"' not in page
    answer = post(supervisor, address, digest=shown)
    assert answer.status_code == 409
    assert 'data-code="changed_request"' in text(answer)
    assert not Approval.objects.exists()


def test_a_revoked_release_leads_nowhere(house: Return, client_of: Any) -> None:
    house.ready()
    release = house.requested()
    address = reverse("revoke_release", args=[release.pk])
    for who in ("officer", "doctor"):
        assert client_of(who).get(address).status_code == 403
    supervisor, caseworker = client_of("supervisor"), client_of("caseworker")
    assert post(supervisor, address, note="").status_code == 422
    assert post(supervisor, address, note="she moved").status_code == 302
    assert Revocation.objects.get().note == "she moved"
    page = page_of(caseworker, release)
    assert "Revoked. The child stays where it is." in page
    assert "she moved" in page
    assert reverse("ask_release", args=[house.child.number]) in page
    assert address not in page
    approving = text(supervisor.get(reverse("approve_release", args=[release.pk])))
    assert 'name="digest"' not in approving
    assert 'data-code="release_revoked"' in text(
        post(supervisor, reverse("approve_release", args=[release.pk]), digest=release.digest)
    )
    door = caseworker.get(reverse("offer_return", args=[release.pk]))
    assert 'name="wristband"' not in text(door)
    assert caseworker.get(reverse("complete_return", args=[release.pk])).status_code == 404
    alarm = Alarm.objects.get(kind="release_revoked")
    assert reverse("release", args=[release.pk]) in text(supervisor.get(reverse("alarm", args=[alarm.pk])))


def test_somebody_else_at_the_door_goes_nowhere(house: Return, client_of: Any) -> None:
    from factories.matching import stranger

    house.approved()
    house.fresh("child")
    house.fresh("mother", calls=stranger(house.chance, "F"))
    tasks.check_samples(at=house.world.now())
    assert not FreshCheck.objects.get().agrees
    page = page_of(client_of("caseworker"), house.release)
    assert "a sample of the handover shows somebody else" in page
    assert reverse("offer_return", args=[house.release.pk]) not in page


def test_samples_that_are_old_are_taken_anew(house: Return, client_of: Any) -> None:
    house.at_the_door()
    caseworker = client_of("caseworker")
    assert reverse("offer_return", args=[house.release.pk]) in page_of(caseworker, house.release)
    house.pass_days(15)
    page = page_of(caseworker, house.release)
    assert page.count("taken too long ago") == 2
    assert "Samples of the handover are wanted" in text(caseworker.get(reverse("today")))
    assert reverse("offer_return", args=[house.release.pk]) not in page
    assert 'data-code="samples_not_fresh"' in text(caseworker.get(reverse("offer_return", args=[house.release.pk])))
    assert post(
        caseworker,
        reverse("offer_return", args=[house.release.pk]),
        wristband=house.child.number,
        condition="well",
        place=ADDRESS,
        recipient=house.mother.pk,
    ).status_code in (409, 422)
    assert not HandoverOffer.objects.filter(kind="reunified").exists()


def test_what_came_to_be_known_stands_against_it(house: Return, client_of: Any) -> None:
    house.approved()
    buyer = house.world.person("农晓红", ("name", "农晓红"), ("id", "452801197503120021"))
    custody.exclude(person=buyer, ground="buyer", **house.who("officer"))
    operations.tie(person=house.father, other=buyer, kind="sibling", **house.who("officer"))
    page = page_of(client_of("caseworker"), house.release)
    revoked = Revocation.objects.filter(release=house.release).exists()
    assert revoked or 'data-code="kin_of_excluded"' in page
    assert "excluded" in page


def test_a_file_that_is_frozen_says_so(house: Return, client_of: Any) -> None:
    house.home()
    caseworker = client_of("caseworker")
    assert 'role="alert"' not in page_of(caseworker, house.release)
    house.pass_days(20)
    custody.exclude(person=house.father, ground="seller", **house.who("officer"))
    freeze = FileFreeze.objects.get()
    page = page_of(caseworker, house.release)
    assert "Frozen: something stands against this family" in page
    assert "is excluded from contact with children" in page
    assert reverse("hand_over", args=[house.child.number]) in page, "it can be taken back in"
    alarm = Alarm.objects.get(kind="return_frozen")
    supervisor = client_of("supervisor")
    assert text(supervisor.get(reverse("today"))).count("Frozen, and the child is there") == 0, "the alarm says it"
    assert reverse("release", args=[house.release.pk]) in text(supervisor.get(reverse("alarm", args=[alarm.pk])))
    post(supervisor, reverse("alarm", args=[alarm.pk]), note="police are on their way")
    assert "Frozen, and the child is there" in text(supervisor.get(reverse("today")))
    assert freeze.execution.release == house.release


def test_visits(house: Return, client_of: Any) -> None:
    house.home()
    execution = Execution.objects.get()
    address = reverse("visit_family", args=[execution.pk])
    caseworker = client_of("caseworker")
    assert address not in text(caseworker.get(reverse("today"))) or house.world.clock < execution.at + timedelta(days=7)
    house.pass_days(9)
    tasks.raise_visits(at=house.world.now())
    today = text(caseworker.get(reverse("today")))
    assert today.count(address) == 1
    assert "A family is to be visited" not in today, "the row is the alarm's"
    assert "overdue" in page_of(caseworker, house.release)
    for who in ("doctor", "supervisor", "nurse"):
        assert client_of(who).get(address).status_code == 403
    assert client_of("caseworker_gd").get(address).status_code == 404
    day = house.world.clock.date().isoformat()
    assert post(caseworker, address, day="7", found="worried", visited_on=day, note="").status_code == 422
    answer = post(caseworker, address, day="7", found="worried", visited_on=day, note="a stranger opened the door")
    assert answer.status_code == 302
    assert Alarm.objects.filter(kind="visit_due", level=3).count() == 1
    page = page_of(caseworker, house.release)
    assert "a stranger opened the door" in page
    assert '<span class="tag red">worried</span>' in page
    assert post(caseworker, address, day="7", found="well", visited_on=day, note="").status_code == 422, (
        "it is no choice any more"
    )
    assert Visit.objects.count() == 1


def test_to_the_authority_of_another_country(house: Return, client_of: Any) -> None:
    house.child = house.world.in_home()
    custody.assign(child=house.child, staff=house.world.staff["doctor"], **house.who("supervisor"))
    house.case = files.open_case(child_id=house.child.pk, authority=True, **house.who("caseworker"))
    house.determined("repatriate")
    caseworker = client_of("caseworker")
    address = reverse("ask_release", args=[house.child.number])
    assert house.world.facilities["abroad"].name in text(caseworker.get(address))
    assert post(caseworker, address, to=house.world.facilities["abroad"].pk).status_code == 302
    release = house.release = Release.objects.get()
    house.approve()
    door = reverse("offer_return", args=[release.pk])
    assert door in page_of(caseworker, release)
    answer = post(caseworker, door, wristband=house.child.number, condition="well", place="友谊关")
    assert answer.status_code == 302, text(answer)
    liaison, receive = client_of("partner_liaison"), reverse("complete_return", args=[release.pk])
    offer = HandoverOffer.objects.latest("pk")
    assert liaison.get(reverse("accept", args=[offer.pk])).headers["Location"] == receive
    assert liaison.get(reverse("release", args=[release.pk])).status_code == 403
    assert client_of("caseworker2").get(receive).status_code == 404, "it is theirs to take"
    answer = post(liaison, receive, wristband=house.child.number, condition="well")
    assert answer.headers["Location"] == reverse("today")
    assert CustodyEpisode.objects.filter(child=house.child).latest("n").kind == "repatriated"
    page = page_of(client_of("officer"), release)
    assert "Release to the authority of its country" in page
    assert "Visits to the family" not in page


# Where nobody is found. -------------------------------------------------------------------------------------------------------


def test_no_parents_found_yet(world: Any, client_of: Any) -> None:
    child = world.in_home()
    intake = child.first_episode.started_at
    officer, caseworker = client_of("officer"), client_of("caseworker")
    address, certify, notice = (reverse(name, args=[child.number]) for name in ("not_found", "certify", "publish_notice"))
    for who in ("nurse", "placement", "administrator"):
        assert client_of(who).get(address).status_code == 403
    page = text(officer.get(address))
    for code in ("too_early", "first_certificate", "certificate_missing", "notice_missing"):
        assert f'data-code="{code}"' in page
    assert "The search goes on" in page
    assert certify not in page
    paper = {kind: reverse("not_found_paper", args=[child.number, kind, "vi"]) for kind in ("one_month", "notice")}
    assert paper["one_month"] not in page
    assert officer.get(paper["one_month"]).status_code == 409
    assert paper["notice"] in page
    taken = caseworker.get(paper["notice"])
    assert taken.content.startswith(b"%PDF")
    assert child.number in taken["Content-Disposition"]
    assert client_of("nurse").get(paper["notice"]).status_code == 403
    for wrong in (("x", "vi"), ("notice", "klingon")):
        assert officer.get(reverse("not_found_paper", args=[child.number, *wrong])).status_code == 404
    early = post(officer, certify, document="桂公2011-5")
    assert early.status_code == 409
    assert 'data-code="too_early"' in text(early)
    world.clock = intake + timedelta(days=31)
    tasks.raise_certificates(at=world.now())
    today = text(officer.get(reverse("today")))
    assert address in today
    assert "A certificate that no parents were found is due" not in today
    page = text(officer.get(address))
    assert certify in page
    assert "A draft" in page
    assert officer.get(paper["one_month"]).content.startswith(b"%PDF")
    assert certify not in text(caseworker.get(address))
    assert caseworker.get(certify).status_code == 403
    assert post(officer, certify, document="桂公2011-5").status_code == 302
    assert Certificate.objects.get().kind == "one_month"
    assert address not in text(officer.get(reverse("today")))
    world.clock = intake + timedelta(days=366)
    assert 'data-code="notice_missing"' in text(officer.get(certify))
    day = world.clock.date().isoformat()
    assert officer.get(notice).status_code == 200
    assert client_of("doctor").get(notice).status_code in (403, 404)
    assert post(caseworker, notice, published_in="广西日报", published_on=day).status_code == 302
    assert Notice.objects.get().published_in == "广西日报"
    assert "stands until" in text(officer.get(address))
    world.clock += timedelta(days=31)
    assert post(officer, certify, document="桂公2012-9").status_code == 302
    assert officer.get(certify).status_code == 404, "there is none left to write"
    page = text(officer.get(address))
    assert "Nothing is missing" in page
    assert "data-code" not in page


# Queries. ---------------------------------------------------------------------------------------------------------------------


def test_today_asks_no_more_often_for_more_releases(world: Any, settings: Any, tmp_path: Any, client_of: Any) -> None:
    settings.WAYHOME_INDEX = tmp_path / "index"
    first = Return(world, 1)
    counted = []
    who = ("caseworker", "supervisor2", "officer")

    def count() -> None:
        found = []
        for name in who:
            client = client_of(name)
            client.get(reverse("today"))
            with CaptureQueriesContext(connection) as queries:
                assert client.get(reverse("today")).status_code == 200
            found.append(len(queries.captured_queries))
        counted.append(found)

    first.home()
    for n in range(4):
        child = world.in_home()
        custody.assign(child=child, staff=world.staff["doctor"], by=world.actor("supervisor"), at=world.now())
        asks(world, abroad(world, child, at=world.now()), at=world.now(), approved=bool(n % 2))
        if n in (1, 3):
            count()
    assert counted[0] == counted[1]
