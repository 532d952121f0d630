"""Whether everybody was told who should have been by now: derived anew from the policy and the times, against the messages. Pure.

It knows nothing of how runs are carried on. It asks what must be true some time after something happened, and says what is not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from tocsin.oncall.escalation import Policy

# A worker looks four times a second, and another takes over within seconds: what is later than this is wrong.
TOLERANCE = timedelta(seconds=60)
# A vendor may be slow or down for a while; then people must know that nobody hears it.
HANDED_OVER_WITHIN = timedelta(minutes=3)


@dataclass(frozen=True, slots=True)
class Handed:
    """A message of a call: when it was to go out, and whether the vendor took it, or why not."""

    due_at: datetime
    is_sent: bool
    is_suppressed: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """A call that a run claims to have made: for how many messages, and those that there are."""

    number: int
    at: datetime
    place: int
    is_nag: bool
    told: tuple[str, ...]
    messages: tuple[Handed, ...]


@dataclass(frozen=True, slots=True)
class Run:
    """A run that is not over: the policy as it began, when, when it was last answered, and its calls in their order.

    `nobody_because`: why it reached nobody, where every step was carried out and did not.
    """

    key: str
    policy: Policy
    started_at: datetime
    answered_at: datetime | None
    calls: Sequence[Made]
    nobody_because: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """An open incident that nothing holds back: since when somebody is to be called, whether a policy counts, its run."""

    since: datetime
    has_policy: bool
    run: Run | None


@dataclass(frozen=True, slots=True)
class Problem:
    """Somebody should have been told and was not. `key` stays the same while it is the same problem.

    `is_past`: they were in the end, too late.
    """

    key: str
    text: str
    is_past: bool = False


def problems(record: Record, now: datetime) -> list[Problem]:
    """What is wrong with an incident's calls at `now`; nothing where all is as it should be."""
    run = record.run
    if run is None:
        late = now - record.since
        if not record.has_policy or late <= TOLERANCE:
            return []
        return [Problem("no run", f"A policy is chosen for it, and nobody has been called for {_span(late)}.")]
    last = max([run.started_at, *(call.at for call in run.calls)])
    if last - now > TOLERANCE:  # its timers lie as far ahead: they are to be set anew
        return [Problem(f"{run.key}:clock", f"The last call lies {_span(last - now)} ahead: a clock was set back.")]
    if run.nobody_because:
        return [Problem(f"{run.key}:nobody", f"No one was notified: {run.nobody_because}.")]
    found = _late_calls(run, now) if run.answered_at is None else _late_reminder(run, run.answered_at, now)
    owed = [call for call in run.calls if run.answered_at is None or call.at > run.answered_at]
    return [*found, *(problem for call in owed for problem in _unheard(run, call, now))]


def key_of_call(run: str, number: int) -> str:
    """By which a call that reached nobody is known: the key of its run, and which call of that it is."""
    return f"{run}:call:{number}"


def _late_calls(run: Run, now: datetime) -> Iterator[Problem]:
    """Each call must follow the one before within its wait; the first the beginning."""
    calls = [call for call in run.calls if not call.is_nag]
    places = [call.place for call in calls]
    if places != list(range(len(places))):
        yield Problem(f"{run.key}:order", f"Steps were left out or repeated: {', '.join(map(str, places))}.")
    at = [run.started_at, *(call.at + timedelta(minutes=run.policy.step_at(call.place).wait) for call in calls)]
    happened = [*(call.at for call in calls), now]
    for place, (expected, when) in enumerate(zip(at, happened, strict=True)):
        if place < run.policy.places and when - expected > TOLERANCE:
            is_past = place < len(calls)
            did = f"{run.policy.named(place)} {'came' if is_past else 'is'}"
            yield Problem(f"{run.key}:{place}", f"{did} {_span(when - expected)} late.", is_past)


def _late_reminder(run: Run, answered_at: datetime, now: datetime) -> Iterator[Problem]:
    if not run.policy.holds:
        return
    hold = timedelta(minutes=run.policy.holds)
    reminders = [call.at for call in run.calls if call.is_nag and call.at > answered_at]
    for number, (before, after) in enumerate(pairwise([answered_at, *reminders, now])):
        if after - before - hold > TOLERANCE:
            is_past = number < len(reminders)
            text = f"Reminder {number + 1} {'came' if is_past else 'is'} {_span(after - before - hold)} late."
            yield Problem(f"{run.key}:{answered_at.timestamp():.0f}:nag:{number}", text, is_past)


def _unheard(run: Run, call: Made, now: datetime) -> Iterator[Problem]:
    """A call that says it told somebody must have its messages, and one of those due must have gone out."""
    if not call.told:
        return
    key = key_of_call(run.key, call.number)
    what = "A reminder" if call.is_nag else run.policy.named(call.place).capitalize()
    if not call.messages:
        yield Problem(key, f"{what} says that it told {', '.join(call.told)}: no message is there.")
        return
    due = [each for each in call.messages if now - each.due_at > HANDED_OVER_WITHIN and not each.is_suppressed]
    if due and not any(each.is_sent or each.is_suppressed for each in call.messages):
        notes = "; ".join(dict.fromkeys(each.note for each in due if each.note)) or "nothing was tried"
        yield Problem(key, f"{what} has reached nobody ({', '.join(call.told)}): {notes}.")


def _span(span: timedelta) -> str:
    seconds = round(span.total_seconds())
    return f"{seconds} s" if seconds < 120 else f"{seconds // 60} min"
