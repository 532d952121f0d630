"""What people say of an incident is kept: nobody's words are lost, and the timeline tells what is said anew."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from tocsin.deployments.models import Deployment
from tocsin.ground.edits import revised
from tocsin.incidents import changes
from tocsin.incidents.changes import BadChange
from tocsin.incidents.models import Incident
from tocsin.incidents.statements import Statement, Topic, fault

# As much of a statement stands on the timeline; all of it is on the page.
LONGEST_TOLD = 300


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody says on a topic. `seen` is the version that they edited, 0 for none; None: whichever is the newest.

    `reference` None: as it was while the text is, else none.
    """

    text: str
    seen: int | None = None
    reference: dict[str, Any] | None = None


def statements_of(incident_id: int) -> dict[Topic, Statement]:
    """What is said of an incident now: of each topic that somebody spoke on the newest statement; one query."""
    return {topic: kept[-1] for topic, kept in versions_of(incident_id).items() if kept[-1].text}


def versions_of(incident_id: int) -> dict[Topic, list[Statement]]:
    """All that was ever said of an incident, by topic, the oldest first; one query."""
    found: dict[Topic, list[Statement]] = {}
    for kept in Statement.objects.filter(incident=incident_id).order_by("topic", "version"):
        found.setdefault(Topic(kept.topic), []).append(kept)
    return found


def tidy(text: str) -> str:
    """A text as `ground.edits` keeps it, to be compared with one that is kept."""
    return text.replace("\x00", "").replace("\r\n", "\n").strip()


@transaction.atomic
def say(incident_id: int, said: Mapping[Topic, Words], *, actor: str, now: datetime) -> list[Statement]:
    """Keeps what is new in `said`, all or nothing; an empty text takes a statement back. Returns what was kept.

    A text that is still the version it was edited from says nothing, whatever others said meanwhile. Raises BadEdit where
    somebody else was faster, BadChange for what is none of a topic's choices, Incident.DoesNotExist.
    """
    incident = changes.locked(incident_id)
    known = versions_of(incident_id)
    made = [
        Statement(incident=incident, topic=topic.value, author=actor, at=now, **kept)
        for topic, words in said.items()
        if (kept := _news(topic, words, known.get(topic, [])))
    ]
    Statement.objects.bulk_create(made)
    if made:
        kind = "cause" if any(each.topic == Topic.CAUSE for each in made) else "impact"
        changes.record(incident, kind, _told(made), actor=actor, now=now, topics=[each.topic for each in made])
    return made


def set_off_by(incident_id: int, text: str, run: int | None, seen: int | None = None) -> Words:
    """What is said of a trigger that is a run; its name where there are no other words.

    Raises BadChange where the run is not one of the incident's environment, Incident.DoesNotExist.
    """
    if run is None:
        return Words(text, seen, {})
    incident = Incident.objects.get(pk=incident_id)
    found = Deployment.objects.filter(pk=run, environment=incident.environment_id).first()
    if found is None:
        raise BadChange("There is no such run in the environment of this incident.")
    return Words(text.strip() or str(found), seen, {"deployment": found.pk})


def _news(topic: Topic, words: Words, versions: list[Statement]) -> dict[str, Any] | None:
    """The next version of a statement; None where `words` say nothing new."""
    newest = versions[-1].version if versions else 0
    author = versions[-1].author if versions else ""
    seen = newest if words.seen is None else words.seen
    edited = next((each for each in versions if each.version == seen), None)
    text = tidy(words.text)
    was, referred = (edited.text, edited.reference) if edited else ("", {})
    reference = words.reference if words.reference is not None else referred if text == was else {}
    if (text, reference) == (was, referred):
        return None
    kept = revised(text, seen=seen, newest=newest, author=author, what=f"“{topic.label}”")
    if why := fault(topic, kept):
        raise BadChange(why)
    return {"version": newest + 1, "text": kept, "reference": reference if kept else {}}


def _told(made: Iterable[Statement]) -> str:
    return " ".join(f"{Topic(each.topic).label}: {_shortened(each.text)}" for each in made)


def _shortened(text: str) -> str:
    line = " ".join(text.split()) or "taken back"
    line = line if len(line) <= LONGEST_TOLD else f"{line[: LONGEST_TOLD - 1]}…"
    return line if line.endswith((".", "!", "?", "…")) else f"{line}."
