from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from importlib import metadata
from pathlib import Path

import pytest

from wayhome import __version__, kinship
from wayhome.cli.convert import FORMATS

from .conftest import Process, Wayhome, case

COMMANDS = ("lr", "find", "simulate", "convert", "kits", "populations", "demo")


def test_the_entry_point_is_this_function() -> None:
    (entry,) = [one for one in metadata.entry_points(group="console_scripts") if one.name == "wayhome"]
    assert entry.value == "wayhome.cli.main:run"


def test_version(wayhome: Wayhome) -> None:
    ended = wayhome("--version")
    assert (ended.code, ended.out, ended.err) == (0, f"wayhome {__version__}\n", "")


@pytest.mark.parametrize("arguments", [(), ("--help",), ("-h",)])
def test_the_overview_names_every_command(wayhome: Wayhome, arguments: tuple[str, ...]) -> None:
    ended = wayhome(*arguments)
    assert ended.code == 0
    assert all(re.search(rf"^  {name} ", ended.out, re.M) for name in COMMANDS)
    assert "..." not in ended.out.partition("Commands:")[2]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(wayhome: Wayhome, name: str) -> None:
    ended = wayhome(name, "--help")
    assert ended.code == 0
    assert f"Usage: wayhome {name}" in ended.out


def test_help_lists_what_code_offers(wayhome: Wayhome) -> None:
    told = wayhome("convert", "--help").out.partition("Formats:")[2]
    assert {name for name in FORMATS if not re.search(rf"\b{name}\b", told)} == set()
    told = " ".join(wayhome("simulate", "--help").out.split()).replace("- ", "-")
    assert {shape for shape in kinship.FAMILY_SHAPES if shape not in told} == set()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("nope",), "No such command 'nope'"),
        (("lr",), "Missing argument"),
        (("lr", "--nope"), "No such option"),
        (("find", "--top", "many"), "--top"),
        (("kits", "a", "b"), "wayhome kits --help"),
    ],
)
def test_misuse_is_one_line(wayhome: Wayhome, arguments: tuple[str, ...], told: str) -> None:
    wayhome(*arguments).refused(told)


def test_a_message_stays_on_one_line(wayhome: Wayhome) -> None:
    wayhome("lr", "no\nsuch\x1b[31m file").refused("no such", "[31m file: does not exist")
    assert "\x1b" not in wayhome("lr", "no\nsuch\x1b[31m file").err


def test_an_interruption(wayhome: Wayhome, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(kinship, "read_cases", interrupted)
    ended = wayhome("lr", "case.json")
    assert ended.code == 130
    assert ended.err.startswith("wayhome: interrupted")
    assert ended.err.count("\n") == 1


def test_a_mistake_of_the_program_is_shown(wayhome: Wayhome, monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(_: Path) -> None:
        raise ZeroDivisionError("wrong")

    monkeypatch.setattr(kinship, "read_cases", wrong)
    ended = wayhome("lr", "case.json")
    assert ended.code == 1
    assert "Traceback" in ended.err
    assert "ZeroDivisionError: wrong" in ended.err
    assert "report" in ended.err.splitlines()[-1]


def test_what_the_system_refuses_is_one_line(wayhome: Wayhome, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: Path) -> None:
        raise OSError(28, "No space left on device", "out.csv")

    monkeypatch.setattr(kinship, "read_cases", full)
    ended = wayhome("lr", "case.json")
    assert (ended.code, ended.err) == (2, "wayhome: error: out.csv: No space left on device\n")


def test_ctrl_c_ends_a_running_search(base: Path) -> None:
    code = (
        # A shell's background jobs, and their children, would not hear Ctrl-C.
        "import signal, sys, time; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from wayhome import kinship; from wayhome.cli.main import run\n"
        "kinship.find = lambda *a, **k: (print('searching', flush=True), time.sleep(60))\n"
        "sys.exit(run())"
    )
    options = ["--children", str(base / "children.csv"), "--families", str(base), "--population", "china"]
    with subprocess.Popen(
        [sys.executable, "-c", code, "find", *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "searching\n"
        time.sleep(0.1)
        running.send_signal(signal.SIGINT)
        _, err = running.communicate(timeout=30)
    assert running.returncode == 130
    assert "Traceback" not in err


def test_a_closed_pipe_is_quiet(process: Process) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as closed:
        ended = process("kits", capture_output=False, stdout=closed, stderr=subprocess.PIPE)
    assert ended.returncode == 141
    assert ended.stderr == ""


def test_json_goes_without_rich_and_help_without_numpy(process: Process, tmp_path: Path) -> None:
    path = tmp_path / "case.json"
    path.write_text(json.dumps(case()), "utf-8")
    code = (
        "import sys; from wayhome.cli.main import run\n"
        "run(['--version']); run(['find', '--help']); print(*sys.modules, file=sys.stderr)\n"
        "run(['lr', sys.argv[1], '--json']); run(['kits', '--json']); print(*sys.modules, file=sys.stderr)"
    )
    helped, computed = (set(line.split()) for line in process(path, code=code).stderr.splitlines())
    assert not {"numpy", "rich", "wayhome.kinship"} & helped
    assert {"numpy", "wayhome.kinship"} <= computed
    assert "rich" not in computed


def test_a_terminal_without_the_letters_is_no_end(process: Process, tmp_path: Path) -> None:
    path = tmp_path / "case.json"
    path.write_text(json.dumps(case(id="家\ud800")), "utf-8")
    code = "import sys; sys.stdout.reconfigure(encoding='ascii'); from wayhome.cli.main import run; sys.exit(run())"
    ended = process("lr", path, code=code)
    assert ended.returncode == 0, ended.stderr
    assert "1.2" in ended.stdout
