"""Which incidents need a postmortem, how far one is, and who may say that it is complete. Pure decisions with their reasons."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from tocsin.incidents.lifecycle import Resolution
from tocsin.incidents.triage import Severity


class Need(StrEnum):
    """Whether a postmortem has to be written."""

    MANDATORY = "mandatory"
    RECOMMENDED = "recommended"
    NONE = "not needed"


class State(StrEnum):
    """How far a postmortem is."""

    PENDING = "pending"
    IN_PROGRESS = "in progress"
    IN_REVIEW = "in review"
    COMPLETE = "complete"


_NEXT = {
    State.PENDING: (State.IN_PROGRESS,),
    State.IN_PROGRESS: (State.IN_REVIEW,),
    State.IN_REVIEW: (State.COMPLETE, State.IN_PROGRESS),
    State.COMPLETE: (State.IN_PROGRESS,),
}
_BY_SEVERITY = {
    Severity.CRITICAL: Need.MANDATORY,
    Severity.HIGH: Need.MANDATORY,
    Severity.MEDIUM: Need.RECOMMENDED,
    Severity.LOW: Need.NONE,
}


def need(severity: Severity, resolution: Resolution | None) -> tuple[Need, str]:
    """Whether an incident that ended so needs a postmortem, and why."""
    if resolution in (Resolution.FALSE_ALARM, Resolution.DUPLICATE):
        return Need.NONE, f"it was a {resolution}"
    return _BY_SEVERITY[severity], f"its severity is {severity}"


def next_states(state: State) -> tuple[State, ...]:
    """Where it can go from here."""
    return _NEXT[state]


def refusal(state: State, to: State, reason: str) -> str:
    """Why a postmortem can't go to another state; empty where it can. Going back needs a reason."""
    if to not in _NEXT[state]:
        return f"It is {state}: from there it goes to {' or '.join(_NEXT[state])}."
    if to == State.IN_PROGRESS and state in (State.IN_REVIEW, State.COMPLETE) and not reason.strip():
        return "Say what is missing, for those who write it."
    return ""


def unfit_to_complete(person: str, authors: Collection[str], others: Collection[str]) -> str:
    """Why somebody can't be the one who says that it is complete; empty where they can.

    `authors` wrote in it; `others` could have read it. Whoever wrote may complete it only where nobody else is there.
    """
    readers = sorted(set(others) - set(authors) - {person})
    if person not in authors or not readers:
        return ""
    return f"You have written in it: somebody else should read it first, such as {', '.join(readers[:3])}."
