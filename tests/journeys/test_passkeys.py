"""A passkey from its first day: set up because a role asks for it, then the second factor, then the proof before an approval."""

from __future__ import annotations

import re

import pytest

from .conftest import PASSWORD, Hands, Journey


class Key:
    """A virtual authenticator in somebody's phone: a finger that fits, whenever it is asked for."""

    def __init__(self, hands: Hands) -> None:
        self.browser = hands.page.context.new_cdp_session(hands.page)
        self.browser.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        self.id = self.browser.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]

    def signatures(self) -> int:
        """How often it signed; the first time when it was set up."""
        held = self.browser.send("WebAuthn.getCredentials", {"authenticatorId": self.id})["credentials"]
        return sum(one["signCount"] for one in held)


@pytest.fixture(scope="module")
def base(journey: Journey) -> str:
    """Passkeys belong to a name; an address of numbers has none."""
    return journey.base.replace("127.0.0.1", "localhost")


def password(hands: Hands) -> None:
    """The first half of the way in."""
    hands.go("/account/login/")
    hands.type("login", "supervisor2")
    hands.type("password", PASSWORD)
    hands.send()


def press(hands: Hands, button: str) -> None:
    """A button whose script asks the authenticator and then sends the form."""
    with hands.page.expect_navigation():
        hands.tap(button)


def log_out(hands: Hands) -> None:
    """Through the page of the account, as people do."""
    hands.go("/account/")
    with hands.page.expect_navigation():
        hands.tap("main form[action$='/logout/'] button")


def test_a_passkey_is_set_up_and_opens_the_house_and_an_approval(journey: Journey, base: str) -> None:
    hands = journey.stranger(base)
    key = Key(hands)
    password(hands)
    assert hands.path() == "/account/second-factor/", "the role asks for a second factor before anything else"
    assert "a password alone is not enough" in hands.text()

    with hands.page.expect_navigation():
        hands.tap("main a[href$='/webauthn/add/']")
    hands.type("password", PASSWORD)
    hands.send()
    hands.page.locator("main [name=name]").fill("")
    hands.type("name", "phone of the watch")
    press(hands, "#mfa_webauthn_add")
    assert len(re.findall(r"\b[0-9a-f]{8}\b", hands.text())) == 10, "recovery codes are shown once it is set up"
    hands.go("/account/second-factor/webauthn/")
    assert "phone of the watch" in hands.text()
    hands.go("/")
    assert hands.path() == "/"
    log_out(hands)

    set_up = key.signatures()
    password(hands)
    assert hands.path() == "/account/second-factor/authenticate/"
    hands.go("/")
    assert hands.path() == "/account/second-factor/authenticate/", "the password alone opens nothing"
    press(hands, "#mfa_webauthn_authenticate")
    assert hands.path() == "/"
    assert key.signatures() == set_up + 1

    approve = f"/foster/{journey.known['asked']}/approve/"
    hands.go(approve)
    assert hands.path() == "/account/confirm/", "an approval asks once more"
    with hands.page.expect_navigation():
        hands.tap("main a[href*='webauthn']")
    press(hands, "#mfa_webauthn_reauthenticate")
    assert hands.path() == approve
    assert key.signatures() == set_up + 2
    hands.send()
    assert "Approved for your organisation." in hands.text()
    assert journey.troubles == []


def test_another_phone_opens_nothing(journey: Journey, base: str) -> None:
    hands = journey.stranger(base)
    key = Key(hands)
    password(hands)
    assert hands.path() == "/account/second-factor/authenticate/"
    told = hands.page.locator("[data-passkey-failed]")
    assert not told.is_visible()
    hands.tap("#mfa_webauthn_authenticate")
    told.wait_for(state="visible")
    assert "Nothing was changed" in told.inner_text()
    assert key.signatures() == 0
    hands.go("/")
    assert hands.path() == "/account/second-factor/authenticate/"
