"""A laboratory's file."""

from __future__ import annotations

import base64
import binascii
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from wayhome.casework.laboratory.actions.files import MOST_BYTES, SIGNATURE
from wayhome.web.forms.base import DeskForm

MOST_KEPT = 1_500_000
"""Bytes of a file that a page keeps between the look and the taking; a larger one is chosen twice."""


class AnyFile(forms.FileInput):
    """A file, asked for in the page's language and not in the browser's."""

    template_name = "web/forms/any_file.html"


class LabFileForm(DeskForm):
    """A file and its signature; the bytes that were looked at come back with the page."""

    verb = _("Look at it first")
    file = forms.FileField(
        label=_("The laboratory's file"),
        widget=AnyFile,
        help_text=_("A table, GeneMapper, CODIS, GENis, NIEM or Familias. Samples are called by the number of their kit."),
    )
    signature = forms.FileField(
        label=_("Its signature"),
        required=False,
        widget=AnyFile,
        help_text=_("Where the laboratory signs its files: the 64 bytes that came beside it."),
    )
    name = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)
    kept = forms.CharField(required=False, widget=forms.HiddenInput)
    kept_signature = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].required = not self.data.get("kept")

    def clean(self) -> dict[str, Any]:
        """The bytes: of the file that was chosen, or else of the one that was looked at."""
        data = cast(dict[str, Any], super().clean())
        chosen, signature = data.get("file"), data.get("signature")
        if chosen is not None and chosen.size > MOST_BYTES:
            self.marked({"file": "too_large"})
        elif chosen is not None:
            data["name"], data["bytes"] = chosen.name, chosen.read()
            data["signed"] = signature.read(SIGNATURE + 1) if signature is not None else None
        else:
            data["bytes"], data["signed"] = _plain(data.get("kept", "")), _plain(data.get("kept_signature", "")) or None
            if not data["bytes"] and "file" not in self.errors:
                self.marked({"file": "required"})
        if data.get("signed") is not None and len(data["signed"]) != SIGNATURE:
            self.marked({"signature": "signature_wrong"})
        return data

    def again(self) -> LabFileForm:
        """The same form, with what was looked at in it."""
        data = self.cleaned_data
        small = len(data["bytes"]) <= MOST_KEPT
        kept = base64.b64encode(data["bytes"]).decode() if small else ""
        signature = base64.b64encode(data["signed"]).decode() if small and data["signed"] else ""
        return LabFileForm(initial={"name": data["name"], "kept": kept, "kept_signature": signature})


def _plain(kept: str) -> bytes:
    try:
        return base64.b64decode(kept, validate=True)
    except (binascii.Error, ValueError):
        return b""
