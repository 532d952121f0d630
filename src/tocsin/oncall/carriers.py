"""What people who carry the pager say of themselves: their clock, when they are away, their calendars; and secret addresses."""

from __future__ import annotations

import asyncio
import secrets
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from tocsin.accounts.models import User
from tocsin.ground.models import Timer
from tocsin.ground.outbound import OutboundError, origin, outbound
from tocsin.ground.secrets import Unreadable, seal, token_hash, unseal
from tocsin.oncall import calendars
from tocsin.oncall.clock import DAY, BadSchedule, Span, zone_named
from tocsin.oncall.models import Absence, Carrier, Schedule
from tocsin.oncall.walls import kept, span_of, wall

TIMER = "absences-calendar"
READ_AGAIN = timedelta(hours=6)
MOST_AT_ONCE = 20
BEHIND, AHEAD = 7 * DAY, 400 * DAY
MOST_ABSENCES, LONGEST_REASON = 200, 200


def carrier(user: User) -> Carrier:
    """What a person has said; made when they are asked for first."""
    return Carrier.objects.get_or_create(user=user)[0]


def set_zone(user: User, zone: str) -> None:
    """Says by which clock a person's nights and days are counted. Raises BadSchedule."""
    zone_named(zone)
    Carrier.objects.update_or_create(user=user, defaults={"zone": zone})


def be_away(user: User, starts: str, ends: str, zone: str, reason: str, now: datetime) -> Absence:
    """An absence: turns of `user` in it are given to others. Raises BadSchedule."""
    if span_of(starts, ends, zone).end <= now:
        raise BadSchedule("All of it is in the past.")
    if Absence.objects.filter(user=user, from_calendar=False).count() >= MOST_ABSENCES:
        raise BadSchedule(f"You have {MOST_ABSENCES} absences already; take back those that are over.")
    said = " ".join(reason.replace("\x00", "").split())[:LONGEST_REASON]
    times = {"starts": kept(wall(starts)), "ends": kept(wall(ends)), "zone": zone}
    return Absence.objects.create(user=user, reason=said, **times)


def be_back(user: User, absence_id: int) -> None:
    """Takes back an absence of one's own that is not from a calendar. Raises Absence.DoesNotExist."""
    Absence.objects.get(pk=absence_id, user=user, from_calendar=False).delete()


def new_feed(owner: Carrier | Schedule) -> str:
    """Another secret for the address of a calendar; the one before no longer works. It can't be shown again."""
    token = secrets.token_urlsafe(24)
    owner.feed_hash = token_hash(token)
    owner.save(update_fields=["feed_hash"])
    return token


def owner_of(token: str) -> Carrier | Schedule | None:
    """Whose calendar an address is; None where it is nobody's (any more)."""
    held = token_hash(token)
    person = Carrier.objects.select_related("user").filter(feed_hash=held, user__is_active=True).first()
    return person or Schedule.objects.filter(feed_hash=held, archived_at=None).first()


@transaction.atomic
def follow(user: User, url: str, now: datetime) -> None:
    """Reads a person's absences from a calendar from now on; an empty address: no longer. Raises BadSchedule."""
    url = url.strip().replace("webcal://", "https://", 1)
    person = carrier(user)
    if url:
        try:
            origin(url)
        except OutboundError as error:
            raise BadSchedule(f"The address can't be used: {error}.") from error
        person.calendar, person.calendar_host = seal(settings.SECRET_KEY, url.encode()), urlsplit(url).hostname or ""
        Timer.objects.update_or_create(kind=TIMER, key=str(user.pk), defaults={"due_at": now})
    else:
        person.calendar, person.calendar_host = None, ""
        Timer.objects.filter(kind=TIMER, key=str(user.pk)).delete()
        Absence.objects.filter(user=user, from_calendar=True).delete()
    person.calendar_read_at, person.calendar_problem = None, ""
    person.save()


def refresh(user_id: int, now: datetime) -> None:
    """Reads a person's calendar. Where that can't be, what was read before stays, and the reason is kept."""
    person = Carrier.objects.select_related("user").filter(user=user_id).first()
    if person is None or person.calendar is None:
        return
    try:
        url = unseal(settings.SECRET_KEY, bytes(person.calendar)).decode()
        found = calendars.absences(asyncio.run(_fetched(url)), person.zone, Span(now - BEHIND, now + AHEAD))
    except (BadSchedule, OutboundError, Unreadable) as error:
        person.calendar_problem = str(error)
    else:
        _replace(person, found)
        person.calendar_read_at, person.calendar_problem = now, ""
    person.save(update_fields=["calendar_read_at", "calendar_problem"])


def refresh_due(now: datetime) -> int:
    """Reads the calendars whose time has come; how many. Whoever moves a timer on reads, so that two workers never both do.

    This waits for other people's servers, so it has no part in the sweep of timers, by which people are paged.
    """
    count = 0
    for timer in Timer.objects.filter(kind=TIMER, due_at__lte=now).order_by("due_at")[:MOST_AT_ONCE]:
        if Timer.objects.filter(pk=timer.pk, due_at=timer.due_at).update(due_at=now + READ_AGAIN):
            refresh(int(timer.key), now)
            count += 1
    return count


async def _fetched(url: str) -> bytes:
    async with outbound() as door:
        answer = await door.request("GET", url, most_bytes=calendars.MOST_BYTES + 1)
    if answer.status != 200:
        raise OutboundError(f"{urlsplit(url).hostname} answered {answer.status}")
    return answer.body


@transaction.atomic
def _replace(person: Carrier, found: list[calendars.Away]) -> None:
    Absence.objects.filter(user=person.user, from_calendar=True).delete()
    Absence.objects.bulk_create(
        Absence(
            user=person.user,
            starts=away.starts,
            ends=away.ends,
            zone=person.zone,
            reason=away.reason,
            from_calendar=True,
        )
        for away in found[: calendars.MOST_EVENTS]
    )
