"""Incidents before that were like one, as its page and the API show them."""

from __future__ import annotations

from tocsin.incidents.models import Incident
from tocsin.web.pages.analysis import Analysis
from tocsin.workflows.similar import Precedent, precedents


def similar_to(incident: Incident, analysis: Analysis) -> list[Precedent]:
    """The most similar ones; by the cause too where one was found."""
    is_diagnosed = analysis.report is not None and analysis.report.outcome == "diagnosed"
    return precedents(incident.pk, analysis.best.cause if is_diagnosed and analysis.best else "")
