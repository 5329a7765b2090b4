"""Visitors, assignments, siblings, corrected observations, the exclusions one may read of, and one's own language."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone

from factories.world import World
from wayhome.casework.accounts.models import User
from wayhome.casework.audit.models import Alarm, AuditEvent
from wayhome.casework.children.queries import siblings
from wayhome.casework.custody import actions as custody
from wayhome.casework.custody import known
from wayhome.casework.custody.models import Admission, Assignment, AssignmentEnd
from wayhome.casework.medical import actions as medical
from wayhome.casework.medical import queries as charts
from wayhome.casework.operations.models import Person


def text(answer: Any) -> str:
    """The page."""
    return str(answer.content.decode())


def visit(person: str, **more: str) -> dict[str, str]:
    """What is typed at the door."""
    return {"person": person, "purpose": "visit", "once": f"visit-{person}"} | more


def test_a_visitor_is_let_in_and_an_excluded_one_is_not(world: World, client_of) -> None:
    child = world.in_hospital()
    aunt = world.person("her aunt", ("name", "韦小妹"), ("id", "450681197001019999"))
    buyer = world.person("the buyer", ("name", "陈桂花"), ("id", "450702197501010029"))
    custody.exclude(person=buyer, ground="buyer", by=world.actor("officer"), at=world.now())
    nurse, address = client_of("nurse"), reverse("admit", args=[world.facilities["hospital"].pk])
    assert nurse.post(address, visit("450681197001019999", child=child.number)).status_code == 302
    admission = Admission.objects.get()
    assert (admission.person, admission.child, admission.purpose) == (aunt, child, "visit")
    page = text(nurse.get(address))
    assert child.number[:3] in page
    assert "her aunt" not in page, "recorded by the police: a visit is no way to read about her"
    refused = nurse.post(address, visit("Chen Guihua"))
    assert refused.status_code == 409
    assert 'data-code="excluded"' in text(refused)
    assert Admission.objects.count() == 1
    assert Alarm.objects.filter(kind="refused", code="excluded").exists()


def test_who_may_record_people_lets_in_somebody_new(world: World, client_of) -> None:
    address = reverse("admit", args=[world.facilities["home"].pk])
    assert client_of("nurse").get(address).status_code == 404, "another agency's house"
    assert client_of("caseworker").post(address, visit("孙志愿", purpose="carer")).status_code == 302
    assert Admission.objects.get().person.label == "孙志愿"
    unknown = client_of("nurse").post(reverse("admit", args=[world.facilities["hospital"].pk]), visit("吴不识"))
    assert unknown.status_code == 422
    assert not Person.objects.filter(label="吴不识").exists()


def paper(**more: str) -> dict[str, str]:
    """What is typed of somebody who is on no record."""
    return {
        "new_name": "吴不识",
        "new_id": "450602199003030033",
        "purpose": "visit",
        "once": f"paper-{sorted(more.items())}",
    } | more


def test_a_nurse_lets_in_somebody_who_is_on_no_record(world: World, client_of) -> None:
    child = world.in_hospital()
    nurse, address = client_of("nurse"), reverse("admit", args=[world.facilities["hospital"].pk])
    assert nurse.get(reverse("record_person")).status_code == 403, "she records nobody at large"
    assert "<details" in text(nurse.get(address))
    wrong = nurse.post(address, paper(new_id=""))
    assert wrong.status_code == 422
    assert "<details open>" in text(wrong)
    assert nurse.post(address, paper(person="450602199003030033")).status_code == 422, "one way or the other"
    assert not Person.objects.exists()
    assert nurse.post(address, paper(new_phone="13977005555", child=child.number)).status_code == 302
    admission = Admission.objects.get()
    person = admission.person
    assert (person.label, person.by, admission.child) == ("吴不识", world.staff["nurse"], child)
    assert dict(person.facts.values_list("kind", "value")) == {
        "name": "吴不识", "id": "450602199003030033", "phone": "13977005555",
    }  # fmt: skip
    told = AuditEvent.objects.filter(subject__in=[f"person:{person.pk}", f"admission:{admission.pk}"]).values_list(
        "action", flat=True
    )
    assert set(told) == {"operations.record_person", "custody.admit"}
    assert nurse.post(address, paper()).status_code == 302, "the next day, with the same paper"
    assert Person.objects.count() == 1
    assert "吴不识" in text(nurse.get(address))


def test_the_buyer_on_no_record_is_turned_away_by_whatever_is_known(world: World, client_of) -> None:
    buyer = world.person("the buyer", ("name", "陈桂花"), ("id", "450702197501010029"), ("phone", "13800138000"))
    custody.exclude(person=buyer, ground="buyer", by=world.actor("officer"), at=world.now())
    nurse, address = client_of("nurse"), reverse("admit", args=[world.facilities["hospital"].pk])
    for more in ({"new_name": "Chen Guihua"}, {"new_id": "450702 19750101 0029"}, {"new_phone": "+86 138 0013 8000"}):
        refused = nurse.post(address, paper(**more))
        assert refused.status_code == 409
        assert 'data-code="excluded"' in text(refused)
        assert Alarm.objects.order_by("-pk")[0].code == "excluded"
    assert list(Person.objects.all()) == [buyer], "one transaction: who was turned away is on no record"
    assert not Admission.objects.exists()


def test_an_assignment_opens_a_file_and_its_end_closes_it(world: World, client_of) -> None:
    child = world.in_home()
    supervisor, helper = client_of("supervisor"), client_of("officer_gd")
    page = reverse("child", args=[child.number])
    assert helper.get(page).status_code == 404
    wrong = supervisor.post(reverse("assignments", args=[child.number]), {"staff": "nobody", "once": "a"})
    assert wrong.status_code == 422
    assert supervisor.post(reverse("assignments", args=[child.number]), {"staff": "officer_gd", "once": "b"}).status_code == 302
    assert helper.get(page).status_code == 200
    assert "何永康" in text(supervisor.get(reverse("assignments", args=[child.number])))
    end = reverse("end_assignment", args=[Assignment.objects.get().pk])
    assert "何永康" in text(supervisor.get(end))
    assert supervisor.post(end, {"once": "c"}).status_code == 302
    assert AssignmentEnd.objects.count() == 1
    assert helper.get(page).status_code == 404
    assert supervisor.get(end).status_code == 404


def test_siblings_are_grouped_and_shown(world: World, client_of) -> None:
    one, two = world.in_hospital(), world.in_hospital()
    nurse, address = client_of("nurse"), reverse("siblings", args=[one.number])
    assert nurse.post(address, {"others": one.number, "ground": "alleged", "once": "a"}).status_code == 422, "two are needed"
    slip = one.number[:-1] + str((int(one.number[-1]) + 1) % 10)
    assert nurse.post(address, {"others": slip, "ground": "alleged", "once": "b"}).status_code == 422
    assert not siblings(one).exists()
    assert nurse.post(address, {"others": two.number, "ground": "dna", "once": "c"}).status_code == 302
    one.refresh_from_db()
    assert list(siblings(one)) == [two]
    assert reverse("child", args=[two.number]) in text(nurse.get(reverse("child", args=[one.number])))


def test_a_corrected_observation_takes_the_place_of_the_old_one(world: World, client_of) -> None:
    child = world.in_hospital()
    nurse = world.actor("nurse")
    taken = world.now()
    old = medical.observe(child=child, taken_at=taken, consciousness="alert", heart_rate=231, by=nurse, at=world.now())
    client, address = client_of("nurse"), reverse("correct_observation", args=[child.number, old.pk])
    form = text(client.get(address))
    assert 'value="231"' in form, "what was entered is there to be changed"
    given = {
        "taken_at": f"{timezone.localtime(taken, timezone.get_fixed_timezone(480)):%Y-%m-%dT%H:%M}",
        "consciousness": "alert",
        "heart_rate": "131",
        "feeding": "",
        "once": "a",
    }
    assert client.post(address, given).status_code == 302
    assert [(one.heart_rate, one.supersedes_id) for one in charts.chart(child)] == [(131, old.pk)]
    again = client.post(address, given | {"once": "b"})
    assert again.status_code == 409
    assert 'data-code="already_superseded"' in text(again)


def test_exclusions_are_listed_as_the_person_may_read_them(world: World, client_of) -> None:
    foreign = world.person("a seller in Guangdong", ("name", "贾人贩"))
    custody.exclude(person=foreign, ground="seller", by=world.actor("officer_gd"), at=world.now(), note="paid by phone")
    own = world.person("the buyer", ("name", "陈桂花"))
    custody.exclude(person=own, ground="buyer", by=world.actor("officer"), at=world.now())
    officer = client_of("officer")
    listed = text(officer.get(reverse("exclusions")))
    assert known.exclusions_of(world.actor("officer"), at=world.now()).count() == 1
    assert '<span class="count">1</span>' in listed
    assert "the buyer" in listed
    screened = text(officer.post(reverse("exclusions"), {"kind": "name", "value": "贾人贩"}))
    assert "entered by another agency" in screened
    for page in (listed, screened):
        assert "a seller in Guangdong" not in page
        assert "paid by phone" not in page
    assert "a seller in Guangdong" in text(client_of("supervisor").get(reverse("exclusions")))


def test_a_language_goes_with_its_person(world: World, client_of) -> None:
    client = client_of("nurse")
    user = User.objects.get(staff=world.staff["nurse"])
    for language in ("vi", "vi", "klingon"):
        client.post(reverse("set_language"), {"language": language, "next": "/"})
    user.refresh_from_db()
    assert user.language == "vi"
    told = AuditEvent.objects.filter(action="accounts.choose_language")
    assert [(event.staff_id, event.subject) for event in told] == [(world.staff["nurse"].pk, f"user:{user.pk}")], "once"
    elsewhere = client_of("nurse")
    for left in ("en", "zh-hans", None):
        if left:
            elsewhere.cookies["wayhome-language"] = left
        else:
            del elsewhere.cookies["wayhome-language"]
        assert '<html lang="vi">' in text(elsewhere.get(reverse("today"))), "a ward's browser that somebody else left"
    assert '<html lang="en">' in text(client_of("nurse2").get(reverse("today")))


def test_a_switch_while_signed_in_is_for_this_browser_too(world: World, client_of) -> None:
    client = client_of("nurse")
    client.post(reverse("set_language"), {"language": "zh-hans", "next": "/"})
    assert client.cookies["wayhome-language"].value == "zh-hans"
    assert '<html lang="zh-hans">' in text(client.get(reverse("today")))
    client.post(reverse("account_logout"))
    assert '<html lang="zh-hans">' in text(client.get(reverse("account_login"))), "the way in speaks it as well"


def test_the_back_of_the_body_is_no_way_back(world: World, client_of) -> None:
    client = client_of("officer")
    client.post(reverse("set_language"), {"language": "zh-hans"})
    page = text(client.get(reverse("register")))
    assert "<figcaption>背面</figcaption>" in page
    assert "<figcaption>正面</figcaption>" in page
    assert "返回" not in page


def test_the_audit_says_where_heads_are_exported(world: World, client_of) -> None:
    assert "wayhome audit export-heads" in text(client_of("auditor").get(reverse("audit")))
