"""Mail to outsiders who asked for it is delivered through the e-mail channel, one after the other.

A mail's row is locked while it is handed over, so that two workers never send the same one; whoever dies meanwhile leaves it to
be sent again. A server that puts a mail off is asked again later, while the others go on.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from tocsin.ground.secrets import Unreadable
from tocsin.incidents import subscribing
from tocsin.incidents.status_page import Mail
from tocsin.notifications import sending
from tocsin.notifications.answers import by_status
from tocsin.notifications.channel import Mail as Handed
from tocsin.notifications.channel import Refused
from tocsin.notifications.models import Channel
from tocsin.notifications.store import settings_of

log = logging.getLogger(__name__)

LOOK_EVERY_S = 5.0
ASK_AGAIN = timedelta(minutes=5)


def channel() -> Channel | None:
    """The e-mail channel that goes out to everybody; None where there is none."""
    found = Channel.objects.filter(kind="email", project=None, paused_at=None, removed_at=None)
    return found.order_by("pk").first()


class Postman:
    """Delivers for one worker, and remembers which mails were put off, and until when."""

    def __init__(
        self, aside: Callable[[Callable[[], Any]], Awaitable[Any]], clock: Callable[[], datetime] = timezone.now
    ) -> None:
        """`aside` runs functions that use the database; `clock` is called there."""
        self._aside, self._clock = aside, clock
        self._put_off: dict[int, datetime] = {}

    async def look(self) -> None:
        """Delivers all that can be delivered now."""
        while await self._aside(lambda: self.deliver_one(self._clock())):
            pass

    def deliver_one(self, now: datetime) -> bool:
        """Hands over the oldest mail that is due, or puts it off; False where there is none, or no channel."""
        self._put_off = {mail: until for mail, until in self._put_off.items() if until > now}
        way = channel()
        if way is None:
            return False
        with transaction.atomic():
            waiting = subscribing.unsent(now).exclude(pk__in=self._put_off)
            mail = waiting.select_for_update(skip_locked=True, of=("self",)).first()
            if mail is None:
                return False
            self._hand_over(mail, way, now)
        return True

    def _hand_over(self, mail: Mail, way: Channel, now: datetime) -> None:
        refused = _refusal(mail, way, now)
        if refused is None:
            subscribing.delivered(mail, now)
        elif refused.is_temporary:
            log.warning("mail %s to an outsider is put off: %s", mail.pk, refused.why)
            self._put_off[mail.pk] = now + ASK_AGAIN
        else:
            log.warning("mail %s to an outsider can't be delivered: %s", mail.pk, refused.why)
            mail.delete()


def _refusal(mail: Mail, way: Channel, now: datetime) -> Refused | None:
    """Why a mail was not taken; None where it was."""
    try:
        opened, known = subscribing.opened(mail), settings_of(way, settings.SECRET_KEY)
    except Unreadable as error:
        return Refused(f"it can't be read: {error}", is_temporary=False)
    handed = Handed(opened.address, opened.subject, opened.text, {"Auto-Submitted": "auto-generated", **opened.headers})
    answer = asyncio.run(sending.carry_out(handed, known, trusted=way.may_reach_inside))
    verdict = answer if isinstance(answer, Refused) else by_status(answer, now)
    return verdict if isinstance(verdict, Refused) else None
