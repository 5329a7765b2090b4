"""What the actions on operations, rescues and adults are asked, legal and not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from trust.acts.bench import NOON, Case
from trust.acts.stage import Stage
from trust.acts.typed import typed
from wayhome.casework.operations import actions as operations

DAY = date(2011, 7, 20)
NO_ZONE = datetime(2011, 7, 20, 8)
HOUR = timedelta(hours=1)
DENIED = "not allowed: not_allowed"


def around() -> Iterator[Case]:
    """Operations, rescues and adults."""

    def operation(s: Stage, by: str = "officer", **given: Any) -> Any:
        asked = {
            "code": " " + "c" * 30,
            "title": " " + "t" * 120,
            "zero_hour": NOON + HOUR,
            "jurisdiction": s.world.jurisdictions["GX"],
        }
        return operations.record_operation(**asked | given, **s.who(by))

    yield Case("record_operation", "done", operation)
    yield Case("record_operation: elsewhere", "done", lambda s: operation(s, time_zone="Asia/Ho_Chi_Minh"))
    yield Case("record_operation: a nurse", DENIED, lambda s: operation(s, "nurse"))
    yield Case("record_operation: a code given", "refused: already_there", lambda s: operation(s, code="8.6.2011"))
    yield from typed(
        "record_operation",
        operation,
        uncoded=({"code": " "}, "code required"),
        untitled=({"title": " "}, "title required"),
        long_code=({"code": "c" * 31}, "code too_long"),
        long_title=({"title": "t" * 121}, "title too_long"),
        zoneless=({"zero_hour": NO_ZONE}, "zero_hour no_time_zone"),
        nowhere=({"time_zone": "Mars/Base"}, "time_zone unknown_choice"),
    )
    place = "广西崇左市友谊大道18号"

    def rescue(s: Stage, by: str = "officer", **given: Any) -> Any:
        asked = {
            "operation": s.world.operation,
            "jurisdiction": s.world.jurisdictions["GX"],
            "place": f" {place} ",
            "found_at": NOON,
        }
        return operations.record_rescue(**asked | given, **s.who(by))

    yield Case("record_rescue", "done", rescue)
    yield Case(
        "record_rescue: with all that is known",
        "done",
        lambda s: rescue(
            s,
            facility=s.place("nursery"),
            clue_of=s.world.jurisdictions["GD"],
            sedation_suspected=True,
            circumstances=" " + "c" * 5000,
            found_with=[s.buyer, s.spouse, s.buyer],
        ),
    )
    yield Case("record_rescue: a correction", "done", lambda s: rescue(s, corrects=s.world.event))
    yield Case(
        "record_rescue: a correction with a place",
        "done",
        lambda s: rescue(s, corrects=s.world.event, facility=s.place("nursery")),
    )

    def corrected_twice(s: Stage) -> Any:
        first = rescue(s, corrects=s.world.event)
        return rescue(s, corrects=first, place="广西凭祥市北大路66号")

    yield Case("record_rescue: a correction of a correction", "done", corrected_twice)

    def other_operation(s: Stage) -> Any:
        return rescue(s, operation=operation(s, code="9.9"), corrects=s.world.event)

    yield Case("record_rescue: of another operation", "invalid: corrects other_operation", other_operation)
    yield Case("record_rescue: a nurse", DENIED, lambda s: rescue(s, "nurse"))
    yield Case("record_rescue: another's operation", "not found", lambda s: rescue(s, "officer_gd"))
    yield from typed(
        "record_rescue",
        rescue,
        nowhere=({"place": " "}, "place required"),
        long=({"place": place.ljust(201, "9")}, "place too_long"),
        unclear=({"place": "。"}, "place not_recognisable"),
        later=({"found_at": NOON + HOUR}, "found_at in_future"),
        zoneless=({"found_at": NO_ZONE}, "found_at no_time_zone"),
        wordy=({"circumstances": "c" * 5001}, "circumstances too_long"),
    )

    def person(s: Stage, by: str = "officer", **given: Any) -> Any:
        asked = {
            "label": " " + "l" * 80,
            "facts": [("name", " 莫小红 "), ("alias", "红姐"), ("phone", "13912345678")],
            "source": " " + "s" * 200,
        }
        return operations.record_person(**asked | given, **s.who(by))

    yield Case("record_person", "done", person)
    yield Case("record_person: a nurse", DENIED, lambda s: person(s, "nurse"))
    yield Case(
        "record_person: alone",
        "done",
        lambda s: operations.record_person(label="x", facts=[("name", "莫小红")], **s.who("officer")),
    )
    yield from typed(
        "record_person",
        person,
        unlabelled=({"label": " "}, "label required"),
        long=({"label": "l" * 81}, "label too_long"),
        unsourced=({"source": ""}, ""),
        wordy=({"source": "s" * 201}, "source too_long"),
        factless=({"facts": []}, "facts required"),
        shoe=({"facts": [("shoe", "44")]}, "kind unknown_choice"),
        unsaid=({"facts": [("name", " ")]}, "name required"),
        unknown=({"facts": [("phone", "x")]}, "phone not_recognisable"),
        long_fact=({"facts": [("name", "n" * 201)]}, "name too_long"),
    )
    facts = [("name", "孙志愿"), ("id", "450602199001014321"), ("phone", "13912345678")]

    def visitor(s: Stage, by: str = "nurse", facts: Any = facts) -> Any:
        return operations.record_visitor(facts=facts, **s.who(by))

    def inside(s: Stage, **given: Any) -> Any:
        with transaction.atomic():
            return visitor(s, **given)

    yield Case("record_visitor", "done", inside)
    yield Case("record_visitor: known", "done", lambda s: inside(s, facts=[("name", "刘慧珍"), ("id", "450602198001014321")]))
    yield Case(
        "record_visitor: a long name", "done", lambda s: inside(s, facts=[("name", "n" * 90), ("id", "450602199001014321")])
    )
    yield Case("record_visitor: alone", "RuntimeError: an audit event", visitor)
    yield Case("record_visitor: an analyst", DENIED, lambda s: inside(s, by="analyst"))
    yield from typed(
        "record_visitor",
        inside,
        nameless=({"facts": facts[1:]}, "name required"),
        numberless=({"facts": facts[:1]}, "id required"),
        shoe=({"facts": [*facts, ("shoe", "44")]}, "kind unknown_choice"),
    )

    def fact(s: Stage, by: str = "officer", **given: Any) -> Any:
        return operations.add_fact(
            person=s.carer, **{"kind": "alias", "value": " 珍姐 ", "source": " " + "s" * 200} | given, **s.who(by)
        )

    yield Case("add_fact", "done", fact)
    yield Case("add_fact: known", "done", lambda s: fact(s, kind="name", value="刘慧珍"))
    yield Case(
        "add_fact: by which a mother is a buyer",
        "done",
        lambda s: operations.add_fact(person=s.family.inquirer, kind="phone", value="13877001234", **s.who("officer")),
    )
    yield Case("add_fact: a nurse", DENIED, lambda s: fact(s, "nurse"))
    yield from typed(
        "add_fact",
        fact,
        unsourced=({"source": ""}, ""),
        wordy=({"source": "s" * 201}, "source too_long"),
        shoe=({"kind": "shoe"}, "kind unknown_choice"),
        unknown=({"kind": "phone", "value": "x"}, "phone not_recognisable"),
    )

    def tie(s: Stage, by: str = "officer", other: str = "driver", **given: Any) -> Any:
        asked = {"kind": "sibling", "source": " " + "s" * 200}
        return operations.tie(person=s.carer, other=getattr(s, other), **asked | given, **s.who(by))

    yield Case("tie", "done", tie)
    yield Case("tie: a nurse", DENIED, lambda s: tie(s, "nurse"))
    yield Case(
        "tie: known",
        "refused: already_there",
        lambda s: operations.tie(person=s.buyer, other=s.spouse, kind="spouse", **s.who("officer")),
    )
    yield Case(
        "tie: known in another way",
        "done",
        lambda s: operations.tie(person=s.buyer, other=s.spouse, kind="household", **s.who("officer")),
    )
    yield Case(
        "tie: to another too", "done", lambda s: operations.tie(person=s.buyer, other=s.driver, kind="spouse", **s.who("officer"))
    )
    yield Case(
        "tie: another to the same",
        "done",
        lambda s: operations.tie(person=s.driver, other=s.spouse, kind="spouse", **s.who("officer")),
    )
    yield from typed(
        "tie",
        tie,
        oneself=({"other": "carer"}, "other tie_to_self"),
        friend=({"kind": "friend"}, "kind unknown_choice"),
        unsourced=({"source": ""}, ""),
        wordy=({"source": "s" * 201}, "source too_long"),
    )

    def role(s: Stage, by: str = "officer", **given: Any) -> Any:
        asked = {"person": s.buyer, "operation": s.world.operation, "kind": "buyer"}
        return operations.record_role(**asked | given, **s.who(by))

    yield Case("record_role", "done", role)
    yield Case("record_role: detained", "done", lambda s: role(s, detained_at=NOON))
    yield Case("record_role: a nurse", DENIED, lambda s: role(s, "nurse"))
    yield Case("record_role: another's operation", "not found", lambda s: role(s, "officer_gd"))

    def beside_ones_own(s: Stage, act: Any) -> Any:
        operation(s, "officer_gd", code="9.9", jurisdiction=s.world.jurisdictions["GD"])
        return act(s, "officer_gd")

    yield Case("record_role: another's operation, with one's own", "not found", lambda s: beside_ones_own(s, role))
    yield Case("record_rescue: another's operation, with one's own", "not found", lambda s: beside_ones_own(s, rescue))

    def known(s: Stage) -> Any:
        role(s)
        return role(s)

    def beside(s: Stage) -> Any:
        role(s)
        role(s, kind="seller")
        role(s, operation=operation(s, code="9.9"))
        return role(s, person=s.spouse)

    yield Case("record_role: known", "refused: already_there", known)
    yield Case("record_role: beside others", "done", beside)
    yield from typed(
        "record_role",
        role,
        friend=({"kind": "friend"}, "kind unknown_choice"),
        later=({"detained_at": NOON + HOUR}, "detained_at in_future"),
    )


SOURCES = (around,)
