"""Several incidents at once, over the API."""

from __future__ import annotations

from typing import Annotated, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema
from pydantic import Field

from tocsin.incidents.lifecycle import Resolution
from tocsin.web.api.callers import TO_RESPOND, who
from tocsin.web.api.shapes import Asked, Text
from tocsin.web.pages.bulk import MOST, Wanted, change_all, responder

router = Router(tags=["incidents"])


class Changes(Asked):
    """What to do with each of them."""

    incidents: Annotated[list[int], Field(min_length=1, max_length=MOST)]
    what: Literal["acknowledge", "assign", "resolve", "close"]
    assignee: Annotated[str | None, Field(description="to assign: a user name; null: nobody")] = None
    resolution: Annotated[Resolution | None, Field(description="to resolve: how it ended")] = None
    note: Text = ""


class Changed(Schema):
    """What became of one; `refusal` is empty where it was changed."""

    number: int
    refusal: str


@router.post("", response=list[Changed], summary="Change several incidents", auth=TO_RESPOND)
def change(request: HttpRequest, body: Changes) -> list[Changed]:
    """Each by itself: one that refuses does not keep the others. Those that are not there are left out."""
    wanted = Wanted(body.what, body.note.strip(), body.resolution, responder(body.assignee))
    done = change_all(request, body.incidents, wanted, actor=who(request).user.username, now=timezone.now())
    return [Changed(number=one.incident.pk, refusal=one.refusal) for one in done]
