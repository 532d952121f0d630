"""Messages of Amazon SNS: whether they are from SNS, by the certificate that they name. Pure.

https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html. Addresses in a message are only followed when
they lead to SNS itself: whoever may choose them freely would otherwise sign his own messages, or send us anywhere.
"""

from __future__ import annotations

import base64
import binascii
import re
from datetime import datetime
from urllib.parse import SplitResult, parse_qs, urlsplit

import msgspec
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

NOTIFICATION = "Notification"
SUBSCRIPTION = "SubscriptionConfirmation"
UNSUBSCRIPTION = "UnsubscribeConfirmation"

_HOST = re.compile(r"sns\.[a-z]{2,4}(?:-[a-z]{2,12}){1,3}-\d{1,2}\.amazonaws\.com(?:\.cn)?")
_CERTIFIED = re.compile(r"sns(?:[.-][a-z0-9-]{1,30})?\.amazonaws\.com(?:\.cn)?")
_HASHES: dict[str, hashes.HashAlgorithm] = {"1": hashes.SHA1(), "2": hashes.SHA256()}  # noqa: S303  # as SNS signs
# What is signed, in this order; a message without a subject is signed without it.
_SIGNED = {
    NOTIFICATION: ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    SUBSCRIPTION: ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"),
    UNSUBSCRIPTION: ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"),
}


class Untrusted(Exception):
    """A message that is not shown to be from SNS; the text says what is wrong with it."""


class Message(msgspec.Struct, frozen=True, rename="pascal"):
    """The envelope that SNS puts around what was published. Fields as SNS calls them."""

    type: str
    message_id: str
    topic_arn: str
    message: str
    timestamp: str
    signature_version: str
    signature: str
    signing_cert_url: str = msgspec.field(name="SigningCertURL")
    subject: str | None = None
    token: str | None = None
    subscribe_url: str | None = msgspec.field(name="SubscribeURL", default=None)


_decoder = msgspec.json.Decoder(Message)


def read(body: bytes) -> Message:
    """The message in a body. Raises Untrusted."""
    try:
        return _decoder.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Untrusted(f"not a message of SNS: {error}") from error


def certificate_address(message: Message) -> str:
    """Where the certificate is that the message was signed with. Raises Untrusted for any place but SNS."""
    address = _at_sns(message.signing_cert_url, "SigningCertURL")
    if not address.path.endswith(".pem") or address.query:
        raise Untrusted("its SigningCertURL leads to something that is no certificate (.pem)")
    return message.signing_cert_url


def confirmation_address(message: Message) -> str:
    """What to visit to confirm a subscription to the message's topic. Raises Untrusted for any place but that."""
    address = _at_sns(message.subscribe_url or "", "SubscribeURL")
    asked = parse_qs(address.query)
    if asked.get("Action") != ["ConfirmSubscription"] or asked.get("TopicArn") != [message.topic_arn]:
        raise Untrusted("its SubscribeURL does something else than to confirm this subscription")
    return message.subscribe_url or ""


def verify(message: Message, pem: bytes, now: datetime) -> None:
    """Raises Untrusted unless `pem`, from `certificate_address`, certifies SNS now and signed the message."""
    signed_with = _HASHES.get(message.signature_version)
    if signed_with is None or message.type not in _SIGNED:
        raise Untrusted(f"it is a {message.type[:40]!r} with signature version {message.signature_version[:10]!r}")
    key = _certified_key(pem, now)
    try:
        signature = base64.b64decode(message.signature, validate=True)
        key.verify(signature, _signed_text(message), padding.PKCS1v15(), signed_with)
    except (binascii.Error, ValueError) as error:
        raise Untrusted("its signature is not Base64") from error
    except InvalidSignature as error:
        raise Untrusted("its signature does not fit: it was changed, or is not from SNS") from error


def _at_sns(url: str, what: str) -> SplitResult:
    try:
        address = urlsplit(url)
        port = address.port
    except ValueError as error:
        raise Untrusted(f"its {what} is no address") from error
    if address.scheme != "https":
        raise Untrusted(f"its {what} is not https")
    # the whole of it, so that no user, port or second host hides before or after
    if port is not None or not _HOST.fullmatch(address.netloc):
        raise Untrusted(f"its {what} does not lead to SNS (sns.REGION.amazonaws.com)")
    return address


def _certified_key(pem: bytes, now: datetime) -> rsa.RSAPublicKey:
    try:
        certificate = x509.load_pem_x509_certificate(pem)
        names = [str(name.value) for name in certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)]
        key = certificate.public_key()
    except ValueError as error:
        raise Untrusted("what its SigningCertURL leads to is no certificate") from error
    if not certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc:
        raise Untrusted(f"its certificate was valid until {certificate.not_valid_after_utc:%Y-%m-%d}")
    if not any(_CERTIFIED.fullmatch(name) for name in names):
        raise Untrusted("its certificate is not one of SNS")
    if not isinstance(key, rsa.RSAPublicKey):
        raise Untrusted("its certificate holds no RSA key")
    return key


def _signed_text(message: Message) -> bytes:
    values = {
        "Message": message.message,
        "MessageId": message.message_id,
        "Subject": message.subject,
        "SubscribeURL": message.subscribe_url,
        "Timestamp": message.timestamp,
        "Token": message.token,
        "TopicArn": message.topic_arn,
        "Type": message.type,
    }
    told = ((name, values[name]) for name in _SIGNED[message.type])
    return "".join(f"{name}\n{value}\n" for name, value in told if value is not None).encode("utf-8", "surrogatepass")
