"""One step of a run carried out: whom it comes to, the messages that call them, and what the timeline says of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings

from tocsin.accounts.access import Role
from tocsin.accounts.models import User
from tocsin.catalog.memberships import access_of, people
from tocsin.catalog.models import Project
from tocsin.ground.secrets import Unreadable
from tocsin.incidents import changes
from tocsin.incidents.models import Incident
from tocsin.incidents.roles import RoleHolder
from tocsin.notifications import contacts, outbox, store
from tocsin.notifications.channel import Way
from tocsin.notifications.channels import channels
from tocsin.notifications.facts import facts_of
from tocsin.notifications.models import Channel
from tocsin.notifications.notice import Facts, Kind, Notice
from tocsin.oncall.escalation import Policy, Situation, State, Step, Target, To, also_nagged, passed_over
from tocsin.oncall.escalations import Escalation, EscalationCall
from tocsin.oncall.models import Schedule
from tocsin.oncall.policies_written import ASSIGNEE, MANAGERS
from tocsin.oncall.store import on_call

# In the reasons why somebody was not called: they were not to be.
PASSED_OVER = "was passed over"


@dataclass(slots=True)
class Round:
    """One call that is being made: to whom it went, and who was missed because of what."""

    incident: Incident
    kind: Kind
    key: str
    text: str
    now: datetime
    facts: Facts
    told: list[dict[str, object]] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)


def carry_out(run: Escalation, incident: Incident, place: int, situation: Situation, now: datetime) -> bool:
    """Calls whomever the step at `place` names; whether it reached anybody."""
    policy = run.frozen
    step, named = policy.step_at(place), policy.named(place)
    follows = _next(policy, place, now)
    made = _round(run, incident, Kind.PAGE, f"Nobody has acknowledged it{follows}.", now)
    if why := passed_over(step, situation):
        made.missed.append(f"{named} {PASSED_OVER}: {why}")
    else:
        _call_all(made, step, f"{named} of the policy “{run.policy_name}”")
        _say(made, "Paged", f"{named}{follows}", f"No one was notified by {named}")
    _keep(run, made, place, is_nag=False)
    return bool(made.told)


def remind(run: Escalation, incident: Incident, state: State, now: datetime) -> None:
    """Reminds whoever has it; from the second time on also those whom the steps of the policy name, one step after the other.

    Where whoever has it can't be reached, the first of these are called at once.
    """
    since = f"{run.frozen.holds} min"
    name = incident.assignee.username if incident.assignee else run.answered_by
    made = _round(run, incident, Kind.NAG, f"{name} has it, and nothing was heard of it for {since}.", now)
    _call_person(made, name, f"{name} has it")
    if step := also_nagged(run.frozen, state.nags if made.told else max(state.nags, 1)):
        _call_all(made, step, f"nobody says anything of it, reminder {state.nags + 1}")
    _say(made, "Reminded", f"nothing was heard for {since}", f"No one was reminded after {since} without a word")
    _keep(run, made, state.place, is_nag=True)


def _round(run: Escalation, incident: Incident, kind: Kind, text: str, now: datetime) -> Round:
    number = run.calls.count() + 1
    facts = facts_of([incident.pk])[incident.pk]
    return Round(incident, kind, f"escalation:{run.pk}:{number}", text, now, facts)


def _keep(run: Escalation, made: Round, place: int, *, is_nag: bool) -> None:
    number = int(made.key.rpartition(":")[2])
    EscalationCall.objects.create(
        escalation=run, number=number, at=made.now, is_nag=is_nag, place=place, told=made.told, missed=made.missed
    )


def _say(made: Round, did: str, about: str, nobody: str) -> None:
    """Writes onto the timeline who was told, and who was not because of what."""
    missed = "; ".join(made.missed)
    names = ", ".join(f"{each['who']} by {', '.join(_ways(each))}" for each in made.told)
    text = f"{did} {names}: {about}." if made.told else f"{nobody}, because {missed}."
    if made.told and missed:
        text += f" Not reached: {missed}."
    changes.record(made.incident, "escalation", text, actor=changes.TOCSIN, now=made.now, told=bool(made.told))


def _ways(told: dict[str, object]) -> list[str]:
    ways = told["ways"]
    assert isinstance(ways, list)
    return [str(way) for way in ways]


def _next(policy: Policy, place: int, now: datetime) -> str:
    """Who follows where nobody answers, and when."""
    if place + 1 >= policy.places:
        return "; nobody follows"
    at = now + timedelta(minutes=policy.step_at(place).wait)
    return f"; next: {', '.join(map(str, policy.step_at(place + 1).targets))} at {at:%H:%M} UTC"


def _call_all(made: Round, step: Step, because: str) -> None:
    for target in step.targets:
        if target.to is To.CHANNEL:
            _call_channel(made, target.name, because)
        else:
            for person, how in _people(made, target):
                _call_person(made, person, f"{how}, {because}")


def _people(made: Round, target: Target) -> Iterator[tuple[str, str]]:
    """Whom a target comes to now, each with how; nobody is noted as missed."""
    if target.to is To.PERSON:
        yield target.name, f"{target.name} is named"
    elif target.to is To.ROLE and target.name != MANAGERS:
        yield from _holder(made, target.name)
    else:
        is_role = target.to is To.ROLE
        found, why = managing(made.incident.environment.project) if is_role else carrying(target.name, made.now)
        made.missed += [why] if why else []
        yield from ((person, f"{person} is {how}") for person, how in found)


def carrying(slug: str, at: datetime) -> tuple[list[tuple[str, str]], str]:
    """Who is on call by a schedule at a time, each with what they are; or why nobody is."""
    row = Schedule.objects.filter(slug=slug, archived_at=None).first()
    if row is None:
        return [], f"there is no schedule {slug} any more"
    found = on_call(row, at)
    if not found.duties:
        return [], f"nobody is on call by “{row.name}”: {found.reason}"
    return [(duty.person, f"on call by “{row.name}”") for duty in found.duties], ""


def managing(project: Project) -> tuple[list[tuple[str, str]], str]:
    """The managers of a project, or of all, each with what they are; or that there are none. Admins as such are not called."""
    found = people(Role.MANAGER, [project.pk]).exclude(role=Role.ADMIN)
    named = [(person.username, f"a manager of {project.slug}") for person in found]
    return named, "" if named else f"nobody is a manager of {project.slug}"


def _holder(made: Round, role: str) -> Iterator[tuple[str, str]]:
    if role == ASSIGNEE:
        holder = made.incident.assignee
    else:
        held = RoleHolder.objects.select_related("person").filter(incident=made.incident, role=role).first()
        holder = held.person if held else None
    if holder is None:
        made.missed.append(f"nobody is {role} of {made.incident.name}")
    else:
        yield holder.username, f"{holder.username} is {role} of {made.incident.name}"


def _call_person(made: Round, name: str, because: str) -> None:
    """Lays in what calls somebody in their own ways, once a round; why not, where it can't be."""
    if any(each["who"] == name for each in made.told):
        return
    user, why = person_called(name, made.incident.environment.project)
    if user is None:
        made.missed.append(why)
    else:
        key = f"{made.key}:{user.pk}"
        called = contacts.call(user, made.kind, made.facts, made.text, key=key, reason=because, now=made.now)
        if called.ways:
            made.told.append({"who": name, "because": because, "ways": list(called.ways), "key": key})
        else:
            made.missed.append(called.nobody_because)


def _call_channel(made: Round, name: str, because: str) -> None:
    channel, why = channel_called(name, made.incident.environment.project)
    if channel is None or (why := _placeless(channel, made)):
        made.missed.append(why)
        return
    key = f"{made.key}:channel:{channel.pk}"
    notice = Notice("", made.kind, made.now, made.text, made.facts)
    asked = outbox.Asked(channel, notice, because, key, group=key, priority=contacts.PRIORITY_OF_CALLS)
    outbox.enqueue([asked], made.now)
    made.told.append({"who": f"channel {name}", "because": because, "ways": [store.about(channel).title], "key": key})


def person_called(name: str, project: Project) -> tuple[User | None, str]:
    """Who is called about an incident of a project by a user name; or why they can't be."""
    user = User.objects.filter(username=name).first()
    if user is None:
        return None, f"there is nobody called “{name}”"
    if not user.is_active:
        return None, f"the account of {name} is switched off"
    if not access_of(user).may(Role.RESPONDER, project.pk):
        return None, f"{name} may not work on incidents of {project.slug}"
    return user, ""


def channel_called(name: str, project: Project) -> tuple[Channel | None, str]:
    """The channel that is told of an incident of a project by its name; or why it can't be."""
    channel = Channel.objects.filter(name=name, removed_at=None).first()
    if channel is None:
        return None, f"there is no channel {name} any more"
    if channel.paused_at is not None:
        return None, f"the channel {name} is paused"
    if channel.project_id not in (None, project.pk):
        return None, f"the channel {name} is for another project"
    return channel, ""


def _placeless(channel: Channel, made: Round) -> str:
    """Why a channel can't be told without a person; empty where it can."""
    try:
        way = Way(store.settings_of(channel, settings.SECRET_KEY), made.now)
    except Unreadable as error:
        return f"the settings of {channel.name} can't be read: {error}"
    rendered = channels()[channel.kind].render(Notice("", made.kind, made.now, made.text, made.facts), way)
    return "" if rendered else f"the channel {channel.name} has no place of its own"
