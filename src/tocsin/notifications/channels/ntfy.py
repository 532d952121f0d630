"""ntfy: pushes to a topic, of ntfy.sh or a server of one's own. https://docs.ntfy.sh/publish/#publish-as-json"""

from __future__ import annotations

from typing import Any

import msgspec

from tocsin.notifications.channel import Ability, About, Field, HttpRequest, Usual, Way
from tocsin.notifications.notice import CALLS, Kind, Notice, headline, lines

ABOUT = About(
    title="ntfy",
    fields=(
        Field("url", "Server", default="https://ntfy.sh", is_required=False),
        Field("topic", "Topic, for what rules tell", is_required=False),
        Field("token", "Access token", is_secret=True, is_required=False),
    ),
    steps=(
        "Choose a topic that nobody can guess, or protect it on a server of your own.",
        "Subscribe to it in ntfy’s app. People can have a topic of their own as a way to reach them.",
    ),
    abilities=frozenset({Ability.REACHES_PEOPLE}),
    usual=Usual.ROOM,
    address="Topic",
)
_PRIORITIES = {"critical": 5, "high": 4, "medium": 3, "low": 2}
_CALM = frozenset({Kind.RESOLVED, Kind.ACKNOWLEDGED, Kind.CLOSED, Kind.NOTE, Kind.ASSIGNED, Kind.UPDATE, Kind.MOVED})
_LONGEST = 3500


def render(notice: Notice, way: Way) -> tuple[HttpRequest, ...]:
    """One push; what calls a person is loud, an end is calm."""
    topic = way.address or way.settings.get("topic", "")
    if not topic:
        return ()
    facts = notice.facts
    priority = 3 if facts is None or notice.kind in _CALM else _PRIORITIES.get(facts.severity, 3)
    body: dict[str, Any] = {
        "topic": topic,
        "title": headline(notice),
        "message": "\n".join(lines(notice))[:_LONGEST],
        "priority": max(priority, 4) if notice.kind in CALLS else priority,
        "markdown": False,
    }
    if facts:
        body |= {"click": facts.url}
    if notice.answer_url:
        body["actions"] = [{"action": "view", "label": "Acknowledge", "url": notice.answer_url}]
    headers = {"Content-Type": "application/json"}
    if token := way.settings.get("token"):
        headers["Authorization"] = f"Bearer {token}"
    return (HttpRequest("POST", f"{way.settings['url'].rstrip('/')}/", headers, msgspec.json.encode(body)),)
