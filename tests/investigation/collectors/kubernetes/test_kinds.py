import msgspec
import pytest

from tocsin.investigation.collectors.kubernetes.kinds import BY_NAME, Offer, parse_offer

AGGREGATED = b"""{"kind": "APIGroupDiscoveryList", "items": [
  {"metadata": {"name": "apps"},
   "versions": [{"version": "v1", "resources": [{"resource": "deployments"}], "freshness": "Current"}]},
  {"metadata": {"name": "metrics.k8s.io"}, "versions": [{"version": "v1beta1", "freshness": "Stale"}]},
  {"metadata": {"name": "helm.toolkit.fluxcd.io"},
   "versions": [{"version": "v2beta2", "resources": [{"resource": "helmreleases"}]}]}]}"""
BY_GROUP = b"""{"kind": "APIGroupList", "groups": [
  {"name": "apps", "versions": [{"groupVersion": "apps/v1", "version": "v1"}]}]}"""


@pytest.mark.parametrize(
    ("kind", "version"),
    [("Pod", "v1"), ("Deployment", "v1"), ("StatefulSet", ""), ("HelmRelease", "v2beta2"), ("HTTPRoute", "")],
)
def test_the_best_version_that_is_served_is_taken(kind: str, version: str) -> None:
    assert parse_offer(AGGREGATED).version(BY_NAME[kind]) == version


def test_an_api_that_is_down_counts_as_served() -> None:
    assert parse_offer(AGGREGATED).version(BY_NAME["PodMetrics"]) == "v1beta1"


def test_an_old_cluster_says_its_groups_only() -> None:
    offer = parse_offer(BY_GROUP)
    assert (offer.version(BY_NAME["StatefulSet"]), offer.version(BY_NAME["Rollout"])) == ("v1", "")


def test_without_an_answer_anything_may_be_served() -> None:
    assert Offer().version(BY_NAME["Rollout"]) == "v1alpha1"


def test_what_is_no_discovery_is_refused() -> None:
    with pytest.raises(msgspec.DecodeError):
        parse_offer(b"<html>")
