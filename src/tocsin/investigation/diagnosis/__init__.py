"""From a snapshot to a report: pure, typed, no Django and no client library."""

from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.report import Report
from tocsin.investigation.diagnosis.snapshot import Snapshot, SnapshotError, parse_snapshot
from tocsin.investigation.diagnosis.steps import diagnose

__all__ = ["Report", "Snapshot", "SnapshotError", "Subject", "diagnose", "parse_snapshot"]
