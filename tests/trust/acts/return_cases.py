"""What is asked of a file: opened, verified, enquired into, decided on; legal and not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from trust.acts.bench import NOON, Case
from trust.acts.home_stage import HomeStage
from trust.acts.typed import typed
from wayhome.casework.custody import actions as custody
from wayhome.casework.matching.actions import reading
from wayhome.casework.reunification.actions import afterwards, deciding, files
from wayhome.casework.reunification.models import Certificate, Enquiry, Guardianship, HeldBack
from wayhome.casework.reunification.rules import DETERMINED_FOR

DENIED = "not allowed: not_allowed"
STEP_UP = "not allowed: step_up"
TODAY = NOON.date()


def cases() -> Iterator[Case]:
    """A file is opened."""

    def opens(s: HomeStage, by: str = "caseworker", of: str = "matched", **more: Any) -> Any:
        return files.open_case(child_id=s.house(of).child.pk, **more, **s.who(by))

    def frozen(s: HomeStage) -> Any:
        """Of two children for one family neither is anybody's yet."""
        reading.confirm(candidate=s.candidate("sibling"), **s.who("lab_supervisor"))
        return opens(s)

    def taken_back(s: HomeStage) -> Any:
        confirmation = s.candidate("matched").confirmation
        reading.take_back(confirmation=confirmation, reason="x", **s.who("lab_supervisor"))
        return opens(s)

    yield Case("open_case", "done", opens)
    yield Case("open_case: for an authority", "done", lambda s: opens(s, authority=True))
    yield Case("open_case: twice", "refused: match_over", lambda s: (opens(s), opens(s)))
    yield Case("open_case: of no match", "refused: match_over", lambda s: opens(s, of="abroad"))
    yield Case("open_case: frozen", "refused: match_over", frozen)
    yield Case("open_case: taken back", "refused: match_over", taken_back)
    yield Case("open_case: a nurse", DENIED, lambda s: opens(s, "nurse"))
    yield Case("open_case: elsewhere", "not found", lambda s: opens(s, "caseworker_gd"))


def evidence() -> Iterator[Case]:
    """A row of the file."""

    def add(s: HomeStage, by: str = "caseworker", of: str = "opened", **more: Any) -> Any:
        told = {"kind": "interview", "who": " her ", "held_on": TODAY, "outcome": "supports", "note": " why "}
        return files.add_evidence(case=s.house(of).case, **told | more, **s.who(by))

    def corrected(s: HomeStage, by: str = "caseworker2", twice: bool = False, **more: Any) -> Any:
        row = add(s)
        return [add(s, by, corrects=row, **more) for _ in range(1 + twice)]

    yield Case("add_evidence", "done", add)
    yield Case("add_evidence: without a word", "done", lambda s: add(s, note=" "))
    yield Case("add_evidence: unclear", "done", lambda s: add(s, outcome="unclear", of="door"))
    yield Case("add_evidence: contradicts", "done", lambda s: add(s, outcome="contradicts", of="door"))
    yield Case("add_evidence: contradicts, afterwards", "done", lambda s: add(s, outcome="contradicts", of="home"))
    yield Case("add_evidence: supports, at the door", "done", lambda s: add(s, of="door"))
    yield Case("add_evidence: corrected", "done", corrected)
    yield Case("add_evidence: corrected twice", "refused: already_superseded", lambda s: corrected(s, twice=True))
    yield Case("add_evidence: corrected by oneself", "refused: self_approval", lambda s: corrected(s, "caseworker"))
    yield Case("add_evidence: another row corrected", "refused: other_row", lambda s: corrected(s, kind="line_up"))
    yield Case("add_evidence: a doctor", DENIED, lambda s: add(s, "doctor"))
    yield Case("add_evidence: elsewhere", "not found", lambda s: add(s, "caseworker_gd"))
    yield from typed(
        "add_evidence",
        add,
        eaten=({"kind": "eaten"}, "kind unknown_choice"),
        so=({"outcome": "so"}, "outcome unknown_choice"),
        of_nobody=({"who": " "}, "who required"),
        of_many=({"who": "w" * 121}, "who too_long"),
        longest=({"who": "w" * 120, "note": "n" * 5000}, ""),
        ahead=({"held_on": TODAY + timedelta(days=2)}, "held_on in_future"),
        wordy=({"note": "n" * 5001}, "note too_long"),
        unsaid=({"note": " ", "outcome": "unclear"}, "note required"),
    )


def held_back() -> Iterator[Case]:
    """What only the family can know."""

    def hold(s: HomeStage, by: str = "officer", of: str = "opened", **more: Any) -> Any:
        return files.hold_back(case=s.house(of).case, **{"question": " q ", "answer": " a "} | more, **s.who(by))

    def reply(s: HomeStage, by: str = "caseworker", of: str = "opened", times: int = 1, **more: Any) -> Any:
        held = hold(s, of=of)
        told = {"said": " s ", "matches": True} | more
        return [files.reply(question=held, **told, **s.who(by)) for _ in range(times)]

    def of_it(s: HomeStage, by: str = "officer", pk: int = 0) -> Any:
        first = HeldBack.objects.filter(case=s.house("ready").case).order_by("pk")[0]
        return files.held_back_of(s.by(by), pk or first.pk, at=s.at())

    yield Case("hold_back", "done", hold)
    yield Case("hold_back: a caseworker", DENIED, lambda s: hold(s, "caseworker"))
    yield Case("hold_back: elsewhere", "not found", lambda s: hold(s, "officer_gd", "abroad"))
    yield from typed(
        "hold_back",
        hold,
        nothing=({"question": " "}, "question required"),
        unanswered=({"answer": " "}, "answer required"),
        much=({"question": "q" * 201}, "question too_long"),
        more=({"answer": "a" * 301}, "answer too_long"),
        longest=({"question": "q" * 200, "answer": "a" * 300}, ""),
    )
    yield Case("reply", "done", reply)
    yield Case("reply: wrong", "done", lambda s: reply(s, matches=False))
    yield Case("reply: wrong, at the door", "done", lambda s: reply(s, matches=False, of="door"))
    yield Case("reply: right, at the door", "done", lambda s: reply(s, of="door"))
    yield Case("reply: twice", "refused: already_there", lambda s: reply(s, times=2))
    yield Case("reply: by who asked", "refused: self_approval", lambda s: reply(s, "officer"))
    yield Case("reply: a doctor", DENIED, lambda s: reply(s, "doctor"))
    yield Case("reply: elsewhere", "not found", lambda s: reply(s, "caseworker_gd"))
    yield from typed(
        "reply",
        reply,
        silent=({"said": " "}, "said required"),
        much=({"said": "s" * 301}, "said too_long"),
        most=({"said": "s" * 300}, ""),
    )
    yield Case("held_back_of", "done", of_it)
    yield Case("held_back_of: of none", "not found", lambda s: of_it(s, pk=999_999))
    yield Case("held_back_of: elsewhere", "not found", lambda s: of_it(s, "caseworker_gd"))


def enquiries() -> Iterator[Case]:
    """Whether the parents took part."""

    def enquire(s: HomeStage, result: str = "cleared", by: str = "officer_gd", of: str = "opened", **more: Any) -> Any:
        papers = {"document": " d ", "note": " n "} | more
        return deciding.enquire(case=s.house(of).case, result=result, **papers, **s.who(by))

    def signs(s: HomeStage, by: str = "supervisor", up: bool = True, times: int = 1, of: str = "opened") -> Any:
        enquiry = enquire(s, of=of)
        who = {"by": s.by(by, stepped_up=up)}
        return [deciding.countersign(enquiry=enquiry, **who, at=s.at()) for _ in range(times)]

    def ends(s: HomeStage, by: str = "supervisor", up: bool = True, times: int = 1, **more: Any) -> Any:
        guardianship = Guardianship.objects.get(enquiry__case=s.house("frozen").case)
        told = {"outcome": "kept", "document": " d "} | more
        who = {"by": s.by(by, stepped_up=up)}
        return [deciding.end_guardianship(guardianship=guardianship, **told, **who, at=s.at()) for _ in range(times)]

    def another(s: HomeStage) -> Any:
        """Of a child whose buyers have none any more."""
        enquire(s, "involved", of="home")
        (other,) = Guardianship.objects.filter(enquiry__case=s.house("home").case)
        who = {"by": s.by("supervisor", stepped_up=True)}
        deciding.end_guardianship(guardianship=other, outcome="kept", document="d", **who, at=s.at())
        return ends(s)

    def of_it(s: HomeStage, by: str = "officer", pk: int = 0) -> Any:
        enquiry = Enquiry.objects.get(case=s.house("ready").case)
        return deciding.enquiry_of(s.by(by), pk or enquiry.pk, at=s.at())

    yield Case("enquire", "done", enquire)
    yield Case("enquire: cleared, without a word", "done", lambda s: enquire(s, note=" "))
    yield Case("enquire: unknown, without a paper", "done", lambda s: enquire(s, "unknown", document=" "))
    yield Case("enquire: at the door", "done", lambda s: enquire(s, of="door"))
    yield Case("enquire: afterwards", "done", lambda s: enquire(s, of="home"))
    yield Case("enquire: involved", "done", lambda s: enquire(s, "involved", of="door", document=" "))
    yield Case("enquire: involved, afterwards", "done", lambda s: enquire(s, "involved", of="home"))
    yield Case("enquire: involved, locally", "done", lambda s: enquire(s, "involved", "officer"))
    yield Case("enquire: cleared, locally", "refused: local_police", lambda s: enquire(s, by="officer"))
    yield Case("enquire: a doctor", DENIED, lambda s: enquire(s, by="doctor"))
    yield Case("enquire: elsewhere", "not found", lambda s: enquire(s, of="abroad"))
    yield from typed(
        "enquire",
        enquire,
        so=({"result": "so"}, "result unknown_choice"),
        no_paper=({"document": " "}, "document required"),
        papers=({"document": "d" * 81}, "document too_long"),
        unsaid=({"result": "unknown", "note": " "}, "note required"),
        wordy=({"note": "n" * 5001}, "note too_long"),
        most=({"document": "d" * 80, "note": "n" * 5000}, ""),
    )
    yield Case("countersign", "done", signs)
    yield Case("countersign: twice", "refused: already_there", lambda s: signs(s, times=2))
    yield Case("countersign: without a proof", STEP_UP, lambda s: signs(s, up=False))
    yield Case("countersign: an officer", DENIED, lambda s: signs(s, "officer"))
    yield Case("end_guardianship", "done", ends)
    yield Case("end_guardianship: revoked", "done", lambda s: ends(s, outcome="revoked"))
    yield Case("end_guardianship: another before", "done", another)
    yield Case("end_guardianship: twice", "refused: already_ended", lambda s: ends(s, times=2))
    yield Case("end_guardianship: without a proof", STEP_UP, lambda s: ends(s, up=False))
    yield Case("end_guardianship: an officer", DENIED, lambda s: ends(s, "officer"))
    yield from typed(
        "end_guardianship",
        ends,
        so=({"outcome": "so"}, "outcome unknown_choice"),
        no_paper=({"document": " "}, "document required"),
        papers=({"document": "d" * 81}, "document too_long"),
        most=({"document": "d" * 80}, ""),
    )
    yield Case("enquiry_of", "done", of_it)
    yield Case("enquiry_of: of none", "not found", lambda s: of_it(s, pk=999_999))
    yield Case("enquiry_of: elsewhere", "not found", lambda s: of_it(s, "caseworker_gd"))


def determinations() -> Iterator[Case]:
    """What is best for the child."""

    def proposes(s: HomeStage, by: str = "caseworker", of: str = "opened", **more: Any) -> Any:
        told = {"decision": "reunify", "reasons": " r "} | more
        return deciding.propose_determination(case=s.house(of).case, **told, **s.who(by))

    def until(s: HomeStage, given: timedelta) -> Any:
        who = s.who("caseworker")
        told = {"decision": "reunify", "reasons": "r"}
        return deciding.propose_determination(case=s.house("opened").case, **told, until=who["at"] + given, **who)

    def votes(s: HomeStage, by: str = "doctor", up: bool = True, times: int = 1, agrees: bool = True, dissent: str = "") -> Any:
        made = proposes(s)
        who = {"by": s.by(by, stepped_up=up)}
        return [deciding.vote(determination=made, agrees=agrees, dissent=dissent, **who, at=s.at()) for _ in range(times)]

    def of_it(s: HomeStage, by: str = "officer", pk: int = 0) -> Any:
        made = s.house("ready").case.determinations.get()
        return deciding.determination_of(s.by(by), pk or made.pk, at=s.at())

    yield Case("propose_determination", "done", proposes)
    yield Case("propose_determination: the second", "done", lambda s: proposes(s, of="ready"))
    yield Case("propose_determination: at the door", "done", lambda s: proposes(s, of="door", decision="stay"))
    yield Case("propose_determination: afterwards", "done", lambda s: proposes(s, of="home"))
    yield Case("propose_determination: for a while", "done", lambda s: until(s, DETERMINED_FOR))
    yield Case("propose_determination: for a minute", "done", lambda s: until(s, timedelta(minutes=1)))
    yield Case("propose_determination: for no time", "invalid: until implausible", lambda s: until(s, timedelta()))
    yield Case("propose_determination: too long", "invalid: until implausible",
               lambda s: until(s, DETERMINED_FOR + timedelta(seconds=1)))  # fmt: skip
    yield Case("propose_determination: an officer", DENIED, lambda s: proposes(s, "officer"))
    yield Case("propose_determination: elsewhere", "not found", lambda s: proposes(s, "caseworker_gd"))
    yield from typed(
        "propose_determination",
        proposes,
        so=({"decision": "so"}, "decision unknown_choice"),
        unsaid=({"reasons": " "}, "reasons required"),
        wordy=({"reasons": "r" * 10_001}, "reasons too_long"),
        most=({"reasons": "r" * 10_000}, ""),
    )
    for who in ("caseworker", "doctor", "supervisor", "officer"):
        yield Case(f"vote: {who}", "done", lambda s, who=who: votes(s, who))
    yield Case("vote: against", "done", lambda s: votes(s, agrees=False, dissent=" d "))
    yield Case("vote: against, without a word", "invalid: dissent required", lambda s: votes(s, agrees=False, dissent=" "))
    yield Case("vote: too much", "invalid: dissent too_long", lambda s: votes(s, dissent="d" * 5001))
    yield Case("vote: the most", "done", lambda s: votes(s, dissent="d" * 5000))
    yield Case("vote: twice", "refused: already_there", lambda s: votes(s, times=2))
    yield Case("vote: without a proof", STEP_UP, lambda s: votes(s, up=False))
    yield Case("vote: a nurse", DENIED, lambda s: votes(s, "nurse"))
    yield Case("vote: elsewhere", "not found", lambda s: votes(s, "caseworker_gd"))
    yield Case("determination_of", "done", of_it)
    yield Case("determination_of: of none", "not found", lambda s: of_it(s, pk=999_999))
    yield Case("determination_of: elsewhere", "not found", lambda s: of_it(s, "caseworker_gd"))


def visits() -> Iterator[Case]:
    """After the return; and where nobody is found."""

    def visit(s: HomeStage, by: str = "caseworker", times: int = 1, **more: Any) -> Any:
        release = s.house("home").release
        told = {"day": 7, "visited_on": TODAY, "found": "well", "note": " n "} | more
        return [afterwards.visit(execution=release.execution, **told, **s.who(by)) for _ in range(times)]

    def visits_there(s: HomeStage) -> Any:
        """Of another institution, whom a supervisor told of the child."""
        child = s.house("home").child
        custody.assign(child=child, staff=s.world.staff["caseworker_gd"], **s.who("supervisor"))
        return visit(s, "caseworker_gd", found="worried")

    def notice(s: HomeStage, by: str = "caseworker", **more: Any) -> Any:
        told = {"published_on": TODAY, "published_in": " p "} | more
        return afterwards.publish_notice(child=s.house("abroad").child, **told, **s.who(by))

    def certify(s: HomeStage, by: str = "officer", days: int = 40, times: int = 1, **more: Any) -> Any:
        s.world.clock += timedelta(days=days)
        told = {"kind": "one_month", "document": " d "} | more
        child = s.house("abroad").child
        made = [afterwards.certify(child=child, **told, **s.who(by)) for _ in range(times)]
        return [*made, Certificate.objects.count()]

    def both(s: HomeStage) -> Any:
        notice(s)
        return [certify(s), certify(s, days=365, kind="twelve_months")]

    yield Case("visit", "done", visit)
    yield Case("visit: without a word", "done", lambda s: visit(s, note=" "))
    yield Case("visit: worried", "done", lambda s: visit(s, found="worried"))
    yield Case("visit: by another institution", "refused: not_allowed", visits_there)
    yield Case("visit: not met", "done", lambda s: visit(s, found="not_met", day=30))
    yield Case("visit: of two days", "done", lambda s: (visit(s), visit(s, day=30)))
    yield Case("visit: twice", "refused: already_there", lambda s: visit(s, times=2))
    yield Case("visit: a doctor", DENIED, lambda s: visit(s, "doctor"))
    yield Case("visit: elsewhere", "not found", lambda s: visit(s, "caseworker_gd"))
    yield from typed(
        "visit",
        visit,
        any_day=({"day": 8}, "day unknown_choice"),
        so=({"found": "so"}, "found unknown_choice"),
        ahead=({"visited_on": TODAY + timedelta(days=2)}, "visited_on in_future"),
        unsaid=({"found": "worried", "note": " "}, "note required"),
        wordy=({"note": "n" * 5001}, "note too_long"),
        most=({"note": "n" * 5000}, ""),
    )
    yield Case("publish_notice", "done", notice)
    yield Case("publish_notice: a doctor", DENIED, lambda s: notice(s, "doctor"))
    yield Case("publish_notice: elsewhere", "not found", lambda s: notice(s, "caseworker_gd"))
    yield from typed(
        "publish_notice",
        notice,
        ahead=({"published_on": TODAY + timedelta(days=2)}, "published_on in_future"),
        nowhere=({"published_in": " "}, "published_in required"),
        everywhere=({"published_in": "p" * 201}, "published_in too_long"),
        most=({"published_in": "p" * 200}, ""),
    )
    yield Case("certify", "done", certify)
    yield Case("certify: of two kinds", "done", both)
    yield Case("certify: too early", "refused: too_early", lambda s: certify(s, days=1))
    yield Case("certify: twice", "refused: already_there", lambda s: certify(s, times=2))
    yield Case("certify: a caseworker", DENIED, lambda s: certify(s, "caseworker"))
    yield Case("certify: elsewhere", "not found", lambda s: certify(s, "officer_gd"))
    yield from typed(
        "certify",
        certify,
        so=({"kind": "so"}, "kind unknown_choice"),
        no_paper=({"document": " "}, "document required"),
        papers=({"document": "d" * 81}, "document too_long"),
        most=({"document": "d" * 80}, ""),
    )


SOURCES = (cases, evidence, held_back, enquiries, determinations, visits)
