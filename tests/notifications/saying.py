"""Notices for tests, and settings that every kind of channel takes."""

from __future__ import annotations

from datetime import timedelta

from tests.moments import NOW
from tocsin.notifications.channel import Way
from tocsin.notifications.channels import channels, checked
from tocsin.notifications.notice import Cause, Facts, Kind, Notice

CAUSE = Cause("cart was killed for memory", 0.93, "high", commands=("kubectl -n shop rollout undo deployment/cart",))
FACTS = Facts(
    23, "INC-023", "Cart is down", "critical", "critical", "triggered", "shop", "production", NOW - timedelta(minutes=5),
    "https://tocsin.example.org/incidents/23", ("cart",), cause=CAUSE,
)  # fmt: skip
# What each secret is in tests; nothing else looks like it.
SECRETS = {
    "token": "xoxb-canary-token",
    "password": "canary-password",
    "signing_secret": "canary-signing-secret",
    "routing_key": "canary0routing0key0canary0routin",
    "secret": "whsec_Y2FuYXJ5Y2FuYXJ5Y2FuYXJ5Y2FuYXJ5",
    "address": "json://canary-host/canary-path",
}
PLAIN = {
    "host": "smtp.example.org",
    "sender": "tocsin@example.org",
    "recipients": "team@example.org",
    "channel": "C1",
    "chat": "42",
    "topic": "tocsin",
    "account": "AC1",
    "provider": "twilio",
    "repository": "acme/shop",
    "project": "OPS",
}
# A number for those who ring, and good enough an address for all others.
PERSON = "+491701234567"


def notice(kind: Kind = Kind.NEW, facts: Facts | None = FACTS, **more: object) -> Notice:
    values: dict[str, object] = {"id": "msg_1", "at": NOW, "text": "Cart is down.", "facts": facts}
    return Notice(kind=kind, **(values | more))  # type: ignore[arg-type]  # as Notice takes them


def settings_of(kind: str, url: str = "https://vendor.example.org/canary-path") -> dict[str, str]:
    given = {}
    for field in channels()[kind].ABOUT.fields:
        if field.name in {"url", "api_url"}:
            given[field.name] = url
        elif field.name == "sender" and kind in {"sms", "voice"}:
            given[field.name] = "+15551230000"
        else:
            given[field.name] = (SECRETS if field.is_secret else PLAIN).get(field.name, "")
    return checked(kind, given)


def way(kind: str, address: str = "", thread: str = "", **settings: str) -> Way:
    return Way(settings_of(kind) | settings, NOW, address, thread)
