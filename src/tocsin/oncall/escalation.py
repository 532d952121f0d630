"""Who is called next about an incident, and when: a policy, how far its run is, and what is due. Pure.

A run goes through the steps of its policy, round by round, until somebody answers. Each wait counts from when the step before
was carried out, not from the beginning: after an outage the next step comes at once and the ones behind it in their distances,
so that nobody is passed over and nobody is called by everything at once.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from tocsin.incidents.triage import Severity
from tocsin.notifications.rules import Hours

MOST_STEPS, MOST_TARGETS, MOST_ROUNDS = 20, 20, 10
LONGEST_WAIT, SHORTEST_HOLD, LONGEST_HOLD = 24 * 60, 5, 7 * 24 * 60


class BadPolicy(ValueError):
    """A policy that makes no sense; the message says what to do about it."""


class To(StrEnum):
    """What a step may name. An outgoing webhook is a channel."""

    PERSON = "person"
    SCHEDULE = "schedule"
    ROLE = "role"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True)
class Target:
    """Whom a step calls: a user name, a schedule's slug, a role in the incident, or the name of a channel."""

    to: To
    name: str

    def __str__(self) -> str:
        """As it is typed and told: “schedule payments”."""
        return f"{self.to} {self.name}"


@dataclass(frozen=True, slots=True)
class Step:
    """Whom to call at the same time, and how many minutes to wait for an answer. Empty `severities`: any."""

    targets: tuple[Target, ...]
    wait: int = 5
    severities: tuple[Severity, ...] = ()
    hours: Hours = Hours.ALWAYS


@dataclass(frozen=True, slots=True)
class Policy:
    """Steps, gone through `rounds` times. `holds`: after so many minutes without a sign of whoever acknowledged, they are
    reminded, again and again; 0: never.
    """

    steps: tuple[Step, ...]
    rounds: int = 1
    holds: int = 0

    @property
    def places(self) -> int:
        """How many steps there are in all rounds together."""
        return len(self.steps) * self.rounds

    def step_at(self, place: int) -> Step:
        """The step at a place, counted from 0 through all rounds."""
        return self.steps[place % len(self.steps)]

    def named(self, place: int) -> str:
        """A place as people count it: “step 2 of 3”, with the round where there are several."""
        number, count = place % len(self.steps) + 1, len(self.steps)
        again = f", round {place // count + 1} of {self.rounds}" if self.rounds > 1 else ""
        return f"step {number} of {count}{again}"


@dataclass(frozen=True, slots=True)
class Situation:
    """What the conditions of steps ask for, as it is now."""

    severity: Severity
    is_business_time: bool


@dataclass(frozen=True, slots=True)
class State:
    """How far a run is: the next `place`, not before `next_at`; when it was last answered; since when it is over."""

    place: int
    next_at: datetime
    answered_at: datetime | None = None
    nags: int = 0
    nagged_at: datetime | None = None
    ended_at: datetime | None = None


class Wanted(StrEnum):
    """What is due."""

    NOTHING = "nothing"
    CALL = "call"
    NAG = "nag"


@dataclass(frozen=True, slots=True)
class Due:
    """What is due now, or when something will be (None: never again), and why."""

    wanted: Wanted
    next_at: datetime | None
    reason: str


def begun(now: datetime) -> State:
    """A run that begins."""
    return State(0, now)


def due(policy: Policy, state: State, now: datetime) -> Due:
    """What is due at `now`: one step, one reminder, or nothing."""
    if state.ended_at is not None:
        return Due(Wanted.NOTHING, None, "it is over")
    if state.answered_at is not None:
        return _after_answer(policy, state, now)
    is_through = state.place >= policy.places
    at = min(state.next_at, now + _wait_before(policy, state.place))  # a clock that was set back delays nobody
    if now < at:
        follows = "nobody follows" if is_through else f"{policy.named(state.place)} follows"
        return Due(Wanted.NOTHING, at, f"{follows} where nobody answers")
    if is_through:
        return Due(Wanted.NOTHING, None, "every step was carried out, and nobody answered")
    return Due(Wanted.CALL, None, policy.named(state.place))


def _wait_before(policy: Policy, place: int) -> timedelta:
    return timedelta(minutes=policy.step_at(place - 1).wait) if place else timedelta()


def _after_answer(policy: Policy, state: State, now: datetime) -> Due:
    assert state.answered_at is not None
    if not policy.holds:
        return Due(Wanted.NOTHING, None, "somebody answered")
    hold = timedelta(minutes=policy.holds)
    last = max(state.answered_at, state.nagged_at or state.answered_at)
    expires = min(last, now) + hold
    if now < expires:
        return Due(Wanted.NOTHING, expires, "somebody answered; they are reminded where nothing happens")
    return Due(Wanted.NAG, None, f"nothing was heard of it for {policy.holds} min")


def carried_out(policy: Policy, state: State, now: datetime, *, reached: bool) -> State:
    """The run after the step that was due. One that reached nobody is followed at once, until the round ends."""
    ends_round = (state.place + 1) % len(policy.steps) == 0
    wait = timedelta(minutes=policy.step_at(state.place).wait) if reached or ends_round else timedelta()
    return replace(state, place=state.place + 1, next_at=now + wait)


def nagged(state: State, now: datetime) -> State:
    """The run after a reminder."""
    return replace(state, nags=state.nags + 1, nagged_at=now)


def answered(state: State, at: datetime) -> State:
    """The run after a sign of somebody: nobody further is called, and reminders count anew."""
    return replace(state, answered_at=at, nags=0, nagged_at=None)


def also_nagged(policy: Policy, nags: int) -> Step | None:
    """Whose turn it is beside whoever acknowledged, when `nags` reminders had no effect: nobody at first, then step by step."""
    return policy.steps[min(nags - 1, len(policy.steps) - 1)] if nags else None


def passed_over(step: Step, situation: Situation) -> str:
    """Why a step is not for this situation; empty where it is."""
    if step.severities and situation.severity not in step.severities:
        return f"it is for {' or '.join(step.severities)} only"
    if step.hours != Hours.ALWAYS and (step.hours == Hours.BUSINESS) != situation.is_business_time:
        return f"it is for {step.hours} only"
    return ""


def check(policy: Policy) -> None:
    """Raises BadPolicy where nobody could be called, or there is more of something than anybody could read."""
    if not policy.steps:
        raise BadPolicy("Give the policy at least one step.")
    if len(policy.steps) > MOST_STEPS or not 1 <= policy.rounds <= MOST_ROUNDS:
        raise BadPolicy(f"A policy has at most {MOST_STEPS} steps and 1 to {MOST_ROUNDS} rounds.")
    if policy.holds and not SHORTEST_HOLD <= policy.holds <= LONGEST_HOLD:
        raise BadPolicy(f"Reminders come after {SHORTEST_HOLD} to {LONGEST_HOLD} minutes without a word, or never (0).")
    for number, step in enumerate(policy.steps, 1):
        if not step.targets or len(step.targets) > MOST_TARGETS:
            raise BadPolicy(f"Step {number}: name 1 to {MOST_TARGETS} whom it calls.")
        if not 1 <= step.wait <= LONGEST_WAIT:
            raise BadPolicy(f"Step {number}: wait 1 to {LONGEST_WAIT} minutes.")
