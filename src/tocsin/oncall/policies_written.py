"""Escalation policies as they are kept, sent and typed: JSON by the names of the values' own fields.

`{"format": "tocsin-policy/1", "steps": [{"targets": [{"to": "schedule", "name": "payments"}], "wait": 5, "severities": [],
"hours": "always"}], "rounds": 2, "holds": 60}`; waits and holds are minutes.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from tocsin.incidents.roles import IncidentRole
from tocsin.oncall.definition import can_be_kept
from tocsin.oncall.escalation import BadPolicy, Policy, Step, Target, To, check

FORMAT = "tocsin-policy/1"
ASSIGNEE, MANAGERS = "assignee", "managers"
# Those of an incident, and the managers of its project.
ROLES = (ASSIGNEE, *(role.value for role in IncidentRole), MANAGERS)
LONGEST_NAME = 150


def written(policy: Policy) -> dict[str, Any]:
    """A policy as JSON."""
    return {"format": FORMAT, **msgspec.to_builtins(policy)}


def read(value: Any) -> Policy:
    """The policy of a definition. Raises BadPolicy, which says what is wrong and where."""
    if not isinstance(value, dict) or value.get("format") != FORMAT:
        raise BadPolicy(f"This is no policy of the format {FORMAT}.")
    try:
        policy = msgspec.convert({name: part for name, part in value.items() if name != "format"}, Policy)
    except msgspec.ValidationError as error:
        raise BadPolicy(str(error)) from error
    check(policy)
    if not all(can_be_kept(target.name) for step in policy.steps for target in step.targets):
        raise BadPolicy("The name of somebody who is called holds a character that can't be kept; write it anew.")
    return policy


def read_targets(text: str) -> tuple[Target, ...]:
    """The targets of a text, one a line: “schedule payments”. Raises BadPolicy for the first line that is none."""
    return tuple(_target(line) for line in text.splitlines() if line.strip())


def _target(line: str) -> Target:
    kind, _, name = line.strip().partition(" ")
    name = " ".join(name.replace("\x00", "").split())
    if kind.lower() not in set(To) or not 0 < len(name) <= LONGEST_NAME:
        raise BadPolicy(f"“{line.strip()}” names nobody; write one such as “schedule payments” or “person alice”.")
    return Target(To(kind.lower()), name)


def targets_text(targets: Iterable[Target]) -> str:
    """Targets as they are typed."""
    return "\n".join(map(str, targets))


def changes(before: Policy, after: Policy) -> str:
    """What an edit changed, in words for the history; empty where nothing did."""
    said = []
    if before.steps != after.steps:
        said.append(f"now {_steps(after.steps)}")
    if before.rounds != after.rounds:
        said.append(f"gone through {after.rounds} instead of {before.rounds} times")
    if before.holds != after.holds:
        said.append(f"an acknowledgement holds {_hold(after.holds)} instead of {_hold(before.holds)}")
    return "; ".join(said)


def _steps(steps: Iterable[Step]) -> str:
    return " → ".join(f"{', '.join(map(str, step.targets))} ({step.wait} min)" for step in steps)


def _hold(minutes: int) -> str:
    return f"{minutes} min" if minutes else "for ever"
