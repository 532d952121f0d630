"""Keys for each purpose, derived from the one secret key; and sealing of what only an admin may read again."""

from __future__ import annotations

import base64
import hashlib
import hmac
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken


class Unreadable(Exception):
    """Sealed with another key, or damaged."""


@lru_cache(maxsize=16)
def derived_key(secret: str, purpose: str) -> bytes:
    """32 bytes for one purpose; knowing one tells nothing of the others (HMAC-SHA256 as a key derivation, RFC 5869 §2.3)."""
    return hmac.new(secret.encode(), purpose.encode(), hashlib.sha256).digest()


def redaction_key(secret: str) -> bytes:
    """The key that makes equal secrets look equal after redaction, and only within this installation."""
    return derived_key(secret, "redaction")


def _fernet(secret: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(derived_key(secret, "sealed bodies")))


def seal(secret: str, content: bytes) -> bytes:
    """Encrypts and authenticates `content` (Fernet)."""
    return _fernet(secret).encrypt(content)


def unseal(secret: str, sealed: bytes) -> bytes:
    """What was sealed. Raises Unreadable."""
    try:
        return _fernet(secret).decrypt(sealed)
    except InvalidToken as error:
        raise Unreadable("sealed with another secret key, or damaged") from error


def token_hash(token: str) -> str:
    """What is stored of a token that others present: SHA-256 in hex. Tokens are random and long, so no salt is needed."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
