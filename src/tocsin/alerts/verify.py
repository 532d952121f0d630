"""Whether a body is from who it says: signatures and shared secrets in headers, compared in constant time. Pure."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

# More than a sender has keys.
MOST_SIGNATURES = 8


@dataclass(frozen=True, slots=True)
class Signature:
    """How a vendor proves itself: `header` holds `prefix`, then the hexadecimal HMAC of the body.

    `digest` names the hash ("sha512"); empty: the header holds the secret itself. A header may hold several signatures,
    comma-separated: senders that rotate their keys sign with each of them. `repeats`: the sender says the same, byte for
    byte, as long as it goes on, so that the same body is no mere second delivery.
    """

    header: str
    digest: str = ""
    prefix: str = ""
    repeats: bool = False


def is_genuine(signature: Signature, keys: Iterable[bytes], headers: Mapping[str, str], body: bytes) -> bool:
    """Whether the header of a request (names in lower case) proves that its sender knows one of `keys`."""
    told = headers.get(signature.header.lower(), "")
    offered = [one.strip() for one in told.split(",")[:MOST_SIGNATURES]] if signature.digest else [told]
    expected = [signature.prefix.encode() + _proof(signature, key, body) for key in keys]
    # every pair is compared, so that the time says nothing of which was right
    matches = [hmac.compare_digest(one.encode("utf-8", "replace"), proof) for one in offered for proof in expected]
    return any(matches)


def _proof(signature: Signature, key: bytes, body: bytes) -> bytes:
    return hmac.new(key, body, signature.digest).hexdigest().encode() if signature.digest else key
