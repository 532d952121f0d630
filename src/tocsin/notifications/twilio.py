"""Requests to Twilio, or whatever speaks its REST interface: text messages and calls. Pure.

https://www.twilio.com/docs/messaging/api/message-resource, https://www.twilio.com/docs/voice/api/call-resource
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from urllib.parse import quote, urlencode

from tocsin.notifications.channel import BadSettings, ConsoleLine, Field, HttpRequest, Way

PROVIDERS = ("twilio", "console")
_NUMBER = re.compile(r"\+[1-9]\d{6,14}")
FIELDS = (
    Field("provider", "Provider: twilio or console", default="twilio", is_required=False),
    Field("account", "Account SID", hint="On Twilio’s console, it begins with AC.", is_required=False),
    Field("token", "Auth token", is_secret=True, is_required=False),
    Field("sender", "From, a number such as +15551230000", is_required=False),
    Field("api_url", "Address of the interface", default="https://api.twilio.com", is_required=False),
)
STEPS = (
    "On Twilio’s console, buy a number that can do what this channel needs, and copy Account SID and Auth Token.",
    "A provider “console” costs nothing: what would be sent becomes a line of the worker’s log.",
    "People add their numbers on their account page, and confirm each with a code.",
)


def check(settings: Mapping[str, str]) -> None:
    """Raises BadSettings."""
    if settings["provider"] not in PROVIDERS:
        raise BadSettings(f"Provider: one of {', '.join(PROVIDERS)}.")
    if settings["provider"] == "console":
        return
    if not (settings["account"] and settings["token"]):
        raise BadSettings("Twilio needs an account SID and its token.")
    if not is_number(settings["sender"]):
        raise BadSettings("From: a number with its country, such as +15551230000, is expected.")


def is_number(text: str) -> bool:
    """Whether it is a telephone number as ITU-T E.164 writes it."""
    return _NUMBER.fullmatch(text) is not None


def request(way: Way, resource: str, form: Mapping[str, str], console: str) -> tuple[HttpRequest | ConsoleLine, ...]:
    """To make a `resource` (Messages or Calls) for the way's address; the twin writes `console` instead."""
    settings = way.settings
    if settings["provider"] == "console":
        return (ConsoleLine(f"{resource} to {way.address}: {console}"),)
    url = f"{settings['api_url'].rstrip('/')}/2010-04-01/Accounts/{quote(settings['account'], safe='')}/{resource}.json"
    credentials = base64.b64encode(f"{settings['account']}:{settings['token']}".encode()).decode()
    headers = {"Authorization": f"Basic {credentials}", "Content-Type": "application/x-www-form-urlencoded"}
    body = urlencode({"To": way.address, "From": settings["sender"], **form}).encode()
    return (HttpRequest("POST", url, headers, body),)
