"""What an incident's page shows of its calls: who was told, who is next, or why nobody is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tocsin.incidents.lifecycle import Status, is_open
from tocsin.incidents.models import Incident, TimelineEntry
from tocsin.oncall import escalation
from tocsin.oncall.escalation import Step, Wanted
from tocsin.oncall.escalations import Escalation, EscalationCall, EscalationPolicy
from tocsin.workflows import escalating

MOST_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Called:
    """The newest run of an incident: its calls, newest first, what comes next and when; `nobody` says why no one is called."""

    run: Escalation | None
    calls: list[EscalationCall]
    earlier: list[EscalationCall]
    next_step: Step | None
    next_at: datetime | None
    standing: str
    nobody: str
    is_alarm: bool

    @property
    def version(self) -> str:
        """Changes when there is something else to show."""
        ended = self.run.ended_at.timestamp() if self.run and self.run.ended_at else 0
        return (
            f"{self.run.pk if self.run else 0}-{len(self.calls) + len(self.earlier)}-{self.standing}-{ended}".replace(
                " ", "_"
            )
        )


def called_of(incident: Incident, now: datetime) -> Called | None:
    """What there is to show; None where nobody has ever made a policy."""
    run = Escalation.objects.filter(incident=incident).order_by("-id").first()
    if run is None:
        if not EscalationPolicy.objects.exists():
            return None
        said = TimelineEntry.objects.filter(incident=incident, kind=escalating.ENTRY).order_by("-id").first()
        is_waiting = is_open(Status(incident.status))
        nobody = said.text if said else "No one has been notified." if is_waiting else ""
        return Called(None, [], [], None, None, "", nobody, is_alarm=bool(said) and is_waiting)
    policy, state, calls = run.frozen, run.state, list(run.calls.order_by("-number"))
    due = escalation.due(policy, state, now)
    is_calling = state.ended_at is None and state.answered_at is None
    is_more = is_calling and state.place < policy.places
    at = due.next_at or (now if due.wanted is not Wanted.NOTHING else None)
    nobody = "" if any(call.told for call in calls) or not calls else "; ".join(calls[0].missed)
    return Called(
        run=run,
        calls=calls[:MOST_SHOWN],
        earlier=calls[MOST_SHOWN:],
        next_step=policy.step_at(state.place) if is_more else None,
        next_at=at if state.ended_at is None else None,
        standing=_standing(run, due.reason, is_reminded=at is not None),
        nobody=nobody,
        is_alarm=is_calling and (bool(nobody) or at is None),
    )


def _standing(run: Escalation, reason: str, *, is_reminded: bool) -> str:
    if run.ended_at is not None:
        return f"Nobody is called any more: {run.ended_because}."
    if run.answered_at is not None:
        return f"{run.answered_by} has it{'; without a word, a reminder follows' if is_reminded else ''}"
    return f"{reason[:1].upper()}{reason[1:]}"
