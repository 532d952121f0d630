"""Microsoft Teams, by a workflow that takes webhooks: an adaptive card for each event.

https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using
"""

from __future__ import annotations

from typing import Any

import msgspec

from tocsin.ground.plain import clipped
from tocsin.notifications.channel import About, Answer, Field, HttpRequest, Refused, Usual, Verdict, Way
from tocsin.notifications.notice import Notice, headline, lines

ABOUT = About(
    title="Microsoft Teams",
    fields=(Field("url", "Address of the workflow", is_secret=True),),
    steps=(
        "In Teams, open the channel’s menu › Workflows, and choose “Send webhook alerts to a channel”.",
        "Copy the address that it shows: whoever knows it can post there.",
    ),
    usual=Usual.ROOM,
)
_STYLES = {"critical": "attention", "high": "warning", "medium": "accent", "low": "default"}


def render(notice: Notice, way: Way) -> tuple[HttpRequest, ...]:
    """One card. Its texts are plain runs, which know no Markdown."""
    style = _STYLES.get(notice.facts.severity, "default") if notice.facts else "default"
    body: list[dict[str, Any]] = [
        {"type": "Container", "style": style, "items": [_text(headline(notice), weight="Bolder")]}
    ]
    body += [_text(line) for line in lines(notice) if line]
    card: dict[str, Any] = {"type": "AdaptiveCard", "version": "1.4", "body": body}
    if notice.facts:
        card["actions"] = [{"type": "Action.OpenUrl", "title": "Open", "url": notice.facts.url}]
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "content": card}
    content = msgspec.json.encode({"type": "message", "attachments": [attachment]})
    return (HttpRequest("POST", way.settings["url"], {"Content-Type": "application/json"}, content),)


def verdict(answer: Answer) -> Verdict | None:
    """What the body says: addresses of connectors answer 200 also to what Teams did not take; None: the status says it all."""
    if answer.status == 200 and b"delivery failed" in answer.body:
        return Refused(f"Teams says {clipped(answer.body.decode('utf-8', 'replace'), 200)}", is_temporary=True)
    return None


def _text(text: str, **run: str) -> dict[str, Any]:
    return {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": text, **run}]}
