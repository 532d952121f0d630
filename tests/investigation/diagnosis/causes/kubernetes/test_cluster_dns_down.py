"""The cluster's DNS servers that do not answer."""

from tests.investigation.worlds import (
    Container,
    Document,
    container,
    deployment,
    exited,
    logs,
    look,
    pod,
    scene,
    service,
    within,
)
from tocsin.investigation.diagnosis.causes.kubernetes.cluster_dns_down import cluster_dns_down

WEB = pod("web", container(ready=False))
SAYS = logs(WEB, "getaddrinfo EAI_AGAIN cart", run="current")
SHOP = (WEB, deployment("web", ready=0), service())


def dns(made: Container) -> Document:
    server = within("kube-system", pod("coredns", made))
    server["metadata"]["labels"] = {"k8s-app": "kube-dns"}
    return server


DOWN = dns(exited("Error", 1))
WHY = {
    f"kube-system/{DOWN['metadata']['name']}/app": {"previous": "plugin/forward: Error during parsing: unknown option"}
}
FIRES = scene(*SHOP, DOWN, logs=SAYS | WHY)

QUIET = scene(*SHOP, dns(container()), logs=SAYS)


def test_says_why_the_server_gave_up() -> None:
    [found] = look(cluster_dns_down, FIRES)
    assert found.summary == (
        "none of the 1 DNS servers of the cluster (coredns) is ready: “plugin/forward: Error during parsing: unknown option”"
    )


def test_one_server_that_is_ready_answers() -> None:
    ready = dns(container())
    ready["metadata"]["name"] = "coredns-7f9c4d-x2x1r"
    assert look(cluster_dns_down, scene(DOWN, ready)) == []


def test_says_that_nothing_runs_where_the_servers_were_scaled_away() -> None:
    gone = within("kube-system", deployment("coredns", replicas=0, ready=0))
    gone["spec"]["template"]["metadata"]["labels"] = {"k8s-app": "kube-dns"}
    [found] = look(cluster_dns_down, scene(*SHOP, gone, logs=SAYS))
    assert found.summary == "no DNS server of the cluster (coredns) runs"


def test_several_who_get_no_answer_tell_of_servers_that_were_not_read() -> None:
    till = pod("till", container(ready=False))
    [found] = look(
        cluster_dns_down, scene(*SHOP, till, logs=SAYS | logs(till, "getaddrinfo EAI_AGAIN cart", run="current"))
    )
    assert found.summary == "the DNS servers of the cluster answer none of till, web"


def test_one_who_gets_no_answer_tells_of_itself() -> None:
    assert look(cluster_dns_down, scene(*SHOP, logs=SAYS)) == []
