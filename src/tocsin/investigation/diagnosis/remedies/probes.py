"""Remedies on probes: more time for an application that answers, but late."""

from tocsin.investigation.diagnosis.evidence import Part
from tocsin.investigation.diagnosis.reading.pods.probing import patience, shown
from tocsin.investigation.diagnosis.remedies.command import Command
from tocsin.investigation.diagnosis.remedies.patches import patch_container
from tocsin.investigation.diagnosis.resources import Workload

_LEAST, _MORE, _TIMEOUT = 60, 3, 5
_AGREED = "the application does answer in the end: its log says so, or a slower start is expected"


def allow_longer(workload: Workload | None, container: str, field: str, probe: Part) -> tuple[Command, ...]:
    """Let a probe fail three times as long before it has the container killed, and for a minute at least."""
    period, delay = probe.number("periodSeconds") or 10, probe.number("initialDelaySeconds") or 0
    seconds = max(_LEAST, _MORE * patience(probe))
    failures = -(-(seconds - delay) // period)
    return patch_container(
        workload,
        container,
        f"{field}/failureThreshold",
        failures,
        purpose=f"let the {shown(field)} of {container} fail for {delay + failures * period} s before it kills",
        before=_AGREED,
    )


def answer_later(workload: Workload | None, container: str, field: str, probe: Part) -> tuple[Command, ...]:
    """Give each answer to a probe five seconds at least, twice as many as it has if that is more."""
    seconds = max(_TIMEOUT, 2 * (probe.number("timeoutSeconds") or 1))
    return patch_container(
        workload,
        container,
        f"{field}/timeoutSeconds",
        seconds,
        purpose=f"give {container} {seconds} s to answer its {shown(field)}",
        before=_AGREED,
    )
