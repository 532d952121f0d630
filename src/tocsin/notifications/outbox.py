"""The outbox: messages laid in by whoever decides something, in the same transaction; claimed, sent and ended once.

A claim is a conditional update that holds for a few seconds and is renewed while its owner lives. A message whose owner died
is claimed by another, and marked: it may have been sent, and is sent again rather than not at all.

Codes and links that only the reader may see lie sealed beside the rest, until the message has ended.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q, QuerySet

from tocsin.ground.secrets import Unreadable, seal, unseal
from tocsin.notifications import delivery
from tocsin.notifications.answers import scrubbed
from tocsin.notifications.channel import Limit
from tocsin.notifications.channels import channels
from tocsin.notifications.delivery import Again, Ends
from tocsin.notifications.models import Attempt, Channel, Message, Thread
from tocsin.notifications.notice import CALLS, Kind, Notice, headline
from tocsin.notifications.store import about

log = logging.getLogger(__name__)

# How long a claim holds that nobody renews.
CLAIM_HOLDS = timedelta(seconds=5)
CLAIMED, _SUPPRESSED = Message.State.CLAIMED, Message.State.SUPPRESSED
_OPEN = (Message.State.WAITING, CLAIMED)
# What begins something for a room; the rest belongs to what it was told of before, and is not counted.
ANNOUNCES = (Kind.NEW, Kind.RAISED, Kind.REOPENED)
LONGEST_OUTCOME = 500
# The note of what another message says with its own.
BUNDLED = "bundled into message"
# Of what is beyond limits, so many rounds are looked at in one transaction: in between, others may lock.
_ROUNDS = 10
# One claim at a time counts what was sent against the limits.
_LIMITS_LOCK = 7_104_001

_DUE = """
SELECT m.id FROM notifications_message m JOIN notifications_channel c ON c.id = m.channel_id
WHERE m.state IN ('waiting', 'claimed') AND m.next_try_at <= %(now)s AND c.paused_at IS NULL AND c.removed_at IS NULL
AND NOT m.channel_id = ANY(%(busy)s) AND c.kind = ANY(%(kinds)s)
AND NOT (m.kind = ANY(%(calls)s) AND EXISTS (  -- somebody may have answered: that is heard of first
    SELECT FROM notifications_event v JOIN incidents_timelineentry t ON t.id = v.entry_id
    WHERE t.incident_id = m.incident_id AND t.kind = 'status'
))
AND (m.order_key = '' OR NOT EXISTS (
    SELECT FROM notifications_message e
    WHERE e.order_key = m.order_key AND e.state IN ('waiting', 'claimed') AND e.id < m.id
))
ORDER BY m.priority DESC, m.next_try_at, m.id LIMIT %(most)s FOR UPDATE OF m SKIP LOCKED
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """A message to be laid in. `suppressed`: why it is only written down. `at`: not before then (None: at once).

    `is_held`: what waits with it for the same reader goes out as one.
    """

    channel: Channel
    notice: Notice
    reason: str
    dedup_key: str
    at: datetime | None = None
    address: str = ""
    user_id: int | None = None
    contact_id: int | None = None
    group: str = ""
    priority: int = 0
    note: str = ""
    suppressed: str = ""
    is_held: bool = False


def message_id(dedup_key: str) -> str:
    """What vendors know a message by: the same for the same message, however often it is sent."""
    return f"msg_{hashlib.sha256(dedup_key.encode()).hexdigest()[:24]}"


def enqueue(asked: Iterable[Asked], now: datetime) -> None:
    """Lays messages in, in the caller's transaction; one whose `dedup_key` is there already is the same message."""
    Message.objects.bulk_create([_row(each, now) for each in asked], ignore_conflicts=True)


def _row(asked: Asked, now: datetime) -> Message:
    notice = msgspec.structs.replace(asked.notice, id=message_id(asked.dedup_key), why=asked.reason)
    incident = notice.facts.number if notice.facts else None
    # what is said to a person may overtake; what a room hears of one incident keeps its order
    order_key = f"{asked.channel.pk}:{incident}" if incident and not asked.address else ""
    return Message(
        channel=asked.channel,
        contact_id=asked.contact_id,
        user_id=asked.user_id,
        address=asked.address,
        incident_id=incident,
        kind=notice.kind.value,
        **_written(notice),
        reason=asked.reason,
        note=asked.suppressed or asked.note,
        dedup_key=asked.dedup_key,
        group=asked.group,
        order_key=order_key,
        priority=asked.priority,
        state=Message.State.SUPPRESSED if asked.suppressed else Message.State.WAITING,
        next_try_at=asked.at or now,
        created_at=now,
        ended_at=now if asked.suppressed else None,
        is_held=asked.is_held,
    )


def _written(notice: Notice) -> dict[str, Any]:
    """A notice as its row keeps it: what anybody may read, and beside that the whole, sealed, where some may not."""
    if not notice.hidden:
        return {"notice": msgspec.to_builtins(notice), "sealed": None}
    known = msgspec.structs.replace(
        notice,
        text=scrubbed(notice.text, notice.hidden),
        answer_url="",
        more=tuple(scrubbed(each, notice.hidden) for each in notice.more),
        hidden=(),
    )
    whole = seal(settings.SECRET_KEY, msgspec.json.encode(notice))
    return {"notice": msgspec.to_builtins(known), "sealed": whole}


def known_of(message: Message) -> Notice:
    """What anybody who may read of the message knows of what it says."""
    return msgspec.structs.replace(msgspec.convert(message.notice, Notice), is_repeat=message.is_repeat)


def notice_of(message: Message) -> Notice:
    """All that it says to its reader, as it is to be said now. Without its code or link where that can't be read any more."""
    if message.sealed is not None:
        try:
            whole = msgspec.json.decode(unseal(settings.SECRET_KEY, bytes(message.sealed)), type=Notice)
        except Unreadable as error:  # a call without its link still calls
            log.warning("message %s goes out without its code or link: %s", message.pk, error)
        else:
            return msgspec.structs.replace(whole, is_repeat=message.is_repeat)
    return known_of(message)


@transaction.atomic
def claim(by: str, now: datetime, most: int, busy: Collection[int] = ()) -> list[Message]:
    """At most `most` messages that are due, now claimed by `by`; those of `busy` channels are left alone.

    What would be too many at once stays, to be bundled; it does not keep others waiting.
    """
    for _ in range(_ROUNDS):
        due = _due(now, most, busy)
        claimed = _take(due, by, now)
        if claimed or not due:
            return claimed
    return []


def _due(now: datetime, most: int, busy: Collection[int]) -> list[Message]:
    """The messages to be tried next, locked, in their order."""
    with connection.cursor() as cursor:
        cursor.execute(_DUE, {"now": now, "most": most, "busy": list(busy), "kinds": [*channels()], "calls": [*CALLS]})
        due = [row[0] for row in cursor.fetchall()]
    found = Message.objects.select_related("channel", "user").filter(pk__in=due)
    return list(found.order_by("-priority", "next_try_at", "id"))


def _take(due: list[Message], by: str, now: datetime) -> list[Message]:
    """Claims those that may go out now. Of the others none is due any more: they were held, or bundled."""
    claimed: list[Message] = []
    bundled: set[int] = set()
    held: set[tuple[int, str]] = set()
    for message in due:
        if message.withdrawn or (message.user and not message.user.is_active):
            _withdraw(message, now)
            continue
        limit, place = _limit(message), (message.channel_id, message.address)
        if message.pk in bundled or (limit is not Limit.NONE and place in held and message.state != CLAIMED):
            continue
        if limit is not Limit.NONE and _is_held(message, limit, now):
            held.add(place)
            continue
        bundled |= _bundle(message, now)
        message.is_repeat = message.is_repeat or message.state == CLAIMED
        message.state, message.claimed_by, message.next_try_at = CLAIMED, by, now + CLAIM_HOLDS
        message.tries += 1
        message.save(update_fields=["is_repeat", "state", "claimed_by", "next_try_at", "tries", "notice", "sealed"])
        claimed.append(message)
    return claimed


def _withdraw(message: Message, now: datetime) -> None:
    """Its sender died, and meanwhile somebody answered, or its reader was shut out: it is not sent (again)."""
    message.state, message.note = _SUPPRESSED, message.withdrawn
    if not message.withdrawn:  # nobody has answered: the auditor is to see that it reached nobody
        message.state, message.note = Message.State.FAILED, "whoever it was for may not log in any more"
    message.sealed, message.ended_at = None, now
    message.save(update_fields=["state", "note", "sealed", "ended_at"])


def _limit(message: Message) -> Limit:
    limit = about(message.channel).limit
    return Limit.NONE if limit is Limit.ROOM and message.kind not in ANNOUNCES else limit


def _alike(message: Message) -> Q:
    """Messages that count as one with this one: to the same address, or news to the same room."""
    same = Q(channel=message.channel_id, address=message.address)
    return same if message.address else same & Q(kind__in=ANNOUNCES)


def _is_held(message: Message, limit: Limit, now: datetime) -> bool:
    """Whether it would be too many now; then it waits, with all like it, until it is not."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LIMITS_LOCK])
    if message.state == Message.State.CLAIMED:  # counted before, by whoever died
        return False
    alike = Message.objects.filter(_alike(message))
    # in one look: what is claimed now may be sent a moment later, and must not be missed as both
    is_sent = Q(state=Message.State.SENT, ended_at__gt=now - delivery.LONGEST_WINDOW)
    counted = alike.filter(is_sent | Q(state=CLAIMED)).exclude(pk=message.pk)
    sent = [at or now for at in counted.values_list("ended_at", flat=True)]
    held = delivery.limited(limit, sent, now)
    if held is None:
        return False
    waiting = alike.filter(state=Message.State.WAITING, next_try_at__lte=now)
    # what another has locked is left to that one: to wait for each other's would be a deadlock
    free = waiting.select_for_update(skip_locked=True).values("pk")
    Message.objects.filter(pk__in=free).update(next_try_at=held.until, note=held.reason, is_held=True)
    return True


def _bundle(message: Message, now: datetime) -> set[int]:
    """Takes what was held back with it into this message, so that one says it for all; which those were."""
    if not message.is_held:
        return set()
    others = Message.objects.select_for_update(skip_locked=True).filter(
        _alike(message), state=Message.State.WAITING, is_held=True
    )
    if message.address and message.kind not in CALLS:  # what is calm never speaks for a call
        others = others.filter(kind=message.kind)
    taken = list(others.exclude(pk=message.pk).order_by("id"))
    notice, notices = notice_of(message), [notice_of(each) for each in taken]
    hidden = tuple(secret for each in notices for secret in each.hidden)
    more = (*notice.more, *map(headline, notices))
    bundled = msgspec.structs.replace(notice, more=more, hidden=(*notice.hidden, *hidden))
    written = _written(bundled)
    message.notice, message.sealed = written["notice"], written["sealed"]
    numbers = {each.pk for each in taken}
    note = _bundled_into(message)
    Message.objects.filter(pk__in=numbers).update(state=Message.State.SUPPRESSED, note=note, sealed=None, ended_at=now)
    return numbers


def _bundled_into(message: Message) -> str:
    return f"{BUNDLED} {message.pk}"


def renew(by: str, now: datetime) -> None:
    """Says that `by` still lives: its claims hold on."""
    mine = Message.objects.filter(state=Message.State.CLAIMED, claimed_by=by)
    mine.update(next_try_at=now + CLAIM_HOLDS)


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a try. `after` is None where the vendor took it; `thread` as it recognises the incident now.

    `is_in_doubt`: nobody knows whether it was taken, so that the next try says that it is a repeat.
    """

    outcome: str
    progress: int
    after: Again | Ends | None
    thread: str = ""
    is_in_doubt: bool = False


@transaction.atomic
def finish(message: Message, by: str, result: Result, now: datetime) -> bool:
    """Writes down what came of a try; False where another has claimed it meanwhile: then that one's result counts."""
    values: dict[str, Any] = {"progress": result.progress, "claimed_by": "", "note": "", "is_held": False}
    if result.is_in_doubt:
        values["is_repeat"] = True
    if result.after is None:
        values |= {"state": Message.State.SENT, "sealed": None, "ended_at": now}
    elif isinstance(result.after, Again):
        values |= {"state": Message.State.WAITING, "next_try_at": result.after.at, "note": result.after.reason}
    else:
        state = Message.State.FAILED if result.after.is_refused else Message.State.GIVEN_UP
        values |= {"state": state, "sealed": None, "ended_at": now, "note": result.after.reason}
    mine = Message.objects.filter(pk=message.pk, state=CLAIMED, claimed_by=by)
    found = mine.select_for_update().first()
    if found is not None and found.withdrawn and isinstance(result.after, Again):
        values |= {"state": _SUPPRESSED, "note": found.withdrawn, "sealed": None, "ended_at": now}
    values["note"] = values["note"][:LONGEST_OUTCOME]
    is_mine = bool(mine.update(**values))
    taken, outcome = result.after is None, result.outcome[:LONGEST_OUTCOME]
    Attempt.objects.create(message=message, at=now, is_taken=taken, outcome=outcome)
    if result.thread and message.incident_id and not message.address:
        threads = Thread.objects.filter(channel=message.channel_id, incident=message.incident_id, reference="")
        threads.update(reference=result.thread)
    if is_mine and isinstance(result.after, Ends):
        _has_failed(message, str(values["state"]), now)
    return is_mine


def _has_failed(message: Message, state: str, now: datetime) -> None:
    """A message was ended unsent: so were those that it spoke for; and the next way of each goes at once."""
    why = f"{message.channel.name} failed"
    spoken_for = Message.objects.filter(_alike(message), state=_SUPPRESSED, note=_bundled_into(message))
    others = list(spoken_for)
    spoken_for.update(state=state, note=f"{_bundled_into(message)}, which failed")
    for each in (message, *others):
        _next_way(each, why, now)


def _next_way(message: Message, why: str, now: datetime) -> None:
    """A way to a person has failed for good: the next one is tried at once instead of in its time."""
    if not message.group:
        return
    following = Message.objects.filter(group=message.group, state=Message.State.WAITING, next_try_at__gt=now)
    first = following.order_by("next_try_at", "id").first()
    if first is not None:
        note = f"earlier than planned: {why}"
        Message.objects.filter(pk=first.pk, state=Message.State.WAITING).update(next_try_at=now, note=note)


def forsake(messages: QuerySet[Message], why: str, now: datetime) -> None:
    """The way of these is no more: what waits has failed, and the next way of each call goes at once.

    What is being sent is not tried again.
    """
    found = list(messages.filter(state__in=_OPEN).select_related("channel").select_for_update(of=("self",)))
    numbers = [each.pk for each in found if each.state == Message.State.WAITING]
    messages.filter(state=CLAIMED).update(withdrawn=why)
    ended = Message.objects.filter(pk__in=numbers)
    ended.update(state=Message.State.FAILED, note=why, sealed=None, ended_at=now)
    for message in found:
        _next_way(message, why, now)


def suppress_calls(incident_id: int, why: str, now: datetime) -> int:
    """Somebody has answered: no call about the incident is begun any more; how many were still to be made or were on their way.

    One that is being sent is not tried again. One that also speaks for others, bundled into it, goes out for them.
    """
    calls = Message.objects.filter(incident=incident_id, kind__in=CALLS, state__in=_OPEN, notice__more=[])
    # locked at once: none can be claimed, or put back, between the two statements
    found = dict(calls.select_for_update().values_list("pk", "state"))
    calls.filter(pk__in=found, state=CLAIMED).update(withdrawn=why)
    calls.filter(pk__in=found).exclude(state=CLAIMED).update(state=_SUPPRESSED, note=why, sealed=None, ended_at=now)
    return len(found)


def was_called(user_id: int, incident_id: int) -> bool:
    """Whether a person was called about an incident before."""
    return Message.objects.filter(incident=incident_id, user=user_id, kind__in=CALLS).exists()
