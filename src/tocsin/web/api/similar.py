"""Incidents before that were like one, over the API."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from tocsin.incidents.lifecycle import Status
from tocsin.incidents.models import Incident
from tocsin.web.api.callers import TO_READ
from tocsin.web.api.one import Number
from tocsin.web.pages.analysis import analysis_of
from tocsin.web.pages.similar import similar_to
from tocsin.workflows.similar import Precedent

router = Router(tags=["incidents"])


class PrecedentOut(Schema):
    """An incident before, and why it is thought to be alike."""

    number: int
    id: Annotated[str, Field(examples=["INC-023"])]
    title: str
    status: Status
    triggered_at: datetime
    why: Annotated[list[str], Field(description="what both have in common, the weightiest first")]
    was: Annotated[str, Field(description="its cause, as confirmed or reported; empty: not known")]
    ended_by: Annotated[str, Field(description="what ended it, as somebody said; empty: nobody did")]

    @classmethod
    def of(cls, one: Precedent) -> PrecedentOut:
        """One of those that were found."""
        kept = one.incident
        told = {name: getattr(kept, name) for name in ("title", "status", "triggered_at")}
        why = [row.words for row in one.similar.shared]
        return cls(**told, number=kept.pk, id=kept.name, why=why, was=one.was, ended_by=one.ended_by)


class Precedents(Schema):
    """The most similar ones, the most similar first; five at most."""

    items: list[PrecedentOut]


@router.get("/{number}/similar", response=Precedents, summary="Incidents before that were like it", auth=TO_READ)
def similar(request: HttpRequest, number: Number) -> Precedents:
    """By subject, failed configuration, cause and services, in its project."""
    incident = Incident.objects.get(pk=number)
    return Precedents(items=[PrecedentOut.of(one) for one in similar_to(incident, analysis_of(incident))])
