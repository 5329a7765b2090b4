"""Attempts of a buyer who comes as a mother, and of insiders: to learn where a child is, or to take a family's place.

A buyer's request is written down like any other, the desk shows nothing, and those above it are told. What would harm a family is
refused. The list grows by one for every incident; `test_family_sql.py` has what is tried by SQL.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from factories.api import Program
from factories.api_cases_families import DESCRIBED
from factories.families import MOTHER, TOLD, asks, fill_families
from factories.pages import picture
from factories.world import World
from trust.buyer import BUYER, SPOUSE
from trust.raw_sql import copied, web_role
from wayhome.casework.accounts import actions as accounts
from wayhome.casework.audit.models import Alarm
from wayhome.casework.audit.queries import open_alarms
from wayhome.casework.children import actions as children
from wayhome.casework.children.models import Child
from wayhome.casework.core.errors import CaseworkError, Conflict, Invalid, NotFound, Refused
from wayhome.casework.custody import actions as custody
from wayhome.casework.families import actions, queries
from wayhome.casework.families.models import RequestEnd, TracingRequest
from wayhome.casework.operations import actions as operations
from wayhome.casework.operations.models import Person
from wayhome.web import clock, desk

CLEAN = [("name", "闭玉莲"), ("id", "450601198001010063")]
PHONE = ("phone", "13900002222")


def told(world: World, who: str) -> list[str]:
    """What somebody's alarms say of those who ask for a child."""
    return [one.code for one in open_alarms(world.actor(who)).filter(kind=Alarm.Kind.EXCLUDED_CLAIMS).order_by("pk")]


# The buyer asks for a child. --------------------------------------------------------------------------------------------------


def add(world: World, request: TracingRequest, relation: str = "sister", **state: Any) -> Any:
    child = next(iter(queries.tree(request.pk, at=world.now()).values())).relative
    return actions.add_relative(to=child, relation=relation, state=state, by=world.actor("officer"), at=world.now())


def a_wife_told_of_later(world: World, buyer: Person) -> None:
    """A man of whom nothing was known; whose husband he is comes out afterwards."""
    request = asks(world, inquirer=[("name", "凌志强"), PHONE], relation="father")
    operations.tie(person=request.inquirer, other=buyer, kind="spouse", by=world.actor("officer"), at=world.now())


def a_telephone_told_of_later(world: World, buyer: Person) -> None:
    request = asks(world, inquirer=CLEAN)
    operations.add_fact(
        person=request.inquirer, kind="phone", value="+86 138 7700 1234", by=world.actor("officer"), at=world.now()
    )


def excluded_later(world: World, buyer: Person, **scope: Any) -> None:
    request = asks(world, inquirer=CLEAN)
    custody.exclude(person=request.inquirer, ground="seller", by=world.actor("officer"), at=world.now(), **scope)


def a_telephone_excluded_later(world: World, buyer: Person) -> None:
    asks(world, inquirer=[*CLEAN, PHONE])
    custody.exclude(subject="phone", value="139 0000 2222", ground="threat", by=world.actor("officer"), at=world.now())


def a_relative_excluded_later(world: World, buyer: Person) -> None:
    add(world, asks(world), name="Hà Văn Thắng")
    seller = world.person("seller", ("name", "Ha Van Thang"), ("id", "079080001234"))
    custody.exclude(person=seller, ground="seller", by=world.actor("officer"), at=world.now())


def a_father_told_anew(world: World, buyer: Person) -> None:
    father = list(queries.tree(asks(world).pk, at=world.now()).values())[2].relative
    for n, name in ((1, "李大山"), (2, "农晓红")):
        actions.tell_relative(relative=father, n=n, state={"name": name}, by=world.actor("officer"), at=world.now())


def struck_out_again(world: World, buyer: Person) -> None:
    aunt = add(world, asks(world), name="农晓红")
    actions.strike(relative=aunt, reason="a mistake", by=world.actor("officer"), at=world.now())


def taken_back_again(world: World, buyer: Person) -> None:
    request = asks(world, inquirer=BUYER)
    actions.withdraw(request=request, note="only asked", by=world.actor("officer"), at=world.now())


def by_sql(world: World, buyer: Person) -> None:
    """A row that no action wrote; the next time that anybody is looked at, it is found."""
    with web_role(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO families_tracingrequest (id, jurisdiction_id, inquirer_id, relation, by_id, at) SELECT 81000001,"
            f" jurisdiction_id, {buyer.pk}, relation, by_id, at FROM families_tracingrequest WHERE id = {asks(world).pk}"
        )
    custody.look_again(by=world.actor("officer"), at=world.now())


def over_the_api(world: World, buyer: Person) -> None:
    facts = [{"kind": kind, "value": value} for kind, value in BUYER]
    answer = Program(world).post(
        "officer", "/tracing-requests", {"facts": facts, "relation": "mother", "description": DESCRIBED}, key="k"
    )
    assert (answer.status_code, sorted(answer.json())) == (201, ["duplicates", "id", "number"])


Claim = Callable[[World, Person], object]
CLAIMS: dict[str, tuple[str, Claim]] = {
    "as the mother": ("excluded", lambda w, b: asks(w, inquirer=BUYER)),
    "who is on record": ("excluded", lambda w, b: asks(w, inquirer=b)),
    "by name alone": ("excluded", lambda w, b: asks(w, inquirer=[("name", "农晓红")])),
    "in pinyin": ("excluded", lambda w, b: asks(w, inquirer=[("name", "Nong Xiaohong"), PHONE])),
    "in pinyin with tones, given name first": ("excluded", lambda w, b: asks(w, inquirer=[("name", "Xiǎohóng Nóng"), PHONE])),
    "with a typing slip": ("excluded", lambda w, b: asks(w, inquirer=[("name", "Nong Xiaohogn"), PHONE])),
    "by a homophone": ("excluded", lambda w, b: asks(w, inquirer=[("name", "农小红"), PHONE])),
    "under an alias": ("excluded", lambda w, b: asks(w, inquirer=[*CLEAN, ("alias", "农晓红")])),
    "by the same telephone": ("excluded", lambda w, b: asks(w, inquirer=[*CLEAN, ("phone", "0086-138-7700-1234")])),
    "by the same identity number": (
        "excluded",
        lambda w, b: asks(w, inquirer=[("name", "闭玉莲"), ("id", "4528 0119 7503 1200 21")]),
    ),
    "from the same address": ("excluded", lambda w, b: asks(w, inquirer=[*CLEAN, ("address", "东兴市教育路8号2楼")])),
    "as somebody of an authority": ("excluded", lambda w, b: asks(w, inquirer=BUYER, relation="authority")),
    "her husband": ("kin_of_excluded", lambda w, b: asks(w, inquirer=SPOUSE, relation="father")),
    "her husband in pinyin": (
        "kin_of_excluded",
        lambda w, b: asks(w, inquirer=[("name", "Ling Dawei"), PHONE], relation="father"),
    ),
    "his mother, of another name": (
        "kin_of_excluded",
        lambda w, b: asks(w, inquirer=[("name", "岑桂芝"), ("id", "452801194503120042")], relation="grandparent"),
    ),
    "as a relative on record": ("excluded", lambda w, b: add(w, asks(w), person=b)),
    "as a relative of another name on record": ("excluded", lambda w, b: add(w, asks(w), name="韦大姐", person=b)),
    "as a relative by name alone": ("excluded", lambda w, b: add(w, asks(w), name="农晓红")),
    "as a relative by name, with a slip": ("excluded", lambda w, b: add(w, asks(w), name="Nong Xiaohng")),
    "her husband as a relative by name alone": (
        "kin_of_excluded",
        lambda w, b: add(w, asks(w), "half_brother_mother", name="凌大伟"),
    ),
    "as the father, told anew": ("excluded", a_father_told_anew),
    "as a relative who is struck out again": ("excluded", struck_out_again),
    "and takes it back again": ("excluded", taken_back_again),
    "whose wife becomes known later": ("kin_of_excluded", a_wife_told_of_later),
    "whose telephone becomes known later": ("excluded", a_telephone_told_of_later),
    "who is excluded later": ("excluded", excluded_later),
    "who is excluded later, for children of one operation": (
        "excluded",
        lambda w, b: excluded_later(w, b, scope="operation", operation=w.operation),
    ),
    "who is excluded later, for one child": (
        "excluded",
        lambda w, b: excluded_later(w, b, scope="child", child=w.in_home()),
    ),
    "whose telephone is excluded later": ("excluded", a_telephone_excluded_later),
    "as a relative by name, excluded later": ("excluded", a_relative_excluded_later),
    "by a row that no action wrote": ("excluded", by_sql),
    "over the API": ("excluded", over_the_api),
}


@pytest.mark.parametrize("name", CLAIMS)
def test_a_buyer_asks_and_those_above_the_desk_are_told(world: World, buyer: Person, name: str) -> None:
    code, claim = CLAIMS[name]
    claim(world, buyer)
    assert told(world, "supervisor") == [code]
    for desk_ in ("officer", "officer2", "officer_gd", "nurse", "caseworker"):
        assert told(world, desk_) == [], desk_
    assert [one.code for one in Alarm.objects.exclude(kind=Alarm.Kind.EXCLUDED_CLAIMS)] == [], "nothing else betrays it"


def test_an_honest_family_is_told_of_to_nobody(world: World, buyer: Person) -> None:
    """From the first words to the end, with people who are known of."""
    request = asks(world, inquirer=MOTHER)
    uncle = world.person("uncle", ("name", "李大河"), PHONE)
    father = list(queries.tree(request.pk, at=world.now()).values())[2].relative
    known = {"name": "李大山", "life": "living"}
    actions.tell_relative(relative=father, n=1, state=known, by=world.actor("officer"), at=world.now())
    add(world, request, name="李小花")
    add(world, request, "brother", person=uncle)
    operations.tie(person=request.inquirer, other=uncle, kind="other_kin", by=world.actor("officer"), at=world.now())
    consents(world, father)
    custody.exclude(person=world.person("seller", ("name", "黄阿四")), ground="seller", by=world.actor("officer"), at=world.now())
    actions.withdraw(request=request, note="came home", by=world.actor("officer"), at=world.now())
    assert not Alarm.objects.exists()


# What a family's file gives away of a child that was found. -------------------------------------------------------------------


@pytest.fixture
def client_of(world: World, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Client]:
    """A browser in which somebody is logged in; the clock of the pages stands."""

    def logged_in(name: str) -> Client:
        user = accounts.open_account(staff=world.staff[name], username=name, password=None)
        Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "none"})
        client = Client()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        client.cookies["wayhome-language"] = "en"
        return client

    standing = world.now() + timedelta(hours=9)
    monkeypatch.setattr(clock, "now", lambda: standing)
    monkeypatch.setattr(desk, "proved_lately", lambda request: True)
    return logged_in


def found_child(world: World) -> Child:
    """A child that was found, as whoever bought it would describe it."""
    child = world.in_home()
    by = world.actor("caseworker")
    children.say(child=child, field="name", value="李小妹", said_by="herself", by=by, at=world.now())
    children.add_mark(child=child, place="ear_left", kind="preauricular_pit", by=by, at=world.now())
    return child


def words_of(world: World, child: Child) -> list[str]:
    """What would tell that it was found, where it is, or who has it."""
    places = [world.facilities[name] for name in ("home", "hospital", "post")]
    people = [world.staff[name].name for name in ("caseworker", "nurse")]
    number = child.number
    return [
        *(number, f"{number[:3]} {number[3:6]} {number[6:]}", child.call_name, "北仑大道", world.operation.code),
        *(place.name for place in places),
        *(place.address for place in places),
        *people,
    ]


ONE_TIME = re.compile(r'(csrfmiddlewaretoken" value|nonce|name="once" value|X-CSRFToken": )="?[^"]*"')


def questions(asked: CaptureQueriesContext) -> int:
    """How many there were about the house: a session is kept now and then, whatever is looked at."""
    own = ("django_session", "SAVEPOINT")
    return sum(not any(word in one["sql"] for word in own) for one in asked.captured_queries)


def faces(world: World, client: Client, api: Program) -> dict[str, tuple[str, int]]:
    """Every page and answer about the family, with the questions that it asked of the database."""
    family, told_ = world.family, {}
    number, pair, relative = family["request"], family["proposal"], family["relative"]
    pages = {name: reverse(name, args=[number]) for name in ("family", "request_slip", "samples", "describe_request")}
    pages |= {name: reverse(name, args=[number]) for name in ("missing_mark", "add_relative", "withdraw_request")}
    pages |= {"families": reverse("families"), "alike": reverse("settle_duplicate", args=[pair])}
    pages |= {name: reverse(name, args=[relative]) for name in ("relative", "consent", "strike_relative")}
    for name, path in pages.items():
        with CaptureQueriesContext(
            connection,
        ) as asked:
            answer = client.get(path)
        assert answer.status_code == 200, name
        told_[name] = ONE_TIME.sub("", answer.content.decode()), questions(asked)
    for name in ("李小妹", number):
        told_[f"looked for {name}"] = ONE_TIME.sub("", client.post(reverse("families"), {"name": name}).content.decode()), 0
    one = f"/tracing-requests/{number}"
    paths = ["/tracing-requests", "/tracing-requests?name=Li Xiaomei", "/request-duplicates", "/consents-ending?until=2099-01-01"]
    paths += [one, f"{one}/descriptions", f"{one}/duplicates", f"{one}/sampling-plans"]
    for path in paths:
        with CaptureQueriesContext(connection) as asked:
            answer = api.get("officer", path)
        assert answer.status_code == 200, path
        told_[path] = answer.content.decode(), questions(asked)
    return told_


def test_no_face_of_a_request_knows_of_the_child(world: World, buyer: Person, client_of: Callable[[str], Client]) -> None:
    """Not a word, and not by what is the same or by how much is asked: a child that is found meanwhile changes nothing."""
    fill_families(world, picture(20))
    client, api = client_of("officer"), Program(world)
    faces(world, client, api)
    before = faces(world, client, api)
    child = found_child(world)
    after = faces(world, client, api)
    assert sorted(name for name in before if before[name] != after[name]) == []
    secrets = words_of(world, child)
    assert all(secrets)
    told_ = {name: [word for word in secrets if word in text] for name, (text, _) in after.items()}
    assert {name: words for name, words in told_.items() if words} == {}
    theirs = client.get(reverse("child", args=[child.number])).content.decode()
    assert child.call_name in theirs, "whoever found it reads its own file, and these are its words"


def test_what_is_answered_to_a_buyer_is_what_is_answered_to_a_mother(world: World, buyer: Person) -> None:
    """The same answer, and the same waiting for whoever records a request: by neither is anybody found out at the desk."""
    found_child(world)
    api, answers, alike = Program(world), [], []
    for who in (MOTHER, BUYER):
        facts = [{"kind": kind, "value": value} for kind, value in who]
        answer = api.post("officer", "/tracing-requests", {"facts": facts, "relation": "mother", "description": DESCRIBED})
        number = answer.json()["number"]
        answers.append((answer.status_code, sorted(answer.json())))
        file = api.get("officer", f"/tracing-requests/{number}").json()
        alike.append((sorted(file), len(file["relatives"]), file["end"], file["photos"]))
        actions.withdraw(
            request=queries.request_of(world.actor("officer"), int(number)),
            note="x",
            by=world.actor("officer"),
            at=timezone.now(),
        )
    assert answers[0] == answers[1]
    assert alike[0] == alike[1]


# Other people's families. -----------------------------------------------------------------------------------------------------


def consents(world: World, relative: Any, **more: Any) -> Any:
    day = world.clock.date()
    paper = {"scope": "this_child", "given_by": "herself", "form": "A 1", "signed_on": day, "until": day + timedelta(days=90)}
    return actions.consent(relative=relative, **paper | more, by=world.actor("officer"), at=world.now())


def family(world: World) -> dict[str, Any]:
    """A mother and all that can be got at."""
    request = asks(world)
    child, mother, father = (one.relative for one in queries.tree(request.pk, at=world.now()).values())
    link = queries.standing_links(request.pk).get(parent=father)
    return {
        "request": request,
        "child": child,
        "mother": mother,
        "father": father,
        "link": link,
        "consent": consents(world, mother),
    }


FROM_ELSEWHERE: dict[str, Callable[[dict[str, Any], dict[str, Any]], object]] = {
    "reads it": lambda f, who: actions.read_request(request_id=f["request"].pk, **who),
    "describes it": lambda f, who: actions.describe(request=f["request"], n=1, told=TOLD, **who),
    "adds a mark": lambda f, who: actions.add_mark(request=f["request"], place="nose", kind="scar", **who),
    "adds a thing": lambda f, who: actions.add_item(request=f["request"], what="x", **who),
    "adds a picture": lambda f, who: actions.keep_photo(request=f["request"], jpeg=b"x", shows="x", **who),
    "takes it back": lambda f, who: actions.withdraw(request=f["request"], note="x", **who),
    "adds a relative": lambda f, who: actions.add_relative(to=f["mother"], relation="son", state={}, **who),
    "tells of a relative": lambda f, who: actions.tell_relative(relative=f["mother"], n=1, state={}, **who),
    "strikes a relative": lambda f, who: actions.strike(relative=f["father"], reason="x", **who),
    "links two": lambda f, who: actions.link(child=f["mother"], parent=f["father"], **who),
    "strikes a link": lambda f, who: actions.unlink(parentage=f["link"], reason="x", **who),
    "keeps a consent": lambda f, who: actions.consent(
        relative=f["father"],
        scope="any_child",
        given_by="x",
        signed_on=f["consent"].signed_on,
        until=f["consent"].until,
        form="x",
        **who,
    ),
    "withdraws a consent": lambda f, who: actions.withdraw_consent(consent=f["consent"], **who),
}


@pytest.mark.parametrize("name", FROM_ELSEWHERE)
def test_a_liaison_of_another_agency_gets_at_nothing(world: World, name: str) -> None:
    theirs = family(world)
    with pytest.raises(NotFound):
        FROM_ELSEWHERE[name](theirs, {"by": world.actor("officer_gd"), "at": world.now()})
    FROM_ELSEWHERE[name](theirs, {"by": world.actor("officer2"), "at": world.now()})
    assert not Alarm.objects.exists(), "a colleague of the same agency does this work"


def test_two_requests_are_no_way_to_the_others_data(world: World) -> None:
    """Who asks for the same child learns whose request there is, and must call them; neither can decide alone."""
    mine = family(world)["request"]
    other = asks(world, by="officer_gd", inquirer=MOTHER)
    (proposal,) = actions.propose_duplicates(request=other, at=world.now())
    for who in ("officer", "officer_gd"):
        for same, kept in ((True, mine), (True, other), (False, None)):
            with pytest.raises(NotFound):
                actions.settle_duplicate(proposal=proposal, same=same, kept=kept, note="x", by=world.actor(who), at=world.now())
    api = Program(world)
    (pair,) = api.get("officer_gd", f"/tracing-requests/{other.number}/duplicates").json()["items"]
    assert sorted(pair) == ["agency", "id", "may_read", "number", "reasons"]
    assert {key for reason in pair["reasons"] for key in reason} == {"code"}, "a reason has no name and no number in it"
    assert not RequestEnd.objects.exists()


def test_a_mothers_request_does_not_end_as_the_buyers(world: World, buyer: Person) -> None:
    """By whoever recorded the buyer's: a colleague looks at both beside one another."""
    mothers = asks(world, inquirer=MOTHER)
    buyers = asks(world, by="officer2", inquirer=BUYER)
    (proposal,) = actions.propose_duplicates(request=buyers, at=world.now())
    settle: dict[str, Any] = {"proposal": proposal, "same": True, "note": "one child"}
    with pytest.raises(Refused, match="self_approval"):
        actions.settle_duplicate(**settle, kept=buyers, by=world.actor("officer2"), at=world.now())
    alarm = Alarm.objects.get(code="self_approval")
    assert (alarm.level, alarm.subject) == (3, "settle_duplicate")
    with pytest.raises(Invalid):
        settle["kept"] = asks(world, by="officer2", inquirer=CLEAN, child_name="莫小宝")
        actions.settle_duplicate(**settle, by=world.actor("officer2"), at=world.now())
    assert queries.open_requests().filter(pk=mothers.pk).exists()
    settle["kept"] = mothers
    actions.settle_duplicate(**settle, by=world.actor("officer2"), at=world.now())
    assert RequestEnd.objects.get().request == buyers, "the other way round it is a colleague's honest word"


TO_ANOTHER_FAMILY: dict[str, Callable[[dict[str, Any], dict[str, Any], dict[str, Any]], object]] = {
    "a parent of another family": lambda f, o, who: actions.link(child=f["mother"], parent=o["father"], **who),
    "a child of another family": lambda f, o, who: actions.link(child=o["mother"], parent=f["father"], **who),
    "a son with somebody of another family": lambda f, o, who: actions.add_relative(
        to=f["mother"], relation="son", partner=o["father"], state={}, **who
    ),
    "his own grandfather": lambda f, o, who: actions.link(child=f["father"], parent=f["child"], **who),
    "a second mother": lambda f, o, who: actions.add_relative(to=f["child"], relation="mother", state={}, **who),
    "a consent of the child": lambda f, o, who: consents(who["world"], f["child"]),
    "a consent for another purpose": lambda f, o, who: consents(who["world"], f["father"], scope="crime"),
    "a consent for ever": lambda f, o, who: consents(who["world"], f["father"], until=timezone.now().date().replace(year=2100)),
    "a consent that was signed tomorrow": lambda f, o, who: consents(
        who["world"], f["father"], signed_on=f["consent"].signed_on + timedelta(days=3)
    ),
}


@pytest.mark.parametrize("name", TO_ANOTHER_FAMILY)
def test_a_tree_is_of_one_family_and_a_consent_of_one_person(world: World, name: str) -> None:
    one, other = family(world), family(world)
    who: dict[str, Any] = {"by": world.actor("officer"), "at": world.now()}
    if "consent" in name:
        who = {"world": world}
    with pytest.raises((Refused, Invalid)):
        TO_ANOTHER_FAMILY[name](one, other, who)
    told_ = list(Alarm.objects.values_list("code", flat=True))
    assert told_ == (["consent_of_missing"] if name == "a consent of the child" else [])


def test_two_at_once_overwrite_nothing(world: World) -> None:
    request = asks(world)
    here: dict[str, Any] = {"request": request, "n": 1}
    first, second = ({"told": TOLD | {"where": None, "looks": looks}, "at": world.now()} for looks in ("a scar", "none"))
    actions.describe(**here, **first, by=world.actor("officer"))
    with pytest.raises(Conflict):
        actions.describe(**here, **second, by=world.actor("officer2"))
    assert [one.looks for one in queries.descriptions(request.pk)] == ["a scar", ""]


# Programs. --------------------------------------------------------------------------------------------------------------------


def test_a_withdrawal_is_not_undone_by_asking_again(world: World) -> None:
    """A consent's answer is kept with its key; sent again it is the old answer, and no new consent."""
    api, mine = Program(world), family(world)
    today = timezone.now().date()
    paper = {"scope": "any_child", "given_by": "x", "form": "A 2", "signed_on": f"{today}", "until": f"{today + timedelta(90)}"}
    path = f"/relatives/{mine['father'].pk}/consents"
    given = api.post("officer", path, paper, key="k").json()["id"]
    assert api.post("officer", f"/consents/{given}/withdrawal", {}, key="w").status_code == 201
    assert api.post("officer", path, paper, key="k").json()["id"] == given
    assert api.post("officer", f"/consents/{given}/withdrawal", {}, key="w").status_code == 201
    reused = api.post("officer", path, paper | {"scope": "this_child"}, key="k")
    assert (reused.status_code, reused.json()["codes"]) == (409, ["key_reused"])
    assert mine["father"].consents.count() == 1
    assert not queries.in_force(timezone.now()).filter(relative=mine["father"]).exists()
    assert api.post("officer_gd", path, paper, key="k").status_code == 404, "a key is its owner's"


def test_a_request_is_recorded_once_for_its_key(world: World) -> None:
    api, body = Program(world), {"relation": "mother", "description": DESCRIBED}
    facts = [{"kind": kind, "value": value} for kind, value in MOTHER]
    first, again = (api.post("officer", "/tracing-requests", body | {"facts": facts}, key="k") for _ in range(2))
    assert first.json() == again.json()
    other = api.post("officer", "/tracing-requests", body | {"facts": facts, "relation": "father"}, key="k")
    assert (other.status_code, TracingRequest.objects.count()) == (409, 1)


SCOPED: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "children's": ("GET", "", ("children:read", "children:write")),
    "writes without reading": ("GET", "", ("families:write",)),
    "reads without writing": ("POST", "/withdrawal", ("families:read",)),
    "approvals": ("POST", "/withdrawal", ("me", "approve")),
}


@pytest.mark.parametrize("name", SCOPED)
def test_a_token_reaches_as_far_as_it_says(world: World, name: str) -> None:
    method, path, scopes = SCOPED[name]
    api, request = Program(world), asks(world)
    path = f"/tracing-requests/{request.number}{path}"
    body = {"note": "x"} if method == "POST" else None
    answer = api.call(method, "officer", path, body, scopes=scopes)
    assert (answer.status_code, answer.json()["code"]) == (403, "scope")
    assert not hasattr(TracingRequest.objects.get(pk=request.pk), "end")
    enough = ("families:read",) if method == "GET" else ("families:write",)
    assert api.call(method, "officer", path, body, scopes=enough).status_code in (200, 201)


# A row that lies. -------------------------------------------------------------------------------------------------------------


def test_a_copy_of_a_state_is_found_like_any_other(world: World, buyer: Person) -> None:
    """The buyer as a relative by a row that no action wrote."""
    aunt = add(world, asks(world), name="李小花")
    with web_role(), connection.cursor() as cursor:
        cursor.execute(copied(aunt.states.get(), n="n + 1", person_id=buyer.pk))
    assert told(world, "supervisor") == []
    with pytest.raises(CaseworkError):
        custody.exclude(ground="suspect", by=world.actor("nurse"), at=world.now())
    custody.look_again(by=world.actor("officer"), at=world.now())
    assert told(world, "supervisor") == ["excluded"]
