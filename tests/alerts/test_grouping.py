"""What makes alerts the same, or about the same thing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.alerts import grouping
from tocsin.alerts.grouping import fingerprint, subject, subject_key


def test_a_fingerprint_says_its_version_and_depends_on_the_source() -> None:
    assert fingerprint("generic", "x").startswith("v1:")
    assert fingerprint("generic", "x") != fingerprint("alertmanager", "x")


def test_another_way_of_making_them_never_matches_the_one_before(monkeypatch: pytest.MonkeyPatch) -> None:
    before = fingerprint("generic", "x")
    monkeypatch.setattr(grouping, "VERSION", "v2")
    assert fingerprint("generic", "x") != before


@given(st.text(), st.text(), st.text(), st.text())
def test_different_identities_have_different_fingerprints(a: str, b: str, c: str, d: str) -> None:
    assert (fingerprint(a, b) == fingerprint(c, d)) == ((a, b) == (c, d))


@pytest.mark.parametrize(
    ("labels", "key"),
    [
        ({"namespace": "shop", "pod": "cart-7f9c4d5b6-x2x9k"}, "shop/cart"),
        ({"namespace": "shop", "pod": "cart-0"}, "shop/cart"),
        ({"namespace": "shop", "pod": "cart"}, "shop/cart"),
        ({"namespace": "shop", "deployment": "cart", "pod": "kube-state-metrics-5f4-abcde"}, "shop/cart"),
        ({"namespace": "shop", "service": "kube-state-metrics"}, ""),
        ({"node": "worker-1"}, "Node/worker-1"),
        ({"namespace": "shop"}, ""),
        ({}, ""),
    ],
)
def test_alerts_about_one_workload_share_a_key(labels: dict[str, str], key: str) -> None:
    assert subject_key(subject(labels)) == key
