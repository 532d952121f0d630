"""A rule of the cluster's DNS that makes a name fail."""

import pytest

from tests.investigation.worlds import container, deployment, logs, look, meta, pod, scene, service, within
from tocsin.investigation.diagnosis.causes.kubernetes.cluster_dns_rule import cluster_dns_rule

WEB = pod("web", container(ready=False))
SAYS = logs(WEB, "dial tcp: lookup cart on 10.96.0.10:53: no such host", run="current")
PLAIN = ".:53 {\n  errors\n  kubernetes cluster.local in-addr.arpa ip6.arpa\n  forward . /etc/resolv.conf\n}\n"


def ruled(rule: str) -> bytes:
    corefile = within("kube-system", meta("ConfigMap", "coredns")) | {"data": {"Corefile": f"{PLAIN}{rule}"}}
    return scene(WEB, deployment("web", ready=0), service(), corefile, logs=SAYS)


FIRES = ruled("template IN A cart.shop.svc.cluster.local {\n  rcode NXDOMAIN\n}\n")

QUIET = ruled("template IN A orders.shop.svc.cluster.local {\n  rcode NXDOMAIN\n}\n")


def test_quotes_the_rule() -> None:
    [found] = look(cluster_dns_rule, FIRES)
    assert found.summary.endswith("template IN A cart.shop.svc.cluster.local { rcode NXDOMAIN }")


@pytest.mark.parametrize(
    ("rule", "concerns"),
    [
        ("rewrite name cart.shop.svc.cluster.local nowhere.invalid", True),
        ("rewrite name regex (.*)\\.shop\\.svc\\.cluster\\.local {1}.invalid", True),
        ("rewrite name orders.shop.svc.cluster.local nowhere.invalid", False),
        ("# rewrite name cart.shop.svc.cluster.local nowhere.invalid", False),
        ("forward shop.svc.cluster.local 10.0.0.1", True),
        ("hosts {\n  10.0.0.1 cart.shop.svc.cluster.local\n  fallthrough\n}", True),
    ],
)
def test_knows_which_rules_concern_the_name(rule: str, concerns: bool) -> None:
    assert bool(look(cluster_dns_rule, ruled(rule))) == concerns


@pytest.mark.parametrize("pattern", ["(a*)*$", "((.*)(.*))*c", ".*.*.*.*.*.*.*.*z", "(" * 300])
def test_does_not_try_patterns_that_could_take_for_ever(pattern: str) -> None:
    assert not look(cluster_dns_rule, ruled(f"rewrite name regex {pattern} nowhere.invalid"))
