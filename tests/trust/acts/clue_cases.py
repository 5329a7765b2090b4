"""What the actions on clues are asked, legal and not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from factories.clues import PHONE, clue, person, thing
from trust.acts.bench import NOON, Case, drawn_after
from trust.acts.clue_stage import RUNG, agrees
from trust.acts.stage import Stage
from trust.acts.typed import typed
from wayhome.casework.clues import actions
from wayhome.casework.clues.queries.network import Place
from wayhome.casework.clues.rules import Relation, Told

DAY = date(2011, 7, 20)
NO_ZONE = datetime(2011, 7, 20, 8)
HOUR = timedelta(hours=1)
DENIED, NOT_YOURS = "not allowed: not_allowed", "not allowed: not_your_clue"
WOMAN = person(("name", "韦梅"), ("alias", "Mei Jie"), ("phone", PHONE))
BUS, TOWN, CITY = thing("vehicle", "桂P12345"), thing("place", "凭祥市"), Told("route", [("place", "钦州")], " the road ")
LONG_ROAD = Relation(0, "moves", 3, role="victim", on=DAY, origin=1, destination=2)


def intake() -> Iterator[Case]:
    """Taken down, and added to."""

    def taken(s: Stage, by: str = "officer", **given: Any) -> Any:
        asked = {
            "text": " " + "t" * 20_000,
            "received_at": NOON,
            "channel": "hotline",
            "source_grade": "B",
            "info_grade": 2,
            "language": "zh",
            "jurisdiction": s.world.jurisdictions["GX"],
        }
        return actions.record_clue(**asked | given, **s.who(by))

    yield Case("record_clue", "done", taken)
    yield Case("record_clue: a nurse", DENIED, lambda s: taken(s, "nurse"))
    yield Case("record_clue: a supervisor", DENIED, lambda s: taken(s, "supervisor"))
    yield Case("record_clue: another's number", "done", lambda s: drawn_after(s.it["clue"].pk, lambda: taken(s)))
    yield Case("record_clue: anonymous", "done", lambda s: taken(s, anonymous=True, source=" "))
    yield Case("record_clue: protected", "done", lambda s: taken(s, protected=True, source=" " + "s" * 500))
    yield Case("record_clue: elsewhere", "refused: clue_elsewhere", lambda s: taken(s, jurisdiction=s.world.jurisdictions["GD"]))
    yield from typed(
        "record_clue",
        taken,
        wordless=({"text": " "}, "text required"),
        long=({"text": "t" * 20_001}, "text too_long"),
        later=({"received_at": NOON + HOUR}, "received_at in_future"),
        zoneless=({"received_at": NO_ZONE}, "received_at no_time_zone"),
        channel=({"channel": "pigeon"}, "channel unknown_choice"),
        grade=({"source_grade": "G"}, "source_grade unknown_choice"),
        seven=({"info_grade": 7}, "info_grade unknown_choice"),
        none=({"info_grade": 0}, "info_grade unknown_choice"),
        language=({"language": "la"}, "language unknown_choice"),
        long_source=({"source": "s" * 501}, "source too_long"),
        known_source=({"source": "s", "anonymous": True}, "source source_of_anonymous"),
    )
    for least, most in (("A", 1), ("F", 6)):
        yield Case(f"record_clue: {least}{most}", "done", lambda s, a=least, b=most: taken(s, source_grade=a, info_grade=b))
    everything = {"speaks_of": [WOMAN, BUS, TOWN, CITY], "relations": [LONG_ROAD, Relation(1, "seen_at", 2)]}
    yield Case("record_clue: with all that it speaks of", "done", lambda s: taken(s, **everything))
    ways = [Relation(0, "seen_at", 1)]

    def of(speaks_of: Any = (BUS, TOWN, CITY), relations: Any = ()) -> dict[str, Any]:
        return {"speaks_of": speaks_of, "relations": relations}

    def related(*ends: Any, **more: Any) -> dict[str, Any]:
        return of(relations=[Relation(ends[0], more.pop("verb", "seen_at"), ends[1], **more)])

    wrong = {
        "much": (of([TOWN] * 100) | {"channel": "pigeon"}, "channel unknown_choice"),
        "tangled": (of([BUS, TOWN], ways * 100) | {"channel": "pigeon"}, "channel unknown_choice"),
        "too_much": (of([TOWN] * 101), "speaks_of too_many"),
        "what": (of([Told("shoe", [("phone", PHONE)])]), "facts unknown_choice, kind unknown_choice"),
        "what_and_by_nothing": (of([Told("shoe", [])]), "facts required, kind unknown_choice"),
        "by_nothing": (of([Told("phone", [])]), "facts required"),
        "by_nothing_but_a_label": (of([Told("phone", [], "l")]), "facts required"),
        "by_another": (of([Told("phone", [("place", "凭祥市")])]), "facts unknown_choice"),
        "by_what": (of([Told("phone", [("shoe", "44")])]), "facts unknown_choice"),
        "by_a_blank": (of([thing("phone", " ")]), "facts required"),
        "by_too_long": (of([person(("name", "n" * 201))]), "facts too_long"),
        "by_no_number": (of([thing("phone", "x")]), "facts not_recognisable"),
        "label": (of([Told("place", [("place", "凭祥市")], "l" * 201)]), "label too_long"),
        "long_label": (of([Told("place", [("place", "凭祥市")], " " + "l" * 200)]), ""),
        "long_fact": (of([person(("name", " " + "n" * 200))]), ""),
        "too_tangled": (of([BUS, TOWN], ways * 101), "relations too_many"),
        "verb": (related(0, 1, verb="eats"), "verb unknown_choice"),
        "role": (related(0, 1, role="friend"), "role unknown_choice"),
        "itself": (related(1, 1), "relations tie_to_self"),
        "before": (related(-1, 1), "relations unknown_choice"),
        "after": (related(0, 3), "relations unknown_choice"),
        "last": (related(0, 2), ""),
        "from": (related(0, 1, origin=3), "relations unknown_choice"),
        "to": (related(0, 1, destination=3), "relations unknown_choice"),
        "on": (related(0, 1, on=DAY + timedelta(days=2)), "on in_future"),
    }
    yield from typed("record_clue", taken, **wrong)

    def added(s: Stage, by: str = "officer2", which: str = "clue", **given: Any) -> Any:
        asked = {"speaks_of": [BUS, WOMAN], "relations": [Relation(3, "travels", 2), Relation(0, "seen_at", 3)]}
        return actions.add_mentions(clue=s.it[which], **asked | given, **s.who(by))

    yield Case("add_mentions", "done", added)
    yield Case("add_mentions: things alone", "done", lambda s: added(s, relations=()))
    yield Case("add_mentions: relations alone", "done", lambda s: added(s, speaks_of=(), relations=[Relation(1, "seen_at", 0)]))
    yield Case("add_mentions: a nurse", DENIED, lambda s: added(s, "nurse"))
    yield Case("add_mentions: a supervisor", DENIED, lambda s: added(s, "supervisor"))
    yield Case("add_mentions: a neighbour's", NOT_YOURS, lambda s: added(s, which="near"))
    yield Case("add_mentions: another's", "not found", lambda s: added(s, which="far"))
    yield from typed(
        "add_mentions",
        added,
        nothing=({"speaks_of": [], "relations": []}, "speaks_of required"),
        more=({"speaks_of": [TOWN] * 101}, "speaks_of too_many"),
        beyond=({"relations": [Relation(0, "seen_at", 4)]}, "relations unknown_choice"),
        on=({"relations": [Relation(0, "seen_at", 1, on=DAY + timedelta(days=2))]}, "on in_future"),
    )


def steps() -> Iterator[Case]:
    """Triage."""

    def stepped(s: Stage, by: str = "officer", which: str = "given", to: str = "", **given: Any) -> Any:
        more = given | ({"assigned_to": s.staff(to)} if to else {})
        return actions.triage(clue=s.it[which], **{"state": "corroborated"} | more, **s.who(by))

    yield Case("triage", "done", stepped)
    yield Case("triage: the first", "done", lambda s: stepped(s, which="clue", state="triaged", note=" " + "n" * 300))
    yield Case("triage: to somebody", "done", lambda s: stepped(s, state="assigned", to="officer"))
    yield Case("triage: to a neighbour", "refused: assigned_to_nobody", lambda s: stepped(s, state="assigned", to="officer_bs"))
    inside = {"which": "shut", "state": "assigned"}
    yield Case("triage: in a compartment", "done", lambda s: stepped(s, to="officer2", **inside))
    yield Case("triage: in it, to nobody", "done", lambda s: stepped(s, which="shut", state="unfounded", note="n"))
    yield Case("triage: out of it", "invalid: assigned_to assigned_outside", lambda s: stepped(s, to="officer_bs", **inside))
    yield Case("triage: a step too far", "refused: no_such_clue_step", lambda s: stepped(s, state="actioned"))
    yield Case("triage: unfounded", "done", lambda s: stepped(s, state="unfounded", note="n"))
    yield Case("triage: dormant", "done", lambda s: stepped(s, state="dormant", note="n"))
    yield Case("triage: a nurse", DENIED, lambda s: stepped(s, "nurse"))
    yield Case("triage: a supervisor", DENIED, lambda s: stepped(s, "supervisor"))
    yield Case("triage: a neighbour's", NOT_YOURS, lambda s: stepped(s, which="near", state="triaged"))
    yield Case("triage: another's", "not found", lambda s: stepped(s, which="far", state="triaged"))
    yield from typed(
        "triage",
        stepped,
        where=({"state": "lost"}, "state unknown_choice"),
        to_nobody=({"state": "assigned"}, "assigned_to assigned_to_nobody"),
        to_whom=({"to": "officer"}, "assigned_to assigned_to_nobody"),
        why_unfounded=({"state": "unfounded"}, "note required"),
        why_dormant=({"state": "dormant"}, "note required"),
        wordy=({"note": "n" * 301}, "note too_long"),
    )


def pairs() -> Iterator[Case]:
    """Whether two belong together."""

    def judged(s: Stage, one: str = "clue", other: str = "near", by: str = "officer", **given: Any) -> Any:
        asked = {"confirmed": True, "note": " " + "n" * 300}
        return actions.judge_pair(clue=s.it[one], other=s.it[other], **asked | given, **s.who(by))

    yield Case("judge_pair", "done", judged)
    yield Case("judge_pair: told by the other's", "done", lambda s: judged(s, "near", "clue"))
    yield Case("judge_pair: the higher is one's own", "done", lambda s: judged(s, "given", "near"))
    yield Case("judge_pair: both are, told backwards", "done", lambda s: judged(s, "given", "clue"))
    yield Case("judge_pair: not after all", "done", lambda s: judged(s, other="clue2", by="officer2", confirmed=False))
    yield Case("judge_pair: opened", "done", lambda s: judged(s, "shown", "shown_too"))
    yield Case("judge_pair: neither is one's own", "not allowed: not_your_side", lambda s: judged(s, "near", "near2"))
    yield Case("judge_pair: another's", "not found", lambda s: judged(s, other="far"))
    yield Case("judge_pair: another's first", "not found", lambda s: judged(s, "far", "clue"))
    yield Case("judge_pair: a nurse", DENIED, lambda s: judged(s, by="nurse"))
    yield Case("judge_pair: a supervisor", DENIED, lambda s: judged(s, by="supervisor"))
    yield Case("judge_pair: with itself", "invalid: other tie_to_self", lambda s: judged(s, other="clue"))
    yield from typed(
        "judge_pair",
        judged,
        wordless=({"note": " "}, "note required"),
        wordy=({"note": "n" * 301}, "note too_long"),
    )


def compartments() -> Iterator[Case]:
    """Read, shut away, and opened."""

    def read(s: Stage, by: str = "officer", which: str = "clue") -> Any:
        return actions.read_clue(clue_id=s.it[which].pk, **s.who(by))

    yield Case("read_clue", "done", read)
    yield Case("read_clue: of the task force", "done", lambda s: read(s, "officer2", "shut"))
    yield Case("read_clue: of a task force", "not found", lambda s: read(s, "officer_bs", "shut"))
    yield Case("read_clue: another's", "not found", lambda s: read(s, which="far"))

    def around(s: Stage, by: str = "officer", which: str = "near") -> Any:
        return actions.look_around(place=Place(s.it[which].pk, 1), **s.who(by))

    yield Case("look_around", "done", around)
    yield Case("look_around: another's", "not found", lambda s: around(s, which="far"))

    def shut(s: Stage, by: str = "officer", which: str = "clue", into: str = "opened") -> Any:
        return actions.put_in_compartment(clue=s.it[which], investigation=s.it[into], **s.who(by))

    yield Case("put_in_compartment", "done", shut)
    yield Case("put_in_compartment: another is there", "done", lambda s: shut(s, which="clue2"))
    yield Case("put_in_compartment: twice", "refused: already_there", lambda s: shut(s, which="shut"))
    yield Case("put_in_compartment: of strangers", "not found", lambda s: shut(s, into="alone"))
    yield Case("put_in_compartment: a neighbour's", NOT_YOURS, lambda s: shut(s, which="near"))
    yield Case("put_in_compartment: a nurse", DENIED, lambda s: shut(s, "nurse"))
    yield Case("put_in_compartment: a supervisor", DENIED, lambda s: shut(s, "supervisor"))

    def agreed(s: Stage, which: str = "clue", agency: str = "police_gd", by: str = "officer") -> Any:
        return actions.agree_to_open(clue=s.it[which], agency=s.world.agencies[agency], **s.who(by))

    def two_more(s: Stage) -> Any:
        clue(s.world, thing("phone", RUNG), by="officer_gd")
        return agreed(s, "asked")

    def agreed_twice(s: Stage) -> Any:
        agrees(s.world, s.asked, "police_gd")
        return agreed(s, "asked")

    def by_another_clue(s: Stage) -> Any:
        asked = clue(s.world, thing("phone", RUNG))
        return actions.agree_to_open(clue=asked, agency=s.world.agencies["police_gd"], **s.who("officer"))

    yield Case("agree_to_open", "done", agreed)
    yield Case("agree_to_open: as of another clue", "done", by_another_clue)
    yield Case("agree_to_open: the other side", "done", lambda s: agreed(s, "behind", "police", "officer_gd"))
    yield Case("agree_to_open: one more is there", "done", lambda s: agreed(s, "asked"))
    yield Case("agree_to_open: two more are there", "done", two_more)
    yield Case("agree_to_open: twice", "refused: already_there", agreed_twice)
    yield Case("agree_to_open: no hit", "not found", lambda s: agreed(s, "clue2"))
    yield Case("agree_to_open: to a neighbour", "not found", lambda s: agreed(s, agency="police_bs"))
    yield Case("agree_to_open: a neighbour's", NOT_YOURS, lambda s: agreed(s, "near"))
    yield Case("agree_to_open: a nurse", DENIED, lambda s: agreed(s, by="nurse"))


SOURCES = (intake, steps, pairs, compartments)
