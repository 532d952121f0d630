"""Channels and messages for tests, in the database."""

from __future__ import annotations

from django.conf import settings

from tests.factories import NOW
from tests.notifications.saying import notice, settings_of
from tocsin.notifications import outbox, store
from tocsin.notifications.models import Channel, Message
from tocsin.notifications.notice import Facts, Kind
from tocsin.notifications.rules import Audience


def make_channel(kind: str = "console", audience: Audience = Audience.USUAL, name: str = "", **given: str) -> Channel:
    """A channel that an admin made."""
    return store.add(
        kind,
        name or kind,
        settings_of(kind) | given,
        audience,
        project=None,
        actor="ada",
        is_admin=True,
        secret=settings.SECRET_KEY,
        now=NOW,
    )


def lay_in(
    channel: Channel, key: str = "k", kind: Kind = Kind.NEW, facts: Facts | None = None, **more: object
) -> Message:
    """A message in the outbox."""
    said = notice(kind, facts=facts)
    outbox.enqueue([outbox.Asked(channel, said, "a test", key, **more)], NOW)  # type: ignore[arg-type]  # as Asked takes them
    return Message.objects.get(dedup_key=key)
