"""How the demonstration's people are told: channels that stay on this machine, ways to each person, escalation policies."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from tocsin.cli.demo.colleagues import NAMES

if TYPE_CHECKING:
    from tocsin.accounts.models import User
    from tocsin.catalog.models import Environment, Project
    from tocsin.notifications.models import Channel
    from tocsin.notifications.rules import Audience
    from tocsin.oncall.escalation import Policy

ROOM, PHONES, PAGERS, TRACKER = "Operations room", "Phones", "Pagers", "Work tracker"
# Somebody whom no message can reach: what comes to nobody but them comes to no one, and Tocsin says so.
UNREACHABLE = "emil"
# Numbers that are kept free for fiction.
_NUMBER = "+1202555{:04}"


def set_up(tracker_url: str, reader: str, now: datetime) -> None:
    """Channels, ways to people and policies, once. `tracker_url` takes webhooks; `reader` can be reached as well."""
    from tocsin.accounts.models import User
    from tocsin.notifications.models import Channel

    if Channel.objects.exists():
        return
    phones, pagers = _channels(tracker_url, now)
    reachable = [name for name in (*NAMES, reader) if name != UNREACHABLE]
    for number, name in enumerate(reachable, start=100):
        person = User.objects.get(username=name)
        _way(person, phones, _NUMBER.format(number), now)
        _way(person, pagers, name, now, delay_minutes=1)
    person = User.objects.get(username=reader)
    _way(person, phones, _NUMBER.format(199), now, delay_minutes=10, severities=["critical"])
    _policies(now)


def _channels(tracker_url: str, now: datetime) -> tuple[Channel, Channel]:
    """All of them; returned are those that reach people."""
    from tocsin.notifications.rules import Audience

    secret = f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}"
    _channel("console", ROOM, Audience.TEAM, now, prefix="operations")
    _channel("console", "Leadership", Audience.LEADERSHIP, now, prefix="leadership")
    _channel("webhook", TRACKER, Audience.TEAM, now, url=tracker_url, secret=secret)
    phones = _channel("sms", PHONES, Audience.USUAL, now, provider="console")
    return phones, _channel("console", PAGERS, Audience.NOBODY, now, prefix="pager")


def _channel(kind: str, name: str, audience: Audience, now: datetime, **given: str) -> Channel:
    from django.conf import settings

    from tocsin.notifications import store

    return store.add(
        kind,
        name,
        given,
        audience,
        project=None,
        actor="demo",
        is_admin=True,
        secret=settings.SECRET_KEY,
        now=now,
    )


def _way(
    person: User,
    channel: Channel,
    address: str,
    now: datetime,
    *,
    delay_minutes: int = 0,
    severities: Sequence[str] = (),
) -> None:
    """Adds a way to reach somebody, and confirms it with the code that goes there."""
    from django.db import transaction

    from tocsin.notifications import contacts, outbox
    from tocsin.notifications.models import Message

    with transaction.atomic():  # once the message has gone out, nobody here knows the code any more
        method = contacts.add(person, channel, address, now)
        [code] = outbox.notice_of(Message.objects.get(contact=method)).hidden
        contacts.confirm(method, code, now)
        contacts.set_rule(method, delay_minutes, severities)


def _policies(now: datetime) -> None:
    """Who is called about what; one of them reaches nobody, as happens where nobody looks."""
    from tocsin.catalog.models import Project
    from tocsin.oncall.escalation import Policy, Step, Target, To

    room = Target(To.CHANNEL, ROOM)
    first, second = Target(To.SCHEDULE, "platform"), Target(To.SCHEDULE, "second-line")
    urgent = Policy((Step((first,), wait=1), Step((second,), wait=5), Step((room,), wait=10)), rounds=2, holds=30)
    _policy("Urgent", "The first line, then the second, then everybody.", urgent, None, ("critical", "high"), now)
    calm = Policy((Step((room,), wait=60),), rounds=2)
    _policy("Calm", "Whoever is in the room takes it.", calm, None, ("medium", "low"), now)
    lonely = Policy((Step((Target(To.PERSON, UNREACHABLE),), wait=15),))
    analytics = Project.objects.get(slug="analytics")
    _policy("Analytics", "Emil built it, and knows it best.", lonely, analytics, ("critical",), now)


def _policy(
    name: str, about: str, policy: Policy, project: Project | None, severities: Sequence[str], now: datetime
) -> None:
    """Makes a policy, and chooses it for incidents of a project, or of all (None), at these severities."""
    from tocsin.oncall import policies

    draft = policies.Draft(name, policy, about, project.pk if project else None)
    made = policies.create(draft, actor="demo", now=now)
    for severity in severities:
        policies.choose(made, project=project, service="", severity=severity, actor="demo", now=now)


def acknowledge_one(environments: Sequence[Environment], now: datetime) -> str:
    """Somebody who was called about an incident there answers with the link in the message; what came of it, in a line."""
    from tocsin.notifications import contacts
    from tocsin.notifications.models import Message
    from tocsin.notifications.notice import Kind
    from tocsin.workflows import answering

    called = Message.objects.filter(incident__environment__in=environments, kind=Kind.PAGE, state=Message.State.SENT)
    message = called.exclude(user=None).select_related("user").order_by("id").first()
    if message is None:
        return ""
    incident = answering.acknowledge(contacts.link_of(message.dedup_key).rpartition("/")[2], now)
    return f"{incident.name} is acknowledged by {message.user}, with the link in a message to their phone"


def rest(now: datetime) -> None:
    """The tracker is not there any more when the demonstration was played: nothing goes out to it from now on."""
    from tocsin.notifications import store
    from tocsin.notifications.models import Channel

    for channel in Channel.objects.filter(name=TRACKER, paused_at=None):
        store.pause(channel, now)
