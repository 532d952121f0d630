"""Argument lists of kubectl: one place that knows how objects are named to it."""

from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.command import Command, Verify
from tocsin.investigation.diagnosis.stored import CLUSTER_SCOPED

_SHORT = ("csr", "ns", "pc", "pv", "sc")
_WHOLE_CLUSTER = {*_SHORT, *(word for kind in CLUSTER_SCOPED for word in (kind.lower(), f"{kind.lower()}s"))}
_WHOLE_CLUSTER |= {"ingressclasses", "priorityclasses", "runtimeclasses", "storageclasses"}


def kubectl(*words: str, of: Subject) -> tuple[str, ...]:
    """Return an argument list in the namespace of an object; without one for what belongs to the whole cluster."""
    within = of.namespace and "-A" not in words and not _whole_cluster(words)
    return ("kubectl", *(("-n", of.namespace) if within else ()), *words)


def _whole_cluster(words: tuple[str, ...]) -> bool:
    asked = words[1].partition("/")[0].split(",") if len(words) > 1 else [""]
    return all(kind in _WHOLE_CLUSTER for kind in asked)


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
