"""`tocsin-snapshot/0` read as `/1`: its texts become objects, probes, node services, dependencies, alerts and metrics."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import msgspec

from tocsin.investigation.diagnosis.resources import UNNAMED
from tocsin.investigation.diagnosis.transcripts.assembly import assemble
from tocsin.investigation.diagnosis.transcripts.reading import read_transcript

# The tools whose output is read; what others bring (a web page) only speaks of clusters.
_TOOLS = re.compile(r"kube|oc_|argocd|prom")
_SOURCE = re.compile(r"deployed on ([^\s:]+):")
_ANSWER = re.compile(r"(?:^|: )Connection (?:Succeeded|Failed)")
_STATE = re.compile(r"Active: (?P<state>[^\n;]+)")
_MEASURED = re.compile(
    r"(?:\[(?P<kind>[^\]]+)\] \| )?(?:(?P<name>[\w.-]+): )?Normal=(?P<baseline>[\d.]+) ?(?P<unit>[A-Za-z%/]*)"
    r" -> Curr?(?:ent)?=(?P<value>[\d.]+)"
    r"|\[(?P<resource>[\w.]+)\] \| Val: (?P<reading>[\d.]+)(?P<reading_unit>[A-Za-z%/]*)"
)
# A series that ended: "LATENCY_MISSING [Data Vanished] | Metrics dropped to zero/NaN".
_MISSING = re.compile(r"(?P<what>[A-Z]+)_MISSING \[")
_UNITS: Mapping[str, tuple[str, float]] = {"ms": ("seconds", 1e-3), "s": ("seconds", 1.0), "%": ("ratio", 1e-2)}


def modernise(document: Mapping[str, msgspec.Raw]) -> dict[str, msgspec.Raw]:
    """Return the sections of a `/1` document for a `/0` one; what `/0` did not record stays missing."""
    extra = _mapping(document.get("extra"))
    alerts = list(_alerts(_mapping(document.get("alerts"))))
    sections: dict[str, Any] = {
        "probes": [probe for target, text in _texts(extra, "connectivity") for probe in _probes(target, text)],
        "node_services": [
            told for place, text in _texts(extra, "node_services") if (told := _node_service(place, text))
        ],
        "dependencies": [call for _, text in _texts(extra, "service_dependencies") for call in _dependencies(text)],
        "alerts": alerts,
        "metrics": [metric for alert in alerts for metric in _metrics(alert)],
    }
    kept = {name: raw for name, raw in document.items() if name not in ("alerts", "extra")}
    kept |= _told(document, dict(_texts(extra, "tool_outputs")))
    return kept | {name: msgspec.Raw(msgspec.json.encode(entries)) for name, entries in sections.items() if entries}


def _told(document: Mapping[str, msgspec.Raw], outputs: Mapping[str, str]) -> dict[str, msgspec.Raw]:
    """Return the objects, events and logs with what tools printed; nothing where there is nothing to put together."""
    logs = _mapping(document.get("logs"))
    now = _captured_at(document)
    read = [read_transcript(text, now) for name, text in sorted(outputs.items()) if _TOOLS.match(name)]
    if not any(read) and not any(key.endswith(f"/{UNNAMED}") for key in logs):
        return {}
    stored = [msgspec.json.decode(raw) for raw in _raws(document, "objects")]
    joined = assemble(
        [one for one in read if one],
        stored=[held for held in stored if _sound(held)],
        logs=logs,
        namespace=_namespace(document),
        asked=_mapping(document.get("alert")).get("resource"),
    )
    sections: dict[str, Any] = {
        "objects": [*joined.stored, *joined.new, *(held for held in stored if not _sound(held))],
        "events": [*_raws(document, "events"), *joined.events],
        "logs": joined.logs,
        "metrics": joined.metrics,
        "partial": sorted(joined.partial),
    }
    return {name: msgspec.Raw(msgspec.json.encode(held)) for name, held in sections.items() if held}


def _captured_at(document: Mapping[str, msgspec.Raw]) -> datetime | None:
    try:
        return msgspec.json.decode(document.get("captured_at", b"null"), type=datetime | None)
    except msgspec.ValidationError:
        return None


def _sound(held: Any) -> bool:
    """Tell whether an object has the outline of one; an odd one is left as it is."""
    if not (isinstance(held, dict) and isinstance(held.get("metadata"), dict) and isinstance(held.get("kind"), str)):
        return False
    parts = (held.get("spec"), held.get("status"))
    return isinstance(held["metadata"].get("name"), str) and all(isinstance(part, dict | None) for part in parts)


def _raws(document: Mapping[str, msgspec.Raw], section: str) -> list[msgspec.Raw]:
    raw = document.get(section, b"null")
    return msgspec.json.decode(raw, type=list[msgspec.Raw]) if bytes(raw).lstrip().startswith(b"[") else []


def _namespace(document: Mapping[str, msgspec.Raw]) -> str:
    """Return where the snapshot was taken: as it says, or as the alert's resource."""
    resource = _mapping(document.get("alert")).get("resource") or {}
    told = msgspec.json.decode(document.get("namespace", b"null")) or resource.get("namespace")
    return told if isinstance(told, str) else ""


def _mapping(raw: msgspec.Raw | None) -> Mapping[str, Any]:
    value = msgspec.json.decode(raw) if raw else None
    return value if isinstance(value, dict) else {}


def _texts(extra: Mapping[str, Any], section: str) -> Iterator[tuple[str, str]]:
    texts = extra.get(section)
    if isinstance(texts, dict):
        yield from ((key, text) for key, text in texts.items() if isinstance(text, str))


def _probes(target: str, text: str) -> Iterator[dict[str, Any]]:
    """Read one answer a "Connection …", on a line of its own or after the node that asked; that may stand before it."""
    source, output = "", list[str]()
    for line in text.splitlines():
        source = found[1] if (found := _SOURCE.search(line)) else source
        output.append(line)
        if _ANSWER.search(line):
            told = "\n".join(output)
            yield {"target": target, "source": source, "output": told, "succeeded": line.endswith("Succeeded")}
            output = []


def _node_service(place: str, text: str) -> dict[str, Any] | None:
    """Read the state of a service; None where the text does not tell one, which is no proof that it is down."""
    node, _, service = place.partition("/")
    found = _STATE.search(text)
    if not found:
        return None
    state = found["state"].strip()
    return {"node": node, "service": service, "active": state.startswith("active"), "state": state, "output": text}


def _dependencies(text: str) -> Iterator[dict[str, str]]:
    """Read the tree of calls; only its first level, because deeper ones are listed by the services themselves."""
    service = ""
    for line in text.splitlines():
        if line.startswith("[Service]: "):
            service = line.removeprefix("[Service]: ").strip()
        elif line.startswith(("├── ", "└── ")) and line[4:].strip():
            # What a thing is may follow its name: "cart-cache   <-- (Database)".
            yield {"caller": service, "callee": line[4:].split()[0]}


def _alerts(alerts: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    entries = alerts.get("alerts")
    for entry in entries if isinstance(entries, list) else []:
        if not isinstance(entry, dict):
            continue
        name = entry.get("entity_name") or entry.get("name") or entry.get("entry_service") or ""
        told = entry.get("evidence")
        told = told if isinstance(told, list) else [entry[key] for key in ("url", "raw_error") if key in entry]
        about = {"kind": str(entry.get("entity_type") or entry.get("type") or "Service"), "name": str(name)}
        title = entry.get("metric_category") or entry.get("business_action") or "alert"
        yield {"title": str(title), "about": about, "text": [str(line) for line in told]}


def _metrics(alert: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for found in filter(None, map(_MISSING.match, alert["text"])):
        yield {"name": f"{found['what'].lower()}_missing", "value": 1.0, "about": alert["about"]}
    for found in (match for line in alert["text"] for match in _MEASURED.finditer(line)):
        name = found["name"] or found["kind"] or found["resource"]
        told = found["unit"] or found["reading_unit"] or ""
        unit, scale = _UNITS.get(told, (told, 1.0))
        value = float(found["value"] or found["reading"])
        metric = {"name": name, "value": value * scale, "unit": unit, "about": alert["about"]}
        if name:
            yield metric | ({"baseline": float(found["baseline"]) * scale} if found["baseline"] else {})
