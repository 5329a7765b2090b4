"""The part of `factories.api_cases` that is about clues. All people are made up."""

from __future__ import annotations

from django.utils import timezone

from factories.api_case import Case, Things, sends, where
from factories.clues import PHONE, clue, person, thing
from factories.operations import investigation

_WANG = {"kind": "person", "facts": [{"kind": "name", "value": "王秀英"}, {"kind": "phone", "value": PHONE}]}
_BUS = {"kind": "vehicle", "facts": [{"kind": "vehicle", "value": "桂P12345"}]}
_DRIVES = {"one": 0, "verb": "drives", "other": 1, "role": "transporter", "on": "2011-07-01"}


def some_clues(things: Things) -> None:
    """Two of Guangxi's that share a telephone, and one of Guangdong's with the same."""
    world = things.world
    kept, world.clock = world.clock, timezone.now()
    try:
        one = clue(world, person(("name", "吴桂花"), ("phone", PHONE)), source="a neighbour")
        two, theirs = clue(world, thing("phone", PHONE)), clue(world, thing("phone", PHONE), by="officer_gd")
        opened = investigation(world, code="GX-0613", title="the bus")
    finally:
        world.clock = kept
    things.ids |= {"clue": one.number, "clue2": two.number, "clue_gd": theirs.number, "of_clues": opened.number}


CLUES: dict[str, Case] = {
    "POST /clues": Case(
        "officer",
        where("/clues"),
        sends(
            text="一个女人带着婴儿上了去东兴的大巴",
            received_at="2011-07-15T08:00:00+08:00",
            channel="hotline",
            source_grade="B",
            info_grade=2,
            language="zh",
            jurisdiction="GX",
            speaks_of=[_WANG, _BUS],
            relations=[_DRIVES],
        ),
    ),
    "GET /clues": Case("officer", where("/clues")),
    "GET /clues/{number}": Case("officer", where("/clues/{clue}"), foreign="officer_gd"),
    "POST /clues/{number}/mentions": Case(
        "officer", where("/clues/{clue}/mentions"), sends(speaks_of=[_BUS], relations=[_DRIVES]), foreign="officer_gd"
    ),
    "POST /clues/{number}/steps": Case("officer", where("/clues/{clue}/steps"), sends(state="triaged"), foreign="officer_gd"),
    "GET /clues/{number}/proposals": Case("officer", where("/clues/{clue}/proposals"), foreign="officer_gd"),
    "GET /clues/{number}/cluster": Case("officer", where("/clues/{clue}/cluster?proposed=true"), foreign="officer_gd"),
    "POST /clues/{number}/verdicts": Case(
        "officer",
        where("/clues/{clue}/verdicts"),
        lambda things: {"other": things.ids["clue2"], "confirmed": True, "note": "the same telephone"},
        foreign="officer_gd",
    ),
    "GET /clues/{number}/hits": Case("officer", where("/clues/{clue}/hits"), foreign="officer_gd"),
    "POST /clues/{number}/openings": Case(
        "officer", where("/clues/{clue}/openings"), sends(agency="police_gd"), foreign="officer_gd"
    ),
    "POST /clues/{number}/compartment": Case(
        "officer",
        where("/clues/{clue}/compartment"),
        lambda things: {"investigation": things.ids["of_clues"]},
        foreign="officer_gd",
    ),
}
