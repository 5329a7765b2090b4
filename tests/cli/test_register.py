"""Registers, logins and tokens from the command: two registrars sign, and a table goes in whole or not at all."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from factories.world import World
from wayhome.casework.accounts import queries
from wayhome.casework.accounts.models import Agency, Facility, Staff
from wayhome.casework.audit.models import AuditEvent

from .conftest import Wayhome

SIGNED = ("--by", "registrar", "--countersigned", "registrar1")
AGENCIES = "code,kind,name,jurisdiction\n{}\n"
STAFF = "number,name,id_number,agency,role\n{}\n"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return tmp_path / "table.csv"


def test_agencies_places_and_staff(wayhome: Wayhome, world: World, table: Path) -> None:
    for text, told in (
        (AGENCIES.format("nn,hospital,南宁儿童医院,GX"), "1 row put on the register: agency"),
        (
            "code,agency,kind,name,address,jurisdiction,phone\nnn-1,nn,hospital,一病区,广西南宁市民主路8号,GX,0771-5551234\n",
            "1 row put on the register: facility",
        ),
        (
            STAFF.format("n1,卢小云,450101198001010021,nn,nurse\nd1,蒋文,450101198001010022,nn,doctor"),
            "2 rows put on the register: staff",
        ),
        ("code,kind,parent,name_en,name_zh,name_vi\nGX-NN,city,GX,Nanning,南宁,Nam Ninh\n", "register: jurisdiction"),
    ):
        table.write_text(text, "utf-8")
        ended = wayhome("register", "import", table, *SIGNED)
        assert (ended.code, ended.err) == (0, "")
        assert told in ended.out
    doctor = Staff.objects.get(number="d1")
    assert (doctor.registered_by, doctor.countersigned_by) == (world.staff["registrar"], world.staff["registrar1"])
    assert doctor.keys.filter(kind="id", key="450101198001010022").exists()
    assert Facility.objects.get(code="nn-1").keys.filter(kind="phone").exists()
    assert queries.jurisdictions().get(code="GX-NN").path == "/CN/GX/GX-NN/"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (STAFF.format("n1,卢小云,450101198001010021,hospital_agency,officer"), "not_this_agency"),
        (STAFF.format("n1,卢小云,4501,hospital_agency,nurse"), "id_number_missing"),
        (STAFF.format("nurse,卢小云,450101198001010021,hospital_agency,nurse"), "already_there"),
        (STAFF.format("n1,卢小云,450101198001010021,nowhere,nurse"), 'has the code "nowhere"'),
        (STAFF.format("n1,卢小云,450101198001010021,hospital_agency,wizard"), '"wizard" is unknown'),
        (STAFF.format("n1,卢小云,450101198001010021,hospital_agency"), "another number of cells"),
        ("number,name\nn1,x\n", "has the columns of no register"),
        ("number,name,id_number,agency,role,shoe\nn1,x,450101198001010021,police,officer,44\n", "column shoe is unknown"),
        (STAFF.format(""), "holds no row"),
    ],
)
def test_a_row_that_cannot_be_used(wayhome: Wayhome, world: World, table: Path, text: str, told: str) -> None:
    before = Staff.objects.count()
    table.write_text(text, "utf-8")
    wayhome("register", "import", table, *SIGNED).refused("table.csv", told)
    assert Staff.objects.count() == before


def test_a_table_goes_in_whole_or_not_at_all(wayhome: Wayhome, world: World, table: Path) -> None:
    table.write_text(AGENCIES.format("new,welfare,新机构,GX\nhospital_agency,hospital,again,GX"), "utf-8")
    wayhome("register", "import", table, *SIGNED).refused("table.csv, line 3", "already_there")
    assert not Agency.objects.filter(code="new").exists()
    table.write_text(AGENCIES.format("new,welfare,新机构,GX"), "utf-8")
    assert wayhome("register", "import", table, *SIGNED).code == 0


def test_two_registrars_sign_and_nobody_else(wayhome: Wayhome, world: World, table: Path) -> None:
    table.write_text(AGENCIES.format("new,welfare,新机构,GX"), "utf-8")
    for by, countersigned, told in (
        ("registrar", "registrar", "two_registrars"),
        ("registrar", "administrator", "not_allowed"),
        ("officer", "registrar", "not_allowed"),
        ("nobody", "registrar", "nobody at work"),
    ):
        wayhome("register", "import", table, "--by", by, "--countersigned", countersigned).refused(told)
    wayhome("register", "import", table).refused("two_registrars")
    wayhome("register", "import", table, "--by", "registrar").refused("--countersigned")
    assert not Agency.objects.filter(code="new").exists()


def test_an_end_is_an_end(wayhome: Wayhome, world: World) -> None:
    ended = wayhome("register", "end", "staff", "nurse", "--reason", "moved away", *SIGNED)
    assert (ended.code, ended.out) == (0, "staff nurse: ended\n")
    assert not queries.active_staff().filter(number="nurse").exists()
    wayhome("register", "end", "staff", "nurse", "--reason", "again", *SIGNED).refused("nobody at work")
    assert wayhome("register", "end", "facility", "home", "--reason", "closed", *SIGNED).code == 0
    assert not queries.open_facilities().filter(code="home").exists()
    wayhome("register", "end", "agency", "police", "--reason", "x", *SIGNED).refused("facility or staff")
    wayhome("register", "end", "staff", "doctor", "--reason", " ", *SIGNED).refused("--reason")
    assert AuditEvent.objects.filter(action="accounts.end_staff").count() == 1


def test_an_account_and_its_password(wayhome: Wayhome, world: World) -> None:
    ended = wayhome("account", "open", "nurse", "--language", "vi")
    assert ended.code == 0
    (password,) = re.findall(r"^password  (\S+)$", ended.out, re.M)
    assert len(password) >= 20
    user = world.staff["nurse"].user
    assert user.check_password(password)
    assert user.language == "vi"
    assert password not in user.password
    assert user.first_password
    wayhome("account", "open", "nurse").refused("has an account already")
    wayhome("account", "open", "nobody").refused("nobody at work")
