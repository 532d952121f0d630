"""The auditor at work: every open incident is judged anew; what is wrong is said on the incident, to admins and to a channel.

An alarm ends when it holds no longer: then only the timeline tells of it.

It is no part of what carries runs on. Its own beat is kept in its row: where that stops, the pages say so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache

from django.db import connection, transaction
from django.db.models import Max

from tocsin.ground.models import Timer
from tocsin.incidents import changes
from tocsin.incidents.lifecycle import OPEN, Status
from tocsin.incidents.models import Incident, TimelineEntry
from tocsin.notifications import contacts, outbox
from tocsin.notifications.facts import facts_of
from tocsin.notifications.models import Channel, Message
from tocsin.notifications.notice import Kind, Notice
from tocsin.oncall import auditing, policies
from tocsin.oncall.auditing import Handed, Made, Problem, Record, Run
from tocsin.oncall.escalations import AUDITOR_DEAD_AFTER, Alarm, Escalation, EscalationCall, Watch
from tocsin.oncall.policies import Chosen
from tocsin.workflows import escalating, paging

# Older ones are a matter of tidying up, no longer of calling.
OLDEST = timedelta(days=14)
# Calls that are judged: what is older was judged when it was new.
CALLS_SINCE = timedelta(hours=6)
_ONE_AT_A_TIME = 7_104_003
_OVER = (Message.State.FAILED, Message.State.GIVEN_UP)


def watch() -> Watch:
    """The auditor's row, made when it is first asked for."""
    return Watch.objects.select_related("fallback").get_or_create(pk=1)[0]


def hearer(row: Watch) -> Channel | None:
    """The channel that hears its alarms; None where there is none, or it is not in use."""
    kept = row.fallback
    return kept if kept is not None and kept.removed_at is None and kept.paused_at is None else None


def is_alive(row: Watch, now: datetime) -> bool:
    """Whether the auditor has looked lately."""
    return row.audited_at is not None and now - row.audited_at <= AUDITOR_DEAD_AFTER


@transaction.atomic
def audit(now: datetime) -> int:
    """Judges every open incident; how many alarms are new. Nothing where another worker is at it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_ONE_AT_A_TIME])
        if not cursor.fetchone()[0]:
            return 0
    rows = Incident.objects.select_related("environment").filter(
        status__in=OPEN, merged_into=None, held_until=None, triggered_at__gt=now - OLDEST
    )
    incidents = list(rows.order_by("pk"))
    records = records_of(incidents, now)
    wrong = [(incident, auditing.problems(records[incident.pk], now)) for incident in incidents]
    raised = [alarm for incident, found in wrong for alarm in _raise(incident, found, now)]
    _end_others({_key(incident, each) for incident, found in wrong for each in found if not each.is_past}, now)
    _repair([incident.pk for incident, found in wrong if found], now)
    Watch.objects.update_or_create(pk=1, defaults={"audited_at": now, "audited": len(incidents)})
    return len(raised)


def records_of(incidents: Sequence[Incident], now: datetime) -> dict[int, Record]:
    """What there is to judge of each incident, by number."""
    runs = {run.incident_id: run for run in Escalation.objects.filter(incident__in=incidents, ended_at=None)}
    calls: dict[int, list[EscalationCall]] = defaultdict(list)
    for call in EscalationCall.objects.filter(escalation__in=runs.values()).order_by("number"):
        calls[call.escalation_id].append(call)
    handed = _handed(_to_judge(runs, calls, now))
    found = _without_run([incident for incident in incidents if incident.pk not in runs])
    for number, run in runs.items():
        found[number] = Record(run.started_at, True, _run(run, calls[run.pk], handed))
    return found


def _to_judge(
    runs: Mapping[int, Escalation], calls: Mapping[int, Sequence[EscalationCall]], now: datetime
) -> list[EscalationCall]:
    """The calls that are new, and those of which an alarm still tells: only what is judged can be found right again."""
    if not runs:
        return []
    told_of = set(Alarm.objects.filter(incident__in=runs, ended_at=None).values_list("key", flat=True))
    return [
        call
        for number, run in runs.items()
        for call in calls[run.pk]
        if call.at > now - CALLS_SINCE or f"{number}:{auditing.key_of_call(_key_of_run(run), call.number)}" in told_of
    ]


def _key_of_run(run: Escalation) -> str:
    return f"run:{run.pk}"


def _run(row: Escalation, calls: Sequence[EscalationCall], handed: dict[str, list[Handed]]) -> Run:
    made = tuple(_made(call, handed) for call in calls)
    nobody = _nobody_because(calls) if row.answered_at is None and row.place >= row.frozen.places else ""
    return Run(_key_of_run(row), row.frozen, row.started_at, row.answered_at, made, nobody)


def _nobody_because(calls: Iterable[EscalationCall]) -> str:
    """Why calls reached nobody; empty where one did, or where nobody was to be called."""
    tried = [call for call in calls if not any(paging.PASSED_OVER in why for why in call.missed)]
    if any(call.told for call in tried):
        return ""
    return "; ".join(dict.fromkeys(why for call in tried for why in call.missed))


def _made(call: EscalationCall, handed: dict[str, list[Handed]]) -> Made:
    keys = [str(each["key"]) for each in call.told]
    is_judged = any(key in handed for key in keys)
    told = tuple(str(each["who"]) for each in call.told) if is_judged else ()
    messages = tuple(each for key in keys for each in handed.get(key, []))
    return Made(call.number, call.at, call.place, call.is_nag, told, messages)


def _handed(calls: Sequence[EscalationCall]) -> dict[str, list[Handed]]:
    """The messages of each call's key; an empty list where there are none."""
    found: dict[str, list[Handed]] = {str(told["key"]): [] for call in calls for told in call.told}
    due = {str(told["key"]): call.at for call in calls for told in call.told}
    for message in Message.objects.filter(group__in=found):
        is_sent, is_suppressed = message.state == Message.State.SENT, message.state == Message.State.SUPPRESSED
        planned = message.created_at if message.tries or message.state in _OVER else message.next_try_at
        at = max(due[message.group], planned)
        found[message.group].append(Handed(at, is_sent, is_suppressed, message.note))
    return found


def _without_run(incidents: Collection[Incident]) -> dict[int, Record]:
    """What is owed to incidents that have no run: something where nobody has it, and a policy counts that did when it began.

    That is since it was opened, came back, or a silence ended; what was last.
    """
    waiting = [incident for incident in incidents if incident.status == Status.TRIGGERED]
    entries = TimelineEntry.objects.filter(
        incident__in=waiting, kind__in=["opened", "silence", "status", "severity"]
    ).values_list("incident")
    begun = dict(entries.annotate(newest=Max("at")))
    services = escalating.services_of_all(waiting)

    @cache
    def chosen(project_id: int, services: tuple[str, ...], severity: str) -> Chosen | None:
        return policies.chosen(project_id, services, severity)

    found = {incident.pk: Record(incident.triggered_at, False, None) for incident in incidents}
    for incident in waiting:
        since = begun.get(incident.pk, incident.triggered_at)
        policy = chosen(incident.environment.project_id, tuple(services[incident.pk]), incident.severity)
        found[incident.pk] = Record(since, policy is not None and policy.since <= since, None)
    return found


def _raise(incident: Incident, found: Sequence[Problem], now: datetime) -> list[Alarm]:
    """Says what is wrong, each once; what had ended and is so again is said anew."""
    new = []
    for problem in found:
        key = _key(incident, problem)
        values = {"text": problem.text, "raised_at": now, "ended_at": None, "seen_at": None}
        alarm, is_new = Alarm.objects.get_or_create(key=key, defaults={"incident": incident, **values})
        is_again = alarm.ended_at is not None and not problem.is_past
        if is_again:
            alarm, _ = Alarm.objects.update_or_create(key=key, defaults=values)
        if is_new or is_again:
            changes.record(incident, "alarm", f"Alarm: {problem.text}", actor=changes.TOCSIN, now=now, key=key)
            new.append(alarm)
    if new and (fallback := hearer(watch())):
        facts = facts_of([incident.pk])[incident.pk]
        text = f"Somebody should have been told, and was not. {' '.join(alarm.text for alarm in new)}"
        notice = Notice("", Kind.CLOCK, now, text, facts)
        reason = "it is the channel for alarms of the auditor"
        key = f"alarm:{new[0].pk}:{now.timestamp():.0f}"
        asked = outbox.Asked(fallback, notice, reason, key, priority=contacts.PRIORITY_OF_CALLS)
        outbox.enqueue([asked], now)
    return new


def _key(incident: Incident, problem: Problem) -> str:
    return f"{incident.pk}:{problem.key}"


def _end_others(holding: Collection[str], now: datetime) -> None:
    """Ends the alarms that hold no longer: somebody was told or answered after all, or it is over."""
    told_of = Alarm.objects.filter(ended_at=None).values_list("pk", "key")
    Alarm.objects.filter(pk__in=[pk for pk, key in told_of if key not in holding]).update(ended_at=now)


def _repair(numbers: Iterable[int], now: datetime) -> None:
    """Has the incidents looked at again: a timer that was lost, or set by a clock that went wrong, comes back."""
    timers = [Timer(kind=escalating.TIMER, key=str(number), due_at=now) for number in numbers]
    Timer.objects.bulk_create(timers, update_conflicts=True, unique_fields=["kind", "key"], update_fields=["due_at"])
