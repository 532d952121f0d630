"""What Helm, Argo CD and Flux rolled out."""

from tests.investigation.worlds import Document, deployment, meta, snapshot
from tocsin.investigation.diagnosis.inventory import Inventory
from tocsin.investigation.diagnosis.reading.changes.releases import Release, releases


def only(*items: Document) -> Release:
    [found] = releases(Inventory(snapshot(*items)))
    return found


def test_helm_keeps_a_secret_for_each_revision() -> None:
    held = []
    for version, status in (("6", "superseded"), ("7", "failed")):
        marks = {"owner": "helm", "name": "cart", "version": version, "status": status, "modifiedAt": "1772362800"}
        held.append(meta("Secret", f"sh.helm.release.v1.cart.v{version}", labels=marks))
    brought = deployment("cart")
    brought["metadata"]["annotations"] = {"meta.helm.sh/release-name": "cart"}
    found = only(*held, brought)
    assert (found.by, found.what, found.state) == ("Helm", "release cart revision 7 is failed", "failed")
    assert found.at.isoformat() == "2026-03-01T11:00:00+00:00"
    assert [at.name for at in found.workloads] == ["cart"]


def test_argo_cd_tells_in_its_application() -> None:
    status = {
        "operationState": {"phase": "Succeeded", "finishedAt": "2026-03-01T11:00:00Z"},
        "sync": {"revision": "0123456789abcdef"},
        "resources": [{"kind": "Deployment", "namespace": "shop", "name": "cart"}],
    }
    found = only(meta("Application", "cart") | {"status": status})
    assert found.what == "application cart synced 0123456789ab: Succeeded"
    assert [at.name for at in found.workloads] == ["cart"]


def test_flux_tells_in_its_helm_release() -> None:
    ready = {
        "type": "Ready",
        "status": "True",
        "reason": "UpgradeSucceeded",
        "lastTransitionTime": "2026-03-01T11:00:00Z",
    }
    found = only(
        meta("HelmRelease", "cart") | {"status": {"conditions": [ready], "history": [{"chartVersion": "1.2.3"}]}}
    )
    assert found.what == "HelmRelease cart applied 1.2.3: UpgradeSucceeded"


def test_an_object_without_times_tells_nothing() -> None:
    assert list(releases(Inventory(snapshot(meta("Application", "cart"), meta("Kustomization", "cart"))))) == []
