"""The store behind the API server fails."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, Citation
from tocsin.investigation.diagnosis.reading.nodes.control_plane import component, heard
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.world import World

_MEANINGS = (
    (r"etcdserver: mvcc: database space exceeded", "its space is used up, so nothing can be written"),
    (r"etcdserver: no leader", "it has no leader: most of its members are away"),
    (r"etcdserver: request timed out", "it does not answer in time, as with a slow disk"),
    (r"etcdserver: too many requests", "it is asked more than it can answer"),
)


@cause("control-plane", modes=("ctrl.etcd",))
def etcd_failing(world: World) -> Iterator[Finding]:
    """etcd, in which the cluster keeps all its objects, fails: nothing can be changed, or nothing read.

    Its quota of space is used up, its disk is slow, or most of its members are away. What runs goes on as it is.

    When it is wrong: a change of leader took a second, and it is over.
    """
    for wording, meaning in _MEANINGS:
        told = heard(world, wording, hint="etcdserver")
        if told:
            cites = [Citation(cite.ref, cite.value, CONCLUSIVE, cite.about) for _, cite in told[:4]]
            yield Finding(
                component(world, "etcd"),
                f"etcd fails: {meaning} ({len({caller for caller, _ in told})} clients were told so)",
                cites=cites,
                felt_by=sorted({caller for caller, _ in told}),
                remedies=[
                    look(
                        *("get", "--raw", "/readyz?verbose"),
                        of=Subject("Namespace", "", ""),
                        purpose="see whether the API server reaches it",
                    ),
                    look(
                        *("get", "pods", "-l", "component=etcd", "-o", "wide"),
                        of=Subject("Namespace", "kube-system", ""),
                        purpose="see whether its members run",
                    ),
                ],
            )
