"""Remedies on configuration: a variable or a ConfigMap's value set to what it should be."""

from tocsin.investigation.diagnosis.reading.configuration.settings import Setting
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.command import Command
from tocsin.investigation.diagnosis.remedies.kubectl import rollout_done
from tocsin.investigation.diagnosis.remedies.patches import patch
from tocsin.investigation.diagnosis.remedies.workloads import restart, set_variable


def set_setting(workload: Subject, container: str, setting: Setting, value: str) -> tuple[Command, ...]:
    """Set a variable where its value is kept: on the workload, or in its ConfigMap with a restart of the readers.

    Nothing to type for an address with credentials: what is stored of it is redacted, and would be written back so.
    """
    if "@" in setting.value:
        return ()
    if setting.source.kind != "ConfigMap":
        return set_variable(workload, container, setting.name, setting.value, value)
    return restore_configmap_value(workload, setting.source, setting.path, setting.value, value)


def restore_configmap_value(
    workload: Subject, configmap: Subject, path: str, old: str, new: str
) -> tuple[Command, ...]:
    """Set one value of a ConfigMap and start its reader anew; `path` is data/KEY, escaped as a JSON pointer."""
    key = path.rpartition("/")[2]
    changed = patch(
        configmap,
        f"/{path}",
        old,
        new,
        purpose=f"set {key} of ConfigMap {configmap.name} to {new}",
        before="the value is not written by a deployment tool that would put the old one back",
        verify=rollout_done(workload),
    )
    return (changed, *restart(workload))
