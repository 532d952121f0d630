"""The DNS servers of the cluster: their pods, their configuration, and the rules in it that change answers."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from tocsin.investigation.diagnosis.evidence import STRONG, Citation
from tocsin.investigation.diagnosis.resources import Pod, Resource, Workload
from tocsin.investigation.diagnosis.world import World

NAMESPACE = "kube-system"
_SERVER = re.compile(r"(?:^|/)(?:coredns|kube-dns|k8s-dns-kube-dns)(?=[:@/-]|$)")
_BLOCK = re.compile(r"^[ \t]*(template|hosts|file|forward|rewrite)\b([^{\n]*)(?:\{([^}]{0,4000})\})?", re.M)
# What follows so many letters is no Corefile that anybody wrote.
_LONGEST = 100_000
# A name has no more letters (RFC 1035); and what a pattern from a cluster may ask of an engine that goes back.
_LONGEST_NAME, _MOST_REPEATS = 255, 3
_REPEATED_GROUP = re.compile(r"\)[*+?{]")


class Rule(NamedTuple):
    """A rule of a Corefile that gives other answers than the cluster's records: its plugin and its whole text."""

    plugin: str
    text: str
    held: Resource
    path: str

    def cite(self, weight: float = STRONG) -> Citation:
        """Cite the value that holds the rule."""
        return self.held.cite(self.path, weight)


def servers(world: World) -> list[Pod]:
    """Return the pods that answer for the cluster: by the label that all distributions keep, else by their image."""
    return [
        pod
        for pod in world.pods
        if pod.namespace == NAMESPACE
        and (
            pod.labels.get("k8s-app") == "kube-dns"
            or any(_SERVER.search(container.image) for container in pod.containers)
        )
    ]


def server_workload(world: World) -> Workload | None:
    """Return what makes the pods that answer for the cluster; None where it was not read."""
    for held in world.workloads:
        labelled = held.template_labels.get("k8s-app") == "kube-dns"
        if held.namespace == NAMESPACE and (labelled or any(_SERVER.search(one.image) for one in held.containers)):
            return held
    return None


def rules_on(world: World, host: str) -> Iterator[Rule]:
    """Yield the rules that rewrite a name, make up an answer for it, or answer for its whole zone."""
    for held in world.inventory.of("ConfigMap"):
        if held.namespace != NAMESPACE or not held.name.startswith(("coredns", "kube-dns")):
            continue
        for key in held.texts("data"):
            for found in _BLOCK.finditer(_uncommented(held.text(f"data/{key}")[:_LONGEST])):
                if _concerns(found[1], f"{found[2]} {found[3] or ''}", host):
                    yield Rule(found[1], " ".join(found[0].split()), held, f"data/{key}")


def full_name(host: str, namespace: str) -> str:
    """Return the name as cluster DNS knows it, for a Service in a caller's own namespace or in the one it names."""
    labels = host.rstrip(".").split(".")
    if len(labels) == 1:
        return f"{host}.{namespace}.svc.cluster.local"
    if len(labels) == 2:
        return f"{host}.svc.cluster.local"
    return f"{host}.cluster.local" if labels[-1] == "svc" else host


def _uncommented(text: str) -> str:
    return re.sub(r"#.*", "", text)


def _concerns(plugin: str, told: str, host: str) -> bool:
    """Tell whether a rule names a host or its zone, literally or by a regular expression that the host matches."""
    if plugin == "forward":
        zone = told.split()[0] if told.split() else "."
        return zone != "." and _in_zone(host, zone)
    if plugin == "template":
        zones = [word for word in told.partition("match")[0].split() if "." in word]
        told_match = re.search(r"match\s+(\S+)", told)
        return any(_in_zone(host, zone) for zone in zones) or bool(told_match and _matches(told_match[1], host))
    words = [word.strip('"') for word in told.split()]
    return any(word == host or word == f"{host}." or (_is_pattern(word) and _matches(word, host)) for word in words)


def _in_zone(host: str, zone: str) -> bool:
    bare = zone.strip(".").lower()
    return bool(bare) and (host == bare or host.endswith(f".{bare}"))


def _is_pattern(word: str) -> bool:
    return any(mark in word for mark in "^$*\\(")


def _matches(pattern: str, host: str) -> bool:
    """Tell whether a rule's pattern fits a name; Corefiles use Go's syntax, and what Python does not read fits nothing."""
    asked = pattern.strip('"')
    if _is_dear(asked):
        return False
    try:
        return bool(re.search(asked, f"{host}."[:_LONGEST_NAME]) or re.search(asked, host[:_LONGEST_NAME]))
    except re.error:
        return False


def _is_dear(pattern: str) -> bool:
    """Tell whether trying a pattern could take long: Go's engine cannot be led into going back for ever, Python's can."""
    repeats = sum(pattern.count(mark) for mark in "*+?{")
    return len(pattern) > _LONGEST_NAME or repeats > _MOST_REPEATS or bool(_REPEATED_GROUP.search(pattern))
