"""A child's way home, in browsers at the width of a phone: a family's report, kits, the laboratory's files, a candidate, two
readings, second samples, the confirmation; then the enquiry, the panel, two approvals, samples at the door, home, and a visit.

One test, since each step goes on with what the one before did; between them the worker goes round.
"""

from __future__ import annotations

import random
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from factories.laboratory import child_of, table
from factories.matching import stranger

from .conftest import PASSWORD, Hands, Journey
from .test_families import MOTHER, follow, record, switch, tell, within_the_screen
from .test_families import heard as family

if TYPE_CHECKING:
    from playwright.sync_api import Locator

WITH_CODE = "officer officer2 officer_gd supervisor supervisor2 doctor lab_supervisor"
ACCOUNTS = f"{WITH_CODE} caseworker caseworker2 analyst analyst2"
ADDRESS = "广西百色市右江区中山路12号"
HELD = {"what was sewn into the jacket": "a red thread", "who was asleep in the next bed": "her cousin"}
NOTE = "both of the mother's alleles fit at every locus"
LANGUAGES = ("vi", "zh-hans", "en")


class Way:
    """The journey, with what it has come to so far."""

    def __init__(self, journey: Journey, folder: Path) -> None:
        self.journey, self.folder, self.files = journey, folder, 0
        self.child: str = journey.known["in_home"]
        chance = random.Random(20110715)
        self.mothers = stranger(chance, "F")
        self.childs = child_of(self.mothers, stranger(chance, "M"), chance, "F")

    def by(self, name: str, path: str = "") -> Hands:
        """Somebody's phone, at a page that fits it in every language."""
        hands = self.journey.phone(name)
        if path:
            assert hands.go(path) == 200, (name, path, hands.text())
            self.proved(hands)
        return hands

    def proved(self, hands: Hands) -> None:
        """Whoever decides says who they are once more."""
        if hands.path() == "/account/confirm/":
            hands.type("password", PASSWORD)
            hands.send()

    def follow(self, hands: Hands, what: str | Locator) -> None:
        """Tap something that leads to another page."""
        follow(hands, hands.page.locator(what).first if isinstance(what, str) else what)
        self.proved(hands)

    def looked_at(self, hands: Hands) -> None:
        """The page in three languages."""
        for language in LANGUAGES:
            switch(hands, language)
            assert within_the_screen(hands), (hands.path(), language)

    def round(self) -> None:
        """The worker goes round once."""
        done = self.journey.house.run("worker", "--once")
        assert done.returncode == 0, done.stderr

    def sample(self, whose: str, order: str, taker: str, calls: Any) -> None:
        """A kit is ordered, taken before a witness, sent, received, and its file imported."""
        hands = self.by(taker, order)
        hands.send()
        number = hands.path().split("/")[2]
        witness = {"officer": "officer2", "officer2": "officer", "caseworker": "caseworker2", "caseworker2": "caseworker"}[taker]
        follow(hands, "main .do a[href$='/taken/'], main .menu a[href$='/taken/']")
        hands.page.locator("main [name=place]").fill(f"{whose}: {ADDRESS}")
        hands.page.locator("main select[name=witness]").select_option(witness)
        hands.send()
        follow(hands, "main .do a[href$='/sent/']")
        hands.send()
        analyst = self.by("analyst", f"/kits/{number}/received/")
        analyst.send()
        self.files += 1
        path = self.folder / f"run {self.files}.csv"
        path.write_bytes(table({number: calls}))
        analyst.go("/laboratory/files/new/")
        analyst.page.set_input_files("[name=file]", path)
        analyst.send()
        analyst.send()
        assert "1 profile was taken from the file" in analyst.text(), analyst.text()

    def samples(self, of_mother: str, of_child: str) -> None:
        """Of both."""
        self.sample("the mother", f"{self.mother}kit/", of_mother, self.mothers)
        self.sample("the child", f"/children/{self.child}/kit/", of_child, self.childs)
        self.round()

    def family_hears(self, words: str) -> None:
        """What the liaison may pass on: never a child's number, nor where it is."""
        told = self.by("officer", f"/families/{family['number']}/").text()
        assert words in told, told
        for secret in (self.child, "福利院", "防城港"):
            assert secret not in told.replace(" ", ""), secret

    # -- the laboratory -------------------------------------------------------------------------------------------------------

    def report(self) -> None:
        """A mother is heard, and agrees."""
        officer = self.by("officer")
        family.clear()
        record(officer)
        officer.go(f"/families/{family['number']}/")
        self.follow(officer, officer.page.locator("main .short a", has_text=MOTHER).first)
        self.mother = officer.path()
        self.follow(officer, "main a:has-text('Record the consent')")
        officer.type("form", "GX-2011-0417")
        officer.send()

    def candidate(self) -> None:
        """Two analysts read it apart from each other."""
        for name in ("analyst", "analyst2"):
            analyst = self.by(name, "/candidates/")
            self.follow(analyst, "main a[href^='/candidates/']:not([href*='?'])")
            self.found = analyst.path()
            self.looked_at(analyst)
            assert NOTE not in analyst.text(), "a second reader sees no word of the first"
            analyst.pill("conclusion", "supports")
            tell(analyst, note=NOTE)
            analyst.send()
            assert "Your reading is kept" in analyst.text()

    def confirmed(self) -> None:
        """By the head of the laboratory, on second samples."""
        head = self.by("lab_supervisor", f"{self.found}confirm/")
        head.send()
        assert "The match is confirmed" in head.text(), head.text()

    # -- the file -------------------------------------------------------------------------------------------------------------

    def file(self, name: str) -> Hands:
        """Somebody at the child's file."""
        return self.by(name, f"/children/{self.child}/return/")

    def verified(self) -> None:
        """Evidence of four kinds, and two details that no newspaper had."""
        caseworker = self.file("caseworker")
        self.follow(caseworker, "main .do a.primary")
        caseworker.send()
        self.looked_at(self.file("caseworker"))
        for kind in ("interview", "line_up", "document", "home_study"):
            self.follow(self.file("caseworker"), "main #evidence h2 a")
            caseworker.pill("kind", kind)
            tell(caseworker, who="the mother")
            caseworker.page.locator("main [name=held_on]").fill(self.today(caseworker))
            caseworker.pill("outcome", "supports")
            caseworker.send()
        for question, answer in HELD.items():
            officer = self.file("officer")
            self.follow(officer, "main a[href$='/held-back/']")
            tell(officer, question=question, answer=answer)
            officer.send()
            page = self.file("caseworker").text()
            assert question in page
            assert answer not in page, "the answer is the police's until the claimant was asked"
            self.follow(caseworker, "main .box a[href^='/held-back/']")
            tell(caseworker, said=answer)
            caseworker.pill("right", "yes")
            caseworker.send()

    def today(self, hands: Hands) -> str:
        """As the phone's calendar has it."""
        return str(hands.page.evaluate("new Date().toLocaleDateString('sv', {timeZone: 'Asia/Shanghai'})"))

    def enquired(self) -> None:
        """Cleared by police of elsewhere with the prosecutor's paper, and countersigned."""
        investigator = self.file("officer_gd")
        self.follow(investigator, "main a[href$='/enquiry/']")
        investigator.pill("result", "cleared")
        tell(investigator, document="桂检2011-88")
        investigator.send()
        supervisor = self.file("supervisor")
        self.follow(supervisor, "main a[href$='/countersign/']")
        supervisor.send()

    def determined(self) -> None:
        """A panel of three disciplines."""
        caseworker = self.file("caseworker")
        self.follow(caseworker, "main a[href$='/determination/']")
        caseworker.pill("decision", "reunify")
        tell(caseworker, reasons="a home")
        caseworker.send()
        for name in ("caseworker", "doctor", "supervisor"):
            member = self.file(name)
            self.follow(member, "main a[href^='/determinations/']")
            member.pill("agrees", "yes")
            member.send()

    # -- the door -------------------------------------------------------------------------------------------------------------

    def approved(self) -> None:
        """Asked for by the institution, and approved by two organisations word by word."""
        caseworker = self.by("caseworker", f"/children/{self.child}/return/release/")
        caseworker.tap("label:has(input[name=recipients])")
        tell(caseworker, address=ADDRESS)
        caseworker.send()
        self.release = caseworker.path()
        assert self.release.startswith("/releases/"), caseworker.text()
        for name in ("supervisor", "supervisor2"):
            supervisor = self.by(name, self.release)
            self.follow(supervisor, "main .do a.primary")
            assert ADDRESS in supervisor.text()
            self.looked_at(supervisor)
            supervisor.send()
            assert "Approved for your organisation" in supervisor.text(), supervisor.text()

    def home(self) -> None:
        """Two signatures at the door."""
        giver = self.by("caseworker2", self.release)
        self.follow(giver, "main .do a.primary")
        tell(giver, wristband=self.child, condition="well, in a red jacket")
        giver.send()
        taker = self.by("caseworker", self.release)
        self.follow(taker, "main .do a.primary")
        tell(taker, wristband=self.child, condition="well")
        taker.send()
        self.looked_at(taker)

    def visited(self) -> None:
        """By the institution that brought the child."""
        caseworker = self.by("caseworker2", self.release)
        self.follow(caseworker, "main .do a.primary")
        caseworker.tap(caseworker.page.locator("label:has(input[name=day])").first)
        caseworker.pill("found", "well")
        caseworker.send()
        assert "The visit is recorded" in caseworker.text(), caseworker.text()


def test_from_the_report_to_a_visit_at_home(journey: Journey, tmp_path: Path) -> None:
    way = Way(journey, tmp_path)
    way.report()
    way.samples("officer", "caseworker")
    way.candidate()
    assert way.by("analyst", way.found).page.locator(f"main a[href='{way.found}confirm/']").count() == 0
    way.samples("officer2", "caseworker2")
    way.confirmed()
    way.verified()
    way.family_hears("is being checked")
    way.enquired()
    way.determined()
    way.approved()
    way.family_hears("A return is agreed")
    way.samples("officer2", "caseworker2")
    way.home()
    way.family_hears("The child is home")
    way.visited()
    child = way.by("caseworker", f"/children/{way.child}/").text()
    assert "with its family" in child, child
    assert {urlsplit(url).hostname for url in journey.requests if not url.startswith(("data:", "blob:"))} == {"127.0.0.1"}
    assert journey.troubles == []
    log = journey.log()
    for secret in (way.child, family["number"], MOTHER, ADDRESS, *HELD.values()):
        assert secret not in log, secret
