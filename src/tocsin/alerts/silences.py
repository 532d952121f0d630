"""Silences as people keep them: made, replaced, ended; and what one would match, before it is kept."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from tocsin.alerts.models import Alert, Silence
from tocsin.alerts.recurrence import BadRecurrence, Plan, Window, check
from tocsin.alerts.silencing import About, BadMatcher, Matcher, asks_nothing, parse_matchers
from tocsin.alerts.silencing import Silence as Rule
from tocsin.ground.models import Timer

TIMER = "silence"
LOOK_BACK = timedelta(hours=24)
# So many of the newest alerts are compared with a silence that is not kept yet, and so many of those it matches are shown.
MOST_COMPARED = 5000
MOST_SHOWN = 20
LONGEST_REASON = 500


class BadSilence(ValueError):
    """A silence that can't be kept as asked; the message says why, and `field` which part of it is meant."""

    def __init__(self, field_: str, message: str) -> None:
        super().__init__(message)
        self.field = field_


@dataclass(frozen=True, slots=True)
class Draft:
    """A silence as somebody asks for it. `environment_id` None stands for all environments; times are in UTC."""

    environment_id: int | None
    matchers: str
    starts_at: datetime
    ends_at: datetime
    reason: str
    recurrence: str = ""
    zone: str = "UTC"
    is_trial: bool = False

    @property
    def plan(self) -> Plan:
        """When it holds."""
        return Plan(self.starts_at, self.ends_at, self.recurrence, self.zone)

    def window(self, now: datetime) -> Window:
        """Its present window, or the next. Raises BadSilence where it could never hold anything."""
        try:
            matchers = parse_matchers(self.matchers)
        except BadMatcher as error:
            raise BadSilence("matchers", str(error)) from error
        if self.environment_id is None and asks_nothing(matchers):
            raise BadSilence(
                "matchers", "Say what it is about: a matcher, or one environment. It would silence everything."
            )
        if not self.reason.strip():
            raise BadSilence("reason", "Say why: others will ask.")
        if len(self.reason) > LONGEST_REASON:
            raise BadSilence("reason", f"At most {LONGEST_REASON} characters.")
        try:
            check(self.plan)
            window = self.plan.window(now)
        except BadRecurrence as error:
            raise BadSilence("recurrence" if self.recurrence else "times", str(error)) from error
        if window is None:
            raise BadSilence("times", "All of it is in the past.")
        return window


@transaction.atomic
def keep(draft: Draft, *, actor: str, now: datetime, replaces: Silence | None = None) -> Silence:
    """Keeps a silence, and sets the timer that holds what fires when it begins. Raises BadSilence."""
    window = draft.window(now)
    kept = Silence.objects.create(
        environment_id=draft.environment_id,
        matchers="\n".join(str(matcher) for matcher in parse_matchers(draft.matchers)),
        starts_at=draft.starts_at,
        ends_at=draft.ends_at,
        recurrence=draft.recurrence,
        zone=draft.zone,
        active_from=window.start,
        active_until=window.end,
        reason=draft.reason.strip(),
        is_trial=draft.is_trial,
        created_by=actor,
        created_at=now,
        replaces=replaces,
    )
    set_timer(kept, max(now, window.start))
    return kept


@transaction.atomic
def end(silence_id: int, *, actor: str, now: datetime) -> Silence:
    """Ends a silence early; what it holds is looked at at once. Raises BadSilence where it has ended, Silence.DoesNotExist."""
    silence = Silence.objects.select_for_update(no_key=True).get(pk=silence_id)
    if silence.ended_at is not None or silence.active_until <= now:
        raise BadSilence("silence", "It has ended already.")
    silence.ended_at, silence.ended_by = now, actor
    silence.save(update_fields=["ended_at", "ended_by"])
    set_timer(silence, now)
    return silence


@transaction.atomic
def replace(silence_id: int, draft: Draft, *, actor: str, now: datetime) -> Silence:
    """Ends a silence, and keeps another in its place: the old one stays readable as it was. Raises BadSilence."""
    draft.window(now)
    return keep(draft, actor=actor, now=now, replaces=end(silence_id, actor=actor, now=now))


def roll(silence: Silence, now: datetime) -> bool:
    """Moves a recurring silence on to its present or next window; False where it is over."""
    if silence.ended_at is not None:
        return False
    if now < silence.active_until:
        return True
    window = Plan(silence.starts_at, silence.ends_at, silence.recurrence, silence.zone).window(now)
    if window is None:
        return False
    silence.active_from, silence.active_until = window.start, window.end
    silence.save(update_fields=["active_from", "active_until"])
    return True


def set_timer(silence: Silence, due_at: datetime) -> None:
    """Asks that a silence be looked at."""
    Timer.objects.update_or_create(kind=TIMER, key=str(silence.pk), defaults={"due_at": due_at})


def rule_of(silence: Silence) -> Rule:
    """A kept silence as a value that decides."""
    return Rule(
        *(silence.pk, silence.environment_id, parse_matchers(silence.matchers)),
        *(silence.active_until, silence.reason, silence.is_trial),
    )


def active_rules(now: datetime) -> list[Rule]:
    """The silences that hold at `now`, those in trial not."""
    active = Silence.objects.filter(active_from__lte=now, active_until__gt=now, ended_at=None, is_trial=False)
    return [rule_of(silence) for silence in active]


@dataclass(frozen=True, slots=True)
class Preview:
    """What a silence would match: alerts that fire now, those of the last 24 hours, and the newest of them."""

    firing: int = 0
    lately: int = 0
    shown: list[Alert] = field(default_factory=list)
    is_cut: bool = False


Service = Callable[[Alert], str]


def preview(draft: Draft, now: datetime, service_of: Service) -> Preview:
    """What a draft would match. `service_of` names an alert's service in the catalogue. Raises BadSilence."""
    draft.window(now)
    rule = Rule(0, draft.environment_id, parse_matchers(draft.matchers), now, "")
    alerts = Alert.objects.select_related("source", "environment__project").order_by("-firing", "-began_at", "-id")
    if draft.environment_id is not None:
        alerts = alerts.filter(environment=draft.environment_id)
    compared = list(alerts.filter(Q(firing=True) | Q(last_seen__gte=now - LOOK_BACK))[:MOST_COMPARED])
    matched = [alert for alert in compared if rule.matches(about(alert, rule, service_of))]
    firing = sum(alert.firing for alert in matched)
    return Preview(firing, len(matched), matched[:MOST_SHOWN], len(compared) == MOST_COMPARED)


def about(alert: Alert, rule: Rule | None, service_of: Service) -> About:
    """What matchers can ask of a stored alert; the service is looked up only where a rule asks for it."""
    asks = rule is None or any(matcher.name == "@service" for matcher in rule.matchers)
    service = service_of(alert) if asks else ""
    return About(alert.environment_id, alert.title, alert.labels, service, alert.source.name)


def are_all_matched(alerts: Iterable[Alert], rules: Iterable[Rule], service_of: Service) -> Rule | None:
    """The rule that holds them: each alert matches one of the rules. The one that ends first; None where not all match."""
    rules = list(rules)
    holding: set[int] = set()
    for alert in alerts:
        found = [rule for rule in rules if rule.matches(about(alert, rule, service_of))]
        if not found:
            return None
        holding.add(max(found, key=lambda rule: rule.until).id)
    return min((rule for rule in rules if rule.id in holding), key=lambda rule: rule.until, default=None)


# The labels that say where something is, rather than which one of many.
TELLING = ("cluster", "namespace", "deployment", "statefulset", "daemonset", "service", "node", "instance")


def matchers_about(alerts: list[Alert]) -> str:
    """Matchers for a silence about these alerts: their titles, and the telling labels that they have in common."""
    titles = sorted({alert.title for alert in alerts})
    shared = [
        Matcher(name, "=", alerts[0].labels[name])
        for name in TELLING
        if alerts and alerts[0].labels.get(name) and len({alert.labels.get(name) for alert in alerts}) == 1
    ]
    if len(titles) > 1:
        return "\n".join(str(one) for one in (Matcher("@title", "=~", "|".join(map(_literal, titles))), *shared))
    return "\n".join(str(one) for one in (*(Matcher("@title", "=", title) for title in titles), *shared))


def _literal(text: str) -> str:
    """A pattern that matches this text alone."""
    return re.sub(r"[^\w\s-]", r"\\\g<0>", text)
