"""A laboratory's pages: a file is looked at and taken, two people type a profile, a child's is read."""

from __future__ import annotations

import random
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from factories.laboratory import PANEL, child_of, family, sample, second_analyst, somebody, table
from factories.world import World
from wayhome.casework.audit.models import AuditEvent
from wayhome.casework.laboratory.models import ChildProfile, Entry, Kit, LabFile, RelativeProfile
from wayhome.casework.laboratory.rules.typing import known


def text(answer: Any) -> str:
    return str(answer.content.decode())


def upload(data: bytes, name: str = "run 7.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, "text/csv")


def hidden(page: str, name: str) -> str:
    found = re.search(rf'<input type="hidden" name="{name}"(?: value="([^"]*)")?', page)
    assert found is not None, name
    return found[1] or ""


@pytest.fixture
def kits(world: World) -> dict[str, Kit]:
    _, kin = family(world)
    return {"mother": sample(world, kin["mother"]), "child": sample(world, world.in_hospital())}


@pytest.fixture
def calls(kits: dict[str, Kit]) -> dict[str, Any]:
    chance = random.Random(3)
    mother = somebody(chance)
    return {kits["mother"].number: mother, kits["child"].number: child_of(mother, somebody(chance), chance), "K562": mother}


def test_a_file_is_looked_at_and_then_taken(world: World, client_of: Any, kits: dict[str, Kit], calls: Any) -> None:
    client, address = client_of("analyst"), reverse("import_lab_file")
    assert "No file was taken yet" in text(client.get(reverse("lab_files")))
    page = text(client.post(address, {"file": upload(table(calls)), "once": "a"}))
    assert "2 samples would become profiles" in page
    assert "This is no kit of this laboratory" in page
    assert "the same profile as another sample" not in page
    assert not LabFile.objects.exists()
    kept = {name: hidden(page, name) for name in ("name", "kept", "kept_signature")}
    answer = client.post(address, kept | {"take": "1", "once": "b"})
    assert answer.status_code == 422
    assert "Some samples in the file cannot be taken" in text(answer)
    assert not LabFile.objects.exists()
    answer = client.post(address, kept | {"take": "1", "once": "c", "leave_out": ["K562"]}, follow=True)
    assert "2 profiles were taken from the file" in text(answer)
    assert "run 7.csv" in text(answer)
    assert "not signed" in text(answer)
    assert RelativeProfile.objects.count() == ChildProfile.objects.count() == 1
    assert client.post(address, kept | {"take": "1", "once": "c", "leave_out": ["K562"]}).status_code == 302
    assert LabFile.objects.count() == 1
    again = text(client.post(address, {"file": upload(table(calls)), "once": "d"}))
    assert "This file was taken already" in again
    assert "Take these profiles" not in again
    del kits


def test_what_cannot_be_read_is_told_with_its_line(world: World, client_of: Any) -> None:
    del world
    client, address = client_of("analyst"), reverse("import_lab_file")
    answer = client.post(address, {"file": upload(b"sample,marker,allele1,allele2\n1,D8S1179,13,xx\n"), "once": "a"})
    assert answer.status_code == 422
    assert "This file cannot be read" in text(answer)
    assert "line 2" in text(answer)
    for given in ({"once": "b"}, {"file": upload(b""), "once": "c"}, {"kept": "%%%", "once": "d"}):
        assert client.post(address, given).status_code == 422
    wrong = {"file": upload(b"x"), "signature": upload(b"too short", "x.sig"), "once": "e"}
    assert "The signature is not this laboratory" in text(client.post(address, wrong))


def test_a_large_file_is_chosen_twice(world: World, client_of: Any, monkeypatch: pytest.MonkeyPatch, calls: Any) -> None:
    from wayhome.web.forms import lab_files as forms

    monkeypatch.setattr(forms, "MOST_KEPT", 10)
    client, address = client_of("analyst"), reverse("import_lab_file")
    page = text(client.post(address, {"file": upload(table(calls)), "once": "a"}))
    assert "choose it once more" in page
    assert hidden(page, "kept") == ""
    answer = client.post(address, {"file": upload(table(calls)), "take": "1", "leave_out": "K562", "once": "b"}, follow=True)
    assert "2 profiles were taken" in text(answer)
    del world


def test_two_people_type_a_sample(world: World, client_of: Any, kits: dict[str, Kit]) -> None:
    second_analyst(world)
    number = kits["child"].number
    one, other = client_of("analyst"), client_of("analyst2")
    address = reverse("type_profile", args=[number])
    assert PANEL in text(one.get(address))
    address += f"?panel={PANEL.replace(' ', '+')}"
    assert "D8S1179" in text(one.get(address))
    typed = {locus: " ".join(known(locus, PANEL)[2:4]) for locus in somebody(random.Random(4)) if locus != "AMEL"}
    typed |= {"D8S1179": "13 14", "AMEL": "X"}
    bad = one.post(address, typed | {"D8S1179": "13 xx", "once": "a"})
    assert bad.status_code == 422
    assert "This is no allele of this locus" in text(bad)
    assert "13 xx" in text(bad)
    assert "A colleague types the same sample now" in text(one.post(address, typed | {"once": "b"}, follow=True))
    assert "You have typed this sample" in text(one.get(reverse("kit_profiles", args=[number])))
    assert "You have typed this profile yourself" in text(one.post(address, typed | {"once": "c"}))
    assert "Type it a second time" in text(other.get(reverse("kit_profiles", args=[number])))
    differs = text(other.post(address, typed | {"D8S1179": "10 11", "once": "d"}, follow=True))
    assert "The two entries differ at D8S1179" in differs
    one.post(address, typed | {"once": "e"})
    assert "the profile is there" in text(other.post(address, typed | {"once": "f"}, follow=True))
    assert Entry.objects.count() == 4
    page = text(one.get(reverse("kit_profiles", args=[number])))
    assert "typed by two" in page
    read = text(one.get(reverse("child_profile", args=[number, 1])))
    assert "D8S1179" in read
    assert AuditEvent.objects.filter(action="laboratory.read_profile").count() == 1
    assert "13, 14" in read


def test_a_relatives_profile_is_read_by_nobody(world: World, client_of: Any, kits: dict[str, Kit], calls: Any) -> None:
    client = client_of("analyst")
    page = text(client.post(reverse("import_lab_file"), {"file": upload(table(calls)), "once": "a"}))
    kept = {name: hidden(page, name) for name in ("name", "kept", "kept_signature")}
    client.post(reverse("import_lab_file"), kept | {"take": "1", "once": "b", "leave_out": "K562"})
    assert RelativeProfile.objects.exists()
    number = kits["mother"].number
    page = text(client.get(reverse("kit_profiles", args=[number])))
    assert "read by nobody" in page
    assert "Read it" not in page
    assert client.get(reverse("child_profile", args=[number, 1])).status_code == 404
    assert client.get(reverse("kit_profiles", args=["000000000"])).status_code == 404
    del world


def test_today_tells_an_analyst_what_waits(world: World, client_of: Any, kits: dict[str, Kit], calls: Any) -> None:
    second_analyst(world)
    client, colleague = client_of("analyst"), client_of("analyst2")
    numbers_of = {name: f"{kit.number[:3]} {kit.number[3:6]} {kit.number[6:]}" for name, kit in kits.items()}
    page = text(client.get(reverse("today")))
    assert page.count("Sample received: type it") == 2
    assert numbers_of["mother"] in page
    assert reverse("kit_profiles", args=[kits["mother"].number]) in page
    form = {
        "file": upload(table(calls | {kits["mother"].number: calls[kits["child"].number]})),
        "take": "1",
        "leave_out": ["K562"],
    }
    assert client.post(reverse("import_lab_file"), form | {"once": "a"}).status_code == 302
    page = text(colleague.get(reverse("today")))
    assert "Sample received" not in page
    assert page.count("the same profile as another sample") == 2
    assert page.index('class="group now"') < page.index("the same profile as another sample")
    assert (
        text(colleague.get(reverse("kit_profiles", args=[kits["mother"].number]))).count("the same profile as another sample")
        == 1
    )
    page = text(client.get(reverse("today")))
    assert page.count("the same profile as another sample") == 1
    assert numbers_of["mother"] not in page
    looks = AuditEvent.objects.filter(action="laboratory.read_results")
    assert [(one.subject, one.staff_id) for one in looks] == [(f"kit:{kits['mother'].pk}", world.staff["analyst2"].pk)]
    assert "Nothing waits for you" in text(client_of("auditor").get(reverse("today")))
    client.get(reverse("kit", args=[kits["mother"].number]))
    assert AuditEvent.objects.filter(action="laboratory.read_kit").count() == 1
