"""What people write about a run, as its page shows it: each text with who wrote it, or what Tocsin would say itself."""

from __future__ import annotations

from dataclasses import dataclass

from tocsin.deployments.models import Deployment, DeploymentText, Part

_ASKED = {Part.ROLLBACK: "How to go back from this run", Part.LESSONS: "What was learned from this run"}


@dataclass(frozen=True, slots=True)
class ShownText:
    """One text. `generated` is what Tocsin wrote; `kept` what a person made of it, None while nobody did."""

    part: Part
    generated: str
    kept: DeploymentText | None

    @property
    def text(self) -> str:
        """What to show, in Markdown."""
        return self.kept.text if self.kept else self.generated

    @property
    def version(self) -> int:
        """Which one that is; 0 is Tocsin's."""
        return self.kept.version if self.kept else 0

    @property
    def address(self) -> str:
        """The name of the address that it is sent to."""
        return f"deployment-{self.part}"

    @property
    def history(self) -> str:
        """The name of the address of its versions."""
        return f"history-{self.part}"

    @property
    def asked(self) -> str:
        """What is asked for where it is written."""
        return _ASKED[self.part]


def texts_of(run: Deployment) -> list[ShownText]:
    """The texts of a run; one query."""
    newest = {text.part: text for text in DeploymentText.objects.filter(deployment=run).order_by("version")}
    generated = {Part.ROLLBACK: run.rollback}
    return [ShownText(part, generated.get(part, ""), newest.get(part)) for part in Part]
