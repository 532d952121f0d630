"""Buttons pressed in Slack: whether a request is from Slack, and what was pressed by whom. Pure.

https://docs.slack.dev/authentication/verifying-requests-from-slack,
https://docs.slack.dev/reference/interaction-payloads/block_actions-payload
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from urllib.parse import parse_qs

import msgspec

# Older requests may have been recorded and sent again by somebody else.
OLDEST_S = 300


class BadPress(ValueError):
    """A request that is none of a button of ours."""


class Press(StrEnum):
    """What the buttons ask for."""

    ACKNOWLEDGE = "acknowledge"
    ASSIGN = "assign"
    RESOLVE = "resolve"
    RIGHT = "right"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button of an incident, pressed by a member of the workspace."""

    press: Press
    incident: int
    member: str


class _Action(msgspec.Struct):
    action_id: str
    value: str = ""


class _Member(msgspec.Struct):
    id: str


class _Payload(msgspec.Struct):
    user: _Member
    actions: list[_Action]


def is_from_slack(secret: str, stamp: str, signature: str, body: bytes, now: datetime) -> bool:
    """Whether the signature, v0 over time and body, was made with the channel's signing secret, and lately."""
    if not secret or not stamp.isdecimal() or abs(now.timestamp() - int(stamp[:12])) > OLDEST_S:
        return False
    mac = hmac.new(secret.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256)
    return hmac.compare_digest(f"v0={mac.hexdigest()}".encode(), signature.encode("utf-8", "replace"))


def read(body: bytes) -> Pressed | None:
    """What was pressed; None for a button that only opens an address. Raises BadPress."""
    try:
        [payload] = parse_qs(body.decode())["payload"]
        told = msgspec.json.decode(payload, type=_Payload)
    except (UnicodeDecodeError, KeyError, ValueError, msgspec.DecodeError) as error:
        raise BadPress("no pressed button of Slack") from error
    if not told.actions or told.actions[0].action_id not in set(Press) or not told.actions[0].value.isdecimal():
        return None
    return Pressed(Press(told.actions[0].action_id), int(told.actions[0].value[:18]), told.user.id)
