"""A person confirms what Tocsin only supposed: one of a report's hypotheses is the cause."""

from __future__ import annotations

from datetime import datetime

import msgspec

from tocsin.incidents import stating
from tocsin.incidents.changes import BadChange
from tocsin.incidents.statements import Topic
from tocsin.incidents.stating import Words
from tocsin.investigation.diagnosis.report import Hypothesis, Report
from tocsin.investigation.models import StoredReport


def confirm(
    incident_id: int, investigation: int | None, rank: int, *, actor: str, now: datetime, seen: int | None = None
) -> None:
    """Makes a hypothesis the confirmed cause: that of `rank` (1 is the first) in the report of an investigation.

    `investigation` None is the newest with a report; `seen` as in `stating.Words`. Which hypothesis it was is kept beside its
    words. Raises BadChange, BadEdit, Incident.DoesNotExist.
    """
    stored = StoredReport.objects.filter(investigation__incident=incident_id).select_related("investigation")
    if investigation is not None:
        stored = stored.filter(investigation__ordinal=investigation)
    newest = stored.order_by("-investigation__ordinal").first()
    found = next((each for each in _hypotheses(newest) if each.rank == rank), None)
    if newest is None or found is None:
        raise BadChange("There is no such hypothesis (any more): say in your own words what the cause was.")
    reference = {
        "investigation": newest.investigation.ordinal,
        "rank": rank,
        "cause": found.cause,
        "subject": msgspec.to_builtins(found.subject),
        "confidence": found.confidence,
    }
    stating.say(incident_id, {Topic.CAUSE: Words(found.summary, seen, reference)}, actor=actor, now=now)


def _hypotheses(stored: StoredReport | None) -> tuple[Hypothesis, ...]:
    try:
        return Report.from_json(stored.content).hypotheses if stored is not None else ()
    except msgspec.DecodeError:  # written by another version
        return ()
