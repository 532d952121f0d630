"""Messages of Amazon SNS, signed with certificates of our own making."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from tests.alerts.amazon import Amazon, certificate, envelope
from tests.factories import NOW
from tocsin.alerts import sns
from tocsin.alerts.sns import Untrusted


@pytest.fixture(scope="module")
def amazon() -> Amazon:
    return Amazon()


def read(**changed: Any) -> sns.Message:
    return sns.read(msgspec.json.encode(envelope(**changed)))


@pytest.mark.parametrize("version", ["1", "2"])
@pytest.mark.parametrize("subject", ["ALARM: queue", None])
def test_a_message_of_either_version_is_trusted(amazon: Amazon, version: str, subject: str | None) -> None:
    message = sns.read(amazon.signed(SignatureVersion=version, Subject=subject))
    sns.verify(message, amazon.pem, NOW)


@pytest.mark.parametrize("kind", ["SubscriptionConfirmation", "UnsubscribeConfirmation"])
def test_what_is_said_of_a_subscription_is_signed_too(amazon: Amazon, kind: str) -> None:
    sns.verify(sns.read(amazon.signed(Type=kind)), amazon.pem, NOW)


@pytest.mark.parametrize("field", ["Message", "MessageId", "Subject", "Timestamp", "TopicArn"])
def test_a_message_that_was_changed_is_not(amazon: Amazon, field: str) -> None:
    changed = msgspec.json.decode(amazon.signed()) | {field: "something else"}
    with pytest.raises(Untrusted, match="does not fit"):
        sns.verify(sns.read(msgspec.json.encode(changed)), amazon.pem, NOW)


@pytest.mark.parametrize("changed", [{"SignatureVersion": "3"}, {"Type": "Other"}, {"Signature": "not Base64"}])
def test_a_message_in_no_known_form_is_not(amazon: Amazon, changed: dict[str, str]) -> None:
    with pytest.raises(Untrusted):
        sns.verify(sns.read(msgspec.json.encode(msgspec.json.decode(amazon.signed()) | changed)), amazon.pem, NOW)


@pytest.mark.parametrize(
    ("made", "why"),
    [
        ({"until": NOW - timedelta(days=1)}, "was valid until 2026-02-28"),
        ({"since": NOW + timedelta(days=1)}, "was valid until"),
        ({"name": "sns.example"}, "not one of SNS"),
        ({"name": "sns.amazonaws.com.example"}, "not one of SNS"),
    ],
)
def test_a_certificate_that_is_over_or_anothers_proves_nothing(amazon: Amazon, made: dict[str, Any], why: str) -> None:
    with pytest.raises(Untrusted, match=why):
        sns.verify(sns.read(amazon.signed()), certificate(amazon.key, **made), NOW)


def test_what_is_no_certificate_proves_nothing(amazon: Amazon) -> None:
    with pytest.raises(Untrusted, match="is no certificate"):
        sns.verify(sns.read(amazon.signed()), b"<html>", NOW)


PLACE = "sns.eu-central-1.amazonaws.com"


@pytest.mark.parametrize(
    "url",
    [
        f"http://{PLACE}/a.pem",
        "https://sns.eu-central-1.amazonaws.com.evil.example/a.pem",
        "https://evil.example/sns.eu-central-1.amazonaws.com/a.pem",
        f"https://{PLACE}@evil.example/a.pem",
        f"https://user:word@{PLACE}/a.pem",
        f"https://{PLACE}:8443/a.pem",
        f"https://{PLACE}/a.txt",
        f"https://{PLACE}/?x=a.pem",
        f"https://{PLACE}/a.pem?x",
        "https://s3.eu-central-1.amazonaws.com/bucket/a.pem",
        "https://169.254.169.254/a.pem",
        f"https://{PLACE}\\@evil.example/a.pem",
        f"https://{PLACE}.\n/a.pem",
        "https://[/a.pem",
        "",
    ],
)
def test_no_certificate_is_fetched_from_elsewhere(url: str) -> None:
    with pytest.raises(Untrusted, match="SigningCertURL"):
        sns.certificate_address(read(SigningCertURL=url))


@pytest.mark.parametrize("place", [PLACE, "sns.us-gov-west-1.amazonaws.com", "sns.cn-north-1.amazonaws.com.cn"])
def test_certificates_are_fetched_from_sns_itself(place: str) -> None:
    url = f"https://{place}/SimpleNotificationService-0.pem"
    assert sns.certificate_address(read(SigningCertURL=url)) == url


def test_a_subscription_is_confirmed_at_sns_and_nothing_else_is_done() -> None:
    message = read(Type="SubscriptionConfirmation")
    assert sns.confirmation_address(message) == message.subscribe_url
    for url in (
        "https://evil.example/?Action=ConfirmSubscription",
        f"https://{PLACE}/?Action=Unsubscribe&TopicArn={message.topic_arn}",
        f"https://{PLACE}/?Action=ConfirmSubscription&TopicArn=arn:aws:sns:eu-central-1:1:another",
        None,
    ):
        with pytest.raises(Untrusted, match="SubscribeURL"):
            sns.confirmation_address(read(Type="SubscriptionConfirmation", SubscribeURL=url))


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"\xff", b'{"Type": 1}'])
def test_what_is_no_message_is_not_trusted(body: bytes) -> None:
    with pytest.raises(Untrusted, match="not a message of SNS"):
        sns.read(body)
