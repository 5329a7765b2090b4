"""`wayhome worker` raises what is overdue, once; one works at a time, and another takes over when it is gone."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from factories.house import House, refused

LATE = """
import os, sys, json
os.environ["DJANGO_SETTINGS_MODULE"] = "wayhome.config.settings"
import django
django.setup()
from wayhome.casework.audit.models import Alarm
print(json.dumps(sorted(Alarm.objects.values_list("kind", "code", "child_id"))))
"""


def _alarms(house: House) -> str:
    done = house.run(code=LATE)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_one_round_raises_what_is_overdue_and_the_next_nothing_new(house: House, tmp_path: Path) -> None:
    """The world's children lie in hospital and home since 2011: nobody planned to look, nobody counted."""
    assert _alarms(house) == "[]\n"
    key, heads = tmp_path / "key", tmp_path / "heads"
    assert house.run("audit", "new-key", key).returncode == 0
    first = house.run("worker", "--once", "--heads", heads, "--key", key)
    assert (first.returncode, first.stderr) == (0, "")
    raised = _alarms(house)
    assert '"no_plan"' in raised
    assert '"head_count_due"' in raised
    assert "observations overdue: 1" in first.stdout
    assert len(heads.read_text().splitlines()) >= 2
    again = house.run("worker", "--once")
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")
    assert _alarms(house) == raised
    verified = house.run("audit", "verify", "--heads", heads, "--key", f"{key}.pub")
    assert verified.returncode == 0, verified.stdout


def test_two_workers_do_not_do_the_same_and_one_takes_over(house: House) -> None:
    first = house.start("worker", "--every", "0.2")
    second = None
    try:
        assert first.stdout is not None
        assert "children not counted" in first.stdout.readline() + first.stdout.readline()
        raised = _alarms(house)
        assert "standing by" in house.run("worker", "--once").stdout
        second = house.start("worker", "--every", "0.2")
        assert second.stdout is not None
        assert "standing by" in second.stdout.readline()
        os.killpg(first.pid, signal.SIGKILL)
        first.communicate()
        until = time.monotonic() + 30
        while "standing by" in house.run("worker", "--once").stdout and time.monotonic() < until:
            os.kill(second.pid, 0)
            break
        assert second.poll() is None
        assert _alarms(house) == raised
        second.terminate()
        out, err = second.communicate(timeout=30)
        assert (second.returncode, err) == (0, "")
        assert out == "stopped\n"
        assert "standing by" not in house.run("worker", "--once").stdout
    finally:
        for process in (first, second):
            if process is not None and process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.communicate()


def test_what_does_not_go_together(house: House, tmp_path: Path) -> None:
    refused(house.run("worker", "--once", "--heads", tmp_path / "heads"), "--heads and --key go together")
    refused(house.run("worker", "--once", "--heads", tmp_path / "heads", "--key", tmp_path / "none"), "none")


def test_a_job_that_fails_is_told_and_the_others_are_done(house: House) -> None:
    code = (
        "import sys; from wayhome.cli import worker; from wayhome.cli.main import run\n"
        "def broken(at): raise ValueError('broken')\n"
        "jobs = worker._jobs\n"
        "worker._jobs = lambda: [('broken', broken), *jobs()]\n"
        "sys.exit(run(['worker', '--once']))"
    )
    done = house.run(code=code)
    assert done.returncode == 2
    assert "broken: failed" in done.stderr
    assert "children not counted" in done.stdout


PLANS = """
import os, signal, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "wayhome.config.settings"
import django
django.setup()
from datetime import UTC, datetime
from wayhome.casework.accounts.models import Jurisdiction, Staff
from wayhome.casework.placements.actions import jobs
from wayhome.casework.placements.models import NightPlan, PlanJob
if sys.argv[1:] == ["ask"]:
    PlanJob.objects.create(
        jurisdiction=Jurisdiction.objects.get(code="CN"), nights=3, children=2000, homes=300, at_once=False,
        by=Staff.objects.filter(role="supervisor").first(), at=datetime.now(UTC),
    )
elif sys.argv[1:] == ["die"]:
    from wayhome.cli.main import run
    jobs.solve = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)
    run(["worker", "--once"])
job = PlanJob.objects.get()
print(getattr(getattr(job, "end", None), "outcome", "open"), job.steps.filter(doing="begun").count(), NightPlan.objects.count())
"""


def test_a_plan_is_made_by_the_next_worker_after_one_was_killed_at_it(house: House) -> None:
    assert house.run("ask", code=PLANS).stdout == "open 0 0\n"
    assert house.run("die", code=PLANS).returncode == -signal.SIGKILL
    assert house.run(code=PLANS).stdout == "open 1 0\n"
    working = house.start("worker", "--every", "60")
    try:
        assert working.stdout is not None
        lines = iter(working.stdout.readline, "")
        assert any(line.endswith("plans: 1\n") for line in lines)
        assert house.run(code=PLANS).stdout == "done 2 1\n"
    finally:
        os.killpg(working.pid, signal.SIGKILL)
        working.communicate()
