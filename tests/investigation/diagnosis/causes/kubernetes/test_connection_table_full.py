"""A node whose table of tracked connections is full."""

from tests.investigation.worlds import Document, look, node, pod, scene
from tocsin.investigation.diagnosis.causes.kubernetes.connection_table_full import connection_table_full


def counted(entries: float) -> bytes:
    about: Document = {"kind": "Node", "name": "worker-1"}
    metrics = [
        {"name": "node_nf_conntrack_entries", "value": entries, "about": about},
        {"name": "node_nf_conntrack_entries_limit", "value": 262144, "about": about},
    ]
    return scene(node(), pod(), metrics=metrics)


FIRES = counted(262144)

QUIET = counted(180000)


def test_blames_the_node() -> None:
    [found] = look(connection_table_full, FIRES)
    assert str(found.subject) == "Node/worker-1"


def test_the_kernel_says_so_itself() -> None:
    about = {"kind": "Node", "name": "worker-1"}
    said = {
        "kind": "Event",
        "metadata": {"name": "full", "namespace": "default"},
        "involvedObject": about,
        "reason": "ConntrackFull",
        "message": "nf_conntrack: table full, dropping packet",
    }
    assert look(connection_table_full, scene(node(), said))
