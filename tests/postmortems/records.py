"""Records of incidents, from nothing known to all of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests.web.pages.stored import make_hypothesis
from tocsin.postmortems.record import Line, Record, Run, Todo, Told

BEGAN = datetime(2026, 3, 1, 2, 55, tzinfo=UTC)


def after(minutes: int) -> datetime:
    """So long after the first sign."""
    return BEGAN + timedelta(minutes=minutes)


def bare(**values: object) -> Record:
    """An incident of which only the outline is known."""
    known: dict[str, object] = {
        "name": "INC-023",
        "title": "Checkout is down",
        "severity": "critical",
        "place": "shop/production",
        "resolution": "",
        "began_at": BEGAN,
        "triggered_at": after(2),
    }
    return Record(**(known | values))  # type: ignore[arg-type]  # as each test says


def full(**values: object) -> Record:
    """An incident that was alerted, diagnosed, worked on and resolved."""
    known: dict[str, object] = {
        "resolution": "fixed",
        "acknowledged_at": after(7),
        "mitigating_at": after(12),
        "resolved_at": after(49),
        "alert": "KubePodCrashLooping (alertmanager)",
        "closing": "raised the limit",
        "closed_by": "alice",
        "services": (("cart", "the cause is here"), ("checkout", "needs cart")),
        "hypothesis": make_hypothesis(),
        "diagnosed_at": after(3),
        "gaps": ("logs: 403 from the API server",),
        "runs": (Run("terraform apply of network", "failed", "ci", after(-5), "the range is taken"),),
        "actions": (Todo("ACTION-INC023-1", "Alert on memory", "bob", "2026-03-08", "open"),),
        "lines": (
            Line(after(2), "opened", "tocsin", "Opened by an alert."),
            Line(after(3), "triage", "tocsin", "Class capacity: memory."),
            *(Line(after(4), "alert", "tocsin", f"Alert {number} fires.") for number in range(60)),
            Line(after(7), "status", "alice", "triggered → acknowledged."),
            Line(after(20), "note", "bob", "The cache\nnever shrinks."),
            Line(after(30), "clock", "tocsin", "Acknowledgement breached: nobody has acknowledged it in time."),
            Line(after(49), "status", "alice", "mitigating → resolved (fixed): raised the limit"),
            Line(after(90), "status", "alice", "resolved → postmortem."),
        ),
    }
    return bare(**(known | values))


TOLD = Told(
    cause="An unbounded cache.",
    cause_by="alice",
    trigger="The sale began.",
    impact=(("users", "a third could not pay"),),
    detected="A customer called",
    ai="Unrelated.",
)
