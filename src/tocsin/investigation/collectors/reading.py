"""What one look at the world gathers, already redacted, until it is written as a snapshot."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec

from tocsin.ground.redaction import redact_body, redact_log, redact_text

FORMAT = "tocsin-snapshot/1"
_EVENT = "Event"


class _Kind(msgspec.Struct):
    kind: str = ""


_kind_decoder = msgspec.json.Decoder(_Kind)


@dataclass(slots=True)
class Reading:
    """Collects objects, events and logs as they come; nothing enters without redaction under `key`.

    `collected` holds the kinds that were listed in full, `partial` those of which only some were read, `logs` what
    `containers/{current, previous}` printed, `gaps` what could not be read, `entries` those of the sections that are
    plain lists (metrics, probes, changes).
    """

    key: bytes
    objects: list[msgspec.Raw] = field(default_factory=list)
    events: list[msgspec.Raw] = field(default_factory=list)
    logs: dict[str, dict[str, str]] = field(default_factory=dict)
    gaps: list[dict[str, str]] = field(default_factory=list)
    collected: set[str] = field(default_factory=set)
    partial: set[str] = field(default_factory=set)
    entries: dict[str, list[msgspec.Raw]] = field(default_factory=dict)

    def add(self, raw: bytes) -> None:
        """Take one Kubernetes object as JSON with its kind. Raises msgspec.DecodeError if it is none."""
        section = self.events if _kind_decoder.decode(raw).kind == _EVENT else self.objects
        section.append(msgspec.Raw(redact_body(raw, self.key)))

    def replace(self, index: int, raw: bytes) -> None:
        """Put a fuller object in the place of one that was taken."""
        self.objects[index] = msgspec.Raw(redact_body(raw, self.key))

    def add_log(self, place: str, run: str, text: str) -> None:
        """Take the output of `namespace/pod/container`; `run` is "current" or "previous"."""
        self.logs.setdefault(place, {})[run] = redact_log(text, self.key)

    def add_entry(self, section: str, entry: dict[str, Any]) -> None:
        """Take one entry of a section that is a plain list, such as `metrics`."""
        raw = redact_body(msgspec.json.encode(entry), self.key)
        self.entries.setdefault(section, []).append(msgspec.Raw(raw))

    def absorb(self, other: Reading) -> None:
        """Take over what another look gathered under the same key."""
        self.objects += other.objects
        self.events += other.events
        self.logs.update(other.logs)
        self.gaps += other.gaps
        self.collected |= other.collected
        self.partial |= other.partial
        for section, entries in other.entries.items():
            self.entries.setdefault(section, []).extend(entries)

    def add_gap(self, what: str, why: str, section: str = "objects") -> None:
        """Note what could not be read, and why."""
        self.gaps.append({"what": what, "why": redact_text(why, self.key), "section": section})

    def document(
        self,
        *,
        alert: dict[str, Any] | None,
        captured_at: datetime | str | None,
        cluster: str = "",
        namespace: str = "",
        origin: str = "",
    ) -> bytes:
        """The snapshot, `tocsin-snapshot/1` as JSON; `origin` says what it was read from, where that is a file."""
        snapshot: dict[str, Any] = {
            "format": FORMAT,
            "captured_at": captured_at,
            "cluster": cluster or None,
            "namespace": namespace or None,
            "alert": msgspec.Raw(redact_body(msgspec.json.encode(alert), self.key)),
            "collected": sorted(self.collected - {_EVENT}),
            "gaps": self.gaps,
        }
        if origin:
            snapshot["origin"] = origin
        if self.partial:
            snapshot["partial"] = sorted(self.partial)
        # an empty section would say "none there", so what was never listed is left out
        if self.objects or self.collected - {_EVENT}:
            snapshot["objects"] = self.objects
        if self.events or _EVENT in self.collected:
            snapshot["events"] = self.events
        if self.logs:
            snapshot["logs"] = self.logs
        return msgspec.json.encode(snapshot | self.entries)


def nothing(alert: dict[str, Any], now: datetime, why: str, key: bytes) -> bytes:
    """A snapshot that holds only why nothing could be read."""
    reading = Reading(key)
    reading.add_gap("the cluster", why)
    return reading.document(alert=alert, captured_at=now)


def redacted_snapshot(snapshot: dict[str, msgspec.Raw], key: bytes) -> bytes:
    """A snapshot made elsewhere, its sections undecoded, redacted under `key`.

    Object by object: most hold nothing that looks secret and are not even decoded. Raises msgspec.DecodeError.
    """
    clean: dict[str, object] = {}
    for name, raw in snapshot.items():
        if name in {"objects", "events"} and bytes(raw).startswith(b"["):
            items = msgspec.json.decode(raw, type=list[msgspec.Raw])
            clean[name] = [msgspec.Raw(redact_body(bytes(item), key)) for item in items]
        elif name == "logs":
            clean[name] = _redacted_logs(raw, key)
        else:
            clean[name] = msgspec.Raw(redact_body(bytes(raw), key))
    return msgspec.json.encode(clean)


def _redacted_logs(raw: msgspec.Raw, key: bytes) -> object:
    """The logs of a snapshot, line by line; a section of another form is left to whoever reads it, redacted as a whole."""
    try:
        logs = msgspec.json.decode(raw, type=dict[str, dict[str, str | None]])
    except msgspec.ValidationError:
        return msgspec.Raw(redact_body(bytes(raw), key))
    return {
        place: {run: redact_log(text, key) if text else text for run, text in runs.items()}
        for place, runs in logs.items()
    }
