"""Remedies on HorizontalPodAutoscalers: other bounds, another target, a slower way down."""

from typing import Any

from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.command import Command, Verify
from tocsin.investigation.diagnosis.remedies.kubectl import kubectl, target
from tocsin.investigation.diagnosis.remedies.patches import patch


def raise_maximum(scaler: Subject, old: int, new: int) -> Command:
    """Let an autoscaler run more replicas."""
    return patch(
        scaler,
        "/spec/maxReplicas",
        old,
        new,
        purpose=f"let {scaler.name} run up to {new} replicas",
        before="the nodes have room for them, and what they call can bear more load",
        verify=_look(scaler, "TARGETS at or below the wanted value after some minutes"),
    )


def retarget(scaler: Subject, old: str, new: str) -> Command:
    """Point an autoscaler at another workload."""
    return patch(
        scaler,
        "/spec/scaleTargetRef/name",
        old,
        new,
        purpose=f"let {scaler.name} scale {new}",
        before=f"{new} is what {old} was renamed to",
        verify=_look(scaler, "a value instead of <unknown> under TARGETS"),
    )


def scale_down_slowly(scaler: Subject, old: Any, seconds: int) -> Command:
    """Let an autoscaler take replicas away only after demand was low for a while."""
    return patch(
        scaler,
        "/spec/behavior",
        old,
        {**(old or {}), "scaleDown": {**(old or {}).get("scaleDown", {}), "stabilizationWindowSeconds": seconds}},
        purpose=f"take replicas away only after {seconds} s of less demand",
        before="the demand itself goes up and down, not only its measurement",
        verify=_look(scaler, "REPLICAS that stay the same for some minutes"),
    )


def _look(scaler: Subject, expect: str) -> Verify:
    return Verify(kubectl("get", target(scaler), of=scaler), expect)
