"""A network policy that lets pods send, but not to the resolver."""

from tests.investigation.worlds import container, deployment, logs, look, meta, pod, scene
from tocsin.investigation.diagnosis.causes.kubernetes.egress_blocks_dns import egress_blocks_dns

CART = pod("cart", container(ready=False))
SAYS = logs(
    CART, "dial tcp: lookup db on 10.96.0.10:53: read udp 10.1.0.9:4711->10.96.0.10:53: i/o timeout", run="current"
)
TO_DB = {"to": [{"podSelector": {"matchLabels": {"app": "db"}}}]}
DNS = {"ports": [{"port": 53, "protocol": "UDP"}]}


def bounded(*rules: object) -> bytes:
    policy = meta("NetworkPolicy", "egress") | {
        "spec": {"podSelector": {}, "policyTypes": ["Egress"], "egress": list(rules)}
    }
    return scene(CART, deployment(ready=0), policy, logs=SAYS)


FIRES = bounded(TO_DB)

QUIET = bounded(TO_DB, DNS)


def test_allows_names() -> None:
    [found] = look(egress_blocks_dns, FIRES)
    assert '"path": "/spec/egress/1"' in found.remedies[0].argv[-1]


def test_a_name_that_does_not_exist_was_asked_for() -> None:
    said = logs(CART, "dial tcp: lookup db on 10.96.0.10:53: no such host", run="current")
    assert (
        look(
            egress_blocks_dns,
            FIRES.replace(SAYS.popitem()[1]["current"].encode(), said.popitem()[1]["current"].encode()),
        )
        == []
    )
