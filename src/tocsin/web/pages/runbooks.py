"""The runbook of an incident: the one that people wrote for it, else that of the service, else the generated one."""

from __future__ import annotations

from dataclasses import dataclass

from tocsin.incidents.models import Incident
from tocsin.investigation.diagnosis.report import Report
from tocsin.investigation.diagnosis.runbook import runbook, runbook_text
from tocsin.investigation.models import RunbookVersion, ServiceRunbook
from tocsin.investigation.runbooks import About, about, of_incident, of_service

# What a report on a deployment is about; a generated runbook speaks of runs and plans.
_OF_DEPLOYMENTS = ("Resource", "Run")


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
    generated = runbook_text(made) if made else ""
    text = kept.text if kept else service.text if service else generated
    return ShownRunbook(text, generated, kept, service, wanted)
