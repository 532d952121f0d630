"""Shift swaps over the API: ask for one, see what waits for an answer, and answer."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Router, Schema
from ninja import Status as Answered
from pydantic import Field

from tocsin.oncall import store, swaps
from tocsin.oncall.changes import Change
from tocsin.oncall.models import Swap
from tocsin.oncall.schedule import Kind
from tocsin.web.api.callers import TO_READ, TO_RESPOND, who
from tocsin.web.api.one import Number
from tocsin.web.api.schedules import Slug, Wall
from tocsin.web.api.shapes import Asked, Text
from tocsin.web.pages.oncall_schedule import schedule_called
from tocsin.web.scope import visible

router = Router(tags=["on call"])
of_schedule = Router(tags=["on call"])


class Times(Asked):
    """From one time of the clock of the request's zone to another."""

    starts: Wall
    ends: Wall


class Asking(Times):
    """That `of` (anybody, where it is null) takes over a shift of yours; `in_return`: the shift of theirs that you take."""

    zone: Annotated[str, Field(max_length=60, examples=["Europe/Berlin"])]
    of: Annotated[str | None, Field(max_length=150)] = None
    in_return: Times | None = None
    reason: Text = ""


class Does(StrEnum):
    """What can be said to a request: whoever asked withdraws it, others accept it or, asked by name, decline."""

    ACCEPT = "accept"
    DECLINE = "decline"
    WITHDRAW = "withdraw"


class Answer(Asked):
    """An answer to a request."""

    do: Does


class Returned(Schema):
    """What is taken over in return, by the same clock."""

    starts: str
    ends: str


class SwapOut(Schema):
    """A request; `state`: open, accepted, declined, withdrawn, or expired, as the first of its shifts has begun."""

    id: int
    schedule: str
    asked_by: str
    asked_of: str | None
    starts: str
    ends: str
    zone: str
    in_return: Returned | None
    reason: str
    state: str
    answered_by: str


class Swaps(Schema):
    """Requests that nobody has answered, by the beginning of the shift."""

    items: list[SwapOut]


@router.get("", response=Swaps, summary="List the swaps that are asked for", auth=TO_READ)
def index(request: HttpRequest) -> Swaps:
    """On the schedules that you see; those that have expired for two days more."""
    rows = swaps.unanswered(timezone.now()).filter(schedule__in=visible(request, store.in_use()))
    return Swaps(items=[_out(swap) for swap in rows])


@of_schedule.post("/{slug}/swaps", response={201: SwapOut}, summary="Ask for a swap", auth=TO_RESPOND)
def ask(request: HttpRequest, slug: Slug, body: Asking) -> Answered[SwapOut]:
    """It can be answered until the first of the shifts begins."""
    row, asker = schedule_called(slug), who(request).user
    change = Change(Kind.REPLACE, body.starts, body.ends, body.zone, reason=body.reason)
    back = (body.in_return.starts, body.in_return.ends) if body.in_return else None
    made = swaps.ask(row.pk, change, asker, swaps.person_asked(body.of or ""), timezone.now(), in_return=back)
    return Answered(201, _out(made))


@router.post("/{number}", response=SwapOut, summary="Answer a request for a swap", auth=TO_RESPOND)
def answer(request: HttpRequest, number: Number, body: Answer) -> SwapOut:
    """What is accepted holds at once, both of its changes or neither."""
    get_object_or_404(Swap, pk=number, schedule__in=visible(request, store.in_use()))
    acts = {Does.ACCEPT: swaps.accept, Does.DECLINE: swaps.decline, Does.WITHDRAW: swaps.withdraw}
    return _out(acts[body.do](number, who(request).user, timezone.now()))


def _out(swap: Swap) -> SwapOut:
    told = {name: getattr(swap, name) for name in ("id", "starts", "ends", "zone", "reason", "answered_by")}
    return SwapOut(
        **told,
        schedule=swap.schedule.slug,
        asked_by=swap.asked_by.username,
        asked_of=swap.asked_of.username if swap.asked_of else None,
        in_return=Returned(starts=swap.return_starts, ends=swap.return_ends) if swap.return_starts else None,
        state=swaps.state_of(swap, timezone.now()),
    )
