"""The words of investigations and joint operations; `web.words` holds them with all others."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

WORDS: Mapping[str, Mapping[str, str | Promise]] = MappingProxyType(
    {
        "function": {
            "lead": pgettext_lazy("task force", "lead"),
            "member": pgettext_lazy("task force", "member"),
            "supervisor": pgettext_lazy("task force", "the ministry's supervisor"),
        },
        "victim": {
            "unseen": _("nobody has seen it yet"),
            "located": _("it is known where it is"),
            "disproved": _("there never was such a child"),
        },
        "victim_state": {
            "rescued": pgettext_lazy("alleged victim", "rescued"),
            "twice": pgettext_lazy("alleged victim", "one child twice"),
            "located": pgettext_lazy("alleged victim", "located"),
            "unseen": pgettext_lazy("alleged victim", "unseen"),
            "disproved": pgettext_lazy("alleged victim", "disproved"),
        },
        "plan_state": {
            "drafted": pgettext_lazy("joint operation", "drafted"),
            "approved": pgettext_lazy("joint operation", "approved"),
            "sealed": pgettext_lazy("joint operation", "sealed"),
            "launched": pgettext_lazy("joint operation", "launched"),
            "stood_down": pgettext_lazy("joint operation", "stood down"),
            "reviewed": pgettext_lazy("joint operation", "reviewed"),
        },
        "site_word": {
            "go": pgettext_lazy("site", "It goes"),
            "no_go": pgettext_lazy("site", "It does not go yet"),
            "off": pgettext_lazy("site", "It is called off"),
        },
        "zone": {"Asia/Shanghai": _("Beijing time"), "Asia/Ho_Chi_Minh": _("Hanoi time")},
        "on_site": {
            "kit": _("child-care kit"),
            "medic": _("medic"),
            "female_officer": _("female officer"),
        },
    }
)
