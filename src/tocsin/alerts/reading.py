"""Reading what vendors send, tolerantly: where nothing depends on it, a wrong type is as good as nothing there. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from tocsin.alerts.grouping import RESOURCE_LABELS
from tocsin.alerts.parsed import UNREADABLE, BadPayload, without_nul, zoned

Object = dict[str, Any]

LONGEST_TITLE = 500
LONGEST_LABEL = 1000
# Beyond this many of one unit a time since 1970 must be meant in the next smaller one: s, ms, µs, ns.
_UNIT = 1e11
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_WEB = ("http://", "https://")
_NOT_A_NAME = re.compile(r"[^a-z0-9]+")
_RESOURCES = frozenset(label for label, _ in RESOURCE_LABELS)
# What others call what our labels name, in the spelling of `_plain`.
_OURS = {
    "cronjob": "kube_cronjob kube_cron_job k8s_cronjob_name",
    "cluster": "kube_cluster_name k8s_cluster_name cluster_name clustername",
    "container": "container_name k8s_container_name",
    "daemonset": "kube_daemon_set k8s_daemonset_name daemonset_name",
    "deployment": "kube_deployment k8s_deployment_name deployment_name",
    "environment": "env deployment_environment deployment_environment_name",
    "host": "hostname host_name instanceid instance_id server_name",
    "job_name": "kube_job k8s_job_name",
    "namespace": "kube_namespace k8s_namespace_name namespace_name",
    "node": "kube_node k8s_node_name node_name nodename",
    "pod": "pod_name podname k8s_pod_name",
    "service": "service_name servicename kube_service k8s_service_name",
    "statefulset": "kube_stateful_set k8s_statefulset_name statefulset_name",
}
_OUR_NAME = {theirs: ours for ours, all_theirs in _OURS.items() for theirs in all_theirs.split()}


def read(body: bytes, what: str) -> Any:
    """The JSON value of a body. Raises BadPayload, which calls the body "not `what`"."""
    try:
        return msgspec.json.decode(body)
    except UNREADABLE as error:
        raise BadPayload(f"not {what}: {error}") from error


def read_object(body: bytes, what: str) -> Object:
    """The JSON object of a body. Raises BadPayload for anything else."""
    value = read(body, what)
    if not isinstance(value, dict):
        raise BadPayload(f"not {what}: expected a JSON object at the top")
    return value


def read_objects(body: bytes, what: str) -> list[Any]:
    """One JSON object, or all items of a list. Raises BadPayload for anything else."""
    value = read(body, what)
    if not isinstance(value, dict | list):
        raise BadPayload(f"not {what}: expected a JSON object or a list of them at the top")
    return value if isinstance(value, list) else [value]


def at(value: Any, *path: str) -> Any:
    """What stands at a path of names; None where it leads nowhere."""
    for name in path:
        if not isinstance(value, dict):
            return None
        value = value.get(name)
    return value


def an_object(value: Any, *path: str) -> Object:
    """The object there; empty where there is none."""
    found = at(value, *path)
    return found if isinstance(found, dict) else {}


def objects(value: Any, *path: str) -> list[Object]:
    """The objects of the list there."""
    found = at(value, *path)
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def text(value: Any, *path: str) -> str:
    """The text or number there, as text without NUL; empty for all else."""
    found = at(value, *path) if path else value
    if isinstance(found, bool):
        return "true" if found else "false"
    if isinstance(found, int | float):
        return repr(found)
    return without_nul(found).strip() if isinstance(found, str) else ""


def first(*values: Any) -> str:
    """The first of these that is a text or number which is not empty."""
    return next((found for value in values if (found := text(value))), "")


def title(*values: Any) -> str:
    """The first of these that says something, as one line of bearable length."""
    return shortened(" ".join(first(*values).split()), LONGEST_TITLE)


def shortened(words: str, most: int) -> str:
    """The words, or their beginning with an ellipsis."""
    return words if len(words) <= most else words[: most - 1] + "…"


def when(value: Any, *path: str) -> datetime | None:
    """The time there in UTC: RFC 3339 with a zone, or seconds, ms, µs or ns since 1970; None for all else."""
    found = text(value, *path)
    try:
        return (
            _since_1970(float(found)) if re.fullmatch(r"\d+(\.\d+)?", found) else zoned(datetime.fromisoformat(found))
        )
    except (ValueError, OverflowError):
        return None


def _since_1970(count: float) -> datetime | None:
    units = 0
    while count > _UNIT and units < 3:
        count, units = count / 1000, units + 1
    return zoned(_EPOCH + timedelta(seconds=count)) if 0 < count <= _UNIT else None


def links(**named: Any) -> dict[str, str]:
    """Those of the values that are addresses of the web."""
    found = {name: text(value) for name, value in named.items()}
    return {name: url for name, url in found.items() if url.startswith(_WEB)}


def labels(said: Mapping[str, Any], **more: Any) -> dict[str, str]:
    """What is a line of text or a number in these, as labels; where a vendor has a name of its own for what one of our labels
    names, ours stands there too. A host is a node where nothing else tells what the alert is about."""
    found = {
        shortened(without_nul(name), LONGEST_LABEL): shortened(value, LONGEST_LABEL)
        for name, raw in {**said, **more}.items()
        if name and (value := text(raw)) and "\n" not in value
    }
    for name, value in list(found.items()):
        if (ours := _OUR_NAME.get(_plain(name))) is not None:
            found.setdefault(ours, value)
    if "host" in found and not _RESOURCES & found.keys():
        found["node"] = found["host"]
    return found


def _plain(name: str) -> str:
    return _NOT_A_NAME.sub("_", name.lower()).strip("_")


def tags(value: Any) -> dict[str, str]:
    """Tags as they are often sent, `name:value`, in a list or in one text with commas; a tag without a value is "true"."""
    said = value if isinstance(value, list) else text(value).split(",")
    pairs = (text(tag).partition(":") for tag in said)
    return {name.strip(): found.strip() or "true" for name, _, found in pairs if name.strip()}


def identity(*parts: str) -> str:
    """One identity of several parts that can't run into each other."""
    return msgspec.json.encode(parts).decode()
