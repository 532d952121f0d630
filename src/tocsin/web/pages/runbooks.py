"""The runbook of an incident: the one that people wrote for it, else that of the service, else the generated one."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tocsin.incidents.models import Incident
from tocsin.investigation.diagnosis.remedies.command import Command
from tocsin.investigation.diagnosis.report import Hypothesis
from tocsin.investigation.models import IncidentRunbook, ServiceRunbook
from tocsin.investigation.runbooks import About, about, of_service


@dataclass(frozen=True, slots=True)
class Runbook:
    """What to show. `text` is in Markdown; `generated` is what Tocsin would say itself, empty without a cause.

    `about` is what it could be promoted for; None where nobody knows.
    """

    text: str
    generated: str
    kept: IncidentRunbook | None
    service: ServiceRunbook | None
    about: About | None

    @property
    def version(self) -> int:
        """Which one of this incident's own is shown; 0 while nobody has edited it."""
        return self.kept.version if self.kept else 0

    @property
    def origin(self) -> str:
        """Where the text is from: incident, service or generated."""
        return "incident" if self.kept else "service" if self.service else "generated"

    @property
    def is_promoted(self) -> bool:
        """Whether the service's runbook is this very text."""
        return self.service is not None and self.service.text == self.text


def runbook_of(incident: Incident, best: Hypothesis | None) -> Runbook | None:
    """The incident's runbook; None where nobody wrote one and no cause is known."""
    kept = IncidentRunbook.objects.filter(incident=incident).first()
    wanted = about(incident, best.cause) if best else None
    service = of_service(wanted) if wanted else None
    generated = written(best) if best else ""
    text = kept.text if kept else service.text if service else generated
    return Runbook(text, generated, kept, service, wanted) if text else None


def written(hypothesis: Hypothesis) -> str:
    """A hypothesis's commands as a runbook in Markdown; empty where it has none."""
    return "\n\n".join(part for number, each in enumerate(hypothesis.commands, 1) for part in _step(number, each))


def _step(number: int, command: Command) -> Iterator[str]:
    yield f"### {number}. {command.purpose[:1].upper()}{command.purpose[1:]}"
    if command.before:
        yield f"Before: {command.before}"
    yield _code(command.argv)
    if command.verify:
        yield f"To verify ({command.verify.expect}):"
        yield _code(command.verify.argv)
    if command.undo:
        yield "To go back:"
        yield _code(command.undo.argv)


def _code(argv: Sequence[str]) -> str:
    return f"```sh\n{shlex.join(argv)}\n```"
