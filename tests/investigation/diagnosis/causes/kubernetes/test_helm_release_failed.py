"""A Helm release that failed or hangs half way."""

from typing import Any

from tests.investigation.worlds import container, deployment, look, meta, pod, scene
from tocsin.investigation.diagnosis import diagnose, parse_snapshot
from tocsin.investigation.diagnosis.causes.kubernetes.helm_release_failed import helm_release_failed


def revision(number: int, status: str, created: str) -> dict[str, Any]:
    labels = {"owner": "helm", "name": "shop", "version": str(number), "status": status}
    return meta("Secret", f"sh.helm.release.v1.shop.v{number}", labels=labels, created=created)


CART = deployment(ready=0)
CART["metadata"]["annotations"] = {"meta.helm.sh/release-name": "shop"}
SERVED = revision(4, "superseded", "2026-02-20T08:00:00Z")
SLOW = pod("cart", container(ready=False))
FIRES = scene(SERVED, revision(5, "pending-upgrade", "2026-03-01T11:00:00Z"), CART, SLOW)

QUIET = scene(SERVED, revision(5, "pending-upgrade", "2026-03-01T11:58:00Z"), CART, SLOW)


def test_rolls_back_to_what_served() -> None:
    [found] = look(helm_release_failed, FIRES)
    assert found.summary == "release shop revision 5 is pending-upgrade since 11:00; cart without all replicas"
    assert found.remedies[0].argv == ("helm", "-n", "shop", "rollback", "shop", "4")


def test_where_all_is_well_it_says_less() -> None:
    well = deployment()
    well["metadata"]["annotations"] = {"meta.helm.sh/release-name": "shop"}
    failed = revision(5, "failed", "2026-03-01T11:58:00Z")
    first = diagnose(parse_snapshot(scene(failed, well, pod()))).hypotheses[0]
    assert first.summary == "release shop revision 5 is failed since 11:58"
    assert first.confidence_label != "high"


def test_is_sure_of_it() -> None:
    first = diagnose(parse_snapshot(FIRES)).hypotheses[0]
    assert (first.cause, first.confidence_label) == ("helm-release-failed", "high")
