"""The runbook of an incident: the one that people wrote for it, else that of the service, else the generated one."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tocsin.incidents.models import Incident
from tocsin.investigation.diagnosis.report import Report
from tocsin.investigation.diagnosis.runbook import Runbook, Step, runbook
from tocsin.investigation.models import RunbookVersion, ServiceRunbook
from tocsin.investigation.runbooks import About, about, of_incident, of_service

# What a report on a deployment is about; a generated runbook speaks of runs and plans.
_OF_DEPLOYMENTS = ("Resource", "Run")
_SPECIAL = re.compile(r"[\\`*_\[\]<>~#|]")


@dataclass(frozen=True, slots=True)
class ShownRunbook:
    """What to show. `text` is in Markdown, empty where there is none yet; `generated` is what Tocsin would say itself.

    `about` is what it could be promoted for; None where nobody knows.
    """

    text: str
    generated: str
    kept: RunbookVersion | None
    service: ServiceRunbook | None
    about: About | None

    @property
    def version(self) -> int:
        """Which one of this incident's own is shown; 0 while nobody has edited it."""
        return self.kept.version if self.kept else 0

    @property
    def origin(self) -> str:
        """Where the text is from: incident, service, generated, or none."""
        if self.kept:
            return "incident"
        return "service" if self.service else "generated" if self.generated else "none"

    @property
    def is_promoted(self) -> bool:
        """Whether the service's runbook is this very text."""
        return self.service is not None and self.service.text == self.text


def runbook_of(incident: Incident, report: Report | None) -> ShownRunbook:
    """The incident's runbook."""
    best = report.hypotheses[0] if report and report.outcome == "diagnosed" else None
    kept = of_incident(incident).first()
    wanted = about(incident, best.cause) if best else None
    service = of_service(wanted).first() if wanted else None
    made = runbook(report) if report and best and best.subject.kind in _OF_DEPLOYMENTS else None
    generated = written(made) if made else ""
    text = kept.text if kept else service.text if service else generated
    return ShownRunbook(text, generated, kept, service, wanted)


def written(made: Runbook) -> str:
    """A generated runbook as Markdown that people can go on with."""
    return "\n\n".join(part for number, step in enumerate(made.steps, 1) for part in _step(number, step))


def _step(number: int, step: Step) -> Iterator[str]:
    yield f"### {number}. {_escaped(step.title)}"
    yield from map(_code, step.commands)
    if step.expect:
        yield f"**Expect:** {_escaped(step.expect)}"
    if step.verify:
        yield "**To verify:**"
        yield _code(step.verify)
    if step.back:
        yield "**To go back:**"
        yield _code(step.back)
    if step.stop:
        yield f"**When to stop:** {_escaped(step.stop)}"


def _code(argv: Sequence[str]) -> str:
    line = shlex.join(argv)
    fence = "`" * max([3, *(1 + len(run) for run in re.findall("`+", line))])
    return f"{fence}sh\n{line}\n{fence}"


def _escaped(text: str) -> str:
    """Text in one line in which nothing formats: what a log says must read as it stands there."""
    return _SPECIAL.sub(r"\\\g<0>", " ".join(text.split()))
