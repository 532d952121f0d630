"""Where an API server is and how to speak to it."""

from __future__ import annotations

import ssl
import urllib.request
from dataclasses import dataclass
from urllib.parse import urlsplit


class ClusterUnreachable(Exception):
    """No way to ask the cluster at all; the message is one line that says what to set right."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where the API server is and how to speak to it. `namespace` is the context's own, perhaps empty."""

    url: str
    cluster: str
    namespace: str
    authorization: str
    tls: ssl.SSLContext | None
    tls_server_name: str | None
    proxy: str | None

    def __repr__(self) -> str:
        return f"Endpoint({self.url!r})"  # the authorization must not appear in a traceback


def proxy_for(configured: str | None, host: str) -> str | None:
    """The proxy of the kubeconfig, else of the environment. Raises ValueError for a kind that can't be used."""
    parts = urlsplit(host)
    proxy = configured
    if not proxy and not urllib.request.proxy_bypass(parts.hostname or ""):
        proxy = urllib.request.getproxies().get(parts.scheme)
    if proxy and urlsplit(proxy).scheme not in {"http", "https"}:
        raise ValueError("the proxy is neither http:// nor https://; use one of these")
    return proxy
