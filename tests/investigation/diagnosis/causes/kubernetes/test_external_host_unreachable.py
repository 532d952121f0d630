"""A host outside the cluster that several applications do not reach."""

from tests.investigation.worlds import Document, container, deployment, logs, look, pod, scene
from tocsin.investigation.diagnosis.causes.kubernetes.external_host_unreachable import external_host_unreachable

CART, WEB = pod("cart", container(ready=False)), pod("web", container(ready=False))
BOTH = (CART, deployment(ready=0), WEB, deployment("web", ready=0))


def said(made: Document, host: str) -> Document:
    return logs(
        made,
        f'Post "https://{host}/v1/charge": dial tcp 203.0.113.7:443: i/o timeout: connection timed out',
        run="current",
    )


FIRES = scene(*BOTH, logs=said(CART, "pay.example.com") | said(WEB, "pay.example.com"))

QUIET = scene(*BOTH, logs=said(CART, "pay.example.com") | said(WEB, "orders.shop.svc.cluster.local"))


def test_names_host_and_callers() -> None:
    [found] = look(external_host_unreachable, FIRES)
    assert found.summary == "2 applications (cart, web) do not reach pay.example.com, which is outside the cluster"
