"""Addresses in environment variables and configuration: which host and port a text names."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_HOST = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*"
_ADDRESS = re.compile(
    rf"(?:(?P<scheme>[a-z][a-z0-9+.:-]*)://(?:[^@/\s]*@)?)?(?P<host>{_HOST})(?::(?P<port>\d{{1,5}}))?(?P<rest>[/?].*)?",
    re.I,
)
_PORTS = {"http": 80, "https": 443, "postgres": 5432, "postgresql": 5432, "mysql": 3306, "redis": 6379, "amqp": 5672}


@dataclass(frozen=True, slots=True)
class Address:
    """A host with the port that is asked for, None when the text leaves it open."""

    host: str
    port: int | None

    @property
    def service(self) -> str:
        """The name of the Service that the host would be: its first label."""
        return self.host.split(".", 1)[0]

    def namespace(self, own: str) -> str | None:
        """Return the namespace that cluster DNS would look in, None for a host outside the cluster.

        A name of one label is looked up in the caller's own namespace; "name.namespace" and
        "name.namespace.svc[.cluster.local]" name it.
        """
        labels = self.host.lower().split(".")
        if len(labels) == 1:
            return own
        inside = len(labels) == 2 or (labels[2] == "svc" and (len(labels) == 3 or labels[3:] == ["cluster", "local"]))
        return labels[1] if inside else None


def addresses(text: str) -> Iterator[Address]:
    """Yield the addresses in a value: one, or a list separated by commas. Plain words count only with scheme or port."""
    for piece in text.split(","):
        found = _ADDRESS.fullmatch(piece.strip())
        if not found or found["host"].replace(".", "").isdigit():
            continue
        scheme = (found["scheme"] or "").removeprefix("jdbc:").lower()
        port = int(found["port"]) if found["port"] else _PORTS.get(scheme)
        if found["scheme"] or found["port"] or "." in found["host"]:
            yield Address(found["host"], port)
