"""What is asked of questions by DNA, of this house's and of a partner's, legal and not."""

from __future__ import annotations

import base64
import json
import random
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from factories.exchange import card
from factories.matching import second_sample, stranger, typed
from trust.acts.bench import NOON, Case
from trust.acts.dna_stage import SECOND, SECONDS_CASE, asks, some_child, told
from trust.acts.partner_stage import CASE, THEIRS, sent, take
from trust.acts.stage import Stage
from wayhome.casework.accounts import actions as accounts
from wayhome.casework.exchange.actions import canaries, dna_asked, dna_asking, ending, nodes
from wayhome.casework.exchange.models import AskedProfile, DnaAnswer, DnaAsked, DnaSent
from wayhome.casework.exchange.queries.messages import said
from wayhome.casework.exchange.rules import asking
from wayhome.casework.vault.queries import opened, public_key, unwrapped
from wayhome.casework.vault.rules import Place, Purpose, unseal, wrap

DENIED, STEP_UP = "not allowed: not_allowed", "refused: step_up"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TONIGHT = NOON + 7 * HOUR
"""After the night that follows."""


def ours() -> Iterator[Case]:
    """A child in a case, a question, and that it goes out."""

    def tie(s: Stage, case: str = "case", who: str = "further", by: str = "supervisor") -> Any:
        return dna_asking.tie_child(case=s.it[case], child=s.it[who], **s.who(by))

    yield Case("tie_child", "done", tie)
    yield Case("tie_child: twice", "refused: already_there", lambda s: tie(s, who="other"))
    yield Case("tie_child: a nurse", DENIED, lambda s: tie(s, by="nurse"))
    yield Case("tie_child: a liaison", DENIED, lambda s: tie(s, "liaisons", by="liaison"))
    yield Case("tie_child: an officer", DENIED, lambda s: tie(s, by="officer"))
    yield Case("tie_child: a stranger", "not found shared_case", lambda s: tie(s, by="supervisor_gd"))
    yield Case("tie_child: of whom one does not know", "not found child", lambda s: tie(s, "elsewhere", by="supervisor_gd"))
    yield Case("tie_child: it is over", "refused: case_ended", lambda s: tie(s, "over"))

    def ask(s: Stage, tie: str = "second_tie", by: str = "supervisor", basis: str = "convention") -> Any:
        return dna_asking.ask(of=s.it[tie], basis=basis, **s.who(by))

    yield Case("ask_dna", "done", ask)
    yield Case("ask_dna: a liaison", "done", lambda s: ask(s, "liaisons_tie", "liaison"))
    yield Case("ask_dna: a nurse", DENIED, lambda s: ask(s, by="nurse"))
    yield Case("ask_dna: a stranger", "not found", lambda s: ask(s, by="liaison"))
    yield Case("ask_dna: by what", "invalid: basis unknown_choice", lambda s: ask(s, basis="because"))
    yield Case("ask_dna: by the same sample", "refused: sample_asked_by", lambda s: ask(s, "tie"))
    yield Case("ask_dna: it is over", "refused: case_ended", lambda s: ask(s, "over_tie"))
    yield Case("ask_dna: of another child", "refused: tie_wrong", lambda s: ask(s, "wrong_tie"))
    yield Case("ask_dna: no sample", "refused: no_sample_to_ask_by", lambda s: ask(s, "untyped_tie"))
    yield Case("ask_dna: too few loci", "refused: no_sample_to_ask_by", lambda s: ask(s, "few_tie"))
    yield Case("ask_dna: samples that differ", "refused: no_sample_to_ask_by", lambda s: ask(s, "torn_tie"))

    def approve(s: Stage, which: str = "question", by: str = "supervisor2", *, stepped_up: bool = True) -> Any:
        approval = dna_asking.approve(question=s.it[which], by=s.by(by, stepped_up=stepped_up), at=s.at())
        content = said(approval.sent.message)
        of = dna_asking.profile_of(s.case.number, content["sample"])
        profile = json.loads(unwrapped(Purpose.RELATIVES, base64.b64decode(content["profile"]), of=f"{s.case.number} {of[-64:]}"))
        own = told(s.house.calls["child"])
        name = asking.sample_name(s.question.kit_id, str(s.node.pk))
        whole = all(sorted(set(alleles)) == own[locus] for locus, alleles in profile.items())
        return [str(len(profile)), str(whole), str(content["sample"] == name), content["basis"]]

    def changed(s: Stage) -> Any:
        """The child's sample was taken again, and shows more."""
        typed(s.world, {second_sample(s.world, s.house.child): s.house.calls["child"]})
        return approve(s)

    def again(s: Stage) -> Any:
        approve(s)
        return approve(s)

    def over(s: Stage) -> Any:
        ending.end_case(case=s.case, how="closed", keep_days=30, reason="done", **s.who("supervisor"))
        return approve(s)

    yield Case("approve_dna", "done", approve)
    yield Case("approve_dna: twice", "refused: already_there", again)
    yield Case("approve_dna: a nurse", DENIED, lambda s: approve(s, by="nurse"))
    yield Case("approve_dna: a liaison", DENIED, lambda s: approve(s, by="liaison"))
    yield Case("approve_dna: a stranger", "not found", lambda s: approve(s, by="supervisor_gd"))
    yield Case("approve_dna: not proved", STEP_UP, lambda s: approve(s, stepped_up=False))
    yield Case("approve_dna: one's own", "refused: self_approval", lambda s: approve(s, by="supervisor"))
    yield Case("approve_dna: of another child", "refused: tie_wrong", lambda s: approve(s, "wrong_question"))
    yield Case("approve_dna: another sample stands", "refused: sample_changed", changed)
    yield Case("approve_dna: it is over", "refused: case_ended", over)
    yield Case("approve_dna: nobody is there", "refused: key_revoked", _without_key(approve))

    def heard(s: Stage, outcome: Any = "hit", *, answers: int | None = None, times: int = 1, both: bool = False) -> Any:
        of = s.sent.sequence if answers is None else answers
        if both:
            approve(s)
            of = DnaSent.objects.get(approval__question=s.question).message.sequence
        for n in range(times):
            at = s.at()
            take(sent("dna_answer", {"outcome": outcome, "answers": of}, n=s.asked_so_far + 1 + n, at=at), at=at)

    yield Case("hear_dna", "done", heard)
    yield Case("hear_dna: none", "done", lambda s: heard(s, "none"))
    yield Case("hear_dna: of the second", "done", lambda s: heard(s, both=True))
    yield Case("hear_dna: twice", "refused: ", lambda s: heard(s, times=2))
    yield Case("hear_dna: no word", "refused: not_its_question", lambda s: heard(s, "maybe"))
    yield Case("hear_dna: of nothing", "refused: not_its_question", lambda s: heard(s, answers=99))


def _without_key(act: Any) -> Any:
    def then(s: Stage) -> Any:
        nodes.register_node_key(node=s.node, address="https://vn-1.example", keys=None, by=s.registrars, at=s.at())
        return act(s)

    return then


def theirs() -> Iterator[Case]:
    """A partner asks, and is searched for at night."""

    def came(s: Stage, genotypes: Any = None, **more: Any) -> Any:
        return len(asks(s.somebody[5] if genotypes is None else genotypes, n=s.asked_so_far + 1, at=s.at(), **more))

    def one_too_many(s: Stage, at: Any = NOON) -> Any:
        return len(asks([], n=31, at=at, sender=SECOND, case=SECONDS_CASE, line=SECOND))

    def without(s: Stage) -> Any:
        at = s.at()
        return len(take(sent("dna", {"sample": "a" * 64, "basis": "treaty"}, n=s.asked_so_far + 1, at=at), at=at))

    def whole(s: Stage) -> Any:
        """It lies sealed under a key of its own, as what it is."""
        came(s)
        asked = DnaAsked.objects.get(found=None)
        key = opened(Purpose.RELATIVES, [f"asked:{asked.pk}"])[f"asked:{asked.pk}"]
        place = Place("exchange_askedprofile", "sealed", str(asked.pk))
        plain = unseal(bytes(AskedProfile.objects.get(asked=asked).sealed), key=key, place=place)
        return str(json.loads(unwrapped(Purpose.RELATIVES, plain, of=f"{CASE} {asked.sample}")) == s.somebody[5])

    bad = "refused: not_a_message"
    yield Case("ask_us", "done", came)
    yield Case("ask_us: at rest", "done: True", whole)
    yield Case("ask_us: by no text", bad, lambda s: came(s, sample=7))
    yield Case("ask_us: too short", bad, lambda s: came(s, sample="a" * 63))
    yield Case("ask_us: too long", bad, lambda s: came(s, sample="a" * 65))
    yield Case("ask_us: by no name", bad, lambda s: came(s, sample="a" * 63 + "-"))
    yield Case("ask_us: by what", bad, lambda s: came(s, basis="because"))
    yield Case("ask_us: no letters", bad, lambda s: came(s, profile="no base64"))
    yield Case("ask_us: no profile", bad, lambda s: came(s, profile=7))
    yield Case("ask_us: without a profile", bad, without)
    yield Case("ask_us: by the same sample", "refused: asked_same_sample", lambda s: came(s, sample=f"{1:064d}"))
    yield Case("ask_us: by another's", "done", lambda s: came(s, sample=f"{30:064d}"))
    yield Case("ask_us: one too many", "refused: asked_quota", one_too_many)
    yield Case("ask_us: a month later", "done", lambda s: one_too_many(s, NOON + 27 * DAY))

    def searched(s: Stage, *asked: Any, at: Any = TONIGHT) -> Any:
        for n, genotypes in enumerate(asked, 1):
            asks(genotypes, n=s.asked_so_far + n, at=s.at())
        return str(dna_asked.search_asked(at=at))

    def of_family(s: Stage, *seeds: int) -> Any:
        return searched(s, *(told(some_child(s.house, seed)) for seed in seeds))

    def ended_there(s: Stage) -> Any:
        """The partner ended the case; in another it asked too."""
        asks(s.somebody[5], n=s.asked_so_far + 1, at=s.at())
        at = s.at()
        take(sent("ended", {"how": "closed"}, n=s.asked_so_far + 2, at=at), at=at)
        told_of = told(stranger(random.Random(19), "F"))
        asks(told_of, n=1, at=s.at(), case="2011/MC-32", sample="b" * 64)
        return str(dna_asked.search_asked(at=TONIGHT))

    def dropped(s: Stage) -> Any:
        """It ends here before the night."""
        asks(s.somebody[5], n=s.asked_so_far + 1, at=s.at())
        return ending.end_case(case=s.case, how="closed", keep_days=30, reason="done", **s.who("supervisor"))

    def made_up(s: Stage) -> Any:
        """A canary's child, and somebody."""
        couple = canaries.couples_of(s.node.pk)[1]
        return searched(s, {name: sorted({one[0], other[1]}) for name, (one, other) in couple.items()}, s.somebody[5])

    def of_another(s: Stage) -> Any:
        """Sealed for another case."""
        plain = json.dumps(s.somebody[5]).encode()
        sealed = wrap(plain, public=public_key(Purpose.RELATIVES), purpose=Purpose.RELATIVES, of=f"2011/MC-32 {'c' * 64}")
        asks([], n=s.asked_so_far + 1, at=s.at(), sample="c" * 64, profile=base64.b64encode(sealed).decode())
        return searched(s)

    def a_new_partner(s: Stage, *asked: Any) -> Any:
        """Another partner is on the register since the last night."""
        of = {"code": "fourth", "kind": "partner", "name": "x", "name_en": "x", "jurisdiction": s.world.jurisdictions["VN"]}
        agency = accounts.register_agency(by=s.registrars, at=s.at(), **of)
        nodes.register_node(card=card("VN-3", THEIRS), agency=agency, by=s.registrars, at=s.at())
        return searched(s, *asked)

    def outvoted(s: Stage) -> Any:
        """The child whom the partner was asked by was typed twice more, and is somebody else."""
        calls = stranger(random.Random(23), "F")
        for _ in range(2):
            typed(s.world, {second_sample(s.world, s.other): calls})
        return searched(s, told(s.others_calls, changed=3))

    few = dict(list(told(stranger(random.Random(5), "F")).items())[:8])
    yield Case("search_asked: nothing", "done: 0", searched)
    yield Case("search_asked", "done: 1", lambda s: searched(s, s.somebody[5]))
    yield Case("search_asked: before the night", "done: 0", lambda s: searched(s, s.somebody[5], at=NOON + 5 * HOUR))
    yield Case("search_asked: a family's child", "done: 1", lambda s: of_family(s, 2))
    yield Case("search_asked: the family's third", "done: 2", lambda s: of_family(s, 2, 3))
    yield Case("search_asked: nearly as before", "done: 1", lambda s: searched(s, _changed(s.somebody[0])))
    yield Case("search_asked: by what we asked by", "done: 1", lambda s: searched(s, told(s.others_calls, changed=3)))
    yield Case("search_asked: by what we asked by, outvoted since", "done: 1", outvoted)
    yield Case("search_asked: a new partner", "done: 1", lambda s: a_new_partner(s, s.somebody[5]))
    yield Case("search_asked: nothing, a new partner", "done: 0", a_new_partner)
    yield Case("search_asked: too few", "done: 1", lambda s: searched(s, few))
    yield Case("search_asked: no profile", "done: 1", lambda s: searched(s, []))
    yield Case("search_asked: alleles that nobody reads", "done: 1", lambda s: searched(s, _changed(s.somebody[5], "?")))
    yield Case("search_asked: sealed for another", "done: 1", of_another)
    yield Case("search_asked: it ended there", "done: 2", ended_there)
    yield Case("search_asked: it ended here", "done", dropped)
    yield Case("search_asked: a canary's child", "done: 2", made_up)


def _changed(genotypes: dict[str, list[str]], allele: str = "5") -> dict[str, list[str]]:
    return genotypes | {name: [allele] for name in list(genotypes)[:3]}


def looked() -> Iterator[Case]:
    """Somebody looks, and in the morning it is answered."""

    def look(s: Stage, which: str = "unseen", by: str = "supervisor", *, stepped_up: bool = True, **given: Any) -> Any:
        asked = {"answered": True} | given
        return dna_asked.look(found=s.it[f"found_{which}"], **asked, by=s.by(by, stepped_up=stepped_up), at=s.at())

    def leaves(s: Stage, who: str) -> None:
        accounts.end_staff(staff=s.staff(who), reason="retired", by=s.registrars, at=s.at())

    def thrice(s: Stage) -> Any:
        """Who looked again leaves too."""
        look(s, "left")
        leaves(s, "supervisor")
        return look(s, "left", "supervisor2", answered=False, note="gone")

    yield Case("look_dna", "done", look)
    yield Case("look_dna: declined", "done", lambda s: look(s, answered=False, note="n" * 301))
    yield Case("look_dna: declined without a word", "refused: note_missing", lambda s: look(s, answered=False, note=" "))
    yield Case("look_dna: a nurse", DENIED, lambda s: look(s, by="nurse"))
    yield Case("look_dna: a liaison", DENIED, lambda s: look(s, by="liaison"))
    yield Case("look_dna: a stranger", "not found", lambda s: look(s, by="supervisor_gd"))
    yield Case("look_dna: not proved", STEP_UP, lambda s: look(s, stepped_up=False))
    yield Case("look_dna: another is at work", "refused: looker_at_work", lambda s: look(s, "hit"))
    yield Case("look_dna: again", "done", lambda s: look(s, "left"))
    yield Case("look_dna: again, declined without a word", "refused: note_missing", lambda s: look(s, "left", answered=False))
    yield Case("look_dna: a third time", "done", thrice)
    yield Case("look_dna: answered", "refused: answered_already", lambda s: look(s, "answered"))

    def answer(s: Stage, at: Any = NOON) -> Any:
        return str(dna_asked.answer_looked(at=at))

    def after_a_look(s: Stage, at: Any, **given: Any) -> Any:
        """Who looked had left; another has."""
        dna_asked.look(found=s.found_left, **{"answered": True} | given, by=s.by("supervisor"), at=at)
        return answer(s)

    def heard_there(s: Stage) -> Any:
        """What the partner hears."""
        answer(s)
        rows = [DnaAnswer.objects.get(look__found=found) for found in (s.found_hit, s.found_none)]
        return [f"{said(row.message)['outcome']} {said(row.message)['answers']} {row.message.by.number}" for row in rows]

    def gone(s: Stage) -> Any:
        leaves(s, "supervisor2")
        return answer(s)

    def over(s: Stage) -> Any:
        ending.end_case(case=s.case, how="closed", keep_days=30, reason="done", **s.who("supervisor"))
        return answer(s)

    hour = NOON.replace(hour=2)
    yield Case("answer_looked", "done: 2", answer)
    yield Case("answer_looked: what is heard", "done", heard_there)
    yield Case("answer_looked: a day before", "done: 0", lambda s: answer(s, NOON - DAY))
    yield Case("answer_looked: a day after", "done: 3", lambda s: answer(s, NOON + DAY))
    yield Case("answer_looked: looked at again", "done: 3", lambda s: after_a_look(s, hour - HOUR))
    no = {"answered": False, "note": "n"}
    yield Case("answer_looked: declined when looked at again", "done: 3", lambda s: after_a_look(s, hour - HOUR, **no))
    yield Case("answer_looked: looked at again at the hour", "done: 2", lambda s: after_a_look(s, hour))
    yield Case("answer_looked: who looked is gone", "done: 1", gone)
    yield Case("answer_looked: it is over", "done: 0", over)


SOURCES = (ours, theirs, looked)
