"""Ways that are no more: what was to go out through them is not forgotten, it goes the next way or is said to have failed."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tocsin.notifications import outbox, store
from tocsin.notifications.models import Channel, ContactMethod, Message
from tocsin.notifications.notice import CALLS


@transaction.atomic
def remove(channel: Channel, now: datetime) -> None:
    """Takes a channel out of use; its messages stay, to be read."""
    why = f"the channel {channel.name} was removed"
    store.remove(channel, now)
    outbox.forsake(Message.objects.filter(channel=channel), why, now)


@transaction.atomic
def pause(channel: Channel, now: datetime) -> None:
    """Nothing goes out through a channel until it is in use again. News waits; whoever is called must not."""
    store.pause(channel, now)
    outbox.forsake(
        Message.objects.filter(channel=channel, kind__in=CALLS), f"the channel {channel.name} is paused", now
    )


@transaction.atomic
def forget(method: ContactMethod, now: datetime) -> None:
    """Removes an address of a person."""
    outbox.forsake(Message.objects.filter(contact=method), f"{method.user.username} removed this address", now)
    method.delete()
