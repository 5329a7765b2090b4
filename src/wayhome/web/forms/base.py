"""What every form has in common: how it is drawn, and how a refusal comes back into it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils import dateformat
from django.utils.functional import Promise
from django.utils.translation import get_language

from wayhome.web.messages import Sentence, sentence


class Renderer(TemplatesSetting):
    """Forms in the house's style."""

    form_template_name = "web/forms/form.html"
    field_template_name = "web/forms/field.html"


class DeskForm(forms.Form):
    """A form that keeps what was typed and tells what stands against it.

    `refusals` are the sentences above the form, `changes` what somebody else changed in the meantime.
    """

    verb: str | Promise = ""
    label_suffix = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.refusals: list[Sentence] = []
        self.changes: dict[str, tuple[Any, Any]] = {}
        self.status = 200

    def full_clean(self) -> None:
        """What is left out is told in the house's words, also of fields that a form adds to its own."""
        for field in self.fields.values():
            field.error_messages["required"] = str(sentence("required").what)
        super().full_clean()

    def marked(self, fields: dict[str, str]) -> None:
        """Mark fields with the sentences of codes; a field that the form has not is told above it."""
        for name, code in fields.items():
            if name in self.fields:
                told = sentence(code)
                self.add_error(name, told.whole)
            else:
                self.refusals.append(sentence(code))


class DayBox(forms.DateInput):
    """A day by the browser's own picker, which speaks the browser's language: beside it the day stands in the page's."""

    input_type = "date"
    template_name = "web/forms/dated.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["said"] = _in_words(context["widget"]["value"])
        return context


class MomentBox(DayBox):
    """A day with its time."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        forms.DateInput.__init__(self, attrs, format="%Y-%m-%dT%H:%M")


class Day(forms.DateField):
    """A day."""

    widget = DayBox


class Moment(forms.DateTimeField):
    """A moment, in the reader's time zone."""

    widget = MomentBox


_WORDED = {"en": "l, F j, Y", "zh-hans": "Y年n月j日l", "vi": r"j \t\h\á\n\g n, Y"}
"""A day in words, with the day of the week: as desk.js writes it once somebody changes it."""
_WEEKDAYS = {"vi": ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật")}
"""Where Django abbreviates them."""


def _in_words(typed: str | None) -> str:
    """What a box holds, in the page's language; nothing where it holds no day."""
    try:
        moment = datetime.fromisoformat(typed or "")
    except ValueError:
        return ""
    language = get_language() or ""
    language = language if language in _WORDED else "en"
    said = dateformat.format(moment, _WORDED[language])
    if language in _WEEKDAYS:
        said = f"{_WEEKDAYS[language][moment.weekday()]}, {said}"
    return f"{said} · {moment:%H:%M}" if "T" in (typed or "") else said


class Picture(forms.FileInput):
    """A picture from the camera or from a file, asked for in the page's language and not in the browser's."""

    template_name = "web/forms/picture.html"

    def __init__(self) -> None:
        super().__init__(attrs={"accept": "image/jpeg,image/png,image/webp", "capture": "environment"})


def rows(count: int, placeholder: str | Promise = "") -> forms.Textarea:
    """A field of several lines."""
    return forms.Textarea(attrs={"rows": count, "placeholder": placeholder})


def number_box(**attributes: Any) -> forms.TextInput:
    """Where a number of digits is typed or scanned."""
    return forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "number", **attributes})
