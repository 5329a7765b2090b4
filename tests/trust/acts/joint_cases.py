"""What the actions on plans of joint operations and on campaigns are asked, legal and not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from factories.joint import READY
from trust.acts.bench import NOON, Case, drawn_after
from trust.acts.stage import Stage
from trust.acts.typed import typed
from wayhome.casework.operations import actions
from wayhome.casework.operations.queries.joint import planned

DAY = date(2011, 7, 20)
NO_ZONE = datetime(2011, 7, 20, 8)
DENIED, NOT_LEAD, STEP_UP = "not allowed: not_allowed", "not allowed: not_lead", "not allowed: step_up"


def plans() -> Iterator[Case]:
    """Planned."""

    def drafted(s: Stage, by: str = "officer", **given: Any) -> Any:
        asked = {"code": " " + "c" * 30, "title": " " + "t" * 120, "zero_hour": NOON, "jurisdiction": s.world.jurisdictions["GX"]}
        return actions.draft_plan(investigation=s.opened, **asked | given, **s.who(by))

    yield Case("draft_plan", "done", drafted)
    yield Case("draft_plan: another's number", "done", lambda s: drawn_after(s.drafted.pk, lambda: drafted(s)))
    yield Case("draft_plan: elsewhere", "done", lambda s: drafted(s, time_zone="Asia/Ho_Chi_Minh"))
    yield Case("draft_plan: a nurse", DENIED, lambda s: drafted(s, "nurse"))
    yield Case("draft_plan: a supervisor", DENIED, lambda s: drafted(s, "supervisor"))
    yield Case("draft_plan: a member", NOT_LEAD, lambda s: drafted(s, "officer2"))
    yield Case("draft_plan: a stranger", "not found", lambda s: drafted(s, "officer_gd"))
    yield from typed(
        "draft_plan",
        drafted,
        uncoded=({"code": " "}, "code required"),
        untitled=({"title": " "}, "title required"),
        long_code=({"code": "c" * 31}, "code too_long"),
        long_title=({"title": "t" * 121}, "title too_long"),
        zoneless=({"zero_hour": NO_ZONE}, "zero_hour no_time_zone"),
        nowhere=({"time_zone": "Mars/Base"}, "time_zone unknown_choice"),
    )

    def sited(s: Stage, by: str = "officer", which: str = "drafted", leader: str = "officer2", **given: Any) -> Any:
        asked = {"jurisdiction": s.world.jurisdictions["GD"], "place": " " + "p" * 200, "officers": 10_000}
        return actions.add_site(plan=s.it[which], leader=s.staff(leader), **asked | given, **s.who(by))

    yield Case("add_site", "done", sited)
    yield Case("add_site: in the place of one", "done", lambda s: sited(s, replaces=s.drafted.sites.get()))
    yield Case("add_site: in that of another plan's", "refused: other_plan", lambda s: sited(s, replaces=s.ready.sites.get()))
    yield Case("add_site: led by a stranger", "refused: leader_outside", lambda s: sited(s, leader="officer_gd"))
    yield Case("add_site: approved", "refused: plan_fixed", lambda s: sited(s, which="approved"))
    yield Case("add_site: a nurse", DENIED, lambda s: sited(s, "nurse"))
    yield Case("add_site: a supervisor", DENIED, lambda s: sited(s, "supervisor"))
    yield Case("add_site: a member", NOT_LEAD, lambda s: sited(s, "officer2"))
    yield Case("add_site: a stranger", "not found", lambda s: sited(s, "officer_gd"))
    yield from typed(
        "add_site",
        sited,
        nowhere=({"place": " "}, "place required"),
        long=({"place": "p" * 201}, "place too_long"),
        one=({"officers": 1}, ""),
        none=({"officers": 0}, "officers implausible"),
        more=({"officers": 10_001}, "officers implausible"),
    )


def led() -> Iterator[Case]:
    """A leader looks at the own site."""

    def looked(s: Stage, by: str = "officer2", which: str = "ready") -> Any:
        return actions.read_site(site_id=s.it[which].sites.get().pk, **s.who(by))

    yield Case("read_site", "done", looked)
    yield Case("read_site: another's", "not found", lambda s: looked(s, "officer_gd"))
    yield Case("read_site: drafted", "not found", lambda s: looked(s, which="drafted"))


def readiness() -> Iterator[Case]:
    """What a site says."""

    def says(s: Stage, by: str = "officer2", which: str = "sealed", **given: Any) -> Any:
        asked = {"word": "no_go", "reason": " " + "r" * 1000}
        return actions.report_readiness(site=s.it[which].sites.get(), **READY | asked | given, **s.who(by))

    yield Case("report_readiness", "done", says)
    yield Case("report_readiness: it goes", "done", lambda s: says(s, word="go", reason=""))
    yield Case("report_readiness: called off by a lead", "done", lambda s: says(s, "officer", word="off", reason="r"))
    yield Case("report_readiness: called off by a leader", "refused: not_lead", lambda s: says(s, word="off", reason="r"))
    for lacks in READY:
        yield Case(
            f"report_readiness: no {lacks}", "refused: site_not_ready", lambda s, k=lacks: says(s, word="go", **{k: False})
        )
        yield Case(f"report_readiness: no {lacks} yet", "done", lambda s, k=lacks: says(s, **{k: False}))
    yield Case("report_readiness: a nurse", DENIED, lambda s: says(s, "nurse"))
    yield Case("report_readiness: a supervisor", DENIED, lambda s: says(s, "supervisor"))
    yield Case("report_readiness: a stranger", "not found", lambda s: says(s, "officer_gd"))
    yield Case("report_readiness: not sealed", "refused: not_sealed", lambda s: says(s, which="approved"))
    yield from typed(
        "report_readiness",
        says,
        what=({"word": "perhaps"}, "word unknown_choice"),
        why_not=({"reason": " "}, "reason required"),
        why_off=({"word": "off", "reason": " "}, "reason required"),
        long=({"reason": "r" * 1001}, "reason too_long"),
    )


def steps() -> Iterator[Case]:
    """From the approval to the report after it."""

    def approved(s: Stage, which: str = "drafted", by: str = "supervisor", *, stepped_up: bool = True, digest: str = "") -> Any:
        plan = s.it[which]
        who = {"by": s.by(by, stepped_up=stepped_up), "at": s.at()}
        return actions.approve_plan(plan=plan, digest=digest or planned(plan).digest, **who)

    yield Case("approve_plan", "done", approved)
    yield Case("approve_plan: a lead", DENIED, lambda s: approved(s, by="officer"))
    yield Case("approve_plan: not proved", STEP_UP, lambda s: approved(s, stepped_up=False))
    yield Case("approve_plan: a stranger", "not found", lambda s: approved(s, by="supervisor2"))
    yield Case("approve_plan: a stranger, not proved", "not found", lambda s: approved(s, by="supervisor2", stepped_up=False))
    yield Case("approve_plan: twice", "refused: already_there", lambda s: approved(s, "approved"))
    yield Case("approve_plan: another was read", "refused: plan_changed", lambda s: approved(s, digest="0" * 64))

    def by_lead(name: str, which: str, act: Any, **given: Any) -> Iterator[Case]:
        def done(s: Stage, by: str = "officer", of: str = which) -> Any:
            return act(plan=s.it[of], **given, **s.who(by))

        yield Case(name, "done", done)
        yield Case(f"{name}: too early", "refused: wrong_step", lambda s: done(s, of="drafted"))
        yield Case(f"{name}: a nurse", DENIED, lambda s: done(s, "nurse"))
        yield Case(f"{name}: a supervisor", DENIED, lambda s: done(s, "supervisor"))
        yield Case(f"{name}: a member", NOT_LEAD, lambda s: done(s, "officer2"))
        yield Case(f"{name}: a stranger", "not found", lambda s: done(s, "officer_gd"))

    yield from by_lead("seal_plan", "approved", actions.seal_plan)
    yield from by_lead("launch_plan", "ready", actions.launch_plan)
    yield from by_lead("stand_down_plan", "launched", actions.stand_down_plan, note=" " + "n" * 5000)
    yield from by_lead("review_plan", "stood", actions.review_plan, note=" " + "n" * 10_000)

    def launched(s: Stage, which: str) -> Any:
        return actions.launch_plan(plan=s.it[which], **s.who("officer"))

    yield Case("launch_plan: a site is silent", "refused: site_not_ready", lambda s: launched(s, "sealed"))
    yield Case("launch_plan: twice", "refused: already_there", lambda s: launched(s, "launched"))

    def down(s: Stage, note: str) -> Any:
        return actions.stand_down_plan(plan=s.launched, note=note, **s.who("officer"))

    def reviewed(s: Stage, note: str = "n", which: str = "stood") -> Any:
        return actions.review_plan(plan=s.it[which], note=note, **s.who("officer"))

    yield Case("review_plan: not over", "refused: wrong_step", lambda s: reviewed(s, which="launched"))
    yield from typed("stand_down_plan", down, wordless=({"note": " "}, ""), long=({"note": "n" * 5001}, "note too_long"))
    yield from typed(
        "review_plan", reviewed, wordless=({"note": " "}, "note required"), long=({"note": "n" * 10_001}, "note too_long")
    )

    def untied(s: Stage) -> Any:
        tie = s.opened.operation_ties.get(operation__code=s.launched.code)
        return actions.untie_operation(tie=tie, reason="r", **s.who("officer"))

    yield Case("untie_operation: what was launched", "refused: tie_of_launch", untied)


def campaigns() -> Iterator[Case]:
    """With a partner country."""

    def told(s: Stage, by: str = "supervisor", *, partner: str = "VN", stepped_up: bool = True, **given: Any) -> Any:
        asked = {"name": " " + "n" * 120, "starts": DAY, "ends": DAY, "partner": s.world.jurisdictions[partner]}
        return actions.record_campaign(**asked | given, by=s.by(by, stepped_up=stepped_up), at=s.at())

    yield Case("record_campaign", "done", told)
    yield Case("record_campaign: in the place of one", "done", lambda s: told(s, replaces=s.campaign))
    yield Case("record_campaign: an officer", DENIED, lambda s: told(s, "officer"))
    yield Case("record_campaign: not proved", STEP_UP, lambda s: told(s, stepped_up=False))
    yield from typed(
        "record_campaign",
        told,
        longer=({"ends": DAY + timedelta(days=9)}, ""),
        order=({"ends": DAY - timedelta(days=1)}, "ends wrong_order"),
        nameless=({"name": " "}, "name required"),
        long=({"name": "n" * 121}, "name too_long"),
        at_home=({"partner": "CN"}, "partner unknown_choice"),
        province=({"partner": "GD"}, "partner unknown_choice"),
    )


SOURCES = (plans, led, readiness, steps, campaigns)
