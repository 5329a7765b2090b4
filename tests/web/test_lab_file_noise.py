"""Whatever comes through the page that takes a laboratory's file: an answer that says what is wrong, and nothing half written."""

from __future__ import annotations

import base64
import random
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from factories.laboratory import family, sample, somebody, table
from factories.world import World
from wayhome.casework.audit.models import AuditEvent
from wayhome.casework.laboratory.models import ChildProfile, LabFile, LabOriginal, ProfileFlag, RelativeProfile
from wayhome.casework.laboratory.queries import opened
from wayhome.casework.vault.models import DataKey

FORMATS = Path(__file__).resolve().parents[3] / "shared" / "formats"
EXAMPLES = sorted(FORMATS.glob("*_example.*"))
TABLES = (LabFile, LabOriginal, ChildProfile, RelativeProfile, ProfileFlag, DataKey, AuditEvent)
ANY_NAME = st.text(max_size=140) | st.sampled_from(
    ["..", ".", "a/../..", "a\0b", "样" * 120, "run.csv", "x.xml", "CON", "/etc/passwd"]
)


def counts() -> list[int]:
    return [one.objects.count() for one in TABLES]


@st.composite
def noise(draw: st.DrawFn, good: bytes) -> bytes:
    """A file that is well, or nearly: cut, with something else in it, a line twice, or of another format."""
    data = draw(st.sampled_from([good, good, good, *(path.read_bytes() for path in EXAMPLES)]))
    for _ in range(draw(st.integers(0, 3))):
        at, upto = draw(st.integers(0, len(data))), draw(st.integers(0, 60))
        kind = draw(st.sampled_from(["cut", "put", "twice", "flip"]))
        if kind == "cut":
            data = data[:at] + data[at + upto :]
        elif kind == "put":
            odd = [b"\0", b"\xff\xfe", b",", b"\n", b'"', b"\xe2\x80\xae", b"<!DOCTYPE x>", b"9999999999", b"=1+1"]
            data = data[:at] + draw(st.binary(max_size=30) | st.sampled_from(odd)) + data[at:]
        elif kind == "twice":
            data = data[:at] + data[max(0, at - upto) :]
        elif data:
            place = at % len(data)
            data = data[:place] + bytes([data[place] ^ (1 << upto % 8)]) + data[place + 1 :]
    return data


@settings(max_examples=30, suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(st.data())
def test_noise_is_answered_and_leaves_nothing(world: World, client_of: Any, data: st.DataObject) -> None:
    if not hasattr(world, "noise"):
        _, kin = family(world)
        kits = [sample(world, kin["mother"]), sample(world, world.in_hospital())]
        chance = random.Random(3)
        good = table({kits[0].number: somebody(chance), kits[1].number: somebody(chance, "M"), "K562": somebody(chance)})
        world.noise = (client_of("analyst"), good)  # type: ignore[attr-defined]
    client, good = world.noise  # type: ignore[attr-defined]
    sent = data.draw(noise(good))
    name = data.draw(ANY_NAME)
    form: dict[str, Any] = {"once": "a", "leave_out": data.draw(st.sampled_from([["K562"], [], ["K562", "x"]]))}
    if data.draw(st.booleans()):
        form["file"] = SimpleUploadedFile(Path(name).name.strip(".\0") or "x", sent)
    else:
        form |= {"kept": base64.b64encode(sent).decode(), "name": name}
    if data.draw(st.booleans()):
        form["kept_signature"] = base64.b64encode(data.draw(st.binary(max_size=80))).decode()
    if data.draw(st.booleans()):
        form["take"] = "1"
    before = counts()
    with transaction.atomic():
        answer = client.post(reverse("import_lab_file"), form)
        assert answer.status_code in (200, 302, 422, 409), answer.status_code
        if answer.status_code == 302:
            file = LabFile.objects.get()
            assert "take" in form
            assert opened.original(file) == sent
            rows = [*ChildProfile.objects.select_related("kit"), *RelativeProfile.objects.select_related("kit")]
            read = opened.children(ChildProfile.objects.select_related("kit"))
            read |= opened.relatives(RelativeProfile.objects.select_related("kit"))
            assert len(read) == len(rows) > 0
            assert all(row.file_id == file.pk for row in rows)
        else:
            assert counts() == before
        transaction.set_rollback(True)
    assert counts() == before
