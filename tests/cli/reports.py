"""Reports written by hand, for tests of how they read."""

from __future__ import annotations

from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.command import Command, Undo, Verify
from tocsin.investigation.diagnosis.report import Evidence, Hypothesis, Report

POD = "Pod/shop/cart-6d5f-x2k7p"
RAISE = Command(
    argv=("kubectl", "-n", "shop", "set", "resources", "deployment/cart", "--limits=memory=768Mi"),
    purpose="Give cart twice the memory.",
    tier="reversible",
    before="A node must have 384Mi to spare.",
    undo=Undo(("kubectl", "-n", "shop", "set", "resources", "deployment/cart", "--limits=memory=384Mi")),
    verify=Verify(("kubectl", "-n", "shop", "rollout", "status", "deployment/cart"), "successfully rolled out"),
)
LOOK = Command(
    argv=("kubectl", "-n", "shop", "logs", "cart-6d5f-x2k7p", "--previous"),
    purpose="Read the last words of cart.",
    tier="read-only",
)


def hypothesis(**parts: object) -> Hypothesis:
    """A hypothesis about the cart; `parts` replace what is usual."""
    usual: dict[str, object] = {
        "rank": 1,
        "cause": "oom-killed",
        "category": "memory",
        "subject": Subject("Deployment", "shop", "cart"),
        "confidence": 0.93,
        "confidence_label": "high",
        "summary": "cart was killed for memory at its limit of 384Mi.",
        "explanation": "The kernel ends a container that uses more memory than its limit allows.",
        "evidence": (
            Evidence("e1", f"{POD}#/status/containerStatuses/0/lastState/terminated/reason", "OOMKilled", 3.0),
        ),
        "commands": (RAISE,),
    }
    return Hypothesis(**{**usual, **parts})  # type: ignore[arg-type]  # the names and types of a Hypothesis


def report(*hypotheses: Hypothesis, outcome: str = "diagnosed", gaps: tuple[str, ...] = ()) -> Report:
    """A report with these hypotheses, over a pod and a Deployment."""
    examined = (Subject("Deployment", "shop", "cart"), Subject("Pod", "shop", "cart-6d5f-x2k7p"))
    return Report(outcome=outcome, hypotheses=hypotheses, examined=examined, gaps=gaps, took_ms=41)
