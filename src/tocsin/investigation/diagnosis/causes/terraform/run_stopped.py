"""The run was stopped from outside."""

import re
from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.deployment import Deployment
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, Citation
from tocsin.investigation.diagnosis.remedies import terraform
from tocsin.investigation.diagnosis.telling import failing, signs
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
    if deployment is None or not (deployment.stopped or told):
        return
    steps = [
        terraform.look(deployment.tool, "state", "list", purpose="see what the state knows of what was begun"),
        terraform.plan(
            deployment.tool, "see what is left to do; what exists without the state knowing is adopted by import"
        ),
    ]
    if lock := deployment.run.lock:
        steps.append(terraform.unlock(deployment.tool, lock))
    begun = [
        event.address
        for event in deployment.run.events
        if event.state == "started" and event.action not in ("read", "refresh")
    ]
    left = f"; begun and not finished: {', '.join(begun[:3])}" if begun else ""
    summary = f"{deployment.subject.name}: {_HOW.get(deployment.stopped, 'it was stopped from outside')}{left}"
    if told:
        yield told.finding(summary, steps)
    else:
        yield Finding(deployment.subject, summary, [_stopped(deployment)], steps)


def _stopped(deployment: Deployment) -> Citation:
    if deployment.section.interrupted:
        return Citation("deployment#/interrupted", deployment.section.interrupted, CONCLUSIVE, deployment.subject)
    number = next(
        (at for at, line in enumerate(deployment.lines, 1) if re.search(r"nterrupt|Terminated|Killed|cancel", line)),
        len(deployment.lines),
    )
    return Citation(f"deployment/log#L{number}", deployment.lines[number - 1], CONCLUSIVE, deployment.subject)
