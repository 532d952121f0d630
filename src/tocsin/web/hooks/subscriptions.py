"""Topics of Amazon SNS: messages checked against SNS' own certificates, and subscriptions confirmed to the one topic."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from psycopg_pool import AsyncConnectionPool

from tocsin.alerts import sns
from tocsin.ground.outbound import Answer, OutboundError, outbound
from tocsin.web.hooks.answers import Refused
from tocsin.web.hooks.database import RETRY_AFTER_S
from tocsin.web.hooks.senders import Registered, Senders
from tocsin.workflows.ingest import Connection

log = logging.getLogger(__name__)

# One a region, and a new one every year or so.
MOST_CERTIFICATES = 50
LARGEST_CERTIFICATE = 64 * 1024
PIN = "UPDATE catalog_source SET topic = %s WHERE id = %s AND topic IN ('', %s) RETURNING id"

Fetch = Callable[[str], Awaitable[Answer]]


async def fetch(url: str) -> Answer:
    """GET through the one door; redirects are answers like any other. Raises OutboundError."""
    async with outbound() as door:
        return await door.request("GET", url, most_bytes=LARGEST_CERTIFICATE, most_redirects=0)


class Subscriptions:
    """What is remembered of SNS: its certificates, by address. An address names one certificate for ever."""

    def __init__(self, pool: AsyncConnectionPool[Connection], senders: Senders, fetch: Fetch = fetch) -> None:
        """`fetch` gets an https address and follows no redirect."""
        self._pool, self._senders, self._fetch = pool, senders, fetch
        self._certificates: dict[str, bytes] = {}
        self._fetching = asyncio.Semaphore(4)

    async def check(self, registered: Registered, body: bytes) -> sns.Message:
        """The message in `body`, which is from SNS and of this source's topic.

        Raises Untrusted; Refused with 503 where SNS could not be asked, so that the message is sent again.
        """
        message = sns.read(body)
        await self._verify(message)
        if registered.topic and message.topic_arn != registered.topic:
            raise sns.Untrusted(f"it is of {message.topic_arn[:200]}, and this source hears {registered.topic} alone")
        if message.type == sns.NOTIFICATION and not registered.topic:
            raise sns.Untrusted("no subscription was confirmed yet: subscribe this address to the topic anew")
        return message

    async def confirm(self, registered: Registered, message: sns.Message) -> None:
        """Makes the topic of a checked subscription this source's own, and confirms it to SNS.

        Raises Untrusted, or Refused with 503 as `check` does.
        """
        address = sns.confirmation_address(message)
        async with self._pool.connection(timeout=RETRY_AFTER_S) as connection:
            topic = message.topic_arn
            pinned = await connection.execute(PIN, [topic, registered.sender.id, topic])
            if await pinned.fetchone() is None:
                raise sns.Untrusted("another topic was confirmed meanwhile")
        self._senders.forget()
        answer = await self._asked(address)
        if answer.status != 200:
            raise Refused(503, f"SNS answered {answer.status} to the confirmation.", retry_after=RETRY_AFTER_S)
        log.info("source %s now hears %s", registered.sender.id, message.topic_arn)

    async def _verify(self, message: sns.Message) -> None:
        address, now = sns.certificate_address(message), datetime.now(UTC)
        known = self._certificates.get(address)
        if known is not None:
            return sns.verify(message, known, now)
        answer = await self._asked(address)
        if answer.status >= 500:
            raise Refused(503, f"SNS answered {answer.status} for its certificate.", retry_after=RETRY_AFTER_S)
        if answer.status != 200:
            raise sns.Untrusted(f"SNS has no such certificate (status {answer.status})")
        sns.verify(message, answer.body, now)
        if len(self._certificates) >= MOST_CERTIFICATES:
            self._certificates.clear()
        self._certificates[address] = answer.body
        return None

    async def _asked(self, address: str) -> Answer:
        try:
            async with self._fetching:
                return await self._fetch(address)
        except OutboundError as error:
            raise Refused(503, f"SNS could not be asked: {error}.", retry_after=RETRY_AFTER_S) from error
