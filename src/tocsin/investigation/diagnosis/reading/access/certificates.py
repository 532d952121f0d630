"""Certificates that a snapshot holds in clear: in ConfigMaps and as the trust of webhooks and APIs. Secrets are not read."""

import base64
import binascii
import re
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from cryptography import x509

from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, Citation
from tocsin.investigation.diagnosis.reference import escape
from tocsin.investigation.diagnosis.resources import Resource
from tocsin.investigation.diagnosis.world import World

_PEM = re.compile(r"-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----")
_CLIENT = "clientConfig/caBundle"


class Certificate(NamedTuple):
    """One certificate: where it is held, for whom, and until when it is valid (UTC)."""

    holder: Resource
    path: str
    name: str
    until: datetime

    def cite(self, weight: float = CONCLUSIVE) -> Citation:
        """Cite where it is held."""
        return self.holder.cite(self.path, weight)


def certificates(world: World) -> Iterator[Certificate]:
    """Yield the certificates that stand alone: of a bundle of many, some are always out of date."""
    for holder in world.inventory.of("ConfigMap"):
        for key, text in holder.texts("data").items():
            if "BEGIN CERTIFICATE" in text:
                yield from _read(holder, f"data/{escape(key)}", text)
    for kind in ("ValidatingWebhookConfiguration", "MutatingWebhookConfiguration"):
        for holder in world.inventory.of(kind):
            for index, hook in enumerate(holder.parts("webhooks")):
                yield from _read(holder, f"webhooks/{index}/{_CLIENT}", _decoded(hook.text(_CLIENT)))
    for holder in world.inventory.of("APIService"):
        yield from _read(holder, "spec/caBundle", _decoded(holder.text("spec/caBundle")))


def _read(holder: Resource, path: str, text: str) -> Iterator[Certificate]:
    found = _PEM.findall(text)
    if len(found) != 1:
        return
    try:
        held = x509.load_pem_x509_certificate(found[0].encode())
    except ValueError:
        return
    yield Certificate(holder, path, held.subject.rfc4514_string(), held.not_valid_after_utc)


def _decoded(text: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode("ascii", "replace")
    except (binascii.Error, ValueError):
        return ""
