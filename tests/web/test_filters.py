"""What templates write beside Django's own."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation

from wayhome.web.templatetags import wayhome

AT = datetime(2011, 7, 15, 6, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "language", "hour", "name"),
    [
        ("Asia/Shanghai", "en", "14:00 (UTC+08:00)", "Beijing time"),
        ("Asia/Ho_Chi_Minh", "en", "13:00 (UTC+07:00)", "Hanoi time"),
        ("Asia/Ho_Chi_Minh", "zh-hans", "13:00 (UTC+07:00)", "河内时间"),
        ("UTC", "vi", "06:00 (UTC+00:00)", "UTC"),
    ],
)
def test_a_moment_for_two_countries_names_its_zone(zone: str, language: str, hour: str, name: str) -> None:
    with translation.override(language), timezone.override(ZoneInfo(zone)):
        assert wayhome.zoned(AT) == f"<time>2011-07-15 {hour}</time>"
        assert wayhome.zoned(None) == ""
        assert wayhome.zone() == name


@pytest.mark.parametrize(("language", "says"), [("en", "1\u202f200.50"), ("zh-hans", "1\u202f200.50"), ("vi", "1\u202f200,50")])
def test_decimals_stand_behind_the_sign_of_the_language(language: str, says: str) -> None:
    with translation.override(language):
        assert wayhome.amount(Decimal("1200.50")) == says
        assert wayhome.amount(Decimal("3")) == "3", "what is counted in pieces has no decimals"
