"""What the hooks must know of each kind of source: how it is read, proved, answered, and told to come again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tocsin.alerts.arrival import Arrival
from tocsin.alerts.mapping import MAPPED
from tocsin.alerts.parsed import BadPayload, Parsed
from tocsin.alerts.sources import load_sources
from tocsin.alerts.verify import Signature
from tocsin.web.hooks import alertmanager, opsgenie, pagerduty
from tocsin.web.hooks.answers import PLAIN, Dialect

Envelope = Callable[[Arrival], bytes]

_DIALECTS = {
    "opsgenie": opsgenie.DIALECT,
    "pagerduty_events": pagerduty.DIALECT,
    "prometheus": alertmanager.DIALECT,
}


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of source.

    `busy` is the status that its senders take for "send it again"; None for those that never do, which are never held back.
    """

    parse: Callable[[bytes], Parsed]
    signature: Signature | None
    enveloped: Envelope | None
    dialect: Dialect
    busy: int | None
    is_sns: bool

    @property
    def may_repeat(self) -> bool:
        """Whether the same body always says the same, whatever came with it, and is answered the same."""
        return self.enveloped is None and self.parse is not _unread and not self.dialect.names_alerts


def load_kinds() -> dict[str, Kind]:
    """Every kind that has a file, by name. A file may say BUSY, IS_SNS and `enveloped`; see tocsin.alerts.sources."""
    found = {
        name: Kind(
            source.parse,
            source.SIGNATURE,
            getattr(source, "enveloped", None),
            _DIALECTS.get(name, PLAIN),
            getattr(source, "BUSY", 503),
            getattr(source, "IS_SNS", False),
        )
        for name, source in load_sources().items()
    }
    # read by the rules of each source
    return found | {MAPPED: Kind(_unread, None, None, PLAIN, 503, is_sns=False)}


def _unread(body: bytes) -> Parsed:
    raise BadPayload("a mapped source is read by its own rules")
