"""What every form has in common: how it is drawn, and how a refusal comes back into it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.functional import Promise

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
        for field in self.fields.values():
            field.error_messages["required"] = str(sentence("required").what)
        self.refusals: list[Sentence] = []
        self.changes: dict[str, tuple[Any, Any]] = {}
        self.status = 200

    def marked(self, fields: dict[str, str]) -> None:
        """Mark fields with the sentences of codes; a field that the form has not is told above it."""
        for name, code in fields.items():
            if name in self.fields:
                told = sentence(code)
                self.add_error(name, told.whole)
            else:
                self.refusals.append(sentence(code))


class Moment(forms.DateTimeField):
    """A moment as a phone's own picker gives it, in the reader's time zone."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


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
