"""Status updates as Tocsin drafts them: templates per audience and moment, filled from the record. Pure.

A template is plain text with placeholders such as `{began}`. A line in which one has nothing to say is left out; `[words in
brackets]` are gaps that a person fills in before it can be sent.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from tocsin.ground.plain import clipped
from tocsin.incidents.audience import Audience, DataLoss, Moment
from tocsin.incidents.lifecycle import Status
from tocsin.incidents.spans import shown_span

# What each audience's templates may hold, and what that is.
FOR_ALL = {
    "began": "when it began",
    "lasted": "how long it has lasted",
    "services": "what is affected; for outsiders the components of the status page",
    "resolved": "when it was resolved",
    "data_loss": "a sentence on whether data was lost",
    "postmortem": "a sentence on when the report on it follows",
    "progress": "what happened since the update before, a line each with its time",
}
FOR_TEAM = {
    "name": "INC-023",
    "title": "the incident's title",
    "severity": "how bad it is",
    "status": "its stage",
    "lead": "who has it",
    "cause": "the cause, as far as it is known",
    **FOR_ALL,
}
PLACEHOLDERS: Mapping[Audience, Mapping[str, str]] = {Audience.INTERNAL: FOR_TEAM, Audience.EXTERNAL: FOR_ALL}
MOST_PROGRESS = 10
LONGEST_PROGRESS = 160

_TEAM = "{name} is {status} ({severity}), since {began}: {lasted}. {lead}\nAffected: {services}.\nCause: {cause}\n\n{progress}"
_DEFAULTS: dict[tuple[Audience, Moment], str] = {
    (Audience.INTERNAL, Moment.INVESTIGATING): _TEAM,
    (Audience.INTERNAL, Moment.IDENTIFIED): _TEAM,
    (Audience.INTERNAL, Moment.MONITORING): f"A fix is in place; we are watching that it holds.\n{_TEAM}",
    (Audience.INTERNAL, Moment.RESOLVED): "{name} is over since {resolved}; it lasted {lasted}.\nCause: {cause}\n"
    "{data_loss}\n{postmortem}\n\n{progress}",
    (Audience.EXTERNAL, Moment.INVESTIGATING): "We have a problem since {began}, and are looking into it.\n"
    "Affected: {services}.\n{data_loss}",
    (Audience.EXTERNAL, Moment.IDENTIFIED): "We have found the cause and are working on a fix.\n"
    "Affected: {services}.\n{data_loss}\n\n{progress}",
    (Audience.EXTERNAL, Moment.MONITORING): "A fix is in place. We are watching that it holds.\n"
    "Affected: {services}.\n{data_loss}\n\n{progress}",
    (Audience.EXTERNAL, Moment.RESOLVED): "This is over since {resolved}. It began at {began} and lasted {lasted}.\n"
    "Affected: {services}.\n{data_loss}\n{postmortem}\n\n{progress}",
}
_LOSS = {
    DataLoss.UNKNOWN: "We are still checking whether data was lost.",
    DataLoss.NO: "No data was lost.",
    DataLoss.YES: "Data was lost: [which data, and what those affected should do].",
}
_PLACEHOLDER = re.compile(r"\{([^{}\n]{0,40})\}")
_STAGES = {
    Status.ACKNOWLEDGED: "An engineer is on it.",
    Status.INVESTIGATING: "We look for the cause.",
    Status.MITIGATING: "We apply a fix.",
    Status.RESOLVED: "It works again.",
}
# What of the timeline tells how far it is; people's notes, Tocsin's clocks and what the draft says anyway don't.
TELLING = (*("status", "severity", "assignment", "role", "deployment", "statement", "decision", "merge", "action"),)


class BadTemplate(ValueError):
    """A template that can't be filled; the message says what, and what there is."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the timeline."""

    at: datetime
    kind: str
    actor: str
    text: str


@dataclass(frozen=True, slots=True)
class Record:
    """What is known of an incident; `services` by their own names, `components` by those that outsiders know."""

    name: str
    title: str
    severity: str
    status: Status
    began: datetime
    resolved: datetime | None = None
    lead: str = ""
    cause: str = ""
    services: tuple[str, ...] = ()
    components: tuple[str, ...] = ()
    data_loss: DataLoss = DataLoss.UNKNOWN
    report_due: datetime | None = None
    stages: tuple[tuple[Status, datetime], ...] = ()
    entries: tuple[Entry, ...] = ()


def template_of(audience: Audience, moment: Moment) -> str:
    """The template that Tocsin brings."""
    return _DEFAULTS[audience, moment]


def check_template(text: str, audience: Audience) -> None:
    """Raises BadTemplate for a placeholder that does not exist, or is not for this audience."""
    known = PLACEHOLDERS[audience]
    for name in _PLACEHOLDER.findall(text):
        if name not in known:
            whom = "the team" if audience == Audience.INTERNAL else "outsiders"
            raise BadTemplate(f"{{{name}}} is no placeholder in what {whom} are told; there is {', '.join(known)}.")


def drafted(template: str, record: Record, audience: Audience, since: datetime | None, now: datetime) -> str:
    """The template, filled; `since` is when this audience was told last, None where it never was."""
    words = _words(record, audience, since, now)
    lines = [_filled(line, words) for line in template.splitlines()]
    text = "\n".join(line for line in lines if line is not None)
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def _filled(line: str, words: Mapping[str, str]) -> str | None:
    said = [words.get(name, "") for name in _PLACEHOLDER.findall(line)]
    return _PLACEHOLDER.sub(lambda found: words[found[1]], line) if all(said) else None


def _words(record: Record, audience: Audience, since: datetime | None, now: datetime) -> dict[str, str]:
    is_for_team = audience == Audience.INTERNAL
    names = record.services if is_for_team else record.components
    due = record.report_due
    # While it lasts nobody asked yet; that it is not known would only frighten.
    is_known = record.data_loss is not DataLoss.UNKNOWN or record.resolved is not None
    words = {
        "began": time_of(record.began, now),
        "lasted": shown_span((record.resolved or now) - record.began),
        "services": ", ".join(names) or ("" if is_for_team else "[which part of what you offer]"),
        "resolved": time_of(record.resolved, now) if record.resolved else "",
        "data_loss": _LOSS[record.data_loss] if is_known else "",
        "postmortem": f"A report on what happened follows by {due.astimezone(UTC):%d %B %Y}." if due else "",
        "progress": "\n".join(
            _of_entries(record.entries, since, now) if is_for_team else _of_stages(record, since, now)
        ),
    }
    if is_for_team:
        words |= {name: getattr(record, name) for name in ("name", "title", "severity", "cause")}
        words |= {
            "status": record.status.value,
            "lead": f"{record.lead} has it." if record.lead else "Nobody has it yet.",
        }
    return words


def _of_entries(entries: Iterable[Entry], since: datetime | None, now: datetime) -> list[str]:
    told = [one for one in entries if one.kind in TELLING and (since is None or one.at > since)]
    lines = [f"{time_of(one.at, now)} {one.actor}: {clipped(one.text, LONGEST_PROGRESS)}" for one in told]
    return lines[-MOST_PROGRESS:]


def _of_stages(record: Record, since: datetime | None, now: datetime) -> list[str]:
    """For outsiders: in words of our own alone, since those of the timeline are not for them."""
    told = [(at, _STAGES[stage]) for stage, at in record.stages if stage in _STAGES and (since is None or at > since)]
    return [f"{time_of(at, now)} {said}" for at, said in sorted(told)]


def time_of(at: datetime, now: datetime) -> str:
    """A time in UTC, with its day where that is another: 14:02 UTC, 21 Nov 14:02 UTC."""
    at = at.astimezone(UTC)
    return f"{at:%H:%M} UTC" if at.date() == now.astimezone(UTC).date() else f"{at.day} {at:%b %H:%M} UTC"


def message(
    *,
    moment: str,
    headline: str,
    text: str,
    impact: str,
    data_loss: str,
    sent_at: datetime,
    next_update_at: datetime | None,
) -> str:
    """An update as one text, for a channel or to be copied: where it stands, what is broken, the text, what is next."""
    lost = f"Data lost: {data_loss}." if data_loss != DataLoss.UNKNOWN else ""
    next_one = f"Next update by {time_of(next_update_at, sent_at)}." if next_update_at else ""
    foot = " ".join(filter(None, [f"Impact: {impact}.", lost, next_one]))
    return f"{moment.capitalize()} · {time_of(sent_at, sent_at)}\n{headline}\n\n{text}\n\n{foot}"
