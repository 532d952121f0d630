"""Signatures of vendors."""

from __future__ import annotations

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.alerts.sources import github, gitlab, hcp_terraform
from tocsin.alerts.verify import Signature, is_genuine

KEY, BODY = b"a shared secret", b'{"a": 1}'


def test_hcp_terraform_signs_with_sha512() -> None:
    proof = hmac.new(KEY, BODY, hashlib.sha512).hexdigest()
    assert is_genuine(hcp_terraform.SIGNATURE, [KEY], {"x-tfe-notification-signature": proof}, BODY)


def test_github_signs_with_sha256_and_says_so() -> None:
    proof = "sha256=" + hmac.new(KEY, BODY, hashlib.sha256).hexdigest()
    assert is_genuine(github.SIGNATURE, [KEY], {"x-hub-signature-256": proof}, BODY)
    assert not is_genuine(github.SIGNATURE, [KEY], {"x-hub-signature-256": proof}, BODY + b" ")


@pytest.mark.parametrize("told", [{}, {"x-gitlab-token": ""}, {"x-gitlab-token": "another"}, {"x-gitlab-token": "é"}])
def test_whoever_does_not_know_the_secret_is_refused(told: dict[str, str]) -> None:
    assert is_genuine(gitlab.SIGNATURE, [KEY], {"x-gitlab-token": KEY.decode()}, BODY)
    assert not is_genuine(gitlab.SIGNATURE, [KEY], told, BODY)


def test_one_of_several_signatures_is_enough_and_one_of_several_keys() -> None:
    proof = hmac.new(KEY, BODY, "sha256").hexdigest()
    headers = {"x-pagerduty-signature": f"v1={'0' * 64}, v1={proof}"}
    signature = Signature("X-PagerDuty-Signature", "sha256", "v1=")
    assert is_genuine(signature, [b"the key before", KEY], headers, BODY)
    assert not is_genuine(signature, [b"the key before"], headers, BODY)
    assert not is_genuine(signature, [], headers, BODY)


@given(st.text(max_size=40))
def test_no_header_of_a_stranger_is_genuine(told: str) -> None:
    assert not is_genuine(Signature("X-Sig", "sha256"), [KEY], {"x-sig": told}, BODY)
    assert not is_genuine(Signature("X-Sig"), [KEY], {"x-sig": told}, BODY) or told.encode() == KEY
