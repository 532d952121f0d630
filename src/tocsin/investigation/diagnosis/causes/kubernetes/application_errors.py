"""An application that says in its log that it fails, and nothing else explains why."""

import re
from collections.abc import Iterator, Sequence

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import MODERATE, STRONG, WEAK
from tocsin.investigation.diagnosis.excerpts import opening
from tocsin.investigation.diagnosis.reading.logs.lines import Line
from tocsin.investigation.diagnosis.remedies.workloads import read_logs
from tocsin.investigation.diagnosis.resources import Container, Pod
from tocsin.investigation.diagnosis.symptoms import replaced
from tocsin.investigation.diagnosis.world import World

# Levels as logging libraries write them, uncaught exceptions as runtimes do, and networks that report a loss.
_ERROR = re.compile(
    r"\b(?:ERROR|FATAL|CRITICAL|SEVERE|PANIC)\b|\[(?:error|crit|alert|emerg|fatal)\]|^[EF]\d{4} "
    r"|\blevel[\"']?[=:] ?[\"']?(?:error|fatal|critical|panic)\b"
    r"|Exception in thread |Traceback \(most recent call last\)|^panic: |^\s*(?:[\w$]+\.)*[A-Z]\w*(?:Exception|Error)(?::|$)"
    r"|(?i:\b(?:peer|link|neighbou?r|interface|tunnel|session|uplink)\b.{0,30}\b(?:is |went |goes )?down\b)"
)
_CHANGING = re.compile(r"\S*\d\S*|\"[^\"]*\"|'[^']*'")
# Kinds are told apart by how lines begin.
_BEGINNING = 400
_LATEST, _KINDS, _CITED, _WORDS = 100, 3, 4, 16
# A program that says next to nothing may well say only what went wrong.
_MOSTLY, _FEW = 0.5, 10


@cause("application", needs=("Pod", "logs"), own=False)
def application_errors(world: World) -> Iterator[Finding]:
    """An application reports errors of its own, and hardly anything else; or it reports them while it does not serve.

    Kubernetes sees a container that runs. What is wrong is known to the program alone: a query that is wrong, a peer
    that went away, an exception that nobody expected. Its lines say which, each kind of them is shown once.

    When it is wrong: it says so while it does its work, and the errors are those of its callers.
    """
    for pod in world.pods:
        if replaced(pod, world.inventory):
            continue
        workload = world.workload(pod.subject)
        lacking = not pod.ready or bool(workload and workload.lacking)
        for container in pod.containers:
            kinds = _kinds(world.current_complaints(pod, container))
            said = _said(world, pod, container)
            mostly = sum(map(_is_error, said)) >= _MOSTLY * max(len(said), 1)
            if not kinds or not (lacking or mostly):
                continue
            last = kinds[-1].text.strip()
            more = f" and errors of {len(kinds) - 1} more kinds" if len(kinds) > 1 else ""
            many = len(kinds) >= _KINDS and len(said) >= _FEW
            weight = STRONG if mostly and (many or lacking) else MODERATE if mostly else WEAK
            yield Finding(
                world.controller(pod),
                f"{container.name} in {pod.name} reports “{opening(last)}”{more}",
                cites=[line.cite(weight) for line in kinds[-_CITED:]],
                remedies=[read_logs(pod.subject, container.name)],
            )


def _kinds(lines: Sequence[Line]) -> list[Line]:
    """Return the last error of each kind: those whose beginnings differ in more than names and numbers."""
    found = (line for line in lines if _ERROR.search(line.text))
    last = {" ".join(_CHANGING.sub("#", line.text[:_BEGINNING]).split()[:_WORDS]): line for line in found}
    return sorted(last.values(), key=lambda line: line.number)


def _said(world: World, pod: Pod, container: Container) -> list[str]:
    """Return what a container said last."""
    log = world.snapshot.logs.get(pod.log_of(container.name))
    return [line for line in log.lines("current")[-_LATEST:] if line.strip()] if log else []


def _is_error(line: str) -> bool:
    return bool(_ERROR.search(line))
