"""Clues on pages: taken down in one, triaged, compared, opened by both sides, shut in."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from factories.clues import PHONE, clue, person, thing
from factories.operations import investigation
from factories.world import World
from wayhome.casework.accounts.models import User
from wayhome.casework.audit.models import AuditEvent
from wayhome.casework.clues.models import Clue, Edge, Mention, MentionKey, Opening, Source, Step, Verdict
from wayhome.casework.clues.queries.clues import clue_of, listed

LINES = f"王秀英, {PHONE}\n桂P12345\n东兴市\n钦州市\n1 drives 2 transporter 2011-07-01 3>4"


def text(answer: Any) -> str:
    return str(answer.content.decode())


def filled(world: World, **other: Any) -> dict[str, Any]:
    """The page of a new clue as an officer fills it."""
    return {
        "text": "一个女人带着婴儿上了去东兴的大巴",
        "lines": LINES,
        "channel": "hotline",
        "source_grade": "B",
        "info_grade": "2",
        "language": "zh",
        "received_at": "2011-07-15T13:00",
        "jurisdiction": world.jurisdictions["GX"].pk,
        "source": "the driver's wife",
        "protected": "on",
    } | other


def test_a_clue_is_taken_down_in_one_page(world: World, client_of: Any) -> None:
    client = client_of("officer")
    address = reverse("record_clue")
    assert client.get(address).status_code == 200
    wrong = client.post(address, filled(world, lines="王秀英\n1 drives 2"))
    assert wrong.status_code == 422
    assert "Line 2: There is no thing of this number." in text(wrong)
    assert "the driver&#x27;s wife" in text(wrong), "what was typed stays"
    assert not Clue.objects.exists()
    refused = client.post(address, filled(world, anonymous="on"))
    assert refused.status_code == 422
    answer = client.post(address, filled(world))
    made = Clue.objects.get()
    assert answer.headers["Location"] == reverse("clue", args=[made.number])
    assert (made.source_grade, made.info_grade, made.protected) == ("B", 2, True)
    assert Source.objects.get().words == "the driver's wife"
    assert list(Mention.objects.order_by("pk").values_list("kind", "label")) == [
        ("person", "王秀英"),
        ("vehicle", "桂P12345"),
        ("place", "东兴市"),
        ("place", "钦州市"),
    ]
    edge = Edge.objects.get()
    assert (edge.verb, edge.role, str(edge.on), edge.origin.label, edge.destination.label) == (
        "drives",
        "transporter",
        "2011-07-01",
        "东兴市",
        "钦州市",
    )


def test_what_was_understood_is_told_and_not_kept(client_of: Any) -> None:
    client = client_of("officer")
    told = json.loads(text(client.post(reverse("read_lines"), {"lines": LINES, "there": "0"})))["lines"]
    assert [line["kind"] for line in told] == ["person", "vehicle", "place", "place", ""]
    assert told[0]["facts"][1] == {"kind": "telephone", "value": PHONE}
    assert told[4]["said"] == "1 drives 2 · transporter · 2011-07-01 · 3 → 4"
    assert not Mention.objects.exists()
    assert client.get(reverse("read_lines")).status_code == 405
    assert json.loads(text(client.post(reverse("read_lines"), {"lines": LINES, "there": "9" * 40})))["lines"][0]["n"] == 1
    assert client_of("supervisor").post(reverse("read_lines"), {"lines": LINES}).status_code == 403


def test_what_waits_stands_first(world: World, client_of: Any) -> None:
    old, given, new, done_with = (clue(world, person(("name", name))) for name in ("王芳", "李娜", "陈强", "张伟"))
    elsewhere = clue(world, person(("name", "何大")), by="officer_gd")
    client, other = client_of("officer"), client_of("officer2")
    for one in (given, new, done_with):
        assert client.post(reverse("clue_step", args=[one.number]), {"state": "triaged"}).status_code == 302
    step = reverse("clue_step", args=[given.number])
    assert client.post(step, {"state": "assigned"}).status_code == 422, "to whom?"
    assert client.post(step, {"state": "received"}).status_code == 422
    assert client.post(step, {"state": "assigned", "assigned_to": world.staff["officer2"].pk}).status_code == 302
    assert client.post(step, {"state": "assigned", "assigned_to": world.staff["nurse"].pk}).status_code == 422
    assert client.post(reverse("clue_step", args=[done_with.number]), {"state": "dormant"}).status_code == 422, "why?"
    assert client.post(reverse("clue_step", args=[done_with.number]), {"state": "dormant", "note": "no more"}).status_code == 302
    assert [one.pk for one in listed(world.actor("officer2"))][:2] == [old.pk, given.pk]
    assert [one.waits for one in listed(world.actor("officer"))] == [0, 2, 2, 2]
    page = text(other.get(reverse("clues")))
    assert "given to you" in page
    assert "given to you" not in text(client.get(reverse("clues")))
    assert elsewhere.number[:3] + " " + elsewhere.number[3:6] not in page
    assert "何大" not in page
    asleep = text(client.get(reverse("clues"), {"state": "dormant"}))
    assert "张伟" in asleep
    assert "王芳" not in asleep
    assert Step.objects.filter(clue=given).count() == 3


def test_a_list_names_no_victim(world: World, client_of: Any) -> None:
    from wayhome.casework.clues.rules import Told

    clue(world, person(("name", "王芳")), Told("victim", [("name", "小妹")]))
    page = text(client_of("officer").get(reverse("clues")))
    assert "王芳" in page
    assert "1 victim" in page
    assert "小妹" not in page


@pytest.mark.parametrize("typed", ["王秀英", "Wang Xiuying", "Vương Tú Anh", "+86 138-0771-2044", "number"])
def test_search_finds_what_may_be_read(world: World, client_of: Any, typed: str) -> None:
    mine = clue(world, person(("name", "王秀英"), ("phone", PHONE)))
    theirs = clue(world, person(("name", "王秀英"), ("phone", PHONE)), by="officer_gd")
    clue(world, person(("name", "李娜")))
    answer = client_of("officer").post(reverse("clues"), {"text": mine.number if typed == "number" else typed})
    page = text(answer)
    assert reverse("clue", args=[mine.number]) in page
    assert "李娜" not in page
    assert theirs.number not in page
    if typed != "number":
        return
    hidden = client_of("officer").post(reverse("clues"), {"text": theirs.number})
    assert "No clue that you may read" in text(hidden)


def pair(world: World) -> tuple[Clue, Clue]:
    """Two of Guangxi's that share a telephone."""
    one = clue(world, person(("name", "吴桂花"), ("phone", PHONE)), source="a neighbour", protected=True)
    return one, clue(world, thing("phone", PHONE), text="Somebody saw <b>her</b> again")


def test_a_clue_shows_what_it_shares_and_why(world: World, client_of: Any) -> None:
    one, two = pair(world)
    client = client_of("officer")
    page = text(client.get(reverse("clue", args=[one.number])))
    assert "the same telephone" in page
    assert f"<strong>{PHONE}</strong>" in page, "as this clue has it"
    assert "13807712044" not in page, "what is compared is made for no reader"
    assert "2 clues have it" in page
    assert "a neighbour" in page
    assert "protected" in page
    assert reverse("judge_clues", args=[one.number, two.number]) in page
    assert AuditEvent.objects.filter(action="clues.read_clue", subject=f"clue:{one.pk}").count() == 1
    assert text(client.get(reverse("clue", args=[two.number]))).count("&lt;b&gt;her&lt;/b&gt;") == 1
    read = client_of("supervisor").get(reverse("clue", args=[one.number]))
    assert "a neighbour" not in text(read), "the source is the agency's own"
    assert reverse("add_to_clue", args=[one.number]) not in text(read)
    assert "Compare and decide" not in text(read)


def test_verdicts_are_given_beside_both_texts(world: World, client_of: Any) -> None:
    one, two = pair(world)
    client, address = client_of("officer"), reverse("judge_clues", args=[one.number, two.number])
    page = text(client.get(address))
    assert "婴儿" in page
    assert "Somebody saw" in page
    assert "nobody decided yet" in page
    assert client.post(address, {"yes": "1"}).status_code == 422, "a verdict has a reason"
    assert client.post(address, {"yes": "1", "note": "her voice"}).status_code == 302
    assert "belong together" in text(client.get(reverse("clue", args=[two.number])))
    cluster = text(client.get(reverse("cluster", args=[two.number]), {"which": "confirmed"}))
    assert reverse("clue", args=[one.number]) in cluster
    assert client.post(address, {"no": "1", "note": "another woman"}).status_code == 302
    assert list(Verdict.objects.order_by("n").values_list("confirmed", "note")) == [(True, "her voice"), (False, "another woman")]
    assert "another woman" in text(client.get(address))
    assert "Nothing hangs together" in text(client.get(reverse("cluster", args=[two.number])))
    answer = client_of("supervisor").post(address, {"yes": "1", "note": "so it is"})
    assert "what you said" not in text(answer).lower()
    assert Verdict.objects.count() == 2, "a supervisor decides nothing"
    reads = AuditEvent.objects.filter(action="clues.read_clue", staff_id=world.staff["supervisor"].pk)
    assert {event.subject for event in reads} == {f"clue:{one.pk}", f"clue:{two.pk}"}


def test_a_hit_names_whom_to_call_and_both_sides_open(world: World, client_of: Any) -> None:
    mine = clue(world, thing("phone", PHONE), source="a neighbour", protected=True)
    theirs = clue(world, person(("name", "何大"), ("phone", PHONE)), by="officer_gd", source="the porter")
    here, there = client_of("officer"), client_of("officer_gd")
    page = text(here.get(reverse("clue", args=[mine.number])))
    assert "广东省公安厅" in page
    assert theirs.number not in page
    assert "何大" not in page
    address = reverse("open_clue", args=[mine.number, "police_gd"])
    assert "It cannot be taken back" in text(here.get(address))
    assert here.get(reverse("open_clue", args=[mine.number, "welfare"])).status_code == 404
    assert here.get(reverse("open_clue", args=[mine.number, "nobody"])).status_code == 404
    assert here.post(address).status_code == 302
    assert "you agreed to open" in text(here.get(reverse("clue", args=[mine.number])))
    assert there.get(reverse("clue", args=[mine.number])).status_code == 404, "one side alone opens nothing"
    assert there.post(reverse("open_clue", args=[theirs.number, "police"])).status_code == 302
    assert Opening.objects.count() == 2
    opened = there.get(reverse("clue", args=[mine.number]))
    assert opened.status_code == 200
    assert "a neighbour" not in text(opened)
    assert "known to its own agency alone" in text(opened)
    assert reverse("clue_step", args=[mine.number]) not in text(opened)
    for name in ("add_to_clue", "clue_step", "shut_clue"):
        data = {"lines": "李娜", "state": "triaged"}
        assert there.post(reverse(name, args=[mine.number]), data).status_code in (403, 422), name
    assert Step.objects.filter(clue=mine).count() == 1


def test_a_clue_is_shut_in(world: World, client_of: Any) -> None:
    mine = clue(world, thing("phone", PHONE))
    opened = investigation(world, code="GX-0613", title="the bus")
    client, address = client_of("officer"), reverse("shut_clue", args=[mine.number])
    assert "GX-0613" in text(client.get(address))
    assert "GX-0613" not in text(client_of("officer2").get(address)), "a task force is there for its members alone"
    assert client.post(address, {"investigation": opened.pk}).status_code == 302
    assert "alone knows of this clue" in text(client.get(reverse("clue", args=[mine.number])))
    for name in ("officer2", "supervisor"):
        assert client_of(name).get(reverse("clue", args=[mine.number])).status_code == 404
        listed_page = text(client_of(name).get(reverse("clues")))
        assert reverse("clue", args=[mine.number]) not in listed_page


def test_more_is_added_under_the_next_number(world: World, client_of: Any) -> None:
    mine = clue(world, person(("name", "王秀英")))
    client, address = client_of("officer"), reverse("add_to_clue", args=[mine.number])
    assert "王秀英" in text(client.get(address))
    assert client.post(address, {"lines": ""}).status_code == 422
    assert client.post(address, {"lines": "桂P12345\n1 drives 2"}).status_code == 302
    edge = Edge.objects.get()
    assert (edge.one.label, edge.other.label) == ("王秀英", "桂P12345")


def test_every_state_and_language_has_its_page(world: World, client_of: Any) -> None:
    one, _two = pair(world)
    client: Client = client_of("officer")
    for language, said in (("zh-hans", "线索"), ("vi", "Manh mối"), ("en", "Clue")):
        client.cookies["wayhome-language"] = language
        User.objects.update(language=language)
        for name in ("clues", "record_clue"):
            assert said.lower() in text(client.get(reverse(name))).lower(), (language, name)
        assert said in text(client.get(reverse("clue", args=[one.number])))
    assert clue_of(world.actor("officer"), one.pk).pk == one.pk


def test_the_network_is_a_table_without_a_script(world: World, client_of: Any) -> None:
    one, two = pair(world)
    theirs = clue(world, person(("name", "何大"), ("phone", PHONE)), by="officer_gd")
    client = client_of("officer")
    start, phone = ([made.number, 1] for made in (one, two))
    page = text(client.get(reverse("network", args=start)))
    assert page.count("<tr data-tie") == 1
    assert "吴桂花" in page
    assert reverse("network", args=phone) in page
    assert "何大" not in page
    assert 'id="network-drawn"' in page
    looks = AuditEvent.objects.filter(action="clues.look_around")
    assert [event.subject for event in looks] == [f"clue:{one.pk}"], "a look is an event"
    way = text(client.get(reverse("network", args=start), {"to": f"{two.number}-1", "steps": "1"}))
    assert "The shortest way to" in way
    for address, asked in (
        (reverse("network", args=[theirs.number, 1]), {}),
        (reverse("network", args=[one.number, 2]), {}),
        (reverse("network", args=[one.number, 0]), {}),
        (reverse("network", args=start), {"to": f"{theirs.number}-1"}),
        (reverse("network", args=start), {"to": f"{two.number}-99999"}),
        (reverse("network", args=start), {"to": "123-1"}),
    ):
        assert client.get(address, asked).status_code == 404
    assert not looks.filter(subject=f"clue:{theirs.pk}").exists()
    assert looks.filter(subject=f"clue:{two.pk}").count() == 1, "where the way leads to"
    assert client.get(reverse("network", args=start), {"to": "x" * 99, "steps": "9"}).status_code == 200
    assert "何大" in text(client_of("supervisor").get(reverse("network", args=start)))


def test_no_page_tells_how_many_things_there_are(world: World, client_of: Any) -> None:
    """A thing is spoken of by its place in its clue, and by no number that goes up with every thing of the house."""
    one, two = pair(world)
    number = 987_654_321
    known = {"kind": "person", "by_id": world.actor("officer").staff_id, "at": world.now()}
    for k, made in enumerate((one, two)):
        told = Mention.objects.create(pk=number + k, clue=made, label="李娜", **known)
        MentionKey.objects.create(clue=made, mention=told, kind="name", key="lina")
        said = {"clue": made, "verb": "calls", "by_id": known["by_id"], "at": world.now()}
        Edge.objects.create(pk=number + k, one=told, other=made.mentions.order_by("pk")[0], **said)
    client = client_of("officer")
    start = reverse("network", args=[one.number, 2])
    for address, asked in (
        (reverse("clue", args=[one.number]), {}),
        (start, {}),
        (start, {"steps": "2"}),
        (start, {"to": f"{two.number}-2"}),
        (reverse("judge_clues", args=[one.number, two.number]), {}),
    ):
        page = text(client.get(address, asked))
        assert "李娜" in page
        assert str(number)[:-1] not in page, address
