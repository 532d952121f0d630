"""The parts of an incident's page that change by themselves, and which of them an open page has yet to see. Pure."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Shown = Mapping[str, Any]
# Of each part in a stamp, six bits each: one that changed keeps its letters once in 70,000,000,000 changes.
LETTERS = 6


@dataclass(frozen=True, slots=True)
class Part:
    """A template of this name. `version` says from the page's context what it shows, None: something else each time.

    `is_same`: whoever looks, so that it is drawn once, without a reader. `is_for_responders`: others have no place for it.
    """

    name: str
    version: Callable[[Shown], str] | None
    is_same: bool = False
    is_for_responders: bool = False

    @property
    def template(self) -> str:
        """Where its template is."""
        return f"parts/{self.name}.html"


def _of(*keys: str) -> Callable[[Shown], str]:
    """What these in the context say of their own versions, where they are there."""
    return lambda shown: " ".join(str(shown[key].version) if shown[key] else "" for key in keys)


def _bonds(shown: Shown) -> str:
    incident = shown["incident"]
    return f"{incident.merged_into_id} {incident.held_by_id} {len(shown['merged'])}"


def _actions(shown: Shown) -> str:
    incident, firings = shown["incident"], shown["firings"]
    stands = f"{incident.status} {incident.severity} {incident.assignee_id}"
    return f"{stands} {shown['analysis'].version} {firings.firing} {firings.alerts}"


def _runbook(shown: Shown) -> str:
    runbook = shown["runbook"]
    service = runbook.service.pk if runbook.service else ""
    return f"{runbook.origin}-{runbook.version}-{service}-{shown['analysis'].version}"


def _similar(shown: Shown) -> str:
    return "-".join(f"{one.incident.pk}.{one.incident.status}" for one in shown["precedents"])


def _topology(shown: Shown) -> str:
    reported = shown["analysis"].reported
    return str(reported.ordinal) if reported else ""


PARTS = (
    Part("facts", None, is_same=True),
    Part("affected", _of("affected"), is_same=True),
    Part("timeline", _of("timeline"), is_same=True),
    Part("similar", _similar, is_same=True),
    Part("deployments", _of("deployments"), is_same=True),
    Part("topology", _topology, is_same=True),
    Part("storm", _of("storm"), is_same=True),
    Part("alerts", _of("firings"), is_same=True),
    Part("recovered", lambda shown: f"{shown['deployments'].version} {shown['incident'].status}"),
    Part("bonds", _bonds),
    Part("postmortem", _of("learned")),
    Part("actions", _actions, is_for_responders=True),
    Part("cause", _of("analysis")),
    Part("triage", _of("triage")),
    Part("said", lambda shown: f"{_of('said', 'analysis')(shown)} {shown['incident'].resolved_at}"),
    Part("action_items", _of("tracked")),
    Part("called", _of("called")),
    Part("updates", _of("told")),
    Part("checklist", _of("checklist")),
    Part("attached", _of("attached")),
    Part("undo", lambda shown: str(shown["undoable"].pk) if shown.get("undoable") else ""),
    Part("runbook", _runbook),
)


def versions_of(shown: Shown) -> dict[str, str]:
    """The version of each part, by its name; of what has none, nothing."""
    return {part.name: part.version(shown) for part in PARTS if part.version}


def stamp(versions: Mapping[str, str]) -> str:
    """What a page shows, in some letters for each part: an open page brings them along when it asks for what changed."""
    return "".join(_letters(name, version) for name, version in versions.items())


def unseen(versions: Mapping[str, str], seen: str) -> list[Part]:
    """The parts of which a page shows another version than this; of a stamp that can't be understood, all."""
    letters = [seen[place : place + LETTERS] for place in range(0, len(seen), LETTERS)]
    known = dict(zip(versions, letters, strict=True)) if len(letters) == len(versions) else {}
    is_known = {name for name, version in versions.items() if known.get(name) == _letters(name, version)}
    return [part for part in PARTS if part.name not in is_known]


def _letters(name: str, version: str) -> str:
    digest = hashlib.blake2b(f"{name} {version}".encode(), digest_size=6).digest()
    return base64.urlsafe_b64encode(digest).decode()[:LETTERS]
