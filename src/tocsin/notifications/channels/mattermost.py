"""Mattermost, by an incoming webhook. https://developers.mattermost.com/integrate/webhooks/incoming/"""

from __future__ import annotations

import re
from typing import Any

import msgspec

from tocsin.notifications.channel import About, Field, HttpRequest, Usual, Way
from tocsin.notifications.notice import Notice, headline, lines

ABOUT = About(
    title="Mattermost",
    fields=(
        Field("url", "Address of the webhook", is_secret=True),
        Field("channel", "Another channel than the webhook’s own", is_required=False),
    ),
    steps=("In Mattermost, open Integrations › Incoming Webhooks › Add, choose a channel, and copy the address.",),
    usual=Usual.ROOM,
)
_MARKS = re.compile(r"([\\`*_{}\[\]()#!|<>~])")
_COLOURS = {"critical": "#c9302c", "high": "#d9822b", "medium": "#3b7dd8", "low": "#7a869a"}


def render(notice: Notice, way: Way) -> tuple[HttpRequest, ...]:
    """One post with an attachment in the colour of the severity."""
    title = {"title": escaped(headline(notice)), "fallback": escaped(headline(notice))}
    link = {"title_link": notice.facts.url, "color": _COLOURS.get(notice.facts.severity, "")} if notice.facts else {}
    attachment = title | link | {"text": "\n".join(map(escaped, lines(notice)))}
    body: dict[str, Any] = {"attachments": [attachment]}
    if channel := way.settings.get("channel"):
        body["channel"] = channel
    return (HttpRequest("POST", way.settings["url"], {"Content-Type": "application/json"}, msgspec.json.encode(body)),)


def escaped(text: str) -> str:
    """Text without meaning in Markdown, which calls nobody: a mention is broken by an invisible character.

    Addresses stay whole, so that they can be followed.
    """
    if text.startswith(("https://", "http://")):
        return text
    return _MARKS.sub(r"\\\1", text).replace("@", "@\u200b")
