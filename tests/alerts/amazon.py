"""Stands for Amazon SNS: a key, its certificate, and messages signed with it."""

from __future__ import annotations

import base64
from datetime import datetime, timedelta
from typing import Any

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from tests.factories import NOW

HOST = "https://sns.eu-central-1.amazonaws.com"
TOPIC = "arn:aws:sns:eu-central-1:123456789012:alarms"


def envelope(**changed: Any) -> dict[str, Any]:
    """A message as SNS sends it; what is changed to None is left out."""
    message: dict[str, Any] = {
        "Type": "Notification",
        "MessageId": "0c1f5c54-6a0b-5f0e-9d0e-000000000001",
        "TopicArn": TOPIC,
        "Subject": "ALARM: queue",
        "Message": '{"AlarmName": "queue-is-old", "NewStateValue": "ALARM"}',
        "Timestamp": "2026-03-01T02:58:11.134Z",
        "SignatureVersion": "2",
        "Signature": "",
        "SigningCertURL": f"{HOST}/SimpleNotificationService-0.pem",
    } | changed
    if message["Type"] != "Notification":
        asked = f"{HOST}/?Action=ConfirmSubscription&TopicArn={message['TopicArn']}&Token=abc"
        message = {"Token": "abc", "SubscribeURL": asked} | message | {"Subject": None}
    return {name: value for name, value in message.items() if value is not None}


def certificate(
    key: rsa.RSAPrivateKey,
    name: str = "sns.amazonaws.com",
    since: datetime = NOW - timedelta(days=30),
    until: datetime = NOW + timedelta(days=3650),
) -> bytes:
    """A certificate of a key, in PEM."""
    who = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    built = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(min(since, until - timedelta(days=1)))
        .not_valid_after(max(until, since + timedelta(days=1)))
    )
    return built.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


class Amazon:
    """Signs as SNS does: the names and values of some fields, a line each."""

    def __init__(self) -> None:
        self.key = rsa.generate_private_key(65537, 2048)
        self.pem = certificate(self.key)

    def signed(self, **changed: Any) -> bytes:
        """A message, signed."""
        message = envelope(**changed)
        unsigned = {"Signature", "SignatureVersion", "SigningCertURL", "UnsubscribeURL"}
        text = "".join(f"{name}\n{message[name]}\n" for name in sorted(message.keys() - unsigned))
        hashed = hashes.SHA1() if message["SignatureVersion"] == "1" else hashes.SHA256()
        signature = self.key.sign(text.encode(), padding.PKCS1v15(), hashed)
        return msgspec.json.encode(message | {"Signature": base64.b64encode(signature).decode()})
