"""How to reach a cluster and who we are there: a kubeconfig or the pod's service account, as kubectl would read them.

Reading both is left to `kubernetes_asyncio.config` (contexts, exec plugins, OIDC, token files, certificates). Its package
brings the whole generated client along (0.3 s, 38 MB), so it is imported when a cluster is really looked at. Credentials
are read anew for each look, which is how rotated tokens and certificates are taken up.
"""

from __future__ import annotations

import asyncio
import logging
import os
import ssl
import threading
import urllib.request
from collections.abc import Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from tocsin.ground.redaction import redact_text

_PLUGIN_SECONDS = 30
_one_at_a_time = threading.Lock()


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


class _PluginLoop(asyncio.SelectorEventLoop):
    """An event loop that knows the processes it started: a credential plugin that hangs must not stay behind."""

    def __init__(self) -> None:
        super().__init__()
        self._children: list[asyncio.SubprocessTransport] = []

    async def subprocess_exec(self, *args: Any, **kwargs: Any) -> Any:
        transport, protocol = await super().subprocess_exec(*args, **kwargs)
        self._children.append(transport)
        return transport, protocol

    async def finish(self, loading: Coroutine[Any, Any, Any]) -> Any:
        """What `loading` returns; its processes have ended by then, if need be killed."""
        try:
            return await asyncio.wait_for(loading, _PLUGIN_SECONDS)
        finally:
            for child in self._children:
                child.close()  # kills it if it still runs
                while child.get_returncode() is None:
                    await asyncio.sleep(0.01)


async def load_endpoint(kubeconfig: str | None, context: str | None, *, in_cluster: bool = False) -> Endpoint:
    """The endpoint of `context` (default: the current one) in `kubeconfig` (default: as for kubectl).

    Without any kubeconfig, or with `in_cluster`, a pod's service account serves. Raises ClusterUnreachable.
    """
    return await asyncio.to_thread(_load, kubeconfig, context, in_cluster)


def _load(kubeconfig: str | None, context: str | None, in_cluster: bool) -> Endpoint:
    # in a thread of its own: the import takes time, and the library keeps its temporary files in one global
    with _one_at_a_time:
        from kubernetes_asyncio.client import Configuration
        from kubernetes_asyncio.config import ConfigException, kube_config, load_incluster_config

        # it logs what a plugin said before raising it, and that may hold a token
        logging.getLogger("kubernetes_asyncio").setLevel(logging.CRITICAL + 1)
        settings = Configuration()
        paths = kubeconfig or os.environ.get("KUBECONFIG") or str(Path.home() / ".kube" / "config")
        is_there = any(Path(path).expanduser().exists() for path in paths.split(os.pathsep) if path)
        try:
            if in_cluster or (not kubeconfig and not is_there and "KUBERNETES_SERVICE_HOST" in os.environ):
                load_incluster_config(client_configuration=settings)  # type: ignore[no-untyped-call]
                return _endpoint(settings, "in-cluster", _own_namespace())
            if not is_there:
                raise ClusterUnreachable(f"no kubeconfig at {paths}; name one with --kubeconfig or KUBECONFIG")
            loading = kube_config.load_kube_config(paths, context, settings, persist_config=False)
            loop = _PluginLoop()
            with asyncio.Runner(loop_factory=lambda: loop) as runner:
                loader = runner.run(loop.finish(loading))
            chosen = (loader.current_context or {})["context"]
            return _endpoint(settings, chosen["cluster"], chosen.get("namespace") or "")
        except TimeoutError as error:
            raise ClusterUnreachable(f"{paths}: the credential plugin did not answer in {_PLUGIN_SECONDS} s") from error
        except (ConfigException, OSError, ValueError, yaml.YAMLError) as error:
            raise ClusterUnreachable(f"{paths}: {_one_line(error)}") from error
        except (AssertionError, AttributeError, KeyError, TypeError) as error:  # how the library meets a misshapen file
            raise ClusterUnreachable(f"{paths}: not a complete kubeconfig ({_one_line(error)})") from error
        finally:
            kube_config._cleanup_temp_files()  # keys that it had to write to disk; they are loaded by now


def _endpoint(settings: Any, cluster: str, namespace: str) -> Endpoint:
    """`settings` is the library's Configuration, filled."""
    return Endpoint(
        url=settings.host.rstrip("/"),
        cluster=cluster,
        namespace=namespace,
        authorization=(settings.api_key.get("BearerToken") or "").strip(),
        tls=_tls(settings) if settings.host.startswith("https") else None,
        tls_server_name=settings.tls_server_name,
        proxy=_proxy(settings.proxy, settings.host),
    )


def _tls(settings: Any) -> ssl.SSLContext:
    tls = ssl.create_default_context(cafile=settings.ssl_ca_cert)
    if settings.cert_file:
        tls.load_cert_chain(settings.cert_file, settings.key_file)
    if not settings.verify_ssl:
        tls.check_hostname = False
        tls.verify_mode = ssl.CERT_NONE
    return tls


def _proxy(configured: str | None, host: str) -> str | None:
    """The proxy of the kubeconfig, else of the environment. Raises ValueError for a kind that can't be used."""
    parts = urlsplit(host)
    proxy = configured
    if not proxy and not urllib.request.proxy_bypass(parts.hostname or ""):
        proxy = urllib.request.getproxies().get(parts.scheme)
    if proxy and urlsplit(proxy).scheme not in {"http", "https"}:
        raise ValueError("the proxy is neither http:// nor https://; use one of these")
    return proxy


def _own_namespace() -> str:
    file = Path("/var/run/secrets/kubernetes.io/serviceaccount/namespace")
    return file.read_text().strip() if file.exists() else ""


def _one_line(error: Exception) -> str:
    # without a key: nobody compares these placeholders
    return redact_text(" ".join(str(error).split())[:300], b"") or type(error).__name__
