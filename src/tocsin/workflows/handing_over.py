"""People are told of their shifts: before one begins, at the hand-over, when a swap is asked or answered, and of gaps ahead.

Nobody is called for that: each message is a calm one, see notifications.contacts.say. Every look asks what there is to tell by
now, and what was told is told once: so nothing is missed where a worker was away for a while, or something changed meanwhile.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction

from tocsin.accounts.access import Access, Role
from tocsin.accounts.models import User
from tocsin.catalog.memberships import access_of, people
from tocsin.incidents.lifecycle import OPEN
from tocsin.incidents.models import Incident
from tocsin.incidents.triage import Severity
from tocsin.notifications import contacts
from tocsin.notifications.facts import public_url
from tocsin.notifications.models import Message
from tocsin.oncall import store, swaps
from tocsin.oncall.clock import Span, shown, zone_named
from tocsin.oncall.definition import people_of, read
from tocsin.oncall.handovers import Handover, handovers
from tocsin.oncall.models import Schedule, Swap
from tocsin.oncall.schedule import Schedule as Value
from tocsin.oncall.shifts import gaps, shifts
from tocsin.oncall.walls import span_of

# So long before a shift its person is told: half a day, so that quiet hours hardly ever hold it back until it has begun.
AHEAD = timedelta(hours=12)
# A hand-over, or an answer, that is older is told no more.
NEWS = timedelta(hours=1)
GAPS_AHEAD = timedelta(days=14)
MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Word:
    """Something to say to a person, once: `key` tells it apart. What takes looking up is worked out where it was not said yet."""

    key: str
    person: str
    reason: str
    text: str | Callable[[], str]

    @property
    def said(self) -> str:
        """What it says."""
        return self.text if isinstance(self.text, str) else self.text()


def tell_of_shifts(now: datetime) -> int:
    """Tells who comes on call soon or now, and who goes; how many messages that were."""
    rows = list(store.in_use())
    values = store.values_of(rows, Span(now - NEWS, now + AHEAD))
    return _tell((word for row in rows for word in _of_schedule(row, values[row.pk], now)), now)


def _of_schedule(row: Schedule, value: Value, now: datetime) -> Iterator[Word]:
    for found in handovers(value, Span(now - NEWS, now + AHEAD)):
        key = f"shift:{row.pk}:{found.at.timestamp():.0f}"
        if found.at > now:
            yield from _ahead(row, value, found, key, now)
            continue
        for person in found.comes:
            says = partial(_begins, row, found, person)
            yield Word(f"{key}:begins:{person}", person, f"your shift on “{row.name}” has begun", says)
        for person in found.goes:
            yield Word(
                f"{key}:ends:{person}", person, f"your shift on “{row.name}” is over", partial(_ends, row, found)
            )


def _ahead(row: Schedule, value: Value, found: Handover, key: str, now: datetime) -> Iterator[Word]:
    """Who comes, unless they have been on call since now: they know."""
    carrying = {shift.person for shift in shifts(value, Span(now, found.at))}
    for person in found.comes:
        if person not in carrying:
            says = partial(_soon, row, found, person)
            yield Word(f"{key}:ahead:{person}", person, f"you are on call on “{row.name}” soon", says)


def _soon(row: Schedule, found: Handover, person: str) -> str:
    return f"Your shift on “{row.name}” begins {_at(found.at, person)}. {_before(found)}"


def _begins(row: Schedule, found: Handover, person: str) -> str:
    until = _until(row, person, found.at)
    return f"You are on call on “{row.name}” now{until}. {_before(found)} {_open(row, person)}"


def _ends(row: Schedule, found: Handover) -> str:
    have = "has" if len(found.comes) == 1 else "have"
    return f"You are off call on “{row.name}”: {', '.join(found.comes) or 'nobody'} {have if found.comes else 'has'} it now."


def _before(found: Handover) -> str:
    return f"Before you: {', '.join(found.goes)}." if found.goes else "Nobody has it before you."


def _until(row: Schedule, person: str, at: datetime) -> str:
    """Until when a shift that began goes on; looks as far ahead as the pages do."""
    span = Span(at, at + store.LOOK_AHEAD)
    held = [shift.span.end for shift in shifts(store.value_of(row, span), span) if shift.person == person]
    return f", until {_at(held[0], person)}" if held and held[0] < span.end else ""


def _at(at: datetime, person: str) -> str:
    """A time by somebody's own clock."""
    zone = store.zones_of([person]).get(person, zone_named("UTC"))
    return f"{shown(at, zone):%a %Y-%m-%d %H:%M} ({zone.key})"


def _open(row: Schedule, person: str) -> str:
    """The open incidents of a schedule's project (of all, where it has none) that somebody may see, the worst first."""
    user = User.objects.filter(username=person).first()
    access = access_of(user) if user else Access()
    found = Incident.objects.filter(status__in=OPEN, merged_into=None, held_until=None).select_related("environment")
    if row.project_id is not None:
        found = found.filter(environment__project=row.project_id)
    seen = [one for one in found if access.may(Role.VIEWER, one.environment.project_id)]
    if not seen:
        return "Nothing is open."
    seen.sort(key=lambda one: (Severity(one.severity).rank, -one.pk))
    named = "; ".join(f"{one.name} [{one.severity}] {one.title[:100]}" for one in seen[:MOST_NAMED])
    more = f"; and {len(seen) - MOST_NAMED} more" if len(seen) > MOST_NAMED else ""
    return f"Open now: {named}{more}."


def tell_of_swaps(now: datetime) -> int:
    """Tells who is asked to take a shift over, and who asked what came of it; how many messages that were."""
    open_ones = (word for swap in swaps.unanswered(now) for word in _of_open(swap, now))
    related = Swap.objects.select_related("schedule", "asked_by", "asked_of")
    answered = (word for swap in related.filter(answered_at__gt=now - NEWS) for word in _of_answer(swap))
    return _tell((*open_ones, *answered), now)


def _of_open(swap: Swap, now: datetime) -> Iterator[Word]:
    asker, row, state = swap.asked_by.username, swap.schedule, swaps.state_of(swap, now)
    if state == swaps.OPEN and swap.created_at > now - NEWS:
        asked = [swap.asked_of.username] if swap.asked_of else people_of(read(row.definition))
        why = f" ({swap.reason})" if swap.reason else ""
        text = f"{asker} asks you to take over {_swapped(swap)}{why}. Answer: {public_url('/oncall')}"
        for person in asked:
            if person != asker:
                yield Word(f"swap:{swap.pk}:asked:{person}", person, f"{asker} asks you to swap a shift", text)
    elif state == swaps.EXPIRED and span_of(swap.starts, swap.ends, swap.zone).covers(now):
        text = f"Nobody took over {_swapped(swap)}: you carry it yourself."
        yield Word(f"swap:{swap.pk}:expired", asker, "you asked others to take it over", text)


def _of_answer(swap: Swap) -> Iterator[Word]:
    """What an answer is to the other side."""
    asker, key = swap.asked_by.username, f"swap:{swap.pk}:{swap.state}"
    if swap.state != swaps.WITHDRAWN:
        did = "takes over" if swap.state == swaps.ACCEPTED else "does not take over"
        yield Word(key, asker, "you asked for it", f"{swap.answered_by} {did} {_swapped(swap)}.")
    elif swap.asked_of is not None:
        text = f"{asker} no longer asks you to take over {_swapped(swap)}."
        yield Word(key, swap.asked_of.username, "you were asked to take it over", text)


def _swapped(swap: Swap) -> str:
    return f"on “{swap.schedule.name}” {swaps.told(swap)}"


def tell_of_gaps(now: datetime) -> int:
    """Tells managers when nobody is on call some time ahead: once while the reason lasts; how many messages that were."""
    return sum(_gaps_of(pk, now) for pk in store.in_use().values_list("pk", flat=True))


@transaction.atomic
def _gaps_of(schedule_id: int, now: datetime) -> int:
    row = Schedule.objects.select_for_update().get(pk=schedule_id)
    span = Span(now, now + GAPS_AHEAD)
    by_reason: dict[str, list[Span]] = {}
    for gap in gaps(store.value_of(row, span), span):
        by_reason.setdefault(gap.reason, []).append(gap.span)
    words = [
        word
        for reason, spans in by_reason.items()
        if reason not in row.gaps_told
        for word in _of_gaps(row, reason, spans, now)
    ]
    if set(row.gaps_told) != set(by_reason):
        Schedule.objects.filter(pk=row.pk).update(gaps_told=sorted(by_reason))
    return _tell(words, now)


def _of_gaps(row: Schedule, reason: str, spans: list[Span], now: datetime) -> Iterator[Word]:
    first, more = spans[0], len(spans) - 1
    again = f", and {more} more time{'s' if more > 1 else ''} within two weeks" if more else ""
    key = hashlib.sha256(f"{reason}:{now.timestamp()}".encode()).hexdigest()[:16]
    for manager in people(Role.MANAGER, [row.project_id] if row.project_id else []):
        person = manager.username
        when = f"from {_at(first.start, person)} to {_at(first.end, person)}{again}"
        text = (
            f"Nobody is on call on “{row.name}” {when}: {reason}. This is told once: see to it, or leave it as it is."
        )
        yield Word(f"gap:{row.pk}:{key}:{person}", person, f"you manage “{row.name}”", text)


def _tell(words: Iterable[Word], now: datetime) -> int:
    """Says what was not said yet, to whoever has an account."""
    wanted = {word.key: word for word in words}
    known = set(Message.objects.filter(dedup_key__in=wanted).values_list("dedup_key", flat=True))
    new = [word for key, word in wanted.items() if key not in known]
    users = {user.username: user for user in User.objects.filter(username__in={w.person for w in new}, is_active=True)}
    said = [
        contacts.say(users[word.person], word.said, key=word.key, reason=word.reason, now=now)
        for word in new
        if word.person in users
    ]
    return sum(bool(each.ways) for each in said)
