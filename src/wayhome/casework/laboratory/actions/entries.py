"""A profile typed in by hand counts when two people, apart, have typed the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.conf import settings

from wayhome import kinship
from wayhome.casework.accounts.queries import require
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.audit.actions import record
from wayhome.casework.audit.attempts import gate
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.errors import Invalid, NotFound, Refused
from wayhome.casework.laboratory.actions.files import store
from wayhome.casework.laboratory.models import Entry, EntryVerdict, Kit
from wayhome.casework.laboratory.queries import opened, results
from wayhome.casework.laboratory.rules import profiles as rules
from wayhome.casework.vault.actions import make_key
from wayhome.casework.vault.rules import seal


def enter(*, kit: Kit, panel: str, calls: Mapping[str, Iterable[str]], by: Actor, at: datetime) -> Entry:
    """Type a profile in, for the first time or, by another person, for the second.

    Parameters
    ----------
    panel : the kit of markers, as `kinship.panels` knows it; "" if it is not known.
    calls : locus -> alleles, as they stand in the electropherogram.

    Raises
    ------
    Invalid
        "panel": unknown_panel; else the locus: not_an_allele (with `told`), and "calls": nothing_read.
    Refused
        same_person where whoever typed it first types it again; kit_not_received, no_consent, sample_withdrawn.
    """
    require(by, Permission.WORK_SAMPLE)
    if kit.laboratory_id != by.agency_id:
        raise NotFound(kit=kit.pk)
    if panel and panel not in kinship.panels():
        raise Invalid({"panel": "unknown_panel"})
    try:
        profile = kinship.Profile.from_calls(kit.number, calls, kit=panel or None)
    except kinship.InputError as error:
        raise Invalid({error.field or "calls": "not_an_allele"}, told=error.problem, mend=error.remedy) from error
    if not profile.genotypes:
        raise Invalid({"calls": "nothing_read"})
    with gate(by=by, at=at, attempt="enter_profile"):
        if code := results.barred([kit], at=at).get(kit.pk):
            raise Refused([code])
        waiting = results.waiting_entry(kit)
        if waiting is not None and waiting.by_id == by.staff_id:
            raise Refused(["same_person"])
        n = Entry.objects.filter(kit=kit).count() + 1
        key = make_key(purpose=results.purpose_of(kit), of=f"entry:{kit.pk}:{n}", at=at)
        sealed = seal(rules.written(profile), key=key, place=results.entry_place(kit, n))
        entry = Entry.objects.create(kit=kit, n=n, panel=panel, sealed=sealed, by_id=by.staff_id, at=at)
        record(by=by, at=at, action="laboratory.enter", subject=f"kit:{kit.pk}", data={"n": n})
        if n % 2 == 0 and results.purpose_of(kit) in settings.WAYHOME_OPENS:
            judge(entry, by=by, at=at)
    return entry


def judge(second: Entry, *, by: Actor, at: datetime) -> EntryVerdict | None:
    """Compare an entry with the one before it; alike, they become a profile. None where one was erased meanwhile.

    A process that does not open relatives' profiles leaves it to the worker.
    """
    first = Entry.objects.get(kit=second.kit, n=second.n - 1)
    read = opened.entries([first, second])
    if len(read) < 2:
        return None
    one, other = read[first.pk], read[second.pk]
    differs = sorted(
        locus
        for locus in {*one.genotypes, *other.genotypes, *one.flags, *other.flags}
        if (one.genotypes.get(locus), one.flags.get(locus)) != (other.genotypes.get(locus), other.flags.get(locus))
    )
    if one.kit != other.kit:
        differs = ["", *differs]
    verdict = EntryVerdict.objects.create(kit=second.kit, n=second.n, differs=differs, at=at)
    if not differs:
        flags = rules.flags_alone(other, results.recorded_sex(second.kit))
        store(second.kit, other, flags, file=None, by_id=second.by_id, at=at)
    record(by=by, at=at, action="laboratory.judge", subject=f"kit:{second.kit_id}", data={"n": second.n, "loci": len(differs)})
    return verdict
