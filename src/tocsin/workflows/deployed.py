"""The snapshot of an incident that a deployment opened: the run itself, as it was kept, is the world to look at."""

from __future__ import annotations

import gzip
from typing import Any

import msgspec

from tocsin.deployments.models import DeploymentRecord
from tocsin.ground.redaction import redact_json
from tocsin.incidents.models import Incident, IncidentDeployment
from tocsin.investigation.collectors.reading import FORMAT

_NEWEST_FAILED = {"role": IncidentDeployment.Role.FAILED, "deployment__record__isnull": False}


def snapshot(incident: Incident, alert: dict[str, Any], key: bytes) -> bytes | None:
    """A tocsin-snapshot/1 of the incident's newest failed run; None where it has none of which more is kept than a line."""
    newest = incident.incident_deployments.filter(**_NEWEST_FAILED).order_by("-deployment_id").first()
    if newest is None:
        return None
    record = DeploymentRecord.objects.select_related("deployment").get(pk=newest.deployment_id)
    section = msgspec.json.decode(gzip.decompress(record.section), type=dict[str, msgspec.Raw])
    log = gzip.decompress(record.log).decode("utf-8", "surrogateescape")
    document = {
        "format": FORMAT,
        "captured_at": record.deployment.finished_at or record.deployment.received_at,
        "origin": f"deployment {record.deployment_id}",
        "alert": redact_json({**alert, "resource": None}, key),  # what failed in the run is for the diagnosis to say
        "deployment": {**section, "log": log},
    }
    return msgspec.json.encode(document)
