"""From a request to what is kept of it: parsed and redacted, or rejected with its reason. No IO."""

from __future__ import annotations

from datetime import datetime

from tocsin.alerts.arrival import Arrival
from tocsin.alerts.mapping import MAPPED, mapped
from tocsin.alerts.parsed import MOST_REASONS, BadPayload, Parsed, without_nul
from tocsin.alerts.reading import read
from tocsin.ground.redaction import redact_body
from tocsin.ground.secrets import redaction_key, seal
from tocsin.web.hooks.kinds import Kind
from tocsin.web.hooks.senders import Registered
from tocsin.workflows.ingest import Received, Sender

MOST_ALERTS = 10_000
NO_MAPPING = "no mapping is live yet: the source's page has one to fill in"


def understand(kind: Kind, secret: str, registered: Registered, arrival: Arrival, now: datetime) -> Received:
    """What a request says. `secret` is the installation's secret key."""
    sender = registered.sender
    try:
        body = kind.enveloped(arrival) if kind.enveloped else arrival.body
        if not body:
            raise BadPayload("the body is empty")
        redacted = redact_body(body, redaction_key(secret))
        if sender.kind == MAPPED:
            return _mapped(registered, redacted, now)
        parsed = kind.parse(redacted)
        if len(parsed.alerts) + len(parsed.runs) > MOST_ALERTS:
            raise BadPayload(f"{len(parsed.alerts)} alerts in one body; at most {MOST_ALERTS} are taken")
        return Received(sender, now, redacted.decode(), parsed, "; ".join(parsed.rejected[:MOST_REASONS]))
    except (BadPayload, UnicodeDecodeError) as error:
        return rejected(secret, sender, arrival.body, now, str(error))


def _mapped(registered: Registered, body: bytes, now: datetime) -> Received:
    """By the source's own rules. JSON that does not fit them is kept to be read: rules are made by looking at it."""
    read(body, "JSON")
    if registered.reader is None:
        return Received(registered.sender, now, body.decode(), Parsed((), note=NO_MAPPING), NO_MAPPING)
    try:
        parsed = mapped(registered.reader, body)
    except BadPayload as error:
        return Received(registered.sender, now, body.decode(), None, without_nul(str(error)))
    return Received(registered.sender, now, body.decode(), parsed, "; ".join(parsed.rejected[:MOST_REASONS]))


def rejected(secret: str, sender: Sender, body: bytes, now: datetime, why: str) -> Received:
    """A body that is not taken in. It is sealed: what is not understood can't be cleared of secrets."""
    return Received(sender, now, error=without_nul(why), sealed=seal(secret, body))
