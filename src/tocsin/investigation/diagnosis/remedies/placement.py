"""Remedies for where the pods of a workload may run, and for the volumes that tie them to a place."""

from typing import Any

from tocsin.investigation.diagnosis.evidence import Part
from tocsin.investigation.diagnosis.reference import Subject, escape
from tocsin.investigation.diagnosis.remedies.command import Command
from tocsin.investigation.diagnosis.remedies.kubectl import rollout_done
from tocsin.investigation.diagnosis.remedies.patches import patch, patch_template
from tocsin.investigation.diagnosis.resources import Workload

_TEMPLATED = ("Deployment", "StatefulSet", "DaemonSet")


def select_nodes(workload: Subject, key: str, old: str, new: str) -> tuple[Command, ...]:
    """Let a workload's node selector ask for another value of a label."""
    return _templated(
        workload,
        f"nodeSelector/{escape(key)}",
        old,
        new,
        purpose=f"let {workload.name} run on nodes labelled {key}={new}",
        before=f"the nodes labelled {key}={new} are the ones that were meant",
    )


def spread_if_possible(workload: Subject, index: int) -> tuple[Command, ...]:
    """Make a topology spread constraint, counted from 0, a wish instead of a condition."""
    return _templated(
        workload,
        f"topologySpreadConstraints/{index}/whenUnsatisfiable",
        "DoNotSchedule",
        "ScheduleAnyway",
        purpose=f"let {workload.name} run unevenly where it cannot be spread",
        before="it may lose more at once when a zone or node fails; changing the template starts a rollout",
    )


def mount_claim(workload: Subject, volume: int, old: str, new: str) -> tuple[Command, ...]:
    """Let a volume of a workload, counted from 0, be another claim."""
    return _templated(
        workload,
        f"volumes/{volume}/persistentVolumeClaim/claimName",
        old,
        new,
        purpose=f"let {workload.name} mount claim {new}",
        before=f"claim {new} holds the data of {workload.name}",
    )


def tolerate(workload: Workload, taint: Part) -> tuple[Command, ...]:
    """Let a workload's pods run on nodes with a taint."""
    old = workload.get("spec/template/spec/tolerations")
    fields = {field: taint.text(field) for field in ("key", "value", "effect") if taint.text(field)}
    new = {"operator": "Equal" if "value" in fields else "Exists"} | fields
    return _templated(
        workload.subject,
        "tolerations",
        old,
        [*(old or ()), new],
        purpose=f"let {workload.name} run on nodes with the taint {taint.text('key')}",
        before=f"the nodes with that taint are meant for {workload.name} too",
    )


def recreate(workload: Workload) -> tuple[Command, ...]:
    """Let a Deployment end its old pod before it makes the new one; it does not serve in between."""
    if workload.kind != "Deployment":
        return ()
    old = workload.get("spec/strategy")
    return (
        patch(
            workload.subject,
            "/spec/strategy",
            old,
            {"type": "Recreate"},
            purpose=f"end the old pod of {workload.name} before the new one is made",
            before="it may be away for the time of a restart",
            verify=rollout_done(workload.subject),
        ),
    )


def _templated(workload: Subject, path: str, old: Any, new: Any, *, purpose: str, before: str) -> tuple[Command, ...]:
    if workload.kind not in _TEMPLATED:
        return ()
    return (patch_template(workload, path, old, new, purpose=purpose, before=before),)
