"""Calls to people, read aloud, through Twilio's interface or its console twin."""

from __future__ import annotations

from collections.abc import Mapping
from xml.sax.saxutils import escape

from tocsin.ground.plain import clipped
from tocsin.notifications import twilio
from tocsin.notifications.channel import Ability, About, ConsoleLine, HttpRequest, Limit, Usual, Way
from tocsin.notifications.notice import Notice

ABOUT = About(
    title="Call (voice)",
    fields=twilio.FIELDS,
    steps=twilio.STEPS,
    abilities=frozenset({Ability.REACHES_PEOPLE}),
    usual=Usual.NOTHING,
    limit=Limit.VOICE,
    address="Number, such as +491701234567",
)


def check(settings: Mapping[str, str]) -> None:
    """Raises BadSettings."""
    twilio.check(settings)


def is_address(text: str) -> bool:
    """Whether it is a number."""
    return twilio.is_number(text)


def render(notice: Notice, way: Way) -> tuple[HttpRequest | ConsoleLine, ...]:
    """One call, which says everything twice: whoever it wakes misses the beginning."""
    if not way.address:
        return ()
    said = escape(_said(notice))
    twiml = f'<Response><Say loop="2">{said}</Say></Response>'
    return twilio.request(way, "Calls", {"Twiml": twiml}, _said(notice))


def _said(notice: Notice) -> str:
    if notice.facts is None:
        return clipped(f"This is Tocsin. {notice.text}", 400)
    facts = notice.facts
    more = f" And {len(notice.more)} more." if notice.more else ""
    again = " You may have been called about this before." if notice.is_repeat else ""
    return clipped(
        f"This is Tocsin. Severity {facts.severity}: {facts.title}, in {facts.project} {facts.environment}.{more}{again}",
        400,
    )
