"""Pods that ask a resolver which knows no Services."""

from typing import Any

import pytest

from tests.investigation.worlds import Document, container, deployment, logs, look, pod, scene, service
from tocsin.investigation.diagnosis.causes.kubernetes.dns_policy_wrong import dns_policy_wrong


def asking(**spec: Any) -> bytes:
    web = pod("web", container(ready=False), **spec)
    says = logs(web, "getaddrinfo ENOTFOUND cart", run="current")
    return scene(web, deployment("web", ready=0, **spec), service(), logs=says)


FIRES = asking(dnsPolicy="Default")

QUIET = asking(dnsPolicy="ClusterFirst")


def test_gives_the_usual_policy_back() -> None:
    [found] = look(dns_policy_wrong, FIRES)
    assert '"path": "/spec/template/spec/dnsPolicy", "value": "ClusterFirst"' in found.remedies[0].argv[-1]


@pytest.mark.parametrize(
    "spec",
    [
        {"hostNetwork": True, "dnsPolicy": "ClusterFirst"},
        {"dnsPolicy": "None", "dnsConfig": {"nameservers": ["203.0.113.9"]}},
    ],
)
def test_other_ways_past_the_cluster(spec: Document) -> None:
    assert look(dns_policy_wrong, asking(**spec))


def test_a_name_outside_is_for_any_resolver() -> None:
    web = pod("web", container(ready=False), dnsPolicy="Default")
    says = logs(web, "getaddrinfo ENOTFOUND api.example.com", run="current")
    assert look(dns_policy_wrong, scene(web, service(), logs=says)) == []
