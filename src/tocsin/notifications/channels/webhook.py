"""A webhook for programs: CloudEvents 1.0 as JSON, signed by the Standard Webhooks specification.

https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md,
https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from tocsin.ground.plain import plain
from tocsin.notifications.channel import Ability, About, BadSettings, Field, HttpRequest, Limit, Usual, Way
from tocsin.notifications.notice import Notice

ABOUT = About(
    title="Webhook",
    fields=(
        Field("url", "Address"),
        Field("secret", "Signing secret", is_secret=True, hint="whsec_ and 24 to 64 random bytes in base64."),
    ),
    steps=(
        "Make a secret: echo whsec_$(openssl rand -base64 32), and give it to the receiver too.",
        "Each event comes as a CloudEvent in JSON; webhook-id stays the same when it is sent again.",
        "Let the receiver verify webhook-signature, for which there are libraries at standardwebhooks.com, and answer 2xx.",
    ),
    abilities=frozenset({Ability.MACHINE}),
    usual=Usual.EVERYTHING,
    limit=Limit.NONE,
)
_PREFIX = "whsec_"


def check(settings: Mapping[str, str]) -> None:
    """Raises BadSettings."""
    if not 24 <= len(_key(settings["secret"])) <= 64:
        raise BadSettings("Signing secret: whsec_ and 24 to 64 bytes in base64, as of openssl rand -base64 32.")


def render(notice: Notice, way: Way) -> tuple[HttpRequest, ...]:
    """One event. The time that is signed is that of the attempt, so that receivers can refuse old ones."""
    body = msgspec.json.encode(event(notice))
    stamp = str(int(way.now.timestamp()))
    headers = {
        "Content-Type": "application/cloudevents+json; charset=UTF-8",
        "webhook-id": notice.id,
        "webhook-timestamp": stamp,
        "webhook-signature": signature(way.settings["secret"], notice.id, stamp, body),
    }
    return (HttpRequest("POST", way.settings["url"], headers, body),)


def signature(secret: str, id_: str, stamp: str, body: bytes) -> str:
    """`v1,` and the base64 of HMAC-SHA256 over id, time and body, joined by dots."""
    mac = hmac.new(_key(secret), f"{id_}.{stamp}.".encode() + body, hashlib.sha256)
    return f"v1,{base64.b64encode(mac.digest()).decode()}"


def event(notice: Notice) -> dict[str, Any]:
    """The CloudEvent: its type is `dev.tocsin.incident.` and the kind in snake case; `data` holds the incident."""
    kind = notice.kind.value.replace(" ", "_")
    facts = notice.facts
    return {
        "specversion": "1.0",
        "id": notice.id,
        "source": f"/projects/{facts.project}/{facts.environment}" if facts else "/tocsin",
        "type": f"dev.tocsin.incident.{kind}" if facts else f"dev.tocsin.{kind}",
        "time": _rfc3339(notice.at),
        "datacontenttype": "application/json",
        **({"subject": facts.name} if facts else {}),
        "data": {"text": plain(notice.text), "actor": plain(notice.actor), "incident": msgspec.to_builtins(facts)},
    }


def _rfc3339(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")


def _key(secret: str) -> bytes:
    try:
        return base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        return b""
