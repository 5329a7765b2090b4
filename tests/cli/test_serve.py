"""`wayhome serve`: a real server on a free port; killed in the middle of handovers, nothing it answered for is lost."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import random
import signal
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from factories.house import POSTGRESQL, House, refused
from factories.serving import served

from .test_migrate import _sql

PREPARE = """
import os, json, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "wayhome.config.settings"
import django
django.setup()
from datetime import UTC, datetime, timedelta
from wayhome.casework.accounts import actions, queries
from wayhome.casework.custody import actions as custody
from wayhome.casework.operations.models import RescueEvent
now = datetime.now(UTC)
staff = {number: queries.active_staff().get(number=number) for number in ("officer", "officer2")}
event, post = RescueEvent.objects.get(), queries.open_facilities().get(code="post")
told = {"children": [], "tokens": []}
for i in range(3):
    intake = custody.Intake(event=event, post=post, sex="F", call_name="x", started_at=event.found_at)
    told["children"].append(custody.take_into_care(intake=intake, by=queries.actor_of(staff["officer"]), at=now).number)
for number in ("officer", "officer2"):
    told["tokens"].append(
        actions.give_token(
            staff=staff[number], scopes=["custody:write", "custody:read", "children:read"], label="test",
            by=queries.actor_of(staff[number], stepped_up=True), at=now, expires_at=now + timedelta(days=1),
        )
    )
print(json.dumps(told))
"""
AFTER = """
import os, json
os.environ["DJANGO_SETTINGS_MODULE"] = "wayhome.config.settings"
import django
django.setup()
from wayhome.casework.audit.models import AuditEvent
from wayhome.casework.audit.queries import verify_chain
from wayhome.casework.custody.continuity import continuity
from wayhome.casework.custody.models import CustodyEpisode
print(json.dumps({
    "episodes": list(CustodyEpisode.objects.values_list("pk", flat=True)),
    "events": AuditEvent.objects.filter(action="custody.hand_over").count(),
    "handed": CustodyEpisode.objects.filter(n__gt=1).count(),
    "breaks": continuity().breaks,
    "audit": verify_chain().ok,
}))
"""


def test_it_answers_and_stops_when_told_to(house: House) -> None:
    with served(house) as server:
        status, page = server.get("/account/login/")
        assert status == 200
        assert "<form" in page
        assert server.get("/api/v1/children")[0] == 401
        refused(house.run("serve", "--port", server.port), f"127.0.0.1:{server.port}", "--port")
        os.kill(server.process.pid, signal.SIGTERM)
        assert server.process.wait(timeout=30) == 0
        with pytest.raises(OSError, match="refused"):
            server.get("/account/login/")
        with pytest.raises(ProcessLookupError):
            os.killpg(server.process.pid, 0)


def test_it_lays_down_the_owners_rights(house: House) -> None:
    """The process that serves cannot write a register, whatever it is made to run."""
    code = (
        "import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'wayhome.config.settings'; import django; django.setup();"
        " from django.db import connection; connection.cursor().execute('DELETE FROM accounts_staffkey WHERE 1 = 0');"
        " print('did')"
    )
    assert "did" in house.run(code=code, WAYHOME_ROLE="owner").stdout
    denied = house.run(code=code, WAYHOME_ROLE="web")
    assert denied.returncode != 0
    assert "denied" in denied.stderr or "not authorized" in denied.stderr or "prohibited" in denied.stderr
    with served(house) as server:
        processes = _processes(server.process.pid)
        assert len(processes) >= 2, "the server and a worker"
        for pid in processes:
            assert b"WAYHOME_ROLE=web" in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")


def _processes(group: int) -> list[int]:
    """Of a process group: the group is the third figure after the name in /proc/PID/stat."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                if int((entry / "stat").read_text().rpartition(")")[2].split()[2]) == group:
                    found.append(int(entry.name))
    return found


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("DROP TRIGGER wayhome_custody_exclusion_delete_append_only{}", "wayhome_custody_exclusion_delete_append_only"),
        ("DELETE FROM django_migrations WHERE app = 'custody'", "migrations are missing"),
    ],
)
def test_it_refuses_a_house_that_is_not_fit(house: House, sql: str, told: str) -> None:
    _sql(house, sql.format(" ON custody_exclusion" if POSTGRESQL else ""))
    refused(house.run("serve", "--port", 1), told, "wayhome migrate")


@dataclass
class Handovers:
    """Two officers who hand children to each other as fast as the server answers."""

    tokens: list[str]
    acknowledged: list[int] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)

    def go(self, port: int, child: str, first: threading.Event) -> None:
        """Until the server is gone."""
        giver, receiver = self.tokens
        with contextlib.suppress(OSError, http.client.HTTPException):
            while True:
                self._withdraw(port, child)
                body = {
                    "to_facility": "post", "kind": "police", "wristband": child, "place": "desk", "condition": "asleep"
                }  # fmt: skip
                offer = self._post(port, f"/children/{child}/offers", giver, body)
                if offer is None:
                    continue
                episode = self._post(port, f"/offers/{offer}/acceptance", receiver, {"wristband": child})
                if episode is not None:
                    self.acknowledged.append(episode)
                    first.set()
                giver, receiver = receiver, giver

    def _withdraw(self, port: int, child: str) -> None:
        """An offer left over from before the server was killed."""
        for offer in self._get(port, "/offers")["items"]:
            if offer["child"] == child:
                self._post(port, f"/offers/{offer['id']}/end", self.tokens[0], {"code": "withdrawn"})

    def _get(self, port: int, path: str) -> dict[str, list[dict[str, object]]]:
        told: dict[str, list[dict[str, object]]] = json.loads(self._ask("GET", port, path, self.tokens[0])[1])
        return told

    def _post(self, port: int, path: str, token: str, body: dict[str, str]) -> int | None:
        status, text = self._ask("POST", port, path, token, json.dumps(body))
        told = json.loads(text)
        if status in (200, 201):
            return int(told["id"])
        self.refusals.append(f"{status} {told['code']}")
        return None

    def _ask(self, method: str, port: int, path: str, token: str, body: str = "") -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        with contextlib.closing(connection):
            headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
            connection.request(method, f"/api/v1{path}", body or None, headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()


def _killed(house: House, times: int) -> None:
    prepared = house.run(code=PREPARE)
    assert prepared.returncode == 0, prepared.stderr
    told = json.loads(prepared.stdout)
    handovers = Handovers(told["tokens"])
    chance = random.Random(7)
    for _ in range(times):
        already, first = len(handovers.acknowledged), threading.Event()
        with served(house) as server:
            clients = [
                threading.Thread(target=handovers.go, args=(server.port, child, first), daemon=True) for child in told["children"]
            ]
            for client in clients:
                client.start()
            assert first.wait(60), (handovers.refusals[-3:], (house.folder / "server.log").read_text()[-2000:])
            time.sleep(chance.uniform(0, 0.6))
            server.kill()
            for client in clients:
                client.join()
        assert len(handovers.acknowledged) > already
    after = house.run(code=AFTER)
    assert after.returncode == 0, after.stderr
    found = json.loads(after.stdout)
    assert set(handovers.acknowledged) <= set(found["episodes"]), "an acknowledged handover was lost"
    assert found["handed"] == found["events"], "a handover without its event, or an event without its handover"
    assert (found["breaks"], found["audit"]) == ({}, True)
    assert len(handovers.acknowledged) >= times
    kept = house.run("backup", "kept")
    assert kept.returncode == 0, kept.stderr


def test_killed_in_the_middle_of_handovers(house: House) -> None:
    _killed(house, 5)


@pytest.mark.slow
def test_killed_in_the_middle_of_handovers_a_hundred_times(house: House) -> None:
    _killed(house, 100)
