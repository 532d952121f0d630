"""Buttons of Slack: whose they are, and what was pressed."""

from __future__ import annotations

import hashlib
import hmac
import json
from urllib.parse import urlencode

import pytest

from tests.factories import NOW
from tocsin.notifications.presses import BadPress, Press, Pressed, is_from_slack, read

STAMP = str(int(NOW.timestamp()))


def signed(body: bytes, secret: str = "s", stamp: str = STAMP) -> str:
    return "v0=" + hmac.new(secret.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()


def body(action: str = "acknowledge", value: str = "23") -> bytes:
    told = {"user": {"id": "U1"}, "actions": [{"action_id": action, "value": value}]}
    return urlencode({"payload": json.dumps(told)}).encode()


def test_what_is_signed_lately_with_the_secret_is_from_slack() -> None:
    assert is_from_slack("s", STAMP, signed(body()), body(), NOW)


@pytest.mark.parametrize(
    ("secret", "stamp", "signature"),
    [
        ("", STAMP, signed(body(), "")),
        ("other", STAMP, signed(body())),
        ("s", str(int(STAMP) - 301), signed(body(), stamp=str(int(STAMP) - 301))),
        ("s", "now", "v0=x"),
        ("s", STAMP, "ü"),
        ("s", STAMP, ""),
    ],
)
def test_anything_else_is_not(secret: str, stamp: str, signature: str) -> None:
    assert not is_from_slack(secret, stamp, signature, body(), NOW)


def test_a_button_says_what_it_asks_for() -> None:
    assert read(body()) == Pressed(Press.ACKNOWLEDGE, 23, "U1")


def test_a_button_that_only_opens_an_address_asks_for_nothing() -> None:
    assert read(body("open")) is None


@pytest.mark.parametrize("rubbish", [b"", b"payload=", b"payload=[]", b"\xff", b"x=y"])
def test_rubbish_is_no_button(rubbish: bytes) -> None:
    with pytest.raises(BadPress):
        read(rubbish)
