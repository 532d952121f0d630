"""The run was stopped from outside."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, MODERATE, Citation
from tocsin.investigation.diagnosis.reading.terraform.deployment import Deployment
from tocsin.investigation.diagnosis.reading.terraform.telling import failing, signs
from tocsin.investigation.diagnosis.remedies import terraform
from tocsin.investigation.diagnosis.world import World

_SAID = signs(
    prose=r"execution halted|Interrupt received|Two interrupts received|signal: (?:killed|terminated"
    r"|interrupt)|operation (?:was )?cancel+ed|context canceled",
    unless=r"while waiting for connection",
)
_HOW = {
    "interrupt": "somebody, or the pipeline, interrupted it",
    "killed": "it was killed",
    "timeout": "it ran out of the time that it was given",
}

_UNKNOWN = "its log breaks off: it was stopped from outside, or the log is not complete"


@cause("timeout", needs=("deployment",))
def run_stopped(world: World) -> Iterator[Finding]:
    """The run was ended from outside before it was done.

    A pipeline has a time limit, somebody pressed a key, the machine was taken away or ran out of memory. After one
    interrupt the tool waits for what it has begun and saves the state; killed, it saves nothing, leaves its lock behind,
    and what it had begun exists without the state knowing.

    When it is wrong: an error came first, and the run was stopped because of it.
    """
    deployment = world.deployment
    told = failing(world, _SAID)
    if deployment is None or not (deployment.stopped or deployment.cut_off or told):
        return
    steps = [
        terraform.look(deployment.tool, "state", "list", purpose="see what the state knows of what was begun"),
        terraform.plan(
            deployment.tool, "see what is left to do; what exists without the state knowing is adopted by import"
        ),
    ]
    if lock := deployment.run.lock:
        steps.append(terraform.unlock(deployment.tool, lock))
    left = f"; {deployment.cut_off} was begun and not finished" if deployment.cut_off else ""
    summary = f"{deployment.subject.name}: {_HOW.get(deployment.stopped, _UNKNOWN)}{left}"
    if told:
        yield told.finding(summary, steps)
    else:
        yield Finding(deployment.subject, summary, [_stopped(deployment)], steps)


def _stopped(deployment: Deployment) -> Citation:
    """Cite how it was stopped, where that was recorded; else the line with which the log breaks off."""
    section, about = deployment.section, deployment.subject
    if section.interrupted:
        return Citation("deployment#/interrupted", section.interrupted, CONCLUSIVE, about)
    if deployment.stopped and not deployment.run.interrupted:
        return Citation("deployment#/exit_code", section.exit_code, CONCLUSIVE, about)
    told = [at for at, line in enumerate(deployment.lines, 1) if line.strip()]
    weight = CONCLUSIVE if deployment.stopped else MODERATE
    return Citation(f"deployment/log#L{told[-1]}", deployment.lines[told[-1] - 1].strip()[:200], weight, about)
