"""An incident's latest investigation as a case, to be replayed and scored anywhere."""

from __future__ import annotations

import gzip

import msgspec

from tocsin.incidents.lifecycle import incident_name
from tocsin.investigation.diagnosis.evaluation.cases import Blamed, Case, Truth
from tocsin.investigation.diagnosis.report import Report
from tocsin.investigation.models import StoredReport, StoredSnapshot


def case_of(incident_id: int, causes: tuple[str, ...], blamed: Blamed | None) -> Case:
    """Return the case: the snapshot as it was stored (redacted), with what a person says is true.

    Without `causes` the report of the time is taken for it, and the truth's basis says so. Raises LookupError when
    nothing is stored.
    """
    snapshots = StoredSnapshot.objects.filter(investigation__incident_id=incident_id)
    stored = snapshots.order_by("-investigation__ordinal").first()
    if stored is None:
        raise LookupError(
            f"{incident_name(incident_id)} has no stored snapshot: no such incident, or not looked into yet"
        )
    told = StoredReport.objects.filter(investigation_id=stored.investigation_id).first()
    truth = _truth(Report.from_json(told.content) if told else None, causes, blamed)
    label = truth.causes[0] if truth and truth.causes else truth.outcome if truth else ""
    snapshot = msgspec.Raw(gzip.decompress(bytes(stored.content)))
    return Case(incident_name(incident_id), snapshot, truth, label)


def _truth(report: Report | None, causes: tuple[str, ...], blamed: Blamed | None) -> Truth | None:
    top = report.hypotheses[0] if report and report.hypotheses else None
    if blamed is None and top:
        blamed = Blamed(top.subject.name, top.subject.kind, top.subject.namespace)
    subjects = (blamed,) if blamed else ()
    if causes:
        return Truth("diagnosed", causes, subjects)
    if report and report.outcome == "healthy":
        return Truth("healthy", basis="report")
    return Truth("diagnosed", (top.cause,), subjects, "report") if top else None
