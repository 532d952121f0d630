"""Argument lists of kubectl: one place that knows how objects are named to it."""

from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.command import Command, Verify


def kubectl(*words: str, of: Subject) -> tuple[str, ...]:
    """Return an argument list in the namespace of an object."""
    return ("kubectl", *(("-n", of.namespace) if of.namespace else ()), *words)


def target(subject: Subject) -> str:
    """Name an object as kubectl takes it: kind/name."""
    return f"{subject.kind.lower()}/{subject.name}"


def look(*words: str, of: Subject, purpose: str) -> Command:
    """Build a command that only reads."""
    return Command(kubectl(*words, of=of), purpose, "read-only")


def rollout_done(workload: Subject) -> Verify:
    """Wait for a workload to be as its specification wants it."""
    return Verify(
        kubectl("rollout", "status", target(workload), "--timeout=5m", of=workload), "successfully rolled out"
    )
