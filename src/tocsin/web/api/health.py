"""The health of this installation over the API: of each part how it does, since when, and what to do."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from tocsin.ground import database
from tocsin.web.api.callers import TO_READ
from tocsin.workflows import health, signs
from tocsin.workflows.signs import Standing

router = Router(tags=["health"])


class SignOut(Schema):
    """One part; `advice` says what to do where it is not well."""

    key: str
    title: str
    standing: Standing
    said: str
    since: datetime | None
    advice: str


class Health(Schema):
    """All parts, the worst first. Something that could not be looked at is unknown, never well."""

    at: datetime
    standing: Annotated[Standing, Field(description="as the worst part")]
    items: list[SignOut]


@router.get("", response=Health, summary="How each part of Tocsin does", auth=TO_READ)
def health_of_all(request: HttpRequest) -> Health:
    """For those with a role in all projects: it names channels and sources."""
    now = database.now()
    found = health.look(now)
    items = [SignOut.model_validate(sign, from_attributes=True) for sign in found]
    return Health(at=now, standing=signs.worst(found), items=items)
