"""What Tocsin found about an incident: the newest report, and the investigation that goes on or failed since."""

from __future__ import annotations

import gzip
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

import msgspec
from django.db.models import Case, TextField, Value, When

from tocsin.incidents.models import Incident
from tocsin.investigation.diagnosis.inventory import Inventory
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.report import Hypothesis, Report
from tocsin.investigation.diagnosis.snapshot import Snapshot, parse_snapshot
from tocsin.investigation.diagnosis.topology import Topology
from tocsin.investigation.models import Investigation, StoredReport, StoredSnapshot
from tocsin.web.pages.drawing import Drawing, draw
from tocsin.web.pages.graph import CAUSE


@dataclass(frozen=True, slots=True)
class Analysis:
    """`newest` is the last investigation asked for; `reported` the last that has a report, often the same."""

    newest: Investigation | None
    reported: Investigation | None
    report: Report | None
    drawing: Drawing | None

    @property
    def state(self) -> str:
        """The report's outcome (diagnosed, inconclusive, healthy) or unreadable; without one pending, running or failed."""
        if self.reported is not None:
            return self.report.outcome if self.report is not None else "unreadable"
        return self._progress or "pending"

    @property
    def newer(self) -> str:
        """How a newer investigation than the reported one is doing: pending, running, failed; empty when there is none."""
        return self._progress if self.reported is not None and self.newest != self.reported else ""

    @property
    def _progress(self) -> str:
        if self.newest is None:
            return ""
        if self.newest.error:
            return "failed"
        return "running" if self.newest.started_at else "pending"

    @property
    def version(self) -> str:
        """Changes when there is something else to show."""
        return f"{self.newest.ordinal if self.newest else 0}-{self.state}-{self.newer}"

    @property
    def best(self) -> Hypothesis | None:
        """The first hypothesis."""
        return self.report.hypotheses[0] if self.report and self.report.hypotheses else None

    @property
    def others(self) -> tuple[Hypothesis, ...]:
        """The hypotheses after the first."""
        return self.report.hypotheses[1:] if self.report else ()


def analysis_of(incident: Incident) -> Analysis:
    """What there is to say about an incident; a query, one more while a newer investigation goes on, one to draw it first."""
    investigations = incident.investigations.select_related("report").order_by("-ordinal")
    newest = reported = investigations.first()
    if newest is not None and not hasattr(newest, "report"):
        reported = investigations.filter(report__isnull=False).first()
    if reported is None:
        return Analysis(newest, None, None, None)
    try:
        report = Report.from_json(reported.report.content)
    except msgspec.DecodeError:  # written by another version; the page must show the rest of the incident all the same
        return Analysis(newest, reported, None, None)
    is_known = report.outcome == "diagnosed"
    subject = report.hypotheses[0].subject if is_known else _subject(incident)
    drawing = _drawn(reported.pk, subject, CAUSE if is_known else "alert") if subject else None
    return Analysis(newest, reported, report, drawing)


def _subject(incident: Incident) -> Subject | None:
    about = incident.subject
    if not (about.get("kind") and about.get("name")):
        return None
    return Subject(about["kind"], about.get("namespace") or "", about["name"])


def snapshot_of(investigation_id: int) -> Snapshot | None:
    """What an investigation read; None where nothing was stored."""
    stored = StoredSnapshot.objects.filter(investigation=investigation_id).first()
    return parse_snapshot(gzip.decompress(stored.content)) if stored else None


@lru_cache(maxsize=128)  # a snapshot never changes, and reading one costs more than all the rest of the page
def _drawn(investigation_id: int, subject: Subject, mark: str) -> Drawing | None:
    snapshot = snapshot_of(investigation_id)
    if snapshot is None or not snapshot.objects:
        return None
    drawing = draw(Topology(Inventory(snapshot)), subject, mark)
    return drawing if len(drawing.boxes) > 1 else None


class _Gaps(msgspec.Struct):
    gaps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a report says in one line. `gaps`: how many things could not be read; None where that can't be told any more."""

    outcome: str
    summary: str
    confidence: float | None
    gaps: int | None


def newest_verdicts(incident_ids: Collection[int]) -> dict[int, Verdict]:
    """What the newest report of each incident that has one says; one query, which reads in full only reports of good health."""
    reports = (
        StoredReport.objects.filter(investigation__incident__in=incident_ids)
        .order_by("investigation__incident", "-investigation__ordinal")
        .distinct("investigation__incident")
        .annotate(
            healthy_content=Case(When(outcome="healthy", then="content"), default=Value("{}"), output_field=TextField())
        )
        .values_list("investigation__incident", "outcome", "summary", "confidence", "healthy_content")
    )
    return {
        incident: Verdict(outcome, summary, confidence, _gaps(content))
        for incident, outcome, summary, confidence, content in reports
    }


def _gaps(content: str) -> int | None:
    try:
        return len(msgspec.json.decode(content, type=_Gaps).gaps)
    except msgspec.DecodeError:  # written by another version
        return None
