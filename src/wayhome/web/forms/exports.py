"""What to take away, and how."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

from wayhome.casework.overview.rules.lists import Listed, new_passphrase
from wayhome.web import words
from wayhome.web.forms.base import DeskForm

SHOWN_FOR = 15 * 60
"""Seconds for which a passphrase that was shown can be used: as long as a page may rest."""
_SALT = "wayhome.export"
_FORMS = (("xlsx", _("Sheet (XLSX)")), ("csv", _("Plain text (CSV)")))
_LABELS = {"state": _("State"), "which": _("Which"), "month": _("Month")}
_WHICH = {"open": _("all that go on"), "waiting": _("waiting for me"), "ended": _("those that ended")}


class ExportForm(DeskForm):
    """How a list is narrowed, and in which form it comes.

    The passphrase is shown with the form and comes back signed with it, so that the house keeps none: the one that was read off
    the page is the one that opens the file, and nobody makes it shorter on the way.
    """

    verb = _("Download the encrypted file")
    form = forms.ChoiceField(label=_("As"), choices=_FORMS, initial="xlsx", widget=forms.RadioSelect(attrs={"class": "pills"}))
    sealed = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, listed: Listed, who: int, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.listed, self.who = listed, who
        for name, values in listed.narrowed.items():
            self.fields[name] = self._narrowing(name, values, today)
        self.order_fields([*listed.narrowed, "form", "sealed"])
        self.passphrase = new_passphrase()
        self.signed = signing.dumps([who, self.passphrase], salt=_SALT)

    def _narrowing(self, name: str, values: tuple[str, ...], today: date) -> forms.Field:
        if not values:
            month = forms.DateInput(attrs={"type": "month", "max": f"{today:%Y-%m}"})
            return forms.CharField(label=_LABELS[name], max_length=7, widget=month, initial=f"{today:%Y-%m}")
        said = [(value, self._word(name, value)) for value in values]
        return forms.ChoiceField(label=_LABELS[name], choices=said, required=bool(values[0]), initial=values[0])

    def _word(self, name: str, value: str) -> Any:
        return _WHICH[value] if name == "which" else words.word("kit", value) if value else _("all")

    def narrowed(self) -> dict[str, str]:
        """By what the list is narrowed."""
        return {name: self.cleaned_data[name] for name in self.listed.narrowed}

    def shown(self) -> str:
        """The passphrase that was shown with the form that came back; "" for another's, and for one of long ago."""
        try:
            who, passphrase = signing.loads(self.cleaned_data["sealed"], salt=_SALT, max_age=SHOWN_FOR)
        except (signing.BadSignature, ValueError, TypeError):
            return ""
        return str(passphrase) if who == self.who else ""
