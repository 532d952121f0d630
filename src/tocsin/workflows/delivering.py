"""Messages are delivered: events become messages, due ones are claimed, sent side by side, and what came of each is kept.

A worker says every second that it lives; what a dead one held is claimed by another within seconds. A vendor that is slow
takes a few of the places in which messages are sent, never all.
"""

from __future__ import annotations

import asyncio
import logging
import os
import random
import secrets
import socket
import traceback
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from tocsin.notifications import delivery, outbox, sending
from tocsin.notifications.channel import Refused
from tocsin.notifications.models import Channel, Message, Thread
from tocsin.notifications.notice import CALLS, Kind, Notice
from tocsin.workflows import escalating, telling, timers

log = logging.getLogger(__name__)

# Runs what uses Django's database in a thread of its own, and gives its result.
Aside = Callable[[Callable[[], Any]], Awaitable[Any]]
Clock = Callable[[], datetime]

PLACES = 16
PLACES_OF_A_CHANNEL = 4
# Workers are woken by what is laid in; this is for what becomes due, and for what was missed.
LOOK_EVERY_S = 1.0
RENEW_EVERY_S = 1.0
# Runs that are carried on before the messages that there are go out.
CALLS_AT_ONCE = 50
# Nobody else takes a test over: whoever pressed the button waits for the answer.
PATIENCE_OF_A_TEST = timedelta(days=1)


class Courier:
    """Delivers for one worker process. Its name marks what it has claimed."""

    def __init__(self, aside: Aside, clock: Clock = timezone.now, looked: Callable[[], None] = lambda: None) -> None:
        """`aside` runs functions that use the database; `clock`, called there, is one for all couriers that are at work.

        `looked` is told of each round that went well.
        """
        self.name = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        self._aside, self._clock, self._looked = aside, clock, looked
        self._busy: Counter[int] = Counter()
        self._tasks: set[asyncio.Task[None]] = set()
        self._news = asyncio.Event()

    def wake(self) -> None:
        """There may be something to do: lets `run` look."""
        self._news.set()

    @property
    def is_woken(self) -> bool:
        """Whether there may be something to do."""
        return self._news.is_set()

    async def run(self) -> None:
        """Looks whenever it is woken, and now and then, until cancelled."""
        while True:
            try:
                await self.look()
                self._looked()
            except Exception:  # the outermost loop: one bad round must not end the next ones; the log has it
                log.exception("looking for messages to deliver failed; it is tried again in %g s", LOOK_EVERY_S)
                await asyncio.sleep(LOOK_EVERY_S)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), LOOK_EVERY_S)

    async def look(self) -> int:
        """Tells of what happened, calls whom that calls for, and begins to send what is due; how many messages that were."""
        self._news.clear()
        try:
            if await self._aside(lambda: telling.tell(self._clock())):
                self.wake()  # there may be more, as in a storm; the first calls do not wait for all of it
            await self._aside(lambda: timers.sweep(self._clock(), (escalating.TIMER,), CALLS_AT_ONCE))
        finally:  # where something can't be told of, what was laid in before goes out nevertheless
            begun = await self._begin()
        return begun

    async def _begin(self) -> int:
        free = PLACES - len(self._tasks)
        busy = [channel for channel, count in self._busy.items() if count >= PLACES_OF_A_CHANNEL]
        if free <= 0:
            return 0
        claimed = await self._aside(lambda: outbox.claim(self.name, self._clock(), free, busy))
        for message in claimed:
            self._busy[message.channel_id] += 1
            task = asyncio.create_task(self._deliver(message))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return len(claimed)

    async def renew(self) -> None:
        """Says that what it has claimed is still being sent."""
        if self._tasks:
            await self._aside(lambda: outbox.renew(self.name, self._clock()))

    async def rest(self) -> None:
        """Waits for what is being sent."""
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _deliver(self, message: Message) -> None:
        try:
            await deliver(message, self.name, self._aside, self._clock)
        except Exception:  # the outermost loop of a message: its claim lapses, and it is tried again
            log.exception("message %s could not be delivered; it is tried again", message.pk)
        finally:
            self._busy[message.channel_id] -= 1
            self.wake()  # its place is free, and the next one in its order can go


async def deliver(message: Message, by: str, aside: Aside, clock: Clock) -> None:
    """Sends one claimed message, and writes down what came of it."""
    place, now = await aside(lambda: (_place(message), clock()))
    sent = await _sent(message, place, now)
    await aside(lambda: _finish(message, by, sent, clock()))


async def _sent(message: Message, place: sending.Place, now: datetime) -> sending.Sent:
    try:
        return await sending.send(outbox.notice_of(message), place, secret=settings.SECRET_KEY, now=now)
    except Exception as error:  # noqa: BLE001  # the outermost loop of a try: it counts as one, so that its message ends
        where = "".join(traceback.format_tb(error.__traceback__))  # without its words, which may hold secrets
        log.error("sending message %s broke off with %s:\n%s", message.pk, type(error).__name__, where)
        why = f"sending it broke off with {type(error).__name__}: the worker's log says where"
        return sending.Sent(Refused(why, is_temporary=True), message.progress, why)


def _finish(message: Message, by: str, sent: sending.Sent, now: datetime) -> None:
    result = result_of(message, sent, now, random.random())  # noqa: S311  # no secret: it spreads retries
    outbox.finish(message, by, result, now)


def _place(message: Message) -> sending.Place:
    thread = ""
    if message.incident_id and not message.address:
        found = Thread.objects.filter(channel=message.channel_id, incident=message.incident_id).first()
        thread = found.reference if found else ""
    return sending.Place(message.channel, message.address, thread, message.progress)


def result_of(message: Message, sent: sending.Sent, now: datetime, jitter: float) -> outbox.Result:
    """What a try means for its message."""
    after: delivery.Again | delivery.Ends | None = None
    if isinstance(sent.verdict, Refused):
        is_call = message.kind in CALLS
        after = delivery.after_refusal(
            sent.verdict, message.tries, message.created_at, now, jitter=jitter, is_call=is_call
        )
    is_in_doubt = isinstance(sent.verdict, Refused) and sent.verdict.is_in_doubt
    return outbox.Result(sent.outcome, sent.progress, after, sent.thread, is_in_doubt)


async def deliver_all(aside: Aside) -> int:
    """Delivers what is due now and returns; how many messages were tried. For commands and tests."""
    courier, tried = Courier(aside), 0
    while (begun := await courier.look()) or courier.is_woken:
        tried += begun
        await courier.rest()
    return tried


def try_out(channel: Channel, address: str, actor: str) -> Message:
    """Sends a test through a channel, at once, and keeps what its vendor said, as of any message."""
    now = timezone.now()
    key = f"test:{secrets.token_hex(8)}"
    said = f"A test of the channel “{channel.name}”: if you can read this, it works."
    notice = Notice("", Kind.TEST, now, said, actor=actor)
    asked = outbox.Asked(channel, notice, f"{actor} pressed “Send a test”", key, now + PATIENCE_OF_A_TEST, address)
    outbox.enqueue([asked], now)
    Message.objects.filter(dedup_key=key).update(state=Message.State.CLAIMED, claimed_by=key, tries=1)
    message = Message.objects.select_related("channel").get(dedup_key=key)
    place = sending.Place(channel, address)
    sent = asyncio.run(sending.send(outbox.notice_of(message), place, secret=settings.SECRET_KEY, now=now))
    refused = sent.verdict if isinstance(sent.verdict, Refused) else None
    after = delivery.Ends(refused.why, is_refused=not refused.is_temporary) if refused else None
    outbox.finish(message, key, outbox.Result(sent.outcome, sent.progress, after), timezone.now())
    return Message.objects.select_related("channel").get(pk=message.pk)
