"""The search by number in the top bar: whatever has one opens, as far as the reader may know of it."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from factories.families import asks
from factories.kits import ordered
from factories.laboratory import family, sample
from factories.world import World
from wayhome.casework.audit.models import AuditEvent
from wayhome.casework.core import numbers
from wayhome.casework.custody import queries as custody

NOBODYS = "12345678" + numbers.check_digit("12345678")


def text(answer: Any) -> str:
    return str(answer.content.decode())


def found(client: Any, typed: str) -> str:
    """Where it leads: an address, or the first code of what was said."""
    answer = client.get(reverse("find"), {"q": typed})
    if answer.status_code == 302:
        return str(answer.headers["Location"])
    page = text(answer)
    return page.split('data-code="')[1].split('"')[0] if "data-code" in page else str(answer.status_code)


def test_whatever_has_a_number_opens(world: World, client_of: Any) -> None:
    child, request = world.in_hospital(), asks(world)
    kit = ordered(world, child, by="nurse")
    spaced = numbers.grouped(child.number)
    wide = "".join(chr(ord(digit) - ord("0") + ord("０")) for digit in child.number)
    officer = client_of("officer")
    for typed in (child.number, spaced, spaced.replace(" ", "-"), f"WH{child.number}", f" {spaced}\t", wide, f"wh {spaced}"):
        assert found(officer, typed) == reverse("child", args=[child.number]), typed
    assert found(officer, numbers.grouped(request.number)) == reverse("family", args=[request.number])
    assert found(client_of("nurse"), kit.number) == reverse("kit", args=[kit.number])
    assert found(client_of("analyst"), kit.number) == reverse("kit", args=[kit.number]), "a kit on its way to the laboratory"


def test_nothing_is_told_of_what_the_reader_may_not_know(world: World, client_of: Any) -> None:
    child, request = world.in_hospital(), asks(world)
    kit = ordered(world, child, by="nurse")
    seen = set()
    for who in ("officer_gd", "caseworker_gd"):
        client = client_of(who)
        client.get(reverse("find"), {"q": NOBODYS})
        for number in (NOBODYS, child.number, request.number, kit.number):
            with CaptureQueriesContext(connection) as asked:
                answer = client.get(reverse("find"), {"q": number})
            assert answer.status_code == 404
            assert 'data-code="no_such_number"' in text(answer)
            page = text(answer).replace(number, "N")
            seen.add((who, len(asked), "".join(line for line in page.splitlines() if "csrf" not in line)))
    assert len(seen) == 2, "the same page and the same questions, whatever the number is of"
    assert found(client_of("nurse"), request.number) == "no_such_number", "a family's request is nothing to a nurse"


def test_what_was_looked_for_in_vain_is_on_record_and_what_was_found_tells_of_itself(world: World, client_of: Any) -> None:
    child = world.in_hospital()
    looked = AuditEvent.objects.filter(action="overview.find")
    client_of("officer_gd").get(reverse("find"), {"q": child.number})
    client_of("officer_gd").get(reverse("find"), {"q": NOBODYS})
    told = [(one.child_id, one.subject, one.staff_id) for one in looked.order_by("n")]
    by = world.staff["officer_gd"].pk
    assert told == [(child.pk, f"number:{child.number}", by), (int(NOBODYS), f"number:{NOBODYS}", by)]
    client_of("officer").get(reverse("find"), {"q": child.number}, follow=True)
    assert looked.count() == 2
    assert AuditEvent.objects.filter(action="custody.read_file", child_id=child.pk).exists()


@pytest.mark.parametrize("typed", ["123456789", "abc", "12345678", "1234567842", "'; --", "١٢٣٤٥٦٧٨٤", "-"])
def test_a_slip_asks_the_database_nothing_and_is_no_event(world: World, client_of: Any, typed: str) -> None:
    assert found(client_of("nurse"), typed) == "check_digit"
    assert client_of("nurse").get(reverse("find"), {"q": typed}).status_code == 422
    assert not AuditEvent.objects.filter(action="overview.find").exists()


def test_every_wrong_digit_and_every_exchange_is_told(world: World, client_of: Any) -> None:
    client, number = client_of("nurse"), world.in_hospital().number
    wrong = {number[:i] + digit + number[i + 1 :] for i in range(9) for digit in "0123456789"} - {number}
    wrong |= {number[:i] + number[i + 1] + number[i] + number[i + 2 :] for i in range(8)} - {number}
    assert len(wrong) >= 81
    assert not [one for one in wrong if numbers.is_number(one)]
    assert found(client, min(wrong)) == "check_digit"


def test_of_several_with_one_number_the_reader_chooses(world: World, client_of: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    child = world.in_hospital()
    monkeypatch.setattr(numbers, "new_number", lambda: child.number)
    request = asks(world)
    monkeypatch.undo()
    assert request.pk == child.pk
    page = text(client_of("officer").get(reverse("find"), {"q": child.number}))
    assert "Several have this number" in page
    assert reverse("child", args=[child.number]) in page
    assert reverse("family", args=[child.number]) in page
    assert found(client_of("nurse"), child.number) == reverse("child", args=[child.number]), "she may know of one of them"


def test_a_band_leads_to_whoever_wears_it(world: World, client_of: Any) -> None:
    from wayhome.casework.custody.actions.care import replace_wristband

    child, other = world.in_hospital(), world.in_hospital()
    replace_wristband(child=child, by=world.actor("nurse"), at=world.now())
    band = custody.current_wristband(child.pk)
    assert band is not None
    assert found(client_of("nurse"), band.code) == reverse("child", args=[child.number])
    assert found(client_of("officer_gd"), band.code) == "no_such_number"
    del other


def test_the_search_is_there_for_who_has_something_to_find(world: World, client_of: Any) -> None:
    for who, has in {"officer": True, "analyst": True, "nurse": True, "auditor": False, "administrator": False}.items():
        client = client_of(who)
        assert ('role="search"' in text(client.get(reverse("today")))) is has, who
        assert client.get(reverse("find")).status_code == (200 if has else 403)
        assert client.get(reverse("find"), {"q": NOBODYS}).status_code == (404 if has else 403)


def test_a_laboratory_finds_its_own_kits_and_nobody_behind_them(world: World, client_of: Any) -> None:
    request, kin = family(world)
    kit = sample(world, kin["mother"])
    analyst = client_of("analyst")
    assert found(analyst, kit.number) == reverse("kit", args=[kit.number])
    assert found(analyst, request.number) == "no_such_number"
