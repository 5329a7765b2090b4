"""Random ways home against a model written a second time: at the level of actions and of rows.

Everything that a file rests on happens in any order, between any two signatures; whether the child goes home, and why not, must
be what the model says. A machine in which nobody goes home proves nothing: the test ends by counting. At the level of rows
nobody revokes what changed: there the facts themselves must refuse. WAYHOME_RETURN_EXAMPLES sets how many lives at each level
(nightly: 1,000).
"""

from __future__ import annotations

import contextlib
import os
import random
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Model
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from factories import return_model as expected
from factories.matching import stranger
from factories.reunification import ADDRESS, Return, anew, standing
from wayhome.casework.accounts import actions as accounts
from wayhome.casework.audit.queries import verify_chain
from wayhome.casework.core.errors import NotFound, Refused, database_refusal
from wayhome.casework.custody import actions as custody
from wayhome.casework.custody.models import CustodyEpisode, Exclusion, HandoverOffer
from wayhome.casework.custody.queries import head, pending_offers
from wayhome.casework.custody.rules import Kind
from wayhome.casework.families import actions as families
from wayhome.casework.families.models import Consent, ConsentWithdrawal, RequestEnd
from wayhome.casework.matching.actions import reading
from wayhome.casework.matching.models import ConfirmationEnd
from wayhome.casework.operations import actions as operations
from wayhome.casework.operations.models import PersonRole
from wayhome.casework.reunification import tasks
from wayhome.casework.reunification.actions import afterwards, deciding, files, releasing
from wayhome.casework.reunification.models import (
    Approval,
    Determination,
    Enquiry,
    Evidence,
    Execution,
    FreshCheck,
    HeldBackReply,
    Release,
)

EXAMPLES = int(os.environ.get("WAYHOME_RETURN_EXAMPLES", "15"))
ENOUGH = 1000
"""Lives in which everything that can stop a return is certain to have done so."""
STEPS = 25
STOPS = ("excluded", "detained", "withdrawn", "taken_back", "ended")
PANEL = {"caseworker": "welfare", "doctor": "health", "supervisor": "law"}


class Setting:
    """What all lives share, and what they reached together."""

    house: Return
    returns: int
    refused: Counter[str]
    changes: Counter[str]


class Ways(RuleBasedStateMachine):
    """See the module."""

    setting: Setting
    by_rows: bool

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.savepoint()
        self.house = anew(self.setting.house)
        self.model = expected.Model(self.by_rows)
        self.chance = random.Random(9)

    def teardown(self) -> None:
        assert verify_chain().ok
        transaction.savepoint_rollback(self.savepoint)

    def who(self, name: str) -> dict[str, Any]:
        return self.house.who(name)

    def row(self, name: str) -> dict[str, Any]:
        """Of a row that somebody writes past the actions."""
        return {"by": self.house.world.staff[name], "at": self.house.world.now()}

    def revoked(self) -> None:
        """The action revokes what rests on what it changed; a row alone does not."""
        if not self.by_rows:
            self.model.revoke()

    # what the file rests on -----------------------------------------------------------------------------------------------------

    @rule(kind=st.sampled_from(expected.KINDS), outcome=st.sampled_from(["supports", "supports", "unclear", "contradicts"]))
    def evidence(self, kind: str, outcome: str) -> None:
        if self.by_rows:
            told = {"case": self.house.case, "kind": kind, "who": "x", "outcome": outcome, "note": "x"}
            Evidence.objects.create(**told, held_on=self.house.world.clock.date(), **self.row("caseworker"))
        else:
            self.house.evidence(kind, outcome)
        self.model.evidence.append((kind, outcome))
        if outcome == "contradicts":
            self.changed("contradicts")

    @precondition(lambda self: any(outcome == "contradicts" for _, outcome in self.model.evidence))
    @rule()
    def correct(self) -> None:
        """Somebody else says that it was wrong."""
        wrong = Evidence.objects.filter(case=self.house.case, outcome="contradicts", corrected_by__isnull=True).earliest("pk")
        self.house.evidence(wrong.kind, by="caseworker2", corrects=wrong)
        self.model.evidence.remove((wrong.kind, "contradicts"))
        self.model.evidence.append((wrong.kind, "supports"))

    @rule(rarely=st.integers(0, 20))
    def answer(self, rarely: int) -> None:
        matches = rarely != 7
        held = files.hold_back(case=self.house.case, question="x", answer="y", **self.who("officer"))
        if self.by_rows:
            HeldBackReply.objects.create(question=held, said="z", matches=matches, **self.row("caseworker"))
        else:
            files.reply(question=held, said="z", matches=matches, **self.who("caseworker"))
        self.model.answers.append(matches)
        if not matches:
            self.changed("answer")

    @rule(result=st.sampled_from(["cleared", "cleared", "unknown", "involved"]), signed=st.booleans())
    def enquire(self, result: str, signed: bool) -> None:
        if self.by_rows and result != "involved":
            n = len(self.model.enquiries) + 1
            told = {"case": self.house.case, "n": n, "result": result, "document": "x", "note": "x"}
            enquiry = Enquiry.objects.create(**told, **self.row("officer_gd"))
        else:
            enquiry = self.house.enquired(result, signed=False)
        if signed:
            deciding.countersign(enquiry=enquiry, **self.who("supervisor"))
        self.model.enquiries.append(expected.Enquiry(result, signed, "open" if result == "involved" else ""))
        if result == "involved":
            self.model.revoke()
        self.changed("enquiry")

    @precondition(lambda self: any(one.guardianship == "open" for one in self.model.enquiries))
    @rule(outcome=st.sampled_from(["kept", "kept", "revoked"]))
    def court(self, outcome: str) -> None:
        n = next(n for n, one in enumerate(self.model.enquiries, 1) if one.guardianship == "open")
        guardianship = Enquiry.objects.get(case=self.house.case, n=n).guardianship
        deciding.end_guardianship(guardianship=guardianship, outcome=outcome, document="x", **self.who("supervisor"))
        self.model.enquiries[n - 1].guardianship = outcome

    @rule(decision=st.sampled_from(["reunify", "reunify", "stay"]))
    def propose(self, decision: str) -> None:
        if self.by_rows:
            n = len(self.model.determinations) + 1
            told = {"case": self.house.case, "n": n, "decision": decision, "reasons": "x"}
            until = self.house.world.clock + timedelta(days=expected.DETERMINED_DAYS)
            Determination.objects.create(**told, valid_until=until, **self.row("caseworker"))
        else:
            self.house.determined(decision, panel=())
        self.model.determinations.append(expected.Determination(decision, self.model.day))
        self.changed("determination")

    @precondition(lambda self: self.model.determinations and len(self.model.determinations[-1].votes) < len(PANEL))
    @rule(agrees=st.sampled_from([True, True, True, False]), data=st.data())
    def vote(self, agrees: bool, data: st.DataObject) -> None:
        votes = self.model.determinations[-1].votes
        who = data.draw(st.sampled_from(sorted(name for name, discipline in PANEL.items() if discipline not in votes)))
        made = Determination.objects.filter(case=self.house.case).latest("n")
        deciding.vote(determination=made, agrees=agrees, dissent="" if agrees else "x", **self.who(who))
        votes[PANEL[who]] = agrees

    # what changes ---------------------------------------------------------------------------------------------------------------

    def changed(self, what: str) -> None:
        self.setting.changes[what] += 1
        self.revoked()

    @rule(rarely=st.integers(0, 8), what=st.sampled_from(STOPS), on=st.sampled_from([True, True, False]))
    def stops(self, rarely: int, what: str, on: bool) -> None:
        """Not often: after it there is no way home. A row less rarely, since many refusals are said before it. The house may go
        on as if it did not know, until this is all that stands against it."""
        if (
            rarely not in ((2, 4, 6) if self.by_rows else (2, 4))
            or getattr(self.model, what)
            or (what == "withdrawn" and self.model.ended)
        ):
            return
        if self.by_rows:
            # In bulk nobody is told of a row.
            row = getattr(self, f"_{what}_row")()
            type(row).objects.bulk_create([row])
        else:
            getattr(self, f"_{what}")()
        setattr(self.model, what, True)
        self.changed(what)
        for _ in range(4 if on else 0):
            self.next_steps("")

    def _excluded(self) -> None:
        custody.exclude(person=self.house.father, ground="buyer", **self.who("officer"))

    def _excluded_row(self) -> Model:
        return Exclusion(subject="person", person=self.house.father, ground="buyer", **self.row("officer"))

    def _detained(self) -> None:
        operations.record_role(**self.role, **self.who("officer"))

    def _detained_row(self) -> Model:
        return PersonRole(**self.role, **self.row("officer"))

    @property
    def role(self) -> dict[str, Any]:
        of = {"person": self.house.father, "operation": self.house.world.operation}
        return of | {"kind": "witness", "detained_at": self.house.world.clock}

    def _withdrawn(self) -> None:
        families.withdraw_consent(consent=self.consent, **self.who("officer"))

    def _withdrawn_row(self) -> Model:
        return ConsentWithdrawal(consent=self.consent, **self.row("officer"))

    @property
    def consent(self) -> Consent:
        return Consent.objects.filter(relative=self.house.kin["father"], withdrawal__isnull=True).latest("pk")

    def _taken_back(self) -> None:
        reading.take_back(confirmation=self.house.case.confirmation, reason="x", **self.who("lab_supervisor"))

    def _taken_back_row(self) -> Model:
        return ConfirmationEnd(confirmation=self.house.case.confirmation, reason="x", **self.row("lab_supervisor"))

    def _ended(self) -> None:
        families.withdraw(request=self.house.request, note="x", **self.who("officer"))

    def _ended_row(self) -> Model:
        return RequestEnd(request=self.house.request, reason="withdrawn", note="x", **self.row("officer"))

    @precondition(lambda self: self.model.day < 280)
    @rule(days=st.sampled_from([1, 1, 1, 15, 61]))
    def pass_days(self, days: int) -> None:
        self.house.pass_days(days)
        self.model.day += days

    @precondition(lambda self: self.model.open is not None and self.model.day < 280)
    @rule(nobody=st.sampled_from([False, False, True]))
    def too_late(self, nobody: bool) -> None:
        """Nobody came for the child while the release was good."""
        if nobody:
            self.pass_days(61)
            self.hand_over()

    # the release ----------------------------------------------------------------------------------------------------------------

    @precondition(lambda self: not self.model.home)
    @rule()
    def request(self) -> None:
        wanted = {"parents_not_cleared"} if not self.model.enquiries else set()
        wanted |= {"not_determined"} if not self.model.determinations else set()
        asked = expected.Release(len(self.model.enquiries), len(self.model.determinations), self.model.day)
        if not wanted:
            wanted = {"already_asked"} if self.model.open else self.model.against(asked, approvals=False)
        with self.refused(wanted):
            self.house.requested()
            self.model.release = asked

    @precondition(lambda self: self.model.release is not None and not self.model.release.executed)
    @rule(who=st.sampled_from(sorted(expected.APPROVERS)))
    def approve(self, who: str) -> None:
        release = self.model.release
        assert release is not None
        wanted = self.model.against(release, approvals=False)
        if self.by_rows:
            wanted &= {"release_over", "release_revoked"}
        if who in release.approvals:
            wanted |= {"already_there"} if not wanted or self.by_rows else set()
            wanted |= {"self_approval"} if self.by_rows else set()
        elif who == "twin":
            wanted |= {"self_approval"} if not wanted or self.by_rows else set()
        elif expected.APPROVERS[who] in release.approvals.values():
            wanted |= {"same_agency"} if not wanted or self.by_rows else set()
        with self.refused(wanted, first=self.by_rows):
            if self.by_rows:
                Approval.objects.create(release=self.house.release, digest=self.house.release.digest, **self.row(who))
            else:
                self.house.approve(who)
            release.approvals[who] = expected.APPROVERS[who]

    @precondition(lambda self: self.model.open is not None)
    @rule(rarely=st.integers(0, 3))
    def revoke(self, rarely: int) -> None:
        if rarely == 2:
            releasing.revoke_release(release=self.house.release, note="x", **self.who("caseworker"))
            self.model.revoke()

    @precondition(lambda self: self.model.open is not None and not self.model.withdrawn and not self.model.ended)
    @rule(wrong=st.sampled_from(["", "", "", "", "child", "mother"]))
    def sample(self, wrong: str) -> None:
        release = self.model.open
        assert release is not None
        for one in ("child", "mother"):
            self.house.fresh(one, calls=stranger(self.chance, "F") if one == wrong else None)
        before = FreshCheck.objects.count()
        tasks.check_samples(at=self.house.world.now())
        assert FreshCheck.objects.count() == before + 1
        release.samples.append((not wrong, self.model.day))
        if wrong:
            self.setting.changes["samples"] += 1
            self.model.revoke()

    # at the door ----------------------------------------------------------------------------------------------------------------

    @precondition(lambda self: self.model.release is not None and not self.model.home and not self.model.release.executed)
    @rule()
    def hand_over(self) -> None:
        self.offer()
        if self.model.offered:
            self.complete()

    def offer(self) -> None:
        release = self.model.release
        assert release is not None
        # The database asks for a release at the offer, and for what it rests on where it is carried out.
        revoked = {"not_released"} if release.revoked else set()
        wanted = revoked if self.by_rows else self.against_now(release)
        if self.model.offered:
            wanted = wanted or {"already_offered"}
        with self.refused(wanted, first=self.by_rows, besides={"already_offered"}):
            if self.by_rows:
                told = {"kind": Kind.REUNIFIED, "wristband": self.house.child.number, "place": ADDRESS, "condition": "x"}
                to = {"to_facility": self.house.world.facilities["home"], "recipient": self.house.mother}
                row = self.row("caseworker2")
                HandoverOffer.objects.create(
                    child=self.house.child, from_episode=head(self.house.child.pk), **told, **to, giver=row["by"], at=row["at"]
                )
            else:
                self.house.offer()
            self.model.offered = True

    def against_now(self, release: expected.Release) -> set[str]:
        return self.model.against(release) | (set() if release.fresh(self.model.day) else {"samples_not_fresh"})

    @precondition(lambda self: self.model.offered and self.model.release is not None and not self.model.release.executed)
    @rule()
    def complete(self) -> None:
        release = self.model.release
        assert release is not None
        with self.refused(self.against_now(release), first=self.by_rows):
            if self.by_rows:
                self.rows()
            else:
                self.house.complete()
            release.executed = True
            self.model.home, self.model.offered = True, False
            self.setting.returns += 1

    def rows(self) -> None:
        """Both rows of a return, as somebody would write them past the action."""
        offer = pending_offers().get(child=self.house.child)
        last = head(self.house.child.pk)
        row = self.row("caseworker")
        check = FreshCheck.objects.filter(release=self.house.release, agrees=True).order_by("-pk").first()
        Execution.objects.create(release=self.house.release, offer=offer, check_of=check, **row)
        CustodyEpisode.objects.create(
            child=self.house.child,
            n=last.n + 1,
            kind=Kind.REUNIFIED,
            facility=offer.to_facility,
            offer=offer,
            wristband=self.house.child.number,
            responsible=row["by"],
            started_at=row["at"],
            at=row["at"],
        )

    @precondition(lambda self: self.model.home)
    @rule(day=st.sampled_from([7, 30]), found=st.sampled_from(["well", "worried"]))
    def visit(self, day: int, found: str) -> None:
        execution = Execution.objects.get(release=self.house.release)
        seen = execution.visits.filter(day=day).exists()
        told = {"visited_on": self.house.world.clock.date(), "found": found, "note": "x"}
        with self.refused({"already_there"} if seen else set()):
            afterwards.visit(execution=execution, day=day, **told, **self.who("caseworker"))

    @precondition(lambda self: self.model.home)
    @rule()
    def take_in(self) -> None:
        """The institution takes the child in again."""
        self.house.world.has_room("home")
        self.house.world.hand_over(self.house.child, "home", Kind.WELFARE_INSTITUTION, giver="caseworker2", receiver="caseworker")
        self.model.home = False
        self.setting.changes["taken in"] += 1

    # what a sensible house does next, so that ways get far ----------------------------------------------------------------------

    @rule(wrong=st.sampled_from(["", "", "", "", "", "", "child", "mother"]))
    def next_steps(self, wrong: str) -> None:
        for _ in range(4):
            self.next_step(wrong)

    def next_step(self, wrong: str) -> None:
        model = self.model
        missing = set(expected.KINDS) - {kind for kind, outcome in model.evidence if outcome == "supports"}
        if model.home:
            return
        if missing:
            self.evidence(sorted(missing)[0], "supports")
        elif any(outcome == "contradicts" for _, outcome in model.evidence):
            self.correct()
        elif len(model.answers) < 2:
            self.answer(1)
        elif any(one.guardianship == "open" for one in model.enquiries):
            self.court("kept")
        elif not model.enquiries or not model.cleared:
            self.enquire("cleared", True)
        elif not model.determinations or (len(model.determinations[-1].votes) == 3 and not model.determinations[-1].for_home):
            self.propose("reunify")
        elif len(model.determinations[-1].votes) < 3:
            self._votes()
        elif model.open is None:
            self.request()
        elif len(set(model.open.approvals.values())) < 2:
            self.approve("supervisor" if "ministry" not in model.open.approvals.values() else "supervisor2")
        elif not model.open.fresh(model.day) and not (model.withdrawn or model.ended):
            self.sample(wrong)
        else:
            self.hand_over()

    def _votes(self) -> None:
        made = Determination.objects.filter(case=self.house.case).latest("n")
        votes = self.model.determinations[-1].votes
        for who, discipline in PANEL.items():
            if discipline not in votes:
                deciding.vote(determination=made, agrees=True, **self.who(who))
                votes[discipline] = True

    again = once_more = and_again = and_once_more = next_steps

    @contextlib.contextmanager
    def refused(self, codes: set[str], *, first: bool = False, besides: set[str] = frozenset()) -> Iterator[None]:  # type: ignore[assignment]
        """Inside, the house says exactly these, or one of them where it stops at the first; nothing where there are none."""
        try:
            with transaction.atomic():
                yield
        except Refused as refusal:
            said = set(refusal.codes)
        except NotFound:
            said = {"not_found"}
        except DatabaseError as error:
            said = {database_refusal(error) or str(error)}
            connection.refusals.clear()
        else:
            assert not codes, f"it should have been refused: {codes}"
            return
        assert codes, f"refused although nothing stands against it: {said}"
        assert said <= codes | besides if first else said == codes, f"said {said}, and not {codes}"
        self.setting.refused.update(said)

    @invariant()
    def where_the_child_is(self) -> None:
        assert (head(self.house.child.pk).kind == Kind.REUNIFIED) is self.model.home
        assert (
            Execution.objects.filter(release__case=self.house.case).count()
            == Release.objects.filter(case=self.house.case, execution__isnull=False).count()
        )


REACHED = {
    "already_asked",
    "parents_not_cleared",
    "not_determined",
    "not_verified",
    "release_not_approved",
    "samples_not_fresh",
    "same_agency",
    "self_approval",
    "match_over",
    "excluded",
    "detained",
    "no_consent",
}
BY_ACTIONS = {"release_revoked", "release_over", "already_there"}
BY_ROWS = {"request_over"}
"""By actions a request that ends takes the match and the consents with it, and these are said first."""
CHANGES = {
    "excluded",
    "detained",
    "withdrawn",
    "taken_back",
    "ended",
    "samples",
    "contradicts",
    "answer",
    "enquiry",
    "determination",
}


@pytest.fixture(scope="module")
def opened(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Return]:
    with standing(django_db_blocker, tmp_path_factory.mktemp("index"), "opened") as house:
        registrars = house.world.registrars
        assert registrars is not None
        reader = house.world.staff["analyst2"]
        accounts.end_staff(staff=reader, reason="moved", by=registrars, at=house.world.now())
        for name, agency, papers in (
            ("colleague", "ministry", "450000198001010071"),
            ("twin", "civil", reader.id_number),
        ):
            house.world.staff[name] = accounts.register_staff(
                by=registrars, at=house.world.now(), number=name, name=name, id_number=papers,
                agency=house.world.agencies[agency], role="supervisor",
            )  # fmt: skip
        yield house


@pytest.mark.parametrize("by_rows", [False, True], ids=["actions", "rows"])
def test_ways_home(opened: Return, db: None, by_rows: bool) -> None:
    setting = Setting()
    setting.house, setting.returns, setting.refused, setting.changes = opened, 0, Counter(), Counter()

    class Machine(Ways):
        pass

    Machine.setting, Machine.by_rows = setting, by_rows
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize="WAYHOME_RETURN_EXAMPLES" not in os.environ,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate],
        ),
    )
    told = f"{setting.returns} returns, changed {dict(setting.changes)}, refused {dict(setting.refused)}"
    print(f"\n{EXAMPLES} ways home: {told}")
    transaction.set_rollback(True)
    assert setting.returns >= EXAMPLES // 4, told
    if EXAMPLES >= ENOUGH:
        assert set(setting.changes) >= CHANGES, told
        assert set(setting.refused) >= REACHED | (BY_ROWS if by_rows else BY_ACTIONS), told
