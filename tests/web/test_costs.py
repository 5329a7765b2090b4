"""Costs of a month, lines of funding, what a home told, and where places are: as people see them."""

from __future__ import annotations

import io
import re
from datetime import UTC, date, datetime

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from factories.api import Program
from factories.stays import move
from factories.world import World
from wayhome.casework.audit.models import AuditEvent
from wayhome.casework.children.models import Child
from wayhome.casework.placements.models import FundingLine, Position

FUNDED = {"daily_rate": "95", "first_day": "2011-07-01", "last_day": "", "budget": "5000", "once": "fund-1"}


def text(answer: object) -> str:
    return str(answer.content.decode())  # type: ignore[attr-defined]


def ward(world: World) -> Child:
    """In the home from 16 July on; it is 20 July."""
    child = world.in_hospital()
    world.clock = datetime(2011, 7, 16, 3, 0, tzinfo=UTC)
    move(world, child, "home")
    world.clock = datetime(2011, 7, 20, 3, 0, tzinfo=UTC)
    return child


def funded(world: World, client: Client, **changed: str) -> int:
    body = FUNDED | {"payer": str(world.agencies["civil"].pk)} | changed
    return client.post(reverse("funding", args=[world.facilities["home"].pk]), body).status_code


def test_from_a_line_of_funding_to_the_sheet(world: World, client_of) -> None:
    child, client = ward(world), client_of("supervisor")
    address = reverse("funding", args=[world.facilities["home"].pk])
    assert "Nobody has said yet who pays" in text(client.get(address))
    assert "nobody yet" in text(client.get(reverse("costs")))
    assert funded(world, client) == 302
    page = text(client.get(address))
    assert "4 child-days so far, 380 yuan of 5 000" in " ".join(re.sub(r"<[^>]+>", " ", page).split())
    month = text(client.get(reverse("costs")))
    assert "民政部" in month
    assert ">380<" in month
    assert child.number not in month.replace(" ", "")
    assert child.call_name not in month
    before = AuditEvent.objects.count()
    answer = client.get(reverse("cost_sheet", args=["2011-07"]))
    assert answer["Content-Disposition"] == 'attachment; filename="reimbursement-2011-07.xlsx"'
    assert AuditEvent.objects.filter(action="placements.export_reimbursement").count() == 1
    assert AuditEvent.objects.count() == before + 1
    rows = list(load_workbook(io.BytesIO(answer.content)).worksheets[1].iter_rows(values_only=True))
    assert rows[1] == (child.number, "home", None, "2011-07-16", "2011-07-19", 4, "civil", 95, 380)


def test_the_page_itself_is_no_export(world: World, client_of) -> None:
    client, before = client_of("placement"), AuditEvent.objects.count()
    assert "No child was in a home" in text(client.get(reverse("costs")))
    assert AuditEvent.objects.count() == before


@pytest.mark.parametrize("month", ["2011-08", "2011-13", "never", "99999-01", "1500-01", "2011-07-01"])
def test_months_that_cannot_be(world: World, client_of, month: str) -> None:
    client = client_of("supervisor")
    assert client.get(reverse("costs"), {"month": month}).status_code == 422
    assert client.get(reverse("cost_sheet", args=[month])).status_code == 404


def test_an_earlier_month_has_a_way_back(world: World, client_of) -> None:
    client = client_of("supervisor")
    assert 'href="?month=2011-06"' in text(client.get(reverse("costs")))
    june = text(client.get(reverse("costs"), {"month": "2011-06"}))
    assert 'href="?month=2011-07"' in june
    assert "not over" not in june


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"last_day": "2011-06-30"}, "lies before the first"),
        ({"daily_rate": "-1"}, "daily_rate"),
        ({"first_day": "1066-10-14"}, "cannot be"),
        ({"budget": "lots"}, "budget"),
        ({"payer": "0"}, "payer"),
    ],
)
def test_a_line_that_cannot_be(world: World, client_of, wrong: dict[str, str], said: str) -> None:
    body = FUNDED | {"payer": str(world.agencies["civil"].pk)} | wrong
    answer = client_of("supervisor").post(reverse("funding", args=[world.facilities["home"].pk]), body)
    assert answer.status_code == 422
    assert said in text(answer)
    assert not FundingLine.objects.exists()


def test_who_pays_is_said_by_supervisors_alone(world: World, client_of) -> None:
    home, foreign = (reverse("funding", args=[world.facilities[name].pk]) for name in ("home", "home_gd"))
    for who in ("caseworker", "placement"):
        client = client_of(who)
        page = client.get(home)
        assert (page.status_code, "<form method" in text(page).partition("<main")[2]) == (200, False)
        assert client.get(foreign).status_code == 404
        client.post(home, FUNDED | {"payer": str(world.agencies["civil"].pk)})
    assert not FundingLine.objects.exists()


def test_a_later_line_ends_an_earlier_one_and_overwrites_nothing(world: World, client_of) -> None:
    ward(world)
    client = client_of("supervisor")
    assert funded(world, client) == 302
    assert funded(world, client, daily_rate="120", first_day="2011-07-18", last_day="2011-07-18", budget="", once="fund-2") == 302
    assert list(FundingLine.objects.values_list("daily_rate", "last_day", "budget")) == [
        (95, None, 5000),
        (120, date(2011, 7, 18), None),
    ]
    page = text(client.get(reverse("costs")))
    assert f">{3 * 95 + 120}<" in page
    lines = text(client.get(reverse("funding", args=[world.facilities["home"].pk])))
    assert (lines.count("pays now"), lines.count(">over<"), lines.count("a newer line pays")) == (1, 1, 0)
    assert funded(world, client, first_day="2011-07-20", once="fund-3") == 302
    lines = text(client.get(reverse("funding", args=[world.facilities["home"].pk])))
    assert (lines.count("pays now"), lines.count(">over<"), lines.count("a newer line pays")) == (1, 1, 1)


def test_what_a_home_told_stays(world: World, client_of) -> None:
    for carers in (2, 5):
        world.has_room("home", carers_night=carers)
    address = reverse("home_reports", args=[world.facilities["home"].pk])
    page = text(client_of("caseworker").get(address))
    assert page.index("<strong>5</strong>") < page.index("<strong>2</strong>")
    assert client_of("caseworker_gd").get(address).status_code == 404


def test_where_a_place_is(world: World, client_of) -> None:
    client = client_of("supervisor")
    page = text(client.get(reverse("positions")))
    assert page.count("not known") == 2, "Guangxi and Guangdong have places"
    address = reverse("position", args=["GX"])
    assert client.post(address, {"latitude": "91", "longitude": "108", "once": "p0"}).status_code == 422
    assert not Position.objects.exists()
    assert client.post(address, {"latitude": "22.815", "longitude": "108.327", "once": "p1"}).status_code == 302
    assert "22.82° N, 108.33° E" in text(client.get(reverse("positions")))
    assert client.post(address, {"latitude": "22.9", "longitude": "108.3", "once": "p2"}).status_code == 302
    assert Position.objects.count() == 2
    assert text(client.get(address)).count("° N") == 2, "what was told first is still told"
    assert client_of("supervisor2").get(reverse("position", args=["VN"])).status_code == 404


def test_the_api_tells_the_same(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    child = ward(world)
    program = Program(world)
    line = program.call(
        "POST",
        "supervisor",
        "/homes/home/funding",
        {"payer": "civil", "daily_rate": 95, "first_day": "2011-07-01", "budget": 1000},
        scopes=("placements:write",),
    )
    told = program.get("supervisor", "/reimbursements/2011-07").json()
    # The server's clock is the machine's, years later: the whole month is over.
    days = 16
    assert (told["days"], told["amount"], told["above"], told["unpaid"]) == (days, 95 * days, 95 * days - 1000, 0)
    assert told["dues"] == [
        {
            "facility": "home", "payer": "civil", "line": line.json()["id"], "children": 1, "days": days, "rate": 95,
            "amount": 95 * days, "above": 95 * days - 1000, "cost": 120,
        }
    ]  # fmt: skip
    (stay,) = told["stays"]
    assert (stay["child"], stay["first_day"], stay["last_day"], stay["days"]) == (child.number, "2011-07-16", "2011-07-31", days)
    sheet = program.get("supervisor", "/reimbursements/2011-07/sheet")
    rows = list(load_workbook(io.BytesIO(sheet.content)).worksheets[1].iter_rows(values_only=True))
    assert (rows[-1][5], rows[-1][8]) == (days, 95 * days)
    told_of = [event.data for event in AuditEvent.objects.filter(action="placements.export_reimbursement")]
    assert sorted(form in data for data in told_of for form in ('"form":"xlsx"', '"form":"json"')) == [False, False, True, True]
    assert program.get("supervisor", "/reimbursements/2011-13").status_code == 404
    assert program.get("supervisor", "/reimbursements/9999-12").status_code == 422
    assert program.get("supervisor", "/reimbursements/0001-01").status_code == 422
    assert program.get("placement", "/positions").json()["items"][0]["told"] is False
    assert program.get("caseworker", "/homes/home/reports").json()["items"][0]["daily_cost"] == 120
