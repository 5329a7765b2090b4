"""What templates need beside Django's own."""

from __future__ import annotations

import io
import math
from datetime import date, datetime, timedelta
from typing import Any

import qrcode
from django import template
from django.utils import timezone
from django.utils.formats import get_format, number_format
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from qrcode.image.svg import SvgPathImage

from wayhome.casework.core import numbers
from wayhome.web import messages, words
from wayhome.web.forms.placements import jurisdiction_name
from wayhome.web.icons import ICONS
from wayhome.web.writing import new_token

register = template.Library()


@register.simple_tag
def icon(name: str) -> SafeString:
    """A picture that says nothing by itself: a word stands beside it."""
    return format_html(
        '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>', mark_safe(ICONS[name])
    )


@register.filter
def word(code: Any, of: str) -> str | Promise:
    """The word for a code."""
    return words.word(of, str(code))


@register.filter
def grouped(number: Any) -> str:
    """A number as it is printed."""
    return numbers.grouped(f"{int(number):0{numbers.LENGTH}d}")


@register.filter
def bare(number: Any) -> str:
    """A number as it stands in an address."""
    return f"{int(number):0{numbers.LENGTH}d}"


@register.filter
def when(moment: datetime | None) -> str:
    """2011-07-15 14:00, in the reader's zone; not to be broken over two lines."""
    return format_html("<time>{}</time>", timezone.localtime(moment).strftime("%Y-%m-%d %H:%M")) if moment else ""


@register.filter
def zoned(moment: datetime | None) -> str:
    """2011-07-15 14:00 (UTC+08:00), where people of more than one zone read it."""
    if not moment:
        return ""
    local = timezone.localtime(moment)
    return format_html("<time>{}</time>", f"{local:%Y-%m-%d %H:%M} (UTC{local.isoformat()[-6:]})")


@register.filter
def clock(moment: datetime | None) -> str:
    """14:00."""
    return timezone.localtime(moment).strftime("%H:%M") if moment else ""


@register.filter
def exactly(moment: datetime | None) -> str:
    """14:00:59."""
    return timezone.localtime(moment).strftime("%H:%M:%S") if moment else ""


@register.filter
def loci(told: Any) -> str | Promise:
    """Names of loci, or how many there are."""
    if isinstance(told, int):
        return ngettext("%(n)s locus", "%(n)s loci", told) % {"n": told}
    return ", ".join(str(name) or _("the kit of markers") for name in told)


@register.filter
def percent(part: float) -> str:
    """0.0123 as 1.3 %: rounded up, for it is a bound."""
    return f"{math.ceil(part * 1000) / 10:g} %"


@register.filter
def chance(part: float) -> str:
    """0.973 as 97 %; what is nearly sure is never rounded to sure, nor what is unlikely to never."""
    if part > 0.99:
        return "> 99 %"
    return "< 1 %" if part < 0.01 else f"{round(part * 100)} %"


@register.filter
def near(moment: datetime, at: datetime) -> str:
    """The hour alone where it is of the same day as `at`, else with its date."""
    local = timezone.localtime(moment)
    return local.strftime("%H:%M" if local.date() == timezone.localtime(at).date() else "%m-%d %H:%M")


@register.filter
def day(on: date | None) -> str:
    """2011-07-15, not to be broken over two lines."""
    return format_html("<time>{}</time>", on.isoformat()) if on else ""


@register.filter
def lasting(seconds: timedelta | None) -> str:
    """How long, in the largest unit that says it."""
    if seconds is None:
        return ""
    minutes = int(abs(seconds).total_seconds() // 60)
    if minutes < 60:
        return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}
    if minutes < 48 * 60:
        return ngettext("%(count)d hour", "%(count)d hours", minutes // 60) % {"count": minutes // 60}
    return ngettext("%(count)d day", "%(count)d days", minutes // 1440) % {"count": minutes // 1440}


@register.filter
def age(interval: Any) -> str:
    """21-40 days; months beside it once days say little."""
    if interval is None:
        return _("age not estimated")
    least, most = interval.least_days, interval.most_days
    if most > 120:
        return _("%(least)d–%(most)d days (about %(from)d–%(to)d months)") % {
            "least": least,
            "most": most,
            "from": round(least / 30.44),
            "to": round(most / 30.44),
        }
    return _("%(least)d–%(most)d days") % {"least": least, "most": most}


@register.simple_tag
def zone() -> str | Promise:
    """The reader's time zone: Beijing time."""
    return words.word("zone", str(timezone.get_current_timezone()))


@register.simple_tag
def comma() -> str:
    """What stands between two parts of one line; Chinese has a comma of its own."""
    return pgettext("between two parts of a line", ", ")


@register.simple_tag
def colon() -> str:
    """What stands between a word and what is told by it; Chinese has a colon of its own."""
    return pgettext("between a word and what it tells", ": ")


@register.simple_tag
def gap() -> str:
    """What stands between two sentences."""
    return messages.gap()


@register.simple_tag
def once() -> SafeString:
    """The token by which a form is carried out once."""
    return format_html('<input type="hidden" name="once" value="{}">', new_token())


@register.simple_tag
def qr(text: str) -> SafeString:
    """A QR code as an SVG path, drawn here: no picture is fetched from anywhere."""
    image = qrcode.make(text, image_factory=SvgPathImage, border=2)
    raw = io.BytesIO()
    image.save(raw)
    drawn = raw.getvalue().decode()
    return mark_safe(drawn[drawn.index("<svg") :])


@register.filter
def sentence(code: str) -> str | Promise:
    """What a refusal code says."""
    return messages.sentence(code).what


@register.filter
def unblock(code: str) -> str | Promise:
    """What would help, by the same code."""
    return messages.sentence(code).unblock


@register.filter
def named(jurisdiction: Any) -> str:
    """The name of a jurisdiction in the reader's language."""
    return jurisdiction_name(jurisdiction)


@register.filter
def told_as(reason: Any, as_told: dict[tuple[str, str], str]) -> str:
    """What two clues share, as the one that is read has it."""
    return as_told.get((reason.kind, reason.value), str(reason.value))


@register.filter
def minus(one: datetime, other: datetime) -> timedelta:
    """How long between two moments."""
    return one - other


@register.filter
def month(on: date) -> str:
    """2011-07."""
    return f"{on:%Y-%m}"


@register.filter
def thousands(number: int) -> str:
    """12 345: a thin space that does not break reads the same in every language."""
    return f"{number:,}".replace(",", "\u202f")


@register.filter
def amount(number: Any) -> str:
    """1 200.50, and 3 of what is counted in pieces: no more decimals than there are, after the reader's own mark."""
    whole, _, part = f"{number:,.2f}".replace(",", "\u202f").partition(".")
    return whole if part == "00" else f"{whole}{get_format('DECIMAL_SEPARATOR')}{part}"


@register.filter
def degrees(point: Any) -> str:
    """22.82° N, 108.32° E, of a pair or of something that has a latitude and a longitude."""
    north, east = point if isinstance(point, tuple) else (point.latitude, point.longitude)
    latitude = _("%(degrees)s° N") if north >= 0 else _("%(degrees)s° S")
    longitude = _("%(degrees)s° E") if east >= 0 else _("%(degrees)s° W")
    told = ((latitude, north), (longitude, east))
    return ", ".join(said % {"degrees": number_format(round(abs(value), 2), 2)} for said, value in told)
