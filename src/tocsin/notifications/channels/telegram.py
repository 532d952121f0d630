"""Telegram, by a bot: messages to a group, or to a person. https://core.telegram.org/bots/api#sendmessage"""

from __future__ import annotations

from typing import Any

import msgspec

from tocsin.ground.plain import clipped
from tocsin.notifications.answers import LONGEST_WAIT_S
from tocsin.notifications.channel import Ability, About, Answer, Field, HttpRequest, Refused, Taken, Usual, Verdict, Way
from tocsin.notifications.notice import Kind, Notice, whole

ABOUT = About(
    title="Telegram",
    fields=(
        Field("token", "Bot token", is_secret=True, hint="From @BotFather."),
        Field("chat", "Chat ID, for what rules tell", is_required=False),
        Field("api_url", "Address of the interface", default="https://api.telegram.org", is_required=False),
    ),
    steps=(
        "Ask @BotFather for a new bot, and copy its token.",
        "Add the bot to the group; its chat ID is in the answer of getUpdates after somebody wrote there.",
        "People find their own chat ID the same way, after they wrote to the bot.",
    ),
    abilities=frozenset({Ability.REACHES_PEOPLE, Ability.THREADS}),
    usual=Usual.ROOM,
    address="Chat ID",
)
_LONGEST = 4000
_LOUD = frozenset({Kind.NEW, Kind.RAISED, Kind.PAGE, Kind.NAG})


def render(notice: Notice, way: Way) -> tuple[HttpRequest, ...]:
    """One message, as an answer to the incident's first one. It is plain text: nothing in it can be markup."""
    chat = way.address or way.settings.get("chat", "")
    if not chat:
        return ()
    text = whole(notice)[:_LONGEST]
    body: dict[str, Any] = {"chat_id": chat, "text": text, "link_preview_options": {"is_disabled": True}}
    body["disable_notification"] = notice.kind not in _LOUD
    if way.thread.isdecimal() and not way.address:
        body["reply_parameters"] = {"message_id": int(way.thread), "allow_sending_without_reply": True}
    url = f"{way.settings['api_url'].rstrip('/')}/bot{way.settings['token']}/sendMessage"
    return (HttpRequest("POST", url, {"Content-Type": "application/json"}, msgspec.json.encode(body)),)


def verdict(answer: Answer) -> Verdict | None:
    """What the body says: which message it became, or how long to wait; None: the status says it all."""
    try:
        told = msgspec.json.decode(answer.body, type=dict[str, Any])
    except msgspec.DecodeError:  # a proxy's page
        told = {}
    if told.get("ok") is True:
        result = told.get("result")
        return Taken(str(result.get("message_id", "")) if isinstance(result, dict) else "")
    parameters = told.get("parameters")
    wait = parameters.get("retry_after") if isinstance(parameters, dict) else None
    if answer.status == 429 and isinstance(wait, int):
        return Refused(
            f"Telegram says {clipped(told.get('description', 429), 200)}", True, max(0.0, min(wait, LONGEST_WAIT_S))
        )
    is_error = answer.status >= 300
    return None if is_error else Refused(f"answered {answer.status}, but not as Telegram does", is_temporary=True)
