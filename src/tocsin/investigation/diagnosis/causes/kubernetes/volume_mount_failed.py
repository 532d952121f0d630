"""A volume that cannot be mounted where the pod runs."""

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, MODERATE
from tocsin.investigation.diagnosis.excerpts import opening
from tocsin.investigation.diagnosis.reading.storage.claims import Mounting, mounting
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.remedies.nodes import look_at_pods
from tocsin.investigation.diagnosis.world import World, cite_event

_FAILED = re.compile(r'MountVolume\.\w+ failed for volume "(?P<volume>[^"]+)"\s*: (?P<why>.+)', re.S)
_WAITED = re.compile(r"Unable to attach or mount volumes: unmounted volumes=\[(?P<volume>[^\]]*)\](?P<why>.*)", re.S)
# What has a cause of its own, or passes by itself.
_OTHER = re.compile(
    r'(?:configmap|secret)s? "[^"]+" not found|references non-existent (?:config|secret) key|not registered'
    r"|failed to sync (?:configmap|secret) cache|failed to fetch token|serviceaccounts? .* not found",
    re.I,
)
_MEANS: Mapping[str, str] = {
    r"not found in the list of registered CSI drivers": "its storage driver does not run on that node",
    r"wrong fs type|bad superblock|superblock": "its file system is not what was expected, or broken",
    r"mount\.nfs.*(?:access denied|Permission denied)": "the NFS server does not allow that node",
    r"mount\.nfs.*(?:timed out|No route to host|refused)": "the NFS server does not answer",
    r"hostPath type check failed": "the path on the node is missing or of another kind",
    r"permission denied": "it may not be mounted",
}
_LONG = timedelta(minutes=1)


@cause("storage", modes=("storage.mount_failed",), needs=("Pod", "events"))
def volume_mount_failed(world: World) -> Iterator[Finding]:
    """The kubelet cannot mount a volume of the pod, so its containers are not started.

    The storage driver does not run on that node, the file server does not answer or does not allow it, the file
    system is broken, or a path of the node that is to be mounted is not there.

    When it is wrong: the driver was late once, as after a restart of the node; mounting is tried again.
    """
    told = [waits for waits in mounting(world, "FailedMount", _LONG) if not _OTHER.search(waits.event.message)]
    known = {waits.subject for waits in told if _FAILED.search(waits.event.message)}
    known |= {event.about for event in world.events("FailedAttachVolume")}
    for waits in told:
        if found := _FAILED.search(waits.event.message):
            yield _finding(world, waits, found, CONCLUSIVE)
        elif waits.subject not in known and (found := _WAITED.search(waits.event.message)):
            yield _finding(world, waits, found, MODERATE)


def _finding(world: World, waits: Mounting, found: re.Match[str], weight: float) -> Finding:
    at, event = waits.subject, waits.event
    means = next((f"{text}: " for pattern, text in _MEANS.items() if re.search(pattern, event.message)), "")
    return Finding(
        world.controller(at),
        f"volume {found['volume']} of {at.name} cannot be mounted on {waits.where}: {means}{opening(found['why'].strip(' :'))}",
        cites=[cite_event(event, weight)],
        remedies=[
            look("describe", "pod", at.name, of=at, purpose="read what the kubelet says"),
            *(
                [look_at_pods(Subject("Node", "", waits.pod.node), "see whether the storage driver's pod runs there")]
                if waits.pod
                else []
            ),
        ],
    )
