"""Be asked by a partner: taken sealed, searched at night, looked at by somebody, answered with one word, and forgotten.

The profile is opened in the memory of the search alone. When the night is over its key and the row that it stood in are gone;
what stays is a sketch from which no genotype can be told (`rules.asking.sketch`).
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from wayhome import kinship
from wayhome.casework.accounts.queries import actor_of, require
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.audit.actions import raise_alarm, record
from wayhome.casework.audit.attempts import gate
from wayhome.casework.audit.models import Alarm
from wayhome.casework.core.actors import SYSTEM, Actor
from wayhome.casework.core.errors import Refused
from wayhome.casework.exchange.actions import canaries
from wayhome.casework.exchange.actions.messages import put
from wayhome.casework.exchange.models import (
    AskedProfile,
    DnaAnswer,
    DnaAsked,
    DnaFound,
    DnaLook,
    DnaLookAgain,
    Incoming,
    SharedCase,
)
from wayhome.casework.exchange.queries import corrections
from wayhome.casework.exchange.queries import dna as queries
from wayhome.casework.exchange.queries.desk import case_of
from wayhome.casework.exchange.queries.over import over
from wayhome.casework.exchange.rules import asking
from wayhome.casework.exchange.rules.bodies import bytes_of
from wayhome.casework.matching.queries.base import fits_partners_child, partners_child, told_abroad
from wayhome.casework.vault.actions import end_key, make_key
from wayhome.casework.vault.queries import derived, opened, unwrapped
from wayhome.casework.vault.rules import Broken, Place, Purpose, seal, unseal


def came(message: Incoming, content: Mapping[str, Any], *, at: datetime) -> None:
    """Keep the question for the night: inside the transaction that takes it. What is asked by is opened by nobody yet."""
    sample, basis = content.get("sample"), content.get("basis")
    if not isinstance(sample, str) or len(sample) != 64 or not sample.isalnum() or basis not in asking.BASES:
        raise Refused(["not_a_message"])
    try:
        sealed = bytes_of(content["profile"])
    except (Broken, KeyError, AttributeError):
        raise Refused(["not_a_message"]) from None
    node = message.case.node_id
    if queries.asked_before(node, sample):
        raise Refused(["asked_same_sample"])
    if queries.asked_lately(node, at=at) >= asking.MOST_IN_A_MONTH:
        raise Refused(["asked_quota"])
    asked = DnaAsked.objects.create(message=message, node=message.case.node, sample=sample, basis=basis, at=at)
    key = make_key(purpose=Purpose.RELATIVES, of=_key_of(asked), at=at)
    AskedProfile.objects.create(asked=asked, sealed=seal(sealed, key=key, place=_place(asked)))


def search_asked(*, at: datetime) -> int:
    """Search what was asked before the night began, and forget by what; how many were searched."""
    rows = list(queries.unsearched(before=asking.batch_before(at)))
    if not rows:
        return 0
    canaries.plant(at=at)
    key = derived(Purpose.RELATIVES, "sketches of what partners asked by")
    traps = {node: _Traps(canaries.couples_of(node), _sketches_of_ours(node, key)) for node in {one.node_id for one in rows}}
    closed = over()
    for asked in rows:
        if asked.message.case_id in closed:
            with gate(by=SYSTEM, at=at, attempt="search_asked"):
                _drop(asked, at=at)
        else:
            _search(asked, key, traps[asked.node_id], at=at)
    return len(rows)


def drop(case: SharedCase, *, at: datetime) -> None:
    """Forget what was asked in a case that is over, unsearched: inside the transaction that ends it."""
    for asked in queries.unsearched_of(case.pk):
        _drop(asked, at=at)


def look(*, found: DnaFound, answered: bool, note: str = "", by: Actor, at: datetime) -> DnaLook | DnaLookAgain:
    """Somebody looks at what the search found, and lets the partner have it, or declines. Nobody can make a hit of none. Where
    whoever looked is not there to answer for it, another looks again."""
    with gate(by=by, at=at, attempt="look_dna"):
        require(by, Permission.APPROVE_DISCLOSURE)
        if not by.stepped_up:
            raise Refused(["step_up"])
        case_of(by, found.asked.message.case_id)
        if not answered and not note.strip():
            raise Refused(["note_missing"])
        said: dict[str, Any] = {"answered": answered, "note": note[:300], "by_id": by.staff_id, "at": at}
        first = DnaLook.objects.filter(found=found).first()
        row: DnaLook | DnaLookAgain
        if first is None:
            row = DnaLook.objects.create(found=found, **said)
        else:
            if DnaAnswer.objects.filter(look=first).exists():
                raise Refused(["answered_already"])
            if corrections.is_at_work(corrections.last_look(first).by):
                raise Refused(["looker_at_work"])
            row = DnaLookAgain.objects.create(look=first, n=1 + first.again.count(), **said)
        record(by=by, at=at, action="exchange.look_dna", subject=f"dna_found:{found.pk}", data={"answered": answered})
    return row


def answer_looked(*, at: datetime) -> int:
    """Send the answers of the day together, each as long as another; how many went out."""
    done = 0
    hour = asking.morning_before(at)
    for one in queries.unanswered(before=hour):
        if asking.answered_from(one.found.at) > hour:
            continue
        message, last = one.found.asked.message, corrections.last_look(one)
        # It waits for another look, and holds up nobody.
        if last.at >= hour or not corrections.is_at_work(last.by):
            continue
        with gate(by=SYSTEM, at=at, attempt="answer_dna"):
            outcome = one.found.outcome if last.answered else "declined"
            sent = put(
                case=message.case, kind="dna_answer", content={"outcome": outcome}, answers=message, by=actor_of(last.by), at=at
            )
            DnaAnswer.objects.create(look=one, message=sent, at=at)
            record(by=SYSTEM, at=at, action="exchange.answer_dna", subject=f"dna_found:{one.found_id}")
        done += 1
    return done


def _drop(asked: DnaAsked, *, at: datetime) -> None:
    found = DnaFound.objects.create(asked=asked, outcome="declined", why="case_ended", sketch={}, at=at)
    _forget(asked, at=at)
    record(by=SYSTEM, at=at, action="exchange.search_asked", subject=f"dna_found:{found.pk}", data={"why": "case_ended"})


def _forget(asked: DnaAsked, *, at: datetime) -> None:
    end_key(of=_key_of(asked), by_id=None, at=at)
    AskedProfile.objects.filter(asked=asked).delete()


@dataclass(frozen=True)
class _Traps:
    """What tells that a partner's question is none: its canaries, and sketches of the samples that it was asked by."""

    couples: canaries.Couples = field(repr=False)
    ours: list[dict[str, int]] = field(repr=False)


def _sketches_of_ours(node_id: int, key: bytes) -> list[dict[str, int]]:
    return [asking.sketch(told_abroad(profile), key=key) for profile in queries.asked_by_ours(node_id)]


def _search(asked: DnaAsked, key: bytes, traps: _Traps, *, at: datetime) -> None:
    outcome, why, request, sketch = "declined", "", None, dict[str, int]()
    genotypes: Mapping[str, Collection[str]] = {}
    try:
        profile = partners_child(asking.genotypes_of(_opened(asked)))
        if profile is None:
            why = "too_few"
        else:
            genotypes = profile.genotypes
            sketch = asking.sketch(genotypes, key=key)
            if any(asking.is_near(sketch, other) for other in queries.sketches()):
                why = "near_copy"
            else:
                fits = fits_partners_child(profile, at=at)
                if fits is None:
                    outcome = "none"
                elif queries.hits_of(fits.request) >= asking.MOST_HITS:
                    why = "family_told"
                else:
                    outcome, request = "hit", fits.request
    except (Broken, ValueError, kinship.KinshipError):
        why = "unreadable"
    with gate(by=SYSTEM, at=at, attempt="search_asked"):
        found = DnaFound.objects.create(asked=asked, outcome=outcome, why=why, request_id=request, sketch=sketch, at=at)
        _forget(asked, at=at)
        if why in asking.ALARMING:
            # Somebody may be asking the base out, an allele further each time.
            raise_alarm(kind=Alarm.Kind.REFUSED, at=at, level=3, code=f"asked_{why}", subject=f"dna_asked:{asked.pk}")
        ours = sum(asking.is_near(sketch, one) for one in traps.ours) > 0
        canaries.tell(asked, genotypes, traps.couples, ours=ours, at=at)
        record(by=SYSTEM, at=at, action="exchange.search_asked", subject=f"dna_found:{found.pk}", data={"why": why})


def _opened(asked: DnaAsked) -> Any:
    of = _key_of(asked)
    key = opened(Purpose.RELATIVES, [of])[of]
    row = AskedProfile.objects.get(asked=asked)
    bound = f"{asked.message.case.number} {asked.sample}"
    return json.loads(unwrapped(Purpose.RELATIVES, unseal(bytes(row.sealed), key=key, place=_place(asked)), of=bound))


def _key_of(asked: DnaAsked) -> str:
    return f"asked:{asked.pk}"


def _place(asked: DnaAsked) -> Place:
    return Place("exchange_askedprofile", "sealed", str(asked.pk))
