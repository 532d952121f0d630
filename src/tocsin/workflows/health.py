"""How each part of this installation does, out of the database: what the page of its health shows, and what every page warns of.

A part that can't be looked at is said to be unknown, never well.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import Error, connection, transaction
from django.db.models import Count, Exists, Min, OuterRef, Q

from tocsin.accounts.models import User
from tocsin.alerts.health import health_of
from tocsin.catalog.models import Source
from tocsin.ground import models as ground
from tocsin.ground.models import Timer
from tocsin.incidents import subscribing
from tocsin.incidents.models import TimelineEntry
from tocsin.incidents.status_page import Subscriber
from tocsin.incidents.triage import Severity
from tocsin.notifications import contacts, store
from tocsin.notifications.log import UNENDED
from tocsin.notifications.models import Channel, Event, Message
from tocsin.oncall.escalations import standing
from tocsin.oncall.store import answers_of, in_use
from tocsin.workflows import auditing, mailing, signs
from tocsin.workflows.signs import WORK, Part, Process, Sign, Standing
from tocsin.workflows.timers import DUE

# Of the newest messages it is seen whether a channel works: the log may be long.
MOST_MESSAGES = 2000
# Of the disk, less free than this share is soon too little.
LEAST_FREE = 0.1
_ENDED_BADLY = (Message.State.FAILED, Message.State.GIVEN_UP)


def look(now: datetime) -> list[Sign]:
    """The signs of all parts, the worst first. `now` by the database's clock."""
    running = processes()
    found = [signs.of_kind("web", running, now), *vital(running, now)]
    found += [signs.of_work(name, running, now) for name, work in WORK.items() if not work.is_vital]
    gathered: tuple[tuple[str, Callable[[datetime], list[Sign]]], ...] = (
        ("investigations", _investigations),
        ("on-call", _on_call),
        ("channels", _channels),
        ("subscribers", _subscribers),
        ("sources", _sources),
        ("database", _database),
        ("disk", _disk),
    )
    found += [sign for name, gather in gathered for sign in _looked(name, gather, now)]
    return signs.by_urgency(found)


def vital(running: list[Process], now: datetime) -> list[Sign]:
    """The signs of that without which nobody is called; few and cheap to read."""
    found = [signs.of_kind("worker", running, now)]
    found += [signs.of_work(name, running, now) for name, work in WORK.items() if work.is_vital]
    for name, gather in (("lateness", _timers), ("outbox", _outbox), ("audit", _audit)):
        found += _looked(name, gather, now)
    return found


def processes() -> list[Process]:
    """The processes, as each said of itself last."""
    return [_process(row) for row in ground.Process.objects.order_by("kind", "started_at")]


def _process(row: ground.Process) -> Process:
    def part(told: dict[str, object]) -> Part:
        ago = told.get("ago")
        at = row.beat_at - timedelta(seconds=ago) if isinstance(ago, int | float) else None
        return Part(at, str(told.get("wrong", "")))

    return Process(
        row.name, row.kind, row.started_at, row.beat_at, {name: part(told) for name, told in row.parts.items()}
    )


def _looked(name: str, gather: Callable[[datetime], list[Sign]], now: datetime) -> list[Sign]:
    try:
        with transaction.atomic():
            return gather(now)
    except (Error, OSError) as error:
        said = f"It could not be looked at: {type(error).__name__}."
        return [Sign(name, name.capitalize(), Standing.UNKNOWN, said, advice="The log of the web process says more.")]


def _timers(now: datetime) -> list[Sign]:
    due = Timer.objects.filter(kind__in=DUE, due_at__lte=now).aggregate(oldest=Min("due_at"), waiting=Count("pk"))
    return [signs.of_queue("lateness", "Timers that are due", due["oldest"], due["waiting"], now)]


def _outbox(now: datetime) -> list[Sign]:
    """What has happened and was not turned into messages, and messages that nobody has tried to send."""
    told = TimelineEntry.objects.filter(pk__in=Event.objects.order_by("pk").values("pk")[:1])
    oldest = told.values_list("at", flat=True).first()
    events = signs.of_queue("events", "Events to tell of", oldest, Event.objects.count() if oldest else 0, now)
    resting = list(Channel.objects.exclude(paused_at=None, removed_at=None).values_list("pk", flat=True))
    waiting = Message.objects.filter(state=Message.State.WAITING, next_try_at__lte=now).exclude(channel__in=resting)
    # behind one that a vendor does not take: no worker could send it sooner
    before = Message.objects.filter(order_key=OuterRef("order_key"), state__in=UNENDED, pk__lt=OuterRef("pk"))
    due = waiting.filter(Q(order_key="") | ~Exists(before)).aggregate(oldest=Min("next_try_at"), waiting=Count("pk"))
    messages = signs.of_queue("outbox", "Messages to send", due["oldest"], due["waiting"], now)
    return [events, messages]


def _audit(now: datetime) -> list[Sign]:
    row, alarms = auditing.watch(), standing().order_by("raised_at")
    first, count = alarms.first(), alarms.count()
    title, path = "What the auditor finds", "/escalation"
    if first is not None:
        said = f"{count} alarm{'s' if count > 1 else ''} that nobody has taken note of."
        return [Sign("audit", title, Standing.FAILING, said, first.raised_at, "See to them, then take note.", path)]
    if not auditing.is_alive(row, now):
        return [Sign("audit", title, Standing.UNKNOWN, "It has not looked lately.", row.audited_at, signs.START_WORKER)]
    said = f"All well, of {row.audited} open incident{'' if row.audited == 1 else 's'}."
    if auditing.hearer(row) is None:
        advice = "Choose a channel that hears its alarms."
        return [Sign("audit", title, Standing.TROUBLED, f"{said} Its alarms go to no channel.", None, advice, path)]
    return [Sign("audit", title, Standing.WELL, said, path=path)]


def _investigations(now: datetime) -> list[Sign]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), min(e.at) FROM procrastinate_jobs j JOIN procrastinate_events e ON e.job_id = j.id"
            " WHERE j.status = 'todo' AND e.type = 'deferred' AND coalesce(j.scheduled_at, %(now)s) <= %(now)s",
            {"now": now},
        )
        [waiting, oldest] = cursor.fetchone()
    return [signs.of_queue("investigations", "Investigations to begin", oldest, waiting, now)]


def _on_call(now: datetime) -> list[Sign]:
    """Whether whoever is on call now could be called."""
    answers = answers_of(list(in_use()), now).values()
    names = {duty.person for each in answers for duty in each.duties}
    people = User.objects.filter(username__in=names).order_by("username")
    called = [contacts.foreseen(person, Severity.CRITICAL, now) for person in people]
    title, missed = "People on call", [each.nobody_because for each in called if not each.ways]
    if missed:
        advice = "They add a way to be reached on their account page, or somebody takes over."
        return [Sign("on-call", title, Standing.TROUBLED, f"{'; '.join(missed)}.", None, advice, "/oncall")]
    return [Sign("on-call", title, Standing.WELL, f"{len(called)} now, and each can be reached.", path="/oncall")]


def _channels(now: datetime) -> list[Sign]:
    """A sign for each channel that does not work; one for all others together."""
    newest: dict[int, list[Message]] = {}
    for message in Message.objects.order_by("-id")[:MOST_MESSAGES]:
        newest.setdefault(message.channel_id, []).append(message)
    rows = store.in_use()
    found = [sign for row in rows for sign in _channel(row, newest.get(row.pk, []))]
    well = len(rows) - len(found)
    said = f"{well} of {len(rows)} work, as far as messages went out." if rows else "There is none: nobody is told."
    rest = Sign("channels", "Channels", Standing.WELL if rows else Standing.TROUBLED, said, path="/settings/channels")
    return [*found, rest]


def _channel(row: Channel, newest: list[Message]) -> Iterator[Sign]:
    """What is wrong with a channel, by its newest messages, newest first."""
    title, path = f"Channel {row.name}", f"/settings/channels/{row.pk}"
    if row.paused_at is not None:
        waiting = sum(message.state == Message.State.WAITING for message in newest)
        said = f"It is paused; {waiting} wait."
        yield Sign(
            f"channel-{row.pk}", title, Standing.TROUBLED, said, row.paused_at, "Let it go on, or remove it.", path
        )
        return
    tried = [message for message in newest if message.tries and message.state != Message.State.SUPPRESSED]
    failing = []
    for message in tried:
        if message.state == Message.State.SENT:
            break
        if message.state in _ENDED_BADLY or message.note:
            failing.append(message)
    if failing:
        said = f"Nothing went out of the last {len(failing)}: {failing[0].note or 'no answer'}"
        advice = "Send a test from its page; what it answers says what to do."
        yield Sign(f"channel-{row.pk}", title, Standing.FAILING, said, failing[-1].created_at, advice, path)


def _subscribers(now: datetime) -> list[Sign]:
    waiting = subscribing.unsent(now).order_by().aggregate(oldest=Min("created_at"), waiting=Count("pk"))
    if mailing.channel() is None and (Subscriber.objects.exists() or waiting["waiting"]):
        said = "There is no e-mail channel for all projects: subscribers of the status page are told nothing."
        advice = "Add a channel of the kind e-mail."
        return [Sign("subscribers", "Mail to subscribers waits", Standing.FAILING, said, waiting["oldest"], advice)]
    # a mail server may take its time, and mails go out one by one
    late = waiting["oldest"] + timedelta(minutes=5) if waiting["oldest"] else None
    return [signs.of_queue("subscribers", "Mails to subscribers", late, waiting["waiting"], now)]


def _sources(now: datetime) -> list[Sign]:
    rows = list(Source.objects.filter(revoked_at=None).select_related("environment__project").order_by("name", "pk"))
    found = health_of(rows, now)
    standings = {"rejecting": Standing.FAILING, "troubled": Standing.TROUBLED, "waiting": Standing.UNKNOWN}
    said = {
        "rejecting": "Its newest signal was not understood.",
        "troubled": "Something of it was not understood, or held back.",
        "waiting": "Nothing has come from it yet.",
    }
    bad = [each for each in found if each.state in standings]
    made = [
        Sign(
            f"source-{each.source.pk}",
            f"Source {each.source.name or each.source.kind} of {each.source.environment}",
            standings[each.state],
            said[each.state],
            each.last_at,
            "Its page says why, and how to connect it.",
            f"/sources/{each.source.pk}",
        )
        for each in bad
    ]
    last = max((each.last_at for each in found if each.last_at), default=None)
    heard = f"; the newest signal came {signs.span(now - last)} ago" if last else ""
    rest = f"{len(found) - len(bad)} of {len(found)} well{heard}." if found else "There is none: nothing comes in."
    standing = Standing.WELL if found else Standing.TROUBLED
    return [*made, Sign("sources", "Sources", standing, rest, path="/sources")]


def _database(now: datetime) -> list[Sign]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database()), pg_is_in_recovery()")
        [size, is_replica] = cursor.fetchone()
    if is_replica:
        said = "It is a replica, which takes nothing in."
        return [Sign("database", "Database", Standing.FAILING, said, advice="Give Tocsin the primary's address.")]
    return [Sign("database", "Database", Standing.WELL, f"Answers; {size / 2**20:,.0f} MB.")]


def _disk(now: datetime) -> list[Sign]:
    """The disk of the data folder, on which the embedded database lies."""
    folder: Path = settings.CONFIG.data_dir
    found = os.statvfs(folder)
    share, free = found.f_bavail / max(1, found.f_blocks), found.f_bavail * found.f_frsize
    said = f"{free / 2**30:,.1f} GB free ({share:.0%}) where {folder} lies."
    if share < LEAST_FREE:
        advice = "Make room: without it, signals are turned away."
        return [Sign("disk", "Disk", Standing.TROUBLED, said, None, advice)]
    return [Sign("disk", "Disk", Standing.WELL, said)]
