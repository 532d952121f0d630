"""Two projects, one row of everything in the first, and people who see it differently. Each of its texts says MARK."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Model, QuerySet
from django.utils import timezone

from tests.factories import NOW, make_environment, make_incident, make_service, make_source, make_user
from tests.incidents.images import png
from tests.notifications.made import lay_in, make_channel
from tests.web.access.expectations import ADMIN, LOOKER, MANAGER, MATE, OWNER, STRANGER
from tests.web.pages.kept import link, make_full_deployment
from tests.web.pages.stored import make_alert, make_signal, store_investigation
from tocsin.accounts.access import Role
from tocsin.accounts.models import User
from tocsin.accounts.tokens import make_token
from tocsin.alerts.models import Alert, Silence
from tocsin.catalog.memberships import Membership
from tocsin.catalog.models import Environment, Project, Source, SourceMapping
from tocsin.catalog.services import Team
from tocsin.deployments.models import Deployment, DeploymentText
from tocsin.incidents import changes, followup
from tocsin.incidents.actions import Action, Horizon, Kind, Plan
from tocsin.incidents.attaching import Piece, attach
from tocsin.incidents.attachments import Kind as KindOfEvidence
from tocsin.incidents.audience import Audience, Impact, Moment
from tocsin.incidents.communication import ChecklistTick
from tocsin.incidents.models import Incident, IncidentService, LearntPair, TimelineEntry, TrialOutcome
from tocsin.incidents.telling import Known, Said, send
from tocsin.incidents.updates import StatusUpdate
from tocsin.incidents.views import SavedView, save_view
from tocsin.notifications.facts import facts_of
from tocsin.notifications.models import Message
from tocsin.oncall import changes as changes_of_schedules
from tocsin.oncall import policies
from tocsin.oncall.changes import Change, Draft, Stand
from tocsin.oncall.escalation import Policy, Step, Target, To
from tocsin.oncall.escalations import Alarm
from tocsin.oncall.models import Absence, Override, Schedule, ScheduleEntry, Swap, TemporarySchedule
from tocsin.oncall.rotation import Rotation
from tocsin.oncall.schedule import Kind as KindOfOverride
from tocsin.oncall.schedule import Layer
from tocsin.oncall.walls import wall
from tocsin.postmortems.models import Postmortem, SectionVersion
from tocsin.web.scope import PROJECT_OF

MARK = "zanzibar"


@dataclass
class World:
    """What the routes' parameters stand for, and how each person comes in."""

    environment: Environment
    incident: Incident
    over: Incident
    action: Action
    silence: Silence
    pair: LearntPair
    run: Deployment
    source: Source
    signal: int
    alert: int
    view: SavedView
    token: int
    schedule: Schedule
    message: Message
    people: dict[str, User]
    tokens: dict[str, str]

    def address(self, route: str) -> str:
        """The address of a route, about the first project."""
        first = route.removeprefix("api/v1/").partition("/")[0]
        numbers: dict[str, Any] = {
            "incidents": self.over if "postmortem" in route else self.incident,
            "postmortems": self.over,
            "silences": self.silence,
            "grouping": self.pair,
            "deployments": self.run,
            "sources": self.source,
            "views": self.view,
            "messages": self.message,
            "swaps": self.schedule.swaps.get(),
            "channels": self.message.channel,
            "escalation": Alarm.objects.get(),
            "people": self.people[MATE],
            "account": (self.people[OWNER].absences if "absences" in route else self.schedule.swaps).get(),
        }
        if first == "settings" and "<number>" in route:
            numbers["settings"] = self.message.channel
        project = self.environment.project.slug
        named = {
            "number": numbers[first].pk if first in numbers else "",
            "ordinal": 1,
            "version": 1,
            "section": "lessons",
            "name": self.action.name,
            "signal": self.signal,
            "project": project,
            "slug": {"services": f"{MARK}-cart", "oncall": f"{MARK}-duty", "schedules": f"{MARK}-duty"}.get(
                first, f"{MARK}-calls" if first == "escalation" else project
            ),
            "override": self.schedule.overrides.get().pk,
            "temporary": self.schedule.temporaries.get().pk,
            "token": self.token,
            "key": "rhythm",
            "maintenance": 1,
        }
        asked = "?ref=Pod/shop/cart-1%23/status" if "/evidence/" in route and "api/" not in route else ""
        return "/" + re.sub(r"<(\w+)>", lambda found: str(named[found[1]]), route) + asked

    def body(self) -> dict[str, Any]:
        """Something for every field that a form or an operation may ask for, aimed at the first project."""
        incident = self.incident.pk
        return {
            "incident": incident,
            "alert": self.alert,
            "what": "acknowledge",
            "was": f"{incident}:{self.people[OWNER].pk}",
            "to": "acknowledged",
            "text": "words",
            "note": "words",
            "words": "words",
            "reason": "words",
            "title": "words",
            "kind": "prevent",
            "horizon": "now",
            "into": incident,
            "severity": "low",
            "project": self.environment.project.slug,
            "environment": self.environment.pk,
            "name": "words",
            "username": self.people[MATE].username,
            "role": "admin",
            "matchers": "",
            "starts": "2036-03-01T22:00",
            "ends": "2036-03-01T23:00",
            "scale": "P",
            "labels": "words",
            "key": "rhythm",
            "do": "accept",
        }

    def state(self) -> str:
        """A digest of all that is kept of the first project: changes when any of it does."""
        digest = hashlib.sha256()
        for model, path in (PROJECT_OF | _BESIDE).items():
            rows: QuerySet[Model] = model._default_manager.filter(**{path: self.environment.project_id})
            digest.update(repr([model.__name__, *rows.order_by("pk").values()]).encode())
        return digest.hexdigest()


# What belongs to rows that are narrowed, and is never listed by itself.
_BESIDE: dict[type[Model], str] = {
    TimelineEntry: "incident__environment__project",
    StatusUpdate: "incident__environment__project",
    ChecklistTick: "incident__environment__project",
    SectionVersion: "postmortem__incident__environment__project",
    DeploymentText: "deployment__environment__project",
    SourceMapping: "source__environment__project",
    Membership: "project",
    ScheduleEntry: "schedule__project",
    Override: "schedule__project",
    Swap: "schedule__project",
    TemporarySchedule: "schedule__project",
}


def make_world() -> World:
    """Everything, in the database."""
    there = make_environment(f"{MARK}-live", project=MARK)
    people, tokens = _people(there.project, make_environment("live", project="elsewhere").project)
    make_incident("Something else is broken", environment=make_environment("live", project="elsewhere"))
    incident = make_incident(f"{MARK} checkout is broken", environment=there, subject={"name": f"{MARK}-cart"})
    over = _over(there, incident)
    store_investigation(incident)
    changes.add_note(incident.pk, f"{MARK} checkout note", actor="tocsin", now=NOW)
    said = Said(Audience.INTERNAL, Moment.IDENTIFIED, f"{MARK} is broken", MARK, Impact.DEGRADED)
    send(incident.pk, said, Known((), (), b""), is_read=True, actor="tocsin", now=NOW)
    make_alert(incident, title=f"{MARK} alert", began_at=NOW, labels={"service": f"{MARK}-cart"}, firing=True)
    picture = Piece(KindOfEvidence.SCREENSHOT, caption=f"{MARK} picture", picture=png())
    attach(incident.pk, picture, actor="tocsin", now=NOW)
    action = followup.add(incident.pk, Plan(f"{MARK} plan", Kind.PREVENT, Horizon.NOW), actor="tocsin", now=NOW)
    source, _ = make_source("mapped", there)
    Source.objects.filter(pk=source.pk).update(name=f"{MARK} source", trial=True)
    SourceMapping.objects.create(source=source, version=1, rules={"title": MARK}, author="tocsin")
    alert = Alert.objects.get(title=f"{MARK} alert")
    Alert.objects.filter(pk=alert.pk).update(source=source)
    TrialOutcome.objects.create(source=source, alert=alert, at=NOW, would="open", reason=MARK)
    team = Team.objects.create(slug=f"{MARK}-team", name=f"{MARK} team")
    service = make_service(f"{MARK}-cart", project=there.project, owner=team)
    IncidentService.objects.create(
        incident=incident, service=service, slug=service.slug, role=IncidentService.Role.CAUSE, reason=MARK
    )
    run = make_full_deployment(environment=there, source=source, configuration=f"{MARK}-network")
    link(incident, run)
    for part in ("rollback", "lessons"):
        DeploymentText.objects.create(deployment=run, part=part, version=1, text=MARK, author="a", written_at=NOW)
    view = save_view(people[OWNER].pk, f"{MARK} view", f"project={MARK}", is_shared=True, now=NOW)
    SavedView.objects.filter(pk=view.pk).update(is_shared=False)
    save_view(people[OWNER].pk, f"{MARK} shared", f"project={MARK}", is_shared=True, now=NOW)
    _policy(there.project, people[OWNER])
    Alarm.objects.create(incident=incident, key=MARK, text=MARK, raised_at=NOW)
    token, _ = make_token(people[OWNER], "theirs", Role.VIEWER, NOW, None)
    return World(
        *(there, incident, over, action, _silence(there), _pair(there), run, source),
        *(
            make_signal(source, body=f'{{"{MARK}": 1}}').pk,
            alert.pk,
            view,
            token.pk,
            _schedule(there, people),
            lay_in(make_channel(name=MARK), MARK, facts=facts_of([incident.pk])[incident.pk]),
            people,
            tokens,
        ),
    )


def _people(project: Project, other: Project) -> tuple[dict[str, User], dict[str, str]]:
    people = {ADMIN: make_user("root", Role.ADMIN)}
    for name, role in ((MANAGER, Role.MANAGER), (OWNER, Role.RESPONDER), (MATE, Role.VIEWER)):
        people[name] = make_user(f"{MARK}-{name}", "")
        Membership.objects.create(project=project, user=people[name], role=role)
    people[STRANGER] = make_user("stranger", "")
    Membership.objects.create(project=other, user=people[STRANGER], role=Role.MANAGER)
    now = timezone.now()
    tokens = {name: make_token(one, "test", Role.ADMIN, now, None, Role.ADMIN)[1] for name, one in people.items()}
    tokens[LOOKER] = make_token(people[ADMIN], "to look", Role.VIEWER, now, None)[1]
    return people, tokens


def _over(there: Environment, before: Incident) -> Incident:
    """An incident that is over, with a postmortem."""
    ended = {"status": "resolved", "resolution": "fixed", "resolved_at": NOW}
    over = make_incident(f"{MARK} was broken", environment=there, recurrence_of=before, **ended)
    store_investigation(over)
    due = timezone.now() + timedelta(days=2)
    held = Postmortem.objects.create(incident=over, need="mandatory", need_reason=MARK, opened_at=NOW, due_at=due)
    SectionVersion.objects.create(postmortem=held, section="lessons", version=1, text=MARK, author="tocsin", at=NOW)
    return over


def _silence(there: Environment) -> Silence:
    begins, ends = timezone.now(), timezone.now() + timedelta(days=1)
    window = {"starts_at": begins, "ends_at": ends, "active_from": begins, "active_until": ends}
    return Silence.objects.create(
        environment=there, matchers="", reason=MARK, created_by="tocsin", is_trial=True, **window
    )


def _pair(there: Environment) -> LearntPair:
    said = {"is_together": True, "actor": "tocsin", "at": NOW, "reason": MARK}
    return LearntPair.objects.create(environment=there, one="KubeOne", other=f"{MARK} alert", **said)


def _schedule(there: Environment, people: dict[str, User]) -> Schedule:
    """The owner is on call, has given a day away, asks for a swap, and will be away."""
    owner, now = people[OWNER], timezone.now()
    rotation = Rotation(((owner.username,),), wall("2026-01-01T00:00"), "UTC")
    draft = Draft(f"{MARK} duty", "UTC", (Layer("Primary", rotation),), project=there.project_id)
    schedule = changes_of_schedules.create(draft, actor="tocsin", now=now)
    times = {"starts": "2035-03-01T00:00", "ends": "2035-03-02T00:00", "zone": "UTC"}
    given = Change(KindOfOverride.REPLACE, person=people[MANAGER].username, reason=MARK, **times)
    changes_of_schedules.override(schedule.pk, given, actor="tocsin", now=now)
    shifts = [{"person": owner.username, "starts": times["starts"], "ends": times["ends"]}]
    stand = Stand(MARK, times["starts"], times["ends"], times["zone"], shifts)
    changes_of_schedules.stand_in(schedule.pk, stand, actor="tocsin", now=now)
    Swap.objects.create(schedule=schedule, asked_by=people[MANAGER], reason=MARK, created_at=now, **times)
    Absence.objects.create(user=owner, reason=MARK, **times)
    return schedule


def _policy(project: Project, owner: User) -> None:
    """A policy of the project that calls the owner, chosen for its incidents."""
    steps = (Step((Target(To.PERSON, owner.username),)),)
    draft = policies.Draft(f"{MARK} calls", Policy(steps), MARK, project.pk)
    made = policies.create(draft, actor="tocsin", now=NOW)
    policies.choose(made, project=project, service="", severity="", actor="tocsin", now=NOW)
