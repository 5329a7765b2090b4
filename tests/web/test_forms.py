"""What is done on pages: carried out once, refused with every reason, and nothing typed is lost."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from PIL import Image

from factories.world import World
from wayhome.casework.audit.models import Alarm, AuditEvent
from wayhome.casework.children import queries as children
from wayhome.casework.custody import actions as custody_actions
from wayhome.casework.custody import queries as custody
from wayhome.casework.custody.models import CustodyEpisode, Exclusion, HandoverOffer
from wayhome.casework.medical import queries as medical
from wayhome.casework.operations import actions as operations
from wayhome.web.forms import base as forms
from wayhome.web.forms.kits import HopForm
from wayhome.web.messages import sentence


def text(answer) -> str:
    """The page."""
    return str(answer.content.decode())


def codes(answer) -> list[str]:
    """Codes of the reasons on a page, in order."""
    import re

    return re.findall(r'data-code="(\w+)"', text(answer))


def local(moment) -> str:
    """As a browser's date picker writes it."""
    return timezone.localtime(moment, timezone.get_fixed_timezone(480)).strftime("%Y-%m-%dT%H:%M")


def intake(world: World, **changed: object) -> dict[str, object]:
    """What an officer types."""
    assert world.event is not None
    return {
        "once": "register-1",
        "sex": "F",
        "least_days": "21",
        "most_days": "40",
        "method": "sight",
        "call_name": "小荷 Hà",
        "condition": "asleep",
        "event": str(world.event.pk),
        "post": str(world.facilities["post"].pk),
        "started_at": local(world.clock),
        "marks": "lower_back:mongolian_spot:40\near_left:preauricular_pit",
        "place_0": "chin",
        "mark_0": "scar",
        "items": "red jacket\nmilk bottle",
        "sedation": "on",
    } | changed


def offer(world: World, child, **changed: object) -> dict[str, object]:
    """What a giver types."""
    return {
        "once": "offer-1",
        "kind": "hospital",
        "facility": str(world.facilities["hospital"].pk),
        "wristband": f"WH {child.number[:3]} {child.number[3:6]} {child.number[6:]}",
        "condition": "drowsy, opens its eyes",
        "place": "gate of the hospital",
        "items": "blanket",
    } | changed


def picture() -> SimpleUploadedFile:
    """A photograph with a place in it."""
    data = io.BytesIO()
    image = Image.new("RGB", (40, 30), "red")
    exif = Image.Exif()
    exif[0x010F] = "camera maker"
    image.save(data, "JPEG", exif=exif)
    return SimpleUploadedFile("child.jpg", data.getvalue(), "image/jpeg")


def test_register_a_child(world: World, client_of) -> None:
    client = client_of("officer")
    answer = client.post(reverse("register"), intake(world, photo=picture()))
    assert answer.status_code == 302, text(answer)
    child = custody.visible_children(world.actor("officer"), at=world.now()).get()
    assert answer.headers["Location"] == reverse("wristband", args=[child.number])
    assert {(m.place, m.kind) for m in children.marks(child)} == {
        ("lower_back", "mongolian_spot"), ("ear_left", "preauricular_pit"), ("chin", "scar"),
    }  # fmt: skip
    assert [one.what for one in children.items(child)] == ["red jacket", "milk bottle"]
    age = children.age_on(child, world.clock.astimezone(UTC).date())
    assert age is not None
    assert age.method == "sight"
    band = text(client.get(answer.headers["Location"]))
    assert "<svg" in band
    assert child.call_name not in band.split("<main")[1]
    photo = client.get(reverse("photo", args=[child.number]))
    assert photo.headers["Content-Type"] == "image/jpeg"
    assert b"camera maker" not in photo.content
    assert client_of("officer_gd").get(reverse("photo", args=[child.number])).status_code == 404


def test_a_form_sent_twice_is_carried_out_once(world: World, client_of) -> None:
    client = client_of("officer")
    typed = intake(world)
    first, second = client.post(reverse("register"), typed), client.post(reverse("register"), typed)
    assert first.headers["Location"] == second.headers["Location"]
    assert CustodyEpisode.objects.count() == 1
    changed = client.post(reverse("register"), {**typed, "call_name": "小梅 Mai"})
    assert (changed.status_code, codes(changed)) == (409, ["key_reused"])
    assert CustodyEpisode.objects.count() == 1


def test_what_was_typed_stays_when_something_is_wrong(world: World, client_of) -> None:
    answer = client_of("officer").post(
        reverse("register"), intake(world, most_days="3", number="123456789", condition="pale & cold")
    )
    page = text(answer)
    assert answer.status_code == 422
    assert "This is less than the least age." in page
    assert "its check digit does not fit" in page
    assert 'value="pale &amp; cold"' in page
    assert "milk bottle" in page
    assert "lower_back:mongolian_spot:40" in page
    assert not CustodyEpisode.objects.exists()


def test_hand_over_and_accept(world: World, client_of) -> None:
    child = world.child()
    answer = client_of("officer").post(reverse("hand_over", args=[child.number]), offer(world, child))
    assert answer.status_code == 302, text(answer)
    waiting = HandoverOffer.objects.get()
    nurse = client_of("nurse")
    assert reverse("accept", args=[waiting.pk]) in text(nurse.get(reverse("today")))
    wrong = nurse.post(reverse("accept", args=[waiting.pk]), {"once": "a", "wristband": "123456784", "condition": "calm"})
    assert (wrong.status_code, codes(wrong)) == (409, ["wristband"])
    assert custody.head(child.pk).kind == "police"
    taken = nurse.post(reverse("accept", args=[waiting.pk]), {"once": "b", "wristband": child.number, "condition": "calm"})
    assert taken.status_code == 302
    head = custody.head(child.pk)
    assert (head.kind, head.responsible) == ("hospital", world.staff["nurse"])
    sheet = nurse.get(reverse("handover_sheet", args=[child.number, 2]), {"language": "vi"})
    assert "Phiếu bàn giao" in text(sheet)


def test_every_reason_is_told_at_once_and_the_alarm_stays(world: World, client_of) -> None:
    child = world.in_hospital()
    typed = offer(world, child, kind="welfare_institution", facility=str(world.facilities["nursery"].pk), wristband="123456784")
    answer = client_of("nurse").post(reverse("hand_over", args=[child.number]), typed)
    assert answer.status_code == 409
    assert codes(answer) == ["wrong_kind_of_place", "not_cleared", "wristband"]
    assert "drowsy, opens its eyes" in text(answer)
    assert "A doctor of this hospital clears the child first." in text(answer)
    # Refused inside the transaction that keeps the form's token: what the gate alarmed must not be undone with it.
    assert Alarm.objects.filter(child_id=child.pk, code="wrong_kind_of_place").count() == 1
    assert custody.head(child.pk).kind == "hospital"


def test_the_buyer_as_escort_moves_no_child(world: World, client_of) -> None:
    child = world.child()
    officer = client_of("officer")
    excluded = officer.post(
        reverse("exclude"), {"once": "x", "subject": "person", "value": "陈桂花", "ground": "buyer", "scope": "all"}
    )
    assert excluded.status_code == 302, text(excluded)
    for escort in ("陈桂花", "Chen Guihua", "Trần Quế Hoa"):
        answer = officer.post(reverse("hand_over", args=[child.number]), offer(world, child, once=escort, escort=escort))
        assert answer.status_code == 409, escort
        assert codes(answer) == ["excluded"], escort
    assert not HandoverOffer.objects.exists()
    fine = officer.post(reverse("hand_over", args=[child.number]), offer(world, child, once="fine", escort="韦国强"))
    assert fine.status_code == 302, text(fine)


def test_refusing_needs_a_reason(world: World, client_of) -> None:
    child = world.child()
    client_of("officer").post(reverse("hand_over", args=[child.number]), offer(world, child))
    waiting = HandoverOffer.objects.get()
    nurse = client_of("nurse")
    address = reverse("refuse", args=[waiting.pk])
    assert nurse.post(address, {"once": "a", "code": "other"}).status_code == 422
    assert nurse.post(address, {"once": "b", "code": "no_bed", "note": "two cots from tomorrow"}).status_code == 302
    assert custody.head(child.pk).kind == "police"
    assert not custody.pending_offers().exists()


def test_only_a_doctor_clears(world: World, client_of) -> None:
    child = world.in_hospital()
    address = reverse("clearance", args=[child.number])
    typed = {"once": "c", "fit": "yes", "level": "ordinary"}
    assert client_of("nurse").post(address, typed).status_code == 403
    assert client_of("doctor").post(address, typed).status_code == 302
    clearance = custody.last_clearance(custody.head(child.pk).pk)
    assert clearance is not None
    assert clearance.fit


def test_what_a_doctor_clears_by_stands_beside_and_the_look_is_noted(world: World, client_of) -> None:
    child = world.in_hospital()
    typed = {"once": "o", "taken_at": local(world.clock), "consciousness": "voice", "heart_rate": "112"}
    assert client_of("nurse").post(reverse("chart", args=[child.number]), typed).status_code == 302
    looks = AuditEvent.objects.filter(action="custody.read_file", child_id=child.pk, staff_id=world.staff["doctor"].pk)
    before = looks.count()
    assert "♥ 112" in text(client_of("doctor").get(reverse("clearance", args=[child.number])))
    assert looks.count() == before + 1
    client_of("nurse").get(reverse("clearance", args=[child.number]))
    assert AuditEvent.objects.filter(action="custody.read_file", staff_id=world.staff["nurse"].pk).count() == 0


def test_observe(world: World, client_of) -> None:
    child = world.in_hospital()
    address = reverse("chart", args=[child.number])
    typed = {"once": "o", "taken_at": local(world.clock), "consciousness": "voice", "heart_rate": "112", "temperature_c": "36.4"}
    answer = client_of("nurse").post(address, typed)
    assert answer.status_code == 302, text(answer)
    (seen,) = medical.chart(child)
    assert (seen.heart_rate, seen.oxygen_percent) == (112, None)
    assert client_of("officer").post(address, {**typed, "once": "p"}).status_code == 403
    assert "<polyline" in text(client_of("nurse").get(address))


def test_exclusions_are_entered_listed_asked_for_and_never_lifted(world: World, client_of) -> None:
    officer = client_of("officer")
    typed = {
        "once": "e",
        "subject": "phone",
        "value": "138-0013-8000",
        "ground": "suspect",
        "scope": "all",
        "note": "of the ring",
    }
    assert officer.post(reverse("exclude"), typed).status_code == 302
    assert "138-0013-8000" in text(officer.get(reverse("exclusions")))
    assert "of the ring" in text(officer.post(reverse("exclusions"), {"kind": "phone", "value": "+86 13800138000"}))
    assert "No exclusion is met" in text(officer.post(reverse("exclusions"), {"kind": "phone", "value": "+86 13900139000"}))
    foreign = text(client_of("officer_gd").post(reverse("exclusions"), {"kind": "phone", "value": "13800138000"}))
    assert "entered by another agency" in foreign
    assert "of the ring" not in foreign
    assert "Nothing lifts an exclusion" in text(officer.get(reverse("exclusions")))
    assert Exclusion.objects.count() == 1
    assert client_of("nurse").post(reverse("exclude"), {**typed, "once": "n"}).status_code == 403


def test_an_exclusion_of_one_child_names_it(world: World, client_of) -> None:
    child = world.child()
    typed = {"once": "1", "subject": "id", "value": "450702197501010011", "ground": "threat", "scope": "child"}
    officer = client_of("officer")
    assert officer.post(reverse("exclude"), typed).status_code == 422
    assert officer.post(reverse("exclude"), {**typed, "once": "2", "child": child.number}).status_code == 302
    assert Exclusion.objects.get().child == child


def test_head_count_and_missing(world: World, client_of) -> None:
    child = world.in_home()
    client = client_of("caseworker")
    address = reverse("count", args=[world.facilities["home"].pk])
    assert "0 of 1 seen" in text(client.get(address))
    client.post(address, {"once": "h", "seen": f"{child.number}:yes"})
    assert "1 of 1 seen" in text(client.get(address))
    client.post(address, {"once": "i", "seen": f"{child.number}:no"})
    assert Alarm.objects.filter(kind=Alarm.Kind.NOT_SEEN, child_id=child.pk).exists()
    missing = {"once": "m", "last_seen_at": local(world.clock), "circumstances": "cot empty"}
    assert client.post(reverse("missing", args=[child.number]), missing).status_code == 302
    assert "Missing from care" in text(client.get(reverse("child", args=[child.number])))
    assert client.post(reverse("found", args=[child.number]), {"once": "f", "note": "in the next ward"}).status_code == 302
    assert custody.open_missing(child.pk) is None
    assert client_of("caseworker_gd").post(reverse("missing", args=[child.number]), {**missing, "once": "z"}).status_code == 404


def test_a_merge_needs_two_people(world: World, client_of) -> None:
    kept, other = world.child(), world.child("小梅 Mai")
    officer = client_of("officer")
    typed = {"once": "m", "other": other.number, "reason": "same mark at the ear"}
    assert officer.post(reverse("merge", args=[kept.number]), typed).status_code == 302
    (step,) = children.merge_steps(children.merge_steps_waiting())
    own = officer.post(reverse("confirm_merge", args=[step.pk]), {"once": "c"})
    assert (own.status_code, codes(own)) == (409, ["self_approval"])
    second = client_of("officer2")
    assert reverse("confirm_merge", args=[step.pk]) in text(second.get(reverse("today")))
    assert second.post(reverse("confirm_merge", args=[step.pk]), {"once": "d"}).status_code == 302
    assert custody.is_absorbed(other.pk)
    assert client_of("officer_gd").get(reverse("confirm_merge", args=[step.pk])).status_code == 404


def test_two_people_correct_one_record(world: World, client_of) -> None:
    child = world.child("小荷")
    address = reverse("correct", args=[child.number])
    first = client_of("officer").post(address, {"once": "1", "version": "1", "call_name": "小梅", "sex": "F"})
    assert first.status_code == 302, text(first)
    second = client_of("officer2").post(address, {"once": "2", "version": "1", "call_name": "小枫", "sex": "M"})
    page = text(second)
    assert (second.status_code, codes(second)) == (409, ["changed_meanwhile"])
    assert "小荷" in page
    assert "小梅" in page
    assert 'value="小枫"' in page
    assert 'name="version" value="2"' in page


def test_say_more_of_a_child(world: World, client_of) -> None:
    child = world.child()
    client = client_of("officer")
    for name, typed in (
        ("mark", {"place": "chin", "kind": "scar", "size_mm": "4"}),
        ("item", {"what": "silver bracelet", "kept_at": "locker 4"}),
        ("statement", {"field": "origin", "value": "from Hải Phòng", "said_by": "suspect 4"}),
        ("age", {"on": world.clock.date().isoformat(), "least_days": "10", "most_days": "20", "method": "cord_stump"}),
    ):
        answer = client.post(reverse(name, args=[child.number]), {"once": name, **typed})
        assert answer.status_code == 302, (name, text(answer))
    page = text(client.get(reverse("child", args=[child.number])))
    for said in ("scar, chin", "silver bracelet", "from Hải Phòng", "10–20 days", "by the cord stump"):
        assert said in page


def test_break_the_glass_and_review(world: World, client_of) -> None:
    child = world.in_home()
    doctor = client_of("doctor")
    # The hospital had the child; it has no need to know any more.
    assert doctor.get(reverse("child", args=[child.number])).status_code == 404
    typed = {"once": "g", "number": child.number, "reason": "brought to us with fever tonight"}
    asked = client_of("doctor", stepped_up=False).post(reverse("break_glass"), typed)
    assert asked.status_code == 302
    assert asked.headers["Location"].startswith(reverse("mfa_reauthenticate"))
    assert client_of("doctor").post(reverse("break_glass"), typed).status_code == 302
    assert doctor.get(reverse("child", args=[child.number])).status_code == 200
    supervisor = client_of("supervisor")
    address = reverse("review", args=[custody.glasses_waiting(world.actor("supervisor")).get().pk])
    assert address in text(supervisor.get(reverse("today")))
    assert supervisor.post(address, {"once": "r", "justified": "yes", "note": "seen the admission"}).status_code == 302
    assert 'class="empty"' in text(supervisor.get(reverse("glasses")))


def test_the_auditor_verifies_and_sees_who_read(world: World, client_of) -> None:
    child = world.in_hospital()
    client_of("nurse").get(reverse("child", args=[child.number]))
    auditor = client_of("auditor")
    checked = text(auditor.post(reverse("audit_check")))
    assert "Every chain holds" in checked
    log = text(auditor.post(reverse("audit_child"), {"number": child.number}))
    assert "custody.read_file" in log
    assert world.staff["nurse"].name in log
    assert child.call_name not in log
    assert client_of("supervisor").post(reverse("audit_child"), {"number": child.number}).status_code == 403


def test_answer_an_alarm(world: World, client_of) -> None:
    child = world.in_home()
    by = world.actor("caseworker")
    custody_actions.report_missing(child=child, last_seen_at=world.clock, circumstances="cot empty", by=by, at=world.now())
    client = client_of("caseworker")
    alarm = Alarm.objects.filter(kind=Alarm.Kind.MISSING, child_id=child.pk, agency_id=by.agency_id).first()
    assert alarm is not None
    address = reverse("alarm", args=[alarm.pk])
    assert address in text(client.get(reverse("today")))
    assert client.post(address, {"once": "a", "note": ""}).status_code == 422
    assert client.post(address, {"once": "b", "note": "found asleep in the laundry"}).status_code == 302
    assert address not in text(client.get(reverse("today")))
    assert client_of("caseworker_gd").get(address).status_code == 404


def test_people_and_operations(world: World, client_of) -> None:
    client = client_of("officer")
    nobody = client.post(reverse("record_person"), {"once": "0", "label": "the woman at the gate"})
    assert nobody.status_code == 422
    made = client.post(reverse("record_person"), {"once": "1", "label": "the woman at the gate", "fact_name": "吴大勇"})
    assert made.status_code == 302
    address = made.headers["Location"]
    assert client.post(f"{address}fact/", {"once": "2", "kind": "phone", "value": "13800138000"}).status_code == 302
    assert "the woman at the gate" in text(client.post(reverse("people"), {"text": "Wu Dayong"}))
    other = operations.record_person(label="her husband", facts=[("name", "陈明")], by=world.actor("officer"), at=world.now())
    assert client.post(f"{address}tie/", {"once": "3", "other": other.pk, "kind": "spouse"}).status_code == 302
    page = text(client.get(address))
    assert "13800138000" in page
    assert "her husband" in page
    made = client.post(
        reverse("record_operation"), {"once": "4", "code": "9.9.2011", "title": "test", "zero_hour": local(world.clock)}
    )
    assert made.status_code == 302, text(made)
    rescue = {"once": "5", "place": "广西钦州市南珠东大街88号", "found_at": local(world.clock)}
    assert client.post(f"{made.headers['Location']}rescue/", rescue).status_code == 302
    assert "南珠东大街88号" in text(client.get(made.headers["Location"]))


@pytest.mark.parametrize("typed", ["123456789", "", "abc"])
def test_looking_for_a_number_with_a_slip_finds_nothing(world: World, client_of, typed: str) -> None:
    assert client_of("nurse").get(reverse("find"), {"q": typed}).status_code == 422


def test_a_number_is_found_as_it_is_read_aloud(world: World, client_of) -> None:
    child = world.in_hospital()
    spoken = f"{child.number[:3]}-{child.number[3:6]} {child.number[6:]}"
    answer = client_of("nurse").get(reverse("find"), {"q": spoken})
    assert answer.headers["Location"] == reverse("child", args=[child.number])


def test_a_replaced_band_opens_the_file_and_the_old_one_opens_no_handover(world: World, client_of) -> None:
    child = world.child()
    officer = client_of("officer")
    assert officer.post(reverse("replace_wristband", args=[child.number]), {"once": "w"}).status_code == 302
    band = custody.current_wristband(child.pk)
    assert band is not None
    assert band.code != child.number
    assert officer.get(reverse("find"), {"q": band.code}).headers["Location"] == reverse("child", args=[child.number])
    old = officer.post(reverse("hand_over", args=[child.number]), offer(world, child))
    assert codes(old) == ["wristband"]
    new = officer.post(reverse("hand_over", args=[child.number]), offer(world, child, once="new", wristband=band.code))
    assert new.status_code == 302


@pytest.mark.parametrize(
    ("language", "day", "moment"),
    [
        ("en", "Friday, July 15, 2011", "Friday, July 15, 2011 · 14:05"),
        ("zh-hans", "2011年7月15日星期五", "2011年7月15日星期五 · 14:05"),
        ("vi", "Thứ Sáu, 15 tháng 7, 2011", "Thứ Sáu, 15 tháng 7, 2011 · 14:05"),
    ],
)
def test_a_day_is_told_in_words_beside_its_box(language: str, day: str, moment: str) -> None:
    with override(language):
        assert f">{day}</output>" in forms.DayBox().render("on", date(2011, 7, 15))
        assert f">{day}</output>" in forms.DayBox().render("on", "2011-07-15")
        assert f">{moment}</output>" in forms.MomentBox().render("at", datetime(2011, 7, 15, 14, 5))
        for nothing in (None, "", "15/07/2011", "yesterday"):
            assert "></output>" in forms.DayBox().render("on", nothing)


def test_what_is_left_out_is_told_in_the_houses_words_of_every_field() -> None:
    form = HopForm({}, kind="taken", colleagues=[])
    assert {name: list(told) for name, told in form.errors.items()} == {
        "place": [sentence("required").what],
        "witness": [sentence("required").what],
    }
