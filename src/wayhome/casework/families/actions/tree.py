"""A tree grows a relative at a time; what was entered by mistake is struck out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from wayhome.casework.audit.attempts import gate
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.checks import Checks
from wayhome.casework.core.errors import Conflict, Invalid, Refused
from wayhome.casework.core.keys import keys_of
from wayhome.casework.families import queries
from wayhome.casework.families.actions.file import mine, plain_reason, tell
from wayhome.casework.families.models import (
    Parentage,
    ParentageEnd,
    Relative,
    RelativeEnd,
    RelativeKey,
    RelativeState,
    TracingRequest,
)
from wayhome.casework.families.rules import (
    LIFE,
    REACH,
    RELATIONS,
    CannotBe,
    grow,
)
from wayhome.casework.families.signals import claimed
from wayhome.casework.operations.models import Person

STATED = ("name", "person", "born", "life", "reach", "note")
"""What is known of a relative."""


def add_relative(
    *,
    to: Relative,
    relation: str,
    state: Mapping[str, Any],
    by: Actor,
    at: datetime,
    partner: Relative | None = None,
) -> Relative:
    """A relative more: what they are to somebody in the tree (`rules.RELATIONS`), and what is known of them (`STATED`).

    Parents who are needed to say so are added without a name.
    """
    request = mine(to.request, by)
    checks = Checks()
    checks.one_of("relation", relation, RELATIONS)
    checks.must("partner", partner is None or partner.request_id == request.pk, "something_else")
    checks.must("partner", partner is None or relation in ("son", "daughter"), "not_a_parent")
    known = _stated(checks, state, at)
    kin = queries.tree(request.pk, at=at)
    checks.must("to", to.pk in kin, "relative_struck")
    checks.must("partner", partner is None or partner.pk in kin, "relative_struck")
    checks.done()
    try:
        growth = grow(queries.nodes(kin), to.pk, relation, partner=partner.pk if partner else None)
    except CannotBe as wrong:
        raise Refused([wrong.code], request=request.pk) from wrong
    with gate(by=by, at=at, attempt="add_relative"):
        made: dict[int, Relative] = {}
        for number, sex in growth.members.items():
            made[number] = plant(request, sex, known if number == -1 else {}, by=by, at=at)
        new = {number: one.pk for number, one in made.items()}
        for child, parent in growth.links:
            join(new.get(child, child), new.get(parent, parent), by=by, at=at)
        tell(by, at, "add_relative", request, f"relative:{made[-1].pk}", relation=relation)
        claimed.send(Relative, request=request.pk, by=by, at=at)
    return made[-1]


def tell_relative(*, relative: Relative, n: int, state: Mapping[str, Any], by: Actor, at: datetime) -> RelativeState:
    """Say anew what is known of a relative, if nobody else did since the n-th time was read; Conflict otherwise."""
    request = mine(relative.request, by)
    checks = Checks()
    known = _stated(checks, state, at)
    checks.done()
    said = list(RelativeState.objects.filter(relative=relative).order_by("-n"))
    if not 1 <= n <= said[0].n:
        raise Invalid({"n": "unknown_version"})
    if n < said[0].n:
        read = next(one for one in said if one.n == n)
        changes = {field: (_shown(getattr(read, field)), _shown(getattr(said[0], field))) for field in STATED}
        raise Conflict({field: pair for field, pair in changes.items() if pair[0] != pair[1]}, relative=relative.pk, n=said[0].n)
    if all(getattr(said[0], field) == value for field, value in known.items()):
        return said[0]
    with gate(by=by, at=at, attempt="tell_relative"):
        state_ = _say(relative, n + 1, known, by=by, at=at)
        tell(by, at, "tell_relative", request, f"relative:{relative.pk}", n=n + 1)
        claimed.send(Relative, request=request.pk, by=by, at=at)
    return state_


def link(*, child: Relative, parent: Relative, by: Actor, at: datetime) -> Parentage:
    """Two who are in the tree already are child and parent."""
    request = mine(child.request, by)
    if parent.request_id != request.pk:
        raise Invalid({"parent": "something_else"})
    with gate(by=by, at=at, attempt="link_relatives"):
        made = join(child.pk, parent.pk, by=by, at=at)
        tell(by, at, "link", request, f"parentage:{made.pk}")
    return made


def unlink(*, parentage: Parentage, reason: str, by: Actor, at: datetime) -> ParentageEnd:
    """A link was entered by mistake."""
    request = mine(parentage.child.request, by)
    reason = plain_reason(reason)
    with gate(by=by, at=at, attempt="unlink_relatives"):
        if ParentageEnd.objects.filter(parentage=parentage).exists():
            raise Refused(["already_ended"])
        end = ParentageEnd.objects.create(parentage=parentage, reason=reason, by_id=by.staff_id, at=at)
        tell(by, at, "unlink", request, f"parentage:{parentage.pk}")
    return end


def strike(*, relative: Relative, reason: str, by: Actor, at: datetime) -> RelativeEnd:
    """A relative was entered by mistake; the links to them go with them. Never the child, nor whoever's consent stands."""
    request = mine(relative.request, by)
    reason = plain_reason(reason)
    with gate(by=by, at=at, attempt="strike_relative"):
        if RelativeEnd.objects.filter(relative=relative).exists():
            raise Refused(["already_ended"])
        end = RelativeEnd.objects.create(relative=relative, reason=reason, by_id=by.staff_id, at=at)
        tell(by, at, "strike", request, f"relative:{relative.pk}")
    return end


def _shown(value: Any) -> Any:
    return value.pk if isinstance(value, Person) else value


def _stated(checks: Checks, state: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """What is known of a relative, looked at; what is not told is not known."""
    known = dict(state)
    for field in known:
        checks.must(field, field in STATED, "unknown_field")
    known["name"] = checks.text("name", known.get("name") or "", 120, required=False)
    known["note"] = checks.text("note", known.get("note") or "", 200, required=False)
    known["life"], known["reach"] = known.get("life") or "unknown", known.get("reach") or "to_ask"
    checks.one_of("life", known["life"], LIFE)
    checks.one_of("reach", known["reach"], REACH)
    known.setdefault("person", None)
    known.setdefault("born", None)
    checks.within("born", known["born"], 1850, at.year)
    return known


def plant(
    request: TracingRequest, sex: str, state: Mapping[str, Any], *, by: Actor, at: datetime, missing: bool = False
) -> Relative:
    made = Relative.objects.create(request=request, sex=sex, missing=missing, by_id=by.staff_id, at=at)
    known = {"name": "", "person": None, "born": None, "life": "unknown", "reach": "to_ask", "note": ""} | dict(state)
    _say(made, 1, known, by=by, at=at)
    return made


def _say(relative: Relative, n: int, known: Mapping[str, Any], *, by: Actor, at: datetime) -> RelativeState:
    """What is known; whoever is on no record is recognised by the names told."""
    made = RelativeState.objects.create(relative=relative, n=n, **known, by_id=by.staff_id, at=at)
    if known["person"] is None and not relative.missing:
        have = set(relative.keys.values_list("kind", "key"))
        RelativeKey.objects.bulk_create(
            RelativeKey(relative=relative, kind=kind, key=key) for kind, key in sorted(keys_of("name", known["name"]) - have)
        )
    return made


def join(child: int, parent: int, *, by: Actor, at: datetime) -> Parentage:
    return Parentage.objects.create(child_id=child, parent_id=parent, by_id=by.staff_id, at=at)
