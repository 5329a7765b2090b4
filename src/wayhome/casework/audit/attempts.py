"""The way a write goes: one transaction, and an alarm for whoever is turned away."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import datetime

from django.db import DatabaseError, connection, transaction

from wayhome.casework.audit.actions import raise_alarm
from wayhome.casework.audit.models import Alarm
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.backends.watch import expected_refusal
from wayhome.casework.core.errors import NotAllowed, Refused, database_refusal

SLIPS = frozenset(
    {
        "wristband",
        "before_last",
        "not_current",
        "already_offered",
        "already_there",
        "assigned_outside",
        "note_missing",
        "already_accepted",
        "already_proposed",
        "already_ended",
        "already_planning",
        "plan_over",
        "already_superseded",
        "merge_of_merged",
        "merge_into_merged",
        "split_of_whole",
        "not_last",
        "request_over",
        "relative_struck",
        "consent_stands",
        "missing_child_stays",
        "has_parent",
        "parent_sex_unknown",
        "partner_same_sex",
        "own_ancestor",
        "kit_not_received",
        "same_person",
        "entry_waiting",
        "kit_under_way",
        "kit_replaced",
        "not_replaceable",
        "no_such_hop",
        "no_first_sample",
        "same_hands",
        "candidate_over",
        "read_already",
        "already_asked",
        "already_executed",
        "panel_closed",
        "release_over",
        "release_revoked",
        "not_verified",
        "not_determined",
        "samples_not_fresh",
        "candidate_open",
        "too_early",
        "notice_missing",
        "first_certificate",
        "in_care_no_more",
        "cutoff_before_last",
        "case_left_out",
        "announced_elsewhere",
        "officers_reported",
        "later_version",
        "not_here",
        # Of a task force: an alarm would tell others that there is one.
        "not_lead",
        "last_lead",
        "member_already",
        "not_for_task_force",
        "tie_of_launch",
        "leader_not_alone",
        "not_detained",
        "not_member",
        "victim_disproved",
        "victim_rescued",
        "child_tied",
        # Between two houses.
        "sample_asked_by",
        "no_sample_to_ask_by",
        "sample_changed",
        "package_changed",
        "handed_over_already",
        "step_before_last",
        "step_out_of_order",
        "tie_wrong",
        "stands_so_already",
        "looker_at_work",
        "ended_already",
        "not_ended",
        "answered_already",
        "before_rescue",
        "in_the_future",
        "not_ministry",
        "not_supervised",
        "lead_there",
        "why_missing",
        "plan_fixed",
        "leader_outside",
        "other_plan",
        "not_site_leader",
        "not_sealed",
        "plan_launched",
        "site_replaced",
        "site_not_ready",
        "not_approver",
        "own_plan",
        "wrong_step",
        "no_site",
        "every_site_off",
        "not_its_operation",
        "plan_changed",
    }
)
"""What happens to honest people at night; everything else that is refused raises an alarm."""
GRAVE = frozenset({"excluded", "kin_of_excluded", "place_of_rescue", "append_only", "changed_request", "self_approval"})


@contextlib.contextmanager
def gate(*, by: Actor, at: datetime, child_id: int = 0, attempt: str, jurisdiction: str = "") -> Iterator[None]:
    """Run the block in one transaction; a refusal undoes it, is told by an alarm, and goes on to the caller as `Refused`."""
    try:
        with expected_refusal(connection), transaction.atomic():
            yield
    except (Refused, NotAllowed) as refused:
        codes = refused.codes if isinstance(refused, Refused) else (refused.code,)
        _alarm(codes, by, at, child_id, attempt, jurisdiction)
        raise
    except DatabaseError as error:
        code = database_refusal(error)
        if code is None:
            raise
        _alarm((code,), by, at, child_id, attempt, jurisdiction)
        raise Refused([code], child=child_id) from error


def _alarm(codes: tuple[str, ...], by: Actor, at: datetime, child_id: int, attempt: str, jurisdiction: str) -> None:
    told = [code for code in codes if code not in SLIPS]
    if told:
        kind = Alarm.Kind.KIN_OF_EXCLUDED if told[0] == "kin_of_excluded" else Alarm.Kind.REFUSED
        raise_alarm(
            kind=kind,
            at=at,
            by=by,
            level=3 if GRAVE.intersection(told) else 2,
            code=told[0],
            child_id=child_id,
            jurisdiction=jurisdiction or by.jurisdiction,
            subject=attempt,
        )
