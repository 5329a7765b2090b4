"""Attempts by SQL on a family's file: with the rights of the web role and with the owner's; each must fail, and be noted."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from factories.families import MOTHER, asks
from factories.world import World
from trust.raw_sql import copied, in_vain, web_role
from wayhome.casework.core import guards
from wayhome.casework.families import actions, queries
from wayhome.casework.families.models import Consent, Description, RequestEnd

Rows = dict[str, Any]


def rows(world: World) -> Rows:
    """A mother and hers, consents in force and withdrawn, a request for the same child, one that is over, another."""
    by, day = world.actor("officer"), world.clock.date()
    request, other = asks(world), asks(world, inquirer=[("name", "李大山"), ("phone", "13811112222")], relation="father")
    child, mother, father = (one.relative for one in queries.tree(request.pk, at=world.now()).values())
    stranger = list(queries.tree(other.pk, at=world.now()).values())[2].relative
    grandmother, struck = (
        actions.add_relative(to=mother, relation=relation, state={"name": "x"}, by=by, at=world.now())
        for relation in ("mother", "sister")
    )
    paper = {"scope": "this_child", "given_by": "x", "form": "x", "signed_on": day, "until": day + timedelta(days=9)}
    consent, old = (actions.consent(relative=one, **paper, by=by, at=world.now()) for one in (mother, grandmother))
    withdrawal = actions.withdraw_consent(consent=old, by=by, at=world.now())
    actions.strike(relative=struck, reason="x", by=by, at=world.now())
    (pair,) = actions.propose_duplicates(request=other, at=world.now())
    over = asks(world, by="officer2", inquirer=[("name", "黄丽"), ("phone", "13877005555")], child_name="黄小宝")
    end = actions.withdraw(request=over, note="x", by=by, at=world.now())
    actions.keep_photo(request=request, jpeg=b"x", shows="x", by=by, at=world.now())
    actions.add_mark(request=request, place="nose", kind="scar", by=by, at=world.now())
    colleagues = asks(world, by="officer2", inquirer=[("name", "黎梅"), ("phone", "13877006666")], child_name="黎小宝")
    links = queries.standing_links(request.pk)
    return {
        **{"request": request, "other": other, "over": over, "child": child, "mother": mother, "father": father},
        **{"stranger": stranger, "grandmother": grandmother, "struck": struck, "consent": consent, "old": old},
        **{"withdrawal": withdrawal, "pair": pair, "end": end, "colleagues": colleagues},
        **{"link": links.get(child=child, parent=mother), "description": queries.description(request.pk)},
    }


def _link(r: Rows, child: str, parent: str) -> str:
    return copied(r["link"], child_id=r[child].pk, parent_id=r[parent].pk)


def _end(r: Rows, reason: str, kept: Any) -> str:
    """The mother's request ends, by the officer who recorded it."""
    return copied(r["end"], request_id=r["request"].pk, reason=f"'{reason}'", kept_id=kept.pk if kept else "NULL")


TAKEN = ""
"""A number that is taken is not the next either: which of the two is said first differs between the engines."""
RAW: dict[str, tuple[str, Callable[[World, Rows], str]]] = {
    "a consent for a crime": ("consent_purpose", lambda w, r: copied(r["consent"], purpose="'crime'")),
    "a consent that becomes one": ("append_only", lambda w, r: "UPDATE families_consent SET purpose = 'crime'"),
    "a longer consent": ("append_only", lambda w, r: "UPDATE families_consent SET until = '2099-01-01'"),
    "a wider consent": ("append_only", lambda w, r: "UPDATE families_consent SET scope = 'any_child'"),
    "a consent of somebody else": ("append_only", lambda w, r: f"UPDATE families_consent SET relative_id = {r['father'].pk}"),
    "a consent of the child": ("consent_of_missing", lambda w, r: copied(r["consent"], relative_id=r["child"].pk)),
    "a consent of nobody": ("relative_struck", lambda w, r: copied(r["consent"], relative_id=r["struck"].pk)),
    "a consent under a request that is over": (
        "request_over",
        lambda w, r: copied(r["consent"], relative_id=r["over"].relatives.get(missing=True).pk),
    ),
    "a consent less": ("append_only", lambda w, r: "DELETE FROM families_consent"),
    "a withdrawal undone": ("append_only", lambda w, r: "DELETE FROM families_consentwithdrawal"),
    "a withdrawal of another": (
        "append_only",
        lambda w, r: f"UPDATE families_consentwithdrawal SET consent_id = {r['consent'].pk}",
    ),
    "a withdrawal that was later": ("append_only", lambda w, r: "UPDATE families_consentwithdrawal SET at = '2099-01-01'"),
    "a relative of another family": (
        "append_only",
        lambda w, r: f"UPDATE families_relative SET request_id = {r['other'].pk} WHERE id = {r['mother'].pk}",
    ),
    "another child that is looked for": (
        "append_only",
        lambda w, r: f"UPDATE families_relative SET missing = (1 = 1) WHERE id = {r['father'].pk}",
    ),
    "a second child that is looked for": ("missing_child_there", lambda w, r: copied(r["child"])),
    "a father who was a mother": ("append_only", lambda w, r: "UPDATE families_relative SET sex = 'M'"),
    "somebody struck out back again": ("append_only", lambda w, r: "DELETE FROM families_relativeend"),
    "other words of a relative": ("append_only", lambda w, r: "UPDATE families_relativestate SET name = 'x'"),
    "words of a relative told twice": (
        TAKEN,
        lambda w, r: copied(r["mother"].states.get(), name="'x'"),
    ),
    "a relative who is recognised no more": ("append_only", lambda w, r: "DELETE FROM families_relativekey"),
    "a relative who is recognised as another": ("append_only", lambda w, r: "UPDATE families_relativekey SET key = 'x'"),
    "a loop of one": ("own_ancestor", lambda w, r: _link(r, "grandmother", "grandmother")),
    "a loop of three": ("own_ancestor", lambda w, r: _link(r, "grandmother", "child")),
    "a second mother": ("has_parent", lambda w, r: _link(r, "child", "grandmother")),
    "a father of another family": ("other_family", lambda w, r: _link(r, "father", "stranger")),
    "a link to somebody struck out": ("relative_struck", lambda w, r: _link(r, "father", "struck")),
    "another link": ("append_only", lambda w, r: f"UPDATE families_parentage SET parent_id = {r['grandmother'].pk}"),
    "a link less": ("append_only", lambda w, r: "DELETE FROM families_parentage"),
    "another description": ("append_only", lambda w, r: "UPDATE families_description SET looks = 'x'"),
    "a description in place of another": (TAKEN, lambda w, r: copied(r["description"], looks="'x'")),
    "a description after the next": ("not_last", lambda w, r: copied(r["description"], n="n + 2")),
    "a description less": ("append_only", lambda w, r: "DELETE FROM families_description"),
    "a description of a request that is over": (
        "request_over",
        lambda w, r: copied(queries.description(r["over"].pk), n="n + 1"),
    ),
    "a name less": ("append_only", lambda w, r: "DELETE FROM families_requestkey"),
    "another mark": ("append_only", lambda w, r: "UPDATE families_missingmark SET place = 'chin'"),
    "another picture": ("append_only", lambda w, r: "UPDATE families_requestphoto SET sha256 = 'x'"),
    "another who asks": (
        "append_only",
        lambda w, r: f"UPDATE families_tracingrequest SET inquirer_id = {r['over'].inquirer_id}",
    ),
    "a request of another agency": (
        "append_only",
        lambda w, r: f"UPDATE families_tracingrequest SET by_id = {w.staff['officer_gd'].pk}",
    ),
    "a request out of sight of those above": (
        "append_only",
        lambda w, r: f"UPDATE families_tracingrequest SET jurisdiction_id = {w.jurisdictions['VN'].pk}",
    ),
    "a request less": ("append_only", lambda w, r: f"DELETE FROM families_tracingrequest WHERE id = {r['request'].pk}"),
    "an end undone": ("append_only", lambda w, r: "DELETE FROM families_requestend"),
    "an end of another": ("append_only", lambda w, r: f"UPDATE families_requestend SET request_id = {r['request'].pk}"),
    "an end as what one recorded oneself": ("self_approval", lambda w, r: _end(r, "duplicate", r["other"])),
    "an end as itself": ("kept_is_over", lambda w, r: _end(r, "duplicate", r["request"])),
    "an end as what is over": ("kept_is_over", lambda w, r: _end(r, "duplicate", r["over"])),
    "an end as nothing": ("kept_for_duplicates", lambda w, r: _end(r, "duplicate", None)),
    "taken back for another": ("kept_for_duplicates", lambda w, r: _end(r, "withdrawn", r["colleagues"])),
    "a pair less": ("append_only", lambda w, r: "DELETE FROM families_requestduplicate"),
    "a verdict that ends nothing": (
        "duplicate_not_ended",
        lambda w, r: (
            "INSERT INTO families_duplicateverdict (proposal_id, same, note, by_id, at)"
            f" SELECT {r['pair'].pk}, (1 = 1), 'x', by_id, at FROM families_requestend"
        ),
    ),
}


@pytest.mark.parametrize("role", ["web", "owner"])
@pytest.mark.parametrize("name", RAW)
def test_sql_changes_nothing_of_a_family(world: World, name: str, role: str) -> None:
    made = rows(world)
    code, sql = RAW[name][0], RAW[name][1](world, made)
    held = Consent.objects.count(), Description.objects.count(), RequestEnd.objects.count()
    # The web role has no right to change or delete at all.
    wanted = "" if role == "web" and code == "append_only" else code
    with web_role() if role == "web" else contextlib.nullcontext(), in_vain(wanted), connection.cursor() as cursor:
        cursor.execute(sql)
    assert (Consent.objects.count(), Description.objects.count(), RequestEnd.objects.count()) == held
    assert not guards.differences(connection)


LEGAL: dict[str, Callable[[Rows], str]] = {
    "the next description": lambda r: copied(r["description"], n="n + 1"),
    "a consent of another": lambda r: copied(r["consent"], relative_id=r["father"].pk),
    "a father of the father": lambda r: copied(r["link"], child_id=r["grandmother"].pk, parent_id=r["father"].pk),
    "an end as a colleague's": lambda r: _end(r, "duplicate", r["colleagues"]),
    "taken back": lambda r: _end(r, "withdrawn", None),
}


@pytest.mark.parametrize("name", LEGAL)
def test_the_same_sql_is_good_where_it_does_no_harm(world: World, name: str) -> None:
    made = rows(world)
    with web_role(), connection.cursor() as cursor:
        cursor.execute(LEGAL[name](made))
    assert not connection.refusals


def test_the_web_role_hears_a_family(world: World) -> None:
    with web_role():
        made = rows(world)
    assert queries.open_requests().filter(pk=made["request"].pk, inquirer__facts__value=dict(MOTHER)["name"]).exists()
