"""A process of the house on the day of an operation: police of one province who report, or the desk that looks at the board.

Run with the folder of the tests and what to be: "prepare", "watch" or the code of a province. Whoever reports waits for a line
on standard input with the moment of the machine's clock at which to start.
"""

from __future__ import annotations

import json
import os
import sys
import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

sys.path.insert(0, sys.argv[1])
os.environ["DJANGO_SETTINGS_MODULE"] = "wayhome.config.settings"

import django

django.setup()

from wayhome.casework.accounts import actions as accounts  # noqa: E402
from wayhome.casework.accounts.models import Agency, Facility, Jurisdiction, Staff  # noqa: E402
from wayhome.casework.accounts.queries import actor_of  # noqa: E402
from wayhome.casework.core.actors import Actor  # noqa: E402
from wayhome.casework.custody import actions as custody  # noqa: E402
from wayhome.casework.operations import actions, queries  # noqa: E402
from wayhome.casework.operations.models import Operation  # noqa: E402

PROVINCES = [f"P{n:02}" for n in range(1, 15)]
CODE = "2011.2.21"


def actor(number: str) -> Actor:
    """A member of staff at work."""
    return actor_of(Staff.objects.get(number=number), stepped_up=True)


def prepare() -> None:
    """Fourteen provinces with their police, and an operation of the whole country."""
    at, country = datetime.now(UTC), Jurisdiction.objects.get(code="CN")
    signed: dict[str, Any] = {"by": (actor("registrar"), actor("registrar1")), "at": at}
    for n, code in enumerate(PROVINCES):
        place = accounts.add_jurisdiction(code=code, kind="province", parent=country, name_en=code, name_zh=code, name_vi=code)
        named = {"code": code, "name": code, "jurisdiction": place}
        agency = accounts.register_agency(**signed, kind="police", **named)
        accounts.register_facility(**signed, agency=agency, kind="police_post", address=f"{code}人民路{n + 1}号", **named)
        accounts.register_staff(**signed, number=code, name=code, id_number=f"papers {code}", agency=agency, role="officer")
    actions.record_operation(code=CODE, title="Case 2", zero_hour=at, jurisdiction=country, by=actor("officer"), at=at)


def report(code: str, rounds: int) -> list[dict[str, Any]]:
    """In each round: officers, a line told twice, an arrest, a child; when each began, and when it was acknowledged."""
    operation, place, by = Operation.objects.get(code=CODE), Jurisdiction.objects.get(code=code), actor(code)
    done: list[dict[str, Any]] = []

    def step(what: str, work: Any) -> Any:
        began = time.monotonic()
        made = work()
        done.append({"what": what, "began": began, "ended": time.monotonic()})
        return made

    for n in range(rounds):
        now = datetime.now(UTC)
        common: dict[str, Any] = {"operation": operation, "by": by, "at": now, "counted_at": now}
        step("officers", lambda n=n, told=common: actions.report_officers(officers=100 + n, **told))
        late = common | {"counted_at": now - timedelta(hours=1)}
        actions.report_officers(officers=7, **late)
        line: dict[str, Any] = {"reference": str(n), "kind": "phone", "amount": Decimal(2), "unit": "piece"}
        step("seized", lambda told=common, line=line: actions.report_seizure(**told, **line))
        actions.report_seizure(**common, **line)
        who: dict[str, Any] = {"by": by, "at": now}
        person = actions.record_person(label="x", facts=[("phone", f"139{PROVINCES.index(code):04}{n:04}")], **who)
        role = {"person": person, "operation": operation, "detained_at": now}
        step("arrests", lambda role=role, who=who: actions.record_role(kind="suspect", **role, **who))
        actions.record_role(kind="seller", **role, **who)
        found: dict[str, Any] = {"operation": operation, "jurisdiction": place, "found_at": now}
        event = actions.record_rescue(place=f"{code}解放路{n + 1}号", **found, **who)
        intake = custody.Intake(event=event, post=Facility.objects.get(code=code), sex="F", call_name="小荷", started_at=now)
        step("rescues", lambda intake=intake, who=who: custody.take_into_care(intake=intake, **who))
    return done


def watch(wanted: int) -> list[dict[str, Any]]:
    """Look at the board again and again until so many children are on it; what each look showed."""
    operation, by, looks = Operation.objects.get(code=CODE), actor("supervisor"), []
    while not looks or (looks[-1]["rescues"] < wanted and time.monotonic() < looks[0]["began"] + 240):
        began = time.monotonic()
        told = queries.board(by, operation.pk)
        row = told.national
        looks.append(
            {
                "began": began,
                "ended": time.monotonic(),
                "officers": row.officers,
                "seized": int(sum(one.amount for one in row.seized)),
                "arrests": row.arrests,
                "rescues": row.rescues,
                "sum": sum(one.rescues + one.arrests for _, one in told.provinces),
            }
        )
        time.sleep(0.2)
    return looks


if __name__ == "__main__":
    what = sys.argv[2]
    assert Agency.objects.exists()
    if what == "prepare":
        prepare()
    else:
        print(json.dumps("ready"), flush=True)
        begin, number = json.loads(sys.stdin.readline())
        time.sleep(max(0.0, begin - time.monotonic()))
        print(json.dumps(watch(number) if what == "watch" else report(what, number)), flush=True)
