"""`wayhome demo`: what it tells; with `--serve`, a house on the loopback, opened with the logins that it prints, then gone."""

from __future__ import annotations

import contextlib
import csv
import http.cookiejar
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib import resources
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from allauth.mfa.totp.internal import auth as totp

from factories.house import WAYHOME, House, refused

from .conftest import Wayhome

SHANGHAI = ZoneInfo("Asia/Shanghai")
EXAMPLE = Path(str(resources.files("wayhome.cli").joinpath("example")))


@dataclass
class Demo:
    """The command at work."""

    process: subprocess.Popen[str]
    folder: Path
    port: int

    @property
    def said(self) -> str:
        """So far."""
        return (self.folder / "out").read_text("utf-8")

    def password(self, login: str) -> str:
        """As it stands in the table."""
        (found,) = re.findall(rf"^ *{login} +(\S+)", self.said, re.MULTILINE)
        return str(found)

    def code(self) -> str:
        """What an app would show that was given the secret."""
        (secret,) = re.findall(r"secret ([A-Z2-7]+)", self.said)
        return str(totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30)))


@dataclass
class Visitor:
    """A browser without a picture."""

    base: str
    opener: urllib.request.OpenerDirector = field(
        default_factory=lambda: urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    )

    def get(self, path: str, **typed: str) -> tuple[str, str]:
        """Where one ends, and what stands there; with fields, the form of that page is sent."""
        data = None
        if typed:
            token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.get(path)[1])
            assert token is not None
            data = urllib.parse.urlencode(typed | {"csrfmiddlewaretoken": token[1]}).encode()
        request = urllib.request.Request(self.base + path, data=data, headers={"Referer": self.base + path})
        with self.opener.open(request, timeout=60) as answer:
            return urllib.parse.urlsplit(answer.url).path, answer.read().decode("utf-8")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """Started as a person starts it; its records lie in a folder of the test's own."""
    folder = tmp_path_factory.mktemp("opened")
    (folder / "tmp").mkdir()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with (folder / "out").open("w") as out, (folder / "err").open("w") as err:
        process = subprocess.Popen(
            [sys.executable, "-c", WAYHOME, "demo", "--serve", "--families", "50", "--port", str(port)],
            env=os.environ | {"COLUMNS": "80", "TMPDIR": str(folder / "tmp"), "PYTHONWARNINGS": ""},
            stdout=out,
            stderr=err,
            text=True,
            start_new_session=True,
        )
    begun = Demo(process, folder, port)
    try:
        until = time.monotonic() + 600
        while "Ctrl+C ends it" not in begun.said:
            assert process.poll() is None, (folder / "err").read_text()
            assert time.monotonic() < until
            time.sleep(0.2)
        while True:
            with contextlib.suppress(OSError):
                Visitor(f"http://127.0.0.1:{port}").get("/account/login/")
                break
            assert time.monotonic() < until
            time.sleep(0.1)
        yield begun
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@pytest.fixture(scope="module")
def story(demo: Demo) -> str:
    """What it prints before it opens the house, 80 columns wide."""
    return demo.said.partition("The house is open")[0]


@pytest.fixture(scope="module")
def truth() -> dict[str, str]:
    with (EXAMPLE / "truth.csv").open(encoding="utf-8", newline="") as stream:
        return {row["child"]: row["family"] for row in csv.DictReader(stream)}


def test_the_example_is_what_simulate_makes(wayhome: Wayhome, tmp_path: Path) -> None:
    options = ["--families", 60, "--population", "china", "--kit", "Huaxia Platinum", "--seed", 338]
    ended = wayhome("simulate", tmp_path / "example", *options, "--typed", 0.95, "--found", 0.18, "--unrelated", 1)
    assert ended.code == 0
    for path in sorted(EXAMPLE.glob("*.csv")):
        assert (tmp_path / "example" / path.name).read_bytes() == path.read_bytes(), path.name


def test_the_rescues_come_first(story: str) -> None:
    words = " ".join(story.partition("Which of these families")[0].split())
    assert "2 task forces of 15 and 3 members" in words
    assert "8 infants found in Guangxi and Guangdong, 39 people detained" in words
    assert "Version 2" not in words, "a house that is opened has just come to the end of August"
    assert "81 infants in 14 provinces, 330 people detained. Shanxi found 16, 6 of them in one county; 4 more" in words
    assert "89 children, each brought to a hospital, observed there, and cleared by a doctor" in words
    placed, stayed = re.findall(r"40 homes told .*: (\d+) children had a place that night, (\d+) stayed in hospital", words)[0]
    assert int(placed) + int(stayed) == 89
    assert "“not a foundling”" in words
    assert "“too small”" in words
    assert f"The shortage bill for them: {stayed} beds" in words
    assert "When it was paid, 89 had a place" in words
    assert "Custody chains with a gap: 0. All 369 suspects are excluded" in words
    assert "verified: nothing was altered" in words


def test_the_story(story: str, truth: dict[str, str]) -> None:
    lines = story.splitlines()
    words = " ".join(story.split())
    assert "Nobody here is real" in words
    assert re.search(r"12 children, 60 families, 23 loci, searched in \d+\.\d s", words)
    assert len(truth) == 12
    alone = [child for child, family in truth.items() if not family]
    assert len(alone) == 1
    for child, family in truth.items():
        if family:
            assert any(line.split()[:2] == [child, family] for line in lines)
    assert "11 of the 11 children whose family is among these find it first" in words
    assert f"{alone[0]} finds nobody: its family is not among these" in words
    assert re.search(r"C\d\d and F\d\d differ at \S+, which only a mutation explains", words)
    assert "only by mutation" in story
    assert "opens an enquiry" in words
    proposed = [line for line in lines if line.startswith("  wayhome ")]
    assert len(proposed) == 3
    assert max(len(line) for line in lines if line not in proposed) <= 80


def test_what_the_demo_proposes_works(wayhome: Wayhome, story: str) -> None:
    (command,) = [line.split()[1:] for line in story.splitlines() if line.startswith("  wayhome find --children")]
    ended = wayhome(*command, "--loci", "TH01", "--json")
    assert ended.code == 0
    populations = json.loads(ended.out)["provenance"]["parameters"]["populations"]
    assert [population["population"] for population in populations] == ["china", "nist-asian"]


def test_whoever_must_show_a_code_sees_all_89_children(demo: Demo) -> None:
    visitor = Visitor(f"http://127.0.0.1:{demo.port}")
    where, _ = visitor.get("/account/login/", login="supervisor", password=demo.password("supervisor"))
    assert where == "/account/second-factor/authenticate/", "the demonstration takes no rule of the house away"
    assert visitor.get("/children/")[0] == where, "a password alone opens nothing"
    assert visitor.get(where, code=demo.code())[0] == "/"
    _, first = visitor.get("/children/")
    assert '<span class="count">89</span>' in first
    (pages,) = re.findall(r"<span>1 / (\d+)</span>", first)
    names: set[str] = set()
    for page in range(1, int(pages) + 1):
        names |= set(re.findall(r'href="/children/(\d{9})/"', visitor.get(f"/children/?page={page}")[1]))
    assert len(names) == 89


def test_the_story_has_just_ended(demo: Demo) -> None:
    visitor = Visitor(f"http://127.0.0.1:{demo.port}")
    assert visitor.get("/account/login/", login="caseworker", password=demo.password("caseworker"))[0] == "/"
    came_home = re.findall(r"\d{4}-\d\d-\d\d \d\d:\d\d", visitor.get("/children/")[1])
    ago = datetime.now(SHANGHAI) - datetime.strptime(max(came_home), "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI)
    assert timedelta(days=20) <= ago < timedelta(days=41)
    (began,) = re.findall(r"struck on (\d+ \w+ \d{4}), \d\d:\d\d", " ".join(demo.said.split()))
    days = datetime.now(SHANGHAI).date() - datetime.strptime(began, "%d %B %Y").date()
    assert days in (timedelta(days=45), timedelta(days=46)), "as from 15 July, 14:00, to 30 August"


def test_every_role_with_work_has_a_login_of_its_own(demo: Demo) -> None:
    logins = ("officer", "nurse", "doctor", "caseworker", "placement", "supervisor", "auditor", "administrator")
    passwords = {demo.password(login) for login in logins}
    assert len(passwords) == len(logins)
    assert all(len(password) == 23 for password in passwords)


def test_it_ends_at_ctrl_c_and_leaves_nothing(demo: Demo) -> None:
    """The last of this file: it ends the demonstration."""
    assert [path.name[:13] for path in (demo.folder / "tmp").iterdir()] == ["wayhome-demo-"]
    demo.process.send_signal(signal.SIGINT)
    assert demo.process.wait(60) == 0
    assert demo.said.endswith("ended, and the records with it\n")
    assert (demo.folder / "err").read_text() == ""
    assert list((demo.folder / "tmp").iterdir()) == []
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", demo.port), timeout=5).close()


def test_a_port_that_is_taken_is_told_before_the_work(wayhome: Wayhome) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        wayhome("demo", "--serve", "--port", taken.getsockname()[1]).refused("cannot listen", "--port")


def test_one_object_and_open_pages_do_not_go_together(wayhome: Wayhome) -> None:
    wayhome("demo", "--serve", "--json").refused("--json and --serve")


def test_a_house_where_people_work_is_left_alone(house: House) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    refused(house.run("demo", "--serve", "--port", port, "--db", house.database), "holds other records", "--db")
