"""The part of `factories.api_cases` that is about families who look for a child."""

from __future__ import annotations

from datetime import date
from typing import Any

from factories.api_case import Case, Things, sends, where
from factories.families import TOLD, asks
from wayhome.casework.families import actions, queries

DESCRIBED: dict[str, Any] = {
    field: value.isoformat() if isinstance(value, date) else value for field, value in (TOLD | {"where": "GX"}).items()
}
"""The same child as a request of the API tells of it."""
MOTHER = [{"kind": "name", "value": "莫秀兰"}, {"kind": "phone", "value": "13877008811"}]
PAPER: dict[str, Any] = {"signed_on": "2026-01-05", "until": "2046-01-05", "given_by": "李大山", "form": "A 17"}


def a_family(things: Things, jpeg: bytes) -> None:
    """A mother looks for her daughter, and her husband for the same: their trees, a picture, a consent."""
    world, ids = things.world, things.ids
    officer = world.actor("officer")
    request = asks(world, by="officer2")
    _, mother, father = (one.relative for one in queries.tree(request.pk, at=world.now()).values())
    half = actions.add_relative(to=mother, relation="son", state={"name": "韦小龙"}, by=officer, at=world.now())
    photo = actions.keep_photo(request=request, jpeg=jpeg, shows="the child at three months", by=officer, at=world.now())
    consent = actions.consent(
        relative=mother,
        scope="this_child",
        given_by="韦小兰",
        signed_on=date(2011, 7, 14),
        until=date(2050, 7, 14),
        form="A 1",
        by=officer,
        at=world.now(),
    )
    again = asks(world, inquirer=[("name", "李大山"), ("phone", "13811112222")], relation="father")
    (pair,) = actions.propose_duplicates(request=again, at=world.now())
    ids["request"], ids["again"], ids["pair"] = request.number, again.number, pair.pk
    ids["mother"], ids["father"], ids["half"] = mother.pk, father.pk, half.pk
    ids["request_photo"], ids["consent"] = photo.pk, consent.pk
    ids["parentage"] = queries.standing_links(request.pk).get(parent=father).pk


FAMILIES: dict[str, Case] = {
    "POST /tracing-requests": Case(
        "officer", where("/tracing-requests"), sends(facts=MOTHER, relation="mother", description=DESCRIBED)
    ),
    "GET /tracing-requests": Case("officer", where("/tracing-requests")),
    "GET /tracing-requests/{number}": Case("officer", where("/tracing-requests/{request}"), foreign="officer_gd"),
    "GET /tracing-requests/{number}/descriptions": Case(
        "officer", where("/tracing-requests/{request}/descriptions"), foreign="officer_gd"
    ),
    "POST /tracing-requests/{number}/descriptions": Case(
        "officer",
        where("/tracing-requests/{request}/descriptions"),
        sends(**DESCRIBED | {"n": 1, "looks": "单眼皮"}),
        foreign="officer_gd",
    ),
    "POST /tracing-requests/{number}/marks": Case(
        "officer",
        where("/tracing-requests/{request}/marks"),
        sends(place="scalp", kind="salmon_patch"),
        foreign="officer_gd",
    ),
    "POST /tracing-requests/{number}/items": Case(
        "officer", where("/tracing-requests/{request}/items"), sends(what="红肚兜"), foreign="officer_gd"
    ),
    "POST /tracing-requests/{number}/photos": Case(
        "officer",
        where("/tracing-requests/{request}/photos"),
        foreign="officer_gd",
        files=True,
        form={"shows": "the mother at three months"},
    ),
    "GET /tracing-requests/{number}/photos/{id}": Case(
        "officer", where("/tracing-requests/{request}/photos/{request_photo}"), foreign="officer_gd"
    ),
    "POST /tracing-requests/{number}/withdrawal": Case(
        "officer", where("/tracing-requests/{request}/withdrawal"), sends(note="she came home"), foreign="officer_gd"
    ),
    "GET /tracing-requests/{number}/duplicates": Case(
        "officer", where("/tracing-requests/{request}/duplicates"), foreign="officer_gd"
    ),
    "POST /tracing-requests/{number}/duplicates": Case(
        "officer", where("/tracing-requests/{request}/duplicates"), foreign="officer_gd"
    ),
    "GET /request-duplicates": Case("officer", where("/request-duplicates")),
    "POST /request-duplicates/{id}/verdict": Case(
        "officer",
        where("/request-duplicates/{pair}/verdict"),
        sends(same=True, kept=lambda t: t.request, note="husband and wife"),
        foreign="officer_gd",
    ),
    "POST /tracing-requests/{number}/relatives": Case(
        "officer",
        where("/tracing-requests/{request}/relatives"),
        sends(to=lambda t: t.mother, relation="mother", state={"name": "韦阿婆", "born": 1950, "reach": "willing"}),
        foreign="officer_gd",
    ),
    "POST /relatives/{id}/states": Case(
        "officer", where("/relatives/{father}/states"), sends(n=1, name="李大山", life="living"), foreign="officer_gd"
    ),
    "POST /relatives/{id}/end": Case("officer", where("/relatives/{half}/end"), sends(reason="a cousin"), foreign="officer_gd"),
    "POST /relatives/{id}/parents": Case(
        "officer", where("/relatives/{half}/parents"), sends(parent=lambda t: t.father), foreign="officer_gd"
    ),
    "POST /parentages/{id}/end": Case(
        "officer", where("/parentages/{parentage}/end"), sends(reason="another man"), foreign="officer_gd"
    ),
    "POST /relatives/{id}/consents": Case(
        "officer", where("/relatives/{father}/consents"), sends(scope="any_child", **PAPER), foreign="officer_gd"
    ),
    "POST /consents/{id}/withdrawal": Case("officer", where("/consents/{consent}/withdrawal"), sends(), foreign="officer_gd"),
    "GET /consents-ending": Case("officer", where("/consents-ending?until=2099-01-01")),
    "GET /tracing-requests/{number}/sampling-plans": Case(
        "officer", where("/tracing-requests/{request}/sampling-plans"), foreign="officer_gd"
    ),
}
