"""Text messages to people, through Twilio's interface or its console twin."""

from __future__ import annotations

from collections.abc import Mapping

from tocsin.ground.plain import clipped
from tocsin.notifications import twilio
from tocsin.notifications.channel import Ability, About, ConsoleLine, HttpRequest, Limit, Usual, Way
from tocsin.notifications.notice import Notice, headline

ABOUT = About(
    title="Text message (SMS)",
    fields=twilio.FIELDS,
    steps=twilio.STEPS,
    abilities=frozenset({Ability.REACHES_PEOPLE}),
    usual=Usual.NOTHING,
    limit=Limit.SMS,
    address="Number, such as +491701234567",
)
# Two parts of a text message beyond the first alphabet; each part is paid for.
LONGEST = 280


def check(settings: Mapping[str, str]) -> None:
    """Raises BadSettings."""
    twilio.check(settings)


def is_address(text: str) -> bool:
    """Whether it is a number."""
    return twilio.is_number(text)


def render(notice: Notice, way: Way) -> tuple[HttpRequest | ConsoleLine, ...]:
    """One message to one person."""
    if not way.address:
        return ()
    more = f" and {len(notice.more)} more" if notice.more else ""
    link = notice.answer_url or (notice.facts.url if notice.facts else "")
    tail = f"{more} {link}" if link else more
    text = clipped(headline(notice), max(40, LONGEST - len(tail))) + tail
    return twilio.request(way, "Messages", {"Body": text}, text)
