"""Messages over the API: what was said to whom and why, how far it is, and what each try came to."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema
from pydantic import Field

from tocsin.accounts.access import Role
from tocsin.notifications import log
from tocsin.notifications.models import Message
from tocsin.notifications.notice import Kind
from tocsin.web.api.callers import TO_READ
from tocsin.web.api.cursor import cursor as cursor_of
from tocsin.web.api.cursor import read_cursor
from tocsin.web.scope import access_at, visible

router = Router(tags=["channels"])
Number = Annotated[int, Field(ge=1, le=2**63 - 1)]
_AS_STORED = ("kind", "reason", "note", "state", "tries", "is_repeat", "created_at", "ended_at")


class MessageOut(Schema):
    """A message; `person` is null where it goes to the channel's own place."""

    id: int
    title: str
    kind: Kind
    channel: str
    person: str | None
    incident: int | None
    reason: Annotated[str, Field(description="why it is to be sent")]
    note: Annotated[str, Field(description="what it waits for, or why it was not sent")]
    state: Message.State
    tries: int
    is_repeat: Annotated[bool, Field(description="it may have been sent before")]
    created_at: datetime
    ended_at: datetime | None
    next_try_at: datetime | None

    @classmethod
    def of(cls, row: Message) -> MessageOut:
        """A message, with its channel and person loaded."""
        return cls(**_told(row))


class AttemptOut(Schema):
    """One try, and what the vendor said."""

    at: datetime
    is_taken: bool
    outcome: str


class MessageInFull(MessageOut):
    """A message with all that it says."""

    text: str
    attempts: list[AttemptOut]

    @classmethod
    def of_row(cls, row: Message, *, is_of_all: bool) -> MessageInFull:
        """For somebody who may read of all projects, or not."""
        told = log.in_full(row, is_of_all=is_of_all)
        tries = [AttemptOut(at=each.at, is_taken=each.is_taken, outcome=each.outcome) for each in told.attempts]
        return cls(**_told(row), text=told.text, attempts=tries)


class Messages(Schema):
    """A page of messages, newest first; `next` is the cursor of the page that follows, null at the end."""

    items: list[MessageOut]
    next: str | None


@router.get("", response=Messages, summary="List messages, newest first", auth=TO_READ)
def index(
    request: HttpRequest,
    state: Message.State | None = None,
    channel: Number | None = None,
    incident: Number | None = None,
    cursor: str | None = None,
    limit: Annotated[int, Field(ge=1, le=200)] = 50,
) -> Messages:
    """Messages that match everything asked for; of some projects, those about their incidents."""
    before = read_cursor(cursor) if cursor else None
    found = log.sought(
        visible(request, Message.objects.all()), state=state or "", channel=channel, incident=incident, before=before
    )
    rows = list(found[: limit + 1])
    after = cursor_of(rows[limit - 1].pk) if len(rows) > limit else None
    return Messages(items=[MessageOut.of(row) for row in rows[:limit]], next=after)


@router.get("/{number}", response=MessageInFull, summary="One message", auth=TO_READ)
def one(request: HttpRequest, number: Number) -> MessageInFull:
    """With what it says, and every try; codes and keys of links are masked."""
    row = get_object_or_404(Message.objects.select_related("channel", "user"), pk=number)
    return MessageInFull.of_row(row, is_of_all=access_at(request).may(Role.VIEWER, None))


def _told(row: Message) -> dict[str, Any]:
    is_open = row.state in (Message.State.WAITING, Message.State.CLAIMED)
    return {name: getattr(row, name) for name in _AS_STORED} | {
        "id": row.pk,
        "title": log.title_of(row),
        "channel": row.channel.name,
        "person": row.user.username if row.user else None,
        "incident": row.incident_id,
        "next_try_at": row.next_try_at if is_open else None,
    }
