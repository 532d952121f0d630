"""What an answer means: taken, to be tried again, or refused for good. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime

from tocsin.ground.plain import clipped
from tocsin.notifications.channel import Answer, Refused, Taken, Verdict

# A vendor that asks for more patience than this is asked again earlier: it may have meant something else.
LONGEST_WAIT_S = 3600.0
LONGEST_ANSWER = 300
# Statuses that say "not now" rather than "not this".
_NOT_NOW = frozenset({408, 409, 423, 425, 429})
# Of a gateway that has asked somebody behind it, and did not understand or did not hear the answer.
_IN_DOUBT = frozenset({502, 504})


def by_status(answer: Answer, now: datetime) -> Verdict:
    """The verdict by the status alone: 2xx is taken, 408/409/423/425/429 and 5xx are for later, the rest is for good."""
    if 200 <= answer.status < 300:
        return Taken()
    why = f"answered {answer.status}"
    if said := clipped(answer.body[:2000].decode("utf-8", "replace"), LONGEST_ANSWER):
        why += f": {said}"
    is_temporary = answer.status in _NOT_NOW or answer.status >= 500
    return Refused(why, is_temporary, retry_after(answer.headers, now), answer.status in _IN_DOUBT)


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds that `Retry-After` asks to wait (RFC 9110 §10.2.3: seconds or a date); None where it says nothing usable."""
    told = next((value for name, value in headers.items() if name.lower() == "retry-after"), "").strip()
    if not told:
        return None
    try:
        seconds = float(told)
    except ValueError:
        try:
            seconds = (parsedate_to_datetime(told) - now).total_seconds()
        except (ValueError, TypeError):
            return None
    return min(max(seconds, 0.0), LONGEST_WAIT_S) if seconds == seconds else None


def scrubbed(text: str, secrets: Iterable[str]) -> str:
    """`text` without these secrets, however a vendor repeats them."""
    for secret in sorted({each for each in secrets if each}, key=len, reverse=True):
        text = text.replace(secret, "•••")
    return text
