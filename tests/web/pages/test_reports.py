"""The page shows whatever a cause can say: its own world's report, with its drawing, and each piece of evidence opens."""

from __future__ import annotations

import gzip
from urllib.parse import quote

import pytest
from django.test import Client

from tests.investigation.suite import fires
from tests.web.pages.stored import store_investigation
from tocsin.incidents.models import Incident
from tocsin.investigation.diagnosis import diagnose, parse_snapshot
from tocsin.investigation.diagnosis.cause import catalogue
from tocsin.investigation.models import StoredSnapshot

# What they blame is no object of the snapshot; the last ones cite an event, a metric, a probe, a line of a log.
ODD = (
    "external-host-unreachable",
    "alert-fires-by-design",
    "controller-manager-down",
    "node-disk-pressure",
    "network-delay",
)
NAMES = [cause.name for cause in catalogue() if cause.name in ODD] + [cause.name for cause in catalogue()][::24]


@pytest.mark.parametrize("name", sorted(set(NAMES)))
def test_the_report_of_a_cause_is_shown_and_its_evidence_opens(browser: Client, incident: Incident, name: str) -> None:
    cause = next(cause for cause in catalogue() if cause.name == name)
    document = next(iter(fires(cause).values()))
    report = diagnose(parse_snapshot(document))
    stored = store_investigation(incident, report)
    StoredSnapshot.objects.filter(investigation=stored).update(content=gzip.compress(document))
    assert browser.get(f"/incidents/{incident.pk}").status_code == 200
    for piece in report.hypotheses[0].evidence:
        assert browser.get(f"/incidents/{incident.pk}/evidence/1?ref={quote(piece.ref)}").status_code == 200
