"""When a message is tried, tried again, held back or given up: decisions with their reasons. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from tocsin.incidents.triage import Severity
from tocsin.notifications.channel import Limit, Refused

# The first retry comes after about this long, each later one after twice the time, up to the longest.
FIRST_WAIT = timedelta(seconds=2)
LONGEST_WAIT = timedelta(minutes=5)
# News may be late; a page that is an hour late wakes somebody for what others have done meanwhile.
PATIENCE = timedelta(hours=24)
PATIENCE_OF_CALLS = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Again:
    """Tried again at `at`."""

    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Ends:
    """Not tried again. `is_refused`: the vendor will never take it, as opposed to nobody having answered in time."""

    reason: str
    is_refused: bool


def after_refusal(
    refused: Refused, attempt: int, created_at: datetime, now: datetime, *, jitter: float, is_call: bool = False
) -> Again | Ends:
    """What follows when attempt number `attempt` (from 1) failed. `jitter`, from 0 to 1, is how much of the other half is waited.

    Half of each wait is left to chance, so that many messages do not come back at once ("equal jitter").
    """
    if not refused.is_temporary:
        return Ends(refused.why, is_refused=True)
    wait = min(FIRST_WAIT * 2 ** min(attempt - 1, 20), LONGEST_WAIT)
    at = now + wait * (0.5 + jitter / 2)
    if refused.after_s is not None:
        at = max(at, now + timedelta(seconds=refused.after_s))
    patience = PATIENCE_OF_CALLS if is_call else PATIENCE
    if at > created_at + patience:
        return Ends(f"{refused.why}; tried {attempt} times in {_span(now - created_at)}", is_refused=False)
    return Again(at, refused.why)


def _span(span: timedelta) -> str:
    minutes = round(span.total_seconds() / 60)
    return f"{minutes} min" if minutes < 120 else f"{minutes / 60:.0f} h"


# At most so many within so long, to one address or into one room.
LIMITS: dict[Limit, tuple[tuple[int, timedelta], ...]] = {
    Limit.NONE: (),
    Limit.ROOM: ((30, timedelta(minutes=5)),),
    Limit.SMS: ((5, timedelta(minutes=15)), (11, timedelta(hours=1))),
    Limit.VOICE: ((3, timedelta(minutes=15)), (7, timedelta(hours=1))),
}
# Nothing older than this counts against any limit.
LONGEST_WINDOW = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Held:
    """Not before `until`."""

    until: datetime
    reason: str


def limited(limit: Limit, sent: Sequence[datetime], now: datetime) -> Held | None:
    """Whether one more now would be too many after those `sent` at these times; until when it waits."""
    held = [found for most, window in LIMITS[limit] if (found := _beyond(sorted(sent), most, window, now))]
    return max(held, key=lambda each: each.until, default=None)


def _beyond(sent: Sequence[datetime], most: int, window: timedelta, now: datetime) -> Held | None:
    recent = [at for at in sent if at > now - window]
    if len(recent) < most:
        return None
    # free again when only most - 1 are left within the window
    return Held(recent[-most] + window, f"{most} in {_span(window)} are the most: the rest is bundled")


@dataclass(frozen=True, slots=True)
class QuietHours:
    """When somebody is left alone: local wall clock, over midnight where `begins` is later than `ends`."""

    begins: time
    ends: time
    zone: str


def hushed(quiet: QuietHours | None, severity: Severity | None, now: datetime) -> Held | None:
    """Whether quiet hours hold it back, and until when; what is critical breaks them."""
    if quiet is None or quiet.begins == quiet.ends or severity is Severity.CRITICAL:
        return None
    zone = ZoneInfo(quiet.zone)
    local = now.astimezone(zone)
    wall, over_midnight = local.time(), quiet.begins > quiet.ends
    within = (wall >= quiet.begins or wall < quiet.ends) if over_midnight else quiet.begins <= wall < quiet.ends
    if not within:
        return None
    day = local.date() + timedelta(days=1 if over_midnight and wall >= quiet.begins else 0)
    until = datetime.combine(day, quiet.ends, zone)
    return Held(until, f"quiet hours until {quiet.ends:%H:%M} ({quiet.zone}); only critical breaks them")
