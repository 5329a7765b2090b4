"""A paper's frame around its blocks: what stands on every page, and what a reader of the file is told about it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from wayhome.casework.matching.report.blocks import Block, clean

HTML_LANGUAGES = {"en": ("en", None), "zh-hans": ("zh", "cn"), "vi": ("vi", None)}
"""language -> what typesetting calls it, with its region"""


def sheet(
    language: str,
    *,
    title: str,
    subtitle: str,
    running: tuple[str, str],
    footer: str,
    issued: date,
    author: str,
    keywords: Iterable[str],
    front: Block,
    blocks: Iterable[Block],
) -> dict[str, Any]:
    """Everything that the template sets, in the language that is active.

    Parameters
    ----------
    running : the line at the head of every page, left and right.
    footer : the line at its foot, beside the page's number.
    front : facts that stand before everything.
    """
    kind, region = HTML_LANGUAGES[language]
    return {
        "language": kind,
        "region": region,
        "title": title,
        "subtitle": subtitle,
        "running": list(running),
        "footer": clean(footer),
        "page": clean(_("Page {page} of {pages}").format(page="\x1f", pages="\x1f").replace("\x1f", "|")).split("|"),
        "date": [issued.year, issued.month, issued.day],
        "keywords": list(keywords),
        "author": clean(author),
        "front": {**front, "kind": "front"},
        "blocks": list(blocks),
    }
