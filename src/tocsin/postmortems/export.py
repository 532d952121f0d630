"""Writes complete postmortems as Markdown into a folder that is kept under git."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

from tocsin.postmortems.changes import postmortem_of, texts_of
from tocsin.postmortems.document import document, file_name
from tocsin.postmortems.models import Postmortem
from tocsin.postmortems.states import State


def exported(postmortem: Postmortem) -> tuple[str, str]:
    """A postmortem's file name and its text. It comes with its incident, environment, project and owner."""
    incident = postmortem.incident
    ended = incident.resolved_at or postmortem.opened_at
    facts: dict[str, object] = {
        "id": incident.name,
        "incident": incident.pk,
        "title": incident.title,
        "severity": incident.severity,
        "project": incident.environment.project.slug,
        "environment": incident.environment.slug,
        "triggered_at": _utc(incident.triggered_at),
        "resolved_at": _utc(ended),
        "resolution": incident.resolution,
        "state": postmortem.state,
        "owner": postmortem.owner.username if postmortem.owner else None,
        "completed_by": postmortem.completed_by or None,
        "completed_at": _utc(postmortem.completed_at) if postmortem.completed_at else None,
        "actions": [action.name for action in incident.actions.order_by("ordinal")],
    }
    texts = {section: text.text for section, text in texts_of(postmortem).items()}
    title = f"Postmortem of {incident.name}: {incident.title}"
    return file_name(ended, incident.title, incident.name), document(facts, title, texts)


def export(incident_id: int, now: datetime) -> None:
    """Writes a complete postmortem into TOCSIN_POSTMORTEM_DIR. Raises OSError where that can't be; then it is tried again."""
    folder = settings.CONFIG.postmortem_dir
    postmortem = postmortem_of(incident_id)
    if folder is None or postmortem.state != State.COMPLETE:
        return
    name, text = exported(postmortem)
    write_whole(folder / name, text)
    Postmortem.objects.filter(pk=incident_id).update(exported_at=now)


def write_whole(path: Path, text: str) -> None:
    """Writes a file whole or not at all. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f".{path.name}.part")
    half.write_text(text, encoding="utf-8")
    half.replace(path)


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")
