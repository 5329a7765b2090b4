"""A house in which something waits for everybody: children at every step of the way. All people are made up."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

from PIL import Image, ImageDraw

from factories.announcements import fill_announcements, fill_limits
from factories.clue_pages import fill_clues
from factories.families import fill_families
from factories.joint import fill_joint
from factories.kits import fill_kits
from factories.laboratory import fill_results
from factories.matching_pages import fill_candidates
from factories.operations import fill_operations
from factories.pages_placements import fill_placements
from factories.partner_pages import fill_partners
from factories.release_pages import fill_releases
from factories.return_pages import fill_returns
from wayhome.casework.accounts import actions as accounts
from wayhome.casework.accounts.queries import actor_of
from wayhome.casework.children import actions as children
from wayhome.casework.core.photos import clean_photo
from wayhome.casework.custody import actions as custody
from wayhome.casework.custody.rules import Kind
from wayhome.casework.medical import actions as medical
from wayhome.casework.operations import actions as operations


def picture(hue: int) -> bytes:
    """A drawn face: nobody's."""
    image = Image.new("RGB", (240, 240), (210, 225 - hue, 220))
    draw = ImageDraw.Draw(image)
    draw.ellipse((60, 40, 180, 180), fill=(238, 205 - hue // 3, 180))
    draw.ellipse((92, 95, 104, 107), fill=(60, 40, 40))
    draw.ellipse((136, 95, 148, 107), fill=(60, 40, 40))
    draw.arc((95, 110, 145, 150), 20, 160, fill=(150, 80, 80), width=4)
    draw.rectangle((50, 190, 190, 240), fill=(180, 90 + hue, 100))
    data = io.BytesIO()
    image.save(data, "JPEG")
    return data.getvalue()


def intake(world: Any, name: str, sex: str, age: tuple[int, int], hue: int, *, photo: bool = True) -> Any:
    """A child with its marks and things."""
    return custody.take_into_care(
        intake=custody.Intake(
            event=world.event,
            post=world.facilities["post"],
            sex=sex,
            call_name=name,
            started_at=world.event.found_at,
            condition="drowsy, breathing calmly",
            age=(*age, "sight"),
            marks=(("lower_back", "mongolian_spot", 40, ""), ("ear_left", "preauricular_pit", None, "")),
            items=("红色绣花小棉袄", "milk bottle, half full"),
            photo=picture(hue) if photo else None,
        ),
        by=world.actor("officer"),
        at=world.now(),
    )


def fill(world: Any) -> None:
    """Children, offers, observations, alarms, a merge to confirm, exclusions, an opened file."""
    shown: dict[str, Any] = {}
    world.shown = shown
    shown["post"] = intake(world, "小竹 Trúc", "M", (21, 40), 10)
    shown["offered"] = intake(world, "小兰 Lan", "F", (60, 95), 40)
    shown["twin"] = intake(world, "小松 Tùng", "M", (20, 45), 60, photo=False)
    custody.offer_handover(
        child=shown["offered"],
        to_facility=world.facilities["hospital"],
        kind=Kind.HOSPITAL,
        wristband=shown["offered"].number,
        place="东兴市人民医院急诊门口",
        condition="drowsy, opens its eyes when called",
        items="milk bottle, blanket",
        by=world.actor("officer"),
        at=world.now(),
    )
    for name, call, sex, hue in (
        ("hospital", "小荷 Hà", "F", 0),
        ("cleared", "小梅 Mai", "F", 80),
        ("home", "小枫 Phong", "M", 30),
    ):
        shown[name] = intake(world, call, sex, (100, 190), hue)
        world.hand_over(shown[name], "hospital", Kind.HOSPITAL, giver="officer", receiver="nurse")
    shown["missing"] = intake(world, "小月 Nguyễn Thị Ngọc Ánh Nguyệt", "F", (150, 220), 55)
    world.hand_over(shown["missing"], "hospital", Kind.HOSPITAL, giver="officer", receiver="nurse2")
    nurse = world.actor("nurse")
    medical.plan_observation(child=shown["hospital"], every_minutes=30, sedation=True, by=nurse, at=world.now())
    medical.take_tox_sample(
        child=shown["hospital"], barcode="GX-11-000417", kind="urine", taken_at=world.clock, by=nurse, at=world.now()
    )
    looks = (
        ("pain", 98, 22, 35.9, 93, "asleep"),
        ("voice", 104, 26, 36.2, 95, "refused"),
        ("voice", 112, 28, 36.4, 96, "poorly"),
        ("alert", 126, 34, 36.8, 98, "poorly"),
        ("alert", 131, 36, 36.9, 99, "well"),
    )
    for i, (consciousness, heart, breaths, warm, oxygen, feeding) in enumerate(looks):
        world.clock += timedelta(minutes=28)
        world.observation = medical.observe(
            child=shown["hospital"], taken_at=world.clock, consciousness=consciousness, heart_rate=heart, breaths=breaths,
            temperature_c=warm, oxygen_percent=oxygen, feeding=feeding, feed_ml=20 * i or None, by=nurse, at=world.now(),
        )  # fmt: skip
    medical.measure(
        child=shown["hospital"], taken_at=world.clock, length_mm=612, weight_g=5900, head_mm=405, by=nurse, at=world.now()
    )
    for name in ("cleared", "home", "missing"):
        custody.clear(child=shown[name], fit=True, level="ordinary", by=world.actor("doctor"), at=world.now())
    world.clock += timedelta(hours=5)
    for name in ("home", "missing"):
        world.hand_over(shown[name], "home", Kind.WELFARE_INSTITUTION, giver="nurse", receiver="caseworker")
    children.say(
        child=shown["home"],
        field="origin",
        value="accent of Hải Phòng, says a suspect",
        said_by="suspect 4",
        by=world.actor("caseworker"),
        at=world.now(),
    )
    world.clock += timedelta(hours=2)
    custody.report_missing(
        child=shown["missing"],
        last_seen_at=world.clock,
        circumstances="cot empty at the evening feed",
        by=world.actor("caseworker"),
        at=world.now(),
    )
    by = world.actor("officer")
    world.buyer = operations.record_person(
        label="buyer of flat 12",
        facts=[("name", "陈桂花"), ("phone", "13800138000"), ("address", "广西钦州市南珠东大街88号")],
        by=by,
        at=world.now(),
        source="statement of suspect 4",
    )
    spouse = operations.record_person(
        label="her husband", facts=[("name", "吴大勇"), ("id", "450702197501010011")], by=by, at=world.now()
    )
    operations.tie(person=world.buyer, other=spouse, kind="spouse", by=by, at=world.now(), source="household register")
    custody.exclude(person=world.buyer, ground="buyer", by=by, at=world.now(), note="paid 38,000 yuan")
    custody.exclude(subject="vehicle", value="桂A12345", ground="suspect", by=by, at=world.now())
    custody.exclude(subject="address", value="广西东兴市北仑大道12号3楼", ground="suspect", by=by, at=world.now())
    world.step = children.propose_merge(
        kept=shown["post"],
        absorbed=shown["twin"],
        reason="same pit at the left ear, same jacket, registered twice at the post",
        by=by,
        at=world.now(),
    )
    custody.break_glass(
        child_id=shown["home"].pk,
        reason="brought to our emergency room with fever, no papers",
        at=world.now(),
        by=actor_of(world.staff["officer_gd"], stepped_up=True),
    )
    caseworker = world.actor("caseworker")
    carer = operations.record_person(
        label="foster mother, Nguyễn Thị Ngọc Ánh's cousin",
        facts=[("name", "刘慧珍"), ("id", "450602198001014321"), ("phone", "13977001234")],
        by=caseworker,
        at=world.now(),
        source="application of 12 July",
    )
    world.foster = custody.propose_foster(
        child=shown["home"],
        institution=world.facilities["home"],
        person=carer,
        address="广西防城港市北部湾大道88号5栋2单元301室",
        reason="Fostered two infants before; a quiet home, a clinic next door.",
        by=caseworker,
        at=world.now(),
    )
    custody.approve_foster(request=world.foster, digest=world.foster.digest, by=by, at=world.now())
    operations.add_fact(person=carer, kind="phone", value="13977009999", by=caseworker, at=world.now())
    custody.admit(facility=world.facilities["home"], person=carer, purpose="carer", by=caseworker, at=world.now())
    custody.admit(
        facility=world.facilities["home"], person=carer, purpose="visit", child=shown["home"], by=caseworker, at=world.now()
    )
    supervisor = world.actor("supervisor")
    world.assignment = custody.assign(child=shown["home"], staff=world.staff["officer2"], by=supervisor, at=world.now())
    children.group_siblings(children=[shown["hospital"], shown["cleared"]], ground="alleged", by=nurse, at=world.now())
    for label, scopes in (("nightly list of the post", ["children:read", "custody:read"]), ("alarm lamp", ["alarms:read"])):
        accounts.give_token(
            staff=world.staff["officer"],
            scopes=scopes,
            label=label,
            by=by,
            at=world.now(),
            expires_at=world.clock + timedelta(days=30),
        )
    fill_placements(world, intake)
    fill_families(world, clean_photo(picture(20)))
    fill_kits(world)
    fill_results(world)
    fill_candidates(world)
    fill_returns(world)
    fill_releases(world)
    fill_announcements(world)
    fill_clues(world)
    fill_operations(world)
    fill_joint(world)
    fill_partners(world)
    fill_limits(world)
