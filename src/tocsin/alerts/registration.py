"""Registering sources: what may send signals here, and on which terms."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from tocsin.alerts.mapping import EXAMPLE, MAPPED
from tocsin.alerts.sources import DEPLOYMENT, kinds, load_sources
from tocsin.catalog.models import USUAL_RATE, Environment, Source
from tocsin.ground.secrets import seal

LONGEST_NAME = 100
HIGHEST_RATE = 10_000_000
_TOPIC = re.compile(r"arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{1,20}:[\w.-]{1,256}")


class BadSource(Exception):
    """A source that can't be registered or changed so; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Terms:
    """On which terms a source sends. `key` is what it signs with, `topic` the only one of SNS that it hears."""

    key: str = ""
    topic: str = ""
    requests_per_minute: int = USUAL_RATE
    trial: bool = False


def register(
    kind: str, name: str, environment: Environment, terms: Terms, *, secret: str, now: datetime
) -> tuple[Source, str]:
    """A new source and its token, which can't be shown again. `secret` is the installation's key. Raises BadSource."""
    check(kind, name, terms)
    made, token = Source.create(kind, name or kind, environment)
    change(made, terms, secret=secret, now=now)
    return made, token


def change(source: Source, terms: Terms, *, secret: str, now: datetime) -> None:
    """Sets the terms of a source; without a key it keeps the one it has. Raises BadSource."""
    check(source.kind, source.name, terms)
    source.topic, source.requests_per_minute, source.trial = terms.topic, terms.requests_per_minute, terms.trial
    source.save(update_fields=["topic", "requests_per_minute", "trial"])
    if terms.key:
        source.sign_with(seal(secret, terms.key.encode()), now)


def check(kind: str, name: str, terms: Terms) -> None:
    """Raises BadSource for what a source can't be."""
    if kind not in kinds():
        raise BadSource(f"there is no source “{kind}”; there are {', '.join(kinds())}")
    if len(name) > LONGEST_NAME:
        raise BadSource(f"a name may have at most {LONGEST_NAME} characters")
    if terms.key and not can_sign(kind):
        raise BadSource(f"{kind} does not sign what it sends with a key of ours")
    if terms.topic and not (is_sns(kind) and _TOPIC.fullmatch(terms.topic)):
        raise BadSource("a topic is that of an SNS source, such as arn:aws:sns:eu-central-1:123456789012:alarms")
    if not 0 <= terms.requests_per_minute <= HIGHEST_RATE:
        raise BadSource(f"requests a minute: a number up to {HIGHEST_RATE}, or 0 for no limit")


def can_sign(kind: str) -> bool:
    """Whether senders of this kind sign with a key that is agreed with them."""
    found = load_sources().get(kind)
    return found is not None and found.SIGNATURE is not None


def is_sns(kind: str) -> bool:
    """Whether what comes must be signed by Amazon SNS."""
    return bool(getattr(load_sources().get(kind), "IS_SNS", False))


def is_unlimited(kind: str) -> bool:
    """Whether a source of this kind is never held back, because it would not send again."""
    return kind == DEPLOYMENT or getattr(load_sources().get(kind), "BUSY", 503) is None


def example_of(kind: str) -> bytes | None:
    """A body as such a source sends it; None where there is none."""
    if kind == MAPPED:
        return EXAMPLE
    found = load_sources().get(kind)
    return found.EXAMPLE if found else None


def address(base: str, kind: str, token: str) -> str:
    """Where a source sends to; `base` is the address of this installation."""
    return f"{base.rstrip('/')}/hooks/{kind}/{token}"
