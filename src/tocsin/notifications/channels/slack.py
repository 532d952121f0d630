"""Slack: one message an incident, kept up to date, with the timeline in its thread and buttons that answer.

https://docs.slack.dev/reference/methods/chat.postMessage, …/chat.update; blocks: https://docs.slack.dev/block-kit.
"""

from __future__ import annotations

from typing import Any

import msgspec

from tocsin.ground.plain import clipped, plain
from tocsin.notifications.channel import (
    Ability,
    About,
    Answer,
    Field,
    HttpRequest,
    Refused,
    Taken,
    Usual,
    Verdict,
    Way,
)
from tocsin.notifications.notice import CALLS, Facts, Kind, Notice, headline, named

ABOUT = About(
    title="Slack",
    fields=(
        Field("token", "Bot token", is_secret=True, hint="It begins with xoxb-."),
        Field("channel", "Channel", hint="Its ID, such as C0123456789, or #name."),
        Field("signing_secret", "Signing secret, for buttons", is_secret=True, is_required=False),
        Field("api_url", "Address of the interface", default="https://slack.com/api", is_required=False),
    ),
    steps=(
        "At api.slack.com/apps, create an app from scratch in your workspace.",
        "Under OAuth & Permissions, add the bot scope chat:write, install the app, and copy the bot token.",
        "Invite the bot to the channel: /invite @name.",
        "For buttons: under Interactivity, enter the address that this channel’s page shows once it is made.",
        "Copy the signing secret from Basic Information into this channel.",
    ),
    abilities=frozenset({Ability.REACHES_PEOPLE, Ability.THREADS, Ability.BUTTONS}),
    usual=Usual.ROOM,
    follows=frozenset(set(Kind) - CALLS - {Kind.TEST, Kind.DUTY, Kind.UPDATE}),
    address="Slack member ID, such as U0123456789",
)
# Of these kinds the whole channel hears, not only who follows the thread.
_BROADCAST = frozenset({Kind.RAISED, Kind.RESOLVED, Kind.REOPENED})
_TEMPORARY = {"ratelimited", "internal_error", "fatal_error", "service_unavailable", "request_timeout"}
_GONE = {"message_not_found", "cant_update_message", "edit_window_closed"}
_LONGEST = 2900


def render(notice: Notice, way: Way) -> tuple[HttpRequest, ...]:
    """A message of its own; or, where the incident has one, that anew and a line in its thread."""
    place, _, stamp = way.thread.partition(":")
    fresh = {"text": escaped(headline(notice)), "blocks": _blocks(notice, way), "unfurl_links": False}
    if not stamp or way.address:
        return (_request(way, "chat.postMessage", {"channel": way.address or way.settings["channel"], **fresh}),)
    line = {
        "channel": place,
        "thread_ts": stamp,
        "text": _line(notice),
        "reply_broadcast": notice.kind in _BROADCAST,
        "unfurl_links": False,
    }
    update = {"channel": place, "ts": stamp, **fresh}
    del update["unfurl_links"]
    return _request(way, "chat.update", update), _request(way, "chat.postMessage", line)


def verdict(answer: Answer) -> Verdict | None:
    """What Slack says in its body, under status 200; None: the status says it all."""
    try:
        told = msgspec.json.decode(answer.body, type=dict[str, Any])
    except msgspec.DecodeError:  # a proxy's page
        told = {}
    if told.get("ok") is True:
        return Taken(f"{told['channel']}:{told['ts']}" if told.get("channel") and told.get("ts") else "")
    error = clipped(told.get("error", ""), 100)
    if not error:
        is_error = answer.status >= 300
        return None if is_error else Refused(f"answered {answer.status}, but not as Slack does", is_temporary=True)
    if error in _GONE:  # somebody deleted it: the line in the thread still goes out
        return Taken()
    return Refused(f"Slack says {error}", error in _TEMPORARY)


def escaped(text: str) -> str:
    """Text that means nothing to Slack: no mention, no link."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _request(way: Way, method: str, body: dict[str, Any]) -> HttpRequest:
    headers = {
        "Authorization": f"Bearer {way.settings['token']}",
        "Content-Type": "application/json; charset=utf-8",
    }
    return HttpRequest("POST", f"{way.settings['api_url'].rstrip('/')}/{method}", headers, msgspec.json.encode(body))


def _line(notice: Notice) -> str:
    who = f"{escaped(plain(notice.actor))}: " if notice.actor and notice.actor != "tocsin" else ""
    again = "(again, it may have been said before) " if notice.is_repeat else ""
    return clipped(f"{again}{who}{escaped(plain(notice.text))}", _LONGEST)


def _blocks(notice: Notice, way: Way) -> list[dict[str, Any]]:
    facts = notice.facts
    if facts is None:
        return [_section(_line(notice))]
    blocks = [_section(f"*<{facts.url}|{facts.name}>* {escaped(clipped(facts.title, 200))}"), _context(_state(facts))]
    if notice.kind in CALLS or not way.thread:
        blocks.append(_section(_line(notice)))
    if facts.alert:
        blocks.append(_section(f"*The alert says* {escaped(plain(facts.alert))}"))
    if cause := facts.cause:
        blocks.append(_section(f"*Cause* ({cause.label}, {cause.confidence:.0%}): {escaped(plain(cause.summary))}"))
        if cause.commands:
            shown = "\n".join(escaped(plain(each)).replace("`", "ˋ") for each in cause.commands)
            blocks.append(_section(f"```{shown[: _LONGEST - 10]}```"))
    if notice.more:
        blocks.append(_section("\n".join(f"• {escaped(clipped(each, 140))}" for each in named(notice.more))))
    if notice.why:
        blocks.append(_context(f"You get this because {escaped(plain(notice.why))}."))
    return [*blocks, _buttons(facts, can_answer=bool(way.settings.get("signing_secret")))]


def _state(facts: Facts) -> str:
    who = f" · {escaped(plain(facts.assignee))} has it" if facts.assignee else ""
    services = f" · {escaped(clipped(', '.join(facts.services), 150))}" if facts.services else ""
    how = f" ({facts.resolution})" if facts.resolution else ""
    return f"{facts.scale} · {facts.status}{how}{who} · {escaped(facts.project)}/{escaped(facts.environment)}{services}"


def _buttons(facts: Facts, *, can_answer: bool) -> dict[str, Any]:
    buttons: list[dict[str, Any]] = [_button("Open", "open", facts, url=facts.url)]
    if can_answer and facts.status in {"triggered", "acknowledged", "investigating", "mitigating"}:
        if facts.status == "triggered":
            buttons.insert(0, _button("Acknowledge", "acknowledge", facts, style="primary"))
        buttons += [_button("Assign to me", "assign", facts), _button("Resolve", "resolve", facts)]
    if can_answer and facts.cause:
        buttons += [_button("Cause is right", "right", facts), _button("Cause is wrong", "wrong", facts)]
    return {"type": "actions", "elements": buttons}


def _button(said: str, action: str, facts: Facts, **more: str) -> dict[str, Any]:
    text = {"type": "plain_text", "text": said}
    return {"type": "button", "text": text, "action_id": action, "value": str(facts.number), **more}


def _section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text[:_LONGEST] or " "}}


def _context(text: str) -> dict[str, Any]:
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": text[:_LONGEST]}]}
