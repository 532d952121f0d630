"""Taking back over the API what one has just done."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest
from ninja import Router
from ninja import Status as Answered
from pydantic import Field

from tocsin.incidents import undoing
from tocsin.web.api.callers import TO_RESPOND
from tocsin.web.api.one import Number, by
from tocsin.web.api.shapes import Asked, EntryOut

router = Router(tags=["incidents"])


class TakenBack(Asked):
    """What is to be undone."""

    entry: Annotated[int, Field(ge=1, le=2**63 - 1, description="the timeline's entry that tells of it")]


@router.post("/{number}/undo", response={201: EntryOut}, summary="Take back what you have just done", auth=TO_RESPOND)
def undo(request: HttpRequest, number: Number, body: TakenBack) -> Answered[EntryOut]:
    """An assignment, a severity, a role or a stage of one's own, within ten seconds, unless it was changed again since."""
    return Answered(201, EntryOut.of(undoing.undo(number, body.entry, **by(request))))
