"""From a body to what is kept of it: parsed and redacted, or rejected with its reason. No IO."""

from __future__ import annotations

from datetime import datetime

from tocsin.alerts.parsed import MOST_REASONS, BadPayload
from tocsin.alerts.sources import Source
from tocsin.ground.redaction import redact_body
from tocsin.ground.secrets import redaction_key, seal
from tocsin.workflows.ingest import Received, Sender

MOST_ALERTS = 10_000


def understand(source: Source, secret: str, sender: Sender, body: bytes, now: datetime) -> Received:
    """What a body says. `secret` is the installation's secret key."""
    if not body:
        return rejected(secret, sender, body, now, "the body is empty")
    try:
        redacted = redact_body(body, redaction_key(secret))
        parsed = source.parse(redacted)
        if len(parsed.alerts) + len(parsed.runs) > MOST_ALERTS:
            raise BadPayload(f"{len(parsed.alerts)} alerts in one body; at most {MOST_ALERTS} are taken")
        return Received(sender, now, redacted.decode(), parsed, "; ".join(parsed.rejected[:MOST_REASONS]))
    except (BadPayload, UnicodeDecodeError) as error:
        return rejected(secret, sender, body, now, str(error))


def rejected(secret: str, sender: Sender, body: bytes, now: datetime, why: str) -> Received:
    """A body that is not taken in. It is sealed: what is not understood can't be cleared of secrets."""
    return Received(sender, now, error=why.replace("\x00", ""), sealed=seal(secret, body))
