"""Signatures of vendors."""

from __future__ import annotations

import hashlib
import hmac

import pytest

from tocsin.alerts.sources import github, gitlab, hcp_terraform
from tocsin.alerts.verify import is_genuine

KEY, BODY = b"a shared secret", b'{"a": 1}'


def test_hcp_terraform_signs_with_sha512() -> None:
    proof = hmac.new(KEY, BODY, hashlib.sha512).hexdigest()
    assert is_genuine(hcp_terraform.SIGNATURE, KEY, {"x-tfe-notification-signature": proof}, BODY)


def test_github_signs_with_sha256_and_says_so() -> None:
    proof = "sha256=" + hmac.new(KEY, BODY, hashlib.sha256).hexdigest()
    assert is_genuine(github.SIGNATURE, KEY, {"x-hub-signature-256": proof}, BODY)
    assert not is_genuine(github.SIGNATURE, KEY, {"x-hub-signature-256": proof}, BODY + b" ")


@pytest.mark.parametrize("told", [{}, {"x-gitlab-token": ""}, {"x-gitlab-token": "another"}, {"x-gitlab-token": "é"}])
def test_whoever_does_not_know_the_secret_is_refused(told: dict[str, str]) -> None:
    assert is_genuine(gitlab.SIGNATURE, KEY, {"x-gitlab-token": KEY.decode()}, BODY)
    assert not is_genuine(gitlab.SIGNATURE, KEY, told, BODY)
