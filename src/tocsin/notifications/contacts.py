"""How people can be reached: addresses that they confirmed, when each is used, and when they are left alone."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec
from django.core.signing import TimestampSigner
from django.db import transaction
from django.db.models import F, QuerySet

from tocsin.accounts.models import User
from tocsin.ground.secrets import token_hash
from tocsin.incidents.triage import Severity
from tocsin.notifications import outbox, store
from tocsin.notifications.channel import Ability, Limit
from tocsin.notifications.channels import channels
from tocsin.notifications.delivery import Held, QuietHours, hushed
from tocsin.notifications.facts import public_url
from tocsin.notifications.models import Channel, ContactMethod, ContactRule, QuietTime
from tocsin.notifications.notice import Facts, Kind, Notice
from tocsin.notifications.outbox import Asked

# What links in calls are signed for, and how long they may be used.
LINK_SALT = "tocsin.acknowledge"
LINK_LIVES = timedelta(days=2)
CODE_LIVES = timedelta(minutes=15)
MOST_TRIES = 5
MOST_METHODS = 20
LONGEST_DELAY = 120
LONGEST_ADDRESS = 200
PRIORITY_OF_CALLS = 10
PRIORITY_OF_FIRST_CALL = 20
PRIORITY_OF_CALM = -10


class BadContact(ValueError):
    """An address that can't be kept or confirmed; the message says why, for the person."""


def channels_for_people() -> list[Channel]:
    """Channels through which people can be reached."""
    return [each for each in store.in_use() if Ability.REACHES_PEOPLE in store.about(each).abilities]


@transaction.atomic
def add(user: User, channel: Channel, address: str, now: datetime) -> ContactMethod:
    """A new way to reach somebody; a code goes to it, which confirms it. Raises BadContact."""
    cleaned = address.replace("\x00", "").strip()
    described = store.about(channel)
    if not cleaned or len(cleaned) > LONGEST_ADDRESS or any(not each.isprintable() for each in cleaned):
        raise BadContact(f"{described.address}: a line of at most {LONGEST_ADDRESS} characters is expected.")
    if not _fits(channel, cleaned):
        raise BadContact(f"{described.address}: “{cleaned}” is none.")
    if ContactMethod.objects.filter(user=user).count() >= MOST_METHODS:
        raise BadContact(f"You have {MOST_METHODS} already; remove one that you don’t use.")
    made, is_new = ContactMethod.objects.get_or_create(
        user=user, channel=channel, address=cleaned, defaults={"created_at": now}
    )
    if not is_new and made.confirmed_at:
        raise BadContact("You have that one already.")
    if made.code_until and made.code_until - CODE_LIVES > now - timedelta(minutes=1):
        raise BadContact("A code was sent within the last minute; wait for it, or ask again then.")
    _send_code(made, now)
    return made


def _fits(channel: Channel, address: str) -> bool:
    is_address = getattr(channels()[channel.kind], "is_address", None)
    return is_address is None or is_address(address)


def _send_code(method: ContactMethod, now: datetime) -> None:
    code = f"{secrets.randbelow(10**6):06d}"
    method.code_hash, method.code_until, method.code_tries = _hash(method, code), now + CODE_LIVES, 0
    method.save(update_fields=["code_hash", "code_until", "code_tries"])
    said = f"{code} is the code that confirms this address for {method.user.username}. It holds for 15 minutes."
    asked = Asked(
        method.channel,
        Notice("", Kind.TEST, now, said, hidden=(code,)),
        f"{method.user.username} wants to be reached here",
        f"code:{method.pk}:{now.timestamp()}",
        address=method.address,
        user_id=method.user_id,
        contact_id=method.pk,
        priority=PRIORITY_OF_CALLS,
    )
    outbox.enqueue([asked], now)


def _hash(method: ContactMethod, code: str) -> str:
    return token_hash(f"{method.pk}:{code}")


def confirm(method: ContactMethod, code: str, now: datetime) -> None:
    """Confirms an address by the code that went to it. Raises BadContact; after five wrong ones another code is needed."""
    asked = ContactMethod.objects.filter(pk=method.pk, code_tries__lt=MOST_TRIES, code_until__gte=now)
    if not asked.update(code_tries=F("code_tries") + 1):  # counted first: many at once are no more tries
        raise BadContact("That code no longer holds: add the address again, for another one.")
    method.refresh_from_db()
    if not hmac.compare_digest(_hash(method, code.strip()), method.code_hash):
        raise BadContact(f"That is not the code; {MOST_TRIES - method.code_tries} tries are left.")
    method.confirmed_at, method.code_hash, method.code_until = now, "", None
    method.save(update_fields=["confirmed_at", "code_hash", "code_until"])
    ContactRule.objects.get_or_create(method=method)


def set_rule(method: ContactMethod, delay_minutes: int, severities: Sequence[str]) -> None:
    """When a way is used: so many minutes after a call began, for these severities (none: any). Raises BadContact."""
    if not 0 <= delay_minutes <= LONGEST_DELAY:
        raise BadContact(f"At most {LONGEST_DELAY} minutes later.")
    if unknown := set(severities) - {severity.value for severity in Severity}:
        raise BadContact(f"“{', '.join(sorted(unknown))}” is no severity.")
    values = {"delay_minutes": delay_minutes, "severities": list(severities)}
    ContactRule.objects.update_or_create(method=method, defaults=values)


def set_quiet(user: User, begins: str, ends: str, zone: str) -> None:
    """When somebody is left alone, as 22:00 and 07:00 of their zone; without a beginning: never. Raises BadContact."""
    if not begins:
        QuietTime.objects.filter(user=user).delete()
        return
    try:
        values = {"begins": time.fromisoformat(begins), "ends": time.fromisoformat(ends), "zone": ZoneInfo(zone).key}
    except (ValueError, LookupError, OSError):
        raise BadContact("Quiet hours: write times as 22:00, and a zone such as Europe/Istanbul.") from None
    QuietTime.objects.update_or_create(user=user, defaults=values)


def quiet_hours(user_id: int) -> QuietHours | None:
    """When somebody is left alone; None: never."""
    kept = QuietTime.objects.filter(user=user_id).first()
    return QuietHours(kept.begins, kept.ends, kept.zone) if kept else None


@dataclass(frozen=True, slots=True)
class Called:
    """In which ways somebody is called, in words, soonest first; or why in none."""

    ways: tuple[str, ...]
    nobody_because: str = ""


@transaction.atomic
def call(user: User, kind: Kind, facts: Facts, text: str, *, key: str, reason: str, now: datetime) -> Called:
    """Calls a person in their own ways, in the caller's transaction. `key`: the same call is laid in once.

    `kind` is PAGE or NAG. Each way becomes a message, now or after its delay; quiet hours move all of them, unless it is
    critical. Messages that wait are suppressed by `outbox.suppress_calls` when somebody answers.
    """
    fitting, why = _fitting(user, facts.severity)
    if why:
        return Called((), why)
    held = hushed(quiet_hours(user.pk), Severity(facts.severity), now)
    begins = held.until if held else now
    earlier = outbox.was_called(user.pk, facts.number)
    asked = [
        _asked(
            rule, Notice("", kind, now, text, facts), begins, held, user, key=key, reason=reason, is_first=not earlier
        )
        for rule in fitting
    ]
    outbox.enqueue(asked, now)
    return Called(tuple(f"{each.channel.name}{_when(each.at, now, held)}" for each in asked))


def say(user: User, text: str, *, key: str, reason: str, now: datetime) -> Called:
    """Says something calm to a person, once for `key`, in the caller's transaction: in the first of their own ways.

    No telephone rings for it. Quiet hours hold it back; what they held goes out as one message afterwards.
    """
    return _say(user, Notice("", Kind.DUTY, now, text), _calm_ways(user), key=key, reason=reason, now=now)


@transaction.atomic
def say_end(
    user: User, notice: Notice, called_by: Collection[int | None], *, key: str, reason: str, now: datetime
) -> Called:
    """Tells somebody who was called that it is over, as calmly as `say`: in a way that called them, or else in another.

    `called_by`: the contact methods that did, by number.
    """
    ways = _calm_ways(user)
    used = [rule for rule in ways if rule.method_id in called_by]
    return _say(user, notice, used or ways, key=key, reason=reason, now=now)


def _say(user: User, notice: Notice, ways: Sequence[ContactRule], *, key: str, reason: str, now: datetime) -> Called:
    rule = next(iter(ways), None)
    if rule is None:
        return Called((), f"{user.username} has no confirmed way to be reached but calls")
    held = hushed(quiet_hours(user.pk), None, now)
    method = rule.method
    asked = Asked(
        method.channel,
        notice,
        reason,
        key,
        held.until if held else now,
        method.address,
        user.pk,
        method.pk,
        priority=PRIORITY_OF_CALM,
        note=held.reason if held else "",
        is_held=held is not None,
    )
    outbox.enqueue([asked], now)
    return Called((f"{method.channel.name}{_when(asked.at, now, held)}",))


def _confirmed(user: User) -> QuerySet[ContactRule]:
    """The rules of somebody's confirmed ways through channels that there are, paused ones too."""
    return ContactRule.objects.select_related("method__channel").filter(
        method__user=user, method__confirmed_at__isnull=False, method__channel__removed_at=None
    )


def _calm_ways(user: User) -> list[ContactRule]:
    """The ways in which somebody can be told something calm, those first that they use for what is low."""
    rules = _confirmed(user).filter(method__channel__paused_at=None)
    silent = (rule for rule in rules if store.about(rule.method.channel).limit is not Limit.VOICE)

    def rank(rule: ContactRule) -> tuple[bool, int, int]:
        is_for_others = bool(rule.severities) and Severity.LOW.value not in rule.severities
        return is_for_others, rule.delay_minutes, rule.pk

    return sorted(silent, key=rank)


def foreseen(user: User, severity: Severity, at: datetime) -> Called:
    """In which ways somebody would be called at a time; nothing is sent."""
    fitting, why = _fitting(user, severity)
    held = hushed(quiet_hours(user.pk), severity, at)
    begins = held.until if held else at
    delays = [(rule.method.channel.name, begins + timedelta(minutes=rule.delay_minutes)) for rule in fitting]
    return Called(tuple(f"{name}{_when(when, at, held)}" for name, when in delays), why)


def _fitting(user: User, severity: str) -> tuple[list[ContactRule], str]:
    """The ways in which somebody is called for a severity, soonest first; or why there is none."""
    rules = list(_confirmed(user))
    if not rules:
        return [], f"{user.username} has no confirmed way to be reached"
    paused = sorted({rule.method.channel.name for rule in rules if rule.method.channel.paused_at})
    rules = [rule for rule in rules if rule.method.channel.paused_at is None]
    if not rules:
        return [], f"{user.username}: what reaches them is paused ({', '.join(paused)})"
    fitting = [rule for rule in rules if not rule.severities or severity in rule.severities]
    why = "" if fitting else f"{user.username}: none of the ways to reach them is for this severity"
    return sorted(fitting, key=lambda rule: (rule.delay_minutes, rule.pk)), why


def _asked(
    rule: ContactRule,
    notice: Notice,
    begins: datetime,
    held: Held | None,
    user: User,
    *,
    key: str,
    reason: str,
    is_first: bool,
) -> Asked:
    method, own_key = rule.method, f"{key}:{rule.method_id}"
    link = link_of(own_key)
    return Asked(
        method.channel,
        msgspec.structs.replace(notice, answer_url=link, hidden=(link.rpartition(":")[2],)),
        reason,
        own_key,
        begins + timedelta(minutes=rule.delay_minutes),
        method.address,
        user.pk,
        method.pk,
        group=key,
        priority=PRIORITY_OF_FIRST_CALL if is_first else PRIORITY_OF_CALLS,
        note=held.reason if held else "",
    )


def link_of(key: str) -> str:
    """A link that answers the call with this `dedup_key`, from now on for LINK_LIVES, for whoever holds it."""
    return public_url(f"/acknowledge/{TimestampSigner(salt=LINK_SALT).sign(key)}")


def _when(at: datetime | None, now: datetime, held: Held | None) -> str:
    """How long a way is put off, and that quiet hours do it where they do; nothing: it is used at once."""
    hours, minutes = divmod(round((at - now).total_seconds() / 60) if at else 0, 60)
    length = f"{hours} h {minutes:02d} min" if hours else f"{minutes} min" if minutes else ""
    return f" in {length}{' (quiet hours)' if held else ''}" if length else ""
