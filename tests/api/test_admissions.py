"""Who is let in at a door, over the API: somebody on record by number, somebody on no record with what their paper says."""

from __future__ import annotations

from factories.api import Program
from factories.world import World
from wayhome.casework.audit.models import Alarm, AuditEvent
from wayhome.casework.custody import actions as custody
from wayhome.casework.custody.models import Admission
from wayhome.casework.operations.models import Person

DOOR = "/facilities/hospital/admissions"
PAPER = {"name": "吴不识", "id": "450602199003030033"}


def test_a_nurse_lets_in_somebody_who_is_on_no_record(world: World, api: Program) -> None:
    answer = api.post("nurse", DOOR, {"visitor": PAPER | {"phone": "13977005555"}, "purpose": "visit"})
    assert answer.status_code == 201
    person = Admission.objects.get(pk=answer.json()["id"]).person
    assert dict(person.facts.values_list("kind", "value")) == PAPER | {"phone": "13977005555"}
    assert AuditEvent.objects.filter(action="operations.record_person", subject=f"person:{person.pk}").count() == 1
    again = api.post("nurse", DOOR, {"visitor": PAPER, "purpose": "visit"})
    assert Admission.objects.get(pk=again.json()["id"]).person == person
    record = {"label": "吴不识", "facts": [{"kind": "name", "value": "吴不识"}]}
    assert api.post("nurse", "/persons", record).status_code == 403, "she records nobody at large"


def test_the_same_person_with_something_new_is_screened_by_all_of_it(world: World, api: Program) -> None:
    custody.exclude(subject="phone", value="13800138000", ground="threat", by=world.actor("officer"), at=world.now())
    assert api.post("nurse", DOOR, {"visitor": PAPER, "purpose": "visit"}).status_code == 201
    refused = api.post("nurse", DOOR, {"visitor": PAPER | {"phone": "0086 138 0013 8000"}, "purpose": "visit"})
    assert (refused.status_code, refused.json()["codes"]) == (409, ["excluded"])
    assert Alarm.objects.order_by("-pk")[0].code == "excluded"
    assert (Person.objects.count(), Admission.objects.count()) == (1, 1)


def test_who_comes_is_said_in_one_of_two_ways(world: World, api: Program) -> None:
    known = world.person("her aunt", ("name", "韦小妹"))
    for body, code in (({}, "required"), ({"person": known.pk, "visitor": PAPER}, "person_twice")):
        wrong = api.post("nurse", DOOR, {"purpose": "visit"} | body)
        assert (wrong.status_code, wrong.json()["fields"]) == (422, {"person": code})
    wrong = api.post("nurse", DOOR, {"purpose": "visit", "visitor": {"name": "吴不识", "id": "?"}})
    assert (wrong.status_code, wrong.json()["fields"]) == (422, {"id": "not_recognisable"})
    assert not Admission.objects.exists()
    assert api.post("nurse", DOOR, {"purpose": "visit", "person": known.pk}).status_code == 201
