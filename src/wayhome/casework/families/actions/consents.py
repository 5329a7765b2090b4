"""What relatives agreed to, until when, and that they want it no more."""

from __future__ import annotations

from datetime import date, datetime

from wayhome.casework.audit.attempts import gate
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.checks import Checks
from wayhome.casework.core.errors import Refused
from wayhome.casework.families import queries
from wayhome.casework.families.actions.file import mine, tell
from wayhome.casework.families.models import (
    Consent,
    ConsentWithdrawal,
    Relative,
)
from wayhome.casework.families.rules import (
    LONGEST_CONSENT,
    SCOPES,
)
from wayhome.casework.families.signals import withdrawn


def consent(
    *,
    relative: Relative,
    scope: str,
    given_by: str,
    signed_on: date,
    until: date,
    form: str,
    by: Actor,
    at: datetime,
) -> Consent:
    """A relative agrees that their DNA is compared with that of rescued children, until a day.

    Parameters
    ----------
    scope : "this_child", or "any_child" of the family.
    given_by : who signed: the relative, or whoever decides for them.
    form : number of the signed paper, or where it is kept.
    """
    request = mine(relative.request, by)
    checks = Checks()
    checks.one_of("scope", scope, SCOPES)
    given_by = checks.text("given_by", given_by, 120)
    form = checks.text("form", form, 80)
    checks.day("signed_on", signed_on, at=at)
    checks.must("until", until > max(signed_on, at.date()), "over_already")
    checks.must("until", until - signed_on <= LONGEST_CONSENT, "too_long")
    checks.done()
    with gate(by=by, at=at, attempt="consent"):
        if queries.in_force(at).filter(relative=relative, scope=scope, until__gte=until).exists():
            raise Refused(["already_there"])
        given = Consent.objects.create(
            relative=relative,
            scope=scope,
            given_by=given_by,
            signed_on=signed_on,
            until=until,
            form=form,
            by_id=by.staff_id,
            at=at,
        )
        tell(by, at, "consent", request, f"consent:{given.pk}", scope=scope)
    return given


def withdraw_consent(*, consent: Consent, by: Actor, at: datetime, reason: str = "") -> ConsentWithdrawal:
    """The relative wants it no more. They need give no reason."""
    request = mine(consent.relative.request, by)
    checks = Checks()
    reason = checks.text("reason", reason, 200, required=False)
    checks.done()
    with gate(by=by, at=at, attempt="withdraw_consent"):
        if ConsentWithdrawal.objects.filter(consent=consent).exists():
            raise Refused(["already_ended"])
        end = end_consent(consent, reason, by=by, at=at)
        tell(by, at, "withdraw_consent", request, f"consent:{consent.pk}")
    return end


def end_consent(consent: Consent, reason: str, *, by: Actor, at: datetime) -> ConsentWithdrawal:
    """Also where a request is taken back: whoever holds something under a consent hears of its end at once."""
    end = ConsentWithdrawal.objects.create(consent=consent, reason=reason, by_id=by.staff_id, at=at)
    withdrawn.send(Consent, relative=consent.relative_id, by=by, at=at)
    return end
