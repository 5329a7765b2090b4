"""Attempts by SQL to have told, asked or answered abroad what two people did not let go, or to undo what was said: with the
rights of the web role and with the owner's."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection, models, transaction

from trust.between import Between, anew, between
from trust.raw_sql import copied, in_vain, web_role
from wayhome.casework.core import guards
from wayhome.casework.exchange.actions import corrections, dna_asked
from wayhome.casework.exchange.models import (
    AskedProfile,
    Canary,
    CaseChild,
    DnaAsked,
    DnaFound,
    DnaQuestion,
    Incoming,
    NodeKey,
    Outgoing,
    PackageApproval,
    SharedCase,
    WaitingStep,
)

NEVER = "append_only"
Sql = Callable[[Between], str]


@pytest.fixture(scope="module")
def _made(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Between]:
    with between(django_db_blocker, tmp_path_factory.mktemp("index") / "it") as made:
        dna_asked.look(found=made.found, answered=True, **made.who("supervisor"))
        told = {"stands": True, "who": "ours", "what": "x", "since": made.steps[1].since, "reason": "x"}
        corrections.correct_step(step=made.steps[1], **told, **made.who("supervisor"))  # type: ignore[arg-type]
        yield made


@pytest.fixture
def made(_made: Between, db: None) -> Iterator[Between]:
    """See `trust.between`; a supervisor let an answer go, and corrected a step."""
    yield anew(_made)
    transaction.set_rollback(True)


def _new(table: str, **columns: Any) -> str:
    names, values = ", ".join(columns), ", ".join(str(value) for value in columns.values())
    first = "exchange_sharedcase WHERE id = (SELECT MIN(id) FROM exchange_sharedcase)"
    return f"INSERT INTO {table} ({names}) SELECT {values} FROM {first}"


def _by(b: Between, name: str) -> int:
    return b.world.staff[name].pk


def _approved(table: str, column: str, of: Callable[[Between], models.Model], by: str) -> Sql:
    return lambda b: _new(table, **{column: of(b).pk, "by_id": _by(b, by), "at": "at"})


def _out(b: Between, kind: str, case: SharedCase | None = None, **more: Any) -> str:
    last = Outgoing.objects.filter(case=case or b.two.to_vn).order_by("-sequence")[0]
    told = {"sequence": "sequence + 1", "nonce": "'00'", "kind": f"'{kind}'", "answers_id": "NULL"}
    return copied(last, **told | {"by_id": _by(b, "supervisor")} | more)


def _in(b: Between, **more: Any) -> str:
    last = Incoming.objects.filter(case=b.two.of_cn, kind="question")[0]
    return copied(last, **{"sequence": "sequence + 90", "nonce": "'00'"} | more)


def _set(table: str, what: str) -> Sql:
    return lambda b: f"UPDATE {table} SET {what}"


def _gone(table: str) -> Sql:
    return lambda b: f"DELETE FROM {table}"


def _first(model: type[models.Model], **more: Any) -> Sql:
    return lambda b: copied(model._default_manager.order_by("pk")[0], **more)


def _question(b: Between) -> models.Model:
    return b.question


def _package(b: Between) -> models.Model:
    return b.package


def _again(b: Between) -> models.Model:
    return b.again


def _twin(table: str, column: str, of: Callable[[Between], models.Model]) -> Sql:
    return lambda b: _new(table, **{column: of(b).pk, "by_id": _by(b, b.twin("supervisor")), "at": "at"})


def _step(b: Between, **more: Any) -> str:
    return copied(WaitingStep.objects.get(of=b.tie, n=3), **{"n": 4, "by_id": _by(b, "supervisor")} | more)


def _correction(b: Between, **more: Any) -> str:
    row = b.steps[1].corrections.get()
    return copied(row, **{"n": 2} | more)


RAW: dict[str, tuple[str, Sql]] = {
    # A second person that there was not.
    "a question by DNA approved by who asked": (
        "self_approval",
        _approved("exchange_dnaapproval", "question_id", _question, "supervisor"),
    ),
    "a question by DNA approved by a liaison": (
        "not_allowed",
        _approved("exchange_dnaapproval", "question_id", _question, "liaison"),
    ),
    "a question by DNA approved by who asked, under another number": (
        "self_approval",
        _twin("exchange_dnaapproval", "question_id", _question),
    ),
    "a package approved by who chose it": (
        "self_approval",
        _approved("exchange_packageapproval", "package_id", _package, "supervisor"),
    ),
    "a package approved by an officer": (
        "not_allowed",
        _approved("exchange_packageapproval", "package_id", _package, "officer"),
    ),
    "a package approved by who chose it, under another number": (
        "self_approval",
        _twin("exchange_packageapproval", "package_id", _package),
    ),
    "a case opened again by who asked for it": (
        "self_approval",
        _approved("exchange_casereopened", "reopening_id", _again, "supervisor"),
    ),
    "a case opened again by a liaison": (
        "not_allowed",
        _approved("exchange_casereopened", "reopening_id", _again, "liaison"),
    ),
    "a case opened again by who asked for it, under another number": (
        "self_approval",
        _twin("exchange_casereopened", "reopening_id", _again),
    ),
    "an approval of another": (NEVER, lambda b: f"UPDATE exchange_packageapproval SET package_id = {b.package.pk}"),
    "an approval by another": (NEVER, lambda b: f"UPDATE exchange_packageapproval SET by_id = {_by(b, 'supervisor')}"),
    "who asked is another": (NEVER, lambda b: f"UPDATE exchange_dnaquestion SET by_id = {_by(b, 'supervisor2')}"),
    "who chose is another": (NEVER, lambda b: f"UPDATE exchange_package SET by_id = {_by(b, 'supervisor2')}"),
    # What goes out.
    "a package that nobody approved": ("not_approved", lambda b: _out(b, "package")),
    "a question by DNA that nobody approved": ("not_approved", lambda b: _out(b, "dna")),
    "an answer by DNA to nothing": ("not_its_question", lambda b: _out(b, "dna_answer")),
    "a message by an officer": ("not_allowed", lambda b: _out(b, "notice", by_id=_by(b, "officer"))),
    "a message that leaves a number out": ("not_next", lambda b: _out(b, "notice", sequence="sequence + 2")),
    "a message in a case that is over": ("case_ended", lambda b: _out(b, "notice", b.over)),
    "an end that was not": ("not_ended", lambda b: _out(b, "ended")),
    "a case open that is over": ("case_ended", lambda b: _out(b, "opened", b.over)),
    "a message of another case": (NEVER, lambda b: f"UPDATE exchange_outgoing SET case_id = {b.over.pk}"),
    "a message that says something else": (NEVER, _set("exchange_outgoing", "body = 'x'")),
    "a message less": (NEVER, _gone("exchange_outgoing")),
    "a receipt that never came": ("delivered_already", lambda b: copied(b.notice.tries.get(), n=2)),
    "a receipt taken off": (NEVER, _set("exchange_try", "receipt = NULL")),
    # What comes in.
    "a message by a key that does not count": ("key_revoked", lambda b: _in(b, key_id=b.two.to_vn.node.keys.get().pk)),
    "a message taken hours away": ("message_skewed", lambda b: _in(b, skew=7200)),
    "an answer to what was never asked": ("not_its_question", lambda b: _in(b, kind="'answer'")),
    "a question by DNA kept where it stays": ("profile_kept", lambda b: _in(b, kind="'dna'", body="'x'")),
    "what tells of a child kept where it stays": ("profile_kept", lambda b: _in(b, kind="'package'", body="'x'")),
    "a message of a partner's that says something else": (NEVER, _set("exchange_incoming", "body = 'x'")),
    "a message of a partner's less": (NEVER, _gone("exchange_incoming")),
    # Registers.
    "a node of one's own": (
        "two_registrars",
        lambda b: copied(
            b.two.to_vn.node,
            code="'XX-1'",
            agency_id=b.world.agencies["police"].pk,
            countersigned_by_id="registered_by_id",
        ),
    ),
    "a key of one's own": ("two_registrars", _first(NodeKey, countersigned_by_id="registered_by_id")),
    "a key by supervisors": (
        "two_registrars",
        lambda b: copied(
            NodeKey.objects.all()[0], registered_by_id=_by(b, "supervisor"), countersigned_by_id=_by(b, "supervisor2")
        ),
    ),
    "a key exchanged": (NEVER, _set("exchange_nodekey", "public = sealing")),
    "a key that was revoked, again": (NEVER, _gone("exchange_nodekey")),
    "a case of another partner": (
        NEVER,
        lambda b: f"UPDATE exchange_sharedcase SET node_id = {b.two.of_cn.node_id} WHERE id = {b.over.pk}",
    ),
    "a child tied by an officer": ("not_allowed", lambda b: copied(b.tie, case_id=b.over.pk, by_id=_by(b, "officer"))),
    "a child of a case exchanged": (NEVER, lambda b: f"UPDATE exchange_casechild SET case_id = {b.over.pk}"),
    # Questions by DNA.
    "asked by a relative's sample": (
        "not_a_childs_sample",
        lambda b: copied(
            DnaQuestion.objects.get(), kit_id="(SELECT MIN(k.id) FROM laboratory_kit k WHERE k.relative_id IS NOT NULL)"
        ),
    ),
    "asked by the same sample again": ("sample_asked_by", lambda b: copied(b.question)),
    "a partner's question of another": (
        "not_its_question",
        lambda b: copied(DnaAsked.objects.get(), message_id=b.to_us.pk, sample="'x'"),
    ),
    "a partner's question less": (NEVER, _gone("exchange_dnaasked")),
    "a profile kept after the search": (
        "already_searched",
        lambda b: f"INSERT INTO exchange_askedprofile (asked_id, sealed) SELECT id, {_bytes()} FROM exchange_dnaasked",
    ),
    "a hit without a family": ("found_unlike", lambda b: copied(b.found, asked_id=999_999, outcome="'hit'", request_id="NULL")),
    "a hit made of none": (NEVER, _set("exchange_dnafound", "outcome = 'none'")),
    "a sketch less": (NEVER, _set("exchange_dnafound", "sketch = '{}'")),
    "a look by an officer": (
        "not_allowed",
        lambda b: copied(b.found.look, found_id=999_999, by_id=_by(b, "officer")),
    ),
    "a look turned": (NEVER, _set("exchange_dnalook", "answered = NOT answered")),
    "another look while its looker is there": (
        "looker_at_work",
        lambda b: _new(
            "exchange_dnalookagain",
            look_id=b.found.look.pk,
            n=1,
            answered="(1 = 1)",
            note="'x'",
            by_id=_by(b, "supervisor2"),
            at="at",
        ),
    ),
    "an answer to another question": (
        "not_its_question",
        lambda b: _new("exchange_dnaanswer", look_id=b.found.look.pk, message_id=b.notice.pk, at="at"),
    ),
    "a canary less": (NEVER, _gone("exchange_canary")),
    "a canary exchanged": (NEVER, _set("exchange_canary", "sealed = sealed")),
    "a canary too many": ("canaries_enough", _first(Canary, n=6)),
    # Packages.
    "a field that is not in the table": (
        "no_basis",
        lambda b: _new("exchange_packagefield", package_id=b.package.pk, name="'address'", basis="'treaty'"),
    ),
    "a field on a basis that does not open it": (
        "no_basis",
        lambda b: _new("exchange_packagefield", package_id=b.package.pk, name="'marks'", basis="'convention'"),
    ),
    "a field more after the approval": (
        "package_approved",
        lambda b: _new("exchange_packagefield", package_id=b.told.pk, name="'marks'", basis="'treaty'"),
    ),
    "a field exchanged": (NEVER, _set("exchange_packagefield", "name = 'marks'")),
    "a package sent again": ("already_there", lambda b: copied(PackageApproval.objects.get().sent)),
    # What was corrected, and what is over.
    "a step that was another": (NEVER, _set("exchange_waitingstep", "who = 'theirs'")),
    "a step less": (NEVER, _gone("exchange_waitingstep")),
    "a step in the past": (
        "step_before_last",
        lambda b: _step(b, since=f"(SELECT since FROM exchange_waitingstep WHERE id = {b.steps[1].pk})"),
    ),
    "a step out of its turn": ("not_next", lambda b: _step(b, n=6)),
    "a step by an officer": ("not_allowed", lambda b: _step(b, by_id=_by(b, "officer"))),
    "a correction less": (NEVER, _gone("exchange_stepcorrection")),
    "a correction that was another": (NEVER, _set("exchange_stepcorrection", "who = 'theirs'")),
    "a correction without a reason": ("why_missing", lambda b: _correction(b, reason="''")),
    "a correction by an officer": ("not_allowed", lambda b: _correction(b, by_id=_by(b, "officer"))),
    "a correction past the next step": (
        "step_out_of_order",
        lambda b: _correction(
            b, since=f"(SELECT since FROM exchange_waitingstep WHERE id = {b.steps[2].pk}) ", step_id=b.steps[0].pk, n=1
        ),
    ),
    "a tie taken back by a liaison": (
        "not_allowed",
        lambda b: _new(
            "exchange_tiechange", tie_id=b.tie.pk, n=1, stands="(1 = 0)", reason="'x'", by_id=_by(b, "liaison"), at="at"
        ),
    ),
    "an end by a liaison": ("not_allowed", lambda b: copied(b.end, case_id=b.two.to_vn.pk, by_id=_by(b, "liaison"))),
    "an end undone": (NEVER, _gone("exchange_caseend")),
    "an end of another case": (NEVER, lambda b: f"UPDATE exchange_caseend SET case_id = {b.two.of_cn.pk}"),
    "a withdrawn case kept for years": ("term_not_allowed", lambda b: copied(b.end, case_id=b.two.to_vn.pk, keep_days=3650)),
    "contents erased before their term": (
        "term_not_over",
        lambda b: _new("exchange_contentserased", end_id=b.end.pk, at=f"(SELECT at FROM exchange_caseend WHERE id = {b.end.pk})"),
    ),
}


def _bytes() -> str:
    return "X''" if connection.vendor == "sqlite" else "''::bytea"


@pytest.mark.parametrize("role", ["web", "owner"])
@pytest.mark.parametrize("name", RAW)
def test_sql_sends_nothing_and_undoes_nothing(made: Between, name: str, role: str) -> None:
    code, sql = RAW[name][0], RAW[name][1](made)
    owner = role == "owner"
    with (
        contextlib.nullcontext() if owner else web_role(),
        in_vain(code if owner else ""),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)


def test_the_honest_rows_pass(made: Between) -> None:
    """The SQL is what the actions write: were it of a second person, it would stand."""
    with connection.cursor() as cursor:
        for sql in (
            _approved("exchange_dnaapproval", "question_id", _question, "supervisor2")(made),
            _approved("exchange_packageapproval", "package_id", _package, "supervisor2")(made),
            _approved("exchange_casereopened", "reopening_id", _again, "supervisor2")(made),
            _out(made, "notice"),
            _in(made),
            _step(made),
            _correction(made),
        ):
            cursor.execute(sql)
    assert CaseChild.objects.count() == 1 or AskedProfile.objects.count() == 0
    assert DnaFound.objects.count() == 1
    assert not guards.differences(connection)
