"""The line between two houses: TLS 1.3 with a certificate at both ends, each the one on the other's register.

No authority is asked who somebody is: a certificate counts because two registrars put it down. So a third party that certifies
for others, or was broken into, opens no door here.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import re
import ssl
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

PATH = "/v1/messages"
TIMEOUT = 20.0
"""Seconds that either side waits for the other."""
LONGEST_ANSWER = 4096
_CODE = re.compile(r"[a-z][a-z_]{0,39}")


class NotHeard(Exception):
    """There is no receipt. `heard` says what came instead."""

    def __init__(self, heard: str) -> None:
        self.heard = heard
        super().__init__(heard)


def at_the_door(own: Path, known: Iterable[bytes]) -> ssl.SSLContext:
    """For whoever lets partners in: nobody without a known certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    _tell(context, own, known)
    return context


def to_a_partner(own: Path, known: bytes) -> ssl.SSLContext:
    """For whoever calls a partner: nobody else answers."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    # One certificate alone is believed, so its name adds nothing.
    context.check_hostname = False
    _tell(context, own, [known])
    return context


def post(address: str, data: bytes, *, own: Path, known: bytes, timeout: float = TIMEOUT) -> bytes:
    """Send a message; the receipt.

    Raises
    ------
    NotHeard
        with "unreachable", "untrusted", "timeout", or the code of the partner's refusal.
    """
    told = urlsplit(address)
    connection = http.client.HTTPSConnection(
        told.hostname or "", told.port or 443, timeout=timeout, context=to_a_partner(own, known)
    )
    try:
        with contextlib.closing(connection):
            connection.request("POST", told.path.rstrip("/") + PATH, data, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            body = answer.read(LONGEST_ANSWER)
    except TimeoutError as error:
        raise NotHeard("timeout") from error
    except ssl.SSLError as error:
        raise NotHeard("untrusted") from error
    except (OSError, http.client.HTTPException) as error:
        raise NotHeard("unreachable") from error
    return _receipt(answer.status, body)


def _receipt(status: int, body: bytes) -> bytes:
    with contextlib.suppress(ValueError, TypeError, KeyError, RecursionError):
        told = json.loads(body)
        if status == 200:
            return bytes.fromhex(told["receipt"])
        if _CODE.fullmatch(told["code"]):
            raise NotHeard(told["code"])
    raise NotHeard(f"status {status}")


def _tell(context: ssl.SSLContext, own: Path, known: Iterable[bytes]) -> None:
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.load_cert_chain(own)
    context.verify_mode = ssl.CERT_REQUIRED
    # A certificate is believed by itself, whoever has signed it.
    context.verify_flags = ssl.VerifyFlags.VERIFY_X509_PARTIAL_CHAIN
    context.load_verify_locations(cadata=b"".join(known))
