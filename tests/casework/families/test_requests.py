"""A family looks for a child: what it tells is kept, told anew, ended, and shown to those alone who need it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from factories.families import TOLD, asks
from factories.world import World
from wayhome import kinship
from wayhome.casework.audit.models import Alarm, AuditEvent
from wayhome.casework.core.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from wayhome.casework.families import actions, queries
from wayhome.casework.families.models import Consent, Description, RequestDuplicate, RequestEnd, TracingRequest


def describe(world: World, request: TracingRequest, n: int, by: str = "officer", **changes: Any) -> Description:
    told = TOLD | {"where": world.jurisdictions["GX"]} | changes
    return actions.describe(request=request, n=n, told=told, by=world.actor(by), at=world.now())


def test_a_request_begins_with_the_child_and_its_parents(world: World) -> None:
    request = asks(world)
    assert request.number == f"{request.pk:09d}"
    kin = queries.tree(request.pk, at=world.now())
    child, mother, father = kin.values()
    assert (child.relative.missing, child.mother, child.father) == (True, mother.relative.pk, father.relative.pk)
    assert (mother.state.name, mother.state.person, mother.typable) == ("韦小兰", request.inquirer, True)
    assert (father.state.name, father.state.life, father.typable) == ("", "unknown", True)
    assert AuditEvent.objects.filter(action="families.record_request", subject=f"request:{request.pk}").count() == 1


def test_whoever_asks_may_be_on_record_already_and_no_parent(world: World) -> None:
    aunt = world.person("韦小梅", ("name", "韦小梅"), ("phone", "13877112233"))
    request = asks(world, inquirer=aunt, relation="other_kin")
    assert request.inquirer == aunt
    assert all(one.state.person is None for one in queries.tree(request.pk, at=world.now()).values())


@pytest.mark.parametrize(
    ("wrong", "fields"),
    [
        ({"born_to": date(2010, 12, 31)}, {"born_to": "before_first"}),
        ({"lost_from": date(2011, 6, 1)}, {"lost_to": "before_first"}),
        ({"lost_to": date(2012, 1, 1)}, {"lost_to": "in_future"}),
        ({"lost_from": date(2010, 1, 1), "lost_to": date(2010, 1, 2)}, {"lost_to": "before_birth"}),
        ({"born_from": date(1900, 1, 1)}, {"born_from": "implausible"}),
        ({"child_name": " "}, {"child_name": "required"}),
        ({"cause": "given"}, {"cause": "unknown_choice"}),
        ({"blood_group": "C"}, {"blood_group": "unknown_choice"}),
        ({"born_from": None}, {"born_from": "required"}),
        ({"buyer": "x"}, {"buyer": "unknown_field"}),
    ],
)
def test_what_cannot_be_is_said_field_by_field(world: World, wrong: dict[str, Any], fields: dict[str, str]) -> None:
    with pytest.raises(Invalid) as told:
        asks(world, **wrong)
    assert told.value.fields == fields
    assert not TracingRequest.objects.exists()


def test_a_description_is_told_anew_and_the_old_one_stays(world: World) -> None:
    request = asks(world)
    assert describe(world, request, 1).n == 1
    assert describe(world, request, 1, sex="U", looks="双眼皮").n == 2
    assert [(one.n, one.sex) for one in queries.descriptions(request.pk)] == [(2, "U"), (1, "F")]
    with pytest.raises(Conflict) as told:
        describe(world, request, 1, by="officer2", place="Nanning")
    assert told.value.changes == {"sex": ("F", "U"), "looks": ("", "双眼皮")}
    with pytest.raises(Invalid):
        describe(world, request, 3)


def test_marks_things_and_pictures_are_added(world: World) -> None:
    request = asks(world)
    by, at = world.actor("caseworker"), world.now()
    with pytest.raises(NotFound):
        actions.add_item(request=request, what="红肚兜", by=by, at=at)
    by = world.actor("officer2")
    actions.add_item(request=request, what="红肚兜", by=by, at=at)
    actions.add_mark(request=request, place=min(kinship.body_places()), kind=min(kinship.mark_kinds()), by=by, at=at)
    actions.keep_photo(request=request, jpeg=b"\xff\xd8", shows="the mother at three months", by=by, at=at)
    assert (request.marks.count(), request.items.count(), request.photos.count()) == (1, 1, 1)


def test_only_those_who_need_to_know_find_a_request(world: World) -> None:
    request = asks(world)
    mine = {name: queries.requests_of(world.actor(name)).count() for name in ("officer", "officer2", "officer_gd", "supervisor")}
    assert mine == {"officer": 1, "officer2": 1, "officer_gd": 0, "supervisor": 1}
    actions.read_request(request_id=request.pk, by=world.actor("supervisor"), at=world.now())
    assert AuditEvent.objects.filter(action="families.read_request").count() == 1
    with pytest.raises(NotFound):
        actions.read_request(request_id=request.pk, by=world.actor("officer_gd"), at=world.now())
    for stranger in ("nurse", "doctor"):
        with pytest.raises(NotAllowed):
            actions.read_request(request_id=request.pk, by=world.actor(stranger), at=world.now())
    with pytest.raises(NotAllowed):
        describe(world, request, 1, by="supervisor")
    with pytest.raises(NotFound):
        describe(world, request, 1, by="officer_gd")


def test_a_child_is_found_by_its_name_in_any_script(world: World) -> None:
    request = asks(world)
    for name in ("李小妹", "Li Xiaomei", "LI XIAO MEI", "Xiaoyue"):
        assert [one.request for one in queries.named(world.actor("officer"), name)] == [request], name
    assert not queries.named(world.actor("officer"), "王小明")
    assert not queries.named(world.actor("officer"), "  ")


def test_a_family_takes_its_request_back(world: World) -> None:
    request = asks(world)
    mother = next(one for one in queries.tree(request.pk, at=world.now()).values() if one.state.person)
    consent(world, mother.relative)
    actions.withdraw(request=request, note="the child came home", by=world.actor("officer"), at=world.now())
    assert not queries.in_force(world.now()).exists()
    assert not queries.listed(world.actor("officer"))
    with pytest.raises(Refused, match="request_over"):
        describe(world, request, 1, sex="U")
    with pytest.raises(Refused, match="request_over"):
        actions.withdraw(request=request, note="x", by=world.actor("officer"), at=world.now())


def consent(world: World, relative: Any, **more: Any) -> Consent:
    paper = {
        "scope": "this_child",
        "given_by": "韦小兰",
        "signed_on": date(2011, 7, 14),
        "until": date(2021, 7, 14),
        "form": "A 1",
    }
    return actions.consent(relative=relative, **(paper | more), by=world.actor("officer"), at=world.now())


def test_two_requests_for_one_child_are_proposed_and_people_decide(world: World) -> None:
    one = asks(world)
    other = asks(world, inquirer=[("name", "李大山"), ("phone", "13811112222")], relation="father", child_name="Li Xiaomei")
    (proposal,) = actions.propose_duplicates(request=other, at=world.now())
    assert [reason["code"] for reason in proposal.reasons] == ["name_agrees", "birth_near", "loss_near", "place_same"]
    assert actions.propose_duplicates(request=one, at=world.now()) == []
    (told,) = queries.duplicates_of(one, by=world.actor("officer"))
    assert (told.other, told.may_read) == (other, True)
    assert list(queries.duplicates_to_settle(world.actor("officer"))) == [proposal]
    settle = {"proposal": proposal, "note": "one mother", "by": world.actor("officer2")}
    with pytest.raises(Invalid):
        actions.settle_duplicate(same=True, at=world.now(), **settle)
    actions.settle_duplicate(same=True, kept=one, at=world.now(), **settle)
    assert RequestEnd.objects.get().kept == one
    assert queries.duplicates_of(one, by=world.actor("officer")) == []
    with pytest.raises(Refused, match="already_ended"):
        actions.settle_duplicate(same=False, at=world.now(), **settle)


def test_of_a_request_that_ended_nobody_decides_any_more(world: World) -> None:
    one = asks(world)
    two, three = (asks(world, child_name=name) for name in ("韦小花", "莫小宝"))
    assert len(actions.propose_duplicates(request=one, at=world.now())) == 2
    assert queries.duplicates_waiting(world.actor("officer")).count() == 2
    actions.withdraw(request=two, note="she came home", by=world.actor("officer"), at=world.now())
    assert [told.other for told in queries.duplicates_of(one, by=world.actor("officer"))] == [three]
    assert queries.duplicates_waiting(world.actor("officer")).count() == 1
    assert queries.duplicates_of(two, by=world.actor("officer")) == []
    assert actions.propose_duplicates(request=two, at=world.now()) == []
    assert actions.propose_duplicates(request=three, at=world.now()) == []
    over = RequestDuplicate.objects.exclude(one=three).exclude(other=three).get()
    for kept, code in ((one, "request_over"), (two, "kept_is_over")):
        with pytest.raises(Refused, match=code):
            actions.settle_duplicate(proposal=over, same=True, kept=kept, note="x", by=world.actor("officer"), at=world.now())


def test_two_sisters_are_two(world: World) -> None:
    one = asks(world)
    two = asks(world, child_name="韦小花", born_from=date(2009, 1, 1), born_to=date(2009, 1, 3))
    boy = asks(world, inquirer=[("name", "李大山"), ("phone", "13811112222")], sex="M")
    assert [actions.propose_duplicates(request=each, at=world.now()) for each in (one, two, boy)] == [[], [], []]


def test_the_same_telephone_proposes_whatever_the_name(world: World) -> None:
    asks(world)
    other = asks(world, child_name="Nguyễn Thị Hoa", place="somewhere", where=None)
    (proposal,) = actions.propose_duplicates(request=other, at=world.now())
    assert proposal.reasons[0] == {"code": "same_phone"}
    actions.settle_duplicate(proposal=proposal, same=False, note="twins", by=world.actor("officer"), at=world.now())
    assert RequestDuplicate.objects.count() == 1
    assert not RequestEnd.objects.exists()


def test_another_agency_is_told_whom_to_call_and_nothing_else(world: World) -> None:
    one = asks(world)
    other = asks(world, by="officer_gd", inquirer=[("name", "韦小兰"), ("phone", "13877001199")])
    (proposal,) = actions.propose_duplicates(request=other, at=world.now())
    (told,) = queries.duplicates_of(one, by=world.actor("officer"))
    assert (told.other.number, told.may_read) == (other.number, False)
    with pytest.raises(NotFound):
        actions.settle_duplicate(proposal=proposal, same=False, note="x", by=world.actor("officer"), at=world.now())
    assert not queries.duplicates_to_settle(world.actor("officer"))
    assert not queries.duplicates_waiting(world.actor("nurse"))


def test_consents_end_when_they_are_withdrawn_or_over(world: World) -> None:
    request = asks(world)
    child, mother, father = (one.relative for one in queries.tree(request.pk, at=world.now()).values())
    given = consent(world, mother)
    with pytest.raises(Refused, match="already_there"):
        consent(world, mother)
    with pytest.raises(Refused, match="consent_of_missing"):
        consent(world, child)
    assert Alarm.objects.filter(code="consent_of_missing").count() == 1
    for wrong, field in (
        ({"until": date(2011, 7, 14)}, "until"),
        ({"until": date(2090, 1, 1)}, "until"),
        ({"signed_on": date(2011, 8, 1)}, "signed_on"),
        ({"scope": "anything"}, "scope"),
        ({"form": ""}, "form"),
    ):
        with pytest.raises(Invalid) as told:
            consent(world, father, **wrong)
        assert list(told.value.fields) == [field]
    with pytest.raises(Refused, match="consent_stands"):
        actions.strike(relative=mother, reason="x", by=world.actor("officer"), at=world.now())
    assert queries.progress([request.pk], at=world.now()) == {request.pk: (2, 1)}
    assert [one.pk for one in queries.consents_ending(world.actor("officer"), until=date(2021, 8, 1), at=world.now())] == [
        given.pk
    ]
    actions.withdraw_consent(consent=given, by=world.actor("officer"), at=world.now())
    assert not queries.in_force(world.now()).exists()
    with pytest.raises(Refused, match="already_ended"):
        actions.withdraw_consent(consent=given, by=world.actor("officer"), at=world.now())
