"""The part of `factories.api_cases` that is about places."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from factories.api_case import Case, sends, where

PLACEMENTS: dict[str, Case] = {
    "GET /homes": Case("caseworker", where("/homes")),
    "GET /homes/{code}/room": Case("caseworker", where("/homes/home/room"), foreign="supervisor_vn"),
    "POST /homes/{code}/reports": Case(
        "caseworker",
        where("/homes/home/reports"),
        sends(beds=40, carers_day=4, carers_night=3, children_per_carer=6, daily_cost=120, funds=90_000, level=1),
    ),
    "POST /homes/{code}/surges": Case(
        "caseworker",
        where("/homes/home/surges"),
        sends(beds=4, carers=1, until=lambda _: (timezone.now() + timedelta(hours=20)).isoformat(), reason="another raid"),
    ),
    "GET /surges": Case("supervisor", where("/surges")),
    "POST /surges/{id}/approvals": Case("supervisor", where("/surges/{surge}/approvals"), foreign="supervisor_vn", approves=True),
    "POST /homes/{code}/funding": Case(
        "supervisor",
        where("/homes/home/funding"),
        sends(payer="civil", daily_rate=110, first_day="2011-07-15"),
        foreign="supervisor_vn",
    ),
    "GET /homes/{code}/funding": Case("caseworker", where("/homes/home/funding"), foreign="caseworker_gd"),
    "GET /homes/{code}/reports": Case("caseworker", where("/homes/home/reports"), foreign="caseworker_gd"),
    "GET /reimbursements/{month}": Case("supervisor", where("/reimbursements/2011-07")),
    "GET /reimbursements/{month}/sheet": Case("supervisor", where("/reimbursements/2011-07/sheet")),
    "GET /positions": Case("placement", where("/positions")),
    "POST /jurisdictions/{code}/position": Case(
        "supervisor", where("/jurisdictions/GX/position"), sends(latitude=22.8, longitude=108.3), foreign="supervisor_vn"
    ),
    "POST /children/{number}/placements": Case(
        "placement",
        where("/children/{ward}/placements"),
        sends(facility="home", reason="nearest with a nurse at night"),
        foreign="placement_gd",
    ),
    "GET /children/{number}/placements": Case("placement", where("/children/{child}/placements"), foreign="placement_gd"),
    "GET /placements": Case("caseworker", where("/placements")),
    "GET /placements/{id}": Case("caseworker", where("/placements/{placement}"), foreign="caseworker_gd"),
    "POST /placements/{id}/acceptance": Case("caseworker", where("/placements/{placement}/acceptance"), foreign="caseworker_gd"),
    "POST /placements/{id}/refusal": Case(
        "caseworker", where("/placements/{placement}/refusal"), sends(code="no_carer"), foreign="caseworker_gd"
    ),
    "POST /placements/{id}/end": Case(
        "placement", where("/placements/{placement}/end"), sends(reason="another home is nearer"), foreign="placement_gd"
    ),
    "POST /children/{number}/risk-areas": Case(
        "officer",
        where("/children/{child}/risk-areas"),
        sends(jurisdiction="GD", reason="the buyer's brother"),
        foreign="officer_gd",
    ),
    "POST /children/{number}/separations": Case(
        "caseworker",
        where("/children/{home}/separations"),
        sends(reason="its brother hurts it"),
        foreign="caseworker_gd",
        approves=True,
    ),
    "GET /separations": Case("supervisor", where("/separations")),
    "POST /separations/{id}/votes": Case(
        "supervisor",
        where("/separations/{separation}/votes"),
        sends(agrees=False, note="no ground in law"),
        foreign="supervisor_vn",
        approves=True,
    ),
    "GET /plans": Case("placement", where("/plans")),
    "GET /plans/{id}": Case("placement", where("/plans/{plan}"), foreign="placement_gd"),
    "POST /plans/{id}/placements": Case(
        "placement", where("/plans/{plan}/placements"), sends(hold=lambda t: [t.child]), foreign="placement_gd"
    ),
    "GET /plan-jobs/{id}": Case("supervisor", where("/plan-jobs/{plan_job}"), foreign="supervisor_vn"),
    "POST /plan-jobs/{id}/cancellation": Case("supervisor", where("/plan-jobs/{plan_job}/cancellation"), foreign="supervisor_vn"),
    "POST /plans": Case(
        "supervisor2", where("/plans"), sends(nights=14, jurisdiction="GD"), foreign="supervisor_vn", unknown=422, done=202
    ),
}
