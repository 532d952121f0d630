"""What people said of an incident, as its page shows it, and the form in which they say it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from tocsin.deployments.models import Deployment
from tocsin.incidents.handover import holders_of
from tocsin.incidents.models import Incident, IncidentService
from tocsin.incidents.roles import IncidentRole, RoleHolder
from tocsin.incidents.statements import IMPACT, Statement, Topic, parted
from tocsin.incidents.stating import tidy, versions_of
from tocsin.incidents.times import Times
from tocsin.web.pages.addresses import row_number

# As a browser's datetime-local field has it.
TIME_FORMAT = "%Y-%m-%dT%H:%M"
MOST_RUNS = 20
_EXAMPLES = {
    Topic.SYSTEM: "payments",
    Topic.FEATURE: "paying by card",
    Topic.USERS: "a third could not pay",
    Topic.BUSINESS: "orders stood still",
    Topic.DATA_LOSS: "whose, from when to when",
    Topic.FINANCIAL: "about 40,000 €",
    Topic.SHARE: "30 %",
    Topic.REGION: "eu-central-1",
    Topic.DETECTED: "who, how",
    Topic.CAUSE: "What it was, and how we know",
    Topic.TRIGGER: "the sale began",
    Topic.AI: "which change, how",
}


@dataclass(frozen=True, slots=True)
class Said:
    """What there is to show: the statements by topic, and who has which role. `cause_version`: as it was seen, 0 for none.

    `versions`: all that was ever said on each topic, the newest last.
    """

    statements: Mapping[Topic, Statement]
    roles: Mapping[IncidentRole, RoleHolder]
    times: Times
    cause_version: int
    versions: Mapping[Topic, list[Statement]]

    @property
    def every_role(self) -> list[IncidentRole]:
        """The roles that there are to give."""
        return list(IncidentRole)

    @property
    def cause(self) -> Statement | None:
        """The cause that somebody confirmed."""
        return self.statements.get(Topic.CAUSE)

    @property
    def lines(self) -> list[tuple[str, Statement]]:
        """Everything else that was said, with its label: the impact first."""
        order = (*IMPACT, Topic.TRIGGER, Topic.DETECTED, Topic.AI)
        return [(topic.label, self.statements[topic]) for topic in order if topic in self.statements]

    @property
    def authors(self) -> list[str]:
        """Whose words the lines are."""
        return sorted({kept.author for _, kept in self.lines})

    @property
    def is_told(self) -> bool:
        """Whether anybody said what it did to whom."""
        return any(topic in self.statements for topic in IMPACT)

    @property
    def version(self) -> str:
        """Changes when there is something else to show."""
        said = "-".join(f"{topic}{kept.version}" for topic, kept in self.statements.items())
        return f"{said} {self.times.started} {self.times.detected} {self.times.resolved}"


def said_of(incident: Incident) -> Said:
    """What people said of an incident; two queries."""
    versions = versions_of(incident.pk)
    newest = {topic: kept[-1] for topic, kept in versions.items()}
    told = {topic: kept for topic, kept in newest.items() if kept.text}
    cause = newest[Topic.CAUSE].version if Topic.CAUSE in newest else 0
    return Said(told, holders_of(incident.pk), Times.of(incident), cause, versions)


@dataclass(frozen=True, slots=True)
class Field:
    """A topic in the form. `theirs`: what somebody else said of it while this was being typed; empty where nobody did."""

    topic: Topic
    text: str
    version: int
    theirs: str = ""
    author: str = ""

    @property
    def example(self) -> str:
        """What somebody could say."""
        return _EXAMPLES[self.topic]

    @property
    def choice(self) -> str:
        """The choice that is made, where the topic has some."""
        return parted(self.topic, self.text)[0]

    @property
    def words(self) -> str:
        """What follows the choice."""
        return parted(self.topic, self.text)[1]


@dataclass(frozen=True, slots=True)
class Form:
    """The form as it stands: as it was typed where it was refused, else what is said now.

    `seen` is what services and times were when somebody began to write: what others say meanwhile is theirs.
    """

    fields: Mapping[Topic, Field]
    run: int | None
    runs: list[Deployment]
    services: str
    times: dict[str, str]
    seen: dict[str, str]

    @property
    def impact(self) -> list[Field]:
        """The fields of the impact."""
        return [self.fields[topic] for topic in IMPACT]


def form_of(incident: Incident, said: Said, typed: Mapping[str, str] | None) -> Form:
    """The form of an incident; `typed` is what was refused. Two queries."""
    versions = said.versions
    fields = {topic: _field(topic, versions.get(topic, []), typed) for topic in Topic}
    trigger = versions.get(Topic.TRIGGER, [])
    run = trigger[-1].reference.get("deployment") if trigger else None
    named = IncidentService.objects.filter(incident=incident).exclude(said_by="").order_by("slug")
    given = typed or {}
    now_is = {"services": ", ".join(named.values_list("slug", flat=True)), **_times(incident)}
    return Form(
        fields,
        row_number(given["run"]) if given.get("run") else run,
        list(Deployment.objects.filter(environment=incident.environment_id).order_by("-id")[:MOST_RUNS]),
        given.get("services", now_is["services"]),
        {name: given.get(name, shown) for name, shown in now_is.items()} | {"reason": given.get("reason", "")},
        {name: given.get(f"{name}-seen", shown) for name, shown in now_is.items()},
    )


def _field(topic: Topic, versions: list[Statement], typed: Mapping[str, str] | None) -> Field:
    """A field that was left alone shows what is said by now; one that was typed in shows that, and what others said."""
    newest = versions[-1] if versions else None
    known = Field(topic, newest.text, newest.version) if newest else Field(topic, "", 0)
    if typed is None or topic not in typed:
        return known
    text, seen = typed_text(topic, typed), row_number(typed.get(f"{topic}-version", "")) or 0
    if text == next((each.text for each in versions if each.version == seen), ""):
        return known
    is_other = newest is not None and newest.version != seen
    return Field(topic, text, known.version, known.text if is_other else "", newest.author if newest else "")


def typed_text(topic: Topic, typed: Mapping[str, Any]) -> str:
    """What a form says on a topic: its field, or the choice with the words beside it."""
    text, words = (tidy(str(typed.get(name, ""))) for name in (topic.value, f"{topic}-words"))
    return f"{text}: {words}" if topic.choices and words else text


def _times(incident: Incident) -> dict[str, str]:
    shown = {"started": incident.started_at, "detected": incident.detected_at, "resolved": incident.resolved_at}
    return {name: written(at) for name, at in shown.items()}


def written(at: datetime | None) -> str:
    """A time as its field has it, in UTC."""
    return at.astimezone(UTC).strftime(TIME_FORMAT) if at else ""
