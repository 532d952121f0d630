"""The report: what people and programs read of a diagnosis. Its JSON form is `schemas/report.json`."""

import msgspec

from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.command import Command


class Evidence(msgspec.Struct, frozen=True):
    """A cited value: `ref` opens it in the snapshot, `weight` is what it adds to the log-odds (nats)."""

    id: str
    ref: str
    value: str | int | float | bool | None
    weight: float


class Hypothesis(msgspec.Struct, frozen=True):
    """One cause claimed of one subject, with everything that speaks for and against it.

    `explains` are symptoms; `folded` are findings of other causes that this one brings about.
    `reckoning` are the lines of the log-odds sum, in nats, in the order in which they were added.
    """

    rank: int
    cause: str
    category: str
    subject: Subject
    confidence: float
    confidence_label: str
    summary: str
    explanation: str
    evidence: tuple[Evidence, ...]
    against: tuple[Evidence, ...] = ()
    explains: tuple[str, ...] = ()
    folded: tuple[str, ...] = ()
    contributing: tuple[str, ...] = ()
    commands: tuple[Command, ...] = ()
    reckoning: tuple[str, ...] = ()


class Report(msgspec.Struct, frozen=True):
    """The answer: `outcome` is diagnosed, inconclusive or healthy; `gaps` is what could not be looked at.

    `elsewhere` is what is wrong too, where it cannot be to blame for what was asked about.
    """

    outcome: str
    hypotheses: tuple[Hypothesis, ...] = ()
    examined: tuple[Subject, ...] = ()
    gaps: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    took_ms: int = 0
    elsewhere: tuple[str, ...] = ()

    def to_json(self) -> bytes:
        """Encode in the form that `--output json` prints and the database keeps."""
        return msgspec.json.encode(self)

    @classmethod
    def from_json(cls, data: bytes | str) -> "Report":
        """Decode what `to_json` wrote; raises msgspec.DecodeError on anything else."""
        return msgspec.json.decode(data, type=cls)


def label(confidence: float) -> str:
    """Name a probability as people say it: high from 0.85, medium from 0.6, else low."""
    return "high" if confidence >= 0.85 else "medium" if confidence >= 0.6 else "low"
