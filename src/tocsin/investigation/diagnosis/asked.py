"""Whether the alert is about an object: what nobody asked about, and hurts nobody, is no trouble."""

from collections.abc import Iterable

from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, MODERATE
from tocsin.investigation.diagnosis.inventory import Inventory
from tocsin.investigation.diagnosis.resources import Pod, Resource, Workload


def alert_names(names: Iterable[str], inventory: Inventory) -> bool:
    """Tell whether the alert is about something of one of these names: by its resource, or by a label that holds it."""
    alert = inventory.snapshot.alert
    named = {value for label, value in alert.labels.items() if label != "namespace"}
    return not named.union([alert.resource.name] if alert.resource else []).isdisjoint(names)


def named_by_alert(item: Resource, inventory: Inventory) -> bool:
    """Tell whether the alert is about an object."""
    return alert_names([item.name], inventory)


def weight_of_flaw(names: Iterable[str], inventory: Inventory) -> float:
    """Weigh (nats) what is plainly wrong in a specification: of something asked about it decides, else it may be a leftover."""
    return CONCLUSIVE if alert_names(names, inventory) else MODERATE


def missed(item: Workload, inventory: Inventory) -> bool:
    """Tell whether somebody misses a workload: it lacks replicas, or the alert names it."""
    return item.lacking or named_by_alert(item, inventory)


def asked_about_node(node: Resource | None, pods: Iterable[Pod], inventory: Inventory) -> bool:
    """Tell whether the alert is about a node, one of these pods of it, or what made one of them."""
    held = [item for pod in pods for item in (pod, inventory.get(inventory.controller(pod.subject)))]
    return any(named_by_alert(item, inventory) for item in (node, *held) if item)
