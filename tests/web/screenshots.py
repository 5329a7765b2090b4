"""Pictures of the pages, to be looked at: `just screenshots [page ...] [--phone] [--desk] [--en] [--zh-hans] [--vi] [--dark]`.

The house is that of `factories.pictured`; pictures go to `screenshots/`, which git ignores.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from factories import pictured  # noqa: E402

PICTURES = ROOT / "screenshots"
SIZES = {"phone": (390, 844), "desk": (1440, 900)}
LANGUAGES = ("en", "zh-hans", "vi")
CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def take(wanted: set[str], languages: tuple[str, ...], sizes: tuple[str, ...], dark: bool) -> None:
    """The pictures."""
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory(prefix="wayhome-pictures-") as folder:
        world = pictured.house(Path(folder))
        server = pictured.start(world)
        base = f"http://127.0.0.1:{server.server_port}"
        pages = [page for page in pictured.pages(world) if not wanted or page.name in wanted]
        sessions = {who: pictured.session(world, who) for who in {page.who for page in pages} if who}
        PICTURES.mkdir(exist_ok=True)
        troubles: list[str] = []
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright runs a loop of its own in this thread.
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            for size in sizes:
                width, height = SIZES[size]
                for language in languages:
                    pictured.speak(language)
                    for page in pages:
                        context = browser.new_context(
                            viewport={"width": width, "height": height},
                            color_scheme="dark" if dark else "light",
                            has_touch=size == "phone",
                        )
                        cookies = {"wayhome-language": language} | ({"wayhome": sessions[page.who]} if page.who else {})
                        context.add_cookies([{"name": k, "value": v, "url": base} for k, v in cookies.items()])
                        path = PICTURES / f"{page.name}.{size}.{language}{'.dark' if dark else ''}.png"
                        troubles += [f"{path.name}: {trouble}" for trouble in _picture(context.new_page(), base, page, path)]
                        context.close()
            browser.close()
        server.shutdown()
    print("\n".join(dict.fromkeys(troubles)) or "no trouble", file=sys.stderr)


def _picture(tab: Any, base: str, page: pictured.Page, path: Path) -> list[str]:
    """Take it; what is wrong with the page, as far as a program sees it."""
    said: list[str] = []
    tab.on("console", lambda told: said.append(told.text) if told.type == "error" else None)
    answer = tab.goto(base + page.path)
    if page.refused:
        with tab.expect_navigation():
            tab.locator("main button.primary").first.click()
    wide = tab.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    tab.screenshot(path=str(path), full_page=True)
    # A page that refuses, or is not there, is told by its status; the console says so too.
    told = [one for one in said if "status of 4" not in one]
    return told + ([f"{wide} px too wide"] if wide > 0 else []) + ([str(answer.status)] if answer.status >= 500 else [])


if __name__ == "__main__":
    arguments = sys.argv[1:]
    options = {one.removeprefix("--") for one in arguments if one.startswith("--")}
    if unknown := options - {*LANGUAGES, *SIZES, "dark"}:
        sys.exit(f"unknown: {', '.join(sorted(unknown))}; there are --dark, --{', --'.join((*LANGUAGES, *SIZES))}")
    take(
        {one for one in arguments if not one.startswith("--")},
        tuple(one for one in LANGUAGES if one in options) or LANGUAGES,
        tuple(one for one in SIZES if one in options) or tuple(SIZES),
        "dark" in options,
    )
