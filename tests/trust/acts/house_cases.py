"""What the actions on registers, logins, tokens, events and alarms are asked, and the way a write goes."""

from __future__ import annotations

import json
import secrets
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.contrib.sessions.backends.db import SessionStore
from django.db import DatabaseError, connection, transaction

from trust.acts.bench import NOON, Case
from trust.acts.stage import LONG, Stage
from wayhome.casework.accounts import actions as accounts
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.audit import actions as audit
from wayhome.casework.audit.attempts import gate
from wayhome.casework.audit.models import Alarm
from wayhome.casework.audit.queries import verify_chain
from wayhome.casework.audit.rules import canonical
from wayhome.casework.core.actors import SYSTEM
from wayhome.casework.core.errors import NotAllowed, Refused
from wayhome.casework.custody.gate import permitted

DENIED = "not allowed: not_allowed"
KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)


def registers() -> Iterator[Case]:
    """Two registrars sign."""

    def agency(s: Stage, by: Any = ()) -> Any:
        columns = {"code": "gz", "kind": "hospital", "name": "广州市医院", "jurisdiction": s.world.jurisdictions["GD"]}
        return accounts.register_agency(by=s.registrars if by == () else by, at=s.at(), **columns)

    def facility(s: Stage, by: Any = ()) -> Any:
        return accounts.register_facility(
            by=by or s.registrars,
            at=s.at(),
            code="ward",
            agency=s.world.agencies["hospital_agency"],
            kind="hospital",
            name="二病区",
            address="广西东兴市解放路10号",
            phone="0770-7654321",
            jurisdiction=s.world.jurisdictions["GX"],
        )

    def staff(s: Stage, by: Any = (), id_number: str = "450101", **columns: Any) -> Any:
        person = {
            "number": "n9",
            "name": "卢小云",
            "name_latin": "Lu Xiaoyun",
            "phone": "13900001111",
            "address": "广西东兴市解放路11号",
            "agency": s.world.agencies["hospital_agency"],
            "role": "nurse",
            "id_number": id_number,
        }
        return accounts.register_staff(by=by or s.registrars, at=s.at(), **person | columns)

    def end_facility(s: Stage, by: Any = ()) -> Any:
        return accounts.end_facility(facility=s.place("relief"), reason="closed", by=by or s.registrars, at=s.at())

    def end_staff(s: Stage, by: Any = ()) -> Any:
        return accounts.end_staff(staff=s.staff("nurse2"), reason="left", by=by or s.registrars, at=s.at())

    for act in (agency, facility, staff, end_facility, end_staff):
        name = {"agency": "register_agency", "facility": "register_facility", "staff": "register_staff"}.get(
            act.__name__, act.__name__
        )
        yield Case(name, "done", act)
        yield Case(f"{name}: no registrar first", DENIED, lambda s, a=act: a(s, by=(s.by("officer"), s.registrars[1])))
        yield Case(f"{name}: no registrar second", DENIED, lambda s, a=act: a(s, by=(s.registrars[0], s.by("officer"))))
        yield Case(
            f"{name}: one signs twice",
            "IntegrityError: wayhome:two_registrars",
            lambda s, a=act: a(s, by=(s.registrars[0], s.registrars[0])),
        )
    yield Case("register_agency: nobody signs", "IntegrityError: wayhome:two_registrars", lambda s: agency(s, by=None))
    yield Case("register_staff: five digits", "invalid: id_number id_number_missing", lambda s: staff(s, id_number="45010"))

    def numberless(s: Stage) -> Any:
        return accounts.register_staff(by=s.registrars, at=s.at(), number="n9", name="卢小云")

    yield Case("register_staff: no number", "invalid: id_number id_number_missing", numberless)
    for parent in ("GX", None):
        yield Case(
            f"add_jurisdiction: in {parent}",
            "done",
            lambda s, p=parent: accounts.add_jurisdiction(
                code="NN",
                kind="city",
                parent=s.world.jurisdictions.get(p or ""),
                name_en="Nanning",
                name_zh="南宁",
                name_vi="Nam Ninh",
            ),
        )


def logins() -> Iterator[Case]:
    """Passwords, languages and tokens."""

    def opened(s: Stage, **given: Any) -> Any:
        user = accounts.open_account(**{"staff": s.staff("officer"), "username": "o1", "password": "told once"} | given)
        return f"{user.pk} {user.check_password('told once')}"

    yield Case("open_account", "done", opened)
    yield Case("open_account: with one's own", "done", lambda s: opened(s, own_password=True, language="vi"))
    yield Case("open_account: without", "done", lambda s: opened(s, password=None))

    def change(s: Stage, who: str = "nurse", by: str = "", password: str = "another one") -> Any:
        user = s.login(who)
        accounts.change_password(user=user, password=password, **s.who(by or who))
        return s.login(who).check_password(password)

    yield Case("change_password", "done: True", change)
    yield Case("change_password: the first", "done: True", lambda s: change(s, "officer2"))
    yield Case(
        "change_password: the same", "invalid: password same_password", lambda s: change(s, password="correct horse battery")
    )
    yield Case("change_password: another's", DENIED, lambda s: change(s, by="doctor"))

    def language(s: Stage, by: str = "nurse") -> Any:
        return accounts.choose_language(user=s.login("nurse"), language="vi", **s.who(by))

    yield Case("choose_language", "done", language)
    yield Case("choose_language: another's", DENIED, lambda s: language(s, "doctor"))

    def inside(s: Stage) -> Any:
        for told in (
            {"_auth_user_id": str(s.login("nurse").pk)},
            {"account_login": {"user_pk": str(s.login("nurse").pk)}},
            {"_auth_user_id": str(s.login("doctor").pk)},
            {"account_login": {"user_pk": str(s.login("doctor").pk)}},
            {"account_login": {}},
            {},
        ):
            session = SessionStore(session_key=f"key{len(str(told))}{'_auth_user_id' in told}{str(told)[-6:]}")
            session.update(told)
            session.save(must_create=True)
        for who in ("nurse", "doctor"):
            s.login(who).authenticator_set.create(type="totp", data={}, created_at=s.at())

    def reset(s: Stage, by: str = "administrator") -> Any:
        inside(s)
        accounts.reset_password(user=s.login("nurse"), password="told once", **s.who(by))
        return s.login("nurse").check_password("told once")

    def reset_factor(s: Stage, by: str = "administrator") -> Any:
        inside(s)
        return accounts.reset_second_factor(user=s.login("nurse"), **s.who(by))

    yield Case("reset_password", "done: True", reset)
    yield Case("reset_password: a supervisor", DENIED, lambda s: reset(s, "supervisor"))
    yield Case("reset_second_factor", "done: 1", reset_factor)
    yield Case("reset_second_factor: a supervisor", DENIED, lambda s: reset_factor(s, "supervisor"))

    def give(s: Stage, by: str = "nurse", lasts: timedelta = timedelta(days=366), stepped_up: bool = True, **given: Any) -> Any:
        own, secrets.token_urlsafe = secrets.token_urlsafe, lambda n: f"secret of {n}"
        at = s.at()
        asked = {"staff": s.staff("nurse"), "scopes": ["me", "medical:read", "me"], "label": " " + "l" * 90}
        try:
            return accounts.give_token(**asked | given, by=s.by(by, stepped_up=stepped_up), at=at, expires_at=at + lasts)
        finally:
            secrets.token_urlsafe = own

    ten = timedelta(minutes=10)
    second = timedelta(seconds=1)
    yield Case("give_token", "done", give)
    yield Case(
        "give_token: that approves", "done", lambda s: give(s, "doctor", staff=s.staff("doctor"), scopes=["approve"], lasts=ten)
    )
    yield Case(
        "give_token: that approves for longer",
        "invalid: expires_at too_late",
        lambda s: give(s, "doctor", staff=s.staff("doctor"), scopes=["approve"], lasts=ten + second),
    )
    yield Case(
        "give_token: for longer than a year",
        "invalid: expires_at too_late",
        lambda s: give(s, lasts=timedelta(days=366) + second),
    )
    yield Case("give_token: for a second", "done", lambda s: give(s, lasts=second))
    yield Case("give_token: for no time", "invalid: expires_at implausible", lambda s: give(s, lasts=timedelta(0)))
    yield Case("give_token: another's", "not allowed: step_up", lambda s: give(s, "doctor"))
    yield Case("give_token: not stepped up", "not allowed: step_up", lambda s: give(s, stepped_up=False))
    yield Case("give_token: for nothing", "invalid: scopes required", lambda s: give(s, scopes=[]))
    yield Case("give_token: for more", "invalid: scopes unknown_choice", lambda s: give(s, scopes=["me", "registers:write"]))
    yield Case("give_token: without a name", "invalid: label required", lambda s: give(s, label=" "))
    yield Case(
        "give_token: all of it",
        "invalid: expires_at implausible, label required, scopes unknown_choice",
        lambda s: give(s, label=" ", scopes=["x"], lasts=-ten),
    )

    def revoke(s: Stage, by: str = "nurse") -> Any:
        return accounts.revoke_token(token_id=s.token.pk, **s.who(by))

    def again(s: Stage) -> Any:
        revoke(s)
        return revoke(s)

    yield Case("revoke_token", "done", revoke)
    yield Case("revoke_token: another's", "not found", lambda s: revoke(s, "doctor"))
    yield Case("revoke_token: twice", "not found", again)

    def one_of_two(s: Stage) -> Any:
        give(s)
        return revoke(s)

    yield Case("revoke_token: one of two", "done", one_of_two)


def told() -> Iterator[Case]:
    """Events and alarms."""

    def record(s: Stage, **given: Any) -> Any:
        with transaction.atomic():
            return audit.record(**{"action": "a.b", "subject": "x:1", **s.who("nurse")} | given).n > 0

    yield Case("record", "done", record)
    yield Case("record: with all of it", "done", lambda s: record(s, child_id=7, data={"b": 1, "a": 2}))
    yield Case("record: the system", "done", lambda s: record(s, by=SYSTEM))
    yield Case(
        "record: outside a transaction",
        "RuntimeError: an audit event",
        lambda s: audit.record(action="a.b", subject="x:1", **s.who("nurse")),
    )

    def chained(s: Stage) -> Any:
        record(s)
        record(s)
        return verify_chain().ok

    yield Case("record: a chain that holds", "done: True", chained)
    yield Case("raise_alarm", "done", lambda s: audit.raise_alarm(kind=Alarm.Kind.MISSING, at=s.at()))
    yield Case(
        "raise_alarm: with all of it",
        "done",
        lambda s: audit.raise_alarm(
            kind=Alarm.Kind.MISSING,
            level=3,
            code="x",
            child_id=7,
            agency_id=0,
            jurisdiction="/CN/",
            subject="y:1",
            **s.who("nurse"),
        ),
    )
    yield Case("raise_alarm: where one works", "done", lambda s: audit.raise_alarm(kind=Alarm.Kind.MISSING, **s.who("nurse")))

    def answer(s: Stage, by: str = "nurse", note: str = LONG) -> Any:
        return audit.answer_alarm(alarm_id=s.alarm.pk, note=note, **s.who(by))

    yield Case("answer_alarm", "done", answer)
    yield Case("answer_alarm: without a word", "refused: note_missing", lambda s: answer(s, note="  "))
    yield Case("answer_alarm: another's", "not found", lambda s: answer(s, "caseworker_gd"))
    yield Case("answer_alarm: none", "not found", lambda s: audit.answer_alarm(alarm_id=99999, note="x", **s.who("nurse")))

    def of_the_connection(s: Stage) -> Any:
        own = audit.datetime
        audit.datetime = _Noon  # type: ignore[misc]
        try:
            audit.on_refusal(["excluded", "append_only", "excluded"])
        finally:
            audit.datetime = own  # type: ignore[misc]

    yield Case("on_refusal", "done", of_the_connection)

    def export(s: Stage) -> Any:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "heads"
            path.write_text("前\n", "utf-8")
            heads = audit.export_heads(path=path, key=KEY, **s.who("auditor"))
            lines = path.read_text("utf-8").splitlines()
            return f"{len(heads)} {[line for line in lines if 'signature' not in line]} {_signed(lines[1:])}"

    yield Case("export_heads", "done", export)


class _Noon(datetime):
    """A clock that stands."""

    @classmethod
    def now(cls, tz: Any = None) -> Any:
        return NOON.astimezone(tz)


def _signed(lines: list[str]) -> list[str]:
    """What each line says and whether the key signed just that."""
    found = []
    for line in lines:
        head = json.loads(line)
        signature = bytes.fromhex(head.pop("signature", ""))
        try:
            KEY.public_key().verify(signature, canonical(head).encode())
        except Exception:
            found.append("not signed")
        else:
            found.append(f"{head.get('chain')} {sorted(head)} {line == json.dumps(json.loads(line), sort_keys=True)}")
    return found


def way() -> Iterator[Case]:
    """`gate` and `permitted`: what is refused inside is undone and told."""

    def through(s: Stage, *, raises: Exception | None = None, sql: str = "", **given: Any) -> Any:
        with gate(**{"attempt": "try", **s.who("nurse")} | given):
            accounts.add_jurisdiction(code="NN", kind="city", parent=None, name_en="a", name_zh="b", name_vi="c")
            if raises is not None:
                raise raises
            if sql:
                with connection.cursor() as cursor:
                    cursor.execute(sql)
        return "through"

    yield Case("gate", "done: through", through)
    yield Case("gate: nothing is wrong with a mistake", "ValueError: x", lambda s: through(s, raises=ValueError("x")))
    yield Case("gate: not allowed", DENIED, lambda s: through(s, raises=NotAllowed("not_allowed")))
    yield Case(
        "gate: refused", "refused: no_offer, excluded", lambda s: through(s, raises=Refused(["no_offer", "excluded"]), child_id=7)
    )
    yield Case(
        "gate: refused elsewhere", "refused: no_offer", lambda s: through(s, raises=Refused(["no_offer"]), jurisdiction="/VN/")
    )
    yield Case("gate: a slip", "refused: wristband", lambda s: through(s, raises=Refused(["wristband"])))
    yield Case(
        "gate: a slip and more", "refused: wristband, no_offer", lambda s: through(s, raises=Refused(["wristband", "no_offer"]))
    )
    yield Case("gate: kin", "refused: kin_of_excluded", lambda s: through(s, raises=Refused(["kin_of_excluded", "no_offer"])))
    yield Case(
        "gate: kin too",
        "refused: no_offer, kin_of_excluded",
        lambda s: through(s, raises=Refused(["no_offer", "kin_of_excluded"])),
    )
    yield Case(
        "gate: by the database", "refused: append_only", lambda s: through(s, sql="DELETE FROM audit_auditevent", child_id=7)
    )
    yield Case("gate: no guard's", "OperationalError: no such table: none", lambda s: through(s, sql="DELETE FROM none"))

    def later(s: Stage) -> Any:
        """A refusal after it is nobody's again."""
        through(s)
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("DELETE FROM audit_auditevent")
        except DatabaseError:
            return connection.refusals[:]

    yield Case("gate: what comes after", "done: [append_only]", later)
    yield Case("permitted", "done", lambda s: permitted(s.by("doctor"), Permission.CLEAR, at=s.at(), child_id=7))
    yield Case("permitted: not", DENIED, lambda s: permitted(s.by("nurse"), Permission.CLEAR, at=s.at(), child_id=7))


SOURCES = (registers, logins, told, way)
