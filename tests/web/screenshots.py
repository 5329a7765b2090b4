"""Pictures of the pages, to be looked at: `just screenshots`, or `python tests/web/screenshots.py [page ...]`.

A house of made-up people is served on the loopback, in July 2011; pictures go to `screenshots/`, which git ignores.
"""

from __future__ import annotations

import os
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

ROOT = Path(__file__).resolve().parents[2]
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


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Silent(WSGIRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Nothing."""


def _house(folder: Path) -> Any:
    """Django on a database of its own, its world, and a clock that runs on from there."""
    os.environ |= {
        "WAYHOME_DATABASE": str(folder / "house.sqlite3"),
        "WAYHOME_SECRET_FILE": str(folder / "secret.key"),
        "DJANGO_SETTINGS_MODULE": "wayhome.config.settings",
    }
    sys.path.insert(0, str(ROOT / "tests"))
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from factories.world import small_world

    world = small_world()
    _fill(world)
    from allauth.account.internal.flows import reauthentication

    from wayhome.web import clock, desk

    began = time.monotonic()
    start = world.clock + timedelta(minutes=20)

    def now() -> datetime:
        return start + timedelta(seconds=time.monotonic() - began)

    clock.now = now
    reauthentication.did_recently_reauthenticate = desk.did_recently_reauthenticate = lambda request: True  # type: ignore[assignment]
    return world


def _fill(world: Any) -> None:
    """Children at every step of the way, and what waits for somebody."""
    from factories.pages import fill
    from factories.plans import a_job
    from wayhome.casework.placements import actions

    fill(world)
    # A home keeps a place, and then a buyer is found to live nearby; and a large plan is being made, in the country and here.
    actions.mark_risk_area(
        child=world.waiting[2],
        jurisdiction=world.jurisdictions["GX"],
        reason="the buyer's sister lives there",
        by=world.actor("officer"),
        at=world.now(),
    )
    world.clock += timedelta(minutes=19, seconds=40)
    world.job = a_job(world, at=world.clock, doing=("begun", "unplaced", "unplaced_children", "surge_cost"))
    world.clock -= timedelta(minutes=19, seconds=40)


def _session(world: Any, name: str) -> str:
    from allauth.mfa.models import Authenticator
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from wayhome.casework.accounts import actions
    from wayhome.casework.accounts.models import User

    staff = world.staff[name]
    user = User.objects.filter(staff=staff).first()
    if user is None:
        # She comes for the first time.
        password = "told over the counter" if name == "nurse2" else None
        user = actions.open_account(staff=staff, username=name, password=password)
        Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "none"})
    store = SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.create()
    return str(store.session_key)


def _speak(language: str) -> None:
    from wayhome.casework.accounts.models import User

    User.objects.update(language=language)


def _pages(world: Any) -> Iterator[tuple[str, str, str]]:
    """Name, who looks, address."""
    from wayhome.casework.custody import queries

    number = {name: child.number for name, child in world.shown.items()}
    offer = queries.pending_offers().order_by("pk").first()
    yield "login", "", "/account/login/"
    for who in ("nurse", "officer", "supervisor", "caseworker", "auditor"):
        yield f"today-{who}", who, "/"
    yield "children", "supervisor", "/children/"
    yield "children-empty", "officer_gd", "/children/"
    yield "register", "officer", "/children/register/"
    yield "child-post", "officer", f"/children/{number['post']}/"
    yield "child-hospital", "doctor", f"/children/{number['hospital']}/"
    yield "child-home", "caseworker", f"/children/{number['home']}/"
    yield "child-missing", "caseworker", f"/children/{number['missing']}/"
    yield "hand-over", "nurse", f"/children/{number['cleared']}/hand-over/"
    yield "accept", "nurse", f"/offers/{offer.pk}/"
    yield "refuse", "nurse", f"/offers/{offer.pk}/refuse/"
    yield "clearance", "doctor", f"/children/{number['hospital']}/clearance/"
    yield "chart", "nurse", f"/children/{number['hospital']}/observations/"
    yield "head-count", "caseworker", f"/head-count/{world.facilities['home'].pk}/"
    yield "exclusions", "officer", "/exclusions/"
    yield "exclude", "officer", "/exclusions/new/"
    yield "people", "officer", "/people/"
    yield "person", "officer", f"/people/{world.buyer.pk}/"
    yield "operations", "officer", "/operations/"
    yield "operation", "officer", f"/operations/{world.operation.pk}/"
    yield "merge", "officer2", f"/merges/{world.step.pk}/"
    yield "break-glass", "doctor", "/break-glass/"
    yield "reviews", "supervisor", "/reviews/"
    yield "audit", "auditor", "/audit/"
    yield "wristband", "officer", f"/children/{number['post']}/wristband/"
    yield "sheet", "nurse", f"/children/{number['hospital']}/handover/2/"
    yield "account", "officer", "/account/"
    yield "tokens", "officer", "/account/tokens/"
    yield "token-new", "officer", "/account/tokens/new/"
    yield "foster-ask", "caseworker", f"/children/{number['home']}/foster/"
    yield "foster", "caseworker", f"/foster/{world.foster.pk}/"
    yield "foster-approve", "supervisor", f"/foster/{world.foster.pk}/approve/"
    yield "foster-end", "supervisor", f"/foster/{world.foster.pk}/end/"
    yield "visitors", "caseworker", f"/visitors/{world.facilities['home'].pk}/"
    yield "visitors-none", "nurse", f"/visitors/{world.facilities['hospital'].pk}/"
    yield "assignments", "supervisor", f"/children/{number['home']}/assignments/"
    yield "assignment-end", "supervisor", f"/assignments/{world.assignment.pk}/end/"
    yield "siblings", "nurse", f"/children/{number['hospital']}/siblings/"
    yield "observation-correct", "nurse", f"/children/{number['hospital']}/observations/{world.observation.pk}/correct/"
    yield "password-first", "nurse2", "/account/password/"
    yield "passkey", "officer", "/account/second-factor/webauthn/add/"
    yield "picture", "officer", f"/children/{number['post']}/picture/"
    place = {name: facility.pk for name, facility in world.facilities.items()}
    yield "today-placement", "placement", "/"
    yield "capacity", "caseworker", "/capacity/"
    yield "capacity-home", "caseworker", f"/capacity/{place['home']}/"
    yield "capacity-full", "caseworker", f"/capacity/{place['beihai']}/"
    yield "capacity-never", "caseworker", f"/capacity/{place['guilin']}/"
    yield "capacity-read", "placement", f"/capacity/{place['nanning']}/"
    yield "surge-ask", "caseworker", f"/capacity/{place['home']}/surge/"
    yield "surge-approve", "supervisor", f"/surges/{world.surge.pk}/"
    yield "placements-answer", "caseworker", "/placements/"
    yield "placements-none", "caseworker_gd", "/placements/"
    yield "placement-answer", "caseworker", f"/placements/{world.asked[0].pk}/"
    yield "placement-refuse", "caseworker", f"/placements/{world.asked[0].pk}/refuse/"
    yield "placement-desk", "placement", "/placements/"
    yield "ask-home", "placement", f"/children/{world.waiting[3].number}/ask-home/"
    yield "child-waiting", "supervisor", f"/children/{world.waiting[2].number}/"
    yield "hand-over-kept", "nurse", f"/children/{world.waiting[2].number}/hand-over/"
    yield "risk-area", "officer", f"/children/{world.waiting[2].number}/risk-area/"
    yield "vote", "doctor", f"/separations/{world.separation.pk}/"
    yield "costs", "supervisor", "/costs/?month=2011-07"
    yield "costs-none", "supervisor", "/costs/?month=2011-06"
    yield "costs-wrong", "supervisor", "/costs/?month=2012-01"
    yield "funding", "supervisor", f"/capacity/{place['home']}/funding/"
    yield "funding-read", "caseworker", f"/capacity/{place['home']}/funding/"
    yield "funding-none", "supervisor", f"/capacity/{place['guilin']}/funding/"
    yield "home-reports", "caseworker", f"/capacity/{place['home']}/reports/"
    yield "home-reports-none", "caseworker", f"/capacity/{place['guilin']}/reports/"
    yield "positions", "placement", "/positions/"
    yield "position", "supervisor", "/positions/NN/"
    yield "position-none", "supervisor", "/positions/GD/"
    yield "plan", "supervisor", f"/plans/{world.plan.pk}/"
    yield "plan-job", "placement", f"/plans/jobs/{world.job.pk}/"
    yield "plan-cancel", "placement", f"/plans/jobs/{world.job.pk}/cancel/"
    yield "asked-child", "caseworker", f"/placements/{world.asked[0].pk}/child/"
    yield "bill", "supervisor", f"/plans/{world.plan.pk}/bill/"
    yield "second-factor", "officer", "/account/second-factor/"
    yield "not-found", "nurse", "/children/000000000/"


def take(wanted: set[str], languages: tuple[str, ...], dark: bool) -> None:
    """The pictures."""
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory(prefix="wayhome-pictures-") as folder:
        world = _house(Path(folder))
        from django.core.wsgi import get_wsgi_application

        server = make_server("127.0.0.1", 0, get_wsgi_application(), server_class=_Server, handler_class=_Silent)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        base = f"http://127.0.0.1:{server.server_port}"
        pages = [page for page in _pages(world) if not wanted or page[0] in wanted]
        sessions = {who: _session(world, who) for who in {who for _, who, _ in pages} if who}
        PICTURES.mkdir(exist_ok=True)
        troubles: list[str] = []
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright runs a loop of its own in this thread.
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            for size, (width, height) in SIZES.items():
                for language in languages:
                    _speak(language)
                    for name, who, address in pages:
                        context = browser.new_context(
                            viewport={"width": width, "height": height},
                            color_scheme="dark" if dark else "light",
                            has_touch=size == "phone",
                        )
                        cookies = {"wayhome-language": language} | ({"wayhome": sessions[who]} if who else {})
                        context.add_cookies([{"name": k, "value": v, "url": base} for k, v in cookies.items()])
                        page = context.new_page()
                        page.on(
                            "console", lambda told, n=name: troubles.append(f"{n}: {told.text}") if told.type == "error" else None
                        )
                        answer = page.goto(base + address)
                        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
                        if wide > 0:
                            troubles.append(f"{name} {size} {language}: {wide} px too wide")
                        if answer is None or answer.status >= 500:
                            troubles.append(f"{name}: {answer.status if answer else None}")
                        page.screenshot(
                            path=str(PICTURES / f"{name}.{size}.{language}{'.dark' if dark else ''}.png"), full_page=True
                        )
                        context.close()
            browser.close()
        server.shutdown()
    print("\n".join(dict.fromkeys(troubles)) or "no trouble", file=sys.stderr)


if __name__ == "__main__":
    arguments = sys.argv[1:]
    chosen = tuple(one for one in LANGUAGES if f"--{one}" in arguments) or LANGUAGES
    take({one for one in arguments if not one.startswith("--")}, chosen, "--dark" in arguments)
