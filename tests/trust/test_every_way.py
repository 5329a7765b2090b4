"""What an investigation keeps to itself is not there for anybody else, whatever they ask.

Words that stand in one task force's clues, plan and ledger alone are planted, and looked for in every answer that others get: the
administrator, an officer of another province, a colleague, a supervisor of the ministry who is not in it, an auditor. Stronger:
every answer is the same as it was before they were planted, and what is kept is answered as what never was.
"""

from __future__ import annotations

import base64
import functools
import io
import json
import logging
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from factories.api import EVERY
from factories.api_case import Things
from factories.api_cases import CASES, sent_with
from factories.busy import busy_house
from factories.exports import table
from factories.joint import draft, says, site, step
from factories.planted import TYPED, WORDS, Planted, plant
from trust.test_permission_matrix_pages import ASKED, address, names
from wayhome.casework.accounts import actions as accounts
from wayhome.casework.accounts.models import User
from wayhome.casework.audit.models import Alarm
from wayhome.casework.core.errors import CaseworkError
from wayhome.casework.overview.actions.exporting import export_list
from wayhome.casework.overview.rules import lists as rules
from wayhome.web import clock, desk, urls

pytestmark = pytest.mark.django_db
OTHERS = ("administrator", "officer_gd", "officer2", "supervisor")
"""Who is not in the task force. The colleague and the supervisor read everything else that its lead reads."""
AUDITOR = "auditor"
"""Who reads in the chains that something was done, by its number: there the words alone are looked for."""
MEMBERS = ("officer", "supervisor2")
READS = [name.removeprefix("GET ") for name in CASES if name.startswith("GET ")]
WRITES = [name for name in CASES if not name.startswith("GET ")]
AT = datetime.now(UTC)
_ONCE = re.compile(r'(?:name="(?:csrfmiddlewaretoken|once)" value|nonce)="[^"]*"|(?<="at": )"[^"]*"')
FILES = ("/lists/{name}/export", "/reimbursements/{month}/sheet", "page export_list", "page cost_sheet")
"""Sealed anew each time, or of this minute; see `test_no_list_that_leaves_holds_a_word`."""
Answers = dict[str, str]
ByWhom = dict[str, Answers]


class House:
    """A busy world in which something was planted after everybody had looked at everything."""

    def __init__(self, things: Things) -> None:
        self.things = things
        for who in (*OTHERS, AUDITOR, *MEMBERS):
            user = accounts.open_account(staff=self.things.world.staff[who], username=who, password=None)
            Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "none"})
        self.clients = {who: self._signed_in(who) for who in (*OTHERS, AUDITOR, *MEMBERS)}
        world = self.things.world
        for who in self.clients:
            self.things.api.token(who, (*EVERY, "approve"))
        own: dict[str, Any] = {"by": world.actor("officer"), "at": AT, "expires_at": AT + timedelta(days=1)}
        accounts.give_token(staff=world.staff["officer"], scopes=["me"], label="scales", **own)
        self.things.ids["token"] = world.staff["officer"].tokens.get(label="scales").pk
        self.before: ByWhom = {who: self.everything(who, self.things) for who in OTHERS}
        self.planted: Planted = plant(self.things)
        self._after: ByWhom = {}
        self.kept, self.missing = self.planted.kept(self.things), self.planted.missing(self.things)

    def _signed_in(self, who: str) -> Client:
        client = Client()
        client.force_login(User.objects.get(username=who), backend="allauth.account.auth_backends.AuthenticationBackend")
        client.cookies["wayhome-language"] = "en"
        return client

    def page(self, who: str, where: str, told: dict[str, str] | None = None) -> str:
        """A page as somebody sees it, without what is another each time."""
        client = self.clients[who]
        return _plain(client.get(where) if told is None else client.post(where, told))

    def call(self, who: str, method: str, path: str, body: Any = None, **more: Any) -> str:
        """What the API answers."""
        return _plain(self.things.api.call(method, who, path, body, scopes=(*EVERY, "approve"), **more))

    def everything(self, who: str, things: Things) -> Answers:
        """All that somebody can read, undone afterwards: every address of the API, in short pages too, and every page. Of what is
        kept and of what never was, those addresses that are of one of them."""
        told: Answers = {}
        asked = {"number": things.child}
        with transaction.atomic():
            for name in READS:
                path = CASES[f"GET {name}"].path(things)
                if things is not self.things and path == CASES[f"GET {name}"].path(self.things):
                    continue
                told[name] = self.call(who, "GET", path).replace(path, "#")
                if "{" not in name and "?" not in path and '"next"' in told[name]:
                    told[f"{name} in pages"] = self._in_pages(who, path)
            for name in names(urls.urlpatterns):
                where = address(things, name)
                if things is self.things or where != address(self.things, name):
                    told[f"page {name}"] = self.page(who, where, asked if name in ASKED else None).replace(f'"{where}"', "#")
            transaction.set_rollback(True)
        cache.clear()
        return told

    def after(self, who: str) -> Answers:
        """All that somebody can read now."""
        if who not in self._after:
            self._after[who] = self.everything(who, self.things)
        return self._after[who]

    def _in_pages(self, who: str, path: str) -> str:
        whole, after = "", ""
        for _ in range(200):
            told = self.call(who, "GET", f"{path}?limit=4&after={after}")
            whole += told
            after = json.loads(told.partition(" ")[2])["next"]
            if not after:
                return whole
        raise AssertionError(f"{path} has no end")


def _plain(answer: HttpResponse) -> str:
    content = b"".join(answer) if answer.streaming else answer.content  # type: ignore[attr-defined]
    where = f" {answer['Location']}" if "Location" in answer else ""
    return f"{answer.status_code}{where} " + _ONCE.sub('""', content.decode(errors="replace"))


@pytest.fixture(scope="module")
def house(django_db_setup: None, django_db_blocker: Any) -> Iterator[House]:
    """See `House`; made once, undone at the end. The clock of the pages stands, and everybody proved who they are."""
    with pytest.MonkeyPatch.context() as patched, django_db_blocker.unblock(), busy_house() as things:
        patched.setattr(clock, "now", lambda: AT)
        patched.setattr(desk, "proved_lately", lambda request: True)
        yield House(things)


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the house's one handler writes, everything that is told at all."""
    (name,) = settings.LOGGING["root"]["handlers"]
    handler_settings, written = settings.LOGGING["handlers"][name], io.StringIO()
    handler = logging.StreamHandler(written)
    for one in handler_settings["filters"]:
        handler.addFilter(settings.LOGGING["filters"][one]["()"]())
    formatter = settings.LOGGING["formatters"][handler_settings["formatter"]]
    handler.setFormatter(formatter["()"](formatter["fmt"]))
    logging.getLogger().addHandler(handler)
    yield written
    logging.getLogger().removeHandler(handler)


def words_in(text: str, planted: Planted | None = None) -> list[str]:
    """Which of the planted words, and of the numbers of what they stand in, a text holds."""
    numbers = {key: str(value) for key, value in planted.ids.items() if len(str(value)) == 9} if planted else {}
    grouped = {f"{key} in groups": f"{n[:3]} {n[3:6]} {n[6:]}" for key, n in numbers.items()}
    return [name for name, word in (WORDS | numbers | grouped).items() if word in text or word in _unescaped(text)]


def _unescaped(text: str) -> str:
    return re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), text)


@pytest.mark.parametrize("who", OTHERS)
def test_every_answer_is_the_same_as_before(house: House, who: str) -> None:
    after = house.after(who)
    assert len(after) > 250
    assert {name: words for name, text in after.items() if (words := words_in(text))} == {}
    changed = {name for name, text in after.items() if text != house.before[who][name]}
    assert changed - set(FILES) == set()


@pytest.mark.parametrize("who", OTHERS)
def test_what_is_kept_is_as_what_never_was(house: House, who: str) -> None:
    kept, missing = house.everything(who, house.kept), house.everything(who, house.missing)
    assert len(kept) > 30
    assert kept.keys() == missing.keys()
    assert {name: words for name, text in kept.items() if (words := words_in(text))} == {}
    for ids in (house.planted.ids, house.planted.never):
        numbers = sorted({str(one) for one in ids.values() if len(str(one)) == 9})
        told = kept if ids is house.planted.ids else missing
        for name, text in told.items():
            for number in numbers:
                text = text.replace(number, "#").replace(f"{number[:3]} {number[3:6]} {number[6:]}", "#")
            told[name] = text
    assert {name for name, text in kept.items() if text != missing[name]} == set()


def test_an_auditor_reads_numbers_and_what_was_done(house: House) -> None:
    told = house.after(AUDITOR)
    assert {name: words for name, text in told.items() if (words := words_in(text))} == {}
    events = house.call(AUDITOR, "GET", "/audit/chains/CN.GX/events?limit=200")
    assert "200" in events[:4], "what can be read of it"
    assert words_in(house.call(AUDITOR, "GET", "/audit/chains/CN.GX/events?limit=200")) == []


UNSHOWN = {"what is known of a child"}
"""Written for whoever comes after; no page shows it yet."""


def test_those_who_are_in_it_read_every_word(house: House) -> None:
    told = "".join([*house.everything("officer", house.kept).values(), *house.after("officer").values()])
    assert set(WORDS) - set(words_in(told)) == UNSHOWN
    ministry = "".join([*house.everything("supervisor2", house.kept).values(), *house.after("supervisor2").values()])
    assert set(WORDS) - set(words_in(ministry)) == UNSHOWN | {"who told it"}, "the clue's own agency alone"
    changed = {name for name, text in house.after("officer").items() if words_in(text, house.planted)}
    assert {"/clues", "/clues in pages", "/investigations", "page clues", "page investigations"} <= changed
    assert {"/clues/{number}/proposals", "page network"} & changed or "page cluster" in changed


def test_who_leads_one_site_reads_no_word_but_its_own(house: House) -> None:
    """An officer from outside who is told of one site alone, before and after the launch: nothing else."""
    world, opened = house.things.world, house.planted.opened
    own, other = "the quay of the own site", WORDS["a site"]
    with transaction.atomic():
        world.clock = timezone.now()
        plan = draft(world, opened, code="ZX-7719-K", title=WORDS["a plan's title"], at=world.now())
        mine = site(world, plan, leader="officer_gd", place=own, alone=True)
        theirs = site(world, plan, leader="officer", place=other)
        step(world, plan, "approved", by="supervisor2")
        step(world, plan, "sealed")
        numbers = {"plan_sealed": plan.number, "site_sealed": theirs.pk, "site_led": mine.pk}
        things = Things(world, house.things.api, house.things.ids | house.planted.ids | numbers)
        for upto in ("sealed", "launched"):
            if upto == "launched":
                for one, who in ((mine, "officer_gd"), (theirs, "officer")):
                    says(world, one, by=who)
                step(world, plan, "launched")
            told = house.everything("officer_gd", things)
            read = {name for name, text in told.items() if own in text}
            assert {"/joint-sites/{id}", "page led_site"} <= read
            assert "page report_readiness" not in read, "of the other site"
            absent = {name: word for name, word in WORDS.items() if upto == "sealed" or name != "a plan's title"}
            assert {name for name, text in told.items() if any(word in text for word in absent.values())} == set()
            assert not any(number in told[name] for name in read for number in (plan.number, opened.number))
        transaction.set_rollback(True)
    cache.clear()


# What is typed. ---------------------------------------------------------------------------------------------------------------


def boxes(house: House, who: str, word: str) -> Answers:
    """Every place in which something can be looked for, with what is answered, as if nothing had been typed."""
    told = {
        "page clues": house.page(who, "/clues/", {"text": word}),
        "page people": house.page(who, "/people/", {"text": word}),
        "page families": house.page(who, "/families/", {"name": word}),
        "page find": house.page(who, f"/find/?q={quote(word)}"),
        "page read_lines": house.page(who, "/clues/lines/", {"lines": f"person {word}", "there": "0"}),
        "page audit_child": house.page(who, "/audit/child/", {"number": word}),
        "/clues": house.call(who, "GET", f"/clues?like={quote(word)}"),
        "/persons": house.call(who, "GET", f"/persons?like={quote(word)}"),
        "/tracing-requests": house.call(who, "GET", f"/tracing-requests?name={quote(word)}"),
        "/find": house.call(who, "GET", f"/find/{quote(word)}"),
    }
    forms = (word, quote(word), quote_plus(word), quote(word, safe=""), json.dumps(word)[1:-1])
    return {name: functools.reduce(lambda text, form: text.replace(form, "#"), forms, text) for name, text in told.items()}


@pytest.mark.parametrize("who", OTHERS)
def test_no_box_finds_it(house: House, who: str) -> None:
    for name, guess in TYPED.items():
        found, nothing = boxes(house, who, WORDS[name]), boxes(house, who, guess)
        assert {box for box, text in found.items() if text != nothing[box]} == set(), name
    for number, other in ((house.planted.ids[one], house.planted.never[one]) for one in ("clue", "investigation", "plan_sealed")):
        found, nothing = boxes(house, who, number), boxes(house, who, other)
        assert {box for box, text in found.items() if text != nothing[box]} == set()


def test_a_box_finds_it_for_who_is_in_it(house: House) -> None:
    number = f"/clues/{house.planted.ids['clue']}/"
    of_clue = set(TYPED) - {"a code", "a title"}
    for name in of_clue:
        assert number in boxes(house, "officer", WORDS[name])["page clues"], name
        assert number not in boxes(house, "officer2", WORDS[name])["page clues"], name
        assert house.planted.ids["clue"] in boxes(house, "officer", WORDS[name])["/clues"], name
    assert number in house.page("officer", "/clues/", {"text": house.planted.ids["clue"]})


# What is written, and what is kept of it. --------------------------------------------------------------------------------------


def written(house: House, who: str, name: str, things: Things) -> str:
    """What a write is answered, undone afterwards, with how many alarms it raised."""
    case = CASES[name]
    with transaction.atomic():
        alarms = Alarm.objects.count()
        body = case.body(things) if case.body else None
        told = house.call(who, name.split()[0], case.path(things), body, **sent_with(case, things))
        told += f" alarms: {Alarm.objects.count() - alarms}"
        transaction.set_rollback(True)
    return told


@pytest.mark.parametrize("who", OTHERS)
def test_who_writes_into_it_is_answered_as_if_it_never_was(house: House, who: str, log: io.StringIO) -> None:
    of_it = [name for name in WRITES if CASES[name].path(house.kept) != CASES[name].path(house.things)]
    of_it += ["POST /clues/{number}/verdicts", "POST /clues/{number}/compartment"]
    assert len(of_it) > 15
    for name in of_it:
        kept, missing = written(house, who, name, house.kept), written(house, who, name, house.missing)
        assert (kept, words_in(kept)) == (missing, []), name
    assert words_in(log.getvalue(), house.planted) == []


def texts(rows: Iterator[Any]) -> str:
    """All that stands in rows, sessions opened."""
    return "\n".join(json.dumps(row, default=_readable, ensure_ascii=False) for row in rows)


def _readable(value: Any) -> str:
    return base64.b64encode(value).decode() + value.decode(errors="replace") if isinstance(value, bytes) else str(value)


def test_no_other_table_holds_a_word(house: House) -> None:
    """Not the audit, an alarm, what is kept of a form, nor anything that waits to be done or sent."""
    house.everything("officer", house.kept)
    for who in OTHERS:
        boxes(house, who, WORDS["a name"])
    held: dict[str, list[str]] = {}
    for model in apps.get_models():
        rows: Any = model._default_manager.values_list(*(field.attname for field in model._meta.concrete_fields))
        if found := words_in(texts(rows.iterator())):
            held[model._meta.label] = found
    assert {label.partition(".")[0] for label in held} == {"clues", "operations"}, held
    assert "operations.Operation" not in held
    sessions = (session.get_decoded() for session in Session.objects.all())
    assert words_in(texts(sessions), house.planted) == []
    assert {"clues.Clue", "clues.Source", "clues.Fact", "operations.PlanSite", "operations.AllegedVictim"} <= held.keys()


@pytest.mark.parametrize("form", rules.FORMS)
def test_no_list_that_leaves_holds_a_word(house: House, form: str) -> None:
    taken = 0
    for who in ("supervisor", "supervisor2", *OTHERS):
        for name, listed in rules.LISTS.items():
            passphrase = rules.new_passphrase()
            narrowed = {"month": "2011-07"} if name == "child_days" else {}
            about: dict[str, Any] = {"by": house.things.world.actor(who), "at": house.things.world.now()}
            try:
                with transaction.atomic():
                    made = export_list(name=name, form=form, narrowed=narrowed, passphrase=passphrase, **about)
            except CaseworkError:
                continue
            with made.file.file as file:
                text = "\n".join(str(cell) for row in table(file.read(), passphrase) for cell in row)
            assert words_in(text, house.planted) == [], (who, name)
            assert words_in(made.name, house.planted) == []
            taken += bool(listed)
    assert taken > 10


def broken(_: Any, *__: Any, **___: Any) -> None:
    raise RuntimeError("a mistake of the house")


@pytest.mark.parametrize("name", ["clue", "investigation", "joint_plan", "ledger", "network"])
def test_a_mistake_of_the_house_tells_no_word(house: House, name: str, log: io.StringIO, monkeypatch: Any) -> None:
    """The look of who is in it fails at its end: the answer and the log tell where, and nothing of what was read."""
    client = house.clients["officer"]
    monkeypatch.setattr(client, "raise_request_exception", False)
    monkeypatch.setattr("wayhome.web.pages.render", broken)
    answer = client.get(address(house.kept, name))
    assert answer.status_code == 500
    assert "a mistake of the house" in log.getvalue()
    assert words_in(log.getvalue(), house.planted) == words_in(answer.content.decode()) == []
