"""The delivery log: which messages there are, and what each says to whoever reads about it instead of being told."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
from django.db.models import QuerySet

from tocsin.notifications.models import Attempt, Message
from tocsin.notifications.notice import headline, lines
from tocsin.notifications.outbox import known_of

UNENDED = (Message.State.WAITING, Message.State.CLAIMED)


def sought(
    rows: QuerySet[Message],
    *,
    state: str = "",
    channel: int | None = None,
    incident: int | None = None,
    before: int | None = None,
) -> QuerySet[Message]:
    """Those of `rows` that match everything asked for, newest first. `before`: older than that message."""
    asked = {"state": state, "channel": channel, "incident": incident, "pk__lt": before}
    found = rows.select_related("channel", "incident", "user")
    return found.filter(**{name: value for name, value in asked.items() if value}).order_by("-id")


def before_it(message: Message) -> Message | None:
    """The first message that this one waits for: a room hears of an incident in its order."""
    if message.state != Message.State.WAITING or not message.order_key:
        return None
    unended = Message.objects.filter(order_key=message.order_key, state__in=UNENDED, pk__lt=message.pk)
    return unended.order_by("pk").first()


def title_of(message: Message) -> str:
    """One line that says it all, without what only its reader may see."""
    return headline(known_of(message))


@dataclass(frozen=True, slots=True)
class InFull:
    """A message as others may read it: what it says, and what came of each try, oldest first."""

    text: str
    attempts: list[Attempt]


def in_full(message: Message, *, is_of_all: bool) -> InFull:
    """All of a message. Who may not read of all projects (`is_of_all`) does not read of others' incidents bundled into it."""
    notice, attempts = known_of(message), list(message.attempts.order_by("id"))
    if notice.more and not is_of_all:
        notice = msgspec.structs.replace(notice, more=(f"{len(notice.more)} more, which only its readers see",))
        for attempt in attempts:  # a vendor may repeat what it was sent
            attempt.outcome = "taken" if attempt.is_taken else "refused"
    return InFull("\n".join(lines(notice)), attempts)
