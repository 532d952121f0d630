"""The snapshot of an incident that a deployment opened: the run itself, as it was kept, is the world to look at."""

from __future__ import annotations

import gzip
from typing import Any

import msgspec

from tocsin.catalog.models import Cluster
from tocsin.deployments.models import Deployment, DeploymentRecord
from tocsin.ground.redaction import redact_json
from tocsin.incidents.models import Incident, IncidentDeployment
from tocsin.investigation.collectors.reading import FORMAT
from tocsin.investigation.diagnosis import diagnose, parse_snapshot

# The section of gaps that tell of runs which failed after the one that is looked at, and do not say why.
SINCE = "runs since"
# So many of the newest runs are asked for one that tells why it failed.
_MOST = 5


def snapshot(incident: Incident, alert: dict[str, Any], key: bytes) -> bytes | None:
    """A tocsin-snapshot/1 of an incident's failed run; None where it has none, or a cluster tells more than its sender.

    Of several it is the newest of which a cause can be named: a later one that explains nothing takes no answer away. It
    is told among the gaps, under `SINCE`. Where none tells anything, it is the newest.
    """
    failed = incident.incident_deployments.filter(role=IncidentDeployment.Role.FAILED).order_by("-deployment_id")
    kept = failed.filter(deployment__record__isnull=False).values_list("deployment", flat=True)
    told = DeploymentRecord.objects.select_related("deployment").in_bulk(list(kept[:_MOST]))
    records = [told[pk] for pk in sorted(told, reverse=True)]
    silent: list[Deployment] = []
    for record in records:
        document = _document(record, alert, key, silent)
        if len(records) == 1 or diagnose(parse_snapshot(document)).hypotheses:
            return document
        silent.append(record.deployment)
    if records:
        return _document(records[0], alert, key, [])
    newest = failed.select_related("deployment__source").first()
    has_cluster = Cluster.objects.filter(environment=incident.environment_id).exists()
    return _notice(newest.deployment, alert, key) if newest and not has_cluster else None


def _notice(run: Deployment, alert: dict[str, Any], key: bytes) -> bytes:
    """A run of which its sender told no more than how it ended."""
    where = f"; look at {run.url}" if run.url else ""
    why = f"{run.source.name} told how it ended, not what it printed{where}"
    section = {name: getattr(run, name) for name in ("tool", "command", "workspace", "repository", "commit", "url")}
    document = {
        "format": FORMAT,
        "captured_at": run.finished_at or run.received_at,
        "origin": f"deployment {run.pk}",
        "alert": redact_json({**alert, "resource": None}, key),
        "deployment": {**section, "exit_code": run.exit_code, "log": ""},
        "gaps": [{"what": "the output of the run", "why": why, "section": "deployment"}],
    }
    return msgspec.json.encode(document)


def _document(record: DeploymentRecord, alert: dict[str, Any], key: bytes, silent: list[Deployment]) -> bytes:
    section = msgspec.json.decode(gzip.decompress(record.section), type=dict[str, msgspec.Raw])
    log = gzip.decompress(record.log).decode("utf-8", "surrogateescape")
    document = {
        "format": FORMAT,
        "captured_at": record.deployment.finished_at or record.deployment.received_at,
        "origin": f"deployment {record.deployment_id}",
        "alert": redact_json({**alert, "resource": None}, key),  # what failed in the run is for the diagnosis to say
        "deployment": {**section, "log": log},
        "gaps": [{"what": _named(run), "why": _why(run), "section": SINCE} for run in silent],
    }
    return msgspec.json.encode(document)


def _named(run: Deployment) -> str:
    return f"{run.tool} {run.command}".strip() + f" of {run.configuration} (run {run.run})"


def _why(run: Deployment) -> str:
    return f"it failed since, and nothing that it left tells why ({run.reason})"
