"""A sample, in a browser at the width of a phone: a relative's kit is ordered, posted, taken and received; the laboratory's file
is looked at, then taken; what is odd about it is told, and the look at it is on record.

The steps stand in the order in which they are done, and each goes on with what the one before did.
"""

from __future__ import annotations

import json
import random
import re
from pathlib import Path
from urllib.parse import urlsplit

from factories.laboratory import LOCI, somebody, table

from .conftest import Hands, Journey
from .test_families import MOTHER, PHONE, follow, record, switch, within_the_screen
from .test_families import heard as family

ADDRESS, POST = "广西百色市右江区中山路12号", "右江区派出所"
HERS = {locus: calls for locus, calls in somebody(random.Random(4), "M").items() if locus in (*LOCI[:9], "AMEL")}
"""Few loci, and the sex marker of a man: two things that somebody must look at."""
made: dict[str, str] = {}
EVENTS = """
import json, os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "wayhome.config.settings"
import django
django.setup()
from wayhome.casework.audit.models import AuditEvent
told = AuditEvent.objects.filter(subject=f"kit:{int(sys.argv[1])}").order_by("at").values_list("action", flat=True)
print(json.dumps(list(told)))
"""


def grouped(number: str) -> str:
    """As pages show it."""
    return f"{number[:3]} {number[3:6]} {number[6:]}"


def ordered(journey: Journey) -> Hands:
    """The officer's phone, at the mother's kit; a family that agreed comes first."""
    officer = journey.phone("officer")
    if "kit" not in made:
        family.clear()
        record(officer)
        officer.go(f"/families/{family['number']}/")
        follow(officer, officer.page.locator("main .short a", has_text=MOTHER).first)
        made["relative"] = officer.path()
        follow(officer, "main a:has-text('Record the consent')")
        officer.type("form", "GX-2011-0417")
        officer.send()
        officer.go(made["relative"])
        follow(officer, "main a:has-text('Order a kit')")
        officer.send()
        made["kit"] = officer.path().split("/")[2]
    assert officer.go(f"/kits/{made['kit']}/") == 200
    return officer


def at_the_laboratory(journey: Journey) -> Hands:
    """The analyst's phone; the kit came on its way there first."""
    if "received" not in made:
        officer = ordered(journey)
        for kind in ("posted", "taken", "sent"):
            if officer.page.locator(f"main .do a[href$='/{kind}/']").count():
                told(officer, kind)
        analyst = journey.phone("analyst")
        analyst.go(f"/kits/{made['kit']}/received/")
        analyst.send()
        made["received"] = "yes"
    return journey.phone("analyst")


def told(officer: Hands, kind: str) -> None:
    """The next that happened to the kit, from its page."""
    officer.go(f"/kits/{made['kit']}/")
    follow(officer, f"main .do a[href$='/{kind}/']")
    if kind == "posted":
        officer.type("place", ADDRESS)
    elif kind == "taken":
        officer.page.locator("main [name=place]").fill(POST)
        officer.page.locator("main select[name=witness]").select_option("officer2")
    officer.send()


def a_file(folder: Path) -> Path:
    """As the sequencer left it, with a control."""
    path = folder / "run 7.csv"
    path.write_bytes(table({made["kit"]: HERS, "K562": somebody(random.Random(5))}))
    return path


def test_a_kit_is_ordered_for_a_relative_who_agrees(journey: Journey) -> None:
    officer = ordered(journey)
    page = officer.text()
    assert grouped(made["kit"]) in page
    assert MOTHER in page
    follow(officer, "main a:has-text('Label for tube and envelope')")
    assert MOTHER not in officer.text(), "nobody's name goes by post"
    assert within_the_screen(officer)


def test_it_goes_from_hand_to_hand(journey: Journey) -> None:
    officer = ordered(journey)
    told(officer, "posted")
    assert ADDRESS in officer.text()
    # A sample is taken only after it was delivered, or handed over.
    follow(officer, "main .do a[href$='/delivered/']")
    officer.send()
    follow(officer, "main .do a[href$='/taken/']")
    assert officer.page.locator("main [name=place]").input_value() == ADDRESS
    officer.send()
    assert officer.path().endswith("/taken/"), "without a witness nothing is recorded"
    told(officer, "taken")
    told(officer, "sent")
    for language in ("vi", "zh-hans", "en"):
        switch(officer, language)
        assert within_the_screen(officer), language
    analyst = journey.phone("analyst")
    analyst.go(f"/kits/{made['kit']}/")
    page = analyst.text()
    for secret in (MOTHER, ADDRESS, POST, family["number"]):
        assert secret not in page, "a laboratory knows a number"
    follow(analyst, "main .do a[href$='/received/']")
    analyst.send()
    made["received"] = "yes"
    analyst.go("/")
    line = analyst.page.locator("main .line", has_text=grouped(made["kit"]))
    assert "Sample received: type it" in line.inner_text()


def test_the_file_is_looked_at_and_then_taken(journey: Journey, tmp_path: Path) -> None:
    analyst = at_the_laboratory(journey)
    analyst.go("/laboratory/files/new/")
    analyst.page.set_input_files("[name=file]", a_file(tmp_path))
    analyst.send()
    page = analyst.text()
    for part in ("1 sample would become a profile", "Nothing is written yet", "This is no kit of this laboratory",
                 "few loci gave a result", "its sex marker is not the recorded sex"):  # fmt: skip
        assert part in page, part
    assert within_the_screen(analyst)
    analyst.send()
    assert "Some samples in the file cannot be taken" in analyst.text(), "none is dropped unseen"
    analyst.tap("main tr:has-text('K562') label.tick")
    analyst.send()
    assert "1 profile was taken from the file" in analyst.text()
    assert "run 7.csv" in analyst.text()
    analyst.go("/laboratory/files/new/")
    analyst.page.set_input_files("[name=file]", a_file(tmp_path))
    analyst.send()
    assert "This file was taken already" in analyst.text()
    assert analyst.page.locator("main button[name=take]").count() == 0


def test_what_is_odd_is_shown_until_somebody_looked(journey: Journey, tmp_path: Path) -> None:
    analyst = at_the_laboratory(journey)
    del tmp_path
    analyst.go("/")
    line = analyst.page.locator("main .line", has_text=grouped(made["kit"]))
    assert "few loci gave a result, its sex marker is not the recorded sex" in line.inner_text()
    follow(analyst, line.locator("a.button"))
    page = analyst.text()
    assert "few loci gave a result" in page
    assert "9 loci" in page
    assert not re.search(r"D\d+S\d+", page), "which loci of a relative are odd is told nowhere"
    analyst.go("/")
    assert analyst.page.locator("main .line", has_text=grouped(made["kit"])).count() == 0
    done = journey.house.run(made["kit"], code=EVENTS)
    assert done.returncode == 0, done.stderr
    events = json.loads(done.stdout)
    assert "laboratory.read_kit" in events
    assert events[-1] == "laboratory.read_results"


def test_a_relative_who_withdraws_leaves_nothing_to_read(journey: Journey) -> None:
    analyst = at_the_laboratory(journey)
    officer = ordered(journey)
    officer.go(made["relative"])
    follow(officer, "main a:has-text('They want it no more')")
    officer.send()
    assert "The withdrawal is recorded" in officer.text()
    analyst.go(f"/laboratory/samples/{made['kit']}/")
    page = analyst.text()
    assert "No profile of this sample yet" in page
    assert "few loci" not in page
    analyst.go("/laboratory/files/")
    assert "original erased" in analyst.text()


def test_nothing_left_the_house_and_no_log_holds_a_sample(journey: Journey) -> None:
    ordered(journey)
    assert {urlsplit(url).hostname for url in journey.requests if not url.startswith(("data:", "blob:"))} == {"127.0.0.1"}
    assert journey.troubles == []
    log = journey.log()
    for secret in (made["kit"], MOTHER, PHONE, ADDRESS, "run 7"):
        assert secret not in log, secret
