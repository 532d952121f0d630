"""Containers as `kubectl describe` prints them, of pods and of the templates of workloads."""

import re
from collections.abc import Iterator
from typing import Any

from tocsin.investigation.diagnosis.transcripts.outline import Entry
from tocsin.investigation.diagnosis.transcripts.times import stamp
from tocsin.investigation.diagnosis.transcripts.transcript import Document, first, slim

_PORT = re.compile(r"(\d{1,5})/([A-Z]+)(?: \((\S+)\))?")
_MOUNT = re.compile(r"(?P<path>\S+) from (?P<name>\S+) \((?P<mode>r[ow])(?:,path=\"(?P<sub>[^\"]*)\")?")
_KEY_OF = re.compile(r"<set to the key '(?P<key>[^']*)' (?:in secret|of config map) '(?P<name>[^']*)'>(?P<rest>.*)")
_FIELD = re.compile(r".* ?\(v\d\w*:(?P<path>[^()]{1,200})\)")
_SOURCE = re.compile(
    r"(?P<name>\S+)\s+(?P<kind>ConfigMap|Secret)(?: with prefix '(?P<prefix>[^']*)')?\s+Optional: (?P<opt>\w+)"
)
_PROBE = re.compile(
    r"(?P<way>http-get|tcp-socket|exec|grpc) (?P<target>.*?) ?(?P<timing>(?:delay|timeout|period)=.*)?$"
)
_URL = re.compile(r"(?P<scheme>\w+)://(?P<host>[^:/]*):?(?P<port>[^/]*)(?P<path>/.*)?")
_TIMINGS = {
    "delay": "initialDelaySeconds",
    "timeout": "timeoutSeconds",
    "period": "periodSeconds",
    "#success": "successThreshold",
    "#failure": "failureThreshold",
}
_PROBES = {"Liveness": "livenessProbe", "Readiness": "readinessProbe", "Startup": "startupProbe"}


def specification(entry: Entry) -> Document:
    """Return what a container was asked to be."""
    mounts = [found for line in entry.listed("Mounts") if (found := _MOUNT.match(line))]
    ports = entry.told("Port", "Ports")
    return slim(
        {
            "name": entry.key,
            "image": entry.told("Image"),
            "command": entry.listed("Command"),
            "args": entry.listed("Args"),
            "ports": [
                slim({"containerPort": int(port), "protocol": protocol, "name": name})
                for port, protocol, name in _PORT.findall(ports)
                if port != "0"
            ],
            "resources": {"limits": entry.values("Limits"), "requests": entry.values("Requests")},
            "env": [variable for child in entry.under("Environment") if (variable := _variable(child))],
            "envFrom": list(_sources(entry)),
            "volumeMounts": [_mount(found) for found in mounts],
            **{field: probe(entry.told(key)) for key, field in _PROBES.items()},
        }
    )


def status(entry: Entry) -> Document:
    """Return how a container of a pod fares."""
    states = ((name, _state(entry.get(key))) for name, key in (("state", "State"), ("lastState", "Last State")))
    return {
        **slim(
            {
                "name": entry.key,
                "image": entry.told("Image"),
                "imageID": entry.told("Image ID"),
                "containerID": entry.told("Container ID"),
                "restartCount": entry.number("Restart Count"),
                "ready": {"True": True, "False": False}.get(entry.told("Ready")),
            }
        ),
        **{name: state for name, state in states if state},
    }


def probe(text: str) -> Document:
    """Return a probe of "http-get http://:8080/health delay=0s timeout=1s period=10s #success=1 #failure=3"."""
    found = _PROBE.match(text)
    if not found:
        return {}
    timings = (word.partition("=") for word in (found["timing"] or "").split())
    times = {
        _TIMINGS[name]: int(digits[0])
        for name, _, value in timings
        if name in _TIMINGS and (digits := re.match(r"\d{1,9}", value))
    }
    return slim({**_way(found["way"], found["target"]), **times})


def _way(way: str, target: str) -> Document:
    if way == "exec":
        return {"exec": {"command": target.strip("[]").split()}}
    if way == "http-get" and (url := _URL.match(target)):
        asked = {"host": url["host"], "port": _port(url["port"]), "path": url["path"], "scheme": url["scheme"].upper()}
        return {"httpGet": slim(asked)}
    host, _, port = target.partition(" ")[0].rpartition(":")
    return (
        {"grpc": slim({"port": _port(port)})}
        if way == "grpc"
        else {"tcpSocket": slim({"host": host, "port": _port(port)})}
    )


def _port(text: str) -> int | str | None:
    return int(text) if text.isdecimal() and len(text) < 6 else text or None


def _state(entry: Entry | None) -> Document:
    """Return a state: waiting, running or terminated with what was printed under it."""
    if entry is None or not entry.value:
        return {}
    told: Document = {
        "reason": entry.told("Reason"),
        "message": entry.told("Message"),
        "exitCode": entry.number("Exit Code"),
        "signal": entry.number("Signal"),
        "startedAt": stamp(entry.told("Started")),
        "finishedAt": stamp(entry.told("Finished")),
    }
    return {first(entry.value.lower().split()): slim(told)}


def _variable(entry: Entry) -> Document:
    """Return a variable; one that is read from elsewhere keeps where from."""
    name, value = entry.key, entry.text.partition(":")[2].strip()
    if not name:
        return {}
    if found := _KEY_OF.match(value):
        source = "secretKeyRef" if " in secret " in value else "configMapKeyRef"
        chosen = {
            "name": found["name"],
            "key": found["key"],
            "optional": True if "Optional: true" in found["rest"] else None,
        }
        return {"name": name, "valueFrom": {source: slim(chosen)}}
    if found := _FIELD.fullmatch(value):
        return {"name": name, "valueFrom": {"fieldRef": {"fieldPath": found["path"]}}}
    return {"name": name, "value": value}


def _sources(entry: Entry) -> Iterator[Document]:
    for line in entry.listed("Environment Variables from"):
        if found := _SOURCE.match(line):
            kind = "configMapRef" if found["kind"] == "ConfigMap" else "secretRef"
            named: dict[str, Any] = {"name": found["name"], "optional": True if found["opt"] == "true" else None}
            yield slim({"prefix": found["prefix"], kind: slim(named)})


def _mount(found: re.Match[str]) -> Document:
    read_only = True if found["mode"] == "ro" else None
    return slim({"mountPath": found["path"], "name": found["name"], "readOnly": read_only, "subPath": found["sub"]})
