"""What is asked about those who must never have a child, and about foster care."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from factories.families import TOLD
from trust.acts.bench import NOON, Case
from trust.acts.stage import HOME, LONG, Stage
from wayhome.casework.custody import actions
from wayhome.casework.families import actions as families
from wayhome.casework.operations import actions as operations

HOUR = timedelta(hours=1)
HOMES_ADDRESS = "广西防城港市迎宾街30号"
"""Of the welfare home: its children are with somebody excluded once this is."""


def exclusions() -> Iterator[Case]:
    """Who never has a child."""

    def exclude(s: Stage, by: str = "officer", **given: Any) -> Any:
        return actions.exclude(**{"ground": "seller", "note": LONG, "person": s.carer} | given, **s.who(by))

    yield Case("exclude: who fosters a child", "done", exclude)
    yield Case("exclude: without a look", "done", lambda s: exclude(s, look=False))
    yield Case("exclude: whom the nurse passes for", "done", lambda s: exclude(s, person=s.namesake))
    yield Case("exclude: who is to carry a child", "done", lambda s: exclude(s, person=s.driver))
    yield Case("exclude: for a child", "done", lambda s: exclude(s, scope="child", child=s.home))
    yield Case("exclude: for a child that it has", "done", lambda s: exclude(s, scope="child", child=s.fostered))
    yield Case("exclude: for an operation", "done", lambda s: exclude(s, scope="operation", operation=s.world.operation))
    for subject, value in (
        ("phone", " 13912345678 "),
        ("vehicle", "桂P12345"),
        ("vehicle", "桂N99999"),
        ("address", HOMES_ADDRESS),
        ("id", "450602198001014321"),
    ):
        yield Case(
            f"exclude: {subject} {value}", "done", lambda s, k=subject, v=value: exclude(s, person=None, subject=k, value=v)
        )
    yield Case(
        "exclude: a place is none",
        "invalid: value not_recognisable",
        lambda s: exclude(s, person=None, subject="address", value=" "),
    )
    yield Case(
        "exclude: a name alone",
        "invalid: value not_recognisable",
        lambda s: exclude(s, person=None, subject="name", value="王秀英"),
    )
    yield Case("exclude: nobody", "invalid: value not_recognisable", lambda s: exclude(s, person=None))
    yield Case("exclude: a nurse", "not allowed: not_allowed", lambda s: exclude(s, "nurse"))

    def twice(s: Stage) -> Any:
        exclude(s)
        return actions.look_again(**s.who("officer"))

    yield Case("look_again: told once", "done", twice)

    def asks(s: Stage, who: str) -> Any:
        return families.record_request(inquirer=getattr(s, who), relation="mother", told=TOLD, **s.who("officer"))

    def claims(s: Stage) -> Any:
        """Somebody asks for a child, is excluded afterwards by somebody above, and told of once."""
        asks(s, "namesake")
        exclude(s, "supervisor", person=s.namesake)
        return actions.look_again(**s.who("officer"))

    yield Case("record_request: whose husband bought a child", "done", lambda s: asks(s, "spouse"))
    yield Case("exclude: who asks for a child", "done", claims)

    def by_name(s: Stage) -> Any:
        """Somebody is excluded who is called as a relative is, and told of once."""
        seller = operations.record_person(label="seller", facts=[("name", "Li Dahe")], **s.who("officer"))
        exclude(s, "supervisor", person=seller)
        return actions.look_again(**s.who("officer"))

    yield Case("exclude: who is called as a relative is", "done", by_name)

    def after_death(s: Stage) -> Any:
        actions.record_death(child=s.patient, died_at=NOON, condition="", **s.who("doctor"))
        doctor = operations.record_person(label="seller", facts=[("name", "陈海燕")], **s.who("officer"))
        return exclude(s, person=doctor)

    yield Case("exclude: by the ministry", "done", lambda s: exclude(s, "supervisor"))
    yield Case("exclude: nobody has a dead child", "done", after_death)

    def merged_away(s: Stage) -> Any:
        """A record merged away is asked about as the record that counts."""
        staff = operations.record_person(label="seller", facts=[("name", "李卫国")], **s.who("officer"))
        return exclude(s, person=staff, scope="child", child=s.kept)

    yield Case("exclude: for the record kept", "done", merged_away)

    def screen(s: Stage, by: str = "officer", kind: str = "name", value: str = "农晓红") -> Any:
        return actions.screen(kind=kind, value=value, **s.who(by))

    yield Case("screen", "done", screen)
    yield Case("screen: kin", "done", lambda s: screen(s, value="凌大伟"))
    yield Case("screen: nobody", "done", lambda s: screen(s, value="刘慧珍"))
    yield Case("screen: a nurse who admits", "done", lambda s: screen(s, "nurse"))
    yield Case("screen: a supervisor who reads", "done", lambda s: screen(s, "supervisor"))
    yield Case("screen: an analyst", "not allowed: not_allowed", lambda s: screen(s, "analyst"))
    for name in ("buyer", "spouse", "carer"):
        yield Case(
            f"screen_person: {name}", "done", lambda s, n=name: actions.screen_person(person=getattr(s, n), **s.who("officer"))
        )
    yield Case(
        "screen_person: a nurse", "not allowed: not_allowed", lambda s: actions.screen_person(person=s.buyer, **s.who("nurse"))
    )

    def admit(s: Stage, by: str = "nurse", **given: Any) -> Any:
        return actions.admit(**{"facility": s.place("hospital"), "purpose": "visit"} | given, **s.who(by))

    facts = [("name", "孙志愿"), ("id", "450602199001014321")]
    yield Case("admit: on record", "done", lambda s: admit(s, person=s.carer))
    yield Case("admit: to a child", "done", lambda s: admit(s, person=s.carer, child=s.patient))
    yield Case("admit: on no record", "done", lambda s: admit(s, facts=facts))
    yield Case("admit: the buyer", "refused: excluded", lambda s: admit(s, person=s.buyer, child=s.patient))
    yield Case("admit: the spouse", "refused: kin_of_excluded", lambda s: admit(s, person=s.spouse))
    yield Case(
        "admit: the buyer, on no record",
        "refused: excluded",
        lambda s: admit(s, facts=[("name", "农晓红"), ("id", "900000190001010011")]),
    )
    yield Case("admit: at another's", "refused: receiver_not_of_place", lambda s: admit(s, "caseworker", person=s.carer))
    yield Case("admit: an analyst", "not allowed: not_allowed", lambda s: admit(s, "analyst", person=s.carer))


def foster() -> Iterator[Case]:
    """Asked for by one, approved by two others."""

    def ask(s: Stage, by: str = "caseworker", **given: Any) -> Any:
        asked = {"child": s.home, "institution": s.place("home"), "person": s.carer, "address": f"  {HOME} ", "reason": LONG}
        return actions.propose_foster(**asked | given, **s.who(by))

    yield Case("propose_foster", "done", ask)
    yield Case("propose_foster: nowhere", "invalid: address not_recognisable", lambda s: ask(s, address=" "))
    yield Case("propose_foster: a nurse", "not allowed: not_allowed", lambda s: ask(s, "nurse"))
    yield Case("propose_foster: the buyer", "refused: excluded", lambda s: ask(s, person=s.buyer))
    yield Case(
        "propose_foster: an address that is excluded", "refused: excluded", lambda s: ask(s, address="广西东兴市教育路8号2楼")
    )

    def with_kin(s: Stage) -> Any:
        operations.add_fact(person=s.spouse, kind="address", value="广西凭祥市北大路66号", **s.who("officer"))
        return ask(s, address="广西凭祥市北大路66号")

    yield Case("propose_foster: where kin lives", "refused: kin_of_excluded", with_kin)

    def for_another(s: Stage) -> Any:
        operations.add_fact(person=s.driver, kind="address", value="广西凭祥市北大路66号", **s.who("officer"))
        actions.exclude(person=s.driver, ground="threat", scope="child", child=s.fostered, **s.who("officer"))
        return ask(s, address="广西凭祥市北大路66号")

    yield Case("propose_foster: where somebody excluded for another lives", "done", for_another)

    def approve(s: Stage, by: str = "officer", digest: str = "", stepped_up: bool = True) -> Any:
        signs = s.by(by, stepped_up=stepped_up)
        return actions.approve_foster(request=s.request, digest=digest or s.request.digest, by=signs, at=s.at())

    yield Case("approve_foster", "done", approve)
    yield Case("approve_foster: a supervisor", "done", lambda s: approve(s, "supervisor"))
    yield Case("approve_foster: a nurse", "not allowed: not_allowed", lambda s: approve(s, "nurse"))
    yield Case("approve_foster: not stepped up", "not allowed: step_up", lambda s: approve(s, stepped_up=False))
    yield Case("approve_foster: something else", "refused: changed_request", lambda s: approve(s, digest="0" * 64))
    yield Case("approve_foster: the same house", "refused: self_approval", lambda s: approve(s, "placement"))

    def colleague(s: Stage) -> Any:
        approve(s)
        return approve(s, "officer2")

    yield Case("approve_foster: a colleague", "refused: same_agency", colleague)

    def end(s: Stage, by: str = "caseworker") -> Any:
        return actions.end_foster(request=s.request, reason=LONG, **s.who(by))

    for who in ("caseworker", "officer", "supervisor", "placement"):
        yield Case(f"end_foster: {who}", "done", lambda s, who=who: end(s, who))
    yield Case("end_foster: a nurse", "not allowed: not_allowed", lambda s: end(s, "nurse"))

    def again(s: Stage) -> Any:
        end(s)
        return end(s)

    yield Case("end_foster: twice", "refused: already_there", again)


SOURCES = (
    exclusions,
    foster,
)
