"""Whether the alert is about an object: what nobody asked about, and hurts nobody, is no trouble."""

from tocsin.investigation.diagnosis.inventory import Inventory
from tocsin.investigation.diagnosis.resources import Resource, Workload


def named_by_alert(item: Resource, inventory: Inventory) -> bool:
    """Tell whether the alert is about an object: by its resource, or by a label that holds its name."""
    alert = inventory.snapshot.alert
    named = alert.resource.name if alert.resource else None
    return item.name in (named, *(value for label, value in alert.labels.items() if label != "namespace"))


def missed(item: Workload, inventory: Inventory) -> bool:
    """Tell whether somebody misses a workload: it lacks replicas, or the alert names it."""
    return item.lacking or named_by_alert(item, inventory)
