"""A family looks for a child, over the API: from what it tells to the tree, consents, requests for one child, and its end."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any, get_args

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.utils import timezone
from PIL import Image

from factories.api import Program
from factories.api_cases import picture, picture_form
from factories.api_cases_families import DESCRIBED, MOTHER, PAPER
from factories.families import asks
from factories.world import World
from wayhome import kinship
from wayhome.api.routes import families as routes
from wayhome.api.routes import trees
from wayhome.casework.audit.models import Alarm, AuditEvent
from wayhome.casework.families import actions, queries, rules
from wayhome.casework.families.models import RequestPhoto, TracingRequest

ASKS = {"facts": MOTHER, "relation": "mother", "description": DESCRIBED}


def record(api: Program, who: str = "officer", **changes: Any) -> dict[str, Any]:
    """A request that was recorded."""
    answer = api.post(who, "/tracing-requests", ASKS | changes)
    assert answer.status_code == 201, answer.content
    return dict(answer.json())


def read(api: Program, number: str, who: str = "officer") -> dict[str, Any]:
    """A family's file."""
    answer = api.get(who, f"/tracing-requests/{number}")
    assert answer.status_code == 200, answer.content
    return dict(answer.json())


def test_choices_are_those_of_the_rules() -> None:
    fields = trees.StateIn.model_fields
    for literal, choices in (
        (routes.Inquirer, rules.INQUIRERS),
        (routes.DescriptionIn.model_fields["cause"].annotation, rules.CAUSES),
        (routes.DescriptionIn.model_fields["blood_group"].annotation, ("", *rules.BLOOD_GROUPS)),
        (trees.Relation, rules.RELATIONS),
        (fields["life"].annotation, rules.LIFE),
        (fields["reach"].annotation, rules.REACH),
        (trees.ConsentIn.model_fields["scope"].annotation, rules.SCOPES),
    ):
        assert get_args(literal) == choices


def test_a_family_from_its_first_words_to_its_last(world: World, api: Program) -> None:
    made = record(api)
    number = made["number"]
    assert made["duplicates"] == []
    file = read(api, number)
    assert (file["agency"], file["jurisdiction"], file["relation"], file["end"]) == ("police", "GX", "mother", None)
    assert {field: file["description"][field] for field in DESCRIBED} == DESCRIBED
    child, mother, father = file["relatives"]
    assert (child["missing"], [one["relative"] for one in child["parents"]]) == (True, [mother["id"], father["id"]])
    assert (mother["name"], mother["person"], mother["typable"]) == ("莫秀兰", file["inquirer"], True)

    relatives = f"/tracing-requests/{number}/relatives"
    told = {"to": father["id"], "relation": "mother", "state": {"name": "李阿婆", "born": 1950, "life": "living"}}
    grandmother = api.post("officer2", relatives, told).json()["id"]
    state = {"n": 1, "life": "dead", "note": "in the spring"}
    assert api.post("officer", f"/relatives/{father['id']}/states", state).status_code == 201
    given = api.post("officer2", f"/relatives/{mother['id']}/consents", PAPER | {"scope": "this_child"})
    assert given.status_code == 201, given.content
    for path, body in (("marks", {"place": "scalp", "kind": "salmon_patch"}), ("items", {"what": "红肚兜"})):
        assert api.post("officer", f"/tracing-requests/{number}/{path}", body).status_code == 201

    file = read(api, number, "supervisor")
    kin = {one["id"]: one for one in file["relatives"]}
    assert (kin[grandmother]["born"], kin[father["id"]]["life"], kin[father["id"]]["typable"]) == (1950, "dead", False)
    (consent,) = kin[mother["id"]]["consents"]
    assert (consent["stands"], consent["withdrawn_at"], consent["until"]) == (True, None, PAPER["until"])
    assert ([one["kind"] for one in file["marks"]], [one["what"] for one in file["items"]]) == (["salmon_patch"], ["红肚兜"])
    (row,) = api.get("officer", "/tracing-requests").json()["items"]
    assert (row["number"], row["typable"], row["consented"], row["where"]) == (number, 2, 1, "GX")
    plans = api.get("officer", f"/tracing-requests/{number}/sampling-plans?families=1000").json()
    assert (plans["kit"], plans["families"]) == (queries.KIT, 1000)
    assert set(plans["items"][0]["relatives"]) == {mother["id"], grandmother}
    assert 0 < plans["items"][0]["report"] <= plans["items"][0]["lead"] < 1

    assert api.post("officer", f"/tracing-requests/{number}/withdrawal", {"note": "she came home"}).status_code == 201
    file = read(api, number)
    assert (file["end"]["reason"], file["end"]["kept"], file["end"]["note"]) == ("withdrawn", "", "she came home")
    (consent,) = next(one for one in file["relatives"] if one["id"] == mother["id"])["consents"]
    assert not consent["stands"]
    assert consent["withdrawn_at"]
    assert api.get("officer", "/tracing-requests").json()["items"] == []
    over = api.post("officer", relatives, told | {"to": mother["id"]})
    assert (over.status_code, over.json()["codes"]) == (409, ["request_over"])


def test_who_asks_is_said_in_one_of_two_ways(world: World, api: Program) -> None:
    known = world.person("韦小梅", ("name", "韦小梅"), ("phone", "13877112233"))
    for changes, fields in (
        ({"facts": []}, {"person": "required"}),
        ({"person": known.pk}, {"person": "person_twice"}),
        ({"facts": [], "person": known.pk + 999}, {"person": "unknown"}),
        ({"facts": MOTHER[1:]}, {"name": "required"}),
        ({"description": DESCRIBED | {"where": "XX"}}, {"where": "unknown"}),
        ({"description": DESCRIBED | {"born_to": "2011-01-02"}}, {"born_to": "before_first"}),
        ({"description": DESCRIBED | {"place": ""}}, {"description.place": "string_too_short"}),
        ({"relation": "buyer"}, {"relation": "literal_error"}),
    ):
        wrong = api.post("officer", "/tracing-requests", ASKS | changes)
        assert (wrong.status_code, wrong.json()["fields"]) == (422, fields)
    assert not TracingRequest.objects.exists()
    made = record(api, facts=[], person=known.pk, relation="other_kin")
    assert read(api, made["number"])["inquirer"] == known.pk


@pytest.mark.parametrize("key", ["", "k"])
def test_whoever_was_quicker_is_told_of_with_what_they_changed(api: Program, key: str) -> None:
    number = record(api)["number"]
    path = f"/tracing-requests/{number}/descriptions"
    first = api.post("officer2", path, DESCRIBED | {"n": 1, "sex": "U", "lost_to": "2011-05-09", "where": "GD"})
    assert (first.status_code, first.json()["n"]) == (201, 2)
    late = api.post("officer", path, DESCRIBED | {"n": 1, "looks": "单眼皮"}, key=key)
    assert (late.status_code, late.json()["code"]) == (409, "changed_meanwhile")
    assert late.json()["changes"] == {
        "sex": {"read": "F", "now": "U"},
        "lost_to": {"read": "2011-05-02", "now": "2011-05-09"},
        "where": {"read": "GX", "now": "GD"},
    }
    never = api.post("officer", path, DESCRIBED | {"n": 3})
    assert (never.status_code, never.json()["fields"]) == (422, {"n": "unknown_version"})
    told = api.get("officer", path).json()["items"]
    assert [(one["n"], one["sex"]) for one in told] == [(2, "U"), (1, "F")]


def test_what_is_known_of_a_relative_changes_under_nobody(world: World, api: Program) -> None:
    father = read(api, record(api)["number"])["relatives"][2]["id"]
    known = world.person("李大山", ("name", "李大山"))
    path = f"/relatives/{father}/states"
    assert api.post("officer2", path, {"n": 1, "person": known.pk}).status_code == 201
    late = api.post("officer", path, {"n": 1, "name": "李大山"}, key="k")
    assert (late.status_code, late.json()["changes"]) == (409, {"person": {"read": None, "now": known.pk}})
    unknown = api.post("officer", path, {"n": 2, "person": known.pk + 999})
    assert (unknown.status_code, unknown.json()["fields"]) == (422, {"person": "unknown"})


def test_two_requests_for_one_child_are_told_of_at_once_and_people_decide(api: Program) -> None:
    one = record(api)
    husband = [{"kind": "name", "value": "李大山"}, {"kind": "phone", "value": "13811112222"}]
    other = record(api, facts=husband, relation="father")
    (pair,) = other["duplicates"]
    assert (pair["number"], pair["agency"], pair["may_read"]) == (one["number"], "police", True)
    assert {"code": "name_agrees"} in pair["reasons"]
    for mine, its in ((one, other), (other, one)):
        path = f"/tracing-requests/{mine['number']}/duplicates"
        for answer in (api.get("officer", path), api.post("officer", path)):
            assert [each["number"] for each in answer.json()["items"]] == [its["number"]]
    (waiting,) = api.get("supervisor", "/request-duplicates").json()["items"]
    assert {waiting["one"], waiting["other"]} == {one["number"], other["number"]}

    verdict = f"/request-duplicates/{pair['id']}/verdict"
    for kept, code in ((None, "required"), ("000000000", "unknown")):
        wrong = api.post("officer", verdict, {"same": True, "kept": kept, "note": "x"})
        assert (wrong.status_code, wrong.json()["fields"]) == (422, {"kept": code})
    third = record(api, facts=husband, description=DESCRIBED | {"child_name": "李小花", "born_from": "2008-01-01"})
    wrong = api.post("officer", verdict, {"same": True, "kept": third["number"], "note": "x"})
    assert (wrong.status_code, wrong.json()["fields"]) == (422, {"kept": "required"})
    own = api.post("officer", verdict, {"same": True, "kept": one["number"], "note": "married"})
    assert (own.status_code, own.json()["codes"]) == (409, ["self_approval"])
    assert api.post("officer2", verdict, {"same": True, "kept": one["number"], "note": "married"}).status_code == 201
    again = api.post("officer", verdict, {"same": False, "note": "x"})
    assert (again.status_code, again.json()["codes"]) == (409, ["already_ended"])
    assert read(api, other["number"])["end"]["kept"] == one["number"]
    assert read(api, one["number"])["end"] is None


def test_a_new_description_is_compared_too(api: Program) -> None:
    one = record(api)["number"]
    stranger = [{"kind": "name", "value": "李大山"}, {"kind": "phone", "value": "13811112222"}]
    other = record(api, facts=stranger, description=DESCRIBED | {"child_name": "王阿花"})
    assert other["duplicates"] == []
    told = api.post("officer", f"/tracing-requests/{other['number']}/descriptions", DESCRIBED | {"n": 1})
    assert [each["number"] for each in told.json()["duplicates"]] == [one]


def test_another_agency_learns_whom_to_call_and_nothing_else(api: Program) -> None:
    one = record(api)
    other = record(api, "officer_gd")
    (pair,) = other["duplicates"]
    assert (pair["number"], pair["agency"], pair["may_read"]) == (one["number"], "police", False)
    assert api.post("officer_gd", f"/request-duplicates/{pair['id']}/verdict", {"same": False, "note": "x"}).status_code == 404
    file = read(api, one["number"])
    consent = api.post("officer", f"/relatives/{file['relatives'][1]['id']}/consents", PAPER | {"scope": "any_child"}).json()[
        "id"
    ]
    photo = api.call("POST", "officer", f"/tracing-requests/{one['number']}/photos", **picture_form(shows="the child")).json()[
        "id"
    ]
    child, parent = file["relatives"][0]["id"], file["relatives"][0]["parents"][0]["id"]
    before = AuditEvent.objects.filter(action="families.read_request").count()
    for path in ("", "/descriptions", "/duplicates", "/sampling-plans", f"/photos/{photo}"):
        assert api.get("officer_gd", f"/tracing-requests/{one['number']}{path}").status_code == 404, path
    assert AuditEvent.objects.filter(action="families.read_request").count() == before
    for path, body in (
        (f"/relatives/{child}/states", {"n": 1}),
        (f"/relatives/{child}/end", {"reason": "x"}),
        (f"/relatives/{child}/parents", {"parent": child}),
        (f"/relatives/{child}/consents", PAPER | {"scope": "any_child"}),
        (f"/parentages/{parent}/end", {"reason": "x"}),
        (f"/consents/{consent}/withdrawal", {}),
        (f"/tracing-requests/{one['number']}/withdrawal", {"note": "x"}),
    ):
        assert api.post("officer_gd", path, body).status_code == 404, path
    mine = read(api, other["number"], "officer_gd")["relatives"]
    for where, body in (
        (f"/tracing-requests/{other['number']}/relatives", {"to": child, "relation": "sister"}),
        (f"/tracing-requests/{other['number']}/relatives", {"to": mine[1]["id"], "relation": "son", "partner": child}),
        (f"/relatives/{mine[1]['id']}/parents", {"parent": child}),
    ):
        wrong = api.post("officer_gd", where, body)
        assert (wrong.status_code, list(wrong.json()["fields"].values())) == (422, ["unknown"])
    foreign, nobody = (api.get("officer_gd", f"/tracing-requests/{n}").content for n in (one["number"], "000000000"))
    assert foreign == nobody


def test_mistakes_in_a_tree_are_told_by_their_code_and_struck_out(api: Program) -> None:
    number = record(api)["number"]
    child, mother, father = (one["id"] for one in read(api, number)["relatives"])
    add = f"/tracing-requests/{number}/relatives"
    aunt = api.post("officer", add, {"to": mother, "relation": "sister"}).json()["id"]
    above = read(api, number)["relatives"][1]["parents"][0]["relative"]
    alarms = Alarm.objects.count()
    for path, body, code in (
        (add, {"to": child, "relation": "mother"}, "has_parent"),
        (add, {"to": mother, "relation": "son", "partner": aunt}, "partner_same_sex"),
        (f"/relatives/{child}/parents", {"parent": aunt}, "has_parent"),
        (f"/relatives/{above}/parents", {"parent": child}, "own_ancestor"),
        (f"/relatives/{child}/end", {"reason": "x"}, "missing_child_stays"),
    ):
        refused = api.post("officer", path, body)
        assert (refused.status_code, refused.json()["codes"]) == (409, [code]), path
    assert Alarm.objects.count() == alarms, "these are slips"
    for body, fields in (
        ({"to": mother, "relation": "mother", "partner": father}, {"partner": "not_a_parent"}),
        ({"to": mother, "relation": "aunt"}, {"relation": "literal_error"}),
        ({"to": mother, "relation": "mother", "state": {"born": 2101}}, {"born": "implausible"}),
    ):
        wrong = api.post("officer", add, body)
        assert (wrong.status_code, wrong.json()["fields"]) == (422, fields)

    link = read(api, number)["relatives"][0]["parents"][1]["id"]
    assert api.post("officer", f"/parentages/{link}/end", {"reason": "another man"}).status_code == 201
    assert api.post("officer", f"/parentages/{link}/end", {"reason": "again"}).json()["codes"] == ["already_ended"]
    assert api.post("officer", f"/relatives/{father}/end", {"reason": "another man"}).status_code == 201
    real = api.post("officer", add, {"to": child, "relation": "father", "state": {"name": "李大山"}}).json()["id"]
    file = read(api, number)["relatives"]
    assert father not in [one["id"] for one in file]
    assert [one["relative"] for one in file[0]["parents"]] == [mother, real]
    for body in ({"to": father, "relation": "mother"}, {"to": mother, "relation": "son", "partner": father}):
        wrong = api.post("officer", add, body)
        assert (wrong.status_code, set(wrong.json()["fields"].values())) == (422, {"relative_struck"})


def test_consents_end_by_withdrawal_or_with_time(api: Program) -> None:
    number = record(api)["number"]
    child, mother, father = (one["id"] for one in read(api, number)["relatives"])
    today = timezone.now().date()
    soon = PAPER | {"scope": "this_child", "until": (today + timedelta(days=20)).isoformat()}
    given = {one: api.post("officer", f"/relatives/{one}/consents", soon).json()["id"] for one in (mother, father)}
    assert api.post("officer", f"/relatives/{mother}/consents", soon).json()["codes"] == ["already_there"]
    refused = api.post("officer", f"/relatives/{child}/consents", soon)
    assert (refused.status_code, refused.json()["codes"]) == (409, ["consent_of_missing"])
    over = api.post("officer", f"/relatives/{mother}/consents", soon | {"until": today.isoformat()})
    assert (over.status_code, over.json()["fields"]) == (422, {"until": "over_already"})
    assert api.post("officer", f"/relatives/{mother}/end", {"reason": "x"}).json()["codes"] == ["consent_stands"]

    ending = f"/consents-ending?until={today + timedelta(days=30)}"
    first = api.get("officer", f"{ending}&limit=1").json()
    second = api.get("officer", f"{ending}&limit=1&after={first['next']}").json()
    rows = first["items"] + second["items"]
    assert [one["id"] for one in rows] == list(given.values())
    assert (rows[0]["request"], rows[0]["relative"], second["next"]) == (number, mother, "")
    assert api.get("officer", f"/consents-ending?until={today}").json()["items"] == []

    withdrawal = f"/consents/{given[mother]}/withdrawal"
    assert api.post("officer", withdrawal, {}).status_code == 201
    assert api.post("officer", withdrawal, {"reason": "x"}).json()["codes"] == ["already_ended"]
    assert [one["id"] for one in api.get("officer", ending).json()["items"]] == [given[father]]
    (consent,) = read(api, number)["relatives"][1]["consents"]
    assert (consent["stands"], bool(consent["withdrawn_at"])) == (False, True)
    assert api.post("officer", f"/relatives/{mother}/consents", soon).status_code == 201, "they may agree again"


def test_a_picture_keeps_nothing_but_its_pixels(api: Program) -> None:
    number = record(api)["number"]
    path = f"/tracing-requests/{number}/photos"
    exif = Image.Exif()
    exif[0x010F], exif[0x9286] = "Nokia", "at her grandmother's house"
    file = io.BytesIO()
    Image.new("RGB", (64, 48), (200, 120, 90)).save(file, "JPEG", exif=exif)
    assert b"Nokia" in file.getvalue()
    made = api.call("POST", "officer", path, **picture_form(file.getvalue(), shows=" the child at three months "))
    assert made.status_code == 201, made.content
    photo = made.json()["id"]
    assert [(one["id"], one["shows"]) for one in read(api, number)["photos"]] == [(photo, "the child at three months")]
    looks = AuditEvent.objects.filter(action="families.read_request").count()
    shown = api.get("officer", f"{path}/{photo}")
    assert (shown.status_code, shown["Content-Type"], shown["Cache-Control"]) == (200, "image/jpeg", "no-store")
    assert AuditEvent.objects.filter(action="families.read_request").count() == looks + 1
    assert b"Nokia" not in shown.content
    with Image.open(io.BytesIO(shown.content)) as kept:
        assert (kept.size, dict(kept.getexif())) == ((64, 48), {})
    other = record(api, description=DESCRIBED | {"child_name": "李小花"})["number"]
    assert api.get("officer", f"/tracing-requests/{other}/photos/{photo}").status_code == 404, "it is another family's"


def test_a_picture_that_is_none(api: Program) -> None:
    path = f"/tracing-requests/{record(api)['number']}/photos"
    for form, fields in (
        (picture_form(b"%PDF-1.4", shows="the child"), {"file": "not_an_image"}),
        (picture_form(shows=""), {"shows": "string_too_short"}),
        (picture_form(), {"shows": "missing"}),
        (picture_form(shows="x" * 121), {"shows": "string_too_long"}),
        (picture_form(shows="a\x00b"), {"shows": "unprintable"}),
    ):
        wrong = api.call("POST", "officer", path, **form)
        assert (wrong.status_code, wrong.json()["fields"]) == (422, fields)
    large = SimpleUploadedFile("x.jpg", picture() + b"\x00" * 10_000_000, "image/jpeg")
    data = encode_multipart(BOUNDARY, {"file": large, "shows": "x"})
    assert api.call("POST", "officer", path, data=data, content_type=MULTIPART_CONTENT).status_code in (413, 422)
    assert not RequestPhoto.objects.exists()


def test_a_list_is_paged_from_the_youngest_and_searched_in_any_script(world: World, api: Program) -> None:
    made = [asks(world, child_name=name).number for name in ("李小妹", "韦小花", "莫小宝")]
    actions.describe(
        request=queries.request_of(world.actor("officer"), int(made[0])),
        n=1,
        told={**{field: getattr(queries.description(int(made[0])), field) for field in actions.DESCRIBED}, "looks": "anew"},
        by=world.actor("officer"),
        at=world.now(),
    )
    seen, after = [], ""
    for _ in made:
        page = api.get("officer", f"/tracing-requests?limit=1&after={after}").json()
        seen += [row["number"] for row in page["items"]]
        after = page["next"]
    assert (seen, after) == (made[::-1], "")
    for name in ("李小妹", "Li Xiaomei", "LI XIAO MEI"):
        assert [row["number"] for row in api.get("officer", f"/tracing-requests?name={name}").json()["items"]] == made[:1]
    assert api.get("officer", "/tracing-requests?name=王小明").json()["items"] == []
    assert api.get("officer", "/tracing-requests?name=%00").status_code == 422
    for cursor in ("WyJ4IiwxXQ==", "WzEsMV0=", "W251bGwsMV0="):
        wrong = api.get("officer", f"/tracing-requests?after={cursor}")
        assert (wrong.status_code, wrong.json()["fields"]) == (422, {"after": "unknown_cursor"})


def test_a_tree_that_is_beyond_reckoning_is_refused(api: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    def beyond(*_: object, **__: object) -> None:
        raise kinship.TooComplex("too many cousins")

    number = record(api)["number"]
    monkeypatch.setattr(queries, "sampling_plans", beyond)
    answer = api.get("officer", f"/tracing-requests/{number}/sampling-plans")
    assert (answer.status_code, answer.json()["codes"]) == (409, ["too_complex"])
