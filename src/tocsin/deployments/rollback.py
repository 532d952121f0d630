"""How to go back from a run: a plan in Markdown, from what the run changed. Pure. People may rewrite it."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from tocsin.alerts.runs import CHANGING
from tocsin.deployments.document import Section
from tocsin.deployments.judging import command_of
from tocsin.deployments.terraform.parsed import ResourceEvent, Run

_MOST_NAMED = 20
_TURNED = {"create": "created", "update": "changed", "delete": "destroyed", "replace": "replaced", "import": "imported"}
_BEGUN = {
    "create": "was being created",
    "update": "was being changed",
    "delete": "was being destroyed",
    "replace": "was being replaced",
    "import": "was being imported",
}
_UNDONE = {
    "create": "going back destroys it",
    "update": "going back sets the old values again",
    "delete": "going back makes a new one: what it held is gone unless there is a backup",
    "replace": "going back makes yet another one",
    "import": "going back forgets it: `state rm`, then remove its block",
}


def rollback_plan(section: Section, run: Run) -> str:
    """Steps to the state before the run; empty for a command that changes nothing."""
    if command_of(section) not in CHANGING:
        return ""
    touched = _replacing(event for event in run.events if event.action in _TURNED)
    if not touched:
        return "The log tells of nothing that was changed: there is nothing to go back from.\n"
    done = [event for event in touched if event.state == "complete"]
    unsure = [event for event in touched if event.state != "complete"]
    parts = [
        *_listed("This run did:", done, _TURNED),
        *_listed("It did not come to an end with these; look how they are:", unsure, _BEGUN),
        *_steps(section),
    ]
    return "\n".join(parts) + "\n"


def _replacing(events: Iterable[ResourceEvent]) -> list[ResourceEvent]:
    """The events with one for each address: what was both destroyed and created was replaced, if both came to an end."""
    found: dict[str, ResourceEvent] = {}
    for event in events:
        before = found.get(event.address)
        if before and {before.action, event.action} == {"create", "delete"}:
            undone = event if before.state == "complete" else before
            event = replace(undone, action="replace")
        found[event.address] = event
    return list(found.values())


def _listed(title: str, events: list[ResourceEvent], words: Mapping[str, str]) -> list[str]:
    if not events:
        return []
    lines = [f"- `{event.address}` {words[event.action]}: {_UNDONE[event.action]}" for event in events[:_MOST_NAMED]]
    if len(events) > _MOST_NAMED:
        lines.append(f"- and {len(events) - _MOST_NAMED} more, see the log")
    return [title, "", *lines, ""]


def _steps(section: Section) -> list[str]:
    tool = shlex.join([section.tool or "terraform", *(f for f in section.argv if f.startswith("-chdir="))])
    commit = f"`git revert {section.commit[:12]}`" if section.commit else "the commit that this run applied, reverted"
    return [
        f"1. See where things stand: `{tool} plan`. It must list nothing that surprises you; if it does, stop and ask.",
        f"2. Bring the configuration back to what was applied before: {commit}, or check out the commit before it.",
        f"3. Plan it and keep the plan: `{tool} plan -out=back.tfplan`. Read every line that destroys or replaces.",
        f"4. Apply exactly that: `{tool} apply back.tfplan`.",
        f"5. See that nothing is left: `{tool} plan -detailed-exitcode` ends with 0.",
    ]
