"""Whether a body is from who it says: signatures and shared secrets in headers, compared in constant time. Pure."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Signature:
    """How a vendor proves itself: `header` holds `prefix`, then the hexadecimal HMAC of the body.

    `digest` names the hash ("sha512"); empty: the header holds the secret itself.
    """

    header: str
    digest: str = ""
    prefix: str = ""


def is_genuine(signature: Signature, key: bytes, headers: Mapping[str, str], body: bytes) -> bool:
    """Whether the header of a request (names in lower case) proves that its sender knows `key`."""
    told = headers.get(signature.header.lower(), "")
    proof = hmac.new(key, body, signature.digest).hexdigest() if signature.digest else key.decode("utf-8", "replace")
    return hmac.compare_digest(told.encode("utf-8", "replace"), f"{signature.prefix}{proof}".encode())
