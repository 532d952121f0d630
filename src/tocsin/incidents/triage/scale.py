"""How a team calls the four severities: in words, or as P1 to P4, P0 to P3, SEV1 to 4. What is stored stays the word. Pure."""

from __future__ import annotations

from enum import StrEnum

from tocsin.incidents.triage.severity import Severity


class Scale(StrEnum):
    """The ways to say it; the value is what is stored."""

    WORDS = "words"
    P1 = "P1-P4"
    P0 = "P0-P3"
    SEV = "SEV1-4"


_PREFIXES = {Scale.P1: ("P", 1), Scale.P0: ("P", 0), Scale.SEV: ("SEV", 1)}


def shown(severity: Severity | str, scale: Scale | str = Scale.WORDS) -> str:
    """A severity as the team says it: “High”, “P2”, “P1”, “SEV2”."""
    severity, scale = Severity(severity), Scale(scale)
    if scale is Scale.WORDS:
        return severity.capitalize()
    prefix, first = _PREFIXES[scale]
    return f"{prefix}{severity.rank + first}"


def read(text: str, scale: Scale | str = Scale.WORDS) -> Severity:
    """The severity that somebody means who uses that scale; the plain words are understood always. Raises ValueError."""
    said = text.strip().lower()
    for severity in Severity:
        if said in (severity.value, shown(severity, scale).lower()):
            return severity
    choices = ", ".join(shown(severity, scale) for severity in Severity)
    raise ValueError(f"“{text}” is no severity: choose one of {choices}")
