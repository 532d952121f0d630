"""Resolvers outside the cluster that do not answer its DNS servers."""

from tests.investigation.worlds import Document, container, deployment, logs, look, pod, scene, within
from tocsin.investigation.diagnosis.causes.kubernetes.dns_upstream_failing import dns_upstream_failing

WEB = pod("web", container(ready=False))
DNS = within("kube-system", pod("coredns"))
DNS["metadata"]["labels"] = {"k8s-app": "kube-dns"}


def said(name: str) -> Document:
    line = f"2026-03-01T11:59:00Z [ERROR] plugin/errors: 2 {name}. A: read udp 10.1.0.5:4711->10.0.0.2:53: i/o timeout"
    return {f"kube-system/{DNS['metadata']['name']}/app": {"current": line}}


WAITS = logs(WEB, "getaddrinfo EAI_AGAIN api.example.com", run="current")
FIRES = scene(WEB, deployment("web", ready=0), DNS, logs=WAITS | said("api.example.com"))

QUIET = scene(WEB, deployment("web", ready=0), DNS, logs=WAITS | said("cart.shop.svc.cluster.local"))


def test_names_the_host_and_the_resolver() -> None:
    [found] = look(dns_upstream_failing, FIRES)
    assert found.summary.endswith("as api.example.com: read udp 10.1.0.5:4711->10.0.0.2:53: i/o timeout")


def test_a_single_timeout_of_which_nobody_complains_is_normal() -> None:
    assert look(dns_upstream_failing, scene(pod("web"), DNS, logs=said("api.example.com"))) == []
